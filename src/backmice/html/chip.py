"""The small link to a claim that says how sure it is."""

from __future__ import annotations

from markupsafe import Markup

from backmice.evidence.ledger import Ledger
from backmice.html.template import render


def chip(ledger: Ledger, claim_id: str, href: str = "") -> Markup:
    """Return the chip of a claim; without an address its words alone, where the evidence page is not there."""
    claim = ledger.claims[claim_id]
    return render("chip", claim=claim, href=href, sources=[ledger.references[key].short() for key in claim.sources])
