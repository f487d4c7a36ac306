"""The browser's scorer, held to the same tables as Python's, and what it tells of an item that changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from javascript import run

VECTORS = Path(__file__).parent / "vectors"


def test_scores_are_those_of_the_table():
    rows = json.loads((VECTORS / "score.json").read_text())
    results = run(
        """import { score } from "./score.js";
        done(data.map(({ kind, key, options, response }) => {
          try {
            return { score: score(kind, key, options, response) };
          } catch (error) {
            return { error: error instanceof RangeError };
          }
        }));""",
        rows,
    )
    given = ("note", "kind", "key", "options", "response")
    assert results == [{k: v for k, v in row.items() if k not in given} for row in rows]


def test_typed_numbers_are_those_of_the_table():
    rows = json.loads((VECTORS / "decimal.json").read_text())
    read = run("""import { decimal } from "./score.js"; done(data.map(({ typed }) => decimal(typed)));""", rows)
    assert read == [row["decimal"] for row in rows]


THEN = {
    "kind": "single", "stem": "What now?", "options": [["a", "Wait"], ["b", "Refer"], ["c", "Inject"]], "key": ["b"],
}  # fmt: skip
DOSE = {
    "kind": "numeric", "stem": "How much?", "options": [["mg", "mg"]],
    "key": {"value": 40, "tolerance": 0, "unit": "mg", "units": {"mg": 1}},
}  # fmt: skip
CASES = {**THEN, "kind": "matching", "cases": [["p", "A painter"], ["q", "A nurse"]], "key": ["p=a", "q=b"]}
STEPS = {**THEN, "kind": "ordering", "key": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("then", "change", "told"),
    [
        (THEN, {}, []),
        (THEN, {"options": THEN["options"][::-1]}, []),
        (THEN, {"stem": "What next?"}, ["the stem was reworded"]),
        (THEN, {"key": ["a"]}, ["another key is credited"]),
        (THEN, {"options": [*THEN["options"], ["d", "Image"]]}, ["the option “Image” was added"]),
        (THEN, {"options": THEN["options"][:2]}, ["the option “Inject” was taken out"]),
        (THEN, {"options": [*THEN["options"][:2], ["c", "Needle"]]}, ["the option “Inject” now reads “Needle”"]),
        (THEN, {"kind": "multiple"}, ["the item is answered in another way"]),
        (CASES, {"key": ["q=b", "p=a"]}, []),
        (CASES, {"cases": [["p", "A painter"], ["r", "A cook"]]},
         ["the case “A cook” was added", "the case “A nurse” was taken out"]),
        (STEPS, {"key": ["b", "a", "c"]}, ["another key is credited"]),
        (DOSE, {"key": {**DOSE["key"], "tolerance": 1}}, ["another key is credited"]),
        (DOSE, {"options": [["mg", "mg"], ["g", "g"]]}, ["the unit “g” was added"]),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_words(then, change, told):
    script = """import { changes } from "./changes.js"; done(changes(data.then, data.now));"""
    assert run(script, {"then": then, "now": then | change}) == told


@pytest.mark.parametrize(
    ("then", "response", "points"),
    [
        (THEN, ["b"], 1), (THEN, ["a"], 0), (THEN, [], None), (THEN, ["gone"], None),
        (DOSE, ["40", "mg"], 1), (DOSE, ["40", "g"], None), (CASES, ["p=a"], 0.5), (STEPS, ["a", "b", "c"], 1),
    ],
)  # fmt: skip
def test_an_old_submission_is_scored_by_the_key_of_its_time(then, response, points):
    script = """import { scoreSeen } from "./changes.js"; done(scoreSeen(data.then, data)?.points ?? null);"""
    assert run(script, {"then": then, "response": response}) == points


OPTIONS = [["a", "Ice"], ["b", "A sling"], ["c", "Rest"]]


@pytest.mark.parametrize(
    ("kind", "ids", "words"),
    [
        ("single", ["a"], "Ice"),
        ("multiple", ["a", "c"], "Ice; Rest"),
        ("multiple", [], ""),
        ("ordering", ["b", "a", "c"], "A sling, then Ice, then Rest"),
        ("matching", ["x=a", "y=b"], "A burn: Ice; A fall: A sling"),
        ("numeric", ["12.5", "mg"], "12.5 mg"),
        ("numeric", {"value": 40, "tolerance": 1, "unit": "mg", "units": {"mg": 1}}, "40 mg"),
    ],
)
def test_responses_and_keys_in_words(kind, ids, words):
    seen = {"kind": kind, "options": OPTIONS, "cases": [["x", "A burn"], ["y", "A fall"]]}
    script = 'import { inWords } from "./changes.js"; done(inWords(data.seen, data.ids));'
    assert run(script, {"seen": seen, "ids": ids}) == words
