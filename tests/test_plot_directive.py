"""Plots and tables of sources as the book shows them: on a copy of the small course that has both on its lesson."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_course import LESSON, build, edit, new_course

BOX = ":::{key-points}"
PLOT = "book/evidence/plots/width.yml"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The course, built once with a plot, a map and a table."""
    root = new_course(tmp_path_factory.mktemp("plots") / "course")
    (root / "book/evidence/plots/map.yml").write_text(
        "kind: evidence-map\ntitle: Claims by topic and design\nnote: Counted.\n"
    )
    more = "```{plot} width\n```\n\n```{plot} map\n```\n\n```{sorted-table} names\n```\n\n"
    edit(root, LESSON, BOX, more + BOX)
    assert build(root)[1] == ""
    return root


def page(root: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((root / f"_build/html/{name}.html").read_text().replace("\xa0", "_"), "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_the_drawing_names_itself_and_shows_each_row_with_its_certainty(course):
    figure = page(course, "book/lesson").select_one("#plot-width")
    svg = figure.svg
    assert svg["role"] == "img"
    assert [words(svg.find(id=svg[to])) for to in ("aria-labelledby", "aria-describedby")] == [
        "How wide lumps are", "Width in mm, from 0 to 60. 1 row. The table below gives every one.",
    ]  # fmt: skip
    row = svg.select_one("g[data-certainty]")
    assert row["data-certainty"] == "low"
    assert [t.text for t in row.select("text")] == ["Writer 2020", "28.5_mm, SD_11.2, 9 to 54, n_=_30", "low"]
    assert [(line["class"], line["x1"], line["x2"]) for line in row.select(".span, .reach")] == [
        (["reach"], "17.8%", "86.8%"), (["span"], "30.53%", "64.87%"),
    ]  # fmt: skip
    assert row.circle["cx"] == "47.7%"


def test_the_table_below_says_the_same_and_links_each_claim(course):
    figure = page(course, "book/lesson").select_one("#plot-width")
    rows = [[words(cell) for cell in row.select("th, td")] for row in figure.select("details tr")]
    assert rows == [
        ["What", "Figure", "Design", "How sure, and from where"],
        ["Measured"],
        ["Writer 2020", "28.5_mm (mean, SD 11.2, range 9 to 54, n_=_30)", "cross-sectional study",
         "Low certainty: Writer and Reader, 2020"],
    ]  # fmt: skip
    assert [a["href"] for a in figure.select("details a")] == ["evidence/index.html#claim-lump-size"]
    assert words(figure.figcaption) == (
        "One study of thirty people. A point is a mean; the line through it reaches one SD to each side. "
        "The thin line is the whole range. The style of the line says how sure anyone is, as everywhere in the course."
    )


def test_the_evidence_page_names_the_plot_among_the_users_of_its_claim(course):
    claim = page(course, "book/evidence/index").select_one("#claim-lump-size .uses")
    assert ("plot width", "../lesson.html#plot-width") in [(words(a), a["href"]) for a in claim.select("a")]


def test_the_map_counts_by_topic_and_design(course):
    figure = page(course, "book/lesson").select_one("#plot-map")
    assert [(g["data-certainty"], g.text) for g in figure.select(".cell")] == [("low", "2"), ("very-low", "1")]
    rows = [[words(cell) for cell in row.select("th, td")] for row in figure.select("details tr")][1:]
    assert rows == [
        ["Symptoms"], ["cross-sectional study", "2", "high 1, low 1"], ["expert opinion", "1", "very low 1"],
    ]  # fmt: skip
    assert figure.select("details a")[1]["href"] == "evidence/index.html?design=cross-sectional#topic-symptoms"


def test_a_table_of_sources_stands_by_year_and_links_the_bibliography(course):
    table = page(course, "book/lesson").select_one("backmice-table")
    rows = [[words(cell) for cell in row.select("th, td")] for row in table.select("tr")]
    assert rows == [
        ["Name", "Who", "Year", "Language", "What it meant"],
        ["Dorsi tumor", "Guild", "19th century", "Latin", "A swelling. Guild of Bone Setters"],
        ["back lump", "Writer", "about 2020", "English", "A lump. Writer and Reader, 2020"],
    ]
    assert [a["href"] for a in table.select("a")] == [
        "bibliography.html#ref-guild2021", "bibliography.html#ref-writer2020",
    ]  # fmt: skip
    assert [th.get("aria-sort") for th in table.select("thead th")] == [None, None, "ascending", None, None]
    assert page(course, "book/bibliography").select("#ref-guild2021, #ref-writer2020") != []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("{plot} none", "book/evidence/plots/none.yml:1: file: does not exist"),
        ("{sorted-table} none", "no table 'none'"),
    ],
)
def test_what_is_not_there_is_refused(name, told, tmp_path):
    root = new_course(tmp_path / "course")
    edit(root, LESSON, BOX, f"```{name}\n```\n\n{BOX}")
    assert told in build(root)[1]


def test_a_changed_plot_has_its_page_read_again(course):
    edit(course, PLOT, "One study of thirty people.", "One study.")
    was_read, told = build(course)
    assert (was_read, told) == (["book/lesson"], "")
    assert page(course, "book/lesson").select_one("#plot-width figcaption").text.startswith("One study. A point")
