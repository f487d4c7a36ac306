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

from backmice.anatomy.camera import BOX_MM, CENTRE, SCENE_PER_MM, VIEWS
from backmice.anatomy.distances import (
    band_heights,
    crest_span,
    lump_size,
    on_crest,
    span,
    waypoint_point,
)  # fmt: skip
from backmice.anatomy.frame import (
    Point,
    Surface,
    ball,
    joined,
    length,
    lump,
    minus,
    mirrored_surface,
    plus,
    scaled,
    spline,
    tube,
)  # fmt: skip
from backmice.anatomy.structure import LAYERS, ON_DEMAND, Region, Structure, Waypoint

STAGE = "#101a1a"
COLOURS = {
    "skin": "#b87e49", "fat": "#dfae32", "fascia": "#b4cbd7", "muscle": "#aa4653",
    "bone": "#faeec9", "ligament": "#45979b", "nerve": "#17b4fd", "nodule": "#935af0", "region": "#a583ff",
}  # fmt: skip
LIGHTING = {"ambient": 0.42, "diffuse": 0.68, "specular": 0.15, "roughness": 0.6, "fresnel": 0.1}
#: In the camera's own axes (right, up, away from the eye), as gl-mesh3d takes it: over the viewer's left shoulder.
LIGHT_FROM = {"x": -50_000, "y": 75_000, "z": -95_000}
LABEL_CHARS = 17
CREST_TUBE_MM = 3.4
DASH_MM = 9.0
CURVE_STEPS = 4


def region_figure(region: Region) -> dict[str, Any]:
    """Return the plotly figure of `region` that a reader meets first, as plain data: all but the layers on demand.

    Each trace has `meta` with `structure`, `layer` and `part` (shape or spread); each label is a scene annotation
    whose `name` is the structure's id. What is there for contrast begins hidden.
    Coordinates are mm in the anatomy frame.
    """
    return _plain(go.Figure(data=_layer_traces(region, set(LAYERS) - set(ON_DEMAND)), layout=_layout(region)))


def layer_figures(region: Region) -> dict[str, list[dict[str, Any]]]:
    """Return the traces of each layer that is fetched on demand, to be added to `region_figure`.

    A trace that differs by sex has `meta.sex` (the male one begins hidden). One that moves with fat has `meta.fat_mm`,
    the fat at which it is drawn, and `meta.per_fat`: x, y and z by which each vertex moves for each mm more.
    """
    found = {}
    for layer in ON_DEMAND:
        if traces := _layer_traces(region, {layer}):
            found[layer] = _plain(go.Figure(data=traces))["data"]
    return found


def _plain(figure: go.Figure) -> dict[str, Any]:
    return json.loads(figure.to_json(validate=True, remove_uids=True))


def _layer_traces(region: Region, layers: set[str]) -> list[Any]:
    found = [(s, trace) for s in region.structures if s.layer in layers for trace in _traces(region, s)]
    return [trace.update(visible=False) if s.contrast else trace for s, trace in found]


def _layout(region: Region) -> dict[str, Any]:
    def axis(name: str) -> dict[str, Any]:
        return {"visible": False, "showspikes": False, "range": list(BOX_MM[name])}

    aspect = {name: round((high - low) * SCENE_PER_MM, 4) for name, (low, high) in BOX_MM.items()}
    return {
        "template": go.layout.Template(),
        "paper_bgcolor": STAGE,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": False,
        "hoverlabel": {"bgcolor": STAGE, "bordercolor": "#82968f", "font": {"color": "#e9efec", "size": 14}},
        "scene": {
            "xaxis": axis("x"), "yaxis": axis("y"), "zaxis": axis("z"),
            "aspectmode": "manual", "aspectratio": aspect, "dragmode": "orbit", "bgcolor": STAGE,
            "camera": {**VIEWS["Behind"], "up": {"x": 0, "y": 0, "z": 1}, "center": CENTRE,
                       "projection": {"type": "orthographic"}},
            "annotations": _labels(region),
        },
    }  # fmt: skip


def _labels(region: Region) -> list[dict[str, Any]]:
    """Return one label a structure, at its place on the right; who draws them sets them in columns."""
    return [_label(s, waypoint_point(region, s, s.label_at)) for s in region.structures if s.label_at]


def _label(structure: Structure, place: Point) -> dict[str, Any]:
    x, y, z = (round(v, 1) for v in place)
    return {
        "name": structure.id, "text": "<br>".join(wrap(structure.short, LABEL_CHARS)), "x": x, "y": y, "z": z, "visible": False,
        "align": "left", "arrowcolor": "#b9c7c2", "arrowwidth": 1.2, "arrowhead": 0, "arrowsize": 0.3,
        "font": {"color": "#e9efec", "size": 13}, "bgcolor": STAGE, "opacity": 0.95, "borderpad": 3,
    }  # fmt: skip


def _traces(region: Region, structure: Structure) -> Iterable[Any]:
    if structure.by_sex:
        yield from (_by_sex(region, structure, sex) for sex in structure.by_sex)
    elif structure.meshes:
        yield _stored(region, structure)
    elif structure.band:
        yield _mesh(structure, _both_sides(_band(region, structure)), "shape", structure.name, 0.4)
    else:
        surface = joined(list(_parts(region, structure)))
        surface = surface if structure.points else _both_sides(surface)
        yield _mesh(structure, surface, "shape", structure.name, structure.opacity)
    if structure.site:
        yield from _spread(region, structure)


def _parts(region: Region, structure: Structure) -> Iterable[Surface]:
    """Yield what a structure is drawn of on the right; landmarks on both sides."""
    if structure.outline:
        yield _outline(region, structure)
    for name in structure.points:
        yield ball(region.landmarks[name], 3.2)
    for run in structure.runs():
        yield _path(region, structure, run)
    if structure.line:
        yield tube(spline(region.lines[structure.line], steps=2), structure.radius_mm)
    if structure.along_crest_mm:
        yield tube(crest_between(region, *structure.along_crest_mm), structure.radius_mm)
    for part in structure.lumps:
        centre = waypoint_point(region, structure, part.at)
        yield _laid(region, centre, lump(centre, lump_size(region, part), part.turn_deg))


def _laid(region: Region, centre_mm: Point, surface: Surface) -> Surface:
    """Return a lump bent so that it lies along the deep fascia instead of in one plane."""
    x0, _, z0 = centre_mm
    rest = region.fascia.at(x0, z0)
    return Surface([(x, y + region.fascia.at(x, z) - rest, z) for x, y, z in surface.points_mm], surface.triangles)


def _mesh(structure: Structure, surface: Surface, part: str, words: str, opacity: float) -> go.Mesh3d:
    x, y, z = zip(*([round(v, 1) for v in p] for p in surface.points_mm))
    i, j, k = zip(*surface.triangles)
    return go.Mesh3d(
        x=x, y=y, z=z, i=i, j=j, k=k, color=tinted(COLOURS[structure.layer], structure.tint), opacity=opacity,
        hovertemplate=f"{words}<extra></extra>", lighting=LIGHTING, lightposition=LIGHT_FROM,
        meta={"structure": structure.id, "layer": structure.layer, "part": part},
    )  # fmt: skip


def tinted(colour: str, tint: float) -> str:
    """Return a colour moved towards black (tint below 0) or white, so that neighbours of one layer can be told apart."""
    towards = 255 if tint > 0 else 0
    return "#" + "".join(f"{round(v + (towards - v) * abs(tint)):02x}" for v in bytes.fromhex(colour[1:]))


def _stored(region: Region, structure: Structure) -> go.Mesh3d:
    """Return stored meshes; where they carry a baked shade, it is their intensity: 0 deep in a hollow, 255 open."""
    meshes = [region.meshes[name] for name in structure.meshes]
    surface = joined([mesh.surface for mesh in meshes])
    shade = [value for mesh in meshes for value in mesh.shade]
    if structure.mirrored:
        surface, shade = _both_sides(surface), shade * 2
    trace = _mesh(structure, surface, "shape", structure.name, structure.opacity)
    if not shade:
        return trace
    full = COLOURS[structure.layer]
    return trace.update(
        color=None, intensity=shade, cmin=0, cmax=255, showscale=False,
        colorscale=[[0, tinted(full, -0.78)], [0.6, tinted(full, -0.19)], [1, full]],
    )  # fmt: skip


def _by_sex(region: Region, structure: Structure, sex: str) -> go.Mesh3d:
    """Return the shape of one sex, with how it moves with fat; the second sex begins hidden."""
    mesh = region.meshes[structure.by_sex[sex]]
    surface, moves = mesh.surface, mesh.per_fat
    if structure.mirrored:
        surface, moves = _both_sides(surface), moves + [(-x, y, z) for x, y, z in moves]
    trace = _mesh(structure, surface, "shape", structure.name, structure.opacity)
    per_fat = {axis: [move[k] for move in moves] for k, axis in enumerate("xyz")}
    trace.meta |= {"sex": sex, "fat_mm": mesh.fat_mm, "per_fat": per_fat}
    return trace.update(visible=sex == next(iter(structure.by_sex)))


def _outline(region: Region, structure: Structure) -> Surface:
    """Return a closed outline in dashes, as a skin marker draws it; it follows the fascia if all its corners do."""
    offs = [w.off_fascia_mm for w in structure.outline]
    corners = [waypoint_point(region, structure, w) for w in structure.outline]
    dashes = []
    for start, end in zip(corners, [*corners[1:], corners[0]]):
        run = minus(end, start)
        count = max(1, round(length(run) / DASH_MM))
        for k in range(count):
            ends = [plus(start, scaled(run, (k + part) / count)) for part in (0.2, 0.8)]
            if None not in offs:
                ends = [(x, region.fascia.at(x, z) - offs[0], z) for x, _, z in ends]
            dashes.append(tube(ends, structure.radius_mm, sides=5))
    return joined(dashes)


def _both_sides(surface: Surface) -> Surface:
    return joined([surface, mirrored_surface(surface)])


def _path(region: Region, structure: Structure, run: tuple[Waypoint, ...]) -> Surface:
    curve = spline([waypoint_point(region, structure, w) for w in run], steps=CURVE_STEPS)
    if structure.width_mm:
        return ribbon_tube(curve, structure.width_mm, structure.thickness_mm or 0.3 * structure.width_mm)
    return tube(curve, structure.radius_mm)


def ribbon_tube(curve_mm: list[Point], width_mm: float, thickness_mm: float) -> Surface:
    """Return a ligament: a tube pressed flat from back to front, `width_mm` across."""
    round_tube = tube(curve_mm, width_mm / 2, sides=10)
    points = []
    for n, (x, y, z) in enumerate(round_tube.points_mm):
        _, back, _ = curve_mm[n // 10]
        points.append((x, back + (y - back) * thickness_mm / width_mm, z))
    return Surface(points, round_tube.triangles)


def _band(region: Region, structure: Structure) -> Surface:
    """Return a strip that follows the fascia, three points across."""
    band = structure.band
    low, high = region.quantity(band.right_of_midline).extent()
    bottom, top = band_heights(region, structure)
    points: list[Point] = []
    for row in range(9):
        z = bottom + (top - bottom) * row / 8
        points += [(x, region.fascia.at(x, z) - band.off_fascia_mm, z) for x in (low, (low + high) / 2, high)]
    corners = [3 * row + column for row in range(8) for column in range(2)]
    return Surface(points, [t for a in corners for t in ((a, a + 1, a + 3), (a + 1, a + 4, a + 3))])


def _spread(region: Region, structure: Structure) -> Iterable[go.Mesh3d]:
    site = structure.site
    yield _crest_spread(region, structure) if site.on_crest else _plane_spread(region, structure)


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
