"""What is written beside a film: captions, chapters and descriptions as WebVTT, and the manifest that the player reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backmice.film.clock import FPS, HEIGHT, WIDTH, Take, cues, pace
from backmice.film.storyboard import Storyboard

FILES = {
    "film": "film.mp4", "poster": "poster.webp", "captions": "captions.vtt", "chapters": "chapters.vtt",
    "descriptions": "descriptions.vtt",
}  # fmt: skip
LINE_CHARS = 42


def stamp(seconds: float) -> str:
    """Return a time as WebVTT writes it."""
    milliseconds = round(seconds * 1000)
    return f"{milliseconds // 3600000:02d}:{milliseconds // 60000 % 60:02d}:{milliseconds // 1000 % 60:02d}.{milliseconds % 1000:03d}"


def webvtt(entries: Iterable[tuple[float, float, str]]) -> str:
    """Return a WebVTT file of (from, to, text)."""
    blocks = [f"{stamp(start)} --> {stamp(end)}\n{text}" for start, end, text in entries]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def two_lines(text: str) -> str:
    """Return a caption broken into two lines where it is too long for one, as even as its words allow."""
    if len(text) <= LINE_CHARS:
        return text
    words = text.split()
    cuts = [(abs(len(" ".join(words[:k])) - len(" ".join(words[k:]))), k) for k in range(1, len(words))]
    k = min(cuts)[1]
    return " ".join(words[:k]) + "\n" + " ".join(words[k:])


def captions(takes: Sequence[Take]) -> str:
    """Return the captions, timed by the sound of each sentence."""
    return webvtt((cue.start_s, cue.end_s, two_lines(cue.text)) for cue in cues(takes))


def chapter_list(takes: Sequence[Take]) -> list[tuple[float, float, str]]:
    """Return chapters as (from, to, title)."""
    starts = [(take.start_s, take.shot.chapter) for take in takes if take.shot.chapter]
    ends = [start for start, _ in starts[1:]] + [takes[-1].end_s]
    return [(start, end, title) for (start, title), end in zip(starts, ends, strict=True)]


def chapters(takes: Sequence[Take]) -> str:
    """Return the chapters."""
    return webvtt(chapter_list(takes))


def descriptions(takes: Sequence[Take]) -> str:
    """Return what is seen in each shot."""
    return webvtt((take.start_s, take.end_s, take.shot.described) for take in takes)


def manifest(board: Storyboard, takes: Sequence[Take], *, size: int, loudness_lufs: float, made_from: Mapping[str, str]) -> dict[str, Any]:  # fmt: skip
    """Return what the player reads about a film, as plain data."""

    def s(seconds: float) -> float:
        return round(seconds, 3)

    return {
        "slug": board.slug,
        "title": board.title,
        "summary": board.summary,
        "lesson": board.lesson,
        "objectives": list(board.objectives),
        "duration_s": s(takes[-1].end_s),
        "width": WIDTH,
        "height": HEIGHT,
        "fps": FPS,
        "files": FILES,
        "bytes": size,
        "loudness_lufs": round(loudness_lufs, 1),
        "words_per_minute": round(pace(board, takes), 1),
        "chapters": [{"start_s": s(start), "title": title} for start, _, title in chapter_list(takes)],
        "transcript": [
            {"start_s": s(k.start_s), "end_s": s(k.end_s), "text": k.sentence.say, "claims": list(k.sentence.claims)}
            for take in takes
            for k in take.spoken
        ],
        "described": [{"start_s": s(take.start_s), "text": take.shot.described} for take in takes],
        "pauses": [{"at_s": s(take.end_s), "item": take.shot.question} for take in takes if take.shot.question],
        "views": [{"start_s": s(take.start_s), "view": take.shot.view} for take in takes if take.shot.view],
        "made_from": dict(made_from),
    }
