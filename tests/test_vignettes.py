"""Vignettes: good files load and are worked out, bad ones each get the sentences their author must see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backmice.evidence.claim import Claim
from backmice.evidence.ledger import load_ledger
from backmice.located import LocatedError, read_yaml
from backmice.reasoning.arithmetic import in_figures, in_percent
from backmice.reasoning.vignette import Vignette, as_data, load_vignettes, worked

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "vignettes"
CLAIMS = {claim.id: claim for claim in read_yaml(HERE / "claims.yml").parse(list[Claim])}
BAD = sorted((HERE / "bad").glob("*.yml"))


def load(tmp_path: Path, file: Path) -> Vignette:
    folder = tmp_path / "exercises/vignettes"
    folder.mkdir(parents=True)
    shutil.copy(file, folder)
    (found,) = load_vignettes(tmp_path, CLAIMS).values()
    return found


@pytest.fixture
def knot(tmp_path: Path) -> Vignette:
    return load(tmp_path, HERE / "good/knot.yml")


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_files_are_told_where_and_what(tmp_path, file):
    with pytest.raises(LocatedError) as caught:
        load(tmp_path, file)
    assert f"{caught.value}\n" == file.with_suffix(".txt").read_text()


def test_no_message_without_its_file():
    assert [p.stem for p in sorted((HERE / "bad").glob("*.txt"))] == [p.stem for p in BAD]


def test_no_folder_is_no_vignettes(tmp_path):
    assert load_vignettes(tmp_path, CLAIMS) == {}


def test_all_claims_it_rests_on(knot):
    assert knot.all_claims() == (
        "joint-range", "joint-share", "cluster-study", "cluster-pool", "cluster-span", "nobody-knows",
    )  # fmt: skip


def test_the_worked_example_goes_on_with_the_chosen_ratio(knot):
    steps = worked(knot, CLAIMS)
    assert [(s.finding.id, [in_percent(p) for p in s.after]) for s in steps] == [
        ("nodule", ["20\xa0%", "30\xa0%", "50\xa0%"]),
        ("cluster", ["35\xa0%", "24\xa0%", "41\xa0%"]),  # as the reviewers print it
        ("span", ["68\xa0%", "12\xa0%", "20\xa0%"]),
    ]
    assert [[in_figures(r.carried) for r in s.ratios] for s in steps] == [[], ["4.27", "2.13"], ["4"]]
    assert [s.before for s in steps[1:]] == [s.after for s in steps[:-1]]


def test_a_ratio_that_was_worked_out_says_from_what(knot):
    one, pooled = worked(knot, CLAIMS)[1].ratios
    assert (one.from_shares, one.interval) == (("sensitivity 94\xa0%", "specificity 78\xa0%"), "")
    assert (pooled.from_shares, pooled.low, pooled.high, pooled.interval) == ((), 1.2, 3.9, "ci95")


def test_a_ratio_from_groups_and_of_a_negative_result(tmp_path):
    text = (HERE / "good/knot.yml").read_text()
    pair = "sensitivity: cluster-study#sensitivity, specificity: cluster-study#specificity"
    text = text.replace(pair, "sensitivity: rule-groups#with-disease, without: rule-groups#without-disease")
    text = text.replace("result: positive", "result: negative").replace("#lr-positive", "#lr-negative")
    (tmp_path / "knot.yml").write_text(text)
    one, pooled = worked(load(tmp_path / "root", tmp_path / "knot.yml"), CLAIMS)[1].ratios
    assert (in_figures(one.estimate), pooled.estimate) == ("0.48", 0.33)
    assert one.from_shares == ("found with the condition in 73.4\xa0%", "without it in 44.6\xa0%")


def test_what_the_browser_gets_holds_each_figure_of_the_ledger(knot):
    data = as_data(knot, CLAIMS)
    assert data["findings"][1]["ratios"][1] == {
        "source": "Five pooled", "estimate": 2.13, "low": 1.2, "high": 3.9, "interval": "ci95", "fromShares": [],
        "used": True, "claims": ["cluster-pool"],
    }  # fmt: skip
    assert data["findings"][1]["claims"] == ["joint-range"]  # the other is told beside its ratio
    assert data["findings"][0]["moves"] is None
    assert data["outcome"]["condition"] == "other"
    assert data["conditions"] == [
        {"id": "joint", "name": "the joint", "start": 20}, {"id": "disc", "name": "a disc", "start": 30},
        {"id": "other", "name": "another source", "start": 50},
    ]  # fmt: skip


@pytest.fixture(scope="module")
def course() -> tuple[dict[str, Vignette], dict[str, Claim]]:
    claims = load_ledger(ROOT).claims
    return load_vignettes(ROOT, claims), claims


def test_the_sacroiliac_vignette_shows_one_study_beside_the_pool(course):
    vignettes, claims = course
    last = worked(vignettes["sacroiliac-joint"], claims)[-1]
    assert [in_figures(ratio.carried) for ratio in last.ratios] == ["4.27", "4", "2.13"]
    assert last.finding.chosen().source == "Five studies pooled, 2021"


def test_every_vignette_of_the_course_has_a_finding_that_moves(course):
    vignettes, claims = course
    assert sorted(vignettes) == ["axial-spondyloarthritis", "fracture-or-cancer", "sacroiliac-joint"]
    for vignette in vignettes.values():
        assert worked(vignette, claims)[-1].after != worked(vignette, claims)[0].before
