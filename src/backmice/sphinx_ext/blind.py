"""`{stem-blind}`: how programs that never read a stem do on the bank, for instructors."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.html.template import render
from backmice.items.blind import Result, blind, table, told
from backmice.sphinx_ext.quiz import bank_of


class stem_blind(nodes.General, nodes.Element):
    """The table; its child is the same as plain text."""


class StemBlindDirective(SphinxDirective):
    """`{stem-blind}`: each program with its score, what chance gives, and a verdict."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()  # any item of the bank may have changed
        node = stem_blind()
        text = table(result_of(self.env.app))
        node += nodes.literal_block(text, text)
        return [node]


def result_of(app: Sphinx) -> Result | None:
    """Return how the programs do, computed once for each build."""
    if not hasattr(app, "_backmice_blind"):
        app._backmice_blind = blind(bank_of(app).items.values())
    return app._backmice_blind


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
    app.add_node(stem_blind, html=(visit_html, visit_plain), latex=plain, text=plain, man=plain, texinfo=plain)
