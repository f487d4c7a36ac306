"""A figure's meshes as they travel: each column of numbers as steps from one number to the next.

Neighbours in a mesh lie close together, so steps are small and alike, and compress to half. `anatomy-data.js` undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any

#: The columns of a mesh, and how many steps make one of their unit: points lie on tenths of a mm.
PER_UNIT = {"x": 10, "y": 10, "z": 10, "i": 1, "j": 1, "k": 1, "intensity": 1}


def packed(traces: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return traces with their columns under `steps`, in whole numbers."""
    return [_packed(trace) for trace in traces]


def unpacked(traces: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return traces as plotly takes them, from what `packed` gave."""
    return [_unpacked(trace) for trace in traces]


def _packed(trace: dict[str, Any]) -> dict[str, Any]:
    columns = {name: trace[name] for name in PER_UNIT if name in trace}
    steps = {name: _steps([round(v * PER_UNIT[name]) for v in column]) for name, column in columns.items()}
    return {**{name: value for name, value in trace.items() if name not in columns}, "steps": steps}


def _unpacked(trace: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in trace.items() if name != "steps"}
    return rest | {
        name: list(accumulate(steps)) if PER_UNIT[name] == 1 else [at / PER_UNIT[name] for at in accumulate(steps)]
        for name, steps in trace["steps"].items()
    }


def _steps(column: list[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *column])]
