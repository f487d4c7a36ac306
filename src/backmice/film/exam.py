"""The whole-body figure for tests of joints and nerves: poses of the rig, and arrows where the examiner's hands push."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyvista as pv

from backmice.film.camera import HALF_DEG, HEIGHT, WIDTH, Aim
from backmice.film.frame import Exam
from backmice.film.hand import hand
from backmice.film.mesh import eased, polydata, unit
from backmice.film.overlay import INK, PAPER, Sheet, text_width
from backmice.film.person import Person, least_turn, person, turn
from backmice.film.props import GLOVE
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
    "thigh-thrust": [("upperleg02", 0.98, (0, 0, -1), "Push along the thigh")],
    "gaenslen": [("lowerleg01", 0.0, (0, 0, -1), "Press the hanging thigh down"), ("lowerleg01 other", 0.05, (0, -1, 0.2), "")],
    "sacral-thrust": [("sacrum", None, (0, 0, -1), "Press on the sacrum")],
    "faber": [("lowerleg01", 0.02, (0, 0, -1), "Press the knee down"), ("asis other", None, (0, 0, -1), "Hold the other side")],
    "straight-leg-raise": [("lowerleg02", 0.8, (0, -0.45, 0.9), "Raise the straight leg")],
    "knee-reflex": [("lowerleg01", 0.12, (0, -1, 0), "Tap the tendon")],
    "ankle-reflex": [("lowerleg02", 0.92, (0, 1, 0), "Tap the tendon")],
    "sensation": [("foot", 0.6, (0, 0, -1), "Compare touch on both sides")],
    "toe-walk": [("foot", 0.1, (0, 0, 1), "Heels off the floor")],
}  # fmt: skip
#: With what the examiner acts, and which way the fingers point in the room (towards the tested side is x): a pose of
#: the hand; in a test that is not here arrows alone.
HANDS = {
    "distraction": ("flat", (-0.3, -0.75, -0.6)), "compression": ("flat", (-0.95, -0.3, 0)), "thigh-thrust": ("flat", (-0.5, -0.86, 0)),
    "gaenslen": ("flat", (-0.5, -0.86, 0)), "sacral-thrust": ("flat", (-0.95, 0.3, 0)), "faber": ("flat", (-0.5, -0.86, 0)),
    "straight-leg-raise": ("flat", (-1, 0, 0.2)), "sensation": ("pads1", (-0.4, -0.9, 0)),
}  # fmt: skip
#: Where the arms lie, in the axes of who stands: upper arm, forearm and hand, to the side, forwards and up.
ARMS = {
    "stand": ((0.16, 0, -1), (0.1, 0.16, -1), (0, 0.16, -1)),
    "sit": ((0.2, 0.12, -1), (-0.16, 1, -0.42), (-0.1, 1, -0.24)),
    "supine": ((0.3, -0.16, -1), (0.14, 0.04, -1), (0, 0.05, -1)),
    "prone": ((0.3, 0.2, -1), (0.1, 0.12, -1), (0, 0.0, -1)),
}
PALM_DEG = -70.0
SKIN, SHORTS, COUCH, ARROW = (208, 158, 132), (108, 136, 142), (74, 92, 94), (255, 206, 84)
PAIN = (178, 40, 60)
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
        self.rgb = self._colours()
        mesh["rgb"] = self.rgb[self.rows]
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

    def _hurting(self, exam: Exam) -> np.ndarray:
        """Return the colours with the back of the leg tinted that hurts in this test."""
        rgb = self.rgb.astype(float)
        if exam.pain:
            letter = "R" if exam.pain == "right" else "L"
            leg = self.body.share(self.body.below(f"upperleg01.{letter}"))
            hip = self.body.bones[f"upperleg01.{letter}"].head
            off = self.body.points - hip
            behind = eased((40 - off[:, 1]) / 50) * eased((-off[:, 2] - 60) / 60) * eased((off[:, 2] + 860) / 60)
            share = (0.75 * leg * behind * eased((exam.done - 0.7) / 0.3))[:, None]
            rgb = rgb * (1 - share) + np.array(PAIN, float) * share
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
        self.actor.mapper.dataset["rgb"][:] = self._hurting(exam)[self.rows]
        self.actor.mapper.dataset.GetPointData().GetArray("rgb").Modified()
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
            aim = Aim(aim.focus + aim.axes[0] * aim.width_mm * aside * 1.6, aim.direction, aim.width_mm * 1.22)
        said = []
        for place, share, way, words in pushes(exam):
            push = unit(np.array(way, float) * [1 if exam.side == "right" else -1, 1, 1])
            if exam.test.endswith("reflex"):
                point = self._met(spot(self.body, made, exam, place, share), push)
                self._hammer(point - push * 130 * (1 - exam.near), push, exam.side)
                said.append((words, aim.pixel(point - push * 440 + [0, 0, 60]), float(eased(exam.told * 12))))
                continue
            shown = float(eased((done - 0.55) / 0.4))
            if shown <= 0.03:
                continue
            point, clear = self._met(spot(self.body, made, exam, place, share), push), 0.0
            if exam.test in HANDS:
                pose, fingers = HANDS[exam.test]
                self._hand(
                    pose,
                    exam.side,
                    point - push * 120 * (1 - shown),
                    push,
                    np.array(fingers, float),
                    exam.pain or exam.side,
                )
                clear = 70.0
            if exam.test == "sensation":
                said.append((words, aim.pixel(point + np.array([0, 0, 240])), shown))
                continue
            start = point - push * (310 - 50 * shown + clear)
            mesh = pv.Arrow(start=start, direction=push, scale=230, tip_length=0.36, tip_radius=0.15, shaft_radius=0.06)
            self._add(mesh, ARROW)
            if words:
                said.append((words, aim.pixel(start - push * (20 if push[2] < 0 else 150)), shown))
        camera = self.plotter.camera
        camera.position, camera.focal_point, camera.up = tuple(aim.eye), tuple(aim.centre), tuple(aim.axes[1])
        camera.view_angle = 2 * np.degrees(np.arctan(np.tan(np.radians(HALF_DEG)) * HEIGHT / WIDTH))
        camera.clipping_range = (aim.distance - 2200, aim.distance + 2600)
        self.plotter.render_window.Render()
        for words, (x, y), shown in said:
            half = text_width(words, 23) / 2 + 14
            right = WIDTH - half - (460 if aside > 0 else 20)
            x, y = float(np.clip(x, half + 20, right)), float(np.clip(y - 26, 70, 560))
            sheet.box((x - half, y - 19, x + half, y + 19), (*PAPER, round(215 * shown)))
            sheet.text((x, y), words, 23, (*INK, round(255 * shown)), "mm")
        return np.asarray(self.plotter.screenshot(return_img=True))[:, :, :3].copy()

    def _met(self, point: np.ndarray, push: np.ndarray) -> np.ndarray:
        """Return where a push towards a point in the body meets the skin."""
        hits, _ = self.mesh.ray_trace(point - push * 160, point + push * 40, first_point=True)
        return np.asarray(hits).reshape(-1, 3)[0] if len(hits) else point

    def _hand(self, pose: str, side: str, point: np.ndarray, push: np.ndarray, fingers: np.ndarray,
              towards: str) -> None:  # fmt: skip
        """Set a gloved hand that pushes at a point; its forearm comes from the side `towards`."""
        made = hand(pose, side)
        forward = fingers * [1 if towards == "right" else -1, 1, 1]
        forward = unit(forward - push * (forward @ push))
        mesh = made.mesh.copy()
        axes = np.array([np.cross(-push, forward), -push, forward])
        mesh.points = np.asarray(made.mesh.points) @ axes + point
        self._add(mesh, tuple(int(v) for v in GLOVE))

    def _hammer(self, point: np.ndarray, push: np.ndarray, side: str) -> None:
        """Set a reflex hammer whose head meets a point."""
        up = unit(np.array([0.5 if side == "right" else -0.5, 0, 0.85]))
        head = pv.Cylinder(center=point - push * 34, direction=push, radius=15, height=68)
        handle = pv.Cylinder(center=point - push * 40 + up * 110, direction=up, radius=6, height=220)
        self._add(head.triangulate(), (214, 120, 84))
        self._add(handle.triangulate(), (214, 220, 220))

    def _box(self, bounds: tuple[float, ...]) -> None:
        self._add(pv.Box(bounds).triangulate(), COUCH)

    def _add(self, mesh: pv.PolyData, rgb: tuple[int, int, int]) -> None:
        colour = "#" + "".join(f"{v:02x}" for v in rgb)
        self.loose.append(
            self.plotter.add_mesh(
                mesh, color=colour, ambient=0.25, smooth_shading=True, split_sharp_edges=True, render=False
            )
        )


def pushes(exam: Exam) -> list[tuple[str, float | None, tuple[float, float, float], str]]:
    """Return where the examiner acts now: a touch goes from one leg to the other, and down them."""
    found = PUSHES.get(exam.test, [])
    if exam.test != "sensation":
        return found
    places = [
        (bone, share, leg)
        for bone, share in (("upperleg02", 0.2), ("lowerleg01", 0.5), ("foot", 0.6))
        for leg in ("", " other")
    ]
    bone, share, leg = places[min(int(exam.told * len(places)), len(places) - 1)]
    return [(bone + leg, share, *found[0][2:])]


def view(lying: str, exam: Exam) -> Aim:
    """Return the camera for how the figure lies: from its tested side, a little from above, slowly going round it."""
    side = 1.0 if exam.side == "right" or exam.pain else -1.0  # both legs are raised before the same camera
    round_ = turn(np.array([0, 0, 1.0]), side * (7 - 14 * exam.told))
    if exam.pain:  # from the feet, where the back of a raised leg is seen
        looks = Aim(np.array([0.0, 0, 330]), unit(np.array([0.85 * side, 0.22, 0.3])), 2650.0)
    elif lying in ("supine", "prone", "lateral"):
        looks = Aim(
            np.array([0.0, 0, 330 if exam.test == "thigh-thrust" else 200]),
            unit(np.array([0.9 * side, -0.22, 0.44])),
            2450.0,
        )
    elif lying == "sit":
        looks = Aim(np.array([0.0, 100, 130]), unit(np.array([0.92 * side, 0.42, 0.2])), 2600.0)
    elif lying == "lean":
        return Aim(np.array([0.0, 120, 60]), unit(np.array([0.75 * side, -0.8, 0.22])), 2500.0)
    else:
        looks = Aim(np.array([0.0, 0, -85]), unit(np.array([0.42 * side, -0.9, 0.1])), 4150.0)
    return Aim(looks.focus, round_ @ looks.direction, looks.width_mm * (1.04 - 0.08 * exam.told))


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
        if lying == "lean":  # slightly bent, hands on the couch
            down = turn(np.array([0, 1.0, 0]), 34 * out)
            turns[f"upperarm01.{letter}"] = turn(np.array([1.0, 0, 0]), 44) @ down
        elif lying == "lateral":  # the lower arm in front of the chest, the upper one along the trunk
            upper = letter == ("R" if side == "right" else "L")
            way = (
                ((0.1, 0.25, -1), (0, 0.35, -1), (0, 0.3, -1))
                if upper
                else ((-0.1, 1, 0.2), (0, 0.5, 0.9), (0, 0.4, 1))
            )
            turns |= arm(body, letter, way)
        else:
            turns |= arm(body, letter, ARMS[lying])
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


def arm(body: Person, letter: str, ways: tuple[tuple[float, float, float], ...]) -> dict[str, np.ndarray]:
    """Return the turns by which upper arm, forearm and hand of a side (R, L) point as `ways` say."""
    out = 1 if letter == "R" else -1
    joints = ("upperarm01", "lowerarm01", "wrist")
    ends = [body.bones[f"{name}.{letter}"].head for name in joints] + [body.bones[f"finger3-1.{letter}"].head]
    turns, carried = {}, np.eye(3)
    for k, (name, way) in enumerate(zip(joints, ways, strict=True)):
        wanted = unit(np.array(way, float) * [out, 1, 1])
        own = least_turn(unit(ends[k + 1] - ends[k]), carried.T @ wanted)
        turns[f"{name}.{letter}"], carried = own, carried @ own
    # The forearm turns about its length, half of it above the wrist, until the palm faces what it lies on.
    along = [
        unit(body.bones[f"{name}.{letter}"].tail - body.bones[f"{name}.{letter}"].head)
        for name in ("lowerarm02", "wrist")
    ]
    turns[f"lowerarm02.{letter}"] = turn(along[0], PALM_DEG / 2 * out)
    turns[f"wrist.{letter}"] = turns[f"wrist.{letter}"] @ turn(along[1], PALM_DEG / 2 * out)
    return turns


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
