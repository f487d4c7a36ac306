"""What chance alone would give, and how far a share can be trusted. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Z95 = 1.959963984540054


def wilson(hits: float, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share; all of 0 to 1 where nothing was counted.

    References
    ----------
    Wilson 1927, Probable inference, the law of succession, and statistical inference.
    """
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, Z95**2
    middle = share + square / (2 * n)
    half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    low, high = (middle - half) / (1 + square / n), (middle + half) / (1 + square / n)
    return max(low, 0.0), min(high, 1.0)


def chi_square(observed: Sequence[float], expected: Sequence[float]) -> float:
    """Return the sum of squared differences, each over what was expected."""
    return sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))


def chi_square_p(statistic: float, df: int) -> float:
    """Return the chance of a chi-square at least this large, to the precision of the machine.

    For whole degrees of freedom the upper gamma function is a finite sum: of Poisson terms for even
    ones, and of half-whole powers beside the error function for odd ones.

    References
    ----------
    Abramowitz and Stegun 26.4.4, 26.4.5.
    """
    if df == 0 or statistic <= 0:
        return 1.0
    half = statistic / 2
    if df % 2 == 0:
        total = term = 1.0
        for k in range(1, df // 2):
            term *= half / k
            total += term
        return min(math.exp(-half) * total, 1.0)
    total, term = 0.0, math.sqrt(half) / math.gamma(1.5)
    for k in range(1, (df + 1) // 2):
        total += term
        term *= half / (k + 0.5)
    return min(math.erfc(math.sqrt(half)) + math.exp(-half) * total, 1.0)


def hits_by_chance(chances: Iterable[float]) -> list[float]:
    """Return the probability of 0, 1, 2, ... hits where each item has its own chance (Poisson-binomial)."""
    spread = [1.0]
    for chance in chances:
        spread = [
            (spread[k] * (1 - chance) if k < len(spread) else 0.0) + (spread[k - 1] * chance if k else 0.0)
            for k in range(len(spread) + 1)
        ]
    return spread


def interval(spread: Sequence[float], outside: float = 0.05) -> tuple[int, int]:
    """Return the least and most hits so that no more than half of `outside` lies beyond either end."""
    low, below = 0, 0.0
    while below + spread[low] <= outside / 2:
        below += spread[low]
        low += 1
    high, above = len(spread) - 1, 0.0
    while above + spread[high] <= outside / 2:
        above += spread[high]
        high -= 1
    return low, high


def at_least(spread: Sequence[float], hits: float) -> float:
    """Return the chance of this many hits or more."""
    return min(math.fsum(spread[math.ceil(hits - 1e-9) :]), 1.0)
