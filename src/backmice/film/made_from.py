"""What a film was made from, as digests: by them it is known what is stale. Needs nothing that draws or speaks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from backmice.film.storyboard import VIDEOS, Storyboard
from backmice.film.voice import load_terms, marked

MODEL = Path("media/anatomy/sacroiliac")
ULTRASOUND = Path("media/ultrasound")
#: Code that says when, not what: a film need not be drawn again when only these change.
NOT_SCENE = {"__init__.py", "heard.py", "make.py", "made_from.py", "texts.py"}
MANIFEST = "manifest.json"


def digest(paths: Iterable[Path]) -> str:
    """Return a short digest of files, names and contents."""
    whole = sha256()
    for path in sorted(paths):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:16]


def scene() -> str:
    """Return the digest of the code that draws and speaks."""
    return digest(path for path in Path(__file__).parent.glob("*.py") if path.name not in NOT_SCENE)


def model(root: Path) -> str:
    """Return the digest of the anatomy and of the simulated ultrasound."""
    anatomy = [p for p in (root / MODEL).rglob("*") if p.suffix in (".json", ".csv") or p.name == "structures.yml"]
    sections = [root / ULTRASOUND / name for name in ("bmode.py", "sections.py", "make_frames.py", "frames.yml")]
    return digest([*anatomy, *(p for p in sections if p.is_file())])


def made_from(root: Path, board: Storyboard) -> dict[str, str]:
    """Return the digests of a film's storyboard, with how its own terms are said, of the scene and of the model."""
    said = [marked(line.say, load_terms(root)) for shot in board.shots for line in shot.narration]
    story = sha256("\n".join([board.model_dump_json(), *said]).encode()).hexdigest()[:16]
    return {"storyboard": story, "scene": scene(), "model": model(root)}


def stale(root: Path, board: Storyboard) -> list[str]:
    """Return which of the three has changed since a film was made; all of them where there is none."""
    now, path = made_from(root, board), root / VIDEOS / board.slug / MANIFEST
    try:
        then = json.loads(path.read_text(encoding="utf-8"))["made_from"]
    except (OSError, ValueError, KeyError):
        return list(now)
    return [name for name, value in now.items() if then.get(name) != value]
