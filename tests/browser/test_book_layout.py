"""What frames every page: the theme button, the contents drawer, paper."""

from __future__ import annotations

import pytest
from book_reader import EVIDENCE, LESSON, SAFETY, WELCOME, draw_figure, on_paper
from playwright.sync_api import Page, expect

WIDE = {"viewport": {"width": 1280, "height": 900}}


PAPER = {"light": "rgb(251, 252, 251)", "dark": "rgb(14, 22, 21)"}


def expect_theme(page: Page, theme: str) -> None:
    expect(page.locator("body")).to_have_css("background-color", PAPER[theme])
    button = page.get_by_role("button", name="Dark theme")
    expect(button).to_have_attribute("aria-pressed", "true" if theme == "dark" else "false")


@pytest.mark.parametrize("theme", PAPER)
def test_theme_follows_the_system(page: Page, book: str, theme: str):
    page.emulate_media(color_scheme=theme)
    page.goto(book + WELCOME)
    expect_theme(page, theme)
    other = "light" if theme == "dark" else "dark"
    page.emulate_media(color_scheme=other)
    expect_theme(page, other)


def test_chosen_theme_is_kept_over_pages_and_against_the_system(page: Page, book: str):
    page.emulate_media(color_scheme="light")
    page.goto(book + WELCOME)
    page.get_by_role("button", name="Dark theme").click()
    expect_theme(page, "dark")
    page.reload()
    expect_theme(page, "dark")
    page.emulate_media(color_scheme="dark")
    page.goto(book + SAFETY)
    expect_theme(page, "dark")
    page.get_by_role("button", name="Dark theme").click()
    expect_theme(page, "light")
    page.reload()
    expect_theme(page, "light")


def test_theme_without_storage_holds_for_the_page(page: Page, book: str):
    page.add_init_script("Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new Error('refused') }")
    page.emulate_media(color_scheme="light")
    page.goto(book + WELCOME)
    page.get_by_role("button", name="Dark theme").click()
    expect_theme(page, "dark")


def test_contents_are_a_drawer_on_a_phone(page: Page, book: str):
    page.goto(book + WELCOME)
    drawer = page.get_by_role("navigation", name="Contents")
    expect(drawer).to_be_hidden()
    page.get_by_role("button", name="Contents").press("Enter")
    expect(drawer).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('nav')?.id") == "contents"
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="Contents")).to_be_focused()


def test_contents_stand_beside_the_text_on_a_wide_window(new_context, book: str):
    page = new_context(**WIDE).new_page()
    page.goto(book + LESSON)
    expect(page.get_by_role("navigation", name="Contents")).to_be_visible()
    expect(page.get_by_role("button", name="Contents")).to_be_hidden()


# Paper.


@pytest.fixture
def printed(page: Page, book: str) -> Page:
    """The lesson as it is printed, in a reader's dark theme."""
    page.emulate_media(color_scheme="dark")
    page.goto(book + LESSON)
    return on_paper(page)


def test_paper_keeps_the_words_of_certainty_and_of_a_card_what_it_rests_on(printed: Page):
    parts = ".claim-card > :visible, .claim-card .facts > :visible, .claim-card .rests-on > :visible"
    assert {part.evaluate("e => e.closest('.rests-on, .facts').className") for part in printed.locator(parts).all()} == {
        "facts", "rests-on",
    }  # fmt: skip
    assert printed.locator(".claim-card .rests-on:visible").count() == printed.locator(".claim-card").count() > 20
    assert printed.locator("main .claim .how").count() > 20
    expect(printed.locator("main .claim .how").first).to_be_visible()


@pytest.mark.parametrize("part", [".site", "#contents", ".panel", ".turn", ".item .button"])
def test_paper_has_no_controls(printed: Page, part: str):
    expect(printed.locator(part).first).to_be_attached()
    expect(printed.locator(f"{part}:visible")).to_have_count(0)


def test_paper_is_white(printed: Page):
    expect(printed.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(printed.locator("body")).to_have_css("color", "rgb(19, 33, 31)")


def test_paper_shows_the_picture_where_a_figure_was_drawn(page: Page, book: str):
    page.goto(book + LESSON)
    figure = draw_figure(page)
    on_paper(page)
    expect(figure.locator(".stage img")).to_be_visible()
    expect(figure.locator(".plot")).to_be_hidden()
    assert figure.locator(".tag").inner_text() == "Schematic"


def test_evidence_prints_what_the_filter_leaves(page: Page, book: str):
    page.goto(f"{book}{EVIDENCE}?certainty=high")
    shown = page.locator(".claim-row:visible").count()
    on_paper(page)
    expect(page.locator(".claim-row:visible")).to_have_count(shown)
    expect(page.locator("form.filter")).to_be_hidden()
