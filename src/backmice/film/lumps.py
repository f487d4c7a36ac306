"""What lies under the skin in a film: lobulated nodules and their neighbours, in axes of their own. mm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyvista as pv

from backmice.anatomy.frame import ball
from backmice.anatomy.frame import lump as lobulated
from backmice.film.mesh import from_surface, smooth, unit, welded
from backmice.film.storyboard import Lump

#: Colours by kind, from the palette of the figure, chosen to differ in lightness too.
RGB = {
    "nodule": (147, 96, 240), "lipoma": (226, 176, 56), "cyst": (96, 205, 160), "trigger-point": (255, 206, 214),
    "hernia": (231, 150, 84),
}  # fmt: skip
#: How many times as long as its knot a taut band is drawn.
STRANDS_LONG = 3.6


@dataclass(frozen=True)
class Bump:
    """A lump at its place: centre (3,), direction out of the skin (3,), and its surface about the origin."""

    lump: Lump
    centre: np.ndarray
    normal: np.ndarray
    mesh: pv.PolyData

    def placed(self, shift: np.ndarray | None = None, swell: float = 1.0) -> np.ndarray:
        """Return the points (n, 3) in the body, slid by `shift` (3,) and swollen."""
        out = -self.normal
        along = unit(np.array([1.0, 0, 0]) - out * out[0])
        up = np.cross(along, out)
        axes = np.array([along, out, up if up[2] > 0 else -up])
        centre = self.centre if shift is None else self.centre + shift
        return np.asarray(self.mesh.points) * [1, swell, 1] @ axes + centre


def lump_mesh(lump: Lump) -> pv.PolyData:
    """Return the surface of a lump about the origin: x along, y deep, z across."""
    length, deep, width = lump.size_mm
    if lump.kind in ("cyst", "hernia"):
        round_ = from_surface(ball((0.0, 0.0, 0.0), 0.5, rounds=4))
        round_.points = np.asarray(round_.points) * [length, deep, width]
        return round_
    if lump.kind == "trigger-point":
        return _band(lump)
    lobes = 9 if lump.kind == "nodule" else 5
    surface = lobulated((0.0, 0.0, 0.0), (length, deep, width), lump.turn_deg, lobes)
    return smooth(from_surface(surface), 2)


def _band(lump: Lump) -> pv.PolyData:
    """Return a taut band: strands along the fibres, upright but for `turn_deg`, about a knot of the size given."""
    length, deep, width = lump.size_mm
    along = np.linspace(-1, 1, 61)
    knot = np.clip(1 - (along * STRANDS_LONG * 0.8) ** 2, 0, 1) ** 1.5  # a spindle
    points, faces = [], []
    for row in np.linspace(-1, 1, 5):
        aside = row * width * (0.26 + 0.24 * knot)
        line = pv.Spline(np.c_[aside, deep * (0.9 * along**6 - 0.1 * knot), along * length * STRANDS_LONG / 2], 61)
        line["radius"] = np.minimum(deep * (0.15 + (0.38 - 0.14 * abs(row)) * knot), 0.6 * deep) * (1 - 0.75 * along**8)
        tube = line.tube(scalars="radius", absolute=True, n_sides=18).triangulate()
        faces.append(np.asarray(tube.regular_faces) + sum(map(len, points)))
        points.append(np.asarray(tube.points))
    c, s = np.cos(np.radians(lump.turn_deg)), np.sin(np.radians(lump.turn_deg))
    return welded(np.concatenate(points) @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]), np.concatenate(faces))
