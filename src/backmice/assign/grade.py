"""Counts what came back: which attempt stands, what each answer is worth, and the tables that platforms import."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from backmice.analysis.table import Answer, Asked, Table, table
from backmice.assign.assignment import Assignment, Question
from backmice.assign.handed import Given, Oddity, Opened, Pile
from backmice.items.score import is_within, score

#: A cell that begins so would be reckoned by a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Graded:
    """A student's attempt that stands.

    Attributes
    ----------
    answers
        By the id of a question, what was given and what it was worth; what was left open is not there.
    odd
        What is odd of this student's files.
    """

    student_id: str
    name: str
    opened: Opened
    answers: dict[str, tuple[Given, Answer]]
    odd: tuple[Oddity, ...]

    @property
    def points(self) -> float:
        """All points, to nine decimals."""
        return round(sum(answer.points for _, answer in self.answers.values()), 9)


def grade(assignment: Assignment, pile: Pile) -> list[Graded]:
    """Return the students by id, each with the last of the attempts allowed.

    Attempts are taken in the order in which they ended; those after the last allowed are named and don't count.
    Nor does a file with a wrong code where there is one with the right: else whoever knows an id could take its place.
    """
    by_student: dict[str, list[Opened]] = defaultdict(list)
    for each in sorted(pile.opened, key=_when):
        by_student[each.content.student.id].append(each)
    scorer = Scorer(assignment.questions)
    standing = {}
    for id_, handed in sorted(by_student.items()):
        attempts = [each for each in handed if _is_own(assignment, each)] or handed
        for each in handed:
            if each not in attempts:
                pile.say(each.file, "unknown student", f"does not count: {attempts[0].file} has the code of '{id_}'")
        stands = attempts[: assignment.attempts][-1]
        for each in attempts[assignment.attempts :]:
            allowed = "one attempt" if assignment.attempts == 1 else f"{assignment.attempts} attempts"
            pile.say(each.file, "twice", f"'{id_}' may have {allowed}; {stands.file} stands")
        standing[id_] = stands, scorer.answers(stands, pile)
    odd = defaultdict(list)
    owners = {each.file: each.content.student.id for each in pile.opened}
    for oddity in pile.odd:
        if oddity.file in owners:
            odd[owners[oddity.file]].append(oddity)
    names = {id_: enrolled.name for id_, enrolled in assignment.roster.items()}
    return [
        Graded(id_, names.get(id_) or stands.content.student.name, stands, answers, tuple(odd[id_]))
        for id_, (stands, answers) in standing.items()
    ]


def _when(opened: Opened) -> tuple[datetime, str]:
    """Return what attempts are sorted by; where a platform doesn't tell when, its own order stays."""
    ended = opened.content.ended
    return (ended, opened.file) if ended else (datetime.min.replace(tzinfo=UTC), "")


def _is_own(assignment: Assignment, opened: Opened) -> bool:
    """Return whether a file has the code of the student it says; True where that student has none."""
    student = opened.content.student
    enrolled = assignment.roster.get(student.id)
    return enrolled is None or enrolled.code == student.code


class Scorer:
    """Scores answers, each different one once.

    Parameters
    ----------
    questions
        Those of the assignment.
    """

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = {question.id: question for question in questions}
        self._known: dict[tuple[str, tuple[str, ...]], Answer | None] = {}

    def answers(self, opened: Opened, pile: Pile) -> dict[str, tuple[Given, Answer]]:
        """Return what was given, by question; what could not have been given is named and worth nothing."""
        found = {}
        for given in opened.content.given:
            answer = self._answer(given)
            if answer is None:
                pile.say(opened.file, "impossible answer", f"{given.item} can't be answered so; it counts as open")
            elif given.response:
                found[given.item] = given, Answer(answer.points, answer.chosen, given.certainty, given.seconds)
        return found

    def _answer(self, given: Given) -> Answer | None:
        known = given.item, given.response
        if known not in self._known:
            self._known[known] = self._score(given)
        return self._known[known]

    def _score(self, given: Given) -> Answer | None:
        question = self.questions.get(given.item)
        if question is None:
            return None
        try:
            found = score(question.kind, question.key, question.option_ids(), given.response)
        except ValueError:
            return None
        return Answer(found.points, chosen(question, given.response))


def chosen(question: Question, response: tuple[str, ...]) -> tuple[str, ...]:
    """Return the choices that a response makes: options, `case=option`, the key or a slip of a number."""
    if question.kind == "ordering" or not response:
        return ()
    if question.kind != "numeric":
        return response
    if is_within(question.key, response):
        return ("key",)
    made = [
        s.id
        for s in question.slips
        if is_within({**question.key, "value": s.value, "tolerance": s.tolerance}, response)
    ]
    return tuple(made[:1]) or ("other",)


def asked(question: Question) -> Asked:
    """Return a question as the analysis takes it."""
    match question.kind:
        case "ordering":
            choices, credited = (), frozenset()
        case "numeric":
            key = question.key
            slips = [(slip.id, f"{slip.value:g} {key['unit']}: {slip.text}") for slip in question.slips]
            choices, credited = (
                (("key", f"{key['value']:g} {key['unit']}"), *slips, ("other", "another number")),
                {"key"},
            )
        case "matching":
            pairs = [(f"{c.id}={o.id}", f"{c.text}: {o.text}") for c in question.cases for o in question.options]
            choices, credited = tuple(pairs), question.key
        case _:
            choices, credited = tuple((option.id, option.text) for option in question.options), question.key
    return Asked(question.id, question.kind, question.objective, choices, frozenset(credited), question.stem)


def responses(assignment: Assignment, graded: Sequence[Graded]) -> Table:
    """Return the answers as the analysis takes them."""
    ids = [question.id for question in assignment.questions]
    rows = [[each.answers[id_][1] if id_ in each.answers else None for id_ in ids] for each in graded]
    return table([each.student_id for each in graded], [asked(question) for question in assignment.questions], rows)


def gradebook(assignment: Assignment, graded: Sequence[Graded]) -> bytes:
    """Return a row for each student, and for each who was expected and handed in nothing."""
    of = len(assignment.questions)
    head = ("id", "name", "points", "of", "per cent", "answered", "begun", "ended", "file", "receipt", "look at")
    rows = [
        (
            each.student_id, each.name, _number(each.points), of, _number(round(100 * each.points / of, 2)),
            len(each.answers), _clock(each.opened.content.begun), _clock(each.opened.content.ended),
            each.opened.file, each.opened.receipt,
            "; ".join(dict.fromkeys(oddity.kind for oddity in each.odd)),
        )
        for each in graded
    ]  # fmt: skip
    there = {each.student_id for each in graded}
    missing = [
        (id_, s.name, "", of, *[""] * 6, "nothing handed in")
        for id_, s in assignment.roster.items()
        if id_ not in there
    ]
    return _csv([head, *rows, *missing])


def moodle(assignment: Assignment, graded: Sequence[Graded]) -> bytes:
    """Return what Moodle's grade import takes: map `ID number` to the user, and the last column to the grade item."""
    head = ("First name", "Last name", "ID number", assignment.title)
    rows = [(*_names(each.name), each.student_id, _number(each.points)) for each in graded]
    return _csv([head, *rows])


def canvas(assignment: Assignment, graded: Sequence[Graded]) -> bytes:
    """Return the layout of Canvas's gradebook: students are found by `SIS User ID`."""
    head = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.title)
    possible = ("    Points Possible", "", "", "", "", len(assignment.questions))
    rows = [
        (
            ", ".join(reversed([name for name in _names(each.name) if name])),
            "",
            each.student_id,
            "",
            "",
            _number(each.points),
        )
        for each in graded
    ]
    return _csv([head, possible, *rows])


def _names(name: str) -> tuple[str, str]:
    first, _, last = name.strip().rpartition(" ")
    return (first, last) if first else (last, "")


def _clock(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
