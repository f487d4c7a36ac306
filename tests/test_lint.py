"""`lint` on items one by one: good ones have no findings, bad ones exactly those that stand beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.items.lint.figures import Range, figures, measure, numbers_within, template
from backmice.items.lint.options import form
from backmice.items.lint.rationales import foreign
from backmice.items.lint.rules import ITEM_RULES, RULES
from backmice.items.lint.run import lint
from backmice.items.lint.words import content, questions, sentences, telling

HERE = Path(__file__).parent
GOOD, BAD = (sorted((HERE / "lint" / folder).glob("*.yml")) for folder in ("good", "bad"))
STATEMENTS = {
    "lump-size": "Lumps were 9 to 54 mm wide; more than 50 mm counts as large.",
    "lump-painless": "In one series 18 of 20 lumps were painless and stayed so.",
    "lump-share": "Of 200 lumps 180 were painless.",
}


def put(root: Path, path: Path) -> None:
    folder = root / "exercises/items" / path.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder)


def found(root: Path, *names: str) -> str:
    return "".join(f"{finding}\n" for finding in lint(root, STATEMENTS, names).findings)


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_a_good_item_has_no_findings(path, tmp_path):
    put(tmp_path, path)
    assert found(tmp_path, path.stem) == ""


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_a_bad_item_has_the_findings_beside_it(path, tmp_path):
    put(tmp_path, path)
    assert found(tmp_path, path.stem) == path.with_suffix(".txt").read_text()


def test_every_rule_on_items_is_broken_by_a_bad_item(tmp_path):
    told = "".join(path.with_suffix(".txt").read_text() for path in BAD)
    assert [rule.id for rule in ITEM_RULES if f": {rule.id}: " not in told] == []


def test_a_finding_is_waived_by_a_written_reason_and_counted(tmp_path):
    for path in GOOD:
        put(tmp_path, path)
    report = lint(tmp_path, STATEMENTS, ["good"])
    assert (report.findings, report.waived) == ([], 1)


def test_items_are_named_by_id_file_or_folder(tmp_path):
    for name in ("good/plain", "bad/units", "bad/cues"):
        put(tmp_path, HERE / "lint" / f"{name}.yml")
    units, cues = ((HERE / f"lint/bad/{name}.txt").read_text() for name in ("units", "cues"))
    assert found(tmp_path, "units") == units
    assert found(tmp_path, "exercises/items/bad/units.yml") == units
    assert found(tmp_path, "bad/units.yml", "units") == units
    assert found(tmp_path, "bad") == cues + units
    with pytest.raises(ValueError, match="^'nits' is no item that can be read; name an id, a file or a folder"):
        lint(tmp_path, STATEMENTS, ["nits"])


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path):
    put(tmp_path, HERE / "lint/bad/units.yml")
    (tmp_path / "exercises/items/bad/half.yml").write_text("id: half\nkind: single\n")
    report = lint(tmp_path, STATEMENTS, ["units"])
    assert {fault.file for fault in report.unread} == {"exercises/items/bad/half.yml"}
    assert "".join(f"{finding}\n" for finding in report.findings) == (HERE / "lint/bad/units.txt").read_text()


def test_every_rule_has_reason_source_and_example():
    assert [rule.id for rule in RULES if not (rule.reason and rule.source and rule.example)] == []
    assert len({rule.id for rule in RULES}) == len(RULES)


# Words and figures.


def test_sentences_end_before_a_capital_letter():
    text = "It is 3.5 mm wide, i.e. small. Does it hurt? Choose all that apply."
    assert sentences(text) == ["It is 3.5 mm wide, i.e. small.", "Does it hurt?", "Choose all that apply."]
    assert questions(text) == ["Does it hurt?"]


def test_words_of_content_are_stemmed():
    assert content("The growing lumps of the patients") == {"grow", "lump", "patient"}
    assert telling("The growing lumps of the patients") == {"grow", "lump"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,200 of 2,000 people, 3.5 % each", ["1200", "2000", "3.5"]),
        ("L5, S1-S3, T11 and vitamin B12", []),
        ("50mm and 3D", []),
        ("9-12 mm", ["9", "12"]),
    ],
)
def test_figures_are_numbers_that_are_no_names(text, found):
    assert figures(text) == found


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("about 20 mm", (20.0, "mm")),
        ("1,000 ml of water", (1000.0, "ml")),
        ("6 weeks", (6.0, "week")),
        ("100 %", (100.0, "%")),
        ("20 patients", None),
        ("The first 20 mm", None),
    ],
)
def test_a_measure_opens_an_option(text, amount):
    assert measure(text) == amount


def test_a_template_is_what_stands_around_numbers():
    assert template("SPF 50") == ("spf #", (50.0,))
    assert template("Two to 5 days") == ("# to # days", (2.0, 5.0))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("2 to 4 hours", "4 to 6 hours", True),
        ("2 to 4 hours", "5 to 6 hours", False),
        ("2-4 h", "3-6 h", True),
        ("Less than 30 minutes", "30 to 60 minutes", False),
        ("Up to 30 minutes", "30 to 60 minutes", True),
        ("More than 60 minutes", "30 to 60 minutes", False),
        ("At least 60 minutes", "30 to 60 minutes", True),
        ("60 minutes or more", "Under 60 minutes", False),
    ],
)
def test_ranges_overlap_where_they_share_a_number(one, other, overlap):
    assert numbers_within(one).overlaps(numbers_within(other)) is overlap


ends = st.tuples(st.integers(0, 99), st.integers(0, 99)).filter(lambda pair: pair[0] < pair[1])


@settings(deadline=None)
@given(ends, ends)
def test_ranges_overlap_as_sets_of_numbers_do(one, other):
    shared = set(range(one[0], one[1] + 1)) & set(range(other[0], other[1] + 1))
    touching = {one[0], one[1]} & {other[0], other[1]}
    first, second = (numbers_within(f"{low} to {high} mm") for low, high in (one, other))
    assert first == Range(*one)
    assert first.overlaps(second) == second.overlaps(first) == bool(shared or touching)


@pytest.mark.parametrize(
    ("option", "shape"),
    [
        ("Haemolysis", "fragment"),
        ("A scan this week", None),
        ("Iron has been lost", "sentence"),
        ("It slips away", "sentence"),
        ("A lump that has grown", None),
        ("Ask again in a week.", "sentence"),
    ],
)
def test_the_form_of_an_option_is_told_where_it_is_certain(option, shape):
    assert form(option) == shape


@pytest.mark.parametrize(
    ("rationale", "known", "strange"),
    [
        ("In 65 % it lay there.", {65}, []),
        ("In 75 % it lay there.", {65}, ["75"]),
        ("The gap is about 20 mm.", {45.2, 64.7}, []),
        ("That is 90 %.", {180, 200}, []),
        ("82 % against 29 % is a ratio of 2.8.", {82, 29}, []),
        ("A ratio of 2.8 is small.", {82, 29}, ["2.8"]),
        ("0.94 ÷ (1 − 0.78) = 0.94 ÷ 0.22 = 4.27.", {94, 78}, []),
        ("0.94 ÷ (1 − 0.78) = 0.94 ÷ 0.22 = 4.72.", {94, 78}, ["4.72"]),
        ("At L5 and S1-S3 nothing is counted.", set(), []),
    ],
)
def test_figures_are_foreign_unless_they_follow(rationale, known, strange):
    assert foreign(rationale, {float(number) for number in known}) == strange


@settings(deadline=None)
@given(st.sets(st.integers(1, 500).map(float), max_size=6))
def test_known_figures_are_never_foreign(known):
    assert foreign(" and ".join(f"{number:g} mm" for number in known), known) == []


def test_the_ledger_spells_out_values_beside_statements():
    assert load_ledger(HERE / "course").spelled_out()["lump-size"] == (
        "In 30 people with a lump its mean width was 28.5 mm, from 9 to 54 mm. "
        "28.5\N{NO-BREAK SPACE}mm (mean, SD 11.2, range 9 to 54, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}30)"
    )


# The command.


CLAIM = """
- {id: %s, topic: symptoms, statement: "%s", sources: [writer2020], design: guideline, about: record,
   certainty: high, known: verified}
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose bank is empty."""
    shutil.copytree(HERE / "course/book", tmp_path / "book")
    ledger = "".join(CLAIM % claim for claim in STATEMENTS.items())
    (tmp_path / "book/evidence/claims.yml").write_text(ledger)
    return tmp_path


def run(root: Path, *given: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["lint", *given, "--root", str(root)])
    return result.exit_code, result.output


FIGURES = """\
Bank: 2 items (1 single, 1 numeric)
Key position, 1 single-key items with 3 options: a 0 b 0 c 1; chi-square 2.00, df 2, p = 0.3679 \
(rough: fewer than 5 expected in each place)
Longest option is the key: 1 of 1 (100%, 95 % interval 21% to 100%); by chance 33%
Stem-blind, best of 9: longest, 1.00 of 1; by chance the best earns 1.00 to 1.00
Levels: recall 0 (0%), application 1 (50%), analysis 1 (50%)
Blueprint: no plan of the bank yet (exercises/bank.yml)
"""


def test_the_command_prints_the_figures_of_a_sound_bank(course):
    put(course, HERE / "lint/good/plain.yml")
    put(course, HERE / "lint/good/worked-out.yml")
    assert run(course) == (0, f"{FIGURES}No findings.\n")


def test_the_command_prints_findings_and_fails(course):
    put(course, HERE / "lint/bad/units.yml")
    told = (HERE / "lint/bad/units.txt").read_text()
    assert run(course, "units") == (1, f"{told}2 findings\n")


def test_the_command_refuses_a_name_that_is_no_item(course):
    assert run(course, "nits") == (
        1, "'nits' is no item that can be read; name an id, a file or a folder of exercises/items\n",
    )  # fmt: skip


def test_the_command_says_that_files_cannot_be_read(course):
    put(course, HERE / "lint/good/plain.yml")
    (course / "exercises/items/good/half.yml").write_text("id: half\nkind: single\n")
    code, printed = run(course)
    assert (code, printed.splitlines()[-1]) == (1, "1 of the files can't be read: backmice check says why")


def test_the_command_prints_every_rule(course):
    code, printed = run(course, "--rules")
    paragraphs = printed.rstrip("\n").split("\n\n")
    assert code == 0
    assert [paragraph.splitlines()[0] for paragraph in paragraphs] == [rule.id for rule in RULES]
    assert paragraphs[3] == (
        "mixed-unit\n"
        "  Why: The reader converts units instead of weighing the amounts.\n"
        "  Source: NBME, inconsistent numeric data; HDR 23\n"
        "  Example: 250 mg / 1 g"
    )


def test_the_command_says_that_the_ledger_is_faulty(tmp_path):
    assert run(tmp_path) == (
        1, "book/references.bib:1: file: does not exist; create it or correct the name\n",
    )  # fmt: skip
