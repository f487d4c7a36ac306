"""Reads all items and quizzes, and says everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import ConfigDict

from backmice.items import draw
from backmice.items.model import KINDS, Hotspot, Item, Landmark, Quiz
from backmice.located import Document, Fault, Loc, LocatedError, Model, read_yaml

ITEMS = Path("exercises/items")
QUIZZES = Path("exercises/quizzes")


class Publishable(Protocol):
    """What the bank asks of a claim."""

    @property
    def published(self) -> bool:
        """Whether the course may state it."""


class HasClaims(Protocol):
    """What the bank asks of a ledger."""

    claims: dict[str, Any]


class Head(Model):
    """The field that decides how the others are read."""

    model_config = ConfigDict(extra="ignore")
    kind: Literal[tuple(KINDS)]  # type: ignore[valid-type]


@dataclass(frozen=True)
class Bank:
    """Items and quizzes by id, in the order of their files, and what each was read from."""

    items: dict[str, Item] = field(default_factory=dict)
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    quiz_files: dict[str, Path] = field(default_factory=dict)

    def items_of(self, quiz_id: str) -> tuple[Item, ...]:
        """Return the items of a quiz, named or drawn, in order."""
        return draw.items_of(self.quizzes[quiz_id], self.items)


def load_bank(
    root: Path,
    claims: Mapping[str, Publishable] | HasClaims,
    *,
    structures: Mapping[str, Collection[str]] | None = None,
) -> Bank:
    """Read every item and quiz below `root`; folders that aren't there are empty.

    Parameters
    ----------
    claims
        The ledger, or its claims by id.
    structures
        The ids of the structures of each anatomy figure; without it landmarks are taken on trust.

    Raises
    ------
    LocatedError
        With every fault of every file: one that does not fit its model, an id that is not the file
        name or stands twice, a claim that can't be published, a picture or structure that isn't there,
        a quiz whose items aren't there.
    """
    known = getattr(claims, "claims", claims)
    reader = _Reader(Path(root), known, structures)
    for path in sorted((reader.root / ITEMS).rglob("*.yml")):
        reader.add_item(path)
    for path in sorted((reader.root / QUIZZES).glob("*.yml")):
        reader.add_quiz(path)
    if reader.faults:
        raise LocatedError(*reader.faults)
    return reader.bank


def read_item(path: Path, root: Path) -> tuple[Document, Item]:
    """Read one item by itself.

    Raises
    ------
    LocatedError
        If it does not fit the model of its kind.
    """
    document = read_fields(path, root)
    return document, document.parse(KINDS[document.parse(Head).kind])


def read_fields(path: Path, root: Path) -> Document:
    """Read a YAML file that holds fields."""
    document = read_yaml(path, root)
    if not isinstance(document.value, dict):
        wrong = "is empty" if document.value is None else "is not a list of fields"
        raise LocatedError(document.fault((), wrong, "begin with `id: ` and the file name"))
    return document


class _Reader:
    """Collects what is read and what is wrong, so that an author mends all of it in one go."""

    def __init__(
        self,
        root: Path,
        claims: Mapping[str, Publishable],
        structures: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.root, self.claims, self.structures = root, claims, structures
        self.bank = Bank()
        self.faults: list[Fault] = []
        self.seen: dict[str, str] = {}

    def add_item(self, path: Path) -> None:
        first = self.seen.setdefault(path.stem, str(path.relative_to(self.root)))
        try:
            document, item = read_item(path, self.root)
        except LocatedError as error:
            self.faults += error.faults
            return
        if first != document.file:
            self.faults.append(document.fault(("id",), f"'{path.stem}' is also {first}", "give each item its own id"))
        self.faults += self.name_faults(document, path, item.id)
        if item.topic != path.parent.name:
            wrong = f"'{item.topic}' is not the folder '{path.parent.name}'"
            self.faults.append(document.fault(("topic",), wrong, "make the two agree"))
        self.faults += self.claim_faults(document, item)
        self.faults += self.media_faults(document, item)
        self.bank.items[item.id] = item
        self.bank.files[item.id] = path
        self.bank.documents[item.id] = document

    def add_quiz(self, path: Path) -> None:
        try:
            document = read_fields(path, self.root)
            quiz = document.parse(Quiz)
        except LocatedError as error:
            self.faults += error.faults
            return
        self.faults += self.name_faults(document, path, quiz.id)
        self.faults += self.named_faults(document, quiz)
        self.faults += self.draw_faults(document, quiz) if quiz.draw else ()
        self.bank.quizzes[quiz.id] = quiz
        self.bank.quiz_files[quiz.id] = path

    def name_faults(self, document: Document, path: Path, id_: str) -> Iterator[Fault]:
        if id_ != path.stem:
            yield document.fault(("id",), f"'{id_}' is not the file name '{path.stem}'", "make the two agree")

    def claim_faults(self, document: Document, item: Item) -> Iterator[Fault]:
        for loc, id_ in named_claims(item):
            claim = self.claims.get(id_)
            if claim is None:
                yield document.fault(loc, f"'{id_}' is not a claim", "name a claim of the ledger")
            elif not claim.published:
                yield document.fault(loc, f"'{id_}' is only recalled", "name a claim whose source was found")

    def media_faults(self, document: Document, item: Item) -> Iterator[Fault]:
        if isinstance(item, Hotspot) and not (self.root / item.picture).is_file():
            yield document.fault(
                ("picture",), f"'{item.picture}' does not exist", "put the picture there or correct its name"
            )
        if isinstance(item, Landmark) and self.structures is not None:
            known = self.structures.get(item.figure)
            if known is None:
                allowed = f"one of: {', '.join(self.structures) or 'none yet'}"
                yield document.fault(("figure",), f"'{item.figure}' is not a figure", allowed)
                return
            for i, option in enumerate(item.options):
                if option.structure not in known:
                    wrong = f"'{option.structure}' is not a structure of '{item.figure}'"
                    yield document.fault(("options", i, "structure"), wrong, f"one of: {', '.join(known)}")

    def named_faults(self, document: Document, quiz: Quiz) -> Iterator[Fault]:
        topics = {item.topic for item in self.bank.items.values()}
        if quiz.topic is not None and quiz.topic not in topics and not self.faults:  # faulty items are missing here
            yield document.fault(("topic",), f"'{quiz.topic}' has no items", f"name a folder of {ITEMS}")
        for i, id_ in enumerate(quiz.items or ()):
            if id_ not in self.bank.items and id_ not in self.seen:
                yield document.fault(("items", i), f"'{id_}' is not an item", f"name one of {ITEMS}")

    def draw_faults(self, document: Document, quiz: Quiz) -> Iterator[Fault]:
        try:
            draw.items_of(quiz, self.bank.items)
        except ValueError as error:
            if not self.faults:  # faulty items are missing from the count
                yield document.fault(("draw", "count"), str(error), "ask for fewer or write more")


def named_claims(item: Item) -> Iterator[tuple[Loc, str]]:
    """Yield each claim that an item names, and where."""
    for i, id_ in enumerate(item.claims):
        yield ("claims", i), id_
    for loc, part in item.parts():
        for j, id_ in enumerate(part.claims):
            yield (*loc, "claims", j), id_
