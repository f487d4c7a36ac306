"""`lint` on a whole bank: twins, places of keys, length, levels, gaps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from backmice.items.item import Item
from backmice.items.lint import bank
from backmice.items.lint.run import lint
from backmice.items.model import KINDS

WORDS = ["amber", "birch", "cedar", "daisy", "elder", "fern", "gorse", "hazel", "iris", "juniper", "kale", "lilac"]


def item(number: int, key: str = "a", *, size: int = 3, long: str = "", level: str = "application") -> Item:
    """An item about words of its own."""
    word = WORDS[number % len(WORDS)] * (number // len(WORDS) + 1)
    options = [
        {"id": id_, "text": f"{word} {id_}" + (" of the longer sort" if id_ == long else ""),
         "rationale": "It says why it tempts and fails.", "claims": ["known"]}
        for id_ in "abcdefgh"[:size]
    ]  # fmt: skip
    fields = {
        "id": f"item-{number:03}", "revision": 1, "kind": "single", "topic": "plants", "objective": "name-it",
        "level": level, "stem": f"Why is {word} told apart from others by its leaf?", "options": options, "key": [key],
        "claims": ["known"],
    }  # fmt: skip
    return TypeAdapter(KINDS["single"]).validate_json(json.dumps(fields))


def test_places_of_keys_are_tested_by_number_of_options():
    items = [*(item(n, "b") for n in range(12)), *(item(n, "abcd"[n % 4], size=4) for n in range(20))]
    (three, crowded), (four, even) = bank.key_positions(items)
    assert three == (
        "Key position, 12 single-key items with 3 options: a 0 b 12 c 0; chi-square 24.00, df 2, p < 0.0001 "
        "(rough: fewer than 5 expected in each place)"
    )
    assert str(crowded) == (
        "exercises/items:1: key-position: keys of items with 3 options stand at a 0 b 12 c 0, p < 0.0001; "
        "move keys to the places that are short"
    )
    assert (
        four == "Key position, 20 single-key items with 4 options: a 5 b 5 c 5 d 5; chi-square 0.00, df 3, p = 1.0000"
    )
    assert even is None


def test_a_key_that_is_longest_too_often_is_told():
    line, finding = bank.length_cue([item(n, "a", long="a") for n in range(8)])
    share = "8 of 8 (100%, 95 % interval 68% to 100%); by chance 33%"
    assert line == f"Longest option is the key: {share}"
    assert str(finding) == (
        f"exercises/items:1: length-cue: the longest option is the key in {share}; cut keys and lengthen distractors"
    )


def test_a_key_that_is_longest_too_seldom_is_told_as_well():
    line, finding = bank.length_cue([item(n, "a", long="b") for n in range(12)])
    share = "0 of 12 (0%, 95 % interval 0% to 24%); by chance 33%"
    assert line == f"Longest option is the key: {share}"
    assert str(finding) == (
        f"exercises/items:1: length-cue: the longest option is the key in {share}; lengthen keys and cut distractors"
    )


def test_equally_long_options_share_the_credit():
    assert bank.longest_pays(item(1, "a")) == pytest.approx(1 / 3)
    assert bank.longest_pays(item(1, "a", long="b")) == 0
    assert bank.length_cue([item(n) for n in range(6)]) == (
        "Longest option is the key: 2 of 6 (33%, 95 % interval 10% to 70%); by chance 33%", None,
    )  # fmt: skip


def test_cues_that_pay_without_the_stem_are_told():
    ((line, finding),) = bank.stem_blind([item(n, "a", long="a") for n in range(20)])
    best = "longest, 20.00 of 20; by chance the best earns 7.00 to 12.00"
    assert line == f"Stem-blind, best of 9: {best}"
    assert str(finding) == (
        f"exercises/items:1: stem-blind: the best of 9 programs that never read a stem is {best}; "
        "see backmice lint --blind, and take out what the options give away"
    )


def test_keys_without_a_cue_are_within_chance():
    ((_, finding),) = bank.stem_blind([item(n, "abc"[n % 3], long="abc"[n // 3 % 3]) for n in range(18)])
    assert finding is None
    assert list(bank.stem_blind([])) == []


def test_too_much_recall_is_told():
    items = [item(1, level="recall"), item(2, level="recall"), item(3), item(4, level="analysis")]
    line, finding = bank.level_mix(items)
    assert line == "Levels: recall 2 (50%), application 1 (25%), analysis 1 (25%)"
    assert str(finding) == (
        "exercises/items:1: level-mix: 2 of 4 items ask for recall, more than 25%; "
        "ask for application and analysis instead"
    )
    assert bank.level_mix(items[1:])[1] is not None
    assert bank.level_mix(items[2:])[1] is None


def test_items_in_the_same_words_are_twins():
    one, other = item(1), item(2)
    same = one.model_copy(update={"id": "item-009", "key": ("b",)})
    assert bank.twins({i.id: i for i in (one, other, same)}) == [("item-001", "item-009", 1.0)]


def put(root: Path, *items: Item) -> None:
    folder = root / "exercises/items/plants"
    folder.mkdir(parents=True, exist_ok=True)
    for one in items:
        (folder / f"{one.id}.yml").write_text(json.dumps(one.model_dump(exclude_none=True)))


def test_the_later_of_two_twins_is_told_and_may_be_waived(tmp_path):
    one, other = item(1, "a"), item(1, "b").model_copy(update={"id": "item-002"})
    put(tmp_path, one, other)
    (finding,) = lint(tmp_path, {}, ["plants"]).findings
    assert str(finding) == (
        "exercises/items/plants/item-002.yml:1: twin-items: shares 100% of its wording with item-001; "
        "ask something else, or drop one of the two"
    )
    waived = other.model_copy(update={"waivers": {"twin-items": "The pair is used in one lesson to compare the two."}})
    put(tmp_path, waived)
    report = lint(tmp_path, {}, ["plants"])
    assert (report.findings, report.waived) == ([], 1)


PLAN = "at_least: 3\nrecall_at_most: 0.25\nareas:\n- {id: plants, title: Plants, topics: [plants], at_least: 1}\n"


def test_gaps_of_the_plan_are_told_and_its_share_of_recall_goes_first(tmp_path):
    put(tmp_path, item(1, level="recall"), item(2))
    (tmp_path / "exercises/bank.yml").write_text(PLAN)
    report = lint(tmp_path, {})
    assert "\n".join(map(str, report.findings)) == (
        "exercises/bank.yml:1: blueprint-gap: at_least: the bank has 2 of 3 items; write more\n"
        "exercises/bank.yml:2: blueprint-gap: recall_at_most: 1 of 2 items ask for recall, more than 25%; "
        "ask for application and analysis instead"
    )
    assert report.figures[-1] == "Blueprint: 2 gaps"


def test_an_empty_bank_has_no_figures(tmp_path):
    report = lint(tmp_path, {})
    assert (report.findings, report.figures) == ([], [])
