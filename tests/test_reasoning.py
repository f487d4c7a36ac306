"""How findings move probabilities: one table for two languages, and what must hold of any numbers."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from javascript import run

from backmice.reasoning import arithmetic
from backmice.reasoning.arithmetic import (
    brier,
    carried,
    in_figures,
    in_percent,
    missing,
    moved,
    odds,
    probability,
    scaled,
    shares,
    steps,
    update,
)

ROWS = json.loads((Path(__file__).parent / "vectors/reasoning.json").read_text())
close = partial(pytest.approx, rel=1e-12, abs=1e-12)

#: Probabilities and ratios as people meet them: nothing so extreme that floating point is what is tested.
inner = st.floats(0.001, 0.999)
ratios = st.floats(0.01, 100)
percents = st.lists(st.integers(0, 100), min_size=2, max_size=6)
stated = percents.filter(any).map(scaled).map(shares)


def call(name: str, given_: list[Any]) -> Any:
    """Call a function by the name that the table has for it."""
    if name == "ratioOf":
        return arithmetic.ratio_of(*given_[:2], is_positive=given_[2])
    return getattr(arithmetic, re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", name))(*given_)


def expected(result: Any) -> Any:
    """Return a value of the table such that numbers need only be close to it."""
    has_text = isinstance(result, str) or (isinstance(result, list) and isinstance(result[0], str))
    return result if has_text else close(result)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["note"])
def test_python_holds_the_table(row):
    if row.get("error"):
        with pytest.raises(ValueError, match="; |add up"):
            call(row["call"], row["given"])
        return
    result = call(row["call"], row["given"])
    assert (list(result) if isinstance(result, tuple) else result) == expected(row["result"])


def test_javascript_holds_the_same_table():
    results = run(
        """import * as reasoning from "./reasoning.js";
        done(data.map(({ call, given }) => {
          try {
            return { result: reasoning[call](...given) };
          } catch (error) {
            return { error: error instanceof RangeError };
          }
        }));""",
        ROWS,
    )
    for row, told in zip(ROWS, results, strict=True):
        assert told == ({"error": True} if row.get("error") else {"result": expected(row["result"])}), row["note"]


def test_the_table_calls_every_function():
    names = {re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", row["call"]) for row in ROWS}
    own = {n for n, f in vars(arithmetic).items() if getattr(f, "__module__", "") == arithmetic.__name__}
    assert own - {"half_up", "refuse_no_ratio"} == names


@given(inner, ratios)
def test_odds_form_equals_closed_form(before, ratio):
    assert moved(before, ratio) == close(probability(odds(before) * ratio))


@given(inner)
def test_odds_and_back(p):
    assert probability(odds(p)) == close(p)


@given(st.floats(0, 1))
def test_a_ratio_of_one_moves_nothing(before):
    assert moved(before, 1) == close(before)


@given(stated, st.integers(0, 5))
def test_a_ratio_of_one_moves_no_condition(before, target):
    assert update(before, target % len(before), 1) == close(before)


@given(inner, ratios, ratios)
def test_a_larger_ratio_never_moves_less(before, one, other):
    low, high = sorted((one, other))
    assert moved(before, low) <= moved(before, high) + 1e-12


@given(stated, st.lists(st.tuples(st.integers(0, 5), ratios), min_size=2, max_size=5), st.randoms())
def test_order_of_independent_findings_does_not_matter(before, findings, random):
    def after(order):
        now = before
        for target, ratio in order:
            now = update(now, target % len(before), ratio)
        return now

    other = random.sample(findings, len(findings))
    assert after(findings) == pytest.approx(after(other), rel=1e-9, abs=1e-12)


@given(stated, st.integers(0, 5), ratios)
def test_an_update_moves_its_condition_by_the_closed_form_and_keeps_the_rest_in_proportion(before, target, ratio):
    target %= len(before)
    after = update(before, target, ratio)
    assert sum(after) == close(1)
    assert after[target] == close(moved(before[target], ratio))
    rest = [(b, a) for i, (b, a) in enumerate(zip(before, after, strict=True)) if i != target]
    for b, a in rest:
        assert a * sum(x for x, _ in rest) == close(b * sum(x for _, x in rest))


@given(stated, st.integers(0, 5))
def test_brier_lies_between_nothing_and_two(before, outcome):
    assert 0 <= brier(before, outcome % len(before)) <= 2


@given(stated, stated)
def test_on_average_nobody_scores_better_than_who_states_what_they_believe(belief, other):
    if len(belief) != len(other):
        return

    def mean(statement):
        return sum(p * brier(statement, i) for i, p in enumerate(belief))

    assert mean(belief) <= mean(other) + 1e-9


@given(percents)
def test_scaled_percents_add_up_and_stay_near(given_):
    found = scaled(given_)
    assert (sum(found), missing(found)) == (100, 0)
    if total := sum(given_):
        assert all(abs(f - p * 100 / total) < 1 for f, p in zip(found, given_, strict=True))


def test_both_languages_tell_and_scale_many_numbers_alike():
    numbers = [n / 997 for n in range(998)]
    lists = [[a, b, 7] for a in range(0, 101, 9) for b in range(0, 101, 13)]
    told = run(
        """import { inFigures, inPercent, scaled } from "./reasoning.js";
        const { numbers, lists } = data;
        done([numbers.map(inPercent), numbers.map((n) => inFigures(40 * n)), lists.map((list) => scaled(list))]);""",
        {"numbers": numbers, "lists": lists},
    )
    mine = [list(map(in_percent, numbers)), [in_figures(40 * n) for n in numbers], [list(scaled(one)) for one in lists]]
    assert told == mine


@given(ratios, ratios)
def test_what_is_carried_from_a_span_lies_in_it_and_nearest_to_one(one, other):
    low, high = sorted((one, other))
    ratio = carried(None, low, high)
    assert low <= ratio <= high
    assert abs(ratio - 1) <= min(abs(low - 1), abs(high - 1))


@given(st.floats(0, 1))
def test_a_printed_percent_is_near_what_it_prints(p):
    shown = float(re.search(r"[\d.]+", in_percent(p))[0])
    assert abs(shown - 100 * p) <= 0.5 + 1e-6


@given(st.floats(0.001, 1e5))
def test_printed_figures_are_within_half_of_the_third(number):
    assert float(in_figures(number)) == pytest.approx(number, rel=0.0051)


@given(inner, ratios)
def test_the_last_step_prints_where_the_probability_ends(before, ratio):
    assert steps(before, ratio)[-1].endswith(f" = {in_percent(moved(before, ratio))}.")
