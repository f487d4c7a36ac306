"""What the answers say of each item: how hard it was, whether who knows more gets it, and who chose what.

Refuses no class, however small: the verdicts say where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from backmice.analysis.resample import FEWEST, TOO_FEW, Figure, Verdict, figures, shares
from backmice.analysis.table import Table
from backmice.items.chance import wilson
from backmice.items.score import CREDITED_ONCE

#: Kelley 1939: with groups of this size the difference between them is told best.
TAIL = 0.27
#: Ebel and Frisbie: an item below this separates poorly.
SEPARATES = 0.2
#: Haladyna and Downing 1993: a distractor that fewer choose does no work.
WORKS = 0.05
#: So many items are resampled at once: more would need more memory and be no faster.
BLOCK = 15
#: And so many of the classes drawn, where each needs as much memory as the class.
ROWS = 100
Alarm = Literal["miskey", "ambiguous"]


@dataclass(frozen=True)
class Choice:
    """How often a choice was made, by whom, and whether it goes with knowing the rest.

    `goes_with_rest` is the correlation of making it with the points of all other items.
    """

    id: str
    text: str
    is_credited: bool
    count: int
    share: Figure
    upper: float
    lower: float
    goes_with_rest: Figure
    works: Verdict


@dataclass(frozen=True)
class ItemFindings:
    """One item."""

    id: str
    stem: str
    facility: Figure
    discrimination: Figure
    upper_lower: Figure
    separates: Verdict
    choices: tuple[Choice, ...]
    alarm: Alarm | None
    why: str
    open: int
    median_s: float | None
    quartiles_s: tuple[float, float] | None


def facility(points: np.ndarray) -> np.ndarray:
    """Return the mean of each item, shape (items,); points have the shape (students, items)."""
    return points.mean(axis=0)


def discrimination(points: np.ndarray) -> np.ndarray:
    """Return the correlation of each item with the sum of all others; nan where one of them does not vary."""
    w, rest = np.ones((1, len(points))), points.sum(axis=1, keepdims=True) - points
    return np.array([_correlation(*_moments(w, points[:, [i]], rest[:, [i]]))[0, 0] for i in range(points.shape[1])])


def upper_lower(values: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of each column among the 27 % with the most points and the 27 % with the fewest.

    Students who tie at the border count by the same part each, so that their order decides nothing.
    """
    once = np.ones((1, len(totals)))
    return _tail(values, totals, once)[0], _tail(values, -totals, once)[0]


def _tail(values: np.ndarray, totals: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return the mean of each column among those with the largest totals, in each class drawn."""
    students = len(totals)
    size = max(1, int(TAIL * students + 0.5))
    order = np.argsort(-totals, kind="stable")
    starts = np.flatnonzero(np.diff(totals[order], prepend=np.inf))  # of those who tie
    tied = np.repeat(np.arange(len(starts)), np.diff(starts, append=students))
    means = []
    for rows in np.array_split(drawn, max(1, len(drawn) // ROWS)):
        w = rows[:, order]
        counts = np.add.reduceat(w, starts, axis=1)
        taken = np.clip(size - (np.cumsum(counts, axis=1) - counts), 0, counts)
        part = np.divide(taken, counts, out=np.zeros_like(counts), where=counts > 0)
        means.append((w * part[:, tied]) @ values[order] / size)
    return np.vstack(means)


def findings(table: Table, drawn: np.ndarray) -> list[ItemFindings]:
    """Return what is found of each item, in order.

    Parameters
    ----------
    drawn : ndarray, shape (resamples, students)
        From `resample.weights`.
    """
    found, gaps = [], _gaps(table, drawn)
    for start in range(0, len(table.items), BLOCK):
        places = range(start, min(start + BLOCK, len(table.items)))
        pairs = [_columns(table, i) for i in places]
        for i, pair, again in zip(places, pairs, _resampled(drawn, pairs), strict=True):
            found.append(_item(table, i, pair, again, gaps[i]))
    return found


def _gaps(table: Table, drawn: np.ndarray) -> list[Figure]:
    """Return, for each item, how much more the 27 % with the most points got than the 27 % with the fewest."""
    totals, n = np.round(table.totals, 9), len(table.students)
    once, again = (_tail(table.points, totals, w) - _tail(table.points, -totals, w) for w in (np.ones((1, n)), drawn))
    return figures(once[0], again, n)


def _columns(table: Table, i: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of an item beside its choices, and the points of all other items."""
    chosen = table.chosen[i] if table.chosen else np.empty((len(table.students), 0))
    # Rounded, so that sums of shares that make no difference on paper make none here.
    rest = np.round(table.totals - table.points[:, i], 9)
    return np.hstack([table.points[:, [i]], chosen]), rest[:, None]


def _item(
    table: Table, i: int, pair: tuple[np.ndarray, np.ndarray], again: tuple[np.ndarray, np.ndarray], gap: Figure
) -> ItemFindings:
    asked, n, both = table.items[i], len(table.students), pair[0]
    means_again, correlations_again = again
    correlations = figures(_correlation(*_moments(np.ones((1, n)), *pair))[0], correlations_again, n)
    means = shares(both.mean(axis=0), means_again, n)
    upper, lower = upper_lower(both, np.round(table.totals, 9))
    counts = [int(count) for count in both.sum(axis=0)]
    choices = tuple(
        Choice(id_, text, id_ in asked.credited, counts[c], means[c], float(upper[c]), float(lower[c]),
               correlations[c], _works(counts[c], n))
        for c, (id_, text) in enumerate(asked.choices, 1)
    )  # fmt: skip
    alarm, why = _alarm(asked.kind, choices, correlations_again[:, 1:])
    seconds = table.seconds[:, i] if table.seconds.size else np.empty(0)
    known = seconds[~np.isnan(seconds)]
    return ItemFindings(
        id=asked.id, stem=asked.stem, facility=means[0], discrimination=correlations[0],
        upper_lower=gap, separates=correlations[0].reaches(SEPARATES), choices=choices,
        alarm=alarm, why=why, open=int((both[:, 1:].sum(axis=1) == 0).sum()) if asked.choices else 0,
        median_s=float(np.median(known)) if len(known) else None,
        quartiles_s=tuple(map(float, np.quantile(known, (0.25, 0.75)))) if len(known) else None,
    )  # fmt: skip


def _moments(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return covariances and variances of the columns of x with the one of y, for each row of weights."""
    _, *moments = _split(w @ _stacked(x, y) / w.sum(axis=1, keepdims=True), x.shape[1])
    return tuple(moments)


def _resampled(drawn: np.ndarray, pairs: list[tuple[np.ndarray, np.ndarray]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return, for each pair, the means of its first part and the correlations with its second, in each class drawn.

    One product for many columns: the classes drawn are a large matrix, and reading it is what takes the time.
    """
    stacked = [_stacked(x, y) for x, y in pairs]
    product = drawn @ np.hstack(stacked) / drawn.sum(axis=1, keepdims=True)
    parts = np.split(product, np.cumsum([s.shape[1] for s in stacked])[:-1], axis=1)
    found = []
    for (x, _), part in zip(pairs, parts, strict=True):
        means, *moments = _split(part, x.shape[1])
        found.append((means + x.mean(axis=0), _correlation(*moments)))
    return found


def _stacked(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    return np.hstack([x, x * y, x * x, y, y * y])


def _split(means: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    x, xy, xx, y, yy = np.split(means, (k, 2 * k, 3 * k, 3 * k + 1), axis=1)
    return x, xy - x * y, xx - x * x, yy - y * y


def _correlation(covariance: np.ndarray, of_x: np.ndarray, of_y: np.ndarray) -> np.ndarray:
    product = of_x * of_y
    varies = (of_x > 1e-12) & (of_y > 1e-12)
    return np.where(varies, covariance / np.sqrt(np.where(varies, product, 1)), np.nan)


def _works(count: int, n: int) -> Verdict:
    low, high = wilson(count, n)
    return TOO_FEW if n < FEWEST or low < WORKS <= high else "yes" if low >= WORKS else "no"


def _alarm(kind: str, choices: tuple[Choice, ...], drawn: np.ndarray) -> tuple[Alarm | None, str]:
    """Tell what looks wrong with the key.

    A miskey: who knows the rest chooses this distractor, and more so than the key. Ambiguous: who knows the rest
    chooses it, but no less the key. Both are told only when the whole interval says so.
    """
    if kind not in CREDITED_ONCE or not any(choice.is_credited for choice in choices):
        return None, ""
    key = next(n for n, choice in enumerate(choices) if choice.is_credited)
    drawing = [(c.goes_with_rest.value, n) for n, c in enumerate(choices) if not c.is_credited and _attracts(c)]
    if not drawing:
        return None, ""
    n = max(drawing)[1]
    gap = drawn[:, n] - np.where(np.isnan(drawn[:, key]), 0, drawn[:, key])
    gap = gap[~np.isnan(gap)]
    words = f"who did well on the rest chose “{choices[n].text}”"
    if np.quantile(gap, 0.025) > 0:
        return "miskey", f"{words} rather than the key"
    return "ambiguous", f"{words} as well as the key"


def _attracts(choice: Choice) -> bool:
    return choice.goes_with_rest.low is not None and choice.goes_with_rest.low > 0
