"""The layers across the body at one level, cut from the model's own meshes: the right half, the back above.

One unit is one millimetre.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from backmice.anatomy.distances import lump_size, waypoint_point
from backmice.anatomy.frame import Surface, lump
from backmice.anatomy.structure import Region, Structure
from backmice.drawings.cut import Contour, cut, longest
from backmice.drawings.drawing import Part, Plate
from backmice.drawings.sheet import Drawn, Flat, Label, Mark, Sheet, column, within

LEFT, RIGHT, DEEP, TYPE = 0.0, 90.0, 84.0, 4.8
COLUMN, CHARS, WIDTH = 94.0, 17, 140.0
#: Closed contours smaller than this are where a plane grazes a bone, mm across.
LEAST_MM = 8.0
SKIN_MM = 2.0
#: How far lines run on beyond the window, which cuts them off.
BEYOND = 8.0
#: Where threads meet what runs across the whole window, mm from the midline.
NAMED_AT = {"skin": 68.0, "fat": 76.0}
SHEET_AT = 84.0
#: What is painted over what, from below.
OVER = ("bone", "muscle", "ligament", "fat", "fascia", "skin", "nodule")


def section(region: Region, plate: Plate) -> Sheet:
    """Return the sheet of a section."""
    drawn = {part.id: _marks(region, part, plate.level_mm) for part in plate.parts}
    top = min(v for _, v in skin_line(region, plate.level_mm)) - 8
    at = {part.id: _named_at(drawn[part.id]) for part in plate.parts}
    beside = [part for part in plate.parts if part.side != "inside"]
    named = [(part.short, at[part.id]) for part in beside]
    labels = column(named, u=COLUMN, anchor="start", chars=CHARS, size=TYPE, top=top + 2, bottom=DEEP - 2)
    label = {part.id: label for part, label in zip(beside, labels)}
    window = ((LEFT, top), (RIGHT, top), (RIGHT, DEEP), (LEFT, DEEP))
    under = ((RIGHT, DEEP), (LEFT, DEEP), *((float(x), region.fascia.at(x, plate.level_mm)) for x in range(0, 92, 2)))
    return Sheet(
        LEFT, top, WIDTH - LEFT, DEEP - top, TYPE,
        ground=(
            Mark("window", window, is_closed=True, is_smooth=False),
            Mark("depth", under, "muscle", is_closed=True, is_smooth=False),
        ),
        parts=tuple(
            Drawn(part.id, drawn[part.id], label.get(part.id) or _inside(part.short, at[part.id]))
            for part in sorted(plate.parts, key=lambda part: OVER.index(drawn[part.id][0].layer))
        ),
        notes=(Label(("Midline",), LEFT + 1.5, top + TYPE),),
        scale_mm=20,
    )  # fmt: skip


def _inside(words: str, at: Flat) -> Label:
    """Return a label in the middle of what it names, a word a line."""
    lines = tuple(words.split())
    return Label(lines, at[0], at[1] + TYPE * (0.36 - 0.59 * (len(lines) - 1)), "middle")


def skin_line(region: Region, level_mm: float, sex: str = "female") -> tuple[Flat, ...]:
    """Return the skin of the back at a level: (right, anterior) in mm, from left to right."""
    loop = longest(cut(region.meshes[f"skin_{sex}"].surface, 2, level_mm))
    return _soft(within([p for p in loop if p[1] < DEEP], LEFT - BEYOND, RIGHT + BEYOND))


def deep_fascia(region: Region, level_mm: float) -> list[tuple[Flat, ...]]:
    """Return the stretches of the posterior layer at a level, from the midline outwards; between two is an opening."""
    pieces = cut(region.meshes["posterior_layer"].surface, 2, level_mm)
    return sorted(tuple(sorted(piece)) for piece in pieces if abs(piece[-1][0] - piece[0][0]) > 1)


def fat(region: Region, level_mm: float) -> tuple[Flat, ...]:
    """Return the outline of all that lies between skin and deep fascia at a level, by the model's height map."""
    skin = [(u, v + SKIN_MM) for u, v in skin_line(region, level_mm)]
    ends = int(RIGHT + BEYOND), int(LEFT - BEYOND)
    under = [(float(x), region.fascia.at(x, level_mm)) for x in range(ends[0], ends[1], -3)]
    return (*skin, *under)


def _marks(region: Region, part: Part, level_mm: float) -> tuple[Mark, ...]:
    structure = next(s for s in region.structures if s.id == part.draws)
    if structure.layer == "skin":
        line = skin_line(region, level_mm)
        return (Mark("band", (*line, *((u, v + SKIN_MM) for u, v in reversed(line))), "skin", is_closed=True),)
    if structure.id == "subcutaneous-fat":
        return (Mark("tissue", fat(region, level_mm), "fat", is_closed=True),)
    if structure.id == "superficial-fascia":
        line = longest(cut(region.meshes["superficial_fascia_female"].surface, 2, level_mm))
        mirror = [(-u, v) for u, v in line if 0 < u < 2 * BEYOND]
        return (Mark("sheet", _soft(within([*line, *mirror], LEFT - BEYOND, RIGHT + BEYOND)), "fascia"),)
    if structure.layer == "fascia":
        pieces = deep_fascia(region, level_mm)
        end = pieces[-1][-1]
        rest = [(float(x), region.fascia.at(x, level_mm)) for x in range(round(end[0]) + 3, int(RIGHT + BEYOND), 3)]
        deep = (Mark("sheet is-deep", _soft(piece), "fascia") for piece in pieces)
        return (*deep, Mark("sheet", _soft((end, *rest)), "fascia"))
    if structure.layer == "nodule":
        return tuple(
            Mark("lobule", tuple(loop), "nodule", is_closed=True) for loop in _lobules(region, structure, level_mm)
        )
    surfaces = [region.meshes[name].surface for name in structure.meshes]
    loops = [loop for surface in surfaces for loop in cut(surface, 2, level_mm) if _is_seen(loop)]
    return tuple(Mark("tissue", _calm(loop), structure.layer, is_closed=True) for loop in loops)


def _lobules(region: Region, structure: Structure, level_mm: float) -> list[Contour]:
    loops = []
    for one in structure.lumps:
        centre = waypoint_point(region, structure, one.at)
        surface: Surface = lump(centre, lump_size(region, one), one.turn_deg)
        loops += [loop for loop in cut(surface, 2, level_mm) if len(loop) > 2]
    return loops


def _is_seen(loop: Contour) -> bool:
    us = [u for u, _ in loop]
    return max(us) - min(us) >= LEAST_MM and max(us) > LEFT and min(us) < RIGHT


def _calm(loop: Contour, apart_mm: float = 2.6) -> tuple[Flat, ...]:
    """Return a loop without points that lie nearer to the one before than `apart_mm`, so that a curve through it is calm."""
    kept = [loop[0]]
    for point in loop[1:]:
        if (point[0] - kept[-1][0]) ** 2 + (point[1] - kept[-1][1]) ** 2 >= apart_mm**2:
            kept.append(point)
    return tuple(kept)


def _soft(line: Sequence[Flat], rounds: int = 3) -> tuple[Flat, ...]:
    """Return a line whose inner points have moved towards the mean of their neighbours; its ends stay."""
    points = list(line)
    for _ in range(rounds):
        inner = [
            ((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
            for a, b, c in zip(points, points[1:], points[2:])
        ]
        points = [points[0], *inner, points[-1]]
    return tuple(points)


def _named_at(marks: Sequence[Mark]) -> Flat:
    """Return a point that lies well inside what is seen of a part: of a sheet, one on it."""
    first = next((mark for mark in reversed(marks) if mark.look == "sheet is-deep"), marks[0])
    seen = [(u, v) for u, v in first.points if LEFT <= u <= RIGHT and v <= DEEP]
    if first.look.startswith("sheet"):
        return max((p for p in seen if p[0] < SHEET_AT), key=lambda p: p[0])
    us = sorted(u for u, _ in seen)
    middle = NAMED_AT.get(first.layer, (us[0] + us[-1]) / 2)
    across = sorted(v0 + (v1 - v0) * (middle - u0) / (u1 - u0)
                    for (u0, v0), (u1, v1) in pairwise((*first.points, first.points[0]))
                    if u0 != u1 and min(u0, u1) <= middle < max(u0, u1))  # fmt: skip
    return middle, (across[0] + across[1]) / 2 if first.layer != "fat" else across[0] + 2.5


def gap(pieces: list[tuple[Flat, ...]]) -> tuple[float, float]:
    """Return from where to where the deep fascia is open, mm from the midline: the widest gap between its stretches."""
    return max(((a[-1][0], b[0][0]) for a, b in pairwise(pieces)), key=lambda ends: ends[1] - ends[0])
