"""For those who ask their system for more contrast or less transparency: words at 7:1, edges of controls at 3:1."""

from __future__ import annotations

import pytest
from book_reader import ITEMS, LESSON, SAVE_DATA, violations
from measure import prepare
from playwright.sync_api import Page, expect

#: One page of every kind; each opens what it can.
KINDS = {
    "welcome": "/book/index.html",
    "lesson": "/book/anatomy/cluneal-nerves.html",
    "figure": LESSON,
    "dose": "/book/treatment/infiltration.html",
    "practice": "/practice/palpation.html",
    "exam": "/book/practice/exam.html",
    "review": "/book/practice/review.html",
    "reasoner": "/book/differential/reasoner.html",
    "videos": "/book/videos.html",
    "evidence": "/book/evidence/index.html",
    "map of the evidence": "/book/evidence/map.html",
    "table": "/book/meet/names-table.html",
    "progress": "/book/progress.html",
    "take with you": "/book/together/take-with-you.html",
    "lab": "/exercises/labs/measure-the-triangle.html",
    "case": "/book/cases/one-finger.html",
    "glossary": "/book/glossary.html",
    "search": "/search.html?q=nerve",
}
#: Each control whose edge, or whose ground where it has no edge, is nearer than 3:1 to what lies around it.
#: Radios, boxes and lists of the browser's own look are the browser's to draw; a press on plain words has no edge.
EDGES = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const light = (colour) => { const [r, g, b] = [...rgba(colour)].map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const apart = (one, two) => { const [low, high] = [light(one), light(two)].sort((a, b) => a - b); return (high + .05) / (low + .05); };
  const ground = (e) => { for (let up = e; up; up = up.parentElement) { const colour = getComputedStyle(up).backgroundColor; if (rgba(colour)[3] === 255) return colour; } return "white"; };
  const faults = [];
  for (const e of document.querySelectorAll("button, select, textarea, input:not([type=radio], [type=checkbox], [type=range], [type=file]), .button")) {
    const style = getComputedStyle(e);
    if (!e.checkVisibility({ visibilityProperty: true }) || e.closest("svg")) continue;
    const sides = ["Top", "Right", "Bottom", "Left"].filter((side) => parseFloat(style[`border${side}Width`]) > 0 && rgba(style[`border${side}Color`])[3] > 0);
    const around = ground(e.parentElement);
    const isFilled = rgba(style.backgroundColor)[3] > 0 && style.backgroundColor !== around;
    if (!sides.length && !isFilled) continue;
    const best = Math.max(apart(ground(e), around), ...sides.map((side) => apart(style[`border${side}Color`], around)));
    if (best < 3) faults.push(`${e.localName}.${e.className} '${e.textContent.trim().slice(0, 30)}' ${best.toFixed(2)}`);
  }
  return [...new Set(faults)];
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_with_more_contrast_words_and_edges_stand_out(new_context, book: str, theme: str):
    page = new_context(contrast="more", color_scheme=theme, reduced_motion="reduce").new_page()
    page.add_init_script(SAVE_DATA)
    found = {}
    for kind, path in KINDS.items():
        page.goto(book + path)
        prepare(page)
        found[kind] = [*violations(page, ["color-contrast-enhanced"]), *page.evaluate(EDGES)]
    assert {kind: faults for kind, faults in found.items() if faults} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_with_more_contrast_what_was_answered_and_an_open_card_stand_out(new_context, book: str, theme: str):
    page = new_context(contrast="more", color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(f"{book}/practice/palpation.html")
    for form in page.locator(ITEMS).all()[:4]:
        if form.locator("input").count():
            form.locator("input").first.check()
            form.get_by_role("button", name="Check my answer").click()
            expect(form.locator(".result")).to_be_visible()
    assert [*violations(page, ["color-contrast-enhanced"]), *page.evaluate(EDGES)] == []
    page.goto(f"{book}/book/safety.html")
    page.locator("button.how:visible").first.click()
    assert [*violations(page, ["color-contrast-enhanced"]), *page.evaluate(EDGES)] == []


def test_with_less_transparency_nothing_shows_through(new_context, book: str):
    page = new_context(color_scheme="light", reduced_motion="reduce").new_page()
    page.add_init_script(SAVE_DATA)
    page.goto(book + LESSON)
    expect(page.locator(".layers li").first).to_be_attached()
    page.evaluate("document.querySelector('.layers li').classList.add('is-faded')")
    assert shown_through(page) == {"faded": "0.7", "behind the contents": "rgba(0, 0, 0, 0.667)"}
    feature = {"name": "prefers-reduced-transparency", "value": "reduce"}
    page.context.new_cdp_session(page).send("Emulation.setEmulatedMedia", {"features": [feature]})
    assert shown_through(page) == {"faded": "1", "behind the contents": "rgb(232, 240, 237)"}


def shown_through(page: Page) -> dict[str, str]:
    """Return how much shows through what is faded, and what lies behind the drawer of contents."""
    page.get_by_role("button", name="Contents").click()
    found = page.evaluate(
        """() => ({
          faded: getComputedStyle(document.querySelector(".layers .is-faded > label")).opacity,
          "behind the contents": getComputedStyle(document.querySelector(".contents"), "::backdrop").backgroundColor,
        })"""
    )
    page.keyboard.press("Escape")
    return found
