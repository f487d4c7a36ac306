"""What readers type instead of the words that stand in the book: book/synonyms.yml, and the names of the nodules.

A group has one meaning, which pages use, and the words typed for it: lay words, old names, other languages.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path
from typing import Annotated

from pydantic import Field

from backmice.located import Document, Fault, LocatedError, Model, read_text, read_yaml

SYNONYMS = Path("book/synonyms.yml")
#: The names found in print; its column `name` may hold several, with a semicolon between.
NAMES = Path("book/evidence/names.csv")
#: What a name stands for: the lesson that tells who used which.
NAMED = "many names"
#: Few letters of a page, of which some are marks.
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")

Words = Annotated[str, Field(min_length=2)]


class Group(Model):
    """Words of the book, and what readers type for them."""

    means: Words
    typed: Annotated[tuple[Words, ...], Field(min_length=1)]


def load_synonyms(root: Path, *, text: str | None = None) -> tuple[Group, ...]:
    """Read the groups that authors wrote for the course below `root`; a course may have none.

    Parameters
    ----------
    text
        All that the pages say, where meanings that stand on no page are to be refused.

    Raises
    ------
    LocatedError
        If the file does not fit, if words are typed for two meanings, or if a meaning leads nowhere.
    """
    groups: tuple[Group, ...] = ()
    if (root / SYNONYMS).is_file():
        document = read_yaml(root / SYNONYMS, root)
        groups = document.parse(tuple[Group, ...])
        faults = _twice(document, groups)
        if text is not None:
            faults += _nowhere(document, groups, " ".join(fold(text).split()))
        if faults:
            raise LocatedError(*faults)
    return groups


def fold(text: str) -> str:
    """Return text in lower case and without marks on letters, as search compares it."""
    plain = unicodedata.normalize("NFD", text)
    return BEYOND_ASCII.sub(lambda letter: "" if unicodedata.combining(letter[0]) else letter[0], plain).lower()


def _twice(document: Document, groups: tuple[Group, ...]) -> list[Fault]:
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for i, group in enumerate(groups):
        for j, words in enumerate(group.typed):
            if fold(words) in seen:
                wrong = f"'{words}' already stands for '{seen[fold(words)]}'"
                faults.append(document.fault((i, "typed", j), wrong, "keep one of them"))
            seen.setdefault(fold(words), group.means)
    return faults


def _nowhere(document: Document, groups: tuple[Group, ...], text: str) -> list[Fault]:
    return [
        document.fault((i, "means"), f"'{group.means}' stands on no page", "use words of the book")
        for i, group in enumerate(groups)
        if fold(group.means) not in text
    ]


def load_names(root: Path, text: str) -> tuple[Group, ...]:
    """Return the group of the names in print that `text`, all that the pages say, does not hold: those lead nowhere.

    Raises
    ------
    LocatedError
        If the list of names can't be read.
    """
    said = " ".join(fold(text).split())
    names = tuple(name for name in _names(root) if fold(name) not in said)
    return (Group(means=NAMED, typed=names),) if names else ()


def _names(root: Path) -> tuple[str, ...]:
    if not (root / NAMES).is_file():
        return ()
    _, text = read_text(root / NAMES, root)
    cells = (row["name"] for row in csv.DictReader(text.splitlines()))
    names = (re.sub(r"\(.*?\)", "", name).strip() for cell in cells for name in cell.split(";"))
    return tuple(dict.fromkeys(name for name in names if len(name) > 1))
