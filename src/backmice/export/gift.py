"""GIFT, the text format of Moodle. It holds no pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmice.export.loss import NO_FIGURE, RATIONALES_TOGETHER, UNIT_TOLD, WHOLE, Loss
from backmice.export.paper import Paper
from backmice.export.words import asked, moodle_category, number, rationales, share, slip_words, tags, text_of
from backmice.items.model import KINDS, ChoiceItem, Hotspot, Item, Matching, Multiple, Numeric, Ordering

LOSSES = dict.fromkeys(KINDS, WHOLE) | {
    "matching": RATIONALES_TOGETHER,
    "ordering": Loss("nearest", "Steps are matched to their places, and each place counts, not each neighbour."),
    "numeric": UNIT_TOLD,
    "hotspot": Loss("nearest", "Regions are chosen by name; the picture is told in words."),
    "landmark": NO_FIGURE,
}


def content(paper: Paper) -> bytes:
    """Return the paper as GIFT, each item under the category of its topic."""
    return "".join(_blocks(paper)).encode()


def _blocks(paper: Paper) -> Iterator[str]:
    category = None
    for item in paper.items:
        if item.topic != category:
            category = item.topic
            yield f"$CATEGORY: {moodle_category(paper.topic(item))}\n\n"
        marks = " ".join(f"[tag:{tag}]" for tag in tags(item))
        question = "\\n\\n".join(map(escape, _question(item)))
        answers = "\n".join(_answers(item))
        yield f"// [id:{item.id}] {marks}\n::{escape(item.id)}::[plain]{question} {{\n{answers}\n}}\n\n"


def escape(text: str) -> str:
    """Return text in which no sign is one of GIFT's, and none makes an arrow of matching."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("->", "\N{RIGHTWARDS ARROW}")


def _question(item: Item) -> list[str]:
    match item:
        case Numeric():
            return [*asked(item), f"Answer in {item.key.unit}."]
        case Hotspot():
            return [f"The picture: {item.alt}", *asked(item)]
    return asked(item)


def _answers(item: Item) -> Iterator[str]:
    match item:
        case Matching():
            for case in item.cases:
                yield f"={escape(case.text)} -> {escape(text_of(item, item.key[case.id]))}"
            for option in item.options:
                if option.id not in item.key.values():
                    yield f"= -> {escape(option.text)}"
            yield _general(item)
        case Ordering():
            places = {id_: place for place, id_ in enumerate(item.key, 1)}
            for option in item.options:
                yield f"={escape(option.text)} -> {places[option.id]}"
            yield _general(item)
        case Numeric():
            yield f"#\n=%100%{number(item.key.value)}:{number(item.key.tolerance)}"  # the general feedback says why
            for slip in item.slips:
                feedback = escape(slip_words(slip))
                yield f"=%0%{number(slip.value)}:{number(slip.tolerance)} #{feedback}"
            yield f"####{escape(item.rationale)}"
        case ChoiceItem():
            several = isinstance(item, Multiple)
            for option in item.options:
                right = option.id in item.key
                mark = f"~%{'' if right else '-'}{share(len(item.key))}%" if several else "=" if right else "~"
                yield f"{mark}{escape(option.text)} #{escape(option.rationale)}"


def _general(item: Item) -> str:
    return "####" + "\\n".join(map(escape, rationales(item)))
