"""Claims where they are cited: `{claim}`, `{value}` and `{spread}`.

{claim}`id`            the statement, with its certainty
{claim}`words <id>`    words of the chapter's own that rest on the claim
{value}`id#name`       the figure with its unit
{spread}`id#name`      the figure with its unit and spread
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import split_explicit_title

from backmice.evidence.claim import DESIGNS, Claim
from backmice.evidence.ledger import CLAIMS, REFERENCES, Ledger, load_ledger
from backmice.html.chip import chip
from backmice.html.template import hold_units, render
from backmice.located import LocatedError
from backmice.sphinx_ext.reading import as_read

EVIDENCE_PAGE = "book/evidence/index"
BIBLIOGRAPHY_PAGE = "book/bibliography"
HOW_KNOWN = {
    "verified": "seen in a located record of the source",
    "seed": "taken from one of the course's starting documents",
    "recalled": "recalled, its source not yet found",
}


class claim_citation(nodes.Inline, nodes.TextElement):
    """Words that rest on a claim: attributes `claim_id` and `form`."""


class claim_cards(nodes.General, nodes.Element):
    """The cards of the claims first cited in the block before: attribute `claim_ids`."""


def ledger_of(app: Sphinx) -> Ledger:
    """Return the ledger, read once for each build."""
    ledger = getattr(app, "_backmice_ledger", None)
    if ledger is None:
        try:
            root = Path(app.srcdir)
            files = [root / CLAIMS, root / REFERENCES]
            ledger = as_read(root, load_ledger.__module__, lambda: load_ledger(root), files)
        except LocatedError as error:
            raise ExtensionError(f"The claim ledger has faults:\n{error}") from None
        app._backmice_ledger = ledger
    return ledger


class ClaimRole(SphinxRole):
    """`{claim}`, `{value}` and `{spread}`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        has_words, words, target = split_explicit_title(self.text)
        claim_id, _, value = target.partition("#")
        ledger = ledger_of(self.env.app)
        claim = ledger.claims.get(claim_id)
        if claim is None or not claim.published:
            why = "is not in the ledger" if claim is None else "is only recalled and cannot be published"
            return self.refuse(f"claim '{claim_id}' {why}")
        if self.name == "claim":
            text, form = (words, "words") if has_words else (claim.statement, "statement")
        else:
            try:
                quantity = claim.quantity(value)
            except KeyError:
                names = ", ".join(q.name or "(unnamed)" for q in claim.values) or "none"
                return self.refuse(f"claim '{claim_id}' has no value '{value}'; it has: {names}")
            text, form = quantity.headline(), "value"
            if self.name == "spread" and quantity.spread():
                text += f" ({quantity.spread()})"
        remember_claims(self.env, [claim])
        node = claim_citation(self.rawtext, hold_units(text), claim_id=claim_id, form=form)
        return [node], []

    def refuse(self, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        problem = self.inliner.reporter.error(message, line=self.lineno)
        return [self.inliner.problematic(self.rawtext, self.rawtext, problem)], [problem]

    inliner: Inliner


def digest(ledger: Ledger, claim: Claim) -> str:
    """Return a digest of everything that a page shows of a claim."""
    parts = [claim.model_dump_json()]
    parts += [repr(ledger.references[key]) for key in claim.sources]
    parts += [ledger.claims[other].statement for other in claim.disagrees_with]
    return sha256("\n".join(parts).encode()).hexdigest()


def claims_of(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return, for each page, the claims it shows and the digest of each at that time."""
    if not hasattr(env, "backmice_claims"):
        env.backmice_claims = {}
    return env.backmice_claims


def remember_claims(env: BuildEnvironment, claims: list[Claim]) -> None:
    """Record that the page being read shows `claims`."""
    ledger = ledger_of(env.app)
    page = claims_of(env).setdefault(env.docname, {})
    page.update({claim.id: digest(ledger, claim) for claim in claims})


def outdated(app: Sphinx, env: BuildEnvironment, *_: Any) -> list[str]:
    """Return the pages that show a claim which has changed since."""
    state = sha256(b"".join((app.srcdir / f).read_bytes() for f in (CLAIMS, REFERENCES))).hexdigest()
    if getattr(env, "backmice_ledger_state", None) == state:
        return []
    env.backmice_ledger_state = state
    ledger = ledger_of(app)
    return [
        page
        for page, shown in claims_of(env).items()
        if page == EVIDENCE_PAGE
        or any(i not in ledger.claims or digest(ledger, ledger.claims[i]) != d for i, d in shown.items())
    ]


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    claims_of(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    claims_of(env).update({d: s for d, s in claims_of(other).items() if d in docnames})


def place_cards(app: Sphinx, doctree: nodes.document) -> None:
    """Put each claim's card after the block in which the page first cites it."""
    placed: set[str] = set()
    for citation in list(doctree.findall(claim_citation)):
        if citation["claim_id"] in placed:
            continue
        placed.add(citation["claim_id"])
        block = block_of(citation)
        following = block.next_node(descend=False, siblings=True)
        if not isinstance(following, claim_cards):
            following = claim_cards("", claim_ids=[])
            block.parent.insert(block.parent.index(block) + 1, following)
        following["claim_ids"].append(citation["claim_id"])


def block_of(node: nodes.Node) -> nodes.Node:
    """Return the block of the page that holds `node`: after it there is room for a card."""
    while node.parent is not None and not isinstance(node.parent, (nodes.document, nodes.section)):
        node = node.parent
    return node


def visit_citation(self: Any, node: claim_citation) -> None:
    """Write the words, and the certainty as a link that stays with the last of them."""
    claim = ledger_of(self.builder.app).claims[node["claim_id"]]
    start, _, last = node.astext().rpartition(" ")
    values = {"claim": claim, "start": start, "last": last, "form": node["form"], "href": claim_href(self, claim.id)}
    self.body.append(render("citation", **values))
    raise nodes.SkipNode


def visit_cards(self: Any, node: claim_cards) -> None:
    """Write the cards; they stay closed until asked for."""
    for claim_id in node["claim_ids"]:
        self.body.append(render("card", **describe(self, claim_id)))
    raise nodes.SkipNode


def claim_href(writer: Any, claim_id: str) -> str:
    """Return the address of a claim on the evidence page, from the page being written."""
    page = writer.builder.current_docname
    return f"{writer.builder.get_relative_uri(page, EVIDENCE_PAGE)}#claim-{claim_id}"


def describe(writer: Any, claim_id: str, *, records: bool = True) -> dict[str, Any]:
    """Return what templates show of a claim.

    Parameters
    ----------
    records
        Whether each source has a link to its record elsewhere, which its entry in the bibliography has too.
    """
    ledger = ledger_of(writer.builder.app)
    claim = ledger.claims[claim_id]
    bibliography = writer.builder.get_relative_uri(writer.builder.current_docname, BIBLIOGRAPHY_PAGE)
    return {
        "claim": claim,
        "design": DESIGNS[claim.design],
        "known": HOW_KNOWN[claim.known],
        # The statement holds the figures: they stand again only where there is a spread to add.
        "values": [(q.name, q.headline(), q.spread()) for q in claim.values if q.sd or q.interval],
        # Where each stands in the bibliography, its name, and the record itself as (label, address).
        "sources": [(f"{bibliography}#ref-{r.key}", r.short(), r.links()[:1] if records else [])
                    for r in map(ledger.references.get, claim.sources)],
        "against": [(claim_href(writer, o), ledger.claims[o].statement) for o in claim.disagrees_with
                    if ledger.claims[o].published],
        "href": claim_href(writer, claim_id),
    }  # fmt: skip


def chip_html(app: Sphinx, claim_id: str, from_docname: str) -> Markup:
    """Return a small link to a claim that says how sure it is."""
    href = f"{app.builder.get_relative_uri(from_docname, EVIDENCE_PAGE)}#claim-{claim_id}"
    return chip(ledger_of(app), claim_id, href)


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Other builders print the words alone."""


def depart_plain(self: Any, node: nodes.Element) -> None:
    """Nothing to close."""


def register(app: Sphinx) -> None:
    """Add the roles, their nodes and what keeps pages in step with the ledger."""
    for name in ("claim", "value", "spread"):
        app.add_role(name, ClaimRole())
    plain = (visit_plain, depart_plain)
    app.add_node(claim_citation, html=(visit_citation, None), latex=plain, text=plain)
    app.add_node(claim_cards, html=(visit_cards, None), latex=plain, text=plain)
    app.connect("doctree-read", place_cards)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
