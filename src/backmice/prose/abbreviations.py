"""Abbreviations: each is explained where a page first uses it, or stands in the glossary.

A word in capitals that is none is shouting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backmice.items.lint.words import word_set
from backmice.prose.spelling import is_british
from backmice.prose.style import Found
from backmice.prose.text import Block

#: Known to whoever reads English, and names that are nothing else any more.
WIDELY_KNOWN = word_set("UK US USA EU AM PM PDF HTML JSON XML README")
#: Names of licences and of what they cover.
LICENCES = word_set("BY CC MIT MPL OFL SA SIL")
CAPITALS = re.compile(r"(?<![\w/.])[A-Z]{2,}(?=s?(?!\w))")
ROMAN = re.compile(r"[IVXL]+")
#: The full form beside it: `computed tomography (CT)`, `CT (computed tomography)`, `CT for short`, `CT: ...`.
EXPLAINED = r"\({0}s?[),;:]|\b{0}s? \((?=[a-z])|\b{0} for short|\b{0}, (?:for|short for) "


def glossary_abbreviations(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the abbreviations that a glossary holds, as terms or as `PRP for short` in what a term means."""
    found: set[str] = set()
    for block in blocks:
        text = block.text("own", "rested")
        if block.box == "glossary" and block.kind == "term":
            found.update(CAPITALS.findall(text))
        elif block.box == "glossary":
            found.update(re.findall(r"\b([A-Z]{2,})s? for short", text))
    return frozenset(found)


def unexplained(blocks: Iterable[Block], known: frozenset[str]) -> Iterator[Found]:
    """Yield, once each, the words in capitals of a page or item that nothing explains."""
    blocks = list(blocks)
    whole = "\n".join(block.text("own", "rested") for block in blocks)
    told = set(known | WIDELY_KNOWN | LICENCES)
    for block in blocks:
        text = block.text("own", "rested")
        for found in CAPITALS.finditer(text):
            word = found[0]
            if word in told or ROMAN.fullmatch(word):
                continue
            told.add(word)
            if first_is_explained(word, whole):
                continue
            line = block.line_at(found.start(), "own", "rested")
            if is_british(word.lower()):
                yield line, f"'{word}' shouts", "write it small, or explain it as an abbreviation at its first use"
            else:
                allowed = f"write it out at its first use, with ({word}) behind it, or add it to the glossary"
                yield line, f"'{word}' is explained nowhere", allowed


def first_is_explained(word: str, text: str) -> bool:
    """Whether the full form stands beside the first use of an abbreviation."""
    first = re.search(rf"(?<![\w/.]){word}(?=s?(?!\w))", text)
    explained = re.search(EXPLAINED.format(word), text)
    return bool(first and explained and explained.start() <= first.start() <= explained.end())
