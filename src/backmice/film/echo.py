"""The simulated ultrasound picture beside a scan: drawn by media/ultrasound's own scripts, a few steps along its section."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from backmice.evidence.ledger import load_ledger
from backmice.film.camera import WIDTH
from backmice.film.frame import Echo
from backmice.film.overlay import EDGE_PX, INK, PAPER, Sheet, text_width
from backmice.ultrasound import FOLDER, load_frames

TOP_PX, STEP_MM = 84, 0.5
SCALE = 0.88
#: Names are this high; those of what lies within a lump stand below it, in rows at these depths.
NAME_PX, ROWS_MM = 22, (21.5, 25.5)
NAME_RGB = (255, 226, 140)
#: The lumps as make_frames.py draws them: middle, width and height, mm.
OVALS = {"nodule": (-4, 12.6, 17, 6.8), "lipoma": (0, 9.5, 24, 9), "cyst": (0, 7.6, 13, 9.6)}
#: How much of its depth soft tissue loses where the probe presses, and down to which depth, mm.
SQUEEZE, SOFT_MM = 0.16, 16.0


class Echoes:
    """Simulated pictures of a course, drawn once for each half millimetre that is asked for."""

    def __init__(self, root: Path) -> None:
        self.root, self.claims = root, load_ledger(root).claims
        self.frames = load_frames(root, self.claims)
        self.sections: dict[str, object] = {}

    @cache  # noqa: B019  one for each film
    def picture(self, frame: str, step: int, pressed: float = 0.0) -> Image.Image:
        """Return the picture at a number of steps from the middle of the section, with scale and SIMULATED."""
        folder = str(self.root / FOLDER)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        from bmode import Probe, bmode
        from make_frames import SECTIONS, base_of, dress

        screen = self.frames.screen
        probe = Probe(width_mm=screen.width_mm, depth_mm=screen.depth_mm, pixel_mm=screen.pixel_mm)
        if frame not in self.sections:
            self.sections[frame] = SECTIONS[frame](base_of(self.root))
        grey = bmode(self.sections[frame], probe, float(np.clip(step * STEP_MM, -13.5, 13.5)))
        depth = np.arange(len(grey)) * screen.pixel_mm
        less = SQUEEZE * pressed
        from_mm = np.minimum(depth / (1 - less), depth + SOFT_MM * less)
        rows = np.round(from_mm / screen.pixel_mm).astype(int)
        last = len(grey) - 1  # what comes up from below the picture is its lowest part, mirrored
        return dress(grey[np.where(rows > last, 2 * last - rows, rows)], screen)

    def draw(self, sheet: Sheet, echo: Echo) -> None:
        """Lay the picture on the right of the sheet."""
        step = round(echo.at_mm / STEP_MM)
        picture = self.picture(echo.frame, step, round(echo.pressed, 1)).convert("RGBA")
        fine = sheet.image.width / WIDTH
        width, height = round(picture.width * SCALE), round(picture.height * SCALE)
        left = WIDTH - EDGE_PX - width
        sheet.box((left - 10, TOP_PX - 36, left + width + 10, TOP_PX + height + 10), (*PAPER, 245), 10)
        sheet.text((left, TOP_PX - 18), "Ultrasound, simulated", 22, (*INK, 255), "lm")
        large = picture.resize((round(width * fine), round(height * fine)), Image.Resampling.BICUBIC)
        sheet.image.paste(large, (round(left * fine), round(TOP_PX * fine)))
        sheet.touch(left, TOP_PX, left + width, TOP_PX + height)
        if echo.named > 0.02:
            self._names(sheet, echo, step * STEP_MM, (left, TOP_PX, width, height))

    def _names(self, sheet: Sheet, echo: Echo, at_mm: float, picture: tuple[float, float, float, float]) -> None:
        """Write the names of parts, short; around a lump goes a dashed line, and its name stands clear of it."""
        screen, (left, top, width, height) = self.frames.screen, picture
        alpha = round(255 * echo.named)

        def px(x: float, z: float) -> tuple[float, float]:
            across, down = screen.place(x - at_mm, z - min(z, SOFT_MM) * SQUEEZE * round(echo.pressed, 1))
            return left + across / 100 * width, top + down / 100 * height

        oval, parts = OVALS.get(echo.frame), self.frames.frame(echo.frame).parts
        if oval:
            parts = [part for part in parts if len(part.name) < 30][:2]
            turns = np.linspace(0, 2 * np.pi, 73)
            edge = [px(oval[0] + (oval[2] / 2 + 0.5) * c, oval[1] + (oval[3] / 2 + 0.5) * s)
                    for c, s in zip(np.cos(turns), np.sin(turns))]  # fmt: skip
            for k in range(0, 72, 4):
                if all(left + 40 < x < left + width for x, _ in edge[k : k + 3]):
                    sheet.line(edge[k : k + 3], (*NAME_RGB, alpha), 3.2)
        rows = iter(ROWS_MM)
        for part in (p for p in parts if screen.holds(p.x_mm - at_mm, p.z_mm)):
            at, words = px(part.x_mm, part.z_mm), _short(part.name)
            wide = text_width(words, NAME_PX) + 16
            begin, y = at[0] + 10, at[1]
            if oval and np.hypot((part.x_mm - oval[0]) / oval[2], (part.z_mm - oval[1]) / oval[3]) < 0.5:
                begin, y = at[0] - 30, px(0, next(rows))[1]
                sheet.line([at, (at[0], y)], (0, 0, 0, alpha), 4.4)
                sheet.line([at, (at[0], y)], (*NAME_RGB, alpha), 2.2)
            if begin + wide > left + width - 4 and y == at[1]:
                begin = at[0] - 10 - wide
            begin = min(max(begin, left + 44), left + width - wide - 4)
            y = min(max(y, top + 17), top + height - 17)
            sheet.dot(at, 6, (0, 0, 0, alpha))
            sheet.dot(at, 4.5, (*NAME_RGB, alpha))
            sheet.box((begin, y - 16, begin + wide, y + 16), (0, 0, 0, round(0.84 * alpha)), 4)
            sheet.text((begin + 8, y), words, NAME_PX, (*NAME_RGB, alpha), "lm")


def _short(name: str) -> str:
    """Return as much of a part's name as can be read at a glance."""
    words = name.partition(" with ")[0]
    return words if len(words) < 22 else words.partition(",")[0]
