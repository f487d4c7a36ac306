"""`{sorted-table} name`: a CSV file of book/evidence as a table that a script sorts and filters.

Without the script it is a plain table in the order of years, and on a phone a list of cards; the form that filters is
out of sight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from backmice.evidence.bibliography import Reference
from backmice.evidence.ledger import REFERENCES
from backmice.evidence.tables import FOLDER, TABLES, Article, Naming, Rows, load_table
from backmice.foreign import title_in_its_language
from backmice.html.template import render
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import BIBLIOGRAPHY_PAGE, ledger_of, visit_plain


@dataclass(frozen=True)
class Column:
    """A head; `sort` is "text", "number" or empty, `filter` whether one of its values can be chosen."""

    words: str
    sort: str = ""
    filter: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and what it is sorted by where that is something else."""

    shown: str | Markup
    key: str | None = None


LAYOUTS = {
    "articles": (
        "Papers on back mice, older names and the cluneal nerves",
        "papers",
        (
            Column("Paper", "text"),
            Column("Year", "number"),
            Column("Country", "text"),
            Column("About", filter=True),
            Column("Design", "text", filter=True),
            Column("n", "number"),
            Column("Seen", filter=True),
            Column("Done, found, and what to doubt"),
        ),
    ),
    "names": (
        "Names given to the nodule, or to what was taken for it",
        "names",
        (
            Column("Name", "text"),
            Column("Who", "text"),
            Column("Year", "number"),
            Column("Language", "text", filter=True),
            Column("What it meant", "text"),
        ),
    ),
}


class sorted_table(nodes.General, nodes.Element):
    """A table: attributes `name` and `rows`."""

    script = "backmice-table.js"


class SortedTableDirective(SphinxDirective):
    """`{sorted-table}` with the name of a CSV file of book/evidence."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"no table '{name}'; one of: {', '.join(TABLES)}")
        for file in (FOLDER / f"{name}.csv", REFERENCES):
            self.env.note_dependency(str(file))
        return [sorted_table(name=name)]


def rows_of(app: Sphinx, name: str) -> Rows:
    """Return the rows of a table, read once for each build."""
    tables = app.__dict__.setdefault("_backmice_tables", {})
    if name not in tables:
        try:
            tables[name] = load_table(app.srcdir, name, ledger_of(app).references)
        except LocatedError as error:
            raise ExtensionError(f"The table '{name}' has faults:\n{error}") from None
    return tables[name]


def year_key(when: str) -> str:
    """Return the first year that a text names, or that of its century; nothing where it names none."""
    if year := re.search(r"\d{4}", when):
        return year[0]
    century = re.search(r"(\d{2})(?:th|st) century", when)
    return str(100 * (int(century[1]) - 1) + 1) if century else ""


def by_year(cells: list[list[Cell]], column: int) -> list[list[Cell]]:
    """Return rows from the earliest to the latest, those without a year at the end."""
    return sorted(cells, key=lambda row: row[column].key or "9999")


def visit_sorted_table(self: Any, node: sorted_table) -> None:
    """Write the table."""
    builder = self.builder
    name = node["name"]
    title, noun, columns = LAYOUTS[name]
    home = builder.get_relative_uri(builder.current_docname, BIBLIOGRAPHY_PAGE)
    references = ledger_of(builder.app).references
    link = partial(_link, home)
    write = _article if name == "articles" else _naming
    year = next(i for i, column in enumerate(columns) if column.words == "Year")
    rows = by_year([write(row, references[row.source], link) for row in rows_of(builder.app, name)], year)
    lists = [
        (column.words.lower(), column.words, _values(rows, i)) for i, column in enumerate(columns) if column.filter
    ]
    self.body.append(
        render("sorted_table", id=name, title=title, noun=noun, columns=columns, rows=rows, year=year, lists=lists,
               count=len(rows))
    )  # fmt: skip
    raise nodes.SkipNode


def _values(rows: list[list[Cell]], column: int) -> list[tuple[str, str]]:
    """Return what can be chosen of a column, as (value, words); a cell may hold several values, as `French; English`."""
    values = {value for row in rows for value in row[column].shown.split("; ")}
    return [(value, value) for value in sorted(values, key=str.casefold)]


def _link(home: str, reference: Reference, words: str) -> Markup:
    return Markup('<a href="{}#ref-{}">{}</a>').format(home, reference.key, words)


def _article(row: Article, reference: Reference, link: Any) -> list[Cell]:
    who = reference.short().removesuffix(f", {reference.year}")
    if not reference.authors:
        who = "Authors not seen"
    return [
        Cell(
            Markup("{} {}").format(link(reference, who), title_in_its_language(reference.title, reference.language)),
            who,
        ),
        Cell(reference.year or "not seen", reference.year),
        Cell(row.country or "not seen"),
        Cell(row.subject),
        Cell(row.design),
        Cell(row.n or "not seen", (re.search(r"\d+", row.n or "") or [""])[0]),
        Cell(row.seen),
        Cell(render("article_told", row=row)),
    ]


def _naming(row: Naming, reference: Reference, link: Any) -> list[Cell]:
    source = link(reference, reference.short())
    return [
        Cell(row.name),
        Cell(row.who),
        Cell(row.year, year_key(row.year)),
        Cell(row.language),
        Cell(Markup("{}. {}").format(row.meant.removesuffix("."), source)),
    ]


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("sorted-table", SortedTableDirective)
    plain = (visit_plain, lambda *_: None)
    app.add_node(sorted_table, html=(visit_sorted_table, None), latex=plain, text=plain)
