"""The search page's index: what each section of each page says, and what readers type for it.

static/search-index.js looks things up in it with MiniSearch, in the reader's browser. Where npm was never run,
Sphinx's own search stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from backmice.assets import minisearch, write_changed
from backmice.located import LocatedError
from backmice.packed import pack
from backmice.sphinx_ext.box import KINDS, box
from backmice.sphinx_ext.glossary import entries_of
from backmice.sphinx_ext.lessons import chapter_of
from backmice.sphinx_ext.quiz import quiz
from backmice.sphinx_ext.video import video
from backmice.synonyms import NAMES, Group, load_names, load_synonyms

INDEX = "search-index.json"
#: Pages of which leads and headings are enough, so that the index stays light for those who learn.
IN_BRIEF = ("book/instructors/", "book/labs", "book/together/credits", "book/videos", "exercises/labs/")
#: Stems of items would crowd out the passages that teach them.
SILENT = (nodes.section, nodes.raw, nodes.comment, nodes.literal_block, addnodes.glossary, quiz)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Section:
    """A place that a result leads to: its anchor, its heading and what it says; the page's own has neither."""

    anchor: str
    heading: str
    text: str


def sections_of(env: BuildEnvironment) -> dict[str, list[Section]]:
    """Return the sections of each page."""
    if not hasattr(env, "backmice_sections"):
        env.backmice_sections = {}
    return env.backmice_sections


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the page says, section by section."""
    sections_of(app.env)[app.env.docname] = list(read_sections(doctree))


def read_sections(doctree: nodes.document) -> Iterator[Section]:
    """Yield the sections of a page, and each entry of a glossary as one of its own."""
    for section in doctree.findall(nodes.section):
        is_page = section.parent is doctree
        title = section.next_node(nodes.title)
        blocks = [child for child in section.children if child is not title]
        text = " ".join(words for block in blocks for words in spoken(block))
        heading = "" if is_page or title is None else title.astext()
        yield Section("" if is_page else section["ids"][0], heading, " ".join(text.split()))
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            heads = [child for child in item.children if isinstance(child, nodes.term)]
            text = " ".join(item.children[-1].astext().split())
            yield Section(heads[0]["ids"][0], ", ".join(head.astext() for head in heads), text)


def spoken(node: nodes.Node) -> Iterator[str]:
    """Yield what a block says, paragraph by paragraph."""
    if isinstance(node, SILENT):
        return
    if isinstance(node, video):  # the passage beside it says the same; the page of films searches their words
        yield node["told"]
        return
    if isinstance(node, nodes.TextElement):
        yield node.astext()
        return
    if isinstance(node, box) and node["title"] != KINDS[node["kind"]][0]:
        yield f"{node['title']}."
    for child in node.children:
        yield from spoken(child)


def synonyms_of(app: Sphinx) -> tuple[Group, ...]:
    """Return what readers type instead of the book's words, read once for each build."""
    if not hasattr(app, "_backmice_synonyms"):
        try:
            app._backmice_synonyms = load_synonyms(Path(app.srcdir))
        except LocatedError as error:
            raise ExtensionError(f"The synonyms have faults:\n{error}") from None
    return app._backmice_synonyms


def search_index(app: Sphinx) -> dict[str, Any]:
    """Return the index as the browser looks things up in it; addresses are from the book's root."""
    pages, sections = [], []
    for name, found in sorted(sections_of(app.env).items()):
        opening = chapter_of(app.env, name).opening
        pages.append(
            {
                "title": app.env.titles[name].astext(),
                "address": app.builder.get_target_uri(name),
                "part": getattr(opening, "part", ""),
                "isGlossary": name in entries_of(app.env),
                "isAside": name.startswith(IN_BRIEF),
            }
        )
        for n, section in enumerate(found):
            lead = f"{opening.lead} " if n == 0 and opening.lead else ""
            text = "" if name.startswith(IN_BRIEF) else section.text
            sections.append([len(pages) - 1, section.anchor, section.heading, lead + text])
    names = load_names(Path(app.srcdir), " ".join(text for *_, text in sections))
    return {
        "pages": pages,
        "sections": sections,
        "synonyms": [group.model_dump() for group in synonyms_of(app)],
        "names": [group.model_dump() for group in names],
    }


def replace_stock_search(app: Sphinx) -> None:
    """Have Sphinx make no index and no search page of its own."""
    if app.builder.format != "html":
        return
    if minisearch(Path(app.srcdir)):
        app.builder.search = False
    else:
        logger.info("MiniSearch is not installed (npm was not run): search is Sphinx's own, without synonyms.")


def write(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write the index, and yield the search page."""
    if app.builder.format != "html" or app.builder.search:
        return
    index = json.dumps(pack(search_index(app)), ensure_ascii=False, separators=(",", ":"))
    write_changed(Path(app.outdir) / INDEX, index.encode())
    yield "search", {"index": INDEX, "wanted": {"backmice-search.js"}}, "search.html"


def rewrite_when_synonyms_change(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have one page written again, since a build that writes none ends before its index."""
    names = Path(app.srcdir) / NAMES
    now = repr((synonyms_of(app), names.read_bytes() if names.is_file() else b""))
    if getattr(env, "backmice_synonyms_state", None) == now:
        return []
    env.backmice_synonyms_state = now
    return [app.config.root_doc]


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    sections_of(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    sections_of(env).update({name: found for name, found in sections_of(other).items() if name in docnames})


def register(app: Sphinx) -> None:
    """Add the index and its page."""
    app.connect("builder-inited", replace_stock_search)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", rewrite_when_synonyms_change)
    app.connect("html-collect-pages", write)
