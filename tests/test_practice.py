"""Practice pages, the course index and the exam directive, in the small course built as the real book is."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_course import build, edit, new_course
from sphinx.errors import ExtensionError

PLAN = """\
at_least: 1
recall_at_most: 1.0
areas:
  - {id: lumps, title: Lumps and bumps, topics: [lumps], at_least: 1}
"""
EXAM = """\
id: short
title: A short exam
intro: Two items about lumps.
minutes: 5
counts:
  - {area: lumps, level: recall, count: 2}
"""
INDEX = "practice/course-index.json"
PAGE = "practice/lumps.html"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course with a plan, an exam, and a page that lists and sets them."""
    root = new_course(tmp_path / "course")
    (root / "exercises/blueprints").mkdir()
    (root / "exercises/bank.yml").write_text(PLAN)
    (root / "exercises/blueprints/short.yml").write_text(EXAM)
    (root / "book/practise.md").write_text("# Practise\n\n```{practice-list}\n```\n\n```{exam} short\n```\n")
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text() + "      - file: book/practise\n")
    return root


def page(root: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((root / "_build/html" / name).read_text(), "html.parser")


def test_every_item_of_a_topic_stands_on_its_practice_page(course):
    assert build(course)[1] == ""
    found = page(course, PAGE)
    assert found.h1.text == "Practice: A lump"
    assert found.select_one("backmice-quiz")["data-quiz"] == "practice-lumps"
    assert [form["id"] for form in found.select("form.item")] == ["item-lumps-001", "item-lumps-002"]
    assert [script["src"].rpartition("/")[2] for script in found.select("script[type=module]")] == [
        "backmice-quiz.js", "cards.js", "theme.js",
    ]  # fmt: skip
    assert [[link["href"] for link in rests.select("a")] for rests in found.select("details.key .rests")] == [
        ["../book/lesson.html#tell-how-often-a-lump-hurts", "../book/evidence/index.html#claim-lump-size"],
        ["../book/lesson.html#say-how-wide", "../book/evidence/index.html#claim-lump-painless"],
    ]
    assert found.select_one("details.key .rests a").text == "Read the passage in A lump"


def test_a_lesson_leads_to_the_rest_of_its_items(course):
    build(course)
    link = page(course, "book/lesson.html").select_one(".more a")
    assert (link.text, link["href"]) == ("All 2 items on A lump", "../practice/lumps.html")


def test_an_item_of_a_lesson_leads_to_the_passage_above_it(course):
    build(course)
    link = page(course, "book/lesson.html").select_one("details.key .rests a")
    assert link["href"] == "#tell-how-often-a-lump-hurts"
    assert page(course, "book/lesson.html").select_one(link["href"]) is not None


def test_the_list_names_each_area_and_topic(course):
    build(course)
    found = page(course, "book/practise.html")
    assert [heading.text for heading in found.select("main h2")] == ["Lumps and bumps"]
    (row,) = (li for li in found.select("main li") if "practice/" in li.a["href"])
    assert (" ".join(row.text.split()), row.a["href"]) == ("A lump, 2 items", "../practice/lumps.html")


def test_a_topic_may_have_a_title_of_its_own(course):
    edit(course, "exercises/bank.yml", "areas:", "titles: {lumps: All about lumps}\nareas:")
    build(course)
    assert page(course, PAGE).h1.text == "Practice: All about lumps"
    assert page(course, "book/practise.html").select_one("main li a[href*=practice]").text == "All about lumps"


def test_the_exam_says_what_it_draws(course):
    build(course)
    exam = page(course, "book/practise.html").select_one("backmice-exam")
    assert (exam["data-exam"], exam["data-index"]) == ("short", "../practice/course-index.json")
    assert [cell.text for cell in exam.select("tbody tr > *")] == ["Lumps and bumps", "2", "0", "0"]


def test_an_unchanged_bank_writes_nothing_again(course):
    build(course)
    before = {name: (course / "_build/html" / name).stat().st_mtime_ns for name in (INDEX, PAGE)}
    assert build(course)[0] == []
    assert {name: (course / "_build/html" / name).stat().st_mtime_ns for name in (INDEX, PAGE)} == before


def test_an_item_that_no_lesson_shows_changes_the_practice_page(course):
    build(course)
    edit(course, "exercises/items/lumps/lumps-002.yml", "How wide was the lump", "How broad was the lump")
    was_read, told = build(course)
    assert (was_read, told) == ([], "")
    assert "How broad was the lump" in page(course, PAGE).text


def test_a_topic_taken_away_leaves_no_page_behind(course):
    build(course)
    folder = course / "exercises/items"
    (folder / "lumps").rename(folder / "bumps")
    for path in (folder / "bumps").glob("*.yml"):
        path.write_text(path.read_text().replace("topic: lumps", "topic: bumps"))
    edit(course, "exercises/bank.yml", "topics: [lumps]", "topics: [bumps]")
    build(course)
    assert sorted(path.name for path in (course / "_build/html/practice").glob("*.html")) == ["bumps.html"]


def test_an_exam_that_is_not_there_is_told(course):
    edit(course, "book/practise.md", "{exam} short", "{exam} long")
    assert build(course)[1].splitlines()[0] == (
        "book/practise.md:6: ERROR: exam 'long' is not in exercises/blueprints; it has: short"
    )


def test_a_faulty_blueprint_is_told_with_its_line(course):
    edit(course, "exercises/blueprints/short.yml", "count: 2", "count: none")
    with pytest.raises(ExtensionError, match=r"short.yml:6: counts\[0\].count: is 'none'"):
        build(course)
