"""Tissue of the low back as sections that can be scanned: layers, and what may lie among them.

Which layers there are and how bright, and what each lump looks like, follows the claims named in frames.yml.
Depths and sizes that no claim gives are illustrative.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from bmode import Section
from scipy.ndimage import gaussian_filter1d

Curve = Callable[[np.ndarray], np.ndarray]
#: Scatterers in dB and loss in dB per mm and MHz: illustrative, in the order of brightness that the claims give.
TISSUE = {
    "skin": (-27, 0.06), "fat": (-43, 0.05), "nodule": (-42, 0.05), "fascia": (-27, 0.06), "muscle": (-45, 0.055),
    "lipoma": (-36, 0.052), "cyst": (-49, 0.025), "bone": (-60, 4.0),
}  # fmt: skip
SKIN_MM, WIDTH_MM, DEPTH_MM = 2.0, 70.0, 38.0


def linear(decibel: float | np.ndarray) -> float | np.ndarray:
    """Return decibels as a factor of amplitude."""
    return 10 ** (decibel / 20)


class Low:
    """The low back over the iliac crest, being built: layers first, then what lies in them."""

    def __init__(self, seed: int, *, fascia_mm: float, fascia_thick_mm: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.x = np.arange(-WIDTH_MM / 2, WIDTH_MM / 2 + 1e-6, 0.0625)
        self.z = np.arange(0, DEPTH_MM, 0.02)
        shape = self.z.size, self.x.size
        self.scatter, self.mirror, self.loss = (np.zeros(shape) for _ in range(3))
        self.seed = seed
        self.thick = fascia_thick_mm
        self.fascia = fascia_mm + self.wave(0.5, 12) + 0.012 * self.x
        self._layers()

    def wave(self, height_mm: float, length_mm: float) -> np.ndarray:
        """Return a gentle random line over x: standard deviation and length in mm."""
        line = gaussian_filter1d(self.rng.standard_normal(self.x.size), length_mm / 0.0625 / 2, mode="wrap")
        return height_mm * line / line.std()

    def fill(self, where: np.ndarray, tissue: str, mottle_db: float = 1.5) -> None:
        """Give a region the scatterers and the loss of a tissue, a little uneven."""
        level, loss = TISSUE[tissue]
        uneven = np.outer(np.ones(self.z.size), self.wave(mottle_db / 2, 5)) + self.wave_z(mottle_db / 2, 3)[:, None]
        self.scatter[where] = linear(level + uneven)[where]
        self.loss[where] = loss

    def wave_z(self, height: float, length_mm: float) -> np.ndarray:
        """Return a gentle random line over depth."""
        line = gaussian_filter1d(self.rng.standard_normal(self.z.size), length_mm / 0.02 / 2, mode="wrap")
        return height * line / line.std()

    def sheet(self, depth: np.ndarray, decibel: float, thick_mm: float = 0.15, where: np.ndarray | None = None) -> None:
        """Add a thin bright sheet along depth(x): it shines where it lies flat to the probe, and unevenly."""
        slope = np.gradient(depth, self.x)
        bright = linear(decibel + self.wave(2.5, 1.5)) * np.exp(-((slope / 0.45) ** 2))
        if where is not None:
            bright = bright * where
        away = self.z[:, None] - depth[None, :]
        self.scatter = np.maximum(self.scatter, bright * np.exp(-((away / thick_mm) ** 2)))
        self.mirror += 0.5 * bright * np.exp(-((away / 0.025) ** 2))

    def strands(
        self,
        count: int,
        band: tuple[np.ndarray, np.ndarray],
        decibel: float,
        *,
        tilt: float,
        length_mm: float,
        bend: float = 0.25,
        inside: np.ndarray | None = None,
    ) -> None:
        """Add short bright strands between two lines: septa of fat, or the fibrous planes of muscle."""
        for _ in range(count):
            middle, half = self.rng.uniform(-34, 34), length_mm * self.rng.uniform(0.35, 1) / 2
            share, slope = self.rng.uniform(0.04, 0.96), self.rng.normal(tilt, abs(tilt) * 0.3 + 0.06)
            level = decibel + self.rng.normal(0, 2.5)
            away = self.x - middle
            depth = band[0] + share * (band[1] - band[0]) + slope * away + bend * np.sin(away / 3.1 + 7 * share)
            seen = np.exp(-((away / half) ** 4)) * ((depth > band[0]) & (depth < band[1]))
            if inside is not None:
                row = np.clip((depth / 0.02).astype(int), 0, self.z.size - 1)
                seen = seen * inside[row, np.arange(self.x.size)]
            near = np.abs(away) < 2.2 * half  # the rest is dark anyhow
            self._strand(depth[near], level, seen[near], near)

    def _strand(self, depth: np.ndarray, level: float, seen: np.ndarray, near: np.ndarray) -> None:
        if depth.size < 8:
            return
        slope = np.gradient(depth, 0.0625)
        bright = linear(level) * seen * np.exp(-((slope / 0.6) ** 2))
        top, end = np.searchsorted(self.z, [depth.min() - 0.5, depth.max() + 0.5])
        away = self.z[top:end, None] - depth[None, :]
        here = np.ix_(np.arange(top, end), np.flatnonzero(near))
        self.scatter[here] = np.maximum(self.scatter[here], bright * np.exp(-((away / 0.11) ** 2)))
        self.mirror[here] += 0.35 * bright * np.exp(-((away / 0.025) ** 2))

    def _layers(self) -> None:
        rows = self.z[:, None]
        skin = SKIN_MM + self.wave(0.08, 2)
        self.between = SKIN_MM + 0.5 * (self.fascia - SKIN_MM) + self.wave(0.4, 8)
        self.fill(np.ones_like(self.scatter, dtype=bool), "fat")
        for tilt in (0.1, -0.1):  # the fat above is set with compact septa, the fat below with loose ones
            self.strands(26, (skin + 0.3, self.between), -26, tilt=tilt, length_mm=8, bend=0.35)
            self.strands(12, (self.between + 0.3, self.fascia - 0.4), -28, tilt=tilt / 2, length_mm=13)
        self.sheet(self.between, -23, 0.12, where=np.clip(0.75 + self.wave(0.3, 4), 0.25, 1))
        self.fill(rows < skin[None, :], "skin", 2)
        self.sheet(np.full(self.x.size, 0.3), -6, 0.25)
        below = rows > (self.fascia + self.thick)[None, :]
        self.fill(below, "muscle")
        base = self.fascia + self.thick
        self.strands(190, (base + 0.4, np.full(self.x.size, DEPTH_MM)), -28, tilt=0.09, length_mm=12, bend=0.1)
        band = (rows >= self.fascia[None, :]) & ~below
        self.fill(band, "fascia")
        for share, level in ((0.06, -12), (0.5, -19), (0.94, -15)):
            self.sheet(self.fascia + share * self.thick + self.wave(0.05, 3), level, 0.14)

    def crest(self, x_mm: float, depth_mm: float, *, steep: float = 0.028, half_mm: float = 11) -> None:
        """Add the crest of bone: a bright convex line that takes nearly all sound."""
        top = depth_mm + steep * (self.x - x_mm) ** 2 + self.wave(0.12, 2)
        here = np.abs(self.x - x_mm) < half_mm
        rows = self.z[:, None]
        inside = (rows > top[None, :]) & here[None, :]
        self.scatter[inside] = linear(TISSUE["bone"][0])
        self.mirror[inside] = 0
        self.loss[inside] = TISSUE["bone"][1]
        self.sheet(top, -4, 0.2, where=np.where(here, np.exp(-(((self.x - x_mm) / half_mm) ** 6)), 0))

    def oval(self, x_mm: float, z_mm: float, wide_mm: float, high_mm: float, lobes: float) -> tuple[np.ndarray, ...]:
        """Return, each of shape (rows, columns): r (1 on the outline, less inside), how flat the outline lies, the turn.

        Flat is 1 where the outline lies along the skin and 0 where it stands; the turn is an angle in radians.
        """
        dx, dz = (self.x - x_mm)[None, :], self.z[:, None] - z_mm
        turn = np.arctan2(dz / high_mm, dx / wide_mm)
        ripple = 1 + lobes * (np.sin(3 * turn + 0.8) + 0.6 * np.sin(5 * turn + 2))
        r = np.hypot(2 * dx / wide_mm, 2 * dz / high_mm) / ripple
        steep = np.hypot(dx / wide_mm**2, dz / high_mm**2)
        flat = np.abs(dz / high_mm**2) / np.maximum(steep, 1e-9)
        return r, flat, turn

    def lump(
        self,
        tissue: str,
        x_mm: float,
        z_mm: float,
        wide_mm: float,
        high_mm: float,
        *,
        capsule_db: float,
        seen: float = 1.0,
        lobes: float = 0.04,
        edge_loss: float = 0.0,
    ) -> np.ndarray:
        """Put a lump in place of what is there and return where it is.

        `seen` is the share of the capsule that shows; `edge_loss` what steep edges take, dB per mm and MHz.
        """
        r, flat, turn = self.oval(x_mm, z_mm, wide_mm, high_mm, lobes)
        inside = r < 1
        self.fill(inside, tissue, 2)
        self.mirror[inside] = 0
        size = min(wide_mm, high_mm) / 2
        around = sum(np.sin(k * turn + self.rng.uniform(0, 7)) for k in (2, 3, 5, 7)) / 1.4
        patchy = np.clip(around + 3 * seen - 1, 0, 1)
        wall = linear(capsule_db) * flat**1.2 * patchy
        self.scatter = np.maximum(self.scatter, wall * np.exp(-(((r - 1) * size / 0.14) ** 2)))
        self.mirror += 0.4 * wall * np.exp(-(((r - 1) * size / 0.03) ** 2))
        self.loss += edge_loss * np.exp(-(((r - 1) * size / 0.35) ** 2)) * (1 - flat) ** 2
        return inside

    def stripes(self, inside: np.ndarray, count: int, decibel: float, length_mm: float) -> None:
        """Add bright lines along the skin within a lump."""
        rows = np.flatnonzero(inside.any(axis=1))
        columns = np.flatnonzero(inside.any(axis=0))
        for _ in range(count):
            z, x = self.rng.uniform(*self.z[rows[[0, -1]]]), self.rng.uniform(*self.x[columns[[0, -1]]])
            half = length_mm * self.rng.uniform(0.5, 1) / 2
            depth = z + 0.02 * (self.x - x) + 0.1 * np.sin(self.x / 2 + z)
            seen = np.exp(-(((self.x - x) / half) ** 4))
            row = np.clip((depth / 0.02).astype(int), 0, self.z.size - 1)
            self._strand(
                depth,
                decibel + self.rng.normal(0, 1.5),
                seen * inside[row, np.arange(self.x.size)],
                np.ones(self.x.size, bool),
            )

    def gap(self, x_mm: float, wide_mm: float) -> None:
        """Open the fascia over about `wide_mm`: fat fills the gap and lies beneath it, and the edges thin out."""
        r, _, _ = self.oval(
            x_mm, float(np.interp(x_mm, self.x, self.fascia)) + self.thick + 1.1, 3.2 * wide_mm, 3.2, 0.06
        )
        below = (self.z[:, None] > (self.fascia + self.thick + 0.1)[None, :]) & (r < 1)
        away = np.abs(self.x - x_mm)[None, :] + self.wave_z(0.25, 0.8)[:, None]
        tall = (self.z[:, None] > (self.fascia - 0.5)[None, :]) & (
            self.z[:, None] < (self.fascia + self.thick + 0.6)[None, :]
        )
        hole = (away < wide_mm / 2) & tall
        thin = np.where(tall, 1 / (1 + np.exp(-(away - wide_mm / 2 - 0.5) / 0.18)), 1)
        self.scatter *= thin
        self.mirror *= thin
        for where in (below, hole):
            self.fill(where, "nodule")
            self.mirror[where] = 0

    def section(self) -> Section:
        """Return what was built."""
        return Section(self.x, self.z, self.scatter, self.mirror, self.loss, self.seed)
