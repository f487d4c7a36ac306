"""What the rules need of an item, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator

from backmice.items.item import ChoiceItem, Item, Option, OptionsItem, Part
from backmice.items.kinds import Matching, Numeric, Ordering
from backmice.located import Loc


def choices(item: Item) -> tuple[Option, ...]:
    """Return the options among which the learner chooses; none for kinds without a choice."""
    return item.options if isinstance(item, ChoiceItem) else ()


def listed(item: Item) -> tuple[Option, ...]:
    """Return every option of a list: those of a choice, of matching, the steps of an ordering."""
    return item.options if isinstance(item, OptionsItem) else ()


def is_single(item: Item) -> bool:
    """Whether exactly one option is credited."""
    return isinstance(item, ChoiceItem) and len(item.key) == 1


def keys(item: Item) -> tuple[Option, ...]:
    """Return the credited options of a choice."""
    return tuple(option for option in choices(item) if option.id in item.key)


def distractors(item: Item) -> tuple[Option, ...]:
    """Return the options of a choice that earn nothing."""
    return tuple(option for option in choices(item) if option.id not in item.key)


def at(item: Item, part: Part) -> Loc:
    """Return where a part stands in the file."""
    return next(loc for loc, other in item.parts() if other is part)


def rationales(item: Item) -> Iterator[tuple[Loc, Part | None, str]]:
    """Yield each rationale: where it stands, the part that it explains, its text."""
    for loc, part in item.parts():
        yield (*loc, "rationale"), part, part.rationale
    if isinstance(item, Numeric):
        yield ("rationale",), None, item.rationale


def resting(item: Item) -> tuple[tuple[Loc, Part], ...]:
    """Return the parts whose rationales must say why the key is right; a numeric item says it itself."""
    parts = tuple(item.parts())
    if isinstance(item, ChoiceItem):
        return tuple((loc, part) for loc, part in parts if part.id in item.key)
    if isinstance(item, Matching):
        return tuple((loc, part) for loc, part in parts if loc[0] == "cases")
    return parts if isinstance(item, Ordering) else ()


def given(item: Item) -> str:
    """Return all that the learner reads before answering."""
    texts = [item.vignette or "", item.stem, *(part.text for loc, part in item.parts() if loc[0] != "slips")]
    return " ".join(texts)
