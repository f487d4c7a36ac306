"""Claims in running text: the card that opens beside or below the words, by mouse, keys and touch, and without scripts."""

from __future__ import annotations

import pytest
from book_reader import EVIDENCE, LESSON, ROOT, SAFETY, SAVE_DATA, WELCOME
from machine import ask_until
from playwright.sync_api import Locator, Page, expect
from tab_walk import tab_to

from backmice.evidence.ledger import load_ledger
from backmice.html.template import hold_units


@pytest.fixture
def wide(new_context, book: str) -> Page:
    """The welcome page, with a margin beside its text."""
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(book + WELCOME)
    return page


def citation(page: Page) -> Locator:
    return page.locator("main p button.how").first


def card(page: Page) -> Locator:
    """Return the card of the page's first citation."""
    return page.locator(f"#{citation(page).evaluate('button => button.popoverTargetElement.id')}")


def enter_card(page: Page) -> None:
    """Open the first citation's card by keys and go to its first link, which is the next stop."""
    tab_to(page, citation(page))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(card(page).get_by_role("link").first).to_be_focused()


def spoken_state(opener: Locator) -> tuple[str, bool]:
    """Return the role and whether it is expanded, as Chromium tells them to a screen reader."""
    session = opener.page.context.new_cdp_session(opener.page)
    session.send("DOM.enable")
    opener.evaluate("e => { globalThis.asked = e; }")
    held = session.send("Runtime.evaluate", {"expression": "asked"})["result"]["objectId"]
    (node,) = session.send("Accessibility.getPartialAXTree", {"objectId": held, "fetchRelatives": False})["nodes"]
    return node["role"]["value"], {one["name"]: one["value"]["value"] for one in node["properties"]}["expanded"]


def test_card_says_what_the_claim_rests_on(wide: Page):
    citation(wide).click()
    expect(card(wide)).to_be_visible()
    claim = load_ledger(ROOT).claims[card(wide).get_attribute("id").removeprefix("card-")]
    expect(card(wide).locator(".chip")).to_have_text(f"{claim.certainty.capitalize()} certainty")
    expect(card(wide).locator(".statement")).to_have_text(hold_units(claim.statement))
    assert card(wide).locator("dt").all_inner_texts()[:1] == ["Rests on"]
    expect(card(wide).get_by_role("link", name="Open in the evidence table")).to_be_visible()


def test_hover_opens_and_leaving_closes(wide: Page):
    citation(wide).hover()
    expect(card(wide)).to_be_visible()
    wide.mouse.move(640, 880)
    expect(card(wide)).to_be_hidden()


def test_pointer_may_move_into_the_card(wide: Page):
    citation(wide).hover()
    expect(card(wide)).to_be_visible()
    card(wide).hover()
    wide.wait_for_timeout(500)
    expect(card(wide)).to_be_visible()


def test_press_after_hover_keeps_it_open(wide: Page):
    citation(wide).hover()
    expect(card(wide)).to_be_visible()
    citation(wide).click()
    wide.mouse.move(640, 880)
    wide.wait_for_timeout(500)
    expect(card(wide)).to_be_visible()
    citation(wide).click()
    expect(card(wide)).to_be_hidden()


def test_focus_alone_opens_nothing(wide: Page):
    tab_to(wide, citation(wide))
    wide.wait_for_timeout(300)
    expect(wide.locator(":popover-open")).to_have_count(0)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_and_escape_closes(wide: Page, key: str):
    tab_to(wide, citation(wide))
    wide.keyboard.press(key)
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Escape")
    expect(card(wide)).to_be_hidden()
    expect(citation(wide)).to_be_focused()


def test_the_key_that_opened_it_closes_it(wide: Page):
    tab_to(wide, citation(wide))
    wide.keyboard.press("Enter")
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Enter")
    expect(card(wide)).to_be_hidden()


def test_a_key_keeps_open_what_hover_opened(wide: Page):
    tab_to(wide, citation(wide))
    citation(wide).hover()
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Enter")
    wide.mouse.move(640, 880)
    wide.wait_for_timeout(500)
    expect(card(wide)).to_be_visible()


def test_escape_closes_what_hover_opened_and_leaves_the_focus(wide: Page):
    wide.get_by_role("link", name="Skip to the text").focus()
    citation(wide).hover()
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Escape")
    expect(card(wide)).to_be_hidden()
    expect(wide.get_by_role("link", name="Skip to the text")).to_be_focused()


def test_screen_readers_hear_whether_it_is_open(wide: Page):
    assert spoken_state(citation(wide)) == ("button", False)
    tab_to(wide, citation(wide))
    wide.keyboard.press("Enter")
    assert spoken_state(citation(wide)) == ("button", True)


def test_escape_inside_the_card_closes_it_and_goes_back(wide: Page):
    """Regression: the focus that came back tried to open the card that was closing, which is an error."""
    enter_card(wide)
    wide.keyboard.press("Escape")
    expect(citation(wide)).to_be_focused()
    wide.wait_for_timeout(300)
    expect(card(wide)).to_be_hidden()


def test_tab_out_of_the_card_closes_it_and_goes_on(wide: Page):
    """Regression: the card stayed and lay over what was focused next."""
    enter_card(wide)
    for _ in range(card(wide).get_by_role("link").count() - 1):
        wide.keyboard.press("Tab")
    expect(card(wide).get_by_role("link").last).to_be_focused()
    wide.keyboard.press("Tab")
    expect(card(wide)).to_be_hidden()
    follows = "e => !!(e.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"
    assert citation(wide).evaluate(follows)


def test_shift_tab_goes_back_to_what_opened_it_and_then_closes_it(wide: Page):
    enter_card(wide)
    wide.keyboard.press("Shift+Tab")
    expect(citation(wide)).to_be_focused()
    expect(card(wide)).to_be_visible()
    wide.keyboard.press("Shift+Tab")
    expect(card(wide)).to_be_hidden()


def test_tap_opens_and_a_tap_elsewhere_closes(new_context, book: str):
    page = new_context(has_touch=True, is_mobile=True).new_page()
    page.goto(book + WELCOME)
    citation(page).tap()
    expect(card(page)).to_be_visible()
    page.touchscreen.tap(195, 120)
    expect(card(page)).to_be_hidden()


def test_one_card_at_a_time(wide: Page):
    buttons = wide.locator("button.how")
    for button in buttons.all()[:3]:
        button.click()
        expect(wide.locator(".claim-card:popover-open")).to_have_count(1)


# Each citation, at several heights of the window: what its card covers, and what of it lies outside.
MISPLACED = """async (heights) => {
  const frame = () => new Promise(requestAnimationFrame);
  const misplaced = [];
  for (const button of document.querySelectorAll("button.how")) {
    const card = button.popoverTargetElement;
    const words = button.closest("p, li, td, dd");
    for (const height of heights) {
      scrollBy(0, button.getBoundingClientRect().top - height);
      await frame();
      button.click();
      await frame();
      const box = card.getBoundingClientRect();
      const range = document.createRange();
      range.selectNodeContents(words);
      const meets = (r) => r.right > box.left && r.left < box.right && r.bottom > box.top && r.top < box.bottom;
      const covers = [...range.getClientRects()].some((r) => r.width > 0 && meets(r));
      const outside = box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight;
      if (!card.matches(":popover-open") || covers || outside || box.height < 60)
        misplaced.push([card.id, height, Math.round(box.top), Math.round(box.bottom)]);
      card.hidePopover();
    }
  }
  return misplaced;
}"""


@pytest.mark.parametrize("path", [LESSON, SAFETY])
def test_card_stands_beside_the_words_within_the_window(new_context, book: str, path: str):
    """Regression: below the middle of the window a long card ran out of it."""
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(SAVE_DATA)  # the figure, drawn without a graphics card, would slow every frame
    page.goto(book + path)
    assert page.locator("button.how").count() > 5
    assert page.evaluate(MISPLACED, [80, 250, 450, 650, 860]) == []


def test_card_at_the_foot_does_not_cover_what_was_pressed(page: Page, book: str):
    """Regression: on a phone the sheet lay over citations in the lower half of the screen."""
    page.goto(book + SAFETY)
    for button in page.locator("button.how").all()[:6]:
        button.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 760)")
        button.click()
        opened = page.locator(".claim-card:popover-open")
        expect(opened).to_be_visible()
        ask_until(page, "e => e.getBoundingClientRect().bottom < e.popoverTargetElement.getBoundingClientRect().top",
                               arg=button.element_handle(), timeout=2000)  # fmt: skip
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)


def test_without_scripts_a_citation_is_a_link_to_its_row(new_context, book: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(book + WELCOME)
    expect(page.locator("button.how")).to_have_count(0)
    link = page.locator("main p a.how").last
    claim_id = link.get_attribute("data-card").removeprefix("card-")
    link.click()
    page.wait_for_url(f"{book}{EVIDENCE}#claim-{claim_id}")
    row = page.locator(".claim-row:target")
    assert row.get_attribute("id") == f"claim-{claim_id}"
    expect(row.get_by_role("heading")).to_have_text(hold_units(load_ledger(ROOT).claims[claim_id].statement))
    expect(row.get_by_role("heading")).to_be_in_viewport(ratio=1)
