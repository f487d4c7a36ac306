"""Plots of a report: figures with their intervals on one axis, and a distribution. Places as in `plots.drawing`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backmice.analysis.resample import Figure
from backmice.plots.drawing import AXIS_WORDS_EM, EDGE, ROW_EM, TICKS_EM, across
from backmice.plots.plot import Axis

SHARE = Axis(words="Share of points", unit="%", low=0, high=100, step=20)
CORRELATION = Axis(words="Correlation with the other items", low=-1, high=1, step=0.5)
HISTOGRAM_EM = 9.0
MOST_BARS = 24


@dataclass(frozen=True)
class Row:
    """A figure where it stands: `y_*` in em below the top, `x` and `span` in per cent of the width."""

    words: str
    told: str
    y_words: float
    y_told: float
    y: float
    x: float | None
    span: tuple[float, float] | None


@dataclass(frozen=True)
class IntervalDrawing:
    """Rows below an axis; `mark` is a line that figures are held against."""

    axis: Axis
    ticks: tuple[tuple[float, str], ...]
    mark: tuple[float, str] | None
    top: float
    bottom: float
    height: float
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bar:
    """How many students have points from `low` to `high`; `x` and `width` in per cent, `height` in em."""

    low: int
    high: int
    count: int
    x: float
    width: float
    height: float


def intervals(
    named: Iterable[tuple[str, Figure]], axis: Axis, scale: float = 1.0, mark: tuple[float, str] | None = None
) -> IntervalDrawing:
    """Return a drawing of figures, from the top down, times `scale`; `mark` is in the axis's unit."""
    words_em, told_em, line_em, row_em = ROW_EM["intervals"]
    top = AXIS_WORDS_EM + TICKS_EM
    place = lambda value: across(min(max(scale * value, axis.low), axis.high), axis)
    rows = []
    for n, (words, figure) in enumerate(named):
        y = top + n * row_em
        span = None if figure.low is None else (place(figure.low), place(figure.high))
        rows.append(
            Row(words, told(figure, scale, axis.unit), round(y + words_em, 2), round(y + told_em, 2),
                round(y + line_em, 2), None if figure.value is None else place(figure.value), span)
        )  # fmt: skip
    bottom = round(top + len(rows) * row_em, 2)
    ticks = tuple((across(tick, axis), f"{tick:g}".replace("-", "\N{MINUS SIGN}")) for tick in axis.ticks())
    held = mark and (across(mark[0], axis), mark[1])
    return IntervalDrawing(axis, ticks, held, top, bottom, round(bottom + TICKS_EM + 0.4, 2), tuple(rows))


def told(figure: Figure, scale: float = 1.0, unit: str = "", digits: int | None = None) -> str:
    """Return a figure in words: 0.42 (0.31 to 0.53)."""
    if figure.value is None:
        return "can’t be told"
    places = digits if digits is not None else 0 if unit == "%" else 2
    words = [number(scale * value, places) for value in (figure.value, figure.low, figure.high) if value is not None]
    one = f"{words[0]}\N{NO-BREAK SPACE}{unit}" if unit else words[0]
    return f"{one} ({words[1]} to {words[2]})" if len(words) == 3 else one


def number(value: float, places: int) -> str:
    """Return a number with so many decimals, with a true minus, and none before a zero."""
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "\N{MINUS SIGN}")


def bars(counts: Sequence[int]) -> tuple[Bar, ...]:
    """Return the distribution of points, from 0 up, in at most `MOST_BARS` bars of the same width."""
    per_bar = -(-len(counts) // MOST_BARS)
    groups = [(low, counts[low : low + per_bar]) for low in range(0, len(counts), per_bar)]
    most = max((sum(group) for _, group in groups), default=0) or 1
    step = (100 - 2 * EDGE) / len(groups)
    return tuple(
        Bar(low, low + len(group) - 1, sum(group), round(EDGE + n * step, 3), round(0.86 * step, 3),
            round((HISTOGRAM_EM - 2) * sum(group) / most, 3))
        for n, (low, group) in enumerate(groups)
    )  # fmt: skip
