"""A quiz that was exported to a platform, and what a response in the platform's words is in ours.

A response is matched to the options of an item or it is refused, with the reason: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from backmice.assign.assignment import Assignment, Passage, Question, make
from backmice.assign.handed import Given, Kind, Opened, Pile, Sitting, Student
from backmice.export.paper import Paper
from backmice.items.item import Item

#: The columns that may say who answered, the surest first, as Moodle names them in English.
IDS = ("ID number", "Email address", "Username")
LONGEST = 60  # of a response that is quoted
CLOCKS = ("%d %B %Y %I:%M %p", "%d %B %Y %H:%M")


class UnreadError(Exception):
    """A response that stands for none of ours, or for several; the words say why."""

    def __init__(self, kind: Kind, words: str) -> None:
        super().__init__(words)
        self.kind = kind


@dataclass(frozen=True)
class Asked:
    """An item of the bank, and the question that the analysis takes."""

    item: Item
    question: Question

    def renamed(self, response: tuple[str, ...]) -> tuple[str, ...]:
        """Return a response in the question's names.

        Parameters
        ----------
        response
            Ids of the bank: options, or `case=option`.
        """
        options = {option.was: option.id for option in self.question.options}
        cases = {case.was: case.id for case in self.question.cases}
        parts = (part.rpartition("=") for part in response)
        return tuple(f"{cases[case]}={options[option]}" if case else options[option] for case, _, option in parts)


@dataclass(frozen=True)
class Exported:
    """A quiz as it was exported.

    Attributes
    ----------
    assignment
        What is asked and credited; it has no keys, since nothing was sealed.
    asked
        By the item's id, in the order of the quiz.
    """

    assignment: Assignment
    asked: Mapping[str, Asked]


def exported(paper: Paper, passages: Mapping[str, Passage] | None = None) -> Exported:
    """Return a paper as it was exported; of several attempts the first counts."""
    made = make(paper, seed=0, passages=passages, keys=("", "")).model_copy(update={"id": paper.id})
    questions = {question.item: question for question in made.questions}
    return Exported(made, {item.id: Asked(item, questions[item.id]) for item in paper.items})


class Row:
    """The answers of one student, as they are read, and what is odd about them.

    Parameters
    ----------
    place
        The file and the line.
    """

    def __init__(self, pile: Pile, place: str, student: Student) -> None:
        self.pile, self.place, self.student = pile, place, student
        self.given: dict[str, Given] = {}

    def say(self, kind: Kind, words: str) -> None:
        """Name what is odd."""
        self.pile.say(self.place, kind, words)

    def take(self, asked: Asked, response: tuple[str, ...], seconds: float | None = None) -> None:
        """Take an answer; the first to an item counts."""
        if asked.question.id in self.given:
            return self.say("twice", f"{asked.item.id} is answered again; the first answer counts")
        self.given[asked.question.id] = Given(item=asked.question.id, response=response, seconds=seconds)
        return None

    def close(self, begun: datetime | None = None, ended: datetime | None = None) -> None:
        """Put what was read to the rest."""
        sitting = Sitting(student=self.student, begun=begun, ended=ended, given=tuple(self.given.values()))
        self.pile.by_receipt[str(len(self.pile.by_receipt))] = Opened(self.place, "", sitting)


def student(row: Mapping[str, str]) -> Student | None:
    """Return who a row of a Moodle report is of; None if it doesn't say."""
    names = [row.get("First name", ""), row.get("Last name") or row.get("Surname") or ""]
    name = (" ".join(part for part in names if part) or row.get("Name") or row.get("Full name") or "")[:200]
    id_ = next((row[column] for column in IDS if row.get(column, "-") not in ("", "-")), name)[:200]
    return Student(id=id_, name=name or id_) if id_ else None


def moment(told: str) -> datetime | None:
    """Return a time as Moodle tells it in English, by the platform's clock; None if it is told otherwise."""
    words = re.sub(r"^[A-Z][a-z]+day ", "", " ".join(told.replace(",", " ").split()))
    for clock in CLOCKS:
        try:
            return datetime.strptime(words, clock).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def plain(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """Return a response as an oddity tells it."""
    return f"'{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}'"
