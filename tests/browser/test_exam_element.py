"""<backmice-exam> in a real browser: drawn, sat, left, taken up again, handed in, shown again years later."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from book_reader import SAVE_DATA, sideways_px, violations
from exam_course import begin, build, choose, exam_course, hand_in, shown, turn, write_item
from machine import ask_until
from playwright.sync_api import Page, expect

EVENTS = """() => new Promise((resolve) => {
  const open = indexedDB.open("backmice");
  open.onsuccess = () => {
    const all = open.result.transaction("events").objectStore("events").getAll();
    all.onsuccess = () => resolve(all.result);
  };
})"""

ERASE = """async (element) => {
  const script = document.querySelector(`script[src*=${element}]`).src;
  const { sharedLog } = await import(script.replace(element, "attempt-log"));
  await sharedLog().erase();
}"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, built once and only looked at."""
    root = tmp_path_factory.mktemp("exam") / "course"
    exam_course(root)
    return root


@pytest.fixture
def address(course: Path, serve) -> str:
    return serve(course / "_build/html")


def events(page: Page, kind: str) -> list[dict]:
    return [event for event in page.evaluate(EVENTS) if event["type"] == kind]


def ids(page: Page) -> list[str]:
    return page.locator(".exam-sheet form.item").evaluate_all("forms => forms.map((form) => form.dataset.item)")


def test_before_it_is_drawn_the_page_says_what_is_drawn(page, address):
    page.goto(f"{address}/book/exam.html")
    table = page.get_by_role("region", name="What is drawn")
    assert table.locator("tr").all_inner_texts() == ["Area\tRecall\tApplication\tAnalysis", "Lumps\t0\t4\t2"]
    assert page.locator(".needs-script").count() == 0
    expect(page.get_by_role("button", name="Draw and begin")).to_be_visible()
    assert violations(page) == []


def test_without_scripts_it_says_where_the_items_are(new_context, address):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/book/exam.html")
    expect(page.locator(".needs-script")).to_contain_text("the same items stand on the practice pages")


def test_the_draw_is_recorded_before_the_first_item_is_shown(page, address):
    begin(page, address)
    (attempt,) = events(page, "attempt")
    record = {name: attempt[name] for name in ("quiz", "mode", "blueprint", "seed")}
    assert record == {"quiz": "exam-short", "mode": "exam", "blueprint": "short", "seed": 7}
    assert [item["id"] for item in attempt["items"]] == ids(page)
    assert [sorted(item["options"]) for item in attempt["items"]] == [["other", "right", "wrong"]] * 6
    seen = {event["item"]: event for event in events(page, "seen")}
    assert seen.keys() == set(ids(page))
    assert {event["key"][0] for event in seen.values()} == {"right"}


def test_one_seed_draws_one_exam(new_context, address):
    pages = [new_context().new_page() for _ in range(2)]
    for page in pages:
        begin(page, address)
    first, second = ([(item["id"], item["options"]) for item in events(page, "attempt")[0]["items"]] for page in pages)
    assert first == second
    other = new_context().new_page()
    begin(other, address, seed="8")
    assert [(item["id"], item["options"]) for item in events(other, "attempt")[0]["items"]] != first


def test_buttons_that_turn_the_page_stood_below_those_of_the_exam(page, address):
    begin(page, address)
    expect(page.locator(".turn")).to_be_hidden()


def test_the_bar_grew_when_an_answer_was_kept(page, address):
    begin(page, address, minutes="5")
    bar = page.locator(".exam-bar")
    before = bar.bounding_box()["height"]
    choose(page, "The right one")
    expect(bar).to_contain_text("Your answer is kept.")
    assert bar.bounding_box()["height"] == before


def test_options_are_shuffled(page, address):
    orders = set()
    for seed in "1234":
        begin(page, address, seed=seed)
        orders |= {tuple(item["options"]) for item in events(page, "attempt")[-1]["items"]}
    assert len(orders) == 6  # every order of three options


@pytest.mark.parametrize("seed", ["", "seven", "-1", "1.5", "99999999999999999"])
def test_a_seed_that_is_none_is_refused(page, address, seed):
    page.goto(f"{address}/book/exam.html")
    start = page.locator(".exam-start")
    start.get_by_label("Seed").fill(seed)
    start.get_by_role("button", name="Draw and begin").click()
    told = start.get_by_label("Seed").evaluate("input => input.validationMessage")
    assert told == "Give a whole number from 0 to 9,007,199,254,740,991."
    assert page.locator(".exam-sheet").count() == 0


@pytest.mark.parametrize("minutes", ["0", "601", "soon"])
def test_a_limit_that_is_none_is_refused(page, address, minutes):
    page.goto(f"{address}/book/exam.html")
    start = page.locator(".exam-start")
    start.get_by_label("Set a time limit").check()
    start.get_by_label("Minutes").fill(minutes)
    start.get_by_role("button", name="Draw and begin").click()
    told = start.get_by_label("Minutes").evaluate("input => input.validationMessage")
    assert told == "Give a whole number from 1 to 600."
    assert page.locator(".exam-sheet").count() == 0


def test_no_mark_is_shown_before_it_is_handed_in(page, address):
    begin(page, address)
    choose(page, "The right one")
    assert page.locator(".why, .verdict, .result").count() == 0
    assert violations(page) == []


def test_it_goes_on_after_a_reload(page, address):
    begin(page, address, certainty=True)
    for words, sure in [("The right one", "Certain"), ("A wrong one", "Guessing")]:
        choose(page, words, sure)
        turn(page)
    turn(page, "Come back to this")
    before = ids(page)
    page.reload()
    expect(page.get_by_role("heading", name="An exam is open")).to_be_visible()
    expect(page.locator(".exam-stage")).to_contain_text("seed 7: 2 of 6 answered.")
    page.get_by_role("button", name="Go on").click()
    expect(shown(page)).to_have_accessible_name("Item 3 of 6")
    assert ids(page) == before
    page.get_by_text("All items").click()
    names = [b.get_attribute("aria-label") for b in page.locator(".exam-map button").all()]
    assert names == [
        "Item 1, answered", "Item 2, answered", "Item 3, open, to come back to", "Item 4, open", "Item 5, open",
        "Item 6, open",
    ]  # fmt: skip
    page.get_by_role("button", name="Item 1, answered").click()
    expect(shown(page).get_by_role("radio", name="The right one")).to_be_checked()
    expect(shown(page).get_by_role("radio", name="Certain")).to_be_checked()


def test_two_tabs_sit_one_exam(context, address):
    first, second = context.new_page(), context.new_page()
    begin(first, address)
    second.goto(f"{address}/book/exam.html")
    second.get_by_role("button", name="Go on").click()
    expect(shown(second)).to_be_visible()
    choose(first, "The right one")
    expect(shown(second).get_by_role("radio", name="The right one")).to_be_checked()
    expect(second.locator(".exam-bar .count")).to_have_text("1 of 6 answered")
    hand_in(first)
    expect(second.locator(".report")).to_contain_text("1 of 6 points")


def test_what_is_erased_in_another_tab_is_gone_here(context, address):
    page, other = context.new_page(), context.new_page()
    begin(page, address)
    other.goto(f"{address}/book/exam.html")
    other.evaluate(ERASE, "backmice-exam")
    expect(page.get_by_role("heading", name="Sit this exam")).to_be_visible()
    assert page.get_by_role("heading", name="An exam is open").count() == 0


@pytest.mark.parametrize(("name", "heading"), [("exam", "Sit this exam"), ("review", "Nothing to review yet")])
def test_what_is_erased_elsewhere_while_the_page_still_loads_harms_nothing(context, address, name, heading):
    """Regression: the word of it came before the index of the course did."""
    page, other = context.new_page(), context.new_page()
    held = []
    page.route("**/course-index.json", lambda route: held.append(route))
    with page.expect_request("**/course-index.json"):
        page.goto(f"{address}/book/{name}.html")
    other.goto(f"{address}/book/{name}.html")
    other.evaluate(ERASE, f"backmice-{name}")
    page.wait_for_timeout(200)  # the word has come
    held[0].continue_()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_a_changed_answer_is_added_and_the_last_one_counts(page, address):
    begin(page, address)
    choose(page, "A wrong one")
    choose(page, "The right one")
    ask_until(page, "() => document.querySelector('.kept').textContent === 'Your answer is kept.'")
    hand_in(page)
    assert [event["response"] for event in events(page, "submission")][-1] == ["right"]
    expect(page.locator(".figure-number")).to_have_text("1")


def test_handing_in_asks_first(page, address):
    begin(page, address)
    choose(page, "The right one")
    turn(page, "Come back to this")
    turn(page, "Hand in")
    dialog = page.get_by_role("dialog", name="Hand in?")
    expect(dialog).to_contain_text("5 left open, 1 to come back to. After this the answers can’t be changed.")
    page.keyboard.press("Escape")
    expect(shown(page)).to_be_visible()
    assert events(page, "end") == []


def test_the_report_says_what_to_read_next(page, address):
    begin(page, address, certainty=True)
    for words, sure in [("The right one", "Certain"), ("A wrong one", "Certain"), ("The right one", "Guessing")]:
        choose(page, words, sure)
        turn(page)
    hand_in(page)
    report = page.locator(".report")
    expect(report).to_contain_text("2 of 6 points")
    expect(report).to_contain_text("With 6 items the true share could well lie between 10 % and 70 %")
    expect(report).to_contain_text("3 left open.")
    expect(report).to_contain_text("Marked by how sure you were: -2 of 18.")
    areas = report.get_by_role("region", name="Points by area").locator("tbody tr")
    assert areas.all_text_contents() == ["Lumps2 of 6"]
    rows = report.get_by_role("region", name="Points by objective").locator("tbody").get_by_role("row")
    heads = rows.get_by_role("rowheader").all_inner_texts()
    assert set(heads) == {"Say how many hurt", "Say how wide a lump is"}
    link = rows.first.get_by_role("link", name="A lump")
    assert re.search(r"/book/lesson\.html#(say-how-wide|tell-how-often-a-lump-hurts)$", link.get_attribute("href"))
    assert violations(page) == []
    assert sideways_px(page) == 0


def test_after_handing_in_each_item_is_explained(page, address):
    begin(page, address)
    choose(page, "A wrong one")
    hand_in(page)
    expect(shown(page).locator(".result")).to_have_text("Not this one.")
    assert shown(page).locator("li .why").count() == 3
    turn(page)
    expect(shown(page).locator(".result")).to_have_text("Not answered.")
    expect(shown(page).locator("li.is-missed")).to_contain_text("The right one")
    labels = [b.get_attribute("aria-label") for b in page.locator(".exam-map button").all()]
    assert labels == ["Item 1, not right", *[f"Item {n}, left open" for n in range(2, 7)]]
    assert shown(page).get_by_role("radio").first.is_disabled()


def test_keyboard_alone_sits_an_exam(page, address):
    page.goto(f"{address}/book/exam.html")
    page.get_by_label("Seed").focus()
    page.keyboard.press("Enter")
    focused = lambda: page.evaluate("document.activeElement.textContent")
    for at, last in enumerate(["Next item"] * 5 + ["Hand in"], 1):
        expect(shown(page)).to_have_accessible_name(f"Item {at} of 6")
        expect(shown(page).locator("fieldset").first).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        while focused() != last:
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Hand in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your report")).to_be_focused()
    assert len({event["item"] for event in events(page, "submission")}) == 6


def test_handing_in_pressed_twice_asks_once(page, address):
    begin(page, address)
    page.get_by_role("button", name="Hand in").evaluate("button => { button.click(); button.click(); }")
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your report")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_touch_sits_an_exam(new_context, address):
    page = new_context(has_touch=True, is_mobile=True).new_page()
    begin(page, address)
    shown(page).get_by_text("The right one of").tap()
    expect(page.locator(".kept")).to_have_text("Your answer is kept.")
    page.get_by_role("button", name="Next item").tap()
    expect(shown(page)).to_have_accessible_name("Item 2 of 6")
    assert sideways_px(page) == 0


def test_time_is_asked_for_warned_of_and_added(page, address):
    page.clock.install()
    begin(page, address, minutes="6")
    expect(page.locator(".exam-bar .time")).to_have_text("6 minutes left")
    assert page.get_by_role("alert").inner_text() == ""
    page.clock.fast_forward(90_000)
    expect(page.get_by_role("alert")).to_contain_text("5 minutes left.")
    page.get_by_role("button", name="Add 10 minutes").click()
    expect(page.locator(".exam-bar .time")).to_have_text("15 minutes left")
    assert [event["minutes"] for event in events(page, "extension")] == [10]


def test_when_time_is_up_nothing_is_lost_and_more_can_be_had(page, address):
    page.clock.install()
    begin(page, address, minutes="1")
    choose_with_clock(page, "The right one")
    page.clock.fast_forward(61_000)
    expect(page.get_by_role("alert")).to_contain_text("Time is up. Your answers are kept; hand in, or take more time.")
    expect(shown(page).get_by_role("radio").first).to_be_disabled()
    assert violations(page) == []
    page.get_by_role("alert").get_by_role("button", name="Add 10 minutes").click()
    expect(shown(page).get_by_role("radio").first).to_be_enabled()
    expect(shown(page).get_by_role("radio", name="The right one")).to_be_checked()
    page.clock.fast_forward(601_000)
    page.get_by_role("alert").get_by_role("button", name="Hand in").click()
    expect(page.locator(".report")).to_contain_text("The time ran out. 5 left open.")
    assert [event["why"] for event in events(page, "end")] == ["time"]


def choose_with_clock(page: Page, words: str) -> None:
    shown(page).get_by_role("radio", name=words).check()
    page.clock.fast_forward(1000)
    expect(page.locator(".kept")).to_have_text("Your answer is kept.")


def test_an_old_sitting_is_shown_again(page, address):
    begin(page, address)
    choose(page, "The right one")
    hand_in(page)
    page.reload()
    expect(page.get_by_role("heading", name="Exams you sat")).to_be_visible()
    expect(page.locator(".earlier li span")).to_contain_text("seed 7: 1 of 6 points")
    page.get_by_role("button", name="Show the exam of").click()
    expect(page.locator(".report")).to_contain_text("1 of 6 points")
    expect(shown(page).get_by_role("radio", name="The right one")).to_be_checked()


def test_a_sitting_keeps_its_marks_when_the_bank_moves_on(page, tmp_path, serve):
    root = tmp_path / "course"
    home = serve(exam_course(root))
    begin(page, home)
    choose(page, "The right one")
    first, second = ids(page)[:2]
    hand_in(page)
    path = root / f"exercises/items/lumps/{first}.yml"
    changed = path.read_text().replace("revision: 1", "revision: 2").replace("key: [right]", "key: [wrong]")
    path.write_text(changed)
    (root / f"exercises/items/lumps/{second}.yml").unlink()
    write_item(root, "lumps-120", level="analysis", objective="say-how-wide")
    build(root)
    page.reload()
    page.get_by_role("button", name="Show the exam of").click()
    expect(page.locator(".report")).to_contain_text("1 of 6 points")
    old = page.locator(".as-they-were > ol > li")
    assert [row.locator("p").last.inner_text() for row in old.all()] == [
        f"Your answer: The right one of {first}. Credited: The right one of {first}. 1 of 1 point.",
        f"Your answer: none. Credited: The right one of {second}. 0 of 1 point.",
    ]
    assert len(ids(page)) == 4


def test_an_open_exam_leaves_out_what_was_reworded_meanwhile(page, tmp_path, serve):
    """Its key may be another one now: it was once taken up again and marked by the old one."""
    root = tmp_path / "course"
    home = serve(exam_course(root))
    begin(page, home)
    choose(page, "The right one")
    first = ids(page)[0]
    path = root / f"exercises/items/lumps/{first}.yml"
    path.write_text(path.read_text().replace("revision: 1", "revision: 2").replace("key: [right]", "key: [wrong]"))
    build(root)
    page.reload()
    page.get_by_role("button", name="Go on").click()
    expect(shown(page)).to_be_visible()
    assert first not in ids(page)
    hand_in(page)
    expect(page.locator(".report")).to_contain_text("1 of 6 points")
    expect(page.locator(".as-they-were")).to_contain_text(f"Your answer: The right one of {first}.")


def test_storage_that_fails_is_told_and_the_exam_goes_on(page, address):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error('no') } })")
    begin(page, address)
    expect(page.locator(".notice")).to_contain_text("This browser’s storage can’t be used.")
    shown(page).get_by_role("radio", name="The right one").check()
    expect(page.locator(".kept")).to_have_text("Your answer is kept until you close the page.")
    hand_in(page)
    expect(page.locator(".report")).to_contain_text("1 of 6 points")


def test_a_bank_that_cannot_be_fetched_is_told(page, address, watch):
    page.route("**/course-index.json", lambda route: route.fulfill(status=500))
    page.goto(f"{address}/book/exam.html")
    expect(page.locator(".notice")).to_contain_text("The exam can’t be drawn.")
    expect(page.locator(".notice")).to_contain_text("course-index.json answers 500")
    watch.errors.clear()


def test_a_lost_connection_was_told_in_the_words_of_the_browser(page, address, watch):
    page.add_init_script(SAVE_DATA)  # so that no next page is fetched ahead, in vain
    page.goto(f"{address}/book/exam.html")
    begin_button = page.get_by_role("button", name="Draw and begin")
    expect(begin_button).to_be_visible()
    page.context.set_offline(True)
    begin_button.click()
    expect(page.locator(".notice")).to_contain_text("the connection may be gone. What you answered is kept")
    watch.errors.clear()


def test_the_index_says_where_everything_is(course):
    index = json.loads((course / "_build/html/practice/course-index.json").read_text())
    assert index["items"]["lumps-109"] == {
        "revision": 1, "kind": "single", "topic": "lumps", "objective": "say-how-wide", "level": "analysis",
        "page": "practice/lumps.html", "anchor": "item-lumps-109",
    }  # fmt: skip
    assert index["objectives"]["say-how-wide"] == {
        "words": "Say how wide a lump is", "page": "book/lesson.html", "anchor": "say-how-wide", "lesson": "A lump",
    }  # fmt: skip
    assert index["lessons"] == [{"name": "book/lesson", "title": "A lump", "page": "book/lesson.html"}]
    assert index["topics"] == {"lumps": "A lump"}
    assert index["areas"] == [{"id": "lumps", "title": "Lumps", "topics": ["lumps"]}]
    assert index["blueprints"] == {
        "short": {
            "title": "A short exam", "minutes": 5,
            "counts": [
                {"area": "lumps", "level": "application", "count": 4},
                {"area": "lumps", "level": "analysis", "count": 2},
            ],
        }
    }  # fmt: skip
