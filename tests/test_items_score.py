"""Scoring: the shared table of vectors, and what holds for every response."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.items.model import KINDS
from backmice.items.score import SCORERS, Score, score

VECTORS = json.loads((Path(__file__).parent / "vectors/score.json").read_text())


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


@st.composite
def sittings(draw):
    """A kind, a key that it allows, options, and a response that can be given."""
    kind = draw(st.sampled_from(sorted(SCORERS)))
    options = draw(st.permutations("abcdefgh"))[: draw(st.integers(3, 8))]
    keys = 1 if kind == "single" else draw(st.integers(2, len(options) - 1))
    most = 1 if kind == "single" else len(options)
    response = draw(st.lists(st.sampled_from(options), unique=True, max_size=most))
    return kind, draw(st.permutations(options))[:keys], options, response


@given(sittings())
def test_points_lie_between_nothing_and_one(sitting):
    result = score(*sitting)
    assert 0 <= result.points <= result.of == 1


@given(sittings(), st.randoms())
def test_order_changes_no_points(sitting, random):
    kind, *lists = sitting
    shuffled = [random.sample(ids, len(ids)) for ids in lists]
    assert score(kind, *shuffled).points == score(*sitting).points


@given(sittings())
def test_the_key_alone_gives_full_marks(sitting):
    kind, key, options, response = sitting
    assert score(kind, key, options, key).points == 1
    if set(response) != set(key):
        assert score(*sitting).points < 1


@given(sittings())
def test_one_more_wrong_never_raises(sitting):
    kind, key, options, response = sitting
    for option in set(options) - set(key) - set(response):
        worse = [option] if kind == "single" else [*response, option]
        assert score(kind, key, options, worse).points <= score(*sitting).points


@given(sittings())
def test_every_option_of_key_and_response_is_told_once(sitting):
    _, key, _, response = sitting
    result = score(*sitting)
    assert set(result.right) | set(result.wrong) == set(response)
    assert set(result.right) | set(result.missed) == set(key)
    assert not set(result.wrong) & set(key)
