"""The student's page of an assignment, and what students do on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from backmice.assign.assignment import Assignment


def begin(page: Page, name: str, id_: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your student number").fill(id_)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".exam-sheet form:visible")).to_have_count(1)


def answer(page: Page, assignment: Assignment, *, right: bool) -> None:
    """Answer the item that is shown, with its key or with something else."""
    form = page.locator(".exam-sheet form:visible")
    question = next(q for q in assignment.questions if q.id == form.get_attribute("data-item"))
    match question.kind:
        case "ordering":
            put_in_order(form, question.key if right else question.key[::-1])
        case "numeric":
            form.get_by_label("Your number").fill(f"{question.key['value']:g}" if right else "987654")
            if len(question.units) > 1:
                form.get_by_label("Unit").select_option(question.key["unit"])
        case "matching":
            for part in question.key:
                case, _, option = part.partition("=")
                wrong = next(o for o in question.option_ids() if o != option)
                form.locator(f"li[data-case={case}] select").select_option(option if right else wrong)
        case _:
            wrong = [o for o in question.option_ids() if o not in question.key]
            for option in question.key if right else wrong[:1]:
                form.locator(f"input[name=response][value={option}]").check()
    form.locator("input[name=certainty][value=mid]").check()
    expect(page.locator(".kept")).to_have_text("Your answer is kept.")


def put_in_order(form: Locator, steps: Sequence[str]) -> None:
    """Move each step up to its place; one that is there already is kept."""
    for place, step in enumerate(steps):
        row = form.locator(f".steps > li[data-option={step}]")
        while row.evaluate("li => [...li.parentElement.children].indexOf(li)") > place:
            row.get_by_role("button", name="Up:").click()
    if (keep := form.get_by_role("button", name="Keep this order")).is_visible():
        keep.click()


def answer_all(page: Page, assignment: Assignment, *, right: bool) -> None:
    for n in range(len(assignment.questions)):
        if n:
            page.get_by_role("button", name="Next item").click()
        answer(page, assignment, right=right)


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your answers are sealed")).to_be_visible()


def save(page: Page, folder: Path, words: str = "Save the file") -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=words).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path
