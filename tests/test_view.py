"""Named views and tasks of finding: read, held against their region, and given to the tools as plain data."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
from small_course import LESSON, build, edit, new_course

from backmice.anatomy.explorer import explorer_data
from backmice.anatomy.figure import region_figure
from backmice.anatomy.structure import LAYERS, Region, load_region
from backmice.anatomy.view import Cut, Task, View, load_views
from backmice.check import check
from backmice.evidence.ledger import load_ledger
from backmice.located import LocatedError

ROOT = Path(__file__).parents[1]
VIEWS = "media/anatomy/sacroiliac/views.yml"
LEDGER = load_ledger(ROOT)
SOURCES = {key: reference.short() for key, reference in LEDGER.references.items()}


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(ROOT, "sacroiliac-triangle", LEDGER.claims)


@pytest.fixture(scope="module")
def data(region: Region) -> dict:
    return explorer_data(region, load_views(ROOT, region), SOURCES)


GOOD = """\
views:
  - id: crossing
    name: The crossing
    says: The medial branch crosses the crest.
    camera: Crest
    structures: [superior-cluneal-medial]
    measure: [midline, superior-cluneal-medial]
  - id: cut-across
    name: A cut across
    says: The cut shows bone and nerve.
    camera: Behind
    layers: [nerve, bone]
    cut: {plane: transverse, at_mm: -10}
find:
  - place: psis_right
    ask: the right spine
    tolerance: palpb-psis-mm#between-examiners
    because: Two examiners differed by so much.
"""


def views_of(root: Path, region: Region, text: str):
    (root / VIEWS).parent.mkdir(parents=True)
    (root / VIEWS).write_text(text)
    return load_views(root, region)


def test_views_and_tasks_are_read_whole(tmp_path, region):
    views = views_of(tmp_path, region, GOOD)
    assert views.views == {
        "crossing": View(
            id="crossing", name="The crossing", says="The medial branch crosses the crest.", camera="Crest",
            structures=("superior-cluneal-medial",), measure=("midline", "superior-cluneal-medial"),
        ),
        "cut-across": View(
            id="cut-across", name="A cut across", says="The cut shows bone and nerve.", camera="Behind",
            layers=("nerve", "bone"), cut=Cut(plane="transverse", at_mm=-10),
        ),
    }  # fmt: skip
    assert views.tasks == (
        Task(place="psis_right", ask="the right spine", tolerance="palpb-psis-mm#between-examiners",
             because="Two examiners differed by so much."),
    )  # fmt: skip
    assert views.tasks[0].mm(region) == 20


FAULTS = {
    "id: cut-across": ("id: crossing", "8: views[1].id: 'crossing' stands twice; give each its own id"),
    "camera: Crest": ("camera: Top", "5: views[0].camera: is 'Top'; allowed: 'Behind', 'Oblique', 'Side' or 'Crest'"),
    "[nerve, bone]": (
        "[nerve, fur]",
        f"12: views[1].layers: 'fur' is not there; one of: {', '.join(LAYERS)}",
    ),
    "    layers: [nerve, bone]\n": (
        "",
        "8: views[1]: give layers or structures; one of the two says what is shown",
    ),
    "    cut:": (
        "    studies: superior-cluneal-medial\n    cut:",
        "8: views[1]: has several of measure, cut and studies; give one at most",
    ),
    "palpb-psis-mm#between-examiners": (
        "palpb-psis-mm#between",
        "17: find[0].tolerance: 'palpb-psis-mm#between' is no value; values of that claim: same-examiner, between-examiners",
    ),
    "    because": (
        "    tolerance_mm: 20\n    because",
        "15: find[0]: give tolerance, a value of a claim, or tolerance_mm, which is ours; one of the two",
    ),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_faulty_view_is_refused_with_a_sentence(tmp_path, region, right):
    wrong, sentence = FAULTS[right]
    with pytest.raises(LocatedError) as error:
        views_of(tmp_path, region, GOOD.replace(right, wrong, 1))
    assert str(error.value) == f"{VIEWS}:{sentence}"


@pytest.mark.parametrize("right", ["[superior-cluneal-medial]", "measure: [midline, ", "place: psis_right"])
def test_what_a_view_names_must_be_in_the_region(tmp_path, region, right):
    text = GOOD.replace(
        right, right.replace("superior-cluneal-medial", "rib").replace("midline", "rib").replace("psis_right", "rib"), 1
    )
    with pytest.raises(LocatedError, match="'rib' is not there; one of: "):
        views_of(tmp_path, region, text)


def test_each_study_of_a_crossing_lies_on_the_crest_within_its_spread(region, data):
    medial = next(s for s in data["structures"] if s["id"] == "superior-cluneal-medial")
    assert [study["ref"] for study in medial["studies"]] == [row["ref"] for row in medial["published"]]
    for study in medial["studies"]:
        for line in study["lines"]:
            assert line[0][0] - 0.1 <= study["at"][0] <= line[-1][0] + 0.1, study["ref"]


def test_published_rows_say_what_the_source_gives(data):
    nodules = next(s for s in data["structures"] if s["id"] == "nodule-band")
    assert nodules["at"][0] == 60
    assert [(p["figure"], p["what"], p["low"], p["high"]) for p in nodules["published"]] == [
        ("50 to 70\N{NO-BREAK SPACE}mm", "from the midline", 50, 70),
    ]


def test_every_claim_that_a_tool_cites_comes_with_its_source(data):
    refs = [row["ref"] for s in data["structures"] for row in s.get("published", [])]
    cited = {ref.partition("#")[0] for ref in refs} | {task["claim"] for task in data["find"] if "claim" in task}
    assert cited <= data["claims"].keys()
    assert all(claim["sources"] and claim["certainty"] for claim in data["claims"].values())


def test_every_place_to_find_has_a_place(data):
    placed = {mark["id"] for mark in data["landmarks"]} | {s["id"] for s in data["structures"] if "at" in s}
    assert {task["place"] for task in data["find"]} <= placed


def test_figures_between_two_landmarks_stand_under_both_of_them(data):
    rows = [(m["from"], m["to"], m["figure"], m["model_mm"]) for m in data["measures"] if m["from"].startswith("psis")]
    assert rows == [
        ("psis_left", "psis_right", "80\N{NO-BREAK SPACE}mm", 90.0),
        ("psis_right", "sciatic_notch_right", "53\N{NO-BREAK SPACE}mm", 51.3),
        ("psis_right", "s3_transverse_tubercle_right", "37.9\N{NO-BREAK SPACE}mm", 37.9),
        ("psis_right", "s3_transverse_tubercle_right", "37.9\N{NO-BREAK SPACE}mm", 37.9),
    ]


def test_each_place_of_a_body_has_both_sexes_and_lies_on_the_deep_fascia(region, data):
    for site in data["body"]["sites"]:
        x, y, z = site["at"]
        assert site["sexes"].keys() == {"female", "male"}
        assert y == pytest.approx(region.fascia.at(x, z), abs=0.1)
    assert [site["id"] for site in data["body"]["sites"]] == ["psis", "crest-60", "crest-70", "joint", "s2", "l5"]


def test_each_relation_of_a_body_comes_with_its_claim_or_is_illustrative(data):
    for relation in data["body"]["relations"]:
        assert bool(relation["claims"]) == (relation["basis"] == "sourced")
        assert set(relation["claims"]) <= data["claims"].keys()


def test_figure_and_tools_data_together_are_small(region, data):
    content = json.dumps({**region_figure(region), "explorer": data}, separators=(",", ":"))
    assert len(gzip.compress(content.encode(), mtime=0)) < 160_000


def test_a_mention_of_no_view_is_told(tmp_path):
    root = shutil.copytree(Path(__file__).parent / "course", tmp_path / "course")
    edit(root, LESSON, "Most did not hurt:", "{view}`See <the-bump>`.\nMost did not hurt:")
    assert "book/lesson.md:17: view: 'the-bump' is not there; one of: the-lump" in map(str, check(root)[0])


def test_words_of_a_view_lead_to_the_figure_or_stay_words(tmp_path):
    root = new_course(tmp_path / "course")
    edit(root, LESSON, "Most did not hurt:", "{view}`See it there <the-lump>`.\nMost did not hurt:")
    _, warnings = build(root)
    assert warnings == ""
    page = (root / "_build/html/book/lesson.html").read_text()
    assert "See it there." in page
    assert 'class="view"' not in page  # no page of this course has the figure
