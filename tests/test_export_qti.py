"""QTI packages: what is in them, and that a converter which is not ours finds both versions to say the same."""

import io
import zipfile
from functools import cache
from pathlib import Path

import PIL.Image
import pytest
from lxml import etree
from qti_convert import convert_qti3_to_qti21, upgrade_qti2_to_qti3

from backmice.evidence.ledger import load_ledger
from backmice.export.paper import choose
from backmice.export.target import TARGETS
from backmice.items.blueprint import load_blueprints
from backmice.items.load import load_bank

ROOT = Path(__file__).parents[1]
PLACE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
SPACES = {
    "qti21": {"cp": "http://www.imsglobal.org/xsd/imscp_v1p1", "lom": "http://ltsc.ieee.org/xsd/LOM"},
    "qti30": {"cp": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "lom": "http://ltsc.ieee.org/xsd/LOM"},
}


@cache
def paper():
    return choose(ROOT, load_bank(ROOT, load_ledger(ROOT)), load_blueprints(ROOT), "bank")


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
