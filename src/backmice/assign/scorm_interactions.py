"""Interactions that our SCORM packages reported, as a platform hands them out.

Three forms are read: the Interactions report of Moodle's SCORM activity, whose columns are those of
`mod/scorm/report/interactions`; the data model `cmi` of one learner as JSON; and a table of interactions with the
names of the data model. `student_response` is written by SCORM 1.2, which knows options by one sign each,
`learner_response` by SCORM 2004.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from backmice.assign.exported import Asked, Exported, Row, UnreadError, moment, quoted, student
from backmice.assign.handed import Pile, Student
from backmice.items.score import decimal

NAMES = ("learner", "student")  # who answers, in SCORM 2004 and in 1.2
LETTERS = "abcdefghij"  # as `written` in export/scorm/report.js
SPANS = (
    re.compile(r"(?P<h>\d{2,4}):(?P<m>\d{2}):(?P<s>\d{2}(?:\.\d{1,2})?)"),
    re.compile(r"PT(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d{1,2})?)S)?"),
)


def reads_moodle(columns: list[str]) -> bool:
    """Return whether a table with these columns is Moodle's Interactions report."""
    return "Attempt" in columns and any(re.fullmatch(r"(Response|Question) \d+", column) for column in columns)


def reads_table(columns: list[str]) -> bool:
    """Return whether a table with these columns is one of interactions."""
    return "id" in columns and any({f"{who}_id", f"{who}_response"} <= set(columns) for who in NAMES)


def take_moodle(quiz: Exported, file: str, rows: list[tuple[int, dict[str, str]]], pile: Pile) -> None:
    """Read Moodle's Interactions report, which tells SCORM 1.2 alone."""
    numbers = [found[1] for column in rows[0][1] if (found := re.fullmatch(r"Response (\d+)", column))]
    if not numbers or not all(f"Question {number}" in rows[0][1] for number in numbers):
        words = "doesn't tell both items and responses; include the summary of questions and that of responses"
        return pile.say(file, "can't be read", words)
    for line, row in rows:
        place, who = f"{file}:{line}", student(row)
        if who is None:
            pile.say(place, "unknown student", "has no name; download the report with Moodle in English")
            continue
        if row["Attempt"] in ("", "-"):
            pile.say(place, "unfinished", f"'{who.id}' has no attempt")
            continue
        reading = Row(pile, place, who)
        for number in numbers:
            item, told = (html.unescape(row[f"{what} {number}"]) for what in ("Question", "Response"))
            if item:
                _take(quiz, reading, item, "1.2", told)
        started, last = (row.get(f"{what} on") or row.get(what) or "" for what in ("Started", "Last accessed"))
        reading.close(moment(started), moment(last))
    return None


def take_table(quiz: Exported, file: str, rows: list[tuple[int, dict[str, str]]], pile: Pile) -> None:
    """Read a table of interactions, a row each, of any number of learners."""
    who = next(name for name in NAMES if {f"{name}_id", f"{name}_response"} <= rows[0][1].keys())
    readings: dict[str, Row] = {}
    for line, row in rows:
        id_ = row[f"{who}_id"][:200]
        if not id_:
            pile.say(f"{file}:{line}", "unknown student", f"{who}_id is empty")
            continue
        if id_ not in readings:
            named = Student(id=id_, name=row.get(f"{who}_name", "")[:200] or id_)
            readings[id_] = Row(pile, f"{file}:{line}", named)
        _take_interaction(quiz, readings[id_], row)
    for reading in readings.values():
        reading.close()


def take_cmi(quiz: Exported, file: str, cmi: Mapping[str, Any], pile: Pile) -> None:
    """Read the data model of one learner."""
    core = cmi["core"] if isinstance(cmi.get("core"), dict) else cmi
    id_, name = (str(core.get(f"student_{of}") or core.get(f"learner_{of}") or "")[:200] for of in ("id", "name"))
    reading = Row(pile, file, Student(id=id_ or file[-200:], name=name or id_ or file[-200:]))
    if not id_:
        reading.say("unknown student", "names no learner; the file's name stands for it")
    for row in _interactions(cmi["interactions"]):
        _take_interaction(quiz, reading, row)
    reading.close()


def is_cmi(content: Any) -> bool:
    """Return whether parsed JSON is a data model."""
    return isinstance(content, dict) and isinstance(content.get("interactions"), dict | list)


def _interactions(told: Any) -> Iterable[Mapping[str, Any]]:
    """Return the interactions in order: a list, or numbered, as `scorm-again` gives either."""
    if isinstance(told, dict) and isinstance(told.get("childArray"), list):
        told = told["childArray"]
    rows = told if isinstance(told, list) else [told[n] for n in sorted(filter(str.isdecimal, told), key=int)]
    return (row for row in rows if isinstance(row, dict))


def _take_interaction(quiz: Exported, reading: Row, row: Mapping[str, Any]) -> None:
    version = "2004" if "learner_response" in row else "1.2"
    told = str(row.get("learner_response" if version == "2004" else "student_response") or "")
    _take(quiz, reading, str(row.get("id") or ""), version, told, seconds(str(row.get("latency") or "")))


def _take(quiz: Exported, reading: Row, id_: str, version: str, told: str, took: float | None = None) -> None:
    asked = quiz.asked.get(id_)
    if asked is None:
        return reading.say("unknown item", f"{quoted(id_)} is no item of the quiz")
    if not told:
        return reading.say("not told", f"{id_} has no response, and counts as left open; Moodle tells SCORM 1.2 alone")
    try:
        return reading.take(asked, response(asked, version, told), took)
    except UnreadError as error:
        return reading.say(error.kind, str(error))


def response(asked: Asked, version: str, told: str) -> tuple[str, ...]:
    """Return what an interaction's response means, in the question's names.

    Parameters
    ----------
    version
        1.2 or 2004, whose signs it is written with.

    Raises
    ------
    UnreadError
        If it means nothing that the item offers.
    """
    if asked.question.kind == "numeric":
        if value := decimal(told):
            return value, asked.question.key["unit"]
        raise UnreadError("unknown answer", f"{quoted(told)} is no number for {asked.item.id}")
    ids = asked.item.option_ids()
    cases = [case.was for case in asked.question.cases]
    if version == "1.2":
        options = dict(zip(LETTERS, ids, strict=False))
        of = {str(n): case for n, case in enumerate(cases, 1)}
        between, within = ",", "."
    else:
        options, of = {id_: id_ for id_ in ids}, {case: case for case in cases}
        between, within = "[,]", "[.]"
    try:
        parts = [part.partition(within) for part in told.split(between)]
        meant = [f"{of[case]}={options[option]}" if mark else options[case] for case, mark, option in parts]
    except KeyError:
        raise UnreadError("unknown answer", f"{quoted(told)} is no answer that {asked.item.id} offers") from None
    if len({part.partition("=")[0] for part in meant}) < len(meant):
        raise UnreadError("unknown answer", f"{quoted(told)} names an option or a case of {asked.item.id} twice")
    return asked.renamed(tuple(meant))


def seconds(told: str) -> float | None:
    """Return a span of time as either version writes it; None if it is none."""
    found = next((match for span in SPANS if (match := span.fullmatch(told)) and any(match.groups())), None)
    if found is None:
        return None
    hours, minutes, rest = (float(found[part] or 0) for part in ("h", "m", "s"))
    return 3600 * hours + 60 * minutes + rest
