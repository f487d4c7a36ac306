"""`{ruler} span`: distances from the midline on one true scale, which prints life size.

Each line of the content is `words | claim-id#value`. The span drawn is the whole interval that the
source gives, or its mean give or take one standard deviation.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.evidence.claim import Claim, Quantity
from backmice.sphinx_ext.claim import claim_href, ledger_of, remember_claims, visit_plain
from backmice.sphinx_ext.html import render


class ruler(nodes.General, nodes.Element):
    """A ruler: attributes `span_mm` and `rows`, each (words, claim id, value name)."""


class RulerDirective(SphinxDirective):
    """`{ruler}` with its length in mm, a multiple of ten."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        span = self.arguments[0]
        if not span.isdigit() or int(span) % 10 or not int(span):
            raise self.error(f"a ruler of '{span}' mm; give a multiple of 10")
        rows = [self.row(line, int(span)) for line in self.content if line.strip()]
        claims = ledger_of(self.env.app).claims
        remember_claims(self.env, [claims[claim_id] for _, claim_id, _ in rows])
        return [ruler(span_mm=int(span), rows=rows)]

    def row(self, line: str, span_mm: int) -> tuple[str, str, str]:
        """Return one line's words, claim id and value name."""
        words, _, ref = (part.strip() for part in line.partition("|"))
        claim_id, _, name = ref.partition("#")
        claim = ledger_of(self.env.app).claims.get(claim_id)
        if claim is None or not claim.published:
            raise self.error(f"'{ref}' is no value of a published claim; write: words | claim-id#value")
        try:
            quantity = claim.quantity(name)
        except KeyError:
            raise self.error(f"'{ref}' is no value of that claim") from None
        if quantity.unit != "mm" or not 0 <= quantity.extent()[0] <= quantity.extent()[1] <= span_mm:
            raise self.error(f"'{ref}' does not fit on a ruler of {span_mm} mm")
        return words, claim_id, name


def visit_ruler(self: Any, node: ruler) -> None:
    """Write the ruler."""
    claims = ledger_of(self.builder.app).claims
    rows = [
        _row(self, words, claims[claim_id], claims[claim_id].quantity(name)) for words, claim_id, name in node["rows"]
    ]
    self.body.append(render("ruler", span=node["span_mm"], rows=rows))
    raise nodes.SkipNode


def _row(writer: Any, words: str, claim: Claim, quantity: Quantity) -> dict[str, Any]:
    low, high = (round(end, 1) for end in quantity.extent())
    return {"words": words, "claim": claim, "low": low, "high": high, "href": claim_href(writer, claim.id)}


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("ruler", RulerDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(ruler, html=(visit_ruler, None), latex=plain, text=plain)
