"""What can be drawn of a value: its place, and the interval round it."""

from __future__ import annotations

from dataclasses import dataclass

from backmice.evidence.claim import INTERVALS, Quantity
from backmice.items.chance import wilson
from backmice.plots.plot import Axis

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Mark:
    """A value on an axis, in the axis's unit.

    `at` is the estimate, `span` what surrounds it, `reach` the whole range where `span` is one standard deviation to
    each side. `is_computed` says that the interval is ours and not the source's.
    `brief` and `told` are the figure in words, for the drawing and for the table.
    """

    at: float | None
    span: tuple[float, float] | None
    reach: tuple[float, float] | None
    is_computed: bool
    brief: str
    told: str

    def extent(self) -> tuple[float, float]:
        """Return the least and the greatest value drawn."""
        drawn = [self.at, *(self.span or ()), *(self.reach or ())]
        return min(v for v in drawn if v is not None), max(v for v in drawn if v is not None)


def mark(quantity: Quantity, axis: Axis) -> Mark:
    """Return what is drawn of `quantity` on `axis`.

    A share of a known number of people gets Wilson's 95 % interval where the ledger holds none.

    Raises
    ------
    ValueError
        If it has another unit, its count can't be told from its rounded share, or it lies outside; with what is
        allowed after a semicolon.
    """
    found = _share(quantity) if axis.unit == "%" and quantity.n and quantity.low is None else _as_given(quantity, axis)
    low, high = found.extent()
    if not axis.low <= low <= high <= axis.high:
        raise ValueError(f"runs from {low:.4g} to {high:.4g}; the axis from {axis.low:g} to {axis.high:g}")
    return found


def whole_count(quantity: Quantity) -> int:
    """Return how many of `n` a share stands for.

    Raises
    ------
    ValueError
        If no whole number, or more than one, rounds to the share.
    """
    n, share = quantity.n, quantity.estimate
    decimals = len(f"{share:g}".partition(".")[2])
    fitting = [hits for hits in range(n + 1) if abs(100 * hits / n - share) <= 0.5 * 10**-decimals + 1e-9]
    if len(fitting) != 1:
        how_many = "no whole number" if not fitting else "more than one number"
        raise ValueError(f"{share:g} % of {n} is {how_many} of people; name a value whose measure is count")
    return fitting[0]


def _share(quantity: Quantity) -> Mark:
    if quantity.measure == "count":
        hits = round(quantity.estimate)
    elif quantity.measure == "share" and quantity.unit == "%":
        hits = whole_count(quantity)
    else:
        raise ValueError(f"is a {quantity.measure} in '{quantity.unit}'; a share in %, or a count with its n")
    if hits > quantity.n:
        raise ValueError(f"counts {hits} of {quantity.n}; at most all of them")
    share = 100 * hits / quantity.n
    low, high = (100 * end for end in wilson(hits, quantity.n))
    of, span = f"{hits} of {quantity.n}", f"{low:.0f} to {high:.0f}"
    return Mark(
        at=share,
        span=(low, high),
        reach=None,
        is_computed=True,
        brief=f"{share:.0f}{NBSP}% ({span}), {of}",
        told=f"{share:.0f}{NBSP}% ({of}; {INTERVALS['ci95']} {span}, computed)",
    )


def _as_given(quantity: Quantity, axis: Axis) -> Mark:
    if quantity.unit != axis.unit:
        raise ValueError(f"is in '{quantity.unit}'; the axis is in '{axis.unit}'")
    spread = quantity.spread()
    ends = None if quantity.low is None else (quantity.low, quantity.high)
    has_both = ends is not None and quantity.sd is not None
    return Mark(
        at=quantity.estimate,
        span=quantity.extent() if ends and not has_both else _one_sd(quantity),
        reach=ends if has_both else None,
        is_computed=False,
        brief=_brief(quantity),
        told=f"{quantity.headline()} ({spread})" if spread else quantity.headline(),
    )


def _one_sd(quantity: Quantity) -> tuple[float, float] | None:
    return quantity.sd and (quantity.estimate - quantity.sd, quantity.estimate + quantity.sd)


def _brief(quantity: Quantity) -> str:
    """Return the figure as short as a phone asks for; the table spells it out."""
    parts = [quantity.headline()]
    if quantity.estimate is not None and quantity.low is not None and quantity.sd is None:
        parts[0] += f" ({quantity.low:g} to {quantity.high:g})"
    if quantity.sd is not None:
        parts.append(f"SD{NBSP}{quantity.sd:g}")
        if quantity.low is not None:
            parts.append(f"{quantity.low:g} to {quantity.high:g}")
    if quantity.n:
        parts.append(f"n{NBSP}={NBSP}{quantity.n}")
    elif quantity.measure == "share" and quantity.low is None:
        parts.append("no count found")
    return ", ".join(parts)
