"""A body of another sex, stature and fat thickness, and what that changes: where the skin lies, and how deep bone is.

Bones, muscles and fascia scale with stature; the skin lies on the deep fascia, less or more far off as fat is thinner
or thicker. Nothing but the standard library is used, so that notebooks in a browser can import it; `body.js` does the
same sums, and one table of vectors holds both to it. What rests on a source and what does not, `RELATIONS` says.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backmice.anatomy.frame import Point

#: The stature at which the model is drawn, cm. Illustrative: its bones are averages of people of unknown stature.
REFERENCE_CM = 170.0
STATURES_CM = (140.0, 200.0)
#: Fat over the crest 60 mm from the midline, mm.
FATS_MM = (8.0, 60.0)
SEXES = ("female", "male")


@dataclass(frozen=True)
class Relation:
    """One relation the model uses, in words, and whether a source gives it."""

    id: str
    words: str
    basis: Literal["sourced", "illustrative"]
    claims: tuple[str, ...] = ()


RELATIONS = (
    Relation(
        "stature-raises-distances",
        "Distances from the spine and the midline to the superior cluneal nerve rise with stature.",
        "sourced", ("clu-loubser72",),
    ),
    Relation("stature-scales-bones", "Everything under the fat grows in proportion to stature.", "illustrative"),
    Relation("women-have-more-fat", "Subcutaneous fat is thicker in women than in men.", "sourced", ("anat-sat-bmi",)),
    Relation(
        "fat-over-the-buttock-varies",
        "Mean fat at the back of abdomen and buttocks ran from 11.3 mm in young women to 33.6 mm in an older group.",
        "sourced", ("anatb-buttock-fat",),
    ),
    Relation(
        "fat-shares", "Fat elsewhere on the back is a fixed share of the fat over the crest, as in the drawn body.",
        "illustrative",
    ),
    Relation("fascia-to-bone", "What lies between deep fascia and bone, as in the drawn body.", "illustrative"),
    Relation("needle-path", "A needle at an angle to the straight way in needs the depth divided by its cosine.",
             "illustrative"),
)  # fmt: skip


@dataclass(frozen=True)
class Body:
    """A body by sex, stature and fat over the crest 60 mm from the midline.

    Raises
    ------
    ValueError
        If the sex is unknown, or a figure lies outside what the model can bear.
    """

    sex: Literal["female", "male"] = "female"
    stature_cm: float = REFERENCE_CM
    fat_mm: float = 20.0

    def __post_init__(self) -> None:
        if self.sex not in SEXES:
            raise ValueError(f"sex is '{self.sex}'; one of: {', '.join(SEXES)}")
        for name, value, (low, high) in (
            ("stature_cm", self.stature_cm, STATURES_CM),
            ("fat_mm", self.fat_mm, FATS_MM),
        ):
            if not low <= value <= high:
                raise ValueError(f"{name} is {value:g}; from {low:g} to {high:g}")

    @property
    def scale(self) -> float:
        """How much larger than drawn everything under the fat is."""
        return self.stature_cm / REFERENCE_CM


@dataclass(frozen=True)
class Site:
    """A place on the back: the share of `fat_mm` that lies over it, and from deep fascia to bone at the drawn stature."""

    id: str
    name: str
    sex: str
    fat_share: float
    fascia_to_bone_mm: float
    right_mm: float = 0.0
    superior_mm: float = 0.0


@dataclass(frozen=True)
class Reach:
    """Whether a needle reaches a depth: its way there, and what of it is left over (negative: what is lacking), mm."""

    path_mm: float
    left_mm: float

    @property
    def reaches(self) -> bool:
        """Whether it is long enough."""
        return self.left_mm >= 0


def read_sites(folder: Path) -> dict[tuple[str, str], Site]:
    """Return the sites of a region's folder by (id, sex)."""
    with (folder / "depths.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Site(
                row["id"], row["name"], row["sex"], float(row["fat_share"]), float(row["fascia_to_bone_mm"]),
                float(row["right_mm"]), float(row["superior_mm"]),
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip
    return {(site.id, site.sex): site for site in rows}


def fat_over(site: Site, body: Body) -> float:
    """Return skin and fat over a site, measured straight forwards, mm."""
    return site.fat_share * body.fat_mm


def depth_to_bone(site: Site, body: Body) -> float:
    """Return how far bone lies under the skin at a site, measured straight forwards, mm."""
    return fat_over(site, body) + body.scale * site.fascia_to_bone_mm


def needle_reach(depth_mm: float, length_mm: float, angle_deg: float = 0.0) -> Reach:
    """Return what a needle of a length does that goes in at an angle to the straight way.

    Raises
    ------
    ValueError
        If depth or length is not above 0, or the angle is not from 0 to under 90 degrees.
    """
    if depth_mm <= 0 or length_mm <= 0:
        raise ValueError("depth and length must be above 0 mm")
    if not 0 <= angle_deg < 90:
        raise ValueError(f"angle is {angle_deg:g}; from 0 to under 90 degrees")
    path = depth_mm / math.cos(math.radians(angle_deg))
    return Reach(path, length_mm - path)


def moved(points_mm: Sequence[Point], per_fat: Sequence[Point], drawn_fat_mm: float, body: Body) -> list[Point]:
    """Return vertices of skin or fat for a body.

    Parameters
    ----------
    points_mm : sequence of (x, y, z)
        Vertices as drawn, with `drawn_fat_mm` of fat, mm.
    per_fat : sequence of (x, y, z)
        How each vertex moves for each mm of fat; empty for what only scales.
    """
    if not per_fat:
        return [tuple(body.scale * v for v in point) for point in points_mm]
    return [
        tuple(body.scale * (v - drawn_fat_mm * m) + body.fat_mm * m for v, m in zip(point, move))
        for point, move in zip(points_mm, per_fat, strict=True)
    ]
