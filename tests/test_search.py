"""The index of the search: what it holds of a small course, when it is written again, and how words are compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import javascript
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from small_course import LESSON, add_pages, build, edit, new_course

from backmice.assets import MINISEARCH, minisearch
from backmice.packed import pack, slug

ROOT = Path(__file__).parents[1]
needs_npm = pytest.mark.skipif(not minisearch(ROOT), reason="npm was not run: make test runs it")


LESSON_SAYS = (
    "How wide is a lump, and does it hurt? In 30 people with a lump its mean width was 28.5 mm, from 9 to 54 mm. "
    "The mean width was 28.5 mm, all told 28.5 mm (mean, SD 11.2, range 9 to 54, n = 30). Most did not hurt: "
    "180 of 200, which is 90 %. Most lumps do not hurt."
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course with the search engine and one synonym, not built yet."""
    root = new_course(tmp_path / "course")
    (root / MINISEARCH).parent.mkdir()
    (root / MINISEARCH).symlink_to(ROOT / MINISEARCH)
    (root / "book/synonyms.yml").write_text("- means: lump\n  typed: [bulto]\n")
    return root


def index(root: Path) -> Any:
    """Return the index as the browser unpacks it."""
    return run("done(unpacked(data))", json.loads((root / "_build/html/search-index.json").read_text()))


@needs_npm
def test_the_index_holds_each_section_of_each_page(course):
    (course / "book/glossary.md").write_text("# Words\n\n:::{glossary}\nLump\nBump\n  What is felt.\n:::\n")
    edit(course, "_toc.yml", "      - file: book/evidence", "      - file: book/glossary\n      - file: book/evidence")
    edit(course, LESSON, ":::{key-points}", "(wide)=\n## How wide\n\nVery.\n\n:::{key-points}")
    assert build(course)[1] == ""
    found = index(course)
    assert [(p["title"], p["address"], p["part"], p["isGlossary"]) for p in found["pages"]] == [
        ("Bibliography", "book/bibliography.html", "", False),
        ("Evidence", "book/evidence/index.html", "", False),
        ("Words", "book/glossary.html", "", True),
        ("Lumps", "book/index.html", "", False),
        ("A lump", "book/lesson.html", "Part 1. Lumps", False),
    ]
    assert [section for section in found["sections"] if section[0] in (2, 3, 4)] == [
        [2, "", "", ""],
        [2, "term-Lump", "Lump, Bump", "What is felt."],
        [3, "", "", "A course small enough to be read in one minute. One guild holds that every lump hurts."],
        [4, "", "", LESSON_SAYS],
        [4, "how-wide", "How wide", "Very. Most lumps do not hurt."],
    ]  # fmt: skip
    assert found["synonyms"] == [{"means": "lump", "typed": ["bulto"]}]
    assert found["names"] == [{"means": "many names", "typed": ["back lump", "Dorsi tumor"]}]  # no page says them


@needs_npm
def test_a_film_is_found_by_its_title_and_summary_and_not_by_each_sentence(course):
    assert build(add_pages(course, "Films", "book/film"))[1] == ""
    found = index(course)
    (page,) = (n for n, p in enumerate(found["pages"]) if p["address"] == "book/film.html")
    told = "A lump, filmed. A lump moves. A lump slides to and fro on a line, and what to do about it."
    assert [section for section in found["sections"] if section[0] == page] == [[page, "", "", told]]


@needs_npm
def test_the_search_page_uses_it_and_nothing_of_sphinx(course):
    build(course)
    page = BeautifulSoup((course / "_build/html/search.html").read_text(), "html.parser")
    assert page.select_one("backmice-search")["data-index"] == "search-index.json"
    assert [s["src"].rpartition("/")[2] for s in page.select("script[src]")] == [
        "first.js", "backmice-search.js", "cards.js", "theme.js",
    ]  # fmt: skip
    assert not (course / "_build/html/searchindex.js").exists()
    served = next((course / "_build/html/_static").glob("*/minisearch.js"))
    assert "Permission is hereby granted" in (served.parent / "minisearch-licence.txt").read_text()


def test_without_npm_sphinx_searches(tmp_path):
    root = new_course(tmp_path / "course")
    assert build(root)[1] == ""
    page = BeautifulSoup((root / "_build/html/search.html").read_text(), "html.parser")
    assert [s["src"].rpartition("/")[2] for s in page.select("script[src]:not([type])")] == [
        "first.js", "documentation_options.js", "doctools.js", "sphinx_highlight.js", "language_data.js", "searchtools.js",
        "searchindex.js",
    ]  # fmt: skip
    assert (root / "_build/html/searchindex.js").exists()
    assert not (root / "_build/html/search-index.json").exists()


@needs_npm
def test_a_changed_page_and_changed_synonyms_reach_the_index(course):
    build(course)
    edit(course, "book/index.md", "One guild", "One old guild")
    build(course)
    assert "One old guild" in next(s[3] for s in index(course)["sections"] if s[0] == 2)
    (course / "book/synonyms.yml").write_text("- means: lump\n  typed: [bump]\n")
    assert build(course) == ([], "")
    assert index(course)["synonyms"] == [{"means": "lump", "typed": ["bump"]}]


# How words are compared, in the reader's browser.


def run(script: str, data: Any = None) -> Any:
    return javascript.run(
        f'import {{ SearchIndex, excerpt, fold, stems, unpacked }} from "./search-index.js";\n{script}', data
    )


@needs_npm
def test_words_are_compared_without_marks_plurals_and_empty_words():
    given = {
        "Nódulos de la espalda": ["nodulo", "espalda"],
        "Back mice, rami & septa": ["back", "mouse", "ramus", "septum"],
        "PSIS pelvis mass gluteus": ["psis", "pelvis", "mass", "gluteus"],
        "Gesäß; œdème": ["gesass", "oedeme"],
        "the of y": [],
    }
    assert run("done(Object.fromEntries(data.map((text) => [text, stems(text)])))", list(given)) == given


@needs_npm
@given(
    st.lists(
        st.tuples(
            st.integers(0, 9), st.text(), st.sampled_from(["", "At the crest", "L5–S1: how?", "Nódulos"]), st.text()
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=8)
def test_what_is_packed_is_unpacked_as_it_was(sections):
    rows = [[page, slug(heading) if page % 2 else anchor, heading, text] for page, anchor, heading, text in sections]
    index = {"pages": [], "sections": rows, "synonyms": [], "names": []}
    assert run("done(unpacked(data))", pack(index)) == index


def test_a_word_is_sent_once_and_an_anchor_only_if_it_is_not_its_headings():
    index = {"sections": [[0, "how-wide", "How wide?", "A lump, a lump"], [0, "else", "How wide?", " lump"]]}
    assert pack(index) == {
        "words": [" lump", "A", ",", " a"],
        "sections": [[0, 0], [1, "else"], ["How wide?", "How wide?"], ["$#%&#", "#"]],
    }


PAGES = {
    "pages": [
        {"title": "Lumps", "address": "lumps.html", "part": "", "isGlossary": False},
        {"title": "Words", "address": "words.html", "part": "", "isGlossary": True},
        {"title": "Nerves", "address": "nerves.html", "part": "", "isGlossary": False},
    ],
    "sections": [
        [0, "", "", "A back mouse is a lump."],
        [0, "wide", "How wide", "Ultrasound measures its width."],
        [1, "lump", "Lump", "What is felt."],
        [2, "", "", "A nerve may be pressed at the crest."],
        [2, "crest", "At the crest", "A lump there may press on it."],
    ],
    "synonyms": [{"means": "back mouse", "typed": ["knot back", "bulto", "Rückenknoten"]}],
    "names": [{"means": "how wide", "typed": ["Florentin nodule"]}],
}
FIND = """const index = await SearchIndex.of(data.pages);
done(data.queries.map((query) => index.find(query).map(({ page, passages }) => [page.title, ...passages.map((p) => p.address)])));"""


@needs_npm
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lump", [["Lumps", "lumps.html"], ["Words", "words.html#lump"], ["Nerves", "nerves.html#crest"]]),
        ("ultrasuond", [["Lumps", "lumps.html#wide"]]),
        ("ultras", [["Lumps", "lumps.html#wide"]]),
        ("ultras ", []),
        ("Bulto", [["Lumps", "lumps.html"]]),
        ("a knot in my lower back", [["Lumps", "lumps.html"]]),
        ("Rückenknotens", [["Lumps", "lumps.html"]]),
        ("nodule of Florentin", [["Lumps", "lumps.html#wide"]]),
        ("a bulto, nodule of Florentin", [["Lumps", "lumps.html"]]),
        ("knot", []),
        ("zzzz", []),
        ("the", []),
        ("", []),
        ("***", []),
    ],
)
def test_pages_are_found_best_first(query, expected):
    assert run(FIND, {"pages": PAGES, "queries": [query]}) == [expected]


@needs_npm
def test_an_excerpt_shows_where_most_words_meet():
    text = " ".join(["crest"] + ["far"] * 40 + ["the", "crest", "of", "the", "hip,", "and"] + ["near"] * 40)
    shown = run("done(excerpt(data, new Set(['crest', 'hip'])))", text)
    joined = "".join(run["words"] for run in shown)
    assert [run["words"] for run in shown if run["isHit"]] == ["crest", "hip"]
    assert joined.startswith("… far") and "the crest of the hip, and near" in joined and joined.endswith("near …")


@needs_npm
@pytest.mark.parametrize("text", ["", "No word of it.", "Hip"])
def test_an_excerpt_of_a_short_text_is_the_text(text):
    shown = run("done(excerpt(data, new Set(['hip'])))", text)
    assert "".join(run["words"] for run in shown) == text
