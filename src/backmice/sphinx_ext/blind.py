"""`{stem-blind}`: how programs that never read a stem do on the bank, for instructors."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from backmice.html.template import render
from backmice.imports import imported
from backmice.items.blind import Result, blind, sat, table, told
from backmice.sphinx_ext.quiz import bank_of

#: In the metadata of a page that shows the table.
SHOWS_BLIND = "backmice_shows_blind"


class stem_blind(nodes.General, nodes.Element):
    """The table; its child is the same as plain text."""


class StemBlindDirective(SphinxDirective):
    """`{stem-blind}`: each program with its score, what chance gives, and a verdict."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][SHOWS_BLIND] = True
        node = stem_blind()
        text = table(result_of(self.env.app))
        node += nodes.literal_block(text, text)
        return [node]


def result_of(app: Sphinx) -> Result | None:
    """Return how the programs do, worked out anew when an item or the programs have changed: it takes seconds."""
    state = state_of(app)
    if getattr(app.env, "backmice_blind", (None, None))[0] != state:
        app.env.backmice_blind = state, blind(bank_of(app).items.values())
    return app.env.backmice_blind[1]


def state_of(app: Sphinx) -> str:
    """Return a digest of what decides the result."""
    asked = [(item.id, item.key, [option.text for option in item.options]) for item in sat(bank_of(app).items.values())]
    code = [path.read_bytes() for path in imported(blind.__module__).values()]
    return sha256(b"\0".join([repr(asked).encode(), *code])).hexdigest()


def outdated(app: Sphinx, env: BuildEnvironment, *_: Any) -> list[str]:
    """Return the pages that show another result now."""
    pages = [page for page, facts in env.metadata.items() if SHOWS_BLIND in facts]
    if not pages or getattr(env, "backmice_blind", (None, None))[0] == state_of(app):
        return []
    return pages


def visit_html(self: Any, node: stem_blind) -> None:
    """Write the table."""
    result = result_of(self.builder.app)
    if result:
        self.body.append(render("blind", result=result, told=told(result)))
        raise nodes.SkipNode


def visit_plain(self: Any, node: stem_blind) -> None:
    """Other builders print the text."""


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("stem-blind", StemBlindDirective)
    plain = (visit_plain, visit_plain)
    app.connect("env-get-outdated", outdated)
    app.add_node(stem_blind, html=(visit_html, visit_plain), latex=plain, text=plain, man=plain, texinfo=plain)
