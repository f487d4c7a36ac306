"""The Responses report of Moodle's quiz, as CSV: a row for each attempt, options by their words.

Columns and words are those of Moodle in English, as `mod/quiz/report/responses` and the question types write them:
several options and pairs are joined by "; ", a pair is "case -> option", a step is cut to ten signs, a marker that
hit is "{Drop zone 1 -> Here}", and one that missed is told as no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from backmice.assign.exported import Asked, Exported, Row, UnreadError, moment, plain, quoted, student
from backmice.assign.handed import Pile
from backmice.export.moodle import question_words
from backmice.items.score import decimal

NOTHING = ("", "-")
STEP, CUT = 10, "..."
HIT = re.compile(r"\{[^{}]* 1 -> Here\}")


def reads(columns: list[str]) -> bool:
    """Return whether a table with these columns is such a report."""
    return any(column.startswith("Response ") for column in columns) and "Attempt" not in columns


def take(quiz: Exported, file: str, rows: list[tuple[int, dict[str, str]]], pile: Pile) -> None:
    """Read a report.

    Parameters
    ----------
    rows
        Of each row its line, and its cells by column.
    """
    numbers = [column.removeprefix("Response ") for column in rows[0][1] if column.startswith("Response ")]
    tells_questions = all(f"Question {number}" in rows[0][1] for number in numbers)
    if not tells_questions and len(numbers) != len(quiz.asked):
        words = f"has {len(numbers)} responses, the quiz {len(quiz.asked)} items; show the question text in the report"
        return pile.say(file, "can't be read", words)
    for line, row in rows:
        _take_row(quiz, f"{file}:{line}", row, numbers, pile)
    for item, asked in quiz.asked.items():
        if asked.question.kind == "hotspot":
            pile.say(
                file, "not told", f"{item}: Moodle tells a marker that missed as no answer; it counts as left open"
            )
    return None


def _take_row(quiz: Exported, place: str, row: dict[str, str], numbers: list[str], pile: Pile) -> None:
    who = student(row)
    if who is None:
        return pile.say(place, "unknown student", "has no name; download the report with Moodle in English")
    reading = Row(pile, place, who)
    if row.get("Completed", "") == "-":
        return reading.say("unfinished", f"'{who.id}' finished no attempt here; it isn't counted")
    in_order = list(quiz.asked.values())
    for n, number in enumerate(numbers):
        told = plain(row[f"Response {number}"])
        if told in NOTHING:
            continue
        try:
            question = row.get(f"Question {number}")
            asked = in_order[n] if question is None else _asked_as(quiz, plain(question))
            reading.take(asked, response(asked, told))
        except UnreadError as error:
            reading.say(error.kind, f"Response {number}: {error}")
    reading.close(moment(row.get("Started on") or row.get("Started") or ""), moment(row.get("Completed", "")))
    return None


def _asked_as(quiz: Exported, question: str) -> Asked:
    """Return the item whose words a question begins with, the longest of them."""
    found = [asked for asked in quiz.asked.values() if question.startswith(_words(asked))]
    longest = [asked for asked in found if len(_words(asked)) == max(len(_words(one)) for one in found)]
    if len(longest) != 1:
        what = "is the question of several items" if longest else "is the question of no item of the quiz"
        raise UnreadError("unknown item", f"{quoted(question)} {what}")
    return longest[0]


def _words(asked: Asked) -> str:
    return plain(" ".join(question_words(asked.item)))


def response(asked: Asked, told: str) -> tuple[str, ...]:
    """Return what the report's words mean, in the question's names.

    Raises
    ------
    UnreadError
        If they mean nothing that the item offers, or several things.
    """
    question = asked.question
    match question.kind:
        case "numeric":
            return _number(asked, told)
        case "hotspot":
            if not HIT.fullmatch(told):
                raise UnreadError("unknown answer", f"{quoted(told)} is no marker of {asked.item.id}")
            return question.key
        case "matching":
            pieces = {
                f"{case.id}={option.id}": (f"{plain(case.text)} -> {plain(option.text)}",)
                for case in question.cases
                for option in question.options
            }
        case "ordering":
            pieces = {option.id: _steps(plain(option.text)) for option in question.options}
        case _:
            pieces = {option.id: (plain(option.text),) for option in question.options}
    ways = set(_ways(told, pieces))
    if question.kind == "ordering":
        ways = {way for way in ways if len(way) == len(pieces)}
    else:
        ways = {tuple(sorted(way)) for way in ways}
    if len(ways) > 1:
        raise UnreadError("ambiguous answer", f"{quoted(told)} may mean several things in {asked.item.id}")
    if not ways or (question.kind == "single" and len(next(iter(ways))) > 1):
        raise UnreadError("unknown answer", f"{quoted(told)} is no answer that {asked.item.id} offers")
    return ways.pop()


def _steps(text: str) -> tuple[str, ...]:
    """Return a step as it is told, and as a version that cuts nothing would tell it."""
    return (text,) if len(text) <= STEP else (plain(text[: STEP - len(CUT)] + CUT), text)


def _ways(told: str, pieces: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield each way in which a text is made of pieces joined by "; "; of one case one piece."""
    for id_, texts in pieces.items():
        for text in texts:
            if told == text:
                yield (id_,)
            elif told.startswith(f"{text}; "):
                case = id_.partition("=")[0]
                others = {other: words for other, words in pieces.items() if other.partition("=")[0] != case}
                for more in _ways(told[len(text) + 2 :], others):
                    yield (id_, *more)


def _number(asked: Asked, told: str) -> tuple[str, ...]:
    units = asked.question.units
    for unit in sorted(units, key=len, reverse=True):
        if told.endswith(f" {unit}") and (value := decimal(told.removesuffix(unit))):
            return value, unit
    if len(units) == 1 and (value := decimal(told)):
        return value, next(iter(units))
    raise UnreadError("unknown answer", f"{quoted(told)} is no number in {' or '.join(units)} for {asked.item.id}")
