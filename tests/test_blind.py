"""Programs that never read a stem: what each takes, and what its score is worth."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from random import Random

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from backmice.cli import main
from backmice.items.blind import PROGRAMS, best_by_chance, blind, credit, sat, scores, table
from backmice.items.item import Item
from backmice.items.model import KINDS
from backmice.sphinx_ext import blind as directive
from backmice.sphinx_ext import claim

HERE = Path(__file__).parent
OPTIONS = (
    "Ice on the ankle",
    "Ice on the ankle, and perhaps a support (two weeks)",
    "A cast",
    "Ice on the knee",
)


def item(number: int, *, key: int = 0, kind: str = "single", credited: list[str] | None = None) -> Item:
    fields = {
        "id": f"sprain-{number:03}", "revision": 1, "kind": kind, "topic": "sprain", "objective": "treat-it",
        "level": "recall", "stem": "Which of them helps?", "claims": ["lump-size"],
        "options": [
            {"id": "abcd"[i], "text": text, "rationale": "It helps a little.", "claims": ["lump-size"]}
            for i, text in enumerate(OPTIONS)
        ],
        "key": credited or ["abcd"[key]],
    }  # fmt: skip
    return TypeAdapter(KINDS[kind]).validate_json(json.dumps(fields))


@pytest.mark.parametrize(
    ("program", "taken"),
    [
        ("longest", [0, 1, 0, 0]),
        ("shortest", [0, 0, 1, 0]),
        ("most specific", [0, 1, 0, 0]),
        ("odd one out", [0, 0, 1, 0]),
        ("convergence", [1, 0, 0, 0]),
        ("most hedged", [0, 1, 0, 0]),
        ("first", [1, 0, 0, 0]),
        ("middle", [0, 0.5, 0.5, 0]),
        ("last", [0, 0, 0, 1]),
    ],
)
def test_a_program_takes_what_it_prefers(program, taken):
    assert credit(PROGRAMS[program][1], OPTIONS) == taken


def test_a_program_without_a_preference_earns_what_chance_does():
    assert credit(PROGRAMS["most hedged"][1], ("a cast", "a knee", "a shoe", "a toe")) == [0.25] * 4


texts = st.lists(st.text("ab (1", min_size=1, max_size=9), min_size=3, max_size=6)


@settings(deadline=None)
@given(st.sampled_from(sorted(PROGRAMS)), texts)
def test_a_program_gives_away_one_point_in_all(program, options):
    assert sum(credit(PROGRAMS[program][1], options)) == pytest.approx(1)


@settings(deadline=None)
@given(texts)
def test_the_order_of_options_means_nothing_to_programs_that_read_them(options):
    for program, (_, preference) in PROGRAMS.items():
        if program not in ("first", "middle", "last"):
            turned = credit(preference, options[::-1])[::-1]
            assert credit(preference, options) == pytest.approx(turned)


def test_items_without_one_key_are_not_sat():
    several = item(2, kind="multiple", credited=["a", "b"])
    assert sat([item(1), several]) == [item(1)]
    assert blind([several]) is None
    assert table(None) == "No item with one key to sit."


def test_scores_are_summed_over_items():
    earned = [[[1, 0], [0.5, 0.5]], [[0, 1], [1, 0]]]
    assert scores(earned, [0, 0]) == [1, 1.5]


def test_the_best_of_several_earns_more_than_one_does():
    one = [[[1.0, 0.0, 0.0, 0.0]]] * 40
    three = [[[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]] * 40
    assert best_by_chance(one, Random(1), 2000) == (5, 16)
    assert best_by_chance(three, Random(1), 2000) == (10, 17)


TABLE = """\
24 items with one key; 6.0 expected by chance
program          score  share  95 % of chance       p  verdict
longest          24.00   100%  2 to 10          0.000  above chance
shortest          0.00     0%  2 to 10          1.000  below chance
most specific    24.00   100%  2 to 10          0.000  above chance
odd one out       0.00     0%  2 to 10          1.000  below chance
convergence       0.00     0%  2 to 10          1.000  below chance
most hedged      24.00   100%  2 to 10          0.000  above chance
first             0.00     0%  2 to 10          1.000  below chance
middle           12.00    50%  2 to 10          0.007  above chance
last              0.00     0%  2 to 10          1.000  below chance
Best of 9: longest, 24.00 of 24.
With keys drawn at random the best of these 9 programs scores 7.00 to 12.00 in 95 % of 4000 draws: above chance: \
the options give keys away.
Bonferroni: up to 12 is within chance for any one of 9."""


def test_the_table_says_what_each_score_is_worth():
    result = blind(item(n, key=1) for n in range(24))
    assert table(result) == TABLE
    assert not result.within


def test_a_bank_whose_keys_are_spread_is_within_chance():
    result = blind(item(n, key=n % 4) for n in range(24))
    assert [(row.score, row.verdict) for row in result.rows] == [(6, "within chance")] * 9
    assert result.within


def test_the_same_seed_gives_the_same_interval():
    bank = [item(n, key=n % 3) for n in range(12)]
    assert blind(bank, seed=7, draws=200) == blind(bank, seed=7, draws=200)


def put(root: Path, count: int) -> None:
    folder = root / "exercises/items/sprain"
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        one = item(n, key=1)
        (folder / f"{one.id}.yml").write_text(json.dumps(one.model_dump(exclude_none=True)))


def test_the_command_prints_the_table(tmp_path):
    put(tmp_path, 24)
    result = CliRunner().invoke(main, ["lint", "--blind", "--root", str(tmp_path)])
    assert (result.exit_code, result.output) == (0, f"{TABLE}\n")


def build(book: Path, builder: str) -> str:
    with warnings.catch_warnings(), docutils_namespace():
        warnings.simplefilter("ignore")  # Sphinx's own
        settings = {"extensions": ["myst_parser"], "html_theme": "basic", "exclude_patterns": ["_build", "book"]}
        app = Sphinx(
            book, None, book / "_build" / builder, book / "_build/trees", builder, settings, status=None,
            warningiserror=True,
        )  # fmt: skip
        claim.register(app)
        directive.register(app)
        app.build()
    (page,) = (book / "_build" / builder).glob("index.*")
    return page.read_text()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A page for instructors, and a bank whose key is the longest option."""
    shutil.copytree(HERE / "course/book", tmp_path / "book")
    (tmp_path / "index.md").write_text("# Bank\n\n```{stem-blind}\n```\n")
    put(tmp_path, 24)
    return tmp_path


def test_the_page_holds_a_row_for_each_program(book):
    page = BeautifulSoup(build(book, "html"), "html.parser")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in page.select(".tabular tr")]
    assert len(rows) == 1 + len(PROGRAMS)
    assert rows[0] == ["Program takes", "Right", "95\N{NO-BREAK SPACE}% of chance", "Verdict"]
    assert rows[1] == ["The option with the most characters", "24.0", "2 to 10", "Above chance"]
    assert rows[8] == ["The option nearest the middle of the list", "12.0", "2 to 10", "Above chance"]
    assert "Best of 9: longest, 24.00 of 24." in page.get_text()


def test_the_page_follows_the_bank(book):
    build(book, "html")
    put(book, 30)
    assert "30 items with one key" in build(book, "html")


def test_paper_gets_the_same_as_text(book):
    printed = build(book, "text")
    assert "longest          24.00   100%  2 to 10          0.000  above chance" in printed


@pytest.mark.parametrize("builder", ["html", "text"])
def test_a_bank_without_such_items_says_so(book, builder):
    shutil.rmtree(book / "exercises")
    assert "No item with one key to sit." in BeautifulSoup(build(book, builder), "html.parser").get_text()
