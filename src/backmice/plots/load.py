"""The plots of the course, read and held against the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from backmice.evidence.claim import Claim
from backmice.evidence.ledger import mention_fault
from backmice.located import Document, Fault, LocatedError, read_yaml
from backmice.plots.mark import mark
from backmice.plots.plot import KINDS, IntervalPlot, Plot

PLOTS = Path("book/evidence/plots")


def load_plots(root: Path, claims: Mapping[str, Claim]) -> dict[str, Plot]:
    """Read every plot below `root`, by id: the name of its file.

    Raises
    ------
    LocatedError
        With every fault of every file.
    """
    plots, faults = {}, []
    for path in sorted((root / PLOTS).glob("*.yml")):
        try:
            plots[path.stem] = load_plot(path, root, claims)
        except LocatedError as error:
            faults.extend(error.faults)
    if faults:
        raise LocatedError(*faults)
    return plots


def load_plot(path: Path, root: Path, claims: Mapping[str, Claim]) -> Plot:
    """Read one plot.

    Raises
    ------
    LocatedError
        If it does not fit its model, or a row names no published value that its axis can show.
    """
    document = read_yaml(path, root)
    kind = document.value.get("kind") if isinstance(document.value, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        wrong = "is missing" if kind is None else f"is {kind!r}"
        raise LocatedError(document.fault(("kind",), wrong, f"one of: {', '.join(KINDS)}"))
    plot = document.parse(KINDS[kind])
    if isinstance(plot, IntervalPlot) and (faults := _row_faults(document, plot, claims)):
        raise LocatedError(*faults)
    return plot


def _row_faults(document: Document, plot: IntervalPlot, claims: Mapping[str, Claim]) -> list[Fault]:
    found, seen = [], set()
    for loc, panel, row in plot.rows():
        at = (*loc, "value")
        claim = claims.get(row.claim_id)
        if fault := mention_fault(claim, row.name):
            found.append(document.fault(at, f"'{row.claim_id}' {fault[0]}", fault[1]))
            continue
        if row.value in seen:
            found.append(document.fault(at, f"'{row.value}' stands twice", "keep one of the rows"))
        seen.add(row.value)
        try:
            mark(claim.quantity(row.name), panel.axis)
        except ValueError as error:
            wrong, _, allowed = str(error).partition("; ")
            found.append(document.fault(at, f"'{row.value}' {wrong}", allowed))
    return found
