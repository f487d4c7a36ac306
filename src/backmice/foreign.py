"""Words of other languages on the pages, book/foreign.yml: which they are, and their marks in HTML.

A mark in the source would not reach into claims, drawings and tables, so what is written is marked as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from markupsafe import Markup
from pydantic import Field

from backmice.located import Fault, LocatedError, read_yaml

FOREIGN = Path("book/foreign.yml")
Tag = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Words = Annotated[str, Field(min_length=3)]

MARKUP = re.compile(r"""<!--.*?-->|<(/?)([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.DOTALL)
#: What words run through; any other tag ends them.
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "button",
        "code",
        "dfn",
        "em",
        "i",
        "mark",
        "q",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tspan",
        "u",
    ]
)
#: Nothing within them is marked: a mark would be shown as it is written, or says the same a second time.
SILENT = frozenset(["script", "style", "textarea", "title", "option"])
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


class Foreign:
    """The words of each language, and where a page has them."""

    def __init__(self, languages: dict[str, tuple[str, ...]]) -> None:
        self.languages = languages
        self.language = {" ".join(words.lower().split()): tag for tag, all_ in languages.items() for words in all_}
        longest_first = sorted(self.language, key=lambda words: (-len(words), words))
        each = "|".join(re.escape(words).replace(r"\ ", r"\s+") for words in longest_first)
        self.pattern = re.compile(rf"(?<![\w-])(?:{each})(?![\w-])", re.IGNORECASE)
        #: The longest word of each: a page without any of them has nothing to mark.
        self.hints = {max(words.split(), key=len) for words in self.language}

    def __bool__(self) -> bool:
        return bool(self.language)

    def words(self) -> Iterator[str]:
        """Yield each single word, as it is written."""
        for all_ in self.languages.values():
            for words in all_:
                yield from re.findall(r"[^\W\d_]+", words)

    def mark(self, html: str) -> str:
        """Return HTML with each word of another language in an element that says so."""
        lower = html.lower()
        if not any(hint in lower for hint in self.hints):
            return html
        pieces = list(_pieces(html))
        # Tags that end a run of words stand as a line of their own, other tags as nothing.
        text = "".join(piece.text for piece in pieces)
        found = [
            (m.start(), m.end(), self.language[" ".join(m[0].lower().split())]) for m in self.pattern.finditer(text)
        ]
        return "".join(piece.written(found) for piece in pieces)


class _Piece:
    """Text or a tag: where it stands in the text that is searched, and what it adds to it."""

    def __init__(self, raw: str, text: str, at: int, element: str = "") -> None:
        self.raw, self.text, self.at, self.element = raw, text, at, element

    def written(self, found: Iterable[tuple[int, int, str]]) -> str:
        """Return the piece with marks around what of it was found; `element` is empty where there can be none."""
        if not self.element:
            return self.raw
        out, done = [], 0
        for start, end, tag in found:
            a, b = max(start - self.at, 0), min(end - self.at, len(self.raw))
            if a < b:
                out += [self.raw[done:a], f'<{self.element} lang="{tag}">', self.raw[a:b], f"</{self.element}>"]
                done = b
        return "".join([*out, self.raw[done:]])


def _pieces(html: str) -> Iterator[_Piece]:
    """Yield the text and tags of HTML in order."""
    at, done, open_ = 0, 0, []
    for tag in MARKUP.finditer(html):
        text = html[done : tag.start()]
        done = tag.end()
        for piece in (_text(text, at, open_), _Piece(tag[0], "" if (tag[2] or "").lower() in INLINE else "\0", 0)):
            yield piece
            at += len(piece.text)
        _follow(open_, tag)
    yield _text(html[done:], at, open_)


def _text(text: str, at: int, open_: list[tuple[str, str]]) -> _Piece:
    if any(kind for _, kind in open_ if kind == "silent"):
        return _Piece(text, "\0" * bool(text), at)
    return _Piece(text, text, at, "tspan" if any(kind == "drawn" for _, kind in open_) else "span")


def _follow(open_: list[tuple[str, str]], tag: re.Match[str]) -> None:
    """Keep the list of elements that are open, as far as they matter for words in them."""
    if not tag[2]:
        return
    name = tag[2].lower()
    if tag[1]:
        if open_ and open_[-1][0] == name:
            open_.pop()
    elif name not in VOID and not tag[3].endswith("/"):
        silent = name in SILENT or " lang=" in tag[3]
        kind = "silent" if silent else "drawn" if name == "svg" else ""
        # Within an element that is of no matter only those of its own name are counted.
        if kind or (open_ and open_[-1][0] == name):
            open_.append((name, kind))


def load_foreign(root: Path) -> Foreign:
    """Read the words of the course below `root`; a course may have none.

    Raises
    ------
    LocatedError
        If the file does not fit, or words stand twice.
    """
    if not (root / FOREIGN).is_file():
        return Foreign({})
    document = read_yaml(root / FOREIGN, root)
    languages = document.parse(dict[Tag, tuple[Words, ...]])
    seen: set[str] = set()
    faults: list[Fault] = []
    for tag, all_ in languages.items():
        for i, words in enumerate(all_):
            if words.lower() in seen:
                faults.append(document.fault((tag, i), f"'{words}' stands twice", "keep one of them"))
            seen.add(words.lower())
    if faults:
        raise LocatedError(*faults)
    return Foreign(languages)


def title_in_its_language(title: str, language: str) -> str | Markup:
    """Return a title of a source with its language marked; what stands in brackets at its end is English."""
    if not language:
        return title
    own, gap, said = re.fullmatch(r"(.*?)(\s*)([(\[][^()\[\]]*[)\]])?", title, re.DOTALL).groups()
    return Markup('<span lang="{}">{}</span>{}{}').format(language, own, gap, said or "")
