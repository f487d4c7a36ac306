"""The small course with a bank of fourteen items, an exam of six and a review page, built to be sat."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from small_course import build, new_course

ITEM = """\
id: {id}
revision: 1
kind: single
topic: lumps
objective: {objective}
level: {level}
vignette: {vignette}
stem: Which answer is the right one here?
options:
  - {{id: right, text: The right one of {id}, rationale: It is right., claims: [lump-painless]}}
  - {{id: wrong, text: A wrong one of {id}, rationale: It is wrong.}}
  - {{id: other, text: Another wrong one of {id}, rationale: It is wrong too.}}
key: [right]
claims: [lump-painless]
"""
BANK = """\
at_least: 12
recall_at_most: 0.5
areas:
  - {id: lumps, title: Lumps, topics: [lumps], at_least: 12}
"""
SHORT = """\
id: short
title: A short exam
intro: Six items about lumps.
minutes: 5
counts:
  - {area: lumps, level: application, count: 4}
  - {area: lumps, level: analysis, count: 2}
"""
ITEMS = [(f"lumps-{n}", "application" if n < 109 else "analysis") for n in range(101, 113)]
#: What seed 7 draws, in order; tests/test_items_draw.py holds the rules.
SEED = "7"


def exam_course(root: Path) -> Path:
    """Write the course below `root` and build it; returns the folder to serve."""
    new_course(root)
    for id_, level in ITEMS:
        objective = "say-how-wide" if level == "analysis" else "tell-how-often-a-lump-hurts"
        write_item(root, id_, level=level, objective=objective)
    (root / "exercises/bank.yml").write_text(BANK)
    (root / "exercises/blueprints").mkdir()
    (root / "exercises/blueprints/short.yml").write_text(SHORT)
    (root / "book/exam.md").write_text("---\nlead: Six items at the end.\n---\n# Exam\n\n```{exam} short\n```\n")
    (root / "book/review.md").write_text("---\nlead: What comes back.\n---\n# Review\n\n```{review}\n```\n")
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text() + "      - file: book/exam\n      - file: book/review\n")
    _, told = build(root)
    assert told == ""
    return root / "_build/html"


def write_item(root: Path, id_: str, *, level: str, objective: str, vignette: str = "Somebody has a lump.") -> None:
    path = root / f"exercises/items/lumps/{id_}.yml"
    path.write_text(ITEM.format(id=id_, level=level, objective=objective, vignette=vignette))


def begin(page: Page, address: str, *, seed: str = SEED, minutes: str = "", certainty: bool = False) -> Locator:
    """Draw an exam and return its sheet."""
    page.goto(f"{address}/book/exam.html")
    start = page.locator(".exam-start")
    start.get_by_label("Seed").fill(seed)
    if certainty:
        start.get_by_label("Mark how sure I am").check()
    if minutes:
        start.get_by_label("Set a time limit").check()
        start.get_by_label("Minutes").fill(minutes)
    start.get_by_role("button", name="Draw and begin").click()
    sheet = page.get_by_role("region", name="Exam", exact=True)
    expect(sheet).to_be_visible()
    return sheet


def shown(page: Page) -> Locator:
    """Return the one item that is shown."""
    return page.locator(".exam-sheet form.item:visible")


def choose(page: Page, words: str, certainty: str = "") -> None:
    """Answer the item that is shown and wait until that is kept."""
    shown(page).get_by_role("radio", name=words).check()
    if certainty:
        shown(page).get_by_role("radio", name=certainty).check()
    expect(page.locator(".kept")).to_have_text("Your answer is kept.")


def turn(page: Page, name: str = "Next item") -> None:
    page.locator(".exam-turn").get_by_role("button", name=name).click()


def hand_in(page: Page) -> None:
    turn(page, "Hand in")
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your report")).to_be_focused()
