"""Where claims put a structure, and how the model compares with each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from backmice.anatomy.frame import Point, along, distance_mm, plus
from backmice.anatomy.structure import Region, Site, Structure, Waypoint
from backmice.evidence.claim import Quantity

ORIGINS = {"midline": "from the midline", "psis": "from the PSIS"}


@dataclass(frozen=True)
class Distance:
    """One published distance beside the distance in the model, both in mm."""

    structure: Structure
    ref: str
    what: str
    published: Quantity
    model_mm: float

    @property
    def within(self) -> bool:
        """Whether the model lies inside the spread that this source gives."""
        low, high = self.published.extent()
        return low <= self.model_mm <= high


def centre(quantity: Quantity) -> float:
    """Return the estimate, or the middle of a span."""
    return quantity.estimate if quantity.estimate is not None else (quantity.low + quantity.high) / 2


def measure_from(region: Region, origin: str) -> Callable[[Point], float]:
    """Return the measure from "psis" (straight, to the right one) or from "midline" (to the right)."""
    psis = region.landmarks["psis_right"]
    return (lambda point: distance_mm(point, psis)) if origin == "psis" else (lambda point: point[0])


def on_crest(region: Region, origin: str, mm: float) -> Point:
    """Return the point of the right iliac crest at a distance from an origin."""
    return along(region.crest, measure_from(region, origin), mm)


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
    return x, y if waypoint.anterior_mm is None else waypoint.anterior_mm, z


def distances(region: Region) -> list[Distance]:
    """Return every published distance that places a structure, beside the model's."""
    return [row for structure in region.structures for row in _distances(region, structure)]


def _distances(region: Region, structure: Structure) -> list[Distance]:
    def row(ref: str, what: str, model_mm: float) -> Distance:
        return Distance(structure, ref, what, region.quantity(ref), round(model_mm, 1))

    if structure.band:
        quantity = region.quantity(structure.band.right_of_midline)
        return [row(structure.band.right_of_midline, "from the midline", centre(quantity))]
    if not structure.site:
        return []
    site, place = structure.site, site_point(region, structure.site)
    rows = [
        row(ref, ORIGINS[group.origin], measure_from(region, group.origin)(place))
        for group in site.on_crest
        for ref in group.values
    ]
    rows += [row(ref, "from the midline", place[0]) for ref in site.right_of_midline]
    return rows + [row(ref, "below the PSIS", -place[2]) for ref in site.below_psis]
