"""The pelvis of the figure as points to measure, in the course's anatomy frame."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from backmice.anatomy.frame import Point, along, cross, distance_mm, length, minus, scaled
from backmice.widgets.anatomy import REGION
from backmice.widgets.shared import DATA, read

__all__ = ["Pelvis", "area_mm2", "distance_mm"]


@cache
def _region() -> dict[str, Any]:
    return json.loads(read(DATA / f"{REGION}.json"))


class Pelvis:
    """Landmarks and the right iliac crest, larger or smaller than the model by one factor.

    Points are (right, anterior, superior) in mm; the origin lies midway between the two
    posterior superior iliac spines. That a body differs by one factor is illustrative.

    Parameters
    ----------
    scale
        1 is the model itself.

    Raises
    ------
    ValueError
        If the scale is not between 0.8 and 1.2.
    """

    def __init__(self, scale: float = 1.0) -> None:
        if not 0.8 <= scale <= 1.2:
            raise ValueError(f"scale {scale:g} is no pelvis of this lab; from 0.8 to 1.2")
        self.scale = scale
        self._landmarks = {name: scaled(tuple(p), scale) for name, p in _region()["landmarks_mm"].items()}
        self._crest = [scaled(tuple(point), scale) for point in _region()["crest_right_mm"]]

    def names(self) -> list[str]:
        """Return the names of all landmarks."""
        return sorted(self._landmarks)

    def point(self, name: str) -> Point:
        """Return a landmark.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        if name not in self._landmarks:
            raise KeyError(f"no landmark '{name}'; one of: {', '.join(self.names())}")
        return self._landmarks[name]

    def on_crest(self, mm: float, origin: str) -> Point:
        """Return where a distance meets the right iliac crest.

        Parameters
        ----------
        mm
            The distance: straight from the right spine, or to the right of the midline.
        origin
            "psis" or "midline".

        Raises
        ------
        ValueError
            If the origin is another, or the crest does not come that near or go that far.
        """
        if origin not in ("psis", "midline"):
            raise ValueError(f"origin '{origin}' is unknown; psis or midline")
        spine = self.point("psis_right")
        measure = (lambda p: distance_mm(p, spine)) if origin == "psis" else (lambda p: p[0])
        return along(self._crest, measure, mm)


def area_mm2(corners: Sequence[Point]) -> float:
    """Return the area of a triangle in space, in square mm."""
    first, second, third = corners
    return length(cross(minus(second, first), minus(third, first))) / 2
