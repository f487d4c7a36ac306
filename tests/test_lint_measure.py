"""Precision and recall of the rules, on items written for it. What the whole set gives stands in lint/measured.txt."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from backmice.cli import main
from backmice.items.lint.measure import Row, measure, read_set, sample, share, table, verdicts
from backmice.items.lint.rules import ITEM_RULES

REPOSITORY = Path(__file__).resolve().parent.parent
SET = REPOSITORY / "tests/lint/set"
RATIONALE = "It says why it tempts and fails."
BASE = {
    "id": "sprain", "stem": "Which of these helps a fresh sprain?", "key": "a",
    "options": {"a": f"Ice | {RATIONALE}", "b": f"Heat | {RATIONALE}", "c": f"Salt | {RATIONALE}"},
}  # fmt: skip
CLEAN = sample(BASE)
FOUND = sample(BASE | {"stem": "Which of these does not help a fresh sprain?", "breaks": ["negative-stem"]})
MISSED = sample(BASE | {"breaks": ["negative-stem"]})
FALSE = sample(BASE | {"stem": "Which of these does not help a fresh sprain?"})


def test_short_fields_stand_for_an_item():
    item = CLEAN.item
    assert (item.kind, item.level, item.key, item.claims) == ("single", "recall", ("a",), ("general",))
    assert [(o.id, o.text, o.rationale, o.claims) for o in item.options] == [
        ("a", "Ice", RATIONALE, ("general",)), ("b", "Heat", RATIONALE, ()), ("c", "Salt", RATIONALE, ()),
    ]  # fmt: skip


def test_findings_are_right_false_or_missed():
    rows = {row.rule: row for row in measure([CLEAN, FOUND, MISSED, FALSE], {})}
    assert rows["negative-stem"] == Row("negative-stem", right=1, false=1, missed=1)
    assert rows["all rules"] == Row("all rules", right=1, false=1, missed=1)
    assert rows["vague"] == Row("vague", 0, 0, 0)
    assert verdicts([CLEAN, FOUND, MISSED, FALSE], {}) == Row("flawed or not", right=1, false=1, missed=1)


@pytest.mark.parametrize(
    ("hits", "n", "words"), [(8, 10, "0.80 (0.49 to 0.94)"), (0, 3, "0.00 (0.00 to 0.56)"), (0, 0, "-")]
)
def test_a_share_is_told_with_its_interval(hits, n, words):
    assert share(hits, n) == words


def test_the_table_has_a_row_for_each_rule():
    lines = table("sample", [CLEAN, FOUND], {}).splitlines()
    assert lines[:2] == [
        "sample: 1 flawed and 1 clean items",
        "rule               right false missed  precision (95 %)       recall (95 %)",
    ]
    assert [line.split()[0] for line in lines[2:-2]] == [rule.id for rule in ITEM_RULES]
    assert lines[-2:] == [
        "all rules              1     0      0  1.00 (0.21 to 1.00)    1.00 (0.21 to 1.00)",
        "flawed or not          1     0      0  1.00 (0.21 to 1.00)    1.00 (0.21 to 1.00)",
    ]


def test_the_set_has_flawed_and_clean_items_in_both_parts_and_no_id_twice():
    parts, statements = read_set(SET)
    counts = {part: (sum(bool(s.breaks) for s in all_), len(all_)) for part, all_ in parts.items()}
    assert counts == {"tuning": (57, 98), "heldout": (35, 58)}
    ids = [s.item.id for samples in parts.values() for s in samples]
    assert len(ids) == len(set(ids))
    assert {id_ for samples in parts.values() for s in samples for id_ in s.item.all_claims()} == set(statements)


def test_every_rule_is_broken_in_both_parts():
    parts, _ = read_set(SET)
    for samples in parts.values():
        assert {rule for s in samples for rule in s.breaks} == {rule.id for rule in ITEM_RULES}


def test_what_the_rules_reach_is_what_was_written_down():
    """After a change of a rule: backmice lint --measure > tests/lint/measured.txt, and read the difference."""
    result = CliRunner().invoke(main, ["lint", "--measure", "--root", str(REPOSITORY)])
    assert result.output == (REPOSITORY / "tests/lint/measured.txt").read_text()
