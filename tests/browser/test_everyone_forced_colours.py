"""In the reader's own few colours, and with motion reduced: what is chosen, right, wrong, answered or in focus stays told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from exam_course import begin, choose, exam_course, turn
from playwright.sync_api import Locator, Page, expect
from quiz_page import check, item, items, open_quiz, write_page
from quiz_page import choose as choose_option

FORCED = {"forced_colors": "active", "color_scheme": "dark", "reduced_motion": "reduce"}
#: What forced colours leave: lines and their styles, but neither washes nor shadows.
LINES = """e => { const s = getComputedStyle(e); return [
  s.borderTopWidth, s.borderTopStyle, s.borderTopColor, s.outlineWidth, s.outlineStyle, s.outlineColor, s.outlineOffset,
].join(" "); }"""


def lines(element: Locator) -> str:
    return element.evaluate(LINES)


@pytest.fixture
def forced(new_context) -> Page:
    return new_context(**FORCED).new_page()


def test_options_are_told_apart(forced: Page, tmp_path: Path, serve):
    write_page(tmp_path, items())
    quiz = open_quiz(forced, f"{serve(tmp_path)}/index.html")
    form = item(quiz, 1)
    plain = lines(form.locator("li[data-option=image]"))
    choose_option(form, "reassure")
    chosen = lines(form.locator("li[data-option=reassure]"))
    check(form)
    told = {id_: form.locator(f"li[data-option={id_}]") for id_ in ("reassure", "image", "inject")}
    assert len({plain, chosen}) == 2
    assert lines(told["reassure"]) == chosen
    assert lines(told["inject"]) == plain
    # Lines alone would not tell right from wrong: words and icons do.
    assert [told[id_].locator(".verdict").all_text_contents() for id_ in told] == [
        ["Your answer, not right"],
        ["Right"],
        [],
    ]
    assert [told[id_].locator(".verdict svg:visible").count() for id_ in told] == [1, 1, 0]


def test_each_stop_is_marked_pressed_or_not(forced: Page, book: str):
    forced.goto(book + "/book/anatomy/sacroiliac-triangle.html")
    button = forced.get_by_role("button", name="Dark theme")
    looks = {
        (pressed, focused): look(button, pressed, focused) for pressed in (False, True) for focused in (False, True)
    }
    assert len(set(looks.values())) == 4, looks


def look(button: Locator, pressed: bool, focused: bool) -> str:
    button.evaluate("(e, pressed) => e.setAttribute('aria-pressed', String(pressed))", pressed)
    button.page.locator("body").press("Tab")  # from now on by keyboard
    button.focus() if focused else button.blur()
    return lines(button)


def test_map_of_an_exam_tells_states_apart(forced: Page, tmp_path: Path, serve):
    exam_course(tmp_path / "course")
    sheet = begin(forced, serve(tmp_path / "course/_build/html"))
    choose(forced, "The right one")
    turn(forced)
    sheet.get_by_role("button", name="Come back to this").click()
    turn(forced)
    sheet.locator("summary", has_text="All items").click()
    states = sheet.locator(".exam-map .button")
    expect(states.first).to_be_visible()
    answered, flagged, current, plain = (lines(states.nth(i)) for i in range(4))
    assert len({answered, flagged, current, plain}) == 4


def test_pictures_keep_their_colours(forced: Page, book: str):
    forced.goto(book + "/book/bedside/pain-patterns.html")
    kept = [".drawing svg", ".stage", ".swatch"]
    assert {
        name: forced.locator(name).first.evaluate("e => getComputedStyle(e).forcedColorAdjust") for name in kept
    } == dict.fromkeys(kept, "none")


def test_nothing_moves_where_less_motion_is_asked_for(forced: Page, book: str):
    forced.goto(book + "/book/anatomy/sacroiliac-triangle.html", wait_until="networkidle")
    moving = """() => {
      const timed = document.getAnimations().filter((one) => one.timeline instanceof DocumentTimeline).map((one) => one.animationName);
      const slow = [...document.querySelectorAll("*:not(track)")].filter((e) => getComputedStyle(e).transitionDuration.split(", ").some((t) => t !== "0s"));
      return [timed, slow.map((e) => e.outerHTML.slice(0, 80))];
    }"""
    assert forced.evaluate(moving) == [[], []]
