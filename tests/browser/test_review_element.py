"""<backmice-review> in a real browser: what comes back, when, and what an answer to it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_reader import sideways_px, violations
from exam_course import exam_course
from machine import ask_until
from playwright.sync_api import Page, expect

START = "2026-03-01T09:00:00Z"
KEEP = """async (events) => {
  const { sharedLog } = await import(document.querySelector("script[src*=backmice-review]").src.replace("backmice-review", "attempt-log"));
  await sharedLog().append(...events);
}"""
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, built once and only looked at."""
    return exam_course(tmp_path_factory.mktemp("review") / "course")


@pytest.fixture
def review(page: Page, course: Path, serve) -> Page:
    """The review page of somebody who has answered nothing, on the first of March."""
    page.clock.install(time=START)
    page.goto(f"{serve(course)}/book/review.html")
    expect(page.get_by_role("heading", name="Nothing to review yet")).to_be_visible()
    return page


def answered(page: Page, **responses: str) -> None:
    """Keep an answer to each item, named by its number, such as "wrong" or "right low", and load the page again."""
    events = []
    for number, given in responses.items():
        item = f"lumps-{number.removeprefix('n')}"
        response, _, certainty = given.partition(" ")
        options = [[name, name] for name in ("right", "wrong", "other")]
        events += [
            {"id": f"seen:{item}@1", "type": "seen", "quiz": "", "item": item, "revision": 1, "kind": "single",
             "topic": "lumps", "objective": "say-how-wide", "level": "analysis", "stem": "Which?", "options": options,
             "key": ["right"]},
            {"type": "submission", "quiz": "q", "attempt": "a", "item": item, "revision": 1, "response": [response]}
            | ({"certainty": certainty} if certainty else {}),
        ]  # fmt: skip
    page.evaluate(KEEP, events)
    page.reload()
    expect(page.locator(".review-stage h2")).to_have_text("What waits")


def later(page: Page, days: float) -> None:
    page.clock.fast_forward(round(days * DAY_MS))
    page.reload()
    expect(page.locator(".review-stage h2")).to_have_text("What waits")


def item(page: Page):
    return page.locator(".review-items form.item:visible")


def check(page: Page, words: str) -> None:
    item(page).get_by_role("radio", name=words).check()
    item(page).get_by_role("button", name="Check my answer").click()


def test_who_answered_nothing_is_told_what_will_come_back(review):
    expect(review.locator(".review-stage")).to_contain_text("what you got wrong or guessed comes back here")
    assert violations(review) == []


def test_what_was_wrong_is_due_the_next_day_and_what_was_known_is_not(review):
    answered(review, n101="wrong", n102="right")
    expect(review.locator(".review-stage")).to_contain_text("Nothing is due now; the next comes tomorrow.")
    later(review, 1.01)
    expect(review.locator(".review-stage")).to_contain_text("1 item due now.")
    review.get_by_role("button", name="Review 1 item").click()
    expect(item(review).get_by_role("radio", name="The right one of lumps-101")).to_be_visible()


def test_an_item_known_again_comes_back_much_later(review):
    answered(review, n102="right")
    later(review, 2.01)
    review.get_by_role("button", name="Review 1 item").click()
    check(review, "The right one")
    item(review).get_by_role("button", name="Finish").click()
    expect(review.locator(".review-stage > .result")).to_have_text("Done: 1 of 1 point.")
    expect(review.locator(".review-stage > .result")).to_be_focused()
    expect(review.locator(".due li")).to_have_text("A lump, 1 itemin 11 days")


def test_what_was_guessed_can_be_gone_over_at_once(review):
    answered(review, n101="wrong", n102="right low", n103="right high")
    expect(review.get_by_role("button", name="Go over 2 items wrong or guessed")).to_be_visible()
    assert violations(review) == []
    assert sideways_px(review) == 0


def test_certainty_is_asked_for_once_it_is_wanted(review):
    answered(review, n101="wrong")
    review.get_by_label("Ask me how sure I am").check()
    review.get_by_role("button", name="Go over 1 item").click()
    item(review).get_by_role("radio", name="The right one").check()
    button = item(review).get_by_role("button", name="Say how sure you are first")
    expect(button).to_have_attribute("aria-disabled", "true")
    item(review).get_by_role("radio", name="Fairly sure").check()
    item(review).get_by_role("button", name="Check my answer").click()
    expect(item(review).locator(".result")).to_have_text("Right. You were fairly sure.")
    review.reload()
    expect(review.get_by_label("Ask me how sure I am")).to_be_checked()


def test_keyboard_alone_goes_through_a_review(review):
    answered(review, n101="wrong", n102="wrong")
    review.get_by_role("button", name="Go over 2 items").focus()
    review.keyboard.press("Enter")
    for name in ("Next item", "Finish"):
        expect(item(review).locator("fieldset").first).to_be_focused()
        review.keyboard.press("Tab")
        review.keyboard.press("Space")
        review.keyboard.press("Tab")
        review.keyboard.press("Enter")
        expect(item(review).locator(".result")).to_be_focused()
        item(review).get_by_role("button", name=name).focus()
        review.keyboard.press("Enter")
    expect(review.locator(".review-stage > .result")).to_be_focused()


def test_without_scripts_it_names_the_practice_pages(new_context, course, serve):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{serve(course)}/book/review.html")
    expect(page.locator(".needs-script")).to_contain_text("go over the practice pages")


def test_an_answer_of_the_storage_that_came_late_was_taken_for_a_refusal(review):
    """Regression: Firefox, just begun on a busy machine, answered after the review had given up."""
    answered(review, n101="wrong")
    review.add_init_script(
        """Object.defineProperty(IDBOpenDBRequest.prototype, "onsuccess", {
          set(act) { this.addEventListener("success", () => (globalThis.answer = act)); },
        });"""
    )
    review.reload()
    ask_until(review, "globalThis.answer !== undefined")
    review.clock.fast_forward(3000)
    expect(review.locator(".notice")).to_contain_text("This browser’s storage can’t be used.")
    review.evaluate("answer()")
    expect(review.locator(".notice")).to_be_empty()
    expect(review.locator(".review-stage")).to_contain_text("the next comes tomorrow")


def test_storage_that_fails_is_told(page, course, serve):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error('no') } })")
    page.goto(f"{serve(course)}/book/review.html")
    expect(page.locator(".notice")).to_contain_text("This browser’s storage can’t be used.")
