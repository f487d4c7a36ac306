"""How many years at school a text asks for.

References
----------
Kincaid JP, Fishburne RP, Rogers RL, Chissom BS. Derivation of new readability formulas for Navy enlisted personnel.
Research Branch Report 8-75, 1975.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from backmice.items.lint.words import sentences, words
from backmice.prose.dictionaries import spoken
from backmice.prose.text import Text

#: The box that everybody should understand, and the most that it may ask for.
PLAIN, HIGHEST = "plain-words", 9.0
VOWELS = re.compile(r"[aeiouy]+")
#: Two vowels that are spoken apart, as in iliac, but not in lotion or facial.
APART = re.compile(r"(?<![cst])i[aou]")
SILENT_E = re.compile(r"(?<=[^aeiouyl])e(?:s|d)?$")


def plain_grade(text: Text) -> tuple[int, float] | None:
    """Return the line of a page's box in plain words, and its grade; None where there is no box."""
    blocks = [block for block in text.blocks if block.box == PLAIN]
    if not blocks:
        return None
    said = [
        sentence for block in blocks for sentence in sentences(block.text("own", "rested", "figure").replace("\n", " "))
    ]
    return blocks[0].line, flesch_kincaid(said)


def flesch_kincaid(said: Iterable[str]) -> float:
    """Return the Flesch-Kincaid grade of these sentences; no words at all are of grade 0."""
    spoken = [words(sentence) for sentence in said]
    every = [word for sentence in spoken for word in sentence]
    if not every:
        return 0.0
    return 0.39 * len(every) / len(spoken) + 11.8 * sum(map(syllables, every)) / len(every) - 15.59


def syllables(word: str) -> int:
    """Return the syllables of a word: as the pronouncing dictionary has it, or by its vowels."""
    if "-" in word:
        return sum(syllables(part) for part in word.split("-"))
    word = word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if sounds := spoken().get(word) or spoken().get(word.removesuffix("'s")):
        return sum(map(str.isdigit, sounds))  # a syllable has one vowel sound
    return max(1, len(VOWELS.findall(SILENT_E.sub("", word))) + len(APART.findall(word)))
