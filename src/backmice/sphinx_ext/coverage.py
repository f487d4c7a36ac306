"""What the course covers: `{coverage}` prints book/coverage.yml with the pages, `{claims-by-page}` counts claims."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from backmice.chapter import Chapter
from backmice.coverage import COVERAGE, Topic, by_name, claims_of, coverage_faults, load_coverage
from backmice.html.template import render
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import claim_href, ledger_of
from backmice.sphinx_ext.lessons import chapter_of, parts
from backmice.sphinx_ext.practice import LISTS_PRACTICE
from backmice.sphinx_ext.quiz import items_of


class coverage_tables(nodes.General, nodes.Element):
    """Every topic that must be covered, and where it is."""


class claim_counts(nodes.General, nodes.Element):
    """Every page, with the claims that it cites."""


class CoverageDirective(SphinxDirective):
    """`{coverage}`: a table for each goal of book/coverage.yml."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(COVERAGE))
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [coverage_tables()]


class CountsDirective(SphinxDirective):
    """`{claims-by-page}`: how many claims each page cites, and how many items it shows."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [claim_counts()]


def visit_coverage(self: Any, node: coverage_tables) -> None:
    """Write the tables."""
    env = self.builder.env
    names = [env.config.root_doc, *(name for _, names in parts(env) for name in names)]
    chapters = [chapter_of(env, name) for name in names]
    try:
        coverage = load_coverage(Path(env.srcdir))
        faults = list(coverage_faults(coverage, chapters))
        if faults:
            raise LocatedError(*faults)
    except LocatedError as error:
        raise ExtensionError(f"The coverage has gaps:\n{error}") from None
    pages = by_name(chapters)
    goals = [(goal, [_row(self, topic, pages) for topic in goal.topics]) for goal in coverage.goals]
    self.body.append(render("coverage", goals=goals))
    raise nodes.SkipNode


def _row(writer: Any, topic: Topic, pages: Mapping[str, Chapter]) -> dict[str, Any]:
    """Return a topic's name, (address, title) of its places, and (address, id) of its claims."""
    claims = claims_of(topic, pages)
    return {
        "name": topic.name,
        "places": [_place(writer, place) for place in topic.places],
        "claims": [(claim_href(writer, id_), id_) for id_ in claims],
    }


def _place(writer: Any, place: str) -> tuple[str, str]:
    page, _, passage = place.partition("#")
    env, address = writer.builder.env, writer.builder.get_relative_uri(writer.builder.current_docname, page)
    title = env.titles[page].astext()
    if not passage:
        return address, title
    heading = env.get_domain("std").labels.get(passage, ("", "", ""))[2]
    return f"{address}#{passage}", f"{title}: {heading}" if heading else title


def visit_counts(self: Any, node: claim_counts) -> None:
    """Write the table."""
    env, ledger = self.builder.env, ledger_of(self.builder.app)
    shown = items_of(env)
    rows, cited = [], set()
    for caption, names in parts(env):
        found = []
        for name in names:
            claims = chapter_of(env, name).claims()
            cited.update(claims)
            address = self.builder.get_relative_uri(self.builder.current_docname, name)
            found.append((address, env.titles[name].astext(), len(claims), len(shown.get(name, ()))))
        rows.append((caption, found))
    self.body.append(render("claim_counts", parts=rows, cited=len(cited), published=len(ledger.published())))
    raise nodes.SkipNode


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Nothing for paper: the tables serve whoever looks after the course."""
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the two directives."""
    app.add_directive("coverage", CoverageDirective)
    app.add_directive("claims-by-page", CountsDirective)
    plain = (visit_plain, None)
    app.add_node(coverage_tables, html=(visit_coverage, None), latex=plain, text=plain)
    app.add_node(claim_counts, html=(visit_counts, None), latex=plain, text=plain)
