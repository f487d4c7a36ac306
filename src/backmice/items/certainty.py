"""What an answer is worth by how sure the learner was. static/certainty.js holds the same table.

References
----------
Gardner-Medwin's certainty-based marking: being sure pays only for who is right often enough.
With these marks mid beats low from two right in three, high beats mid from four in five.
"""

from __future__ import annotations

from typing import Literal, get_args

Certainty = Literal["low", "mid", "high"]
#: By certainty: the mark for a right answer and for a wrong one.
MARKS: dict[Certainty, tuple[int, int]] = {"low": (1, 0), "mid": (2, -2), "high": (3, -6)}


def certainty_mark(certainty: Certainty | None, is_right: bool) -> int:
    """Return the mark of an answer that was given; without a certainty it counts as low.

    Part of a point is not right: who was sure of all of it was wrong about some of it.

    Raises
    ------
    ValueError
        If there is no such certainty.
    """
    level = certainty or "low"
    if level not in MARKS:
        raise ValueError(f"certainty '{level}' is unknown; known: {', '.join(get_args(Certainty))}")
    right, wrong = MARKS[level]
    return right if is_right else wrong
