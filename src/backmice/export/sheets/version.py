"""Versions of a quiz for neighbours in one room: the same items, in another order, with other letters.

Version A is the order of the bank. A shuffle depends only on ids, so that a printed sheet can be read years later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from backmice.export.paper import Paper
from backmice.export.words import number
from backmice.items.draw import order_of, ranked
from backmice.items.model import ChoiceItem, Item, Matching, Numeric, Option, OptionsItem, Ordering

LETTERS = "ABC"


@dataclass(frozen=True)
class Version:
    """One order of a quiz.

    Attributes
    ----------
    orders
        By item, the ids of its options in the order printed; an item without options has none.
    """

    letter: str
    items: tuple[Item, ...]
    orders: Mapping[str, tuple[str, ...]]

    def options(self, item: OptionsItem) -> list[tuple[str, Option]]:
        """Return the options with their letters, in the order printed."""
        by_id = {option.id: option for option in item.options}
        return [(ascii_uppercase[i], by_id[id_]) for i, id_ in enumerate(self.orders[item.id])]

    def letters(self, item: OptionsItem) -> dict[str, str]:
        """Return the letter of each option by its id."""
        return {option.id: letter for letter, option in self.options(item)}

    def key(self, item: Item) -> str:
        """Return the key as it is written on this version's answer sheet: `B`, `A C`, `1D 2A`, `C A B`, `12.5 mg`."""
        match item:
            case Numeric():
                return f"{number(item.key.value)} {item.key.unit}"
            case Matching():
                letters = self.letters(item)
                return " ".join(f"{n}{letters[item.key[case.id]]}" for n, case in enumerate(item.cases, 1))
            case Ordering():
                return " ".join(self.letters(item)[id_] for id_ in item.key)
            case ChoiceItem():
                return " ".join(letter for letter, option in self.options(item) if option.id in item.key)
        raise TypeError(f"items of kind '{item.kind}' can't be printed")


def versions(paper: Paper) -> tuple[Version, ...]:
    """Return the versions A, B and C of a paper."""
    return tuple(_version(paper, letter, seed) for seed, letter in enumerate(LETTERS))


def _version(paper: Paper, letter: str, seed: int) -> Version:
    items = paper.items
    if seed:
        by_id = {item.id: item for item in items}
        items = tuple(by_id[id_] for id_ in ranked(seed, by_id))
    orders = {item.id: _order(item, seed) for item in items if isinstance(item, OptionsItem)}
    return Version(letter, items, orders)


def _order(item: OptionsItem, seed: int) -> tuple[str, ...]:
    """Return the order printed: the author's for version A, and never the one that an ordering item asks for."""
    found = order_of(seed, item.id, {option.id: option.text for option in item.options}) if seed else item.option_ids()
    return item.option_ids() if isinstance(item, Ordering) and found == item.key else found


def record(paper: Paper, made: tuple[Version, ...]) -> dict[str, Any]:
    """Return what was shuffled: for each version its items in order, each with its options in order and its key."""
    rows = {
        version.letter: [
            {"item": item.id, "revision": item.revision, "kind": item.kind,
             "options": list(version.orders.get(item.id, ())), "key": version.key(item)}
            for item in version.items
        ]
        for version in made
    }  # fmt: skip
    return {"quiz": paper.id, "title": paper.title, "versions": rows}
