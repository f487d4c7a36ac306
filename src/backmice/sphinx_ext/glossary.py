"""Words of the glossary where a page first uses them: a link to the entry, with the definition in a card.

An author's {term}`word` gets the same, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from backmice.html.template import render
from backmice.sphinx_ext.box import box
from backmice.sphinx_ext.claim import block_of, depart_plain, visit_plain

#: What running text stands in. All else is left alone: headings, links, claims, figures, heads of tables, items.
RUNNING = (
    nodes.document, nodes.section, nodes.bullet_list, nodes.enumerated_list, nodes.list_item, nodes.block_quote,
    nodes.table, nodes.tgroup, nodes.tbody, nodes.row, nodes.entry, nodes.paragraph, box,
)  # fmt: skip
#: Words with an everyday sense, too, where only an author can tell which is meant; and what every page is about.
ONLY_BY_HAND = {"odds", "power", "range", "back mouse", "back mice"}
#: Each is a stop of the Tab key; authors may go beyond, and leave the less to be marked unasked.
MOST_A_PAGE = 12


@dataclass(frozen=True)
class Entry:
    """An entry of the glossary: its heads, the first of which names it, its anchor and its definition."""

    heads: tuple[str, ...]
    anchor: str
    definition: str

    @property
    def card(self) -> str:
        """The id of its card on any page."""
        return f"card-{self.anchor}"


class glossary_term(nodes.Inline, nodes.TextElement):
    """A word with its definition: attribute `entry`."""


class term_cards(nodes.General, nodes.Element):
    """The cards of the words first marked in the block before: attribute `entries`."""


def entries_of(env: BuildEnvironment) -> dict[str, list[Entry]]:
    """Return the entries of the glossary by the page that holds them."""
    if not hasattr(env, "backmice_glossary"):
        env.backmice_glossary = {}
    return env.backmice_glossary


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the entries of a page that holds a glossary."""
    entries = [
        Entry(tuple(head.astext() for head in heads), heads[0]["ids"][0], " ".join(item.children[-1].astext().split()))
        for glossary in doctree.findall(addnodes.glossary)
        for item in glossary.findall(nodes.definition_list_item)
        if (heads := [child for child in item.children if isinstance(child, nodes.term)])
    ]
    if entries:
        entries_of(app.env)[app.env.docname] = entries


def folded(words: str) -> str:
    """Return words as they are looked up: in lower case, on one line, with a plain apostrophe."""
    return " ".join(words.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def forms_of(head: str) -> set[str]:
    """Return a head and its regular plural."""
    ending = re.sub(r"y$", "ie", head) if re.search(r"[^aeiou]y$", head) else head
    return {head, f"{ending}es" if re.search(r"(s|x|z|ch|sh)$", head) else f"{ending}s"}


class Vocabulary:
    """Finds the words of a glossary in running text."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = {folded(head): entry for entry in entries for head in entry.heads}

    @cached_property
    def forms(self) -> dict[str, Entry]:
        """Every form that is looked for, with its entry."""
        heads = [(head, e) for e in self.entries.values() for head in e.heads if folded(head) not in ONLY_BY_HAND]
        return {folded(form): entry for head, entry in heads for form in forms_of(head)}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every form, the longest first; an abbreviation in its own capitals only."""
        heads = {head for entry in self.entries.values() for head in entry.heads if folded(head) not in ONLY_BY_HAND}
        found = {(form, head.isupper()) for head in heads for form in forms_of(head)}
        longest_first = sorted(found, key=lambda one: (-len(one[0]), one))
        each = [f"{_loose(form)}" if as_is else f"(?i:{_loose(form)})" for form, as_is in longest_first]
        return re.compile(rf"(?<![\w-])(?:{'|'.join(each)})(?![\w-])")

    def find(self, text: str) -> Iterator[tuple[re.Match[str], Entry]]:
        """Yield each form in `text` with its entry."""
        for match in self.pattern.finditer(text):
            yield match, self.forms[folded(match[0])]


def _loose(form: str) -> str:
    return re.escape(form).replace(r"\ ", r"\s+").replace("'", "['\N{RIGHT SINGLE QUOTATION MARK}]")


class MarkTerms(SphinxPostTransform):
    """Marks an author's terms, and the first use of every other word of the glossary."""

    default_priority = 5  # before Sphinx makes links of its own from {term}
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        page = self.env.docname
        entries = [entry for found in entries_of(self.env).values() for entry in found]
        if not entries or page in entries_of(self.env):
            return
        self.words = Vocabulary(entries)
        self.seen: set[str] = set()
        self.left = max(0, MOST_A_PAGE - self.mark_authors())
        self.mark_running(self.document)
        self.place_cards()

    def mark_authors(self) -> int:
        """Turn each {term} into a word with its definition and return how many there are.

        One that no glossary has is left for Sphinx to refuse.
        """
        for ref in list(self.document.findall(addnodes.pending_xref)):
            entry = self.words.entries.get(folded(ref["reftarget"])) if ref["reftype"] == "term" else None
            if entry:
                ref.replace_self(glossary_term(ref.astext(), ref.astext(), entry=entry))
        return len(list(self.document.findall(glossary_term)))

    def mark_running(self, node: nodes.Element) -> None:
        """Mark first uses below `node`, in the order of reading."""
        for child in list(node.children):
            if isinstance(child, nodes.Text) and isinstance(node, nodes.paragraph):
                self.mark_text(node, child)
            elif isinstance(child, RUNNING):
                self.mark_running(child)
            elif isinstance(child, nodes.Element):
                self.seen.update(term["entry"].anchor for term in child.findall(glossary_term))

    def mark_text(self, paragraph: nodes.paragraph, text: nodes.Text) -> None:
        """Mark first uses in one run of text."""
        parts: list[nodes.Node] = []
        done = 0
        for match, entry in self.words.find(str(text)):
            if entry.anchor in self.seen or not self.left:
                continue
            self.seen.add(entry.anchor)
            self.left -= 1
            parts += [nodes.Text(text[done : match.start()]), glossary_term(match[0], match[0], entry=entry)]
            done = match.end()
        if parts:
            paragraph.replace(text, [*parts, nodes.Text(text[done:])])

    def place_cards(self) -> None:
        """Put each word's card after the block that marks it first."""
        placed: set[str] = set()
        for term in list(self.document.findall(glossary_term)):
            entry = term["entry"]
            if entry.anchor in placed:
                continue
            placed.add(entry.anchor)
            block = block_of(term)
            following = block.next_node(descend=False, siblings=True)
            if not isinstance(following, term_cards):
                following = term_cards("", entries=[])
                block.parent.insert(block.parent.index(block) + 1, following)
            following["entries"].append(entry)


def href_of(writer: Any, entry: Entry) -> str:
    """Return the address of an entry, from the page being written."""
    home = next(page for page, entries in entries_of(writer.builder.env).items() if entry in entries)
    return f"{writer.builder.get_relative_uri(writer.builder.current_docname, home)}#{entry.anchor}"


def visit_term(self: Any, node: glossary_term) -> None:
    """Open the link; its description is read with it even while the card is closed."""
    entry = node["entry"]
    about = {"href": href_of(self, entry), "data-card": entry.card, "aria-describedby": f"{entry.card}-says"}
    self.body.append(self.starttag(node, "a", "", CLASS="term", **about))


def depart_term(self: Any, node: glossary_term) -> None:
    """Close the link."""
    self.body.append("</a>")


def visit_cards(self: Any, node: term_cards) -> None:
    """Write the cards; they stay closed until asked for."""
    for entry in node["entries"]:
        self.body.append(render("term_card", entry=entry, card=entry.card, href=href_of(self, entry)))
    raise nodes.SkipNode


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    entries_of(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    entries_of(env).update({name: found for name, found in entries_of(other).items() if name in docnames})


def rewrite_when_it_changes(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have every page written again when the glossary has changed: any of them may use its words."""
    now = repr(entries_of(env))
    if getattr(env, "backmice_glossary_state", None) == now:
        return []
    env.backmice_glossary_state = now
    return sorted(env.found_docs)


def register(app: Sphinx) -> None:
    """Add the marking, its nodes and what keeps pages in step with the glossary."""
    plain = (visit_plain, depart_plain)
    app.add_node(glossary_term, html=(visit_term, depart_term), latex=plain, text=plain)
    app.add_node(term_cards, html=(visit_cards, None), latex=plain, text=plain)
    app.add_post_transform(MarkTerms)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", rewrite_when_it_changes)
