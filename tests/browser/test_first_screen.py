"""What is on the screen before the sheet of the rest has come, and that nothing of it waits for a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from book_reader import EVIDENCE, LESSON, PRACTICE, SEARCH, WELCOME
from machine import ask_until
from playwright.sync_api import Browser, Page, Route, ViewportSize

#: A page of each layout, and one that is long.
PAGES = (WELCOME, LESSON, EVIDENCE, SEARCH, PRACTICE[0], "/404.html")
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)
THEMES = ("light", "dark")
#: Where each element stands of what is seen first, and how it looks.
SEEN = """() => [...document.querySelectorAll(".site, .site *, .contents, .contents *, .opening, .opening *")].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const { color, backgroundColor, font, display, visibility, cursor } = getComputedStyle(element);
    return [element.localName, x, y, width, height, color, backgroundColor, font, display, visibility, cursor].join(" ");
})"""


class Held:
    """A page whose sheet of the rest is held back; its modules never come."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.waiting: list[Route] = []
        self.modules: list[str] = []
        page.route("**/course.css", lambda route: self.waiting.append(route))
        page.route(lambda url: url.endswith(".js") and not url.endswith("first.js"), self._refuse)

    def _refuse(self, route: Route) -> None:
        self.modules.append(route.request.url)
        route.abort()

    def open(self, address: str) -> None:
        """Open a page as far as its opening."""
        self.page.goto(address, wait_until="commit")
        ask_until(self.page, "() => document.querySelector('main > link[rel=stylesheet]') !== null")
        ask_until(self.page, "document.fonts.check('1em \"Literata Course\"')")

    def let_go(self) -> None:
        """Let the sheet come, and wait for all else."""
        self.waiting.pop().continue_()
        self.page.wait_for_load_state("load")


@pytest.fixture
def held(browser: Browser) -> Iterator[Held]:
    context = browser.new_context(viewport=PHONE, service_workers="block", reduced_motion="reduce")
    yield Held(context.new_page())
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_the_first_screen_is_whole_before_its_sheet_has_come(held: Held, book: str, path: str):
    for size in (PHONE, DESK):
        for theme in THEMES:
            held.page.set_viewport_size(size)
            held.page.emulate_media(color_scheme=theme)
            held.open(book + path)
            before = held.page.evaluate(SEEN)
            held.let_go()
            assert held.page.evaluate(SEEN) == before
            assert len(before) > 100


def test_modules_are_fetched_when_the_page_has_been_read_and_shown(held: Held, book: str):
    held.open(book + LESSON)
    held.page.wait_for_timeout(200)
    assert held.modules == []
    held.let_go()
    ask_until(held.page, "document.getElementById('modules').content.childElementCount === 0")
    assert held.page.evaluate("performance.getEntriesByType('paint').length") > 0
    ask_until(held.page, "document.querySelectorAll('head > script[type=module]').length === 1")
    held.page.wait_for_timeout(200)
    assert len(held.modules) == 1


def test_a_page_in_the_background_fetches_its_modules_without_being_shown(browser: Browser, book: str):
    context = browser.new_context(viewport=PHONE, service_workers="block")
    context.add_init_script(
        """Object.defineProperty(document, "hidden", { value: true });
        globalThis.requestAnimationFrame = () => 0;"""
    )
    page = context.new_page()
    page.goto(book + LESSON)
    ask_until(page, "customElements.get('backmice-quiz') !== undefined")
    context.close()
