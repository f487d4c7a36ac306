"""Where everything of a plot stands: across in per cent of the width, down in em, so that letters keep their size.

Each row has its words above its line, which fits a phone and a wide page alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backmice.evidence.claim import Claim
from backmice.plots.mark import Mark, mark
from backmice.plots.plot import Axis, Group, IntervalPlot, Panel

#: Room at each side, for half of the words at the first and the last tick.
EDGE = 4.0
TICKS_EM = 1.6
AXIS_WORDS_EM = 1.7
HEAD_EM = 2.1
#: By kind: where the words, the figure and the line stand below the top of a row, and how high the row is.
ROW_EM = {"intervals": (1.4, 2.65, 3.55, 4.3), "timeline": (1.5, None, 2.45, 3.1)}
PANEL_GAP_EM = 2.2


@dataclass(frozen=True)
class DrawnRow:
    """A row with its place: `y_*` in em below the top, `x` in per cent of the width."""

    words: str
    claim: Claim
    mark: Mark
    y_words: float
    y_figure: float | None
    y: float
    x: float | None
    span: tuple[float, float] | None
    reach: tuple[float, float] | None


@dataclass(frozen=True)
class DrawnGroup:
    """A head, where there is one, and the rows below it."""

    head: str | None
    y: float
    rows: tuple[DrawnRow, ...]


@dataclass(frozen=True)
class DrawnPanel:
    """An axis with its ticks, as (per cent, words), from `top` to `bottom`, and what stands on it."""

    axis: Axis
    y_words: float
    top: float
    bottom: float
    ticks: tuple[tuple[float, str], ...]
    groups: tuple[DrawnGroup, ...]


def across(value: float, axis: Axis) -> float:
    """Return where `value` stands, in per cent of the width."""
    return round(EDGE + (100 - 2 * EDGE) * (value - axis.low) / (axis.high - axis.low), 2)


def width_mm(plot: IntervalPlot) -> float | None:
    """Return how wide the drawing is on paper, in mm, where it is life size."""
    if not plot.life_size:
        return None
    axis = plot.panels[0].axis
    return round((axis.high - axis.low) / (1 - 2 * EDGE / 100), 2)


def draw(plot: IntervalPlot, claims: Mapping[str, Claim]) -> tuple[list[DrawnPanel], float]:
    """Return the panels of a plot from the top down, and the height of all in em."""
    panels, y = [], 0.0
    for panel in plot.panels:
        panels.append(_panel(panel, y, plot.kind, claims))
        y = panels[-1].bottom + TICKS_EM + PANEL_GAP_EM
    return panels, round(y - PANEL_GAP_EM + 0.4, 2)


def _panel(panel: Panel, y: float, kind: str, claims: Mapping[str, Claim]) -> DrawnPanel:
    y_words = y + 1.2
    top = bottom = y + AXIS_WORDS_EM + TICKS_EM
    groups = []
    for group in panel.groups:
        groups.append(_group(group, bottom, kind, panel.axis, claims))
        bottom += (HEAD_EM if group.head else 0) + len(group.rows) * ROW_EM[kind][-1]
    ticks = tuple((across(tick, panel.axis), f"{tick:g}") for tick in panel.axis.ticks())
    return DrawnPanel(panel.axis, round(y_words, 2), round(top, 2), round(bottom, 2), ticks, tuple(groups))


def _group(group: Group, top: float, kind: str, axis: Axis, claims: Mapping[str, Claim]) -> DrawnGroup:
    words, figure, line, height = ROW_EM[kind]
    start = top + (HEAD_EM if group.head else 0)
    rows = []
    for n, row in enumerate(group.rows):
        y = start + n * height
        claim = claims[row.claim_id]
        found = mark(claim.quantity(row.name), axis)
        span, reach = (ends and tuple(across(end, axis) for end in ends) for ends in (found.span, found.reach))
        rows.append(
            DrawnRow(
                words=row.words,
                claim=claim,
                mark=found,
                y_words=round(y + words, 2),
                y_figure=None if figure is None else round(y + figure, 2),
                y=round(y + line, 2),
                x=None if found.at is None else across(found.at, axis),
                span=span,
                reach=reach,
            )
        )
    return DrawnGroup(group.head, round(top + 1.6, 2), tuple(rows))
