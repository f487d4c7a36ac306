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
    """A made-up class, and the ids of the items whose key is wrong and of those with two right options."""

    table: Table
    miskeyed: frozenset[str]
    ambiguous: frozenset[str]


def simulate(students: int = 200, items: int = 40, miskeys: int = 2, ambiguous: int = 0, seed: int = 1) -> Simulated:
    """Return a class of normal abilities on items with one right option of four.

    Who does not know takes a distractor, the first of which draws most. A planted miskey credits that first one.
    Of an ambiguous item the first is as right as the key: half of those who know take it, and nobody else.
    Each answer has a certainty that goes with the chance of knowing, and a time.
    """
    rng = np.random.default_rng(seed)
    ability, hard = rng.normal(size=students), rng.normal(scale=SPREAD, size=items)
    planted = list(map(int, rng.choice(items, size=miskeys + ambiguous, replace=False)))
    wrong, double = frozenset(planted[:miskeys]), planted[miskeys:]
    chance = 1 / (1 + np.exp(-SLOPE * (ability[:, None] - hard)))
    knows = rng.random((students, items)) < chance
    taken = np.where(knows, 0, 1 + rng.choice(3, size=(students, items), p=(0.5, 0.3, 0.2)))
    halves = rng.random((students, ambiguous)) < 0.5
    taken[:, double] = np.where(knows[:, double], halves, np.maximum(taken[:, double], 2))
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
    return Simulated(table, *(frozenset(asked[i].id for i in places) for places in (wrong, double)))


@dataclass(frozen=True)
class Alarms:
    """What became of items of one sort: how many there were, and how many got each alarm."""

    items: int = 0
    miskey: int = 0
    ambiguous: int = 0

    def __add__(self, other: Alarms) -> Alarms:
        return Alarms(self.items + other.items, self.miskey + other.miskey, self.ambiguous + other.ambiguous)

    def told(self, what: str) -> str:
        """Return how many `what` there were, and how many of them got which alarm."""
        shares = ", ".join(
            f"{count} called {name} ({count / max(1, self.items):.2%})"
            for name, count in (("miskey", self.miskey), ("ambiguous", self.ambiguous))
        )
        return f"of {self.items} {what} {shares}"


@dataclass(frozen=True)
class Detection:
    """How the alarms did on many made-up classes: on planted miskeys, on items with two right options, on the sound."""

    classes: int
    students: int
    miskeyed: Alarms
    ambiguous: Alarms
    sound: Alarms

    def __str__(self) -> str:
        sorts = (
            self.miskeyed.told("planted miskeys"),
            self.ambiguous.told("planted items with two right options"),
            self.sound.told("sound items"),
        )
        return f"{LABEL}. {self.classes} classes of {self.students}: {'; '.join(sorts)}"


def detection(classes: int = 200, students: int = 200, resamples: int = RESAMPLES) -> Detection:
    """Return how many planted faults the alarms find, and how often they cry without one.

    Each class has 40 items, of which two are miskeyed and two have two right options.
    """
    miskeyed = ambiguous = sound = Alarms()
    drawn = weights(students, resamples=resamples)
    for seed in range(classes):
        made = simulate(students, ambiguous=2, seed=seed)
        for item in findings(made.table, drawn):
            one = Alarms(1, int(item.alarm == "miskey"), int(item.alarm == "ambiguous"))
            if item.id in made.miskeyed:
                miskeyed += one
            elif item.id in made.ambiguous:
                ambiguous += one
            else:
                sound += one
    return Detection(classes, students, miskeyed, ambiguous, sound)
