"""Exports, read back for every item of the bank by programs that are not ours where there is one."""

import base64
import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import PIL.Image
import pytest
from click.testing import CliRunner
from javascript import _node
from lxml import etree
from moodle_xml_parser.parser import parse_bytes

from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.export.paper import ExportError, choose
from backmice.export.target import TARGETS
from backmice.items.blueprint import load_blueprints
from backmice.items.draw import draw_exam
from backmice.items.load import load_bank
from backmice.items.model import KINDS, ChoiceItem

ROOT = Path(__file__).parents[1]
#: What Moodle lets an answer be worth, in per cent.
FRACTIONS = {
    100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10, 5, 0
}  # fmt: skip


@cache
def bank():
    return load_bank(ROOT, load_ledger(ROOT)), load_blueprints(ROOT)


@cache
def paper():
    return choose(ROOT, *bank(), "bank")


@cache
def written(target):
    return TARGETS[target].content(paper())


def of_kind(*kinds):
    return [item for item in paper().items if item.kind in kinds]


@cache
def questions():
    found = etree.fromstring(written("moodle")).findall("question")
    return {q.findtext("idnumber"): q for q in found if q.get("type") != "category"}


def worth(item, option):
    share = 100 / len(item.key)
    return share if option.id in item.key else -share if item.kind == "multiple" else 0


def test_a_blueprint_gives_what_its_seed_draws():
    read, blueprints = bank()
    drawn = draw_exam(read.items, blueprints.plan, blueprints.exams["final"], 7)
    assert choose(ROOT, read, blueprints, "final", 7).items == drawn


@pytest.mark.parametrize(
    ("name", "seed", "words"),
    [
        ("nothing", None, "'nothing' is no quiz, blueprint or topic; one of: bank, "),
        ("final", None, "'final' is a blueprint; give the seed that draws from it, such as --seed 1"),
        ("bank", 1, "'bank' is no blueprint, so --seed decides nothing; leave it out"),
    ],
)
def test_what_cannot_be_chosen(name, seed, words):
    with pytest.raises(ExportError) as caught:
        choose(ROOT, *bank(), name, seed)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_says_how_it_holds_each_kind_and_writes_the_same_bytes(target):
    assert set(TARGETS[target].losses) == set(KINDS)
    assert all(loss.why for loss in TARGETS[target].losses.values() if loss.how != "native")
    assert TARGETS[target].content(paper()) == written(target)


def test_another_process_writes_the_same_bytes():
    script = (
        "import hashlib, sys; from pathlib import Path; from backmice.export.paper import choose;"
        "from backmice.export.target import TARGETS; from backmice.items.blueprint import load_blueprints;"
        "from backmice.items.load import load_bank; from backmice.evidence.ledger import load_ledger;"
        "root = Path(sys.argv[1]); ledger = load_ledger(root);"
        "quiz = choose(root, load_bank(root, ledger), load_blueprints(root), 'cluneal-nerves', None, ledger);"
        "print([(name, hashlib.sha256(t.content(quiz)).hexdigest()) for name, t in TARGETS.items()])"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script, str(ROOT)], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1]


@pytest.mark.parametrize("target", ["moodle", "paper", "scorm12", "scorm2004"])
def test_a_picture_that_is_none_is_located(target):
    item, *_ = of_kind("hotspot")
    broken = replace(paper(), items=(item,), pictures={item.picture: b"no picture"})
    with pytest.raises(ExportError) as caught:
        TARGETS[target].content(broken)
    assert str(caught.value) == (
        f"item '{item.id}': picture: '{item.picture}' can't be read as dots; give a .webp, .png or .jpg"
    )


def test_moodle_choices_read_by_another_program():
    read = {q.name: q for q in parse_bytes(written("moodle"))["multichoice"]}
    wanted = {item.id: item for item in of_kind("single", "multiple", "landmark")}
    assert set(read) == set(wanted)
    for id_, item in wanted.items():
        got = read[id_]
        assert got.single == (item.kind != "multiple")
        assert [option.answer for option in got.options] == [option.text for option in item.options]
        assert [option.score_fraction for option in got.options] == pytest.approx(
            [worth(item, option) for option in item.options], abs=1e-5
        )
        assert {abs(option.score_fraction) for option in got.options} <= FRACTIONS
        for option, source in zip(got.options, item.options, strict=True):
            assert "".join(etree.HTML(option.feedback.replace("<p>", "").replace("</p>", "")).itertext()) == (
                source.rationale
            )


def test_moodle_has_every_item_once_with_its_own_type():
    assert list(questions()) == [item.id for item in paper().items]


def test_moodle_matching_and_ordering():
    for item in of_kind("matching"):
        texts = {option.id: option.text for option in item.options}
        pairs = [(s.findtext("text"), s.findtext("answer/text")) for s in questions()[item.id].iter("subquestion")]
        asked = [("".join(etree.HTML(case).itertext()), option) for case, option in pairs if case]
        assert asked == [(case.text, texts[item.key[case.id]]) for case in item.cases]
        assert {option for _, option in pairs} == set(texts.values())
    for item in of_kind("ordering"):
        texts = {option.id: option.text for option in item.options}
        answers = questions()[item.id].findall("answer")
        steps = [etree.HTML(a.findtext("text")).xpath("string()") for a in answers]
        assert steps == [texts[id_] for id_ in item.key]
        assert [a.get("fraction") for a in answers] == [str(n) for n in range(1, len(item.key) + 1)]
        assert questions()[item.id].find("shownumcorrect") is not None


def test_moodle_numbers_credit_the_key_in_each_unit():
    for item in of_kind("numeric"):
        right, *wrong = questions()[item.id].findall("answer")
        assert (right.get("fraction"), float(right.findtext("text"))) == ("100", item.key.value)
        assert float(right.findtext("tolerance")) == item.key.tolerance
        assert [float(w.findtext("text")) for w in wrong] == [slip.value for slip in item.slips]
        for unit in questions()[item.id].iter("unit"):
            factor = item.units[unit.findtext("unit_name")] / item.units[item.key.unit]
            assert float(unit.findtext("multiplier")) * factor == pytest.approx(1, abs=1e-9)


def test_moodle_pictures_hold_the_region():
    for item in of_kind("hotspot"):
        question = questions()[item.id]
        image = PIL.Image.open(io.BytesIO(base64.b64decode(question.findtext("file"))))
        assert image.width <= 600 and image.height <= 400
        region = next(option.region for option in item.options if option.id in item.key)
        for corner, (x, y) in zip(question.findtext("drop/coords").split(";"), region, strict=True):
            across, down = map(int, corner.split(","))
            assert abs(across - x * image.width / 100) <= 0.5
            assert abs(down - y * image.height / 100) <= 0.5


@cache
def gift():
    script = (
        "const {parse} = require(process.argv[1]); let text = '';"
        "process.stdin.on('data', d => text += d).on('end', () => console.log(JSON.stringify(parse(text))));"
    )
    command = [_node(), "-e", script, str(ROOT / "node_modules/gift-pegjs")]
    ran = subprocess.run(command, input=written("gift"), check=True, capture_output=True)
    return {q["title"]: q for q in json.loads(ran.stdout) if q["type"] != "Category"}


def test_gift_read_by_another_program():
    assert list(gift()) == [item.id for item in paper().items]
    for item in paper().items:
        got = gift()[item.id]
        if isinstance(item, ChoiceItem):
            assert [c["text"]["text"] for c in got["choices"]] == [o.text for o in item.options]
            assert [c["feedback"]["text"] for c in got["choices"]] == [o.rationale for o in item.options]
            if item.kind == "multiple":
                weights = [worth(item, option) for option in item.options]
                assert [c["weight"] for c in got["choices"]] == pytest.approx(weights, abs=1e-5)
            else:
                assert [c["isCorrect"] for c in got["choices"]] == [o.id in item.key for o in item.options]
        elif item.kind == "numeric":
            numbers = [(c["text"]["number"], c["text"]["range"]) for c in got["choices"]]
            assert numbers == [(part.value, part.tolerance) for part in (item.key, *item.slips)]
            assert [c["weight"] for c in got["choices"]] == [100] + [0] * len(item.slips)
        elif item.kind == "matching":
            texts = {option.id: option.text for option in item.options}
            pairs = [(p["subquestion"]["text"], p["subanswer"]) for p in got["matchPairs"]]
            assert len([1 for case, _ in pairs if case]) == len(item.cases)
            assert [texts[item.key[case.id]] for case in item.cases] == [
                option.replace("\\", "") for case, option in pairs if case
            ]
        else:
            places = [int(p["subanswer"]) for p in got["matchPairs"]]
            assert places == [item.key.index(option.id) + 1 for option in item.options]


def test_csv_and_json_hold_every_item():
    rows = list(csv.DictReader(io.StringIO(written("csv").decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == [item.id for item in paper().items]
    whole = json.loads(written("json"))
    for row, read, item in zip(rows, whole["items"], paper().items, strict=True):
        assert KINDS[item.kind].model_validate_json(json.dumps(read)) == item.model_copy(
            update={"note": None, "waivers": {}}
        )
        assert json.loads(row["key"]) == read["key"]
    assert {path: base64.b64decode(text) for path, text in whole["pictures"].items()} == paper().pictures


def test_the_command_says_what_is_lost(tmp_path):
    out = tmp_path / "quiz.gift"
    ran = CliRunner().invoke(main, ["export", "gift", "are-they-real", "-o", str(out), "--root", str(ROOT)])
    assert ran.exit_code == 0, ran.output
    assert "gift      single    native\n" in ran.output
    assert list(tmp_path.iterdir()) == [out]
    refused = CliRunner().invoke(main, ["export", "gift", "no-such", "-o", str(out), "--root", str(ROOT)])
    assert refused.exit_code == 1
    assert out.read_bytes().startswith(b"$CATEGORY: ")
