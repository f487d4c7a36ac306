"""What an author gets: a file for each item, and what each still needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from backmice.assets import write_whole
from backmice.intake import gift, jupyterquiz, moodle, qti
from backmice.intake.question import Question, fields, remarks
from backmice.items.load import ITEMS, read_item
from backmice.items.model import KINDS
from backmice.located import Fault, LocatedError

SCHEMA = "# yaml-language-server: $schema=../../item.schema.json\n"
READERS: dict[str, Callable[[bytes, str], list[Question]]] = {
    "moodle": moodle.read, "qti": qti.read, "gift": gift.read, "jupyterquiz": jupyterquiz.read,
}  # fmt: skip
ENDINGS = {".zip": "qti", ".gift": "gift", ".txt": "gift", ".json": "jupyterquiz"}
UNFILED = "unfiled"


@dataclass(frozen=True)
class Taken:
    """What was taken in.

    Attributes
    ----------
    files
        The items that were written, by their paths below the folder.
    lost
        What could not be taken in.
    needs
        What an author has to mend or add, in the files that were written.
    """

    files: tuple[Path, ...]
    lost: tuple[str, ...]
    needs: tuple[Fault, ...]


def read(path: Path) -> list[Question]:
    """Return the questions of a file: Moodle XML, GIFT, QTI 2.1 or jupyterquiz.

    Raises
    ------
    LocatedError
        If it can't be read, or is none of these.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LocatedError(Fault(str(path), 1, "file", f"can't be read: {error.strerror}", "name a file")) from None
    name = ENDINGS.get(path.suffix.lower())
    if path.suffix.lower() == ".xml":
        name = "moodle" if b"<quiz" in content else "qti"
    if name is None:
        allowed = "give .xml, .zip, .gift, .txt or .json"
        raise LocatedError(Fault(str(path), 1, "file", f"ends in '{path.suffix}'", allowed))
    found = READERS[name](content, str(path))
    if not found:
        raise LocatedError(Fault(str(path), 1, "file", "holds no question", "export the questions again"))
    return found


def take(path: Path, folder: Path) -> Taken:
    """Write an item for each question of a file, as the course keeps them, below a folder.

    Raises
    ------
    LocatedError
        If the file can't be read or two questions have one name; nothing is written then.
    FileExistsError
        If an item is there already; it is left alone.
    OSError
        If a file can't be written.
    """
    lost, wanted, pictures = [], {}, {}
    faults = []
    for question in read(path):
        lost += [f"{path}:{question.line}: {question.name}: {words} was left out" for words in remarks(question)]
        if question.kind not in KINDS:
            continue
        item = fields(question)
        place = ITEMS / item.get("topic", UNFILED) / f"{item['id']}.yml"
        if place in wanted:
            faults.append(Fault(str(path), question.line, "name", f"'{item['id']}' stands twice", "give each its own"))
        wanted[place] = SCHEMA + yaml.safe_dump(item, sort_keys=False, allow_unicode=True, width=110)
        if question.picture:
            pictures[Path("media/imported") / question.picture[0]] = question.picture[1]
    if faults:
        raise LocatedError(*faults)
    if there := [place for place in wanted if (folder / place).exists()]:
        raise FileExistsError(f"{folder / there[0]} is there already; choose an empty folder")
    for place, content in pictures.items():
        write_whole(folder / place, content)
    for place, words in wanted.items():
        write_whole(folder / place, words.encode())
    return Taken(tuple(wanted), tuple(lost), tuple(_needs(folder, list(wanted))))


def _needs(folder: Path, places: Sequence[Path]) -> list[Fault]:
    found: list[Fault] = []
    for place in places:
        try:
            read_item(folder / place, folder)
        except LocatedError as error:
            found += error.faults
    return found
