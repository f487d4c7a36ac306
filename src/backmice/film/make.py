"""Making films: from storyboards to files, what is stale only; single frames, contact sheets and figures on demand."""

from __future__ import annotations

import json
import re
import subprocess
import time
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from backmice.anatomy.structure import load_region
from backmice.check import known_to_films, read_course, toc_pages
from backmice.film.clock import Take, pace, takes
from backmice.film.made_from import MANIFEST, made_from, stale
from backmice.film.storyboard import STORYBOARD, VIDEOS, Storyboard, load_storyboard
from backmice.film.texts import FILES, captions, chapters, descriptions, manifest
from backmice.film.voice import RATE, Clip, load_terms, speak, track

CACHE = Path(".cache/films")
REGION = "sacroiliac-triangle"
#: Never faster than this, over a film.
MOST_WORDS = 150
SHEET_PX = (320, 180)
POSTER_QUALITY = 80

Tell = Callable[[str], object]


class FilmError(Exception):
    """A film can't be made: what is missing or wrong."""


def slugs(root: Path) -> list[str]:
    """Return the films that have a storyboard."""
    return sorted(path.parent.name for path in (root / VIDEOS).glob(f"*/{STORYBOARD}"))


def read(root: Path, slug: str) -> Storyboard:
    """Return a film's storyboard, checked.

    Raises
    ------
    FilmError
        If there is none of that name.
    LocatedError
        If it does not fit.
    """
    path = root / VIDEOS / slug / STORYBOARD
    if not path.is_file():
        raise FilmError(f"No film '{slug}'; one of: {', '.join(slugs(root)) or 'none yet'}")
    course = read_course(root)
    return load_storyboard(path, known_to_films(course, toc_pages(root)[0]), root)


def narrated(root: Path, board: Storyboard) -> tuple[list[list[Clip]], tuple[Take, ...]]:
    """Return a film's sentences as sound, and with them the times of all that happens."""
    terms = load_terms(root)
    clips = [[speak(line.say, terms) for line in shot.narration] for shot in board.shots]
    return clips, tuple(takes(board, [[clip.length_s for clip in shot] for shot in clips]))


def studio(root: Path, board: Storyboard, timed: tuple[Take, ...]):
    """Return what draws a film."""
    from backmice.evidence.ledger import load_ledger
    from backmice.film.render import Studio

    return Studio(root, load_region(root, REGION, load_ledger(root).claims), board, timed)


def make(root: Path, slug: str, tell: Tell, *, anyway: bool = False) -> bool:
    """Make a film if it is stale, and return whether it was.

    Raises
    ------
    FilmError
        If it would be spoken too fast.
    """
    board = read(root, slug)
    if not anyway and not stale(root, board) and (root / VIDEOS / slug / FILES["film"]).is_file():
        tell(f"{slug}: is what its storyboard says")
        return False
    began = time.monotonic()
    clips, timed = narrated(root, board)
    if (fast := pace(board, timed)) > MOST_WORDS:
        raise FilmError(f"{slug}: {fast:.0f} words a minute; at most {MOST_WORDS}: shorten it or add pauses")
    from backmice.film.render import pieces

    digests = made_from(root, board)
    cache = root / CACHE / slug
    drawing = studio(root, board, timed)
    try:
        parts = pieces(drawing, digests["scene"] + digests["model"], cache, lambda words: tell(f"{slug}: {words}"))
        poster = drawing.picture(_poster_time(timed))
    finally:
        drawing.close()
    folder = root / VIDEOS / slug
    loud = _join(folder, cache, parts, clips, timed)
    _write_texts(folder, timed)
    _save_poster(folder / FILES["poster"], poster)
    made = manifest(board, timed, size=(folder / FILES["film"]).stat().st_size, loudness_lufs=loud, made_from=digests)
    (folder / MANIFEST).write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (cache / "seconds.txt").write_text(f"{time.monotonic() - began:.0f}\n")
    for old in set(cache.glob("[0-9]*")) - {p for part in parts for p in (part, part.with_suffix(".png"))}:
        old.unlink()
    return True


def _join(folder: Path, cache: Path, parts: Sequence[Path], clips: list[list[Clip]], timed: Sequence[Take]) -> float:
    """Join the shots with their sound into one file that plays while it loads; return its loudness as measured."""
    from backmice.film.render import encoder

    spoken = [
        (s.start_s, clip)
        for take, row in zip(timed, clips, strict=True)
        for s, clip in zip(take.spoken, row, strict=True)
    ]
    sound, listed, out = cache / "narration.wav", cache / "pieces.txt", folder / FILES["film"]
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((track(spoken, timed[-1].end_s) * 32767).astype("<i2").tobytes())
    listed.write_text("".join(f"file '{part.resolve()}'\n" for part in parts))
    command = [encoder(), "-y", "-loglevel", "error", "-f", "concat", "-safe", "0", "-i", str(listed), "-i", str(sound),
               "-c:v", "copy", "-c:a", "aac", "-b:a", "80k", "-ar", "48000", "-movflags", "+faststart", str(out)]  # fmt: skip
    subprocess.run(command, check=True)
    return measured_loudness(out)


def measured_loudness(film: Path) -> float:
    """Return the integrated loudness of a film's sound, LUFS, by EBU R 128."""
    from backmice.film.render import encoder

    command = [encoder(), "-hide_banner", "-nostats", "-i", str(film), "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])


def _write_texts(folder: Path, timed: Sequence[Take]) -> None:
    for name, text in (
        ("captions", captions(timed)),
        ("chapters", chapters(timed)),
        ("descriptions", descriptions(timed)),
    ):
        (folder / FILES[name]).write_text(text, encoding="utf-8")


def _poster_time(timed: Sequence[Take]) -> float:
    """Return a telling moment: the middle of the shot that has most going on."""
    best = max(timed, key=lambda take: (len(take.shot.actions) + len(take.shot.labels), -take.start_s))
    return best.start_s + 0.6 * (best.end_s - best.start_s)


def _save_poster(path: Path, pixels) -> None:
    from PIL import Image

    Image.fromarray(pixels).save(path, quality=POSTER_QUALITY, method=6)


def preview(root: Path, slug: str, at_s: float, out: Path) -> None:
    """Write one frame as a picture."""
    from PIL import Image

    board = read(root, slug)
    drawing = studio(root, board, narrated(root, board)[1])
    try:
        Image.fromarray(drawing.picture(at_s)).save(out)
    finally:
        drawing.close()


def sheet(root: Path, slug: str, out: Path, tell: Tell, *, every_s: float = 1.0, columns: int = 6) -> None:
    """Write a contact sheet, a frame a second: of the film where it is up to date, else drawn anew."""
    from PIL import Image, ImageDraw

    board = read(root, slug)
    timed = narrated(root, board)[1]
    drawing = studio(root, board, timed)
    times = [k * every_s for k in range(int(timed[-1].end_s / every_s) + 1)]
    width, height = SHEET_PX
    whole = Image.new("RGB", (columns * width, -(-len(times) // columns) * height))
    pen = ImageDraw.Draw(whole)
    try:
        for k, t in enumerate(times):
            tell(f"{slug}: {t:.0f} of {timed[-1].end_s:.0f} s")
            x, y = k % columns * width, k // columns * height
            whole.paste(Image.fromarray(drawing.picture(t)).resize(SHEET_PX), (x, y))
            pen.text((x + 5, y + height - 14), f"{t:g} s", fill=(255, 255, 255))
    finally:
        drawing.close()
    whole.save(out)


def report(root: Path) -> str:
    """Return a table of the films that are made: how long, how large, how fast and loud, how long the last drawing took."""
    rows = [("film", "s", "MB", "words/min", "LUFS", "drawn in s", "stale")]
    total = 0
    for slug in slugs(root):
        path = root / VIDEOS / slug / MANIFEST
        if not path.is_file():
            rows.append((slug, "", "", "", "", "", "not made"))
            continue
        made = json.loads(path.read_text(encoding="utf-8"))
        total += made["bytes"]
        took = root / CACHE / slug / "seconds.txt"
        changed = ", ".join(stale(root, read(root, slug))) or "no"
        seconds = took.read_text().strip() if took.is_file() else ""
        rows.append((slug, f"{made['duration_s']:.1f}", f"{made['bytes'] / 1e6:.1f}", f"{made['words_per_minute']:.0f}",
                     f"{made['loudness_lufs']:.1f}", seconds, changed))  # fmt: skip
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(w) if k in (0, 6) else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([*(line.rstrip() for line in lines), f"{total / 1e6:.1f} MB in all"])
