"""What the answers say of the class: which objectives it has not learned yet, and whether it knows what it knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backmice.analysis.resample import Figure, Verdict, shares
from backmice.analysis.table import CERTAINTIES, Table

#: An objective counts as learned when the class earns so much of its points.
LEARNED = 0.7


@dataclass(frozen=True)
class ObjectiveFindings:
    """One objective: the share of its points that the class earned."""

    id: str
    items: tuple[str, ...]
    share: Figure
    learned: Verdict


@dataclass(frozen=True)
class CertaintyFindings:
    """Answers given with one certainty, and the share of them that were wholly right."""

    certainty: str
    answers: int
    right: Figure


def objectives(table: Table, drawn: np.ndarray) -> list[ObjectiveFindings]:
    """Return the objectives, the least learned first."""
    found = []
    for id_ in dict.fromkeys(item.objective for item in table.items):
        places = [i for i, item in enumerate(table.items) if item.objective == id_]
        own = table.points[:, places].mean(axis=1, keepdims=True)
        share = shares(own.mean(axis=0), drawn @ own / len(own), len(own))[0]
        items = tuple(table.items[i].id for i in places)
        found.append(ObjectiveFindings(id_, items, share, share.reaches(LEARNED)))
    return sorted(found, key=lambda each: (each.share.value, each.id))


def calibration(table: Table, drawn: np.ndarray) -> list[CertaintyFindings]:
    """Return, for each certainty that was given, how often such answers were right.

    Students are drawn, not answers: what one student gave hangs together.
    """
    if not table.certainty.size:
        return []
    is_right, found = table.points == 1, []
    for n, name in enumerate(CERTAINTIES):
        given = table.certainty == n
        answers, right = given.sum(axis=1, keepdims=True), (given & is_right).sum(axis=1, keepdims=True)
        if not answers.sum():
            continue
        of, hits = drawn @ answers, drawn @ right
        again = np.where(of > 0, hits / np.where(of > 0, of, 1), np.nan)
        value = np.array([right.sum() / answers.sum()])
        found.append(CertaintyFindings(name, int(answers.sum()), shares(value, again, len(answers))[0]))
    return found
