"""Scoring: the shared table of vectors, and what holds for every response."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.items.model import KINDS
from backmice.items.score import DECIMAL, SCORERS, Score, decimal, score

FOLDER = Path(__file__).parent / "vectors"
VECTORS, TYPED = (json.loads((FOLDER / f"{name}.json").read_text()) for name in ("score", "decimal"))


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["note"])
def test_vector(row):
    given_ = row["kind"], row["key"], row["options"], row["response"]
    if row.get("error"):
        with pytest.raises(ValueError):
            score(*given_)
    else:
        lists = {name: tuple(row["score"][name]) for name in ("right", "wrong", "missed")}
        assert score(*given_) == Score(row["score"]["points"], row["score"]["of"], **lists)


def test_each_kind_of_item_has_a_rule():
    assert SCORERS.keys() == KINDS.keys()


def test_unknown_id_is_named():
    with pytest.raises(ValueError, match="response 'x' is not an option; allowed: a, b, c"):
        score("single", ["a"], ["a", "b", "c"], ["x"])


@pytest.mark.parametrize("row", TYPED, ids=lambda row: row["typed"] or "nothing")
def test_typed_number(row):
    assert decimal(row["typed"]) == row["decimal"]


@given(st.decimals(-(10**12), 10**12, places=6, allow_nan=False))
def test_a_decimal_is_read_as_itself(number):
    read = decimal(f"{number:f}")
    assert Decimal(read) == number
    assert decimal(read) == read
    assert read == "0" or decimal(read.replace(".", ",")) in (read, None)


@given(st.text(max_size=12) | st.text("0123456789.,-+ e", max_size=12))
def test_whatever_is_typed_gives_a_plain_decimal_or_nothing(typed):
    assert (read := decimal(typed)) is None or DECIMAL.fullmatch(read)


UNITS = {"mg": 1, "g": 1000}


@st.composite
def sittings(draw, *kinds):
    """A kind, a key that it allows, options, and a response that can be given."""
    kind = draw(st.sampled_from(kinds or sorted(SCORERS)))
    if kind == "numeric":
        return draw(amounts())
    options = draw(st.permutations("abcdefgh"))[: draw(st.integers(3, 8))]
    if kind == "ordering":
        return kind, draw(st.permutations(options)), options, draw(st.permutations(options) | st.just([]))
    if kind == "matching":
        cases = "vwxyz"[: draw(st.integers(2, 5))]
        key = [f"{case}={draw(st.sampled_from(options))}" for case in cases]
        answered = draw(st.lists(st.sampled_from(cases), unique=True))
        return kind, key, options, [f"{case}={draw(st.sampled_from(options))}" for case in answered]
    keys = draw(st.integers(2, len(options) - 1)) if kind == "multiple" else 1
    most = len(options) if kind == "multiple" else 1
    response = draw(st.lists(st.sampled_from(options), unique=True, max_size=most))
    return kind, draw(st.permutations(options))[:keys], options, response


@st.composite
def amounts(draw):
    """A numeric key and a response that can be given."""
    numbers = st.decimals(-1000, 1000, places=3)
    value, tolerance = draw(numbers), draw(st.decimals(0, 10, places=3))
    key = {"value": float(value), "tolerance": float(tolerance), "unit": draw(st.sampled_from(sorted(UNITS)))}
    given_ = decimal(f"{draw(numbers | st.just(value)):f}")
    response = draw(st.just([]) | st.tuples(st.just(given_), st.sampled_from(sorted(UNITS))).map(list))
    return "numeric", {**key, "units": UNITS}, list(UNITS), response


def full(kind, key):
    """Return the response that the key credits in full."""
    return [decimal(f"{key['value']:.3f}"), key["unit"]] if kind == "numeric" else key


@given(sittings())
def test_points_lie_between_nothing_and_one(sitting):
    result = score(*sitting)
    assert 0 <= result.points <= result.of == 1


@given(sittings())
def test_the_key_gets_full_marks(sitting):
    kind, key, options, _ = sitting
    result = score(kind, key, options, full(kind, key))
    assert (result.points, result.wrong, result.missed) == (1, (), ())


@given(sittings())
def test_full_marks_miss_nothing_and_hold_nothing_wrong(sitting):
    result = score(*sitting)
    assert (result.points == 1) == (not result.missed and not result.wrong)


@given(sittings())
def test_nothing_given_gets_nothing(sitting):
    kind, key, options, _ = sitting
    result = score(kind, key, options, [])
    assert (result.points, result.right, result.wrong) == (0, (), ())


@given(sittings().filter(lambda sitting: sitting[0] not in ("ordering", "numeric")), st.randoms())
def test_order_changes_no_points(sitting, random):
    kind, *lists = sitting
    shuffled = [random.sample(ids, len(ids)) for ids in lists]
    assert score(kind, *shuffled).points == score(*sitting).points


@given(sittings("ordering"), st.randoms())
def test_the_order_of_the_file_changes_no_points(sitting, random):
    kind, key, options, response = sitting
    assert score(kind, key, random.sample(options, len(options)), response) == score(*sitting)


@given(sittings().filter(lambda sitting: sitting[0] in ("single", "multiple")))
def test_one_more_wrong_never_raises(sitting):
    kind, key, options, response = sitting
    for option in set(options) - set(key) - set(response):
        worse = [option] if kind == "single" else [*response, option]
        assert score(kind, key, options, worse).points <= score(*sitting).points


@given(sittings())
def test_each_thing_is_told_once(sitting):
    result = score(*sitting)
    told = (*result.right, *result.wrong, *result.missed)
    assert len(set(told)) == len(told)


@given(sittings().filter(lambda sitting: sitting[0] not in ("ordering", "numeric")))
def test_every_part_of_key_and_response_is_told(sitting):
    _, key, _, response = sitting
    result = score(*sitting)
    assert set(result.right) | set(result.wrong) == set(response)
    assert set(result.right) | set(result.missed) == set(key)


@given(amounts(), st.sampled_from(sorted(UNITS)))
def test_the_unit_of_a_response_changes_nothing(sitting, other):
    kind, key, options, response = sitting
    if not response:
        return
    amount = Decimal(response[0]) * UNITS[response[1]] / UNITS[other]
    if (same := decimal(f"{amount:f}")) is not None:
        assert score(kind, key, options, [same, other]).points == score(*sitting).points
