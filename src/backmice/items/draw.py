"""Which items a quiz or an exam holds, and in what order. static/draw.js does the same;
tests/vectors/draw.json holds both to it.

A draw depends only on seed and ids, so that it can be repeated years later: each item ranks by itself,
no Python version's generator is part of the record, and one more item in the bank displaces at most
one drawn item of its count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from backmice.items.blueprint import Blueprint, Plan
from backmice.items.model import Draw, Item, Quiz

MASK = 0xFFFFFFFF


def rank(seed: int, name: str) -> int:
    """Return where a name stands in a draw, 0 to 2**32 - 1: FNV-1a of `seed:name` in UTF-8, then mixed.

    References
    ----------
    FNV-1a, 32 bits: offset basis and prime of Fowler, Noll and Vo. The mixing is MurmurHash3's
    finaliser, without which names that differ in their last letter stay neighbours.
    """
    hashed = 0x811C9DC5
    for byte in f"{seed}:{name}".encode():
        hashed = (hashed ^ byte) * 0x01000193 & MASK
    hashed = (hashed ^ hashed >> 16) * 0x85EBCA6B & MASK
    hashed = (hashed ^ hashed >> 13) * 0xC2B2AE35 & MASK
    return hashed ^ hashed >> 16


def ranked(seed: int, names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` in the order of their ranks."""
    return tuple(sorted(names, key=lambda name: (rank(seed, name), name)))


def draw(items: Mapping[str, Item], spec: Draw) -> tuple[Item, ...]:
    """Return the `count` items of the topic that rank first, in that order.

    Raises
    ------
    ValueError
        If the topic has fewer items than asked for.
    """
    fitting = [item.id for item in items.values() if item.topic == spec.topic]
    if len(fitting) < spec.count:
        raise ValueError(f"asks for {spec.count}; topic '{spec.topic}' has {len(fitting)}")
    return tuple(items[id_] for id_ in ranked(spec.seed, fitting)[: spec.count])


def draw_exam(items: Mapping[str, Item], plan: Plan, blueprint: Blueprint, seed: int) -> tuple[Item, ...]:
    """Return the items of an exam: of each area and level those that rank first, all in the order of their ranks.

    Raises
    ------
    ValueError
        If an area has fewer items of a level than asked for.
    """
    drawn: dict[str, Item] = {}
    for count in blueprint.counts:
        fitting = [i.id for i in items.values() if i.topic in plan.topics(count.area) and i.level == count.level]
        if len(fitting) < count.count:
            raise ValueError(f"asks for {count.count}; area '{count.area}' has {len(fitting)} of level {count.level}")
        drawn |= {id_: items[id_] for id_ in ranked(seed, fitting)[: count.count]}
    return tuple(drawn[id_] for id_ in ranked(seed, drawn))


def order_of(seed: int, item_id: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the option ids of an item in the order in which an exam shows them.

    Options that all begin with a figure keep theirs: numbers out of order would only add noise.

    Parameters
    ----------
    options
        Text by id, in the author's order.
    """
    if all(re.match("[0-9]", text) for text in options.values()):
        return tuple(options)
    return tuple(sorted(options, key=lambda id_: (rank(seed, f"{item_id}:{id_}"), id_)))


def items_of(quiz: Quiz, items: Mapping[str, Item]) -> tuple[Item, ...]:
    """Return the items of a quiz, named, drawn or all of a topic, in order."""
    if quiz.draw is not None:
        return draw(items, quiz.draw)
    if quiz.topic is not None:
        return tuple(sorted((item for item in items.values() if item.topic == quiz.topic), key=lambda item: item.id))
    return tuple(items[id_] for id_ in quiz.items or ())
