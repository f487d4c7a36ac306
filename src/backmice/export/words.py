"""Words and numbers that several targets write alike."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from backmice.items.kinds import Slip
from backmice.items.model import Item, OptionsItem


def number(value: float) -> str:
    """Return a number without an exponent or idle zeros, as learners' systems read it."""
    return f"{value:.12f}".rstrip("0").rstrip(".")


def share(parts: int) -> str:
    """Return one of `parts` equal shares of 100, as Moodle lists its fractions: 33.33333."""
    return f"{100 / parts:.5f}".rstrip("0").rstrip(".")


def asked(item: Item) -> list[str]:
    """Return the vignette, if there is one, and the stem."""
    return [text for text in (item.vignette, item.stem) if text]


def paragraphs(texts: Iterable[str]) -> str:
    """Return each text as a paragraph of HTML."""
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def slip_words(slip: Slip) -> str:
    """Return what is told of a slip: what went wrong, and why it does."""
    return f"{slip.text}. {slip.rationale}"


def moodle_category(title: str) -> str:
    """Return a title as one step of a category's path, in which a slash is written twice."""
    return title.replace("/", "//")


def rationales(item: Item) -> list[str]:
    """Return each part with its rationale, for targets that have no place of its own for each."""
    return [f"{part.text}: {part.rationale}" for _, part in item.parts()]


def tags(item: Item) -> list[str]:
    """Return what an item is found by."""
    return [item.topic, item.objective, item.level, f"revision {item.revision}"]


def text_of(item: OptionsItem, id_: str) -> str:
    """Return the text of an option."""
    return next(option.text for option in item.options if option.id == id_)
