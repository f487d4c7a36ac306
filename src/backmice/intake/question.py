"""A question as another program holds it, and the fields of an item that it gives."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from lxml import etree, html

from backmice.items.item import Level

LEVELS = get_args(Level)
REVISION = re.compile("revision ([0-9]+)")  # a tag of ours
OPTION_ID = re.compile(r"[a-z][a-z0-9-]{0,19}")
BLOCKS = {"p", "div", "br", "li", "tr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"}
NOT_TEXT = {"img", "table", "audio", "video", "object", "math", "svg", "iframe"}


@dataclass(frozen=True)
class Answer:
    """An answer on offer, a number that is credited or known as wrong, a step, or a side of a pair.

    Attributes
    ----------
    points
        What choosing it earns; 1 is all.
    """

    text: str
    points: float = 0.0
    feedback: str = ""
    id: str = ""
    value: float = 0.0
    tolerance: float = 0.0
    region: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Question:
    """What a file says of one question.

    Attributes
    ----------
    kind
        As ours, or "unknown".
    line
        Where it begins in its file.
    paragraphs
        What is asked; the last is the question, those before it are the situation.
    general
        Paragraphs of feedback that don't hang on the response.
    pairs
        For matching: the place of a case in `cases` and of its option in `answers`.
    lost
        What could not be taken in, in words.
    """

    kind: str
    name: str
    line: int
    paragraphs: Sequence[str]
    answers: Sequence[Answer] = ()
    general: Sequence[str] = ()
    cases: Sequence[Answer] = ()
    pairs: Sequence[tuple[int, int]] = ()
    units: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""
    category: str = ""
    tags: Sequence[str] = ()
    picture: tuple[str, bytes] | None = None
    alt: str = ""
    lost: Sequence[str] = ()


def paragraphs(source: str) -> tuple[list[str], bool]:
    """Return the paragraphs of HTML as plain text, and whether it held more than text."""
    source = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", source)
    if "<" not in source and "&" not in source:
        return [part for part in (squash(line) for line in re.split(r"\n\s*\n", source)) if part], False
    root = html.fragment_fromstring(source, create_parent="div")
    parts, more = [""], False
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            parts[-1] += element.tail or "" if event == "end" else ""
            continue
        more |= element.tag in NOT_TEXT
        if element.tag in BLOCKS and element is not root:
            parts.append("")
        parts[-1] += (element.text if event == "start" else element.tail if element is not root else "") or ""
    return [part for part in map(squash, parts) if part], more


def text(source: str) -> str:
    """Return HTML as one line of plain text."""
    return " ".join(paragraphs(source)[0])


def squash(words: str) -> str:
    """Return words with one space between them; a no-break space stays."""
    return re.sub(r"[ \t\r\n\v\f]+", " ", words).strip(" ")


def finite(given: str) -> float:
    """Return the number that a text is.

    Raises
    ------
    ValueError
        If it is none, or is no finite one.
    """
    number = float(given)
    if not math.isfinite(number):
        raise ValueError(f"'{given}' is not finite")
    return number


def as_id(words: str) -> str:
    """Return words as an id: small letters, digits and hyphens; an id of ours stays as it is.

    Letters lose their accents; where no Latin letter and no digit is left, the id is empty.
    """
    if len(words) <= 60 and re.fullmatch(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", words):
        return words
    words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-")


def fields(question: Question) -> dict[str, Any]:
    """Return what the question gives of an item's fields; what it doesn't give is left out."""
    id_ = as_id(question.name) or f"question-{question.line}"
    found: dict[str, Any] = {"id": id_, "revision": 1, "kind": question.kind, **_filed(question, id_)}
    *situation, stem = question.paragraphs or [""]
    if question.kind == "hotspot" and question.picture:
        found |= {"picture": f"media/imported/{question.picture[0]}", "alt": question.alt}
    if situation:
        found["vignette"] = " ".join(situation)
    found["stem"] = stem
    return found | _answered(question)


def remarks(question: Question) -> list[str]:
    """Return what of a question could not be taken in, in words."""
    found = list(question.lost)
    if question.kind == "single" and any(0 < answer.points < 1 for answer in question.answers):
        found.append("the credit for answers that are right in part")
    if question.kind == "numeric" and sum(answer.points == 1 for answer in question.answers) > 1:
        found.append("every credited number but the first")
    if question.kind == "numeric" and any(0 < answer.points < 1 for answer in question.answers):
        found.append("the credit for numbers that are right in part")
    return found


def _filed(question: Question, id_: str) -> dict[str, Any]:
    """Return topic, objective, level and revision: all of them in what we exported, else the topic at most."""
    found: dict[str, Any] = {}
    revisions = [int(found[1]) for found in map(REVISION.fullmatch, question.tags) if found]
    levels = [tag for tag in question.tags if tag in LEVELS]
    rest = [as_id(tag) for tag in question.tags if tag not in LEVELS and not tag.startswith("revision ")]
    if revisions and len(rest) == 2:
        topic = next((tag for tag in rest if id_.startswith(f"{tag}-")), rest[0])
        found |= {"revision": revisions[0], "topic": topic, "objective": rest[rest[0] == topic]}
    elif topic := as_id(question.category):
        found["topic"] = topic
    return found | ({"level": levels[0]} if levels else {})


def _answered(question: Question) -> dict[str, Any]:
    answers, ids = question.answers, _ids(question.answers)
    if question.kind == "matching":
        return _matched(question, ids)
    if question.kind == "ordering":
        order = sorted(range(len(answers)), key=lambda n: answers[n].points)
        key = [ids[n] for n in order]
        return {"options": _mixed(_listed(_parts(answers, ids, question.general), question.general), key), "key": key}
    if question.kind == "numeric":
        right = [answer for answer in answers if answer.points == 1]
        found: dict[str, Any] = {}
        if question.units:
            found["units"] = dict(question.units)
        if right:
            found["key"] = {"value": right[0].value, "tolerance": right[0].tolerance}
            found["key"] |= {"unit": question.unit} if question.unit else {}
        if why := " ".join(question.general) or next((answer.feedback for answer in right), ""):
            found["rationale"] = why
        wrong = [answer for answer in answers if answer.points < 1]
        return found | {"slips": [_slip(id_, answer) for id_, answer in zip(_ids(wrong), wrong, strict=True)]}
    several = question.kind == "multiple"
    key = [
        id_ for id_, answer in zip(ids, answers, strict=True) if answer.points > 0 and (several or answer.points == 1)
    ]
    return {"options": _parts(answers, ids, question.general), "key": key}


def _matched(question: Question, ids: Sequence[str]) -> dict[str, Any]:
    cases = _ids(question.cases)
    options = _listed(_parts(question.answers, ids, question.general), question.general)
    return {
        "options": options,
        "cases": _parts(question.cases, cases, question.general),
        "key": {cases[case]: ids[option] for case, option in question.pairs},
    }


def _listed(options: list[dict[str, Any]], general: Sequence[str]) -> list[dict[str, Any]]:
    """Return options in the order in which the general feedback goes through them, if it names them all."""
    places = {option["id"]: _place(option["text"], general) for option in options}
    return options if None in places.values() else sorted(options, key=lambda option: places[option["id"]])


def _mixed(options: list[dict[str, Any]], key: Sequence[str]) -> list[dict[str, Any]]:
    """Return steps in another order than the right one, since the order of the file is the one that is shown."""
    if [option["id"] for option in options] != list(key):
        return options
    by_text = sorted(options, key=lambda option: option["text"])
    return by_text if by_text != options else options[::-1]


def _place(words: str, general: Sequence[str]) -> int | None:
    return next((n for n, line in enumerate(general) if line.startswith(f"{words}: ")), None)


def _parts(answers: Sequence[Answer], ids: Sequence[str], general: Sequence[str]) -> list[dict[str, Any]]:
    parts = []
    for id_, answer in zip(ids, answers, strict=True):
        part: dict[str, Any] = {"id": id_, "text": answer.text}
        if answer.region:
            part["region"] = [list(corner) for corner in answer.region]
        place = _place(answer.text, general)
        if why := answer.feedback or ("" if place is None else general[place].removeprefix(f"{answer.text}: ")):
            part["rationale"] = why
        parts.append(part)
    return parts


def _slip(id_: str, answer: Answer) -> dict[str, Any]:
    mistake, _, why = answer.feedback.partition(". ")
    told = {"text": mistake, "rationale": why} if why else {"rationale": answer.feedback} if mistake else {}
    return {"id": id_, "value": answer.value, "tolerance": answer.tolerance, **told}


def _ids(answers: Sequence[Answer]) -> list[str]:
    """Return the ids that answers have, if each has its own and they look like ours, else letters."""
    given = [answer.id for answer in answers]
    if len(set(given)) == len(given) and all(map(OPTION_ID.fullmatch, given)):
        return given
    return [chr(ord("a") + n) if n < 26 else f"a{n}" for n in range(len(answers))]
