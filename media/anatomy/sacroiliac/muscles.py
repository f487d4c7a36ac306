"""Muscles of the region, modelled on a grid: no package holds them.

The paraspinal muscles fill what lies between the spine and a stated outline of their sheath; the others are bundles
of fibres from origin to insertion. Bone is cut out of them and each is cut out of those below it, so nothing overlaps.
All of it is illustrative. Only the right side is modelled.
"""

import fast_simplification
import numpy as np
import trimesh
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import binary_dilation, distance_transform_edt, gaussian_filter
from scipy.spatial import cKDTree
from skimage.measure import marching_cubes

STEP_MM = 2.0
LOW = np.array([-2.0, -70.0, -176.0])
HIGH = np.array([186.0, 150.0, 214.0])
CLEAR_MM = 1.2
TRIANGLES = {
    "multifidus": 620, "erector_spinae": 820, "quadratus_lumborum": 320, "gluteus_medius": 620, "gluteus_maximus": 820,
}  # fmt: skip

# The sheath of the paraspinal muscles: its hind surface (y) by distance from the midline (columns) and height (rows).
SHEATH_X = np.array([0, 10, 25, 45, 62, 76, 88])
SHEATH = {
    210: (24, 20, 14, 18, 32, 46, 62), 165: (26, 21, 14, 17, 31, 46, 62), 128: (29, 24, 16, 18, 30, 45, 60),
    99: (26, 21, 13, 15, 26, 41, 56), 66: (20, 16, 9, 11, 23, 38, 52), 45: (17, 12, 5, 6, 22, 38, 52),
    15: (10, 5, -1, 1, 20, 38, 52), 0: (2, -1, -5, -2, 18, 38, 52), -20: (-7, -9, -9, 0, 18, 38, 52),
    -40: (-12, -13, -12, 2, 20, 38, 52), -66: (-12, -12, -8, 6, 22, 40, 52),
}  # fmt: skip
# How far to the side the muscles reach, how far forwards, and where multifidus gives way to erector spinae.
SIDE = {
    210: 60,
    165: 68,
    128: 73,
    99: 75,
    70: 75,
    56: 71,
    45: 60,
    30: 51,
    15: 45,
    0: 41,
    -20: 37,
    -40: 29,
    -62: 14,
    -70: 4,
}
FRONT = {210: 50, 165: 50, 128: 54, 99: 55, 66: 52, 45: 46, 15: 40, -70: 40}
SPLIT = {210: 12, 165: 14, 128: 17, 99: 20, 66: 25, 45: 29, 20: 34, 5: 40, -10: 60, -70: 60}


def table(values):
    """Return a smooth function through a table of height and value."""
    heights = sorted(values)
    return PchipInterpolator(heights, [values[z] for z in heights], axis=0, extrapolate=True)


class Grid:
    """A box of cells over the right half, and which of them are taken."""

    def __init__(self):
        self.axes = [np.arange(low, high + STEP_MM / 2, STEP_MM) for low, high in zip(LOW, HIGH)]
        self.shape = tuple(len(axis) for axis in self.axes)
        self.x, self.y, self.z = np.meshgrid(*self.axes, indexing="ij", sparse=True)

    def filled(self, mesh):
        """Return which cells lie inside a closed surface, by rays from behind."""
        xs, zs = (axis.ravel() for axis in np.meshgrid(self.axes[0] + 0.013, self.axes[2] + 0.017, indexing="ij"))
        starts = np.stack([xs, np.full(len(xs), LOW[1] - 50), zs], 1)
        hits, rays, _ = mesh.ray.intersects_location(starts, np.tile([0.0, 1, 0], (len(xs), 1)))
        inside = np.zeros((len(xs), self.shape[1]), int)
        for ray, hit in zip(rays, hits[:, 1]):
            inside[ray] += self.axes[1] > hit
        return np.moveaxis((inside % 2 == 1).reshape(self.shape[0], self.shape[2], -1), 2, 1)

    def capsules(self, lines, radii):
        """Return which cells lie within a radius (mm) of lines, each of shape (n, 3)."""
        taken = np.zeros(self.shape, bool)
        for line, radius in zip(lines, radii):
            for point, r in zip(line, np.broadcast_to(radius, len(line))):
                at = [(axis >= p - r) & (axis <= p + r) for axis, p in zip(self.axes, point)]
                cells = [axis[keep] for axis, keep in zip(self.axes, at)]
                near = sum((c.reshape([-1 if k == n else 1 for k in range(3)]) - p) ** 2
                           for n, (c, p) in enumerate(zip(cells, point))) <= r * r  # fmt: skip
                taken[np.ix_(*at)] |= near
        return taken


def paraspinal(grid):
    """Return which cells multifidus and erector spinae may take."""
    z = grid.axes[2]
    rows = table(SHEATH)(z)
    back = np.stack(
        [PchipInterpolator(SHEATH_X, row, extrapolate=True)(np.clip(grid.axes[0], 0, 88)) for row in rows], 1
    )
    side, front, split = (table(values)(z)[None, None] for values in (SIDE, FRONT, SPLIT))
    # Rounded towards the side, where sheath and middle layer meet in the raphe.
    lateral = np.clip((grid.x - 0.55 * side) / np.maximum(0.45 * side, 1), 0, 1)
    depth = (front - back[:, None]) * (1 - lateral**2.2)
    inside = (grid.y > back[:, None] + 1.2) & (grid.y < back[:, None] + depth) & (grid.x > 1.6) & (grid.x < side)
    inside &= grid.z < 206
    border = split + 0.25 * (grid.y - 20)
    return inside & (grid.x < border - 0.5), inside & (grid.x > border + 0.5)


def fibre(points, count=40):
    """Return an even curve through three or more points."""
    points = np.asarray(points, float)
    t = np.linspace(0, 1, len(points))
    return PchipInterpolator(t, points, axis=0)(np.linspace(0, 1, count))


def gluteus_maximus():
    """Return the fibres of gluteus maximus: from the back of ilium, sacrum and coccyx to the outer thigh."""
    origins = [
        (52, 9, 24), (49, 4, 12), (46, -1, 0), (43, 2, -14), (42, 1, -28), (38, -1, -41), (33, -4, -54), (24, -5, -66),
        (15, -3, -77), (11, 3, -86), (8, 9, -95), (7, 15, -103),
    ]  # fmt: skip
    share = np.linspace(0, 1, 34)
    lines, radii = [], []
    for k, origin in zip(share, fibre(origins, len(share))):
        end = np.array([152 - 20 * k, 46 - 4 * k, -70 - 100 * k])
        near = np.array(origin) + [22, -7 - 13 * k, -12 - 4 * k]
        middle = np.array([92 - 12 * k, -14 - 8 * np.sin(np.pi * k), -36 - 88 * k])
        far = np.array([128 - 12 * k, 8 - 2 * k, -56 - 96 * k])
        lines.append(fibre([origin, near, middle, far, end], 60))
        radii.append(np.interp(np.linspace(0, 1, 60), [0, 0.15, 0.45, 0.8, 1], [3, 6.5, 14, 12, 6]))
    return lines, radii


def gluteus_medius(hip):
    """Return the fibres of gluteus medius: from the outer face of the ilium to where the trochanter would be."""
    points, faces = trimesh.sample.sample_surface_even(hip, 900, seed=2)
    normals = hip.face_normals[faces]
    outer = (normals @ [0.75, -0.6, 0.1] > 0.4) & (points[:, 2] > -24) & (points[:, 2] < 53) & (points[:, 0] > 54)
    outer &= (points[:, 1] > 13) & (points[:, 1] < 126)
    lines, radii = [], []
    for point, normal in zip(points[outer], normals[outer]):
        end = np.array([150, 52 + (point[1] - 70) * 0.12, -74 + (point[2] - 10) * 0.1])
        start = point + 3 * normal
        middle = (start + end) / 2 + normal * 9 + [4, -2, 4]
        lines.append(fibre([start, start * 0.72 + end * 0.28 + 7 * normal, middle, end], 50))
        radii.append(np.interp(np.linspace(0, 1, 50), [0, 0.15, 0.6, 1], [5, 8, 9, 6]))
    return lines, radii


def quadratus_lumborum(marks, crest):
    """Return the fibres of quadratus lumborum: from the crest to the transverse processes and the twelfth rib."""
    feet = [
        np.array([np.interp(x, crest[:30, 0], crest[:30, k]) for k in range(3)]) + [0, 6, 3]
        for x in np.linspace(60, 90, 7)
    ]
    heads = [marks[f"l{n}_transverse_right"] + [2, 3, -2] for n in (4, 3, 2, 1)]
    heads += [np.array([42, 57, 203]), np.array([50, 56, 205]), np.array([57, 55, 206])]
    lines, radii = [], []
    for foot in feet:
        for head in heads:
            bow = (foot + head) / 2 + [1.5, 2.0, 0]
            lines.append(fibre([foot, bow, head], 50))
            radii.append(4.6)
    return lines, radii


def surface_of(taken, clear, triangles):
    """Return a smooth closed surface around cells, kept off what is not `clear`."""
    field = gaussian_filter(taken.astype(float), 1.1)
    field = np.minimum(field, gaussian_filter(clear.astype(float), 0.5))
    field = np.pad(field, 1)
    points, faces, _, _ = marching_cubes(field, 0.5, spacing=(STEP_MM,) * 3)
    mesh = trimesh.Trimesh(points + LOW - STEP_MM, faces, process=True)
    if mesh.volume < 0:
        mesh.invert()
    mesh = max(mesh.split(only_watertight=True), key=lambda part: part.volume)
    trimesh.smoothing.filter_taubin(mesh, lamb=0.5, nu=0.53, iterations=14)
    points, faces = fast_simplification.simplify(mesh.vertices, mesh.faces, target_count=triangles)
    slim = trimesh.Trimesh(points, faces, process=True)
    if slim.volume < 0:
        slim.invert()
    return slim


def pushed_out(mesh, bones, clear_mm=0.6, rounds=4):
    """Move in place what decimation pushed into bone back to its surface, and a little off it."""
    skins = [trimesh.sample.sample_surface(bone, 30_000, seed=3) for bone in bones]
    trees = [cKDTree(points) for points, _ in skins]
    for _ in range(rounds):
        probes = np.vstack([mesh.vertices, mesh.triangles_center])
        owners = [[n] for n in range(len(mesh.vertices))] + mesh.faces.tolist()
        moved = False
        for bone, (points, faces), tree in zip(bones, skins, trees):
            within = np.nonzero(bone.contains(probes))[0]
            if not len(within):
                continue
            moved = True
            _, nearest = tree.query(probes[within])
            steps = points[nearest] + clear_mm * bone.face_normals[faces[nearest]] - probes[within]
            change = {}
            for probe, step in zip(within, steps):
                for owner in owners[probe]:
                    if np.linalg.norm(step) > np.linalg.norm(change.get(owner, np.zeros(3))):
                        change[owner] = step
            for owner, step in change.items():
                mesh.vertices[owner] += step
        if not moved:
            break
    mesh.vertices = np.round(mesh.vertices, 1) + 0.0
    return mesh


def make_muscles(bones, marks, crest):
    """Return the muscles of the right side and the grid with what bone and muscle take.

    Parameters
    ----------
    bones : dict of str to trimesh.Trimesh
    marks : dict of str to ndarray, shape (3,)
    crest : ndarray, shape (n, 3)
        The right iliac crest.

    Returns
    -------
    muscles : dict of str to trimesh.Trimesh
    grid : Grid
    taken : ndarray of bool
        Cells inside bone or muscle.
    """
    grid = Grid()
    bone = np.zeros(grid.shape, bool)
    near = [mesh for name, mesh in bones.items() if name != "hip_left"]
    for mesh in near:
        bone |= grid.filled(mesh)
    free = distance_transform_edt(~bone, sampling=STEP_MM) > CLEAR_MM
    multifidus, erector = paraspinal(grid)
    cells = {
        "multifidus": multifidus,
        "erector_spinae": erector,
        "quadratus_lumborum": grid.capsules(*quadratus_lumborum(marks, crest)),
        "gluteus_medius": grid.capsules(*gluteus_medius(bones["hip_right"])),
        "gluteus_maximus": grid.capsules(*gluteus_maximus()),
    }
    taken, muscles = bone.copy(), {}
    for name, wanted in cells.items():
        got = wanted & free & (grid.x > 0.5)
        muscles[name] = pushed_out(surface_of(got, free, TRIANGLES[name]), near)
        taken |= got
        free &= ~binary_dilation(got)
    return muscles, grid, taken
