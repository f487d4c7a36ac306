"""What a response is worth. The same rules stand in static/score.js; tests/vectors/score.json holds both to them.

A score is computed from a response and never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """Points, and the option ids they come from, each in the order of the options.

    `right` are credited and chosen, `wrong` chosen but not credited, `missed` credited but not chosen.
    """

    points: float
    of: float
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def score(kind: str, key: Sequence[str], options: Sequence[str], response: Sequence[str]) -> Score:
    """Score one response; an empty one is unanswered and gets 0.

    Parameters
    ----------
    options
        The ids of all options of the item.

    Raises
    ------
    ValueError
        If the kind is unknown, or the response names something that isn't an option, names an
        option twice, or chooses several where one is asked for.
    """
    if kind not in SCORERS:
        raise ValueError(f"kind '{kind}' has no scoring rule; known: {', '.join(SCORERS)}")
    for id_ in response:
        if id_ not in options:
            raise ValueError(f"response '{id_}' is not an option; allowed: {', '.join(options)}")
    if len(set(response)) < len(response):
        raise ValueError("response names an option twice; name each once")
    if kind == "single" and len(response) > 1:
        raise ValueError("response chooses several options; a single item takes one")
    right = tuple(o for o in options if o in key and o in response)
    wrong = tuple(o for o in options if o not in key and o in response)
    missed = tuple(o for o in options if o in key and o not in response)
    return Score(SCORERS[kind](len(right), len(wrong), len(key)), 1.0, right, wrong, missed)


def score_single(right: int, wrong: int, keys: int) -> float:
    """Return 1 for the key, 0 for anything else."""
    return float(right)


def score_multiple(right: int, wrong: int, keys: int) -> float:
    """Return (right chosen - wrong chosen) / keys, never below 0, to 9 decimals."""
    return round(max(0, right - wrong) / keys, 9)


SCORERS: dict[str, Callable[[int, int, int], float]] = {"single": score_single, "multiple": score_multiple}
