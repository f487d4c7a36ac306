"""Doses: the table that Python and the browser share, what holds for any plan, and the ledger's own examples."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from javascript import run

from backmice import dose
from backmice.check import calculator_faults
from backmice.dose import (
    BOUNDS,
    TEXTS,
    Plan,
    Rules,
    cap_is_more_below_kg,
    ceiling_mg,
    figures,
    out_of_bounds,
    reckon,
    rules_of,
    steps,
)
from backmice.evidence.ledger import load_ledger

ROOT = Path(__file__).parents[1]
ROWS = json.loads((ROOT / "tests/vectors/dose.json").read_text(encoding="utf-8"))
CLAIMS = load_ledger(ROOT).claims
RULES = {text.id: rules_of(text, figures(CLAIMS)) for text in TEXTS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["note"])
def test_the_table(row):
    rules, plan = Rules(**row["rules"]), Plan(**row["plan"])
    if row.get("error"):
        with pytest.raises(ValueError, match="outside what|sex is"):
            reckon(rules, plan)
        return
    assert asdict(reckon(rules, plan)) == row["dose"]
    assert steps(rules, plan) == row["steps"]


def test_the_browser_reckons_as_the_table_does():
    script = """import { reckon, steps } from "./dose.js";
    done(data.rows.map(({ rules, plan }) => {
      try {
        return { dose: reckon(rules, plan, data.bounds), steps: steps(rules, plan, data.bounds) };
      } catch (error) {
        return { error: error instanceof RangeError };
      }
    }));"""
    wanted = [{k: v for k, v in row.items() if k in ("dose", "steps", "error")} for row in ROWS]
    assert run(script, {"rows": ROWS, "bounds": BOUNDS}) == wanted


def test_the_table_holds_the_figures_of_the_ledger():
    assert [row["rules"] for row in ROWS if row["rules"] not in map(asdict, RULES.values())] == []


def tall(weight_kg: float, percent: float, volume_ml: float) -> Plan:
    """Return a plan for someone whose ideal weight is above the actual one."""
    return Plan(percent, volume_ml, weight_kg, 185, "man")


def test_the_worked_examples_of_the_ledger():
    us, ireland = RULES["us-plain"], RULES["ie-plain"]
    for_70, for_50 = CLAIMS["inj-lido-70kg"].quantity, CLAIMS["injb-lido-50kg"].quantity
    seventy, fifty = reckon(us, tall(70, 1, 5)), reckon(us, tall(50, 2, 5))
    assert (seventy.by_weight_mg, seventy.binds) == (315, "cap")
    assert (seventy.ceiling_mg, seventy.ceiling_ml) == (for_70("us-dose").estimate, for_70("us-volume").estimate)
    assert reckon(ireland, tall(70, 1, 5)).ceiling_ml == for_70("ireland-uk-volume").estimate
    assert (fifty.ceiling_mg, fifty.ceiling_ml) == (for_50("dose").estimate, for_50("volume-2-percent").estimate)
    assert seventy.mg == CLAIMS["injb-lido-5ml"].quantity().estimate


def test_the_published_case_and_the_strength_of_bupivacaine():
    case = CLAIMS["inj-seed4ml"].quantity
    assert reckon(RULES["us-plain"], tall(70, 1, case("volume").estimate)).mg == case("lidocaine").estimate
    label = CLAIMS["injb-bupi-conc"].quantity
    assert TEXTS[-1].strengths == (label("strength").estimate,)
    assert reckon(RULES["bupivacaine"], tall(70, 0.25, 5)).mg_ml == label("content").estimate


def test_a_british_text_allows_less_bupivacaine_than_the_american_table():
    plan = Plan(percent=0.25, volume_ml=60, weight_kg=90, height_cm=190, sex="man")
    british, american = reckon(RULES["uk-bupivacaine"], plan), reckon(RULES["bupivacaine"], plan)
    assert (british.ceiling_mg, british.ceiling_ml, british.binds) == (150, 60, "cap")
    assert (american.ceiling_mg, american.binds) == (168, "weight")


def test_a_lone_cap_is_told_with_the_weight_below_which_others_allow_less():
    found = figures(CLAIMS)
    lone = {text.id: cap_is_more_below_kg(text, found) for text in TEXTS if not text.per_kg}
    assert lone == {"uk-plain": 45, "uk-epinephrine": 72}
    us = RULES["us-epinephrine"]
    assert ceiling_mg(us, 71) < RULES["uk-epinephrine"].cap_mg <= ceiling_mg(us, 72)


def within(name: str) -> st.SearchStrategy[float]:
    low, high = BOUNDS[name]
    return st.integers(int(low * 10), high * 10).map(lambda tenths: tenths / 10)


rules = st.sampled_from(list(RULES.values()))
plans = st.builds(
    Plan, st.sampled_from([0.25, 0.5, 1, 2]), within("volume_ml"), within("weight_kg"), within("height_cm"),
    st.sampled_from(["man", "woman"]),
)  # fmt: skip


@given(rules, plans)
def test_no_ceiling_is_above_the_cap_or_the_rule_by_weight(rules, plan):
    found = reckon(rules, plan)
    assert found.ceiling_mg <= rules.cap_mg
    assert found.ceiling_mg <= (rules.per_kg_mg or float("inf")) * min(plan.weight_kg, found.ideal_kg) + 1e-6
    assert found.ceiling_ml * found.mg_ml <= found.ceiling_mg + 1e-6


@given(rules, within("weight_kg"), within("weight_kg"))
def test_a_heavier_person_never_has_a_lower_ceiling(rules, one, other):
    light, heavy = sorted((one, other))
    assert ceiling_mg(rules, light) <= ceiling_mg(rules, heavy) <= rules.cap_mg


@given(rules, plans)
def test_millilitres_times_strength_are_milligrams(rules, plan):
    found = reckon(rules, plan)
    assert found.mg == pytest.approx(plan.volume_ml * plan.percent * 10, abs=1e-3)
    assert found.spare_mg == pytest.approx(found.ceiling_mg - found.mg, abs=1e-3)
    assert found.is_above == (found.mg > found.ceiling_mg or plan.volume_ml > found.ceiling_ml)


@given(rules, plans, st.sampled_from(list(BOUNDS)), st.floats(0.01, 1000))
def test_beyond_the_bounds_nothing_is_reckoned(rules, plan, name, by):
    for wrong in (BOUNDS[name][0] - by, BOUNDS[name][1] + by):
        beyond = Plan(**asdict(plan) | {name: wrong})
        assert out_of_bounds(beyond) == [name]
        with pytest.raises(ValueError, match=name):
            reckon(rules, beyond)


def test_all_that_the_calculator_rests_on_is_published():
    assert [id_ for id_ in dose.claim_ids() if not CLAIMS[id_].published] == []


def test_a_claim_that_is_gone_is_told_where_the_calculator_stands():
    less = {id_: claim for id_, claim in CLAIMS.items() if id_ not in ("injc-ibw-broca", "injb-lido-epi-uk")}
    assert [str(fault) for fault in calculator_faults("book/a.md", 7, less)] == [
        "book/a.md:7: dose-calculator: 'injb-lido-epi-uk#cap' is not a claim; an id of book/evidence/claims.yml",
        "book/a.md:7: dose-calculator: 'injc-ibw-broca' is not a claim; an id of book/evidence/claims.yml",
        "book/a.md:7: dose-calculator: 'injb-lido-epi-uk' is not a claim; an id of book/evidence/claims.yml",
    ]
