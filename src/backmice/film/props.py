"""Things that enter the scene: hands, syringe, pen, swab, ruler, probe. Each is some pieces about an origin, in mm.

A hand's origin is where its pads touch; what has a tip has it in the origin and lies along z.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyvista as pv

from backmice.film.hand import hand

GLOVE, CUFF = np.array([142, 180, 205.0]), np.array([226, 232, 234.0])
GREY, WHITE, DARK, STEEL = (
    np.array(c, float) for c in ((150, 158, 162), (238, 240, 240), (52, 58, 60), (196, 204, 208))
)
INK = np.array([76, 44, 140.0])


@dataclass(frozen=True)
class Piece:
    """A part of a thing in one colour; `draw` is how it moves while drawn out, `shades` whether it shadows the skin."""

    mesh: pv.PolyData
    rgb: np.ndarray
    opacity: float = 1.0
    shiny: bool = False
    shades: bool = False
    draw: np.ndarray = field(default_factory=lambda: np.zeros(3))


def hand_pieces(pose: str, side: str) -> list[Piece]:
    """Return a hand in a glove, with the sleeve above it."""
    made = hand(pose, side)
    glove = np.clip(made.glove[:, None] * 3 - 1, 0, 1)
    return [Piece(made.mesh, GLOVE * glove + CUFF * (1 - glove), shades=True)]


def rod(start: float, end: float, radius: float, sides: int = 28) -> pv.PolyData:
    """Return a closed cylinder along z."""
    return pv.Cylinder(
        center=(0, 0, (start + end) / 2), direction=(0, 0, 1), radius=radius, height=end - start, resolution=sides
    ).triangulate()


def cone(height: float, radius: float) -> pv.PolyData:
    """Return a cone with its tip in the origin, along z."""
    return pv.Cone(
        center=(0, 0, height / 2), direction=(0, 0, -1), height=height, radius=radius, resolution=24
    ).triangulate()


def syringe() -> list[Piece]:
    """Return a 5 ml syringe with a 40 mm needle, its tip in the origin; its plunger is the part that draws."""
    draw = np.array([0, 0, 1.0])
    return [
        Piece(rod(0, 41, 0.42, 10), STEEL, shiny=True),
        Piece(cone(10, 3.0).translate((0, 0, 39)), WHITE),
        Piece(rod(48, 50, 6.4), WHITE),
        Piece(rod(50, 53, 5.5), DARK, draw=draw),
        Piece(rod(53, 112, 1.7, 12), WHITE, draw=draw),
        Piece(rod(112, 114.5, 7.0), WHITE, draw=draw),
        Piece(rod(107, 109, 10.5), WHITE),
        Piece(rod(50, 108, 6.3), np.array([226, 238, 242.0]), 0.38, shiny=True),
    ]


def fluid() -> list[Piece]:
    """Return what the barrel holds: a rod of 1 mm, to be drawn out to its length."""
    return [Piece(rod(0, 1, 5.3), np.array([112, 198, 236.0]), 0.9)]


def pen() -> list[Piece]:
    """Return a skin marker, its tip in the origin."""
    return [
        Piece(cone(7, 2.2), INK),
        Piece(rod(7, 22, 4.2), WHITE),
        Piece(rod(22, 118, 5.0), INK, shiny=True),
    ]


def swab() -> list[Piece]:
    """Return a folded swab that lies on the skin under a hand."""
    block = pv.Superquadric(theta_roundness=0.4, phi_roundness=0.4, scale=(1, 1, 1), size=0.5)
    mesh = block.triangulate()
    low, high = np.array(mesh.points).min(0), np.array(mesh.points).max(0)
    mesh.points = (np.asarray(mesh.points) - low) / (high - low) * [46, 9, 40] - [23, 4, 20]
    return [Piece(mesh, np.array([232, 226, 205.0]), shades=True)]


def ruler(sign: int) -> list[Piece]:
    """Return a ruler of 12 cm from the origin to the right (`sign` 1) or left, upright, its face towards -y."""
    board = pv.Box((min(-6 * sign, 126 * sign), max(-6 * sign, 126 * sign), 0, 1.2, 0, 20)).triangulate()
    marks = []
    for mm in range(121):
        high = 8 if mm % 10 == 0 else 6 if mm % 5 == 0 else 4
        marks.append(pv.Box((sign * mm - 0.22, sign * mm + 0.22, -0.3, 0.1, 0, high)))
    for cm in range(13):
        text = pv.Text3D(str(cm), depth=0.06)
        x, y, z = (np.asarray(text.points) * 5.4).T
        text.points = np.stack([sign * 10 * cm + x - (x.min() + x.max()) / 2, -z, 11.5 + y], 1)
        marks.append(text)
    drawn = pv.merge(marks).extract_surface(algorithm="dataset_surface").triangulate()
    return [Piece(board, np.array([244, 236, 200.0]), shades=True), Piece(drawn, DARK)]


def probe() -> list[Piece]:
    """Return a linear probe: its face, 42 mm along x, in the origin; its cable goes off along z."""
    outline = np.array([(0, 23), (4, 24), (22, 24), (38, 17), (60, 14), (84, 13), (92, 9), (95, 6)], float)
    rings = []
    for z, half in outline:
        angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        thin = np.interp(z, [0, 4, 30, 60, 95], [4.5, 7, 10, 12, 6])
        c, s = np.cos(angles), np.sin(angles)
        rings.append(
            np.stack([half * np.sign(c) * np.abs(c) ** 0.45, thin * np.sign(s) * np.abs(s) ** 0.7, 0 * c + z], 1)
        )
    points = np.concatenate(rings)
    n = 48
    faces = []
    for ring in range(len(rings) - 1):
        a = ring * n + np.arange(n)
        b = ring * n + (np.arange(n) + 1) % n
        faces += [np.stack([a, b, a + n], 1), np.stack([b, b + n, a + n], 1)]
    faces.append(np.stack([np.zeros(n - 2, int), np.arange(2, n), np.arange(1, n - 1)], 1))
    faces = np.concatenate(faces)
    mesh = pv.PolyData(points, np.c_[np.full(len(faces), 3), faces].ravel())
    cable = pv.Spline(np.array([(0, 0, 94), (0, 0, 125), (30, 20, 190), (120, 30, 260)], float), 40).tube(radius=4)
    return [Piece(mesh, np.array([222, 226, 224.0]), shiny=True, shades=True), Piece(cable, GREY)]


PROPS: dict[str, Callable[[], list[Piece]]] = {
    "syringe": syringe, "fluid": fluid, "pen": pen, "swab": swab, "probe": probe,
    "ruler:right": lambda: ruler(1), "ruler:left": lambda: ruler(-1),
} | {
    f"hand:{pose}:{side}": (lambda pose=pose, side=side: hand_pieces(pose, side))
    for pose in ("pads1", "pads2", "pads3", "fix", "flat", "hold") for side in ("left", "right")
}  # fmt: skip
