"""What a page says, block by block and line by line, apart from its markup.

Read with the parser that the book itself is built with, yet without Sphinx, so that `backmice check` needs no build.
A directive's content is read as prose unless the directive is one of `DATA`: an unknown one is better checked in vain
than passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from backmice.chapter import CITING, FRONT, WITH_WORDS
from backmice.items.lint.words import word_set
from backmice.located import Document, parse_yaml

#: own: the author's words; rested: words that rest on a claim; figure: what the course prints for a value or spread;
#: quiet: code and formulas, which no rule reads.
Kind = Literal["own", "rested", "figure", "quiet"]
#: What the words of a claim, value or spread role are: role, id, name of the value.
Spell = Callable[[str, str, str], str]

#: Directives whose content is data or code.
DATA = word_set(
    """bibliography-list code code-block code-cell csv-table evidence-table exam literalinclude math mermaid
    practice-list progress quiz raw review stem-blind toctree"""
)
#: Directives whose argument is a title.
TITLED = word_set("admonition card dropdown key-points pearl pitfall plain-words red-flag stage tab-item table")
#: Options of directives that readers see or hear.
SAID_OPTIONS = ("alt", "caption", "title")
PICTURES = ("figure", "image")
QUIET_ROLES = ("code", "math", "kbd", "eval")
DIRECTIVE = re.compile(r"\{([a-z0-9:_-]+)\}[ \t]*(.*)", re.DOTALL)
OPTION = re.compile(r":([a-z-]+):[ \t]*(.*)")
#: Stands for words that a rule does not read.
GAP = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Piece:
    """Part of a block, in bold or not; a line break of the source stays in its text."""

    kind: Kind
    text: str
    strong: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, item of a list, cell of a table and so on, with the directive that holds it.

    Attributes
    ----------
    line
        Where its first piece begins.
    kind
        `paragraph`, `heading`, `item`, `quote`, `cell`, `term` (of a glossary), `note` (a directive's option or
        a line of data) or `field` (of front matter or of an item).
    """

    line: int
    kind: str
    box: str
    pieces: tuple[Piece, ...]

    def text(self, *kinds: Kind) -> str:
        """Return the words of these kinds; each other piece leaves a gap, each line break stays."""
        return "".join(p.text if p.kind in kinds else GAP + "\n" * p.text.count("\n") for p in self.pieces)

    def line_at(self, at: int, *kinds: Kind) -> int:
        """Return the line on which the character `at` of `text(*kinds)` stands."""
        return self.line + self.text(*kinds).count("\n", 0, at)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line's number and words."""
        return enumerate(self.text("own", "rested", "figure").split("\n"), self.line)


@dataclass(frozen=True)
class Picture:
    """A picture and its alternative text."""

    line: int
    name: str
    alt: str


@dataclass(frozen=True)
class Link:
    """Where a link leads."""

    line: int
    address: str


@dataclass(frozen=True)
class Comment:
    """A comment of the author, and the last line of the paragraph that it stands before."""

    line: int
    last: int
    text: str


@dataclass
class Text:
    """All that a file says."""

    file: str
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    #: What the front matter waives for the whole page: line and reason by rule.
    waivers: dict[str, tuple[int, str]] = field(default_factory=dict)


def read_page(file: str, source: str, spell: Spell) -> Text:
    """Return what the page with this Markdown source says, or the notebook with this JSON.

    Parameters
    ----------
    spell
        Returns the words that the reader sees for a claim that is cited without words.
    """
    text = Text(file)
    if file.endswith(".ipynb"):
        front, source = open_notebook(source)
        document = parse_yaml(json.dumps(front), file)
        text.blocks += fields(document, ("lead",))
        text.waivers = {rule: (1, why) for rule, why in front.get("waivers", {}).items()}
    if front := FRONT.match(source):
        document = parse_yaml("\n" + front[1], file)
        text.blocks += fields(document, ("lead", "before", "objectives"))
        waivers = document.value.get("waivers", {}) if document.value else {}
        text.waivers = {rule: (document.line(("waivers", rule)), why) for rule, why in waivers.items()}
    _Reader(text, source.split("\n"), spell).read(source, 1, "")
    return text


def open_notebook(source: str) -> tuple[dict[str, Any], str]:
    """Return what opens a notebook, and its text as Markdown, each line where it stands in the file."""
    notebook = json.loads(source)
    wanted = [line for cell in notebook["cells"] if cell["cell_type"] == "markdown" for line in cell["source"]]
    lines = []
    for line in source.split("\n"):
        # Jupyter writes each line of a cell as a string on a line of its own.
        is_next = bool(wanted) and line.strip().rstrip(",") == json.dumps(wanted[0], ensure_ascii=False)
        lines.append(wanted.pop(0).rstrip("\n") if is_next else "")
    return notebook["metadata"].get("backmice", {}), "\n".join(lines)


def fields(document: Document, names: Iterable[str]) -> Iterator[Block]:
    """Yield the text of each field that has one of these names, however deep, and of all below it."""
    names = frozenset(names)
    for loc, line in document.lines.items():
        value = document.value
        for part in loc:
            value = value[part]
        if isinstance(value, str) and names & set(loc):
            yield Block(line, "field", "", (Piece("own", value),))


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, deflist_plugin, colon_fence_plugin):
        parser.use(plugin)
    return parser


class _Reader:
    """Walks the tokens of a page, and of each directive's content in it."""

    def __init__(self, text: Text, source: list[str], spell: Spell) -> None:
        self.out, self.source, self.spell = text, source, spell

    def read(self, source: str, first: int, box: str) -> None:
        """Read Markdown whose first line is line `first` of the page."""
        within: list[str] = []
        row = first
        for token in _markdown().parse(source):
            line = first + token.map[0] if token.map else row
            row = line
            if token.nesting == 1:
                within.append(token.type)
            elif token.nesting == -1:
                within.pop()
            elif token.type == "inline":
                self.add(line, _block_kind(within), box, self.pieces(token, line))
            elif token.type in ("fence", "colon_fence"):
                self.directive(token, line)
            elif token.type == "myst_line_comment":
                self.comment(line, token.content)
            elif token.type == "html_block":
                self.html(line, token.content)

    def add(self, line: int, kind: str, box: str, pieces: Iterable[Piece]) -> None:
        self.out.blocks.append(Block(line, kind, box, tuple(pieces)))

    def own(self, line: int, kind: str, box: str, words: str) -> None:
        """Add inline Markdown."""
        for token in _markdown().parseInline(words):
            self.add(line, kind, box, self.pieces(token, line))

    def comment(self, line: int, content: str) -> None:
        last = line + content.count("\n")
        end = last
        while end < len(self.source) and self.source[end].strip():
            end += 1
        for at, words in enumerate(content.split("\n"), line):
            self.out.comments.append(Comment(at, end, words.strip()))

    def html(self, line: int, content: str) -> None:
        for tag in re.finditer(r"<img\b[^>]*>", content, re.IGNORECASE):
            alt = re.search(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", tag[0], re.IGNORECASE)
            at = line + content.count("\n", 0, tag.start())
            self.out.pictures.append(Picture(at, "img", next(filter(None, alt.groups()), "") if alt else ""))

    def directive(self, token: Token, line: int) -> None:
        found = DIRECTIVE.match(token.info.strip())
        if not found:  # plain code
            return
        name, argument = found[1], found[2].strip()
        options, content, first = _options(token.content, line + 1)
        if name in TITLED and argument:
            self.own(line, "heading", name, argument)
        for at, option, words in options:
            if option in SAID_OPTIONS:
                self.own(at, "note", name, words)
        if name in PICTURES:
            alt = next((words for _, option, words in options if option == "alt"), "")
            self.out.pictures.append(Picture(line, name, alt))
        if name == "glossary":
            self.glossary(content, first)
        elif name not in DATA:
            self.read(content, first, name)

    def glossary(self, content: str, first: int) -> None:
        """Read Sphinx's form: terms at the margin, what they mean indented below them."""
        for line, words in enumerate(content.split("\n"), first):
            if words.strip():
                self.own(line, "paragraph" if words[0].isspace() else "term", "glossary", words.strip())

    def pieces(self, inline: Token, line: int) -> Iterator[Piece]:
        bold = at = 0
        for token in inline.children or ():
            if token.type in ("myst_role", "code_inline"):
                token.content, at = _with_line_breaks(token.content, inline.content, at)
            if token.type in ("strong_open", "strong_close"):
                bold += token.nesting
            elif token.type == "link_open":
                self.out.links.append(Link(line, str(token.attrs["href"])))
            elif said := self.said(token, line):
                yield Piece(*said, strong=bold > 0)
                line += said[1].count("\n")

    def said(self, token: Token, line: int) -> tuple[Kind, str] | None:
        """Return what an inline token says."""
        match token.type:
            case "text" | "text_special":
                return "own", token.content
            case "softbreak" | "hardbreak":
                return "own", "\n"
            case "myst_role":
                return self.role(token.meta["name"], token.content)
            case "code_inline":
                return "quiet", token.content
            case "html_inline":
                self.html(line, token.content)
                return "quiet", token.content
            case "image":
                self.out.pictures.append(Picture(line, str(token.attrs["src"]), token.content.strip()))
                return "own", token.content
        return None

    def role(self, name: str, content: str) -> tuple[Kind, str]:
        """Return what a role says: its words, or those of the claim that it names."""
        given = WITH_WORDS.fullmatch(content)
        if name not in CITING:
            return "quiet" if name in QUIET_ROLES else "own", given[1] if given else content
        if given and name == "claim":
            return "rested", given[1]
        id_, _, value = (given[2] if given else content).partition("#")
        return "rested" if name == "claim" else "figure", self.spell(name, id_, value)


def _with_line_breaks(content: str, source: str, at: int) -> tuple[str, int]:
    """Return `content`, in which the parser made spaces of line breaks, as it stands in `source` behind `at`."""
    found = re.compile(re.escape(content).replace(r"\ ", r"[ \n]")).search(source, at)
    return (found[0], found.end()) if found else (content, at)


def _block_kind(within: list[str]) -> str:
    if within[-1] == "heading_open":
        return "heading"
    if within[-1] in ("th_open", "td_open"):
        return "cell"
    for opened, kind in (("blockquote_open", "quote"), ("list_item_open", "item"), ("dt_open", "term")):
        if opened in within:
            return kind
    return "paragraph"


def _options(content: str, first: int) -> tuple[list[tuple[int, str, str]], str, int]:
    """Return a directive's options with their lines, the rest of its content, and the line where that begins."""
    options, lines = [], content.split("\n")
    while lines and (found := OPTION.fullmatch(lines[0])):
        options.append((first, found[1], found[2]))
        lines.pop(0)
        first += 1
    return options, "\n".join(lines), first
