"""The syringe: five steps of an infiltration, and what the section beside shows of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backmice.film import storyboard as sb
from backmice.film.frame import Dent, Frame, Needle, Prop
from backmice.film.mesh import eased, unit
from backmice.film.placing import at_place, grip_matrix, hand_matrix, presence

if TYPE_CHECKING:
    from backmice.film.acting import Film

FLUID = (112, 198, 236)
#: How far the plunger stands out when full, how far it is drawn back to aspirate, and the half angle of the fan.
FULL_MM, ASPIRATED_MM, FAN_DEG = 21.0, 3.5, 22.0
READY_MM = 30.0
#: Which way the back of the hand at the syringe faces, and which way the fingers of the other one point, (right, up).
HELD_BACK = np.array([1.0, -0.25, 0.3])
FIXING = (0.15, -0.98)
SAID = {
    "ready": "Needle outside",
    "enter": "Advancing",
    "aspirate": "Drawing back",
    "fan": "Spreading in a fan",
    "leave": "Withdrawing",
}


def inject(film: Film, frame: Frame, action: sb.Inject, t: float, span: tuple[float, float]) -> None:
    """Set syringe, hand, fluid and section for one step; after a fan its fluid stays."""
    start, end = span
    done = float(np.clip((t - start) / (end - start), 0, 1))
    bump = film.back.lumps[action.into]
    axis, entry = path_in(film, action)
    fluid = deposits(film, action) if action.step in ("fan", "leave") else []
    shown = 0.0 if action.step in ("ready", "enter", "aspirate") else 1.0
    if action.step == "fan":
        shown = float(np.clip((done - 0.05) / 0.85, 0, 1))
    balls = [(p, r * eased(shown * len(fluid) - k)) for k, (p, r) in enumerate(fluid) if shown * len(fluid) > k]
    frame.balls += [(p, float(r), FLUID, 0.6) for p, r in balls if r > 0.2]
    if t >= end:
        return
    tip, way, plunger = needle_at(action, axis, entry, bump.centre, fluid, done)
    here = (
        presence(t, start, end + 9)
        if action.step == "ready"
        else presence(t, start - 9, end)
        if action.step == "leave"
        else 1.0
    )
    solid = float(eased(here * 3))
    stands = at_place(tip, way)
    full = stands.copy()
    full[:3, 3] += way * 50
    full[:3, 2] *= max(plunger, 0.1)
    frame.props += [Prop("fluid", full, solid), Prop("syringe", stands, solid, plunger)]
    frame.props.append(Prop("hand:hold:right", grip_matrix(tip + way * 72, way, action.hand, HELD_BACK), solid))
    fix(film, frame, action, t, span)
    if action.inset:
        frame.needle = Needle(action.into, tip, way, tuple((p, float(r)) for p, r in balls), SAID[action.step])


def fix(film: Film, frame: Frame, action: sb.Inject, t: float, span: tuple[float, float]) -> None:
    """Hold the lump between two fingers of the other hand until the needle is out; it comes with the syringe."""
    start, end = span
    if action.step == "leave":
        here = presence(t, start - 9, start + 0.6 * (end - start))
    else:
        here = presence(t, start, end + 9) if action.step == "ready" else 1.0
    if here < 0.01:
        return
    other = "left" if action.hand == "right" else "right"
    across = FIXING[0] if other == "left" else -FIXING[0]
    matrix, pads = hand_matrix(
        film.back,
        "fix",
        other,
        film.back.lumps[action.into].centre[[0, 2]],
        60 * (1 - here) - 3 * here,
        (across, FIXING[1]),
    )
    frame.props.append(Prop(f"hand:fix:{other}", matrix, float(eased(here * 3))))
    for pad in pads:
        under = film.back.on_skin(pad[[0, 2]])
        normal = film.back.normal(pad[[0, 2]])
        frame.dents.append(Dent(under, -normal, 3.5 * here, 9.5))


def path_in(film: Film, action: sb.Inject) -> tuple[np.ndarray, np.ndarray]:
    """Return the way from the lump to the syringe (3,), and where it meets the skin (3,)."""
    bump = film.back.lumps[action.into]
    side = 1.0 if action.hand == "right" else -1.0
    aside = np.array([-0.15 * side, 0, -1.0])
    aside = unit(aside - bump.normal * (aside @ bump.normal))
    angle = np.radians(action.angle_deg)
    axis = unit(np.sin(angle) * bump.normal + np.cos(angle) * aside)
    steps = bump.centre + axis * np.arange(0, 60, 0.5)[:, None]
    out = np.array([point[1] - float(film.back.depth(point[0], point[2])) for point in steps]) < 0
    return axis, steps[int(np.argmax(out))]


def deposits(film: Film, action: sb.Inject) -> list[tuple[np.ndarray, float]]:
    """Return where a fan leaves fluid: places (3,) and radii in mm, through the lump and at its base."""
    bump = film.back.lumps[action.into]
    axis, entry = path_in(film, action)
    deep = float(np.linalg.norm(bump.centre - entry))
    across = unit(np.cross(axis, bump.normal))
    found = []
    for angle in np.radians(np.linspace(-FAN_DEG, FAN_DEG, action.directions)):
        way = np.cos(angle) * -axis + np.sin(angle) * across
        found.append((entry + way * deep * 1.04 / max(np.cos(angle), 0.5), 3.6))
    return found


def needle_at(action: sb.Inject, axis: np.ndarray, entry: np.ndarray, target: np.ndarray,
              fluid: list[tuple[np.ndarray, float]], done: float) -> tuple[np.ndarray, np.ndarray, float]:  # fmt: skip
    """Return the needle's tip (3,), the way from it to the syringe (3,), and how far the plunger stands out, mm."""
    off = entry + axis * READY_MM
    if action.step == "ready":
        return off + axis * 40 * (1 - float(eased(done * 1.6))), axis, FULL_MM
    if action.step == "enter":
        return off + (target - off) * float(eased(done * 1.15)), axis, FULL_MM
    if action.step == "aspirate":
        return target, axis, FULL_MM + ASPIRATED_MM * float(eased(done * 2.2) * eased((1 - done) * 4))
    if action.step == "leave":
        return target + (off + axis * 45 - target) * float(eased(done * 1.3)), axis, FULL_MM * 0.12
    step = min(done * len(fluid), len(fluid) - 1e-6)
    k, part = int(step), step % 1
    here, before = fluid[k][0], fluid[k - 1][0] if k else target
    # Drawn back most of the way, turned, and in again.
    back = entry + 0.35 * (before - entry)
    back_here = entry + 0.35 * (here - entry)
    if part < 0.3:
        tip = before + (back - before) * float(eased(part / 0.3))
    elif part < 0.45:
        tip = back + (back_here - back) * float(eased((part - 0.3) / 0.15))
    else:
        tip = back_here + (here - back_here) * float(eased((part - 0.45) / 0.3))
    pivot = unit(entry - tip) if np.linalg.norm(entry - tip) > 2 else axis
    return tip, pivot, FULL_MM * (1 - 0.88 * done)
