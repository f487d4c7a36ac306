"""What each page of the book asks of a reader's line, measured in a browser, is within its budget; and none moves while it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_reader import LESSON, draw_figure
from playwright.sync_api import Browser, CDPSession, Page, expect

from backmice.weight import PageWeight, kind, load_budgets, over, pages

ROOT = Path(__file__).parents[2]
#: The phone of Lighthouse.
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "service_workers": "block"}
AT_ONCE = 8
#: Pages on a slow line that are opened together, and how often one is.
FEW, TRIES = 4, 3
#: Where the script, data and pictures of figures lie; other pictures come into sight beside one.
OF_FIGURES = re.compile("/_static/(vendor|figures)/")
#: The slow line of Lighthouse, on which scripts come long after the words.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1638400 / 8, "uploadThroughput": 750 * 1024 / 8}
#: How far things have moved though nobody pressed anything, and which.
MOVES = """
globalThis.moved = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const what = sources.map(({ node }) => node && `${(node.parentElement ?? node).localName} > ${node.className || node.nodeName}`);
    if (!hadRecentInput) moved.push([Math.round(value * 1e4) / 1e4, ...what]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


class Line:
    """Counts what comes over the line for one tab, in which nothing is kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.on("Network.requestWillBeSent", self.asked)
        self.session.on("Network.loadingFinished", self.came)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def open(self, address: str) -> None:
        """Begin to load a page."""
        self.asked_for: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.page.goto(address, wait_until="commit")

    def asked(self, event: dict) -> None:
        """Note a request; what stands in the page itself is none."""
        if not event["request"]["url"].startswith("data:"):
            self.asked_for[event["requestId"]] = event["request"]["url"]

    def came(self, event: dict) -> None:
        """Note the bytes of an answer, with its headers."""
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def total(self) -> tuple[int, int]:
        """Return bytes and requests; pictures that wait until the reader comes near are no part of the page."""
        waiting = self.page.locator("img[loading=lazy]").evaluate_all("all => all.map((img) => img.currentSrc)")
        counted = [id_ for id_, url in self.asked_for.items() if url not in waiting]
        return sum(self.sizes.get(id_, 0) for id_ in counted), len(counted)


def measured(browser: Browser, address: str, kinds: dict[str, str]) -> Iterator[PageWeight]:
    """Yield what each page weighs until its network rests."""
    context = browser.new_context(**PHONE)
    lines = [Line(context.new_page()) for _ in range(AT_ONCE)]
    names = list(kinds)
    for some in (names[n : n + AT_ONCE] for n in range(0, len(names), AT_ONCE)):
        for line, name in zip(lines, some, strict=False):
            line.open(f"{address}/{name}.html")
        for line, name in zip(lines, some, strict=False):
            line.page.wait_for_load_state("networkidle")
            yield PageWeight(name, kinds[name], *line.total())
    context.close()


def test_every_page_is_within_its_budget(browser: Browser, book: str, book_folder: Path):
    kinds = {name: kind(page) for name, page in pages(book_folder).items()}
    found = list(measured(browser, book, kinds))
    assert over(found, load_budgets(ROOT)) == []
    # It opened them all, and saw what they fetch.
    assert len(found) == len(kinds) > 80
    assert {page.kind for page in found} == {"text", "figure", "quiz", "video"}
    assert min(page.requests for page in found) >= 4


def test_a_figure_is_within_its_budget(browser: Browser, book: str):
    context = browser.new_context(**PHONE)
    line = Line(context.new_page())
    line.open(f"{book}{LESSON}")
    line.page.wait_for_load_state("networkidle")
    before, budget = set(line.asked_for), load_budgets(ROOT).parts["figure"]
    draw_figure(line.page)
    line.page.wait_for_load_state("networkidle")
    asked = {id_: url for id_, url in line.asked_for.items() if id_ not in before and OF_FIGURES.search(url)}
    context.close()
    assert sorted(url.rpartition(".")[2] for url in asked.values()) == ["js", "json", "webp"]
    assert len(asked) <= budget.requests
    assert sum(line.sizes[id_] for id_ in asked) <= budget.kib * 1024


@pytest.mark.parametrize("viewport", [PHONE["viewport"], {"width": 1280, "height": 900}])
@pytest.mark.parametrize(
    "asked",
    [
        "book/meet/names-table.html?text=lipoma",
        "book/meet/names-table.html?text=zzzz",
        "book/evidence/literature.html?text=cadaver",
        "book/evidence/index.html?design=rct#topic-imaging",
    ],
)
def test_nothing_moves_where_the_address_filters_rows(browser: Browser, book: str, asked: str, viewport: dict):
    context = browser.new_context(**{**PHONE, "viewport": viewport})
    context.add_init_script(MOVES)
    tab = context.new_page()
    line = context.new_cdp_session(tab)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    tab.goto(f"{book}/{asked}", wait_until="networkidle")
    expect(tab.locator(":is(tr, .claim-row)[hidden]").last).to_be_attached()
    assert tab.evaluate("moved") == []
    context.close()


def test_a_table_is_shown_when_it_has_come_whole(page: Page, book: str, book_folder: Path):
    """Regression: its columns moved with the rows that came later."""
    whole = (book_folder / "book/instructors/uncertain.html").read_text(encoding="utf-8")
    page.goto(f"{book}/book/instructors/uncertain.html")
    expect(page.locator("table").first).to_be_visible()
    page.route(
        "**/uncertain.html", lambda route: route.fulfill(body=whole.partition("<tfoot")[0], content_type="text/html")
    )
    page.goto(f"{book}/book/instructors/uncertain.html")
    expect(page.locator("table").first).to_be_hidden()


def test_nothing_moves_while_a_page_comes(browser: Browser, book: str, book_folder: Path):
    names = [*pages(book_folder)]
    context = browser.new_context(**PHONE)
    context.add_init_script(MOVES)
    tabs = [context.new_page() for _ in range(FEW)]
    for tab in tabs:
        line = context.new_cdp_session(tab)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
    moved, waiting = {}, names * TRIES
    while waiting:
        some, waiting = waiting[:FEW], waiting[FEW:]
        for tab, name in zip(tabs, some, strict=False):
            tab.goto(f"{book}/{name}.html", wait_until="commit")
        for tab, name in zip(tabs, some, strict=False):
            tab.wait_for_load_state("networkidle")
            # On a busy machine storage may answer too late: the page says so above what it holds, and is opened again.
            if tab.locator(".notice .is-error").count() == 0:
                moved[name] = tab.evaluate("moved")
        waiting = [name for name in waiting if name not in moved]
    context.close()
    assert {name: shifts for name, shifts in moved.items() if shifts} == {}
    assert moved.keys() == {*names}
