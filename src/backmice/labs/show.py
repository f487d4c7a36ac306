"""Tables and intervals for a notebook: HTML and SVG that also stand in a printed page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Row = tuple[str, float | None, float | None, float | None]
#: Of the drawing, in its own units; narrow, so that words stay legible on a phone.
WIDTH, LEFT, RIGHT, STEP, TOP = 420, 125, 16, 28, 12
SHOWN = 576  # px where there is room; pages hold it to their own width


class Shown(str):
    """HTML that a notebook shows."""

    def _repr_html_(self) -> str:
        return str(self)


def table(rows: Sequence[Sequence[object]], head: Sequence[str], caption: str) -> Shown:
    """Return rows as a table; the first cell names its row, so its head may be empty."""
    heads = "".join(f'<th scope="col">{escape(text)}</th>' if text else "<td></td>" for text in head)
    body = "".join(
        f'<tr><th scope="row">{escape(_text(first))}</th>{"".join(f"<td>{escape(_text(v))}</td>" for v in rest)}</tr>'
        for first, *rest in rows
    )
    return Shown(
        f'<div class="tabular" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def intervals(rows: Sequence[Row], unit: str, caption: str, shade: tuple[float, float] | None = None) -> Shown:
    """Draw estimates with their intervals on one scale, and the same as a table.

    Parameters
    ----------
    rows
        Name, estimate, low and high of each; an estimate or an interval may be None.
    shade
        A span of the scale to mark.
    """
    known = [v for _, *values in rows for v in values if v is not None] + list(shade or ())
    first, last = min(0.0, *known), max(known) * 1.05
    base = TOP + STEP * len(rows)

    def x(value: float) -> float:
        return round(LEFT + (value - first) / (last - first) * (WIDTH - LEFT - RIGHT), 1)

    parts = []
    if shade:
        low, high = map(x, shade)
        parts.append(f'<rect x="{low}" y="2" width="{high - low:g}" height="{base}" opacity=".15"/>')
    for i, (name, estimate, low, high) in enumerate(rows):
        y = TOP + STEP * i + 10
        parts.append(f'<text x="0" y="{y + 5}" font-size="14">{escape(name)}</text>')
        if low is not None and high is not None:
            ends = f"M{x(low)} {y}H{x(high)}M{x(low)} {y - 5}v10M{x(high)} {y - 5}v10"
            parts.append(f'<path d="{ends}" stroke="currentColor" stroke-width="2"/>')
        if estimate is not None:
            parts.append(f'<circle cx="{x(estimate)}" cy="{y}" r="5"/>')
    parts.append(f'<path d="M{LEFT} {base + 4}H{WIDTH - RIGHT}" stroke="currentColor"/>')
    for tick in _ticks(first, last):
        parts.append(f'<text x="{x(tick)}" y="{base + 22}" font-size="13" text-anchor="middle">{tick:g}</text>')
    svg = (
        f'<svg viewBox="0 0 {WIDTH} {base + 30}" width="{SHOWN}" fill="currentColor" '
        f'role="img" aria-label="{escape(caption)}, in {escape(unit)}; the table says the same">{"".join(parts)}</svg>'
    )
    cells = [(name, _number(estimate), _span(low, high)) for name, estimate, low, high in rows]
    return Shown(svg + table(cells, ("", f"Estimate, {unit}", f"From and to, {unit}"), caption))


def _ticks(first: float, last: float) -> list[float]:
    for step in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200):
        if (last - first) / step <= 8:
            start = -(-first // step)
            return [round((start + i) * step, 6) for i in range(int(last / step - start) + 1)]
    return [first, last]


def _text(value: object) -> str:
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{_number(low)} to {_number(high)}"
