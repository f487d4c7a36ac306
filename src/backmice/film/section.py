"""The section beside an infiltration: needle tip, lump, fascia and bone, cut along the needle; mm to pixels."""

from __future__ import annotations

import numpy as np
import pyvista as pv
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import ConvexHull

from backmice.film.back import Back
from backmice.film.frame import Needle
from backmice.film.lumps import RGB
from backmice.film.mesh import unit
from backmice.film.overlay import EDGE_PX, INK, PAPER, Sheet, text_width

SIZE_PX, TOP_PX = (430, 420), 104
WIDE_MM, HIGH_MM, ABOVE_MM = 76.0, 62.0, 20.0
SKIN, FAT, FASCIA, MUSCLE, BONE = (205, 150, 120), (226, 190, 98), (226, 238, 244), (150, 66, 76), (240, 228, 198)
TIP = (255, 222, 92)


class Section:
    """A cut through the back along the needle's way, made once for each lump."""

    def __init__(self, back: Back, lump: str, axis: np.ndarray) -> None:
        bump = back.lumps[lump]
        self.middle, self.down = bump.centre, -bump.normal
        self.across = unit(axis - bump.normal * (axis @ bump.normal))
        self.top = float((back.on_skin(bump.centre[[0, 2]]) - bump.centre) @ self.down)
        self.s = np.linspace(-WIDE_MM / 2, WIDE_MM / 2, 85)
        depths = np.arange(-ABOVE_MM - 14, HIGH_MM + 8, 0.5)
        places = self.middle + self.s[:, None, None] * self.across + (self.top + depths)[:, None] * self.down
        flat = places.reshape(-1, 3)
        inside = (flat[:, 1] > back.depth(flat[:, 0], flat[:, 2])).reshape(places.shape[:2])
        fascia = np.array([back.region.fascia.at(x, z) for x, _, z in flat]).reshape(inside.shape)
        deep = flat[:, 1].reshape(inside.shape) > fascia
        self.skin = gaussian_filter1d(depths[np.argmax(inside, axis=1)], 2.0)
        self.fascia = gaussian_filter1d(depths[np.argmax(deep & inside, axis=1)], 1.5)
        bones = pv.merge([p.mesh for p in back.parts if p.layer == "bone"]).extract_surface(algorithm="dataset_surface")
        self.bone = np.full(len(self.s), np.nan)
        for k, s in enumerate(self.s):
            start = self.middle + s * self.across + (self.top - 20) * self.down
            hits, _ = bones.ray_trace(start, start + 140 * self.down, first_point=True)
            if len(hits):
                self.bone[k] = float((np.asarray(hits).reshape(-1, 3)[0] - self.middle) @ self.down) - self.top
        points = bump.placed()
        near = points[np.abs((points - self.middle) @ np.cross(self.across, self.down)) < 3.0]
        flat = np.array([self._flat(p) for p in near])
        self.lump = flat[ConvexHull(flat).vertices]
        self.rgb = RGB[bump.lump.kind]

    def _flat(self, point: np.ndarray) -> np.ndarray:
        """Return a point as (mm across, mm below the skin over the lump)."""
        off = point - self.middle
        return np.array([off @ self.across, off @ self.down - self.top])

    def draw(self, sheet: Sheet, needle: Needle) -> None:
        """Draw the section with the needle as it is now."""
        width, height = SIZE_PX
        left, scale = EDGE_PX, SIZE_PX[0] / WIDE_MM

        def px(s: float, depth: float) -> tuple[float, float]:
            x = left + (s + WIDE_MM / 2) * scale
            y = TOP_PX + (depth + ABOVE_MM) * scale
            return float(np.clip(x, left, left + width)), float(np.clip(y, TOP_PX, TOP_PX + height))

        def band(upper: np.ndarray, lower: np.ndarray, rgb: tuple[int, int, int]) -> None:
            there = ~(np.isnan(upper) | np.isnan(lower))
            edge = [px(s, d) for s, d in zip(self.s[there], upper[there])]
            edge += [px(s, d) for s, d in zip(self.s[there][::-1], lower[there][::-1])]
            if len(edge) > 2:
                sheet.shape(edge, (*rgb, 255))

        sheet.box((left - 8, TOP_PX - 46, left + width + 8, TOP_PX + height + 8), (*PAPER, 238), 10)
        sheet.text((left + 6, TOP_PX - 22), f"Section: {needle.said.lower()}", 24, (*INK, 255), "lm")
        floor = np.full(len(self.s), HIGH_MM + 30)
        band(self.skin, floor, FAT)
        band(self.skin, self.skin + 2.0, SKIN)
        band(self.fascia, floor, MUSCLE)
        band(self.fascia - 0.5, self.fascia + 0.6, FASCIA)
        band(self.bone, floor, BONE)
        sheet.shape([px(*p) for p in self.lump], (*self.rgb, 255))
        for centre, radius in needle.fluid:
            x, y = px(*self._flat(centre))
            sheet.dot((x, y), radius * scale, (112, 198, 236, 190))
        tip = self._flat(needle.tip)
        hub = self._flat(needle.tip + needle.back * 62)
        sheet.line([px(*tip), px(*hub)], (20, 26, 28, 255), 7.5)
        sheet.line([px(*tip), px(*hub)], (236, 242, 244, 255), 4.0)
        for radius, rgb in ((10.0, PAPER), (8.0, TIP), (3.6, PAPER)):
            sheet.dot(px(*tip), radius, (*rgb, 255))
        self._names(sheet, px, left + width)
        self._point(sheet, px(*tip), left + 10)

    def _names(self, sheet: Sheet, px, right: float) -> None:
        """Name what is cut, at the right edge of the section."""
        k = len(self.s) - 9
        spots = [("Skin", self.skin[k] + 1), ("Fat", (self.skin[k] + self.fascia[k]) / 2), ("Fascia", self.fascia[k])]
        bone = self.bone[~np.isnan(self.bone)]
        if len(bone):
            spots.append(("Bone", float(self.bone[k] if not np.isnan(self.bone[k]) else bone[-1]) + 6))
        last = -99.0
        for words, depth in spots:
            y = min(max(px(self.s[k], depth)[1], last + 32), TOP_PX + SIZE_PX[1] - 18)
            last = y
            sheet.box((right - 96, y - 15, right - 4, y + 15), (*PAPER, 225), 4)
            sheet.text((right - 50, y), words, 23, (*INK, 255), "mm")

    def _point(self, sheet: Sheet, tip: tuple[float, float], left: float) -> None:
        """Name the needle's tip at the left edge, with a line to it."""
        wide, y = text_width("Needle tip", 23) + 20, max(tip[1] + 46, TOP_PX + 190)
        sheet.line([(left + wide, y), (tip[0] - 9, tip[1] + 6)], (*PAPER, 255), 4.5)
        sheet.line([(left + wide, y), (tip[0] - 9, tip[1] + 6)], (*TIP, 255), 2.4)
        sheet.box((left, y - 16, left + wide, y + 16), (*PAPER, 225), 4)
        sheet.text((left + 10, y), "Needle tip", 23, (*TIP, 255), "lm")
