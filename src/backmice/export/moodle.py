"""Moodle XML. Kinds have Moodle's own question types; pictures are embedded."""

from __future__ import annotations

import base64
import re
from html import escape

from lxml import etree

from backmice.export.loss import NO_FIGURE, RATIONALES_TOGETHER, TOGETHER, WHOLE, Loss
from backmice.export.paper import Paper
from backmice.export.pictures import png
from backmice.export.words import (
    asked,
    moodle_category,
    number,
    rationales,
    share,
    slip_words,
    tags,
    text_of,
)
from backmice.export.xml import xml_bytes
from backmice.items.model import KINDS, ChoiceItem, Hotspot, Item, Matching, Multiple, Numeric, Ordering

LOSSES = dict.fromkeys(KINDS, WHOLE) | {
    "matching": RATIONALES_TOGETHER,
    "ordering": RATIONALES_TOGETHER,
    "hotspot": Loss("native", f"A marker is dragged to the region. {TOGETHER}"),
    "landmark": NO_FIGURE,
}
LARGEST_BACKGROUND = 600, 400  # Moodle shrinks a larger one, and its regions no longer fit
TYPES = {
    "single": "multichoice", "multiple": "multichoice", "landmark": "multichoice", "matching": "matching",
    "ordering": "ordering", "numeric": "numerical", "hotspot": "ddmarker",
}  # fmt: skip


def content(paper: Paper) -> bytes:
    """Return the paper as Moodle XML, each item under the category of its topic."""
    quiz = etree.Element("quiz")
    topic = None
    for item in paper.items:
        if item.topic != topic:
            topic = item.topic
            category = etree.SubElement(quiz, "question", type="category")
            _text(category, "category", f"$course$/top/{moodle_category(paper.topic(item))}")
            etree.SubElement(category, "idnumber").text = topic
        _question(quiz, item, paper)
    etree.indent(quiz)
    return xml_bytes(quiz)


def question_words(item: Item) -> list[str]:
    """Return the paragraphs of a question's text."""
    words = asked(item)
    if isinstance(item, Numeric) and len(item.units) == 1:
        words.append(f"Answer in {item.key.unit}.")
    if isinstance(item, Hotspot):
        words.insert(0, f"The picture: {item.alt}")
    return words


def _question(quiz: etree._Element, item: Item, paper: Paper) -> None:
    question = etree.SubElement(quiz, "question", type=TYPES[item.kind])
    _text(question, "name", item.id)
    _html(question, "questiontext", question_words(item))
    general = [item.rationale] if isinstance(item, Numeric) else []
    if isinstance(item, Matching | Ordering | Hotspot):
        general = rationales(item)
    _html(question, "generalfeedback", general)
    _plain(question, defaultgrade="1", penalty="0", hidden="0", idnumber=item.id)
    match item:
        case Matching():
            _matching(question, item)
        case Ordering():
            _ordering(question, item)
        case Numeric():
            _numeric(question, item)
        case Hotspot():
            _hotspot(question, item, paper.pictures[item.picture])
        case ChoiceItem():
            _choice(question, item)
    held = etree.SubElement(question, "tags")
    for tag in tags(item):
        _text(held, "tag", tag)


def _choice(question: etree._Element, item: ChoiceItem) -> None:
    several = isinstance(item, Multiple)
    _plain(question, single=str(not several).lower(), shuffleanswers="true", answernumbering="abc")
    if several:
        etree.SubElement(question, "shownumcorrect")
    one = share(len(item.key))
    for option in item.options:
        fraction = one if option.id in item.key else f"-{one}" if several else "0"
        _answer(question, fraction, option.text, option.rationale)


def _matching(question: etree._Element, item: Matching) -> None:
    _plain(question, shuffleanswers="true")
    etree.SubElement(question, "shownumcorrect")
    pairs = [(case.text, text_of(item, item.key[case.id])) for case in item.cases]
    pairs += [("", option.text) for option in item.options if option.id not in item.key.values()]
    for case, option in pairs:
        part = _html(question, "subquestion", [case] if case else [])
        _text(part, "answer", option)


def _ordering(question: etree._Element, item: Ordering) -> None:
    # This grading counts neighbours, as the book does.
    _plain(question, layouttype="VERTICAL", selecttype="ALL", selectcount="0")
    _plain(question, gradingtype="RELATIVE_NEXT_EXCLUDE_LAST", showgrading="SHOW", numberingstyle="none")
    etree.SubElement(question, "shownumcorrect")
    for place, id_ in enumerate(item.key, 1):
        answer = etree.SubElement(question, "answer", fraction=str(place), format="html")
        etree.SubElement(answer, "text").text = _escaped(text_of(item, id_))


def _numeric(question: etree._Element, item: Numeric) -> None:
    key = item.key
    parts = [("100", key.value, key.tolerance, "")]  # the general feedback says why
    parts += [("0", slip.value, slip.tolerance, slip_words(slip)) for slip in item.slips]
    for fraction, value, tolerance, feedback in parts:
        answer = _answer(question, fraction, number(value), feedback, "moodle_auto_format")
        etree.SubElement(answer, "tolerance").text = number(tolerance)
    if len(item.units) == 1:
        _plain(question, unitgradingtype="0", unitpenalty="1", showunits="3", unitsleft="0")
        return
    # Moodle's first unit is that of the answers; its multipliers say how much of each makes one of the first.
    units = etree.SubElement(question, "units")
    for name in sorted(item.units, key=lambda name: name != key.unit):
        unit = etree.SubElement(units, "unit")
        _plain(unit, multiplier=number(item.units[key.unit] / item.units[name]), unit_name=name)
    _plain(question, unitgradingtype="1", unitpenalty="1", showunits="2", unitsleft="0")


def _hotspot(question: etree._Element, item: Hotspot, picture: bytes) -> None:
    content, width, height = png(item.picture, picture, LARGEST_BACKGROUND)
    file = etree.SubElement(question, "file", name=f"{item.id}.png", encoding="base64")
    file.text = base64.b64encode(content).decode()
    etree.SubElement(question, "shownumcorrect")
    drag = etree.SubElement(question, "drag")
    _plain(drag, no="1", text="Here", noofdrags="1")
    region = next(option.region for option in item.options if option.id in item.key)
    corners = ((round(x * width / 100), round(y * height / 100)) for x, y in region)
    drop = etree.SubElement(question, "drop")
    _plain(drop, no="1", shape="polygon", coords=";".join(f"{x},{y}" for x, y in corners), choice="1")


def _answer(question: etree._Element, fraction: str, text: str, feedback: str, format_: str = "html") -> etree._Element:
    answer = etree.SubElement(question, "answer", fraction=fraction, format=format_)
    etree.SubElement(answer, "text").text = _escaped(text)
    _html(answer, "feedback", [feedback] if feedback else [])
    return answer


def _html(parent: etree._Element, name: str, texts: list[str]) -> etree._Element:
    element = etree.SubElement(parent, name, format="html")
    text = "".join(f"<p>{_escaped(words)}</p>" for words in texts)
    etree.SubElement(element, "text").text = etree.CDATA(text) if texts else ""
    return element


def _escaped(text: str) -> str:
    """Return text as HTML in which Moodle's filters find no mathematics."""
    return re.sub(r"\$(?=\$)|\\(?=[(\[])", lambda sign: f"&#{ord(sign[0])};", escape(text, quote=False))


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(etree.SubElement(parent, name), "text").text = text


def _plain(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, name).text = text
