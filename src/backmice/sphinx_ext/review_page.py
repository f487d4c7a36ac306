"""`{review}`: what was wrong, guessed or is due comes back. The element is static/backmice-review.js."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.html.template import render
from backmice.sphinx_ext.practice import index_address, visit_plain


class review(nodes.General, nodes.Element):
    """The review of the whole course."""

    script = "backmice-review.js"


class ReviewDirective(SphinxDirective):
    """`{review}`: the items that are due for this learner."""

    def run(self) -> list[nodes.Node]:
        return [review()]


def visit_review(self: Any, node: review) -> None:
    """Write the element, and what to do without a script."""
    builder = self.builder
    self.body.append(render("review", index=index_address(builder.app, builder.current_docname)))
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("review", ReviewDirective)
    plain = (visit_plain, None)
    app.add_node(review, html=(visit_review, None), latex=plain, text=plain)
