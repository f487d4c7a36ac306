"""Assignments: a copy without a key, envelopes that open for one alone, and everything odd that can come back."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import zipfile
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from javascript import run

from backmice.assign import assignment as assigning
from backmice.assign import run as grading
from backmice.assign.assignment import AssignError, Enrolled, make
from backmice.assign.envelope import EnvelopeError, Opener, from_text, new_keys, receipt, seal, to_text
from backmice.assign.grade import canvas, grade, gradebook, moodle
from backmice.assign.handed import read
from backmice.assign.page import student_page, without_key
from backmice.assign.report import write
from backmice.assign.simulate import envelope, miskeyed, sealed_class
from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.export.paper import Paper, choose
from backmice.items.blueprint import load_blueprints
from backmice.items.load import load_bank
from backmice.items.model import KINDS
from backmice.items.score import score
from backmice.located import LocatedError

ROOT = Path(__file__).parents[1]
OPENS, CLOSES = datetime(2027, 1, 15, 9, tzinfo=UTC), datetime(2027, 1, 15, 12, tzinfo=UTC)
#: For what is never sealed.
KEYS = to_text(bytes(32)), to_text(bytes(32))


@cache
def bank():
    return load_bank(ROOT, load_ledger(ROOT)), load_blueprints(ROOT)


@cache
def every_kind() -> Paper:
    """Three items of each kind."""
    whole = choose(ROOT, *bank(), "bank")
    items = [item for kind in KINDS for item in [i for i in whole.items if i.kind == kind][:3]]
    return replace(whole, id="mixed", title="All kinds", items=tuple(items))


@cache
def made(**more):
    return make(every_kind(), seed=5, opens=OPENS, closes=CLOSES, minutes=60, **more)


def content(assignment, id_="s-1042", name="Ana Lee", *, response=None, **more):
    """Return what a student seals who answers everything right, or the first item with `response`."""
    given = [{"item": q.id, "response": right(q), "seconds": 30} for q in assignment.questions]
    if response is not None:
        given[0]["response"] = response
    return {
        "format": "backmice-responses", "version": 1, "assignment": assignment.id, "attempt": f"try-{id_}", "number": 1,
        "student": {"id": id_, "name": name}, "begun": OPENS.isoformat(),
        "ended": (OPENS + timedelta(minutes=40)).isoformat(), "why": "handed-in", "minutes": 60, "added": 0,
        "given": given, **more,
    }  # fmt: skip


def right(question):
    if question.kind == "numeric":
        return [f"{question.key['value']:.9f}".rstrip("0").rstrip("."), question.key["unit"]]
    return list(question.key)


def hand_in(folder: Path, assignment, file="s-1042.json", **more) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(envelope(assignment, content(assignment, **more)))
    return path


def odd(assignment, *paths):
    pile = read(assignment, paths)
    grade(assignment, pile)
    return [(o.file, o.kind, o.words) for o in pile.odd]


# The envelope.


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_for_the_owner_alone(content):
    public, secret = new_keys()
    sealed = seal(content, public)
    assert Opener(secret).open(sealed) == content
    with pytest.raises(EnvelopeError):
        Opener(new_keys()[1]).open(sealed)


@settings(max_examples=50)
@given(st.data())
def test_no_bit_of_an_envelope_changes_unnoticed(data):
    public, secret = new_keys()
    sealed = bytearray(seal(b"some answers", public))
    before = receipt(bytes(sealed))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    assert receipt(bytes(sealed)) != before
    with pytest.raises(EnvelopeError):
        Opener(secret).open(bytes(sealed))


def test_a_receipt_is_blake2b_in_groups_of_four():
    assert receipt(b"abc") == "cf4a-b791-c62b-8d2b-2109-c902-7528-7816"


# The student's copy.


def test_the_students_copy_holds_no_key_in_any_form():
    assignment = made()
    page = student_page(assignment, ROOT).decode()
    items = page.partition("<template>")[2].partition("</template>")[0]
    plain = re.sub(r"\s+", " ", page)
    for question in assignment.questions:
        assert question.item not in page
        assert question.objective not in items
        for part in (*question.options, *question.cases, *question.slips):
            assert part.rationale[:40] not in plain
        if question.rationale:
            assert question.rationale[:40] not in plain
        for slip in question.slips:
            assert slip.text not in plain
    assert assignment.secret_key not in page
    assert 'class="key"' not in items and "data-key" not in items
    assert items.count("<form ") == len(assignment.questions)
    assert "Permission to use, copy, modify, and/or distribute this software" in page


def test_the_students_copy_does_not_tell_the_seed_with_which_the_book_draws_the_same_exam():
    seed = 4711004711
    assignment = make(choose(ROOT, *bank(), "final", seed), seed=seed)
    assert re.fullmatch("final-[0-9a-f]{8}", assignment.id)
    assert (assignment.quiz, assignment.seed) == (f"final-{seed}", seed)
    assert str(seed) not in student_page(assignment, ROOT).decode()


def test_the_students_questions_have_an_empty_key():
    for question in made().questions:
        bare = without_key(question)
        assert (bare.key, bare.rationale, bare.slips, bare.item) == ((), None, (), "")
        assert {part.rationale for part in (*bare.options, *bare.cases)} <= {""}
        assert {part.was for part in (*bare.options, *bare.cases)} <= {""}


def test_every_question_scores_as_its_item_does():
    items = {item.id: item for item in every_kind().items}
    for question in made().questions:
        item, names = items[question.item], {part.id: part.was for part in (*question.options, *question.cases)}
        back = lambda part, names=names: "=".join(names.get(id_, id_) for id_ in part.split("="))
        response = right(question)
        given = score(question.kind, question.key, question.option_ids(), response)
        wanted = response if question.kind == "numeric" else [back(part) for part in response]
        assert given.points == score(item.kind, item.scored_key(), item.option_ids(), wanted).points == 1


def test_steps_are_never_shown_in_the_right_order():
    whole = choose(ROOT, *bank(), "bank")
    steps = replace(whole, items=tuple(item for item in whole.items if item.kind == "ordering"))
    for seed in range(40):
        for question in make(steps, seed=seed, keys=KEYS).questions:
            assert question.option_ids() != question.key


def test_the_same_seed_draws_the_same_and_another_something_else():
    paper = choose(ROOT, *bank(), "bank")
    drawn = lambda seed: [q.item for q in make(paper, seed=seed, count=12, keys=KEYS).questions]
    assert drawn(4) == drawn(4)
    assert drawn(4) != drawn(5)
    assert len(set(drawn(4))) == 12


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"count": 99}, "--draw asks for 99; 'mixed' has 21 items"),
        ({"upload": "inbox"}, "--upload 'inbox' is no address; give one that begins with https:// or http://"),
        ({"opens": CLOSES, "closes": OPENS}, "--closes 2027-01-15 09:00 is not after --opens 2027-01-15 12:00"),
    ],
)
def test_what_cannot_be_assigned(how, words):
    with pytest.raises(AssignError, match=re.escape(words)):
        make(every_kind(), seed=1, **how)


def test_only_a_drawn_structure_is_said_to_be_asked_without_its_figure(tmp_path):
    quiz = next(item.topic for item in choose(ROOT, *bank(), "bank").items if item.kind == "landmark")
    assign = ["assign", quiz, "-o", str(tmp_path / "spring"), "--draw", "1", "--seed", "1", "--root", str(ROOT)]
    ran = CliRunner().invoke(main, assign)
    (asked,) = assigning.load(tmp_path / "spring.instructor.json").questions
    assert ("Asked by name, without the figure" in ran.output) == (bank()[0].items[asked.item].kind == "landmark")


def test_the_instructors_file_is_read_back_whole(tmp_path):
    path = tmp_path / "mine.json"
    assigning.write_private(path, assigning.dump(made()))
    assert assigning.load(path) == made()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(AssignError, match="is there already and may hold a key that is in use"):
        assigning.write_private(path, b"")
    assert assigning.load(path) == made()


def test_what_is_no_assignment_is_told(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"format": "backmice-assignment"}')
    with pytest.raises(LocatedError, match="x.json:1: id: Field required"):
        assigning.load(path)


def test_a_roster_gives_each_student_a_code(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\ns-1,Ana Lee\ns-2,Bo Ek\n")
    enrolled = assigning.enrol(roster)
    assert [(id_, s.name) for id_, s in enrolled.items()] == [("s-1", "Ana Lee"), ("s-2", "Bo Ek")]
    assert all(re.fullmatch("[2-9a-hjkmnp-z]{8}", s.code) for s in enrolled.values())
    rows = list(
        csv.DictReader(io.StringIO(assigning.codes(made().model_copy(update={"roster": enrolled})).decode("utf-8-sig")))
    )
    assert rows[1] == {"id": "s-2", "name": "Bo Ek", "code": enrolled["s-2"].code}


def test_a_faulty_roster_is_told_with_its_line(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\ns-1,Ana Lee\ns-1,Bo Ek\ns-3,\n")
    with pytest.raises(LocatedError) as caught:
        assigning.enrol(roster)
    assert str(caught.value).replace(f"{tmp_path}/", "") == (
        "roster.csv:3: [1].id: 's-1' stands twice; give each student one row\n"
        "roster.csv:4: [2].name: is missing; give each student an id and a name"
    )


# What comes back.


def test_a_sound_file_is_graded_and_nothing_is_odd(tmp_path):
    hand_in(tmp_path, made())
    pile = read(made(), [tmp_path])
    (graded,) = grade(made(), pile)
    assert (graded.student_id, graded.name, graded.points, pile.odd) == ("s-1042", "Ana Lee", 21.0, [])


def test_late_early_and_over_time(tmp_path):
    minutes = lambda n: (OPENS + timedelta(minutes=n)).isoformat()
    hand_in(tmp_path, made(), "a.json", id_="aaa", ended=minutes(185), begun=minutes(130))
    hand_in(tmp_path, made(), "b.json", id_="bbb", begun=minutes(-20), ended=minutes(30))
    hand_in(tmp_path, made(), "c.json", id_="ccc", ended=minutes(75), added=10)
    hand_in(tmp_path, made(), "d.json", id_="ddd", ended=minutes(-1))
    assert odd(made(), tmp_path) == [
        ("a.json", "late", "ended 5 min after it closed"),
        ("b.json", "early", "begun 20 min before it opened"),
        ("c.json", "over time", "took 75 min of 60 min, with 10 minutes added"),
        ("d.json", "over time", "ended before it began: its clock was changed"),
    ]


def test_twice(tmp_path):
    first = hand_in(tmp_path, made(), "1.json", response=[])
    hand_in(tmp_path, made(), "2.json", attempt="another", ended=(OPENS + timedelta(minutes=50)).isoformat())
    (tmp_path / "3.json").write_bytes(first.read_bytes())
    pile = read(made(), [tmp_path])
    (graded,) = grade(made(), pile)
    assert graded.points == 20
    assert [(o.file, o.kind, o.words) for o in pile.odd] == [
        ("3.json", "same file again", "is 1.json once more; it counts once"),
        ("2.json", "twice", "'s-1042' may have one attempt; 1.json stands"),
    ]


def test_the_last_of_the_attempts_allowed_stands(tmp_path):
    allowed = made().model_copy(update={"attempts": 2})
    for n, response in enumerate(([], None, [])):
        ended = (OPENS + timedelta(minutes=10 * n + 5)).isoformat()
        hand_in(tmp_path, allowed, f"{n}.json", attempt=f"try {n}", ended=ended, response=response)
    pile = read(allowed, [tmp_path])
    (graded,) = grade(allowed, pile)
    assert (graded.points, graded.opened.file) == (21, "1.json")
    assert [str(o) for o in pile.odd] == ["2.json: twice: 's-1042' may have 2 attempts; 1.json stands"]


def test_truncated(tmp_path):
    whole = hand_in(tmp_path, made()).read_bytes()
    (tmp_path / "cut.json").write_bytes(whole[: len(whole) // 2])
    outer = json.loads(whole)
    outer["sealed"] = to_text(from_text(outer["sealed"])[:100])
    (tmp_path / "short.json").write_text(json.dumps(outer))
    (tmp_path / "s-1042.json").unlink()
    assert odd(made(), tmp_path) == [
        ("cut.json", "truncated", "ends before it is complete; ask for the file again"),
        ("short.json", "truncated", f"holds 100 of {outer['bytes']} sealed bytes"),
    ]


def test_edited(tmp_path):
    path = hand_in(tmp_path, made())
    outer = json.loads(path.read_bytes())
    sealed = bytearray(from_text(outer["sealed"]))
    sealed[60] ^= 1
    changed = {**outer, "sealed": to_text(bytes(sealed))}
    resealed = {**changed, "receipt": receipt(bytes(sealed))}
    alien = json.loads(envelope(made(), {"points": 100}))
    for name, fields in {
        "a": changed,
        "b": resealed,
        "c": {**outer, "sealed": "?"},
        "d": alien,
        "e": {**outer, "x": 1},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(fields))
    path.unlink()
    assert odd(made(), tmp_path) == [
        ("a.json", "edited", f"its receipt says {outer['receipt']}, its content gives {resealed['receipt']}"),
        ("b.json", "edited", "does not open with this assignment's key: it was changed, or sealed anew"),
        ("c.json", "edited", "what was sealed is damaged"),
        ("d.json", "edited", "opens, but holds what the page does not write"),
        ("e.json", "edited", "its fields are not those that the page wrote"),
    ]


def test_from_another_assignment(tmp_path):
    other = make(every_kind(), seed=5)
    hand_in(tmp_path, other, "a.json")
    disguised = json.loads(envelope(made(), content(other)))
    (tmp_path / "b.json").write_text(json.dumps(disguised))
    (tmp_path / "c.txt").write_text("Dear all")
    assert odd(made(), tmp_path) == [
        ("a.json", "other assignment", f"is of '{other.id}', not of '{made().id}'"),
        ("b.json", "other assignment", f"says '{made().id}', but was sealed for '{other.id}'"),
        ("c.txt", "not a result", "is not what the page of an assignment saves"),
    ]


def test_two_students_swapped(tmp_path):
    hand_in(tmp_path, made(), "Ana Lee_17_file/mixed.json", id_="s-2001", name="Bo Ek")
    hand_in(tmp_path, made(), "Bo Ek_18_file/mixed.json", id_="s-1042", name="Ana Lee")
    hand_in(tmp_path, made(), "Cy Dee_19_file/s-3003.json", id_="s-3003", name="Cy Dee")
    assert odd(made(), tmp_path) == [
        ("Ana Lee_17_file/mixed.json", "swapped",
         "is named after 's-1042', but 's-2001' answered; Bo Ek_18_file/mixed.json the other way round"),
        ("Bo Ek_18_file/mixed.json", "swapped",
         "is named after 's-2001', but 's-1042' answered; Ana Lee_17_file/mixed.json the other way round"),
    ]  # fmt: skip


def test_codes_tell_who_answered_for_whom(tmp_path):
    roster = {"s-1": Enrolled(name="Ana Lee", code="aaaa2222"), "s-2": Enrolled(name="Bo Ek", code="bbbb3333")}
    listed = made().model_copy(update={"roster": roster})
    of = lambda id_, code: {"id": id_, "name": "", "code": code}
    hand_in(tmp_path, listed, "1.json", student=of("s-1", "bbbb3333"), attempt="1")
    hand_in(tmp_path, listed, "2.json", student=of("s-2", "bbbb3333"), attempt="2")
    hand_in(tmp_path, listed, "3.json", student=of("s-3", "cccc4444"), attempt="3")
    hand_in(tmp_path, listed, "4.json", student=of("s-2", ""), attempt="4")
    assert odd(listed, tmp_path)[:3] == [
        ("1.json", "swapped", "says 's-1', but the code is that of 's-2'"),
        ("3.json", "unknown student", "'s-3' is not on the list"),
        ("4.json", "unknown student", "'s-2' is on the list, but the code is wrong"),
    ]


def test_whoever_knows_an_id_but_not_its_code_takes_nobodys_place(tmp_path):
    roster = {"s-1": Enrolled(name="Ana Lee", code="aaaa2222"), "s-2": Enrolled(name="Bo Ek", code="bbbb3333")}
    listed = made().model_copy(update={"roster": roster, "attempts": 2})
    of = lambda id_, code: {"id": id_, "name": "", "code": code}
    sooner, later = ((OPENS + timedelta(minutes=n)).isoformat() for n in (1, 50))
    hand_in(tmp_path, listed, "1.json", student=of("s-1", ""), attempt="1", ended=sooner, response=[])
    hand_in(tmp_path, listed, "2.json", student=of("s-1", "aaaa2222"), attempt="2")
    hand_in(tmp_path, listed, "3.json", student=of("s-1", "zzzz"), attempt="3", ended=later, response=[])
    hand_in(tmp_path, listed, "4.json", student=of("s-2", ""), attempt="4")
    pile = read(listed, [tmp_path])
    graded = grade(listed, pile)
    assert [(g.student_id, g.opened.file, g.points) for g in graded] == [("s-1", "2.json", 21), ("s-2", "4.json", 21)]
    told = [(o.file, o.kind, o.words) for o in pile.odd][3:]
    assert told == [
        (file, "unknown student", "does not count: 2.json has the code of 's-1'") for file in ("1.json", "3.json")
    ]
    script = (
        'import { gradeAll } from "./grading.js"; const pile = { opened: data.opened, odd: [] };'
        "done([gradeAll(data.assignment, pile).map(({ id, opened, points }) => [id, opened.file, points]), pile.odd]);"
    )
    opened = [{"file": o.file, "receipt": o.receipt, "content": o.content} for o in pile.opened]
    as_json = lambda value: value.model_dump(mode="json") if hasattr(value, "model_dump") else asdict(value)
    data = {"assignment": as_json(listed), "opened": opened}
    found, said = run(script, json.loads(json.dumps(data, default=as_json)))
    assert found == [[g.student_id, g.opened.file, g.points] for g in graded]
    assert [(o["file"], o["kind"], o["words"]) for o in said] == told


def test_one_sitting_handed_in_by_two(tmp_path):
    hand_in(tmp_path, made(), "a.json", id_="aaa", attempt="same")
    hand_in(tmp_path, made(), "b.json", id_="bbb", attempt="same")
    assert odd(made(), tmp_path) == [("b.json", "copied", "is the same sitting as a.json, of 'aaa'")]


def test_an_answer_that_could_not_be_given_counts_as_open(tmp_path):
    hand_in(tmp_path, made(), response=["nothing"])
    pile = read(made(), [tmp_path])
    assert [each.points for each in grade(made(), pile)] == [20]
    assert [str(o) for o in pile.odd] == ["s-1042.json: impossible answer: q1 can't be answered so; it counts as open"]


def test_an_archive_is_read_as_a_folder_is(tmp_path):
    path = hand_in(tmp_path, made())
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(path, "Ana Lee_17/s-1042.json")
    pile = read(made(), [tmp_path / "all.zip"])
    assert [each.file for each in pile.opened] == ["all.zip/Ana Lee_17/s-1042.json"]


def test_a_damaged_archive_stops_nothing_but_itself(tmp_path):
    path = hand_in(tmp_path, made(), "b.json")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "b.json")
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[40:80] = b"\xff" * 40  # within what was packed
    (tmp_path / "a.zip").write_bytes(content)
    pile = read(made(), [tmp_path])
    assert [each.file for each in pile.opened] == ["b.json"]
    assert [(o.file, o.kind) for o in pile.odd] == [("a.zip", "can't be read")]


@settings(max_examples=60)
@given(st.binary(max_size=200), st.booleans())
def test_no_file_stops_the_grading(tmp_path_factory, junk, is_marked):
    folder = tmp_path_factory.mktemp("junk")
    (folder / "x.json").write_bytes((b'{"format": "backmice-handed-in"' if is_marked else b"") + junk)
    assert len(odd(made(), folder)) == 1


# Gradebooks.


def test_the_gradebooks(tmp_path):
    roster = {"s-9": Enrolled(name="Di Fo", code="dddd5555")}
    listed = made().model_copy(update={"roster": roster})
    hand_in(tmp_path, listed, file="=1+1.json", id_="=s-1", response=[])
    pile = read(listed, [tmp_path])
    graded = grade(listed, pile)
    read_back = lambda content: list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    book = read_back(gradebook(listed, graded))
    assert book[0] == [
        "id",
        "name",
        "points",
        "of",
        "per cent",
        "answered",
        "begun",
        "ended",
        "file",
        "receipt",
        "look at",
    ]
    assert book[1][:6] == ["'=s-1", "Ana Lee", "20", "21", "95.24", "20"]
    assert (book[1][8], book[1][10]) == ("'=1+1.json", "unknown student")
    assert (book[2][0], book[2][10]) == ("s-9", "nothing handed in")
    assert read_back(moodle(listed, graded)) == [
        ["First name", "Last name", "ID number", "All kinds"], ["Ana", "Lee", "'=s-1", "20"],
    ]  # fmt: skip
    assert read_back(canvas(listed, graded)) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "All kinds"],
        ["    Points Possible", "", "", "", "", "21"],
        ["Lee, Ana", "", "'=s-1", "", "", "20"],
    ]


# The whole way.


def test_a_made_up_class_shows_what_was_planted_and_says_that_it_is_made_up(tmp_path):
    paper = choose(ROOT, *bank(), "final", 3)
    assignment = make(paper, seed=3, passages=assigning.passages(ROOT))
    planted, wrong = miskeyed(assignment)
    for name, content in sealed_class(assignment, 200):
        (tmp_path / name).write_bytes(content)
    write(
        planted, read(planted, [tmp_path]), tmp_path / "report", label="Simulated class", book="https://example.org/b/"
    )
    found = json.loads((tmp_path / "report/analysis.json").read_text())
    assert {item["id"] for item in found["items"] if item["alarm"] == "miskey"} == set(wrong)
    page = (tmp_path / "report/index.html").read_text()
    assert "<strong>Simulated class.</strong>" in page
    assert 'href="https://example.org/b/book/' in page
    sheet = (tmp_path / "report/feedback/simulated-00001.html").read_text()
    assert "<strong>Simulated class.</strong>" in sheet
    assert "<h2>Simulated Student 00001, simulated-00001</h2>" in sheet
    assert sheet.count("<section class=") == 60


def test_the_commands(tmp_path):
    invoke = lambda *given: CliRunner().invoke(main, [str(part) for part in given])
    out = tmp_path / "spring"
    ran = invoke("assign", "palpation", "-o", out, "--draw", 5, "--closes", "2027-01-15T12:00+00:00", "--root", ROOT)
    assert ran.exit_code == 0, ran.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spring", "spring.instructor.json"]
    assert [path.name for path in out.iterdir()] == ["index.html"]
    private = tmp_path / "spring.instructor.json"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    again = invoke("assign", "palpation", "-o", out, "--root", ROOT)
    unseeded = invoke("assign", "palpation", "-o", tmp_path / "autumn", "--root", ROOT)
    assert unseeded.exit_code == 0, unseeded.output
    seeds = {assigning.load(tmp_path / f"{name}.instructor.json").seed for name in ("spring", "autumn")}
    assert len(seeds) == 2  # none that could be guessed
    assert (again.exit_code, "is there already and may hold a key" in again.output) == (1, True)
    hand_in(tmp_path / "in", assigning.load(private), ended="2027-01-15T13:00:00Z")
    for command in ("grade", "bench"):
        ran = invoke(command, private, tmp_path / "in", "-o", tmp_path / command)
        report = tmp_path / command / "index.html"
        assert ran.output == (f"s-1042.json: late: ended 60 min after it closed\n{report} (1 student, 1 to look at)\n")
    refused = invoke("grade", private, "-o", tmp_path / "none")
    assert refused.exit_code == 1
    assert refused.output.startswith("Name what students handed in, or make a class up with --simulate")


def test_a_made_up_class_is_held_against_no_list(tmp_path):
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\n1042,Ana Lee\n")
    how = ["assign", "palpation", "-o", tmp_path / "spring", "--roster", roster, "--root", ROOT]
    assert CliRunner().invoke(main, [str(part) for part in how]).exit_code == 0
    lines = list(grading.run(tmp_path / "spring.instructor.json", [], tmp_path / "report", simulate=3))
    assert lines[1:] == [f"{tmp_path}/report/index.html (3 students, 0 to look at)"]


# The browser's part.


def test_time_on_an_item_adds_up_its_visits():
    events = [
        {"type": "submission", "item": "q1", "at": "2027-01-15T09:00:10.000Z", "seconds": 10},
        {"type": "submission", "item": "q1", "at": "2027-01-15T09:00:25.000Z", "seconds": 25},
        {"type": "submission", "item": "q2", "at": "2027-01-15T09:01:00.000Z", "seconds": 30},
        {"type": "submission", "item": "q1", "at": "2027-01-15T09:02:05.000Z", "seconds": 5},
    ]
    script = 'import { secondsOn } from "./handed-in.js"; done(["q1", "q2", "q3"].map((id) => secondsOn(id, data)));'
    assert run(script, events) == [30, 30, None]


def test_a_files_name_holds_no_sign_that_a_system_refuses():
    script = 'import { fileName } from "./handed-in.js"; done(data.map((id) => fileName("mixed-1", id, 2)));'
    assert run(script, ["s-1042", " Zoë/../x ", "a b"]) == [
        "mixed-1-s-1042-2.json", "mixed-1-Zoe-x-2.json", "mixed-1-a-b-2.json",
    ]  # fmt: skip
