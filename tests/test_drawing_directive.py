"""Plates as the book shows them: on a copy of the small course that has two on its lesson."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from small_course import LESSON, build, edit, new_course

from backmice.volume.epub import COVER, epub_bytes
from backmice.volume.pages import read_volume

TESTS = Path(__file__).parent
BOX = ":::{key-points}"
DRAWINGS = "book/evidence/drawings"
SKIN = "media/anatomy/sacroiliac/meshes/skin_female.json"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The course, built once with the field of a nerve and maps of pain, on the model's skin."""
    root = new_course(tmp_path_factory.mktemp("drawings") / "course")
    (root / SKIN).parent.mkdir(parents=True, exist_ok=True)
    (root / COVER).parent.mkdir(parents=True, exist_ok=True)
    for name in (SKIN, COVER):
        shutil.copyfile(TESTS.parent / name, root / name)
    shutil.copytree(TESTS / "drawings/good", root / DRAWINGS)
    edit(root, LESSON, BOX, "```{drawing} fields\n```\n\n```{drawing} maps\n```\n\n" + BOX)
    assert build(root)[1] == ""
    return root


def page(root: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((root / f"_build/html/{name}.html").read_text().replace("\xa0", "_"), "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_a_plate_names_itself_and_each_part_leads_to_its_row(course):
    figure = page(course, "book/lesson").select_one("#drawing-fields")
    svg = figure.svg
    assert [words(svg.find(id=svg[to])) for to in ("aria-labelledby", "aria-describedby")] == [
        "The field of one nerve", "A drawing of 1 part; the table with it says the same. Each part leads to its row.",
    ]  # fmt: skip
    (part,) = svg.select("a.part")
    assert words(figure.find(id=part["aria-labelledby"])) == "S, Superior cluneal nerves: The upper buttock."
    row = figure.select_one(part["href"])
    assert [words(cell) for cell in row.select("th, td")] == [
        "S, Superior cluneal nerves",
        "The upper buttock. Very low certainty: Guild of Bone Setters",
        "illustrative",
    ]
    assert part.g["role"] == "img"
    assert words(figure.figcaption) == "Schematic. Its border is illustrative."


def test_maps_of_pain_say_each_share_in_the_drawing_and_in_the_table(course):
    figure = page(course, "book/lesson").select_one("#drawing-maps")
    assert [label.text.strip() for label in figure.select("label")] == ["Lumps", "Lumps, by a guild"]
    assert [label.input.has_attr("checked") for label in figure.select("label")] == [True, False]
    first, second = figure.select(".map")
    assert [text.text for text in first.select("a.part text")] == ["90_%"]
    assert [[words(cell) for cell in row.select("th, td")] for row in first.select("tbody tr")] == [
        ["Buttock", "90_% of 200 people; as an example High certainty: Writer and Reader, 2020"],
        ["Foot", "told as never Very low certainty: Guild of Bone Setters"],
    ]
    assert [words(row.td) for row in second.select("tbody tr")] == [
        "reported Very low certainty: Guild of Bone Setters High certainty: Writer and Reader, 2020"
    ]


def test_every_id_stands_once_and_every_reference_is_there(course):
    text = page(course, "book/lesson")
    ids = [element["id"] for element in text.select(".drawing [id]")]
    assert sorted(ids) == sorted(set(ids))
    named = [
        e[a].removeprefix("url(#").rstrip(")") for a in ("fill", "clip-path") for e in text.select(f".drawing [{a}]")
    ]
    assert named and set(named) <= set(ids)


def test_the_evidence_page_names_the_plate_among_the_users_of_its_claim(course):
    claim = page(course, "book/evidence/index").select_one("#claim-lump-painful .uses")
    assert ("drawing fields", "../lesson.html#drawing-fields") in [(words(a), a["href"]) for a in claim.select("a")]


def test_in_a_volume_a_plate_keeps_its_hatching_and_in_an_epub_its_table_stands_for_it(course):
    volume = read_volume(course, course / "_build/html")
    lesson = next(page.body for page in volume.pages() if page.name == "book/lesson")
    values = lesson.xpath(".//figure//svg//@fill | .//figure//svg//@clip-path")
    named = [value.removeprefix("url(#").rstrip(")") for value in values]
    assert named and set(named) <= set(lesson.xpath(".//@id"))
    pages = ZipFile(BytesIO(epub_bytes(volume, course, lambda words: None)))
    text = next(pages.read(name).decode() for name in pages.namelist() if name.endswith("lesson.xhtml"))
    assert "The upper buttock." in text and 'viewBox="-204' not in text and "<fieldset" not in text


def test_what_is_not_there_is_refused(tmp_path):
    root = new_course(tmp_path / "course")
    edit(root, LESSON, BOX, f"```{{drawing}} none\n```\n\n{BOX}")
    assert f"{DRAWINGS}/none.yml:1: file: does not exist" in build(root)[1]


def test_a_changed_plate_has_its_page_read_again(course):
    edit(course, f"{DRAWINGS}/fields.yml", "The upper buttock.", "The buttock.")
    was_read, told = build(course)
    assert (was_read, told) == (["book/lesson"], "")
    assert "The buttock." in page(course, "book/lesson").select_one("#drawing-fields table").text
