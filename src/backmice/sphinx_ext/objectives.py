"""What each lesson is for, and which items test it: `{objectives-map}`, with the same as a file for spreadsheets."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, get_args

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.html.template import render
from backmice.items.model import Item, Level
from backmice.sphinx_ext.lessons import lessons
from backmice.sphinx_ext.practice import FOLDER, LISTS_PRACTICE
from backmice.sphinx_ext.quiz import bank_of

LEVELS: tuple[str, ...] = get_args(Level)
COLUMNS = ("part", "lesson", "page", "id", "objective", *LEVELS, "items")


class objectives_map(nodes.General, nodes.Element):
    """Parts, lessons, objectives and items."""


@dataclass(frozen=True)
class Row:
    """One objective: where it is taught, and the items that test it, by id."""

    part: str
    lesson: str
    page: str
    id: str
    words: str
    items: tuple[Item, ...]

    def counts(self) -> dict[str, int]:
        """Return how many items there are of each level."""
        found = Counter(item.level for item in self.items)
        return {level: found[level] for level in LEVELS}


class ObjectivesDirective(SphinxDirective):
    """`{objectives-map}`: each objective with its items by level."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [objectives_map()]


def rows(app: Sphinx) -> list[Row]:
    """Return every objective in the order of the contents."""
    items = sorted(bank_of(app).items.values(), key=lambda item: item.id)
    return [
        Row(page.opening.part, page.title, page.name, id_, words.rstrip(";."),
            tuple(item for item in items if item.objective == id_))
        for page in lessons(app.env) for id_, words in page.opening.objectives.items()
    ]  # fmt: skip


def as_csv(found: list[Row]) -> str:
    """Return the map as comma-separated values, one objective a line."""
    text = StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for row in found:
        ids = " ".join(item.id for item in row.items)
        table.writerow((row.part, row.lesson, row.page, row.id, row.words, *row.counts().values(), ids))
    return text.getvalue()


def visit_map(self: Any, node: objectives_map) -> None:
    """Write the tables, and the file beside the page."""
    builder, here = self.builder, self.builder.current_docname
    found = rows(builder.app)
    path = Path(builder.outdir) / f"{here}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_csv(found), encoding="utf-8-sig", newline="")  # the mark tells spreadsheets that it is UTF-8
    address = lambda name: builder.get_relative_uri(here, name)
    lines: dict[str, dict[tuple[str, str], list[Any]]] = {}
    for row in found:
        items = [(f"{address(f'{FOLDER}/{i.topic}')}#item-{i.id}", i.id) for i in row.items]
        lesson = lines.setdefault(row.part, {}).setdefault((address(row.page), row.lesson), [])
        lesson.append((f"{address(row.page)}#{row.id}", row.words, row.counts(), items))
    self.body.append(render("objectives", parts=lines, file=path.name, total=len(found)))
    raise nodes.SkipNode


def visit_plain(self: Any, node: objectives_map) -> None:
    """Nothing for paper: lessons print their objectives."""
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_directive("objectives-map", ObjectivesDirective)
    plain = (visit_plain, None)
    app.add_node(objectives_map, html=(visit_map, None), latex=plain, text=plain)
