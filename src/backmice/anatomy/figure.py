"""The interactive figure of a region, built with plotly as data that a browser draws.

Colours are those of the stage, which is dark in both themes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from backmice.anatomy.distances import ORIGINS, centre, crest_span, on_crest, span, waypoint_point
from backmice.anatomy.frame import (
    Point,
    Surface,
    ball,
    joined,
    length,
    minus,
    mirrored_surface,
    plus,
    ribbon,
    scaled,
    spline,
    tube,
)  # fmt: skip
from backmice.anatomy.structure import Region, Structure

STAGE = "#101a1a"
COLOURS = {"bone": "#faeec9", "ligament": "#45979b", "nerve": "#17b4fd", "nodule": "#935af0", "region": "#a583ff"}
SHADOW = "#3a3222"
LIGHTING = {"ambient": 0.42, "diffuse": 0.68, "specular": 0.15, "roughness": 0.6, "fresnel": 0.1}
#: In the camera's own axes (right, up, away from the eye), as gl-mesh3d takes it: over the viewer's left shoulder.
LIGHT_FROM = {"x": -50_000, "y": 75_000, "z": -95_000}
#: From where the camera looks; the projection is parallel, so only the direction counts.
VIEWS = {
    "Behind": {"eye": {"x": 0, "y": -2, "z": 0.12}},
    "Oblique": {"eye": {"x": 1.3, "y": -1.45, "z": 0.6}},
    "Side": {"eye": {"x": 2, "y": -0.15, "z": 0.15}},
    "Crest": {"eye": {"x": 0.8, "y": -1.1, "z": 1.3}},
}
ZOOM = 1.75
CENTRE = {"x": 0, "y": -0.2, "z": 0.18}
#: Labels stand in a column at each side: its distance from the midline, its top and its bottom.
LABEL_COLUMN_MM = (96, 118, -84)
PX_PER_MM = 1.7
LABEL_CHARS = 17
CREST_TUBE_MM = 3.4
DASH_MM = 9.0


def region_figure(region: Region) -> dict[str, Any]:
    """Return a plotly figure of `region` as plain data.

    Each trace has `meta` with `structure` and `part` (shape, spread or study); each label is a
    scene annotation whose `name` is the structure's id. Coordinates are mm in the anatomy frame.
    """
    traces = [trace for structure in region.structures for trace in _traces(region, structure)]
    figure = go.Figure(data=traces, layout=_layout(region, traces))
    return json.loads(figure.to_json(validate=True, remove_uids=True))


def _layout(region: Region, traces: list[Any]) -> dict[str, Any]:
    axis = {"visible": False, "showspikes": False}
    return {
        "template": go.layout.Template(),
        "paper_bgcolor": STAGE,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": False,
        "hoverlabel": {"bgcolor": STAGE, "bordercolor": "#82968f", "font": {"color": "#e9efec", "size": 14}},
        "scene": {
            "xaxis": axis, "yaxis": axis, "zaxis": axis,
            "aspectmode": "manual", "aspectratio": _aspect(traces), "dragmode": "orbit", "bgcolor": STAGE,
            "camera": {**VIEWS["Behind"], "up": {"x": 0, "y": 0, "z": 1}, "center": CENTRE,
                       "projection": {"type": "orthographic"}},
            "annotations": _labels(region),
        },
    }  # fmt: skip


def _aspect(traces: list[Any]) -> dict[str, float]:
    """Return the scene's proportions: those of the data, enlarged; a parallel view zooms by them."""
    sides = []
    for axis in "xyz":
        values = [v for trace in traces for v in trace[axis]]
        sides.append(max(values) - min(values))
    mean = math.prod(sides) ** (1 / 3)
    return {axis: round(ZOOM * side / mean, 4) for axis, side in zip("xyz", sides)}


def _labels(region: Region) -> list[dict[str, Any]]:
    """Return one label a structure, left and right in turn, from top to bottom of two columns."""
    labelled = [(s, waypoint_point(region, s, s.label_at)) for s in region.structures if s.label_at]
    labelled.sort(key=lambda pair: -pair[1][2])
    right, top, bottom = LABEL_COLUMN_MM
    step = (top - bottom) / max(1, (len(labelled) - 1) // 2)
    found = []
    for n, (structure, (x, y, z)) in enumerate(labelled):
        side = 1 if n % 2 else -1
        place = (side * abs(x), y, z)
        shift = (side * (right - abs(x)), top - step * (n // 2) - z)
        found.append(_label(structure, place, shift))
    return found


def _label(structure: Structure, place: Point, shift_mm: tuple[float, float]) -> dict[str, Any]:
    x, y, z = place
    across, up = shift_mm
    return {
        "name": structure.id, "text": "<br>".join(wrap(structure.short, LABEL_CHARS)), "x": x, "y": y, "z": z, "visible": False,
        "ax": round(across * PX_PER_MM), "ay": round(-up * PX_PER_MM), "xanchor": "left" if across > 0 else "right",
        "align": "left", "arrowcolor": "#b9c7c2", "arrowwidth": 1.2, "arrowhead": 0, "arrowsize": 0.3,
        "font": {"color": "#e9efec", "size": 13}, "bgcolor": STAGE, "opacity": 0.95, "borderpad": 3,
    }  # fmt: skip


def _traces(region: Region, structure: Structure) -> Iterable[Any]:
    if structure.meshes:
        yield _bones(region, structure)
    if structure.outline:
        yield _mesh(structure, _both_sides(_outline(region, structure)), "shape", structure.name, 1.0)
    if structure.points:
        balls = [ball(region.landmarks[name], 3.2) for name in structure.points]
        yield _mesh(structure, joined(balls), "shape", structure.name, 1.0)
    if structure.path:
        yield _mesh(structure, _both_sides(_path(region, structure)), "shape", structure.name, 1.0)
    if structure.along_crest_mm:
        line = tube(crest_between(region, *structure.along_crest_mm), structure.radius_mm)
        yield _mesh(structure, _both_sides(line), "shape", structure.name, 1.0)
    if structure.band:
        yield _mesh(structure, _both_sides(_band(region, structure)), "shape", structure.name, 0.4)
    if structure.site:
        yield from _spread(region, structure)


def _mesh(structure: Structure, surface: Surface, part: str, words: str, opacity: float) -> go.Mesh3d:
    x, y, z = zip(*([round(v, 1) for v in p] for p in surface.points_mm))
    i, j, k = zip(*surface.triangles)
    return go.Mesh3d(
        x=x, y=y, z=z, i=i, j=j, k=k, color=COLOURS[structure.layer], opacity=opacity,
        hovertemplate=f"{words}<extra></extra>", lighting=LIGHTING, lightposition=LIGHT_FROM,
        meta={"structure": structure.id, "part": part},
    )  # fmt: skip


def _bones(region: Region, structure: Structure) -> go.Mesh3d:
    """Return bones with their baked shade as intensity: 0 deep in a hollow, 255 open."""
    meshes = [region.meshes[name] for name in structure.meshes]
    trace = _mesh(structure, joined([surface for surface, _ in meshes]), "shape", structure.name, 1.0)
    shade = [value for _, values in meshes for value in values]
    return trace.update(
        color=None, intensity=shade, cmin=0, cmax=255, showscale=False,
        colorscale=[[0, SHADOW], [0.6, "#cdbd92"], [1, COLOURS["bone"]]],
    )  # fmt: skip


def _outline(region: Region, structure: Structure) -> Surface:
    """Return a closed outline in dashes, as a skin marker draws it."""
    corners = [waypoint_point(region, structure, w) for w in structure.outline]
    dashes = []
    for start, end in zip(corners, [*corners[1:], corners[0]]):
        run = minus(end, start)
        count = max(1, round(length(run) / DASH_MM))
        for k in range(count):
            near, far = (plus(start, scaled(run, (k + part) / count)) for part in (0.2, 0.8))
            dashes.append(tube([near, far], structure.radius_mm, sides=5))
    return joined(dashes)


def _both_sides(surface: Surface) -> Surface:
    return joined([surface, mirrored_surface(surface)])


def _path(region: Region, structure: Structure) -> Surface:
    curve = spline([waypoint_point(region, structure, w) for w in structure.path])
    if structure.width_mm:
        return ribbon_tube(curve, structure.width_mm)
    return tube(curve, structure.radius_mm)


def ribbon_tube(curve_mm: list[Point], width_mm: float) -> Surface:
    """Return a ligament: a tube pressed flat from back to front, `width_mm` across."""
    round_tube = tube(curve_mm, width_mm / 2, sides=10)
    points = []
    for n, (x, y, z) in enumerate(round_tube.points_mm):
        _, back, _ = curve_mm[n // 10]
        points.append((x, back + (y - back) * 0.3, z))
    return Surface(points, round_tube.triangles)


def _band(region: Region, structure: Structure) -> Surface:
    band = structure.band
    low, high = region.quantity(band.right_of_midline).extent()
    bottom, top = band.superior_mm
    curve = [((low + high) / 2, band.anterior_mm, bottom + (top - bottom) * t / 8) for t in range(9)]
    return ribbon(curve, high - low)


def _spread(region: Region, structure: Structure) -> Iterable[go.Mesh3d]:
    site = structure.site
    yield _crest_spread(region, structure) if site.on_crest else _plane_spread(region, structure)
    for group in site.on_crest:
        for ref in group.values:
            quantity = region.quantity(ref)
            place = on_crest(region, group.origin, centre(quantity))
            words = f"{structure.name}: {quantity.headline()} {ORIGINS[group.origin]}"
            words += f" ({quantity.spread()})" if quantity.spread() else ""
            yield _mesh(structure, _both_sides(ball(place, 2.2)), "study", words, 1.0)


def _crest_spread(region: Region, structure: Structure) -> go.Mesh3d:
    low, high = crest_span(region, structure.site)
    words = f"{structure.name}: all studies, spreads included"
    if high > low:
        surface = tube(crest_between(region, low, high), CREST_TUBE_MM, sides=8)
    else:
        surface = ball(on_crest(region, "midline", low), CREST_TUBE_MM)
    return _mesh(structure, _both_sides(surface), "spread", words, 0.45)


def crest_between(region: Region, low: float, high: float) -> list[Point]:
    """Return the line of the right iliac crest between two distances from the midline, in mm."""
    inner = [point for point in region.crest if low < point[0] < high]
    return [on_crest(region, "midline", low), *inner, on_crest(region, "midline", high)]


def _plane_spread(region: Region, structure: Structure) -> go.Mesh3d:
    site = structure.site
    (left, right), (upper, lower) = span(region, site.right_of_midline), span(region, site.below_psis)
    words = f"{structure.name}: {left:g} to {right:g} mm from the midline, {upper:g} to {lower:g} mm below the PSIS"
    middle = ((left + right) / 2, site.anterior_mm - 6, -(upper + lower) / 2)
    return _mesh(structure, _both_sides(ellipse(middle, (right - left) / 2, (lower - upper) / 2)), "spread", words, 0.4)


def ellipse(centre_mm: Point, half_width_mm: float, half_height_mm: float, corners: int = 28) -> Surface:
    """Return a flat ellipse that faces back."""
    turn = [2 * math.pi * k / corners for k in range(corners)]
    rim = [plus(centre_mm, (half_width_mm * math.cos(a), 0.0, half_height_mm * math.sin(a))) for a in turn]
    return Surface([centre_mm, *rim], [(0, 1 + k, 1 + (k + 1) % corners) for k in range(corners)])
