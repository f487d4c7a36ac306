"""Tables of sources: the papers of the field, and the names that were given to the nodule.

A row names its source by key; who wrote it, when and under which title stand in the bibliography alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from backmice.evidence.bibliography import Reference
from backmice.evidence.claim import Key
from backmice.evidence.ledger import REFERENCES
from backmice.located import Fault, LocatedError, Model, read_csv

FOLDER = Path("book/evidence")
Text = Annotated[str, Field(min_length=2)]
#: A year somewhere in it, or a century: rows are sorted by it.
When = Annotated[str, Field(pattern=r"\d{4}|\d{2}th century|\d{2}st century")]


class Article(Model):
    """A paper: what was done and found, what to doubt, and how it was seen."""

    source: Key
    country: Text | None = None
    language: Text
    subject: Literal["back mice", "older names", "cluneal nerves"]
    design: Text
    n: str | None = None
    population: Text | None = None
    done: Text
    found: Text
    doubt: Text
    seen: Literal["abstract", "notes of backmice.info", "index record"]


class Naming(Model):
    """A name: who used it, when, in which language, and what it meant."""

    name: Text
    language: Text
    who: Text
    year: When
    meant: Text
    source: Key


Rows = tuple[Article | Naming, ...]
#: By id: the model of a row, and the column that says what no two rows may share.
TABLES: dict[str, tuple[type[Article | Naming], str]] = {
    "articles": (Article, "source"),
    "names": (Naming, "name"),
}


def load_table(root: Path, name: str, references: Mapping[str, Reference]) -> Rows:
    """Read `book/evidence/<name>.csv`; no file, no rows.

    Raises
    ------
    LocatedError
        If a row does not fit its model, stands twice or names a source that is not there.
    """
    path = root / FOLDER / f"{name}.csv"
    if not path.exists():
        return ()
    model, key = TABLES[name]
    document = read_csv(path, root)
    rows = document.parse(tuple[model, ...])
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for i, row in enumerate(rows):
        own = getattr(row, key)
        if first.setdefault(own, i) != i:
            wrong = f"'{own}' stands twice, first on line {document.line((first[own],))}"
            faults.append(document.fault((i, key), wrong, "keep one row"))
        if row.source not in references:
            faults.append(document.fault((i, "source"), f"'{row.source}' is not in {REFERENCES}", "add or correct it"))
    if faults:
        raise LocatedError(*faults)
    return rows
