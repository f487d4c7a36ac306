"""The arithmetic of the labs, each a few lines that a student can read."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from statistics import NormalDist, StatisticsError, correlation

STUDENTS, OPTIONS = 40, "abcd"
#: How hard each made-up item is.
DIFFICULTIES = (-1.5, -0.9, -0.4, 0.0, 0.3, 0.7, -0.3, -0.6, 0.2, 1.2)
#: The number of the item that was credited with a wrong key.
MISKEYED = 7


def likelihood_ratios(sensitivity: float, specificity: float) -> tuple[float, float]:
    """Return how much likelier a positive, and a negative, result is with the condition than without.

    Parameters
    ----------
    sensitivity, specificity
        Shares between 0 and 1, neither end included.
    """
    _share(sensitivity, specificity)
    return sensitivity / (1 - specificity), (1 - sensitivity) / specificity


def post_test(pre_test: float, ratio: float) -> float:
    """Return the probability after a finding, by Bayes' rule in odds.

    Parameters
    ----------
    pre_test
        The probability before, between 0 and 1, neither end included.
    ratio
        The likelihood ratio of the finding.
    """
    _share(pre_test)
    odds = pre_test / (1 - pre_test) * ratio
    return odds / (1 + odds)


def pooled_mean(means: Sequence[float], sds: Sequence[float], ns: Sequence[int]) -> tuple[float, float]:
    """Return the fixed-effect mean of several means and its standard error: each weighs n / SD squared."""
    weights = [n / sd**2 for sd, n in zip(sds, ns, strict=True)]
    total = sum(weights)
    return sum(w * m for w, m in zip(weights, means, strict=True)) / total, 1 / math.sqrt(total)


def heterogeneity(estimates: Sequence[float], errors: Sequence[float]) -> tuple[float, float]:
    """Return Cochran's Q and I squared (0 to 1) of several estimates with their standard errors.

    References
    ----------
    Higgins and Thompson 2002, Quantifying heterogeneity in a meta-analysis.
    """
    weights = [1 / error**2 for error in errors]
    mean = sum(w * e for w, e in zip(weights, estimates, strict=True)) / sum(weights)
    q = sum(w * (e - mean) ** 2 for w, e in zip(weights, estimates, strict=True))
    return q, max(0.0, (q - (len(weights) - 1)) / q) if q else 0.0


def classroom(seed: int = 29) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return made-up answers of a class, the same for the same seed, and the key that was credited.

    No student sat these items. Each made-up student has an ability, each item a difficulty, and one
    item was credited with a wrong key, as happens.

    Returns
    -------
    answers : dict
        By item, the option that each student chose, in the order of the students.
    key : dict
        By item, the option credited.
    """
    draw = random.Random(seed).random
    abilities = [NormalDist().inv_cdf((i + 0.5) / STUDENTS) for i in range(STUDENTS)]
    answers, key = {}, {}
    for number, difficulty in enumerate(DIFFICULTIES, 1):
        item, right = f"item-{number}", OPTIONS[int(draw() * 4)]
        wrong = [option for option in OPTIONS if option != right]
        chances = [1 / (1 + math.exp(-1.6 * (ability - difficulty))) for ability in abilities]
        answers[item] = [right if draw() < chance else wrong[int(draw() * 3)] for chance in chances]
        key[item] = wrong[0] if number == MISKEYED else right
    return answers, key


def item_rest(answers: Mapping[str, Sequence[str]], key: Mapping[str, str]) -> dict[str, float | None]:
    """Return, for each item, how being right on it goes with the points of all other items, from -1 to 1.

    None where every student was right, or none.
    """
    right = {item: [float(given == key[item]) for given in chosen] for item, chosen in answers.items()}
    totals = [sum(points) for points in zip(*right.values(), strict=True)]
    return {item: _correlation(own, [t - o for t, o in zip(totals, own)]) for item, own in right.items()}


def _correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    try:
        return correlation(a, b)
    except StatisticsError:
        return None


def _share(*values: float) -> None:
    for value in values:
        if not 0 < value < 1:
            raise ValueError(f"{value:g} is no share between 0 and 1; write 12 % as 0.12")
