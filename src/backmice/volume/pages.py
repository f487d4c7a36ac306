"""The built book, read in the order of its contents, with all that only a screen can do taken away.

What comes out is a tree of pages whose ids are unique and whose links, within the course, name an id. So a writer
needs no addresses: it only has to know into which of its files each id went.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import yaml
from lxml import etree, html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, P

from backmice import __version__
from backmice.chapter import Lesson, load_chapter, page_file
from backmice.volume.items import FORMS, plain_items

Say = Callable[[str], None]

INDEX = "practice/course-index.json"
MORE = "More practice items"
#: A picture that stands in its page, as a notebook shows it.
INLINE = "data:image/"
#: What is of no use where nothing can be pressed.
OF_THE_SCREEN = (
    "script", "template", "button", "*[@hidden]", "nav", "div[@class='panel']", "aside[contains(@class, 'claim-card')]",
    "p[@class='more']", "p[@class='uses']", "form[@class='search is-open']", "form[@class='filter']",
    "div[@class='packages']", "details[@class='film-lines']",
    "details[@class='film-questions']",  # the items stand after their lessons
    "figure[contains(@class, 'film')]//p[@class='screen-only']",
)  # fmt: skip
SCRIPT_WANTED = ".//*[@class='needs-script'] | .//noscript"
ONLY_IN_A_BROWSER = (
    "This part answers only in the course itself, in a browser. Here each item stands after its lesson "
    f"or under {MORE}, with its key at the end of the page."
)
REFERRING = ("id", "for", "aria-labelledby", "aria-describedby")


class VolumeError(Exception):
    """The course can't be made into one file; the message says what to do."""


@dataclass(frozen=True)
class Page:
    """A page: its id in the volume, its name, its title, the number of a lesson, and its content with that title."""

    id: str
    name: str
    title: str
    number: int | None
    body: HtmlElement


@dataclass(frozen=True)
class Part:
    """Pages under one caption; the welcome page has an empty one."""

    caption: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Volume:
    """The whole course. `reviewed` is the last day on which a lesson was reviewed; a volume asks no other clock."""

    title: str
    author: str
    copyright: str
    version: str
    reviewed: date
    parts: tuple[Part, ...]

    def pages(self) -> Iterator[Page]:
        """Yield every page in order."""
        for part in self.parts:
            yield from part.pages


def read_volume(root: Path, built: Path) -> Volume:
    """Read the book that was built of the course in `root`.

    Raises
    ------
    VolumeError
        If the book is not built whole, or a link of it leads nowhere.
    """
    built = built.resolve()
    config, toc = (yaml.safe_load((root / name).read_text(encoding="utf-8")) for name in ("_config.yml", "_toc.yml"))
    named = {"": [toc["root"]]} | {p["caption"]: [page["file"] for page in p["chapters"]] for p in toc["parts"]}
    files = {name: page_file(root, name) for names in named.values() for name in names}
    if missing := [name for name, file in files.items() if file is None]:
        raise VolumeError(f"_toc.yml names {missing[0]}, which has no page; create it or correct the name")
    openings = {name: load_chapter(root / file, root).opening for name, file in files.items()}
    lessons = {name: opening for name, opening in openings.items() if isinstance(opening, Lesson)}
    numbers = {name: number for number, name in enumerate(lessons, 1)}
    parts = [Part(c, tuple(_page(built, name, numbers.get(name)) for name in names)) for c, names in named.items()]
    if pages := tuple(_more_practice(built, parts)):
        parts.append(Part(MORE, pages))
    _join_links(parts)
    reviewed = max((lesson.reviewed for lesson in lessons.values()), default=date(1970, 1, 1))
    return Volume(config["title"], config["author"], str(config["copyright"]), __version__, reviewed, tuple(parts))


def _page(built: Path, name: str, number: int | None = None, without: Collection[str] = ()) -> Page:
    """Read a page, without the items that are named."""
    body = content(built, name)
    for form in body.xpath(FORMS):
        if form.get("data-item") in without:
            form.drop_tree()
    _take_from_the_screen(body)
    # Of a picture in several sizes, the one that any reader shows. lxml has what follows a source stand within it.
    for sizes in body.xpath(".//picture | .//picture//source"):
        sizes.drop_tag()
    for film in body.xpath(".//video"):
        _still(film, name)
    for picture in body.iter("img"):
        for attribute in ("srcset", "sizes", "loading", "decoding"):
            picture.attrib.pop(attribute, None)
        if not picture.get("src").startswith(INLINE):
            picture.set("src", normpath(join(built / dirname(name), unquote(picture.get("src")))))
    plain_items(body)
    id_ = name.removeprefix("book/").replace("/", "-")
    _make_unique(body, id_)
    body.attrib.clear()
    body.set("id", id_)
    return Page(id_, name, " ".join(body.find(".//h1").text_content().split()), number, body)


def content(built: Path, name: str) -> HtmlElement:
    """Return the text of a built page, as an element of its whole document.

    Raises
    ------
    VolumeError
        If the page is not built.
    """
    try:
        source = (built / f"{name}.html").read_bytes()
    except OSError:
        raise VolumeError(f"The built book has no page {name}; build it: make book") from None
    return html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8")).get_element_by_id("text")


def _take_from_the_screen(body: HtmlElement) -> None:
    """Leave of a page what it says without a script, with nothing folded away."""
    for gone in body.xpath(" | ".join(f".//{path}" for path in OF_THE_SCREEN)):
        gone.drop_tree()
    for gone in body.xpath(SCRIPT_WANTED):
        gone.getparent().replace(gone, P(ONLY_IN_A_BROWSER, CLASS("only-in-a-browser")))
    for folded in body.xpath(".//details[not(@class='key')]"):
        folded.tag = "div"
        for summary in folded.findall("summary"):
            if summary.xpath("h2 | h3 | h4"):
                summary.tag = "div"
            else:
                summary.tag = "p"
                summary.set("class", "label")
    for element in body.xpath(".//*[starts-with(name(), 'backmice-') or starts-with(name(), 'course-')]"):
        element.drop_tag()


def _still(film: HtmlElement, name: str) -> None:
    """Leave of a film its picture, and say in its caption where the film is: what is said and seen stands below."""
    figure = next(film.iterancestors("figure"))
    film.getprevious().set("alt", "A still of the film, whose words stand below.")
    film.drop_tree()
    place = f"The film itself is in the course, in a browser: {name}.html#{figure.get('id')}"
    figure.find("figcaption").append(P(place, CLASS("only-in-a-browser")))


def _make_unique(body: HtmlElement, page_id: str) -> None:
    """Put the page's id before each id in it, and before each mention of one."""
    for element in body.iter(etree.Element):
        for attribute in REFERRING:
            if value := element.get(attribute):
                element.set(attribute, " ".join(f"{page_id}.{id_}" for id_ in value.split()))
        for attribute in ("fill", "clip-path"):
            if (value := element.get(attribute, "")).startswith("url(#"):
                element.set(attribute, value.replace("#", f"#{page_id}.", 1))


def _more_practice(built: Path, parts: list[Part]) -> Iterator[Page]:
    """Yield, for each topic, the items that no page of the contents shows."""
    index = built / INDEX
    shown = {item for part in parts for page in part.pages for item in page.body.xpath(".//@data-item")}
    for topic in json.loads(index.read_text(encoding="utf-8"))["topics"] if index.is_file() else ():
        page = _page(built, f"practice/{topic}", without=shown)
        if page.body.xpath(".//@data-item"):
            page.body.find(".//p[@class='lead']").drop_tree()  # it counts all items of the topic
            yield page


def _join_links(parts: list[Part]) -> None:
    """Have each link within the course name an id, and let go of links to what a volume does not hold."""
    pages = {page.name: page for part in parts for page in part.pages}
    ids = {id_ for page in pages.values() for id_ in page.body.xpath(".//@id | ./@id")}
    items = {item.get("data-item"): item.get("id") for p in pages.values() for item in p.body.xpath(".//*[@data-item]")}
    for page in pages.values():
        for link in page.body.xpath(".//a[@href]"):
            address = urlsplit(link.get("href"))
            if address.scheme:
                continue
            name = normpath(join(dirname(page.name), address.path)).removesuffix(".html") if address.path else page.name
            fragment = unquote(address.fragment)
            target = ""
            if name in pages:
                target = f"{pages[name].id}.{fragment}" if fragment else pages[name].id
            if target not in ids:  # an item of a practice page, which may stand with its lesson
                target = items.get(fragment.removeprefix("item-"), target)
            if target in ids:
                link.set("href", f"#{target}")
            elif name in pages:
                raise VolumeError(
                    f"{page.name} leads to {link.get('href')}, which is not there; build again: make book"
                )
            else:
                link.drop_tag()
