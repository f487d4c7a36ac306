"""A vignette of the book as a widget."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import traitlets

from backmice.modules import one_module
from backmice.widgets.shared import DATA, PACKAGE, CourseWidget, NotebookDataError, read

#: How far the percents of one statement may be from 100 in all: three thirds of 33.3 are right.
SLACK = 0.5


class DifferentialReasoner(CourseWidget):
    """A made-up case that unfolds finding by finding, stated in probabilities and read in Python.

    Parameters
    ----------
    vignette
        The id of a vignette; `vignettes()` lists them.

    Attributes
    ----------
    beliefs : list of dict
        Percents by condition: before any finding, after the first, and so on. Setting it states them.
    score : float or None
        The Brier score of the last statement, 0 best and 2 worst, once the case is over; set by the case alone.

    Raises
    ------
    NotebookDataError
        If there is no such vignette.
    traitlets.TraitError
        If a statement names other conditions, does not add up to 100, or is one too many.
    """

    _esm = one_module(PACKAGE / "static/widget-reasoner.js")

    beliefs = traitlets.List(traitlets.Dict(value_trait=traitlets.Float())).tag(sync=True)
    score = traitlets.Float(None, allow_none=True).tag(sync=True)

    def __init__(self, vignette: str, **traits: Any) -> None:
        known = vignettes()
        if vignette not in known:
            raise NotebookDataError(f"no vignette '{vignette}'; one of: {', '.join(known)}")
        about = known[vignette]
        self.title: str = about["title"]
        self.opening: str = about["opening"]
        #: By id: the name of each condition.
        self.conditions: dict[str, str] = about["conditions"]
        #: The findings in words, in their order.
        self.findings: list[str] = about["findings"]
        super().__init__(vignette, {"vignette": DATA / f"vignette-{vignette}.json"}, **traits)

    @traitlets.validate("beliefs")
    def _adds_up(self, proposal: Any) -> Any:
        beliefs = proposal["value"]
        if len(beliefs) > len(self.findings) + 1:
            raise traitlets.TraitError(f"beliefs: {len(beliefs)} statements; at most {len(self.findings) + 1}")
        for n, percents in enumerate(beliefs):
            if set(percents) != set(self.conditions):
                raise traitlets.TraitError(f"beliefs[{n}]: name each of: {', '.join(self.conditions)}; and no other")
            total = sum(percents.values())
            if min(percents.values()) < 0 or abs(total - 100) > SLACK:
                raise traitlets.TraitError(f"beliefs[{n}]: adds up to {total:g}; percents from 0, 100 in all")
        return beliefs

    def still_html(self) -> str:
        """Return the case without its outcome."""
        findings = "".join(f"<li>{escape(finding)}</li>" for finding in self.findings)
        names = ", ".join(map(escape, self.conditions.values()))
        return (
            f"<p>{escape(self.title)}. {escape(self.opening)}</p><ol>{findings}</ol>"
            f"<p>How likely is each: {names}? Stated finding by finding when the notebook runs.</p>"
        )


def vignettes() -> dict[str, dict[str, Any]]:
    """Return, by id, the title, opening, conditions and findings of each vignette."""
    return json.loads(read(DATA / "vignettes.json"))
