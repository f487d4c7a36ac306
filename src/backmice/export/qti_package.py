"""QTI packages: an item a file, a test, the pictures, and a manifest that says what each item is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.builder import E, ElementMaker
from lxml.etree import _Element as Element

from backmice.archive import zip_bytes
from backmice.export.paper import Paper
from backmice.export.pictures import place, png
from backmice.export.qti import Picture, identifier, interactions, item_tree
from backmice.export.words import tags
from backmice.export.xml import xml_bytes
from backmice.items.model import Hotspot, Item

LANGUAGE = "en-GB"
RIGHTS = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/. Credit: the Back mice course authors."
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOM = "http://ltsc.ieee.org/xsd/LOM"
#: Elements of HTML, which have the same names in every QTI.
HTML = {"p", "object"}


@dataclass(frozen=True)
class Dialect:
    """What two versions of QTI say differently.

    Attributes
    ----------
    name
        Turns the name of an element or attribute of QTI 2.1 into this version's.
    """

    items: str
    schema: str
    manifest: str
    metadata: str
    kind: tuple[str, str]
    resource: str
    name: Callable[[str], str]


def kebab(name: str) -> str:
    """Return a name as QTI 3.0 writes it: `mapKey` is `map-key`."""
    return re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", name)


QTI21 = Dialect(
    items="http://www.imsglobal.org/xsd/imsqti_v2p1",
    schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    manifest="http://www.imsglobal.org/xsd/imscp_v1p1",
    metadata="http://www.imsglobal.org/xsd/imsqti_metadata_v2p1",
    kind=("QTIv2.1 Package", "1.0.0"),
    resource="xmlv2p1",
    name=str,
)
QTI30 = Dialect(
    items="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    manifest="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    metadata="http://www.imsglobal.org/xsd/imsqti_metadata_v3p0",
    kind=("QTI Package", "3.0.0"),
    resource="xmlv3p0",
    name=kebab,
)


def qti21_content(paper: Paper) -> bytes:
    """Return the paper as a package of QTI 2.1."""
    return zip_bytes(_files(paper, QTI21))


def qti30_content(paper: Paper) -> bytes:
    """Return the paper as a package of QTI 3.0."""
    return zip_bytes(_files(paper, QTI30))


def _files(paper: Paper, dialect: Dialect) -> dict[str, bytes]:
    """Return each file of the package by its path, sorted."""
    pictures: dict[str, Picture] = {}
    files: dict[str, bytes] = {}
    for path, content in paper.pictures.items():
        href = place(path)
        files[href], width, height = png(path, content)
        pictures[path] = Picture(f"../{href}", width, height)
    for item in paper.items:
        picture = pictures[item.picture] if isinstance(item, Hotspot) else None
        root = _said(item_tree(item, picture), dialect)
        root.set(XML_LANG, LANGUAGE)
        files[_href(item)] = _serial(root, dialect)
    files["test.xml"] = _serial(_said(_test(paper), dialect), dialect)
    files["imsmanifest.xml"] = xml_bytes(_manifest(paper, dialect, pictures))
    return dict(sorted(files.items()))


def _href(item: Item) -> str:
    return f"items/{item.id}.xml"


def _test(paper: Paper) -> Element:
    references = [
        E.assessmentItemRef(
            identifier=identifier(item.id),
            href=_href(item),
            category=f"{identifier(item.topic)} {identifier(item.level)}",
        )
        for item in paper.items
    ]
    totals = [
        E.setOutcomeValue(E.sum(E.testVariables(variableIdentifier=name)), identifier=name)
        for name in ("SCORE", "MAXSCORE")
    ]
    section = E.assessmentSection(*references, identifier="ITEMS", title=paper.title, visible="true")
    return E.assessmentTest(
        *(E.outcomeDeclaration(identifier=n, cardinality="single", baseType="float") for n in ("SCORE", "MAXSCORE")),
        E.testPart(section, identifier="PART", navigationMode="nonlinear", submissionMode="individual"),
        E.outcomeProcessing(*totals),
        identifier=identifier(paper.id),
        title=paper.title,
    )


def _manifest(paper: Paper, dialect: Dialect, pictures: Mapping[str, Picture]) -> Element:
    M = ElementMaker(namespace=dialect.manifest, nsmap={None: dialect.manifest, "lom": LOM, "qti": dialect.metadata})
    L = ElementMaker(namespace=LOM)
    Q = ElementMaker(namespace=dialect.metadata)
    told = lambda text: L.string(text, language=LANGUAGE)

    def resource(id_: str, kind: str, href: str, *content: Element) -> Element:
        return M.resource(*content, identifier=id_, type=kind, href=href)

    def about(item: Item) -> Element:
        general = L.general(L.title(told(item.id)), L.language(LANGUAGE), *(L.keyword(told(t)) for t in tags(item)))
        topic = L.taxon(L.id(item.topic), L.entry(told(paper.topic(item))))
        filed = L.classification(L.purpose(L.source("LOMv1.0"), L.value("discipline")), L.taxonPath(topic))
        asks = [Q.interactionType(name) for name in interactions(item)]
        return M.metadata(L.lom(general, filed), Q.qtiMetadata(*asks, Q.feedbackType("nonadaptive")))

    names = {path: f"PICTURE-{n}" for n, path in enumerate(pictures, 1)}
    hrefs = {path: picture.href.removeprefix("../") for path, picture in pictures.items()}
    items = []
    for item in paper.items:
        shown = [M.dependency(identifierref=names[item.picture])] if isinstance(item, Hotspot) else []
        kind = f"imsqti_item_{dialect.resource}"
        items.append(resource(identifier(item.id), kind, _href(item), about(item), M.file(href=_href(item)), *shown))
    test = resource(
        "TEST", f"imsqti_test_{dialect.resource}", "test.xml", M.file(href="test.xml"),
        *(M.dependency(identifierref=identifier(item.id)) for item in paper.items),
    )  # fmt: skip
    held = [resource(names[path], "webcontent", href, M.file(href=href)) for path, href in hrefs.items()]
    schema, version = dialect.kind
    rights = L.rights(L.copyrightAndOtherRestrictions(L.source("LOMv1.0"), L.value("yes")), L.description(told(RIGHTS)))
    general = L.general(L.title(told(paper.title)), L.language(LANGUAGE))
    return M.manifest(
        M.metadata(M.schema(schema), M.schemaversion(version), L.lom(general, rights)),
        M.organizations(),
        M.resources(test, *items, *held),
        identifier=f"package-{paper.id}",
    )


def _said(element: Element, dialect: Dialect) -> Element:
    """Return a copy in the words of a dialect."""
    new = dialect is QTI30
    name = element.tag
    own = {dialect.name(key): value for key, value in element.attrib.items()}
    if name not in HTML:
        name = f"qti-{kebab(name)}" if new else name
    elif name == "object" and new:
        source = {"src": own["data"], "alt": element.text, "width": own["width"], "height": own["height"]}
        return etree.Element(f"{{{dialect.items}}}img", source)
    said = etree.Element(f"{{{dialect.items}}}{name}", own, nsmap={None: dialect.items, "xsi": XSI})
    said.text = element.text
    inside = said
    if element.tag == "modalFeedback" and new:
        inside = etree.SubElement(said, f"{{{dialect.items}}}qti-content-body")
    for child in element:
        inside.append(_said(child, dialect))
        inside[-1].tail = child.tail
    return said


def _serial(root: Element, dialect: Dialect) -> bytes:
    """Return an item or the test as a file that names its schema."""
    root.set(f"{{{XSI}}}schemaLocation", f"{dialect.items} {dialect.schema}")
    return xml_bytes(root)
