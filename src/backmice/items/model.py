"""What an item and a quiz are, once they have been read: the table of kinds, and the forms of a quiz.

Whether claims hold and files agree is checked in `load`, which knows the whole bank.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from backmice.items.item import (
    ChoiceItem,
    Item,
    Level,
    Option,
    OptionsItem,
    Part,
    Short,
    Slug,
    Text,
    refuse_none,
    refuse_twice,
)
from backmice.items.kinds import Hotspot, Landmark, Matching, Multiple, Numeric, Ordering, Single
from backmice.located import Model

__all__ = [
    "KINDS", "AnyItem", "ChoiceItem", "Draw", "Hotspot", "Item", "Landmark", "Level", "Matching", "Multiple",
    "Numeric", "Option", "OptionsItem", "Ordering", "Part", "Quiz", "Single", "Slug", "item_schema", "item_schema_text",
]  # fmt: skip
SCHEMA_URL = "https://json-schema.org/draft/2020-12/schema"

#: A kind is added here, in `score.SCORERS` and, for the browser, in score.js and response-forms.js.
KINDS: dict[str, type[Item]] = {
    "single": Single,
    "multiple": Multiple,
    "matching": Matching,
    "ordering": Ordering,
    "numeric": Numeric,
    "hotspot": Hotspot,
    "landmark": Landmark,
}
AnyItem = Annotated[Single | Multiple | Matching | Ordering | Numeric | Hotspot | Landmark, Field(discriminator="kind")]


class Draw(Model):
    """How a quiz picks its items instead of naming them."""

    topic: Slug
    count: Annotated[int, Field(ge=1, le=100)]
    seed: Annotated[int, Field(ge=0, lt=2**53)]


class Quiz(Model):
    """Items in an order: named, drawn, or all of a topic."""

    id: Slug
    title: Short
    intro: Text | None = None
    items: Annotated[tuple[Slug, ...], AfterValidator(refuse_twice), AfterValidator(refuse_none)] | None = None
    draw: Draw | None = None
    topic: Annotated[Slug | None, Field(description="Every item of this topic, by id.")] = None

    @model_validator(mode="after")
    def _one_way(self) -> Quiz:
        given = [name for name in ("items", "draw", "topic") if getattr(self, name) is not None]
        if len(given) != 1:
            has = "none of items, draw and topic" if not given else f"{' and '.join(given)}"
            raise ValueError(f"has {has}; give one of items, draw and topic")
        return self


def item_schema() -> dict[str, Any]:
    """Return the JSON Schema of an item file, for editors."""
    schema = TypeAdapter(AnyItem).json_schema()
    return {"$schema": SCHEMA_URL, "title": "Item of the back mice course", **schema}


def item_schema_text() -> str:
    """Return the schema as it is committed in exercises/item.schema.json."""
    return json.dumps(item_schema(), indent=2) + "\n"
