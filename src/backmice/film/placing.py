"""Where hands and things stand: matrices (4, 4) from places on the skin, paths, and coming and going."""

from __future__ import annotations

import numpy as np

from backmice.film.back import Back
from backmice.film.hand import hand
from backmice.film.mesh import eased, unit

COMES_S, GOES_S = 0.8, 0.5
#: Which way the fingers of each hand point over the back, (right, up): the examiner stands behind.
POINTING = {"right": (-0.42, 0.9), "left": (0.42, 0.9)}


def presence(t: float, start: float, end: float) -> float:
    """Return 0 to 1: how far something has come, while it comes, stays and goes."""
    return float(eased((t - start) / COMES_S) * eased((end - t) / GOES_S))


def along(path: np.ndarray, done: float) -> np.ndarray:
    """Return the point of a path (n, 2) after a share of its length, slow at both ends."""
    if len(path) == 1:
        return path[0]
    lengths = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
    at = float(np.clip(done, 0, 1)) * lengths[-1]
    return np.array([np.interp(at, lengths, path[:, k]) for k in (0, 1)])


def round_trip(done: float) -> float:
    """Return there and back again: 0, 1, 0."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.clip(done, 0, 1))


#: The same when the forearm comes from the side, so that what lies below stays in sight.
FROM_SIDE = {"right": (-0.97, -0.2), "left": (0.97, -0.2)}


def hand_matrix(
    back: Back, pose: str, side: str, xz: np.ndarray, off_mm: float, from_side: bool | tuple[float, float] = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return where a hand stands whose pads are `off_mm` off the skin, and its pads (k, 3) there.

    Its fingers point as the examiner's do, or from the side, or the way (right, up) that `from_side` gives.
    """
    normal = back.normal(xz, 14.0)
    across, up = from_side if isinstance(from_side, tuple) else (FROM_SIDE if from_side else POINTING)[side]
    pointing = np.array([across, 0, up])
    matrix = np.eye(4)
    matrix[:3, 1] = normal
    matrix[:3, 2] = unit(pointing - normal * (pointing @ normal))
    matrix[:3, 0] = np.cross(matrix[:3, 1], matrix[:3, 2])
    matrix[:3, 3] = back.on_skin(xz) + normal * off_mm
    pads = hand(pose, side).pads @ matrix[:3, :3].T + matrix[:3, 3]
    return matrix, pads


def at_place(tip: np.ndarray, axis: np.ndarray, across: np.ndarray | None = None) -> np.ndarray:
    """Return where a thing stands whose tip is at a point and which lies along `axis` from there."""
    across = np.array([1.0, 0, 0]) if across is None else across
    matrix = np.eye(4)
    matrix[:3, 2] = unit(axis)
    matrix[:3, 0] = unit(across - axis * (across @ axis))
    matrix[:3, 1] = np.cross(matrix[:3, 2], matrix[:3, 0])
    matrix[:3, 3] = tip
    return matrix


#: In a holding hand's own axes, from the tip of what it holds to its tail: over the web between thumb and finger.
HELD = unit(np.array([0.28, 0.62, -0.73]))


def grip_matrix(at: np.ndarray, axis: np.ndarray, side: str, facing: np.ndarray | None = None) -> np.ndarray:
    """Return where a holding hand stands so that a rod along `axis` (away from the skin) runs through its grip."""
    held = HELD * [1 if side == "right" else -1, 1, 1]
    # What turn is left about the rod brings the back of the hand outwards, and a little to the examiner's side.
    wanted = np.array([1.0 if side == "right" else -1.0, -0.25, 0.3]) if facing is None else facing
    local = _axes(held, np.array([0.0, 1, 0]))
    world = _axes(axis, wanted)
    matrix = np.eye(4)
    matrix[:3, :3] = world @ local.T
    matrix[:3, 3] = at
    return matrix


def _axes(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return columns: the first direction, the second made square to it, and the third."""
    first = unit(first)
    second = unit(second - first * (second @ first))
    return np.stack([first, second, np.cross(first, second)], 1)
