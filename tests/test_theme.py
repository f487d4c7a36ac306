"""What a page of the small course fetches where npm was run: one script of its own modules, one short style."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from small_course import LESSON, bring_npm, build, edit, new_course

from backmice.sphinx_ext.theme import whole_addresses


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    root = new_course(tmp_path_factory.mktemp("theme") / "course")
    bring_npm(root)
    assert build(root)[1] == ""
    return root


def page(course: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((course / f"_build/html/{name}.html").read_text(), "html.parser")


def fetched(course: Path) -> dict[str, Path]:
    """Return what all pages fetch, by name."""
    (folder,) = (course / "_build/html/_static").glob("[0-9a-f]" * 10)
    return {path.name: path for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("book/index", "cards+course-worker+next-page+theme.js"),
        ("book/lesson", "backmice-quiz+cards+course-worker+lesson-read+next-page+theme.js"),
        ("book/bibliography", "cards+course-worker+theme.js"),  # the last page
        ("search", "backmice-search+cards+course-worker+theme.js"),
    ],
)
def test_a_page_loads_one_script_named_after_its_modules(course, name, script):
    (found,) = page(course, name).select("script[type=module]")
    assert (found["type"], found["src"].rpartition("/")[2]) == ("module", script)
    assert found["src"].rpartition("/")[2] in fetched(course)


def test_a_page_fetches_nothing_else_and_nothing_ahead_but_its_typeface(course):
    for name in ("book/index", "book/lesson", "search"):
        links = [(link["rel"], link["href"].rpartition("/")[2]) for link in page(course, name).select("link[href]")]
        assert links == [
            (["icon"], "mark.svg"),
            (["apple-touch-icon"], "icon-180.png"),
            (["manifest"], "manifest.webmanifest"),
            (["preload"], "literata-400.woff2"),
            (["preload"], "literata-600.woff2"),
            (["stylesheet"], "course.css"),
            (["stylesheet"], "print.css"),
            (["stylesheet"], "print.css"),
        ]


def test_the_rules_for_paper_wait_for_a_script_where_there_is_one(course):
    own, without_scripts = page(course, "book/lesson").select("link[media=print]")
    assert (own.has_attr("disabled"), own.parent.name) == (True, "head")
    assert (without_scripts.has_attr("disabled"), without_scripts.parent.name) == (False, "noscript")
    assert own["integrity"] == without_scripts["integrity"]
    assert page(course, "offline").select("link[media=print]") == []


def test_no_page_tells_another_site_where_its_reader_came_from(course):
    for name in ("book/index", "book/lesson", "search", "404"):
        assert [meta["content"] for meta in page(course, name).select("meta[name=referrer]")] == ["no-referrer"]


def test_the_page_for_a_missing_address_is_whole_at_any_depth(course):
    found = page(course, "404").select("[href], [src], [action]")
    asked = {tag.get("href") or tag.get("src") or tag["action"] for tag in found}
    top, within = "/", {address for address in asked if not address.startswith(("#", "https://"))}
    assert {address for address in within if not address.startswith(top)} == set()
    fetched_by_it = {address.removeprefix(top) for address in within if "/_static/" in address}
    assert [name for name in fetched_by_it if not (course / "_build/html" / name).is_file()] == []
    assert {"/search.html", "/book/index.html", "/book/lesson.html", "/manifest.webmanifest"} <= within
    assert page(course, "404").html["data-content_root"] == top


@pytest.mark.parametrize(
    ("published", "top"),
    [
        ("", "/"),
        ("https://course.example", "/"),
        ("https://a.example/mice", "/mice/"),
        ("https://a.example/mice/", "/mice/"),
    ],
)
def test_a_course_below_a_path_says_so_in_its_baseurl(published, top):
    app = SimpleNamespace(config=SimpleNamespace(html_baseurl=published))
    values = {"pathto": lambda name, resource=False: name, "content_root": "./"}
    whole_addresses(app, "404", "404.html", values, None)
    assert (values["pathto"]("book/a.html", resource=True), values["content_root"]) == (f"{top}book/a.html", top)
    other = {"content_root": "./"}
    whole_addresses(app, "search", "search.html", other, None)
    assert other == {"content_root": "./"}


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
    (found,) = page(course, "book/index").select("script[type=module]")
    assert found["src"].rpartition("/")[2] == "backmice-quiz+cards+course-worker+next-page+theme.js"
    assert "backmice-quiz+cards+course-worker+next-page+theme.js" in fetched(course)
