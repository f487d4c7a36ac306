"""The course as an EPUB 3: one file a page, one a topic of the evidence, and nothing that a reader's device must run.

The same course gives the same bytes: times are those of the text, and the identifier is made from the content.
"""

from __future__ import annotations

import copy
from base64 import b64decode
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from lxml import etree
from lxml.builder import ElementMaker
from lxml.html import HtmlElement

from backmice.volume.front import ABOUT, SUBTITLE, day, licences
from backmice.volume.pages import INLINE, Page, Part, Say, Volume, VolumeError

PACKAGE = Path(str(files("backmice")))
COVER = "media/cover/cover.png"
XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
OCF = "urn:oasis:names:tc:opendocument:xmlns:container"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FOREIGN = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
#: What an HTML parser writes small, and SVG does not.
SVG_NAMES = {
    name.lower(): name
    for name in ("viewBox", "preserveAspectRatio", "linearGradient", "radialGradient", "gradientUnits", "clipPath",
                 "clipPathUnits", "patternUnits", "textLength", "markerWidth", "markerHeight", "refX", "refY")
}  # fmt: skip
H = ElementMaker(namespace=XHTML, nsmap={None: XHTML, "epub": OPS})
O = ElementMaker(namespace=OPF, nsmap={None: OPF, "dc": DC})
D = ElementMaker(namespace=DC, nsmap={"dc": DC})
#: Drawn by style sheets that a device may not have; their words say the same.
DRAWN = ".//svg[@class='icon' or @class='emblem'] | .//*[@class='track' or @class='scale'] | .//*[@class='life']"
#: Plates need colours of the style sheet; the table of each says the same.
PLATES = ".//*[@class='plate' or @class='plate map']/svg | .//fieldset[@class='choice'] | .//ul[@class='keys-of-map']"
KEPT = ("id", "class", "href", "src", "alt", "lang", "title", "type", "start", "colspan", "rowspan", "scope", "width",
        "height", "style", "data-certainty", "aria-label", "aria-labelledby", "aria-hidden")  # fmt: skip
TYPES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml", ".gif": "image/gif"}
ACCESS = (
    ("accessMode", "textual"), ("accessMode", "visual"), ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "alternativeText"), ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "readingOrder"), ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"), ("accessibilityHazard", "none"),
    ("accessibilitySummary", ("Text that reflows, with headings, lists and tables. Each picture has a text in its place. "
     "How sure a statement is stands after it as a word.")),
)  # fmt: skip
LANDMARKS = {"book/glossary": "glossary", "book/bibliography": "bibliography"}


@dataclass
class Document:
    """One file of text: its name, its title, its content, and the files that stand below it in the contents."""

    name: str
    title: str
    body: etree._Element
    below: list[Document] = field(default_factory=list)


def epub_bytes(volume: Volume, root: Path, say: Say) -> bytes:
    """Return the course as an EPUB 3.

    Raises
    ------
    VolumeError
        If the cover or a picture is not there.
    """
    say("Setting the pages …")
    chapters = [(part, [_documents(page) for page in part.pages]) for part in volume.parts]
    every = [document for _, tops in chapters for top in tops for document in (top, *top.below)]
    homes = {id_: document.name for document in every for id_ in document.body.xpath(".//@id | ./@id")}
    pictures: dict[str, bytes] = {"cover.png": _read(root / COVER)}
    for document in every:
        _point(document, homes)
        _picture(document, pictures)
    title = Document("title.xhtml", volume.title, _title_page(volume))
    texts = {d.name: _xhtml(d.title, d.body) for d in (_cover(volume), title, *every)}
    texts["nav.xhtml"] = _xhtml("Contents", *_navigation(volume, chapters))
    style = (PACKAGE / "volume/epub.css").read_bytes()
    content = {**texts, "style.css": style, **pictures}
    order = ["cover.xhtml", "title.xhtml", "nav.xhtml", *(document.name for document in every)]
    content["package.opf"] = _package(volume, content, order)
    say(f"Packing {len(content)} files …")
    return _zipped(content)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise VolumeError(f"{path} is not there; the EPUB needs it") from None


# The pages.


def _documents(page: Page) -> Document:
    """Return a page as a file; one in topics, each of which would be long, as a file with one below it for each."""
    body = copy.deepcopy(page.body)
    body.tag = "section"
    _without_style(body)
    body.set("role", "doc-chapter")
    whole = Document(f"{page.id}.xhtml", f"{page.number} {page.title}" if page.number else page.title, body)
    for topic in body.xpath(".//section[@class='topic']"):
        topic.getparent().remove(topic)
        heading = topic.find("h2")
        heading.tag = "h1"
        for claim in topic.xpath(".//h3"):
            claim.tag = "h2"
        topic.set("role", "doc-chapter")
        whole.below.append(Document(f"{topic.get('id')}.xhtml", heading.text_content(), topic))
    return whole


def _without_style(body: HtmlElement) -> None:
    """Have words say what lines and pictures say in the book."""
    for drawn in body.xpath(f"{DRAWN} | {PLATES}"):
        drawn.drop_tree()
    for how in body.xpath(".//a[@class='how']"):
        how.text = f"[{how.text}]"
    for chips in body.xpath(".//a[@class='chip'][preceding-sibling::*[1][self::a[@class='chip']]]"):
        before = chips.getprevious()
        before.tail = "; "
    for element in body.iter(etree.Element):
        for name in set(element.attrib) - set(KEPT):
            if not any(above.tag in FOREIGN for above in (element, *element.iterancestors())):
                del element.attrib[name]
        if (element.get("style") or "--").startswith("--"):
            element.attrib.pop("style", None)


def _point(document: Document, homes: dict[str, str]) -> None:
    """Put the file before the id in each link within the volume."""
    for link in document.body.xpath(".//a[starts-with(@href, '#')]"):
        id_ = link.get("href")[1:]
        home = homes[id_]
        link.set("href", f"{'' if home == document.name else quote(home)}#{quote(id_)}")


def _picture(document: Document, pictures: dict[str, bytes]) -> None:
    """Take in the pictures that a file shows, each once."""
    for image in document.body.iter("img"):
        source = image.get("src")
        if source.startswith(INLINE):
            kind, _, data = source.removeprefix(INLINE).partition(";base64,")
            path, content = Path(f"picture.{kind.partition('+')[0]}"), b64decode(data)
        else:
            path = Path(source)
            content = _read(path)
        name = f"{path.stem}-{sha256(content).hexdigest()[:8]}{path.suffix}"
        pictures[name] = content
        image.set("src", quote(name))


def _xhtml(title: str, *content: etree._Element) -> bytes:
    """Return a file of text."""
    head = H.head(H.meta(charset="utf-8"), H.title(title), H.link(rel="stylesheet", type="text/css", href="style.css"))
    page = H.html(head, H.body(H.main(*(_in_xml(element) for element in content))), {"lang": "en", XML_LANG: "en"})
    return etree.tostring(page, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>") + b"\n"


def _in_xml(element: etree._Element, space: str = XHTML) -> etree._Element:
    """Return a copy in the namespaces that XML wants."""
    if not isinstance(element.tag, str) or element.tag.startswith("{"):
        return element
    space = FOREIGN.get(element.tag, space)
    names = SVG_NAMES if space == FOREIGN["svg"] else {}
    found = etree.Element(
        f"{{{space}}}{names.get(element.tag, element.tag)}", nsmap={None: space} if space != XHTML else H._nsmap
    )
    for name, value in element.attrib.items():
        found.set(names.get(name, name), value)
    if "lang" in element.attrib:
        found.set(XML_LANG, element.get("lang"))
    found.text, found.tail = element.text, element.tail
    found.extend(_in_xml(child, space) for child in element if isinstance(child.tag, str))
    return found


# What stands before them.


def _cover(volume: Volume) -> Document:
    image = H.img(
        {"src": "cover.png", "alt": f"{volume.title}: {SUBTITLE.lower()}. A triangle low in the back, drawn in dashes."}
    )
    return Document("cover.xhtml", "Cover", H.section(image, {f"{{{OPS}}}type": "cover", "class": "cover"}))


def _title_page(volume: Volume) -> etree._Element:
    facts = (volume.author, f"Version {volume.version}, reviewed {day(volume.reviewed)}", *licences(volume), *ABOUT)
    return H.section(H.h1(volume.title), H.p(SUBTITLE, {"class": "lead"}), *(H.p(text) for text in facts))


def _navigation(volume: Volume, chapters: list[tuple[Part, list[Document]]]) -> list[etree._Element]:
    """Return the contents and the landmarks."""
    rows = [H.li(H.a(volume.title, href="title.xhtml"))]
    for part, tops in chapters:
        found = [_row(top) for top in tops]
        rows += [H.li(H.span(part.caption), H.ol(*found))] if part.caption else found
    first = chapters[0][1][0].name
    marks = [("cover", "Cover", "cover.xhtml"), ("toc", "Contents", "nav.xhtml"), ("bodymatter", "Start", first)]
    marks += [(LANDMARKS[p.name], p.title, f"{p.id}.xhtml") for p in volume.pages() if p.name in LANDMARKS]
    landmarks = [H.li(H.a(words, {f"{{{OPS}}}type": kind, "href": href})) for kind, words, href in marks]
    return [
        H.nav(H.h1("Contents"), H.ol(*rows), {f"{{{OPS}}}type": "toc", "id": "toc", "role": "doc-toc"}),
        H.nav(
            H.h2("Landmarks"), H.ol(*landmarks), {f"{{{OPS}}}type": "landmarks", "id": "landmarks", "hidden": "hidden"}
        ),
    ]


def _row(document: Document) -> etree._Element:
    below = [H.ol(*map(_row, document.below))] if document.below else []
    return H.li(H.a(document.title, href=quote(document.name)), *below)


# The package.


def _package(volume: Volume, content: dict[str, bytes], order: list[str]) -> bytes:
    """Return the list of files, their order, and what the volume says of itself."""
    digest = sha256(b"".join(sha256(name.encode() + b"\0" + content[name]).digest() for name in sorted(content)))
    when = volume.reviewed.isoformat()
    facts = [
        D.identifier(f"urn:uuid:{uuid5(NAMESPACE_URL, digest.hexdigest())}", id="id"),
        D.title(f"{volume.title}: {SUBTITLE.lower()}"), D.language("en"), D.creator(volume.author), D.date(when),
        D.description(f"{SUBTITLE} on back mice and cluneal nerve entrapment. Version {volume.version}."),
        D.rights(" ".join(licences(volume))),
        O.meta(f"{when}T12:00:00Z", property="dcterms:modified"),
        *(O.meta(value, property=f"schema:{name}") for name, value in ACCESS),
        O.meta(name="cover", content="cover.png"),
    ]  # fmt: skip
    ids = {name: name if name == "cover.png" else f"f{number}" for number, name in enumerate(content)}
    items = [O.item(_described(name, content[name], id_)) for name, id_ in ids.items()]
    spine = O.spine(*(O.itemref(idref=ids[name]) for name in order))
    package = O.package(O.metadata(*facts), O.manifest(*items), spine,
                        {"version": "3.0", "unique-identifier": "id", XML_LANG: "en"})  # fmt: skip
    return etree.tostring(package, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _described(name: str, content: bytes, id_: str) -> dict[str, str]:
    kinds = {".xhtml": "application/xhtml+xml", ".css": "text/css", **TYPES}
    suffix = Path(name).suffix
    if suffix not in kinds:
        raise VolumeError(f"{name} is no picture that an EPUB may hold; use one of: {', '.join(TYPES)}")
    found = {"id": id_, "href": quote(name), "media-type": kinds[suffix]}
    properties = {"nav.xhtml": "nav", "cover.png": "cover-image"}.get(name)
    if suffix == ".xhtml" and b"<svg" in content:
        properties = "svg"
    return {**found, "properties": properties} if properties else found


def _zipped(content: dict[str, bytes]) -> bytes:
    """Return the archive; its kind comes first and as it is, so that a device knows it by its first bytes."""
    C = ElementMaker(namespace=OCF, nsmap={None: OCF})
    rootfile = C.rootfile({"full-path": "EPUB/package.opf", "media-type": "application/oebps-package+xml"})
    container = etree.tostring(
        C.container(C.rootfiles(rootfile), version="1.0"), encoding="utf-8", xml_declaration=True
    )
    files_ = {"mimetype": b"application/epub+zip", "META-INF/container.xml": container}
    files_ |= {f"EPUB/{name}": content[name] for name in sorted(content)}
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in files_.items():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()
