"""Tables of the lessons: each in a region that scrolls by itself, so that a wide one never moves the page."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def name_of(table: nodes.table) -> str:
    """Return what a screen reader calls the region: the table's title, or the heads of its columns."""
    title = table.next_node(nodes.title)
    if title is not None:
        return title.astext()
    head = table.next_node(nodes.thead)
    cells = [" ".join(entry.astext().split()) for entry in head.findall(nodes.entry)] if head else []
    return f"Table: {', '.join(filter(None, cells))}" if any(cells) else "Table"


def visit_table(self: Any, node: nodes.table) -> None:
    """Open the region, which the keyboard reaches, and the table in it."""
    label = self.attval(name_of(node))
    self.body.append(f'<div class="tabular comes-whole" role="region" aria-label="{label}" tabindex="0">\n')
    HTML5Translator.visit_table(self, node)


def depart_table(self: Any, node: nodes.table) -> None:
    """Close both; by its foot the table is known to have come whole."""
    self.body.append("<tfoot hidden></tfoot>\n")
    HTML5Translator.depart_table(self, node)
    self.body.append("</div>\n")


def register(app: Sphinx) -> None:
    """Take the place of Sphinx's own writer of tables, for pages only."""
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
