"""The progress file: what is written is taken again, and nothing else is."""

from __future__ import annotations

import copy
import json
import random
import re
from typing import Any

import pytest
from javascript import STATIC, run

AT = "2026-11-22T09:00:00.000Z"
EVENTS = [
    {"id": "seen:lump-001@2", "at": AT, "type": "seen", "quiz": "", "item": "lump-001", "revision": 2, "kind": "single",
     "topic": "lump", "objective": "size-a-lump", "level": "recall", "stem": "How large? “5 cm” <b>",
     "options": [["a", "One"], ["b", "Two"], ["c", "Three"]], "key": ["b"]},
    {"id": "seen:dose-001@1", "at": AT, "type": "seen", "quiz": "", "item": "dose-001", "revision": 1, "kind": "numeric",
     "topic": "dose", "objective": "count-milligrams", "level": "application", "stem": "How many?", "options": [],
     "key": {"value": 40, "tolerance": 0.5, "unit": "mg", "units": {"mg": 1, "%": 10}}},
    {"id": "a-1", "at": AT, "type": "attempt", "quiz": "check", "mode": "exam", "minutes": 30, "seed": 7,
     "blueprint": {"id": "short", "of": [1, 2]}, "marking": "certainty",
     "items": [{"id": "lump-001", "revision": 2, "options": ["c", "a", "b"]}]},
    {"id": "a-0", "at": AT, "type": "attempt", "quiz": "check", "items": []},
    {"id": "s-1", "at": AT, "type": "submission", "quiz": "check", "attempt": "a-1", "item": "lump-001", "revision": 2,
     "response": ["b"], "certainty": "mid", "seconds": 12.5},
    {"id": "s-2", "at": AT, "type": "submission", "quiz": "check", "attempt": "a-1", "item": "dose-001", "revision": 1,
     "response": ["40.5", "mg"]},
    {"id": "e-1", "at": AT, "type": "end", "quiz": "check", "attempt": "a-1", "why": "handed-in"},
    {"id": "read:book/lump", "at": AT, "type": "read", "quiz": "", "page": "book/lump"},
    {"id": "f-1", "at": AT, "type": "flag", "quiz": "check", "attempt": "a-1", "item": "lump-001", "on": True},
    {"id": "x-1", "at": AT, "type": "extension", "quiz": "check", "attempt": "a-1", "minutes": 10},
    {"id": "b-1", "at": AT, "type": "start", "quiz": "case-knot"},
    {"id": "g-1", "at": AT, "type": "stage", "quiz": "case-knot", "stage": 3},
    {"id": "p-1", "at": AT, "type": "belief", "quiz": "vignette-knot", "vignette": "knot", "revision": 1, "stage": 0,
     "percents": {"joint": 20, "other": 80}, "outcome": "other"},
    {"id": "l-1", "at": AT, "type": "find", "quiz": "", "figure": "sacroiliac-triangle", "place": "psis_right", "off_mm": 7.5,
     "tolerance_mm": 10, "found": True, "by": "touch"},
    {"id": "w-1", "at": AT, "type": "watched", "quiz": "film-a-lump-moves", "film": "a-lump-moves", "at_s": 5.8,
     "furthest_s": 8.1, "duration_s": 9, "finished": False},
]  # fmt: skip
NEWER = "This file comes from a newer version of the course: reload this page, then import it again."
STRANGE = "This isn’t a progress file of this course."
CUT = "This file is damaged: it may have been cut short."
PARSE = """import { parse, ProgressFileError, write } from "./progress-file.js";
const tell = (text) => {
  try {
    return { events: parse(text) };
  } catch (error) {
    return { refused: error.message, ours: error instanceof ProgressFileError };
  }
};
"""


def file(**changed: Any) -> dict[str, Any]:
    return {"format": "backmice-progress", "version": 1, "exported": AT, "events": EVENTS} | changed


def parse(texts: list[str]) -> list[dict[str, Any]]:
    return run(PARSE + "done(data.map(tell));", texts)


def refusal(text: str) -> str:
    (told,) = parse([text])
    assert told.get("ours"), told
    return told["refused"]


def changed(number: int, **fields: Any) -> str:
    """Return the file with fields of one entry replaced, or, where the value is None, taken out."""
    events = copy.deepcopy(EVENTS)
    events[number] = {k: v for k, v in (events[number] | fields).items() if v is not None}
    return json.dumps(file(events=events))


def test_what_is_written_is_taken_again():
    script = PARSE + 'done({ ...write(data, new Date("2026-11-23T00:00:00Z")) });'
    written = run(script, EVENTS)
    assert json.loads(written["text"]) == file(exported="2026-11-23T00:00:00.000Z")
    assert (written["count"], written["left"]) == (15, 0)
    assert parse([written["text"]]) == [{"events": EVENTS}]


def test_every_type_of_event_that_modules_write_is_known():
    """An unknown one would be left out of the file."""
    written = set()
    for module in STATIC.glob("*.js"):
        written |= set(re.findall(r'\btype: "([a-z-]+)", (?:quiz|attempt|item)\b', module.read_text()))
    assert written == REQUIRED.keys()


def test_what_is_damaged_is_left_and_counted():
    bad = [{"id": "x", "at": "soon", "type": "submission", "quiz": ""}, EVENTS[0] | {"revision": "2"}]
    written = run(PARSE + "done(write(data, new Date()));", [*EVENTS, *bad])
    assert (written["count"], written["left"]) == (15, 2)
    assert parse([written["text"]]) == [{"events": EVENTS}]


def test_file_is_named_after_its_day():
    script = 'import { fileName } from "./progress-file.js";\ndone(fileName(new Date("2026-11-22T23:00:00Z")));'
    assert run(script) == "backmice-progress-2026-11-22.json"


def test_an_empty_log_is_a_file_too():
    assert parse([json.dumps(file(events=[]))]) == [{"events": []}]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This file is empty."),
        (" \n", "This file is empty."),
        ("GIF89a", STRANGE),
        ("7", STRANGE),
        ("null", STRANGE),
        ("[]", STRANGE),
        (json.dumps({"format": "another-app", "version": 1, "events": []}), STRANGE),
        (json.dumps(file())[:-1], CUT),
        (json.dumps(file())[:400], CUT),
        ('{"format": "backmice-progress", "version": 1, "events": ' + "[" * 100_000, CUT),
        ('{"format": "backmice-progress", "version": 1, "events": ' + "[" * 100_000 + "]" * 100_000 + "}", CUT),
        (json.dumps(file(version=2)), NEWER),
        (json.dumps(file(version=2, events="in another shape")), NEWER),
        (json.dumps(file(version="1")), "This file is damaged: it doesn’t say which version it is."),
        (json.dumps(file(version=None)), "This file is damaged: it doesn’t say which version it is."),
        (json.dumps(file(events={"length": 1})), "This file is damaged: it holds no list of entries."),
        (json.dumps(file(events=[None])), "This file is damaged: entry 1 has no plain fields."),
        (json.dumps(file(events=[EVENTS[0], [1]])), "This file is damaged: entry 2 has no plain fields."),
        (changed(0, id="seen:lump-001@3"), "This file is damaged: entry 1 has an id that is not its own."),
        (changed(0, stem="x" * 20_001), "This file is damaged: entry 1 has no valid ‘stem’."),
        (changed(0, options=[["a"]]), "This file is damaged: entry 1 has no valid ‘options’."),
        (changed(0, key="b"), "This file is damaged: entry 1 has no valid ‘key’."),
        (changed(1, key={"value": "40"}), "This file is damaged: entry 2 has no valid ‘key’."),
        (changed(2, mode="cheat"), "This file is damaged: entry 3 has no valid ‘mode’."),
        (changed(2, items=[{"id": "x"}]), "This file is damaged: entry 3 has no valid ‘items’."),
        (changed(2, blueprint={"a": {"b": {"c": {"d": {"e": 1}}}}}), "This file is damaged: entry 3 has no valid ‘blueprint’."),
        (changed(4, response="b"), "This file is damaged: entry 5 has no valid ‘response’."),
        (changed(4, response=[1]), "This file is damaged: entry 5 has no valid ‘response’."),
        (changed(4, seconds=-1), "This file is damaged: entry 5 has no valid ‘seconds’."),
        (changed(4, certainty="sure"), "This file is damaged: entry 5 has no valid ‘certainty’."),
        (changed(4, at="yesterday"), "This file is damaged: entry 5 has no valid ‘at’."),
        (changed(4, at="2026-02-30T09:00:00.000Z"), "This file is damaged: entry 5 has no valid ‘at’."),
        (changed(4, id=""), "This file is damaged: entry 5 has no valid ‘id’."),
        (changed(4, type="grade"), "This file is damaged: entry 5 has no valid ‘type’."),
        (changed(4, type="toString"), "This file is damaged: entry 5 has no valid ‘type’."),
        (changed(4, attempt=None), "This file is damaged: entry 5 has no valid ‘attempt’."),
        (changed(4, Note=1), "This file is damaged: entry 5 has no valid ‘Note’."),
        (changed(7, page=7), "This file is damaged: entry 8 has no valid ‘page’."),
        (changed(7, __proto__={"type": "end"}), "This file is damaged: it names what no entry has."),
        (changed(2, seed={"constructor": {"prototype": 1}}), "This file is damaged: it names what no entry has."),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_in_one_sentence(text, sentence):
    assert refusal(text) == sentence


def test_a_file_that_is_too_large_is_not_even_read():
    script = """import { read } from "./progress-file.js";
      const file = { size: 50_000_001, text: () => { throw new Error("was read"); } };
      read(file).catch((error) => done(error.message));"""
    assert run(script) == "This file is larger than 50 MB, which no progress file is."


def test_a_file_that_cannot_be_read_says_so():
    script = """import { read } from "./progress-file.js";
      read({ size: 1, text: async () => { throw new Error("gone"); } }).catch((error) => done(error.message));"""
    assert run(script) == "This file can’t be read."


HOSTILE = [
    None, True, 0, -1, 1e308, 2**53, 0.1, "", "x", "x" * 30_000, "__proto__", "constructor", "</script><img src=x onerror=alert(1)>",
    [], {}, [[]], [None], [["a"]], {"__proto__": {"x": 1}}, {"length": 3}, "\ud800", "\u0000", "9" * 400, AT, "soon", ["b"],
]  # fmt: skip


def places(value: Any, way: tuple = ()) -> list[tuple]:
    """Return the ways to every part of a JSON value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way] * bool(way) + [p for name, part in parts for p in places(part, (*way, name))]


def mutate(draw: random.Random) -> str:
    """Return the file with one to three changes to its parts, or to its letters."""
    value = copy.deepcopy(file())
    for _ in range(draw.randint(1, 3)):
        *way, last = draw.choice(places(value))
        home = value
        for name in way:
            home = home[name]
        match draw.randrange(4):
            case 0:
                del home[last]
            case 1 if isinstance(home, dict):
                name = draw.choice(["__proto__", "constructor", "note", "Type", "id ", "type", "key"])
                home[name] = copy.deepcopy(draw.choice(HOSTILE))
            case 2 if isinstance(home, list):
                home.insert(draw.randrange(len(home) + 1), copy.deepcopy(draw.choice(HOSTILE + [home[last]])))
            case _:
                home[last] = copy.deepcopy(draw.choice(HOSTILE))
    text = json.dumps(value)
    if draw.random() < 0.4:
        start = draw.randrange(len(text))
        match draw.randrange(3):
            case 0:
                text = text[:start]
            case 1:
                text = text[:start] + text[start + draw.randint(1, 40) :]
            case 2:
                text = text[:start] + draw.choice(LETTERS) + text[start + draw.randrange(2) :]
    return text


#: What may be put between the letters of a file; a name that stands twice among them.
LETTERS = [
    *'{}[]",:\\0e-\x00é',
    "NaN",
    "1e400",
    "-0",
    "[" * 500,
    '"id": "twice", ',
    '"__proto__": {"x": 1}, ',
    "\\ud800",
    "//",
    "\ufeff",
]

REQUIRED = {
    "seen": {"item", "revision", "kind", "topic", "objective", "level", "stem", "options", "key"},
    "attempt": {"items"},
    "submission": {"attempt", "item", "revision", "response"},
    "end": {"attempt", "why"},
    "flag": {"attempt", "item", "on"},
    "extension": {"attempt", "minutes"},
    "read": {"page"},
    "start": set(),
    "stage": {"stage"},
    "find": {"figure", "place", "off_mm", "tolerance_mm", "found", "by"},
    "watched": {"film", "at_s", "furthest_s", "duration_s", "finished"},
    "lab": {"lab", "task", "points", "of", "tasks"},
    "belief": {"vignette", "revision", "stage", "percents", "outcome"},
}


def test_mutated_files_are_taken_whole_or_refused_in_one_sentence():
    draw = random.Random(20261122)
    texts = [mutate(draw) for _ in range(10_000)]
    script = (
        PARSE
        + """import { answers, byItem, calibration, exams, filmsWatched, mastery, pagesRead } from "./learning.js";
    import { reviewQueue } from "./review-queue.js";
    // What the page of progress makes of them.
    const seen = (events) => {
      const given = answers(events);
      return [byItem(given), mastery(given, null), calibration(given), exams(events), filmsWatched(events), pagesRead(events), reviewQueue(events, () => true)];
    };
    const told = data.map(tell);
    const taken = told.filter(({ events }) => events).map(({ events }) => events);
    done({
      told,
      again: taken.every((events) => write(events, new Date()).left === 0),
      shown: taken.every((events) => seen(structuredClone(events)).length === 7),
      clean: Object.keys({}).length === 0 && {}.x === undefined && {}.type === undefined,
    });"""
    )
    found = run(script, texts)
    assert found["clean"] and found["again"] and found["shown"]
    taken = [told["events"] for told in found["told"] if "events" in told]
    refused = [told["refused"] for told in found["told"] if "refused" in told]
    assert len(taken) > 250 and len(refused) > 6250  # both are tried
    assert all(told.get("ours", True) for told in found["told"])
    assert all(sentence.startswith("This ") and sentence.endswith(".") and len(sentence) < 120 for sentence in refused)
    for event in (event for events in taken for event in events):
        assert {"id", "at", "type", "quiz"} | REQUIRED[event["type"]] <= event.keys()
        assert "__proto__" not in json.dumps(list(event))
        assert all(isinstance(event[name], str) for name in ("id", "at", "type", "quiz"))
