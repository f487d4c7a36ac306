"""The course as a PDF: the pages as one document in the style of the book, printed by Chrome or Chromium.

Only the print tells on which sheet each page begins. So the contents are printed once more, with these numbers, and
take the place of the first ones. The outline and all times are those of the text, not of the machine.
"""

from __future__ import annotations

import copy
import json
import subprocess
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, time
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pikepdf
from lxml import html
from lxml.html import HtmlElement
from lxml.html.builder import (
    BODY,
    CLASS,
    DIV,
    H1,
    HEAD,
    HTML,
    LI,
    LINK,
    META,
    NAV,
    OL,
    SECTION,
    SPAN,
    STYLE,
    TITLE,
    A,
    P,
)
from pikepdf import ObjectStreamMode, OutlineItem, Pdf

from backmice.assets import literata_for_print
from backmice.browser import find_browser
from backmice.volume.front import ABOUT, SUBTITLE, day, licences
from backmice.volume.pages import INLINE, Page, Part, Say, Volume, VolumeError

PACKAGE = Path(str(files("backmice")))
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer",
             "--disable-background-networking")  # fmt: skip
PATIENCE_S = 1200
SECTIONS = ".//section[@id]/h3"
WEIGHTS = (400, 600, 700)
#: Headings inside these rank below those of the text around them.
SMALL = ("box", "plain", "aims", "key", "claim-row")


def pdf_bytes(volume: Volume, root: Path, built: Path, say: Say) -> bytes:
    """Return the course as a tagged PDF of A4 sheets.

    Raises
    ------
    VolumeError
        If there is no Chrome or Chromium, or it prints nothing.
    """
    browser = find_browser()
    if browser is None:
        raise VolumeError("The PDF is printed by Chrome or Chromium, and none was found; install one, or set CHROMIUM.")
    front = _front(volume)
    pages = [body for part in volume.parts for body in _part(part)]
    styles = [*_styles(root, built), STYLE("\n".join(map(_running_title, volume.pages())))]
    say(f"Printing {len(pages)} chapters; that takes a minute or more …")
    whole = _print(browser, volume, styles, [*copy.deepcopy(front), *pages, _links(pages)])
    say("Printing the contents with their page numbers …")
    starts = _starts(whole)
    for row in front[-1].iter("a"):
        row.find("span[@class='page']").text = str(starts[row.get("href")[1:]])
    _take_over(whole, _print(browser, volume, styles, front))
    return _finish(whole, volume)


# The document.


def _styles(root: Path, built: Path) -> list[HtmlElement]:
    """Return the style of the built book, the typeface as a PDF wants it, and the rules that a volume adds."""
    found = sorted((built.resolve() / "_static").glob("*/course.css"))
    if not found:
        raise VolumeError("The built book has no style; build it: make book")
    fonts = {weight: literata_for_print(root, root.resolve() / ".cache", weight) for weight in WEIGHTS}
    faces = [
        f'@font-face {{ font-family: "Literata Print"; font-weight: {weight}; src: url("{font.as_uri()}"); }}'
        for weight, font in fonts.items()
        if font
    ]
    own = (PACKAGE / "volume/paper.css").read_text(encoding="utf-8")
    sheets = [LINK(rel="stylesheet", href=found[-1].with_name(name).as_uri()) for name in ("course.css", "print.css")]
    return [*sheets, STYLE("\n".join([*faces, own]))]


def _front(volume: Volume) -> list[HtmlElement]:
    """Return the title page and the contents."""
    facts = [
        P(text) for text in (f"Version {volume.version}, reviewed {day(volume.reviewed)}", *licences(volume), *ABOUT)
    ]
    name = [P(volume.title, CLASS("of-title")), P(SUBTITLE, CLASS("lead")), P(volume.author)]
    contents = NAV(H1("Contents"), *(element for part in volume.parts for element in _listed(part)), CLASS("list"))
    return [SECTION(*name, DIV(*facts, CLASS("imprint")), CLASS("title-page")), contents]


def _listed(part: Part) -> list[HtmlElement]:
    rows = [
        LI(A(SPAN(str(page.number or ""), CLASS("n")), SPAN(page.title, CLASS("t")), SPAN("000", CLASS("page")),
             href=f"#{page.id}"))
        for page in part.pages
    ]  # fmt: skip
    return [P(part.caption, CLASS("label")), OL(*rows)] if part.caption else [OL(*rows)]


def _part(part: Part) -> list[HtmlElement]:
    """Return the pages of a part, the first of which opens with the part's title."""
    pages = [_lowered(page.body) for page in part.pages]
    for page, body in zip(part.pages, pages, strict=True):
        body.set("style", f"page: {page.id}")
    if part.caption:
        pages[0].insert(0, H1(part.caption, CLASS("of-part")))
    return pages


def _lowered(body: HtmlElement) -> HtmlElement:
    """Return a page as a section whose headings leave the first rank to parts."""
    body.tag = "section"
    body.set("class", "text")
    for heading in body.xpath(".//h1 | .//h2 | .//h3 | .//h4 | .//h5"):
        small = any(set(SMALL) & set((above.get("class") or "").split()) for above in heading.iterancestors())
        heading.tag = f"h{int(heading.tag[1]) + 1 + (small and heading.tag == 'h2')}"
    for picture in body.iter("img"):
        if not picture.get("src").startswith(INLINE):
            picture.set("src", Path(picture.get("src")).as_uri())
    return body


def _running_title(page: Page) -> str:
    """Return the rule that puts a page's title over its sheets."""
    return f"@page {page.id} {{ @top-right {{ content: {json.dumps(page.title, ensure_ascii=False)} }} }}"


def _links(pages: Iterable[HtmlElement]) -> HtmlElement:
    """Return links to all sections, which nobody sees: the browser tells the place only of what is linked."""
    ids = [heading.getparent().get("id") for body in pages for heading in body.xpath(SECTIONS)]
    return DIV(*(A(href=f"#{id_}") for id_ in ids), style="display: none")


# Printing.


def _print(browser: str, volume: Volume, styles: list[HtmlElement], content: list[HtmlElement]) -> Pdf:
    """Return what the browser makes of the content."""
    sprite = html.fragment_fromstring((PACKAGE / "theme/sprite.html").read_text(encoding="utf-8"))
    head = HEAD(META(charset="utf-8"), TITLE(volume.title), *copy.deepcopy(styles))
    document = HTML(head, BODY(sprite, *content, CLASS("volume")), lang="en")
    with tempfile.TemporaryDirectory(prefix="backmice-pdf-") as folder:
        page, printed = Path(folder) / "volume.html", Path(folder) / "volume.pdf"
        page.write_bytes(html.tostring(document, doctype="<!doctype html>", encoding="utf-8"))
        command = [browser, *ARGUMENTS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}", page.as_uri()]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise VolumeError(f"{browser} did not print: {error}") from None
        if not printed.is_file():
            why = done.stderr.strip().splitlines()
            raise VolumeError(f"{browser} printed nothing{f': {why[-1]}' if why else ''}")
        return Pdf.open(BytesIO(printed.read_bytes()))


def _starts(pdf: Pdf) -> dict[str, int]:
    """Return the number of the sheet, from 1, on which each id that is linked to stands."""
    sheets = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    return {name[1:]: sheets[place[0].objgen] for name, place in pdf.Root.Dests.items()}


def _take_over(whole: Pdf, front: Pdf) -> None:
    """Put other digits on the sheets of the front matter; its tags and links stay, as they mark the same words."""
    for old, new in zip(whole.pages[: len(front.pages)], front.pages, strict=True):
        if _marks(old)[: len(_marks(new))] != _marks(new):
            raise VolumeError("The browser printed the contents in two ways; run it again.")
        old.Contents = whole.copy_foreign(new.Contents)
        old.Resources = whole.copy_foreign(front.make_indirect(new.Resources))


def _marks(page: pikepdf.Page) -> list[int]:
    """Return the numbers that tie what is on a sheet to the tags, in order."""
    marked = [operands[1] for operands, operator in pikepdf.parse_content_stream(page) if str(operator) == "BDC"]
    return [int(facts.MCID) for facts in marked if "/MCID" in facts]


def _finish(pdf: Pdf, volume: Volume) -> bytes:
    """Return the file with its outline, its metadata and the text's own day."""
    places = {name[1:]: place for name, place in pdf.Root.Dests.items()}
    with pdf.open_outline() as outline:
        for part in volume.parts:
            pages = [_entry(page, places) for page in part.pages]
            if part.caption:
                first = OutlineItem(part.caption, places[part.pages[0].id])
                first.children.extend(pages)
                first.is_closed = True
                pages = [first]
            outline.root.extend(pages)
    moment = datetime.combine(volume.reviewed, time(12), UTC)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as facts:
        facts["dc:title"], facts["dc:creator"], facts["dc:language"] = volume.title, [volume.author], ["en"]
        facts["dc:description"], facts["xmp:CreateDate"] = SUBTITLE, moment.isoformat()
    stamp = moment.strftime("D:%Y%m%d%H%M%SZ")
    pdf.docinfo = pdf.make_indirect(pikepdf.Dictionary(
        Title=volume.title, Author=volume.author, Subject=SUBTITLE, Creator=f"backmice {volume.version}",
        CreationDate=stamp, ModDate=stamp,
    ))  # fmt: skip
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
    out = BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate, recompress_flate=True)
    return out.getvalue()


def _entry(page: Page, places: dict[str, pikepdf.Array]) -> OutlineItem:
    """Return a page and its sections in the outline."""
    entry = OutlineItem(f"{page.number} {page.title}" if page.number else page.title, places[page.id])
    for heading in page.body.xpath(SECTIONS):
        id_ = heading.getparent().get("id")
        entry.children.append(OutlineItem(" ".join(heading.text_content().split()), places[id_]))
    entry.is_closed = True
    return entry
