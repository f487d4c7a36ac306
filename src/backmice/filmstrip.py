"""What a reader on a slow line sees while a page loads: the stock page above, ours below, at the same times.

Lighthouse reckons times for its table from a load on a fast line; what is shown here was seen on a line that was slow.
"""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

#: When the frames of a picture were seen.
TIMES_S = (0.5, 1, 1.5, 2, 3, 5, 8, 12, 20)
FRAME = (150, 300)
GAP, LINE, SIZE = 12, 22, 15
PAPER, INK, EDGE = "#ffffff", "#1a1a1a", "#767676"


@dataclass(frozen=True)
class Frame:
    """What was on the screen from so many seconds on, as JPEG."""

    seconds: float
    jpeg: bytes


def frames(report: Mapping[str, Any]) -> list[Frame]:
    """Return what a report of Lighthouse shows of a page, the earliest first; none if it saw nothing."""
    shown = report["audits"].get("screenshot-thumbnails", {}).get("details", {}).get("items", [])
    return [Frame(one["timing"] / 1000, b64decode(one["data"].partition(",")[2])) for one in shown]


def at(shown: Iterable[Frame], seconds: float) -> Frame | None:
    """Return what was on the screen at a time, None while it was blank."""
    return max((frame for frame in shown if frame.seconds <= seconds), key=lambda frame: frame.seconds, default=None)


def picture(page: str, rows: Mapping[str, list[Frame]]) -> Image.Image:
    """Return one picture of a page: a row of frames for each book by its name, and the times below them."""
    width, height = FRAME
    strip = Image.new(
        "RGB",
        (GAP + len(TIMES_S) * (width + GAP), GAP + LINE + len(rows) * (2 * LINE + height + GAP)),
        PAPER,
    )
    drawing, font = ImageDraw.Draw(strip), ImageFont.load_default(SIZE)
    drawing.text((GAP, GAP), f"{page}, slow 4G, nothing kept from before", INK, font)
    for row, (book, shown) in enumerate(rows.items()):
        top = GAP + LINE + row * (2 * LINE + height + GAP)
        drawing.text((GAP, top), book, INK, font)
        for column, seconds in enumerate(TIMES_S):
            left = GAP + column * (width + GAP)
            strip.paste(_thumbnail(at(shown, seconds)), (left, top + LINE))
            drawing.rectangle((left, top + LINE, left + width - 1, top + LINE + height - 1), outline=EDGE)
            drawing.text((left, top + LINE + height + 2), f"{seconds:g} s", INK, font)
    return strip


def _thumbnail(frame: Frame | None) -> Image.Image:
    thumbnail = Image.new("RGB", FRAME, PAPER)
    if frame is not None:
        seen = Image.open(io.BytesIO(frame.jpeg))
        seen.thumbnail(FRAME)
        thumbnail.paste(seen)
    return thumbnail


def save(folder: Path, page: str, rows: Mapping[str, list[Frame]]) -> Path:
    """Write the picture of a page into a folder and return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{page.replace('/', '-')}.png"
    picture(page, rows).save(file, optimize=True)
    return file
