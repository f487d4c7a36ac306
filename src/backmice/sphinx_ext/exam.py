"""Exams where they are set: `{exam}` with the id of a file in exercises/blueprints.

The page says what is drawn; static/backmice-exam.js draws it from the practice pages and keeps the record.
"""

from __future__ import annotations

from typing import Any, get_args

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.html.template import render
from backmice.items.blueprint import BLUEPRINTS, Blueprint, Plan
from backmice.items.model import Level
from backmice.sphinx_ext.practice import blueprints_of, index_address, visit_plain


class exam(nodes.General, nodes.Element):
    """An exam: attribute `exam_id`."""

    script = "backmice-exam.js"


class ExamDirective(SphinxDirective):
    """`{exam}`: what an exam draws, and the element that lets one sit it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        exams, id_ = blueprints_of(self.env.app).exams, self.arguments[0]
        if id_ not in exams:
            raise self.error(f"exam '{id_}' is not in {BLUEPRINTS}; it has: {', '.join(exams) or 'none'}")
        for path in ("exercises/bank.yml", f"{BLUEPRINTS}/{id_}.yml"):
            self.env.note_dependency(path)
        return [exam(exam_id=id_)]


def table(plan: Plan, blueprint: Blueprint) -> list[tuple[str, list[int]]]:
    """Return, for each area that is drawn from, its title and the items of each level."""
    counts = {(count.area, count.level): count.count for count in blueprint.counts}
    rows = [(area.title, [counts.get((area.id, level), 0) for level in get_args(Level)]) for area in plan.areas]
    return [row for row in rows if any(row[1])]


def visit_exam(self: Any, node: exam) -> None:
    """Write what is drawn."""
    app, here = self.builder.app, self.builder.current_docname
    blueprints = blueprints_of(app)
    blueprint = blueprints.exams[node["exam_id"]]
    values = {"levels": get_args(Level), "rows": table(blueprints.plan, blueprint), "index": index_address(app, here)}
    self.body.append(render("exam", exam=blueprint, **values))
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("exam", ExamDirective)
    plain = (visit_plain, None)
    app.add_node(exam, html=(visit_exam, None), latex=plain, text=plain)
