"""Everything that is found of one table."""

from __future__ import annotations

from dataclasses import dataclass

from backmice.analysis import items, learned, whole
from backmice.analysis.resample import RESAMPLES, weights
from backmice.analysis.table import Table


@dataclass(frozen=True)
class Analysis:
    """The test, its items, its objectives and the class's certainty; `seed` and `resamples` make it again."""

    seed: int
    resamples: int
    whole: whole.WholeFindings
    items: list[items.ItemFindings]
    objectives: list[learned.ObjectiveFindings]
    calibration: list[learned.CertaintyFindings]


def analyse(table: Table, *, seed: int = 1, resamples: int = RESAMPLES) -> Analysis:
    """Return what is found; the same table and seed give the same figures.

    Raises
    ------
    ValueError
        If there is no student or no item.
    """
    if not table.students or not table.items:
        raise ValueError("there is nothing to analyse: no student or no item")
    drawn = weights(len(table.students), seed, resamples)
    return Analysis(
        seed, resamples, whole.findings(table, drawn), items.findings(table, drawn),
        learned.objectives(table, drawn), learned.calibration(table, drawn),
    )  # fmt: skip
