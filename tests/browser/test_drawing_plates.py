"""The plates: their parts lead to rows of a table, a map is chosen without a script, and letters stay legible."""

from __future__ import annotations

import pytest
from book_reader import on_paper, sideways_px, violations
from playwright.sync_api import Page, expect

PAGES = {
    "surface-map": "/book/bedside/palpation.html",
    "layers-section": "/book/anatomy/fascia-and-fat.html",
    "skin-fields": "/book/anatomy/cluneal-nerves.html",
    "root-fields": "/book/anatomy/cluneal-nerves.html",
    "pain-maps": "/book/bedside/pain-patterns.html",
}
LEAST_LETTERS_PX = 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("drawing", PAGES)
def test_a_plate_is_accessible_and_legible_on_a_phone(new_context, book: str, drawing: str, scheme: str):
    page: Page = new_context(color_scheme=scheme).new_page()
    page.goto(book + PAGES[drawing])
    figure = page.locator(f"#drawing-{drawing}")
    figure.scroll_into_view_if_needed()
    assert violations(page) == []
    assert sideways_px(page) == 0
    smallest = figure.locator("svg text:visible").evaluate_all(
        "all => Math.min(...all.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a))"
    )
    assert smallest >= LEAST_LETTERS_PX
    outside = figure.locator("svg:visible").evaluate(
        """svg => { const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(t => { const b = t.getBoundingClientRect();
          return b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1 })
        .map(t => t.textContent); }"""
    )
    assert outside == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_part_is_reached_by_keyboard_and_leads_to_its_row(new_context, book: str, scripts: bool):
    page: Page = new_context(java_script_enabled=scripts).new_page()
    page.goto(book + PAGES["skin-fields"])
    figure = page.get_by_role("figure", name="Fields of skin nerves over buttock and outer thigh")
    part = figure.get_by_role("link", name="S, Superior cluneal: Over the back of the iliac crest")
    part.focus()
    page.keyboard.press("Tab")
    expect(figure.get_by_role("link", name="M, Middle cluneal: The buttock nearest")).to_be_focused()
    page.keyboard.press("Enter")
    row = figure.locator("tr:target")
    expect(row.get_by_role("rowheader")).to_have_text("M, Middle cluneal nerves")
    expect(row).to_be_in_viewport()


def test_a_touch_on_a_drawn_part_leads_to_its_row(new_context, book: str):
    page: Page = new_context(has_touch=True).new_page()
    page.goto(book + PAGES["surface-map"])
    figure = page.locator("#drawing-surface-map")
    figure.locator("a[href='#drawing-surface-map-psis'] circle").last.tap()
    expect(figure.locator("tr:target").get_by_role("rowheader")).to_have_text("Posterior superior iliac spine (PSIS)")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_map_of_pain_is_chosen_by_keyboard(new_context, book: str, scripts: bool):
    page: Page = new_context(java_script_enabled=scripts).new_page()
    page.goto(book + PAGES["pain-maps"])
    figure = page.locator("#drawing-pain-maps")
    maps = figure.get_by_role("group", name="Pain ascribed to: ")
    expect(maps).to_have_count(1)
    expect(maps.first).to_have_accessible_name("Pain ascribed to: Nodules, said in 1961")
    figure.get_by_role("radio", name="Nodules, said in 1961").focus()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    expect(maps).to_have_count(1)
    expect(maps.first).to_have_accessible_name("Pain ascribed to: Sacroiliac joint")
    expect(figure.get_by_role("link", name="Buttock: 94\N{NO-BREAK SPACE}% of 50 people")).to_be_visible()
    rows = figure.get_by_role("table", name="Sacroiliac joint").get_by_role("rowheader")
    expect(rows).to_have_text(
        [
            "Low back, beside the midline",
            "Buttock",
            "Groin",
            "Below the knee",
            "Foot",
            "Along the iliac crest",
            "Round the posterior superior iliac spine",
            "Lower buttock",
        ]
    )


def test_on_paper_every_map_is_there(page: Page, book: str):
    page.goto(book + PAGES["pain-maps"])
    on_paper(page)
    expect(page.locator("#drawing-pain-maps .map:visible")).to_have_count(9)
    expect(page.locator("#drawing-pain-maps fieldset")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_root_is_reached_by_keyboard_and_leads_to_its_row(new_context, book: str, scripts: bool):
    page: Page = new_context(java_script_enabled=scripts).new_page()
    page.goto(book + PAGES["root-fields"])
    figure = page.get_by_role("figure", name="Skin of the lumbar and sacral roots from behind, told in two ways")
    figure.get_by_role("link", name="L1 place: The skin of the back over the first lumbar vertebra").focus()
    page.keyboard.press("Tab")
    expect(figure.get_by_role("link", name="L2 place: The edge of the outer upper thigh")).to_be_focused()
    page.keyboard.press("Enter")
    row = figure.locator("tr:target")
    expect(row.get_by_role("rowheader")).to_have_text("L2, as a place")
    expect(row).to_be_in_viewport()
