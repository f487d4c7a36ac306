"""A simple, honest B-mode: what a linear probe would show of a section of tissue that is known.

Scatterers are convolved with a point spread function that widens away from the focus, weakened by the tissue
above them, raised again by time gain together with the noise, and compressed. Shadow behind bone and brightness
behind a cyst are not painted: they follow from how much sound each tissue takes. Nothing here is measured on a
patient, and no strength of echo is calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import convolve1d, gaussian_filter, gaussian_filter1d, zoom
from scipy.signal import fftconvolve

SPEED_MM_US = 1.54  # of sound in soft tissue, as machines assume
MARGIN_MM = 2.0  # of tissue around the picture, so that its rim is no rim of the arithmetic


@dataclass
class Section:
    """A slice of tissue below the skin, on a grid: rows are depth, columns lateral.

    Attributes
    ----------
    x_mm, z_mm
        Lateral places, shape (columns,), and depths, shape (rows,); evenly spaced.
    scatter
        Strength of small scatterers, linear, shape (rows, columns).
    mirror
        Strength of sheets that reflect as a whole, linear, same shape; one or two samples thick.
    loss
        Attenuation one way, dB per mm and MHz, same shape.
    seed
        Fixes where the scatterers are. They belong to the tissue: a probe that moves finds them again.
    """

    x_mm: np.ndarray
    z_mm: np.ndarray
    scatter: np.ndarray
    mirror: np.ndarray
    loss: np.ndarray
    seed: int = 1


@dataclass(frozen=True)
class Probe:
    """A linear probe and its settings: MHz, millimetres, decibels.

    `looks` are averaged, as machines do that send from several angles; `gain_db_mm` is the time gain.
    """

    mhz: float = 12.0
    width_mm: float = 38.0
    depth_mm: float = 34.0
    focus_mm: float = 15.0
    gain_db_mm: float = 1.25
    range_db: float = 56.0
    noise_db: float = -86.0
    looks: int = 3
    pixel_mm: float = 0.0625


def bmode(section: Section, probe: Probe = Probe(), at_mm: float = 0.0) -> np.ndarray:
    """Return the picture of a section with the middle of the probe over `at_mm`.

    Returns
    -------
    numpy.ndarray
        Brightness, uint8, shape (rows of depth, lateral columns), `probe.pixel_mm` a pixel.

    Raises
    ------
    ValueError
        If the probe would look beyond the section.
    """
    half, (left, right) = probe.width_mm / 2 + MARGIN_MM, section.x_mm[[0, -1]]
    if at_mm - half < left or at_mm + half > right or probe.depth_mm + MARGIN_MM > section.z_mm[-1]:
        raise ValueError(
            f"the probe at {at_mm:g} mm looks beyond the section: {left:g} to {right:g} mm, {section.z_mm[-1]:.1f} mm deep, "
            f"of which {MARGIN_MM:g} mm on each side and below are kept for the beam"
        )
    window = np.ix_(section.z_mm <= probe.depth_mm + MARGIN_MM, np.abs(section.x_mm - at_mm) <= half)
    way = _way_db(section.loss[window], section, probe)
    rng = np.random.default_rng(section.seed)
    power = 0.0
    for _ in range(probe.looks):
        # Drawn for the whole section, then cut: the same scatterers wherever the probe stands.
        grains = rng.standard_normal(section.scatter.shape, dtype=np.float32)[window]
        echo = section.scatter[window] * grains + section.mirror[window]
        power = power + np.abs(_blur(echo * 10 ** (way / 20), section, probe)) ** 2
    return _show(np.sqrt(power / probe.looks), section, probe)


def _step(places: np.ndarray) -> float:
    return float(places[1] - places[0])


def _way_db(loss: np.ndarray, section: Section, probe: Probe) -> np.ndarray:
    """Return the loss of sound on its way to each place and back, in dB, at most 0; a beam is as wide as its aperture."""
    step = _step(section.z_mm)
    way = np.minimum(2 * probe.mhz * (np.cumsum(loss, axis=0, dtype=np.float32) - loss) * step, 120)
    return -gaussian_filter1d(way, 0.35 / _step(section.x_mm), axis=1, mode="nearest")


def _blur(echo: np.ndarray, section: Section, probe: Probe) -> np.ndarray:
    """Return the complex echo after the point spread function: a short pulse, and a beam with one focus."""
    dz, dx = _step(section.z_mm), _step(section.x_mm)
    wave_mm = SPEED_MM_US / probe.mhz
    along = np.arange(-4 * wave_mm, 4 * wave_mm + dz, dz)
    pulse = np.exp(-((along / (0.85 * wave_mm)) ** 2)) * np.exp(4j * np.pi * along / wave_mm)
    echo = fftconvolve(echo, pulse[:, None], mode="same", axes=0)
    depth = section.z_mm[: echo.shape[0]]
    widths = np.array([0.16, 0.26, 0.42])  # mm, standard deviation of the beam
    beams = [convolve1d(echo, _beam(width, dx), axis=1, mode="nearest") for width in widths]
    wanted = np.clip(0.16 + 0.012 * np.abs(depth - probe.focus_mm), widths[0], widths[-1])
    shares = [np.interp(wanted, widths, np.eye(3)[i]) for i in range(3)]
    return sum(share[:, None] * beam for share, beam in zip(shares, beams, strict=True))


def _beam(width_mm: float, step_mm: float) -> np.ndarray:
    across = np.arange(-4 * width_mm, 4 * width_mm + step_mm, step_mm)
    kernel = np.exp(-((across / width_mm) ** 2) / 2)
    return kernel / np.sqrt((kernel**2).sum())


def _show(envelope: np.ndarray, section: Section, probe: Probe) -> np.ndarray:
    """Return what stands on the screen: gain, noise, compression, pixels."""
    depth = section.z_mm[: envelope.shape[0], None]
    gain = 10 ** (probe.gain_db_mm * depth / 20)
    rng = np.random.default_rng(section.seed + 1000)
    noise = 10 ** (probe.noise_db / 20) * np.abs(rng.standard_normal(envelope.shape))
    decibel = 20 * np.log10((envelope + noise) * gain + 1e-9)
    size = round(probe.depth_mm / probe.pixel_mm), round(probe.width_mm / probe.pixel_mm)
    rim = round(MARGIN_MM / _step(section.x_mm))
    decibel = decibel[depth[:, 0] < probe.depth_mm, rim:-rim]
    smooth = gaussian_filter(decibel, (0.02 / _step(section.z_mm), 0.03 / _step(section.x_mm)))
    pixels = zoom(
        smooth, (size[0] / smooth.shape[0], size[1] / smooth.shape[1]), order=1, grid_mode=True, mode="nearest"
    )
    return np.round(255 * np.clip(1 + pixels / probe.range_db, 0, 1) ** 1.1).astype(np.uint8)
