"""The reader's own progress: `{progress}`.

The page gets the place for it, and says what can be done without scripts; static/backmice-progress.js fills it
from what the reader's browser keeps. Nothing of a reader is known when the book is built.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.html.template import render
from backmice.sphinx_ext.lessons import lessons
from backmice.sphinx_ext.practice import LISTS_PRACTICE, index_address
from backmice.sphinx_ext.quiz import bank_of

REVIEW_PAGE = "book/practice/review"


class progress(nodes.General, nodes.Element):
    """The place for the reader's progress."""

    script = "backmice-progress.js"


class ProgressDirective(SphinxDirective):
    """`{progress}`: mastery, reviews, exams and lessons read, from the log of this browser."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [progress()]


def visit_progress(self: Any, node: progress) -> None:
    """Write the element, with links to the lessons for readers without scripts."""
    app, here = self.builder.app, self.builder.current_docname
    links = [(self.builder.get_relative_uri(here, page.name), page.title) for page in lessons(app.env)]
    index = index_address(app, here) if bank_of(app).items else None
    review = self.builder.get_relative_uri(here, REVIEW_PAGE) if REVIEW_PAGE in app.env.found_docs else None
    self.body.append(render("progress", index=index, review=review, lessons=links))
    raise nodes.SkipNode


def visit_plain(self: Any, node: progress) -> None:
    """Nothing for paper: the progress is the reader's."""
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_directive("progress", ProgressDirective)
    plain = (visit_plain, None)
    app.add_node(progress, html=(visit_progress, None), latex=plain, text=plain, man=plain, texinfo=plain)
