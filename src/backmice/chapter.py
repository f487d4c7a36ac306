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

from backmice.items.model import Slug
from backmice.located import Fault, LocatedError, Model, parse_yaml, read_text

FRONT = re.compile(r"---[ ]*\n(.*?)^---[ ]*$", re.DOTALL | re.MULTILINE)
ROLE = re.compile(r"\{(claim|value|spread)\}`([^`]+)`")
#: `words <id>`, told apart as Sphinx does: words may hold a `<` of their own.
WITH_WORDS = re.compile(r"(.+?)\s*<([^<]*)>", re.DOTALL)
DIRECTIVE = re.compile(r"^(?:`{3,}|:{3,})\{(quiz|exam|anatomy-figure|plot|sorted-table)\}[ \t]*(\S*)", re.MULTILINE)
#: `(name)=` on a line of its own: a place that links can lead to.
TARGET = re.compile(r"^\(([a-z0-9-]+)\)=[ \t]*$", re.MULTILINE)
#: The kinds of mention that rest on a claim.
CITING = ("claim", "value", "spread")
BOXES = ("key-points", "plain-words")

Line = Annotated[str, Field(min_length=8)]


class Lesson(Model):
    """What opens a lesson. An objective's id is the target, in the text, of the passage that teaches it."""

    part: Line
    lead: Line
    minutes: Annotated[int, Field(gt=0, le=90)]
    reviewed: date
    before: tuple[Line, ...]
    objectives: Annotated[dict[Slug, Line], Field(min_length=2, max_length=6)]


class Page(Model):
    """What opens a page that is not a lesson."""

    lead: Line | None = None


#: A page with any of these is meant as a lesson, even when it lacks the others.
OF_LESSONS = Lesson.model_fields.keys() - Page.model_fields.keys()


@dataclass(frozen=True)
class Reference:
    """One mention in the text: its kind, what it names, its line, and the chapter's own words for it."""

    kind: str
    name: str
    value: str
    line: int
    words: str = ""


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
        return tuple(dict.fromkeys(r.name for r in self.references if r.kind in CITING))


def load_chapter(path: Path, root: Path) -> Chapter:
    """Read one Markdown page.

    Raises
    ------
    LocatedError
        If its front matter does not fit, or a lesson lacks one of its boxes.
    """
    file, text = read_text(path, root)
    front = FRONT.match(text)
    # The first line is the rule that opens the front matter: an empty one keeps the count.
    document = parse_yaml("\n" + front[1] if front else "{}", file)
    document = document if document.value else parse_yaml("{}", file)
    is_lesson = isinstance(document.value, dict) and OF_LESSONS & document.value.keys()
    opening = document.parse(Lesson if is_lesson else Page)
    chapter = Chapter(file, opening, tuple(_references(text)))
    if chapter.is_lesson:
        _needs(chapter, text)
    return chapter


def _references(text: str) -> list[Reference]:
    found = [(m.start(), m[1], *_split(m[2])) for m in ROLE.finditer(text)]
    found += [(m.start(), m[1], m[2], "", "") for m in DIRECTIVE.finditer(text)]
    return [Reference(*mention, text.count("\n", 0, at) + 1, words) for at, *mention, words in sorted(found)]


def _split(role: str) -> tuple[str, str, str]:
    """Return the id, the value's name and the words of `words <id#value>`."""
    given = WITH_WORDS.fullmatch(role)
    name, _, value = (given[2] if given else role).partition("#")
    return name, value, given[1] if given else ""


def _needs(chapter: Chapter, text: str) -> None:
    faults = [
        Fault(chapter.file, 1, box, "is missing", f"a lesson has one :::{{{box}}} box")
        for box in BOXES
        if f"{{{box}}}" not in text
    ]
    targets = TARGET.findall(text)
    faults += [
        Fault(
            chapter.file, 1, "objectives", f"'{id_}' has {places}", f"put ({id_})= before the passage that teaches it"
        )
        for id_ in chapter.opening.objectives
        if (places := {0: "no passage", 1: ""}.get(targets.count(id_), "several passages"))
    ]
    if faults:
        raise LocatedError(*faults)
