"""What each action of a storyboard makes of a frame at a time: pure functions of the film and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from backmice.anatomy.distances import centre, on_crest
from backmice.film import storyboard as sb
from backmice.film.back import Back
from backmice.film.clock import Take
from backmice.film.frame import Area, Dent, Echo, Exam, Frame, Line, Prop
from backmice.film.injecting import inject, path_in
from backmice.film.mesh import eased, unit
from backmice.film.placing import along, at_place, grip_matrix, hand_matrix, presence, round_trip

INK, PAIN, STUDY = (84, 44, 150), (178, 40, 60), (250, 246, 235)
PORE = (62, 40, 34)
FADE_S = 1.5
#: How wide referred pain is drawn where nobody says, and how long it takes to grow.
PAIN_MM, GROWS_S = 64.0, 5.0
#: Circles a second, and strokes across a lump a second.
CIRCLES_HZ, STROKES_HZ = 0.85, 0.42
#: A cough takes so long, and so does pressing with a probe.
COUGH_S, PRESS_S = 2.6, 5.4
#: Marks farther apart than this are drawn one after the other, with the pen lifted.
APART_MM = 30.0
#: A tendon is tapped once in so many seconds.
TAP_S = 3.0
START = {"skin": 1.0, "bone": 1.0}


@dataclass(frozen=True)
class Film:
    """A film ready to be played: its body, its shots with their times, and when each structure changes how it is shown."""

    board: sb.Storyboard
    back: Back
    takes: tuple[Take, ...]
    tracks: dict[str, list[tuple[float, sb.Shown]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        layers = {s.id: s.layer for s in self.back.region.structures}
        for id_, layer in layers.items():
            self.tracks[id_] = [(-9.0, START.get(layer, 0.0))]
        for take in self.takes:
            for change in take.shot.layers:
                at = take.starts(change.at)
                at = at if change.at > 1 else take.start_s - FADE_S  # a shot begins with what it shows
                for name, shown in change.layers.items():
                    for id_ in (i for i, layer in layers.items() if name in (i, layer)):
                        self.tracks[id_].append((at, shown))

    def take(self, t: float) -> Take:
        """Return the shot at a time."""
        return next((take for take in self.takes if t < take.end_s), self.takes[-1])

    def frame(self, t: float) -> Frame:
        """Return what is seen at a time, seconds from the beginning."""
        take, frame = self.take(t), Frame()
        for id_, track in self.tracks.items():
            _show_layer(frame, id_, track, t)
        frame.hidden_lumps = {lump.id for lump in self.board.lumps} - set(take.shot.lumps)
        for lump in take.shot.lumps:
            _bulge(frame, self.back, lump)
        for action in self._stays(take):
            ACTS[action.do](self, frame, action, take.start_s, (take.start_s - 60, take.start_s - 30))
        for action in take.shot.actions:
            start, end = take.span(action.during)
            if start <= t < end or (t >= start and isinstance(action, sb.Mark | sb.Inject)):
                ACTS[action.do](self, frame, action, t, (start, end))
        for lump in take.shot.lumps:
            if self.back.lumps[lump].lump.kind == "cyst":
                _tether(frame, self.back, lump)
        return frame

    def _stays(self, now: Take) -> Iterator[sb.Action]:
        """Yield what earlier shots left behind: marks, and fluid that was injected."""
        for take in self.takes:
            if take is now:
                return
            for action in take.shot.actions:
                if isinstance(action, sb.Mark) or (isinstance(action, sb.Inject) and action.step == "fan"):
                    yield action


def _show_layer(frame: Frame, id_: str, track: list[tuple[float, sb.Shown]], t: float) -> None:
    k = max(i for i, (at, _) in enumerate(track) if at <= t)
    at, shown = track[k]
    before = track[k - 1][1] if k else shown
    done = float(eased((t - at) / FADE_S))
    solid = [1.0 if isinstance(value, str) else value for value in (before, shown)]
    frame.opacity[id_] = solid[0] + (solid[1] - solid[0]) * done
    if isinstance(shown, str):
        frame.kept[id_] = (shown, done if before != shown else 1.0)
    elif isinstance(before, str) and done < 1:
        frame.kept[id_] = (before, 1 - done if shown > 0.5 else 1.0)


def _bulge(frame: Frame, back: Back, id_: str, more_mm: float = 0.0) -> None:
    """Let a lump show in the skin as a slight swelling."""
    bump = back.lumps[id_]
    high = {"nodule": 0.7, "lipoma": 2.6, "cyst": 3.0, "trigger-point": 0.0, "hernia": 0.8}[bump.lump.kind] + more_mm
    if high:
        at = back.on_skin(bump.centre[[0, 2]])
        frame.bulges.append(Dent(at, -bump.normal, -high, max(bump.lump.size_mm[0], bump.lump.size_mm[2]) * 0.62))


def _tether(frame: Frame, back: Back, id_: str) -> None:
    """Let a cyst take the skin over it along, and show its pore there."""
    bump = back.lumps[id_]
    slide, at = frame.slides.get(id_, np.zeros(3)), back.on_skin(bump.centre[[0, 2]])
    frame.bulges.append(Dent(at, -bump.normal, 0.0, bump.lump.size_mm[0] * 0.7, slide))
    frame.balls.append((at + slide + bump.normal * 2.9, 1.3, PORE, 1.0))


def _press(film: Film, frame: Frame, pose: str, side: str, xz: np.ndarray, press_mm: float, here: float,
           drag: np.ndarray | None = None, from_side: bool = False) -> None:  # fmt: skip
    """Set a hand on the skin and let the skin give way under each of its pads."""
    back = film.back
    lifted = 60 * (1 - here)
    matrix, pads = hand_matrix(back, pose, side, xz, lifted - press_mm * here, from_side)
    frame.props.append(Prop(f"hand:{pose}:{side}", matrix, float(eased(here * 3))))
    normal = back.normal(xz)
    for pad in pads:
        under = back.on_skin(pad[[0, 2]])
        deep = float((under - pad) @ normal)
        if deep > -0.5:
            frame.dents.append(Dent(under, -normal, deep + 0.6, 9.5, np.zeros(3) if drag is None else drag))


def palpate(film: Film, frame: Frame, action: sb.Palpate, t: float, span: tuple[float, float]) -> None:
    """Fingertips go along a path in circles, or to and fro across a lump."""
    back, (start, end) = film.back, span
    here = presence(t, start, end)
    if action.slip:
        bump = back.lumps[action.slip]
        swing = np.sin(2 * np.pi * STROKES_HZ * (t - start))
        lag = np.sin(2 * np.pi * STROKES_HZ * (t - start) - 1.1)
        way = unit(np.array([1.0, 0.0, 0.25]))
        xz = bump.centre[[0, 2]] + 8.5 * swing * way[[0, 2]]
        frame.slides[action.slip] = 5.5 * lag * here * (way - bump.normal * (way @ bump.normal))
        drag = way * 2.0 * np.cos(2 * np.pi * STROKES_HZ * (t - start)) * here
    else:
        path = np.array([back.over(place) for place in action.path])
        round_ = 2 * np.pi * CIRCLES_HZ * (t - start)
        circle = action.circle_mm * np.array([np.cos(round_), np.sin(round_)])
        xz = along(path, (t - start - 0.9) / max(end - start - 1.8, 0.1)) + circle
        drag = np.array([circle[0], 0, circle[1]]) * 0.28 * here
        for id_ in film.take(t).shot.lumps:  # a nodule gives way a little to fingers that pass
            _nudge(frame, back, id_, xz, here)
    _press(film, frame, f"pads{action.pads}", action.hand, xz, action.press_mm, here, drag)


def _nudge(frame: Frame, back: Back, id_: str, xz: np.ndarray, here: float) -> None:
    bump = back.lumps[id_]
    if bump.lump.kind in ("trigger-point", "hernia"):
        return
    off = bump.centre[[0, 2]] - xz
    far = np.linalg.norm(off)
    most = {"nodule": 4.5, "lipoma": 2.0, "cyst": 1.0}[bump.lump.kind]
    push = most * here * np.exp(-((far / 13) ** 2)) * off / max(far, 3)
    frame.slides[id_] = frame.slides.get(id_, 0) + np.array([push[0], 0, push[1]])


def press(film: Film, frame: Frame, action: sb.Press, t: float, span: tuple[float, float]) -> None:
    """Firm pressure that stays, and where pain is felt then."""
    start, end = span
    here = presence(t, start, end)
    firm = 0.35 + 0.65 * float(eased((t - start - 0.8) / 1.0))
    _press(
        film,
        frame,
        f"pads{action.pads}",
        action.hand,
        film.back.over(action.at),
        action.press_mm * firm,
        here,
        from_side=bool(action.pain),
    )
    if action.pain:
        path = np.array([film.back.over(place) for place in action.pain])
        frame.areas.append(Area(path, PAIN_MM, _grown(t, start + 1.2, end), PAIN))


def steady(film: Film, frame: Frame, action: sb.Steady, t: float, span: tuple[float, float]) -> None:
    """A hand laid flat."""
    _press(film, frame, "flat", action.hand, film.back.over(action.at), 1.5, presence(t, *span))


def mark(film: Film, frame: Frame, action: sb.Mark, t: float, span: tuple[float, float]) -> None:
    """A pen draws a ring, a cross or a dashed line."""
    start, end = span
    strokes = list(_strokes(film.back, action))
    drawing = (
        1.0
        if not action.pen and t >= end
        else float(np.clip((t - start - 0.9) / max(min(end - start - 1.6, 4.0), 0.4), 0, 1))
    )
    # Between marks that lie apart the pen is lifted and carried over, as long as half a stroke takes.
    carried = [len(s) // 2 if np.linalg.norm(s[0] - before[-1]) > APART_MM else 0 for before, s in pairwise(strokes)]
    done = drawing * (sum(len(stroke) for stroke in strokes) + sum(carried))
    tip = strokes[0][0]
    for k, (stroke, before) in enumerate(zip(strokes, [0, *carried], strict=True)):
        if 0 < done < before:
            share = done / before
            tip = strokes[k - 1][-1] + eased(share) * (stroke[0] - strokes[k - 1][-1])
            tip = tip - np.array([0, 30 * np.sin(np.pi * share), 0])
        done -= before
        count = int(np.clip(done, 0, len(stroke)))
        if count > 1:
            frame.lines.append(Line(stroke[:count], INK, 0.95))
        if count:
            tip = stroke[count - 1]
        done -= len(stroke)
    if action.pen and t < end:
        here = presence(t, start, min(end, start + 6.4))
        if here > 0:
            _held(film, frame, "pen", tip, 42.0, here)


def _strokes(back: Back, action: sb.Mark) -> Iterator[np.ndarray]:
    """Yield the strokes of a mark, each (n, 3), just off the skin."""
    places = [back.over(place) for place in action.path]
    turns = np.linspace(0, 2 * np.pi, 60)
    if action.shape == "line":
        steps = np.linspace(0, 1, 24 * len(places))
        points = np.array([along(np.array(places), s) for s in steps])
        dashes = [points[k : k + 5] for k in range(0, len(points) - 2, 7)]
    elif action.shape == "ring":
        dashes = [place + action.radius_mm * np.stack([np.cos(turns), np.sin(turns)], 1) for place in places]
    else:
        arm = np.linspace(-1, 1, 20)[:, None] * action.radius_mm * 0.8
        dashes = [place + arm * np.array(way) for place in places for way in ((0.7, 0.7), (-0.7, 0.7))]
    for dash in dashes:
        yield np.array([back.on_skin(xz) + back.normal(xz) * 0.5 for xz in dash])


def _held(film: Film, frame: Frame, name: str, tip: np.ndarray, grip_mm: float, here: float) -> None:
    """Set a thing with a tip on the skin, slanting towards the examiner, and the hand that holds it."""
    normal = film.back.normal(tip[[0, 2]])
    axis = unit(normal + np.array([0.6, 0, -0.75]))
    lift = axis * 60 * (1 - here)
    frame.props.append(Prop(name, at_place(tip + lift, axis), float(eased(here * 3))))
    matrix = grip_matrix(tip + lift + axis * grip_mm, axis, "right")
    frame.props.append(Prop("hand:hold:right", matrix, float(eased(here * 3))))


def measure(film: Film, frame: Frame, action: sb.Measure, t: float, span: tuple[float, float]) -> None:
    """A ruler from the midline outwards, its edge at the place."""
    x, z = film.back.over(action.to)
    side = 1.0 if x >= 0 else -1.0
    here = presence(t, *span)
    middle = np.array([0.0, z])
    start = film.back.on_skin(middle)
    end = film.back.on_skin(np.array([side * max(abs(x), 60.0), z]))
    matrix = np.eye(4)
    matrix[:3, 0] = unit((end - start) * side)
    matrix[:3, 1] = unit(np.array([0, 1.0, 0]) - matrix[:3, 0] * matrix[1, 0])
    matrix[:3, 2] = np.cross(matrix[:3, 0], matrix[:3, 1])
    # The ruler is stiff: it rests on what stands out most between its ends.
    between = [film.back.on_skin(np.array([side * mm, z + up])) for mm in range(0, 90, 10) for up in (0, 18)]
    out = max(float((start - point) @ matrix[:3, 1]) for point in between)
    matrix[:3, 3] = start - matrix[:3, 1] * (out + 1.5 + 60 * (1 - here))
    frame.props.append(Prop(f"ruler:{'right' if side > 0 else 'left'}", matrix, float(eased(here * 3))))


def wipe(film: Film, frame: Frame, action: sb.Wipe, t: float, span: tuple[float, float]) -> None:
    """A swab under the fingers, outwards in a spiral."""
    start, end = span
    here, done = presence(t, start, end), np.clip((t - start - 0.8) / max(end - start - 1.4, 0.1), 0, 1)
    turned, far = 2 * np.pi * 0.7 * (t - start), action.radius_mm * done
    xz = film.back.over(action.at) + far * np.array([np.cos(turned), np.sin(turned)])
    matrix, _ = hand_matrix(film.back, "pads3", "right", xz, 60 * (1 - here) + 7)
    frame.props.append(Prop("hand:pads3:right", matrix, float(eased(here * 3))))
    under, _ = hand_matrix(film.back, "pads3", "right", xz, 60 * (1 - here) + 3)
    frame.props.append(Prop("swab", under, float(eased(here * 3))))


def cough(film: Film, frame: Frame, action: sb.Cough, t: float, span: tuple[float, float]) -> None:
    """Coughs, two or more: a hernia swells with each, slowly enough to see, and the word is said beside it."""
    start, end = span
    count = max(2, int((end - start) / COUGH_S))
    coughs = [(t - start - (end - start) * (k + 0.5) / count) / 0.5 for k in range(count)]
    swell = float(sum(np.exp(-(at**2)) for at in coughs))
    bump = film.back.lumps[action.lump]
    if bump.lump.kind == "hernia":
        frame.swells[action.lump] = 1 + 0.9 * swell
        _bulge(frame, film.back, action.lump, 13 * swell)
    if swell > 0.02:
        beside = film.back.on_skin(bump.centre[[0, 2]]) + bump.normal * (2 + 13 * swell)
        frame.named.append(("Cough", beside, "right", float(eased(swell * 1.6))))


def show(film: Film, frame: Frame, action: sb.Pulse, t: float, span: tuple[float, float]) -> None:
    """Set off in a lighter colour."""
    start, end = span
    name = action.structure or f"lump:{action.lump}"
    frame.lit[name] = float(eased((t - start) / 0.7) * eased((end - t) / 0.7))


def spread(film: Film, frame: Frame, action: sb.Spread, t: float, span: tuple[float, float]) -> None:
    """A ball for each study, and the whole spread."""
    frame.spreads.add(action.structure)
    frame.opacity[action.structure] = max(frame.opacity.get(action.structure, 0), 0.9)
    structure = next(s for s in film.back.region.structures if s.id == action.structure)
    for n, point in enumerate(study_places(film.back, structure)):
        shown = float(eased((t - span[0] - 0.5 - 0.25 * n) / 0.5) * eased((span[1] - t) / 0.4))
        if shown > 0.05:
            frame.balls += [(point * flip, 2.1, STUDY, shown) for flip in ([1, 1, 1], [-1, 1, 1])]


def study_places(back: Back, structure: object) -> list[np.ndarray]:
    """Return where each study puts a structure, on the right."""
    site = structure.site
    if site is None:
        return []
    region = back.region
    found = [
        np.array(on_crest(region, group.origin, centre(region.quantity(ref)))) + [0, -2.5, 1.5]
        for group in site.on_crest
        for ref in group.values
    ]
    for right, below in zip(site.right_of_midline, site.below_psis):
        found.append(np.array([centre(region.quantity(right)), site.anterior_mm - 6, -centre(region.quantity(below))]))
    return found


def pain(film: Film, frame: Frame, action: sb.Pain, t: float, span: tuple[float, float]) -> None:
    """An area of referred pain that grows along its path."""
    path = np.array([film.back.over(place) for place in action.path])
    frame.areas.append(Area(path, action.width_mm, _grown(t, span[0] + 0.3, span[1]), PAIN))


def _grown(t: float, start: float, end: float) -> float:
    """Return how far an area of pain has grown, 0 to 1: slowly, and gone at the end."""
    return float(np.clip((t - start) / GROWS_S, 0, 1) * eased((end - t) / 0.6))


def test(film: Film, frame: Frame, action: sb.Test, t: float, span: tuple[float, float]) -> None:
    """The whole-body figure takes a pose; before the same test of the other side it goes back, and a reflex comes again."""
    start, end = span
    tests = [a for a in film.take(t).shot.actions if isinstance(a, sb.Test) and a.test == action.test]
    done, near = float(eased((t - start - 0.5) / 2.2)), 0.0
    if action is not tests[-1]:
        done *= float(eased((end - t - 0.3) / 2.0))
    if action.test.endswith("reflex"):
        part = (t - start) % TAP_S
        near = float(eased((part - 0.5) / 0.5) * eased((1.6 - part) / 0.5))
        done = float(eased((part - 1.0) / 0.25) * eased((2.1 - part) / 0.7))
    pain = tests[0].side if action.test == "straight-leg-raise" else None
    frame.exam = Exam(action.test, action.side, done, round((t - start) / (end - start), 4), near, pain)


def scan(film: Film, frame: Frame, action: sb.Scan, t: float, span: tuple[float, float]) -> None:
    """A probe on the skin, and the picture beside it."""
    start, end = span
    here = presence(t, start, end)
    path = np.array([film.back.over(place) for place in action.path])
    done = (
        round_trip((t - start - 1.0) / max(end - start - 1.8, 0.1))
        if len(path) == 1
        else (t - start - 1.0) / max(end - start - 1.8, 0.1)
    )
    done = float(eased(done))
    xz = along(path, done)
    normal = film.back.normal(xz, 16.0)
    pressed = 0.0
    if len(path) == 1:  # where it stays, it presses and lets go, again and again
        pressed = float(round_trip((t - start - 0.8) % PRESS_S / (0.85 * PRESS_S))) * (t > start + 0.8)
    lift = 50 * (1 - here) - (1.2 + 6 * pressed) * here
    at = film.back.on_skin(xz) + normal * lift
    matrix = at_place(at, normal, np.array([1.0, 0, 0]) if action.across else np.array([0, 0, 1.0]))
    frame.props.append(Prop("probe", matrix, float(eased(here * 3))))
    frame.props.append(Prop("hand:hold:right", grip_matrix(at + normal * 58, normal, "right"), float(eased(here * 3))))
    if here > 0.5:
        for off in (-16, 0, 16):
            place = film.back.on_skin(xz + off * matrix[[0, 2], 0])
            frame.dents.append(Dent(place, -normal, 1.6 + 5 * pressed, 11.0))
    low, high = action.slide_mm
    named = float(action.parts is not False)
    if isinstance(action.parts, tuple):
        first, last = film.take(t).span(action.parts)
        named = float(eased((t - first) / 0.5) * eased((last - t) / 0.4))
    frame.echo = Echo(action.frame, low + (high - low) * done, named, pressed)


ACTS: dict[str, Callable[..., None]] = {
    "palpate": palpate, "press": press, "steady": steady, "mark": mark, "measure": measure, "wipe": wipe, "inject": inject,
    "cough": cough, "show": show, "spread": spread, "pain": pain, "test": test, "scan": scan,
}  # fmt: skip


def needle_axis(film: Film, take: Take) -> np.ndarray:
    """Return the needle's way (3,) in a shot that injects."""
    action = next(a for a in take.shot.actions if isinstance(a, sb.Inject))
    return path_in(film, action)[0]
