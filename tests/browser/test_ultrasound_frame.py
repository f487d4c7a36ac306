"""The simulated ultrasound frames: parts are named on demand, without scripts and by keyboard."""

from __future__ import annotations

import pytest
from book_reader import sideways_px, violations
from machine import ask_until
from playwright.sync_api import Page, expect

LESSON = "/book/imaging/ultrasound.html"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_parts_are_named_when_asked_for(new_context, book: str, scripts: bool):
    page: Page = new_context(java_script_enabled=scripts).new_page()
    page.goto(book + LESSON)
    figure = page.get_by_role("figure", name="An epidermoid cyst, simulated ultrasound")
    figure.scroll_into_view_if_needed()
    expect(figure.get_by_role("img")).to_have_accessible_name("Simulated ultrasound, no patient. Just under the skin a round dark lump 13 mm wide with a thin bright wall. Below it a bright column runs down through fascia and muscle, between two faint dark lines from its edges.")  # fmt: skip
    parts = figure.get_by_role("listitem")
    expect(parts).to_have_count(0)
    figure.get_by_label("Name the parts").focus()
    page.keyboard.press("Space")
    expect(parts).to_have_text(
        ["The cyst", "Brightness behind it", "Edge shadow, from the bend of sound", "Thoracolumbar fascia"]
    )
    expect(figure.locator(".mark").first).to_be_visible()
    if scripts:
        assert violations(page) == []
        assert sideways_px(page) == 0


def test_every_frame_is_loaded_and_says_that_it_is_simulated(page: Page, book: str):
    page.goto(book + LESSON)
    figures = page.locator("figure.ultrasound")
    expect(figures).to_have_count(5)
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator("figcaption")).to_contain_text("Simulated by a script and schematic: no patient")
        ask_until(page, "img => img.complete && img.naturalWidth === 652", arg=figure.locator("img").element_handle())
