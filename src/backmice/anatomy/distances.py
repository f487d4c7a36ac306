"""Where claims put a structure, and how the model compares with each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from backmice.anatomy.frame import Point, along, cross, distance_mm, length, minus, plus, unit
from backmice.anatomy.structure import LandmarkSpread, Lump, Measure, Region, Site, Structure, Waypoint
from backmice.evidence.claim import Quantity

ORIGINS = {"midline": "from the midline", "psis": "from the PSIS", "asis": "from the anterior superior iliac spine"}
#: Coordinates are stored to a tenth of a mm, so a distance made exact by them may be off by as much.
ROUNDING_MM = 0.1
AXES = {"right": 0, "anterior": 1, "superior": 2}


@dataclass(frozen=True)
class Distance:
    """One published distance beside the distance in the model, both in mm.

    `low_mm` and `high_mm` are the whole spread of all that is published of this same distance.
    """

    structure: Structure
    ref: str
    what: str
    published: Quantity
    model_mm: float
    low_mm: float
    high_mm: float

    @property
    def within(self) -> bool:
        """Whether the model lies inside the spread that this source gives."""
        low, high = self.published.extent()
        return low - ROUNDING_MM <= self.model_mm <= high + ROUNDING_MM

    @property
    def within_all(self) -> bool:
        """Whether the model lies inside the spread of all sources together."""
        return self.low_mm - ROUNDING_MM <= self.model_mm <= self.high_mm + ROUNDING_MM


def centre(quantity: Quantity) -> float:
    """Return the estimate, or the middle of a span."""
    return quantity.estimate if quantity.estimate is not None else (quantity.low + quantity.high) / 2


def measure_from(region: Region, origin: str) -> Callable[[Point], float]:
    """Return the measure from "psis" or "asis" (straight, to the right one) or from "midline" (to the right)."""
    if origin == "midline":
        return lambda point: point[0]
    mark = region.landmarks[f"{origin}_right"]
    return lambda point: distance_mm(point, mark)


def on_crest(region: Region, origin: str, mm: float) -> Point:
    """Return the point of the right iliac crest at a distance from an origin."""
    line = region.crest[::-1] if origin == "asis" else region.crest
    return along(line, measure_from(region, origin), mm)


def site_point(region: Region, site: Site) -> Point:
    """Return the right-hand place at which a site is drawn."""
    if not site.on_crest:
        right, below = (
            fmean(centre(region.quantity(r)) for r in refs) for refs in (site.right_of_midline, site.below_psis)
        )
        return right, site.anterior_mm, -below
    places = {
        ref: on_crest(region, group.origin, centre(region.quantity(ref)))
        for group in site.on_crest
        for ref in group.values
    }
    if site.drawn_at:
        return places[site.drawn_at]
    return on_crest(region, "midline", fmean(x for x, _, _ in places.values()))


def crest_span(region: Region, site: Site) -> tuple[float, float]:
    """Return how near to the midline and how far from it any study allows the crossing, in mm."""
    ends = [
        on_crest(region, group.origin, mm)[0]
        for group in site.on_crest
        for ref in group.values
        for mm in region.quantity(ref).extent()
    ]
    return min(ends), max(ends)


def span(region: Region, refs: tuple[str, ...]) -> tuple[float, float]:
    """Return the lowest and the highest that any of the values allows, in mm."""
    extents = [region.quantity(ref).extent() for ref in refs]
    return min(low for low, _ in extents), max(high for _, high in extents)


def waypoint_point(region: Region, structure: Structure, waypoint: Waypoint) -> Point:
    """Return a waypoint as a point in mm (RAS), on the right."""
    if waypoint.landmark:
        base = region.landmarks[waypoint.landmark]
    elif waypoint.crest_mm is not None:
        base = on_crest(region, "midline", waypoint.crest_mm)
    else:
        base = site_point(region, structure.site)
    x, y, z = plus(base, waypoint.offset_mm)
    if waypoint.off_fascia_mm is not None:
        return x, region.fascia.at(x, z) - waypoint.off_fascia_mm, z
    return x, y if waypoint.anterior_mm is None else waypoint.anterior_mm, z


def band_heights(region: Region, structure: Structure) -> tuple[float, float]:
    """Return the bottom and the top of a band, mm above the PSIS: its bottom lies below the crest as a claim says."""
    band = structure.band
    crest = on_crest(region, "midline", centre(region.quantity(band.right_of_midline)))
    return crest[2] - centre(region.quantity(band.below_crest)), band.top_mm


def lump_size(region: Region, lump: Lump) -> Point:
    """Return how long, thick and wide a lump is drawn, in mm."""
    long, thick, wide = lump.size_mm
    given = [
        fmean(centre(region.quantity(ref)) for ref in refs) if refs else None for refs in (lump.length, lump.width)
    ]
    return given[0] or long, thick, given[1] or wide


def distances(region: Region) -> list[Distance]:
    """Return every published distance that the model can be held against, beside the model's."""
    found = []
    for structure in region.structures:
        found += _distances(region, structure)
        for measure in region.measures:
            if measure.structure == structure.id:
                found += _measured(region, structure, measure)
    return found


def _measured(region: Region, structure: Structure, measure: Measure) -> list[Distance]:
    low, high = span(region, measure.values)
    if measure.give_or_take:
        slack = centre(region.quantity(measure.give_or_take))
        low, high = low - slack, high + slack
    model = round(model_distance(region, structure, measure), 1)
    return [Distance(structure, ref, measure.what, region.quantity(ref), model, low, high) for ref in measure.values]


def model_distance(region: Region, structure: Structure, measure: Measure) -> float:
    """Return what a measure amounts to in the model, in mm."""
    if measure.size == "fat":
        return fmean(region.meshes[name].fat_mm for name in structure.by_sex.values())
    if measure.size:
        return getattr(structure, f"{measure.size}_mm")
    start = waypoint_point(region, structure, measure.start) if measure.start else (0.0, 0.0, 0.0)
    if measure.to_line:
        near, far = (region.landmarks[name] for name in measure.to_line)
        return length(cross(minus(start, near), unit(minus(far, near))))
    goal = measure.end if measure.to_begin_of is None else structure.runs()[measure.to_begin_of][0]
    end = waypoint_point(region, structure, goal)
    return (
        distance_mm(start, end)
        if measure.along == "straight"
        else (end[AXES[measure.along]] - start[AXES[measure.along]])
    )


def _distances(region: Region, structure: Structure) -> list[Distance]:
    def rows(refs: tuple[str, ...], what: str, model_mm: float, low: float, high: float) -> list[Distance]:
        return [Distance(structure, r, what, region.quantity(r), round(model_mm, 1), low, high) for r in refs]

    def apart(refs: tuple[str, ...], what: str, model_mm: float) -> list[Distance]:
        return rows(refs, what, model_mm, *span(region, refs)) if refs else []

    found = []
    if band := structure.band:
        middle = centre(region.quantity(band.right_of_midline))
        crest = on_crest(region, "midline", middle)
        found += apart((band.right_of_midline,), "from the midline", middle)
        found += apart((band.below_crest,), "below the crest", crest[2] - band_heights(region, structure)[0])
    for lump in structure.lumps:
        long, _, wide = lump_size(region, lump)
        found += apart(lump.length, f"length, {lump.id}", long) + apart(lump.width, f"width, {lump.id}", wide)
    if site := structure.site:
        place = site_point(region, site)
        for group in site.on_crest:
            measure = measure_from(region, group.origin)
            # Studies measure the same crossing from different origins: each end of their spread is a place on the crest.
            ends = [measure(on_crest(region, "midline", x)) for x in crest_span(region, site)]
            found += rows(group.values, ORIGINS[group.origin], measure(place), min(ends), max(ends))
        found += apart(site.right_of_midline, "from the midline", place[0])
        found += apart(site.below_psis, "below the PSIS", -place[2])
    return found


def table(region: Region) -> str:
    """Return every distance of the ledger beside the model's, as plain columns, then those that are left out and why."""
    head = ("Structure", "Distance", "Published", "Model", "All sources", "", "Claim")
    rows = [head]
    for d in distances(region):
        spread = f" ({d.published.spread()})" if d.published.spread() else ""
        mark = "within" if d.within_all else "OUTSIDE"
        rows.append((
            d.structure.short, d.what, d.published.headline() + spread, f"{d.model_mm:g} mm",
            f"{d.low_mm:.1f} to {d.high_mm:.1f} mm", mark, d.ref,
        ))  # fmt: skip
    widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    marks = [landmark_line(region, spread) for spread in region.spreads]
    left = [f"{ref}: {why}" for ref, why in region.left_out.items()]
    return "\n".join([
        *lines, "", "Landmarks (right, anterior, superior) and how far they may lie off:", *marks,
        "", "Not held against the model:", *left,
    ])  # fmt: skip


def spread_mm(region: Region, spread: LandmarkSpread) -> float:
    """Return how far a landmark may lie off, mm: the standard deviation of the value, or the value itself."""
    quantity = region.quantity(spread.spread)
    return quantity.sd or centre(quantity)


def landmark_line(region: Region, spread: LandmarkSpread) -> str:
    """Return a landmark's place and spread in words."""
    place = ", ".join(f"{v:.1f}" for v in region.landmarks[spread.id])
    return f"{spread.id}: {place} mm, give or take {spread_mm(region, spread):g} mm ({spread.why}; {spread.spread})"
