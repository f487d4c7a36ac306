"""A body's sums: one table for Python and the browser, closed forms, and the skin where the meshes have it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from javascript import run

from backmice.anatomy.body import (
    FATS_MM,
    RELATIONS,
    SEXES,
    STATURES_CM,
    Body,
    Site,
    depth_to_bone,
    fat_over,
    moved,
    needle_reach,
    read_sites,
)
from backmice.evidence.ledger import load_ledger

ROOT = Path(__file__).parents[1]
MEDIA = ROOT / "media/anatomy/sacroiliac"
VECTORS = json.loads((Path(__file__).parent / "vectors/body.json").read_text())
bodies = st.builds(Body, st.sampled_from(SEXES), st.floats(*STATURES_CM), st.floats(*FATS_MM))


def test_python_does_the_sums_of_the_table():
    for row in VECTORS["depths"]:
        body, site = Body(**row["body"]), Site(**row["site"])
        assert fat_over(site, body) == pytest.approx(row["fat_over_mm"])
        assert depth_to_bone(site, body) == pytest.approx(row["depth_mm"])
    for row in VECTORS["reach"]:
        reach = needle_reach(row["depth_mm"], row["length_mm"], row["angle_deg"])
        assert (reach.path_mm, reach.left_mm) == pytest.approx((row["path_mm"], row["left_mm"]))
    for row in VECTORS["moved"]:
        points = [(v, 0.0, 0.0) for v in row["drawn"]]
        found = moved(points, [(m, 0.0, 0.0) for m in row["per_fat"]], row["drawn_fat_mm"], Body(**row["body"]))
        assert [x for x, _, _ in found] == pytest.approx(row["moved"])


def test_the_browser_does_the_same_sums():
    found = run(
        """import { depthToBone, fatOver, moved, needleReach } from "./body.js";
        done({
          depths: data.depths.map(({ site, body }) => [fatOver(site, body), depthToBone(site, body)]),
          reach: data.reach.map((r) => Object.values(needleReach(r.depth_mm, r.length_mm, r.angle_deg))),
          moved: data.moved.map((r) => moved(r.drawn, r.per_fat, r.drawn_fat_mm, r.body)),
        });""",
        VECTORS,
    )
    assert found["depths"] == [pytest.approx([r["fat_over_mm"], r["depth_mm"]]) for r in VECTORS["depths"]]
    assert found["reach"] == [pytest.approx([r["path_mm"], r["left_mm"]], abs=1e-9) for r in VECTORS["reach"]]
    assert found["moved"] == [pytest.approx(r["moved"]) for r in VECTORS["moved"]]


@given(bodies, st.floats(0.1, 5))
def test_more_fat_never_makes_bone_shallower(body, more):
    thicker = Body(body.sex, body.stature_cm, min(FATS_MM[1], body.fat_mm + more))
    for site in read_sites(MEDIA).values():
        assert depth_to_bone(site, thicker) >= depth_to_bone(site, body) > fat_over(site, body)


@given(st.floats(1, 100), st.floats(1, 100), st.floats(0, 80))
def test_a_slanting_needle_needs_more_length_and_never_less(depth, length, angle):
    straight, slanting = needle_reach(depth, length), needle_reach(depth, length, angle)
    assert straight.path_mm == depth
    assert slanting.path_mm >= depth
    assert slanting.path_mm + slanting.left_mm == pytest.approx(length)
    assert slanting.reaches == (slanting.left_mm >= 0)


def test_the_reference_place_carries_all_of_the_fat():
    sites = read_sites(MEDIA)
    assert {sites["crest-60", sex].fat_share for sex in SEXES} == {1.0}
    assert {site for site, _ in sites} == {"psis", "crest-60", "crest-70", "joint", "s2", "l5"}


def test_each_relation_is_sourced_by_published_claims_or_says_that_it_is_illustrative():
    claims = load_ledger(ROOT).claims
    for relation in RELATIONS:
        assert bool(relation.claims) == (relation.basis == "sourced"), relation.id
        assert all(claims[name].published for name in relation.claims), relation.id


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sex": "other"}, "sex is 'other'; one of: female, male"),
        ({"stature_cm": 90}, "stature_cm is 90; from 140 to 200"),
        ({"fat_mm": 80}, "fat_mm is 80; from 8 to 60"),
    ],
)
def test_a_body_the_model_cannot_bear_is_refused(given, sentence):
    with pytest.raises(ValueError, match="^" + sentence + "$"):
        Body(**given)


def test_a_needle_that_never_gets_there_is_refused():
    with pytest.raises(ValueError, match="angle is 90; from 0 to under 90 degrees"):
        needle_reach(20, 40, 90)
    with pytest.raises(ValueError, match="depth and length must be above 0 mm"):
        needle_reach(0, 40)
