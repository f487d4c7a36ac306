"""What one picture of a film holds, before anything is drawn: filled by the actors, read by the stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Dent:
    """Skin pressed in at a point (3,) along a direction (3,) by so many mm, and drawn along with it (3,)."""

    at: np.ndarray
    inward: np.ndarray
    depth_mm: float
    radius_mm: float = 9.0
    drag: np.ndarray = field(default_factory=lambda: np.zeros(3))


@dataclass(frozen=True)
class Prop:
    """A thing set into the scene: its name on the stage, where (4, 4), how solid, how far its moving part is drawn."""

    name: str
    matrix: np.ndarray
    opacity: float = 1.0
    drawn: float = 0.0


@dataclass(frozen=True)
class Line:
    """A line on the skin or in the body: points (n, 3), mm."""

    points: np.ndarray
    rgb: Rgb
    radius_mm: float = 0.8
    opacity: float = 1.0


@dataclass(frozen=True)
class Area:
    """A soft area over the skin along a path of (x, z), shown from 0 to 1 of its length."""

    path: np.ndarray
    width_mm: float
    shown: float
    rgb: Rgb


@dataclass(frozen=True)
class Needle:
    """What the section inset shows: tip and hub (3,) and the lump, and where fluid is (k, 3) with radii in mm."""

    lump: str
    tip: np.ndarray
    back: np.ndarray
    fluid: tuple[tuple[np.ndarray, float], ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Echo:
    """The simulated ultrasound beside the scene: which frame, where its middle is in mm; 0 to 1 how far its parts are named,
    and how hard the probe presses."""

    frame: str
    at_mm: float
    named: float = 0.0
    pressed: float = 0.0


@dataclass(frozen=True)
class Exam:
    """A test on the whole-body figure, and how far it has gone, 0 to 1.

    `told` is the share of its time that is over, `near` how near a hammer is, `pain` the leg that hurts.
    """

    test: str
    side: Literal["left", "right"]
    done: float
    told: float = 0.0
    near: float = 0.0
    pain: Literal["left", "right"] | None = None


@dataclass
class Frame:
    """One picture."""

    opacity: dict[str, float] = field(default_factory=dict)
    kept: dict[str, tuple[str, float]] = field(default_factory=dict)
    dents: list[Dent] = field(default_factory=list)
    slides: dict[str, np.ndarray] = field(default_factory=dict)
    swells: dict[str, float] = field(default_factory=dict)
    bulges: list[Dent] = field(default_factory=list)
    hidden_lumps: set[str] = field(default_factory=set)
    props: list[Prop] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    balls: list[tuple[np.ndarray, float, Rgb, float]] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    lit: dict[str, float] = field(default_factory=dict)
    spreads: set[str] = field(default_factory=set)
    named: list[tuple[str, np.ndarray, str, float]] = field(default_factory=list)
    needle: Needle | None = None
    echo: Echo | None = None
    exam: Exam | None = None
