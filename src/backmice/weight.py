"""What each page asks of a reader's line before anything is pressed or come near, and what it may ask: `budgets.toml`.

It is reckoned from the built pages and the compressed copies beside their files, without a browser; a test measures
the same pages in one. Headers of answers, some 200 bytes each, are left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html
from lxml.html import HtmlElement

from backmice.compressed import beside

BUDGETS = "budgets.toml"
#: The first that a page holds decides its kind; one that holds none is a text.
KINDS = {
    "video": ".//course-video | .//course-video-library",
    "figure": ".//backmice-anatomy[not(ancestor::form)]",
    "quiz": ".//backmice-exam | .//backmice-review | .//backmice-quiz[starts-with(@data-quiz, 'practice-')]",
}
#: What the layout of the course opens each page with; files of other makers beside the book have it not.
OURS = ".//main[@id='text']"
#: What a browser fetches at once. Pictures that wait until the reader comes near are not among it.
FETCHED = (
    ".//script[@src]/@src",
    ".//link[@rel='stylesheet' or @rel='preload' or @rel='modulepreload' or @rel='manifest']/@href",
    ".//img[@src and not(@loading='lazy')]/@src",
    ".//video/@poster",
)


@dataclass(frozen=True)
class Budget:
    """What a page may weigh: KiB over the line, and requests."""

    kib: int
    requests: int


@dataclass(frozen=True)
class Budgets:
    """Budgets by kind of page, of single pages that have their own, and of parts that come when they are asked for."""

    kinds: Mapping[str, Budget]
    pages: Mapping[str, Budget]
    parts: Mapping[str, Budget] = field(default_factory=dict)

    def of(self, page: str, kind: str) -> Budget:
        """Return the budget of a page, by its address without the ending."""
        return self.pages.get(page) or self.kinds[kind]


@dataclass(frozen=True)
class PageWeight:
    """What one page weighs, in bytes as sent; `page` is its address without the ending."""

    page: str
    kind: str
    size: int
    requests: int


def load_budgets(root: Path) -> Budgets:
    """Return the budgets of the course."""
    found = tomllib.loads((root / BUDGETS).read_text(encoding="utf-8"))
    rows = (found.get(part, {}) for part in ("kinds", "pages", "parts"))
    return Budgets(*({name: Budget(**row) for name, row in each.items()} for each in rows))


def pages(folder: Path) -> dict[str, HtmlElement]:
    """Return the pages of a built book that have the course's layout, by address without the ending, in order."""
    found = {path: html.document_fromstring(path.read_bytes()) for path in sorted(folder.rglob("*.html"))}
    return {
        path.relative_to(folder).as_posix().removesuffix(".html"): page
        for path, page in found.items()
        if page.xpath(OURS)
    }


def kind(page: HtmlElement) -> str:
    """Return what kind of page it is."""
    return next((name for name, path in KINDS.items() if page.xpath(path)), "text")


def weigh(folder: Path) -> list[PageWeight]:
    """Return what each page of a built book weighs, the heaviest first."""
    found = []
    for name, page in pages(folder).items():
        files = _fetched(folder, f"{name}.html", page)
        found.append(PageWeight(name, kind(page), sum(map(sent, files)), len(files)))
    return sorted(found, key=lambda page: (-page.size, page.page))


def sent(path: Path) -> int:
    """Return how many bytes of a file are sent: of its brotli copy, where there is one."""
    copy = beside(path, ".br")
    return (copy if copy.is_file() else path).stat().st_size


def over(weights: Iterable[PageWeight], budgets: Budgets) -> list[str]:
    """Return a sentence for each page that is over its budget."""
    told = []
    for page in weights:
        budget = budgets.of(page.page, page.kind)
        if page.size > budget.kib * 1024:
            told.append(f"{page.page} ({page.kind}) weighs {page.size / 1024:.1f} KiB; its budget is {budget.kib} KiB")
        if page.requests > budget.requests:
            told.append(f"{page.page} ({page.kind}) makes {page.requests} requests; its budget is {budget.requests}")
    return told


def table(weights: Iterable[PageWeight], budgets: Budgets) -> str:
    """Return a line for each page, with its budget, and the page that comes nearest to it or is farthest beyond."""
    rows = [(page, budgets.of(page.page, page.kind)) for page in weights]
    width = max(len(page.page) for page, _ in rows)
    lines = [f"{'page':{width}}  kind       KiB  budget  requests  budget"]
    lines += [
        f"{page.page:{width}}  {page.kind:6}  {page.size / 1024:6.1f}  {budget.kib:6}  {page.requests:8}  {budget.requests:6}"
        for page, budget in rows
    ]
    page, budget = max(rows, key=lambda row: row[0].size / row[1].kib)
    lines.append(f"Worst: {page.page}, {page.size / 1024:.1f} of {budget.kib} KiB")
    return "\n".join(lines)


def _fetched(folder: Path, name: str, page: HtmlElement) -> list[Path]:
    """Return the files that a page fetches at once, itself first; the missing page names them by whole paths."""
    root = page.getroottree().getroot().get("data-content_root", "")
    top = root if root.startswith("/") else "/"
    addresses = [str(address) for found in FETCHED for address in page.xpath(found)]
    local = [urlsplit(urljoin(f"{top}{name}", address)).path for address in addresses if not urlsplit(address).scheme]
    return [folder / name, *dict.fromkeys(folder / unquote(path).removeprefix(top) for path in local)]
