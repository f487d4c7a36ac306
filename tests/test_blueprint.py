"""The plan of the bank and the blueprints of exams: what is read, what is refused, what the bank lacks."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from backmice.items.blueprint import Area, Blueprint, Count, Plan, load_blueprints, shortfalls
from backmice.located import LocatedError

PLAN = """\
at_least: 4
recall_at_most: 0.5
areas:
  - {id: lumps, title: Lumps, topics: [lump, when-to-image], at_least: 3}
  - {id: pains, title: Pains, topics: [pain], at_least: 1}
"""
EXAM = """\
id: short
title: A short exam
intro: Three items and a cup of tea.
minutes: 5
counts:
  - {area: lumps, level: application, count: 2}
  - {area: pains, level: analysis, count: 1}
"""


def course(root: Path, plan: str | None = PLAN, exam: str | None = EXAM) -> Path:
    (root / "exercises/blueprints").mkdir(parents=True)
    if plan is not None:
        (root / "exercises/bank.yml").write_text(plan)
    if exam is not None:
        (root / "exercises/blueprints/short.yml").write_text(exam)
    return root


def bank(*cells: str) -> dict[str, SimpleNamespace]:
    """Return items from cells like "lump recall"."""
    found = {}
    for i, cell in enumerate(cells):
        topic, level = cell.split()
        found[f"{topic}-{i:03}"] = SimpleNamespace(topic=topic, level=level)
    return found


WHOLE = bank("lump application", "lump application", "when-to-image recall", "pain analysis")


def test_plan_and_exam_are_read_whole(tmp_path):
    found = load_blueprints(course(tmp_path))
    assert found.plan == Plan(
        at_least=4,
        recall_at_most=0.5,
        areas=(
            Area(id="lumps", title="Lumps", topics=("lump", "when-to-image"), at_least=3),
            Area(id="pains", title="Pains", topics=("pain",), at_least=1),
        ),
    )
    assert found.exams == {
        "short": Blueprint(
            id="short", title="A short exam", intro="Three items and a cup of tea.", minutes=5,
            counts=(
                Count(area="lumps", level="application", count=2), Count(area="pains", level="analysis", count=1)
            ),
        )
    }  # fmt: skip
    assert found.exams["short"].items == 3


def test_a_course_without_either_has_neither(tmp_path):
    found = load_blueprints(tmp_path)
    assert (found.plan, found.exams) == (None, {})
    assert shortfalls(found, WHOLE) == []


BANK = "exercises/bank.yml"
SHORT = "exercises/blueprints/short.yml"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("at_least: 4", "at_least: 0", f"{BANK}:1: at_least: is 0; input should be greater than or equal to 1"),
        ("at_least: 4", "least: 4",
         (f"{BANK}:1: at_least: is missing; this field is required\n"
          f"{BANK}:1: least: is not a known field; remove it or correct its name")),
        ("0.5", "1.5", f"{BANK}:2: recall_at_most: is 1.5; input should be less than or equal to 1"),
        ("[pain]", "[pain, lump]", f"{BANK}:3: areas: 'lump' stands twice; name it once"),
        ("id: pains", "id: lumps", f"{BANK}:3: areas: 'lumps' stands twice; name it once"),
        ("areas:", "titles: {aches: Aches}\nareas:",
         f"{BANK}:3: titles: 'aches' is not a topic of an area; allowed: lump, when-to-image, pain"),
        ("[pain]", "[]", f"{BANK}:5: areas[1].topics: has 0; give at least 1"),
    ],
)  # fmt: skip
def test_bad_plan_tells_its_author(tmp_path, old, new, told):
    assert PLAN.count(old) == 1
    with pytest.raises(LocatedError) as caught:
        load_blueprints(course(tmp_path, PLAN.replace(old, new), exam=None))
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: short", "id: long", f"{SHORT}:1: id: 'long' is not the file name 'short'; make the two agree"),
        ("minutes: 5", "minutes: 601", f"{SHORT}:4: minutes: is 601; input should be less than or equal to 600"),
        ("area: pains", "area: aches", f"{SHORT}:7: counts[1].area: 'aches' is not an area of the plan; one of: lumps, pains"),
        ("level: analysis", "level: wisdom", f"{SHORT}:7: counts[1].level: is 'wisdom'; allowed: 'recall', 'application' or 'analysis'"),
        ("count: 1", "count: 0", f"{SHORT}:7: counts[1].count: is 0; input should be greater than or equal to 1"),
        ("{area: pains, level: analysis", "{area: lumps, level: application",
         f"{SHORT}:5: counts: 'lumps, application' stands twice; name it once"),
    ],
)  # fmt: skip
def test_bad_blueprint_tells_its_author(tmp_path, old, new, told):
    assert EXAM.count(old) == 1
    with pytest.raises(LocatedError) as caught:
        load_blueprints(course(tmp_path, exam=EXAM.replace(old, new)))
    assert str(caught.value) == told


def test_an_exam_without_a_plan_is_told(tmp_path):
    with pytest.raises(LocatedError) as caught:
        load_blueprints(course(tmp_path, plan=None))
    assert str(caught.value) == "\n".join(
        f"{SHORT}:{line}: counts[{i}].area: '{area}' is not an area of the plan; write {BANK} first"
        for i, (line, area) in enumerate([(6, "lumps"), (7, "pains")])
    )


def lacks(root: Path, items: dict[str, SimpleNamespace]) -> str:
    return "\n".join(map(str, shortfalls(load_blueprints(course(root)), items)))


def test_a_bank_that_fills_its_plan_lacks_nothing(tmp_path):
    assert lacks(tmp_path, WHOLE) == ""


@pytest.mark.parametrize(
    ("items", "told"),
    [
        (bank("lump application", "lump application", "lump recall", "pain analysis"),
         f"{BANK}:4: areas[0].topics[1]: topic 'when-to-image' has no item; correct its name"),
        (bank("lump application", "lump application", "when-to-image analysis", "pain analysis", "hip analysis"),
         f"{BANK}:3: areas: no area holds the topic 'hip'; add it to one"),
        (bank("lump application", "when-to-image recall", "when-to-image recall", "pain analysis", "pain recall"),
         (f"{BANK}:2: recall_at_most: 3 of 5 items ask for recall, more than 50%; ask for application and analysis instead\n"
          f"{SHORT}:6: counts[0].count: asks for 2; area 'lumps' has 1 of level application; ask for fewer or write more")),
        (bank("lump application", "when-to-image application", "pain analysis"),
         (f"{BANK}:1: at_least: the bank has 3 of 4 items; write more\n"
          f"{BANK}:4: areas[0].at_least: area 'lumps' has 2 of 3 items; write more")),
    ],
    ids=["topic-empty", "topic-homeless", "too-much-recall", "too-few"],
)  # fmt: skip
def test_what_the_bank_lacks_is_told(tmp_path, items, told):
    assert lacks(tmp_path, items) == told
