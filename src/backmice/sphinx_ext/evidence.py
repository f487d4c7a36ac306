"""The evidence page and the bibliography: everything the course says, and what it rests on."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from backmice.evidence.claim import DESIGNS, LEVELS, TOPICS
from backmice.evidence.ledger import CLAIMS, REFERENCES
from backmice.evidence.tables import FOLDER, TABLES
from backmice.html.template import render
from backmice.sphinx_ext.claim import EVIDENCE_PAGE, claim_href, claims_of, describe, ledger_of, visit_plain
from backmice.sphinx_ext.sorted_table import rows_of


class evidence_table(nodes.General, nodes.Element):
    """Every published claim, by topic."""

    script = "backmice-evidence.js"


class bibliography_list(nodes.General, nodes.Element):
    """Every source that a published claim rests on, or that a table of sources names."""


class EvidenceDirective(SphinxDirective):
    """`{evidence-table}`: every published claim with its sources and where it is used."""

    def run(self) -> list[nodes.Node]:
        claims_of(self.env).setdefault(self.env.docname, {})
        return [evidence_table()]


class BibliographyDirective(SphinxDirective):
    """`{bibliography-list}`: the sources, with what was seen of each."""

    def run(self) -> list[nodes.Node]:
        for file in (REFERENCES, CLAIMS, *(FOLDER / f"{name}.csv" for name in TABLES)):
            self.env.note_dependency(str(file))
        return [bibliography_list()]


def users(env: BuildEnvironment) -> dict[str, list[tuple[str, str]]]:
    """Return, for each claim, (kind, id) of the pages, items and structures that use it, page by page."""
    found: dict[str, list[tuple[str, str]]] = {}
    for page, shown in sorted(claims_of(env).items()):
        for claim_id in shown if page != EVIDENCE_PAGE else ():
            found.setdefault(claim_id, []).append(("page", page))
    # By name: a page that is read again comes last of those that are remembered.
    for _, uses in sorted(getattr(env, "backmice_uses", {}).items()):
        for kind, name, claim_ids in uses:
            for claim_id in claim_ids:
                entry = found.setdefault(claim_id, [])
                if (kind, name) not in entry:
                    entry.append((kind, name))
    return found


def remember_uses(env: BuildEnvironment, kind: str, uses: dict[str, tuple[str, ...]]) -> None:
    """Record that things shown on the page being read rest on claims.

    Parameters
    ----------
    kind
        "item", "structure", "plot", "drawing", "vignette" or "film".
    uses
        Claim ids by the id of what is shown.
    """
    if not hasattr(env, "backmice_uses"):
        env.backmice_uses = {}
    page = env.backmice_uses.setdefault(env.docname, [])
    page += [(kind, name, claim_ids) for name, claim_ids in uses.items()]


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget what a page used."""
    getattr(env, "backmice_uses", {}).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    if not hasattr(env, "backmice_uses"):
        env.backmice_uses = {}
    found = getattr(other, "backmice_uses", {})
    env.backmice_uses.update({d: u for d, u in found.items() if d in docnames})


def rewrite_when_uses_change(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have the evidence page written again when a page began or ceased to use a claim."""
    state = sha256(repr(sorted(users(env).items())).encode()).hexdigest()
    if getattr(env, "backmice_uses_state", None) == state or EVIDENCE_PAGE not in env.found_docs:
        return []
    env.backmice_uses_state = state
    return [EVIDENCE_PAGE]


def visit_evidence(self: Any, node: evidence_table) -> None:
    """Write the whole table, and the form by which a script filters it."""
    builder = self.builder
    ledger = ledger_of(builder.app)
    used = users(builder.env)
    pages = {page: title.astext() for page, title in builder.env.titles.items()}
    where = getattr(builder.env, "backmice_uses", {})
    home = {(kind, name): page for page, uses in sorted(where.items()) for kind, name, _ in uses}
    topics = []
    for topic, title in TOPICS.items():
        claims = [c for c in ledger.published() if c.topic == topic]
        rows = [
            describe(self, c.id, records=False) | {"uses": use_links(builder, used.get(c.id, []), pages, home)}
            for c in claims
        ]
        if rows:
            topics.append((topic, title, rows))
    designs = sorted({(claim.design, DESIGNS[claim.design]) for claim in ledger.published()})
    lists = [
        ("certainty", "Certainty", [(level.replace(" ", "-"), level) for level in reversed(LEVELS)]),
        ("design", "Design", designs),
    ]
    self.body.append(render("evidence", topics=topics, noun="claims", lists=lists, count=len(ledger.published())))
    raise nodes.SkipNode


def use_links(builder: Any, used: list[tuple[str, str]], pages: dict[str, str], home: Any) -> list[tuple[str, str]]:
    """Return (address, name) of what uses a claim: each page, then what stands on it and how many items are on it."""
    here = builder.current_docname
    shown: dict[str, list[tuple[str, str]]] = {}
    items: dict[str, list[str]] = {}
    for kind, name in used:
        page = name if kind == "page" else home[kind, name]
        address, group = builder.get_relative_uri(here, page), shown.setdefault(_topic(page), [])
        if kind == "page":
            group.append((address, pages.get(name, name)))
        elif kind == "item":
            items.setdefault(page, []).append(name)
        else:
            group.append((f"{address}#{kind}-{name}", f"{kind} {name.replace('-', ' ')}"))
    for page, names in items.items():
        what = f"{len(names)} item{'s' if len(names) > 1 else ''} on {_topic(page).replace('-', ' ')}"
        shown[_topic(page)].append((f"{builder.get_relative_uri(here, page)}#item-{names[0]}", what))
    return [use for group in shown.values() for use in group]


def _topic(page: str) -> str:
    """Return what a lesson and the practice page of its items have in common: the end of their address."""
    return page.rpartition("/")[2]


def visit_bibliography(self: Any, node: bibliography_list) -> None:
    """Write the sources in the order of their first author."""
    ledger = ledger_of(self.builder.app)
    resting: dict[str, list[tuple[str, str]]] = {}
    for claim in ledger.published():
        for key in claim.sources:
            resting.setdefault(key, []).append((claim_href(self, claim.id), claim.id))
    listed = {row.source for name in TABLES for row in rows_of(self.builder.app, name)}
    # By key last, as sets have no order.
    references = sorted(
        (ledger.references[k] for k in resting.keys() | listed), key=lambda r: (r.short().lower(), r.year, r.key)
    )
    self.body.append(render("bibliography", references=references, resting=resting))
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the two directives and what keeps the evidence page in step."""
    app.add_directive("evidence-table", EvidenceDirective)
    app.add_directive("bibliography-list", BibliographyDirective)
    plain = (visit_plain, lambda *_: None)
    app.add_node(evidence_table, html=(visit_evidence, None), latex=plain, text=plain)
    app.add_node(bibliography_list, html=(visit_bibliography, None), latex=plain, text=plain)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", rewrite_when_uses_change)
