"""Words of the glossary: which uses are marked, what a page gets for each, and what is written again."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from small_course import LESSON, build, edit, new_course

from backmice.sphinx_ext.glossary import MOST_A_PAGE, Entry, Vocabulary, forms_of

GLOSSARY = """# Glossary

:::{glossary}
Lump
Lumps and bumps
  Something that can be felt
  under the skin.

SD
  How far values lie from their mean.

Tinel's sign
  Tingling when a nerve is tapped.

Odds
  A probability divided by what is left of 1.
:::
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The small course with a glossary, not built yet."""
    root = new_course(tmp_path / "course")
    (root / "book/glossary.md").write_text(GLOSSARY)
    edit(root, "_toc.yml", "      - file: book/evidence", "      - file: book/glossary\n      - file: book/evidence")
    return root


def write(root: Path, text: str) -> None:
    edit(root, LESSON, "Most did not hurt: {claim}`180 of 200 <lump-painless>`", text)


def page(root: Path) -> BeautifulSoup:
    return BeautifulSoup((root / "_build/html/book/lesson.html").read_text(), "html.parser")


def marked(root: Path) -> list[tuple[str, str]]:
    """Return each marked word with the words that follow it."""
    return [(a.text, str(a.next_sibling).split("\n")[0][:12]) for a in page(root).select("a.term")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A lump is soft. A lump is small", [("lump", " is soft. A ")]),
        ("The lumps move", [("lumps", " move, which")]),
        ("The tallumps and lump-like", []),
        ("**Lump.** Every lump counts", [("lump", " counts, whi")]),
        ("[A lump](index.md), `lump` and a lump", [("lump", ", which is ")]),
        ("{claim}`a lump of 180 of 200 <lump-painless>`, a lump", [("lump", ", which is ")]),
        ("By SD, not by sd", [("SD", ", not by sd,")]),
        ("Tinel's sign is old", [("Tinel’s sign", " is old, whi")]),
        ("Against the odds", []),
        ("By {term}`odds` and {term}`SDs <SD>`, then odds", [("odds", " and "), ("SDs", ", then odds,")]),
        ("**{term}`Lump`** is the word, and a lump", [("Lump", "None")]),
    ],
)
def test_the_first_use_in_running_text_is_marked(course, text, expected):
    write(course, text)
    for box in ("plain-words", "key-points"):
        words = "- Most lumps do not hurt." if box == "key-points" else "Most lumps do not hurt."
        edit(course, LESSON, f":::{{{box}}}\n{words}", f":::{{{box}}}\n{words.replace('lumps', 'of them')}")
    assert build(course)[1] == ""
    assert marked(course) == expected


@pytest.mark.parametrize(
    "elsewhere",
    ["## The SD", "| SD |\n|---|\n| 1 |", "```{code-block} text\nSD\n```", "SD\n: An abbreviation."],
)
def test_headings_heads_of_tables_and_code_are_left_alone(course, elsewhere):
    edit(course, LESSON, ":::{key-points}", f"{elsewhere}\n\n:::{{key-points}}")
    assert build(course)[1] == ""
    assert [word for word, _ in marked(course)] == ["lumps"]


def test_a_word_is_a_link_with_a_card_after_its_block(course):
    write(course, "By {term}`SD`")
    build(course)
    link = page(course).select_one("a.term")
    assert link.attrs == {
        "class": ["term"], "href": "glossary.html#term-SD", "data-card": "card-term-SD",
        "aria-describedby": "card-term-SD-says",
    }  # fmt: skip
    card = page(course).select_one("aside.term-card")
    assert str(card).split("\n") == [
        '<aside aria-label="SD, from the glossary" class="term-card" id="card-term-SD" popover="">',
        '<p class="statement">SD</p>',
        '<p id="card-term-SD-says">How far values lie from their mean.</p>',
        '<a href="glossary.html#term-SD">Open in the glossary</a>',
        "</aside>",
    ]
    assert link.find_parent("p").find_next_sibling("aside", class_="term-card") == card


def test_other_heads_lead_to_the_same_card(course):
    write(course, "On lumps and bumps, and a lump")
    build(course)
    assert marked(course) == [("lumps and bumps", ", and a lump")]
    assert [card["id"] for card in page(course).select(".term-card")] == ["card-term-Lump"]
    assert page(course).select_one("#card-term-Lump-says").text == "Something that can be felt under the skin."


def test_at_most_a_dozen_are_marked_with_the_authors(course):
    words = [f"w{chr(97 + n)}rd" for n in range(MOST_A_PAGE + 3)]
    entries = "".join(f"{word}\n  Word {n}.\n\n" for n, word in enumerate(words))
    (course / "book/glossary.md").write_text(f"# Glossary\n\n:::{{glossary}}\n{entries}:::\n")
    write(course, f"{' '.join(words)} {{term}}`{words[-1]}`")
    build(course)
    assert [word for word, _ in marked(course)] == [*words[: MOST_A_PAGE - 1], words[-1]]


def test_the_glossary_itself_is_left_alone(course):
    edit(course, "book/glossary.md", "Tingling when", "An SD is no lump: tingling when")
    build(course)
    assert "data-card" not in (course / "_build/html/book/glossary.html").read_text()


def test_a_word_that_no_glossary_has_is_told(course):
    write(course, "By {term}`sign`")
    assert "WARNING: term not in glossary: 'sign'" in build(course)[1]


def test_a_changed_definition_reaches_pages_that_are_not_read_again(course):
    build(course)
    edit(course, "book/glossary.md", "Something that can be felt", "Anything felt")
    assert build(course) == (["book/glossary"], "")
    assert page(course).select_one("#card-term-Lump-says").text == "Anything felt under the skin."


@pytest.mark.parametrize(
    ("head", "plural"),
    [("Lump", "Lumps"), ("Biopsy", "Biopsies"), ("Assay", "Assays"), ("Abscess", "Abscesses"), ("Crutch", "Crutches")],
)
def test_regular_plurals_are_known(head, plural):
    assert forms_of(head) == {head, plural}


words = st.text("abcdefg", min_size=2, max_size=5)


@given(st.lists(words, min_size=1, max_size=5, unique=True), st.data())
def test_the_longest_head_wins_and_every_find_stands_in_the_text(heads, data):
    entries = [Entry((head,), head, "") for head in [*heads, " ".join(heads)]]
    text = " ".join(data.draw(st.lists(st.sampled_from([*heads, "xyz"]), max_size=8)))
    found = list(Vocabulary(entries).find(f"{' '.join(heads)} {text}"))
    assert found[0][0].end() >= len(" ".join(heads))
    for match, entry in found:
        assert any(match[0] in forms_of(head) for head in entry.heads)
