"""What stands on a question paper, an answer sheet and a key, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from backmice.evidence.ledger import Ledger
from backmice.export.paper import Paper
from backmice.export.sheets.version import Version
from backmice.export.words import number
from backmice.items.model import Hotspot, Item, Matching, Multiple, Numeric, OptionsItem, Ordering

#: Words go before `told`; a rationale stands further in than the option that it explains.
Style = Literal["text", "stem", "option", "credited", "rationale", "small", "blank"]
ASKED = {
    "single": "One answer.",
    "multiple": "Several answers: all that apply.",
    "matching": "One option for each case; an option may serve once, several times or not at all.",
    "ordering": "Put the steps in order: write their letters.",
    "numeric": "A number with its unit.",
    "hotspot": "One region of the picture.",
    "landmark": "One structure.",
}


@dataclass(frozen=True)
class Heading:
    """A heading; of rank 1 is the title."""

    rank: int
    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph, after a letter or number of its own if it has one."""

    text: str
    style: Style = "text"
    mark: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture whose regions are lettered as in this version."""

    item: Hotspot
    letters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows below a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Words | Picture | Table
#: Blocks that stay together on a page.
Group = tuple[Block, ...]


@dataclass(frozen=True)
class Sheet:
    """A document: its name, its title and what it holds."""

    name: str
    title: str
    groups: tuple[Group, ...]


def sheets(paper: Paper, version: Version) -> tuple[Sheet, ...]:
    """Return the question paper, the answer sheet and the key of a version."""
    made: tuple[tuple[str, str, Callable[[Paper, Version], Iterator[Group]]], ...] = (
        ("questions", "questions", _questions),
        ("answer-sheet", "answer sheet", _answers),
        ("key", "key with rationales", _key),
    )
    found = []
    for name, words, groups in made:
        title = f"{paper.title}, version {version.letter}: {words}"
        found.append(Sheet(f"{version.letter}/{name}", title, ((Heading(1, title),), *groups(paper, version))))
    return tuple(found)


def _questions(paper: Paper, version: Version) -> Iterator[Group]:
    yield from _head(version, f"Write on the answer sheet of version {version.letter}.")
    for n, item in enumerate(version.items, 1):
        yield (Heading(2, f"Item {n}"), *_asked(item), *_offered(item, version))


def _asked(item: Item) -> Iterator[Block]:
    if item.vignette:
        yield Words(item.vignette)
    yield Words(item.stem, "stem")
    yield Words(ASKED[item.kind], "small")


def _offered(item: Item, version: Version) -> Iterator[Block]:
    if isinstance(item, Hotspot):
        yield Picture(item, tuple((option.id, letter) for letter, option in version.options(item)))
        yield Words(item.alt, "small")
    if isinstance(item, OptionsItem):
        for letter, option in version.options(item):
            yield Words(option.text, "option", letter)
    if isinstance(item, Matching):
        for n, case in enumerate(item.cases, 1):
            yield Words(case.text, "option", str(n))
    if isinstance(item, Numeric):
        yield Words(f"Answer in {' or '.join(item.units)}.", "option")


def _answers(paper: Paper, version: Version) -> Iterator[Group]:
    yield from _head(version, "Circle letters; where there is a line, write on it.")
    rows = tuple((str(n), _blank(item, version)) for n, item in enumerate(version.items, 1))
    yield (Table(("Item", "Answer"), rows),)


def _blank(item: Item, version: Version) -> str:
    """Return what is circled or filled in."""
    match item:
        case Numeric():
            unit = next(iter(item.units)) if len(item.units) == 1 else f"unit ________ ({', '.join(item.units)})"
            return f"______________ {unit}"
        case Matching():
            return "    ".join(f"{n} ____" for n in range(1, len(item.cases) + 1))
        case Ordering():
            return "    ".join("____" for _ in item.options)
        case OptionsItem():
            several = "    (all that apply)" if isinstance(item, Multiple) else ""
            return "    ".join(letter for letter, _ in version.options(item)) + several
    raise TypeError(f"items of kind '{item.kind}' can't be printed")


def _key(paper: Paper, version: Version) -> Iterator[Group]:
    rows = tuple((str(n), version.key(item), item.id) for n, item in enumerate(version.items, 1))
    yield (Table(("Item", "Key", "Id"), rows),)
    yield (Heading(2, "Rationales"),)
    for n, item in enumerate(version.items, 1):
        yield (Heading(2, f"Item {n}"), Words(item.stem, "small"), *_why(item, version), _rests(item, paper.ledger))


def _why(item: Item, version: Version) -> Iterator[Block]:
    yield Words(f"Key: {version.key(item)}{_margin(item)}", "credited")
    if isinstance(item, Numeric):
        yield Words(item.rationale, "rationale")
        for slip in item.slips:
            yield Words(f"{number(slip.value)} {item.key.unit}: {slip.text}", "option")
            yield Words(slip.rationale, "rationale")
    if isinstance(item, Matching):
        letters = version.letters(item)
        for n, case in enumerate(item.cases, 1):
            yield Words(case.text, "option", f"{n}{letters[item.key[case.id]]}")
            yield Words(case.rationale, "rationale")
    if isinstance(item, OptionsItem):
        for letter, option in version.options(item):
            yield Words(option.text, "option", letter)
            yield Words(option.rationale, "rationale")


def _rests(item: Item, ledger: Ledger) -> Words:
    """Return what the key rests on, and how sure that is."""
    claims = [ledger.claims[id_] for id_ in item.claims]
    told = [
        f"{claim.certainty} certainty, {' and '.join(ledger.references[key].short() for key in claim.sources)}"
        for claim in claims
    ]
    return Words(f"The key rests on: {'; '.join(told)}.", "small")


def _margin(item: Item) -> str:
    if isinstance(item, Numeric) and item.key.tolerance:
        return f", up to {number(item.key.tolerance)} {item.key.unit} more or less counts"
    return ""


def _head(version: Version, how: str) -> Iterator[Group]:
    """Yield where a name goes, and how much is asked."""
    count = len(version.items)
    items = f"{count} items of 1 point each." if count != 1 else "1 item of 1 point."
    yield (Words("Name ______________________________    Date ____________________", "blank"),)
    yield (Words(f"{items} {how}", "small"),)
