"""Shapes that no package holds and that follow from the bones: discs, coccyx, the sacroiliac joint.

They are illustrative: a disc fills the gap between two endplates, the coccyx is four tapering pieces on a
stated curve, and the joint runs where sacrum and hip bone come nearest.
"""

import numpy as np
import trimesh
from frame import MIRROR, endplate, tilt
from scipy.spatial import cKDTree

SIDES = 24
BULGE_MM = 1.5
# The coccyx: length along its curve, forward turn from the sacrum's end to its tip, half width and half depth
# at the ends of its pieces and in the joints between them.
COCCYX_MM = 38.0
COCCYX_TURN_DEG = 48.0
COCCYX_RINGS = [
    (0.00, 11.0, 5.0), (0.10, 12.0, 5.0), (0.27, 9.0, 4.3), (0.33, 8.6, 4.0), (0.42, 8.6, 4.0), (0.52, 7.0, 3.5),
    (0.58, 6.6, 3.3), (0.66, 6.6, 3.3), (0.76, 5.2, 2.8), (0.81, 5.0, 2.7), (0.90, 4.6, 2.6), (1.00, 2.4, 1.5),
]  # fmt: skip


def loft(rings):
    """Return the closed surface through rings of equally many points, shape (rings, sides, 3), with flat ends."""
    count, sides, _ = rings.shape
    k, after = np.arange(sides), (np.arange(sides) + 1) % sides
    faces = []
    for ring in range(count - 1):
        a, b = ring * sides + k, ring * sides + after
        faces += [np.stack([a, b, a + sides], 1), np.stack([b, b + sides, a + sides], 1)]
    bottom, top = count * sides, count * sides + 1
    last = (count - 1) * sides
    faces += [
        np.stack([after, k, np.full(sides, bottom)], 1),
        np.stack([last + k, last + after, np.full(sides, top)], 1),
    ]
    ends = np.round([rings[0].mean(0), rings[-1].mean(0)], 1) + 0.0
    mesh = trimesh.Trimesh(np.vstack([rings.reshape(-1, 3), ends]), np.vstack(faces), process=False)
    if mesh.volume < 0:
        mesh.invert()
    return mesh


def turns(sides):
    """Return the angles of ring points, the first on the midline."""
    return 2 * np.pi * np.arange(sides) / sides


def even(rings):
    """Round rings to 0.1 mm and make their left halves the mirror images of the right ones."""
    sides = rings.shape[1]
    rings = np.round(rings, 1)
    left = np.arange(sides // 2 + 1, sides)
    rings[:, left] = rings[:, sides - left] * MIRROR
    rings[:, [0, sides // 2], 0] = 0.0
    return rings + 0.0


def body_reach(vertebra, centre, slope, inwards):
    """Return how far the body reaches from a point just inside its endplate, by direction, shape (SIDES,)."""
    across = tilt(-slope)
    angles = turns(SIDES)
    directions = np.stack([np.sin(angles), np.cos(angles), np.zeros(SIDES)], 1) @ across.T
    start = centre + across @ [0, 0, 4.0 * inwards]
    hits, rays, _ = vertebra.ray.intersects_location(np.tile(start, (SIDES, 1)), directions, multiple_hits=True)
    reach = np.full(SIDES, np.inf)
    np.minimum.at(reach, rays, np.linalg.norm(hits - start, axis=1))
    # Towards the pedicles a ray would run on: no body is wider than its front half shows.
    front = reach[np.cos(angles) >= -0.05].max()
    reach = np.minimum(np.minimum(reach, front), 17.0 + 8.0 * np.abs(np.sin(angles)) ** 2 + 4 * (np.cos(angles) > 0))
    return (reach + reach[-np.arange(SIDES) % SIDES]) / 2, directions


def disc(lower, upper):
    """Return the disc between two bones, from the upper endplate of one to the lower endplate of the other."""
    low_centre, low_slope = endplate(lower, 1)
    high_centre, high_slope = endplate(upper, -1)
    reach, high_directions = body_reach(upper, high_centre, high_slope, 1)
    low_directions = high_directions @ tilt(high_slope - low_slope).T
    low = low_centre + low_directions * (reach[:, None] - 1.0)
    high = high_centre + high_directions * (reach[:, None] - 1.0)
    middle = (low + high) / 2 + (low_directions + high_directions) / 2 * (BULGE_MM + 1.0)
    return loft(even(np.stack([low, (low + 2 * middle) / 3, middle, (high + 2 * middle) / 3, high])))


def coccyx(sacrum, apex):
    """Return the coccyx, set on the apex of the sacrum and curving forwards."""
    near = sacrum.vertices[(np.abs(sacrum.vertices[:, 0]) < 8) & (sacrum.vertices[:, 2] < apex[2] + 9)]
    start = np.array([0, near[:, 1].mean(), apex[2] - 1.0])
    rings, place, before = [], start, 0.0
    angles = turns(16)
    for share, half_width, half_depth in COCCYX_RINGS:
        lean = np.radians(8 + COCCYX_TURN_DEG * share)
        place = place + (share - before) * COCCYX_MM * np.array([0, np.sin(lean), -np.cos(lean)])
        before = share
        across = np.array([0, np.cos(lean), np.sin(lean)])
        rings.append(
            place + half_width * np.sin(angles)[:, None] * [1, 0, 0] + half_depth * np.cos(angles)[:, None] * across
        )
    return loft(even(np.array(rings)))


def joint_patch(hip, sacrum, gap_mm=3.0):
    """Return points of the right hip bone that lie within `gap_mm` of the sacrum, shape (n, 3)."""
    points, other = (trimesh.sample.sample_surface(bone, 60_000, seed=1)[0] for bone in (hip, sacrum))
    distance, _ = cKDTree(other).query(points)
    return points[distance < gap_mm]


def joint_line(patch, count=9):
    """Return the back edge of the joint from above downwards, shape (count, 3)."""
    levels = np.linspace(patch[:, 2].max() - 2, patch[:, 2].min() + 2, count)
    back = [patch[np.abs(patch[:, 2] - level) < 2.5] for level in levels]
    line = np.array([near[np.argsort(near[:, 1])[:6]].mean(0) for near in back])
    smooth = np.vstack([line[0], (line[:-2] + 2 * line[1:-1] + line[2:]) / 4, line[-1]])
    return smooth - [0, 1.5, 0]


def joint_corner(patch):
    """Return the three corners of the L that the joint makes: upper end, corner in front, lower end."""
    upper = patch[patch[:, 2] > patch[:, 2].max() - 3].mean(0)
    lower = patch[(patch[:, 2] < patch[:, 2].min() + 4)]
    lower = lower[np.argsort(lower[:, 1])[: max(6, len(lower) // 3)]].mean(0)
    front = patch[np.argsort(-patch[:, 1] + 0.4 * np.abs(patch[:, 2] + 12))[:40]].mean(0)
    return upper, front, lower
