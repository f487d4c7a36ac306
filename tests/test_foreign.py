"""Words of other languages: where they are marked and where not, what the list refuses, and what of the real one stands."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.evidence.bibliography import load_bibliography
from backmice.foreign import Foreign, load_foreign, title_in_its_language
from backmice.located import LocatedError

ROOT = Path(__file__).parent.parent
WORDS = Foreign({"fr": ("lipome épisacro-iliaque", "lipome"), "it": ("lipomi",)})
NONE = ""


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>A lipome.</p>", '<p>A <span lang="fr">lipome</span>.</p>'),
        ("<p>Lipome</p><p>épisacro-iliaque</p>", '<p><span lang="fr">Lipome</span></p><p>épisacro-iliaque</p>'),
        (
            "<p>lipome\n<b>épisacro-iliaque</b> lipomi</p>",
            '<p><span lang="fr">lipome\n</span><b><span lang="fr">épisacro-iliaque</span></b> <span lang="it">lipomi</span></p>',
        ),
        ("<p>lipomes, lipome-like, a lipomist</p>", NONE),
        ('<p title="lipome">A lump</p><option>lipome</option><script>"lipome"</script>', NONE),
        ('<p>x<i lang="de">lipome<span>lipome</span></i> lipome</p>', '<p>x<i lang="de">lipome<span>lipome</span></i> <span lang="fr">lipome</span></p>'),
        ("<svg><text>lipome</text></svg>lipome", '<svg><text><tspan lang="fr">lipome</tspan></text></svg><span lang="fr">lipome</span>'),
        ("<p>a <br> lipome <!-- lipome --></p>", '<p>a <br> <span lang="fr">lipome</span> <!-- lipome --></p>'),
    ],
)  # fmt: skip
def test_words_are_marked_where_they_are_read(html, marked):
    assert WORDS.mark(html) == (marked or html)


PARTS = ["lipome", "lipomi", " ", "<p>", "</p>", "<b>", "</b>", "a", "<svg>", "</svg>", "&amp;", "<br>"]


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_a_mark_changes_nothing_else(html):
    marked = WORDS.mark(html)
    for mark in (
        '<span lang="fr">',
        '<span lang="it">',
        '<tspan lang="fr">',
        '<tspan lang="it">',
        "</span>",
        "</tspan>",
    ):
        marked = marked.replace(mark, "")
    assert marked == html


@pytest.mark.parametrize(
    ("title", "marked"),
    [
        ("Le lipome", '<span lang="fr">Le lipome</span>'),
        ("Le lipome (thesis)", '<span lang="fr">Le lipome</span> (thesis)'),
        ("Un <b> [A b]", '<span lang="fr">Un &lt;b&gt;</span> [A b]'),
    ],
)
def test_a_title_is_marked_without_what_is_said_of_it(title, marked):
    assert str(title_in_its_language(title, "fr")) == marked
    assert title_in_its_language(title, "") == title


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fr: [lipome, Lipome]\n", "book/foreign.yml:1: fr[1]: 'Lipome' stands twice; keep one of them"),
        ("French: [lipome]\n", "book/foreign.yml:1: French: "),
    ],
)
def test_a_faulty_list_is_located(tmp_path, text, told):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/foreign.yml").write_text(text)
    with pytest.raises(LocatedError) as error:
        load_foreign(tmp_path)
    assert str(error.value).startswith(told)


# The real words.

#: Names that English papers gave, or that stand here in English.
ENGLISH = {
    "Fibrous nodules of myalgia", "Épi-sacro-iliac lipoma de Lewis", "Hernia of the panniculus adiposus",
    "Lumbar sclerolipoma", "Copeman-Ackermann syndrome", "Xanthoadipose nodules", "nodular cellulalgia",
    "Panniculitis", "Episacral lipoma",
}  # fmt: skip


def test_each_foreign_name_of_the_table_is_marked():
    foreign = load_foreign(ROOT)
    with (ROOT / "book/evidence/names.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["language"] != "English"]
    names = {name.split(" (")[0].strip() for row in rows for name in row["name"].split(";")}
    assert len(names) > 25
    assert {name for name in names if foreign.mark(name) == name} == ENGLISH


def test_titles_with_letters_that_english_lacks_name_their_language():
    references = load_bibliography(ROOT / "book/references.bib").values()
    plain = set("–—‘’“”′·°±≥≤×µα−…§Ⅱ®™")
    odd = {
        r.key: r.title
        for r in references
        if not r.language and {c for c in r.title.replace("Morel-Lavallée", "") if ord(c) > 127} - plain
    }
    assert odd == {}
    assert {r.language for r in references} == {"", "de", "es", "fr", "it", "tr"}
