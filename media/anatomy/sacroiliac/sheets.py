"""The deep fascia as a sheet over muscle and bone, with its openings; and how deep it lies at each place.

The sheet is stretched over what the muscle model holds; the openings stand where the ledger puts them.
"""

import numpy as np
import trimesh
from muscles import SHEATH, SHEATH_X, STEP_MM, table
from scipy.interpolate import PchipInterpolator, RegularGridInterpolator
from scipy.ndimage import distance_transform_edt, gaussian_filter, minimum_filter
from scipy.spatial import Delaunay

OFF_MM = 0.8
SPACING_MM = 8.5
# Outline of the right half of the posterior layer, seen from behind (x, z): down to 20 mm below the crest it goes
# over into the fascia of the buttock, and there the drawing ends.
OUTLINE = [
    (0, 204), (30, 204), (64, 204), (72, 165), (77, 128), (81, 99), (85, 76), (89, 60), (91, 44), (88, 33),
    (74, 26), (62, 13), (53, -4), (45, -22), (38, -40), (24, -56), (8, -66), (0, -68),
]  # fmt: skip
# Openings: along the crest from the PSIS and above it (clu-tubbs-psis, clu-lu-perf); right of the midline and below
# the PSIS (clu-mcn-36, clu-mcn-28); the last is illustrative: a gap over the upper end of the sacroiliac joint.
NERVE_OPENINGS = {"medial": (50.0, -5.8), "intermediate": (65.0, 2.2), "lateral": (73.0, 12.0)}
MIDDLE_OPENING = (36.0, -28.5)
FAT_OPENING = (46.5, 27.0)
RADII_MM = {"medial": (3, 2.6), "intermediate": (3, 2.6), "lateral": (3, 2.6), "middle": (2.6, 2.2), "fat": (4.5, 8.0)}


def first_met(meshes, xs, zs):
    """Return where a ray from behind first meets any mesh, y for each x and z; NaN where it meets none."""
    places = np.stack(np.meshgrid(xs, zs, indexing="ij"), -1).reshape(-1, 2)
    starts = np.stack([places[:, 0] + 0.011, np.full(len(places), -300.0), places[:, 1] + 0.013], 1)
    first = np.full(len(places), np.inf)
    for mesh in meshes:
        hits, rays, _ = mesh.ray.intersects_location(
            starts, np.tile([0.0, 1, 0], (len(starts), 1)), multiple_hits=False
        )
        np.minimum.at(first, rays, hits[:, 1])
    return np.where(np.isfinite(first), first, np.nan).reshape(len(xs), len(zs))


class Deep:
    """The hind surface of fascia over muscle and bone: y for each (x, z), right half, mm."""

    def __init__(self, grid, meshes):
        xs, _, zs = grid.axes
        self.hit = first = first_met(meshes, xs, zs)
        rows = table(SHEATH)(zs)
        sheath = np.stack([PchipInterpolator(SHEATH_X, row)(np.clip(xs, 0, 88)) for row in rows], 1)
        wanted = (zs[None] > 46) & (xs[:, None] < 90)
        first = np.where(wanted, np.fmin(first, sheath), first)
        gaps = np.isnan(first)
        near = distance_transform_edt(gaps, return_distances=False, return_indices=True)
        first = first[tuple(near)]
        whole = np.vstack([first[:1:-1], first])
        even = gaussian_filter(minimum_filter(whole, size=3), 1.6)
        even = gaussian_filter(np.minimum(even, whole) - OFF_MM, 0.8)
        even = even[len(first) - 2 :]
        self.xs, self.zs, self.even = xs, zs, even
        self.at = RegularGridInterpolator((xs, zs), even, bounds_error=False, fill_value=None)

    def met(self, x, z):
        """Return where a ray from behind meets muscle or bone; NaN where it meets none."""
        i, k = (np.rint((v - axis[0]) / STEP_MM).astype(int) for v, axis in ((np.abs(x), self.xs), (z, self.zs)))
        return self.hit[np.clip(i, 0, len(self.xs) - 1), np.clip(k, 0, len(self.zs) - 1)]

    def point(self, x, z):
        """Return the place of the surface behind (x, z), shape (3,)."""
        return np.array([x, float(self.at((abs(x), z))), z])


def on_crest(crest, psis, mm):
    """Return the point of the crest at a straight distance from the PSIS."""
    reach = np.linalg.norm(crest - psis, axis=1)
    return np.array([np.interp(mm, reach[:40], crest[:40, k]) for k in range(3)])


def openings(crest, psis):
    """Return for each opening its middle, seen from behind (x, z)."""
    found = {}
    for name, (mm, above) in NERVE_OPENINGS.items():
        x, _, z = on_crest(crest, psis, mm)
        found[name] = (x, z + above)
    return found | {"middle": MIDDLE_OPENING, "fat": FAT_OPENING}


def ring(centre, radii, count=14):
    """Return points of an ellipse in the plane seen from behind."""
    turn = 2 * np.pi * np.arange(count) / count
    return np.array(centre) + np.stack([radii[0] * np.cos(turn), radii[1] * np.sin(turn)], 1)


def inside(points, outline):
    """Return which points lie inside a polygon, by crossings."""
    found = np.zeros(len(points), bool)
    for (x1, z1), (x2, z2) in zip(outline, np.roll(outline, -1, axis=0)):
        if z1 != z2:
            crosses = ((z1 > points[:, 1]) != (z2 > points[:, 1])) & (
                points[:, 0] < (x2 - x1) * (points[:, 1] - z1) / (z2 - z1) + x1
            )
            found ^= crosses
    return found


def dense(outline, step):
    """Return a polygon with a corner about every `step` mm."""
    corners = []
    for start, end in zip(outline, np.roll(outline, -1, axis=0)):
        count = max(1, round(np.linalg.norm(end - start) / step))
        corners += [start + (end - start) * k / count for k in range(count)]
    return np.array(corners)


def flat_sheet(outline, holes, step):
    """Return a triangulation of a polygon with holes: points (n, 2) and triangles (m, 3)."""
    outline = dense(np.array(outline, float), step)
    low, high = outline.min(0), outline.max(0)
    rows = [
        np.stack([np.arange(low[0] + (n % 2) * step / 2, high[0], step), np.full(1, z).repeat(
            len(np.arange(low[0] + (n % 2) * step / 2, high[0], step)))], 1)
        for n, z in enumerate(np.arange(low[1], high[1], step * 0.87))
    ]  # fmt: skip
    points = np.vstack(rows)
    points = points[inside(points, outline)]
    rims = [ring(centre, radii) for centre, radii in holes]
    wide = [ring(centre, (radii[0] + 3.5, radii[1] + 3.5), 10) for centre, radii in holes]
    fixed = np.vstack([outline, *rims, *[w[inside(w, outline)] for w in wide]])
    far = np.linalg.norm(points[:, None] - fixed[None], axis=2).min(1) > 0.55 * step
    for rim in rims:
        far &= ~inside(points, rim)
    points = np.vstack([fixed, points[far]])
    triangles = Delaunay(points).simplices
    middle = points[triangles].mean(1)
    keep = inside(middle, outline)
    for rim in rims:
        keep &= ~inside(middle, rim)
    return points, triangles[keep]


def posterior_layer(deep, holes):
    """Return the posterior layer on the right, a sheet that faces back."""
    points, triangles = flat_sheet(OUTLINE, [(centre, RADII_MM[name]) for name, centre in holes.items()], SPACING_MM)
    points[np.abs(points[:, 0]) < 0.05, 0] = 0.0
    surface = np.stack([points[:, 0], deep.at(points), points[:, 1]], 1)
    mesh = trimesh.Trimesh(np.round(lifted(surface, triangles, deep), 1) + 0.0, triangles, process=False)
    backwards = mesh.face_normals[:, 1] > 0
    mesh.faces[backwards] = mesh.faces[backwards][:, ::-1]
    mesh.remove_unreferenced_vertices()
    return mesh


def lifted(points, triangles, deep, rounds=8):
    """Return the sheet's points moved back until no triangle dips into what it covers."""
    corners = np.array([(a, b, 5 - a - b) for a in range(6) for b in range(6 - a)]) / 5
    for _ in range(rounds):
        probes = np.einsum("kc,tcd->tkd", corners, points[triangles])
        under = deep.met(probes[..., 0], probes[..., 2])
        lack = np.nan_to_num(np.clip(probes[..., 1] - under + 0.5, 0, None)).max(axis=1)
        lift = np.zeros(len(points))
        np.maximum.at(lift, triangles.ravel(), np.repeat(lack, 3))
        points = points - lift[:, None] * [0, 1, 0]
    return points


def depth_table(deep, step=4.0):
    """Return the surface on a coarse grid: first x, first z, step, and y by rows of equal x."""
    xs, zs = np.arange(0, 121, step), np.arange(-120, 205, step)
    places = np.stack(np.meshgrid(xs, zs, indexing="ij"), -1)
    return {
        "right_mm": 0.0,
        "superior_mm": -120.0,
        "step_mm": step,
        "anterior_mm": np.round(deep.at(places), 1).tolist(),
    }
