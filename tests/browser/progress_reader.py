"""A small site with the progress page, a quiz and a lesson, and what a learner may have done in it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from quiz_page import write_looks

from backmice.html.template import render

OBJECTIVES = {
    "size-a-lump": ("say what the size of a lump changes", "lump"),
    "feel-a-lump": ("describe a lump by size, depth, mobility and whether pressing it gives the known pain", "lump"),
    "name-the-nerves": ("name the cluneal nerves and where they arise", "nerve"),
    "stop-for-flags": ("name the findings that stop you", "nerve"),
}
LESSONS = {"lump": "A lump under the finger", "nerve": "The cluneal nerves", "dose": "Counting milligrams"}
ITEMS = {f"{objective}-{i}": objective for objective in OBJECTIVES for i in range(1, 7)}
INDEX = {
    "items": {
        item: {"revision": 1, "kind": "single", "topic": OBJECTIVES[objective][1], "objective": objective,
               "level": "recall", "page": f"practice/{OBJECTIVES[objective][1]}.html", "anchor": f"item-{item}"}
        for item, objective in ITEMS.items()
    },
    "objectives": {
        id_: {"words": words, "page": f"book/{lesson}.html", "anchor": id_, "lesson": LESSONS[lesson]}
        for id_, (words, lesson) in OBJECTIVES.items()
    },
    "lessons": [{"name": f"book/{name}", "title": title, "page": f"book/{name}.html"} for name, title in LESSONS.items()],
    "topics": {},
    "areas": [],
    "blueprints": {"short": {"title": "A short exam", "minutes": 20, "counts": []}},
}  # fmt: skip


def at(day: int, minute: int = 0) -> str:
    """Return a time of November 2026."""
    time = datetime(2026, 11, day, 12, tzinfo=UTC) + timedelta(minutes=minute)
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def seen(item: str) -> dict[str, Any]:
    """Return what an item was; its key is always `a`."""
    facts = {"kind": "single", "topic": "t", "objective": ITEMS[item], "level": "recall", "stem": "Which?"}
    options = [["a", "One"], ["b", "Two"], ["c", "Three"]]
    event = {"id": f"seen:{item}@1", "at": at(1), "type": "seen", "quiz": "", "item": item, "revision": 1}
    return event | facts | {"options": options, "key": ["a"]}


def given(number: int, item: str, response: str, **more: Any) -> dict[str, Any]:
    """Return a submission."""
    event = {"id": f"s-{number}", "at": at(2, number), "type": "submission", "quiz": "check", "attempt": "p"}
    return event | {"item": item, "revision": 1, "response": [response]} | more


def a_term_of_work() -> list[dict[str, Any]]:
    """Return the events of a learner who has done a good deal."""
    events = [seen(item) for item in ITEMS if not item.startswith("stop")]
    drawn = [{"id": item, "revision": 1, "options": ["a", "b", "c"]} for item in ITEMS]
    events.append({"id": "p", "at": at(2), "type": "attempt", "quiz": "check", "mode": "practice", "items": drawn})
    sure = ["low", "mid", "high"]
    for number, item in enumerate(item for item in ITEMS if item.startswith(("size", "feel", "name-the-nerves-1"))):
        wrong = number % 4 == 1 or number == 6
        events.append(given(number, item, "b" if wrong else "a", certainty=sure[number % 3]))
    exam = {"id": "e", "at": at(5), "type": "attempt", "quiz": "exam-short", "mode": "exam", "blueprint": "short"}
    events.append(exam | {"items": drawn[:12]})
    for number, item in enumerate(list(ITEMS)[:12]):
        response = "c" if number in (3, 8) else "a"
        answer = given(100 + number, item, response, attempt="e", certainty=sure[(number + 1) % 3], quiz="exam-short")
        events.append(answer | {"at": at(5, number)})
    events.append({"id": "end-e", "at": at(5, 20), "type": "end", "quiz": "exam-short", "attempt": "e", "why": "time"})
    events.append(exam | {"id": "f", "at": at(6), "items": drawn})
    events.append({"id": "read:book/lump", "at": at(3), "type": "read", "quiz": "", "page": "book/lump"})
    return events


def write_site(folder: Path) -> None:
    """Write the progress page, an empty page that shares its storage, and a lesson."""
    for name in ("practice", "book"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "practice/course-index.json").write_text(json.dumps(INDEX))
    links = [(f"{name}.html", title) for name, title in LESSONS.items()]
    body = render("progress", index="../practice/course-index.json", review="review.html", lessons=links)
    opening = '<div class="opening"><h1>Your progress</h1><p class="lead">Kept in this browser.</p></div>'
    write_page(folder / "book/progress.html", f"{opening}{body}", "backmice-progress.js")
    write_page(folder / "book/empty.html", "<h1>Nothing</h1>", "attempt-log.js")
    points = '<section class="box is-key"><h2>Key points</h2><ul><li>One.</li><li>Two.</li></ul></section>'
    body = f'<h1>A lump</h1><div style="height: 300vh"></div>{points}<div style="height: 100vh"></div>'
    write_page(folder / "book/lump.html", body, "lesson-read.js")


def write_page(path: Path, body: str, script: str) -> None:
    """Write one page of the site with a module."""
    looks = re.sub(r'(href|src)="', r'\1="../', write_looks(path.parents[1], script))
    path.write_text(
        '<!doctype html><html lang="en" data-content_root="../"><head><meta charset="utf-8"><title>A page</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{looks}</head>'
        f'<body><div class="page"><nav class="contents" aria-label="Contents"></nav><main class="text">{body}</main></div>'
        "</body></html>"
    )


def open_progress(page: Page, site: str) -> Page:
    """Open the progress page and wait until it is drawn."""
    page.goto(f"{site}/book/progress.html")
    expect(page.locator("backmice-progress[data-state=drawn]")).to_be_visible()
    return page


def keep(page: Page, site: str, events: list[dict[str, Any]]) -> None:
    """Put events into the log from another page of the site."""
    page.goto(f"{site}/book/empty.html")
    outcome = page.evaluate(
        """async (events) => {
          const { sharedLog } = await import("/attempt-log.js");
          return sharedLog().append(...events).then(({ kept }) => kept);
        }""",
        events,
    )
    assert outcome is True


def kept(page: Page) -> list[dict[str, Any]]:
    """Return everything in the log, as the page that is open reads it."""
    return page.evaluate(
        """async () => {
          const { sharedLog } = await import("/attempt-log.js");
          return (await sharedLog().readAll()).events;
        }"""
    )
