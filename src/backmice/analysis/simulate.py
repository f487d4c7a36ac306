"""A made-up class, to see what the analysis finds when it is known what there is to find.

No student sat anything here. Whatever shows such a class says `LABEL`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backmice.analysis.items import findings
from backmice.analysis.resample import RESAMPLES, weights
from backmice.analysis.table import Asked, Table

LABEL = "Simulated class: no student sat this"
OPTIONS = "abcd"
#: How steeply the chance of knowing rises with ability (Rasch with this slope), and its pull on hard items.
SLOPE, SPREAD = 1.0, 1.0


@dataclass(frozen=True)
class Simulated:
    """A made-up class and the ids of the items whose key is wrong."""

    table: Table
    miskeyed: frozenset[str]


def simulate(students: int = 200, items: int = 40, miskeys: int = 2, seed: int = 1) -> Simulated:
    """Return a class of normal abilities on items with one right option of four.

    Who does not know takes a distractor, the first of which draws most. A planted miskey credits that first one.
    Each answer has a certainty that goes with the chance of knowing, and a time.
    """
    rng = np.random.default_rng(seed)
    ability, hard = rng.normal(size=students), rng.normal(scale=SPREAD, size=items)
    wrong = frozenset(map(int, rng.choice(items, size=miskeys, replace=False)))
    chance = 1 / (1 + np.exp(-SLOPE * (ability[:, None] - hard)))
    knows = rng.random((students, items)) < chance
    taken = np.where(knows, 0, 1 + rng.choice(3, size=(students, items), p=(0.5, 0.3, 0.2)))
    credited = [1 if i in wrong else 0 for i in range(items)]
    asked = tuple(
        Asked(f"item-{i + 1:02}", "single", f"objective-{i % 10 + 1}", tuple((o, f"Option {o}") for o in OPTIONS),
              frozenset(OPTIONS[credited[i]]), f"{LABEL}: item {i + 1}")
        for i in range(items)
    )  # fmt: skip
    table = Table(
        tuple(f"simulated-{s + 1:03}" for s in range(students)), asked,
        points=(taken == credited).astype(float),
        chosen=tuple((taken[:, [i]] == np.arange(len(OPTIONS))).astype(float) for i in range(items)),
        certainty=np.clip(np.floor(chance * 3 + rng.normal(scale=0.4, size=chance.shape)), 0, 2).astype(int),
        seconds=np.round(rng.lognormal(np.log(45), 0.5, size=chance.shape)),
    )  # fmt: skip
    return Simulated(table, frozenset(asked[i].id for i in wrong))


@dataclass(frozen=True)
class Detection:
    """How the miskey alarm did on many made-up classes."""

    classes: int
    planted: int
    found: int
    sound: int
    false: int

    def __str__(self) -> str:
        recall, false = self.found / self.planted, self.false / self.sound
        return (
            f"{LABEL}. {self.classes} classes: {self.found} of {self.planted} planted miskeys found "
            f"({recall:.1%}); {self.false} false alarms on {self.sound} sound items ({false:.2%})"
        )


def detection(classes: int = 200, students: int = 200, resamples: int = RESAMPLES) -> Detection:
    """Return how many planted miskeys the alarm finds, and how often it cries without one."""
    planted = found = sound = false = 0
    drawn = weights(students, resamples=resamples)
    for seed in range(classes):
        made = simulate(students, seed=seed)
        alarmed = {item.id for item in findings(made.table, drawn) if item.alarm == "miskey"}
        planted += len(made.miskeyed)
        found += len(made.miskeyed & alarmed)
        sound += len(made.table.items) - len(made.miskeyed)
        false += len(alarmed - made.miskeyed)
    return Detection(classes, planted, found, sound, false)
