"""The surface map: the back from behind, one unit a millimetre, every place taken from the model.

Distances across and upwards are those of the model. What runs into the depth is foreshortened.
"""

from __future__ import annotations

import math
from statistics import fmean

from backmice.anatomy.distances import band_heights, crest_span, on_crest, site_point, span, waypoint_point
from backmice.anatomy.frame import Point, spline
from backmice.anatomy.structure import Region, Structure
from backmice.drawings.body import folds, from_behind, whole
from backmice.drawings.cut import extremes
from backmice.drawings.drawing import Part, Plate
from backmice.drawings.sheet import Drawn, Flat, Label, Mark, Sheet, both, column
from backmice.drawings.silhouette import silhouette

HALF_WIDTH, TOP, BOTTOM, TYPE = 210.0, -178.0, 182.0, 13.2
#: Labels stand outside of this, on both sides.
COLUMN, CHARS = 116.0, 13
ELLIPSE_POINTS = 24
#: What a plate calls the four parts of each buttock, which are no structure of the model.
QUADRANTS = "quadrants"
#: The upper end of the cleft and the fold under the buttock, as `folds` draws them.
CLEFT_TOP, FOLD = 62.0, 174.0
#: What is painted over what, from below, by the look of a part's first mark.
OVER = {"bounds": 0, "area": 1, "quarter": 1, "bone-line": 2, "spread": 3, "spread is-ring": 3, "line": 3, "dot": 4}


def surface_map(region: Region, plate: Plate) -> Sheet:
    """Return the sheet of a surface map."""
    skin = region.meshes["skin_female"].surface
    drawn = {part.id: _marks(region, part) for part in plate.parts}
    labels = _labels(plate, drawn)
    return Sheet(
        -HALF_WIDTH, TOP, 2 * HALF_WIDTH, BOTTOM - TOP, TYPE,
        ground=(Mark("body", whole(from_behind(skin)), "skin"), *_bones(region), *folds()),
        parts=tuple(
            Drawn(part.id, drawn[part.id], labels[part.id])
            for part in sorted(plate.parts, key=lambda part: OVER[drawn[part.id][0].look])
        ),
        notes=_quadrant_names() if any(part.draws == QUADRANTS for part in plate.parts) else (),
        scale_mm=50,
    )  # fmt: skip


def _bones(region: Region) -> tuple[Mark, ...]:
    """Return the outlines of the bones, which lie under everything else."""
    groups = (("l1", "l2", "l3", "l4", "l5"), ("hip_left",), ("hip_right",), ("sacrum", "coccyx"))
    loops = [loop for names in groups for loop in silhouette([region.meshes[name].surface for name in names])]
    return tuple(Mark("bone-under", loop, "bone", is_closed=True) for loop in loops)


def flat(points: list[Point] | tuple[Point, ...]) -> tuple[Flat, ...]:
    """Return points of the model (mm, RAS) as seen from behind: right, and down."""
    return tuple((x, -z) for x, _, z in points)


def _marks(region: Region, part: Part) -> tuple[Mark, ...]:
    if part.draws == QUADRANTS:
        return _quadrants(region)
    if part.draws in region.landmarks:
        (place,) = flat([region.landmarks[part.draws]])
        return (Mark("dot", (place,), "bone"),)
    structure = next(s for s in region.structures if s.id == part.draws)
    if structure.outline:
        corners = flat([waypoint_point(region, structure, w) for w in structure.outline])
        return both(Mark("bounds", corners, "region", is_closed=True, is_smooth=False))
    if structure.points:
        return tuple(Mark("dot", flat([region.landmarks[name]]), "bone") for name in structure.points)
    if structure.along_crest_mm:
        low, high = structure.along_crest_mm
        line = [p for p in region.crest if low - 1 <= p[0] <= high]
        return both(Mark("bone-line", flat(line), "bone"))
    if structure.band:
        return both(Mark("area", _band(region, structure), "nodule", is_closed=True, is_smooth=False))
    return (*_spread(region, structure), *_lines(region, structure))


def _quadrants(region: Region) -> tuple[Mark, ...]:
    """Return the cross on each buttock: its lower arm first, then up to the top of the crest, and all the way across."""
    ((top_u, top_v),) = flat([region.landmarks["crest_top_right"]])
    _, outline = extremes(region.meshes["skin_female"].surface, 0, -CLEFT_TOP)
    arms = (
        Mark("quarter", ((top_u, CLEFT_TOP), (top_u, FOLD)), "ink-soft"),
        Mark("quarter is-up", ((top_u, CLEFT_TOP), (top_u, top_v)), "ink-soft"),
        Mark("quarter is-across", ((0, CLEFT_TOP), (outline, CLEFT_TOP)), "ink-soft"),
    )
    return tuple(mark for arm in arms for mark in both(arm))


def _quadrant_names() -> tuple[Label, ...]:
    """Return the names of the quadrants, beside the cross on the left buttock."""
    above, below = CLEFT_TOP - TYPE * 0.35, CLEFT_TOP + TYPE
    return tuple(
        Label((f"{half} {side}",), u, v, "middle")
        for half, v in (("upper", above), ("lower", below))
        for side, u in (("inner", -39.0), ("outer", -132.0))
    )


def _band(region: Region, structure: Structure) -> tuple[Flat, ...]:
    near, far = region.quantity(structure.band.right_of_midline).extent()
    bottom, top = band_heights(region, structure)
    return (near, -top), (far, -top), (far, -bottom), (near, -bottom)


def _lines(region: Region, structure: Structure) -> tuple[Mark, ...]:
    runs = [[waypoint_point(region, structure, w) for w in run] for run in structure.runs()]
    lines = [Mark("line", flat(spline(run, 3)), structure.layer) for run in runs]
    if structure.site:
        lines.append(Mark("crossing", flat([site_point(region, structure.site)]), structure.layer))
    return tuple(lines)


def _spread(region: Region, structure: Structure) -> tuple[Mark, ...]:
    """Return where studies together allow the site: a stretch of the crest, or an ellipse of two ranges."""
    site = structure.site
    if site and site.on_crest:
        low, high = crest_span(region, site)
        if low == high:
            return ()
        between = [p for p in region.crest if low < p[0] < high]
        stretch = [on_crest(region, "midline", low), *between, on_crest(region, "midline", high)]
        return (Mark("spread", flat(stretch), structure.layer),)
    if site:
        (left, right), (near, far) = span(region, site.right_of_midline), span(region, site.below_psis)
        turns = (2 * math.pi * k / ELLIPSE_POINTS for k in range(ELLIPSE_POINTS))
        ring = tuple(
            ((left + right) / 2 + (right - left) / 2 * math.cos(t), (near + far) / 2 + (far - near) / 2 * math.sin(t))
            for t in turns
        )
        return (Mark("spread is-ring", ring, structure.layer, is_closed=True),)
    return ()


def _labels(plate: Plate, drawn: dict[str, tuple[Mark, ...]]) -> dict[str, Label]:
    found = {}
    for side, sign in (("left", -1), ("right", 1)):
        parts = [part for part in plate.parts if part.side == side]
        named = [(part.short, _named_at(drawn[part.id], sign)) for part in parts]
        labels = column(
            named, u=sign * COLUMN, anchor="end" if sign < 0 else "start", chars=CHARS, size=TYPE,
            top=TOP + 4, bottom=BOTTOM - 4,
        )  # fmt: skip
        found |= {part.id: label for part, label in zip(parts, labels)}
    return found


def _named_at(marks: tuple[Mark, ...], sign: int) -> Flat:
    """Return the point that the thread of a label leads to: a crossing or dot, else where marks come nearest."""
    spots = [mark for mark in marks if mark.look in ("crossing", "dot", "quarter")]
    points = [p for mark in spots or marks for p in mark.points]
    outermost = max(sign * u for u, _ in points)
    return sign * outermost, fmean(v for u, v in points if sign * u == outermost)
