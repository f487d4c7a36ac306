"""Questions of other programs as items: whole banks there and back, foreign files, faulty ones."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from test_export import with_signs

from backmice.cli import main
from backmice.export.paper import Paper, load_paper
from backmice.export.target import TARGETS
from backmice.intake import gift
from backmice.intake.question import fields, paragraphs, remarks
from backmice.intake.write import READERS, read, take
from backmice.items.model import KINDS
from backmice.located import LocatedError

ROOT = Path(__file__).parents[1]
ENDINGS = {"moodle": ".xml", "gift": ".gift", "qti21": ".zip"}


@cache
def paper() -> Paper:
    return load_paper(ROOT, "bank")


def taken_in(target: str, asked: Paper, folder: Path) -> Paper:
    """Export, import, and add what no target carries: the claims."""
    folder.mkdir(exist_ok=True)
    file = folder / f"bank{ENDINGS[target]}"
    file.write_bytes(TARGETS[target].content(asked))
    taken = take(file, folder)
    assert taken.lost == ()
    assert {(fault.field, fault.wrong) for fault in taken.needs} == {("claims", "is missing")}
    items = []
    for path, source in zip(taken.files, asked.items, strict=True):
        read_back = yaml.safe_load((folder / path).read_text()) | {"claims": source.claims}
        items.append(KINDS[read_back["kind"]].model_validate_json(json.dumps(read_back)))
    held = {item.picture for item in items if item.kind == "hotspot"}
    return replace(asked, items=tuple(items), pictures={path: (folder / path).read_bytes() for path in held})


def some(*without: str) -> Paper:
    items = tuple(item for item in paper().items if item.kind not in without)
    pictures = {} if "hotspot" in without else paper().pictures
    return replace(paper(), items=items, pictures=pictures)


@pytest.mark.parametrize("target", ENDINGS)
def test_what_was_exported_comes_back_and_goes_out_again_byte_by_byte(target, tmp_path):
    asked = some("hotspot")
    assert TARGETS[target].content(taken_in(target, asked, tmp_path)) == TARGETS[target].content(asked)


@pytest.mark.parametrize("target", ENDINGS)
def test_signs_that_mean_something_to_a_format_come_back_as_they_went_out(target, tmp_path):
    signed = [with_signs(kind) for kind in ("matching", "multiple", "numeric", "ordering", "single")]
    asked = replace(paper(), items=tuple(signed), pictures={})
    for item, source in zip(taken_in(target, asked, tmp_path).items, signed, strict=True):
        assert (item.vignette, item.stem) == (source.vignette, source.stem)
        texts = lambda of: {(part.text, part.rationale) for _, part in of.parts()}
        assert texts(item) == texts(source)


def test_pictures_that_came_back_once_go_out_and_come_back_the_same(tmp_path):
    """The first time they become PNG, and their regions stand on pixels; from then on nothing changes."""
    once = taken_in("qti21", some(*(set(KINDS) - {"hotspot"})), tmp_path / "once")
    again = taken_in("qti21", once, tmp_path / "again")
    assert (again.items, again.pictures) == (once.items, once.pictures)
    assert TARGETS["qti21"].content(again) == TARGETS["qti21"].content(once)


def test_moodle_and_gift_give_no_picture_back_and_it_is_told(tmp_path):
    (hotspot, *_) = some(*(set(KINDS) - {"hotspot"})).items
    asked = replace(some(), items=(hotspot,))
    for target, lost, kinds in [
        ("moodle", ("a question of the type 'ddmarker'",), []),
        ("gift", (), ["single"]),  # regions were chosen by name already
    ]:
        file = tmp_path / f"{target}{ENDINGS[target]}"
        file.write_bytes(TARGETS[target].content(asked))
        taken = take(file, tmp_path / target)
        assert [yaml.safe_load((tmp_path / target / path).read_text())["kind"] for path in taken.files] == kinds
        assert tuple(words.partition(f"{hotspot.id}: ")[2] for words in taken.lost) == tuple(
            f"{words} was left out" for words in lost
        )


def test_an_item_of_qti_comes_back_whole(tmp_path):
    """All but what the package does not hold: the claims, what is for authors alone, and the figure of a landmark."""
    asked = some("landmark")
    for item, source in zip(taken_in("qti21", asked, tmp_path).items, asked.items, strict=True):
        got, wanted = item.model_dump(exclude={"picture"}), source.model_dump(exclude={"picture"})
        for held in (got, wanted):
            for part in [*held.get("options", ()), *held.get("cases", ()), *held.get("slips", ())]:
                part.pop("claims")
                for corner in part.pop("region", ()):
                    assert all(0 <= share <= 100 for share in corner)
        assert got == wanted | {"note": None, "waivers": {}}


def test_regions_come_back_to_the_pixel(tmp_path):
    asked = some(*(set(KINDS) - {"hotspot"}))
    for item, source in zip(taken_in("qti21", asked, tmp_path).items, asked.items, strict=True):
        for spot, wanted in zip(item.options, source.options, strict=True):
            for corner, (x, y) in zip(spot.region, wanted.region, strict=True):
                assert corner == pytest.approx((x, y), abs=0.5 / 6.6)


def items_of(name: str, content: str | bytes, folder: Path) -> list[dict]:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    out = folder / "out"
    return [yaml.safe_load((out / path).read_text()) for path in take(file, out).files]


def test_gift_as_others_write_it(tmp_path):
    source = """// a remark
$CATEGORY: $course$/Anatomy/Nerves

::Which nerve?::[html]<p>She has a <b>numb</b> patch.</p><p>Which nerve \\: one?</p>{
  ~Median # No.
  =Sural # Yes, A \\= B.
  ~%50%Tibial
}

Two of four are {~%50%A ~%-100%B ~%50%C ~%-100%D} right.

How many bones has the hand in all?{#27:1}

Grant is buried in a tomb.{TRUE#No.#Yes.}

Who wrote it?{=Ries =Herz}

Match them.{=one -> 1a =two -> 2a =three -> 3a ####General.}

::Épaule::How many of each are there?{=Clavicles -> 2 =Sterna -> 1 =Heads of a biceps -> 3}

::何本::How many of these are there?{#2}
"""
    found = items_of("quiz.gift", source, tmp_path)
    assert [(item["id"], item["kind"], item["topic"]) for item in found] == [
        ("which-nerve", "single", "nerves"),
        ("two-of-four-are-right", "multiple", "nerves"),
        ("how-many-bones-has-the-hand-in-all", "numeric", "nerves"),
        ("grant-is-buried-in-a-tomb", "single", "nerves"),
        ("match-them", "matching", "nerves"),
        ("epaule", "matching", "nerves"),  # numbers alone make no order
        ("question-22", "numeric", "nerves"),
    ]
    assert found[0] | {"options": 3} == {
        "id": "which-nerve", "revision": 1, "kind": "single", "topic": "nerves", "vignette": "She has a numb patch.",
        "stem": "Which nerve : one?", "options": 3, "key": ["b"],
    }  # fmt: skip
    assert found[0]["options"][1] == {"id": "b", "text": "Sural", "rationale": "Yes, A = B."}
    assert found[1]["stem"] == "Two of four are _____ right."
    assert found[1]["key"] == ["a", "c"]
    assert found[2]["key"] == {"value": 27.0, "tolerance": 1.0}
    assert found[3]["options"] == [
        {"id": "a", "text": "True", "rationale": "Yes."},
        {"id": "b", "text": "False", "rationale": "No."},
    ]
    assert found[4]["key"] == {"a": "a", "b": "b", "c": "c"}


def test_moodle_as_others_write_it(tmp_path):
    source = """<?xml version="1.0"?><quiz><question type="category"><category><text>$course$/Hand/Bones</text></category></question>
<question type="multichoice"><name><text>Q 1</text></name><questiontext format="html"><text><![CDATA[<p>Look.<br>
<img src="a.png"></p><p>Which <i>bone</i>&nbsp;is it?</p>]]></text></questiontext><single>true</single>
<answer fraction="100"><text>Lunate</text><feedback><text><![CDATA[<p>Yes.</p>]]></text></feedback></answer>
<answer fraction="50"><text>Scaphoid</text></answer><answer fraction="0"><text>x &amp;lt; y</text></answer></question>
<question type="numerical"><name><text>Q 2</text></name><questiontext><text>How many are there?</text></questiontext>
<answer fraction="100"><text>27</text><tolerance>0</tolerance></answer><answer fraction="0"><text>*</text></answer></question>
<question type="essay"><name><text>Q 3</text></name></question></quiz>"""
    file = tmp_path / "quiz.xml"
    file.write_text(source)
    taken = take(file, tmp_path)
    first, second = (yaml.safe_load((tmp_path / path).read_text()) for path in taken.files)
    assert (first["id"], first["topic"], first["vignette"]) == ("q-1", "bones", "Look.")
    assert (first["stem"], first["key"]) == ("Which bone\N{NO-BREAK SPACE}is it?", ["a"])
    assert first["options"] == [
        {"id": "a", "text": "Lunate", "rationale": "Yes."}, {"id": "b", "text": "Scaphoid"}, {"id": "c", "text": "x < y"},
    ]  # fmt: skip
    assert second["key"] == {"value": 27.0, "tolerance": 0.0}
    assert taken.lost == (
        f"{file}:2: Q 1: the picture or table in the question was left out",
        f"{file}:2: Q 1: the credit for answers that are right in part was left out",
        f"{file}:6: Q 2: what is told to any other number was left out",
        f"{file}:8: Q 3: a question of the type 'essay' was left out",
    )


@given(st.text(max_size=80) | st.text("<>&;/p! \n=~#{}:\\\\%->a1", max_size=80))
def test_no_text_stops_a_reader_without_a_place(words):
    paragraphs(words)
    for content in (words, f"{words}{{={words}#{words}}}"):
        try:
            gift.read(content.encode("utf-8", "surrogatepass"), "quiz.gift")
        except LocatedError as error:
            assert all(fault.file == "quiz.gift" and fault.line >= 1 for fault in error.faults)


def test_jupyterquiz(tmp_path):
    answers = [{"answer": "Text", "correct": True, "feedback": "Right."}, {"answer": "Snakes", "correct": False}]
    numbers = [
        {"type": "value", "value": 3.14, "correct": True, "feedback": "Right."},
        {"type": "range", "range": [-4, 0], "correct": False, "feedback": "Above nothing. It is an area."},
        {"type": "default", "feedback": "Try again."},
    ]
    source = [
        {"question": "What does a notebook hold?", "type": "many_choice", "answers": answers},
        {"question": "What is pi, to two places?", "type": "numeric", "precision": 2, "answers": numbers},
        {"question": "Who?", "type": "string", "answers": [{"answer": "JFK", "correct": True}]},
    ]
    file = tmp_path / "quiz.json"
    file.write_text(json.dumps(source, indent=1))
    taken = take(file, tmp_path)
    first, second = (yaml.safe_load((tmp_path / path).read_text()) for path in taken.files)
    assert (first["kind"], first["key"]) == ("single", ["a"])
    assert first["options"] == [{"id": "a", "text": "Text", "rationale": "Right."}, {"id": "b", "text": "Snakes"}]
    assert second["key"] == {"value": 3.14, "tolerance": 0.005}
    assert second["slips"] == [
        {"id": "a", "value": -2.0, "tolerance": 2.0, "text": "Above nothing", "rationale": "It is an area."}
    ]
    line = file.read_text().splitlines().index('  "question": "Who?",')
    assert taken.lost == (f"{file}:{line}: question-3: a question that asks for words was left out",)


QTI = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="Q1" title="t" adaptive="false"
 timeDependent="false"><responseDeclaration identifier="R" cardinality="single" baseType="float">
<correctResponse><value>{value}</value></correctResponse></responseDeclaration>
<itemBody><p>How long is it?</p><p><textEntryInteraction responseIdentifier="R"/> mm</p></itemBody>
<responseProcessing><responseCondition><responseIf>
<equal toleranceMode="{mode}" tolerance="{off} {off}"><variable identifier="R"/><correct identifier="R"/></equal>
<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
</responseIf></responseCondition></responseProcessing></assessmentItem>"""


@pytest.mark.parametrize(("mode", "off", "tolerance"), [("absolute", 0.5, 0.5), ("relative", 10, 1.2)])
def test_a_number_of_qti_with_its_tolerance(mode, off, tolerance, tmp_path):
    (item,) = items_of("item.xml", QTI.format(value=12, mode=mode, off=off), tmp_path)
    assert item["key"] == {"value": 12.0, "tolerance": tolerance, "unit": "mm"}
    assert (item["id"], item["stem"], item["units"]) == ("q1", "How long is it?", {"mm": 1.0})


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.xml", content)
    return out.getvalue()


MANIFEST = '<manifest><resources>\n<resource type="imsqti_item_xmlv2p1" href="item.xml"/></resources></manifest>'
BAD = sorted(path for path in (ROOT / "tests/intake/bad").iterdir() if path.suffix != ".txt")


def refused(file: Path, out: Path) -> str:
    """Return what the author is told; nothing may have been written."""
    with pytest.raises(LocatedError) as caught:
        take(file, out)
    assert not out.exists()
    return str(caught.value).replace(f"{file.parent}/", "")


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.name)
def test_bad_files_are_refused_at_their_place(file, tmp_path):
    assert refused(file, tmp_path / "out") == file.with_name(f"{file.name}.txt").read_text().rstrip()


def damaged(content: bytes) -> bytes:
    """A package whose table of contents is whole, and of which a file can't be unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("imsmanifest.xml")
        start = entry.header_offset + 30 + len(entry.filename)
    return content[:start] + b"\xff" * entry.compress_size + content[start + entry.compress_size :]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (zipped(item="<a/>"), "1: file: has no imsmanifest.xml; give a QTI package or one item"),
        (damaged(zipped(imsmanifest=MANIFEST * 9)), "1: file: is no ZIP that can be read; export the package again"),
    ],
)
def test_bad_packages_are_refused(content, fault, tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(content)
    assert refused(file, tmp_path / "out") == f"a.zip:{fault}"


@cache
def one_of_each() -> dict[str, bytes]:
    """Return what we export of one item of each kind, by the name of a reader."""
    first = {item.kind: item for item in reversed(paper().items)}
    asked = replace(paper(), items=tuple(first.values()))
    with zipfile.ZipFile(io.BytesIO(TARGETS["qti21"].content(asked))) as archive:
        items = {f"qti {item.kind}": archive.read(f"items/{item.id}.xml") for item in asked.items}
    return {"moodle": TARGETS["moodle"].content(asked)} | items


@settings(max_examples=150)
@given(st.sampled_from(sorted([*KINDS, "moodle"])), st.randoms(use_true_random=False))
def test_no_damage_stops_a_reader_without_a_place(which, random):
    name = which if which == "moodle" else f"qti {which}"
    root = etree.fromstring(one_of_each()[name])
    for _ in range(3):
        at = random.choice([element for element in root.iter() if isinstance(element.tag, str)])
        junk = random.choice(["", "0", "-1", "nan", "1e999", "9" * 400, "a b c", "1,2", "UNIT", "<p>"])
        if at.attrib and random.random() < 0.5:
            at.set(random.choice(sorted(at.attrib)), junk)
        elif at is not root and random.random() < 0.5:
            at.getparent().remove(at)
        else:
            at.text = junk
    try:
        for question in READERS[name.partition(" ")[0]](etree.tostring(root), "file"):
            fields(question)
            remarks(question)
    except LocatedError as error:
        assert all(fault.file == "file" and fault.line >= 1 and fault.allowed for fault in error.faults)


def test_a_file_that_the_manifest_names_and_the_package_lacks(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(zipped(imsmanifest=MANIFEST))
    with pytest.raises(LocatedError) as caught:
        read(file)
    assert str(caught.value) == f"{file}/imsmanifest.xml:2: href: 'item.xml' is not in the package; add the file"


def test_no_entity_is_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    file = tmp_path / "a.xml"
    file.write_text(
        f'<!DOCTYPE quiz [<!ENTITY e SYSTEM "{secret.as_uri()}">]><quiz><question type="essay"><name><text>&e;</text></name>'
        "<questiontext><text>&e;</text></questiontext></question></quiz>"
    )
    assert "a secret" not in repr(read(file))


def test_the_command_tells_what_an_author_has_to_add(tmp_path):
    file, out = tmp_path / "quiz.gift", tmp_path / "out"
    file.write_text("::bones::How many bones has the hand in all?{#27:1}\n\n::why::Why is that so?{}\n")
    ran = CliRunner().invoke(main, ["import", str(file), "-o", str(out)])
    place = "exercises/items/unfiled/bones.yml"
    missing = ["claims", "level", "objective", "rationale", "topic", "units"]
    assert ran.output.splitlines() == [
        f"{file}:3: why: a question without a right answer on offer was left out",
        *(f"{place}:2: {name}: is missing; this field is required" for name in missing),
        f"{place}:6: key.unit: is missing; this field is required",
        f"{place}:9: slips: has 0; give 1 to 4 slips",
        f"1 items in {out}; 1 of them need an author's hand.",
    ]
    again = CliRunner().invoke(main, ["import", str(file), "-o", str(out)])
    assert (again.exit_code, again.output) == (1, f"{out / place} is there already; choose an empty folder\n")


def test_no_name_in_a_file_leads_out_of_the_folder(tmp_path):
    tags = "[tag:../../../topic] [tag:../objective] [tag:recall] [tag:revision 1]"
    (item,) = items_of("quiz.gift", f"// [id:../../evil] {tags}\nIs this where it belongs?{{T}}", tmp_path)
    assert (item["id"], item["topic"], item["objective"]) == ("evil", "topic", "objective")
    found = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.yml")]
    assert found == [Path("out/exercises/items/topic/evil.yml")]
