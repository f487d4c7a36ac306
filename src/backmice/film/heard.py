"""What an independent speech recogniser makes of the narration: a guide to words that are said unclearly."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from backmice.film import make
from backmice.film.voice import RATE, Clip, load_terms, speak

#: What the recogniser listens to, samples a second, with silence (s) before and after a sentence.
LISTENS_AT, QUIET_S = 16_000, 0.4


def words(text: str) -> str:
    """Return a sentence as its words alone, small and unpunctuated."""
    return " ".join(re.findall(r"[a-z0-9]+(?:\.[0-9]+)?", text.lower().replace("'", "").replace("%", " percent")))


def recogniser() -> Callable[[Clip], str]:
    """Return what listens to a sentence and says which words it heard."""
    import numpy as np
    from moonshine_voice import ModelArch, Transcriber, get_model_path
    from scipy.signal import resample_poly

    ear = Transcriber(str(get_model_path("tiny-en")), ModelArch.TINY)
    quiet = np.zeros(round(QUIET_S * LISTENS_AT))

    def hear(clip: Clip) -> str:
        sound = np.concatenate([quiet, resample_poly(clip.sound, LISTENS_AT, RATE), quiet])
        return " ".join(line.text for line in ear.transcribe_without_streaming(sound.tolist(), LISTENS_AT).lines)

    return hear


def heard(root: Path, tell: make.Tell) -> str:
    """Return each sentence that was heard otherwise than written, and the word error rate of each film and of all."""
    import jiwer

    hear, terms = recogniser(), load_terms(root)
    told: list[str] = []
    rates: list[str] = []
    whole: tuple[list[str], list[str]] = ([], [])
    for slug in make.slugs(root):
        lines = [line.say for shot in make.read(root, slug).shots for line in shot.narration]
        written = [words(line) for line in lines]
        understood = []
        for n, line in enumerate(lines, 1):
            tell(f"{slug}: sentence {n} of {len(lines)}")
            understood.append(words(hear(speak(line, terms))))
        told += [f"{slug}: {a}\n  heard: {b}" for a, b in zip(written, understood, strict=True) if a != b]
        rates.append(f"{jiwer.wer(written, understood):6.1%}  {slug}")
        whole[0].extend(written)
        whole[1].extend(understood)
    return "\n".join([*told, "", "Word error rate", *rates, f"{jiwer.wer(*whole):6.1%}  all"])
