"""Draws the simulated ultrasound frames of the course, in grey, with a scale and the word SIMULATED.

Run from the root of the repository; requirements-media.txt names what it needs:

    python media/ultrasound/make_frames.py

The same scripts draw the same pixels. The digest that is left tells a test when a picture is stale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bmode import Probe, Section, bmode
from PIL import Image, ImageDraw, ImageFont
from sections import Low

from backmice.evidence.ledger import load_ledger
from backmice.ultrasound import Screen, digest, load_frames

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(__file__).resolve().parent / "pictures"
QUALITY = 62


@dataclass(frozen=True)
class Base:
    """What all frames share: the posterior layer of the fascia is as thick as its claim says."""

    fascia_thick_mm: float

    def low(self, seed: int, fascia_mm: float) -> Low:
        """Return a low back with its layers; the depth of the fascia is illustrative."""
        return Low(seed, fascia_mm=fascia_mm, fascia_thick_mm=self.fascia_thick_mm)


def layers(base: Base) -> Section:
    """Layers and the crest."""
    low = base.low(3, 15.5)
    low.crest(11, 25)
    return low.section()


def nodule(base: Base) -> Section:
    """A lump as bright as fat, in the lower fat, over a whole fascia."""
    low = base.low(4, 16.5)
    low.crest(12, 26)
    inside = low.lump("nodule", -4, 12.6, 17, 6.8, capsule_db=-24, seen=0.55)
    low.stripes(inside, 7, -30, 6)
    return low.section()


def defect(base: Base) -> Section:
    """A lump that goes through a gap of the fascia into fat beneath."""
    low = base.low(5, 15)
    inside = low.lump("nodule", -3, 11.7, 13, 6.2, capsule_db=-23, seen=0.55)
    low.gap(-3, 4.5)
    low.stripes(inside, 5, -30, 5)
    return low.section()


def lipoma(base: Base) -> Section:
    """An oval lump with lines along the skin."""
    low = base.low(6, 17)
    inside = low.lump("lipoma", 0, 9.5, 24, 9, capsule_db=-21, seen=0.5, lobes=0.02)
    low.stripes(inside, 26, -23, 9)
    return low.section()


def cyst(base: Base) -> Section:
    """A lump that takes little sound, with edges that bend it away."""
    low = base.low(7, 17)
    low.lump("cyst", 0, 7.6, 13, 9.6, capsule_db=-23, seen=1, lobes=0.01, edge_loss=0.12)
    return low.section()


SECTIONS: dict[str, Callable[[Base], Section]] = {f.__name__: f for f in (layers, nodule, defect, lipoma, cyst)}


def base_of(root: Path) -> Base:
    """Return the base with the figures of the ledger: the middle of the span of means."""
    low, high = load_ledger(root).claims["fasc-thick-normal"].quantity("posterior-layer").extent()
    return Base((low + high) / 2)


def draw(id_: str, screen: Screen, base: Base) -> Image.Image:
    """Return a frame as it is shown: a scale in millimetres at the left, the picture, the word SIMULATED."""
    probe = Probe(width_mm=screen.width_mm, depth_mm=screen.depth_mm, pixel_mm=screen.pixel_mm)
    return dress(bmode(SECTIONS[id_](base), probe), screen)


def dress(grey: np.ndarray, screen: Screen) -> Image.Image:
    """Return the picture with its scale and its label."""
    image = Image.new("L", screen.size_px, 0)
    image.paste(Image.fromarray(grey), (screen.scale_px, 0))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    for mm in range(0, int(screen.depth_mm) + 1, 5):
        y = min(round(mm / screen.pixel_mm), image.height - 1)
        pen.line([(screen.scale_px - (9 if mm % 10 == 0 else 5), y), (screen.scale_px - 1, y)], fill=230)
        if mm % 10 == 0:
            words = f"{mm}" if mm else "mm"
            pen.text((screen.scale_px - 12, max(y, 9)), words, fill=230, font=font, anchor="rm")
    words = "SIMULATED"
    left, top, right, bottom = pen.textbbox((image.width - 8, image.height - 8), words, font=font, anchor="rs")
    pen.rectangle([left - 6, top - 5, right + 6, bottom + 5], fill=0)
    pen.text((image.width - 8, image.height - 8), words, fill=255, font=font, anchor="rs")
    return image


def main() -> None:
    """Draw every frame of frames.yml."""
    claims = load_ledger(ROOT).claims
    found = load_frames(ROOT, claims)
    base = base_of(ROOT)
    PICTURES.mkdir(exist_ok=True)
    for frame in found.frames:
        draw(frame.id, found.screen, base).save(PICTURES / f"{frame.id}.webp", quality=QUALITY, method=6)
    (PICTURES / "drawn-from.txt").write_text(digest(ROOT, claims) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
