"""How many published claims there are of each topic and design, and how sure they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from backmice.evidence.claim import DESIGNS, LEVELS, TOPICS, Certainty, Claim

COLUMN = (100 - 1) / len(DESIGNS)
HEADS_EM = 10.6
ROW_EM = 3.5
CELL_EM = 1.75


@dataclass(frozen=True)
class Cell:
    """The claims of one topic and one design: how many at each level, from high to very low."""

    topic: str
    design: str
    levels: tuple[tuple[Certainty, int], ...]

    @property
    def count(self) -> int:
        """How many claims there are."""
        return sum(count for _, count in self.levels)

    @property
    def middle(self) -> Certainty:
        """The certainty of the middle claim; of two middle ones, the lower."""
        passed = 0
        for level, count in reversed(self.levels):
            passed += count
            if 2 * passed >= self.count:
                return level
        raise ValueError("a cell without claims")

    def place(self) -> tuple[float, float, float]:
        """Return left edge and width in per cent of the width of the map."""
        left = 0.5 + list(DESIGNS).index(self.design) * COLUMN
        return round(left, 2), round(COLUMN - 0.6, 2), round(left + COLUMN / 2 - 0.3, 2)


def cells(claims: Iterable[Claim]) -> list[Cell]:
    """Return the cells that hold claims, in the order of the topics and then of the designs."""
    found = Counter((claim.topic, claim.design, claim.certainty) for claim in claims)
    every = (
        Cell(topic, design, tuple((level, found[topic, design, level]) for level in reversed(LEVELS)))
        for topic in TOPICS
        for design in DESIGNS
    )
    return [cell for cell in every if cell.count]


def design_places() -> list[tuple[float, str]]:
    """Return the middle of each column, in per cent of the width, and the design's words."""
    return [(round(0.5 + (n + 0.5) * COLUMN - 0.3, 2), words) for n, words in enumerate(DESIGNS.values())]
