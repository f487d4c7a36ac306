"""The EPUB of the real book, before the judge of EPUBs."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from book_reader import CHAPTERS, ROOT, violations
from epub_judge import faults
from lxml import etree

from backmice.volume.epub import epub_bytes
from backmice.volume.pages import read_volume

MEGABYTES = 5
#: What stands in a text only if something was not put into its place; a sentence may begin with "None".
RAW = re.compile(r"^\s*None\s*$|\bundefined\b|\{(?:claim|value|spread|term|ref)\}|\{\{|\{%|:::")


@pytest.fixture(scope="module")
def epub(book_folder: Path) -> bytes:
    return epub_bytes(read_volume(ROOT, book_folder), ROOT, lambda words: None)


@pytest.fixture(scope="module")
def texts(epub: bytes) -> dict[str, etree._Element]:
    with ZipFile(BytesIO(epub)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return {name.removeprefix("EPUB/"): etree.fromstring(archive.read(name)) for name in names}


def test_the_judge_has_nothing_to_say_of_it(epub, tmp_path):
    (tmp_path / "course.epub").write_bytes(epub)
    assert faults(tmp_path / "course.epub") == []


def test_the_judge_would_speak_up(tmp_path):
    with ZipFile(tmp_path / "empty.epub", "w"):
        pass
    assert faults(tmp_path / "empty.epub") != []


def test_each_page_of_the_contents_is_in(texts):
    names = [f"{name.removeprefix('book/').replace('/', '-')}.xhtml" for name in CHAPTERS]
    listed = texts["nav.xhtml"].xpath("//@href")
    assert [name for name in names if name not in texts or name not in listed] == []


def test_each_item_of_the_bank_is_in_once_with_its_key(texts):
    ids = [id_ for text in texts.values() for id_ in text.xpath("//*[@class='item']/@id")]
    keys = [id_ for text in texts.values() for id_ in text.xpath("//*[@class='key']/@id")]
    bank = [path.stem for path in (ROOT / "exercises/items").glob("*/*.yml")]
    assert sorted(id_.partition(".item-")[2] for id_ in ids) == sorted(bank)
    assert keys == [f"{id_}-key" for id_ in ids]


def said(text: etree._Element) -> Iterator[str]:
    """Yield the words of a file, but for the code of notebooks."""
    without_code = copy.deepcopy(text)
    etree.strip_elements(without_code, "{*}pre", with_tail=False)
    yield from without_code.itertext()


def test_nothing_is_left_raw(texts):
    assert [(name, words) for name, text in texts.items() for words in said(text) if RAW.search(words)] == []


def test_it_is_light_enough_to_be_sent(epub):
    assert len(epub) < MEGABYTES * 1e6


def test_an_audit_finds_nothing_in_it(page, serve, epub, tmp_path):
    with ZipFile(BytesIO(epub)) as archive:
        archive.extractall(tmp_path)
    address, found = serve(tmp_path / "EPUB"), {}
    for name in ("title", "nav", "anatomy-sacroiliac-triangle", "evidence-index.topic-prognosis"):
        page.goto(f"{address}/{name}.xhtml")
        found[name] = violations(page)
    assert {name: told for name, told in found.items() if told} == {}
