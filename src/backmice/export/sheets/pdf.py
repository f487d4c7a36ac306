"""Sheets as PDF, ready for the printer, in the typeface of the book where npm brought it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from fontTools.ttLib import TTFont as FontFile
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate
from reportlab.platypus import Table as TableFlowable
from reportlab.platypus.paraparser import ParaFrag

from backmice.assets import literata_for_print
from backmice.export.sheets.sheet import Block, Heading, Picture, Sheet, Table, Words

rl_config.useA85 = 0  # bytes as bytes: a PDF spelled in letters takes longer and is larger
INK, SOFT, LINE = HexColor("#13211f"), HexColor("#3a4b47"), HexColor("#cbd8d3")
#: By style: size in points, bold, indent in millimetres, space after in points, colour.
STYLES = {
    "h1": (18, True, 0, 8, INK), "h2": (13, True, 0, 3, INK), "text": (10.5, False, 0, 4, INK),
    "stem": (10.5, True, 0, 2, INK), "option": (10.5, False, 8, 2, INK), "credited": (10.5, True, 0, 2, INK),
    "rationale": (9.5, False, 14, 3, SOFT), "small": (9, False, 0, 4, SOFT), "blank": (10.5, False, 0, 10, INK),
    "cell": (10, False, 0, 0, INK), "head": (10, True, 0, 0, INK),
}  # fmt: skip
PLAIN, BOLD = "Vera", "VeraBd"  # reportlab's own, for letters that Literata lacks and where npm was never run
BELOW = "₀₁₂₃₄₅₆₇₈₉"  # subscripts, which neither font has
LEADING, MARGIN_MM, PICTURE_MM = 1.38, 22, 110


def pdf_bytes(sheet: Sheet, pictures: Mapping[str, bytes], root: Path) -> bytes:
    """Return a sheet as PDF of A4 pages.

    Parameters
    ----------
    pictures
        Lettered pictures by the id of their item.
    root
        The course's folder, below which npm put the typeface.
    """
    setter = _setter(root)
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN_MM * mm, rightMargin=MARGIN_MM * mm, topMargin=20 * mm,
        bottomMargin=20 * mm, title=sheet.title, author="Back mice", lang="en-GB", invariant=1,
    )  # fmt: skip

    def foot(canvas: Canvas, _: object) -> None:
        canvas.setFont(setter.fonts[False][0], 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN_MM * mm, 11 * mm, sheet.title)
        canvas.drawRightString(A4[0] - MARGIN_MM * mm, 11 * mm, str(canvas.getPageNumber()))

    story: list[Flowable] = []
    for group in sheet.groups:
        drawn = [_drawn(block, setter, pictures) for block in group]
        story += [KeepTogether(drawn)] if len(drawn) > 1 else drawn
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _fonts(root: Path) -> dict[bool, tuple[str, frozenset[int]]]:
    """Return, for bold or not, the font's name and the letters that it has."""
    found = {}
    for bold, plain, weight in ((False, PLAIN, 400), (True, BOLD, 600)):
        pdfmetrics.registerFont(TTFont(plain, f"{plain}.ttf"))
        name, face = plain, pdfmetrics.getFont(plain).face
        if (woff := literata_for_print(root, root.resolve() / ".cache", weight)) is not None:
            font, name = FontFile(woff, recalcTimestamp=False), f"Literata-{weight}"
            font.flavor = None
            for entry in font["name"].names:  # reportlab takes fonts of one name for one font
                entry.string = name if entry.nameID in (4, 6) else entry.toUnicode()
            whole = io.BytesIO()
            font.save(whole)
            pdfmetrics.registerFont(TTFont(name, io.BytesIO(whole.getvalue())))
            face = pdfmetrics.getFont(name).face
        found[bold] = name, frozenset(face.charToGlyph)
    return found


def _style(name: str, fonts: dict[bool, tuple[str, frozenset[int]]]) -> ParagraphStyle:
    size, bold, indent, after, colour = STYLES[name]
    return ParagraphStyle(
        name, fontName=fonts[bold][0], fontSize=size, leading=size * LEADING, textColor=colour,
        leftIndent=indent * mm, spaceAfter=after, spaceBefore=10 if name == "h2" else 0, bulletIndent=0,
        bulletFontName=fonts[bold][0], bulletFontSize=size,
    )  # fmt: skip


class _Once(Paragraph):
    """A paragraph that breaks its lines once for a width: what keeps a group together asks, and then the page."""

    _asked: tuple[float, tuple[float, float]] | None = None

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:
        """Return width and height in points."""
        if self._asked is None or self._asked[0] != availWidth or not hasattr(self, "blPara"):
            self._asked = availWidth, super().wrap(availWidth, availHeight)
        return self._asked[1]


class _Setter:
    """Sets words in the course's type, and remembers what it read: every version has the same words."""

    def __init__(self, root: Path) -> None:
        self.fonts = _fonts(root)
        self._styles = {name: _style(name, self.fonts) for name in STYLES}
        self._read: dict[tuple[str, str], list[ParaFrag]] = {}

    def words(self, text: str, style: str, mark: str = "") -> Paragraph:
        """Return a paragraph, after a letter or number of its own if it has one."""
        if (text, style) not in self._read:
            bold = STYLES[style][1]
            marked_up = _marked_up(text, self.fonts[bold][1], BOLD if bold else PLAIN)
            self._read[text, style] = Paragraph(marked_up, self._styles[style]).frags
        read = [part.clone() for part in self._read[text, style]]
        return _Once(None, self._styles[style], bulletText=mark or None, frags=read)


@cache
def _setter(root: Path) -> _Setter:
    return _Setter(root)


def _drawn(block: Block, setter: _Setter, pictures: Mapping[str, bytes]) -> Flowable:
    match block:
        case Heading():
            return setter.words(block.text, f"h{block.rank}")
        case Words():
            return setter.words(block.text, block.style, block.mark)
        case Picture():
            image = Image(io.BytesIO(pictures[block.item.id]))
            image._restrictSize(PICTURE_MM * mm, PICTURE_MM * mm)
            image.hAlign = "LEFT"
            return image
        case Table():
            rows = [[setter.words(text, "cell") for text in row] for row in block.rows]
            widths = [15 * mm, *[None] * (len(block.head) - 1)]
            table = TableFlowable([[setter.words(text, "head") for text in block.head], *rows], widths, repeatRows=1)
            table.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
            return table


def _marked_up(text: str, known: frozenset[int], other: str) -> str:
    """Return text for a paragraph: runs of spaces kept, subscripts set lower, and what the font lacks in another."""
    lacking = "".join(sorted({letter for letter in text if ord(letter) not in known and letter not in BELOW}))
    text = escape(text, quote=False).replace("  ", "\N{NO-BREAK SPACE} ")
    text = re.sub(f"[{BELOW}]", lambda found: f"<sub>{BELOW.index(found[0])}</sub>", text)
    if lacking:
        text = re.sub(f"[{re.escape(lacking)}]+", lambda run: f'<font name="{other}">{run[0]}</font>', text)
    return text
