"""What comes back: each file is opened, or it is said what is odd about it. Nothing is decided for the instructor.

Files are read from folders and ZIP archives as learning platforms give them out, where folders bear names.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import pydantic
from pydantic import Field, StringConstraints, ValidationError

from backmice.archive import DAMAGED
from backmice.assign.assignment import Assignment
from backmice.assign.envelope import EnvelopeError, Opener, from_text, receipt
from backmice.items.certainty import Certainty
from backmice.located import Model

LARGEST = 5_000_000
#: Of an archive, unpacked: small files may hold very much of the same.
MOST = 200_000_000
#: Clocks and hand-ins take a moment.
GRACE = timedelta(minutes=1)
#: A shorter id could stand in any file's name by chance.
SHORTEST_ID = 3
FORMAT = "backmice-handed-in"
Kind = Literal[
    "not a result", "truncated", "edited", "other assignment", "same file again", "copied", "swapped",
    "unknown student", "late", "early", "over time", "twice", "impossible answer", "can't be read",
    "unfinished", "unknown item", "unknown answer", "ambiguous answer", "not told",
]  # fmt: skip
Short = Annotated[str, StringConstraints(max_length=200)]


class Envelope(Model):
    """A file as it was handed in."""

    format: Literal["backmice-handed-in"]
    version: Literal[1]
    assignment: Short
    bytes: int
    receipt: Short
    sealed: str


class Student(Model):
    """Who handed in, by their own word."""

    id: Annotated[Short, StringConstraints(min_length=1)]
    name: Short
    code: Short = ""


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config={"extra": "forbid", "strict": True})
class Given:
    """What was given for one item. There are many of them, so it is no larger than need be."""

    item: Short
    response: Annotated[tuple[Short, ...], Field(max_length=20)]
    seconds: Annotated[float, Field(ge=0)] | None = None
    certainty: Certainty | None = None


class Sitting(Model):
    """What one student gave at one sitting; not every platform tells when that was."""

    student: Student
    begun: datetime | None
    ended: datetime | None
    given: Annotated[tuple[Given, ...], Field(max_length=500)]


class HandedIn(Sitting):
    """What was sealed."""

    format: Literal["backmice-responses"]
    version: Literal[1]
    assignment: Short
    attempt: Short
    number: int
    begun: datetime
    ended: datetime
    why: Literal["handed-in", "time"]
    minutes: Annotated[float, Field(ge=0)]
    added: Annotated[float, Field(ge=0)]


@dataclass(frozen=True)
class Oddity:
    """One thing that the instructor should know of a file."""

    file: str
    kind: Kind
    words: str

    def __str__(self) -> str:
        return f"{self.file}: {self.kind}: {self.words}"


@dataclass(frozen=True)
class Opened:
    """A file that opened, or a row of a platform's report, which has no receipt."""

    file: str
    receipt: str
    content: Sitting


@dataclass
class Pile:
    """All that came back: what opened, once each, and what is odd."""

    by_receipt: dict[str, Opened] = field(default_factory=dict)
    odd: list[Oddity] = field(default_factory=list)

    @property
    def opened(self) -> list[Opened]:
        """What opened, in the order of the files."""
        return list(self.by_receipt.values())

    def say(self, file: str, kind: Kind, words: str) -> None:
        """Add an oddity."""
        self.odd.append(Oddity(file, kind, words))


def read(assignment: Assignment, paths: Iterable[Path]) -> Pile:
    """Open everything that was handed in.

    Parameters
    ----------
    paths
        Files, ZIP archives, or folders, which are read with all that is below them.
    """
    pile, opener = Pile(), Opener(assignment.secret_key)
    for file, content in files_in(paths, pile):
        _open(assignment, opener, file, content, pile)
    _tell_copies(pile)
    _tell_identities(assignment, pile)
    for each in pile.opened:
        _tell_times(assignment, each, pile)
    return pile


def _is_archive(path: Path) -> bool:
    """Tell whether a file is a ZIP from its first bytes on; within a text, what ends one may stand by chance."""
    with path.open("rb") as file:
        return file.read(2) == b"PK" and zipfile.is_zipfile(path)


def files_in(paths: Iterable[Path], pile: Pile, largest: int = LARGEST) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each file, also of those in folders and archives, and its content, up to one byte too many."""
    for path in paths:
        found = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in found:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            try:
                yield from (_members(name, file, largest) if _is_archive(file) else [(name, _limited(file, largest))])
            except DAMAGED as error:
                pile.say(name, "can't be read", str(error))


def _members(name: str, file: Path, largest: int) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as archive:
        if sum(min(member.file_size, largest + 1) for member in archive.infolist()) > MOST:
            raise ValueError("the archive unpacks to over 200 MB; give parts of it")
        for member in archive.infolist():
            if not member.is_dir():
                with archive.open(member) as content:
                    yield f"{name}/{member.filename}", content.read(largest + 1)


def _limited(file: Path, largest: int) -> bytes:
    with file.open("rb") as content:
        return content.read(largest + 1)


def _open(assignment: Assignment, opener: Opener, file: str, content: bytes, pile: Pile) -> None:
    if len(content) > LARGEST or FORMAT.encode() not in content:
        return pile.say(file, "not a result", "is not what the page of an assignment saves")
    try:
        envelope = Envelope.model_validate_json(content)
    except ValidationError:
        if _is_json(content):
            return pile.say(file, "edited", "its fields are not those that the page wrote")
        return pile.say(file, "truncated", "ends before it is complete; ask for the file again")
    if envelope.assignment != assignment.id:
        return pile.say(file, "other assignment", f"is of '{envelope.assignment}', not of '{assignment.id}'")
    try:
        sealed = from_text(envelope.sealed)
    except EnvelopeError:
        return pile.say(file, "edited", "what was sealed is damaged")
    if len(sealed) < envelope.bytes:
        return pile.say(file, "truncated", f"holds {len(sealed)} of {envelope.bytes} sealed bytes")
    own = receipt(sealed)
    if own != envelope.receipt:
        return pile.say(file, "edited", f"its receipt says {envelope.receipt}, its content gives {own}")
    try:
        inner = HandedIn.model_validate_json(opener.open(sealed))
    except EnvelopeError:
        return pile.say(file, "edited", "does not open with this assignment's key: it was changed, or sealed anew")
    except ValidationError:
        return pile.say(file, "edited", "opens, but holds what the page does not write")
    if inner.assignment != assignment.id:
        return pile.say(file, "other assignment", f"says '{assignment.id}', but was sealed for '{inner.assignment}'")
    if before := pile.by_receipt.get(own):
        return pile.say(file, "same file again", f"is {before.file} once more; it counts once")
    pile.by_receipt[own] = Opened(file, own, inner)
    return None


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _tell_copies(pile: Pile) -> None:
    """Name sittings that come from more than one student, or that were sealed more than once."""
    of_attempt = defaultdict(list)
    for each in pile.opened:
        of_attempt[each.content.attempt].append(each)
    for copies in of_attempt.values():
        for each in copies[1:]:
            first = copies[0]
            same = each.content.student.id == first.content.student.id
            whose = "the same student" if same else f"'{first.content.student.id}'"
            pile.say(each.file, "copied", f"is the same sitting as {first.file}, of {whose}")


def _tell_identities(assignment: Assignment, pile: Pile) -> None:
    """Name files whose place, or whose code, is another student's."""
    names = {id_: enrolled.name for id_, enrolled in assignment.roster.items()}
    names |= {each.content.student.id: each.content.student.name for each in pile.opened}
    tokens = _tokens(names)
    longest = max((token.count("-") for token in tokens), default=0) + 1
    meant = {
        each.file: _named(each.file.replace(assignment.id, " "), tokens, longest) - {each.content.student.id}
        for each in pile.opened
    }
    for each in pile.opened:
        own = each.content.student
        for other in sorted(meant[each.file]):
            partner = next(
                (e.file for e in pile.opened if e.content.student.id == other and own.id in meant[e.file]), None
            )
            words = f"is named after '{other}', but '{own.id}' answered"
            pile.say(each.file, "swapped", f"{words}; {partner} the other way round" if partner else words)
        if assignment.roster:
            _tell_code(assignment, each, pile)


def _tokens(names: dict[str, str]) -> dict[str, str]:
    """Return, by what may stand in a path, whose it is; what two students share names nobody."""
    found: dict[str, str | None] = {}
    for id_, name in names.items():
        for words in dict.fromkeys((_plain(id_), _plain(name))):
            if len(words) >= SHORTEST_ID:
                found[words] = None if words in found else id_
    return {words: id_ for words, id_ in found.items() if id_}


def _named(file: str, tokens: dict[str, str], longest: int) -> set[str]:
    """Return the students whose id or name, of at most `longest` words, stands in a path."""
    words = _plain(file).split("-")
    runs = ("-".join(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1))
    return {tokens[run] for run in runs if run in tokens}


def _plain(text: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_.lower()).strip("-")


def _tell_code(assignment: Assignment, each: Opened, pile: Pile) -> None:
    student, roster = each.content.student, assignment.roster
    enrolled = roster.get(student.id)
    if enrolled and enrolled.code == student.code:
        return
    owner = next((id_ for id_, other in roster.items() if other.code == student.code), None)
    if owner is not None:
        pile.say(each.file, "swapped", f"says '{student.id}', but the code is that of '{owner}'")
    elif enrolled is None:
        pile.say(each.file, "unknown student", f"'{student.id}' is not on the list")
    else:
        pile.say(each.file, "unknown student", f"'{student.id}' is on the list, but the code is wrong")


def _tell_times(assignment: Assignment, each: Opened, pile: Pile) -> None:
    inner = each.content
    if assignment.closes and inner.ended > assignment.closes:
        pile.say(each.file, "late", f"ended {_span(inner.ended - assignment.closes)} after it closed")
    if assignment.opens and inner.begun < assignment.opens:
        pile.say(each.file, "early", f"begun {_span(assignment.opens - inner.begun)} before it opened")
    if inner.ended < inner.begun:
        pile.say(each.file, "over time", "ended before it began: its clock was changed")
    if assignment.minutes:
        took = inner.ended - inner.begun
        if took > timedelta(minutes=assignment.minutes) + GRACE:
            added = f", with {inner.added:g} minutes added" if inner.added else ", with no time added"
            pile.say(each.file, "over time", f"took {_span(took)} of {assignment.minutes} min{added}")


def _span(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    return (
        f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h" if minutes < 2880 else f"{minutes // 1440} days"
    )
