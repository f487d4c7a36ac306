"""Reading an author's file: each fault is one sentence with file, line and field, and nothing else ever comes out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backmice.evidence.claim import Claim
from backmice.located import Fault, LocatedError, Model, field_name, parse_yaml, read_yaml


class Film(Model):
    title: str
    kind: Literal["short", "long"] = "short"
    minutes: int = 1
    cues: tuple[str, ...] = ()
    shown: date | None = None


def told(text: str, kind: object = None) -> str:
    """Return what the author of `text` is told."""
    with pytest.raises(LocatedError) as caught:
        document = parse_yaml(text, "film.yml")
        document.parse(kind or Film)
    return str(caught.value)


def test_a_good_file_becomes_a_frozen_value():
    film = parse_yaml("title: Palpation\nminutes: 3\ncues: [one, two]\nshown: 2026-03-01\n", "film.yml").parse(Film)
    assert film == Film(title="Palpation", minutes=3, cues=("one", "two"), shown=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("minutes: 3", "1: title: is missing; this field is required"),
        ("title: A\nlength: 3", "2: length: is not a known field; remove it or correct its name"),
        ("title: A\nkind: wide", "2: kind: is 'wide'; allowed: 'short' or 'long'"),
        ("title: 12", "1: title: is 12, not text; put it in quotes"),
        ("title: yes", "1: title: is True, not text; put it in quotes"),
        ("title: A\nminutes: '3'", "2: minutes: is '3'; input should be a valid integer"),
        ("title: A\ncues:\n  - one\n  - 2", "4: cues[1]: is 2, not text; put it in quotes"),
        ("title: A\nminutes: .nan", "2: minutes: is nan; input should be a valid integer"),
        ("- title: A", "1: file: is [{'title': 'A'}]; input should be an object"),
        ("", "1: file: is None; input should be an object"),
        ("title: A\ntitle: B", "2: title: stands twice; keep one of them"),
        ("title: &a A\ncues:\n  - *a", "3: *a: is a YAML alias; write the value out"),
        ("title: A\ncues: &a [*a]", "2: *a: is a YAML alias; write the value out"),
        ("title: !shout A", "1: title: has the tag !shout; write a plain value"),
        ("cues: !!set {a, b}", "1: cues: has the tag tag:yaml.org,2002:set; write a plain value"),
        ("minutes: !!int ''", "1: minutes: is '', not a value; put text in quotes"),
        ("minutes: !!float ''", "1: minutes: is '', not a value; put text in quotes"),
        ("minutes: !!bool foo", "1: minutes: is 'foo', not a value; put text in quotes"),
        ("shown: !!timestamp soon", "1: shown: is 'soon', not a value; put text in quotes"),
        ("shown: 2026-02-30", "1: shown: is '2026-02-30', not a value; put text in quotes"),
        ("title: A\nminutes: " + "9" * 5000, f"2: minutes: is '{'9' * 60}', not a value; put text in quotes"),
        ("minutes: 0x" + "f" * 5000, f"1: minutes: is '0x{'f' * 58}', not a value; put text in quotes"),
        ("? [a]\n: 1", "1: file: has a key that is not a word; use a plain word before the colon"),
        ("title: 'A", "1: file: is not YAML: found unexpected end of stream; correct the syntax"),
        ("title: A\n\tkind: short",
         "2: file: is not YAML: found a tab character that violates indentation; correct the syntax"),
        ("title: A\n---\ntitle: B", "2: file: is not YAML: but found another document; correct the syntax"),
        ("title: A\ncues: [", "2: file: is not YAML: did not find expected node content; correct the syntax"),
    ],
)  # fmt: skip
def test_bad_text_is_told_in_one_sentence(text, sentence):
    assert told(text) == f"film.yml:{sentence}"


def test_every_fault_of_a_file_is_told_in_its_order():
    assert told("minutes: long\nkind: wide\nlength: 3") == (
        "film.yml:1: minutes: is 'long'; input should be a valid integer\n"
        "film.yml:1: title: is missing; this field is required\n"
        "film.yml:2: kind: is 'wide'; allowed: 'short' or 'long'\n"
        "film.yml:3: length: is not a known field; remove it or correct its name"
    )


def test_a_long_value_is_shown_in_part():
    assert told(f"title: A\nkind: {'x' * 100}") == (f"film.yml:2: kind: is '{'x' * 56}...; allowed: 'short' or 'long'")


def test_an_arm_of_a_union_is_no_part_of_the_field():
    assert told("- title: A\n- title: 1", list[Film | int]) == (
        "film.yml:2: [1]: is {'title': 1}; input should be a valid integer\n"
        "film.yml:2: [1].title: is 1, not text; put it in quotes"
    )


# Two spaces after the dash once got past the guard and ended the interpreter.
@pytest.mark.parametrize("bomb", ["[", "{a: ", "- ", "-  ", "? ", "- ? "])
def test_a_bomb_of_depth_is_refused(bomb):
    assert told(bomb * 100_000) == "film.yml:1: file: is nested too deeply; at most 40 levels"


def test_depth_is_told_with_its_line():
    assert told("title: A\ncues:\n  " + "- " * 40) == "film.yml:3: file: is nested too deeply; at most 40 levels"


def test_forty_levels_are_allowed_and_no_more():
    assert parse_yaml("[" * 40 + "1" + "]" * 40, "film.yml").lines[(0,) * 40] == 1
    assert told("[" * 41 + "1" + "]" * 41) == "film.yml:1: file: is nested too deeply; at most 40 levels"


@pytest.mark.parametrize("figure", ["999999999999999", "-999999999999999", "1000000000000000"])
def test_whole_numbers_up_to_a_quadrillion_are_read(figure):
    assert parse_yaml(f"minutes: {figure}", "film.yml").value == {"minutes": int(figure)}


def read(path: Path, root: Path) -> str:
    with pytest.raises(LocatedError) as caught:
        read_yaml(path, root)
    return str(caught.value)


def test_files_that_cannot_be_read_are_told_below_the_root(tmp_path):
    (tmp_path / "latin.yml").write_bytes("titre: é".encode("latin-1"))
    (tmp_path / "folder.yml").mkdir()
    assert read(tmp_path / "none.yml", tmp_path) == "none.yml:1: file: does not exist; create it or correct the name"
    assert read(tmp_path / "latin.yml", tmp_path) == "latin.yml:1: file: is not UTF-8 text; save it as UTF-8"
    assert read(tmp_path / "folder.yml", tmp_path) == (
        "folder.yml:1: file: can't be read: Is a directory; put a readable file there"
    )


def test_a_file_outside_the_root_is_told_by_its_whole_path(tmp_path):
    path = tmp_path / "none.yml"
    assert read(path, tmp_path / "course") == f"{path}:1: file: does not exist; create it or correct the name"


def test_the_mark_some_editors_put_first_is_not_part_of_the_text(tmp_path):
    (tmp_path / "film.yml").write_bytes(b"\xef\xbb\xbftitle: A\r\n")
    assert read_yaml(tmp_path / "film.yml").value == {"title": "A"}


@pytest.mark.parametrize(
    ("loc", "name"),
    [((), "file"), (("options", 2, "rationale"), "options[2].rationale"), ((3,), "[3]"), ((0, "id"), "[0].id")],
)
def test_a_field_is_named_by_its_path(loc, name):
    assert field_name(loc) == name


def test_faults_stand_in_the_order_of_the_file():
    late, early = Fault("b.yml", 12, "x", "is late", "wait"), Fault("b.yml", 2, "x", "is early", "wait")
    assert str(LocatedError(late, early)) == "b.yml:2: x: is early; wait\nb.yml:12: x: is late; wait"


def test_a_line_is_that_of_the_nearest_thing_that_holds_the_field():
    document = parse_yaml("title: A\ncues:\n  - one\n", "film.yml")
    assert [document.line(loc) for loc in [("cues", 0), ("cues", 7), ("cues", 0, "x"), ("nothing",)]] == [3, 2, 3, 1]


def only_located(read: object) -> None:
    """Anything but LocatedError, with a line and a sentence, fails the test."""
    try:
        document = read()
        document.parse(list[Claim])
    except LocatedError as error:
        assert all(fault.line >= 1 and fault.field and fault.wrong and fault.allowed for fault in error.faults)


quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIELDS = sorted(Claim.model_fields)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["high", "rct", "x-1"])
values = st.recursive(scalars, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(), v, max_size=4))


@quick
@given(st.binary(max_size=300))
def test_arbitrary_bytes(tmp_path, content):
    (tmp_path / "any.yml").write_bytes(content)
    only_located(lambda: read_yaml(tmp_path / "any.yml", tmp_path))


@quick
@given(st.text() | st.text(st.sampled_from("ab:-[]{}#&*!|>'\"%@?,~<= \n\t0x1.é\x00\u2028"), max_size=200))
def test_arbitrary_text(text):
    only_located(lambda: parse_yaml(text, "any.yml"))


@quick
@given(st.sampled_from(["int", "float", "bool", "null", "timestamp", "str", "seq", "map"]), st.text(max_size=12))
def test_arbitrary_text_under_a_tag(tag, text):
    only_located(lambda: parse_yaml(f"- !!{tag} {json.dumps(text)}", "any.yml"))


@settings(quick, max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), values, max_size=8) | values)
def test_arbitrary_values_in_the_fields_of_a_claim(value):
    only_located(lambda: parse_yaml(json.dumps([value]), "any.yml"))


words = st.text(st.sampled_from("abcdefghij"), min_size=1, max_size=5).map("k{}".format)


@settings(quick, max_examples=60)
@given(st.recursive(words, lambda v: st.dictionaries(words, v, min_size=1, max_size=4), max_leaves=12), st.data())
def test_a_line_is_that_of_the_key(value, data):
    written: dict[tuple, int] = {}

    def write(value: object, loc: tuple, lines: list[str]) -> list[str]:
        for key, inner in value.items():
            lines += [""] * data.draw(st.integers(0, 2))
            lines.append("  " * len(loc) + f"{key}:" + (f" {inner}" if isinstance(inner, str) else ""))
            written[(*loc, key)] = len(lines)
            if isinstance(inner, dict):
                write(inner, (*loc, key), lines)
        return lines

    document = parse_yaml("\n".join(write({"top": value}, (), [])), "any.yml")
    assert document.value == {"top": value}
    assert {loc: document.line(loc) for loc in written} == written
