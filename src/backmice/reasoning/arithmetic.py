"""Probabilities, likelihood ratios and the Brier score. Pure, and needs nothing but Python.

The same rules stand in static/reasoning.js; tests/vectors/reasoning.json holds both to them.
Probabilities lie between 0 and 1; percents between 0 and 100.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Percents that add up to 100 within this are taken as 100: three times 33.3 is.
SLACK_PERCENT = 0.1001


def odds(probability: float) -> float:
    """Return the odds of a probability below 1.

    Raises
    ------
    ValueError
        If it is not from 0 to less than 1: certainty has no odds.
    """
    if not 0 <= probability < 1:
        raise ValueError(f"{probability:g} has no odds; a probability from 0 to less than 1 has")
    return probability / (1 - probability)


def probability(odds: float) -> float:
    """Return the probability of odds.

    Raises
    ------
    ValueError
        If the odds are below 0.
    """
    if odds < 0:
        raise ValueError(f"odds are {odds:g}; they are never below 0")
    return odds / (1 + odds)


def moved(before: float, ratio: float) -> float:
    """Return a probability after a finding with this likelihood ratio; 0 and 1 stay where they are.

    Raises
    ------
    ValueError
        If `before` is no probability or the ratio is not above 0.
    """
    if not 0 <= before <= 1:
        raise ValueError(f"{before:g} is no probability; give 0 to 1")
    refuse_no_ratio(ratio)
    return before * ratio / (1 - before + before * ratio)


def update(before: Sequence[float], target: int, ratio: float) -> tuple[float, ...]:
    """Return the probabilities of all conditions after a finding that bears on one of them.

    A likelihood ratio compares the condition with everything else, so the others keep their
    proportions among themselves.

    Parameters
    ----------
    before
        Probabilities of conditions that exclude each other, which add up to 1.
    target
        The place of the condition in `before`.
    """
    refuse_no_ratio(ratio)
    weighted = [p * ratio if i == target else p for i, p in enumerate(before)]
    total = sum(weighted)
    return tuple(p / total for p in weighted)


def ratio_of(with_condition: float, without_condition: float, *, is_positive: bool) -> float:
    """Return the likelihood ratio of a result.

    Parameters
    ----------
    with_condition
        The share of people with the condition who have the finding: the sensitivity.
    without_condition
        The share of people without it who have the finding: 1 less the specificity.

    Raises
    ------
    ValueError
        If the shares give no ratio above 0: a study in which a result never occurs on one side has none.
    """
    one, other = (with_condition, without_condition) if is_positive else (1 - with_condition, 1 - without_condition)
    if not (0 < one <= 1 and 0 < other <= 1):
        raise ValueError(f"{one:g} against {other:g} gives no ratio; both must be above 0 and at most 1")
    return one / other


def carried(estimate: float | None, low: float | None, high: float | None) -> float:
    """Return the ratio that one goes on with: the estimate or, where only a span is known, its point nearest to 1."""
    if estimate is not None:
        return estimate
    return min(max(1.0, low), high)


def brier(probabilities: Sequence[float], outcome: int) -> float:
    """Return the Brier score of a statement: 0 at best, 2 at worst.

    The sum, over all conditions, of the square of what was stated less what came true (1 or 0).
    The expected score is lowest for who states what they believe.

    References
    ----------
    G. W. Brier, Monthly Weather Review 1950;78:1-3.
    """
    return sum((p - (i == outcome)) ** 2 for i, p in enumerate(probabilities))


def missing(percents: Sequence[float]) -> float:
    """Return how many percent are still to give, below 0 when too many are given; 0 within the slack of rounding."""
    left = 100 - sum(percents)
    return 0.0 if abs(left) <= SLACK_PERCENT else left


def shares(percents: Sequence[float]) -> tuple[float, ...]:
    """Return percents that add up to 100 as probabilities that add up to 1.

    Raises
    ------
    ValueError
        If they don't, or one lies outside 0 to 100.
    """
    if missing(percents) or not all(0 <= p <= 100 for p in percents):
        raise ValueError(f"{', '.join(f'{p:g}' for p in percents)} don't add up to 100")
    total = sum(percents)
    return tuple(p / total for p in percents)


def scaled(percents: Sequence[float], total: int = 100) -> tuple[int, ...]:
    """Return whole numbers in the same proportions that add up to `total`; nothing stated is an even share for all.

    What rounding leaves goes to the largest remainders, the first among equals.
    """
    given = sum(percents)
    exact = [p * total / given if given else total / len(percents) for p in percents]
    whole = [int(x + 1e-9) for x in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (-round(exact[i] - whole[i], 9), i))
    for i in by_remainder[: total - sum(whole)]:
        whole[i] += 1
    return tuple(whole)


def rounded(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return probabilities as percents that add up to 100: whole, or tenths where one is below 2 percent."""
    if 0 < min(probabilities) < 0.02:
        return tuple(tenths / 10 for tenths in scaled(probabilities, 1000))
    return scaled(probabilities)


def in_percent(probability: float) -> str:
    """Return a probability as a reader sees it: whole percents, to a tenth below 2 and above 98."""
    percent = probability * 100
    if 0 < percent < 0.05:
        return "under 0.1\N{NO-BREAK SPACE}%"
    if 99.95 <= percent < 100:
        return "over 99.9\N{NO-BREAK SPACE}%"
    digits = 1 if 0 < percent < 1.95 or 98 < percent < 100 else 0
    return f"{half_up(percent, digits)}\N{NO-BREAK SPACE}%"


def in_figures(ratio: float) -> str:
    """Return a ratio or odds to three figures, without idle zeros: 4.27, 0.0769, 12."""
    if ratio < 1e-4:
        return "under 0.0001" if ratio else "0"
    digits = 0
    while ratio * 10**digits < 100:
        digits += 1
    return half_up(ratio, digits)


def half_up(number: float, digits: int) -> str:
    """Return a number above 0 with so many decimals at most, halves rounded up, as both languages do it."""
    scale = 10**digits
    text = f"{int(number * scale + 0.5 + 1e-9) / scale:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def steps(before: float, ratio: float) -> tuple[str, ...]:
    """Return the arithmetic of one update, line by line.

    Nothing that is stated as impossible or certain can be moved; the lines then say so.
    """
    times, over = "\N{MULTIPLICATION SIGN}", "\N{DIVISION SIGN}"
    if before in (0, 1):
        return (
            f"{in_percent(before)} stays {in_percent(before)}: no finding moves what is held impossible or certain.",
        )
    start, end = odds(before), odds(before) * ratio
    p, q = in_figures(before), in_figures(1 - before)
    return (
        f"Odds before: {p} {over} {q} = {in_figures(start)}.",
        f"Odds after: {in_figures(start)} {times} {in_figures(ratio)} = {in_figures(end)}.",
        f"Probability after: {in_figures(end)} {over} {in_figures(1 + end)} = {in_percent(probability(end))}.",
    )


def refuse_no_ratio(ratio: float) -> None:
    """Raise ValueError unless `ratio` could be a likelihood ratio."""
    if not 0 < ratio < float("inf"):
        raise ValueError(f"{ratio:g} is no likelihood ratio; it lies above 0")
