"""`{case}`, `{stage}`, `{item}` and `{case-list}` in the small course, built as the real book is."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_course import add_pages, build, edit, new_course
from sphinx.errors import ExtensionError

CASE = "book/cases/knot.md"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course with its case."""
    return add_pages(new_course(tmp_path / "course"), "Worked cases", "book/cases/index", "book/cases/knot")


def page(root: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((root / f"_build/html/{name}.html").read_text(), "html.parser")


def test_a_case_is_one_quiz_in_stages(course):
    assert build(course)[1] == ""
    (case,) = page(course, "book/cases/knot").select("backmice-case")
    assert case.select_one("backmice-quiz")["data-quiz"] == "case-knot"
    stages = case.select("backmice-quiz > .case-stage")
    assert [(stage.name, stage["data-stage"]) for stage in stages] == [
        ("section", "1"), ("details", "2"), ("details", "3"),
    ]  # fmt: skip
    assert [[part.text for part in stage.select("h2, h2, :scope > .label, summary > .label")] for stage in stages] == [
        ["Stage 1 of 3", "What he tells"],
        ["Stage 2 of 3", "What you feel"],
        ["Stage 3 of 3", "How it ended, and what nobody knows"],
    ]
    assert [stage.has_attr("open") for stage in stages] == [False, False, False]
    forms = [(form["id"], form["aria-label"], form.find_parent(class_="case-stage")["data-stage"])
             for form in case.select("form.item")]  # fmt: skip
    assert forms == [("item-lumps-001", "Item 1 of 2", "1"), ("item-lumps-002", "Item 2 of 2", "2")]


def test_an_item_of_a_case_leads_to_its_passage_and_claims(course):
    build(course)
    links = page(course, "book/cases/knot").select("#item-lumps-001 details.key a")
    assert [link["href"] for link in links] == [
        "../evidence/index.html#claim-lump-painless",
        "../lesson.html#tell-how-often-a-lump-hurts",
        "../evidence/index.html#claim-lump-size",
    ]


def test_a_case_opens_with_what_a_reader_needs(course):
    build(course)
    found = page(course, "book/cases/knot")
    assert found.select_one(".opening .label").text == "Worked cases"
    assert [" ".join(li.text.split()) for li in found.select(".opening .meta li")] == [
        "5 minutes, 2 items", "Evidence reviewed February 2026",
    ]  # fmt: skip
    assert [li.text for li in found.select("section.aims li")] == ["You know how often a lump hurts."]
    scripts = [script["src"].rpartition("/")[2] for script in found.select("script[type=module]")]
    assert scripts == ["backmice-case.js", "cards.js", "theme.js"]


def test_the_list_tells_what_brings_the_patient(course):
    build(course)
    (row,) = page(course, "book/cases/index").select("ol.cases li")
    assert (row.a["href"], " ".join(row.text.split())) == (
        "knot.html", "A knot 5 minutes A shopkeeper feels a knot in his back, and wants it gone.",
    )  # fmt: skip


def test_a_changed_lead_changes_the_list(course):
    build(course)
    edit(course, CASE, "A shopkeeper feels a knot", "A grocer feels a knot")
    assert build(course) == (["book/cases/knot"], "")
    assert "A grocer feels" in page(course, "book/cases/index").text


def test_a_changed_item_changes_the_case(course):
    build(course)
    edit(course, "exercises/items/lumps/lumps-002.yml", "How wide was the lump", "How broad was the lump")
    assert "book/cases/knot" in build(course)[0]
    assert "How broad was the lump" in page(course, "book/cases/knot").text


def test_an_item_that_is_not_there_is_told(course):
    edit(course, CASE, "{item} lumps-002", "{item} lumps-003")
    assert "ERROR: item 'lumps-003' is not in exercises/items" in build(course)[1].splitlines()[0]


def test_a_case_out_of_shape_is_not_built(course):
    edit(course, CASE, "{item} lumps-002", "{item} lumps-001")
    with pytest.raises(ExtensionError, match="knot.md:26: item: 'lumps-001' stands twice; keep one of them"):
        build(course)
