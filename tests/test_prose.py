"""Rules on prose: a good page breaks none, each bad one has exactly the faults that stand beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backmice.evidence.ledger import Ledger, load_ledger
from backmice.located import read_yaml
from backmice.prose import dictionaries
from backmice.prose.abbreviations import glossary_abbreviations
from backmice.prose.figures import FIGURE, untraced
from backmice.prose.grade import flesch_kincaid, syllables
from backmice.prose.run import BLOCK_RULES, WAIVABLE, Report, survey, words_of
from backmice.prose.shown import address_fault
from backmice.prose.spelling import Speller, load_words, order
from backmice.prose.text import Block, Piece, read_page

HERE = Path(__file__).parent / "prose"
COURSE = Path(__file__).parent / "course"
REPOSITORY = Path(__file__).parent.parent
BAD = sorted((HERE / "bad").glob("*.md"))
RULES = (*BLOCK_RULES, "spelling", "abbreviation", "figure", "alternative-text", "link", "plain-words", "waiver")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger(COURSE)


def look(root: Path, ledger: Ledger, *pages: Path) -> Report:
    """Survey pages that were copied beside the small course's claims."""
    (root / "book/evidence").mkdir(parents=True, exist_ok=True)
    shutil.copy(COURSE / "book/evidence/claims.yml", root / "book/evidence")
    for page in pages:
        shutil.copy(page, root)
    return survey(root, ledger, [page.name for page in pages], {})


def told(report: Report) -> str:
    return "".join(f"{fault}\n" for fault in sorted(report.faults))


def test_a_good_page_has_no_faults(tmp_path, ledger):
    report = look(tmp_path, ledger, HERE / "good/page.md")
    assert told(report) == ""
    assert report.lines() == [
        "School grade of each box in plain words (Flesch-Kincaid, at most 9):",
        "  page.md   0.7",
        "Waivers, each with its reason: 1",
        "  page.md:19: figure: an invented patient",
    ]


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_a_bad_page_has_the_faults_beside_it(path, tmp_path, ledger):
    assert told(look(tmp_path, ledger, path)) == path.with_suffix(".txt").read_text()


def test_an_item_is_held_against_the_rules_on_words(tmp_path, ledger):
    look(tmp_path, ledger)
    document = read_yaml(HERE / "bad/item.yml", HERE / "bad")
    assert told(survey(tmp_path, ledger, [], {"item": document})) == (HERE / "bad/item.txt").read_text()


def test_a_page_that_is_no_lesson_waives_its_figures_as_a_whole(tmp_path, ledger):
    report = look(tmp_path, ledger, HERE / "good/timetable.md")
    assert told(report) == ""
    assert report.lines() == [
        "Waivers, each with its reason: 1",
        "  timetable.md:4: figure: a timetable, and a recipe for gelatine",
    ]


def test_every_rule_is_broken_by_a_bad_page():
    faults = "".join(path.with_suffix(".txt").read_text() for path in BAD)
    assert [rule for rule in RULES if f": {rule}: " not in faults] == []


def test_claims_are_spelt_as_pages_are(tmp_path, ledger):
    look(tmp_path, ledger)
    claims = {"lump-size": ledger.claims["lump-size"].model_copy(update={"statement": "A tumor was 31.7 mm wide."})}
    report = survey(tmp_path, Ledger(claims, {}), [], {})
    assert told(report) == (
        "book/evidence/claims.yml:1: spelling: lump-size: 'tumor' is spelt the American way; "
        "write 'tumour'; a name goes into book/words.txt\n"
    )


def test_without_its_word_lists_the_check_says_how_to_get_them(tmp_path, ledger, monkeypatch):
    monkeypatch.setattr(dictionaries.require, "__defaults__", (tmp_path,))
    assert told(look(tmp_path, ledger, HERE / "bad/spelling.md")) == (
        "package.json:1: devDependencies: the word lists that it names are not installed; run: make check\n"
    )


# The course's own words.


def own_words(root: Path, text: str) -> list[str]:
    (root / "book").mkdir(exist_ok=True)
    (root / "book/words.txt").write_text(text)
    return [str(fault) for fault in load_words(root)[1]]


def test_own_words_are_known_in_every_form_but_names_only_as_written():
    speller = Speller(["lipomouse", "Zorb"], ["Kellgren J.", "Froriep R."])
    known = ["lipomouse", "Lipomouse", "lipomice", "lipomouses", "lipomouse's", "Zorb", "Zorb's", "Kellgren", "zorb"]
    assert [word for word in known if speller.fault(word)] == ["lipomice", "zorb"]
    assert speller.met == {"lipomouse", "Zorb"}


def test_a_word_of_the_list_that_no_page_uses_is_told(tmp_path, ledger):
    look(tmp_path, ledger)
    (tmp_path / "page.md").write_text("# A page\n\nA lipomouse.\n")
    (tmp_path / "book/words.txt").write_text("lipocat\nlipomouse\n")
    assert told(survey(tmp_path, ledger, ["page.md"], {})) == (
        "book/words.txt:1: spelling: 'lipocat' is used nowhere; take it out\n"
    )


def test_the_list_is_sorted_and_holds_words(tmp_path):
    assert own_words(tmp_path, "b\na\na\ntwo words\n") == [
        "book/words.txt:2: spelling: 'a' stands after 'b'; sort the list, each word once",
        "book/words.txt:3: spelling: 'a' stands after 'a'; sort the list, each word once",
        "book/words.txt:4: spelling: 'two words' is no word; one word a line, letters alone",
    ]


@given(st.sets(st.from_regex(r"[A-Za-z]{1,6}", fullmatch=True)))
def test_any_sorted_list_is_taken(tmp_path_factory, words):
    assert own_words(tmp_path_factory.mktemp("list"), "".join(f"{w}\n" for w in sorted(words, key=order))) == []


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("tumor", "tumour"), ("Anesthesia", "anaesthesia"), ("edema", "oedema"), ("fibers", "fibres"),
        ("center", "centre"), ("hematoma", "haematoma"), ("organization", "organisation"),
    ],
)  # fmt: skip
def test_an_american_spelling_is_told_with_the_british_one(american, british):
    speller = Speller(["haematoma"])
    assert speller.fault(american) == (
        f"'{american}' is spelt the American way", f"write '{british}'; a name goes into book/words.txt",
    )  # fmt: skip
    assert speller.fault(british) is None


# The grade.


def test_the_grade_is_that_of_flesch_and_kincaid():
    # 6 words of one syllable each in 1 sentence; then 8 words and 15 syllables in 2.
    assert flesch_kincaid(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert flesch_kincaid(["The superior nerve is visible.", "Nobody examined it."]) == pytest.approx(
        0.39 * 4 + 11.8 * 17 / 8 - 15.59
    )


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("people", 2), ("area", 3), ("idea", 3), ("oiled", 1), ("usually", 4), ("doctor's", 2),
        ("low-back", 2), ("12", 1), ("cluneal", 2), ("lipomatous", 4), ("iliohypogastric", 7), ("nodules", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


sentence = st.lists(st.sampled_from(["a", "lump", "hurts", "nobody", "iliac", "examine"]), min_size=1).map(" ".join)


@given(st.lists(sentence, max_size=5))
def test_saying_it_twice_does_not_change_the_grade(said):
    assert flesch_kincaid(said + said) == pytest.approx(flesch_kincaid(said))


@given(st.text(max_size=20))
def test_every_word_has_a_syllable(word):
    assert syllables(word) >= 1


# Figures.

UNITS = ["mm", "cm", "ml", "mg", "kg", "%", "years", "days", "°", "mg/kg", "mmol", "kPa", "MHz", "gauge"]
amount = st.tuples(st.integers(0, 2000) | st.decimals(0, 99, places=1), st.sampled_from(UNITS)).map(
    lambda given: f"{given[0]} {given[1]}"
)


@given(st.lists(amount, max_size=4))
def test_every_amount_is_told_with_its_line_unless_a_claim_holds_it(amounts):
    typed = tuple(Piece("own", f"It was {a}\n") for a in amounts)
    cited = tuple(Piece("rested", f"It was {a}\n") for a in amounts)
    assert [(line, what) for line, what, _ in untraced(Block(5, "paragraph", "", typed))] == [
        (line, f"{a} rests on no claim") for line, a in enumerate(amounts, 5)
    ]
    assert list(untraced(Block(5, "paragraph", "", cited))) == []


@pytest.mark.parametrize("text", ["L5", "in 1998", "12 people", "0.5", "page 3", "95 % interval", "question 2 mmm"])
def test_other_numbers_are_no_clinical_figures(text):
    assert FIGURE.search(text) is None


# Abbreviations, links, and the reader.


def test_the_glossary_tells_its_abbreviations():
    source = "```{glossary}\nMRI\n  Magnetic resonance imaging.\n\nPlasma\n  Rich in platelets; PRP for short.\n```\n"
    assert glossary_abbreviations(read_page("page.md", source, words_of).blocks) == {"MRI", "PRP"}


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://example.org", None),
        ("http://example.org:8080/a?b#c", None),
        ("lesson.md#size", None),
        ("#size", None),
        ("mailto:somebody@example.org", "is neither https nor http"),
        ("//example.org/a", "is neither https nor http"),
        ("https://", "names no host"),
        ("https://[::1", "is no address"),
    ],
)
def test_a_link_leads_into_the_book_or_to_a_web_address(address, wrong):
    assert address_fault(address) == wrong


lines = st.sampled_from(
    ["# A", "", "text", "- item", "  more", "> quote", "| a | b |", "|---|---|", ":::{pearl}", ":::", "```{figure} a.png",
     "```", ":alt: words", "% waiver figure: because", "{claim}`a\nb <c>`", "{value}`x#y`", "Term\n  meaning",
     ":::{glossary}", "<img src=a>", "![](a)", "**bold** text"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(lines, max_size=12).map("\n".join))
def test_arbitrary_pages_are_read_with_lines_of_theirs(source):
    text = read_page("page.md", source, lambda role, id_, value: "words")
    last = source.count("\n") + 1
    found = [*text.blocks, *text.pictures, *text.links, *text.comments]
    assert all(1 <= one.line <= last for one in found)
    assert all(block.line + block.text("own", "rested").count("\n") <= last for block in text.blocks)


def test_each_word_is_read_on_its_line():
    source = "# A\n\nOne {claim}`two\nthree <x>` four\nfive.\n\n:::{pearl}\n\n- six\n  seven\n:::\n\n| eight |\n|---|\n| nine |\n"
    text = read_page("page.md", source, lambda role, id_, value: "")
    where = {word: line for block in text.blocks for line, words in block.lines() for word in words.split()}
    assert where == {
        "A": 1, "One": 3, "two": 3, "three": 4, "four": 4, "five.": 5, "six": 9, "seven": 10, "eight": 13, "nine": 15,
    }  # fmt: skip


def test_the_readme_names_what_can_be_waived():
    readme = (REPOSITORY / "README.md").read_text()
    assert [rule for rule in WAIVABLE if f"`{rule}`" not in readme] == []
