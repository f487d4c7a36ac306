"""An assignment: what is asked, when, and with which key. The whole of it is for the instructor alone.

Items and options get new names, and options a new order, so that nothing of the student's copy tells more than
its words do.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from backmice.assign.envelope import new_keys, to_text
from backmice.chapter import Lesson, load_chapter
from backmice.export.paper import Paper
from backmice.items.draw import order_of, ranked
from backmice.items.item import Item, Part
from backmice.items.kinds import Hotspot, Matching, Numeric, Ordering
from backmice.items.model import OptionsItem
from backmice.located import Fault, LocatedError, Model, read_csv

FORMAT, VERSION = "backmice-assignment", 1
LABELS = "abcdefghij"
#: Letters and digits that nobody takes for one another.
CODE = "23456789abcdefghjkmnpqrstuvwxyz"


class AssignError(Exception):
    """What was asked for can't be assigned; the words say what can."""


class Offered(Model):
    """An option, a case or a slip. `id` is its name in this assignment, `was` that of the bank."""

    id: str
    was: str
    text: str
    rationale: str
    region: tuple[tuple[float, float], ...] = ()
    value: float | None = None
    tolerance: float = 0.0


class Passage(Model):
    """Where an objective is taught: its words, the title of the lesson, the address below the book's."""

    words: str
    lesson: str
    address: str


class Question(Model):
    """An item as this assignment asks it."""

    id: str
    item: str
    revision: int
    kind: str
    topic: str
    objective: str
    level: str
    vignette: str | None
    stem: str
    options: tuple[Offered, ...] = ()
    cases: tuple[Offered, ...] = ()
    slips: tuple[Offered, ...] = ()
    units: Annotated[dict[str, float], Field(default={})]
    key: tuple[str, ...] | dict[str, Any]
    rationale: str | None = None
    picture: str | None = None
    alt: str | None = None
    passage: Passage | None = None

    def option_ids(self) -> tuple[str, ...]:
        """Return what a response may name: options, or units."""
        return tuple(self.units) or tuple(option.id for option in self.options)

    def words_of(self, response: tuple[str, ...]) -> list[str]:
        """Return a response in words, one for each part of it."""
        texts = {part.id: part.text for part in (*self.options, *self.cases)}
        if self.units:
            return [" ".join(response)] if response else []
        return [": ".join(texts.get(id_, id_) for id_ in part.split("=")) for part in response]


class Enrolled(Model):
    """A student who was named beforehand, and the code that tells this one from others."""

    name: str
    code: str


class Assignment(Model):
    """Everything that the instructor keeps. Times are in UTC."""

    format: Literal["backmice-assignment"] = FORMAT
    version: Literal[1] = VERSION
    id: str
    title: str
    quiz: str
    seed: int
    opens: datetime | None
    closes: datetime | None
    minutes: Annotated[int, Field(ge=0)]
    attempts: Annotated[int, Field(ge=1)]
    certainty: bool
    upload: str | None
    public_key: str
    secret_key: str
    roster: Annotated[dict[str, Enrolled], Field(default={})]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


def make(
    paper: Paper,
    *,
    seed: int,
    count: int | None = None,
    opens: datetime | None = None,
    closes: datetime | None = None,
    minutes: int = 0,
    attempts: int = 1,
    certainty: bool = False,
    upload: str | None = None,
    passages: Mapping[str, Passage] | None = None,
    roster: Mapping[str, Enrolled] | None = None,
    keys: tuple[str, str] | None = None,
) -> Assignment:
    """Return an assignment of a paper's items.

    Parameters
    ----------
    seed
        Decides which items are drawn and how options are ordered. The student's copy never tells it: the book would
        draw the same exam with it, key and all.
    count
        How many items are drawn; None for all, in the paper's order.
    minutes
        The limit; 0 for none.
    keys
        Public and secret; None makes new ones.

    Raises
    ------
    AssignError
        If there are fewer items than asked for, it closes before it opens, or `upload` is no address.
    """
    if opens and closes and closes <= opens:
        raise AssignError(f"--closes {closes:%Y-%m-%d %H:%M} is not after --opens {opens:%Y-%m-%d %H:%M}")
    if upload is not None and not re.fullmatch(r"https?://[^\s/]+\S*", upload):
        raise AssignError(f"--upload '{upload}' is no address; give one that begins with https:// or http://")
    items = {item.id: item for item in paper.items}
    if count is not None and count > len(items):
        raise AssignError(f"--draw asks for {count}; '{paper.id}' has {len(items)} items")
    chosen = list(items) if count is None else ranked(seed, items)[:count]
    public, secret = keys or new_keys()
    name = paper.id.removesuffix(f"-{seed}")
    asked = (question(items[id_], f"q{n}", seed, paper.pictures, passages or {}) for n, id_ in enumerate(chosen, 1))
    return Assignment(
        id=f"{name}-{sha256(public.encode()).hexdigest()[:8]}", title=paper.title, quiz=paper.id, seed=seed,
        opens=opens and opens.astimezone(UTC), closes=closes and closes.astimezone(UTC), minutes=minutes,
        attempts=attempts, certainty=certainty, upload=upload, public_key=public, secret_key=secret,
        roster=dict(roster or {}), questions=tuple(asked),
    )  # fmt: skip


def question(
    item: Item, id_: str, seed: int, pictures: Mapping[str, bytes], passages: Mapping[str, Passage]
) -> Question:
    """Return an item with new names; a landmark is asked by name, as its figure would bring the names along."""
    names = _new_names(item, seed)
    parts: dict[str, Any] = {"options": (), "key": item.scored_key()}
    if isinstance(item, OptionsItem):
        by_id = {option.id: option for option in item.options}
        parts["options"] = tuple(_offered(by_id[was], name) for was, name in names.items())
        parts["key"] = tuple(names[was] for was in item.scored_key()) if not isinstance(item, Matching) else ()
    match item:
        case Matching():
            cases = {case.id: f"case{n}" for n, case in enumerate(item.cases, 1)}
            parts["cases"] = tuple(_offered(case, cases[case.id]) for case in item.cases)
            parts["key"] = tuple(f"{cases[case]}={names[option]}" for case, option in item.key.items())
        case Numeric():
            parts["slips"] = tuple(_offered(slip, f"slip{n}") for n, slip in enumerate(item.slips, 1))
            parts |= {"units": dict(item.units), "rationale": item.rationale}
        case Hotspot():
            parts |= {"picture": _data_address(item.picture, pictures[item.picture]), "alt": item.alt}
    return Question(
        id=id_, item=item.id, revision=item.revision, kind="single" if item.kind == "landmark" else item.kind,
        topic=item.topic, objective=item.objective, level=item.level, vignette=item.vignette, stem=item.stem,
        passage=passages.get(item.objective), **parts,
    )  # fmt: skip


def _new_names(item: Item, seed: int) -> dict[str, str]:
    """Return the new name of each option, in the new order; steps never in the right one."""
    if not isinstance(item, OptionsItem):
        return {}
    order = order_of(seed, item.id, {option.id: option.text for option in item.options})
    if isinstance(item, Ordering) and order == item.key:
        order = (*order[1:], order[0])
    return dict(zip(order, LABELS, strict=False))


def _offered(part: Part, name: str) -> Offered:
    more = {field: getattr(part, field) for field in ("region", "value", "tolerance") if hasattr(part, field)}
    return Offered(id=name, was=part.id, text=part.text, rationale=part.rationale, **more)


def _data_address(path: str, content: bytes) -> str:
    kind = {"svg": "svg+xml", "jpg": "jpeg"}.get(suffix := path.rpartition(".")[2], suffix)
    return f"data:image/{kind};base64,{to_text(content)}"


def passages(root: Path) -> dict[str, Passage]:
    """Return where each objective of the book's lessons is taught.

    Raises
    ------
    LocatedError
        If a page is at fault.
    """
    found = {}
    for path in sorted((root / "book").rglob("*.md")):
        chapter = load_chapter(path, root)
        if not isinstance(chapter.opening, Lesson):
            continue
        text = path.read_text(encoding="utf-8")
        title = next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), path.stem)
        page = path.relative_to(root).with_suffix(".html").as_posix()
        for id_, words in chapter.opening.objectives.items():
            found[id_] = Passage(words=words, lesson=title, address=f"{page}#{id_}")
    return found


def enrol(path: Path) -> dict[str, Enrolled]:
    """Read a CSV of students with the columns `id` and `name`, and give each a code.

    Raises
    ------
    LocatedError
        If a column or a cell is missing, or an id stands twice.
    """
    document = read_csv(path)
    found: dict[str, Enrolled] = {}
    faults = []
    for n, row in enumerate(document.value):
        for column in ("id", "name"):
            if column not in row:
                faults.append(document.fault((n, column), "is missing", "give each student an id and a name"))
        if row.get("id") in found:
            faults.append(document.fault((n, "id"), f"'{row['id']}' stands twice", "give each student one row"))
        elif {"id", "name"} <= row.keys():
            code = "".join(secrets.choice(CODE) for _ in range(8))
            found[row["id"]] = Enrolled(name=row["name"], code=code)
    if faults:
        raise LocatedError(*faults)
    return found


def codes(assignment: Assignment) -> bytes:
    """Return a CSV with each student's code, to be handed out one by one."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([("id", "name", "code"), *((id_, s.name, s.code) for id_, s in assignment.roster.items())])
    return out.getvalue().encode("utf-8-sig")


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read.

    Raises
    ------
    AssignError
        If it is there already: a lost secret key is lost for good.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AssignError(f"{path} is there already and may hold a key that is in use; name another folder") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def dump(assignment: Assignment) -> bytes:
    """Return the instructor's file."""
    return (assignment.model_dump_json(indent=1) + "\n").encode()


def load(path: Path) -> Assignment:
    """Read the instructor's file.

    Raises
    ------
    LocatedError
        If it is missing, or is no assignment.
    """
    try:
        return Assignment.model_validate_json(path.read_bytes())
    except OSError as error:
        raise LocatedError(Fault(str(path), 1, "file", error.strerror or "can't be read", "name the file")) from None
    except ValidationError as error:
        raise LocatedError(*_faults(path, error)) from None


def _faults(path: Path, error: ValidationError) -> Iterator[Fault]:
    for each in error.errors(include_url=False)[:3]:
        field = ".".join(map(str, each["loc"])) or "file"
        yield Fault(str(path), 1, field, each["msg"], "give the .instructor.json that `backmice assign` wrote")
