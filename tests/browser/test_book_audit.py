"""What an audit finds on a lesson in use, and on the list of claims under a filter; `test_book_pages.py` has the rest."""

from __future__ import annotations

import pytest
from book_reader import (
    EVIDENCE,
    LESSON,
    WHOLE,
    add_rules,
    answer_all,
    audit_in_both_themes,
    draw_figure,
    sideways_px,
)
from playwright.sync_api import Page, expect

PHONE = 390
WIDTHS = (PHONE, 1280)
NARROWED = "?certainty=high"


@pytest.fixture
def audited(new_context, book: str):
    """Open a page at a width without its transitions, which an audit might meet half way."""

    def audited(path: str, width: int, **options) -> Page:
        options = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"} | options
        page = new_context(**options).new_page()
        page.goto(book + path, wait_until="networkidle")
        # What is far below is laid out and audited, too.
        add_rules(page, WHOLE)
        return page

    return audited


@pytest.mark.parametrize("width", WIDTHS)
def test_narrowed_evidence_has_no_violation(audited, width: int):
    audit_in_both_themes(audited(EVIDENCE + NARROWED, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_lesson_in_use_has_no_violation(audited, width: int):
    page = audited(LESSON, width)
    answer_all(page)
    draw_figure(page).locator("summary", has_text="Read it as a table").click()
    page.locator("button.how:visible").first.click()
    expect(page.locator(".claim-card:popover-open")).to_be_visible()
    audit_in_both_themes(page)
    assert sideways_px(page) == 0


def test_open_contents_have_no_violation(audited):
    page = audited(LESSON, PHONE)
    page.get_by_role("button", name="Contents").click()
    expect(page.get_by_role("navigation", name="Contents")).to_be_visible()
    audit_in_both_themes(page)
