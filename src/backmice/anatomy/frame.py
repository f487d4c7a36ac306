"""The anatomy frame and the little geometry that drawing in it needs.

Right-handed, millimetres, origin at the midpoint between the posterior superior iliac spines,
axes right, anterior, superior. A point is a tuple in that order. Plain Python on purpose:
the book builds without numpy, and no shape here has more than a few hundred points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float, float]


class Surface(NamedTuple):
    """A triangle surface: points in mm (RAS), triangles as indices into them."""

    points_mm: list[Point]
    triangles: list[tuple[int, int, int]]


class HeightMap(NamedTuple):
    """A surface as depth (y, mm) over a grid of x and z, the same on both sides; rows run along x, columns along z."""

    right_mm: float
    superior_mm: float
    step_mm: float
    anterior_mm: list[list[float]]

    def at(self, right: float, superior: float) -> float:
        """Return the depth at a place, between grid points in proportion, beyond the edge as at the edge."""
        u = min(max((abs(right) - self.right_mm) / self.step_mm, 0.0), len(self.anterior_mm) - 1.001)
        v = min(max((superior - self.superior_mm) / self.step_mm, 0.0), len(self.anterior_mm[0]) - 1.001)
        i, k, s, t = int(u), int(v), u % 1, v % 1
        near, far = self.anterior_mm[i], self.anterior_mm[i + 1]
        return (1 - s) * ((1 - t) * near[k] + t * near[k + 1]) + s * ((1 - t) * far[k] + t * far[k + 1])


def mirrored(points_mm: Sequence[Point]) -> list[Point]:
    """Return the points on the other side of the midline."""
    return [(-x, y, z) for x, y, z in points_mm]


def mirrored_surface(surface: Surface) -> Surface:
    """Return a surface on the other side, its triangles still wound outwards."""
    return Surface(mirrored(surface.points_mm), [(a, c, b) for a, b, c in surface.triangles])


def joined(surfaces: Sequence[Surface]) -> Surface:
    """Return several surfaces as one."""
    points: list[Point] = []
    triangles: list[tuple[int, int, int]] = []
    for surface in surfaces:
        base = len(points)
        points += surface.points_mm
        triangles += [(a + base, b + base, c + base) for a, b, c in surface.triangles]
    return Surface(points, triangles)


def spline(points_mm: Sequence[Point], steps: int = 6) -> list[Point]:
    """Return a Catmull-Rom curve through `points_mm`, `steps` points for each stretch.

    References
    ----------
    Catmull and Rom (1974), uniform parameter, tension 1/2.
    """
    if len(points_mm) < 3:
        return list(points_mm)
    first, last = points_mm[0], points_mm[-1]
    ends = [first, *points_mm, last]
    curve = []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:]):
        for k in range(steps):
            t = k / steps
            curve.append(tuple(_catmull(a, b, c, d, t) for a, b, c, d in zip(p0, p1, p2, p3)))
    return [*curve, last]


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def tube(curve_mm: Sequence[Point], radius_mm: float, sides: int = 6) -> Surface:
    """Return a tube around a curve of at least two points, with closed ends."""
    frames = _frames(curve_mm)
    points: list[Point] = []
    for centre, (u, v) in zip(curve_mm, frames):
        for k in range(sides):
            c, s = math.cos(2 * math.pi * k / sides), math.sin(2 * math.pi * k / sides)
            points.append(tuple(o + radius_mm * (c * a + s * b) for o, a, b in zip(centre, u, v)))
    triangles = []
    for ring in range(len(curve_mm) - 1):
        for k in range(sides):
            a, b = ring * sides + k, ring * sides + (k + 1) % sides
            triangles += [(a, b, a + sides), (b, b + sides, a + sides)]
    end = (len(curve_mm) - 1) * sides
    for k in range(1, sides - 1):
        triangles += [(0, k + 1, k), (end, end + k, end + k + 1)]
    return Surface(points, triangles)


def _frames(curve_mm: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Return two directions across the curve at each point, turning as little as possible."""
    across: Point = (0.0, 1.0, 0.0)
    frames = []
    for i, _ in enumerate(curve_mm):
        along = unit(minus(curve_mm[min(i + 1, len(curve_mm) - 1)], curve_mm[max(i - 1, 0)]))
        u = minus(across, scaled(along, dot(across, along)))
        # A curve that runs along the old direction needs another one.
        u = unit(u) if length(u) > 1e-6 else unit(cross(along, (1.0, 0.0, 0.001)))
        frames.append((u, cross(along, u)))
        across = u
    return frames


def ribbon(curve_mm: Sequence[Point], width_mm: float, across: Point = (1.0, 0.0, 0.0)) -> Surface:
    """Return a flat strip of `width_mm` along a curve, lying in the direction `across`."""
    points: list[Point] = []
    half = scaled(unit(across), width_mm / 2)
    for centre in curve_mm:
        points += [minus(centre, half), plus(centre, half)]
    triangles = []
    for i in range(0, len(points) - 2, 2):
        triangles += [(i, i + 1, i + 2), (i + 1, i + 3, i + 2)]
    return Surface(points, triangles)


def ball(centre_mm: Point, radius_mm: float, rounds: int = 1) -> Surface:
    """Return an icosahedron divided `rounds` times: once makes a ball of 80 triangles, each time more four times as many."""
    g = (1 + math.sqrt(5)) / 2
    corners = [(-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g),
               (0, -1, -g), (0, 1, -g), (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1)]  # fmt: skip
    faces = [(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2),
             (10, 7, 6), (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5),
             (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1)]  # fmt: skip
    points = [unit(c) for c in corners]
    for _ in range(rounds):
        faces = _divided(points, faces)
    return Surface([plus(centre_mm, scaled(p, radius_mm)) for p in points], faces)


def _divided(points: list[Point], faces: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return four triangles for each one, adding the middles of its sides, on the unit ball, to `points`."""
    middle: dict[tuple[int, int], int] = {}

    def between(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in middle:
            middle[key] = len(points)
            points.append(unit(plus(points[a], points[b])))
        return middle[key]

    triangles = []
    for a, b, c in faces:
        ab, bc, ca = between(a, b), between(b, c), between(c, a)
        triangles += [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    return triangles


def lump(centre_mm: Point, size_mm: Point, turn_deg: float = 0.0, lobes: int = 6) -> Surface:
    """Return a lobulated lump that measures `size_mm` along its length, thickness and width, turned about the y axis.

    The lobes stand where equal steps of the golden angle put them, so that the shape is the same each time.
    """
    unit_ball = ball((0.0, 0.0, 0.0), 1.0, rounds=2)
    golden = math.pi * (3 - math.sqrt(5))
    tops = []
    for k in range(lobes):
        level = 1 - (2 * k + 1) / lobes
        radius = math.sqrt(1 - level * level)
        tops.append((radius * math.cos(k * golden), radius * math.sin(k * golden), level))
    bumpy = [scaled(p, 0.8 + 0.3 * sum(math.exp(6 * (dot(p, top) - 1)) for top in tops)) for p in unit_ball.points_mm]
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    spans = [(min(p[k] for p in bumpy), max(p[k] for p in bumpy)) for k in range(3)]
    points = []
    for p in bumpy:
        x, y, z = (size * ((v - low) / (high - low) - 0.5) for v, size, (low, high) in zip(p, size_mm, spans))
        points.append(plus(centre_mm, (c * x - s * z, y, s * x + c * z)))
    return Surface(points, unit_ball.triangles)


def along(curve_mm: Sequence[Point], measure: Callable[[Point], float], target: float) -> Point:
    """Return the first point of a polyline at which `measure(point)` reaches `target`.

    Raises
    ------
    ValueError
        If the polyline never reaches it.
    """
    for a, b in pairwise(curve_mm):
        low, high = measure(a), measure(b)
        if min(low, high) <= target <= max(low, high) and low != high:
            t = (target - low) / (high - low)
            return tuple(p + t * (q - p) for p, q in zip(a, b))
    raise ValueError(f"the curve never reaches {target:g} mm")


def plus(a: Point, b: Point) -> Point:
    """Return a + b."""
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def minus(a: Point, b: Point) -> Point:
    """Return a - b."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def scaled(a: Point, k: float) -> Point:
    """Return k a."""
    return a[0] * k, a[1] * k, a[2] * k


def dot(a: Point, b: Point) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Point, b: Point) -> Point:
    """Return the vector product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def length(a: Point) -> float:
    """Return the length of a vector."""
    return math.hypot(*a)


def unit(a: Point) -> Point:
    """Return a vector of length 1; the zero vector stays as it is."""
    return scaled(a, 1 / length(a)) if length(a) else a


def distance_mm(a: Point, b: Point) -> float:
    """Return the straight distance between two points."""
    return math.dist(a, b)
