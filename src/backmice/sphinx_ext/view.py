"""{view}`words <id>`: words that move the figure of their page, or lead to a page that has it."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import split_explicit_title

from backmice.anatomy.structure import REGIONS
from backmice.html.template import render
from backmice.sphinx_ext.claim import visit_plain
from backmice.sphinx_ext.figure import region_of, views_of
from backmice.sphinx_ext.lessons import chapter_of, parts


class view_link(nodes.Inline, nodes.TextElement):
    """Words that name a view: attributes `region_id` and `view_id`."""


class ViewRole(SphinxRole):
    """`{view}` with words of the chapter's own and the id of a view."""

    inliner: Inliner

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        has_words, words, view_id = split_explicit_title(self.text)
        regions = {id_: views_of(self.env.app, region_of(self.env.app, id_)).views for id_ in REGIONS}
        region_id = next((id_ for id_, views in regions.items() if view_id in views), None)
        if not has_words or region_id is None:
            why = f"no view '{view_id}'" if has_words else f"'{view_id}' lacks words: write words <id>"
            problem = self.inliner.reporter.error(why, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, problem)], [problem]
        self.env.note_dependency("media/anatomy/" + REGIONS[region_id] + "/views.yml")
        return [view_link(self.rawtext, words, region_id=region_id, view_id=view_id)], []


def home_of(builder: Any, region_id: str, from_docname: str) -> str | None:
    """Return the page whose figure shows a region's views: the same one, else the first of the contents."""

    def has_figure(name: str) -> bool:
        references = chapter_of(builder.env, name).references
        return any(r.kind == "anatomy-figure" and r.name == region_id for r in references)

    contents = (name for _, names in parts(builder.env) for name in names)
    return next(filter(has_figure, [from_docname, *contents]), None)


def visit_link(self: Any, node: view_link) -> None:
    """Write a link to the view's own words beside the figure; the figure itself takes it over."""
    builder = self.builder
    page = builder.current_docname
    home = home_of(builder, node["region_id"], page)
    if home is None:  # a course without a figure: the words alone
        return
    address = "" if home == page else builder.get_relative_uri(page, home)
    self.body.append(
        render("view_link", href=f"{address}#view-{node['view_id']}", view=node["view_id"], here=home == page)
    )


def depart_link(self: Any, node: view_link) -> None:
    """Close the link."""
    if home_of(self.builder, node["region_id"], self.builder.current_docname) is not None:
        self.body.append("</a>")


def register(app: Sphinx) -> None:
    """Add the role."""
    app.add_role("view", ViewRole())
    plain = (visit_plain, visit_plain)
    app.add_node(view_link, html=(visit_link, depart_link), latex=plain, text=plain)
