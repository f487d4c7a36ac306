"""A chapter's front matter, and what its text refers to.

Read apart from Sphinx so that `backmice check` needs no build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from backmice.located import Fault, LocatedError, Model, parse_yaml

ROLE = re.compile(r"\{(claim|value|spread)\}`(?:[^`<]*<)?([a-z0-9.-]+)(?:#([a-z0-9-]+))?>?`")
DIRECTIVE = re.compile(r"^(?:`{3,}|:{3,})\{(quiz|anatomy-figure)\}\s*(\S*)", re.MULTILINE)
BOXES = ("key-points", "plain-words")

Line = Annotated[str, Field(min_length=8)]


class Lesson(Model):
    """What opens a lesson."""

    part: Line
    lead: Line
    minutes: Annotated[int, Field(gt=0, le=90)]
    reviewed: date
    before: tuple[Line, ...]
    objectives: Annotated[tuple[Line, ...], Field(min_length=2, max_length=6)]


class Page(Model):
    """What opens a page that is not a lesson."""

    lead: Line | None = None


@dataclass(frozen=True)
class Reference:
    """One mention in the text: its kind, what it names, and its line."""

    kind: str
    name: str
    value: str
    line: int


@dataclass(frozen=True)
class Chapter:
    """A page of the book: its path below the root, its opening, its mentions."""

    file: str
    opening: Lesson | Page
    references: tuple[Reference, ...]

    @property
    def is_lesson(self) -> bool:
        """Whether the page is one that teaches."""
        return isinstance(self.opening, Lesson)

    def claims(self) -> tuple[str, ...]:
        """Return the ids of the claims cited, each once, in order."""
        return tuple(dict.fromkeys(r.name for r in self.references if r.kind in ("claim", "value", "spread")))


def load_chapter(path: Path, root: Path) -> Chapter:
    """Read one Markdown page.

    Raises
    ------
    LocatedError
        If its front matter does not fit, or a lesson lacks one of its boxes.
    """
    file = str(path.relative_to(root))
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LocatedError(Fault(file, 1, "file", "does not exist", "create it or correct _toc.yml")) from None
    except UnicodeDecodeError:
        raise LocatedError(Fault(file, 1, "file", "is not UTF-8 text", "save it as UTF-8")) from None
    front = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    # The first line is the rule that opens the front matter: an empty one keeps the count.
    document = parse_yaml("\n" + front[1] if front else "{}", file)
    document = document if document.value else parse_yaml("{}", file)
    opening = document.parse(Lesson if "objectives" in document.value else Page)
    chapter = Chapter(file, opening, tuple(_references(text)))
    if chapter.is_lesson:
        _needs_boxes(chapter, text)
    return chapter


def _references(text: str) -> list[Reference]:
    found = [(m.start(), m[1], m[2], m[3] or "") for m in ROLE.finditer(text)]
    found += [(m.start(), m[1], m[2], "") for m in DIRECTIVE.finditer(text)]
    return [Reference(kind, name, value, text.count("\n", 0, at) + 1) for at, kind, name, value in sorted(found)]


def _needs_boxes(chapter: Chapter, text: str) -> None:
    faults = [
        Fault(chapter.file, 1, box, "is missing", f"a lesson has one :::{{{box}}} box")
        for box in BOXES
        if f"{{{box}}}" not in text
    ]
    if faults:
        raise LocatedError(*faults)
