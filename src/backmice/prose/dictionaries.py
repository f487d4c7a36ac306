"""The word lists that npm brings: British spelling, medical terms, how words are spoken.

They serve the checks alone and are no part of the book.
"""

from __future__ import annotations

import gzip
import io
from functools import cache
from pathlib import Path

from spylls.hunspell import Dictionary, readers
from spylls.hunspell.readers.file_reader import BaseReader

from backmice.located import Fault, LocatedError

#: Beside the code, so that a course elsewhere is checked as well.
REPOSITORY = Path(__file__).resolve().parents[3]
BRITISH = Path("node_modules/dictionary-en-gb/index")
MEDICAL = Path("node_modules/@cspell/dict-medicalterms/dict/medicalterms-en.txt.gz")
SPOKEN = Path("node_modules/cmu-pronouncing-dictionary/index.js")


def require(root: Path = REPOSITORY) -> None:
    """Refuse to go on without the word lists.

    Raises
    ------
    LocatedError
        If npm has not brought them.
    """
    if not all((root / path).exists() for path in (BRITISH.with_suffix(".aff"), MEDICAL, SPOKEN)):
        wrong = "the word lists that it names are not installed"
        raise LocatedError(Fault("package.json", 1, "devDependencies", wrong, "run: make check"))


@cache
def british() -> Dictionary:
    """Return the British dictionary, which knows inflected words by rule."""
    aff, context = readers.read_aff(_Lines(REPOSITORY / BRITISH.with_suffix(".aff")))
    dic = readers.read_dic(_Lines(REPOSITORY / BRITISH.with_suffix(".dic")), aff=aff, context=context)
    return Dictionary(aff, dic)


class _Lines(BaseReader):
    """The lines of a dictionary in UTF-8; the library's own reader leaves its file open."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.StringIO(path.read_text(encoding="utf-8")))

    def reset_encoding(self, encoding: str) -> None:
        """Stay with UTF-8."""


@cache
def medical() -> frozenset[str]:
    """Return medical terms in lower case, American spellings among them."""
    with gzip.open(REPOSITORY / MEDICAL, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip().lower() for line in lines if not line.startswith("#"))


@cache
def spoken() -> dict[str, str]:
    """Return how each word of the pronouncing dictionary sounds; each vowel sound carries a digit for its stress."""
    text = (REPOSITORY / SPOKEN).read_text(encoding="utf-8")
    entries = (line.strip(' ",').partition('": "') for line in text.splitlines() if '": "' in line)
    return {word: sounds for word, _, sounds in entries}
