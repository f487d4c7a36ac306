"""How well a target holds a kind of item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["native", "nearest", "left out"]


@dataclass(frozen=True)
class Loss:
    """How a kind is written, and in a sentence what of it is lost; empty when nothing is."""

    how: How
    why: str = ""


WHOLE = Loss("native")
#: What several targets lose alike.
TOGETHER = "Rationales stand together in the general feedback."
RATIONALES_TOGETHER = Loss("native", TOGETHER)
UNIT_TOLD = Loss("nearest", "The unit is told in the question and can't be chosen.")
NO_FIGURE = Loss("nearest", "Structures are chosen by name, without the figure.")
