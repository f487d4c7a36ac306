"""The back that is examined: skin that dents, and all that lies under it, from the project's own model. mm, RAS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyvista as pv
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator
from scipy.ndimage import gaussian_filter, grey_closing, map_coordinates, maximum_filter

from backmice.anatomy.body import Body, moved
from backmice.anatomy.distances import on_crest, waypoint_point
from backmice.anatomy.figure import layer_figures, region_figure
from backmice.anatomy.structure import Region
from backmice.film.lumps import Bump, lump_mesh
from backmice.film.mesh import eased, polydata, smooth, unit, welded
from backmice.film.person import person
from backmice.film.storyboard import Lump, Place, Storyboard

#: The body's perineum, as media/anatomy/sacroiliac/skin.py sets it; the trunk is kept between these heights.
CROTCH_MM, TRUNK_MM = -146.0, (-400.0, 400.0)
#: Within these heights the skin is the model's; beyond, over this stretch, that of the whole body goes on.
MODEL_MM, BLEND_MM = (-150.0, 180.0), 26.0
GRID_MM = 2.0
#: How far under the drawn skin anything stays, and fat, which would lie too near to it to be drawn apart.
UNDER_MM = (2.0, 3.2)
#: Where a cloth covers what need not be seen: below this height in the midline, and so much lower at the sides.
CLOTH_MM, CLOTH_SLOPE = -78.0, 0.1
SKIN_RGB, CLOTH_RGB = np.array([214, 160, 131.0]), np.array([112, 140, 146.0])


@dataclass(frozen=True)
class Part:
    """A structure as drawn: its surface, layer, colour (0 to 255 by point, or one), and whether it is a spread."""

    structure: str
    layer: str
    mesh: pv.PolyData
    rgb: np.ndarray
    spread: bool
    opacity: float


class Back:
    """Skin and structures of a storyboard's body, and where places lie on and in it."""

    def __init__(self, region: Region, board: Storyboard) -> None:
        self.region, self.board = region, board
        self.body = Body(sex=board.sex, fat_mm=board.fat_mm)
        self.parts = list(_parts(region, self.body))
        self.skin = _skin(next(p.mesh for p in self.parts if p.layer == "skin"), board.sex)
        self.parts = [p for p in self.parts if p.layer != "skin"]
        self.rest = np.array(self.skin.points)
        self.normals = np.array(self.skin.compute_normals(split_vertices=False, cell_normals=False)["Normals"])
        self._grid = _depths(self.rest, self.normals)
        self.cloth = cloth(self.rest)
        self.rgb = skin_colours(self.rest, self.normals)
        for part in self.parts:
            self._keep_under(part)
        self.lumps = {lump.id: self._lump(lump) for lump in board.lumps}

    def depth(self, right: np.ndarray | float, superior: np.ndarray | float) -> np.ndarray | float:
        """Return y of the skin of the back, mm."""
        x, z = np.broadcast_arrays(np.asarray(right, float), np.asarray(superior, float))
        cells = [(x.ravel() + 240) / GRID_MM, (z.ravel() + 200) / GRID_MM]
        return map_coordinates(self._grid, cells, order=1, mode="nearest").reshape(x.shape)

    def on_skin(self, xz: np.ndarray) -> np.ndarray:
        """Return the point (3,) of the skin behind a place (x, z)."""
        return np.array([xz[0], float(self.depth(xz[0], xz[1])), xz[1]])

    def normal(self, xz: np.ndarray, over_mm: float = 9.0) -> np.ndarray:
        """Return the direction (3,) straight out of the skin behind a place, evened out."""
        x, z = xz
        across = (self.depth(x + over_mm, z) - self.depth(x - over_mm, z)) / (2 * over_mm)
        up = (self.depth(x, z + over_mm) - self.depth(x, z - over_mm)) / (2 * over_mm)
        return unit(np.array([float(across), -1.0, float(up)]))

    def spot(self, place: Place) -> np.ndarray:
        """Return where a place lies in the body (3,), its own depth included; a bare place lies on the skin."""
        shift = np.array([place.shift_mm[0], 0, place.shift_mm[1]])
        if place.landmark:
            return np.array(self.region.landmarks[place.landmark]) + shift
        if place.lump:
            return self.lumps[place.lump].centre + shift
        if place.crest_mm:
            x, y, z = on_crest(self.region, "midline", place.crest_mm)
            return np.array([-x if place.side == "left" else x, y, z]) + shift
        return self.on_skin(np.array([place.right_mm, place.superior_mm]) + shift[[0, 2]])

    def over(self, place: Place) -> np.ndarray:
        """Return (x, z) of a place."""
        return self.spot(place)[[0, 2]]

    def structure_spot(self, id_: str, side: str) -> np.ndarray:
        """Return where the label of a structure points (3,)."""
        structure = next(s for s in self.region.structures if s.id == id_)
        flip = np.array([-1 if side == "left" else 1, 1, 1])
        if structure.label_at:
            point = np.array(waypoint_point(self.region, structure, structure.label_at))
            return np.array([abs(point[0]), *point[1:]]) * flip
        if structure.layer == "skin":
            return self.on_skin(np.array([95.0 * flip[0], 120.0]))
        points = np.vstack([p.mesh.points for p in self.parts if p.structure == id_ and not p.spread])
        points = points[points[:, 0] * flip[0] > 8]
        points = points[(points[:, 2] > -120) & (points[:, 2] < 170)] if len(points) else points
        back = points[points[:, 1] < np.quantile(points[:, 1], 0.25)]
        return back[np.argmin(np.linalg.norm(back - np.median(back, axis=0), axis=1))]

    def _keep_under(self, part: Part) -> None:
        """Move what would come through the drawn skin, which is smoother than the model's, back under it."""
        x, y, z = np.asarray(part.mesh.points).T
        least = self.depth(x, z) + UNDER_MM[part.layer == "fat"]
        behind = (y < least) & (z > MODEL_MM[0]) & (z < MODEL_MM[1] + 26) & (np.abs(x) < 150)
        part.mesh.points[:, 1] = np.where(behind, least, y)

    def _lump(self, lump: Lump) -> Bump:
        x, z = self.over(lump.at)
        skin, fascia = float(self.depth(x, z)), self.region.fascia.at(x, z)
        sunk = {
            "trigger-point": fascia + 9 - skin,
            "lipoma": 3.5 + lump.size_mm[1] / 2,
            "cyst": 1.8 + lump.size_mm[1] / 2,
        }
        deep = lump.depth_mm or sunk.get(
            lump.kind, max(fascia - skin - lump.size_mm[1] / 2 + 1.5, lump.size_mm[1] / 2 + 3)
        )
        normal = self.normal(np.array([x, z]))
        centre = np.array([x, skin, z]) - normal * deep
        return Bump(lump, centre, normal, lump_mesh(lump))


def _parts(region: Region, body: Body) -> Iterable[Part]:
    drawn = region_figure(region)["data"]
    drawn += [trace for traces in layer_figures(region).values() for trace in traces]
    for trace in drawn:
        meta = trace["meta"]
        if meta.get("sex", body.sex) != body.sex or meta["structure"] in ("nodules", "basic-fat-pads"):
            continue
        points = np.stack([np.asarray(_numbers(trace[axis]), float) for axis in "xyz"], 1)
        if "per_fat" in meta:
            per_fat = np.stack([np.asarray(meta["per_fat"][axis], float) for axis in "xyz"], 1)
            points = np.array(moved(points.tolist(), per_fat.tolist(), meta["fat_mm"], body))
        faces = np.stack([np.asarray(_numbers(trace[corner]), int) for corner in "ijk"], 1)
        values = {"shade": np.asarray(_numbers(trace["intensity"]), float)} if "intensity" in trace else {}
        mesh = welded(points, faces, **values)
        if meta["layer"] not in ("region", "skin"):
            # Loop's rule draws the ends of tubes in, so that nerves would not meet the rami that they come from.
            tube = meta["layer"] == "nerve" and meta["part"] != "spread"
            mesh = mesh.subdivide(1, "butterfly") if tube else smooth(mesh) if mesh.n_cells < 12000 else mesh
        rgb = _colours(trace, meta["layer"], mesh)
        yield Part(meta["structure"], meta["layer"], mesh, rgb, meta["part"] == "spread", trace.get("opacity", 1.0))


def _numbers(value: object) -> object:
    """Return a trace's column, which plotly may have packed."""
    if isinstance(value, dict):
        import base64

        return np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(value["dtype"]))
    return value


def _colours(trace: dict, layer: str, mesh: pv.PolyData) -> np.ndarray:
    base = trace.get("color") or (trace["colorscale"][-1][1] if "colorscale" in trace else "#cccccc")
    full = np.array([*bytes.fromhex(base[1:7])], float)
    if "shade" in mesh.point_data:  # closed-in places are darker, as in the figure
        share = np.asarray(mesh["shade"])[:, None] / 255
        return full * np.clip(0.42 + 0.62 * share, 0, 1)
    if layer == "muscle":  # fibres, as faint streaks that run mostly upwards
        points = np.asarray(mesh.points)
        streak = np.sin(points[:, 0] * 1.9 + np.abs(points[:, 2]) * 0.35 + 2 * np.sin(points[:, 2] / 23))
        return full * (1 + 0.07 * streak[:, None])
    if layer == "fat":  # lobules
        field = gaussian_filter(np.random.default_rng(3).normal(size=(64, 64, 64)), 1.1)
        lobes = map_coordinates(field / field.std(), (np.asarray(mesh.points) / 3.1 % 63).T, order=1)
        return (full * 0.6 + np.array([244, 214, 146]) * 0.4) * (1 + 0.05 * lobes[:, None])
    return full


def _skin(model: pv.PolyData, sex: str) -> pv.PolyData:
    """Return the trunk's skin: the model's where it has one, the whole body's beyond."""
    whole = person(sex)
    arms = whole.share(whole.below("upperarm01.R") + whole.below("upperarm01.L")) > 0.5
    points = whole.points.copy()
    body = points[np.unique(whole.faces)]  # the data hold helpers, too
    trunk = body[(np.abs(body[:, 0]) < 4) & (body[:, 1] > -200) & (body[:, 2] > -300)]
    points[:, 2] += CROTCH_MM - trunk[:, 2].min()
    keep = ~arms & (points[:, 2] > TRUNK_MM[0]) & (points[:, 2] < TRUNK_MM[1])
    mesh = polydata(points, whole.faces[keep[whole.faces].all(1)])
    mesh.points[:, 1] += _middle(model) - _middle(mesh)
    _, nearest = smooth(model, 2).find_closest_cell(mesh.points, return_closest_point=True)
    z = mesh.points[:, 2]
    share = eased((z - MODEL_MM[0]) / BLEND_MM) * eased((MODEL_MM[1] - z) / BLEND_MM)
    mesh.points = mesh.points + share[:, None] * (nearest - mesh.points)
    _fill_cleft(mesh, model)
    return smooth(mesh, 2)


def _middle(mesh: pv.PolyData) -> float:
    """Return y halfway between back and belly, mm."""
    x, y, z = np.asarray(mesh.points).T
    waist = y[(np.abs(x) < 60) & (z > 20) & (z < 110)]
    return (waist.min() + waist.max()) / 2


def _fill_cleft(mesh: pv.PolyData, model: pv.PolyData) -> None:
    """Lay the points about the cleft on a shallow furrow: its walls would fold, and a cloth covers most of it."""
    normals = np.array(model.compute_normals(split_vertices=False, cell_normals=False)["Normals"])
    furrow = -grey_closing(-_depths(np.asarray(model.points), normals), (25, 1))
    furrow = gaussian_filter(furrow, (3.0, 2.0))
    x, y, z = np.asarray(mesh.points).T
    level = map_coordinates(furrow, [(x + 240) / GRID_MM, (z + 200) / GRID_MM], order=1, mode="nearest")
    share = eased((26 - np.abs(x)) / 12) * eased((36 - z) / 24) * eased((z + 170) / 20) * (y < level + 60)
    mesh.points[:, 1] = y + share * (level - y)


def _depths(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return y of the back's skin on a grid of x from -240 and z from -200, every `GRID_MM`."""
    behind = points[(normals[:, 1] < -0.02) & (np.abs(points[:, 2]) < 260)]
    x, z = np.mgrid[-240:240.1:GRID_MM, -200:220.1:GRID_MM]
    grid = LinearNDInterpolator(behind[:, [0, 2]], behind[:, 1])(x, z)
    edge = NearestNDInterpolator(behind[:, [0, 2]], behind[:, 1])(x, z)
    return gaussian_filter(np.where(np.isnan(grid), edge, grid), 1.0)


def skin_colours(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return the colour of each point of the skin (n, 3): mottled, redder in folds."""
    rng = np.random.default_rng(5)
    rgb = np.repeat(SKIN_RGB[None], len(points), 0)
    for size, strength in ((70, (3, 4, 4)), (18, (3, 4.5, 4.5)), (6, (2.5, 3.5, 3.5))):
        field = gaussian_filter(rng.normal(size=(96, 96, 96)), 1.4, mode="wrap")  # without a seam where it begins anew
        cells = points / size * 3.2
        rgb += (map_coordinates(field / field.std(), cells.T, order=1, mode="grid-wrap")[:, None]) * np.array(strength)
    mid = np.exp(-((points[:, 0] / 26) ** 2))[:, None] * (points[:, 1] < 60)[:, None]
    rgb += mid * np.array([-5, -9, -8])  # the furrow of the spine
    rgb += np.clip(np.abs(points[:, [0]]) - 60, 0, 90) / 90 * np.array([-4, -7, -7])
    return rgb


def cloth(skin: np.ndarray) -> pv.PolyData:
    """Return a cloth about the hips, a little off the skin and spanning its hollows, from its hem downwards."""
    turns, heights = np.radians(np.arange(0, 360, 2.0)), np.arange(-330.0, -50.0, 5.0)
    axis = np.array([0.0, 75.0])
    off = skin[:, :2] - axis
    row = np.round((skin[:, 2] - heights[0]) / 5).astype(int)
    column = np.round(np.degrees(np.arctan2(off[:, 1], off[:, 0])) / 2).astype(int) % len(turns)
    inside = (row >= 0) & (row < len(heights))
    far = np.zeros((len(heights), len(turns)))
    np.maximum.at(far, (row[inside], column[inside]), np.linalg.norm(off[inside], axis=1))
    far = grey_closing(maximum_filter(far, (3, 3), mode=("nearest", "wrap")), (1, 23), mode="wrap")
    far = gaussian_filter(far, (1.6, 2.0), mode=("nearest", "wrap")) + 4.0
    drop = np.linspace(0, 1, 60)[:, None]
    x = axis[0] + 190 * np.cos(turns)
    hem = CLOTH_MM - CLOTH_SLOPE * np.abs(x) + 2.5 * np.sin(3 * turns)
    z = hem + drop * (-328 - hem)
    cells = [(z - heights[0]) / 5, np.broadcast_to(np.arange(len(turns)), z.shape)]
    radius = map_coordinates(far, cells, order=1, mode="nearest") + 1.2 * np.sin(turns * 31 + z / 37) * drop**0.5
    radius[0] -= 4.0  # the hem lies on the skin
    points = np.stack([axis[0] + radius * np.cos(turns), axis[1] + radius * np.sin(turns), z], -1)
    points = np.concatenate([points, points[:, :1]], axis=1)
    grid = pv.StructuredGrid(points[..., 0], points[..., 1], points[..., 2])
    return grid.extract_surface(algorithm="dataset_surface").triangulate()
