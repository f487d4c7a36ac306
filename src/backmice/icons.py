"""The course as a program on a home screen: its icons, drawn of the mark, and the manifest that names them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PIL import __version__ as painter

from backmice.assets import write_changed
from backmice.kept import digest, kept

#: The mark's own units, as static/mark.svg has them.
SIDE, CORNERS, STROKE, DASH, GAP = 32, ((4, 6), (28, 6), (16, 28)), 2.4, 4.0, 2.6
LUMP, LUMP_RADIUS = (22.2, 10.6), 4
#: Drawn larger and made smaller, so that edges are smooth.
FINER = 4
TOKENS = "static/tokens.css"
TOKEN = r"--{}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\)"
SHORT_NAME = "Back mice"
DESCRIPTION = "An open clinical course on back mice and the nerves they are confused with. Education, not advice."


@dataclass(frozen=True)
class Icon:
    """A picture of so many pixels a side; the mark takes a share of it, since a mask may cut what is outside a circle."""

    size: int
    share: float = 0.8
    purpose: str = "any"

    @property
    def name(self) -> str:
        """Return its file's name."""
        return f"icon-{self.size}{'' if self.purpose == 'any' else f'-{self.purpose}'}.png"


ICONS = (Icon(180), Icon(192), Icon(512), Icon(512, 0.55, "maskable"))


def token(name: str) -> tuple[str, str]:
    """Return a colour of the course, light and dark."""
    found = re.search(TOKEN.format(name), (files("backmice") / TOKENS).read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"{TOKENS} has no colour --{name}")
    return found[1], found[2]


def colours() -> dict[str, str]:
    """Return the colour of the browser's own bar, by theme: that of the page."""
    light, dark = token("paper")
    return {"light": light, "dark": dark}


def draw(icon: Icon) -> bytes:
    """Return an icon as PNG: the dashed triangle and the lump, on paper."""
    ink, gentian, paper = (token(name)[0] for name in ("ink", "gentian", "paper"))
    side = icon.size * FINER
    scale = side * icon.share / SIDE
    margin = side * (1 - icon.share) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return margin + x * scale, margin + y * scale

    picture = Image.new("RGB", (side, side), paper)
    pen = ImageDraw.Draw(picture)
    for start, end in dashes():
        pen.line([at(*start), at(*end)], fill=ink, width=round(STROKE * scale))
    (x, y), r = LUMP, LUMP_RADIUS
    pen.ellipse([at(x - r, y - r), at(x + r, y + r)], fill=gentian)
    out = BytesIO()
    picture.resize((icon.size, icon.size), Image.Resampling.LANCZOS).quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def dashes() -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the dashes of the triangle, each broken where it meets a corner."""
    walked = 0.0
    for (x0, y0), (x1, y1) in zip(CORNERS, (*CORNERS[1:], CORNERS[0]), strict=True):
        length = math.hypot(x1 - x0, y1 - y0)
        first = -(walked % (DASH + GAP))
        for n in range(math.ceil((length - first) / (DASH + GAP))):
            start = first + n * (DASH + GAP)
            begin, end = max(start, 0), min(start + DASH, length)
            if begin < end:
                yield tuple((x0 + (x1 - x0) * t / length, y0 + (y1 - y0) * t / length) for t in (begin, end))
        walked += length


def write_icon(folder: Path, icon: Icon, kept_in: Path) -> None:
    """Write an icon, unless it is there; it is kept in `kept_in`, as drawing takes longer than all else here."""
    decides = (Path(__file__), Path(str(files("backmice"))) / TOKENS)
    name = digest([repr(icon).encode(), painter.encode(), *(file.read_bytes() for file in decides)])
    write_changed(folder / icon.name, kept(kept_in, f"{name}.png", lambda: draw(icon)))


def manifest(title: str, start: str, home: str) -> dict[str, Any]:
    """Return what a browser asks of a course that it installs; all addresses are from the course's root."""
    paper = token("paper")[0]
    listed = [
        {
            "src": f"{home}/{icon.name}",
            "sizes": f"{icon.size}x{icon.size}",
            "type": "image/png",
            "purpose": icon.purpose,
        }
        for icon in ICONS
        if icon.size >= 192
    ]
    return {
        "name": f"{title}: an open clinical course",
        "short_name": SHORT_NAME,
        "description": DESCRIPTION,
        "lang": "en",
        "dir": "ltr",
        "start_url": start,
        "scope": "./",
        "display": "standalone",
        "background_color": paper,
        "theme_color": paper,
        "icons": listed,
    }
