"""Flashcards, imported and shown by Anki's own program."""

import html
import io
import json
import re
import tempfile
import zipfile
from dataclasses import replace

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import given
from hypothesis import strategies as st
from test_export import ROOT, bank, paper, written

from backmice.evidence.claim import Claim
from backmice.export.anki import package
from backmice.export.anki.notes import cloze, notes
from backmice.export.paper import ExportError, choose
from backmice.export.words import number
from backmice.items.model import ChoiceItem, Matching, Numeric, Ordering

TIMES = {"first": "1000000000", "later": "1000000500"}


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TIMES["first"])


@pytest.fixture
def collection(tmp_path):
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def take_in(collection, content, tmp_path):
    """Import a package as the program does unless told otherwise: newer notes replace older ones."""
    path = tmp_path / "package.apkg"
    path.write_bytes(content)
    options = ImportAnkiPackageOptions(merge_notetypes=True)
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))


def words(shown):
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", shown, flags=re.DOTALL)
    return " ".join(html.unescape(shown).split())


def squeezed(text):
    return "".join(text.split())


def back(card):
    return words(card.answer().partition("<hr id=answer>")[2])


def credited(item):
    texts = {} if isinstance(item, Numeric) else {option.id: option.text for option in item.options}
    match item:
        case Numeric():
            return [f"{number(item.key.value)} {item.key.unit}"]
        case Matching():
            return [texts[item.key[case.id]] for case in item.cases]
        case Ordering() | ChoiceItem():
            return [texts[id_] for id_ in item.key]


def by_id(collection):
    return {collection.get_note(id_).fields[0]: collection.get_note(id_) for id_ in collection.find_notes("")}


def test_every_card_is_shown_with_its_key_on_the_back(collection, tmp_path):
    take_in(collection, written("anki"), tmp_path)
    found = by_id(collection)
    made = list(notes(paper(), dict.fromkeys(paper().pictures, "picture")))
    assert sorted(found) == sorted(card.fields[0] for card in made)
    for item in paper().items:
        (card,) = found[item.id].cards()
        front, told = words(card.question()), back(card)
        assert " ".join(item.stem.split()) in front
        assert all(" ".join(text.split()) in told for text in credited(item))
        assert all(" ".join(part.rationale.split()) in told for _, part in item.parts())
        claims = [paper().ledger.claims[id_] for id_ in item.claims]
        assert all(f"{claim.certainty.capitalize()} certainty" in told for claim in claims)
        assert collection.decks.name(card.did) == f"Back mice::{paper().topic(item)}"
        assert f"backmice::{item.topic}" in found[item.id].tags
    for id_ in collection.find_cards(""):
        shown = collection.get_card(id_).render_output()
        assert "{{" not in shown.question_text + shown.answer_text
        assert not re.search("template has a problem|No cloze [0-9]+ found", shown.question_text + shown.answer_text)


def test_a_fact_hides_its_figure_and_tells_both_sides(collection, tmp_path):
    take_in(collection, written("anki"), tmp_path)
    facts = [note for note in by_id(collection).values() if note.note_type()["name"] == "Back mice: fact"]
    assert len(facts) > 100
    for note in facts:
        claim = paper().ledger.claims[note.fields[0]]
        assert claim.published
        for card in note.cards():
            told = card.answer()
            assert "[...]" in words(card.question())
            assert squeezed(claim.statement) not in squeezed(words(card.question()))
            assert squeezed(claim.statement) in squeezed(words(told))
            assert f"{claim.certainty.capitalize()} certainty" in words(told)
            assert all(paper().ledger.references[key].title in words(told) for key in claim.sources)
            others = [paper().ledger.claims[id_] for id_ in claim.disagrees_with]
            assert all(" ".join(o.statement.split()) in words(told) for o in others if o.published)


def test_a_region_is_asked_on_its_picture(collection, tmp_path):
    take_in(collection, written("anki"), tmp_path)
    found = by_id(collection)
    for item in paper().items:
        for option in item.options if item.kind == "hotspot" else ():
            (card,) = found[f"region:{item.id}:{option.id}"].cards()
            assert option.text not in words(card.question())
            assert card.question().count('class="asked"') == 1
            assert back(card).startswith(option.text)
            name = re.search(r'<img src="([^"]+)"', card.question())[1]
            assert collection.media.have(name)
    assert collection.media.have("_backmice-literata.woff2")


def test_a_later_package_updates_and_never_doubles(collection, tmp_path, monkeypatch):
    quiz = choose(ROOT, *bank(), "cluneal-nerves", None, paper().ledger)
    take_in(collection, package.content(quiz), tmp_path)
    before = collection.note_count(), collection.card_count()
    cards = {note.fields[0]: [card.id for card in note.cards()] for note in by_id(collection).values()}

    take_in(collection, package.content(quiz), tmp_path)
    assert (collection.note_count(), collection.card_count()) == before

    monkeypatch.setenv("SOURCE_DATE_EPOCH", TIMES["later"])
    first, *others = quiz.items
    changed = replace(quiz, items=(first.model_copy(update={"stem": "What is asked now?"}), *others))
    take_in(collection, package.content(changed), tmp_path)
    assert (collection.note_count(), collection.card_count()) == before
    note = by_id(collection)[first.id]
    assert "What is asked now?" in note.fields[1]
    assert {note.fields[0]: [card.id for card in note.cards()] for note in by_id(collection).values()} == cards


def test_the_bank_after_a_quiz_of_it_adds_only_the_rest(collection, tmp_path):
    take_in(collection, package.content(choose(ROOT, *bank(), "cluneal-nerves", None, paper().ledger)), tmp_path)
    take_in(collection, written("anki"), tmp_path)
    assert collection.note_count() == len(list(notes(paper(), dict.fromkeys(paper().pictures, "picture"))))


def test_a_time_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ExportError) as caught:
        package.content(paper())
    assert str(caught.value) == (
        "SOURCE_DATE_EPOCH: 'yesterday' is no time; give whole seconds since 1970, or unset it"
    )


def claim(statement, **value):
    return Claim(
        id="a-claim", topic="anatomy", statement=statement, values=(value,), sources=("key",), design="cadaver",
        about="description", certainty="high", known="verified",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "value", "asked"),
    [
        ("It lay 64.7 mm lateral.", {"estimate": 64.7, "unit": "mm"}, "It lay {{c1::64.7 mm}} lateral."),
        ("Of 1,250 people 12 % had one.", {"estimate": 1250}, "Of {{c1::1,250}} people 12 % had one."),
        ("It runs 50 to 70 mm out.", {"low": 50, "high": 70, "interval": "range", "unit": "mm"},
         "It runs {{c1::50 to 70 mm}} out."),
        ("In 30 of 130 sides, 30 % were < 2.", {"estimate": 30, "unit": "%"},
         "In 30 of 130 sides, {{c1::30 %}} were &lt; 2."),
    ],
)  # fmt: skip
def test_figures_are_found_whole(statement, value, asked):
    assert str(cloze(claim(statement, **value))) == asked


@given(st.integers(1, 10**6), st.integers(0, 99))
def test_what_is_hidden_is_the_figure_and_nothing_is_lost(whole, part):
    figure = float(f"{whole}.{part:02}")
    made = claim(f"Measured on 3 sides it was {number(figure)} mm in all.", estimate=figure, unit="mm")
    shown = str(cloze(made))
    assert f"::{number(figure)} mm}}}}" in shown
    assert re.sub(r"\{\{c\d+::(.*?)\}\}", r"\1", shown) == made.statement


def test_nothing_is_left_on_the_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    package.content(paper())
    assert list(tmp_path.iterdir()) == []


def test_media_are_named_by_their_content():
    with zipfile.ZipFile(io.BytesIO(written("anki"))) as archive:
        listed = json.loads(archive.read("media"))
    assert all(re.fullmatch(r"_?backmice-[\w-]+\.\w+", name) for name in listed.values())
