"""When everything happens: the times of sentences, shots, chapters and cues, from how long each sentence sounds.

Needs nothing but the storyboard and the lengths, in seconds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backmice.film.storyboard import During, Sentence, Shot, Storyboard

#: Silence before a shot's first sentence, and before the film's.
LEAD_S, FIRST_LEAD_S = 0.35, 1.2
#: Shots last a whole number of these: pictures are drawn at half the rate at which they are shown.
FPS, DRAWN_FPS = 25, 12.5
WIDTH, HEIGHT = 1280, 720
#: Two lines of captions.
CUE_CHARS = 84


@dataclass(frozen=True)
class Spoken:
    """A sentence and when it sounds, seconds from the film's beginning; `until_s` counts the pause after it."""

    sentence: Sentence
    start_s: float
    end_s: float
    until_s: float


@dataclass(frozen=True)
class Take:
    """A shot with its times."""

    shot: Shot
    start_s: float
    end_s: float
    spoken: tuple[Spoken, ...]

    def span(self, during: During | None) -> tuple[float, float]:
        """Return from when to when something goes on that names sentences."""
        if during is None:
            return self.start_s, self.end_s
        first, last = during
        end = self.end_s if last == len(self.spoken) else self.spoken[last - 1].until_s
        return self.starts(first), end

    def starts(self, sentence: int) -> float:
        """Return when a sentence begins, counted from 1; the first begins with the shot."""
        return self.start_s if sentence == 1 else self.spoken[sentence - 1].start_s


@dataclass(frozen=True)
class Cue:
    """Caption text and when it is shown."""

    start_s: float
    end_s: float
    text: str


def takes(board: Storyboard, lengths_s: Sequence[Sequence[float]]) -> list[Take]:
    """Return every shot with its times.

    Parameters
    ----------
    lengths_s
        For each shot how long each of its sentences sounds.
    """
    found, now = [], 0.0
    for shot, lengths in zip(board.shots, lengths_s, strict=True):
        start, spoken = now, []
        now += LEAD_S if found else FIRST_LEAD_S
        for sentence, length in zip(shot.narration, lengths, strict=True):
            spoken.append(Spoken(sentence, now, now + length, now + length + sentence.pause_s))
            now = spoken[-1].until_s
        now = start + math.ceil((now + shot.hold_s - start) * DRAWN_FPS - 1e-6) / DRAWN_FPS
        found.append(Take(shot, start, now, tuple(spoken)))
    return found


def pace(board: Storyboard, timed: Sequence[Take]) -> float:
    """Return words a minute over the whole film, its pauses within and between sentences counted."""
    return 60 * board.words() / timed[-1].end_s


def cues(timed: Sequence[Take]) -> list[Cue]:
    """Return the captions: a sentence each, or its parts where it is longer than two lines."""
    found = []
    for spoken in (s for take in timed for s in take.spoken):
        parts = split(spoken.sentence.say)
        total, at = sum(map(len, parts)), spoken.start_s
        for part in parts:
            end = at + (spoken.end_s - spoken.start_s) * len(part) / total
            found.append(Cue(at, end, part))
            at = end
    return found


def split(text: str) -> list[str]:
    """Return text in as few parts of at most `CUE_CHARS` as will do, evenly, after a comma where there is one near."""
    count = math.ceil(len(text) / CUE_CHARS)
    if count == 1:
        return [text]
    words = text.split()
    ends = range(1, len(words))

    def cost(end: int) -> float:
        head = " ".join(words[:end])
        return abs(len(head) - len(text) / count) - (14 if head[-1] in ",;:" else 0)

    end = min(ends, key=cost)
    return [" ".join(words[:end]), *split(" ".join(words[end:]))]
