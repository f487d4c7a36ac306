"""What is analysed: points, choices, certainty and time of each student on each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from backmice.items.certainty import MARKS

CERTAINTIES = tuple(MARKS)


@dataclass(frozen=True)
class Asked:
    """An item as it was asked.

    Attributes
    ----------
    choices
        What a response may hold, by id in the order asked, with its words: options, `case=option`, slips.
    credited
        The ids among `choices` that count.
    """

    id: str
    kind: str
    objective: str
    choices: tuple[tuple[str, str], ...] = ()
    credited: frozenset[str] = frozenset()
    stem: str = ""


@dataclass(frozen=True)
class Table:
    """The answers of a class.

    Attributes
    ----------
    points : ndarray, shape (students, items)
        0 to 1; what was left open has 0.
    chosen : one ndarray for each item, shape (students, choices)
        1 where a student gave that choice, else 0.
    certainty : ndarray of int, shape (students, items)
        The place in `CERTAINTIES`, or -1 where none was given.
    seconds : ndarray, shape (students, items)
        Time on the item; nan where it is not known.
    """

    students: tuple[str, ...]
    items: tuple[Asked, ...]
    points: np.ndarray
    chosen: tuple[np.ndarray, ...] = ()
    certainty: np.ndarray = field(default_factory=lambda: np.empty((0, 0), int))
    seconds: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        shape = len(self.students), len(self.items)
        given = {"points": self.points, "certainty": self.certainty, "seconds": self.seconds}
        for name, array in given.items():
            if array.shape != shape and (array.size or name == "points"):
                raise ValueError(f"{name} has the shape {array.shape}; students by items is {shape}")

    @property
    def totals(self) -> np.ndarray:
        """The points of each student, shape (students,)."""
        return self.points.sum(axis=1)


def table(students: Sequence[str], items: Sequence[Asked], rows: Sequence[Sequence[Answer | None]]) -> Table:
    """Return the table of what each student, in order, gave for each item, in order; None is left open."""
    shape = len(students), len(items)
    points, seconds, certainty = np.zeros(shape), np.full(shape, np.nan), np.full(shape, -1)
    places = [{id_: n for n, (id_, _) in enumerate(item.choices)} for item in items]
    chosen = tuple(np.zeros((shape[0], len(item.choices))) for item in items)
    for s, row in enumerate(rows):
        for i, answer in enumerate(row):
            if answer is None:
                continue
            points[s, i] = answer.points
            seconds[s, i] = np.nan if answer.seconds is None else answer.seconds
            if answer.certainty is not None:
                certainty[s, i] = CERTAINTIES.index(answer.certainty)
            for id_ in answer.chosen:
                if id_ in places[i]:
                    chosen[i][s, places[i][id_]] = 1
    return Table(tuple(students), tuple(items), points, chosen, certainty, seconds)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one student gave for one item, and what it was worth."""

    points: float
    chosen: tuple[str, ...] = ()
    certainty: str | None = None
    seconds: float | None = None
