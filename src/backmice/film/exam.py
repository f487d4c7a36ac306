"""The whole-body figure for tests of joints and nerves: poses of the rig, and arrows where the examiner's hands push."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyvista as pv

from backmice.film.camera import HALF_DEG, HEIGHT, WIDTH, Aim
from backmice.film.frame import Exam
from backmice.film.mesh import eased, polydata, unit
from backmice.film.overlay import INK, PAPER, Sheet, text_width
from backmice.film.person import Person, person, turn
from backmice.film.stage import BOTTOM, LIGHTS, TOP

#: Turns of bones in degrees: to the front, outwards, about the own length; for the side tested and the other one.
BENDS = {
    "standing": ({"upperleg01": (4, 0, 0)}, {"upperleg01": (4, 0, 0)}, "lean"),
    "toe-walk": ({"foot": (-34, 0, 0)}, {"foot": (-34, 0, 0)}, "stand"),
    "distraction": ({}, {}, "supine"),
    "compression": ({"upperleg01": (38, 0, 0), "lowerleg01": (-62, 0, 0)}, {"upperleg01": (38, 0, 0), "lowerleg01": (-62, 0, 0)}, "lateral"),
    "thigh-thrust": ({"upperleg01": (90, 0, 0), "lowerleg01": (-78, 0, 0)}, {}, "supine"),
    "gaenslen": ({"upperleg01": (-16, 0, 0), "lowerleg01": (-38, 0, 0)}, {"upperleg01": (104, 0, 0), "lowerleg01": (-112, 0, 0)}, "supine"),
    "sacral-thrust": ({}, {}, "prone"),
    "prone": ({}, {}, "prone"),
    "faber": ({"upperleg01": (44, 34, 0), "lowerleg01": (-78, 0, 40)}, {}, "supine"),
    "straight-leg-raise": ({"upperleg01": (58, 0, 0)}, {}, "supine"),
    "knee-reflex": ({"upperleg01": (84, 0, 0), "lowerleg01": (-58, 0, 0)}, {"upperleg01": (84, 0, 0), "lowerleg01": (-84, 0, 0)}, "sit"),
    "ankle-reflex": ({"upperleg01": (84, 0, 0), "lowerleg01": (-84, 0, 0)}, {"upperleg01": (84, 0, 0), "lowerleg01": (-84, 0, 0)}, "sit"),
    "sensation": ({}, {}, "supine"),
}  # fmt: skip
#: Where the examiner acts: bone, share of its length, which way the arrow points in the world, words.
PUSHES = {
    "distraction": [("asis", None, (0.5, 0, -0.87), "Push outwards and down"), ("asis other", None, (-0.5, 0, -0.87), "")],
    "compression": [("crest", None, (0, 0, -1), "Push down on the upper crest")],
    "thigh-thrust": [("upperleg01", 0.85, (0, 0, -1), "Push along the thigh")],
    "gaenslen": [("lowerleg01", 0.0, (0, 0, -1), "Press the hanging thigh down"), ("lowerleg01 other", 0.05, (0, -1, 0.2), "")],
    "sacral-thrust": [("sacrum", None, (0, 0, -1), "Press on the sacrum")],
    "faber": [("lowerleg01", 0.02, (0, 0, -1), "Press the knee down"), ("asis other", None, (0, 0, -1), "Hold the other side")],
    "straight-leg-raise": [("lowerleg01", 0.9, (0, -0.45, 0.9), "Raise the straight leg")],
    "knee-reflex": [("lowerleg01", 0.12, (0, -1, 0), "Tap the tendon")],
    "ankle-reflex": [("lowerleg02", 0.92, (0, 1, 0), "Tap the tendon")],
    "sensation": [("foot", 0.6, (0, 0, -1), "Compare touch on both sides")],
    "toe-walk": [("foot", 0.1, (0, 0, 1), "Heels off the floor")],
}  # fmt: skip
SKIN, SHORTS, COUCH, ARROW = (208, 158, 132), (108, 136, 142), (74, 92, 94), (255, 206, 84)
COUCH_MM = 700.0


@dataclass(frozen=True)
class Pose:
    """The figure in a pose: its points (n, 3) in the room, z up, and where each bone's ends are."""

    points: np.ndarray
    ends: dict[str, tuple[np.ndarray, np.ndarray]]


class ExamStage:
    """A room with a couch and one figure."""

    def __init__(self, sex: str) -> None:
        self.body = person(sex)
        pv.OFF_SCREEN = True
        self.plotter = pv.Plotter(off_screen=True, window_size=(WIDTH, HEIGHT), lighting="none")
        self.plotter.set_background(BOTTOM, top=TOP)
        for place, bright, colour in LIGHTS:
            at = np.array(place) * [1, 1, 1] * 3.0
            self.plotter.add_light(pv.Light(position=tuple(at), focal_point=(0, 0, 0), color=colour, intensity=bright))
        self.plotter.render_window.SetMultiSamples(0)
        self.plotter.renderer.SetUseFXAA(True)
        mesh = polydata(self.body.points, self.body.faces, row=np.arange(len(self.body.points)))
        self.rows = np.asarray(mesh["row"]).astype(int)
        mesh["rgb"] = self._colours()[self.rows]
        self.actor = self.plotter.add_mesh(
            mesh, scalars="rgb", rgb=True, smooth_shading=True, ambient=0.12, specular=0.08, render=False
        )
        self.mesh = mesh
        limbs = [f"{bone}.{side}" for bone in ("upperarm01", "upperleg01") for side in "LR"]
        self.trunk = self.body.share([n for bone in limbs for n in self.body.below(bone)]) < 0.5
        self.trunk &= self.body.share(self.body.below("head")) < 0.5
        self.trunk &= np.isin(np.arange(len(self.trunk)), self.rows)
        self.loose: list[pv.Actor] = []
        self.plotter.show(auto_close=False)

    def close(self) -> None:
        """Let go of the window."""
        self.plotter.close()

    def _colours(self) -> np.ndarray:
        """Return skin, and the clothes that an examination leaves on."""
        points = self.body.points
        hip = self.body.bones["upperleg01.R"].head[2]
        chest = self.body.bones["spine02"].tail[2] if "spine02" in self.body.bones else hip + 330
        legs = np.abs(points[:, 0]) < 260
        shorts = (points[:, 2] < hip + 62) & (points[:, 2] > hip - 150) & legs
        top = (points[:, 2] > chest - 95) & (points[:, 2] < chest + 210) & (np.abs(points[:, 0]) < 205)
        rgb = np.where((shorts | top)[:, None], SHORTS, SKIN)
        return rgb.astype("u1")

    def draw(self, exam: Exam, sheet: Sheet, aside: float = 0.0) -> np.ndarray:
        """Return the picture, and write the words of its arrows on the sheet.

        `aside` is how far the camera goes to the right, in shares of the width; it goes back then, too.
        """
        done = exam.done
        made = posed(self.body, exam.test, exam.side, done)
        for actor in self.loose:
            self.plotter.remove_actor(actor, render=False)
        self.loose = []
        self.mesh.points = made.points[self.rows]
        normals = self.mesh.compute_normals(split_vertices=False, cell_normals=False, auto_orient_normals=False)[
            "Normals"
        ]
        self.actor.mapper.dataset.points = self.mesh.points
        self.actor.mapper.dataset["Normals"] = normals
        lying = BENDS[exam.test][2]
        low = made.points[self.trunk, 2].min()
        if lying in ("supine", "prone", "lateral"):
            self._box((-380, 380, -1050, 430 if exam.test == "gaenslen" else 980, low - 110, low - 2))
        elif lying == "sit":
            seat = made.ends["upperleg01.R"][0][2] - 78
            self._box((-420, 420, -300, 330, seat - 110, seat))
        elif lying == "lean":
            hands = np.mean([made.ends[f"wrist.{side}"][1] for side in "LR"], axis=0)
            self._box((-900, 900, hands[1] - 110, hands[1] + 640, hands[2] - 150, hands[2] - 34))
        aim = view(lying, exam)
        if aside:
            aim = Aim(aim.focus + aim.axes[0] * aim.width_mm * aside, aim.direction, aim.width_mm * 1.25)
        said = []
        for place, share, way, words in PUSHES.get(exam.test, ()):
            point, arrow = spot(self.body, made, exam, place, share), np.array(way, float)
            arrow = arrow * [1 if exam.side == "right" else -1, 1, 1]
            shown = float(eased((done - 0.55) / 0.4))
            if shown > 0.03:
                start = point - unit(arrow) * (210 - 50 * shown)
                mesh = pv.Arrow(
                    start=start, direction=unit(arrow), scale=150, tip_length=0.34, tip_radius=0.13, shaft_radius=0.052
                )
                self._add(mesh, ARROW)
                if words:
                    said.append((words, aim.pixel(start - unit(arrow) * 20), shown))
        camera = self.plotter.camera
        camera.position, camera.focal_point, camera.up = tuple(aim.eye), tuple(aim.centre), tuple(aim.axes[1])
        camera.view_angle = 2 * np.degrees(np.arctan(np.tan(np.radians(HALF_DEG)) * HEIGHT / WIDTH))
        camera.clipping_range = (aim.distance - 2200, aim.distance + 2600)
        self.plotter.render_window.Render()
        for words, (x, y), shown in said:
            half = text_width(words, 23) / 2 + 14
            x, y = float(np.clip(x, half + 20, WIDTH - half - 20)), float(np.clip(y - 26, 70, 560))
            sheet.box((x - half, y - 19, x + half, y + 19), (*PAPER, round(215 * shown)))
            sheet.text((x, y), words, 23, (*INK, round(255 * shown)), "mm")
        return np.asarray(self.plotter.screenshot(return_img=True))[:, :, :3].copy()

    def _box(self, bounds: tuple[float, ...]) -> None:
        self._add(pv.Box(bounds).triangulate(), COUCH)

    def _add(self, mesh: pv.PolyData, rgb: tuple[int, int, int]) -> None:
        colour = "#" + "".join(f"{v:02x}" for v in rgb)
        self.loose.append(
            self.plotter.add_mesh(
                mesh, color=colour, ambient=0.25, smooth_shading=True, split_sharp_edges=True, render=False
            )
        )


def view(lying: str, exam: Exam) -> Aim:
    """Return the camera for how the figure lies: from its tested side, a little from above."""
    side = 1.0 if exam.side == "right" else -1.0
    if lying in ("supine", "prone", "lateral"):
        return Aim(np.array([0.0, 0, 230]), unit(np.array([0.9 * side, -0.22, 0.44])), 2350.0)
    if lying == "sit":
        return Aim(np.array([0.0, 120, -40]), unit(np.array([0.92 * side, 0.42, 0.2])), 2250.0)
    if lying == "lean":
        return Aim(np.array([0.0, 120, 60]), unit(np.array([0.75 * side, -0.8, 0.22])), 2500.0)
    back = -1.0 if exam.test == "toe-walk" else -0.9
    return Aim(np.array([0.0, 0, 10]), unit(np.array([0.42 * side, back, 0.1])), 3300.0)


def posed(body: Person, test: str, side: str, done: float) -> Pose:
    """Return the figure of a test, gone so far from rest (0 to 1), laid as the test needs it."""
    mine, other, lying = BENDS[test]
    turns = {}
    for letter, bends in (("R", mine if side == "right" else other), ("L", other if side == "right" else mine)):
        out = 1 if letter == "R" else -1
        for bone, whole in bends.items():
            # Who sits begins with bent hips and knees.
            start = other.get(bone, (0, 0, 0)) if lying == "sit" else (0, 0, 0)
            front, aside, twist = (a + (b - a) * done for a, b in zip(start, whole))
            along = body.bones[f"{bone}.{letter}"].tail - body.bones[f"{bone}.{letter}"].head
            turned = turn(np.array([1.0, 0, 0]), front) @ turn(np.array([0, 1.0, 0]), -aside * out)
            turns[f"{bone}.{letter}"] = turned @ turn(along, twist * out) if twist else turned
        # Arms come down beside the body.
        turns[f"upperarm01.{letter}"] = turn(np.array([0, 1.0, 0]), 34 * out)
        if lying == "lean":  # slightly bent, hands on the couch
            turns[f"upperarm01.{letter}"] = turn(np.array([1.0, 0, 0]), 44) @ turns[f"upperarm01.{letter}"]
    if lying == "lean":
        turns["spine04"], turns["spine02"] = (turn(np.array([1.0, 0, 0]), -deg) for deg in (14, 10))
    points, moves = body.pose(turns), body.moves(turns)
    ends = {
        name: tuple(moves[name][:3, :3] @ end + moves[name][:3, 3] for end in (bone.head, bone.tail))
        for name, bone in body.bones.items()
    }
    hips = (ends["upperleg01.R"][0] + ends["upperleg01.L"][0]) / 2
    laid = {
        "stand": np.eye(3),
        "lean": np.eye(3), "sit": np.eye(3), "supine": turn(np.array([1.0, 0, 0]), 90), "prone": turn(np.array([1.0, 0, 0]), -90),
        "lateral": turn(np.array([0, 0, 1.0]), 0) @ turn(np.array([1.0, 0, 0]), 90) @ turn(np.array([0, 0, 1.0]), 90 if side == "right" else -90),
    }[lying]  # fmt: skip
    return Pose((points - hips) @ laid.T, {n: tuple((e - hips) @ laid.T for e in pair) for n, pair in ends.items()})


def spot(body: Person, made: Pose, exam: Exam, place: str, share: float | None) -> np.ndarray:
    """Return where an arrow ends (3,): on a bone of the tested side (or the other), or at a named place of the pelvis."""
    name, _, other = place.partition(" ")
    right = (exam.side == "right") != bool(other)
    letter = "R" if right else "L"
    if share is not None:
        head, tail = made.ends[f"{name}.{letter}"]
        return head + share * (tail - head)
    out = 1 if right else -1
    hips = (body.bones["upperleg01.R"].head + body.bones["upperleg01.L"].head) / 2
    off = {"asis": (out * 118, 95, 92), "crest": (out * 150, 10, 110), "sacrum": (0, -110, 70)}[name]
    nearest = np.argmin(np.linalg.norm(body.points - (hips + off), axis=1))
    return made.points[nearest]
