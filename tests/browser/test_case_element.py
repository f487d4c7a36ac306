"""The worked case of the small course in a real browser: it unfolds, remembers, begins again, and reads without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_reader import on_paper, sideways_px, violations
from playwright.sync_api import BrowserContext, Page, expect
from quiz_page import choose, events, item
from small_course import add_pages, bring_npm, build, new_course

STATIC = Path(__file__).parents[2] / "src/backmice/static"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with its case, built once."""
    root = new_course(tmp_path_factory.mktemp("case") / "course")
    bring_npm(root)
    add_pages(root, "Worked cases", "book/cases/index", "book/cases/knot")
    assert build(root)[1] == ""
    return root / "_build/html"


@pytest.fixture
def url(site: Path, serve) -> str:
    return f"{serve(site)}/book/cases/knot.html"


@pytest.fixture
def case(page: Page, url: str) -> Page:
    return open_case(page, url)


def open_case(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator(".tally[role=status]")).to_be_attached()
    return page


def open_stages(page: Page) -> list[int]:
    return page.evaluate("[...document.querySelectorAll('details.case-stage[open]')].map((d) => +d.dataset.stage)")


def go_on(page: Page, words: str = "Go on") -> None:
    page.get_by_role("button", name=words, exact=True).click()


def answer(page: Page, number: int, option: str) -> None:
    choose(item(page, number), option)
    item(page, number).get_by_role("button", name="Check my answer").click()
    expect(item(page, number).locator(".result")).to_be_visible()


def test_it_begins_with_the_first_stage(case: Page):
    assert open_stages(case) == []
    expect(case.get_by_text("It has been there for years.")).to_be_visible()
    expect(case.get_by_text("It moves under the finger.")).to_be_hidden()
    expect(case.get_by_role("button", name="Start again")).to_have_count(0)
    expect(case.get_by_text("You were at stage")).to_have_count(0)


def test_an_answer_opens_the_way(case: Page):
    expect(case.get_by_role("button", name="Go on without answering")).to_be_visible()
    answer(case, 1, "painless")
    expect(item(case, 1).get_by_role("button", name="Next item")).to_have_count(0)
    go_on(case)
    assert open_stages(case) == [2]
    expect(case.locator("summary", has_text="What you feel")).to_be_focused()
    expect(case.locator("summary", has_text="What you feel")).to_contain_text("Stage 2 of 3")
    expect(case.get_by_text("It moves under the finger.")).to_be_visible()


def test_one_may_go_on_without_answering(case: Page):
    go_on(case, "Go on without answering")
    go_on(case, "Go on without answering")
    assert open_stages(case) == [2, 3]
    expect(case.get_by_role("button", name="Go on")).to_have_count(0)


def test_key_points_wait_for_the_last_stage(case: Page):
    points = case.get_by_role("heading", name="Key points")
    expect(points).to_be_hidden()
    go_on(case, "Go on without answering")
    expect(points).to_be_hidden()
    go_on(case, "Go on without answering")
    expect(points).to_be_visible()


def test_keyboard_alone(case: Page):
    item(case, 1).locator("input[value=painless]").focus()
    for key in ("Space", "Enter"):
        case.keyboard.press(key)
    expect(item(case, 1).locator(".result")).to_be_focused()
    button = case.get_by_role("button", name="Go on", exact=True)
    for _ in range(8):
        case.keyboard.press("Tab")
        if button.evaluate("(b) => b === document.activeElement"):
            break
    case.keyboard.press("Enter")
    expect(case.locator("summary", has_text="What you feel")).to_be_focused()
    case.keyboard.press("Enter")  # it is a disclosure: it closes by hand, too
    assert open_stages(case) == []


def test_answers_and_place_are_in_the_one_log(case: Page):
    answer(case, 1, "painful")
    go_on(case)
    wait_for_place(case)
    told = [(e["type"], e["quiz"], e.get("stage")) for e in events(case)]
    assert told == [
        ("attempt", "case-knot", None), ("seen", "", None), ("submission", "case-knot", None),
        ("stage", "case-knot", 2),
    ]  # fmt: skip


def wait_for_place(page: Page) -> None:
    """Wait until how far the reader came is on disk; no word on the page says so."""
    for _ in range(50):
        if events(page)[-1]["type"] == "stage":
            return
        page.wait_for_timeout(100)
    pytest.fail("How far the reader came was not kept within 5 s.")


def leave_at_stage_2(page: Page, url: str) -> None:
    answer(page, 1, "painless")
    go_on(page)
    expect(page.get_by_text("It moves under the finger.")).to_be_visible()
    wait_for_place(page)
    open_case(page, url)
    expect(page.get_by_text("You were at stage 2 of 3.")).to_be_visible()


def test_where_the_reader_was_is_remembered(case: Page, url: str):
    leave_at_stage_2(case, url)
    assert open_stages(case) == []
    expect(item(case, 1).locator(".result")).to_be_visible()
    case.get_by_role("button", name="Go on there").click()
    assert open_stages(case) == [2]
    expect(case.locator("summary", has_text="What you feel")).to_be_focused()
    expect(case.get_by_text("You were at stage")).to_have_count(0)


def test_starting_again_closes_all_and_stays_so(case: Page, url: str):
    leave_at_stage_2(case, url)
    case.get_by_role("button", name="Start again").first.click()
    expect(item(case, 1).locator(".result")).to_have_count(0)
    expect(case.get_by_role("heading", name="What he tells")).to_be_focused()
    expect(case.get_by_text("You were at stage")).to_have_count(0)
    expect(case.locator(".tally")).to_have_text("0 of 2 points, 0 of 2 answered")
    open_case(case, url)
    expect(item(case, 1).locator(".result")).to_have_count(0)
    assert [e["type"] for e in events(case)] == ["attempt", "seen", "submission", "stage", "start"]
    answer(case, 1, "painful")
    assert [e["type"] for e in events(case)][5:] == ["attempt", "submission"]


def test_begun_again_in_one_tab_is_begun_again_in_the_other(context: BrowserContext, url: str):
    one, two = (open_case(context.new_page(), url) for _ in range(2))
    answer(one, 1, "painless")
    expect(item(two, 1).locator(".result")).to_be_visible()
    go_on(one)
    one.get_by_role("button", name="Start again").click()
    expect(item(two, 1).locator(".result")).to_have_count(0)


def test_what_is_erased_is_forgotten(case: Page):
    answer(case, 1, "painless")
    go_on(case)
    # The page holds the log within its one script; as it is in the package, it is another's, as in another tab.
    case.route("**/as-it-is/*.js", lambda route: route.fulfill(path=STATIC / route.request.url.rpartition("/")[2]))
    case.evaluate("async () => (await import('/as-it-is/attempt-log.js')).sharedLog().erase()")
    expect(item(case, 1).locator(".result")).to_have_count(0)
    assert open_stages(case) == []


def test_storage_refused_still_unfolds(page: Page, url: str):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    open_case(page, url)
    answer(page, 1, "painless")
    go_on(page)
    assert open_stages(page) == [2]


def test_without_scripts_each_stage_opens_by_hand(new_context, url: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(url)
    expect(page.get_by_role("button")).to_have_count(1)  # the contents
    expect(page.get_by_text("It moves under the finger.")).to_be_hidden()
    page.locator("summary", has_text="What you feel").click()
    expect(page.get_by_text("It moves under the finger.")).to_be_visible()
    expect(page.get_by_role("heading", name="Key points")).to_be_visible()


def test_on_paper_all_stages_are_open(case: Page):
    on_paper(case)
    for words in ("It moves under the finger.", "It stayed where it was.", "Key points"):
        expect(case.get_by_text(words).last).to_be_visible()
    heights = "[...document.querySelectorAll('details.case-stage')].map((d) => d.clientHeight > 90)"
    assert case.evaluate(heights) == [True, True]
    expect(case.get_by_role("button", name="Go on without answering")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_audit_finds_nothing(new_context, url: str, width: int, scheme: str):
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    open_case(page, url)
    assert violations(page) == []
    go_on(page, "Go on without answering")
    assert violations(page) == []
    open_case(page, url)
    expect(page.get_by_text("You were at stage 2 of 3.")).to_be_visible()
    assert violations(page) == []
    assert sideways_px(page) == 0
