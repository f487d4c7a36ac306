"""Draws the cover of the EPUB: title, subtitle and the emblem of the lessons, in the colours of the course.

Run from the root of the repository, after `make book`:

    python media/cover/make_cover.py

It needs Pillow (requirements-media.txt). The same input gives the same picture.
"""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path

from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from backmice.assets import literata_for_print
from backmice.volume.front import SUBTITLE

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SIZE = (1600, 2400)
#: Drawn twice as large and made small, which smooths the lines.
FINER = 2
INK, SOFT, GENTIAN, PAPER, DRAPE = "#13211f", "#3a4b47", "#4b2494", "#fbfcfb", "#e8f0ed"
MARGIN = 150
STEPS = 24


def main() -> None:
    """Write the picture beside this script."""
    width, height = (side * FINER for side in SIZE)
    cover = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(cover)
    text(draw, (MARGIN, 200), "Back mice", 700, 250, INK)
    text(draw, (MARGIN + 8, 580), SUBTITLE, 400, 68, SOFT)
    emblem(draw, left=MARGIN, top=900, scale=(SIZE[0] - 2 * MARGIN) / 240)
    ruler(draw, top=SIZE[1] - 120)
    small = cover.resize(SIZE, Image.Resampling.LANCZOS).quantize(64, dither=Image.Dither.NONE)
    small.save(HERE / "cover.png", optimize=True)


def text(draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, weight: int, size: int, fill: str) -> None:
    """Write in the typeface of the course."""
    made = literata_for_print(ROOT, ROOT / ".cache", weight)
    if made is None:
        raise SystemExit("Literata is not installed; run: make book")
    font = TTFont(made)
    font.flavor = None  # Pillow reads no woff2
    plain = io.BytesIO()
    font.save(plain)
    plain.seek(0)
    place = tuple(part * FINER for part in at)
    draw.multiline_text(place, words, fill, ImageFont.truetype(plain, size * FINER), spacing=20 * FINER)


def emblem(draw: ImageDraw.ImageDraw, *, left: float, top: float, scale: float) -> None:
    """Draw what opens a lesson: a back, its midline and the triangle."""
    page = (ROOT / "src/backmice/theme/page.html").read_text(encoding="utf-8")
    back, triangle = re.findall(r'<path (?:class="drawn" )?d="([^"]+)"', page)
    place = lambda point: ((left + point[0] * scale) * FINER, (top + point[1] * scale) * FINER)
    for line in lines(back):
        draw.line([place(p) for p in line], SOFT, 9 * FINER, "curve")
    for line in lines(triangle):
        dashed(draw, [place(p) for p in line], (46 * FINER, 32 * FINER), 17 * FINER)
    (x, y), r = place((161, 119)), 7 * scale * FINER
    draw.ellipse((x - r, y - r, x + r, y + r), GENTIAN)


def lines(path: str) -> list[list[tuple[float, float]]]:
    """Return a path of SVG as lines of points, its curves in short steps."""
    pen = RecordingPen()
    parse_path(path, pen)
    found: list[list[tuple[float, float]]] = []
    for what, points in pen.value:
        if what == "moveTo":
            found.append([points[0]])
        elif what == "lineTo":
            found[-1].append(points[0])
        elif what == "curveTo":
            start = found[-1][-1]
            found[-1] += [bezier((start, *points), step / STEPS) for step in range(1, STEPS + 1)]
        elif what == "closePath":
            found[-1].append(found[-1][0])
    return found


def bezier(points: tuple[tuple[float, float], ...], t: float) -> tuple[float, float]:
    """Return the point of a curve at `t`, from 0 to 1."""
    while len(points) > 1:
        points = tuple(tuple(a + (b - a) * t for a, b in zip(p, q, strict=True)) for p, q in itertools.pairwise(points))
    return points[0]


def dashed(draw: ImageDraw.ImageDraw, points: list, dash: tuple[float, float], width: int) -> None:
    """Draw a line in dashes."""
    on, off = dash
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        at = 0.0
        while length and at < length:
            end = min(at + on, length)
            part = [(x0 + (x1 - x0) * t / length, y0 + (y1 - y0) * t / length) for t in (at, end)]
            draw.line(part, GENTIAN, width)
            at = end + off


def ruler(draw: ImageDraw.ImageDraw, *, top: int) -> None:
    """Draw the millimetres on which every page of the course stands."""
    for n, x in enumerate(range(0, SIZE[0], 16)):
        height = 60 if n % 10 == 0 else 30
        draw.line([(x * FINER, top * FINER), (x * FINER, (top - height) * FINER)], SOFT, 3 * FINER)
    draw.rectangle((0, top * FINER, SIZE[0] * FINER, SIZE[1] * FINER), DRAPE)


if __name__ == "__main__":
    main()
