"""Vignettes where they are set: `{reasoner}` with the id of a file in exercises/vignettes.

The page gets the case with its worked arithmetic behind disclosures; static/backmice-reasoner.js lets the
reader state probabilities of their own. Builders other than HTML print the case without its outcome.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from backmice.evidence.claim import INTERVALS, Claim
from backmice.html.template import render
from backmice.located import LocatedError
from backmice.reasoning import arithmetic
from backmice.reasoning.vignette import VIGNETTES, Known, Vignette, as_data, load_vignettes, start_claims, worked
from backmice.sphinx_ext.claim import claim_href, describe, ledger_of, remember_claims
from backmice.sphinx_ext.evidence import remember_uses


class reasoner(nodes.General, nodes.Element):
    """A vignette: attribute `vignette_id`; its children are the plain text of it."""

    script = "backmice-reasoner.js"


def vignettes_of(app: Sphinx) -> dict[str, Vignette]:
    """Return the vignettes by id, read once for each build."""
    if not hasattr(app, "_backmice_vignettes"):
        try:
            app._backmice_vignettes = load_vignettes(Path(app.srcdir), ledger_of(app).claims)
        except LocatedError as error:
            raise ExtensionError(f"The vignettes have faults:\n{error}") from None
    return app._backmice_vignettes


class ReasonerDirective(SphinxDirective):
    """`{reasoner}`: a made-up case, and what published likelihood ratios make of its findings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        vignettes, id_ = vignettes_of(self.env.app), self.arguments[0]
        if id_ not in vignettes:
            raise self.error(f"vignette '{id_}' is not in {VIGNETTES}; it has: {', '.join(vignettes) or 'none'}")
        vignette, claims = vignettes[id_], ledger_of(self.env.app).claims
        self.env.note_dependency(f"{VIGNETTES}/{id_}.yml")
        remember_uses(self.env, "vignette", {id_: vignette.all_claims()})
        remember_claims(self.env, [claims[claim_id] for claim_id in vignette.all_claims()])
        node = reasoner(vignette_id=id_)
        node += [nodes.paragraph(text=text) for text in (vignette.opening, *(f.text for f in vignette.findings))]
        return [node]


def table(vignette: Vignette, claims: Mapping[str, Claim]) -> list[dict[str, Any]]:
    """Return the worked example for the template: for each finding its ratios and the probabilities in words."""
    found = []
    for step in worked(vignette, claims):
        place = vignette.place(step.finding.moves) if step.finding.moves else None
        rows = [
            {"ratio": ratio, "told": ratio_in_words(ratio), "claims": ratio.claims,
             "is_used": len(step.ratios) > 1 and step.finding.ratios[i] is step.finding.chosen(),
             "moved": span(step.before[place], ratio),
             "steps": arithmetic.steps(step.before[place], ratio.carried)}
            for i, ratio in enumerate(step.ratios)
        ]  # fmt: skip
        found.append(
            {"finding": step.finding, "place": place, "rows": rows,
             "before": [arithmetic.in_percent(p) for p in step.before],
             "after": [arithmetic.in_percent(p) for p in step.after]}
        )  # fmt: skip
    return found


def ratio_in_words(ratio: Known) -> str:
    """Return a ratio and its interval, as static/reasoner-view.js does: `2.13, 95 % interval 1.2 to 3.9`."""
    ends = f"{arithmetic.in_figures(ratio.low)} to {arithmetic.in_figures(ratio.high)}" if ratio.interval else ""
    if ratio.estimate is None:
        return f"{ends}, no single figure; the point nearest to 1 is taken"
    shares = f", worked out here from {' and '.join(ratio.from_shares)}" if ratio.from_shares else ""
    spread = f", {INTERVALS[ratio.interval]} {ends}" if ends else ", no interval seen"
    return f"{arithmetic.in_figures(ratio.estimate)}{shares}{spread}"


def span(before: float, ratio: Known) -> str:
    """Return where a ratio moves a probability, with both ends of its interval: `35 % (23 to 49 %)`."""
    ends = [arithmetic.in_percent(arithmetic.moved(before, end)) for end in (ratio.low, ratio.high) if end is not None]
    here = [arithmetic.in_percent(arithmetic.moved(before, ratio.estimate))] if ratio.estimate is not None else []
    return " ".join([*here, f"({' to '.join(ends)})" if here and ends else " to ".join(ends)]).strip()


def chips(writer: Any, vignette: Vignette) -> dict[str, dict[str, str]]:
    """Return what the script shows of each claim."""
    claims, found = ledger_of(writer.builder.app).claims, {}
    for id_ in vignette.all_claims():
        names = "; ".join(name for _, name, _ in describe(writer, id_)["sources"])
        found[id_] = {
            "words": f"{claims[id_].certainty.capitalize()} certainty: {names}",
            "certainty": claims[id_].certainty.replace(" ", "-"),
            "href": claim_href(writer, id_),
        }
    return found


def reasoner_html(
    vignette: Vignette, claims: Mapping[str, Claim], chips: Mapping[str, Mapping[str, str]], anchor: str
) -> Markup:
    """Return the case and its worked arithmetic, which need neither script nor style to be read.

    Parameters
    ----------
    chips
        The words, the certainty and the address of the small link to each claim, by its id.
    anchor
        The HTML id.
    """
    data = json.dumps(as_data(vignette, claims) | {"chips": chips}, ensure_ascii=False, separators=(",", ":"))
    return render(
        "reasoner", vignette=vignette, steps=table(vignette, claims), data=data, chips=chips, anchor=anchor,
        start_claims=start_claims(vignette), percent=arithmetic.in_percent,
    )  # fmt: skip


def visit_reasoner(self: Any, node: reasoner) -> None:
    """Write the case in place of the plain text."""
    app = self.builder.app
    vignette = vignettes_of(app)[node["vignette_id"]]
    self.body.append(reasoner_html(vignette, ledger_of(app).claims, chips(self, vignette), f"vignette-{vignette.id}"))
    raise nodes.SkipNode


def visit_plain(self: Any, node: reasoner) -> None:
    """Other builders print the children."""


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_directive("reasoner", ReasonerDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(reasoner, html=(visit_reasoner, None), latex=plain, text=plain, man=plain, texinfo=plain)
