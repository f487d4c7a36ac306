"""Words of English text: sentences, stems, which words carry content."""

from __future__ import annotations

import re
from functools import cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}.-][^\W_]+)*")
SENTENCE_END = re.compile(r"(?<=[.?!])['\"]?\s+(?=[A-Z0-9'\"])")


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written as text."""
    return frozenset(text.split())


FUNCTION_WORDS = word_set(
    """a about above after again against all also although an and any are around as at be because been before being
    below beside between both but by can could did do does during each either for from had has have having he her here
    him his how i if in into is it its itself may me might more most must my neither no nor not of off on once one only
    or other our out over own per she should since so some such than that the their them then there these they this
    those through to too toward towards under until up upon was we were what when where whether which while who whom
    whose why will with within without would yet you your"""
)
#: Words of nearly every stem, which tell nothing when a key holds one too.
STEM_WORDS = word_set(
    """allow answer appropriate best case cause choice correct decide diagnosis expect explain explanation fact feel
    finding first fit following further good help important known left likely main make mean next option pain patient person
    people probable question reading reason right say show soon statement step support tell thing true use way"""
)


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case, figures among them."""
    return WORD.findall(text.lower())


def sentences(text: str) -> list[str]:
    """Return the sentences of `text`; an abbreviation within a sentence may end it early."""
    return [part for part in SENTENCE_END.split(text.strip()) if part]


def questions(text: str) -> list[str]:
    """Return the sentences that ask."""
    return [sentence for sentence in sentences(text) if sentence.rstrip("'\")").endswith("?")]


@cache
def stem(word: str) -> str:
    """Return the stem of an English word, such as `infect` for `infections`."""
    return snowballstemmer.stemmer("english").stemWord(word)


@cache
def content(text: str) -> frozenset[str]:
    """Return the stems of the words that carry content, figures among them."""
    return frozenset(stem(word) for word in words(text) if word not in FUNCTION_WORDS)


@cache
def telling(text: str) -> frozenset[str]:
    """Return the stems that would give a key away: words of content, four letters or more, not of every stem."""
    return frozenset(
        stem(word)
        for word in words(text)
        if len(word) > 3 and word not in FUNCTION_WORDS and stem(word) not in _STEM_WORDS and not word[0].isdigit()
    )


_STEM_WORDS = frozenset(stem(word) for word in STEM_WORDS)


def short(text: str, most: int = 60) -> str:
    """Return `text`, cut at a word when it is long, in quotes."""
    if len(text) > most:
        text = text[:most].rsplit(" ", 1)[0] + " ..."
    return f"'{text}'"
