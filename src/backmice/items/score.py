"""What a response is worth. The same rules stand in static/score.js; tests/vectors holds both to them.

A score is computed from a response and never stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,11}[1-9])?")
SLACK = 1e-9  # of the larger number: what binary fractions lose
#: Kinds that take one option.
CREDITED_ONCE = ("single", "landmark", "hotspot")
#: `{"value", "tolerance", "unit", "units"}` for numeric, else ids or pairs.
Key = Sequence[str] | Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """Points, and what they come from.

    `right` is credited and given, `wrong` given but not credited, `missed` credited but not given: option ids in
    the order of the options; for matching `case=option` in the order of the key; for ordering `step>next step`;
    for numeric the words `value` and, for any wrong number, `other`.
    """

    points: float
    of: float
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def score(kind: str, key: Key, options: Sequence[str], response: Sequence[str]) -> Score:
    """Score one response; an empty one is unanswered and gets 0.

    Parameters
    ----------
    options
        The ids of all options of the item; for numeric the units.

    Raises
    ------
    ValueError
        If the kind is unknown, or the response could not have been given: it names something that isn't there,
        or names it twice, chooses several where one is asked for, leaves out a step, or is not a decimal.
    """
    if kind not in SCORERS:
        raise ValueError(f"kind '{kind}' has no scoring rule; known: {', '.join(SCORERS)}")
    if response:
        refuse(kind, key, options, response)
    asked, credited, given = _compared(kind, key, options, response)
    right = tuple(o for o in asked if o in credited and o in given)
    wrong = tuple(o for o in asked if o not in credited and o in given)
    missed = tuple(o for o in asked if o in credited and o not in given)
    return Score(SCORERS[kind](len(right), len(wrong), len(credited)), 1.0, right, wrong, missed)


def is_within(quantity: Mapping[str, Any], response: Sequence[str]) -> bool:
    """Return whether a number in its unit lies within the tolerance of a quantity, the ends included."""
    units = quantity["units"]
    given, wanted = float(response[0]) * units[response[1]], quantity["value"] * units[quantity["unit"]]
    slack = SLACK * max(abs(given), abs(wanted))
    return abs(given - wanted) <= quantity["tolerance"] * units[quantity["unit"]] + slack


def decimal(typed: str) -> str | None:
    """Return what was typed as a decimal with a point and no idle zeros, or None if it can't be read in one way.

    "1,250" is refused: it may be one and a quarter or more than a thousand.
    """
    text = re.sub("^[\N{MINUS SIGN}\N{EN DASH}]", "-", typed.strip())
    found = re.fullmatch(r"([+-]?)0*([0-9]*)(?:([.,])([0-9]*))?", text)
    if not found or not re.search("[0-9]", text):
        return None
    sign, whole, mark, after = found[1], found[2], found[3], found[4] or ""
    if mark == "," and 0 < len(whole) <= 3 and len(after) == 3:
        return None
    fraction = after.rstrip("0")
    plain = (whole or "0") + (f".{fraction}" if fraction else "")
    signed = f"-{plain}" if sign == "-" and plain != "0" else plain
    return signed if DECIMAL.fullmatch(signed) else None


def refuse(kind: str, key: Key, options: Sequence[str], response: Sequence[str]) -> None:
    """Refuse a response, not empty, that could not have been given; see `score`."""
    if kind == "numeric":
        return _refuse_number(key, response)
    chosen = [pair.partition("=")[2] if "=" in pair else pair for pair in response] if kind == "matching" else response
    for id_ in chosen:
        if id_ not in options:
            raise ValueError(f"response '{id_}' is not an option; allowed: {', '.join(options)}")
    named = [case_of(pair) for pair in response] if kind == "matching" else response
    if len(set(named)) < len(named):
        raise ValueError("response names an option twice; name each once")
    if kind == "matching" and not set(named) <= {case_of(pair) for pair in key}:
        raise ValueError("response names something that is not a case")
    if kind == "ordering" and len(response) < len(options):
        raise ValueError("response leaves out a step; name each once")
    if kind in CREDITED_ONCE and len(response) > 1:
        raise ValueError(f"response chooses several options; a {kind} item takes one")
    return None


def _refuse_number(key: Key, response: Sequence[str]) -> None:
    if len(response) != 2:
        raise ValueError("response is not a number and a unit")
    if not DECIMAL.fullmatch(response[0]):
        raise ValueError(f"response '{response[0]}' is not a decimal; write digits and one point")
    if response[1] not in key["units"]:
        raise ValueError(f"unit '{response[1]}' is not offered; allowed: {', '.join(key['units'])}")


def _compared(
    kind: str, key: Key, options: Sequence[str], response: Sequence[str]
) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Return what is compared: everything it may be in the order it is told, what is credited, what was given."""
    if kind == "numeric":
        # A wrong number stands beside the credited one: it is wrong, and the right one is missed.
        given = ["value" if is_within(key, response) else "other"] if response else []
        return ["value", "other"], ["value"], given
    if kind == "ordering":
        credited, given = neighbours(key), neighbours(response)
        return list(dict.fromkeys((*credited, *given))), credited, given
    if kind == "matching":
        given = [other for pair in key for other in response if case_of(other) == case_of(pair)]
        return list(dict.fromkeys((*key, *given))), key, given
    return options, key, response


def case_of(pair: str) -> str:
    """Return the case of `case=option`."""
    return pair.partition("=")[0] if "=" in pair else ""


def neighbours(ids: Sequence[str]) -> list[str]:
    """Return each id with the one that follows it, as `step>next step`."""
    return [f"{a}>{b}" for a, b in pairwise(ids)]


def _all(right: int, wrong: int, keys: int) -> float:
    """Return 1 for the key, 0 for anything else."""
    return float(right)


def _share(right: int, wrong: int, keys: int) -> float:
    """Return right / keys to 9 decimals."""
    return round(right / keys, 9)


def _balance(right: int, wrong: int, keys: int) -> float:
    """Return (right - wrong) / keys, never below 0, to 9 decimals."""
    return _share(max(0, right - wrong), 0, keys)


SCORERS: dict[str, Callable[[int, int, int], float]] = {
    "single": _all,
    "multiple": _balance,
    "matching": _share,
    "ordering": _share,
    "numeric": _all,
    "hotspot": _all,
    "landmark": _all,
}
