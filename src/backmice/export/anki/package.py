"""An .apkg that Anki imports. A note keeps its id, so that a later package updates it and its card keeps its dates.

Anki takes a note over when its time is later than that of the one it has. This time is that of the last change
of the course, never that of the machine: the same course gives the same bytes.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from hashlib import sha256
from itertools import count
from pathlib import Path, PurePosixPath

import genanki

from backmice.archive import zip_bytes
from backmice.assets import literata_license, literata_subset
from backmice.evidence.ledger import CLAIMS
from backmice.export.anki.looks import FONT, LICENCE, models
from backmice.export.anki.notes import Card, notes
from backmice.export.loss import NO_FIGURE, Loss
from backmice.export.paper import ExportError, Paper
from backmice.items.load import ITEMS
from backmice.items.model import KINDS

SELF = "The learner compares; Anki marks nothing."
LOSSES = dict.fromkeys(KINDS, Loss("native", f"Options keep one order. {SELF}")) | {
    "matching": Loss("nearest", f"A card with all pairs on its back. {SELF}"),
    "ordering": Loss("nearest", f"A card with the order on its back. {SELF}"),
    "numeric": Loss("nearest", f"A card with the number on its back. {SELF}"),
    "hotspot": Loss("native", "A card for the item, and one for each region, which is covered."),
    "landmark": NO_FIGURE,
}
CHANGED = (ITEMS, CLAIMS, Path("book/references.bib"), Path("exercises/bank.yml"), Path("src/backmice"))


def content(paper: Paper) -> bytes:
    """Return the paper, and the figures that it rests on, as notes in decks by topic.

    Raises
    ------
    ExportError
        If SOURCE_DATE_EPOCH is no time.
    """
    names = {path: _media_name(path, picture) for path, picture in paper.pictures.items()}
    media = {names[path]: picture for path, picture in paper.pictures.items()}
    font, licence = literata_subset(paper.root, paper.root / ".cache"), literata_license(paper.root)
    if font is not None and licence is not None:
        media |= {FONT: font.read_bytes(), LICENCE: licence.read_bytes()}
    types = models(has_font=FONT in media)
    decks: dict[str, genanki.Deck] = {}
    for card in notes(paper, names):
        deck = decks.setdefault(card.deck, genanki.Deck(_number(card.deck), card.deck, ""))
        deck.add_note(_note(card, types))
    kept = sorted(media.items())
    return zip_bytes(
        {
            "collection.anki2": _collection(list(decks.values()), last_change(paper.root)),
            "media": json.dumps({n: name for n, (name, _) in enumerate(kept)}).encode(),
            **{str(n): file for n, (_, file) in enumerate(kept)},
        }
    )


def _collection(decks: list[genanki.Deck], time: int) -> bytes:
    """Return Anki's database of the decks, made in memory: genanki's own package leaves a file in /tmp."""
    with closing(sqlite3.connect(":memory:")) as database:
        genanki.Package(decks).write_to_db(database.cursor(), time, count(time * 1000))
        database.commit()
        return database.serialize()


def beside(root: Path, *_: object) -> bytes:
    """Return the time that notes carry, which is that of the course and not of the paper."""
    return str(last_change(root)).encode()


def _note(card: Card, types: dict[str, genanki.Model]) -> genanki.Note:
    guid = sha256(f"backmice:{card.id}".encode()).hexdigest()[:20]
    return genanki.Note(types[card.type], list(card.fields), tags=list(card.tags), guid=guid)


def _media_name(path: str, picture: bytes) -> str:
    """Return a name that changes with the picture: Anki never replaces a file that it has."""
    pure = PurePosixPath(path)
    return f"backmice-{pure.stem}-{sha256(picture).hexdigest()[:10]}{pure.suffix}"


def _number(name: str) -> int:
    """Return the number of a deck, which stays while its name does."""
    return int.from_bytes(sha256(name.encode()).digest()[:5]) | 1 << 40


def last_change(root: Path) -> int:
    """Return when what cards say was last changed, in seconds: SOURCE_DATE_EPOCH, the last commit, or the newest file.

    Raises
    ------
    ExportError
        If SOURCE_DATE_EPOCH is no time.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is not None:
        if not given.isdecimal():
            raise ExportError(f"SOURCE_DATE_EPOCH: '{given}' is no time; give whole seconds since 1970, or unset it")
        return int(given)
    paths = [path.as_posix() for path in CHANGED]
    try:
        command = ["git", "-C", str(root), "log", "-1", "--format=%ct", "--", *paths]
        if told := subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip():
            return int(told)
    except OSError:
        pass  # no git: the files themselves know
    found = [
        path for name in CHANGED for path in ((root / name).rglob("*.yml") if (root / name).is_dir() else [root / name])
    ]
    return max((int(path.stat().st_mtime) for path in found if path.is_file()), default=0)
