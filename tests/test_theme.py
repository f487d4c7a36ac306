"""What a page of the small course fetches where npm was run: one script of its own modules, one short style."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small_course import LESSON, build, edit, new_course

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    root = new_course(tmp_path_factory.mktemp("theme") / "course")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    assert build(root)[1] == ""
    return root


def page(course: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((course / f"_build/html/{name}.html").read_text(), "html.parser")


def names(elements, attribute: str) -> list[str]:
    return [element[attribute].rpartition("/")[2].partition("-")[0] for element in elements]


def fetched(course: Path) -> dict[str, Path]:
    """Return what all pages fetch, by name."""
    (folder,) = (course / "_build/html/_static").glob("[0-9a-f]" * 10)
    return {path.name: path for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("book/index", "cards+theme.js"),
        ("book/lesson", "backmice-quiz+cards+lesson-read+theme.js"),
        ("search", "backmice-search+cards+theme.js"),
    ],
)
def test_a_page_loads_one_script_named_after_its_modules(course, name, script):
    (found,) = page(course, name).select("script[src]")
    assert (found["type"], found["src"].rpartition("/")[2]) == ("module", script)
    assert found["src"].rpartition("/")[2] in fetched(course)


def test_a_page_fetches_ahead_what_its_script_needs_and_nothing_else(course):
    lesson, plain = page(course, "book/lesson"), page(course, "book/index")
    assert [link["rel"] for link in plain.select("link[href]")] == [["icon"], ["preload"], ["stylesheet"]]
    ahead = [link["href"].rpartition("/")[2] for link in lesson.select("link[rel=modulepreload]")]
    assert ahead
    assert {name.partition("-")[0] for name in ahead} == {"chunk"}
    assert {*ahead} <= {*fetched(course)}


def test_modules_and_long_styles_stay_away_and_licences_come(course):
    found = fetched(course)
    assert not {"cards.js", "backmice-quiz.js", "minisearch.js"} & {*found}
    assert {"literata-licence.txt", "minisearch-licence.txt"} <= {*found}
    style = found["course.css"].read_text()
    assert ("/*" in style, "\n\n" in style, "{ " in style) == (False, False, False)


def test_a_page_that_comes_to_show_more_finds_its_script(course):
    quiz = "```{quiz} lumps\n```\n"
    edit(course, "book/index.md", "# Lumps\n", f"# Lumps\n\n{quiz}")
    edit(course, LESSON, quiz, "\n\n")
    was_read, told = build(course)
    assert told == ""
    assert {"book/index", "book/lesson"} <= {*was_read}
    (found,) = page(course, "book/index").select("script[src]")
    assert found["src"].rpartition("/")[2] == "backmice-quiz+cards+theme.js"
    assert "backmice-quiz+cards+theme.js" in fetched(course)
