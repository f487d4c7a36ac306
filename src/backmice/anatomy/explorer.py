"""What the figure's tools need besides its drawing, as plain data: places, published distances, studies, views, tasks.

Points are [right, anterior, superior] in mm, on the right; whoever draws the left mirrors them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backmice.anatomy.body import FATS_MM, REFERENCE_CM, RELATIONS, STATURES_CM, read_sites
from backmice.anatomy.distances import ORIGINS, Distance, band_heights, centre, distances, on_crest, site_point, span
from backmice.anatomy.figure import crest_between, layer_figures, region_figure
from backmice.anatomy.frame import Point
from backmice.anatomy.packed import packed
from backmice.anatomy.structure import LAYERS, Region, Structure
from backmice.anatomy.view import Views
from backmice.evidence.ledger import Ledger

#: Distances that place a structure, as far as a tool can measure them.
FROM = {*ORIGINS.values(), "below the PSIS"}


def figure_data(region: Region, views: Views, ledger: Ledger) -> dict[str, Any]:
    """Return what the figure of a region is drawn from: see `region_figure`, and under `explorer` what its tools need.

    The traces are packed.
    """
    sources = {key: reference.short() for key, reference in ledger.references.items()}
    figure = region_figure(region)
    return {**figure, "data": packed(figure["data"]), "explorer": explorer_data(region, views, sources)}


def layer_data(region: Region) -> dict[str, list[dict[str, Any]]]:
    """Return the packed traces of each layer that is fetched on demand; see `layer_figures`."""
    return {layer: packed(traces) for layer, traces in layer_figures(region).items()}


def explorer_data(region: Region, views: Views, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return the data of the tools: `id`, `layers`, `landmarks`, `structures`, `measures`, `body`, `claims`, `views`, `find`.

    Parameters
    ----------
    sources
        The names of the sources of claims in running text, by key.
    """
    rows = distances(region)
    measures = _measures(region, rows)
    placed = [row for row in rows if row.what in FROM]
    cited = {row.ref.partition("#")[0] for row in placed} | {m["ref"].partition("#")[0] for m in measures}
    cited |= {claim for relation in RELATIONS for claim in relation.claims}
    cited |= {task.tolerance.partition("#")[0] for task in views.tasks if task.tolerance}
    cited |= {claim for s in region.structures if s.site or s.band for claim in s.claims}
    return {
        "id": region.id,
        "layers": LAYERS,
        "landmarks": [
            {"id": id_, "name": region.landmark_names[id_], "at": _rounded(at)} for id_, at in region.landmarks.items()
        ],
        "structures": [_structure(region, s, [r for r in placed if r.structure is s]) for s in region.structures],
        "measures": measures,
        "body": body_data(region),
        "claims": {id_: _claim(region, id_, sources) for id_ in sorted(cited)},
        "views": [view.model_dump(exclude_defaults=True) for view in views.views.values()],
        "find": [
            {"place": task.place, "ask": task.ask, "tolerance_mm": task.mm(region), "because": task.because}
            | ({"claim": task.tolerance.partition("#")[0]} if task.tolerance else {})
            for task in views.tasks
        ],
    }


def _structure(region: Region, structure: Structure, rows: list[Distance]) -> dict[str, Any]:
    data = {"id": structure.id, "name": structure.name, "short": structure.short, "layer": structure.layer}
    if structure.latin:
        data["latin"] = structure.latin
    if at := place(region, structure):
        data["at"] = _rounded(at)
    if rows:
        data["published"] = [_published(row) for row in rows]
        data["studies"] = _studies(region, structure)
        data["words"] = [c for c in structure.claims if c not in {row.ref.partition("#")[0] for row in rows}]
    return data


def place(region: Region, structure: Structure) -> Point | None:
    """Return the one point that stands for a structure, where claims give one."""
    if structure.site:
        return site_point(region, structure.site)
    if structure.band:
        across = centre(region.quantity(structure.band.right_of_midline))
        middle = sum(band_heights(region, structure)) / 2
        return across, region.fascia.at(across, middle) - structure.band.off_fascia_mm, middle
    return None


def _measures(region: Region, published: list[Distance]) -> list[dict[str, Any]]:
    """Return what is published between two landmarks: `from`, `to`, then as for a structure."""
    found = []
    for measure in region.measures:
        ends = [w and w.landmark for w in (measure.start, measure.end)]
        if None in ends or measure.along != "straight":
            continue
        structure = next(s for s in region.structures if s.id == measure.structure)
        rows = [row for row in published if row.structure is structure and row.what == measure.what]
        found += [
            {"from": ends[0], "to": ends[1], **_published(row), "what": f"{row.what} ({structure.short})"}
            for row in rows
        ]
    return found


def body_data(region: Region) -> dict[str, Any]:
    """Return what a body's tool needs: its limits, the places over which fat is known, and what rests on a source.

    Each of `sites` has `at`, its point on the deep fascia, and `sexes`, what its sums need by sex.
    """
    sites: dict[str, dict[str, Any]] = {}
    for site in read_sites(region.folder).values():
        at = _rounded((site.right_mm, region.fascia.at(site.right_mm, site.superior_mm), site.superior_mm))
        entry = sites.setdefault(site.id, {"id": site.id, "name": site.name, "at": at, "sexes": {}})
        entry["sexes"][site.sex] = {"fat_share": site.fat_share, "fascia_to_bone_mm": site.fascia_to_bone_mm}
    return {
        "reference_cm": REFERENCE_CM,
        "statures_cm": STATURES_CM,
        "fats_mm": FATS_MM,
        "sites": list(sites.values()),
        "relations": [{"words": r.words, "basis": r.basis, "claims": r.claims} for r in RELATIONS],
    }


def _published(row: Distance) -> dict[str, Any]:
    low, high = row.published.extent()
    return {
        "ref": row.ref, "what": row.what, "figure": row.published.headline(), "spread": row.published.spread(),
        "low": low, "high": high, "model_mm": row.model_mm,
    }  # fmt: skip


def _studies(region: Region, structure: Structure) -> list[dict[str, Any]]:
    """Return where each study puts a structure: a point, and the line or the box that its spread covers."""
    if structure.band:
        ref = structure.band.right_of_midline
        low, high = region.quantity(ref).extent()
        _, anterior, superior = place(region, structure)
        ends = [(low, anterior, superior), (high, anterior, superior)]
        return [_study(region, ref, "from the midline", place(region, structure), [ends])]
    site = structure.site
    if not site.on_crest:
        return [_plane_study(region, structure)]
    found = []
    for group in site.on_crest:
        for ref in group.values:
            quantity = region.quantity(ref)
            low, high = (on_crest(region, group.origin, mm)[0] for mm in quantity.extent())
            line = [crest_between(region, low, high)] if high > low else []
            found.append(
                _study(region, ref, ORIGINS[group.origin], on_crest(region, group.origin, centre(quantity)), line)
            )
    return found


def _plane_study(region: Region, structure: Structure) -> dict[str, Any]:
    site = structure.site
    across, down = site.right_of_midline, site.below_psis
    at = site_point(region, site)
    (left, right), (upper, lower) = span(region, across), span(region, down)
    lines = [[(left, at[1], at[2]), (right, at[1], at[2])], [(at[0], at[1], -upper), (at[0], at[1], -lower)]]
    study = _study(region, across[0], "from the midline", at, lines)
    below = region.quantity(down[0])
    study["figure"] += f" from the midline, {below.headline()} below the PSIS"
    study["spread"] = "; ".join(filter(None, (study["spread"], below.spread())))
    return study | {"what": ""}


def _study(region: Region, ref: str, what: str, at: Point, lines: list[list[Point]]) -> dict[str, Any]:
    quantity = region.quantity(ref)
    return {
        "ref": ref, "what": what, "figure": quantity.headline(), "spread": quantity.spread(),
        "at": _rounded(at), "lines": [[_rounded(p) for p in line] for line in lines],
    }  # fmt: skip


def _claim(region: Region, claim_id: str, sources: Mapping[str, str]) -> dict[str, Any]:
    claim = region.claims[claim_id]
    told = "; ".join(sources[key] for key in claim.sources)
    return {"statement": claim.statement, "certainty": claim.certainty, "sources": told}


def _rounded(point: Point) -> list[float]:
    return [round(v, 1) for v in point]
