"""Plots of the ledger: what an author may write, what is drawn of a value, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.evidence.claim import Quantity
from backmice.evidence.ledger import load_ledger
from backmice.items.chance import wilson
from backmice.located import LocatedError
from backmice.plots.drawing import across, draw, width_mm
from backmice.plots.evidence_map import Cell, cells
from backmice.plots.load import load_plot, load_plots
from backmice.plots.mark import Mark, mark, whole_count
from backmice.plots.plot import Axis, IntervalPlot

TESTS = Path(__file__).parent
HERE = TESTS / "plots"
GOOD, BAD = (sorted((HERE / folder).glob("*.yml")) for folder in ("good", "bad"))
CLAIMS = load_ledger(TESTS / "course").claims
MM = Axis(words="Width", unit="mm", low=0, high=60, step=20)
PER_CENT = Axis(words="Share", unit="%", low=0, high=100, step=25)
_ = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_bad_plot_tells_its_author(path):
    with pytest.raises(LocatedError) as caught:
        load_plot(path, HERE / "bad", CLAIMS)
    assert str(caught.value) == path.with_suffix(".txt").read_text().strip()


def test_good_plots_rest_on_the_claims_that_they_draw():
    assert {path.stem: load_plot(path, HERE, CLAIMS).claims() for path in GOOD} == {
        "life-size": ("lump-size",), "map": (), "share": ("lump-painless",), "width": ("lump-size",),
    }  # fmt: skip


def test_a_folder_of_plots_is_read_whole_or_tells_every_fault(tmp_path):
    folder = tmp_path / "book/evidence/plots"
    assert load_plots(tmp_path, CLAIMS) == {}
    folder.mkdir(parents=True)
    for path in (HERE / "good/width.yml", HERE / "bad/row-twice.yml", HERE / "bad/unit-of-another-axis.yml"):
        (folder / path.name).write_text(path.read_text())
    with pytest.raises(LocatedError) as caught:
        load_plots(tmp_path, CLAIMS)
    assert [fault.file for fault in caught.value.faults] == [
        "book/evidence/plots/row-twice.yml", "book/evidence/plots/unit-of-another-axis.yml",
    ]  # fmt: skip


def test_a_mean_has_one_sd_as_its_line_and_the_range_as_its_reach():
    assert mark(CLAIMS["lump-size"].quantity(), MM) == Mark(
        at=28.5,
        span=(28.5 - 11.2, 28.5 + 11.2),
        reach=(9, 54),
        is_computed=False,
        brief=f"28.5{_}mm, SD{_}11.2, 9 to 54, n{_}={_}30",
        told=f"28.5{_}mm (mean, SD 11.2, range 9 to 54, n{_}={_}30)",
    )


def test_a_count_becomes_a_share_with_wilsons_interval():
    low, high = wilson(180, 200)
    assert mark(CLAIMS["lump-painless"].quantity("painless"), PER_CENT) == Mark(
        at=90,
        span=(100 * low, 100 * high),
        reach=None,
        is_computed=True,
        brief=f"90{_}% (85 to 93), 180 of 200",
        told=f"90{_}% (180 of 200; 95{_}% interval 85 to 93, computed)",
    )


@pytest.mark.parametrize(
    ("given", "span", "reach", "brief"),
    [
        ({"estimate": 16, "measure": "share", "unit": "%"}, None, None, f"16{_}%, no count found"),
        ({"estimate": 47, "measure": "share", "unit": "%", "n": 153, "low": 39, "high": 55, "interval": "ci95"},
         (39, 55), None, f"47{_}% (39 to 55), n{_}={_}153"),
        ({"measure": "share", "unit": "%", "low": 16, "high": 40, "interval": "range"},
         (16, 40), None, f"16 to 40{_}%"),
    ],
)  # fmt: skip
def test_an_interval_of_the_ledger_is_drawn_as_it_stands(given, span, reach, brief):
    found = mark(Quantity(**given), PER_CENT)
    assert (found.span, found.reach, found.brief, found.is_computed) == (span, reach, brief, False)


def test_the_drawing_of_a_plot():
    plot = load_plot(HERE / "good/width.yml", HERE, CLAIMS)
    (panel,), height = draw(plot, CLAIMS)
    assert (panel.y_words, panel.top, panel.bottom, height) == (1.2, 3.3, 9.7, 11.7)
    assert panel.ticks == ((4.0, "0"), (34.67, "20"), (65.33, "40"), (96.0, "60"))
    (group,) = panel.groups
    (row,) = group.rows
    assert (group.head, group.y, row.words) == ("Measured", 4.9, "Writer 2020")
    assert (row.y_words, row.y_figure, row.y) == (6.8, 8.05, 8.95)
    assert (row.x, row.span, row.reach) == (47.7, (30.53, 64.87), (17.8, 86.8))


def test_a_ruler_is_as_wide_on_paper_as_its_axis_is_long():
    ruler = load_plot(HERE / "good/life-size.yml", HERE, CLAIMS)
    ends = [across(end, MM) / 100 * width_mm(ruler) for end in (0, 60)]
    assert ends[1] - ends[0] == pytest.approx(60, abs=0.01)
    assert width_mm(load_plot(HERE / "good/width.yml", HERE, CLAIMS)) is None


def test_panels_do_not_overlap_and_rows_stay_in_theirs():
    one = load_plot(HERE / "good/width.yml", HERE, CLAIMS)
    two = IntervalPlot(**(one.model_dump() | {"panels": one.model_dump()["panels"] * 2}))
    (first, second), height = draw(two, CLAIMS)
    assert first.bottom < second.y_words < second.top < second.groups[0].rows[0].y < second.bottom < height


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_rounded_share_tells_its_count_or_is_refused(hits_of):
    hits, n = hits_of
    share = Quantity(estimate=round(100 * hits / n), measure="share", unit="%", n=n)
    try:
        assert whole_count(share) == hits
    except ValueError as error:
        assert n > 99 and "more than one number" in str(error)


def test_a_share_that_no_whole_number_gives_is_refused():
    with pytest.raises(
        ValueError, match=r"^70 % of 9 is no whole number of people; name a value whose measure is count$"
    ):
        whole_count(Quantity(estimate=70, measure="share", unit="%", n=9))


@given(st.floats(0, 60), st.floats(0, 60))
def test_what_is_more_stands_further_right(one, other):
    assert (one <= other) <= (across(one, MM) <= across(other, MM))
    assert 4 <= across(one, MM) <= 96


def test_the_map_counts_each_published_claim_once():
    found = cells(claim for claim in CLAIMS.values() if claim.published)
    assert found == [
        Cell("symptoms", "cross-sectional", (("high", 1), ("moderate", 0), ("low", 1), ("very low", 0))),
        Cell("symptoms", "expert-opinion", (("high", 0), ("moderate", 0), ("low", 0), ("very low", 1))),
    ]
    assert [(cell.count, cell.middle) for cell in found] == [(2, "low"), (1, "very low")]


def test_columns_of_the_map_stand_side_by_side():
    designs = ("systematic-review", "rct", "patient-report")
    first, second, last = (Cell("symptoms", design, ()).place() for design in designs)
    assert 0 <= first[0] < first[2] < first[0] + first[1] < second[0] < last[0] + last[1] <= 100
