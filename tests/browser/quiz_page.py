"""A page with a quiz of the items in tests/items/good, and what tests do on it."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from markupsafe import Markup
from playwright.sync_api import Locator, Page, expect

from backmice.bundle import page_script
from backmice.html.media import Media
from backmice.html.quiz import quiz_html
from backmice.items.load import read_item
from backmice.items.model import Item, Quiz
from backmice.sphinx_ext.theme import modules

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/backmice/static"
GOOD = ROOT / "tests/items/good"
STYLES = ("tokens.css", "course.css", "print.css")
SPRITE = (ROOT / "src/backmice/theme/sprite.html").read_text()


def items(*kinds: str) -> list[Item]:
    """Return the good item of each kind; without kinds the single one, whose key is `image`, and the multiple one."""
    return [read_item(GOOD / f"example-{kind}-001.yml", ROOT)[1] for kind in kinds or ("single", "multiple")]


@cache
def bundle(entry: str) -> tuple[str, dict[str, bytes]]:
    """Return the name of the script that a page of the book runs for a module, and its files."""
    return page_script(ROOT, modules(ROOT), [entry])


def write_looks(folder: Path, entry: str) -> str:
    """Write a page's style and script, and all modules as they are beside them; returns what links them."""
    for path in STATIC.glob("*.js"):
        shutil.copy(path, folder)
    script, files = bundle(entry)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    for name in STYLES:  # the font is set up with the book
        text = (STATIC / name).read_text().replace("@font-face", "@supports (display: no-such-thing)")
        (folder / name).write_text(text)
    links = "".join(f'<link rel="stylesheet" href="{name}">' for name in STYLES)
    return f'{links}<script type="module" src="{script}"></script>'


def write_page(folder: Path, shown: list[Item], media: Media | None = None, theme: str = "") -> None:
    quiz = Quiz(id="check", title="Check yourself", intro="Two items to try.", items=tuple(i.id for i in shown))
    theme = f' data-theme="{theme}"' if theme else ""
    body = quiz_html(
        quiz, shown, lambda id_: Markup('<a class="chip" href="#{0}">Low certainty: {0}</a>').format(id_), media=media
    )
    (folder / "media").mkdir(exist_ok=True)
    shutil.copy(ROOT / "tests/items/media/back.svg", folder / "media")
    page = (
        f'<!doctype html><html lang="en"{theme}><head><meta charset="utf-8"><title>Quiz</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{write_looks(folder, "backmice-quiz.js")}</head>'
        f'<body>{SPRITE}<main class="text"><h1>Quiz</h1>{body}</main></body></html>'
    )
    (folder / "index.html").write_text(page)


def open_quiz(page: Page, url: str) -> Page:
    """Open the page and wait until what was kept is shown."""
    page.goto(url)
    expect(page.locator(".tally[role=status]")).to_be_visible()
    return page


def item(page: Page, number: int) -> Locator:
    return page.locator("form.item").nth(number - 1)


def choose(form: Locator, *options: str) -> None:
    for option in options:
        form.locator(f"input[value={option}]").check()


def check(form: Locator) -> None:
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".result")).to_be_visible()


def events(page: Page) -> list[dict]:
    """Return what is on disk, in the order in which it was added."""
    return page.evaluate(
        """() => new Promise((resolve, reject) => {
          const open = indexedDB.open("backmice");
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            const all = open.result.transaction("events").objectStore("events").getAll();
            all.onsuccess = () => { open.result.close(); resolve(all.result); };
          };
        })"""
    )


def kinds_of(page: Page) -> list[str]:
    return [event["type"] for event in events(page)]
