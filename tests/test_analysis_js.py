"""The browser's analysis gives the figures of Python's, to 1e-9."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from javascript import run

from backmice.analysis.analysis import analyse
from backmice.analysis.resample import weights
from backmice.analysis.simulate import simulate
from backmice.analysis.table import CERTAINTIES, Table


def as_js(table: Table) -> dict:
    """Return a table as the browser's modules take it."""
    return {
        "students": table.students,
        "items": [
            {"id": i.id, "kind": i.kind, "objective": i.objective, "stem": i.stem, "choices": i.choices,
             "credited": sorted(i.credited)}
            for i in table.items
        ],
        "points": table.points.tolist(),
        "chosen": [
            [[id_ for (id_, _), made in zip(i.choices, table.chosen[n][s], strict=True) if made] for n, i in enumerate(table.items)]
            for s in range(len(table.students))
        ],
        "certainty": [[CERTAINTIES[c] if c >= 0 else None for c in row] for row in table.certainty.tolist()],
        "seconds": [[None if np.isnan(s) else s for s in row] for row in table.seconds.tolist()],
    }  # fmt: skip


def close(found, wanted, at="") -> None:
    """Hold every number to 1e-9 and all else to equality."""
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys(), at
        for name, value in wanted.items():
            close(found[name], value, f"{at}.{name}")
    elif isinstance(wanted, list | tuple):
        assert len(found) == len(wanted), at
        for n, value in enumerate(wanted):
            close(found[n], value, f"{at}[{n}]")
    elif isinstance(wanted, float) and not isinstance(wanted, bool):
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9), at
    else:
        assert found == wanted, at


def with_parts(table: Table) -> Table:
    """Return the table with some thirds of points, some left open, and some times and certainties unknown."""
    rng = np.random.default_rng(9)
    points, certainty, seconds = table.points.copy(), table.certainty.copy(), table.seconds.copy()
    points[:, 1] = rng.choice([0, 1 / 3, 0.5, 1], size=len(points)).round(9)
    chosen = [array.copy() for array in table.chosen]
    for array, column in zip(chosen, rng.random(points.shape).T, strict=True):
        array[column < 0.05] = 0
    certainty[rng.random(points.shape) < 0.2] = -1
    seconds[rng.random(points.shape) < 0.1] = np.nan
    return Table(table.students, table.items, points, tuple(chosen), certainty, seconds)


def with_all_right(table: Table) -> Table:
    """Return the table with an item that all had right, and chose so."""
    points, (first, *chosen) = table.points.copy(), table.chosen
    points[:, 0] = 1
    first = np.zeros_like(first)
    first[:, 0] = 1
    return Table(table.students, table.items, points, (first, *chosen), table.certainty, table.seconds)


def test_an_item_that_all_had_right():
    table = with_all_right(simulate(30, 5, seed=6).table)
    script = 'import { analyse } from "./analysis.js"; done(analyse(data, { seed: 7, resamples: 300 }));'
    found = asdict(analyse(table, seed=7, resamples=300))
    assert found["items"][0]["facility"]["low"] < 1
    close(run(script, as_js(table)), found)


@pytest.mark.parametrize(
    ("students", "items", "seed", "parts"), [(200, 40, 1, False), (150, 12, 2, True), (23, 6, 3, True), (9, 4, 4, False), (1, 3, 5, False)]
)  # fmt: skip
def test_the_whole_analysis(students, items, seed, parts):
    table = simulate(students, items, seed=seed).table
    table = with_parts(table) if parts else table
    script = 'import { analyse } from "./analysis.js"; done(analyse(data, { seed: 7, resamples: 300 }));'
    close(run(script, as_js(table)), asdict(analyse(table, seed=7, resamples=300)))


def test_the_classes_drawn_are_the_same():
    script = 'import { weights } from "./analysis-resample.js"; done(weights(37, 11, 50).map((row) => [...row]));'
    assert run(script) == weights(37, 11, 50).tolist()
