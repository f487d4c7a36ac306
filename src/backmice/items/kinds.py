"""The kinds of items: what each asks for, and which keys it can credit.

Refuses what can't be asked fairly: every option credited, steps listed in the right order, a mistake
that would be credited, a region outside its picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from backmice.items.item import (
    ChoiceItem,
    Item,
    Option,
    OptionId,
    OptionsItem,
    Part,
    Slug,
    Text,
    plain,
    refuse_alike,
    refuse_count,
    refuse_stranger,
)
from backmice.located import Loc, Model

CaseText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600), AfterValidator(plain)]
MATCHING_OPTIONS, CASES, STEPS, SLIPS, UNITS = (3, 10), (2, 5), (3, 7), (1, 4), (1, 6)
PICTURES = (".webp", ".png", ".svg", ".jpg")
LARGEST = 10**12


class Single(ChoiceItem):
    """One best answer."""

    kind: Literal["single"]

    @classmethod
    def check_key(cls, key: tuple[str, ...], options: tuple[str, ...]) -> None:
        """Exactly one option is credited."""
        _refuse_several(key, "single")


class Multiple(ChoiceItem):
    """Several answers, each of which counts."""

    kind: Literal["multiple"]

    @classmethod
    def check_key(cls, key: tuple[str, ...], options: tuple[str, ...]) -> None:
        """At least two options are credited and at least one isn't."""
        if len(key) < 2:
            raise ValueError(f"has {len(key)}; a multiple item has at least two, else make it single")
        if len(key) == len(options):
            raise ValueError("credits every option; leave at least one distractor")


class Case(Part):
    """What an option is matched to: a short vignette."""

    text: Annotated[CaseText, Field(description="What the learner reads. Plain text.")]


class Matching(OptionsItem):
    """Several cases, one list of options; each option may serve once, several times or not at all."""

    COUNT = MATCHING_OPTIONS
    kind: Literal["matching"]
    options: Annotated[
        tuple[Option, ...], Field(json_schema_extra={"minItems": MATCHING_OPTIONS[0], "maxItems": MATCHING_OPTIONS[1]})
    ]
    cases: Annotated[tuple[Case, ...], Field(json_schema_extra={"minItems": CASES[0], "maxItems": CASES[1]})]
    key: Annotated[dict[str, str], Field(description="The credited option of each case.")]

    @field_validator("cases")
    @classmethod
    def _cases_differ(cls, cases: tuple[Case, ...]) -> tuple[Case, ...]:
        refuse_count(cases, *CASES, "cases")
        refuse_alike(cases, "case")
        return cases

    @field_validator("key")
    @classmethod
    def _each_case_has_an_option(cls, key: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        if not {"options", "cases"} <= info.data.keys():  # already at fault
            return key
        cases, options = ([part.id for part in info.data[name]] for name in ("cases", "options"))
        for case, option in key.items():
            if case not in cases:
                raise ValueError(f"'{case}' is not a case; allowed: {', '.join(cases)}")
            refuse_stranger(option, options)
        if missing := [case for case in cases if case not in key]:
            raise ValueError(f"has no option for case '{missing[0]}'; credit one for each case")
        if len(set(key.values())) == 1:
            raise ValueError("credits one option in every case; let at least two be credited")
        return key

    def parts(self) -> Iterator[tuple[Loc, Part]]:
        """Yield the options, then the cases."""
        yield from super().parts()
        for i, case in enumerate(self.cases):
            yield ("cases", i), case

    def scored_key(self) -> tuple[str, ...]:
        """Return `case=option` for each case, in the order of the cases."""
        return tuple(f"{case.id}={self.key[case.id]}" for case in self.cases)


class Ordering(OptionsItem):
    """Steps to put into their order."""

    COUNT = STEPS
    kind: Literal["ordering"]
    options: Annotated[tuple[Option, ...], Field(json_schema_extra={"minItems": STEPS[0], "maxItems": STEPS[1]})]
    key: Annotated[tuple[OptionId, ...], Field(description="Ids of all options in the right order.")]

    @field_validator("key")
    @classmethod
    def _key_orders_all_options(cls, key: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "options" not in info.data:  # already at fault
            return key
        ids = [option.id for option in info.data["options"]]
        for i, id_ in enumerate(key):
            refuse_stranger(id_, ids)
            if id_ in key[:i]:
                raise ValueError(f"'{id_}' stands twice; name it once")
        if missing := [id_ for id_ in ids if id_ not in key]:
            raise ValueError(f"leaves out '{missing[0]}'; name each option once")
        if list(key) == ids:
            raise ValueError("is the order of the file, which is the order shown; list the options in another order")
        return key

    def scored_key(self) -> tuple[str, ...]:
        """Return the ids of the options in the right order."""
        return self.key


Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Tolerance = Annotated[float, Field(ge=0, le=LARGEST)]
Unit = Annotated[str, StringConstraints(pattern=r"^[^\s=<](?:[^=<]{0,18}[^\s=<])?$")]
Factor = Annotated[float, Field(gt=0, le=LARGEST)]


class Amount(Model):
    """A number with its unit, and how far off is still credited."""

    value: Number
    tolerance: Annotated[Tolerance, Field(description="In the same unit; a response this far off is credited.")]
    unit: Annotated[Unit, Field(description="One of `units`.")]


class Slip(Part):
    """A wrong number that a known mistake gives, in the unit of the key."""

    value: Number
    tolerance: Tolerance = 0.0


class Numeric(Item):
    """A number with its unit."""

    kind: Literal["numeric"]
    units: Annotated[
        dict[Unit, Factor],
        Field(description="Units that the learner may choose, as multiples of the first.", json_schema_extra={"minProperties": 1}),
    ]  # fmt: skip
    key: Amount
    rationale: Annotated[Text, Field(description="How the number comes about. Plain text.")]
    slips: Annotated[tuple[Slip, ...], Field(json_schema_extra={"minItems": SLIPS[0], "maxItems": SLIPS[1]})]

    @field_validator("units")
    @classmethod
    def _first_unit_is_the_measure(cls, units: dict[str, float]) -> dict[str, float]:
        refuse_count(units, *UNITS, "units")
        first = next(iter(units))
        if units[first] != 1:
            raise ValueError(f"'{first}' is {units[first]:g}; the first unit is 1, and the others are multiples of it")
        return units

    @field_validator("key")
    @classmethod
    def _unit_is_offered(cls, key: Amount, info: ValidationInfo) -> Amount:
        units = info.data.get("units")
        if units and key.unit not in units:
            raise ValueError(f"unit '{key.unit}' is not among units; allowed: {', '.join(units)}")
        return key

    @field_validator("slips")
    @classmethod
    def _slips_are_wrong(cls, slips: tuple[Slip, ...], info: ValidationInfo) -> tuple[Slip, ...]:
        refuse_count(slips, *SLIPS, "slips")
        refuse_alike(slips, "slip")
        key = info.data.get("key")
        for i, slip in enumerate(slips):
            if key and abs(slip.value - key.value) <= key.tolerance + slip.tolerance:
                raise ValueError(
                    f"'{slip.id}' reaches into what the key credits; choose a wrong number or less tolerance"
                )
            for other in slips[:i]:
                if abs(slip.value - other.value) <= slip.tolerance + other.tolerance:
                    raise ValueError(f"'{slip.id}' and '{other.id}' overlap; one number has one rationale")
        return slips

    def parts(self) -> Iterator[tuple[Loc, Part]]:
        """Yield the slips."""
        for i, slip in enumerate(self.slips):
            yield ("slips", i), slip

    def option_ids(self) -> tuple[str, ...]:
        """Return the units that a response may name."""
        return tuple(self.units)

    def scored_key(self) -> dict[str, Any]:
        """Return value, tolerance and unit of the key, with what each unit is worth."""
        return {**self.key.model_dump(), "units": dict(self.units)}


def _whole_polygon(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if len(points) < 3:
        raise ValueError(f"has {len(points)}; a region has at least three corners")
    if outside := [point for point in points if not all(0 <= part <= 100 for part in point)]:
        x, y = outside[0]
        raise ValueError(f"[{x:g}, {y:g}] lies outside the picture; give per cent of width and height, 0 to 100")
    return points


Region = Annotated[tuple[tuple[float, float], ...], AfterValidator(_whole_polygon)]


def _below_media(path: str) -> str:
    if not path.startswith("media/") or ".." in path.split("/") or not path.endswith(PICTURES):
        raise ValueError(f"is '{path}'; name a picture below media/ that ends in {', '.join(PICTURES)}")
    return path


class Spot(Option):
    """A region of the picture."""

    region: Annotated[Region, Field(description="Corners, each [per cent of width, per cent of height].")]


class Hotspot(ChoiceItem):
    """A region of a picture, which the list of options names as well."""

    kind: Literal["hotspot"]
    picture: Annotated[str, AfterValidator(_below_media), Field(description="Path of a picture, below media/.")]
    alt: Annotated[Text, Field(description="What the picture shows, for who can't see it. Plain text.")]
    options: Annotated[tuple[Spot, ...], Field(json_schema_extra={"minItems": 3, "maxItems": 8})]

    @classmethod
    def check_key(cls, key: tuple[str, ...], options: tuple[str, ...]) -> None:
        """Exactly one region is credited."""
        _refuse_several(key, "hotspot")


class Place(Option):
    """A structure of the figure."""

    structure: Annotated[Slug, Field(description="Id of the structure in the figure.")]


class Landmark(ChoiceItem):
    """A structure of a 3-D figure, which the list of options names as well."""

    kind: Literal["landmark"]
    figure: Annotated[Slug, Field(description="Id of the anatomy figure, such as sacroiliac-triangle.")]
    options: Annotated[tuple[Place, ...], Field(json_schema_extra={"minItems": 3, "maxItems": 8})]

    @field_validator("options")
    @classmethod
    def _structures_differ(cls, options: tuple[Place, ...]) -> tuple[Place, ...]:
        found = [option.structure for option in options]
        for i, structure in enumerate(found):
            if structure in found[:i]:
                raise ValueError(f"the structure '{structure}' stands twice; let each option be another one")
        return options

    @classmethod
    def check_key(cls, key: tuple[str, ...], options: tuple[str, ...]) -> None:
        """Exactly one structure is credited."""
        _refuse_several(key, "landmark")


def _refuse_several(key: tuple[str, ...], kind: str) -> None:
    if len(key) != 1:
        raise ValueError(f"has {len(key)}; a {kind} item has exactly one")
