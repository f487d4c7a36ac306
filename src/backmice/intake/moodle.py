"""Moodle XML."""

from __future__ import annotations

import re

from lxml import etree

from backmice.intake.question import Answer, Question, finite, paragraphs, text
from backmice.intake.xml import parse
from backmice.located import Fault, LocatedError

UNITS_OURS = re.compile(r"Answer in (\S.{0,19})\.")


def read(content: bytes, file: str) -> list[Question]:
    """Return the questions of a Moodle XML file.

    Raises
    ------
    LocatedError
        If it is not one, or a number in it is none.
    """
    root = parse(content, file)
    if root.tag != "quiz":
        raise LocatedError(
            Fault(file, root.sourceline or 1, root.tag, "is not a quiz", "export the questions as Moodle XML")
        )
    category, found = "", []
    for question in root.iterchildren("question"):
        if question.get("type") == "category":
            category = question.findtext("idnumber") or _last(question.findtext("category/text") or "")
            continue
        found.append(_question(question, category, file))
    return found


def _last(path: str) -> str:
    return path.replace("//", "\0").rpartition("/")[2].replace("\0", "/")


def _question(element: etree._Element, category: str, file: str) -> Question:
    kind = element.get("type", "")
    asked, more = paragraphs(element.findtext("questiontext/text") or "")
    general, _ = paragraphs(element.findtext("generalfeedback/text") or "")
    name = (element.findtext("idnumber") or element.findtext("name/text") or "").strip()
    lost = ["the picture or table in the question"] if more else []
    common = {
        "name": name, "line": element.sourceline or 1, "category": category, "general": general,
        "tags": [tag.findtext("text") or "" for tag in element.iterfind("tags/tag")],
    }  # fmt: skip
    if kind in ("multichoice", "truefalse"):
        answers = [_answer(answer, file) for answer in element.iterfind("answer")]
        single = kind == "truefalse" or element.findtext("single") in ("true", "1")
        return Question("single" if single else "multiple", paragraphs=asked, answers=answers, lost=lost, **common)
    if kind == "matching":
        sides = [
            (text(s.findtext("text") or ""), text(s.findtext("answer/text") or ""))
            for s in element.iterfind("subquestion")
        ]
        return matching(sides, paragraphs=asked, lost=lost, **common)
    if kind == "ordering":
        steps = [_answer(answer, file, scale=1) for answer in element.iterfind("answer")]
        return Question("ordering", paragraphs=asked, answers=steps, lost=lost, **common)
    if kind == "numerical":
        given = element.findall("answer")
        numbers = [answer for answer in given if (answer.findtext("text") or "").strip() != "*"]
        if len(numbers) < len(given):
            lost.append("what is told to any other number")
        answers = [_number(answer, file) for answer in numbers]
        units = [(unit.findtext("unit_name") or "", _factor(unit, file)) for unit in element.iterfind("units/unit")]
        asked, unit = without_unit(asked) if not units else (asked, units[0][0])
        # Moodle's multipliers say how much of a unit makes one of the first.
        factors = {name: units[0][1] / factor for name, factor in units} if units else {unit: 1.0} if unit else {}
        return Question(
            "numeric", paragraphs=asked, answers=answers, units=based(factors), unit=unit, lost=lost, **common
        )  # fmt: skip
    return Question("unknown", paragraphs=asked, lost=[f"a question of the type '{kind}'"], **common)


def based(factors: dict[str, float]) -> dict[str, float]:
    """Return units with the smallest first, as multiples of it."""
    ordered = sorted(factors.items(), key=lambda unit: unit[1])
    return {name: round(factor / ordered[0][1], 9) for name, factor in ordered}


def without_unit(asked: list[str]) -> tuple[list[str], str]:
    """Return what is asked without our last line, which names the unit, and the unit."""
    found = UNITS_OURS.fullmatch(asked[-1]) if asked else None
    return (asked[:-1], found[1]) if found else (asked, "")


def matching(sides: list[tuple[str, str]], **common) -> Question:
    """Return a matching question from its pairs; one without a case adds an option that is no answer."""
    options = list(dict.fromkeys(option for _, option in sides))
    cases = [(case, option) for case, option in sides if case]
    return Question(
        "matching",
        answers=[Answer(option) for option in options],
        cases=[Answer(case) for case, _ in cases],
        pairs=[(n, options.index(option)) for n, (_, option) in enumerate(cases)],
        **common,
    )


def _answer(element: etree._Element, file: str, scale: float = 100) -> Answer:
    points = _float(element, file, element.get("fraction", "0")) / scale
    return Answer(text(element.findtext("text") or ""), points, text(element.findtext("feedback/text") or ""))


def _number(element: etree._Element, file: str) -> Answer:
    value, tolerance = element.find("text"), element.find("tolerance")
    return Answer(
        "",
        _float(element, file, element.get("fraction", "0")) / 100,
        text(element.findtext("feedback/text") or ""),
        value=_float(value, file),
        tolerance=_float(tolerance, file) if tolerance is not None and tolerance.text else 0.0,
    )


def _factor(unit: etree._Element, file: str) -> float:
    found = _float(unit.find("multiplier"), file)
    if found <= 0:
        wrong = f"is {found:g}, so that the unit measures nothing"
        raise LocatedError(Fault(file, unit.sourceline or 1, "multiplier", wrong, "write a number above 0"))
    return found


def _float(element: etree._Element | None, file: str, given: str | None = None) -> float:
    given = given if given is not None else (element.text or "" if element is not None else "")
    try:
        return finite(given)
    except ValueError:
        line, name = (element.sourceline or 1, element.tag) if element is not None else (1, "answer")
        raise LocatedError(
            Fault(file, line, name, f"is '{given[:40]}', not a number", "write digits and one point")
        ) from None
