"""Exports, read back for every item of the bank by programs that are not ours where there is one."""

import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import PIL.Image
import pytest
from click.testing import CliRunner
from javascript import node
from lxml import etree
from moodle_xml_parser.parser import parse_bytes

from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.export.paper import ExportError, choose, load_paper
from backmice.export.target import TARGETS, write
from backmice.items.blueprint import load_blueprints
from backmice.items.draw import draw_exam
from backmice.items.load import load_bank, read_item
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
def few():
    """An item of each kind."""
    return replace(paper(), items=tuple({item.kind: item for item in paper().items}.values()))


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
    assert TARGETS[target].content(few()) == TARGETS[target].content(few())


def test_another_process_writes_the_same_bytes():
    script = (
        "import hashlib, sys; from dataclasses import replace; from pathlib import Path;"
        "from backmice.export.paper import load_paper; from backmice.export.target import TARGETS;"
        "bank = load_paper(Path(sys.argv[1]), 'bank');"
        "few = replace(bank, items=tuple({item.kind: item for item in bank.items}.values()));"
        "print([(name, hashlib.sha256(t.content(few)).hexdigest()) for name, t in TARGETS.items()])"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script, str(ROOT)], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1]


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


def shown(html):
    return " ".join(etree.HTML(html).xpath("//text()")) if html else ""


def question_of(item):
    """What any target asks: the situation, if there is one, and the question."""
    return f"{item.vignette} {item.stem}" if item.vignette else item.stem


def test_moodle_has_every_item_once_with_words_tags_and_rationales():
    assert list(questions()) == [item.id for item in paper().items]
    for item in paper().items:
        question = questions()[item.id]
        assert question_of(item) in shown(question.findtext("questiontext/text"))
        tags = [item.topic, item.objective, item.level, f"revision {item.revision}"]
        assert [tag.findtext("text") for tag in question.iter("tag")] == tags
        feedback = " ".join(shown(text.text) for text in question.iterfind(".//*/text") if text.text)
        for _, part in item.parts():
            assert part.rationale in feedback
        if item.kind == "numeric":
            assert shown(question.findtext("generalfeedback/text")) == item.rationale


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
        assert not right.findtext("feedback/text")  # or the reason would be told twice
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
    return parse_gift(written("gift"))


def parse_gift(content):
    script = (
        "const {parse} = require(process.argv[1]); let text = '';"
        "process.stdin.on('data', d => text += d).on('end', () => console.log(JSON.stringify(parse(text))));"
    )
    command = [node(), "-e", script, str(ROOT / "node_modules/gift-pegjs")]
    ran = subprocess.run(command, input=content, check=True, capture_output=True)
    return {q["title"]: q for q in json.loads(ran.stdout) if q["type"] != "Category"}


def test_gift_read_by_another_program():
    assert list(gift()) == [item.id for item in paper().items]
    for item in paper().items:
        got = gift()[item.id]
        assert question_of(item) in got["stem"]["text"].replace("\n\n", " ")
        assert got["tags"] == [item.topic, item.objective, item.level, f"revision {item.revision}"]
        assert got["id"] == item.id
        general = (got["globalFeedback"] or {"text": ""})["text"]
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
            slips = [f"{slip.text}. {slip.rationale}" for slip in item.slips]
            assert [c["feedback"] and c["feedback"]["text"] for c in got["choices"]] == [None, *slips]
            assert general == item.rationale
        elif item.kind == "matching":
            texts = {option.id: option.text for option in item.options}
            pairs = [(p["subquestion"]["text"], p["subanswer"]) for p in got["matchPairs"]]
            wanted = [(case.text, texts[item.key[case.id]]) for case in item.cases]
            assert [(case, option.replace("\\", "")) for case, option in pairs if case] == wanted
            assert general.splitlines() == [f"{part.text}: {part.rationale}" for _, part in item.parts()]
        else:
            places = [int(p["subanswer"]) for p in got["matchPairs"]]
            assert places == [item.key.index(option.id) + 1 for option in item.options]
            assert [p["subquestion"]["text"] for p in got["matchPairs"]] == [o.text for o in item.options]
            assert general.splitlines() == [f"{part.text}: {part.rationale}" for _, part in item.parts()]


@cache
def good(kind):
    return read_item(ROOT / f"tests/items/good/example-{kind}-001.yml", ROOT)[1]


def of_one(item, pictures=None):
    return replace(paper(), id="one", title="One", items=(item,), pictures=pictures or {})


def test_an_arrow_made_of_two_signs_would_make_a_gift_question_one_of_matching():
    item = good("single")
    first = item.options[0].model_copy(update={"text": "L1 -> L3"})
    read = parse_gift(TARGETS["gift"].content(of_one(item.model_copy(update={"options": (first, *item.options[1:])}))))
    assert read[item.id]["type"] == "MC"
    assert read[item.id]["choices"][0]["text"]["text"] == "L1 \N{RIGHTWARDS ARROW} L3"


SIGNS = "Is ]]> & < 5 \\ {a}=~#: $$x$$ \\(y\\) \\[z\\] %50% //c \\n \N{GREEK SMALL LETTER ALPHA} 1 \N{MULTIPLICATION SIGN} 2?"


def with_signs(kind):
    """An item each of whose texts has all the signs that mean something to some format."""
    item = good(kind)
    part = lambda n, part: part.model_copy(update={"text": f"{n} {SIGNS}", "rationale": f"Why {n}: {SIGNS}"})
    parts = {
        name: tuple(part(n, each) for n, each in enumerate(getattr(item, name)))
        for name in ("options", "cases", "slips")
        if hasattr(item, name)
    }
    return item.model_copy(update={"vignette": f"Seen: {SIGNS}", "stem": f"Which? {SIGNS}", **parts})


@pytest.mark.parametrize("kind", ["single", "multiple", "numeric", "matching", "ordering"])
def test_every_sign_arrives_in_moodle_and_none_of_it_is_mathematics(kind):
    item = with_signs(kind)
    question = etree.fromstring(TARGETS["moodle"].content(of_one(item))).find(f"question[idnumber='{item.id}']")
    source = "".join(question.itertext())
    html = [text for text in question.iterfind(".//text") if text.getparent().get("format") == "html" and text.text]
    assert etree.HTML(question.findtext("questiontext/text")).xpath("//p/text()")[:2] == [item.vignette, item.stem]
    for text in html:
        assert not re.search(r"\$\$|\\[(\[]", text.text)
    told = "".join("".join(etree.HTML(text.text).itertext()) for text in html)
    for _, part in item.parts():
        assert part.rationale in told
        assert part.text in told or part.text in source


@pytest.mark.parametrize("kind", ["single", "multiple", "numeric", "matching", "ordering"])
def test_every_sign_arrives_in_gift(kind):
    item = with_signs(kind)
    (read,) = parse_gift(TARGETS["gift"].content(of_one(item))).values()
    assert read["stem"]["text"].startswith(f"{item.vignette}\n\n{item.stem}")
    if isinstance(item, ChoiceItem):
        assert [(c["text"]["text"], c["feedback"]["text"]) for c in read["choices"]] == [
            (o.text, o.rationale) for o in item.options
        ]
    elif item.kind == "numeric":
        slips = [f"{slip.text}. {slip.rationale}" for slip in item.slips]
        assert [c["feedback"]["text"] for c in read["choices"][1:]] == slips
    else:
        wanted = item.cases if item.kind == "matching" else item.options
        assert [pair["subquestion"]["text"] for pair in read["matchPairs"]][: len(wanted)] == [w.text for w in wanted]


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"RIFF"])
@pytest.mark.parametrize("target", ["moodle", "qti12", "qti21", "qti30", "paper", "scorm12", "scorm2004"])
def test_a_picture_without_pixels_is_refused_by_its_name(target, content):
    item = of_kind("hotspot")[0]
    with pytest.raises(ExportError) as caught:
        TARGETS[target].content(of_one(item, {item.picture: content}))
    assert str(caught.value) == f"{item.picture} is no picture with pixels; draw it as .webp, .png or .jpg"


@pytest.mark.parametrize("target", ["qti12", "qti21", "qti30", "scorm12", "scorm2004"])
def test_pictures_of_one_name_in_two_folders_are_both_kept(target):
    item = of_kind("hotspot")[0]
    other = item.model_copy(update={"id": "another-001", "picture": "media/elsewhere/" + Path(item.picture).name})
    held = paper().pictures[item.picture]
    both = replace(paper(), items=(item, other), pictures={item.picture: held, other.picture: held})
    with zipfile.ZipFile(io.BytesIO(TARGETS[target].content(both))) as package:
        assert sum(Path(item.picture).name in name for name in package.namelist()) == 2


def test_the_command_line_reads_no_picture_library_before_it_needs_one():
    code = "import sys, backmice.cli; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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


def test_everything_at_once_from_a_small_course(tmp_path):
    course = ROOT / "tests/course"
    ran = CliRunner().invoke(main, ["export", "--all", "-o", str(tmp_path), "--root", str(course)])
    assert ran.exit_code == 0, ran.output
    assert {path.name for path in tmp_path.iterdir()} == {f"bank-{name}.{TARGETS[name].ending}" for name in TARGETS}
    told = ran.output.splitlines()
    whole = load_paper(course, "bank")
    kinds = {item.kind for item in whole.items}
    assert (tmp_path / "bank-qti12.zip").read_bytes() == TARGETS["qti12"].content(whole)
    assert {tuple(line.split()[:2]) for line in told[: len(TARGETS) * len(kinds)]} == {
        (name, kind) for name in TARGETS for kind in kinds
    }
    took = [re.fullmatch(r".*/bank-(\w+)\.\w+ \(\d+ items, [\d.]+ MB, [\d.]+ s\)", line) for line in told]
    assert [line[1] for line in took if line] == list(TARGETS)
    assert f" items for {len(TARGETS)} targets in " in told[-1]


def test_a_fault_in_another_process_is_told_as_it_is(tmp_path):
    item = of_kind("hotspot")[0]
    with pytest.raises(ExportError, match="is no picture with pixels"):
        list(write(of_one(item, {item.picture: b""}), {"moodle": tmp_path / "a", "gift": tmp_path / "b"}))


@pytest.mark.parametrize("given", [["moodle"], ["--all", "moodle", "bank"], ["--all", "--seed", "1"], []])
def test_a_target_and_a_quiz_or_everything(given, tmp_path):
    ran = CliRunner().invoke(main, ["export", *given, "-o", str(tmp_path / "out"), "--root", str(ROOT)])
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (2, "Error: Name a TARGET and a QUIZ, or give --all alone.")
    assert not (tmp_path / "out").exists()
