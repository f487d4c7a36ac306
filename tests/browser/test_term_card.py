"""Words of the glossary in running text: the card that opens by mouse, keys and touch, and the link beneath it.

WCAG 1.4.13: what opens unasked can be dismissed, can be pointed at, and stays.
"""

from __future__ import annotations

import pytest
from book_reader import on_paper, sideways_px, violations
from machine import ask_until
from playwright.sync_api import Locator, Page, expect

LESSON = "/book/meet/are-they-real.html"  # no figure, which would slow every frame


@pytest.fixture
def wide(new_context, book: str) -> Page:
    """A lesson with a margin beside its text."""
    page = new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(book + LESSON)
    return page


@pytest.fixture
def phone(new_context, book: str) -> Page:
    """The lesson under a finger."""
    page = new_context(has_touch=True, is_mobile=True).new_page()
    page.goto(book + LESSON)
    return page


def word(page: Page, n: int = 0) -> Locator:
    return page.locator("main p > a.term").nth(n)


def card(page: Page, n: int = 0) -> Locator:
    return page.locator(f"#{word(page, n).get_attribute('data-card')}")


def focus(page: Page) -> None:
    """Focus the word as the Tab key does: after a key, the browser shows where the focus is."""
    page.keyboard.press("Tab")
    word(page).focus()


def test_hover_opens_and_leaving_closes(wide: Page):
    word(wide).hover()
    expect(card(wide)).to_be_visible()
    wide.mouse.move(640, 880)
    expect(card(wide)).to_be_hidden()


def test_pointer_may_move_into_the_card(wide: Page):
    word(wide).hover()
    expect(card(wide)).to_be_visible()
    card(wide).hover()
    wide.wait_for_timeout(500)
    expect(card(wide)).to_be_visible()


def test_escape_closes_what_hover_opened(wide: Page):
    word(wide).hover()
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Escape")
    expect(card(wide)).to_be_hidden()


def test_a_press_follows_the_link(wide: Page, book: str):
    word(wide).hover()
    expect(card(wide)).to_be_visible()
    address = word(wide).get_attribute("href").removeprefix("..")
    word(wide).click()
    wide.wait_for_url(f"{book}/book{address}")


def test_focus_alone_opens_nothing(wide: Page):
    focus(wide)
    wide.wait_for_timeout(300)
    expect(wide.locator(":popover-open")).to_have_count(0)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_tab_enters_and_leaves_it(wide: Page, key: str):
    focus(wide)
    wide.keyboard.press(key)
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Tab")
    expect(card(wide).get_by_role("link")).to_be_focused()
    wide.keyboard.press("Tab")
    expect(card(wide)).to_be_hidden()


def test_a_key_neither_scrolls_nor_leaves_the_page(wide: Page, book: str):
    focus(wide)
    before = wide.evaluate("scrollY")
    for key in ("Enter", "Space"):
        wide.keyboard.press(key)
        expect(card(wide)).to_be_visible()
        wide.keyboard.press(key)
        expect(card(wide)).to_be_hidden()
    assert (wide.url, wide.evaluate("scrollY")) == (book + LESSON, before)


def test_escape_goes_back_and_the_link_of_the_card_leads_on(wide: Page, book: str):
    focus(wide)
    wide.keyboard.press("Enter")
    wide.keyboard.press("Tab")
    wide.keyboard.press("Escape")
    expect(card(wide)).to_be_hidden()
    expect(word(wide)).to_be_focused()
    wide.keyboard.press("Enter")
    wide.keyboard.press("Tab")
    wide.keyboard.press("Enter")
    wide.wait_for_url(f"{book}/book/glossary.html#*")


def test_a_key_keeps_open_what_hover_opened(wide: Page):
    focus(wide)
    word(wide).hover()
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Enter")
    wide.mouse.move(640, 880)
    wide.wait_for_timeout(500)
    expect(card(wide)).to_be_visible()


def test_screen_readers_hear_that_it_can_be_opened_and_whether_it_is(wide: Page):
    focus(wide)
    expect(word(wide)).to_have_role("button")
    expect(word(wide)).to_have_attribute("aria-controls", card(wide).get_attribute("id"))
    expect(word(wide)).to_have_attribute("aria-expanded", "false")
    wide.keyboard.press("Enter")
    expect(word(wide)).to_have_attribute("aria-expanded", "true")
    wide.keyboard.press("Escape")
    expect(word(wide)).to_have_attribute("aria-expanded", "false")


def test_tap_opens_and_a_second_tap_closes(phone: Page, book: str):
    for _ in range(2):
        word(phone).tap()
        expect(card(phone)).to_be_visible()
        word(phone).tap()
        expect(card(phone)).to_be_hidden()
    assert phone.url == book + LESSON


def test_a_tap_elsewhere_closes(phone: Page):
    word(phone).tap()
    expect(card(phone)).to_be_visible()
    phone.touchscreen.tap(195, 120)
    expect(card(phone)).to_be_hidden()


def test_the_card_leads_to_the_glossary(phone: Page, book: str):
    word(phone).tap()
    card(phone).get_by_role("link", name="Open in the glossary").tap()
    phone.wait_for_url(f"{book}/book/glossary.html#*")
    expect(phone.locator("dt:target")).to_be_in_viewport()


def test_one_card_at_a_time(wide: Page):
    for n in range(3):
        word(wide, n).hover()
        expect(card(wide, n)).to_be_visible()
        expect(wide.locator(":popover-open")).to_have_count(1)


def test_card_covers_no_words_on_a_wide_window(wide: Page):
    for link in wide.locator("main a.term").all():
        link.scroll_into_view_if_needed()
        link.hover()
        opened = wide.locator(f"#{link.get_attribute('data-card')}")
        expect(opened).to_be_visible()
        words, box = (
            link.locator("xpath=ancestor::*[self::p or self::table]").last.bounding_box(),
            opened.bounding_box(),
        )
        assert box["x"] >= words["x"] + words["width"]
        assert 0 <= box["y"] and box["y"] + box["height"] <= 900


def test_card_at_the_foot_does_not_cover_what_was_tapped(phone: Page):
    word(phone).evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 780)")
    word(phone).tap()
    expect(card(phone)).to_be_visible()
    ask_until(
        phone,
        "([word, card]) => word.getBoundingClientRect().bottom < card.getBoundingClientRect().top",
        arg=[word(phone).element_handle(), card(phone).element_handle()],
    )


def test_screen_readers_hear_the_definition_with_the_link(wide: Page):
    says = card(wide).locator("p").last.text_content()
    assert (
        wide.evaluate("id => document.getElementById(id).textContent", word(wide).get_attribute("aria-describedby"))
        == says
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_open_card_has_no_violation(wide: Page, theme: str):
    wide.emulate_media(color_scheme=theme)
    word(wide).hover()
    expect(card(wide)).to_be_visible()
    assert violations(wide) == []


def test_open_card_never_scrolls_sideways(phone: Page):
    phone.set_viewport_size({"width": 320, "height": 640})
    word(phone).tap()
    expect(card(phone)).to_be_visible()
    assert sideways_px(phone) == 0


def test_a_word_is_not_marked_as_a_claim_is(wide: Page):
    look = "e => { const s = getComputedStyle(e); return [s.color, s.borderBottomStyle, s.textDecorationThickness] }"
    ink = word(wide).evaluate("e => getComputedStyle(e.parentElement).color")
    assert word(wide).evaluate(look) == [ink, "none", "1px"]


def test_without_scripts_a_word_is_a_link_to_the_glossary(new_context, book: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(book + LESSON)
    expect(page.locator(".term-card:visible")).to_have_count(0)
    address = word(page).get_attribute("href").removeprefix("..")
    word(page).click()
    page.wait_for_url(f"{book}/book{address}")


def test_paper_has_the_words_alone(wide: Page):
    on_paper(wide)
    expect(wide.locator(".term-card:visible")).to_have_count(0)
    expect(word(wide)).to_have_css("text-decoration-line", "none")
