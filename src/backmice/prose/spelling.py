"""Spelling: British, with medical terms, names of authors and the course's own words.

The medical list spells both ways, so a word that it alone knows is refused where a British spelling of it exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from backmice.located import Fault, read_text
from backmice.prose.dictionaries import british, medical
from backmice.prose.text import Block

WORDS = Path("book/words.txt")
#: Letters alone: what holds a digit is a name.
WORD = re.compile(
    r"(?<![\w.@/])[^\W\d_\u00b2\u00b3\u00b9\u2070-\u209c]++(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]++)*+(?![\w@])"
)
#: What is written in capitals is for the rule on abbreviations.
CAPITALS = re.compile(r"[A-Z]{2,}s?")
POSSESSIVE = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]s?$")
#: A quotation keeps its spelling.
QUOTED = re.compile(r"""(?<!\w)'[^'\n]+'(?!\w)|"[^"\n]+\"""")
AMERICAN = "is spelt the American way"
#: How an American spelling is made British; each is tried at each place.
BRITISH_FORMS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        ("e", "ae"), ("e", "oe"), ("or", "our"), ("iz(?=[aei])", "is"), ("yz(?=[ei])", "ys"),
        (r"er(?=s?$)", "re"), (r"er(?=(ed|ing)$)", "r"), (r"ense(?=s?$)", "ence"), (r"og(?=s?$)", "ogue"),
        (r"l(?=(ed|ing|er|ers)$)", "ll"),
    )
)  # fmt: skip


class Speller:
    """Knows words, and remembers which of the course's own it met.

    Parameters
    ----------
    own
        The course's own words; one with a capital is a name and is known as written.
    names
        The names of authors.
    """

    def __init__(self, own: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self.own = frozenset(own)
        self.names = frozenset(word for name in names for word in WORD.findall(name))
        self.met: set[str] = set()
        self._told: dict[str, tuple[str, str] | None] = {}

    def fault(self, word: str) -> tuple[str, str] | None:
        """Return what is wrong with a word and what is allowed, or None."""
        if word not in self._told:
            self._told[word] = self._look_up(word)
        return self._told[word]

    def _look_up(self, word: str) -> tuple[str, str] | None:
        stem = POSSESSIVE.sub("", word)
        if CAPITALS.fullmatch(stem):
            return None
        for form in (stem, stem.lower(), stem.removesuffix("s"), stem.lower().removesuffix("s")):
            if form in self.own:
                self.met.add(form)
                return None
        if stem in self.names or is_british(word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")) or is_british(stem):
            return None
        term = stem.lower()
        if not {term, term.removesuffix("s")} & medical():
            return f"'{word}' is in no dictionary", f"correct it, or add it to {WORDS}"
        if form := self.british_form(term):
            return f"'{word}' {AMERICAN}", f"write '{form}'; a name goes into {WORDS}"
        return None

    def british_form(self, word: str) -> str | None:
        """Return another spelling of `word` that is known, made British at one place."""
        for pattern, form in BRITISH_FORMS:
            for found in pattern.finditer(word):
                other = word[: found.start()] + form + word[found.end() :]
                if is_british(other) or other in medical() or other in self.own:
                    return other
        return None

    def unused(self, file: str, lines: Iterable[str]) -> Iterator[Fault]:
        """Yield the course's own words that no text used."""
        for line, word in enumerate(lines, 1):
            if word and word not in self.met:
                yield Fault(file, line, "spelling", f"'{word}' is used nowhere", "take it out")


def is_british(word: str) -> bool:
    """Whether the British dictionary has `word`, as it is written or in lower case."""
    return british().lookup(word) or british().lookup(word.lower())


def misspelt(block: Block, speller: Speller) -> Iterator[tuple[int, str, str]]:
    """Yield the line of each word that no dictionary has, with what is wrong and what is allowed."""
    text = block.text("own", "rested")
    for found in WORD.finditer(text):
        fault = speller.fault(found[0])
        if fault and not (AMERICAN in fault[0] and in_quotes(text, found.start())):
            yield block.line_at(found.start(), "own", "rested"), *fault


def in_quotes(text: str, at: int) -> bool:
    """Whether the character `at` stands in quotation marks."""
    return any(found.start() < at < found.end() for found in QUOTED.finditer(text))


def load_words(root: Path) -> tuple[list[str], list[Fault]]:
    """Return the course's own words, and where the list is out of order; without a list there are none."""
    if not (root / WORDS).is_file():
        return [], []
    file, text = read_text(root / WORDS, root)
    words = text.splitlines()
    faults = []
    for line, word in enumerate(words, 1):
        if not WORD.fullmatch(word):
            faults.append(Fault(file, line, "spelling", f"{word!r} is no word", "one word a line, letters alone"))
        elif line > 1 and order(words[line - 2]) >= order(word):
            wrong = f"'{word}' stands after '{words[line - 2]}'"
            faults.append(Fault(file, line, "spelling", wrong, "sort the list, each word once"))
    return words, faults


def order(word: str) -> tuple[str, str]:
    """Return what the list is sorted by: letters first, capitals before small ones."""
    return word.lower(), word
