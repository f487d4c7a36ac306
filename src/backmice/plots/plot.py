"""What an author writes to have something drawn: words, an axis, and values of claims; never a number of a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from backmice.located import Loc, Model

#: Fits one line of a phone of 320 px; a longer one would be cut.
Label = Annotated[str, Field(min_length=2, max_length=40)]
Words = Annotated[str, Field(min_length=8)]
Ref = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(#[a-z0-9.-]+)?$")]
MAX_TICKS = 12


class Axis(Model):
    """A scale from `low` to `high` in `unit`, with a tick at each `step`."""

    words: Label
    unit: str = ""
    low: float
    high: float
    step: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _has_whole_steps(self) -> Axis:
        steps = (self.high - self.low) / self.step
        if not 1 <= steps <= MAX_TICKS or abs(steps - round(steps)) > 1e-9:
            raise ValueError(f"has {steps:g} steps; low to high is 1 to {MAX_TICKS} whole steps")
        return self

    def ticks(self) -> list[float]:
        """Return the values of the ticks, both ends included."""
        return [self.low + n * self.step for n in range(round((self.high - self.low) / self.step) + 1)]


class Row(Model):
    """One value of a claim, `claim-id` or `claim-id#name`, and the words beside it."""

    words: Label
    value: Ref

    @property
    def claim_id(self) -> str:
        """The claim that the row rests on."""
        return self.value.partition("#")[0]

    @property
    def name(self) -> str:
        """The value's name; empty for a claim's only one."""
        return self.value.partition("#")[2]


class Group(Model):
    """Rows under one head."""

    head: Label | None = None
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class Panel(Model):
    """Rows that share an axis: nothing measured from elsewhere, or in another unit, stands in it."""

    axis: Axis
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]


class IntervalPlot(Model):
    """Values as points with what surrounds them; on a timeline the values are years.

    With `life_size` a millimetre of the axis is one on paper, as on a ruler.
    """

    kind: Literal["intervals", "timeline"]
    title: Words
    note: Words
    life_size: bool = False
    panels: Annotated[tuple[Panel, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_life_size(self) -> IntervalPlot:
        if self.life_size and (len(self.panels) > 1 or self.panels[0].axis.unit != "mm"):
            raise ValueError("life size is for one panel in mm; leave life_size out")
        return self

    def rows(self) -> Iterator[tuple[Loc, Panel, Row]]:
        """Give each row with its place in the file and its panel."""
        for p, panel in enumerate(self.panels):
            for g, group in enumerate(panel.groups):
                for r, row in enumerate(group.rows):
                    yield ("panels", p, "groups", g, "rows", r), panel, row

    def claims(self) -> tuple[str, ...]:
        """Return the ids of the claims drawn, each once, in order."""
        return tuple(dict.fromkeys(row.claim_id for _, _, row in self.rows()))


class MapPlot(Model):
    """All published claims, counted by topic and design; it rests on no single one."""

    kind: Literal["evidence-map"]
    title: Words
    note: Words

    def claims(self) -> tuple[str, ...]:
        """Return nothing: a changed claim changes the count at the next build, and no words."""
        return ()


Plot = IntervalPlot | MapPlot
KINDS: dict[str, type[Plot]] = {"intervals": IntervalPlot, "timeline": IntervalPlot, "evidence-map": MapPlot}
