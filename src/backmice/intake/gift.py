"""GIFT, the text format of Moodle."""

from __future__ import annotations

import re
from collections.abc import Callable

from backmice.intake.moodle import based, matching, without_unit
from backmice.intake.question import REVISION, Answer, Question, finite, paragraphs, squash, text
from backmice.located import Fault, LocatedError

SIGNS = "\\~=#{}:"
MASKED = {f"\\{sign}": chr(0xE000 + ord(sign)) for sign in SIGNS} | {"\\n": "\n"}
PLAIN = ("plain", "markdown")
TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}
BLOCK = re.compile(r"(?:::(?P<title>.*?)::)?\s*(?:\[(?P<format>html|moodle|plain|markdown)\])?(?P<asked>[^{}]*)\{(?P<answers>[^{}]*)\}(?P<after>[^{}]*)", re.DOTALL)  # fmt: skip
ANSWER = re.compile(r"([=~])\s*(?:%(-?[0-9]+(?:\.[0-9]*)?)%)?([^=~]*)")


def read(content: bytes, file: str) -> list[Question]:
    """Return the questions of a GIFT file.

    Raises
    ------
    LocatedError
        If it is not UTF-8, or a question in it can't be read.
    """
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LocatedError(Fault(file, 1, "file", "is not UTF-8 text", "save it as UTF-8")) from None
    category, remarks, found, faults = "", "", [], []
    for line, block in _blocks(source):
        asked = []
        for row in block:
            if row.startswith("//"):
                remarks += row
            elif row.startswith("$CATEGORY:"):
                category = row[10:].strip().replace("//", "\0").rpartition("/")[2].replace("\0", "/")
            else:
                asked.append(row)
        if asked:
            try:
                found.append(_question("\n".join(asked), remarks, category, line))
            except ValueError as error:
                wrong, _, allowed = str(error).partition("; ")
                faults.append(Fault(file, line, "question", wrong, allowed))
            remarks = ""
    if faults:
        raise LocatedError(*faults)
    return found


def _blocks(source: str) -> list[tuple[int, list[str]]]:
    """Return what stands between empty lines, and the line where each begins."""
    blocks: list[tuple[int, list[str]]] = []
    fresh = True
    for number, row in enumerate(re.split("\r\n?|\n", source), 1):  # what else may end a line may stand in a text
        if not row.strip():
            fresh = True
        elif fresh:
            blocks.append((number, [row.strip()]))
            fresh = False
        else:
            blocks[-1][1].append(row.strip())
    return blocks


def _plain(masked: str) -> str:
    for escaped, sign in MASKED.items():
        masked = masked.replace(sign, escaped[1]) if sign != "\n" else masked
    return masked


def _question(source: str, remarks: str, category: str, line: int) -> Question:
    masked = re.sub(r"\\[\\~=#{}:n]", lambda escape: MASKED[escape[0]], source)
    # Where braces stand as they should the pattern fits at once; elsewhere it would try for very long.
    braces = re.sub("[^{}]+", "", re.sub(r"\A\s*::.*?::", "", masked, flags=re.DOTALL))
    found = BLOCK.fullmatch(masked.strip()) if braces == "{}" else None
    if not found:
        raise ValueError("has no answers in braces; write {…} once, and a \\ before each ~ = # { } : that is text")
    title = squash(_plain(found["title"] or ""))
    blank = " _____ " if found["after"].strip() else ""
    asked, more = _paragraphs(found["asked"] + blank + found["after"], found["format"])
    body, _, general = found["answers"].partition("####")
    told = [part for line in _plain(general).split("\n") for part in paragraphs(line)[0]]
    id_ = re.search(r"\[id:([^\[\]]+)\]", remarks)
    common = {
        "name": id_[1] if id_ else title or " ".join(asked)[:60], "line": line, "category": category, "general": told,
        "tags": re.findall(r"\[tag:([^\[\]]+)\]", remarks), "lost": ["the picture or table in the question"] if more else [],
    }  # fmt: skip
    # The answers are in the format of the question.
    return _answered(body.strip(), asked, squash if found["format"] in PLAIN else text, common)


def _paragraphs(masked: str, form: str | None) -> tuple[list[str], bool]:
    plain = _plain(masked)
    if form not in PLAIN:
        return paragraphs(plain)
    return [part for part in map(squash, re.split(r"\n\s*\n", plain)) if part], False


def _answered(body: str, asked: list[str], clean: Callable[[str], str], common: dict) -> Question:
    if body.startswith("#"):
        asked, unit = without_unit(asked)
        answers = [_number(*parts) for parts in ANSWER.findall(body[1:])] or [_number("=", "", body[1:])]
        return Question(
            "numeric", paragraphs=asked, answers=answers, units=based({unit: 1.0}) if unit else {}, unit=unit, **common
        )
    word, _, feedback = body.partition("#")
    if word.strip().upper() in TRUE_FALSE:
        right = TRUE_FALSE[word.strip().upper()]
        wrong_told, _, right_told = map(squash, _plain(feedback).partition("#"))
        answers = [
            Answer(name, float(value == right), right_told if value == right else wrong_told)
            for name, value in (("True", True), ("False", False))
        ]
        return Question("single", paragraphs=asked, answers=answers, **common)
    parts = ANSWER.findall(body)
    if not parts or not all(sign == "=" for sign, _, _ in parts):
        if not any(sign == "=" or float(weight or 0) > 0 for sign, weight, _ in parts):
            return Question(
                "unknown", paragraphs=asked, **common | {"lost": ["a question without a right answer on offer"]}
            )
        several = not any(sign == "=" for sign, _, _ in parts)
        answers = [_choice(sign, weight, rest, clean) for sign, weight, rest in parts]
        return Question("multiple" if several else "single", paragraphs=asked, answers=answers, **common)
    if not all("->" in rest for _, _, rest in parts):
        return Question("unknown", paragraphs=asked, **common | {"lost": ["a question that asks for words"]})
    sides = [tuple(clean(_plain(side)) for side in rest.split("->", 1)) for _, _, rest in parts]
    places = sorted(map(str, range(1, len(sides) + 1)))
    if sorted(option for _, option in sides) == places and any(map(REVISION.fullmatch, common["tags"])):
        # Ours: others that match to numbers mean a matching.
        steps = [Answer(step, float(place)) for step, place in sides]
        return Question("ordering", paragraphs=asked, answers=steps, **common)
    return matching(sides, paragraphs=asked, **common)


def _choice(sign: str, weight: str, rest: str, clean: Callable[[str], str]) -> Answer:
    words, _, feedback = rest.partition("#")
    points = float(weight) / 100 if weight else float(sign == "=")
    return Answer(clean(_plain(words)), points, clean(_plain(feedback)))


def _number(sign: str, weight: str, rest: str) -> Answer:
    words, _, feedback = rest.partition("#")
    words = _plain(words).strip()
    try:
        if ".." in words:
            low, high = map(finite, words.split(".."))
            value, tolerance = (low + high) / 2, (high - low) / 2
        else:
            given, _, off = words.partition(":")
            value, tolerance = finite(given), finite(off or "0")
    except ValueError:
        raise ValueError(f"has '{words[:40]}' where a number stands; write 3.3:0.2 or 3.1..3.5") from None
    return Answer("", float(weight or 100) / 100, squash(_plain(feedback)), value=value, tolerance=tolerance)
