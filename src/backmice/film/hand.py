"""An examining hand in a glove: a few pads on the skin, the other fingers folded; or laid flat, or holding a barrel.

Each pose is made once, for a flat skin, in the hand's own axes: x to the side of the right thumb, y away from the
skin, z the way the fingers point; the origin is the middle of the pads on the skin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyvista as pv

from backmice.film.mesh import polydata, smooth, unit
from backmice.film.person import Person, least_turn, person

FINGERS = (2, 3, 4, 5)
#: For each finger how far its three parts point down from the back of the hand and how far to the little finger's side,
#: degrees, thumb first; how steep the back of the hand stands on the skin; which fingers touch.
FOLD = (78, 160, 200)
#: How far the sleeve goes on beyond the elbow, and in how many rings.
SLEEVE_MM, SLEEVE_RINGS = 420.0, 6
POSES = {
    "pads1": ({1: ((30, -32), (42, -14), (40, 2)), 2: ((30, 44, 54), 2), 3: (FOLD, 1), 4: (FOLD, 0), 5: (FOLD, -2)}, 14, (2,)),
    "pads2": (
        {1: ((30, -38), (42, -20), (40, -4)), 2: ((28, 44, 50), 3), 3: ((28, 48, 52), 0), 4: ((66, 142, 186), 0),
         5: ((70, 150, 190), -3)}, 14, (2, 3),
    ),
    "pads3": (
        {1: ((26, -40), (36, -26), (34, -10)), 2: ((26, 42, 48), 4), 3: ((26, 46, 50), 0), 4: ((26, 44, 48), -4),
         5: ((46, 96, 122), -6)}, 14, (2, 3, 4),
    ),
    "fix": (
        {1: ((30, -44), (40, -30), (38, -12)), 2: ((26, 40, 46), -10), 3: ((26, 44, 48), 9), 4: ((66, 142, 186), 6),
         5: ((70, 150, 190), 2)}, 14, (2, 3),
    ),
    "flat": (
        {1: ((22, -42), (20, -34), (16, -26)), 2: ((14, 18, 20), 3), 3: ((14, 18, 20), 0), 4: ((14, 18, 20), -3),
         5: ((14, 18, 20), -7)}, -6, (2, 3, 4),
    ),
    "hold": (
        {1: ((44, -20), (62, 6), (66, 22)), 2: ((40, 96, 118), 3), 3: ((46, 104, 126), 0), 4: ((60, 132, 170), -2),
         5: ((66, 140, 180), -4)}, 20, (),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Hand:
    """A posed hand and forearm: points (n, 3) in its own axes, its surface, and where its pads touch (k, 3)."""

    mesh: pv.PolyData
    pads: np.ndarray
    glove: np.ndarray


@cache
def hand(pose: str, side: str = "right") -> Hand:
    """Return a hand in one of `POSES`; the left one is the mirror image of the right."""
    fingers, steep_deg, touching = POSES[pose]
    body = person("male")
    axes = _axes(body)
    lift = dict.fromkeys(FINGERS, 0.0)
    for _ in range(16):  # each touching finger is raised or lowered at its root until all pads stand on one plane
        stands = _posed(body, fingers, lift, axes) @ _stand(axes, steep_deg).T
        pads = {f: _pad(body, stands, f) for f in touching}
        if not pads:
            break
        level = np.mean([pad[1] for pad in pads.values()])
        for finger, pad in pads.items():
            lift[finger] += 0.4 * (pad[1] - level)
    touch = np.array([*pads.values()]) if pads else np.array([_grip(body, stands)])
    points = stands - touch.mean(0) * [1, 0, 1] - [0, touch[:, 1].min() if pads else touch[0, 1], 0]
    pads_at = (touch - touch.mean(0)) * [1, 0, 1]
    mesh, glove = _arm(body, points)
    if pads:  # smoothing has drawn the fingertips in
        mesh.points[:, 1] -= np.mean([_lowest(mesh, pad) for pad in pads_at])
    if side == "left":
        mesh = pv.PolyData(mesh.points * [-1, 1, 1], np.c_[np.full(mesh.n_cells, 3), mesh.regular_faces[:, ::-1]])
        pads_at = pads_at * [-1, 1, 1]
    return Hand(mesh, pads_at, glove)


def _axes(body: Person) -> np.ndarray:
    """Return rows to the thumb, dorsal, forward of the right hand at rest; right-handed."""
    knuckles = np.array([body.bones[f"finger{f}-1.R"].head for f in FINGERS])
    forward = knuckles.mean(0) - body.bones["wrist.R"].head
    forward /= np.linalg.norm(forward)
    side = knuckles[-1] - knuckles[0]
    side -= forward * (side @ forward)
    side /= np.linalg.norm(side)
    dorsal = np.cross(forward, side)
    if (body.bones["finger3-3.R"].tail - knuckles[1]) @ dorsal > 0:  # at rest the fingers bend towards the palm
        dorsal = -dorsal
    return np.array([np.cross(dorsal, forward), dorsal, forward])


def _stand(axes: np.ndarray, steep_deg: float) -> np.ndarray:
    """Return the rotation into the hand's own axes, its wrist raised by `steep_deg`."""
    c, s = np.cos(np.radians(steep_deg)), np.sin(np.radians(steep_deg))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]]) @ axes


def _posed(body: Person, fingers: dict[int, tuple], lift: dict[int, float], axes: np.ndarray) -> np.ndarray:
    turns = {}
    for finger, shape in fingers.items():
        parts = shape if finger == 1 else [(down, shape[1]) for down in shape[0]]
        carried = np.eye(3)
        for joint, (down, aside) in enumerate(parts, 1):
            name = f"finger{finger}-{joint}.R"
            down, aside = np.radians(down + lift.get(finger, 0.0)), np.radians(aside)
            wanted = np.array([-np.cos(down) * np.sin(aside), -np.sin(down), np.cos(down) * np.cos(aside)]) @ axes
            turns[name] = least_turn(unit(body.bones[name].tail - body.bones[name].head), carried.T @ wanted)
            carried = carried @ turns[name]
    return body.pose(turns)


def _tip(body: Person, finger: int) -> np.ndarray:
    points, weights = body.weights[f"finger{finger}-3.R"]
    return points[weights > 0.85]


def _pad(body: Person, points: np.ndarray, finger: int) -> np.ndarray:
    tip = points[_tip(body, finger)]
    low = tip[tip[:, 1] < tip[:, 1].min() + 2.0]
    return np.array([low[:, 0].mean(), tip[:, 1].min(), low[:, 2].mean()])


def _lowest(mesh: pv.PolyData, pad: np.ndarray) -> float:
    """Return how far off the skin the surface is at a pad, mm."""
    points = np.asarray(mesh.points)
    return float(points[np.linalg.norm(points[:, [0, 2]] - pad[[0, 2]], axis=1) < 10, 1].min())


def _grip(body: Person, points: np.ndarray) -> np.ndarray:
    """Return the middle between the tips of thumb, index and middle finger."""
    return np.mean([points[_tip(body, finger)].mean(0) for finger in (1, 2, 3)], axis=0)


def _arm(body: Person, points: np.ndarray) -> tuple[pv.PolyData, np.ndarray]:
    """Return the surface of forearm and hand, smoothed, and how much of each point is glove (0 to 1)."""
    mine = np.flatnonzero(body.share(body.below("lowerarm01.R")) > 0.5)
    faces = body.faces[np.isin(body.faces, mine).all(1)]
    glove = body.share(body.below("wrist.R"))
    wrist, elbow = (points[body.share(body.below(bone)) > 0.5].mean(0) for bone in ("wrist.R", "lowerarm01.R"))
    points, faces, glove = _longer(points, faces, glove, unit(elbow - wrist))
    mesh = smooth(polydata(points, faces, glove=glove), 2)
    return mesh, np.asarray(mesh["glove"])


def _longer(
    points: np.ndarray, faces: np.ndarray, glove: np.ndarray, way: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a forearm whose open end goes on as a sleeve, so that no picture shows where it was cut."""
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    there = {tuple(side) for side in sides}
    rim = np.array([side for side in there if side[::-1] not in there])
    far = (points[rim].mean(1) - points[np.unique(faces)].mean(0)) @ way
    rim = rim[far > 0.8 * far.max()]
    old = np.unique(rim)
    row = np.zeros(len(points), int)
    for _ in range(SLEEVE_RINGS):
        row[old] = len(points) + np.arange(len(old))
        points = np.concatenate([points, points[old] + way * SLEEVE_MM / SLEEVE_RINGS])
        glove = np.concatenate([glove, np.zeros(len(old))])
        a, b = rim.T
        faces = np.concatenate([faces, np.stack([b, a, row[a]], 1), np.stack([b, row[a], row[b]], 1)])
        rim, old = row[rim], row[old]
        row = np.zeros(len(points), int)
    return points, faces, glove
