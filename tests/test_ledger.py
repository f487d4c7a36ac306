"""Claims and sources: good ledgers load, bad ones each get the sentences their author must see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from backmice.evidence.claim import DESIGNS, START, Claim, Quantity
from backmice.evidence.ledger import Ledger, load_ledger
from backmice.located import LocatedError

HERE = Path(__file__).parent / "ledger"
COURSE = Path(__file__).parents[1]
GOOD, BAD = (sorted((HERE / folder).iterdir()) for folder in ("good", "bad"))


@pytest.mark.parametrize("case", GOOD, ids=lambda p: p.name)
def test_good_ledger_loads(case):
    written = yaml.safe_load((case / "book/evidence/claims.yml").read_text())
    assert list(load_ledger(case).claims) == [claim["id"] for claim in written]


@pytest.mark.parametrize("case", BAD, ids=lambda p: p.name)
def test_bad_ledger_tells_its_author(case):
    with pytest.raises(LocatedError) as caught:
        load_ledger(case)
    assert str(caught.value) == (case / "message.txt").read_text().strip()


def test_a_claim_is_read_whole():
    assert load_ledger(HERE / "good/one-claim").claims["lump-size"].model_dump(exclude_defaults=True) == {
        "id": "lump-size",
        "topic": "symptoms",
        "statement": "In 30 people with a lump its mean width was 28.5 mm, from 9 to 54 mm.",
        "values": ({"estimate": 28.5, "measure": "mean", "sd": 11.2, "low": 9.0, "high": 54.0, "interval": "range",
                    "unit": "mm", "n": 30},),
        "sources": ("writer2020",),
        "design": "cross-sectional",
        "about": "description",
        "certainty": "low",
        "lowered_for": ({"reason": "imprecision", "because": "only thirty people"},
                        {"reason": "indirectness", "because": "all of them in one hospital"}),
        "known": "verified",
    }  # fmt: skip


def test_a_source_is_read_whole():
    writer, guild = load_ledger(HERE / "good/one-claim").references.values()
    assert (writer.authors, writer.title, writer.container) == (
        ("Writer A.B.", "Reader C."), "Lumps of the low back", "Journal of Lumps",
    )  # fmt: skip
    assert (writer.year, writer.where, writer.known, writer.seen) == ("2020", "4(2):11–15", "verified", "whole article")
    assert writer.links() == [("DOI", "https://doi.org/10.1234/lumps.2020")]
    assert (guild.authors, guild.title, guild.known, guild.seen) == (
        ("Guild of Bone Setters",), "Advice & rules", "seed", "",
    )  # fmt: skip
    assert [writer.short(), guild.short()] == ["Writer and Reader, 2020", "Guild of Bone Setters"]


def test_a_recalled_claim_is_kept_but_not_published():
    ledger = load_ledger(HERE / "good/a-recalled-claim-needs-no-source")
    assert list(ledger.claims) == ["lump-size", "lump-remembered"]
    assert [claim.id for claim in ledger.published()] == ["lump-size"]


# headline, spread and extent of a figure; "_" stands for a no-break space
QUANTITIES = [
    ({"estimate": 12}, "12", "", (12, 12)),
    ({"estimate": 28.5, "unit": "mm"}, "28.5_mm", "", (28.5, 28.5)),
    ({"estimate": -3.5, "unit": "mm"}, "−3.5_mm", "", (-3.5, -3.5)),
    ({"estimate": 0.67, "unit": "per 10 physician-years"}, "0.67_per 10 physician-years", "", (0.67, 0.67)),
    ({"estimate": 90, "measure": "share", "unit": "%", "n": 200}, "90_%", "n_=_200", (90, 90)),
    ({"estimate": 28.5, "measure": "mean", "sd": 11.2, "unit": "mm"}, "28.5_mm", "mean, SD 11.2", (17.3, 39.7)),
    ({"estimate": 7, "measure": "median", "low": 5, "high": 9, "interval": "iqr", "unit": "cm", "n": 30},
     "7_cm", "median, middle half 5 to 9, n_=_30", (5, 9)),
    ({"estimate": 28.5, "measure": "mean", "sd": 11.2, "low": 9.1, "high": 53.7, "interval": "range", "unit": "mm", "n": 30},
     "28.5_mm", "mean, SD 11.2, range 9.1 to 53.7, n_=_30", (9.1, 53.7)),
    ({"estimate": 2, "low": 1.5, "high": 2.5, "interval": "ci95"}, "2", "95_% interval 1.5 to 2.5", (1.5, 2.5)),
    ({"estimate": 2, "low": 1, "high": 3, "interval": "typical"}, "2", "usually 1 to 3", (1, 3)),
    ({"low": 50, "high": 70, "interval": "range", "unit": "mm"}, "50 to 70_mm", "", (50, 70)),
    ({"low": -2, "high": 3, "interval": "range", "unit": "mm", "n": 9}, "−2 to 3_mm", "n_=_9", (-2, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "headline", "spread", "extent"), QUANTITIES)
def test_a_figure_is_told_with_its_unit_and_its_spread(given, headline, spread, extent):
    quantity = Quantity(**given)
    assert (quantity.headline(), quantity.spread()) == tuple(t.replace("_", "\xa0") for t in (headline, spread))
    assert quantity.extent() == pytest.approx(extent)


def claim(**changes: object) -> Claim:
    value = load_ledger(HERE / "good/one-claim").claims["lump-size"].model_dump(exclude_defaults=True)
    return Claim.model_validate(value | changes)


def test_the_only_value_needs_no_name_and_others_do():
    painless = load_ledger(HERE / "good/two-sides").claims["lump-painless"]
    assert claim().quantity().estimate == 28.5
    assert painless.quantity("share").estimate == 90
    for name in ("", "nothing"):
        with pytest.raises(KeyError):
            painless.quantity(name)


LOWER = ({"reason": "imprecision", "because": "only thirty people", "steps": 3},)
LATER = "In 30 people with a lump its mean width was 28.5 mm, and from 9 to 54 mm."
VALUE = {"estimate": 28.5, "measure": "mean", "unit": "mm"}


@pytest.mark.parametrize(
    "changes",
    [{"statement": LATER}, {"values": (VALUE,)}, {"values": ()}, {"certainty": "very low", "lowered_for": LOWER}],
    ids=["statement", "a figure", "all figures", "certainty"],
)
def test_fingerprint_changes_with(changes):
    assert claim(**changes).fingerprint() != claim().fingerprint()


@pytest.mark.parametrize(
    "changes",
    [{"sources": ("guild2021",)}, {"note": "Read again."}, {"via": "a letter"}, {"known": "seed"}, {"topic": "names"}],
    ids=lambda c: next(iter(c)),
)
def test_fingerprint_does_not_change_with(changes):
    assert claim(**changes).fingerprint() == claim().fingerprint()


def test_fingerprint_is_the_same_on_every_machine():
    assert claim().fingerprint() == "2054a3e12739"


def test_every_start_of_certainty_belongs_to_a_design():
    assert {design for starts in START.values() for design in starts} <= set(DESIGNS)


@pytest.fixture(scope="module")
def course() -> Ledger:
    return load_ledger(COURSE)


def test_the_course_publishes_at_least_600_claims(course):
    assert len(course.published()) >= 600


def test_no_published_claim_is_recalled_or_without_source(course):
    assert [c.id for c in course.published() if c.known == "recalled" or not c.sources] == []


@pytest.fixture(scope="module")
def left_out() -> dict[str, str]:
    return yaml.safe_load((COURSE / "book/evidence/left-out.yml").read_text())


def test_nothing_is_both_claimed_and_left_out(course, left_out):
    assert set(course.claims) & set(left_out) == set()


def test_each_reason_for_leaving_out_is_a_sentence(left_out):
    """Words enough to say why, and no mere reference to another claim."""
    assert [id_ for id_, why in left_out.items() if len(re.findall(r"[A-Za-z]{2,}", why)) < 5] == []
