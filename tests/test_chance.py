"""What chance gives, held against tables and against brute force."""

from __future__ import annotations

from itertools import product
from math import fsum, isclose, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backmice.items.chance import at_least, chi_square, chi_square_p, hits_by_chance, interval, wilson


@pytest.mark.parametrize(
    ("statistic", "df", "p"),
    [
        (3.841458821, 1, 0.05),
        (5.991464547, 2, 0.05),
        (7.814727903, 3, 0.05),
        (9.487729037, 4, 0.05),
        (16.81189383, 6, 0.01),
        (24.32188635, 7, 0.001),
        (0.0, 3, 1.0),
        (5.0, 0, 1.0),
    ],
)
def test_chi_square_agrees_with_printed_tables(statistic, df, p):
    assert chi_square_p(statistic, df) == pytest.approx(p, rel=1e-6)


def test_chi_square_sums_squares_over_what_was_expected():
    assert chi_square([8, 2, 2], [4, 4, 4]) == 6.0


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (8, 10, 0.4902, 0.9433), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0, 1)],
)
def test_wilson_agrees_with_newcombe(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


chances = st.lists(st.floats(0, 1), max_size=7)


@settings(deadline=None)
@given(chances)
def test_hits_are_as_likely_as_all_ways_to_get_them(chances):
    brute = [0.0] * (len(chances) + 1)
    for hits in product((0, 1), repeat=len(chances)):
        brute[sum(hits)] += prod(c if hit else 1 - c for hit, c in zip(hits, chances, strict=True))
    spread = hits_by_chance(chances)
    assert spread == pytest.approx(brute, abs=1e-12)
    assert isclose(fsum(spread), 1)


@settings(deadline=None)
@given(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=30), st.floats(0.001, 0.2))
def test_no_more_than_half_lies_beyond_either_end(chances, outside):
    spread = hits_by_chance(chances)
    low, high = interval(spread, outside)
    assert fsum(spread[:low]) <= outside / 2
    assert fsum(spread[high + 1 :]) <= outside / 2
    assert fsum(spread[: low + 1]) > outside / 2
    assert fsum(spread[high:]) > outside / 2
    assert at_least(spread, high + 1) <= outside / 2


def test_a_part_of_a_hit_counts_as_the_next_whole_one():
    spread = hits_by_chance([0.5, 0.5])
    assert (at_least(spread, 0.5), at_least(spread, 1), at_least(spread, 1.2)) == (0.75, 0.75, 0.25)
