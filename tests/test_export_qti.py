"""QTI packages: what is in them, as programs that are not ours find it."""

import io
import re
import zipfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import PIL.Image
import pytest
import qti2latex
from lxml import etree, html
from qti_convert import convert_qti3_to_qti21, upgrade_qti2_to_qti3

from backmice.export.paper import load_paper
from backmice.export.target import TARGETS

ROOT = Path(__file__).parents[1]
PLACE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
SPACES = {
    "qti21": {"cp": "http://www.imsglobal.org/xsd/imscp_v1p1", "lom": "http://ltsc.ieee.org/xsd/LOM"},
    "qti30": {"cp": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "lom": "http://ltsc.ieee.org/xsd/LOM"},
}


@cache
def paper():
    return load_paper(ROOT, "bank")


@cache
def files(target):
    with zipfile.ZipFile(io.BytesIO(TARGETS[target].content(paper()))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def same(xml):
    """XML in the one way in which all that says the same is written."""
    return etree.canonicalize(etree.tostring(etree.fromstring(xml), with_tail=False).decode(), exclude_attrs=[PLACE])


def test_a_converter_finds_each_item_and_the_test_of_2_1_to_be_those_of_3_0():
    names = [name for name in files("qti21") if name.startswith("items/")]
    assert len(names) == len(paper().items)
    for name in [*names, "test.xml"]:
        assert same(upgrade_qti2_to_qti3(files("qti21")[name]).encode()) == same(files("qti30")[name]), name


def test_a_converter_loses_nothing_on_the_way_back():
    for name, content in files("qti30").items():
        if name.startswith("items/"):
            found = {warning.code for warning in convert_qti3_to_qti21(content).warnings}
            assert found <= {"img-to-object"}, name  # how 2.1 writes the picture of a hotspot


@pytest.mark.parametrize("target", SPACES)
def test_the_manifest_names_every_file_and_what_each_item_is_about(target):
    spaces = SPACES[target]
    root = etree.fromstring(files(target)["imsmanifest.xml"])
    held = root.findall(".//cp:resource", spaces)
    hrefs = [file.get("href") for resource in held for file in resource.findall("cp:file", spaces)]
    assert sorted([*hrefs, "imsmanifest.xml"]) == list(files(target))
    named = {resource.get("identifier") for resource in held}
    assert len(named) == len(held)
    assert {d.get("identifierref") for d in root.iter("{*}dependency")} <= named
    about = {resource.get("href"): resource for resource in held}
    for item in paper().items:
        resource = about[f"items/{item.id}.xml"]
        tags = [tag.text for tag in resource.findall(".//lom:keyword/lom:string", spaces)]
        assert tags == [item.topic, item.objective, item.level, f"revision {item.revision}"]
        taxon = resource.find(".//lom:taxon", spaces)
        assert taxon.findtext("lom:id", namespaces=spaces) == item.topic
        assert taxon.findtext("lom:entry/lom:string", namespaces=spaces) == paper().topic(item)


@pytest.mark.parametrize("target", SPACES)
def test_the_test_asks_every_item_in_order(target):
    references = etree.fromstring(files(target)["test.xml"]).iterfind(".//{*}*[@href]")
    assert [(r.get("identifier"), r.get("href"), r.get("category")) for r in references] == [
        (item.id, f"items/{item.id}.xml", f"{item.topic} {item.level}") for item in paper().items
    ]


def test_pictures_are_whole_and_as_large_as_the_items_say():
    for item in paper().items:
        if item.kind == "hotspot":
            image = etree.fromstring(files("qti21")[f"items/{item.id}.xml"]).find(".//{*}object")
            with PIL.Image.open(io.BytesIO(files("qti21")[image.get("data").removeprefix("../")])) as picture:
                assert (image.get("width"), image.get("height")) == tuple(map(str, picture.size))
                assert (image.text, picture.format) == (item.alt, "PNG")


@cache
def items_of_1_2():
    root = ElementTree.fromstring(files("qti12")["questions.xml"])
    return {item.get("ident"): item for item in qti2latex.findall_anyns(root, "item")}


def test_qti_1_2_read_by_another_program():
    assert list(items_of_1_2()) == [item.id for item in paper().items]
    for item in paper().items:
        read = items_of_1_2()[item.id]
        about = qti2latex.get_qti_metadata(read)
        assert (about["topic"], about["objective"], about["level"]) == (item.topic, item.objective, item.level)
        asked = [item.vignette, item.stem] if item.vignette else [item.stem]
        shown = [p.text_content() for p in html.fromstring(f"<div>{qti2latex.get_item_stem(read)}</div>")]
        extra = {"hotspot": (1, 0), "numeric": (0, 1)}.get(item.kind, (0, 0))  # the picture, the unit
        assert shown[extra[0] : len(shown) - extra[1]] == asked
        told = {part.get("ident"): "".join(part.itertext()) for part in qti2latex.findall_anyns(read, "itemfeedback")}
        kind = qti2latex.guess_type(about, read)
        choices = qti2latex.get_choices(read)
        key = qti2latex.get_correct_idents(scoring_alone(read))
        if item.kind in ("matching", "ordering"):
            assert kind == "matching_question"
            assert told == {"general_fb": "\n".join(f"{part.text}: {part.rationale}" for _, part in item.parts())}
        elif item.kind == "numeric":
            assert (kind, key) == ("numerical_question", {f"{item.key.value:g}"})
            slips = {f"part-{n}_fb": f"{slip.text}. {slip.rationale}" for n, slip in enumerate(item.slips, 1)}
            assert told == slips | {"general_fb": item.rationale}
        else:
            assert kind == ("multiple_answers_question" if item.kind == "multiple" else "multiple_choice_question")
            assert choices == [(option.id, option.text) for option in item.options]
            assert told == {f"part-{n}_fb": option.rationale for n, option in enumerate(item.options, 1)}
            assert key == set(item.key)


def test_canvas_takes_no_rationale_of_an_option_for_what_is_told_of_the_question():
    """It goes by these words in the name of a feedback; options of the bank are called "wrong" and "pain-all"."""
    names = {
        told.get("ident") for item in items_of_1_2().values() for told in qti2latex.findall_anyns(item, "itemfeedback")
    }
    assert {n for n in names if re.search("wrong|correct|solution|general_|_all|_I?C$", n, re.IGNORECASE)} == {
        "general_fb"
    }


def scoring_alone(item):
    """A copy without the conditions that only tell feedback: this reader takes every condition for a key."""
    item = deepcopy(item)
    for processing in qti2latex.findall_anyns(item, "resprocessing"):
        for condition in qti2latex.childall_anyns(processing, "respcondition"):
            if not qti2latex.childall_anyns(condition, "setvar"):
                processing.remove(condition)
    return item


def test_pairs_and_places_of_qti_1_2_are_credited_in_equal_shares():
    for item in paper().items:
        if item.kind in ("matching", "ordering"):
            read = items_of_1_2()[item.id]
            pairs = [
                (v.get("respident").removeprefix("response-"), v.text)
                for v in qti2latex.findall_anyns(scoring_alone(read), "varequal")
            ]
            places = {id_: f"place-{place}" for place, id_ in enumerate(item.key, 1)}
            assert dict(pairs) == (item.key if item.kind == "matching" else places)
            shares = [float(v.text) for v in qti2latex.findall_anyns(read, "setvar")]
            assert sum(shares) == pytest.approx(100, abs=1e-4) and len(set(shares)) == 1
            assert {v.get("action") for v in qti2latex.findall_anyns(read, "setvar")} == {"Add"}


def test_bounds_of_qti_1_2_are_the_tolerance():
    for item in paper().items:
        if item.kind == "numeric":
            read = scoring_alone(items_of_1_2()[item.id])
            bounds = [float(qti2latex.findall_anyns(read, name)[0].text) for name in ("vargte", "varlte")]
            off = item.key.tolerance
            assert bounds == pytest.approx([item.key.value - off, item.key.value + off], abs=1e-9)
