"""Which items a quiz holds. A draw depends only on seed and item ids, so that it can be repeated years later."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from backmice.items.model import Draw, Item, Quiz


def rank(seed: int, item_id: str) -> str:
    """Return where an item stands in the draw: SHA-256, in hex, of `seed:id` in UTF-8."""
    return sha256(f"{seed}:{item_id}".encode()).hexdigest()


def draw(items: Mapping[str, Item], spec: Draw) -> tuple[Item, ...]:
    """Return the `count` items of the topic that rank first, in that order.

    Each item ranks by itself, so one more in the bank displaces at most one drawn item, and no
    Python version's generator is part of the record.

    Raises
    ------
    ValueError
        If the topic has fewer items than asked for.
    """
    candidates = [item for item in items.values() if item.topic == spec.topic]
    if len(candidates) < spec.count:
        raise ValueError(f"asks for {spec.count}; topic '{spec.topic}' has {len(candidates)}")
    return tuple(sorted(candidates, key=lambda item: rank(spec.seed, item.id))[: spec.count])


def items_of(quiz: Quiz, items: Mapping[str, Item]) -> tuple[Item, ...]:
    """Return the items of a quiz, named or drawn, in order."""
    if quiz.draw is not None:
        return draw(items, quiz.draw)
    return tuple(items[id_] for id_ in quiz.items or ())
