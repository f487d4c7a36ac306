"""The progress page in the small course built as the real book is."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_course import build, new_course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course with the progress page of the real book."""
    root = new_course(tmp_path / "course")
    (root / "book/progress.md").write_text((Path(__file__).parents[1] / "book/progress.md").read_text())
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text() + "      - file: book/progress\n")
    return root


def page(root: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((root / f"_build/html/book/{name}.html").read_text(), "html.parser")


def scripts(found: BeautifulSoup) -> list[str]:
    return [script["src"].rpartition("/")[2] for script in found.select("script[type=module]")]


def test_the_page_has_a_place_for_progress_and_links_for_readers_without_scripts(course):
    assert build(course)[1] == ""
    found = page(course, "progress")
    element = found.select_one("backmice-progress")
    assert element.attrs == {"data-index": "../practice/course-index.json"}
    assert (course / "_build/html/book" / element["data-index"]).is_file()
    assert [(a["href"], a.text) for a in element.select("noscript a")] == [("lesson.html", "A lump")]
    assert "backmice-progress.js" in scripts(found)
    assert "lesson-read.js" not in scripts(found)


def test_where_there_is_a_review_the_page_leads_to_it(course):
    (course / "book/practice").mkdir()
    (course / "book/practice/review.md").write_text("# Review\n\n```{review}\n```\n")
    toc = course / "_toc.yml"
    toc.write_text(toc.read_text() + "      - file: book/practice/review\n")
    build(course)
    assert page(course, "progress").select_one("backmice-progress")["data-review"] == "practice/review.html"


def test_a_lesson_notes_that_it_was_read(course):
    build(course)
    assert "lesson-read.js" in scripts(page(course, "lesson"))
    assert "lesson-read.js" not in scripts(page(course, "index"))


def test_a_new_title_of_a_lesson_reaches_the_page(course):
    build(course)
    lesson = course / "book/lesson.md"
    lesson.write_text(lesson.read_text().replace("# A lump", "# A lump renamed", 1))
    build(course)
    assert page(course, "progress").select_one("noscript a").text == "A lump renamed"
