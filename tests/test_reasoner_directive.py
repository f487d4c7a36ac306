"""`{reasoner}` in the small course: what the page gets, and who the evidence page says uses a claim."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_course import build, edit, new_course
from sphinx.errors import ExtensionError
from test_check import KNOT

FILE = "exercises/vignettes/knot.yml"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = new_course(tmp_path / "course")
    (root / FILE).parent.mkdir()
    (root / FILE).write_text(KNOT)
    edit(root, "book/index.md", "# Lumps\n", "# Lumps\n\n## Try it\n\n```{reasoner} knot\n```\n")
    return root


def page(root: Path, name: str = "book/index") -> BeautifulSoup:
    return BeautifulSoup((root / f"_build/html/{name}.html").read_text(), "lxml")


def test_the_page_holds_the_case_and_what_the_script_needs(course):
    assert build(course)[1] == ""
    element = page(course).find("backmice-reasoner")
    data = json.loads(element["data-vignette"])
    assert [f["title"] for f in data["findings"]] == ["Feeling"]
    assert sorted(data["chips"]) == ["lump-painless", "lump-size"]
    assert data["chips"]["lump-size"]["href"] == "evidence/index.html#claim-lump-size"
    assert [s.text for s in element.find_all("summary")] == ["1. Feeling", "How it turned out"]
    assert element.find_all("details", open=True) == []
    scripts = [s["src"].rpartition("/")[2] for s in page(course).find_all("script", src=True)]
    assert "backmice-reasoner.js" in scripts


def test_the_evidence_page_leads_to_the_vignette(course):
    build(course)
    row = page(course, "book/evidence/index").find(id="claim-lump-size")
    (link,) = row.find_all("a", string="vignette knot")
    assert link["href"] == "../index.html#vignette-knot"
    assert page(course).find(id="vignette-knot") is not None


def test_a_changed_vignette_has_its_page_built_again(course):
    build(course)
    edit(course, FILE, "There is a lump.", "There is none.")
    assert "book/index" in build(course)[0]
    assert "There is none." in page(course).find("backmice-reasoner").text


def test_an_unknown_vignette_is_told(course):
    edit(course, "book/index.md", "{reasoner} knot", "{reasoner} not")
    assert "vignette 'not' is not in exercises/vignettes; it has: knot" in build(course)[1]


def test_a_faulty_vignette_stops_the_build(course):
    edit(course, FILE, "condition: other", "condition: nothing")
    with pytest.raises(ExtensionError, match=r"outcome.condition: 'nothing' is not a condition; one of: lump, other"):
        build(course)
