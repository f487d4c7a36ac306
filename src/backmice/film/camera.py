"""Where the camera stands: stations named by direction, slow moves between them, and where a point falls in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backmice.film.back import Back
from backmice.film.clock import HEIGHT, WIDTH
from backmice.film.mesh import eased, unit
from backmice.film.storyboard import Look, Storyboard

#: From the thing looked at to the camera.
STATIONS = {
    "behind": (0, -1, 0.08), "oblique-right": (0.62, -0.8, 0.3), "oblique-left": (-0.62, -0.8, 0.3),
    "side-right": (0.94, -0.36, 0.1), "side-left": (-0.94, -0.36, 0.1), "crest-right": (0.42, -0.66, 0.62),
    "crest-left": (-0.42, -0.66, 0.62), "above": (0, -0.5, 0.87), "low-right": (0.86, -0.5, -0.06),
    "low-left": (-0.86, -0.5, -0.06),
}  # fmt: skip
MIDDLE = np.array([0.0, 0.0, 22.0])
#: Half the angle that the picture spans sideways; a long lens, so that near and far keep their size.
HALF_DEG = 8.0
#: The picture's middle is raised by this share of its height: the lower fifth is for captions.
LOWER_FREE = 0.07


@dataclass(frozen=True)
class Aim:
    """A camera: what it looks at (3,), from which direction (3,), and how many mm the picture is wide there."""

    focus: np.ndarray
    direction: np.ndarray
    width_mm: float

    @property
    def axes(self) -> np.ndarray:
        """Rows right, up, towards the camera."""
        right = unit(np.cross([0.0, 0, 1], self.direction))
        return np.array([right, np.cross(self.direction, right), self.direction])

    @property
    def eye(self) -> np.ndarray:
        """Where the camera is, mm."""
        return self.centre + self.direction * self.distance

    @property
    def centre(self) -> np.ndarray:
        """What falls in the middle of the picture: a little below the thing looked at."""
        return self.focus - self.axes[1] * self.width_mm * HEIGHT / WIDTH * LOWER_FREE

    @property
    def distance(self) -> float:
        """From the camera to what it looks at, mm."""
        return self.width_mm / 2 / np.tan(np.radians(HALF_DEG))

    def pixel(self, point: np.ndarray) -> tuple[float, float]:
        """Return where a point (3,) falls in the picture, from the left and from the top."""
        x, y, z = self.axes @ (np.asarray(point) - self.eye)
        scale = WIDTH / 2 / np.tan(np.radians(HALF_DEG)) / -z
        return WIDTH / 2 + x * scale, HEIGHT / 2 - y * scale


def aim(look: Look, back: Back) -> Aim:
    """Return the camera of a storyboard's look."""
    focus = MIDDLE if look.at is None else back.spot(look.at)
    return Aim(focus, unit(np.array(STATIONS[look.station], float)), look.width_mm)


def between(start: Aim, end: Aim, t: float) -> Aim:
    """Return the camera on its way, t from 0 to 1: turning evenly, nearing by equal shares, slow at both ends."""
    t = float(eased(t))
    angle = np.arccos(np.clip(start.direction @ end.direction, -1, 1))
    if angle < 1e-6:
        direction = start.direction
    else:
        direction = (np.sin((1 - t) * angle) * start.direction + np.sin(t * angle) * end.direction) / np.sin(angle)
    width = start.width_mm ** (1 - t) * end.width_mm**t
    return Aim(start.focus + t * (end.focus - start.focus), unit(direction), width)


def moves(board: Storyboard, back: Back) -> list[tuple[Aim, Aim]]:
    """Return for each shot the camera at its beginning and at its end."""
    found: list[tuple[Aim, Aim]] = []
    for shot in board.shots:
        start = aim(shot.camera.start, back) if shot.camera.start else found[-1][1]
        found.append((start, aim(shot.camera.end, back) if shot.camera.end else start))
    return found
