"""What the course must cover: read whole, each gap told with its line, and the tables that the directives print."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from small_course import build, edit, new_course
from sphinx.errors import ExtensionError

from backmice.chapter import load_chapter
from backmice.check import check
from backmice.cli import main
from backmice.coverage import Goal, Topic, by_name, claims_of, load_coverage
from backmice.located import LocatedError

COVERAGE = "book/coverage.yml"
LESSON = "book/lesson.md"
GOALS = """\
- id: topics
  title: Topics
  source: What was asked for
  topics:
  - {name: How wide a lump is, places: ["book/lesson#say-how-wide", book/index]}
  - name: How many hurt
    places: [book/lesson]
    claims: [lump-painless]
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course with two promises, and a page that tells of them."""
    root = new_course(tmp_path / "course")
    (root / COVERAGE).write_text(GOALS)
    directives = ("coverage", "claims-by-page", "objectives-map")
    (root / "book/kept.md").write_text("# Kept\n" + "".join(f"\n```{{{name}}}\n```\n" for name in directives))
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text() + "      - file: book/kept\n")
    return root


def told(root: Path) -> list[str]:
    return [str(fault) for fault in check(root)[0] if "reviewed.json" not in fault.file]


def test_goals_are_read_whole(course):
    assert load_coverage(course).goals == (
        Goal(
            id="topics", title="Topics", source="What was asked for",
            topics=(
                Topic(name="How wide a lump is", places=("book/lesson#say-how-wide", "book/index")),
                Topic(name="How many hurt", places=("book/lesson",), claims=("lump-painless",)),
            ),
        ),
    )  # fmt: skip


def test_a_course_without_the_file_promises_nothing(tmp_path):
    assert load_coverage(tmp_path).goals == ()


def test_what_is_covered_has_no_gap(course):
    assert told(course) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (', places: ["book/lesson#say-how-wide", book/index]', "",
         "5: [0].topics[0]: no page covers 'How wide a lump is'; write one and name it in `places`"),
        ("book/index]", "book/start]",
         "5: [0].topics[0].places[1]: 'book/start' is not there; a page of _toc.yml, or page#passage"),
        ("#say-how-wide", "#say-how-long",
         "5: [0].topics[0].places[0]: 'book/lesson#say-how-long' is not there; a page of _toc.yml, or page#passage"),
        ("[lump-painless]", "[lump-painful]",
         "8: [0].topics[1].claims[0]: 'lump-painful' is not cited there; an id of the ledger that the places cite"),
        ("[lump-painless]", "[lump-painless, lump-painless]",
         "8: [0].topics[1].claims: 'lump-painless' stands twice; name it once"),
        ("source: What was asked for", "origin: What was asked for",
         "1: [0].source: is missing; this field is required"),
        ("[book/lesson]", "[book/lesson.md]",
         "7: [0].topics[1].places[0]: is 'book/lesson.md'; must match ^[a-z0-9/-]+(#[a-z0-9-]+)?$"),
    ],
)  # fmt: skip
def test_a_gap_is_told_with_its_line(course, old, new, line):
    edit(course, COVERAGE, old, new)
    assert told(course)[0] == f"{COVERAGE}:{line}"


def test_the_claims_of_a_passage_are_those_under_its_heading(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A\n\n{claim}`a`\n\n(one)=\n(two)=\n## B\n\n{claim}`b`\n\n### C\n\n{claim}`c`\n\n"
        "(three)=\n## D\n\n{claim}`d`\n\n(four)=\n{claim}`e`\n"
    )
    chapter = load_chapter(page, tmp_path)
    assert {name: chapter.claims(name) for name in chapter.passages} == {
        "one": ("b", "c"), "two": ("b", "c"), "three": ("d", "e"), "four": ("e",),
    }  # fmt: skip
    assert chapter.claims() == ("a", "b", "c", "d", "e")


@given(st.lists(st.sampled_from(["(x)=", "# A", "## B", "### C", "{claim}`a`", "words", ""]), max_size=12))
def test_a_passage_lies_within_its_page(tmp_path_factory, lines):
    folder = tmp_path_factory.getbasetemp()
    (folder / "any.md").write_text("\n".join(lines))
    for first, end in load_chapter(folder / "any.md", folder).passages.values():
        assert 1 <= first < end <= len(lines) + 1


def test_claims_are_those_named_or_all_that_the_places_cite(course):
    pages = by_name([load_chapter(course / f"book/{name}.md", course) for name in ("index", "lesson")])
    first, second = load_coverage(course).goals[0].topics
    assert claims_of(first, pages) == ("lump-painful",)
    assert claims_of(second, pages) == ("lump-painless",)


def test_check_counts_the_claims_of_each_page(course):
    assert CliRunner().invoke(main, ["check", "--counts", "--root", str(course)]).output == (
        "    1 book/index.md\n    2 book/lesson.md\n    0 book/evidence/index.md\n"
        "    0 book/bibliography.md\n    0 book/kept.md\n    3 different claims in all\n"
    )


def kept(root: Path) -> BeautifulSoup:
    return BeautifulSoup((root / "_build/html/book/kept.html").read_text(), "html.parser")


def cells(page: BeautifulSoup, table: int) -> list[list[str]]:
    rows = page.select(".listed table")[table].select("tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]


def test_the_page_leads_to_what_covers_each_topic(course):
    assert build(course)[1] == ""
    page = kept(course)
    assert cells(page, 0) == [
        ["How wide a lump is", "A lump Lumps", "1 claim on How wide a lump is lump-painful"],
        ["How many hurt", "A lump", "1 claim on How many hurt lump-painless"],
    ]
    assert [a["href"] for a in page.select(".listed table")[0].select("a")] == [
        "lesson.html#say-how-wide", "index.html", "evidence/index.html#claim-lump-painful",
        "lesson.html", "evidence/index.html#claim-lump-painless",
    ]  # fmt: skip


def test_the_page_counts_claims_and_items(course):
    build(course)
    assert cells(kept(course), 1) == [
        ["Part 1. Lumps"], ["A lump", "2", "1"],
        ["The ground it stands on"], ["Evidence", "0", "0"], ["Bibliography", "0", "0"], ["Kept", "0", "0"],
    ]  # fmt: skip


def test_the_map_leads_from_objectives_to_items(course):
    build(course)
    page = kept(course)
    assert cells(page, 2) == [
        ["Say how wide a lump is", "1 recall for: Say how wide a lump is lumps-002"],
        ["Say how many hurt", "1 recall for: Say how many hurt lumps-001"],
    ]
    assert [a["href"] for a in page.select(".listed table")[2].select("a")] == [
        "lesson.html#say-how-wide", "../practice/lumps.html#item-lumps-002",
        "lesson.html#tell-how-often-a-lump-hurts", "../practice/lumps.html#item-lumps-001",
    ]  # fmt: skip


def test_the_same_map_is_a_file(course):
    build(course)
    link = kept(course).select_one("a[download]")
    with (course / "_build/html/book" / link["href"]).open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["part", "lesson", "page", "id", "objective", "recall", "application", "analysis", "items"],
            ["Part 1. Lumps", "A lump", "book/lesson", "say-how-wide", "Say how wide a lump is", "1", "0", "0",
             "lumps-002"],
            ["Part 1. Lumps", "A lump", "book/lesson", "tell-how-often-a-lump-hurts", "Say how many hurt", "1", "0",
             "0", "lumps-001"],
        ]  # fmt: skip


def test_a_lesson_that_cites_more_changes_the_counts(course):
    build(course)
    edit(
        course,
        LESSON,
        "Most lumps do not hurt.\n:::\n\n(say",
        "Most lumps do not hurt.\n:::\n\n{claim}`lump-painful`\n\n(say",
    )
    assert build(course) == ([LESSON.removesuffix(".md")], "")
    assert cells(kept(course), 1)[1] == ["A lump", "3", "1"]


def test_a_lesson_that_says_the_same_on_more_lines_leaves_the_page(course):
    build(course)
    before = (course / "_build/html/book/kept.html").stat().st_mtime_ns
    edit(course, LESSON, "Most lumps do not hurt.\n:::\n\n(say", "Most lumps\ndo not hurt.\n:::\n\n(say")
    assert build(course) == ([LESSON.removesuffix(".md")], "")
    assert (course / "_build/html/book/kept.html").stat().st_mtime_ns == before


def test_a_passage_that_gets_a_heading_is_told_by_it(course):
    build(course)
    edit(course, LESSON, "(say-how-wide)=\n", "(say-how-wide)=\n## How wide\n\n")
    assert build(course) == ([LESSON.removesuffix(".md")], "")
    assert cells(kept(course), 0)[0][1] == "A lump: How wide Lumps"


def test_a_gap_is_not_built(course):
    edit(course, COVERAGE, "#say-how-wide", "#say-how-long")
    with pytest.raises(ExtensionError, match="'book/lesson#say-how-long' is not there"):
        build(course)


def test_a_goal_without_topics_is_refused(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / COVERAGE).write_text("- {id: none, title: Nothing, source: Nobody asked, topics: []}\n")
    with pytest.raises(LocatedError) as caught:
        load_coverage(tmp_path)
    assert str(caught.value) == f"{COVERAGE}:1: [0].topics: has 0; give at least 1"
