"""What stands on the picture: names with lines to their places, lists, the section, the ultrasound, the note of origin."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from backmice.film.camera import HEIGHT, WIDTH, Aim
from backmice.film.clock import Take
from backmice.film.mesh import eased
from backmice.film.storyboard import Card

INK, PAPER, ACCENT = (233, 239, 236), (16, 26, 26), (200, 178, 255)
#: Names stand between these heights and off the edges; below is for captions.
TOP_PX, BOTTOM_PX, EDGE_PX, STEP_PX = 64, 560, 36, 50
FINE = 2  # lines are drawn this much larger, then made smaller, so that they are smooth
CARD_PX, CARD_TEXT_PX, CARD_STEP_PX = 470, 28, 40

Box = tuple[int, int, int, int]


@cache
def font(size: float) -> ImageFont.FreeTypeFont:
    """Return the typeface that comes with the drawing package, so that pictures are the same everywhere."""
    return ImageFont.load_default(size * FINE)


class Sheet:
    """A clear sheet of the picture's size, drawn upon in its pixels; only where something is drawn is it laid over."""

    def __init__(self) -> None:
        self.image = Image.new("RGBA", (WIDTH * FINE, HEIGHT * FINE), (0, 0, 0, 0))
        self.pen = ImageDraw.Draw(self.image)
        self.used: list[Box] = []

    def touch(self, left: float, top: float, right: float, bottom: float) -> None:
        """Note that something was drawn within these edges, together with what it overlaps."""
        new = (max(int(left) - 6, 0), max(int(top) - 6, 0), min(int(right) + 7, WIDTH), min(int(bottom) + 7, HEIGHT))
        if new[0] >= new[2] or new[1] >= new[3]:
            return
        while meeting := [box for box in self.used if _meet(box, new)]:
            self.used = [box for box in self.used if box not in meeting]
            new = (min(b[0] for b in (*meeting, new)), min(b[1] for b in (*meeting, new)),
                   max(b[2] for b in (*meeting, new)), max(b[3] for b in (*meeting, new)))  # fmt: skip
        self.used.append(new)

    def text(self, xy: tuple[float, float], words: str, size: float, rgba: tuple[int, ...], anchor: str = "la") -> None:
        """Write words."""
        at = (xy[0] * FINE, xy[1] * FINE)
        self.pen.text(at, words, font=font(size), fill=rgba, anchor=anchor)
        self.touch(*(edge / FINE for edge in self.pen.textbbox(at, words, font=font(size), anchor=anchor)))

    def box(self, corners: tuple[float, float, float, float], rgba: tuple[int, ...], radius: float = 6) -> None:
        """Draw a filled box with round corners."""
        self.pen.rounded_rectangle([c * FINE for c in corners], radius * FINE, fill=rgba)
        self.touch(*corners)

    def line(self, points: list[tuple[float, float]], rgba: tuple[int, ...], width: float) -> None:
        """Draw a line through points."""
        self.pen.line([(x * FINE, y * FINE) for x, y in points], fill=rgba, width=round(width * FINE), joint="curve")
        self._touch_all(points)

    def dot(self, xy: tuple[float, float], radius: float, rgba: tuple[int, ...]) -> None:
        """Draw a filled circle."""
        x, y, r = xy[0] * FINE, xy[1] * FINE, radius * FINE
        self.pen.ellipse([x - r, y - r, x + r, y + r], fill=rgba)
        self.touch(xy[0] - radius, xy[1] - radius, xy[0] + radius, xy[1] + radius)

    def shape(self, points: list[tuple[float, float]], rgba: tuple[int, ...]) -> None:
        """Draw a filled outline."""
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=rgba)
        self._touch_all(points)

    def _touch_all(self, points: list[tuple[float, float]]) -> None:
        across, down = zip(*points, strict=True)
        self.touch(min(across), min(down), max(across), max(down))

    def over(self, pixels: np.ndarray) -> np.ndarray:
        """Return the picture with the sheet laid over it."""
        pixels = pixels.copy()
        for left, top, right, bottom in self.used:
            part = self.image.crop((left * FINE, top * FINE, right * FINE, bottom * FINE))
            small = np.asarray(part.resize((right - left, bottom - top), Image.Resampling.BOX), np.float32)
            share = small[..., 3:] / 255
            under = pixels[top:bottom, left:right]
            pixels[top:bottom, left:right] = (under * (1 - share) + small[..., :3] * share).astype(np.uint8)
        return pixels


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def text_width(words: str, size: float) -> float:
    """Return how wide words are, in pixels of the picture."""
    return font(size).getlength(words) / FINE


def labels(sheet: Sheet, named: list[tuple[str, np.ndarray, str, float]], aim: Aim) -> None:
    """Write names in columns at the edges, from top to bottom as their places lie, with lines that do not cross.

    Parameters
    ----------
    named
        Words, the place (3,), the column, and how far faded in.
    """
    for column in ("left", "right"):
        mine = [(words, aim.pixel(spot), shown) for words, spot, at, shown in named if at == column]
        mine.sort(key=lambda entry: entry[1][1])
        rows = _rows([y for _, (_, y), _ in mine])
        for (words, (x, y), shown), row in zip(mine, rows, strict=True):
            _label(sheet, words, (x, y), row, column, shown)


def _rows(wanted: list[float]) -> list[float]:
    """Return a height for each name, as near to its place as the others let it be."""
    rows = [float(np.clip(y, TOP_PX, BOTTOM_PX)) for y in wanted]
    for k in range(1, len(rows)):
        rows[k] = max(rows[k], rows[k - 1] + STEP_PX)
    over = max(0.0, rows[-1] - BOTTOM_PX) if rows else 0.0
    for k in range(len(rows) - 1, -1, -1):
        ceiling = BOTTOM_PX if k == len(rows) - 1 else rows[k + 1] - STEP_PX
        rows[k] = min(rows[k], ceiling) if over else rows[k]
    return rows


def _label(sheet: Sheet, words: str, place: tuple[float, float], row: float, column: str, shown: float) -> None:
    width, alpha = text_width(words, 23) + 28, round(255 * shown)
    left = EDGE_PX if column == "left" else WIDTH - EDGE_PX - width
    near = left + width if column == "left" else left
    if 0 <= place[0] <= WIDTH and 0 <= place[1] <= HEIGHT:
        knee = near + (26 if column == "left" else -26)
        ends = [(near, row), (knee, row), place]
        sheet.line(ends, (*PAPER, round(alpha * 0.75)), 4.2)
        sheet.line(ends, (*INK, alpha), 1.8)
        sheet.dot(place, 6.2, (*PAPER, alpha))
        sheet.dot(place, 4.4, (*INK, alpha))
    sheet.box((left, row - 19, left + width, row + 19), (*PAPER, round(alpha * 0.86)))
    sheet.text((left + 14, row), words, 23, (*INK, alpha), "lm")


def card(sheet: Sheet, made: Card, take: Take, t: float) -> None:
    """Write a list whose lines come with their sentences."""
    lines = [(take.starts(sentence), words) for sentence, words in made.lines]
    room = CARD_PX - 84
    wrapped = [(at, part, k == 0) for at, words in lines for k, part in enumerate(_wrapped(words, CARD_TEXT_PX, room))]
    shown = float(eased((t - lines[0][0]) / 0.5) * eased((take.end_s - t) / 0.3))
    left = EDGE_PX if made.column == "left" else WIDTH - EDGE_PX - CARD_PX
    high = 74 + CARD_STEP_PX * len(wrapped) + 8 * len(lines)
    top = max(TOP_PX, (BOTTOM_PX - high) / 2)
    sheet.box((left, top, left + CARD_PX, top + high), (*PAPER, round(222 * shown)), 10)
    sheet.text((left + 24, top + 38), made.title, CARD_TEXT_PX + 2, (*ACCENT, round(255 * shown)), "lm")
    y = top + 84
    for at, words, first in wrapped:
        # Ink comes out of the paper: a clear ink would let the picture through.
        here = float(eased((t - at) / 0.5))
        ink, accent = (
            tuple(round(a + (b - a) * here) for a, b in zip(PAPER, colour)) + (round((222 + 33 * here) * shown),)
            for colour in (INK, ACCENT)
        )
        y += 8 if first else 0
        if first:
            ticked = [(left + 26, y), (left + 33, y + 7), (left + 46, y - 9)]
            sheet.line(ticked, accent, 3.0)
        sheet.text((left + 62, y), words, CARD_TEXT_PX, ink, "lm")
        y += CARD_STEP_PX


def _wrapped(words: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def origin(sheet: Sheet, shown: float = 1.0) -> None:
    """Say that this is no patient."""
    sheet.text((EDGE_PX, 30), "Rendered from a model", 16, (*INK, round(170 * shown)), "lm")
