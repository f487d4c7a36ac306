"""The item bank: good files load, bad ones each get the sentences their author must see."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backmice.items.draw import draw
from backmice.items.load import Bank, load_bank, read_item
from backmice.items.model import KINDS, Draw, Item
from backmice.located import LocatedError

HERE = Path(__file__).parent / "items"
GOOD, BAD = (sorted((HERE / folder).glob("*.yml")) for folder in ("good", "bad"))
MULTIPLE = HERE / "good/example-multiple-001.yml"
STRUCTURES = {"sacroiliac-triangle": ["triangle", "psis", "iliac-crest"]}


@dataclass
class FakeClaim:
    published: bool = True


CLAIMS = {
    "lump-over-5-cm": FakeClaim(),
    "most-nodules-are-painless": FakeClaim(),
    "recalled-only": FakeClaim(published=False),
}


def put(root: Path, where: str, text: str | bytes) -> Path:
    """Write a file of the bank."""
    path = root / "exercises" / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def put_good(root: Path) -> None:
    for path in GOOD:
        put(root, f"items/good/{path.name}", path.read_bytes())
    put_picture(root)


def put_picture(root: Path) -> None:
    (root / "media").mkdir(exist_ok=True)
    shutil.copy(HERE / "media/back.svg", root / "media")


def faults(root: Path) -> str:
    with pytest.raises(LocatedError) as caught:
        load_bank(root, CLAIMS, structures=STRUCTURES)
    return str(caught.value)


def test_good_items_load(tmp_path):
    put_good(tmp_path)
    bank = load_bank(tmp_path, CLAIMS, structures=STRUCTURES)
    assert list(bank.items) == [f"example-{kind}-001" for kind in sorted(KINDS)]
    forty = {"value": 40, "tolerance": 0.5, "unit": "mg", "units": {"mg": 1, "g": 1000}}
    assert [(i.kind, i.revision, i.option_ids(), i.scored_key()) for i in bank.items.values()] == [
        ("hotspot", 1, ("shoulder", "crest", "waist"), ("crest",)),
        ("landmark", 1, ("crest", "psis", "triangle"), ("psis",)),
        ("matching", 1, ("abscess", "cyst", "lipoma", "mouse"), ("painter=lipoma", "nurse=cyst", "driver=mouse")),
        ("multiple", 2, ("size", "move", "pain", "ruler"), ("size", "move", "pain")),
        ("numeric", 1, ("mg", "g"), forty),
        ("ordering", 1, ("press", "look", "measure", "feel"), ("look", "feel", "measure", "press")),
        ("single", 1, ("inject", "image", "reassure"), ("image",)),
    ]
    assert bank.files["example-single-001"] == tmp_path / "exercises/items/good/example-single-001.yml"


def test_folded_text_is_one_line(tmp_path):
    put_good(tmp_path)
    assert load_bank(tmp_path, CLAIMS).items["example-single-001"].vignette == (
        "You feel a firm lump of about 6 cm beside the sacrum. It does not move on the deep tissue, "
        "and the patient says it has grown since spring."
    )


def test_a_claim_is_told_once(tmp_path):
    put_good(tmp_path)
    assert load_bank(tmp_path, CLAIMS).items["example-single-001"].all_claims() == ("lump-over-5-cm",)


def test_a_ledger_serves_as_well_as_its_claims(tmp_path):
    @dataclass
    class Ledger:
        claims: dict

    put_good(tmp_path)
    assert load_bank(tmp_path, Ledger(CLAIMS)) == load_bank(tmp_path, CLAIMS)


def test_folders_that_are_not_there_are_empty(tmp_path):
    assert load_bank(tmp_path, CLAIMS) == Bank()


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_bad_item_tells_its_author(path, tmp_path):
    put_picture(tmp_path)
    put(tmp_path, f"items/bad/{path.name}", path.read_bytes())
    expected = path.with_suffix(".txt").read_text().strip()
    assert faults(tmp_path) == expected


def test_all_files_are_told_of_at_once(tmp_path):
    put_picture(tmp_path)
    for path in BAD:
        put(tmp_path, f"items/bad/{path.name}", path.read_bytes())
    told = "".join(path.with_suffix(".txt").read_text() for path in BAD)
    assert sorted(faults(tmp_path).splitlines()) == sorted(told.splitlines())


def test_id_stands_in_two_folders(tmp_path):
    put_good(tmp_path)
    text = MULTIPLE.read_text().replace("topic: good", "topic: later")
    put(tmp_path, f"items/later/{MULTIPLE.name}", text)
    assert faults(tmp_path) == (
        "exercises/items/later/example-multiple-001.yml:2: id: 'example-multiple-001' is also "
        "exercises/items/good/example-multiple-001.yml; give each item its own id"
    )


def test_a_file_nested_without_end_is_refused(tmp_path):
    put(tmp_path, "items/bad/brackets.yml", "[" * 200_000)
    assert faults(tmp_path) == "exercises/items/bad/brackets.yml:1: file: is nested too deeply; at most 40 levels"


QUIZ = "id: check\ntitle: Check yourself\n"


def test_quiz_names_its_items_in_order(tmp_path):
    put_good(tmp_path)
    put(tmp_path, "quizzes/check.yml", f"{QUIZ}items: [example-single-001, example-multiple-001]\n")
    items = load_bank(tmp_path, CLAIMS).items_of("check")
    assert [item.id for item in items] == ["example-single-001", "example-multiple-001"]


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("items: [example-single-001, nothing]", "3: items[1]: 'nothing' is not an item; name one of exercises/items"),
        ("items: [example-single-001, example-single-001]", "3: items: 'example-single-001' stands twice; name it once"),
        ("items: []", "3: items: is empty; name at least one"),
        ("draw: {topic: good, count: 8, seed: 1}",
         "3: draw.count: asks for 8; topic 'good' has 7; ask for fewer or write more"),
        ("draw: {topic: good, count: 0, seed: 1}",
         "3: draw.count: is 0; input should be greater than or equal to 1"),
        ("topic: nothing", "3: topic: 'nothing' has no items; name a folder of exercises/items"),
        ("", "1: file: has none of items, draw and topic; give one of items, draw and topic"),
        ("items: [example-single-001]\ndraw: {topic: good, count: 1, seed: 1}",
         "1: file: has items and draw; give one of items, draw and topic"),
        ("draw: {topic: good, count: 1, seed: 1}\ntopic: good",
         "1: file: has draw and topic; give one of items, draw and topic"),
        ("items: [example-single-001]\nshuffle: true", "4: shuffle: is not a known field; remove it or correct its name"),
    ],
)  # fmt: skip
def test_bad_quiz_tells_its_author(rest, message, tmp_path):
    put_good(tmp_path)
    put(tmp_path, "quizzes/check.yml", f"{QUIZ}{rest}\n")
    assert faults(tmp_path) == f"exercises/quizzes/check.yml:{message}"


def test_quiz_of_a_topic_has_its_items_by_id(tmp_path):
    put_good(tmp_path)
    put(tmp_path, "quizzes/check.yml", f"{QUIZ}topic: good\n")
    items = load_bank(tmp_path, CLAIMS).items_of("check")
    assert [item.id for item in items] == [f"example-{kind}-001" for kind in sorted(KINDS)]


def test_without_figures_landmarks_are_taken_on_trust(tmp_path):
    put(tmp_path, "items/bad/structure-unknown.yml", (HERE / "bad/structure-unknown.yml").read_bytes())
    assert list(load_bank(tmp_path, CLAIMS).items) == ["structure-unknown"]


def test_quiz_in_a_file_of_another_name(tmp_path):
    put_good(tmp_path)
    put(tmp_path, "quizzes/other.yml", f"{QUIZ}items: [example-single-001]\n")
    assert faults(tmp_path) == (
        "exercises/quizzes/other.yml:1: id: 'check' is not the file name 'other'; make the two agree"
    )


def test_a_faulty_item_is_not_told_twice(tmp_path):
    put(tmp_path, "items/bad/claims-empty.yml", (HERE / "bad/claims-empty.yml").read_bytes())
    put(tmp_path, "quizzes/check.yml", f"{QUIZ}items: [claims-empty]\n")
    assert faults(tmp_path) == (HERE / "bad/claims-empty.txt").read_text().strip()


def some_items(count: int) -> dict[str, Item]:
    one = read_item(MULTIPLE, HERE.parent)[1]
    return {f"good-{i:03}": one.model_copy(update={"id": f"good-{i:03}"}) for i in range(count)}


@given(st.integers(1, 30), st.integers(0, 2**53 - 1), st.randoms())
def test_draw_does_not_depend_on_the_order_of_the_bank(count, seed, random):
    items = some_items(30)
    spec = Draw(topic="good", count=count, seed=seed)
    drawn = draw(items, spec)
    assert len({item.id for item in drawn}) == count
    assert draw(dict(random.sample(sorted(items.items()), 30)), spec) == drawn


@given(st.integers(1, 30), st.integers(0, 2**53 - 1))
def test_one_more_item_displaces_at_most_one(count, seed):
    spec = Draw(topic="good", count=count, seed=seed)
    before, after = ({item.id for item in draw(some_items(n), spec)} for n in (30, 31))
    assert len(before - after) <= 1


def only_located(root: Path, content: bytes) -> None:
    """Load `content` as an item and as a quiz; anything but LocatedError fails the test."""
    shutil.rmtree(root / "exercises", ignore_errors=True)
    put(root, "items/any/any.yml", content)
    put(root, "quizzes/any.yml", content)
    try:
        load_bank(root, CLAIMS)
    except LocatedError as error:
        assert all(f.file.startswith("exercises/") and f.line >= 1 for f in error.faults)


quick = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIELDS = sorted({f for p in GOOD for f in yaml.safe_load(p.read_text())} | {"draw", "items", "title", "intro"})
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*KINDS, "a"])
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text() | st.sampled_from(FIELDS), v, max_size=4)
)


@quick
@given(st.binary(max_size=400))
def test_arbitrary_bytes(tmp_path, content):
    only_located(tmp_path, content)


@quick
@given(st.text(st.sampled_from("ab:-[]{}#&*!|>'\"%@?,~<= \n\t0x1.é\x00\u2028"), max_size=200))
def test_arbitrary_yaml_like_text(tmp_path, content):
    only_located(tmp_path, content.encode())


@quick
@given(st.dictionaries(st.sampled_from(FIELDS), values, max_size=8))
def test_arbitrary_values_in_known_fields(tmp_path, value):
    only_located(tmp_path, yaml.safe_dump(value, allow_unicode=True).encode())


@quick
@given(st.data())
def test_a_good_item_with_one_field_spoilt(tmp_path, data):
    item = yaml.safe_load(data.draw(st.sampled_from(GOOD)).read_text())
    item[data.draw(st.sampled_from(sorted(item)))] = data.draw(values)
    for name in ("options", "cases", "slips"):
        if isinstance(parts := item.get(name), list) and parts and data.draw(st.booleans()):
            parts[0] = data.draw(values)
    only_located(tmp_path, yaml.safe_dump(item).encode())
