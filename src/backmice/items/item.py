"""What every item has, whatever its kind, and what text in it may be.

Refuses an option without a rationale, a key that is not among the options, markup in text.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from backmice.located import Loc, Model

MIN_OPTIONS, MAX_OPTIONS = 3, 8
Level = Literal["recall", "application", "analysis"]


def plain(text: str) -> str:
    """Return `text` on one line; a no-break space stays.

    Raises
    ------
    ValueError
        If the text holds what a browser could take for a tag.
    """
    tag = re.search(r"<[A-Za-z/!?][^\s>]{0,12}", text)
    if tag:
        raise ValueError(
            f"has '{tag[0]}', which reads as HTML; text is plain, so remove the tag or put a space after <"
        )
    return re.sub(r"[ \t\r\n\v\f]+", " ", text)


Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$", max_length=60)]
OptionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=20)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(plain)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=12, max_length=2000), AfterValidator(plain)]
WrittenReason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=20, max_length=300), AfterValidator(plain)
]


def twice(ids: tuple[str, ...]) -> str | None:
    """Return the first id that stands twice."""
    return next((id_ for i, id_ in enumerate(ids) if id_ in ids[:i]), None)


def refuse_twice(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return `ids`, each of which must be named once."""
    if (id_ := twice(ids)) is not None:
        raise ValueError(f"'{id_}' stands twice; name it once")
    return ids


def refuse_none(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return `ids`, at least one."""
    if not ids:
        raise ValueError("is empty; name at least one")
    return ids


Claims = Annotated[tuple[Slug, ...], AfterValidator(refuse_twice)]


class Part(Model):
    """A part of an item that has an id and teaches."""

    id: Annotated[OptionId, Field(description="Permanent: responses refer to it.")]
    text: Annotated[Short, Field(description="What the learner reads. Plain text.")]
    rationale: Annotated[Text, Field(description="Why it is right, or why it tempts and fails. Plain text.")]
    claims: Annotated[Claims, Field(description="Ids of ledger claims that this rationale rests on.")] = ()


class Option(Part):
    """A choice offered, and why it is right or wrong."""


def refuse_alike(parts: Sequence[Part], one: str) -> None:
    """Refuse two parts with one id or one text; `one` is what such a part is called."""
    if (id_ := twice(tuple(part.id for part in parts))) is not None:
        raise ValueError(f"the id '{id_}' stands twice; give each {one} its own id")
    if (text := twice(tuple(part.text for part in parts))) is not None:
        raise ValueError(f"the text '{text}' stands twice; say something different in each {one}")


def refuse_count(parts: Sequence[Any], least: int, most: int, several: str) -> None:
    """Refuse too few or too many."""
    if not least <= len(parts) <= most:
        raise ValueError(f"has {len(parts)}; give {least} to {most} {several}")


class Item(Model):
    """What every kind of item has. A kind adds its response form and its key."""

    id: Annotated[Slug, Field(description="Same as the file name without .yml. Permanent.")]
    revision: Annotated[int, Field(ge=1, description="Raise it when stem, options or key change.")]
    kind: str
    topic: Annotated[Slug, Field(description="Same as the folder that holds the file.")]
    objective: Annotated[Slug, Field(description="The learning objective that it tests.")]
    level: Annotated[Level, Field(description="What it asks of the learner.")]
    vignette: Annotated[Text | None, Field(description="The clinical situation. Plain text.")] = None
    stem: Annotated[Text, Field(description="What is asked: one question. Plain text.")]
    claims: Annotated[
        Claims, AfterValidator(refuse_none), Field(description="Ids of ledger claims that the key rests on.")
    ]
    waivers: Annotated[
        dict[Slug, WrittenReason],
        Field(default={}, description="Rules of `backmice lint` that the item may break, and why each is right here."),
    ]
    note: Annotated[str | None, Field(description="For authors; never published.")] = None

    def parts(self) -> Iterator[tuple[Loc, Part]]:
        """Yield each part that has a rationale of its own, and where it stands in the file."""
        yield from ()

    def option_ids(self) -> tuple[str, ...]:
        """Return what a response may name: option ids, or units."""
        return ()

    @abstractmethod
    def scored_key(self) -> tuple[str, ...] | Mapping[str, Any]:
        """Return the key as the scorer takes it."""

    def all_claims(self) -> tuple[str, ...]:
        """Return the id of each claim that any part of the item rests on, once."""
        return tuple(dict.fromkeys((*self.claims, *(id_ for _, part in self.parts() for id_ in part.claims))))


class OptionsItem(Item):
    """An item with a list of options. Options have ids, never places."""

    COUNT: ClassVar[tuple[int, int]] = MIN_OPTIONS, MAX_OPTIONS
    options: tuple[Option, ...]

    @field_validator("options")
    @classmethod
    def _options_differ(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        refuse_count(options, *cls.COUNT, "options")
        refuse_alike(options, "option")
        return options

    def parts(self) -> Iterator[tuple[Loc, Part]]:
        """Yield the options."""
        for i, option in enumerate(self.options):
            yield ("options", i), option

    def option_ids(self) -> tuple[str, ...]:
        """Return the ids of the options."""
        return tuple(option.id for option in self.options)


class ChoiceItem(OptionsItem):
    """An item answered by choosing among options."""

    options: Annotated[tuple[Option, ...], Field(json_schema_extra={"minItems": MIN_OPTIONS, "maxItems": MAX_OPTIONS})]
    key: Annotated[tuple[OptionId, ...], Field(description="Ids of the credited options.")]

    @field_validator("key")
    @classmethod
    def _key_is_among_options(cls, key: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        refuse_twice(key)
        if "options" not in info.data:  # already at fault
            return key
        ids = [option.id for option in info.data["options"]]
        for id_ in key:
            refuse_stranger(id_, ids)
        cls.check_key(key, tuple(ids))
        return key

    @classmethod
    @abstractmethod
    def check_key(cls, key: tuple[str, ...], options: tuple[str, ...]) -> None:
        """Refuse a key that this kind can't credit."""

    def scored_key(self) -> tuple[str, ...]:
        """Return the ids of the credited options."""
        return self.key


def refuse_stranger(id_: str, ids: Sequence[str]) -> None:
    """Refuse an id that is not an option."""
    if id_ not in ids:
        raise ValueError(f"'{id_}' is not an option; allowed: {', '.join(ids)}")
