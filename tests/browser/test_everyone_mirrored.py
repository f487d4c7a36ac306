"""A page that runs from right to left: what stood at one side stands at the other, and bodies and scales stay as they are."""

from __future__ import annotations

import pytest
from book_reader import LESSON, SAVE_DATA
from measure import mirror
from playwright.sync_api import Page

#: The middle of each, in px from the left: of a pair the first comes first in reading.
MIDDLES = """(pairs) => pairs.map((pair) => pair.map((name) => {
  const box = document.querySelector(name).getBoundingClientRect();
  return (box.left + box.right) / 2;
}))"""
PAIRS = [
    (".site .brand", "#theme"),
    (".opening h1", ".emblem"),
    (".site .search .icon", ".site .search input"),
    (".box.is-key > .icon", ".box.is-key > h2"),
    (".turn [rel=prev]", ".turn [rel=next]"),
    ("#contents", "main"),
    (".options input", ".options .words"),
]
UNTURNED = ["backmice-anatomy .stage", ".plot-figure svg"]


@pytest.fixture
def lesson(new_context, book: str) -> Page:
    page = new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    page.add_init_script(SAVE_DATA)
    page.goto(book + LESSON, wait_until="networkidle")
    return page


def orders(page: Page) -> list[bool]:
    return [first < second for first, second in page.evaluate(MIDDLES, PAIRS)]


def test_sides_change_places(lesson: Page):
    assert orders(lesson) == [True] * len(PAIRS)
    mirror(lesson)
    assert orders(lesson) == [False] * len(PAIRS)
    assert [lesson.locator(name).first.evaluate("e => getComputedStyle(e).direction") for name in UNTURNED] == [
        "ltr",
        "ltr",
    ]


def test_no_rule_for_screens_names_a_side(lesson: Page):
    """Rules for paper may: a sheet is that of the book in its own language."""
    sides = """() => {
      const SIDES = /(?<![-\\w])((margin|padding|border)-(left|right)|left|right)(-\\w+)?: /g;
      const rules = (list) => [...list].flatMap((rule) => rule.media?.mediaText === "print" ? [] : [rule, ...rules(rule.cssRules ?? [])]);
      const own = (rule) => rule.style && !rule.selectorText?.match(/share|mark|hotspot/) ? rule.style.cssText : "";
      return [...document.styleSheets].flatMap((sheet) => rules(sheet.cssRules)).flatMap((rule) => {
        const named = [...rule.style ?? []].filter((name) => /^(left|right|(margin|padding|border)-(left|right)(-\\w+)?)$/.test(name));
        const lone = named.filter((name) => !named.includes(name.replace(/left|right/, (side) => side === "left" ? "right" : "left")));
        return lone.length && own(rule) ? [`${rule.selectorText}: ${lone}`] : [];
      });
    }"""
    assert lesson.evaluate(sides) == []
