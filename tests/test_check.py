"""`check` on a small whole course: nothing to say when it is sound, and exactly the lines that one change asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from backmice.check import check, foreign_figures, read_course
from backmice.cli import main

COURSE = Path(__file__).parent / "course"
CLAIMS = "book/evidence/claims.yml"
LESSON = "book/lesson.md"
CASE = "book/cases/knot.md"
NAMES = "book/evidence/names.csv"
PLOT = "book/evidence/plots/width.yml"
ITEM = "exercises/items/lumps/lumps-001.yml"
STRUCTURES = "media/anatomy/sacroiliac/structures.yml"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course that was looked at from end to end."""
    root = shutil.copytree(COURSE, tmp_path / "course")
    assert review(root, "--all") == "Marked 7 as reviewed.\n"
    return root


def review(root: Path, *given: str) -> str:
    return CliRunner().invoke(main, ["review", *given, "--root", str(root)]).output


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert text.count(old) == 1
    (root / file).write_text(text.replace(old, new))


def told(root: Path) -> str:
    return "\n".join(map(str, check(root)[0]))


def test_a_sound_course_has_no_faults(course):
    assert told(course) == ""


def test_the_course_says_who_rests_on_what():
    assert read_course(COURSE).users() == {
        "page book/index": ("lump-painful",),
        "page book/lesson": ("lump-size", "lump-painless"),
        "item lumps-001": ("lump-size", "lump-painless"),
        "item lumps-002": ("lump-painless",),
        "structure lump": ("lump-size",),
        "plot width": ("lump-size",),
        "film a-lump-moves": ("lump-painless",),
    }


MODERATE = (
    "certainty is 'moderate' but cross-sectional about description starts 'high' and the reasons lead to 'low'; "
    "correct the reasons or the certainty"
)


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (LESSON, "{claim}`lump-size`", "{claim}`lump-length`",
         "14: claim: 'lump-length' is not a claim; an id of book/evidence/claims.yml"),
        (LESSON, "{claim}`lump-size`", "{claim}`under <6 cm wide <lump_size>`",
         "14: claim: 'lump_size' is not a claim; an id of book/evidence/claims.yml"),
        (LESSON, "{claim}`lump-size`", "{claim}`lump-remembered`",
         "14: claim: 'lump-remembered' is only recalled; find its source, or leave the statement out"),
        (LESSON, "{value}`lump-painless#share`", "{value}`lump-painless#part`",
         "17: value: 'lump-painless' has no value 'part'; its values: painless, share"),
        (LESSON, "{value}`lump-painless#share`", "{value}`lump-painless`",
         "17: value: 'lump-painless' has no value ''; its values: painless, share"),
        (LESSON, "{spread}`lump-size`", "{spread}`lump-size#width`",
         "16: spread: 'lump-size' has no value 'width'; its values: (no name needed)"),
        ("book/index.md", "{claim}`every lump hurts <lump-painful>`", "{value}`lump-painful`",
         "6: value: 'lump-painful' has no value ''; its values: none"),
        (LESSON, "180 of 200 <", "178 of 200 <",
         "17: claim: says 178, which the claim does not; a figure of the statement"),
        (LESSON, "```{quiz} lumps", "```{quiz} bumps", "34: quiz: 'bumps' is not there; one of: lumps"),
        (LESSON, "{anatomy-figure} sacroiliac-triangle", "{anatomy-figure} hip",
         "23: anatomy-figure: 'hip' is not there; one of: sacroiliac-triangle"),
        (LESSON, ":::{key-points}", "```{plot} length\n```\n\n:::{key-points}",
         "27: plot: 'length' is not there; one of: width"),
        (LESSON, ":::{key-points}", "```{drawing} lump\n```\n\n:::{key-points}",
         "27: drawing: 'lump' is not there; one of: none yet"),
        (LESSON, ":::{key-points}", "```{sorted-table} lumps\n```\n\n:::{key-points}",
         "27: sorted-table: 'lumps' is not there; one of: articles, names"),
        (PLOT, "value: lump-size", "value: lump-size#length",
         "9: panels[0].groups[0].rows[0].value: 'lump-size' has no value 'length'; its values: (no name needed)"),
        (NAMES, "writer2020", "writer2021",
         "2: [0].source: 'writer2021' is not in book/references.bib; add or correct it"),
        (LESSON, "minutes: 2", "minutes: two", "4: minutes: is 'two'; input should be a valid integer"),
        ("_toc.yml", "book/lesson", "book/lessons",
         "6: parts[0].chapters[0].file: 'book/lessons' has no page; create book/lessons.md or correct the name"),
        (ITEM, "key: [painless]", "key: [painles]",
         "12: key: 'painles' is not an option; allowed: painless, painful, moving"),
        (ITEM, "claims: [lump-size]", "claims: [lump-remembered]",
         "13: claims[0]: 'lump-remembered' is only recalled; name a claim whose source was found"),
        ("exercises/quizzes/lumps.yml", "lumps-001", "lumps-003",
         "3: items[0]: 'lumps-003' is not an item; name one of exercises/items"),
        (STRUCTURES, "[psis_right]", "[psis_middle]",
         "4: structures[0]: landmark 'psis_middle' is not in landmarks.csv; correct its name"),
        (STRUCTURES, "[lump-size]", "[lump-length]",
         "9: structures[0].claims: 'lump-length' is no published claim; correct its id"),
        (CLAIMS, "certainty: low", "certainty: moderate",
         "1: [0]: " + MODERATE),
    ],
)  # fmt: skip
def test_one_change_asks_for_one_line(course, file, old, new, line):
    edit(course, file, old, new)
    assert told(course) == f"{file}:{line}"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("{item} lumps-002", "{item} lumps-003", "26: item: 'lumps-003' is not there; an id of exercises/items"),
        ("180 of 200 <", "178 of 200 <", "17: claim: says 178, which the claim does not; a figure of the statement"),
    ],
)
def test_a_case_is_held_against_the_rest(course, old, new, line):
    toc = course / "_toc.yml"
    toc.write_text(toc.read_text() + "  - caption: Worked cases\n    chapters:\n      - file: book/cases/knot\n")
    assert review(course, "--all") == "Marked 1 as reviewed.\n"
    assert told(course) == ""
    edit(course, CASE, old, new)
    assert told(course) == f"{CASE}:{line}"


KNOT = """id: knot
title: A knot
opening: A made-up case of a sailor with a lump.
start: Half and half, for nothing is published.
claims: [lump-painless]
conditions: [{id: lump, name: the lump, start: 50}, {id: other, name: something else, start: 50}]
findings:
- {id: feel, title: Feeling, text: There is a lump., note: Nobody has measured it., claims: [lump-size]}
outcome: {condition: other, text: It faded away by itself.}
"""


def test_a_vignette_is_held_against_the_rest(course):
    file = "exercises/vignettes/knot.yml"
    (course / file).parent.mkdir()
    (course / file).write_text(KNOT)
    edit(course, "book/index.md", "# Lumps\n", "# Lumps\n\n```{reasoner} knot\n```\n")
    assert read_course(course).users()["vignette knot"] == ("lump-painless", "lump-size")
    unseen = "was never reviewed against it"
    first, second = (look_again(id_, unseen, "vignette knot") for id_ in ("lump-painless", "lump-size"))
    assert told(course) == f"{first}\n{second}"
    assert review(course, "vignette knot") == "Marked 1 as reviewed.\n"
    assert told(course) == ""
    edit(course, "book/index.md", "{reasoner} knot", "{reasoner} not")
    assert told(course) == "book/index.md:6: reasoner: 'not' is not there; one of: knot"
    edit(course, file, "[lump-size]", "[lump-length]")
    assert told(course).startswith(f"{file}:8: findings[0].claims[0]: 'lump-length' is not a claim; name a published")


def look_again(claim_id: str, why: str, *users: str) -> str:
    line = "book/evidence/reviewed.json:1: {0}: claim '{1}': {2}; look again, then: backmice review '{0}'"
    return "\n".join(line.format(user, claim_id, why) for user in users)


def test_what_rests_on_a_downgraded_claim_is_told_until_it_was_looked_at(course):
    edit(course, CLAIMS, "  certainty: low\n", "  certainty: very low\n")
    edit(course, CLAIMS, "because: only thirty people}", "because: only thirty people, steps: 2}")
    why = "its certainty was 'low' and is 'very low'"
    resting = ["item lumps-001", "page book/lesson", "plot width", "structure lump"]
    assert told(course) == look_again("lump-size", why, *resting)
    review(course, "item lumps-001")
    assert told(course) == look_again("lump-size", why, *resting[1:])
    review(course, "--all")
    assert told(course) == ""


def test_what_rests_on_a_changed_figure_is_told(course):
    edit(course, CLAIMS, "from 9 to 54 mm", "from 9 to 55 mm")
    edit(course, CLAIMS, "high: 54", "high: 55")
    resting = ["item lumps-001", "page book/lesson", "plot width", "structure lump"]
    assert told(course) == look_again("lump-size", "its statement or its figures changed", *resting)


def test_a_claim_cited_for_the_first_time_is_told(course):
    edit(course, "book/index.md", "# Lumps", "# Lumps\n\n{claim}`lump-size`")
    assert told(course) == look_again("lump-size", "was never reviewed against it", "page book/index")


def test_an_item_without_its_objective_is_told(course):
    edit(course, "exercises/items/lumps/lumps-002.yml", "say-how-wide", "say-how-long")
    assert told(course) == (
        "book/lesson.md:1: objectives: no item tests 'say-how-wide'; write one, or drop the objective\n"
        "exercises/items/lumps/lumps-002.yml:1: objective: 'say-how-long' is not an objective of any lesson; "
        "one of: say-how-wide, tell-how-often-a-lump-hurts"
    )


def test_an_objective_without_an_item_is_told(course):
    (course / "exercises/items/lumps/lumps-002.yml").unlink()
    assert told(course) == (
        "book/lesson.md:1: objectives: no item tests 'say-how-wide'; write one, or drop the objective"
    )


def test_an_objective_of_two_lessons_is_told(course):
    shutil.copy(course / LESSON, course / "book/again.md")
    edit(course, "book/again.md", "```{quiz} lumps\n```\n", "")
    edit(course, "_toc.yml", "      - file: book/lesson\n", "      - file: book/lesson\n      - file: book/again\n")
    assert told(course) == "\n".join(
        f"book/again.md:1: objectives: '{id_}' is also an objective of book/lesson.md; give each objective its own id"
        for id_ in ("say-how-wide", "tell-how-often-a-lump-hurts")
    )


def test_a_damaged_lock_is_told(course):
    (course / "book/evidence/reviewed.json").write_text("{")
    assert told(course) == (
        "book/evidence/reviewed.json:1: file: is damaged; "
        "restore it from version control, or delete it and review everything"
    )


def test_faults_of_several_files_are_told_at_once(course):
    edit(course, "_toc.yml", "book/bibliography", "book/bibliographie")
    edit(course, LESSON, "minutes: 2", "minutes: 200")
    edit(course, "book/index.md", "lump-painful", "lump-sore")
    edit(course, ITEM, "revision: 1", "revision: 0")
    edit(course, STRUCTURES, "layer: nodule", "layer: hide")
    assert told(course) == (
        "_toc.yml:10: parts[1].chapters[1].file: 'book/bibliographie' has no page; "
        "create book/bibliographie.md or correct the name\n"
        "book/index.md:6: claim: 'lump-sore' is not a claim; an id of book/evidence/claims.yml\n"
        "book/lesson.md:4: minutes: is 200; input should be less than or equal to 90\n"
        "exercises/items/lumps/lumps-001.yml:2: revision: is 0; input should be greater than or equal to 1\n"
        "media/anatomy/sacroiliac/structures.yml:6: structures[0].layer: is 'hide'; "
        "allowed: 'skin', 'fat', 'fascia', 'muscle', 'nodule', 'nerve', 'ligament', 'bone' or 'region'"
    )


def test_a_faulty_ledger_is_told_without_all_that_rests_on_it(course):
    edit(course, "book/references.bib", "{2020}", "{20}")
    edit(course, LESSON, "minutes: 2", "minutes: 200")
    assert told(course) == (
        "book/lesson.md:4: minutes: is 200; input should be less than or equal to 90\n"
        "book/references.bib:1: writer2020.year: is '20'; four digits, or leave it out"
    )


def test_an_empty_folder_is_told_what_it_lacks(tmp_path):
    assert told(tmp_path) == (
        "_toc.yml:1: file: does not exist; create it or correct the name\n"
        "book/references.bib:1: file: does not exist; create it or correct the name"
    )


STATEMENT = "In 1,200 people from L2-3 to S1 it lay 31.7 mm away (range 9.0 to 54), in 56 % at T11 or L4/5."


@pytest.mark.parametrize(
    ("words", "foreign"),
    [
        ("31.7 mm", []),
        ("56 % of 1200 people", []),
        ("9 to 54 mm", []),
        ("L5, S1-S3, L3-4, L3–L5, T11 or C2/3", []),
        ("the 2nd of them, a 3D picture, 12mm", []),
        ("31 mm", ["31"]),
        ("31.75 mm", ["31.75"]),
        ("12 mm, 12 % and 54", ["12"]),
        ("9-12 mm", ["12"]),
        ("between 2 and 3 mm", ["2", "3"]),
        ("5 mm", ["5"]),
        ("200 people", ["200"]),
        ("about 60.", ["60"]),
        ("no figure", []),
    ],
)
def test_words_may_only_hold_figures_of_the_statement(words, foreign):
    assert foreign_figures(words, STATEMENT) == foreign


figures = st.lists(st.integers(0, 3000), max_size=5)


@given(figures, figures)
def test_every_figure_that_the_statement_lacks_is_told_once(typed, stated):
    words, statement = (", ".join(f"{n:,} mm at L{n}" for n in numbers) for numbers in (typed, stated))
    assert foreign_figures(words, statement) == [str(n) for n in dict.fromkeys(typed) if n not in stated]
