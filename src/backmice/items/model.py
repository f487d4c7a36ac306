"""What an item and a quiz are, once they have been read.

Refuses what can't be asked fairly: an option without a rationale, a key that is not among the
options, every option credited, markup in text. Whether claims hold and files agree is checked in
`load`, which knows the whole bank.
"""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from backmice.located import Model

MIN_OPTIONS, MAX_OPTIONS = 3, 8
SCHEMA_URL = "https://json-schema.org/draft/2020-12/schema"
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


class Option(Model):
    """A choice offered, and why it is right or wrong."""

    id: Annotated[OptionId, Field(description="Permanent: responses refer to it.")]
    text: Annotated[Short, Field(description="What the learner chooses. Plain text.")]
    rationale: Annotated[Text, Field(description="Why it is right, or why it tempts and fails. Plain text.")]
    claims: Annotated[Claims, Field(description="Ids of ledger claims that this rationale rests on.")] = ()


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
    note: Annotated[str | None, Field(description="For authors; never published.")] = None

    def all_claims(self) -> tuple[str, ...]:
        """Return the id of each claim that any part of the item rests on, once."""
        return self.claims


class ChoiceItem(Item):
    """An item answered by choosing among options. Options have ids, never places."""

    options: Annotated[tuple[Option, ...], Field(json_schema_extra={"minItems": MIN_OPTIONS, "maxItems": MAX_OPTIONS})]
    key: Annotated[tuple[OptionId, ...], Field(description="Ids of the credited options.")]

    @field_validator("options")
    @classmethod
    def _options_are_a_choice(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
            raise ValueError(f"has {len(options)}; give {MIN_OPTIONS} to {MAX_OPTIONS} options")
        if (id_ := twice(tuple(o.id for o in options))) is not None:
            raise ValueError(f"the id '{id_}' stands twice; give each option its own id")
        if (text := twice(tuple(o.text for o in options))) is not None:
            raise ValueError(f"the text '{text}' stands twice; say something different in each option")
        return options

    @field_validator("key")
    @classmethod
    def _key_is_among_options(cls, key: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        refuse_twice(key)
        if "options" not in info.data:  # already at fault
            return key
        ids = [option.id for option in info.data["options"]]
        for id_ in key:
            if id_ not in ids:
                raise ValueError(f"'{id_}' is not an option; allowed: {', '.join(ids)}")
        cls.check_key(key, len(ids))
        return key

    @classmethod
    @abstractmethod
    def check_key(cls, key: tuple[str, ...], options: int) -> None:
        """Refuse a key that this kind can't credit."""

    def all_claims(self) -> tuple[str, ...]:
        """Return the id of each claim that key or rationales rest on, once."""
        return tuple(dict.fromkeys((*self.claims, *(id_ for option in self.options for id_ in option.claims))))


class Single(ChoiceItem):
    """One best answer."""

    kind: Literal["single"]

    @classmethod
    def check_key(cls, key: tuple[str, ...], options: int) -> None:
        """Exactly one option is credited."""
        if len(key) != 1:
            raise ValueError(f"has {len(key)}; a single item has exactly one")


class Multiple(ChoiceItem):
    """Several answers, each of which counts."""

    kind: Literal["multiple"]

    @classmethod
    def check_key(cls, key: tuple[str, ...], options: int) -> None:
        """At least two options are credited and at least one isn't."""
        if len(key) < 2:
            raise ValueError(f"has {len(key)}; a multiple item has at least two, else make it single")
        if len(key) == options:
            raise ValueError("credits every option; leave at least one distractor")


#: A kind is added here, in `score.SCORERS` and, for the browser, in score.js and backmice-quiz.js.
KINDS: dict[str, type[Item]] = {"single": Single, "multiple": Multiple}
AnyItem = Annotated[Single | Multiple, Field(discriminator="kind")]


class Draw(Model):
    """How a quiz picks its items instead of naming them."""

    topic: Slug
    count: Annotated[int, Field(ge=1, le=100)]
    seed: Annotated[int, Field(ge=0, lt=2**53)]


class Quiz(Model):
    """Items in an order, named or drawn."""

    id: Slug
    title: Short
    intro: Text | None = None
    items: Annotated[tuple[Slug, ...], AfterValidator(refuse_twice), AfterValidator(refuse_none)] | None = None
    draw: Draw | None = None

    @model_validator(mode="after")
    def _named_or_drawn(self) -> Quiz:
        if (self.items is None) == (self.draw is None):
            given = "neither" if self.items is None else "both"
            raise ValueError(f"has {given} of items and draw; give one of them")
        return self


def item_schema() -> dict[str, Any]:
    """Return the JSON Schema of an item file, for editors."""
    schema = TypeAdapter(AnyItem).json_schema()
    return {"$schema": SCHEMA_URL, "title": "Item of the back mice course", **schema}


def item_schema_text() -> str:
    """Return the schema as it is committed in exercises/item.schema.json."""
    return json.dumps(item_schema(), indent=2) + "\n"
