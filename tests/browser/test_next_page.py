"""The next page is fetched ahead when the reader is almost there, and not where bytes are counted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

STATIC = Path(__file__).parents[2] / "src/backmice/static"
PAGE = """<!doctype html><html lang="en"><head><title>One</title><link rel="icon" href="data:,"></head><body>
<p style="height: 20000px">A page.</p><p><a rel="next" href="two.html">Next: Two</a></p>
<script type="module" src="next-page.js"></script></body></html>"""


@pytest.fixture
def address(tmp_path: Path, serve) -> str:
    (tmp_path / "one.html").write_text(PAGE)
    (tmp_path / "two.html").write_text("<!doctype html><title>Two</title>")
    for module in ("next-page.js", "rest.js"):
        shutil.copy(STATIC / module, tmp_path)
    return f"{serve(tmp_path)}/one.html"


def fetched(page: Page) -> list[str]:
    page.evaluate("new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve)))")
    return page.evaluate(
        """performance.getEntriesByType("resource")
            .filter(({ name }) => name.endsWith(".html"))
            .map(({ name, initiatorType }) => `${initiatorType} ${name.split("/").at(-1)}`)"""
    )


def scroll(page: Page, to: int) -> None:
    page.evaluate("(top) => { scrollTo(0, top); return new Promise(requestAnimationFrame); }", to)


def test_it_is_fetched_near_the_end_and_once_as_firefox_allows_it_too(page: Page, address: str):
    page.goto(address)
    scroll(page, 2000)
    assert fetched(page) == []
    with page.expect_request_finished(lambda request: request.url.endswith("/two.html")):
        scroll(page, 19_000)
    page.get_by_role("link", name="Next: Two").hover()
    scroll(page, 0)
    scroll(page, 19_000)
    assert fetched(page) == ["fetch two.html"]


@pytest.mark.parametrize("reach", ["hover", "focus"])
def test_it_is_fetched_when_somebody_reaches_for_it(page: Page, address: str, reach: str):
    page.goto(address)
    page.locator("body > p").first.evaluate("(p) => p.style.height = '20px'")
    assert fetched(page) == []
    with page.expect_request("**/two.html"):
        getattr(page.get_by_role("link", name="Next: Two"), reach)()


@pytest.mark.parametrize("line", ["{ saveData: true }", "{ effectiveType: '2g' }", "{ effectiveType: 'slow-2g' }"])
def test_a_line_on_which_bytes_count_is_spared(page: Page, address: str, line: str):
    page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ value: {line} }})")
    page.goto(address)
    scroll(page, 19_000)
    page.get_by_role("link", name="Next: Two").hover()
    assert fetched(page) == []
