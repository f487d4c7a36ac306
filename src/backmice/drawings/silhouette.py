"""The outline of a surface as seen from behind."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor

from backmice.anatomy.frame import Surface
from backmice.drawings.sheet import Flat

Cell = tuple[int, int]
#: Fewer corners than this are a speck between two triangles, not an outline.
LEAST_CORNERS = 24


def silhouette(surfaces: Iterable[Surface], step_mm: float = 2.0) -> list[tuple[Flat, ...]]:
    """Return the outlines of what surfaces cover from behind, holes as well, as (right, down) in mm.

    It is found on a grid of `step_mm` and smoothed, so it is right to about that much.
    """
    covered = {cell for surface in surfaces for cell in _cells(surface, step_mm)}
    loops = [loop for loop in _loops(covered) if len(loop) >= LEAST_CORNERS]
    return [tuple((step_mm * u, step_mm * v) for u, v in _round(loop)) for loop in loops]


def _cells(surface: Surface, step_mm: float) -> Iterable[Cell]:
    for triangle in surface.triangles:
        (ax, ay), (bx, by), (cx, cy) = (
            (surface.points_mm[i][0] / step_mm, -surface.points_mm[i][2] / step_mm) for i in triangle
        )
        twice = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if not twice:
            continue
        for i in range(floor(min(ax, bx, cx)), ceil(max(ax, bx, cx))):
            for k in range(floor(min(ay, by, cy)), ceil(max(ay, by, cy))):
                x, y = i + 0.5, k + 0.5
                b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / twice
                c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / twice
                if b >= 0 and c >= 0 and b + c <= 1:
                    yield i, k


def _loops(covered: set[Cell]) -> list[list[Cell]]:
    """Return the borders of the covered cells, each walked with the cells on one hand."""
    ahead: dict[Cell, list[Cell]] = {}
    for i, k in covered:
        for (di, dk), start, end in (
            ((0, -1), (i, k), (i + 1, k)),
            ((1, 0), (i + 1, k), (i + 1, k + 1)),
            ((0, 1), (i + 1, k + 1), (i, k + 1)),
            ((-1, 0), (i, k + 1), (i, k)),
        ):
            if (i + di, k + dk) not in covered:
                ahead.setdefault(start, []).append(end)
    found = []
    for start in sorted(ahead):
        loop, at = [], start
        while ahead.get(at):
            loop.append(at)
            at = ahead[at].pop()
        if loop:
            found.append(loop)
    return found


def _round(loop: list[Cell], rounds: int = 5, keep: int = 3) -> list[Flat]:
    """Return every third corner of a loop after its steps were smoothed away."""
    line: list[Flat] = [(float(u), float(v)) for u, v in loop]
    for _ in range(rounds):
        line = [
            ((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
            for a, b, c in zip((line[-1], *line), line, (*line[1:], line[0]))
        ]
    return line[::keep]
