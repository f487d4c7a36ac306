"""Readers that never look at stem or vignette sit the bank: what they earn above chance, cues give away.

Each program ranks the options of an item by their texts or places alone. Where several rank first
it is credited their share, so that a program without a preference earns what chance does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from backmice.items.chance import at_least, hits_by_chance, interval
from backmice.items.item import ChoiceItem, Item
from backmice.items.lint.words import content, word_set, words

#: The higher, the likelier the program takes the option.
Preference = Callable[[Sequence[str]], Sequence[float]]
SEED, DRAWS = 20261122, 4000
OUTSIDE = 0.05
HEDGES = word_set(
    """about approximately can could generally likely may maybe might mostly nearly often partly perhaps possible
    possibly potentially probable probably rarely relatively seem seems some sometimes somewhat suggest suggests
    tend tends typically unlikely usually"""
)
QUALIFIERS = re.compile(
    r"\d+(?:\.\d+)?|\([^)]*\)|\b(?:because|since|which|that|when|while|until|before|after|within|under|over|beside|"
    r"with|without|from|by|for|than|if|unless|although)\b",
    re.IGNORECASE,
)


def likeness(options: Sequence[str]) -> list[float]:
    """Return, for each option, the mean share of words (Jaccard) that it has in common with the others."""
    held = [content(text) for text in options]
    alike = lambda one, other: len(one & other) / max(len(one | other), 1)
    return [
        sum(alike(one, other) for j, other in enumerate(held) if j != i) / (len(held) - 1) for i, one in enumerate(held)
    ]


def from_middle(options: Sequence[str]) -> list[float]:
    """Return how near each place is to the middle of the list."""
    return [-abs(i - (len(options) - 1) / 2) for i in range(len(options))]


#: By name: what the program takes, and how it ranks.
PROGRAMS: dict[str, tuple[str, Preference]] = {
    "longest": ("the option with the most characters", lambda options: [len(text) for text in options]),
    "shortest": ("the option with the fewest characters", lambda options: [-len(text) for text in options]),
    "most specific": (
        "the most numbers, brackets and qualifying words",
        lambda options: [len(QUALIFIERS.findall(text)) for text in options],
    ),
    "odd one out": ("the fewest words in common with the others", lambda options: [-x for x in likeness(options)]),
    "convergence": ("the most words in common with the others", likeness),
    "most hedged": (
        "the most words such as may, likely, some",
        lambda options: [sum(word in HEDGES for word in words(text)) for text in options],
    ),
    "first": ("the first option", lambda options: [-i for i in range(len(options))]),
    "middle": ("the option nearest the middle of the list", from_middle),
    "last": ("the last option", lambda options: list(range(len(options)))),
}


@dataclass(frozen=True)
class Row:
    """How one program did.

    `low` and `high` hold 95 % of what chance gives this program; `p` is the chance of its score or more.
    """

    program: str
    takes: str
    n: int
    score: float
    expected: float
    low: int
    high: int
    p: float

    @property
    def verdict(self) -> str:
        """Where the score lies."""
        if self.score > self.high:
            return "above chance"
        return "below chance" if self.score < self.low else "within chance"


@dataclass(frozen=True)
class Result:
    """All programs, and what the best of so many earns by chance alone.

    `best_low` and `best_high` hold 95 % of the best score over `draws` seeded draws of the keys, with
    the programs as they are; `bonferroni` is the highest score within chance when each of the programs
    is allowed its part of 5 %.
    """

    rows: tuple[Row, ...]
    best: Row
    best_low: float
    best_high: float
    bonferroni: int
    draws: int

    @property
    def within(self) -> bool:
        """Whether the best program scores within what the best earns by chance."""
        return self.best.score <= self.best_high


def sat(items: Iterable[Item]) -> list[ChoiceItem]:
    """Return the items that the programs sit: those with one key among options."""
    return [item for item in items if isinstance(item, ChoiceItem) and len(item.key) == 1]


def credit(preference: Preference, options: Sequence[str]) -> list[float]:
    """Return what a program earns with the key at each place: all, a share, or nothing."""
    ranks = preference(options)
    first = [math.isclose(rank, max(ranks), abs_tol=1e-12) for rank in ranks]
    return [chosen / sum(first) for chosen in first]


def blind(items: Iterable[Item], *, seed: int = SEED, draws: int = DRAWS) -> Result | None:
    """Return how the programs do on a bank; None where no item has one key.

    Parameters
    ----------
    seed
        Of the draws that give the best program's interval; the same seed gives the same interval.
    """
    taken = sat(items)
    if not taken:
        return None
    texts = [[option.text for option in item.options] for item in taken]
    earned = [[credit(ranks, options) for _, ranks in PROGRAMS.values()] for options in texts]
    keys = [item.option_ids().index(item.key[0]) for item in taken]
    spread = hits_by_chance(1 / len(options) for options in texts)
    expected = sum(1 / len(options) for options in texts)
    low, high = interval(spread, OUTSIDE)
    rows = tuple(
        Row(name, takes, len(taken), score, expected, low, high, at_least(spread, score))
        for (name, (takes, _)), score in zip(PROGRAMS.items(), scores(earned, keys), strict=True)
    )
    best_low, best_high = best_by_chance(earned, Random(seed), draws)
    best = max(rows, key=lambda row: row.score)
    return Result(rows, best, best_low, best_high, interval(spread, OUTSIDE / len(PROGRAMS))[1], draws)


def scores(earned: Sequence[Sequence[Sequence[float]]], keys: Sequence[int]) -> list[float]:
    """Return what each program earns in all with the keys at these places."""
    credited = (_at(item, key) for item, key in zip(earned, keys, strict=True))
    return [round(math.fsum(column), 9) for column in zip(*credited, strict=True)]


def _at(item: Sequence[Sequence[float]], key: int) -> list[float]:
    return [program[key] for program in item]


def best_by_chance(earned: Sequence[Sequence[Sequence[float]]], random: Random, draws: int) -> tuple[float, float]:
    """Return the 95 % interval of the best program's score when keys are drawn at random."""
    by_place = [[_at(item, place) for place in range(len(item[0]))] for item in earned]
    tops = sorted(
        max(map(sum, zip(*(places[int(random.random() * len(places))] for places in by_place), strict=True)))
        for _ in range(draws)
    )
    cut = int(draws * OUTSIDE / 2)
    return round(tops[cut], 3), round(tops[-1 - cut], 3)


def table(result: Result | None) -> str:
    """Return the result as text."""
    if result is None:
        return "No item with one key to sit."
    n, expected = result.best.n, result.best.expected
    lines = [
        f"{n} items with one key; {expected:.1f} expected by chance",
        f"{'program':<15}{'score':>7}{'share':>7}  {'95 % of chance':<15}{'p':>7}  verdict",
    ]
    for row in result.rows:
        span = f"{row.low} to {row.high}"
        lines.append(f"{row.program:<15}{row.score:>7.2f}{row.score / n:>7.0%}  {span:<15}{row.p:>7.3f}  {row.verdict}")
    return "\n".join([*lines, *told(result)])


def told(result: Result) -> list[str]:
    """Return, in sentences, what the best of the programs is worth."""
    best, count = result.best, len(result.rows)
    verdict = "within chance" if result.within else "above chance: the options give keys away"
    span = f"{result.best_low:.2f} to {result.best_high:.2f} in 95 % of {result.draws} draws"
    return [
        f"Best of {count}: {best.program}, {best.score:.2f} of {best.n}.",
        f"With keys drawn at random the best of these {count} programs scores {span}: {verdict}.",
        f"Bonferroni: up to {result.bonferroni} is within chance for any one of {count}.",
    ]
