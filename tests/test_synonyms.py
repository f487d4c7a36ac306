"""What readers type instead of the book's words: good groups, and the line that each fault asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.check import check
from backmice.located import LocatedError
from backmice.synonyms import Group, fold, load_names, load_synonyms

COURSE = Path(__file__).parent / "course"
GOOD = """
- means: lump
  typed: [bump, Bulto, nódulo]
- means: the mean width
  typed: [how wide]
"""


def write(root: Path, text: str) -> Path:
    (root / "book").mkdir(exist_ok=True)
    (root / "book/synonyms.yml").write_text(text)
    return root


def test_groups_are_read_in_order(tmp_path):
    assert load_synonyms(write(tmp_path, GOOD)) == (
        Group(means="lump", typed=("bump", "Bulto", "nódulo")),
        Group(means="the mean width", typed=("how wide",)),
    )


def test_a_course_may_have_none(tmp_path):
    assert load_synonyms(tmp_path) == ()


def test_names_that_no_page_holds_lead_to_the_lesson_on_names(tmp_path):
    (tmp_path / "book/evidence").mkdir(parents=True)
    (tmp_path / "book/evidence/names.csv").write_text(
        'name,language\nMuskelschwiele (muscle callus),German\n"Panniculitis; nódulo graso",French\n'
    )
    assert load_names(tmp_path, "It was called Nodulo\ngraso.") == (
        Group(means="many names", typed=("Muskelschwiele", "Panniculitis")),
    )
    assert load_names(tmp_path, "Muskelschwiele, panniculitis, nodulo graso") == ()


def test_a_course_without_names_has_none(tmp_path):
    assert load_names(tmp_path, "") == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- means: lump\n", "1: [0].typed: is missing; this field is required"),
        ("- means: lump\n  typed: []\n", "2: [0].typed: has 0; give at least 1"),
        ("- means: lump\n  typed: bump\n", "2: [0].typed: is 'bump', not a list; put a dash before each entry"),
        ("- means: lump\n  words: [bump]\n  typed: [bulto]\n",
         "2: [0].words: is not a known field; remove it or correct its name"),
        ("- means: lump\n  typed: [bump, Bump]\n", "2: [0].typed[1]: 'Bump' already stands for 'lump'; keep one of them"),
        ("- means: lump\n  typed: [nodulo]\n- means: back\n  typed:\n  - one\n  - nódulo\n",
         "6: [1].typed[1]: 'nódulo' already stands for 'lump'; keep one of them"),
        ("- means: a bulge\n  typed: [hernia]\n", "1: [0].means: 'a bulge' stands on no page; use words of the book"),
    ],
)  # fmt: skip
def test_one_fault_is_one_line(tmp_path, text, fault):
    with pytest.raises(LocatedError) as told:
        load_synonyms(write(tmp_path, text), text="A lump of the\nback.")
    assert str(told.value) == f"book/synonyms.yml:{fault}"


def test_check_reads_them_against_the_pages(tmp_path):
    root = shutil.copytree(COURSE, tmp_path / "course")
    write(root, GOOD + "- means: a bulge\n  typed: [hernia]\n")
    assert [str(fault) for fault in check(root)[0]] == [
        "book/synonyms.yml:6: [2].means: 'a bulge' stands on no page; use words of the book"
    ]


def test_folding_takes_marks_and_capitals_away():
    assert fold("Nódulo, Épi-sacro, Rücken") == "nodulo, epi-sacro, rucken"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
