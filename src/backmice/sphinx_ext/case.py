"""Worked cases: `{case}` holds stages, `{stage}` a part of the story, `{item}` what is asked in it.

Each stage but the first is a native disclosure; static/backmice-case.js opens one after the other.
The items of a case answer as those of a quiz do, in the same log.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.html.quiz import RESPONSE_FORMS
from backmice.html.template import render
from backmice.items.load import ITEMS
from backmice.sphinx_ext.lessons import cases
from backmice.sphinx_ext.practice import LISTS_PRACTICE
from backmice.sphinx_ext.quiz import bank_of, depend, plain_text, remember, surroundings


class case(nodes.General, nodes.Element):
    """A case: attribute `name`; its children are its stages."""

    script = "backmice-case.js"


class stage(nodes.General, nodes.Element):
    """A stage: attributes `number` and `of`; its first child is its title."""


class stage_title(nodes.Part, nodes.TextElement):
    """What a stage is called."""


class case_item(nodes.General, nodes.Element):
    """One item: attributes `item_id`, `anchor`, `number` and `of`; its children are the plain text of it."""


class case_list(nodes.General, nodes.Element):
    """Every case, with what brings the patient."""


class CaseDirective(SphinxDirective):
    """`::::{case}` with the name of its page's file; everything in it stands in stages."""

    has_content = True
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        node = case(name=self.arguments[0])
        self.state.nested_parse(self.content, self.content_offset, node)
        for found in (list(node.findall(stage)), list(node.findall(case_item))):
            for number, part in enumerate(found, start=1):
                part["number"], part["of"] = number, len(found)
        return [node]


class StageDirective(SphinxDirective):
    """`:::{stage}` with its title."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        node = stage("", stage_title("", self.arguments[0]), number=1, of=1)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class ItemDirective(SphinxDirective):
    """`{item}` with the id of an item of the bank."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        bank, item_id = bank_of(self.env.app), self.arguments[0]
        if item_id not in bank.items:
            raise self.error(f"item '{item_id}' is not in {ITEMS}")
        items = [bank.items[item_id]]
        depend(self.env, bank, items)
        node = case_item(item_id=item_id, anchor=remember(self.env, "", items)[0], number=1, of=1)
        node += plain_text(items)
        return [node]


class CaseListDirective(SphinxDirective):
    """`{case-list}`: links to the cases, with their leads."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [case_list()]


def visit_case(self: Any, node: case) -> None:
    """Open the case as a quiz whose forms stand in stages."""
    self.body.append(f'<backmice-case><backmice-quiz data-quiz="{self.attval("case-" + node["name"])}">\n')


def depart_case(self: Any, node: case) -> None:
    """Close both."""
    self.body.append("</backmice-quiz></backmice-case>\n")


def visit_stage(self: Any, node: stage) -> None:
    """Open the first stage as a section, each other as a disclosure."""
    number = node["number"]
    tag = f'section aria-labelledby="stage-{number}"' if number == 1 else "details"
    self.body.append(f'<{tag} class="case-stage" data-stage="{number}">\n')


def depart_stage(self: Any, node: stage) -> None:
    """Close it."""
    self.body.append("</section>\n" if node["number"] == 1 else "</details>\n")


def visit_title(self: Any, node: stage_title) -> None:
    """Write the heading and where it stands; in a disclosure both are its summary."""
    number, of = node.parent["number"], node.parent["of"]
    self.body.append("" if number == 1 else "<summary>")
    self.body.append(f'<span class="label">Stage {number} of {of}</span> <h2 id="stage-{number}">')


def depart_title(self: Any, node: stage_title) -> None:
    """Close the heading."""
    self.body.append("</h2>\n" if node.parent["number"] == 1 else "</h2></summary>\n")


def visit_item(self: Any, node: case_item) -> None:
    """Write the form in place of the plain text."""
    app = self.builder.app
    values = {name: node[name] for name in ("anchor", "number", "of")}
    values |= surroundings(app, self.builder.current_docname)
    self.body.append(render("item", item=bank_of(app).items[node["item_id"]], forms=RESPONSE_FORMS, **values))
    raise nodes.SkipNode


def visit_list(self: Any, node: case_list) -> None:
    """Write the list."""
    app, here = self.builder.app, self.builder.current_docname
    found = [(self.builder.get_relative_uri(here, page.name), page.title, page.opening) for page in cases(app.env)]
    self.body.append(render("case_list", cases=found))
    raise nodes.SkipNode


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Other builders print the children."""


def visit_rubric(self: Any, node: stage_title) -> None:
    """Print the title of a stage as a heading that no contents name."""
    self.visit_rubric(node)


def depart_rubric(self: Any, node: stage_title) -> None:
    """Close it."""
    self.depart_rubric(node)


def register(app: Sphinx) -> None:
    """Add the directives and their nodes."""
    app.add_directive("case", CaseDirective)
    app.add_directive("stage", StageDirective)
    app.add_directive("item", ItemDirective)
    app.add_directive("case-list", CaseListDirective)
    plain, rubric = (visit_plain, visit_plain), (visit_rubric, depart_rubric)
    app.add_node(case, html=(visit_case, depart_case), latex=plain, text=plain)
    app.add_node(stage, html=(visit_stage, depart_stage), latex=plain, text=plain)
    app.add_node(stage_title, html=(visit_title, depart_title), latex=rubric, text=rubric)
    app.add_node(case_item, html=(visit_item, None), latex=plain, text=plain)
    app.add_node(case_list, html=(visit_list, None), latex=plain, text=plain)
