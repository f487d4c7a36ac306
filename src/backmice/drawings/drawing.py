"""What an author writes to have a plate drawn: which parts, in which words, resting on which claims; no shape."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from backmice.evidence.claim import Slug
from backmice.located import Model

Name = Annotated[str, Field(min_length=2, max_length=60)]
#: Stands beside the drawing, where a phone has room for four short lines.
Brief = Annotated[str, Field(min_length=2, max_length=36)]
Words = Annotated[str, Field(min_length=8)]
Ref = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(#[a-z0-9.-]+)?$")]
HOW = {
    "share": "share of people",
    "reported": "reported",
    "seldom": "told as seldom",
    "never": "told as never",
}


class Part(Model):
    """Something that a plate shows: a structure or landmark of the model, or a field or root of `areas.py`.

    `side` is where its label stands; `inside` is for sections.
    `border` says what its place rests on; `says` tells in words what is seen, for those who can't.
    """

    id: Slug
    draws: Slug | Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    name: Name
    label: Brief | None = None
    side: Literal["left", "right", "inside"] = "right"
    border: Literal["measured", "illustrative"]
    says: Words
    claims: tuple[Slug, ...] = ()

    @property
    def short(self) -> str:
        """The name for a label."""
        return self.label or self.name

    @model_validator(mode="after")
    def _measured_by_someone(self) -> Part:
        if self.border == "measured" and not self.claims:
            raise ValueError("is measured but names no claim; name one, or call the border illustrative")
        if len(self.short) > 36:
            raise ValueError("has too long a name for a label; give a label of at most 36 letters")
        return self


class Plate(Model):
    """Parts on one or two sheets. `level_mm` is where a section lies above the posterior superior iliac spines."""

    kind: Literal["surface", "section", "fields", "roots"]
    title: Words
    note: Words
    level_mm: Annotated[float, Field(ge=-60, le=160)] | None = None
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_a_level(self) -> Plate:
        if (self.kind == "section") != (self.level_mm is not None):
            raise ValueError("level_mm is for a section, which needs it; add it or leave it out")
        if self.kind != "section" and any(part.side == "inside" for part in self.parts):
            raise ValueError("has a label inside; that is for a section, elsewhere left or right")
        return self

    def claims(self) -> tuple[str, ...]:
        """Return the ids of the claims it rests on, each once, in order."""
        return tuple(dict.fromkeys(id_ for part in self.parts for id_ in part.claims))


class Felt(Model):
    """An area of the body in which pain is told: the share of people by a value of a claim, or how else it is told."""

    area: Slug
    how: Literal["share", "reported", "seldom", "never"]
    value: Ref | None = None
    claims: tuple[Slug, ...] = ()
    says: Annotated[str, Field(min_length=4)] | None = None

    @model_validator(mode="after")
    def _rests_on_something(self) -> Felt:
        if (self.how == "share") != (self.value is not None):
            raise ValueError("a share needs a value and nothing else has one; correct how or value")
        if not self.all_claims():
            raise ValueError("names no claim; name one")
        return self

    def all_claims(self) -> tuple[str, ...]:
        """Return the claims it rests on, that of its value first."""
        own = (self.value.partition("#")[0],) if self.value else ()
        return tuple(dict.fromkeys(own + self.claims))


class PainMap(Model):
    """Where pain of one source is told, and by whom."""

    id: Slug
    name: Name
    told_by: Words
    felt: Annotated[tuple[Felt, ...], Field(min_length=1)]


class PainMaps(Model):
    """Maps of pain on one outline, of which a reader chooses one."""

    kind: Literal["pain-maps"]
    title: Words
    note: Words
    maps: Annotated[tuple[PainMap, ...], Field(min_length=2, max_length=10)]

    def claims(self) -> tuple[str, ...]:
        """Return the ids of the claims it rests on, each once, in order."""
        return tuple(dict.fromkeys(id_ for one in self.maps for felt in one.felt for id_ in felt.all_claims()))


Drawing = Plate | PainMaps
KINDS: dict[str, type[Drawing]] = {
    **dict.fromkeys(("surface", "section", "fields", "roots"), Plate), "pain-maps": PainMaps,
}  # fmt: skip
