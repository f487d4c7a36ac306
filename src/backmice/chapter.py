"""A chapter's front matter, and what its text refers to.

Read apart from Sphinx so that `backmice check` needs no build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from backmice.case import case_faults
from backmice.items.model import Slug
from backmice.located import Fault, LocatedError, Model, parse_yaml, read_text

FRONT = re.compile(r"---[ ]*\n(.*?)^---[ ]*$", re.DOTALL | re.MULTILINE)
ROLE = re.compile(r"\{(claim|value|spread|view)\}`([^`]+)`")
#: `words <id>`, told apart as Sphinx does: words may hold a `<` of their own.
WITH_WORDS = re.compile(r"(.+?)\s*<([^<]*)>", re.DOTALL)
#: Directives whose argument names something that must be there.
NAMING = (
    "quiz",
    "exam",
    "anatomy-figure",
    "item",
    "reasoner",
    "plot",
    "sorted-table",
    "dose-calculator",
    "ultrasound-frame",
    "video",
    "drawing",
)
DIRECTIVE = re.compile(rf"^(?:`{{3,}}|:{{3,}})\{{({'|'.join(NAMING)})\}}[ \t]*(\S*)", re.MULTILINE)
#: `(name)=` on a line of its own: a place that links can lead to.
TARGET = re.compile(r"^\(([a-z0-9-]+)\)=[ \t]*$", re.MULTILINE)
#: `claim("id")` in a cell of a lab.
CALLED = re.compile(r"""\bclaim\(["']([a-z0-9.-]+)["']""")
HEADING = re.compile(r"^(#{1,6})[ \t]", re.MULTILINE)
#: The heading that one or several targets stand before.
HEADED = re.compile(r"(?:\([a-z0-9-]+\)=\s+)+(#{1,6})[ \t]")
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


class Case(Model):
    """What opens a worked case. Its objectives are those of its items."""

    case: Literal[True]
    part: Line
    lead: Line
    minutes: Annotated[int, Field(gt=0, le=90)]
    reviewed: date
    before: tuple[Line, ...]


class Page(Model):
    """What opens a page that is neither."""

    lead: Line | None = None
    #: A timetable or a recipe is full of figures that are no findings; a lesson waives paragraph by paragraph.
    waivers: Annotated[dict[Literal["figure"], Annotated[str, Field(min_length=20)]], Field(default={})]


#: A page with any of these is meant as a lesson, even when it lacks the others.
OF_LESSONS = Lesson.model_fields.keys() - Page.model_fields.keys()


class Lab(Page):
    """What opens a lab: the field `backmice` of the notebook's metadata."""

    lead: Line
    minutes: Annotated[int, Field(gt=0, le=60)]


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
    opening: Lesson | Case | Lab | Page
    references: tuple[Reference, ...]
    #: By target: the first line of its passage, and the line after the last.
    passages: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_lesson(self) -> bool:
        """Whether the page is one that teaches."""
        return isinstance(self.opening, Lesson)

    @property
    def is_case(self) -> bool:
        """Whether the page is a worked case."""
        return isinstance(self.opening, Case)

    @property
    def is_lab(self) -> bool:
        """Whether the page is a notebook."""
        return isinstance(self.opening, Lab)

    def claims(self, passage: str | None = None) -> tuple[str, ...]:
        """Return the ids of the claims cited, on the page or in one passage, each once, in order.

        Raises
        ------
        KeyError
            If there is no such passage.
        """
        first, end = self.passages[passage] if passage else (1, float("inf"))
        return tuple(dict.fromkeys(r.name for r in self.references if r.kind in CITING and first <= r.line < end))


def page_file(root: Path, name: str) -> str | None:
    """Return the file of a page that `_toc.yml` names without its ending, or None where there is none."""
    return next((name + end for end in (".md", ".ipynb") if (root / f"{name}{end}").is_file()), None)


def load_chapter(path: Path, root: Path) -> Chapter:
    """Read one page: Markdown, or a notebook.

    Raises
    ------
    LocatedError
        If its front matter does not fit, a lesson lacks one of its boxes, or a case its stages;
        if a notebook is none, holds outputs, or lacks its opening.
    """
    file, text = read_text(path, root)
    if path.suffix == ".ipynb":
        return _load_lab(file, text)
    front = FRONT.match(text)
    # The first line is the rule that opens the front matter: an empty one keeps the count.
    document = parse_yaml("\n" + front[1] if front else "{}", file)
    document = document if document.value else parse_yaml("{}", file)
    opening = document.parse(_kind(document.value))
    chapter = Chapter(file, opening, tuple(_references(text)), _passages(text))
    faults = [
        *_box_faults(chapter, text),
        *_objective_faults(chapter, text),
        *case_faults(file, text, is_case=chapter.is_case),
    ]
    if faults:
        raise LocatedError(*faults)
    return chapter


def _load_lab(file: str, text: str) -> Chapter:
    try:
        notebook = json.loads(text)
        cells = [(cell["cell_type"], "".join(cell["source"]), cell.get("outputs")) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError):
        raise LocatedError(Fault(file, 1, "file", "is not a notebook", "save it from Jupyter")) from None
    if any(outputs for *_, outputs in cells):
        raise LocatedError(Fault(file, 1, "cells", "hold outputs", "clear all outputs and save it again"))
    opening = parse_yaml(json.dumps(notebook["metadata"].get("backmice", {})), file).parse(Lab)
    # A mention is told with its line in the file, where each line of a cell stands on one of its own.
    code = [source for kind, source, _ in cells if kind == "code"]
    named = [id_ for source in code for id_ in CALLED.findall(source)]
    lines = {id_: _line_of(text, f'claim(\\"{id_}\\"') for id_ in named}
    return Chapter(file, opening, tuple(Reference("claim", id_, "", lines[id_]) for id_ in named))


def _line_of(text: str, words: str) -> int:
    return text[: max(0, text.find(words))].count("\n") + 1


def _kind(front: object) -> type[Lesson | Case | Page]:
    fields = front.keys() if isinstance(front, dict) else set()
    return Case if "case" in fields else Lesson if OF_LESSONS & fields else Page


def _references(text: str) -> list[Reference]:
    found = [(m.start(), m[1], *_split(m[2])) for m in ROLE.finditer(text)]
    found += [(m.start(), m[1], m[2], "", "") for m in DIRECTIVE.finditer(text)]
    return [Reference(*mention, text.count("\n", 0, at) + 1, words) for at, *mention, words in sorted(found)]


def _split(role: str) -> tuple[str, str, str]:
    """Return the id, the value's name and the words of `words <id#value>`."""
    given = WITH_WORDS.fullmatch(role)
    name, _, value = (given[2] if given else role).partition("#")
    return name, value, given[1] if given else ""


def _passages(text: str) -> dict[str, tuple[int, int]]:
    """Return what each target stands for: up to the next heading that is not below its own."""
    line = lambda at: text.count("\n", 0, at) + 1
    found = {}
    for target in TARGET.finditer(text):
        own = HEADED.match(text, target.start())
        level, start = (len(own[1]), own.end()) if own else (6, target.end())
        end = next((h.start() for h in HEADING.finditer(text, start) if len(h[1]) <= level), None)
        found[target[1]] = (line(target.start()), line(end) if end else line(len(text)) + 1)
    return found


def _box_faults(chapter: Chapter, text: str) -> Iterator[Fault]:
    needed = BOXES if chapter.is_lesson else BOXES[:1] if chapter.is_case else ()
    what = "case" if chapter.is_case else "lesson"
    for box in needed:
        if f"{{{box}}}" not in text:
            yield Fault(chapter.file, 1, box, "is missing", f"a {what} has one :::{{{box}}} box")


def _objective_faults(chapter: Chapter, text: str) -> Iterator[Fault]:
    targets = TARGET.findall(text)
    for id_ in chapter.opening.objectives if chapter.is_lesson else ():
        if places := {0: "no passage", 1: ""}.get(targets.count(id_), "several passages"):
            allowed = f"put ({id_})= before the passage that teaches it"
            yield Fault(chapter.file, 1, "objectives", f"'{id_}' has {places}", allowed)
