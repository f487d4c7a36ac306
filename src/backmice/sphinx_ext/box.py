"""Ruled boxes with an icon and a word: plain words, key points, pearl, pitfall, red flag."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

#: directive name: (title, class, icon)
KINDS = {
    "plain-words": ("In plain words", "plain", None),
    "key-points": ("Key points", "box is-key", "i-key"),
    "pearl": ("Pearl", "box is-pearl", "i-pearl"),
    "pitfall": ("Pitfall", "box is-pitfall", "i-pit"),
    "red-flag": ("Red flag", "box is-flag", "i-flag"),
}


class box(nodes.General, nodes.Element):
    """A box: attributes `kind`, `title` and `number` (unique on its page)."""


class BoxDirective(SphinxDirective):
    """`:::{key-points}` and its like; an argument replaces the title."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        title = self.arguments[0] if self.arguments else KINDS[self.name][0]
        node = box(kind=self.name, title=title, number=self.env.new_serialno("box"))
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def visit_box(self: Any, node: box) -> None:
    """Open the box with its heading."""
    _, classes, icon = KINDS[node["kind"]]
    name = f"box-{node['number']}"
    self.body.append(self.starttag(node, "section", CLASS=classes, **{"aria-labelledby": name}))
    if icon:
        self.body.append(f'<svg class="icon" aria-hidden="true"><use href="#{icon}"/></svg>')
    self.body.append(f'<h2 id="{name}">{self.encode(node["title"])}</h2>\n')


def depart_box(self: Any, node: box) -> None:
    """Close the box."""
    self.body.append("</section>\n")


def visit_plain(self: Any, node: box) -> None:
    """Other builders print the content alone."""


def register(app: Sphinx) -> None:
    """Add the boxes."""
    for name in KINDS:
        app.add_directive(name, BoxDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(box, html=(visit_box, depart_box), latex=plain, text=plain)
