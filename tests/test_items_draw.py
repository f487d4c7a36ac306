"""What a seed draws: the shared table of vectors, and what holds for every seed."""

import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from javascript import run

from backmice.items.blueprint import Area, Blueprint, Count, Plan
from backmice.items.draw import draw_exam, order_of, rank, ranked

VECTORS = json.loads((Path(__file__).parent / "vectors/draw.json").read_text())
ITEMS = {row["id"]: SimpleNamespace(**row) for row in VECTORS["bank"]["items"]}
PLAN = Plan(
    at_least=1,
    recall_at_most=1.0,
    areas=tuple(Area(id=i, title=i, topics=tuple(t), at_least=1) for i, t in VECTORS["bank"]["areas"].items()),
)
SEEDS = st.integers(0, 2**53 - 1)


def blueprint(counts: list[dict]) -> Blueprint:
    return Blueprint(
        id="exam", title="Exam", intro="A few items.", minutes=9, counts=tuple(Count(**count) for count in counts)
    )


@pytest.mark.parametrize("row", VECTORS["rank"], ids=lambda row: row["name"])
def test_rank(row):
    assert rank(row["seed"], row["name"]) == row["rank"]


@pytest.mark.parametrize("row", VECTORS["exams"], ids=lambda row: str(row["seed"]))
def test_exam(row):
    if "error" in row:
        with pytest.raises(ValueError, match=row["error"]):
            draw_exam(ITEMS, PLAN, blueprint(row["counts"]), row["seed"])
    else:
        drawn = draw_exam(ITEMS, PLAN, blueprint(row["counts"]), row["seed"])
        assert [item.id for item in drawn] == row["drawn"]


@pytest.mark.parametrize("row", VECTORS["orders"], ids=lambda row: str(row["seed"]))
def test_order_of_options(row):
    assert list(order_of(row["seed"], row["item"], dict(row["options"]))) == row["order"]


@given(SEEDS)
def test_a_draw_fills_each_count_and_repeats_no_item(seed):
    counts = VECTORS["exams"][0]["counts"]
    drawn = draw_exam(ITEMS, PLAN, blueprint(counts), seed)
    cells = Counter((PLAN.area_of(item.topic).id, item.level) for item in drawn)
    assert cells == {(count["area"], count["level"]): count["count"] for count in counts}
    assert len({item.id for item in drawn}) == 6


@given(SEEDS, st.randoms())
def test_a_draw_does_not_depend_on_the_order_of_the_bank(seed, random):
    exam = blueprint(VECTORS["exams"][0]["counts"])
    shuffled = dict(random.sample(sorted(ITEMS.items()), len(ITEMS)))
    assert draw_exam(shuffled, PLAN, exam, seed) == draw_exam(ITEMS, PLAN, exam, seed)


@given(SEEDS, st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), unique=True, min_size=3, max_size=8))
def test_an_order_is_one_of_the_same_options(seed, ids):
    assert sorted(order_of(seed, "item", {id_: f"Option {id_}" for id_ in ids})) == sorted(ids)


def test_each_of_four_options_comes_first_a_quarter_of_the_time():
    seeds, names = range(4000), [f"lump-001:{id_}" for id_ in "abcd"]
    firsts = Counter(ranked(seed, names)[0] for seed in seeds)
    chi_square = sum((firsts[name] - 1000) ** 2 / 1000 for name in names)
    assert chi_square < 16.27  # p = 0.001 at 3 degrees of freedom


def test_the_browser_draws_the_same():
    got = run(
        """
        import { drawExam, orderOf, rank } from "./draw.js";
        const { items, areas } = data.bank;
        const drawn = ({ counts, seed }) => {
          try { return drawExam(items, areas, counts, seed); } catch (error) { return error.message; }
        };
        done({
          rank: data.rank.map(({ seed, name }) => rank(seed, name)),
          exams: data.exams.map(drawn),
          orders: data.orders.map(({ seed, item, options }) => orderOf(seed, item, options)),
        });
        """,
        VECTORS,
    )
    assert got == {
        "rank": [row["rank"] for row in VECTORS["rank"]],
        "exams": [row.get("drawn") or row["error"] for row in VECTORS["exams"]],
        "orders": [row["order"] for row in VECTORS["orders"]],
    }
