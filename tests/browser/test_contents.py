"""The contents open where the reader is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

STATIC = Path(__file__).parents[2] / "src/backmice/static"
STYLE = """#contents { position: fixed; inset: 0 auto 0 0; width: 200px; height: 100%; overflow: auto; margin: 0; padding: 0 }
a { display: block; height: 44px }"""
PAGE = """<!doctype html><html lang="en"><head><title>Lesson</title><link rel="icon" href="data:,"><style>{style}</style></head>
<body><button popovertarget="contents">Contents</button><nav id="contents" {kind}>{links}</nav>
<p style="height: 5000px">A page.</p><script type="module" src="contents.js"></script></body></html>"""


def opened(page: Page, folder: Path, serve, here: int, kind: str = "") -> None:
    links = "".join(f'<a href="#"{" aria-current=page" if n == here else ""}>{n}</a>' for n in range(60))
    (folder / "one.html").write_text(PAGE.format(style=STYLE, kind=kind, links=links))
    shutil.copy(STATIC / "contents.js", folder)
    page.goto(f"{serve(folder)}/one.html")
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve))))")


def seen(page: Page) -> list[float]:
    """How far the list and the page are scrolled."""
    return page.evaluate("[document.getElementById('contents').scrollTop, scrollY]")


@pytest.mark.parametrize(("here", "scrolled"), [(3, 0), (40, 40 * 44 - 400), (59, 60 * 44 - 844)])
def test_the_page_that_is_read_stands_in_sight_and_the_page_does_not_move(page: Page, tmp_path, serve, here, scrolled):
    opened(page, tmp_path, serve, here)
    assert seen(page) == [scrolled, 0]


def test_contents_that_are_opened_over_the_text_show_it_too(page: Page, tmp_path, serve):
    opened(page, tmp_path, serve, 40, "popover")
    page.get_by_role("button", name="Contents").click()
    page.wait_for_function("document.getElementById('contents').scrollTop > 0")
    assert seen(page) == [40 * 44 - 400, 0]
