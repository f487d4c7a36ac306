"""The progress page in a real browser: what it tells, export, import, erase, two tabs, storage that fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from book_reader import sideways_px, violations
from playwright.sync_api import Download, Locator, Page, expect
from progress_reader import INDEX, OBJECTIVES, a_term_of_work, given, keep, kept, open_progress, seen, write_site

FULL = """IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };"""
REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
TERM = a_term_of_work()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_site(tmp_path)
    return tmp_path


@pytest.fixture
def site(folder: Path, serve) -> str:
    return serve(folder)


@pytest.fixture
def full(page: Page, site: str) -> Page:
    """The page of a learner who has done a good deal."""
    keep(page, site, TERM)
    return open_progress(page, site)


def section(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def status(page: Page) -> Locator:
    return page.locator(".outcome[role=status]")


def take(page: Page, content: bytes | str, name: str = "progress.json") -> None:
    """Choose a file to import."""
    data = content.encode() if isinstance(content, str) else content
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/json", "buffer": data})


def export(page: Page) -> Download:
    with page.expect_download() as download:
        button(page, "Export").click()
    return download.value


def file(events: list[dict[str, Any]], **changed: Any) -> str:
    return json.dumps({"format": "backmice-progress", "version": 1, "exported": "", "events": events} | changed)


def shown(page: Page) -> str:
    """Return all the page says, apart from what was done last."""
    return page.evaluate("[...document.querySelectorAll('[class^=part-]')].map((part) => part.innerText).join('\\n')")


def test_without_answers_it_invites_to_begin(page: Page, site: str):
    open_progress(page, site)
    expect(page.get_by_role("heading", name="No answers yet")).to_be_visible()
    expect(page.get_by_role("link", name="Begin: A lump under the finger")).to_have_attribute(
        "href", f"{site}/book/lump.html"
    )
    expect(button(page, "Import")).to_be_visible()
    expect(button(page, "Export")).to_be_hidden()
    expect(button(page, "Erase everything")).to_be_hidden()
    assert violations(page) == []


def test_mastery_stands_under_lessons_with_points_and_interval(full: Page):
    known = section(full, "What you know")
    for disclosure in known.get_by_text("2 objectives").all():
        disclosure.click()
    expect(known.get_by_role("heading", level=3)).to_have_text(["A lump under the finger", "The cluneal nerves"])
    expect(known.get_by_role("listitem")).to_have_text(
        [
            "The whole lesson10 of 12 points, likely 55 to 95\u00a0%",
            "say what the size of a lump changes5 of 6 points, likely 44 to 97\u00a0%",
            f"{OBJECTIVES['feel-a-lump'][0]}5 of 6 points, likely 44 to 97\u00a0%",
            "The whole lesson1 of 1 point, too few to say",
            "name the cluneal nerves and where they arise1 of 1 point, too few to say",
            "name the findings that stop youno answers yet",
        ]
    )
    link = known.get_by_role("link", name="say what the size of a lump changes")
    assert link.get_attribute("href").endswith("/book/lump.html#size-a-lump")


def test_progress_was_thirty_screens_long_so_objectives_wait_behind_their_lessons(full: Page):
    known = section(full, "What you know")
    expect(known.get_by_role("listitem")).to_have_count(2)
    expect(known.locator("summary")).to_have_text(["2 objectives", "2 objectives"])


def test_a_disclosure_closed_under_the_reader_when_another_tab_answered(context, site: str):
    one, two = context.new_page(), context.new_page()
    keep(one, site, TERM)
    open_progress(two, site)
    summary = section(two, "What you know").get_by_text("2 objectives").last
    summary.press("Enter")
    open_progress(one, site)
    take(one, file([seen("name-the-nerves-2"), given(900, "name-the-nerves-2", "a")]))
    expect(section(two, "What you know").get_by_text("2 of 2 points")).to_have_count(2)
    expect(summary).to_be_focused()
    expect(two.locator("details[open]")).to_have_count(1)


def test_bars_stand_on_one_scale(full: Page):
    for disclosure in full.get_by_text("2 objectives").all():
        disclosure.click()
    bars = full.locator(".share")
    assert len({(box["x"], box["width"]) for box in map(Locator.bounding_box, bars.all())}) == 1
    low, high, at = (
        bars.nth(1).evaluate(f"(e) => Number(e.style.getPropertyValue('--{end}'))") for end in ("low", "high", "at")
    )
    assert (round(low, 2), round(high, 2), round(at, 2)) == (0.44, 0.97, 0.83)
    expect(bars.nth(5)).not_to_have_class("share is-known")


def test_calibration_is_a_curve_and_the_table_of_it(full: Page):
    sure = section(full, "When you were sure, were you right?")
    expect(sure.get_by_role("img", name="The table as a curve.")).to_be_visible()
    rows = sure.get_by_role("row")
    expect(rows).to_have_text(
        [
            "How sureRightTrue share",
            "Guessing6\u00a0of\u00a0967\u00a0%, likely 35 to 88\u00a0%",
            "Fairly sure6\u00a0of\u00a0875\u00a0%, likely 41 to 93\u00a0%",
            "Certain7\u00a0of\u00a0888\u00a0%, likely 53 to 98\u00a0%",
        ]
    )
    expect(sure.locator("circle")).to_have_count(3)


def test_without_certainty_there_is_no_calibration(page: Page, site: str):
    keep(page, site, [seen("size-a-lump-1"), given(1, "size-a-lump-1", "a")])
    open_progress(page, site)
    expect(section(page, "What you know")).to_be_visible()
    expect(section(page, "When you were sure, were you right?")).to_have_count(0)
    expect(section(page, "Exams")).to_have_count(0)


def test_few_answers_with_certainty_are_a_table_alone(page: Page, site: str):
    keep(page, site, [seen("size-a-lump-1"), given(1, "size-a-lump-1", "a", certainty="high")])
    sure = section(open_progress(page, site), "When you were sure, were you right?")
    expect(sure.get_by_role("row", name="Certain")).to_have_text("Certain1\u00a0of\u00a01too few to say")
    expect(sure.get_by_role("img")).to_have_count(0)


def test_exams_stand_with_their_points(full: Page):
    expect(section(full, "Exams").get_by_role("row")).to_have_text(
        [
            "ExamDayPoints",
            "A short exam6 November 2026not handed in",
            "A short exam5 November 202610 of 12 (likely 55 to 95\u00a0%), time ran out",
        ]
    )


def test_lessons_read_and_not_read(full: Page):
    lessons = section(full, "Lessons")
    expect(lessons.get_by_text("1 of 3 lessons read to the end.")).to_be_visible()
    expect(lessons.get_by_role("listitem")).to_have_text(
        [
            "A lump under the fingerread on 3 November 2026",
            "The cluneal nervesnot read yet",
            "Counting milligramsnot read yet",
        ]
    )


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-03T11:00:00Z", "Nothing is due now. The next comes back later today."),
        ("2026-11-03T13:00:00Z", "7 items are due now. The next comes back on"),
        ("2027-12-31T13:00:00Z", "13 items are due now."),
    ],
)
def test_what_is_due_leads_to_the_review(page: Page, site: str, now: str, told: str):
    keep(page, site, [event for event in TERM if event.get("attempt") != "e"] if "2026" in now else TERM)
    page.clock.set_fixed_time(now)
    due = section(open_progress(page, site), "Due for review")
    expect(due.get_by_text(told)).to_be_visible()
    expect(due.get_by_role("link", name="Review now")).to_have_count(0 if "Nothing" in told else 1)


def test_without_index_the_log_alone_is_told(page: Page, site: str, folder: Path, watch):
    keep(page, site, TERM)
    (folder / "practice/course-index.json").unlink()
    open_progress(page, site)
    known = section(page, "What you know")
    expect(known.get_by_role("heading", level=3)).to_have_text(["By objective"])
    expect(known.get_by_role("listitem").first).to_have_text("size a lump5 of 6 points, likely 44 to 97\u00a0%")
    assert all("404" in error for error in watch.errors)
    watch.errors.clear()


def test_words_from_a_file_are_never_markup(page: Page, site: str):
    hostile = "<img src=x onerror=alert(1)>"
    events = [
        seen("size-a-lump-1") | {"objective": hostile, "item": "gone", "id": "seen:gone@1"},
        given(1, "size-a-lump-1", "a"),
    ]
    exam = {"id": "e", "at": events[0]["at"], "type": "attempt", "quiz": hostile, "mode": "exam", "items": []}
    open_progress(page, site)
    take(page, file([*events, events[1] | {"item": "gone", "id": "g"}, exam]))
    expect(status(page)).to_contain_text("Imported 4 new entries")
    expect(page.get_by_text(hostile)).to_have_count(2)
    expect(page.locator("img")).to_have_count(0)


def test_export_is_taken_in_elsewhere_and_shows_the_same(full: Page, new_context, site: str):
    download = export(full)
    assert download.suggested_filename.startswith("backmice-progress-20")
    name = download.suggested_filename
    expect(status(full)).to_have_text(f"Exported {len(TERM)} entries as {name}.")
    content = Path(download.path()).read_text()
    assert sorted(json.loads(content)["events"], key=str) == sorted(TERM, key=str)
    other = new_context().new_page()
    open_progress(other, site)
    take(other, content)
    expect(status(other)).to_have_text(f"Imported {len(TERM)} new entries; none of the file’s were here already.")
    assert shown(other) == shown(full)
    assert kept(other) == kept(full)
    take(other, content)
    expect(status(other)).to_have_text(f"Imported 0 new entries; {len(TERM)} of the file’s were here already.")


def test_import_adds_what_is_new_and_overwrites_nothing(page: Page, site: str):
    keep(page, site, [seen("size-a-lump-1"), given(1, "size-a-lump-1", "a")])
    open_progress(page, site)
    take(page, file([given(1, "size-a-lump-1", "b"), given(2, "size-a-lump-2", "a"), seen("size-a-lump-2")]))
    expect(status(page)).to_have_text("Imported 2 new entries; 1 of the file’s were here already.")
    assert {e["id"]: e["response"] for e in kept(page) if e["type"] == "submission"} == {"s-1": ["a"], "s-2": ["a"]}
    expect(section(page, "What you know").get_by_role("listitem").first).to_contain_text("2 of 2 points")


BAD = {
    "": "This file is empty.",
    "hello": "This isn’t a progress file of this course.",
    '{"format": "another-app"}': "This isn’t a progress file of this course.",
    file(TERM)[:-30]: "This file is damaged: it may have been cut short.",
    file(
        TERM, version=2
    ): "This file comes from a newer version of the course: reload this page, then import it again.",
    file([*TERM, {"id": "x"}]): f"This file is damaged: entry {len(TERM) + 1} has no valid ‘at’.",
    file(TERM).replace(
        '"quiz": "check"', '"__proto__": {"quiz": "x"}', 1
    ): "This file is damaged: it names what no entry has.",
}


@pytest.mark.parametrize("content", BAD, ids=range(len(BAD)))
def test_a_file_that_does_not_fit_changes_nothing(page: Page, site: str, content: str):
    keep(page, site, [seen("size-a-lump-1"), given(1, "size-a-lump-1", "a")])
    open_progress(page, site)
    before = shown(page), kept(page)
    take(page, content)
    expect(status(page)).to_have_text(f"Nothing was imported. {BAD[content]}")
    assert (shown(page), kept(page)) == before
    assert violations(page) == []


def test_the_same_file_can_be_chosen_again(page: Page, site: str, tmp_path: Path):
    chosen = tmp_path / "chosen.json"
    chosen.write_text("broken")
    open_progress(page, site)
    page.locator("input[type=file]").set_input_files(chosen)
    expect(status(page)).to_contain_text("Nothing was imported.")
    chosen.write_text(file(TERM))
    page.locator("input[type=file]").set_input_files(chosen)
    expect(status(page)).to_contain_text("Imported")


def test_erase_says_what_is_lost_and_offers_a_copy_first(full: Page):
    button(full, "Erase everything").click()
    dialog = full.get_by_role("dialog", name="Erase everything?")
    expect(dialog).to_be_visible()
    expect(dialog.locator("#progress-lost")).to_have_text(
        "25 answers to 13 items, 2 exams and 1 lesson read will be lost in this browser. "
        "No copy is kept anywhere else, and it can’t be undone."
    )
    assert violations(full) == []
    expect(button(full, "Keep everything")).to_be_focused()
    with full.expect_download():
        button(full, "Export a copy first").click()
    expect(dialog.get_by_role("status")).to_contain_text(f"Exported {len(TERM)} entries as backmice-progress-")
    button(full, "Erase").click()
    expect(dialog).to_be_hidden()
    expect(full.get_by_role("heading", name="No answers yet")).to_be_focused()
    expect(status(full)).to_have_text("Everything is erased.")
    assert kept(full) == []


@pytest.mark.parametrize("way", ["Escape", "Keep everything"])
def test_erase_can_be_left(full: Page, way: str):
    button(full, "Erase everything").click()
    full.keyboard.press("Escape") if way == "Escape" else button(full, way).click()
    expect(full.get_by_role("dialog")).to_be_hidden()
    expect(button(full, "Erase everything")).to_be_focused()
    assert len(kept(full)) == len(TERM)


def test_keyboard_alone(full: Page):
    # Has the browser wait for an answer from now on, not from a key press on.
    full.on("filechooser", lambda chooser: None)
    button(full, "Export").focus()
    with full.expect_download():
        full.keyboard.press("Enter")
    full.keyboard.press("Tab")
    expect(button(full, "Import")).to_be_focused()
    with full.expect_file_chooser() as chooser:
        full.keyboard.press("Enter")
    chooser.value.set_files({"name": "p.json", "mimeType": "application/json", "buffer": file(TERM).encode()})
    expect(status(full)).to_contain_text("Imported 0 new entries")
    full.keyboard.press("Tab")
    expect(button(full, "Erase everything")).to_be_focused()
    full.keyboard.press("Enter")
    for name in ("Keep everything", "Export a copy first", "Erase"):
        expect(button(full, name)).to_be_focused()
        full.keyboard.press("Tab")
    button(full, "Erase").focus()
    full.keyboard.press("Space")
    expect(full.get_by_role("heading", name="No answers yet")).to_be_focused()


def test_touch_on_a_phone(new_context, site: str):
    page = new_context(has_touch=True, is_mobile=True).new_page()
    keep(page, site, TERM)
    open_progress(page, site)
    assert sideways_px(page) == 0
    for target in page.locator("backmice-progress :is(.button, a):visible").all():
        box = target.bounding_box()
        assert box["height"] >= 24 and box["width"] >= 24
    button(page, "Erase everything").tap()
    button(page, "Erase").tap()
    expect(page.get_by_role("heading", name="No answers yet")).to_be_visible()


def test_two_tabs_keep_in_step(context, site: str):
    one, two = context.new_page(), context.new_page()
    open_progress(two, site)
    keep(one, site, TERM)
    expect(section(two, "Exams").get_by_role("row")).to_have_count(3)
    open_progress(one, site)
    assert shown(one) == shown(two)
    for disclosure in two.get_by_text("2 objectives").all():
        disclosure.click()
    two.get_by_role("link", name="name the cluneal nerves").focus()
    more = [seen("name-the-nerves-2"), given(900, "name-the-nerves-2", "a")]
    take(one, file(more))
    expect(section(two, "What you know").get_by_text("2 of 2 points")).to_have_count(2)
    expect(two.get_by_role("link", name="name the cluneal nerves")).to_be_focused()
    button(one, "Erase everything").click()
    button(one, "Erase").click()
    expect(two.get_by_role("heading", name="No answers yet")).to_be_visible()


def test_another_tab_erases_while_this_one_asks(context, site: str):
    one, two = context.new_page(), context.new_page()
    keep(one, site, TERM)
    for page in (open_progress(one, site), open_progress(two, site)):
        button(page, "Erase everything").click()
    button(one, "Erase").click()
    expect(two.get_by_role("dialog")).to_be_hidden()
    expect(two.get_by_role("heading", name="No answers yet")).to_be_visible()


def test_kept_says_where_and_what_may_go_wrong(full: Page):
    expect(full.locator(".kept")).to_contain_text(
        "Kept in this browser. It may clear your answers when space runs short"
    )


def test_a_promise_of_the_browser_is_believed(page: Page, site: str):
    page.add_init_script("navigator.storage.persisted = async () => true;")
    keep(page, site, TERM)
    open_progress(page, site)
    expect(page.locator(".kept")).to_have_text("Kept in this browser.")


def test_storage_refused_is_said_at_once(page: Page, site: str):
    page.add_init_script(REFUSED)
    open_progress(page, site)
    expect(page.get_by_text("Can’t be kept: this browser’s storage can’t be used.")).to_be_visible()
    expect(page.get_by_role("heading", name="No answers kept")).to_be_visible()
    take(page, file(TERM))
    expect(status(page)).to_have_text("Nothing was imported. This browser’s storage can’t be used.")
    assert violations(page) == []


def test_storage_full_is_said_and_what_was_kept_is_safe(page: Page, site: str):
    keep(page, site, TERM)
    page.add_init_script(FULL)
    open_progress(page, site)
    expect(page.get_by_text("Can’t be kept: this browser’s storage is full.")).to_be_visible()
    before = shown(page)
    take(page, file([seen("stop-for-flags-1"), given(1000, "stop-for-flags-1", "a")]))
    expect(status(page)).to_have_text("Nothing was imported. This browser’s storage is full.")
    assert shown(page) == before
    assert json.loads(Path(export(page).path()).read_text())["events"]
    assert violations(page) == []


def test_erase_that_fails_says_so_and_changes_nothing(full: Page):
    full.evaluate("() => { IDBObjectStore.prototype.clear = () => { throw new DOMException('no', 'UnknownError'); }; }")
    button(full, "Erase everything").click()
    button(full, "Erase").click()
    expect(status(full)).to_have_text("Nothing was erased. This browser’s storage can’t be used.")
    assert len(kept(full)) == len(TERM)


def test_rubbish_in_the_log_is_left_out_of_the_file_and_counted(page: Page, site: str):
    keep(page, site, [*TERM, {"id": "x", "at": "soon", "type": "submission", "quiz": "", "response": 7}])
    open_progress(page, site)
    export(page)
    expect(status(page)).to_contain_text("1 damaged entry could not go with them.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_audit_finds_nothing(new_context, site: str, scheme: str, width: int):
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    keep(page, site, TERM)
    open_progress(page, site)
    assert violations(page) == []
    assert sideways_px(page) == 0


def test_without_scripts_it_leads_to_the_lessons(new_context, site: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/book/progress.html")
    expect(page.locator("noscript strong")).to_contain_text("Your answers can only be kept with scripts")
    expect(page.locator("noscript a")).to_have_text([lesson["title"] for lesson in INDEX["lessons"]])


def test_nothing_leaves_the_site(full: Page, site: str, watch):
    export(full)
    assert [r for r in watch.requests if not r.startswith((f"{site}/", f"blob:{site}/"))] == []


LESSON = "/book/lump.html"
READ = {"id": "read:book/lump", "type": "read", "quiz": "", "page": "book/lump"}


def read_events(page: Page) -> list[dict[str, Any]]:
    return [{k: v for k, v in event.items() if k != "at"} for event in kept(page)]


@pytest.fixture
def lesson(page: Page, site: str) -> Page:
    page.clock.install()
    page.goto(f"{site}{LESSON}")
    page.wait_for_load_state("networkidle")
    return page


def to_the_end(page: Page) -> None:
    page.locator(".is-key li").last.scroll_into_view_if_needed()


def wait_for_read(page: Page) -> None:
    """Wait until something is in the log; Playwright's own wait takes a promise for yes."""
    for _ in range(200):
        if read_events(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was noted within 10 s")


def test_a_lesson_read_to_its_end_is_noted_once(lesson: Page, site: str):
    lesson.clock.fast_forward(21_000)
    assert read_events(lesson) == []
    to_the_end(lesson)
    lesson.clock.run_for(500)
    wait_for_read(lesson)
    assert read_events(lesson) == [READ]
    lesson.goto(f"{site}{LESSON}")
    lesson.clock.fast_forward(21_000)
    to_the_end(lesson)
    lesson.clock.run_for(500)
    lesson.evaluate("async () => (await import('/attempt-log.js')).sharedLog().probe()")  # after what was under way
    assert read_events(lesson) == [READ]


def test_scrolling_through_at_once_is_not_reading(lesson: Page):
    to_the_end(lesson)
    lesson.clock.run_for(10_000)
    assert read_events(lesson) == []
    lesson.clock.run_for(15_000)
    wait_for_read(lesson)
    assert read_events(lesson) == [READ]
