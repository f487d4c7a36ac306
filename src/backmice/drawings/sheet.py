"""What a plate is made of: strokes and areas, each by its points, and the words beside them.

A sheet has its own units; u runs to the viewer's right and v down, as SVG has it. On a sheet with `mm` one unit is one
millimetre of the body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

Flat = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """One stroke or area. `look` says how it is drawn, `layer` names the token of its colour; both are CSS's matter."""

    look: str
    points: tuple[Flat, ...]
    layer: str = ""
    is_closed: bool = False
    is_smooth: bool = True
    hatch_deg: int | None = None

    @property
    def d(self) -> str:
        """Return the path: through every point, smooth or straight."""
        return curve(self.points, is_closed=self.is_closed) if self.is_smooth else polyline(self.points, self.is_closed)


@dataclass(frozen=True)
class Label:
    """Words in lines from (u, v) on, and the thread from them to what they name; `anchor` is SVG's text-anchor."""

    lines: tuple[str, ...]
    u: float
    v: float
    anchor: str = "start"
    thread: tuple[Flat, ...] = ()

    @property
    def d(self) -> str:
        """Return the thread as a path."""
        return polyline(self.thread)


@dataclass(frozen=True)
class Drawn:
    """A part as drawn on one sheet: the part's id, its marks, and its label."""

    id: str
    marks: tuple[Mark, ...]
    label: Label | None = None


@dataclass(frozen=True)
class Sheet:
    """One drawing: where it begins, how large it is, what lies under the parts, and the parts from the back to the front.

    `type_size` is the size of its letters, in its units. `notes` say what a view is, `letters` stand in what they mark.
    """

    u: float
    v: float
    width: float
    height: float
    type_size: float
    ground: tuple[Mark, ...]
    parts: tuple[Drawn, ...]
    notes: tuple[Label, ...] = ()
    letters: tuple[Label, ...] = ()
    scale_mm: float | None = None

    @property
    def box(self) -> str:
        """Return the viewBox."""
        return " ".join(f"{value:g}" for value in (self.u, self.v, self.width, self.height))

    def hatches(self) -> list[tuple[str, int]]:
        """Return the hatchings it needs, as (token of the colour, degrees), each once."""
        marks = (mark for part in self.parts for mark in part.marks if mark.hatch_deg is not None)
        return list(dict.fromkeys((mark.layer, mark.hatch_deg) for mark in marks))


def number(value: float) -> str:
    """Return a coordinate to a tenth of a unit, without idle zeros."""
    return f"{round(value, 1) + 0:g}"


def polyline(points: Sequence[Flat], is_closed: bool = False) -> str:
    """Return a path of straight lines."""
    return _path(points[0], [("l", (point,)) for point in points[1:]], is_closed)


def curve(points: Sequence[Flat], *, is_closed: bool = False) -> str:
    """Return a path of cubic curves that passes every point, by Catmull and Rom's tangents."""
    n = len(points)
    if n < 3:
        return polyline(points, is_closed)
    at = (lambda i: points[i % n]) if is_closed else (lambda i: points[min(max(i, 0), n - 1)])
    steps: list[tuple[str, tuple[Flat, ...]]] = []
    for i in range(n if is_closed else n - 1):
        before, start, end, after = at(i - 1), at(i), at(i + 1), at(i + 2)
        leaving = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        coming = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        # A curve leaves a point as it came: with "s" that need not be said.
        steps.append(("s", (coming, end)) if steps else ("c", (leaving, coming, end)))
    return _path(points[0], steps, is_closed)


def _path(start: Flat, steps: Sequence[tuple[str, Sequence[Flat]]], is_closed: bool) -> str:
    """Return a path of steps, each a command and its points, which are told from where the last step ended.

    So it is half as long. Each is rounded where it lies, so that no error adds up.
    """
    at = [round(value, 1) for value in start]
    path = [f"M{number(at[0])} {number(at[1])}"]
    for (command, points), (last, _) in zip(steps, [("", ()), *steps]):
        way = " ".join(number(round(value, 1) - at[i]) for point in points for i, value in enumerate(point))
        path.append((command if command != last else " ") + way)
        at = [round(value, 1) for value in points[-1]]
    return "".join(path).replace(" -", "-") + ("Z" if is_closed else "")


def mirrored(points: Sequence[Flat]) -> tuple[Flat, ...]:
    """Return the points on the other side of u = 0."""
    return tuple((-u, v) for u, v in points)


def both(mark: Mark) -> tuple[Mark, Mark]:
    """Return a mark and its mirror image."""
    return mark, Mark(mark.look, mirrored(mark.points), mark.layer, mark.is_closed, mark.is_smooth)


def stack(wishes: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return the tops of boxes that do not overlap, in their order, each as near to its wish as the others let it.

    Raises
    ------
    ValueError
        If they do not fit between `top` and `bottom`.
    """
    if sum(heights) > bottom - top:
        raise ValueError(f"{len(heights)} labels need {sum(heights):.0f} units; {bottom - top:.0f} are there")
    # Neighbours that would overlap move as one block, to the mean of what its members wish.
    blocks: list[tuple[float, int]] = []
    before = 0.0
    for wish, height in zip(wishes, heights):
        blocks.append((wish - before, 1))
        before += height
        while len(blocks) > 1 and blocks[-1][0] < blocks[-2][0]:
            (first, others), (start, count) = blocks[-2:]
            blocks[-2:] = [((start * count + first * others) / (count + others), count + others)]
    least, most = top, bottom - sum(heights)
    shifts = [min(max(start, least), most) for start, count in blocks for _ in range(count)]
    offsets = [sum(heights[:i]) for i in range(len(heights))]
    return [shift + offset for shift, offset in zip(shifts, offsets)]


def column(
    named: Sequence[tuple[str, Flat]], *, u: float, anchor: str, chars: int, size: float, top: float, bottom: float
) -> list[Label]:
    """Return labels in a column at `u`, beside the points they name, with a thread from each to its point.

    Parameters
    ----------
    named
        The words and the point of each label, in any order.
    chars, size
        How many letters a line holds, and how high they are.
    """
    order = sorted(range(len(named)), key=lambda i: named[i][1][1])
    lines = [tuple(wrap(named[i][0], chars)) for i in order]
    heights = [size * (1.18 * len(rows) + 0.55) for rows in lines]
    tops = stack([named[i][1][1] - h / 2 for i, h in zip(order, heights)], heights, top, bottom)
    found: list[Label | None] = [None] * len(named)
    for i, rows, height, start in zip(order, lines, heights, tops):
        away = 1 if anchor == "start" else -1
        point = named[i][1]
        # Letters of a sans serif are about half as wide as high.
        inner = u if (point[0] - u) * away < 0 else u + away * size * 0.55 * max(map(len, rows))
        middle = start + height / 2
        gap = size * 0.35 * (-away if inner == u else away)
        found[i] = Label(rows, u, start + size * 1.1, anchor, ((inner + gap, middle), point))
    return [label for label in found if label]


def within(points: Sequence[Flat], low: float, high: float) -> tuple[Flat, ...]:
    """Return the stretch of a line between two values of u, its ends cut exactly; u must not turn back."""
    points = sorted(points)
    found = [p for p in points if low < p[0] < high]
    for end in (low, high):
        for (u0, v0), (u1, v1) in pairwise(points):
            if u0 <= end <= u1 and u0 != u1:
                found.append((end, v0 + (v1 - v0) * (end - u0) / (u1 - u0)))
                break
    return tuple(sorted(found))
