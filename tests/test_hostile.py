"""Files made to do harm: thousands of damaged packages and envelopes, and those that would fill or hold up a machine.

Each is read or refused in words, and none leaves anything behind. The same damage is done each time.
"""

from __future__ import annotations

import base64
import io
import json
import random
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from javascript import run
from test_assign import content, hand_in, made
from test_intake import one_of_each, some
from test_zip_js import packed

from backmice.assign.grade import grade
from backmice.assign.handed import Pile, files_in, read
from backmice.assign.simulate import envelope
from backmice.export.target import TARGETS
from backmice.intake.question import fields, remarks
from backmice.intake.write import READERS
from backmice.located import LocatedError

JUNK = [
    b"", b"\0", b"\xff", b"\xed\xa0\x80", b"&e;", b"<![CDATA[", b"]]>", b"<!--", b"9" * 5000, b"1e999", b"nan", b"-inf", b"{", b"}",
    b"[", b"::", b"~", b"=", b"%", b"#", b"\\", b"\n\n", b"<p>", b'"', b"PK\1\2", b"PK\3\4", b"PK\5\6", b"\xff\xff\xff\xff",
    b"<!DOCTYPE a [<!ENTITY a 'b'>]>", b"__proto__", b"../../x", b"\xe2\x80\xae", b"\xd9\xa1", b"&#0;", b"&#xD800;",
]  # fmt: skip
JUPYTERQUIZ = json.dumps(
    [
        {"question": "a", "type": "numeric", "precision": 2, "answers": [
            {"type": "value", "value": 1.5, "correct": True, "feedback": "x"}, {"type": "range", "range": [1, 2], "correct": False}]},
        {"question": "b", "type": "multiple_choice", "answers": [
            {"answer": "x", "correct": True}, {"answer": "y", "correct": False}]},
    ]
).encode()  # fmt: skip


def damaged(draw: random.Random, given: bytes) -> bytes:
    """Return a file with one to four changes to its bytes."""
    found = bytearray(given)
    for _ in range(draw.randint(1, 4)):
        at, other = draw.randrange(len(found) + 1), draw.randrange(len(found) + 1)
        match draw.randrange(5):
            case 0:
                del found[at : at + draw.randint(1, 60)]
            case 1:
                found[at:at] = draw.choice(JUNK)
            case 2:
                found[at : at + 1] = bytes([draw.randrange(256)])
            case 3:
                found[at:at] = found[other : other + draw.randint(1, 200)]
            case _ if draw.random() < 0.1:
                del found[at:]
    return bytes(found)


@cache
def quizzes() -> dict[str, bytes]:
    """Return a file of each format that is read, by the name of its reader and what it is."""
    few = replace(some("hotspot"), items=some("hotspot").items[:3])
    packages = {"gift": TARGETS["gift"].content(few), "qti package": TARGETS["qti21"].content(few)}
    return one_of_each() | packages | {"jupyterquiz": JUPYTERQUIZ}


def test_thousands_of_damaged_quizzes_are_read_or_refused_at_a_place():
    draw = random.Random(20261123)
    taken = refused = 0
    for _ in range(3000):
        name = draw.choice(sorted(quizzes()))
        try:
            for question in READERS[name.partition(" ")[0]](damaged(draw, quizzes()[name]), "file"):
                fields(question)
                remarks(question)
            taken += 1
        except LocatedError as error:
            assert all(fault.line >= 1 and fault.wrong and fault.allowed for fault in error.faults)
            refused += 1
    assert taken > 400 and refused > 1000  # both are tried


LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
#: What would take a careless reader minutes, or all memory.
BOMBS = {
    "moodle entities": f"<!DOCTYPE quiz [<!ENTITY a0 'ha'>{LAUGHS}]><quiz><question><name><text>&a11;</text></name></question></quiz>",
    "moodle depth": "<a>" * 100_000,
    "gift titles": "::a" * 30_000,
    "gift spaces": "::a::" + " " * 60_000 + "x",
    "gift braces": "a{=b" * 30_000,
    "gift remarks": "//" + "[id:" * 40_000 + "\nIs it?{T",
    "jupyterquiz depth": "[" * 100_000,
    "jupyterquiz aliases": "- &a [x, x]\n- &b [*a, *a]\n",
    "jupyterquiz digits": '[{"question": "a", "type": "numeric", "answers": [{"value": ' + "9" * 6000 + "}]}]",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name):
    with pytest.raises(LocatedError) as caught:
        READERS[name.partition(" ")[0]](BOMBS[name].encode(), "file")
    assert len(caught.value.faults) == 1


def swollen() -> bytes:
    """Return a small archive of which 50 files, each as large as one may be, are one and the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(5_000_001))
        archive.filelist *= 50
    return out.getvalue()


def test_an_archive_that_unpacks_to_very_much_is_refused_by_both_graders(tmp_path):
    (tmp_path / "a.zip").write_bytes(swollen())
    words = "the archive unpacks to over 200 MB; give parts of it"
    pile = read(made(), [tmp_path])
    assert [(o.file, o.kind, o.words) for o in pile.odd] == [("a.zip", "can't be read", words)]
    script = 'import { unzip } from "./zip.js";\nunzip(Buffer.from(data, "base64"), 5_000_000).catch((error) => done(error.message));'
    assert run(script, base64.b64encode(swollen()).decode()) == words


UNZIP = """import { isZip, unzip } from "./zip.js";
const told = [];
for (const text of data) {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  isZip(bytes);
  told.push(await unzip(bytes, 5000).then((files) => files.every(({ bytes }) => bytes.length <= 5001), (error) => error.name));
}
done(told);"""


def test_damaged_archives_are_read_or_refused_by_both_graders(tmp_path):
    draw = random.Random(20261123)
    given = [packed(zipfile.ZIP_STORED), packed(zipfile.ZIP_DEFLATED)]
    archives = [damaged(draw, draw.choice(given)) for _ in range(2000)]
    told = run(UNZIP, [base64.b64encode(archive).decode() for archive in archives])
    assert set(told) == {True, "RangeError"}
    assert min(told.count(True), told.count("RangeError")) > 200
    path, pile = tmp_path / "a.zip", Pile()
    for archive in archives:
        path.write_bytes(archive)
        assert all(name.startswith("a.zip") and len(content) <= 5001 for name, content in files_in([path], pile, 5000))
    assert {oddity.kind for oddity in pile.odd} == {"can't be read"}


def changed(draw: random.Random, value: object) -> object:
    """Return a copy of what JSON can hold, with one part of it replaced or left out."""
    value = json.loads(json.dumps(value))
    home, parts = None, value
    while isinstance(parts, dict | list) and parts and (home is None or draw.random() < 0.8):
        home = parts
        last = draw.choice(sorted(home)) if isinstance(home, dict) else draw.randrange(len(home))
        parts = home[last]
    if draw.random() < 0.25:
        del home[last]
    else:
        home[last] = draw.choice(
            [None, False, -1, 1e308, 2**53, "", "x" * 300, "__proto__", "\ud800", [], {}, [[]], {"__proto__": 1}]
        )
    return value


GRADE = """import { readAll } from "./handed-files.js";
import { gradeAll, gradebooks, tableOf } from "./grading.js";
const before = JSON.stringify(data.assignment);
const pile = await readAll(data.assignment, data.files);
const graded = gradeAll(data.assignment, pile);
tableOf(data.assignment, graded);
gradebooks(data.assignment, graded);
done({
  opened: pile.opened.map(({ file }) => file), odd: [...new Set(pile.odd.map(({ kind }) => kind))].sort(),
  clean: before === JSON.stringify(data.assignment) && {}.x === undefined && Object.keys(Object.prototype).length === 0,
});"""


def test_what_students_hand_in_is_graded_or_odd_in_the_browser_as_in_python(tmp_path):
    draw, assignment = random.Random(20261123), made()
    whole = hand_in(tmp_path / "whole", assignment).read_bytes()
    # A student who seals what the page never would, and files that were changed on the way.
    inside = [envelope(assignment, changed(draw, content(assignment, f"s-{n}"))) for n in range(300)]
    files = [*inside, *(damaged(draw, whole) for _ in range(1700))]
    folder = tmp_path / "files"
    folder.mkdir()
    for n, text in enumerate(files):
        (folder / f"{n:04}.json").write_bytes(text)
    pile = read(assignment, [folder])
    grade(assignment, pile)
    texts = [{"name": f"{n:04}.json", "text": text.decode("utf-8", "replace")} for n, text in enumerate(files)]
    found = run(GRADE, {"assignment": json.loads(assignment.model_dump_json()), "files": texts})
    assert found["clean"]
    assert found["opened"] == [each.file for each in pile.opened]
    assert len(found["opened"]) > 15
    assert found["odd"] == sorted({oddity.kind for oddity in pile.odd})
