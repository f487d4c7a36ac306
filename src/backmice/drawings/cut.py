"""A plane through a surface, and the outline of a body seen from one side; as `section.js` cuts in the browser."""

from __future__ import annotations

from backmice.anatomy.frame import Point, Surface
from backmice.drawings.sheet import Flat

Contour = list[Flat]


def cut(surface: Surface, axis: int, at_mm: float) -> list[Contour]:
    """Return the lines in which a surface meets a plane, each as points of the two axes that are left, in their order.

    Parameters
    ----------
    axis
        The axis across the plane: 0 right, 1 anterior, 2 superior.
    """
    first, second = (k for k in range(3) if k != axis)
    points = surface.points_mm
    met: dict[tuple[int, int], Flat] = {}
    beside: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def meet(a: int, b: int) -> tuple[int, int]:
        key = (min(a, b), max(a, b))
        if key not in met:
            p, q = points[key[0]], points[key[1]]
            t = (at_mm - p[axis]) / (q[axis] - p[axis])
            met[key] = p[first] + t * (q[first] - p[first]), p[second] + t * (q[second] - p[second])
            beside[key] = []
        return key

    for corners in surface.triangles:
        sides = zip(corners, (*corners[1:], corners[0]))
        # Never on the plane, so that no corner is met twice.
        keys = [meet(a, b) for a, b in sides if (points[a][axis] >= at_mm) != (points[b][axis] >= at_mm)]
        if len(keys) == 2:
            beside[keys[0]].append(keys[1])
            beside[keys[1]].append(keys[0])
    return _chained(met, beside)


def _chained(met: dict[tuple[int, int], Flat], beside: dict[tuple[int, int], list[tuple[int, int]]]) -> list[Contour]:
    left = dict.fromkeys(met)
    found = []
    # Open lines first, from one of their ends.
    for start in sorted(met, key=lambda key: len(beside[key]) != 1):
        line, key = [], start
        while key in left:
            del left[key]
            line.append(met[key])
            key = next((other for other in beside[key] if other in left), key)
        if len(line) > 1:
            found.append(line)
    return found


def longest(contours: list[Contour]) -> Contour:
    """Return the contour of the most points.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not contours:
        raise ValueError("the plane misses the surface")
    return max(contours, key=len)


def extremes(surface: Surface, axis: int, at_mm: float) -> tuple[float, float] | None:
    """Return the least and the greatest value on `axis` of a horizontal cut, or nothing where there is none."""
    found = [
        p[axis] + (at_mm - p[2]) / (q[2] - p[2]) * (q[axis] - p[axis])
        for p, q in _edges(surface)
        if (p[2] >= at_mm) != (q[2] >= at_mm)
    ]
    return (min(found), max(found)) if found else None


def _edges(surface: Surface) -> list[tuple[Point, Point]]:
    points = surface.points_mm
    return [(points[a], points[b]) for t in surface.triangles for a, b in zip(t, (*t[1:], t[0])) if a < b]
