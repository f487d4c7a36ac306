"""The narrator: terms said as the pronunciation list has them, a calm pace, and one loudness.

The voice is a small neural one that speaks General American; its alphabet is not quite the IPA.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from backmice.located import LocatedError, Model, read_yaml

if TYPE_CHECKING:
    import numpy as np

PRONUNCIATION = Path("media/videos/pronunciation.yml")
RATE = 24_000
#: Slower than the voice's own pace, and the same noise each time.
SPEED, SEED = 0.8, 7
LOUDNESS_LUFS, PEAK = -16.0, 0.89
VOWELS = set("aeiouæɑɔəɚɛɜɪʊʌᵊᵻAIOWYQ")
#: IPA on the left, the voice's letters on the right; longer ones first.
LETTERS = (
    ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("eɪ", "A"), ("aɪ", "I"), ("oʊ", "O"), ("əʊ", "O"), ("aʊ", "W"), ("ɔɪ", "Y"), ("ɜːr", "ɜɹ"),
    ("ː", ""), (".", ""), ("r", "ɹ"), ("g", "ɡ"), ("ɝ", "ɜɹ"), ("ɚ", "əɹ"), ("ɒ", "ɑ"),
)  # fmt: skip


class Term(Model):
    """A term that the voice would misread, how it is said, and where that comes from."""

    term: Annotated[str, Field(min_length=2)]
    ipa: Annotated[str, Field(min_length=2)]
    source: Annotated[str, Field(alias="from", min_length=4)]


@dataclass(frozen=True)
class Clip:
    """A sentence as sound: samples at `RATE`, shape (n,), and how long it is."""

    sound: np.ndarray

    @property
    def length_s(self) -> float:
        """Its length in seconds."""
        return len(self.sound) / RATE


def load_terms(root: Path) -> dict[str, str]:
    """Return the pronunciation list, IPA by term in small letters; empty where there is none.

    Raises
    ------
    LocatedError
        If the file does not fit, or a term stands twice.
    """
    if not (root / PRONUNCIATION).is_file():
        return {}
    document = read_yaml(root / PRONUNCIATION, root)
    found: dict[str, str] = {}
    for i, term in enumerate(document.parse(tuple[Term, ...])):
        if term.term.lower() in found:
            raise LocatedError(document.fault((i, "term"), f"'{term.term}' stands twice", "keep one of them"))
        found[term.term.lower()] = term.ipa
    return found


def letters(ipa: str) -> str:
    """Return IPA in the voice's letters: its own signs for diphthongs, stress straight before the vowel."""
    for ours, theirs in LETTERS:
        ipa = ipa.replace(ours, theirs)
    out, stress = "", ""
    for letter in ipa:
        if letter in "ˈˌ":
            stress = letter
            continue
        if letter in VOWELS and stress:
            out, stress = out + stress, ""
        out += letter
    return out


def marked(text: str, terms: Mapping[str, str]) -> str:
    """Return text with each listed term as `[term](/its letters/)`, which the voice takes as they are."""
    if not terms:
        return text
    names = sorted(terms, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, names))})(?![\w-])", re.IGNORECASE)
    return pattern.sub(lambda m: f"[{m.group(1)}](/{letters(terms[m.group(1).lower()])}/)", text)


@cache
def _voice():
    from hibari import Hibari

    return Hibari()


def phonemes(text: str, terms: Mapping[str, str]) -> str:
    """Return what the voice will say, in its letters."""
    return " ".join(_voice().phonemize(marked(text, terms)))


def unknown(text: str, terms: Mapping[str, str]) -> list[str]:
    """Return words of a text that are neither listed nor in the voice's own dictionary, and so are guessed."""
    from hibari.g2p import G2P

    guessed: list[str] = []

    def guess(word: str) -> str:
        guessed.append(word)
        return "ə"

    G2P(oov=guess)(marked(text, terms))
    return guessed


def speak(text: str, terms: Mapping[str, str]) -> Clip:
    """Return a sentence as sound, its silent ends cut off."""
    import numpy as np

    sound = np.asarray(_voice()(marked(text, terms), speed=SPEED, seed=SEED), float)
    loud = np.flatnonzero(np.abs(sound) > 0.004)
    first, last = max(loud[0] - RATE // 50, 0), min(loud[-1] + RATE // 16, len(sound))
    return Clip(sound[first:last])


def track(clips: Sequence[tuple[float, Clip]], length_s: float) -> np.ndarray:
    """Return the whole narration at -16 LUFS: clips at their times (s) in silence.

    References
    ----------
    Loudness as ITU-R BS.1770 and EBU R 128 have it.
    """
    import numpy as np
    import pyloudnorm

    whole = np.zeros(round(length_s * RATE))
    for start, clip in clips:
        at = round(start * RATE)
        whole[at : at + len(clip.sound)] += clip.sound[: len(whole) - at]
    whole *= 10 ** ((LOUDNESS_LUFS - pyloudnorm.Meter(RATE).integrated_loudness(whole)) / 20)
    for _ in range(3):  # a soft limit lowers loudness by a little
        over = np.abs(whole) > 0.7
        whole[over] = np.sign(whole[over]) * (0.7 + (PEAK - 0.7) * np.tanh((np.abs(whole[over]) - 0.7) / (PEAK - 0.7)))
        whole *= 10 ** ((LOUDNESS_LUFS - pyloudnorm.Meter(RATE).integrated_loudness(whole)) / 20)
    return np.clip(whole, -0.98, 0.98)
