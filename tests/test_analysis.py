"""What the analysis finds: equal to formulas of others, to properties that hold for any class, and to what was planted."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backmice.analysis.analysis import analyse
from backmice.analysis.items import discrimination, facility, upper_lower
from backmice.analysis.resample import TOO_FEW, Figure, draws, weights
from backmice.analysis.simulate import LABEL, detection, simulate
from backmice.analysis.table import Answer, Asked, Table, table
from backmice.analysis.whole import alpha, sem

EXACT = {"rel": 1e-9, "abs": 1e-9}


def classes(least=2):
    """Points of 0, a third, a half, 1 of up to 25 students on up to 8 items."""
    shape = st.tuples(st.integers(least, 25), st.integers(2, 8))
    return shape.flatmap(lambda shape: arrays(float, shape, elements=st.sampled_from([0.0, 1 / 3, 0.5, 1.0])))


def asked(points, **more):
    items = tuple(Asked(f"q{i}", "single", "know") for i in range(points.shape[1]))
    return Table(tuple(f"s{n}" for n in range(len(points))), items, points, **more)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_pingouins(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, of what it imports
        import pandas
        import pingouin

        points = simulate(60, 12, seed=seed).table.points
        theirs, _ = pingouin.cronbach_alpha(data=pandas.DataFrame(points))
    assert alpha(points) == pytest.approx(theirs, **EXACT)


@given(classes())
def test_alpha_of_right_and_wrong_is_kr20(points):
    points = np.floor(points)
    p, of_totals = points.mean(axis=0), points.sum(axis=1).var()
    items = points.shape[1]
    if of_totals < 1e-9:
        assert np.isnan(alpha(points))
    else:
        kr20 = items / (items - 1) * (1 - (p * (1 - p)).sum() / of_totals)
        assert alpha(points) == pytest.approx(kr20, **EXACT)
        wanted = points.sum(axis=1).std(ddof=1) * np.sqrt(1 - kr20)
        assert sem(points) == pytest.approx(wanted, **EXACT)


@given(classes(least=3))
def test_discrimination_is_scipys_correlation_with_the_other_items(points):
    for i, found in enumerate(discrimination(points)):
        rest = np.delete(points, i, axis=1).sum(axis=1)
        if points[:, i].std() < 1e-9 or rest.std() < 1e-9:
            assert np.isnan(found)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert found == pytest.approx(scipy.stats.pearsonr(points[:, i], rest).statistic, **EXACT)


def test_discrimination_of_right_and_wrong_is_scipys_point_biserial():
    points = simulate(80, 10, seed=4).table.points
    for i, found in enumerate(discrimination(points)):
        rest = np.delete(points, i, axis=1).sum(axis=1)
        assert found == pytest.approx(scipy.stats.pointbiserialr(points[:, i], rest).statistic, **EXACT)


def test_the_report_has_the_figures_of_scipy_and_pingouin():
    """What is printed, not only the functions that stand for one figure each."""
    made = simulate(70, 9, seed=5).table
    found = analyse(made, resamples=20)
    for i, item in enumerate(found.items):
        rest = np.delete(made.points, i, axis=1).sum(axis=1)
        assert item.facility.value == pytest.approx(made.points[:, i].mean(), **EXACT)
        for n, column in enumerate([made.points[:, i], *made.chosen[i].T]):
            value = item.discrimination.value if n == 0 else item.choices[n - 1].goes_with_rest.value
            assert value == pytest.approx(scipy.stats.pearsonr(column, rest).statistic, **EXACT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas
        import pingouin

        theirs, _ = pingouin.cronbach_alpha(data=pandas.DataFrame(made.points))
    assert found.whole.alpha.value == pytest.approx(theirs, **EXACT)
    assert found.whole.sem.value == pytest.approx(made.totals.std(ddof=1) * np.sqrt(1 - theirs), **EXACT)


def test_the_groups_of_27_per_cent():
    points = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0.0]])
    upper, lower = upper_lower(points, points.sum(axis=1))  # one student each
    assert (upper.tolist(), lower.tolist()) == ([1, 1, 1], [0, 0, 0])


def test_students_who_tie_at_the_border_count_by_the_same_part():
    points = np.array([[1, 1], [0, 1], [1, 0], [0, 0.0]])
    totals = np.array([2, 2, 1, 1.0])
    upper, lower = upper_lower(points, totals)
    assert (upper.tolist(), lower.tolist()) == ([0.5, 1], [0.5, 0])


@given(classes(), st.randoms(use_true_random=False))
def test_the_order_of_students_decides_nothing(points, random):
    order = list(range(len(points)))
    random.shuffle(order)
    for of in (facility, discrimination, lambda p: upper_lower(p, np.round(p.sum(axis=1), 9))[0]):
        np.testing.assert_allclose(of(points[order]), of(points), rtol=1e-9, atol=1e-9)


@given(classes())
def test_figures_stay_where_they_belong(points):
    found = analyse(asked(points), resamples=50)
    for item in found.items:
        assert 0 <= item.facility.value <= 1
        assert -1 <= item.upper_lower.value <= 1
        if item.discrimination.value is not None:
            assert -1 - 1e-9 <= item.discrimination.value <= 1 + 1e-9
    assert sum(found.whole.counts) == found.whole.students


def test_draws_are_those_of_the_published_mixer():
    """Reckoned by hand with whole numbers, without numpy."""

    def one(n, seed):
        z = (n * 0x9E3779B9 + seed) % 2**32
        z = (z ^ z >> 16) * 0x85EBCA6B % 2**32
        z = (z ^ z >> 13) * 0xC2B2AE35 % 2**32
        return z ^ z >> 16

    assert draws(7, 20).tolist() == [one(n, 7) for n in range(1, 21)]


def test_each_class_drawn_has_as_many_students_and_all_come_equally_often():
    drawn = weights(50, resamples=2000)
    assert set(drawn.sum(axis=1)) == {50}
    assert abs(drawn.mean(axis=0) - 1).max() < 0.12


def test_intervals_hold_what_is_true_about_as_often_as_they_say():
    hits = 0
    for seed in range(200):
        right = np.random.default_rng(seed).random((60, 1)) < 0.6
        found = analyse(asked(np.hstack([right, right]).astype(float)), resamples=400).items[0].facility
        hits += found.low <= 0.6 <= found.high
    assert 0.9 <= hits / 200 <= 0.99


def test_where_all_were_right_the_interval_is_wilsons():
    """Every class drawn from such a class is right as well: from 100 % to 100 %, as if nobody could ever fail."""
    points = np.ones((25, 2))
    points[:10, 1] = 0
    chosen = (np.column_stack([points[:, 0], 0 * points[:, 0]]), np.empty((25, 0)))
    items = (Asked("q0", "single", "know", (("x", "X"), ("y", "Y")), frozenset("x")), Asked("q1", "ordering", "do"))
    found = analyse(Table(tuple(f"s{n}" for n in range(25)), items, points, chosen))
    low, high = scipy.stats.binomtest(25, 25).proportion_ci(method="wilson")
    assert found.items[0].facility == Figure(1.0, pytest.approx(low, **EXACT), pytest.approx(high, **EXACT))
    assert found.items[0].choices[1].share == Figure(
        0.0, pytest.approx(1 - high, **EXACT), pytest.approx(1 - low, **EXACT)
    )
    (know,) = (each for each in found.objectives if each.id == "know")
    assert (know.share.low, know.learned) == (found.items[0].facility.low, "yes")
    assert found.items[0].upper_lower == Figure(pytest.approx(0, abs=1e-12))  # no spread, so nothing to draw from
    few = analyse(Table(tuple(f"s{n}" for n in range(19)), items, points[:19], (chosen[0][:19], chosen[1][:19])))
    assert few.items[0].facility == Figure(1.0)


def test_the_gap_of_the_27_per_cent_is_that_of_each_class_drawn_student_by_student():
    table = simulate(37, 6, seed=8).table
    rounded = np.floor(table.points.sum(axis=1))
    drawn = weights(37, seed=3, resamples=200)
    wanted = []
    for row in drawn.astype(int):
        again = np.repeat(np.arange(37), row)  # the class, one by one
        upper, lower = upper_lower(table.points[again], rounded[again])
        wanted.append(upper - lower)
    found = analyse(table, seed=3, resamples=200)
    for i, item in enumerate(found.items):
        assert (item.upper_lower.low, item.upper_lower.high) == pytest.approx(
            tuple(np.quantile([row[i] for row in wanted], (0.025, 0.975))), **EXACT
        )


@pytest.mark.parametrize(
    ("figure", "told"),
    [(Figure(0.5, 0.3, 0.7), "yes"), (Figure(0.1, 0, 0.15), "no"), (Figure(0.2, 0.1, 0.4), TOO_FEW), (Figure(0.9), TOO_FEW)],
)  # fmt: skip
def test_a_verdict_needs_the_whole_interval(figure, told):
    assert figure.reaches(0.2) == told


def test_of_a_small_class_nothing_is_said():
    found = analyse(simulate(12, 10).table)
    assert found.whole.reliable == TOO_FEW
    assert {item.separates for item in found.items} == {TOO_FEW}
    assert {choice.works for item in found.items for choice in item.choices} == {TOO_FEW}
    assert {each.learned for each in found.objectives} == {TOO_FEW}
    assert not [item for item in found.items if item.alarm]


def test_planted_faults_are_found_and_little_else():
    found = detection(classes=10, resamples=400)
    assert (found.miskeyed.items, found.ambiguous.items, found.sound.items) == (20, 20, 360)
    assert found.miskeyed.miskey >= 19
    assert found.sound.miskey == 0
    assert found.sound.ambiguous <= 4
    assert found.ambiguous.miskey == 0
    assert found.ambiguous.ambiguous >= 13
    assert str(found).startswith(f"{LABEL}. 10 classes of 200: of 20 planted miskeys {found.miskeyed.miskey} called ")


def test_two_right_answers_are_told_as_ambiguous():
    made = simulate(400, 20, miskeys=0, seed=3).table
    knows, takes_first = made.points[:, 0] == 1, np.arange(400) % 2 == 0
    first, second, third = knows & takes_first, knows & ~takes_first, ~knows
    chosen = [np.column_stack([first, second, third, 0 * third]).astype(float), *made.chosen[1:]]
    points = np.column_stack([first, made.points[:, 1:]])
    found = analyse(Table(made.students, made.items, points, tuple(chosen))).items[0]
    assert (found.alarm, found.why) == ("ambiguous", "who did well on the rest chose “Option b” as well as the key")


def test_a_table_is_made_of_answers():
    items = [Asked("a", "single", "know", (("x", "X"), ("y", "Y")), frozenset("x")), Asked("b", "ordering", "do")]
    rows = [[Answer(1.0, ("x",), "high", 12.0), None], [Answer(0.0, ("y",)), Answer(0.5, (), "low")]]
    made = table(["ann", "bo"], items, rows)
    assert made.points.tolist() == [[1, 0], [0, 0.5]]
    assert made.chosen[0].tolist() == [[1, 0], [0, 1]]
    assert made.certainty.tolist() == [[2, -1], [-1, 0]]
    assert np.isnan(made.seconds).tolist() == [[False, True], [True, True]]
    assert made.totals.tolist() == [1, 0.5]


def test_objectives_begin_with_the_least_learned_and_certainty_is_held_against_being_right():
    found = analyse(simulate(200, 40).table)
    shares = [each.share.value for each in found.objectives]
    assert shares == sorted(shares)
    assert [each.certainty for each in found.calibration] == ["low", "mid", "high"]
    right = [each.right.value for each in found.calibration]
    assert right == sorted(right)
    assert all(each.right.low < each.right.value < each.right.high for each in found.calibration)


def test_nothing_cannot_be_analysed():
    with pytest.raises(ValueError, match="there is nothing to analyse"):
        analyse(asked(np.empty((0, 3))))
