"""Find named points and the iliac crest on the finished bones.

Points are found by what defines them (highest, hindmost, outermost), and each says how in words.
Sacral levels have no mark on this smooth sacrum: they are set by proportion or by a published length, and say so.
"""

import csv

import numpy as np
import trimesh
from frame import MIRROR
from scipy.optimize import brentq

# Levels of S1, S2 and S3 as shares of the way from sacral endplate to apex: the middles of segments
# that shrink downwards, but S1 a little lower, because at its middle the posterior wall is still open.
SACRAL_LEVELS = {"s1": 0.20, "s2": 0.40, "s3": 0.62}
# Lengths the ledger gives, mm: anatb-lpsl, anatb-ill-length, anatb-sij-depth (upper and lower limb, axis from PSIS).
LONG_LIGAMENT_MM = 37.9
ILIOLUMBAR_MM = 31.7
JOINT_LIMBS_MM = (44.0, 56.0)
JOINT_AXIS_MM = 55.0
CREST_STEP_MM = 4.0


def furthest(points, direction):
    """Return the point that lies furthest along a direction."""
    return points[np.argmax(points @ np.asarray(direction, float))]


def find_psis(hip):
    """Return the hindmost vertex of the upper half of a hip bone."""
    upper = hip.vertices[hip.vertices[:, 2] > hip.vertices[:, 2].mean()]
    return furthest(upper, [0, -1, 0])


def hip_points(hip):
    """Return the landmarks of the right hip bone: id, name, position, how."""
    upper = hip.vertices[hip.vertices[:, 2] > hip.vertices[:, 2].mean()]
    return [
        ("psis", "posterior superior iliac spine", find_psis(hip), "hindmost vertex of the ilium"),
        ("crest_top", "highest point of the iliac crest", furthest(upper, [0, 0, 1]), "highest vertex"),
        ("asis", "anterior superior iliac spine", furthest(upper, [0, 1, 0]), "foremost vertex of the ilium"),
    ]


def find_symphysis(hip):
    """Return the foremost point of the pubis near the midline, carried to the midline."""
    near = hip.vertices[(np.abs(hip.vertices[:, 0]) < 10) & (hip.vertices[:, 2] < hip.vertices[:, 2].mean())]
    return furthest(near, [0, 1, 0]) * [0, 1, 1]


def midline(mesh):
    """Return the vertices that lie exactly on the midline."""
    return mesh.vertices[mesh.vertices[:, 0] == 0]


def sacral_section(sacrum, share, top, apex):
    """Cut the sacrum square to the line from endplate to apex.

    Returns
    -------
    points : ndarray, shape (n, 3)
        Corners of the cut.
    back : ndarray, shape (3,)
        Posterior direction within the cut.
    """
    axis = (apex - top) / np.linalg.norm(apex - top)
    segments = trimesh.intersections.mesh_plane(sacrum, axis, top + share * (apex - top))
    return segments.reshape(-1, 3), np.array([0, axis[2], -axis[1]])


def sacral_points(sacrum, top):
    """Return the landmarks on the midline of the sacrum."""
    apex = furthest(midline(sacrum), [0, 0, -1])
    found = [("sacral_apex", "apex of the sacrum", apex, "lowest vertex on the midline")]
    for level, share in SACRAL_LEVELS.items():
        cut, back = sacral_section(sacrum, share, top, apex)
        how = f"posterior midline of the cut at {share:.0%} of the way from endplate to apex: proportion, not a mark"
        found.append((level, f"{level.upper()}, posterior midline", furthest(cut[np.abs(cut[:, 0]) < 0.5], back), how))
    return found


def third_tubercle(sacrum, top, psis):
    """Return the point of the sacrum's edge that lies as far from the PSIS as the long ligament is long."""
    apex = furthest(midline(sacrum), [0, 0, -1])

    def edge(share):
        cut, back = sacral_section(sacrum, share, top, apex)
        return furthest(cut, back + [1, 0, 0])

    share = brentq(lambda trial: np.linalg.norm(edge(trial) - psis) - LONG_LIGAMENT_MM, 0.5, 0.9, xtol=1e-4)
    how = f"edge of the sacrum {LONG_LIGAMENT_MM} mm from the PSIS, the published length of the long ligament"
    return "s3_transverse_tubercle", "third transverse tubercle", edge(share), how


def sciatic_notch(hip):
    """Return the middle of the roof of the greater sciatic notch, seen from the side."""
    roof = []
    for depth in (35.0, 36.0, 37.0):
        cut = trimesh.intersections.mesh_plane(hip, [0, 1, 0], [0, depth, 0]).reshape(-1, 3)
        above = cut[cut[:, 2] > -50]
        roof.append(furthest(above, [0, 0, -1]))
    how = "lower edge of the ilium halfway along the roof of the notch, seen from the side"
    return "sciatic_notch", "greater sciatic notch", furthest(np.array(roof), [0, 0, 1]), how


def iliolumbar_end(hip, crest, tip):
    """Return the point of the ilium, in front of its crest, as far from L5 as the ligament is long."""
    points, _ = trimesh.sample.sample_surface(hip, 200_000, seed=1)
    reach = np.linalg.norm(points - tip, axis=1)
    near = points[np.abs(reach - ILIOLUMBAR_MM) < 0.15]
    to_crest = np.linalg.norm(near[:, None] - crest[None], axis=2).min(axis=1)
    how = f"point of the ilium nearest to the crest that lies {ILIOLUMBAR_MM} mm from the transverse process of L5"
    return "iliolumbar_end", "iliac end of the iliolumbar ligament", near[np.argmin(to_crest)], how


def joint_points(corners, psis):
    """Return upper end, corner and lower end of the joint's L, its limbs as long as published."""
    upper, front, lower = corners
    up, down = (end - front for end in (upper, lower))
    up, down = up / np.linalg.norm(up), down / np.linalg.norm(down)
    outwards = np.array([0, 1.0, 0]) - up * up[1]
    # Pushed forwards until the upper limb's axis lies as far from the PSIS as published.
    shift = brentq(lambda by: np.linalg.norm(np.cross(psis - front - by * outwards, up)) - JOINT_AXIS_MM, -9, 9)
    corner = front + shift * outwards
    how = "direction read off where sacrum and ilium meet; length as published"
    return [
        ("joint_upper", "upper end of the sacroiliac joint", corner + JOINT_LIMBS_MM[0] * up, how),
        ("joint_corner", "corner of the sacroiliac joint", corner, "foremost part of where sacrum and ilium meet"),
        ("joint_lower", "lower end of the sacroiliac joint", corner + JOINT_LIMBS_MM[1] * down, how),
    ]


def vertebra_points(level, mesh):
    """Return the spinous process, and the right transverse process, of a vertebra."""
    name = level.upper()
    spinous = furthest(midline(mesh), [0, -1, 0])
    transverse = furthest(mesh.vertices, [1, 0, 0])
    return (
        (f"{level}_spinous", f"spinous process of {name}", spinous, "hindmost vertex on the midline"),
        (f"{level}_transverse", f"tip of the transverse process of {name}", transverse, "outermost vertex"),
    )


def both_sides(landmark):
    """Return a right-sided landmark and its mirror image."""
    identity, name, point, how = landmark
    return [
        (f"{identity}_right", f"right {name}", point, how),
        (f"{identity}_left", f"left {name}", point * MIRROR, f"mirror image of {identity}_right"),
    ]


def find_landmarks(bones, sacral_top, corners):
    """Return all landmarks as (id, name, point, how), points in mm, right, anterior, superior.

    Parameters
    ----------
    corners : tuple of ndarray
        Upper end, corner and lower end of the joint as `joints.joint_corner` reads them off.
    """
    found = []
    hip, psis = bones["hip_right"], find_psis(bones["hip_right"])
    for landmark in (*hip_points(hip), sciatic_notch(hip), ischial_tuberosity(hip), *joint_points(corners, psis)):
        found += both_sides(landmark)
    how = "foremost point of the pubis within 10 mm of the midline, carried to the midline"
    found.append(("pubic_symphysis", "pubic symphysis", find_symphysis(hip), how))
    found += sacral_points(bones["sacrum"], sacral_top) + both_sides(third_tubercle(bones["sacrum"], sacral_top, psis))
    found.append(("coccyx_tip", "tip of the coccyx", furthest(midline(bones["coccyx"]), [0, 0, -1]), "lowest vertex"))
    for level in ("l5", "l4", "l3", "l2", "l1"):
        spinous, transverse = vertebra_points(level, bones[level])
        found += [spinous, *both_sides(transverse)]
        if level == "l5":
            crest = trace_crest(hip, (psis, hip_points(hip)[2][2]))
            found += both_sides(iliolumbar_end(hip, crest, transverse[2]))
    return found


def ischial_tuberosity(hip):
    """Return the lowest and hindmost point of the ischium."""
    point = furthest(hip.vertices, [0, -0.5, -1])
    return "ischial_tuberosity", "ischial tuberosity", point, "vertex furthest down and back"


def outline(hip, hub, turns):
    """Return where half-planes through a left-right axis cut the hip bone furthest from that axis.

    Parameters
    ----------
    hub : ndarray, shape (3,)
        A point the axis runs through, inside the blade of the ilium seen from the side.
    turns : ndarray
        Angles of the half-planes, radians, 0 pointing backwards and a quarter turn upwards.
    """
    points = []
    for turn in turns:
        outwards = np.array([0, -np.cos(turn), np.sin(turn)])
        cut = trimesh.intersections.mesh_plane(hip, np.cross([1, 0, 0], outwards), hub).reshape(-1, 3)
        points.append(furthest(cut, outwards))
    return np.array(points)


def resample(line, step):
    """Return points along a polyline at even spacing as near to `step` as fits."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    stops = np.linspace(0, along[-1], round(along[-1] / step) + 1)
    return np.stack([np.interp(stops, along, line[:, axis]) for axis in range(3)], axis=1)


def trace_crest(hip, spines):
    """Return the crest from PSIS over the top to ASIS, on the surface, shape (n, 3).

    Parameters
    ----------
    hip : trimesh.Trimesh
        The right hip bone.
    spines : pair of ndarray
        PSIS and ASIS, the ends of the line.
    """
    psis, asis = spines
    hub = (psis + asis) / 2
    first = np.arctan2(psis[2] - hub[2], hub[1] - psis[1])
    last = np.pi + first
    ridge = outline(hip, hub, np.linspace(first, last, 181)[1:-1])
    line = np.vstack([psis, ridge, asis])
    # The crest is flat on top, so its highest line hops between the lips: even it out.
    kernel = np.ones(15) / 15
    padded = np.vstack([np.tile(psis, (7, 1)), line, np.tile(asis, (7, 1))])
    even = np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in range(3)], axis=1)
    stops = resample(np.vstack([psis, even[1:-1], asis]), CREST_STEP_MM)
    on_surface, _, _ = trimesh.proximity.closest_point(hip, stops)
    return np.vstack([psis, on_surface[1:-1], asis])


def write_table(path, header, rows):
    """Write a CSV file with Unix line ends."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
