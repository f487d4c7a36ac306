"""Sheets as DOCX, for an instructor who wants to edit them. Styles, not spaces, make the look."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml.etree import SubElement
from lxml.etree import _Element as Element

from backmice.archive import repacked
from backmice.export.sheets.sheet import Block, Heading, Picture, Sheet, Table, Words

#: By style: size in points, bold, indent in millimetres, space after in points.
STYLES = {
    "text": (11, False, 0, 4), "stem": (11, True, 0, 2), "option": (11, False, 8, 2), "credited": (11, True, 0, 2),
    "rationale": (10, False, 14, 3), "small": (9, False, 0, 4), "blank": (11, False, 0, 10),
}  # fmt: skip
HANG_MM = 8
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TABLES = ("Normal Table", "Table Grid")
#: Parts of python-docx's own template that no sheet needs: they are most of its size.
NEEDLESS = ("stylesWithEffects", "customXml", "thumbnail")
NO_DAY = datetime(1980, 1, 1, tzinfo=UTC)


def docx_bytes(sheet: Sheet, pictures: Mapping[str, bytes]) -> bytes:
    """Return a sheet as DOCX.

    Parameters
    ----------
    pictures
        Lettered pictures by the id of their item.
    """
    document = docx.Document(io.BytesIO(_template()))
    facts = document.core_properties
    facts.title, facts.author, facts.language, facts.comments = sheet.title, "Back mice", "en-GB", ""
    facts.created = facts.modified = NO_DAY
    for group in sheet.groups:
        for i, block in enumerate(group):
            _write(document, block, pictures, with_next=i < len(group) - 1)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


@cache
def _template() -> bytes:
    """Return an empty sheet with its page and its styles."""
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin = page.bottom_margin = Mm(20)
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in TABLES:
            style.delete()
    for part in (document.part, document.part.package):
        for key in [key for key, rel in part.rels.items() if rel.reltype.rpartition("/")[2] in NEEDLESS]:
            part.rels.pop(key)
    for name, (size, bold, indent, after) in STYLES.items():
        style = document.styles.add_style(f"Sheet {name}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size, style.font.bold = Pt(size), bold
        style.paragraph_format.left_indent, style.paragraph_format.space_after = Mm(indent), Pt(after)
    option = document.styles["Sheet option"].paragraph_format
    option.first_line_indent = Mm(-HANG_MM)
    option.tab_stops.add_tab_stop(Mm(STYLES["option"][2]), WD_TAB_ALIGNMENT.LEFT)
    for rank in (1, 2):
        heading = document.styles[f"Heading {rank}"]
        heading.font.color.rgb, heading.font.size = RGBColor(0x13, 0x21, 0x1F), Pt(18 - 5 * (rank - 1))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(document: Document, block: Block, pictures: Mapping[str, bytes], *, with_next: bool) -> None:
    match block:
        case Heading():
            _run(_paragraph(document, f"Heading{block.rank}", with_next=True), block.text)
        case Words():
            _run(_paragraph(document, f"Sheet{block.style}", with_next=with_next), block.text, block.mark)
        case Picture():
            paragraph = Paragraph(_paragraph(document, "Sheettext", with_next=with_next), document._body)
            shape = paragraph.add_run().add_picture(io.BytesIO(pictures[block.item.id]), width=Mm(110))
            shape._inline.docPr.set("descr", block.item.alt)
        case Table():
            _table(document, block)


# Elements are added as such: python-docx looks for the style by name and for the place of each, and takes a text
# letter by letter, which for the whole bank took a third of all the time.


def _paragraph(document: Document, style_id: str, *, with_next: bool) -> Element:
    body = document.element.body
    paragraph = body.makeelement(qn("w:p"))
    body[-1].addprevious(paragraph)  # what is last tells of the page
    properties = _below(paragraph, "pPr")
    _below(properties, "pStyle").set(qn("w:val"), style_id)
    if with_next:
        _below(properties, "keepNext")
    return paragraph


def _run(paragraph: Element, text: str, mark: str = "", *, bold: bool = False) -> None:
    """Add words to a paragraph, after a mark and a tab if there is one."""
    run = _below(paragraph, "r")
    if bold:
        _below(_below(run, "rPr"), "b")
    if mark:
        _text(run, mark)
        _below(run, "tab")
    _text(run, text)


def _text(run: Element, text: str) -> None:
    element = _below(run, "t")
    element.text = text
    if text != text.strip():
        element.set(XML_SPACE, "preserve")


def _table(document: Document, block: Table) -> None:
    table = document.add_table(len(block.rows) + 1, len(block.head), "Table Grid")
    for n, (texts, row) in enumerate(zip((block.head, *block.rows), table._tbl.tr_lst, strict=True)):
        for text, cell in zip(texts, row.tc_lst, strict=True):
            _run(cell.p_lst[0], text, bold=n == 0)
        if n == 0:  # repeated on each page, and told to screen readers
            _below(row.get_or_add_trPr(), "tblHeader")


def _below(parent: Element, name: str) -> Element:
    return SubElement(parent, qn(f"w:{name}"))
