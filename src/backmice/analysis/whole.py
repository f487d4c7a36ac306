"""What the answers say of the test as a whole: how much of the spread between students would be there again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backmice.analysis.resample import Figure, Verdict, figures
from backmice.analysis.table import Table

#: Commonly asked of a test by which single students are judged.
RELIABLE = 0.8


@dataclass(frozen=True)
class WholeFindings:
    """The test.

    Attributes
    ----------
    name
        KR-20 where every item is right or wrong, else Cronbach's alpha; the same formula.
    sem
        Standard error of measurement, in points.
    counts
        How many students have each whole number of points, rounded down, from 0 to the number of items.
    minutes
        Quartiles of the time of a student, where it is known.
    """

    students: int
    items: int
    mean: Figure
    sd: float | None
    median: float | None
    name: str
    alpha: Figure
    sem: Figure
    reliable: Verdict
    counts: tuple[int, ...]
    minutes: tuple[float, float, float] | None


def alpha(points: np.ndarray) -> float:
    """Return Cronbach's alpha, which is KR-20 where points are 0 or 1; nan where it is not defined.

    References
    ----------
    Cronbach 1951; Kuder and Richardson 1937, formula 20.
    """
    return float(_alphas(np.ones((1, len(points))), points)[0][0])


def sem(points: np.ndarray) -> float:
    """Return the standard error of measurement in points: the SD of totals by the root of 1 - alpha."""
    alphas, variances = _alphas(np.ones((1, len(points))), points)
    return float(np.sqrt(variances * (1 - alphas))[0])


def _alphas(w: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return alpha and the variance of totals, for each row of weights."""
    items = points.shape[1]
    of_items = _variances(w, points).sum(axis=1)
    of_totals = _variances(w, points.sum(axis=1, keepdims=True))[:, 0]
    varies = (of_totals > 1e-12) & (items > 1)
    share = of_items / np.where(varies, of_totals, 1)
    return np.where(varies, items / max(1, items - 1) * (1 - share), np.nan), of_totals


def _variances(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    n = w.sum(axis=1, keepdims=True)
    x = x - x.mean(axis=0)
    mean = w @ x / n
    return np.where(n > 1, (w @ (x * x) - n * mean * mean) / np.maximum(n - 1, 1), np.nan)


def findings(table: Table, drawn: np.ndarray) -> WholeFindings:
    """Return what is found of the test; `drawn` is from `resample.weights`."""
    points, n, items = table.points, len(table.students), len(table.items)
    totals = np.round(table.totals, 9)
    (once, of_totals), (again, of_drawn) = _alphas(np.ones((1, n)), points), _alphas(drawn, points)
    error = lambda alphas, variances: np.sqrt(np.maximum(variances * (1 - alphas), 0))
    values = np.array([totals.mean(), once[0], error(once, of_totals)[0]])
    resampled = np.column_stack([drawn @ totals / n, again, error(again, of_drawn)])
    mean, of_alpha, of_sem = figures(values, resampled, n)
    is_binary = bool(np.isin(points, (0, 1)).all())
    per_student = np.nansum(table.seconds, axis=1) / 60 if table.seconds.size else np.empty(0)
    known = per_student[per_student > 0]
    return WholeFindings(
        students=n, items=items, mean=mean, sd=float(np.sqrt(of_totals[0])) if n > 1 else None,
        median=float(np.median(totals)), name="KR-20" if is_binary else "Cronbach’s alpha", alpha=of_alpha,
        sem=of_sem, reliable=of_alpha.reaches(RELIABLE),
        counts=tuple(map(int, np.bincount(np.floor(totals).astype(int), minlength=items + 1))),
        minutes=tuple(map(float, np.quantile(known, (0.25, 0.5, 0.75)))) if len(known) else None,
    )  # fmt: skip
