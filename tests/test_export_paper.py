"""Sheets on paper, read back by python-docx and pypdf."""

import io
import json
import zipfile
from functools import cache

import docx
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from test_export import paper, written

from backmice.archive import repacked, zip_bytes
from backmice.export.sheets.version import LETTERS, versions
from backmice.items.model import ChoiceItem, Matching, Numeric, OptionsItem, Ordering
from backmice.items.score import score

SHEETS = ("questions", "answer-sheet", "key")


@cache
def opened():
    return zipfile.ZipFile(io.BytesIO(written("paper")))


@cache
def document(name):
    return docx.Document(io.BytesIO(opened().read(f"{name}.docx")))


@cache
def text(name):
    """All words of a sheet, without the spaces that a line break may add or take."""
    read = document(name)
    cells = (cell.text for table in read.tables for row in table._tbl.tr_lst for cell in _cells(table, row))
    return squeezed(" ".join([*(paragraph.text for paragraph in read.paragraphs), *cells]))


def _cells(table, row):
    return [docx.table._Cell(tc, table) for tc in row.tc_lst]


@cache
def printed(name):
    reader = PdfReader(io.BytesIO(opened().read(f"{name}.pdf")))
    foot = f"{reader.metadata.title}"
    return squeezed("".join(page.extract_text() for page in reader.pages).replace(foot, ""))


def squeezed(words):
    below = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")  # the PDF sets figures lower instead
    return "".join(words.split()).translate(below)


def response(version, item):
    """What a student gives who copies the key of this version from its sheet."""
    ids = {letter: id_ for id_, letter in version.letters(item).items()} if isinstance(item, OptionsItem) else {}
    written_key = version.key(item)
    match item:
        case Numeric():
            return tuple(written_key.split(" ", 1))
        case Matching():
            pairs = zip(item.cases, written_key.split(), strict=True)
            return tuple(f"{case.id}={ids[mark.lstrip('0123456789')]}" for case, mark in pairs)
        case Ordering() | ChoiceItem():
            return tuple(ids[letter] for letter in written_key.split())


def test_the_zip_holds_every_sheet_of_every_version_with_no_day():
    named = [f"{letter}/{sheet}.{form}" for letter in LETTERS for sheet in SHEETS for form in ("docx", "pdf")]
    assert sorted(opened().namelist()) == sorted([*named, "read-me.txt", "shuffle.json"])
    assert {info.date_time[:3] for info in opened().infolist()} == {(1980, 1, 1)}


@pytest.mark.parametrize("version", versions(paper()), ids=lambda version: version.letter)
def test_the_key_as_written_is_worth_every_point(version):
    for item in version.items:
        assert score(item.kind, item.scored_key(), item.option_ids(), response(version, item)).points == 1


@pytest.mark.parametrize("read", [text, printed], ids=["docx", "pdf"])
@pytest.mark.parametrize("letter", LETTERS)
def test_every_item_is_asked_and_explained(read, letter):
    version = next(version for version in versions(paper()) if version.letter == letter)
    questions, key = read(f"{letter}/questions"), read(f"{letter}/key")
    for n, item in enumerate(version.items, 1):
        assert squeezed(item.stem) in questions
        assert item.vignette is None or squeezed(item.vignette) in questions
        for _, part in item.parts():
            assert squeezed(part.rationale) in key
            assert isinstance(item, Numeric) == (squeezed(part.text) not in questions)
        sources = [paper().ledger.references[k] for id_ in item.claims for k in paper().ledger.claims[id_].sources]
        assert all(squeezed(source.short()) in key for source in sources)
        if isinstance(item, OptionsItem):
            for mark, option in version.options(item):
                assert squeezed(mark + option.text) in questions
        assert squeezed(f"Item {n}{item.stem}Key: {version.key(item)}") in key
        assert squeezed(f"{n} {version.key(item)} {item.id}") in key


def test_a_question_paper_tells_no_rationale():
    for letter in LETTERS:
        for item in paper().items:
            assert not any(squeezed(part.rationale) in text(f"{letter}/questions") for _, part in item.parts())


def test_the_record_says_how_each_version_was_shuffled():
    record = json.loads(opened().read("shuffle.json"))
    assert list(record["versions"]) == list(LETTERS)
    for version in versions(paper()):
        rows = record["versions"][version.letter]
        assert [row["item"] for row in rows] == [item.id for item in version.items]
        assert [row["key"] for row in rows] == [version.key(item) for item in version.items]
        assert [tuple(row["options"]) for row in rows] == [version.orders.get(item.id, ()) for item in version.items]


def test_versions_differ_in_items_and_in_options_and_never_show_the_order_asked_for():
    a, b, c = versions(paper())
    assert a.items == paper().items
    assert len({tuple(item.id for item in version.items) for version in (a, b, c)}) == 3
    for version in (b, c):
        assert sorted(item.id for item in version.items) == sorted(item.id for item in a.items)
        assert version.orders != a.orders
        assert all({*version.orders[id_]} == {*order} for id_, order in a.orders.items())
    assert all(v.orders[i.id] != i.key for v in (a, b, c) for i in paper().items if i.kind == "ordering")


def test_pictures_are_there_and_told_in_words():
    wanted = {item.alt for item in paper().items if item.kind == "hotspot"}
    for letter in LETTERS:
        shapes = document(f"{letter}/questions").inline_shapes
        assert {shape._inline.docPr.get("descr") for shape in shapes} == wanted
        pages = PdfReader(io.BytesIO(opened().read(f"{letter}/questions.pdf"))).pages
        sizes = [PIL.Image.open(io.BytesIO(image.data)).size for page in pages for image in page.images]
        assert len(sizes) == len([item for item in paper().items if item.kind == "hotspot"])


@given(st.dictionaries(st.text("abc/", min_size=1).filter(lambda name: name.strip("/")), st.binary()))
def test_a_zip_depends_on_its_content_alone(files):
    made = zip_bytes(files)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert [(name, archive.read(name)) for name in archive.namelist()] == list(files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as dated:
        for name, content in files.items():
            dated.writestr(zipfile.ZipInfo(name, (2027, 1, 2, 3, 4, 6)), content)
    assert repacked(out.getvalue()) == made
