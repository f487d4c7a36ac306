"""What a rule is. What it finds is a `Fault` whose field is the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from backmice.items.item import Item
from backmice.located import Loc

#: Where in the item, what is wrong, how to mend it.
Mark = tuple[Loc, str, str]
#: What each claim states, by id.
Statements = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """A rule, why it is there, who says so, and an example of what breaks it.

    `find` gets an item and what its claims state; a rule on the whole bank has none.
    """

    id: str
    reason: str
    source: str
    example: str
    find: Callable[[Item, Statements], Iterator[Mark]] | None = None
