"""A chapter's opening and its mentions: good pages load, bad ones each get the sentences their author must see."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backmice.chapter import Case, Lesson, Page, Reference, load_chapter
from backmice.located import LocatedError

HERE = Path(__file__).parent / "chapters"
GOOD, BAD = (sorted((HERE / folder).glob("*.md")) for folder in ("good", "bad"))


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_bad_chapter_tells_its_author(path):
    with pytest.raises(LocatedError) as caught:
        load_chapter(path, path.parent)
    assert str(caught.value) == path.with_suffix(".txt").read_text().strip()


def test_good_chapters_are_lessons_or_pages():
    loaded = {path.stem: load_chapter(path, HERE) for path in GOOD}
    assert {name: chapter.opening.lead for name, chapter in loaded.items()} == {
        "case": "A shopkeeper feels a knot in his back.",
        "lesson": "Where is the triangle that everybody points at?",
        "page": "What this course may be used for.",
        "page-from-another-system": "What this course may be used for.",
        "page-that-is-all-front-matter": "What this course may be used for.",
        "page-with-empty-front-matter": None,
        "page-without-front-matter": None,
    }
    assert [name for name, chapter in loaded.items() if chapter.is_lesson] == ["lesson"]
    assert [name for name, chapter in loaded.items() if chapter.is_case] == ["case"]


def test_a_lesson_is_read_whole():
    chapter = load_chapter(HERE / "good/lesson.md", HERE)
    assert chapter.file == "good/lesson.md"
    assert chapter.opening == Lesson(
        part="Part 1. Anatomy",
        lead="Where is the triangle that everybody points at?",
        minutes=12,
        reviewed=date(2026, 2, 1),
        before=("You can name the bones of the pelvis.",),
        objectives={
            "draw-the-triangle": "Draw the triangle on a person's back.",
            "say-what-lies-there": "Say what lies in it.",
        },
    )
    assert chapter.references == (
        Reference("claim", "def-triangle", "", 21, "a triangle"), Reference("value", "tri-size", "width", 21),
    )  # fmt: skip


def test_a_case_is_read_whole():
    chapter = load_chapter(HERE / "good/case.md", HERE)
    assert chapter.opening == Case(
        case=True,
        part="Worked cases",
        lead="A shopkeeper feels a knot in his back.",
        minutes=5,
        reviewed=date(2026, 2, 1),
        before=(),
    )
    assert [(r.kind, r.name, r.line) for r in chapter.references] == [
        ("claim", "lump-painless", 13), ("item", "lumps-001", 15),
    ]  # fmt: skip


def mentions(text: str, folder: Path) -> list[tuple[str, str, str, int, str]]:
    """Return kind, name, value, line and words of each mention in `text`."""
    (folder / "page.md").write_text(text, encoding="utf-8")
    references = load_chapter(folder / "page.md", folder).references
    return [(r.kind, r.name, r.value, r.line, r.words) for r in references]


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("{claim}`def-triangle`", ("claim", "def-triangle", "", 1, "")),
        ("{claim}`a triangle <def-triangle>`", ("claim", "def-triangle", "", 1, "a triangle")),
        ("{claim}`under <5 mm in one <size>`", ("claim", "size", "", 1, "under <5 mm in one")),
        ("{claim}`a triangle\nof skin <def-triangle>`", ("claim", "def-triangle", "", 1, "a triangle\nof skin")),
        ("{claim}`Def_Triangle`", ("claim", "Def_Triangle", "", 1, "")),
        ("{value}`size`", ("value", "size", "", 1, "")),
        ("{value}`size#width`", ("value", "size", "width", 1, "")),
        ("{spread}`about so wide <size#width>`", ("spread", "size", "width", 1, "about so wide")),
        ("\n\n```{quiz} triangle\n```", ("quiz", "triangle", "", 3, "")),
        ("\n:::{anatomy-figure} triangle\nCaption.\n:::", ("anatomy-figure", "triangle", "", 2, "")),
        ("````{quiz}   triangle\n````", ("quiz", "triangle", "", 1, "")),
        ("```{quiz}\n```", ("quiz", "", "", 1, "")),
        ("```{plot} widths\n```", ("plot", "widths", "", 1, "")),
        ("\n```{sorted-table} names\n```", ("sorted-table", "names", "", 2, "")),
    ],
)
def test_a_mention_is_found_with_its_line(text, mention, tmp_path):
    assert mentions(text, tmp_path) == [mention]


def test_mentions_stand_in_the_order_of_the_text(tmp_path):
    text = (
        "---\nlead: What is in here.\n---\n# A\n\n```{quiz} q\n```\n\nThe {value}`b#x` and {claim}`c`,\n{claim}`b`.\n"
    )
    assert [m[:4] for m in mentions(text, tmp_path)] == [
        ("quiz", "q", "", 6), ("value", "b", "x", 9), ("claim", "c", "", 9), ("claim", "b", "", 10),
    ]  # fmt: skip


def test_each_claim_is_counted_once(tmp_path):
    (tmp_path / "page.md").write_text("{claim}`b` {value}`a` {spread}`b#x`\n\n```{quiz} q\n```\n\n```{plot} c\n```\n")
    assert load_chapter(tmp_path / "page.md", tmp_path).claims() == ("b", "a")


@pytest.mark.parametrize("text", ["{term}`b`", "`{claim}`", "{claim} `b`", "see ```{quiz} q```", "{claim}``"])
def test_other_text_is_no_mention(text, tmp_path):
    assert mentions(text, tmp_path) == []


def test_a_page_that_is_not_there_is_told(tmp_path):
    with pytest.raises(LocatedError) as caught:
        load_chapter(tmp_path / "none.md", tmp_path)
    assert str(caught.value) == "none.md:1: file: does not exist; create it or correct the name"


lines = st.sampled_from(["---", "lead: What is in here.", "minutes: 3", "- a", "{claim}`b`", "```{quiz} q", "", "x: ["])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.lists(lines, max_size=8).map("\n".join).map(str.encode))
def test_arbitrary_pages_load_or_are_told(tmp_path, content):
    (tmp_path / "any.md").write_bytes(b"---\n" + content)
    try:
        chapter = load_chapter(tmp_path / "any.md", tmp_path)
    except LocatedError as error:
        assert all(fault.file == "any.md" and fault.line >= 1 for fault in error.faults)
    else:
        assert isinstance(chapter.opening, Page)
