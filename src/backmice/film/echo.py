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
SCALE = 0.78


class Echoes:
    """Simulated pictures of a course, drawn once for each half millimetre that is asked for."""

    def __init__(self, root: Path) -> None:
        self.root, self.claims = root, load_ledger(root).claims
        self.frames = load_frames(root, self.claims)
        self.sections: dict[str, object] = {}

    @cache  # noqa: B019  one for each film
    def picture(self, frame: str, step: int) -> Image.Image:
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
        return dress(bmode(self.sections[frame], probe, float(np.clip(step * STEP_MM, -13.5, 13.5))), screen)

    def draw(self, sheet: Sheet, echo: Echo) -> None:
        """Lay the picture on the right of the sheet."""
        step = round(echo.at_mm / STEP_MM)
        picture = self.picture(echo.frame, step).convert("RGBA")
        fine = sheet.image.width / WIDTH
        width, height = round(picture.width * SCALE), round(picture.height * SCALE)
        left = WIDTH - EDGE_PX - width
        sheet.box((left - 10, TOP_PX - 36, left + width + 10, TOP_PX + height + 10), (*PAPER, 245), 10)
        sheet.text((left, TOP_PX - 18), "Ultrasound, simulated", 18, (*INK, 255), "lm")
        large = picture.resize((round(width * fine), round(height * fine)), Image.Resampling.BICUBIC)
        sheet.image.paste(large, (round(left * fine), round(TOP_PX * fine)))
        sheet.touch(left, TOP_PX, left + width, TOP_PX + height)
        if not echo.parts:
            return
        screen = self.frames.screen
        for part in self.frames.frame(echo.frame).parts:
            x, z = part.x_mm - step * STEP_MM, part.z_mm
            if not screen.holds(x, z):
                continue
            across, down = screen.place(x, z)
            at = left + across / 100 * width, TOP_PX + down / 100 * height
            wide = text_width(part.name, 15) + 12
            begin = min(max(at[0] + 10, left + 40), left + width - wide - 4)
            sheet.dot(at, 4, (255, 214, 92, 255))
            sheet.box((begin, at[1] - 11, begin + wide, at[1] + 11), (0, 0, 0, 170), 4)
            sheet.text((begin + 6, at[1]), part.name, 15, (255, 226, 140, 255), "lm")
