"""Put bones from different people into one frame: right, anterior, superior, in millimetres.

The pelvis stands with both anterior superior iliac spines and the symphysis in one coronal plane.
The vertebrae are stacked on its sacral endplate with stated gaps and angles, because they come from someone else:
their position is a believable arrangement, not a measurement.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.spatial import cKDTree

MIRROR = np.array([-1.0, 1.0, 1.0])

# Brought to the size of the pelvis: endplate about 48 mm wide, as the sacral one.
VERTEBRA_SCALE = 1.16
# Middle height (mm) and wedge angle (degrees) of the disc under each vertebra, between planes fitted to the
# endplates; under L5 both are hollow, which adds about 3 mm between their rims.
DISCS = {"l5": (7.0, 10.0), "l4": (10.5, 11.0), "l3": (10.5, 9.0), "l2": (10.0, 8.0), "l1": (9.0, 6.0)}


def rigid_fit(moving, fixed):
    """Return the rotation and shift that best carry `moving` onto `fixed`, both (n, 3)."""
    from_mean, to_mean = moving.mean(0), fixed.mean(0)
    left, _, right = np.linalg.svd((moving - from_mean).T @ (fixed - to_mean))
    handedness = np.sign(np.linalg.det(right.T @ left.T))
    rotation = right.T @ np.diag([1, 1, handedness]) @ left.T
    return rotation, to_mean - rotation @ from_mean


def find_midplane(points, rounds=80, kept=0.85):
    """Return a point on, and the normal of, the plane that best mirrors a shape onto itself.

    The mirrored shape is fitted to the original by iterated closest points;
    the plane then halves the way from each point to its mirror image.
    """
    mirrored = points * MIRROR + [2 * points[:, 0].mean(), 0, 0]
    tree = cKDTree(points)
    for _ in range(rounds):
        distance, nearest = tree.query(mirrored)
        close = distance < np.quantile(distance, kept)
        rotation, shift = rigid_fit(mirrored[close], points[nearest[close]])
        mirrored = mirrored @ rotation.T + shift
    across = mirrored - points
    normal = (across * np.sign(across[:, :1])).sum(0)
    return (mirrored + points).mean(0) / 2, normal / np.linalg.norm(normal)


def to_ras(bones):
    """Turn bones in left, posterior, superior axes to right, anterior, superior, midplane at 0."""
    origin, normal = find_midplane(np.vstack([bone.vertices for bone in bones.values()]))
    right = -normal * np.sign(normal[0])
    anterior = np.array([0.0, -1.0, 0.0])
    anterior -= right * (anterior @ right)
    anterior /= np.linalg.norm(anterior)
    axes = np.stack([right, anterior, np.cross(right, anterior)])
    for bone in bones.values():
        bone.vertices = (bone.vertices - origin) @ axes.T


def tilt(angle):
    """Return the rotation by `angle` radians about the right axis, superior towards posterior."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])


def lean(hip, angle=0.0):
    """Return how far the anterior superior iliac spine lies in front of the symphysis, mm."""
    points = hip.vertices @ tilt(angle).T
    upper = points[:, 2] > points[:, 2].mean()
    near_midline = ~upper & (np.abs(points[:, 0]) < 10)
    return points[upper, 1].max() - points[near_midline, 1].max()


def stand_upright(bones):
    """Tilt the pelvis until spines and symphysis share a coronal plane; return the angle in degrees."""
    angle = brentq(lambda trial: lean(bones["hip_right"], trial), *np.radians([-20, 20]))
    for bone in bones.values():
        bone.vertices = bone.vertices @ tilt(angle).T
    return np.degrees(angle)


def endplate(mesh, side):
    """Measure the endplate of a vertebral body, or of the sacrum, by vertical rays.

    Parameters
    ----------
    mesh : trimesh.Trimesh
    side : {1, -1}
        1 for the upper, -1 for the lower endplate.

    Returns
    -------
    centre : ndarray, shape (3,)
    angle : float
        Slope in radians; positive when the anterior edge is the lower one.
    """
    front = mesh.vertices[np.abs(mesh.vertices[:, 0]) < 12, 1].max()
    beyond = mesh.bounds[1 if side > 0 else 0, 2] + 10.0 * side
    grid = np.stack(np.meshgrid(np.linspace(-12, 12, 13), front - np.linspace(5, 25, 11), [beyond]), -1)
    starts = grid.reshape(-1, 3)
    rays = np.tile([0.0, 0.0, -side], (len(starts), 1))
    hits, _, _ = mesh.ray.intersects_location(starts, rays, multiple_hits=False)
    slope, _ = np.polyfit(hits[:, 1], hits[:, 2], 1)
    return hits.mean(0) * [0, 1, 1], -np.arctan(slope)


def seat(vertebra, centre, angle, disc):
    """Set a vertebra on the endplate below it, `disc` giving the gap (mm) and wedge (degrees)."""
    gap_mm, wedge_deg = disc
    wedge = np.radians(wedge_deg)
    # Measured before it is turned: afterwards vertical rays could meet the front wall of the body.
    own_centre, own_angle = endplate(vertebra, -1)
    turn = tilt(own_angle - (angle - wedge))
    across_disc = angle - wedge / 2
    step = gap_mm * np.array([0, np.sin(across_disc), np.cos(across_disc)])
    vertebra.vertices = (vertebra.vertices - own_centre) @ turn.T + centre + step


def stack(sacrum, vertebrae):
    """Stack the vertebrae on the sacrum, in the order `vertebrae` holds them; return the slopes in degrees."""
    below, slopes = sacrum, {"sacrum": np.degrees(endplate(sacrum, 1)[1])}
    for name, vertebra in vertebrae.items():
        vertebra.apply_scale(VERTEBRA_SCALE)
        seat(vertebra, *endplate(below, 1), DISCS[name])
        slopes[name] = np.degrees(endplate(vertebra, 1)[1])
        below = vertebra
    return slopes
