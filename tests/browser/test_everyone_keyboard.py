"""The course by the Tab key alone: each stop is seen and marked, in the order of reading, and every part lets go."""

from __future__ import annotations

import re

from book_reader import LESSON, SAVE_DATA, SEARCH, draw_figure
from playwright.sync_api import Page, expect
from tab_walk import walk

#: One page of every kind but a lesson.
KINDS = {
    "welcome": "/book/index.html",
    "text": "/book/together/privacy.html",
    "practice": "/practice/palpation.html",
    "exam": "/book/practice/exam.html",
    "review": "/book/practice/review.html",
    "reasoner": "/book/differential/reasoner.html",
    "videos": "/book/videos.html",
    "map of the evidence": "/book/evidence/map.html",
    "table": "/book/meet/names-table.html",
    "progress": "/book/progress.html",
    "packages": "/book/instructors/packages.html",
    "lab": "/exercises/labs/measure-the-triangle.html",
    "labs": "/book/labs.html",
    "case": "/book/cases/one-finger.html",
    "glossary": "/book/glossary.html",
}
MOST_CLAIMS = "/book/anatomy/cluneal-nerves.html"
#: Stops that any page of the kind has; the rest is its own text.
AT_LEAST = {"practice": 50, "table": 80, "videos": 30, "case": 15, "packages": 40, "reasoner": 30}


OF_FIGURE = [
    *("Measure", "Cut", "Studies", "Body", "Find it", "From", "To", "Start again"),
    *("Behind", "Oblique", "Side", "Crest", "Turn left", "Turn right", "Tilt up", "Tilt down"),
    *("Peel from skin to bone", "Isolate Coccyx", "Fade Coccyx", "Structures", "Find by name"),
]
OF_PLAYER = [
    *("Play, 1 min 54 s", "Speed", "Captions", "Behind captions", "Descriptions", "Keys"),
    *("Open the film by itself", "Questions asked on the way (3)", "Chapters"),
]


#: The focus began amid the page, and has come to its head again.
AROUND = "document.activeElement.matches('.skip')"


def test_each_kind_of_page(new_context, book: str):
    page = new_context(reduced_motion="reduce").new_page()
    page.add_init_script(SAVE_DATA)
    found = {}
    for kind, path in KINDS.items():
        page.goto(book + path, wait_until="networkidle")
        stops, faults = walk(page)
        assert stops[0] == "a.skip 'Skip to the text'"
        assert len(stops) >= AT_LEAST.get(kind, 9), (kind, stops)
        found[kind] = faults
    assert {kind: faults for kind, faults in found.items() if faults} == {}


def test_a_lesson_has_one_stop_for_each_claim_and_each_word_of_the_glossary(page: Page, book: str):
    """Regression: each card opened on focus, and its links were stops as well, three to a claim."""
    page.add_init_script(SAVE_DATA)
    page.goto(book + MOST_CLAIMS, wait_until="networkidle")
    stops, faults = walk(page)
    assert faults == []
    kinds = ("button.how", "a.term")
    passed = {kind: len([stop for stop in stops if stop.startswith(f"{kind} ")]) for kind in kinds}
    assert passed == {kind: page.locator(f"{kind}:visible").count() for kind in kinds}
    assert passed["button.how"] > 70


def there_and_back(page: Page, part: str) -> list[str]:
    """Walk through a part by Tab and back by Shift+Tab; return its stops."""
    inside = f"document.activeElement.closest('{part}') !== null"
    page.evaluate(
        "(part) => { const e = document.querySelector(part); e.tabIndex = -1; e.focus(); e.removeAttribute('tabindex'); }",
        part,
    )
    forth, faults = walk(page, until=f"!({inside})")
    assert (faults, len(forth) > 5) == ([], True), faults
    back, faults = walk(page, "Shift+Tab", until=f"!({inside})")
    assert faults == []
    assert [generally(stop) for stop in back] == [generally(stop) for stop in forth[::-1]]
    return forth


def generally(stop: str) -> str:
    """Return a stop without the name of the structure that was read last."""
    return re.sub(r"'(Fade|Isolate) .*", r"'\1'", stop)


def test_figure_and_its_tools_let_go_both_ways(page: Page, book: str):
    page.goto(book + LESSON)
    figure = draw_figure(page)
    figure.get_by_role("button", name="Measure").click()
    figure.locator("summary", has_text="Structures").click()
    figure.get_by_label("Sacrum", exact=True).press("Tab")  # what was read last can be faded or shown alone
    stops = there_and_back(page, "backmice-anatomy")
    controls = [stop.split("'")[1] for stop in stops]
    assert controls[: len(OF_FIGURE)] == OF_FIGURE
    rows = figure.locator(".structures input[type=checkbox]").count()
    assert len([stop for stop in stops if stop.startswith("input '")]) == rows > 20


def test_player_and_its_lines_let_go_both_ways(page: Page, book: str):
    page.add_init_script(SAVE_DATA)
    page.goto(book + "/book/differential/lump.html", wait_until="networkidle")
    for words in ("Transcript", "What is seen, in words"):
        page.locator("course-video summary", has_text=words).first.click()
    stops = there_and_back(page, "course-video")
    assert [stop.split("'")[1] for stop in stops[: len(OF_PLAYER)]] == OF_PLAYER
    assert len(stops) > len(OF_PLAYER) + 20


def test_exam_being_sat(page: Page, book: str):
    page.goto(book + KINDS["exam"])
    page.get_by_role("button", name="Draw and begin").click()
    expect(page.locator(".exam-sheet")).to_be_visible()
    stops, faults = walk(page, until=AROUND)
    assert faults == []
    # What is drawn differs; what surrounds it does not.
    own = ["button.button 'Come back to this'", "button.button 'Hand in'", "summary 'All items'"]
    assert [stop for stop in stops if stop in own] == own


def test_search_with_results(page: Page, book: str):
    page.goto(book + SEARCH)
    page.locator("#q").fill("nerve")
    expect(page.locator(".results > li").first).to_be_visible()
    stops, faults = walk(page, until=AROUND)
    results = page.locator(".results a").count()
    assert (faults, len(stops) > results > 5) == ([], True), (stops, results)
