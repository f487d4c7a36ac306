"""A lesson as a package: its built page with all that it shows, and without the site around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import yaml
from lxml import html
from lxml.html import HtmlElement

from backmice.bundle import modules_of
from backmice.chapter import load_chapter
from backmice.evidence.ledger import Ledger, load_ledger
from backmice.export.loss import Loss
from backmice.export.paper import ExportError, NoSuchName, Paper, choose
from backmice.items.blueprint import Blueprints
from backmice.items.load import Bank
from backmice.items.model import Item
from backmice.volume.pages import VolumeError, content

BUILT = Path("_build/html")
PAGES = "book/"
#: What a package has no use for.
OF_THE_SITE = "nav", "p[@class='more']", "script", "noscript"
SCRIPTS_OF_THE_SITE = {"course-worker.js", "lesson-read.js", "next-page.js", "theme.js"}
#: Data in which scripts find addresses of the evidence table; their links would leave the platform's frame.
DATA = "data-dose", "data-vignette"
#: What of a lesson is lost, by part.
LOSSES = {
    "film": Loss(
        "native",
        "Where it was left is kept, speed and captions are not. Its questions are reported with weight 0: "
        "they may be skipped, so they count neither for the score nor for completion.",
    ),
    "figure": Loss("native", "How it was turned, cut or measured is not kept."),
    "links": Loss("nearest", "Links to other pages of the course are plain words; see html: baseurl in _config.yml."),
}
#: One column, wide enough for cards in the margin: there is no list of pages beside it.
STYLE = """
:root { --page: 69rem; }
.page { grid-template-columns: minmax(0, 1fr); }
"""


@dataclass(frozen=True)
class Asked:
    """How an item is asked: under a name that no other has, in which quiz, and whether it counts for the score."""

    id: str
    quiz: str
    counts: bool


@dataclass(frozen=True)
class BuiltLesson(Paper):
    """A lesson with its items, in the order of the page; one may be asked twice, by a film and by the quiz.

    Attributes
    ----------
    main
        The text as HTML, whose addresses are those in the package.
    files
        By path in the package, the files that it shows.
    scripts
        The names of the scripts that it needs.
    asked
        How each of its items is asked.
    films
        The length of each film, in seconds.
    parts
        Those parts of LOSSES that it has.
    """

    main: str
    files: Mapping[str, Path]
    scripts: tuple[str, ...]
    asked: tuple[Asked, ...]
    films: Mapping[str, float]
    parts: tuple[str, ...]


def choose_lesson(
    root: Path,
    bank: Bank,
    blueprints: Blueprints,
    name: str,
    seed: int | None = None,
    ledger: Ledger | None = None,
) -> Paper:
    """Return the paper, or the lesson, that `name` stands for.

    Parameters
    ----------
    name
        As for `choose`, or the path of a lesson, with or without `book/`.

    Raises
    ------
    ExportError
        As for `choose`; if the lesson is not built, or built of other items, or asks nothing that counts.
    LocatedError
        If a page can't be read.
    """
    if (page := f"{PAGES}{name.removeprefix(PAGES)}") in _pages(root) and _is_lesson(root, page):
        if seed is not None:
            raise ExportError(f"'{name}' is a lesson, so --seed decides nothing; leave it out")
        return built_lesson(root, root / BUILT, bank, page, ledger or load_ledger(root))
    try:
        return choose(root, bank, blueprints, name, seed, ledger)
    except NoSuchName as error:
        lessons = [page.removeprefix(PAGES) for page in _pages(root) if _is_lesson(root, page)]
        raise NoSuchName(name, "quiz, blueprint, topic or lesson", (*error.known, *lessons)) from None


def _pages(root: Path) -> list[str]:
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [page["file"] for part in toc["parts"] for page in part["chapters"]]


def _is_lesson(root: Path, page: str) -> bool:
    path = root / f"{page}.md"
    return path.is_file() and load_chapter(path, root).is_lesson


def built_lesson(root: Path, built: Path, bank: Bank, page: str, ledger: Ledger) -> BuiltLesson:
    """Return a lesson as it was built.

    Parameters
    ----------
    built
        The folder of the built book.
    page
        Its name in `_toc.yml`.

    Raises
    ------
    ExportError
        As for `choose_lesson`.
    """
    try:
        main = content(built, page)
    except VolumeError as error:
        raise ExportError(str(error)) from None
    addresses = main.getroottree().xpath("//head/script[@type='module']/@src")
    scripts = {module for address in addresses for module in modules_of(address.rpartition("/")[2])}
    rows = list(_asked(bank, page, main))
    if not any(asked.counts for asked, _ in rows):
        raise ExportError(f"'{page}' asks nothing that counts; set a quiz on it")
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    _leave_the_site(main, page, (config.get("html") or {}).get("baseurl", ""))
    text, files = _with_files(main, built, page)
    films = {film.get("data-film"): float(film.get("data-duration")) for film in main.iter("course-video")}
    parts = ["film"] * bool(films) + ["figure"] * (next(main.iter("backmice-anatomy"), None) is not None) + ["links"]
    return BuiltLesson(
        id=page.removeprefix(PAGES).replace("/", "-"),
        title=" ".join(main.find(".//h1").text_content().split()),
        items=tuple(item for _, item in rows),
        pictures={},
        titles={},
        ledger=ledger,
        root=root,
        main=text,
        files=files,
        scripts=tuple(sorted(scripts - SCRIPTS_OF_THE_SITE)),
        asked=tuple(asked for asked, _ in rows),
        films=films,
        parts=tuple(parts),
    )


def _asked(bank: Bank, page: str, main: HtmlElement) -> Iterator[tuple[Asked, Item]]:
    """Yield what each form of the page asks."""
    for form in main.xpath(".//backmice-quiz//form[@data-item]"):
        item, revision = bank.items.get(form.get("data-item")), int(form.get("data-revision"))
        if item is None or item.revision != revision:
            now = f"is revision {item.revision} by now" if item else "is gone"
            raise ExportError(
                f"'{page}' was built with revision {revision} of item {form.get('data-item')}, which {now}; "
                "build it again: make book"
            )
        quiz = next(form.iterancestors("backmice-quiz")).get("data-quiz")
        in_film = next(form.iterancestors("course-video"), None) is not None
        yield Asked(form.get("id").removeprefix("item-"), quiz, not in_film), item


def _leave_the_site(main: HtmlElement, page: str, address: str) -> None:
    """Take the site's own parts away, and have each link lead within the page, out in a window of its own, or nowhere.

    Parameters
    ----------
    address
        Where the course is published; empty where it is not.
    """
    for gone in main.xpath(" | ".join(f".//{path}" for path in OF_THE_SITE)):
        gone.drop_tree()
    for quiz in main.iter("backmice-quiz"):
        quiz.set("data-again", "no")  # who has read the rationales knows the key
    ids = set(main.xpath(".//@id | ./@id"))
    for link in main.xpath(".//a[@href]"):
        _lead(link, page, address, ids)
    for element in main.xpath(".//*[@data-evidence]"):
        del element.attrib["data-evidence"]
    for attribute in DATA:
        for element in main.xpath(f".//*[@{attribute}]"):
            data = json.loads(element.get(attribute), object_hook=_without_links)
            element.set(attribute, json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _lead(link: HtmlElement, page: str, address: str, ids: set[str]) -> None:
    href = link.get("href")
    to = urlsplit(href)
    within = unquote(to.fragment) if _name(href, page) == page else link.get("data-card", "")
    if not to.scheme and within in ids and not (address and "term" in link.classes):
        link.set("href", f"#{within}")
    elif to.scheme or "_static/" in to.path:
        _open_outside(link)
    elif out := _published(href, page, address):
        link.set("href", out)
        _open_outside(link)
    elif link.getparent().tag == "aside" or "button" in link.classes:
        link.drop_tree()  # words that only say where it leads
    elif "chip" in link.classes:
        link.tag = "span"
        del link.attrib["href"]
    else:
        link.drop_tag()


def _open_outside(link: HtmlElement) -> None:
    """A platform's frame would leave the lesson, and its session would end."""
    link.set("target", "_blank")
    link.set("rel", "noopener")


def _name(href: str, page: str) -> str:
    """Return which page of the book an address leads to."""
    path = urlsplit(href).path
    return normpath(join(dirname(page), unquote(path))).removesuffix(".html") if path else page


def _published(href: str, page: str, address: str) -> str:
    """Return a page's address where the course is published; empty where it is not."""
    if not address:
        return ""
    fragment = urlsplit(href).fragment
    return f"{address.rstrip('/')}/{_name(href, page)}.html" + (f"#{fragment}" if fragment else "")


def _without_links(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if name != "href"}


def _with_files(main: HtmlElement, built: Path, page: str) -> tuple[str, dict[str, Path]]:
    """Return the page's text with addresses in the package, and the files that they lead to."""
    files: dict[str, Path] = {}

    def take(found: re.Match[str]) -> str:
        path = built / "_static" / found[1]
        if not path.is_file():
            raise ExportError(f"The built book has no {found[1]}, which '{page}' shows; build it again: make book")
        files[f"media/{found[1]}"] = path
        return f"media/{found[1]}"

    above = re.escape("../" * page.count("/"))
    text = re.sub(rf"(?<![\w./]){above}_static/([\w./-]+)", take, html.tostring(main, encoding="unicode"))
    return text, files
