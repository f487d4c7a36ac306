"""Reports of platforms: what Moodle and SCORM tell of an exported quiz, read to the letter or named as odd."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from backmice.assign import moodle_responses, scorm_interactions
from backmice.assign.exported import Exported, UnreadError, exported, moment
from backmice.assign.grade import grade, gradebook
from backmice.assign.reported import read
from backmice.assign.run import GradeError, run_reported
from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.export.paper import Paper, choose
from backmice.items.blueprint import load_blueprints
from backmice.items.load import load_bank, read_item
from backmice.items.model import KINDS

ROOT = Path(__file__).parents[1]
REPORTS = Path(__file__).parent / "reports"
ORDER = ("single", "multiple", "matching", "ordering", "numeric", "hotspot", "landmark")


@cache
def course():
    ledger = load_ledger(ROOT)
    return load_bank(ROOT, ledger), load_blueprints(ROOT), ledger


@cache
def chosen(name: str) -> Paper:
    bank, blueprints, ledger = course()
    return choose(ROOT, bank, blueprints, name, ledger=ledger)


@cache
def paper() -> Paper:
    """The good item of each kind; a picture is taken as it is."""
    items = [read_item(ROOT / f"tests/items/good/example-{kind}-001.yml", ROOT)[1] for kind in ORDER]
    whole = chosen("palpation")
    return replace(whole, id="kinds", title="All kinds", items=tuple(items), pictures={"media/back.svg": b"<svg/>"})


@cache
def quiz() -> Exported:
    return exported(paper())


def by_ids(given) -> dict[str, tuple[str, ...]]:
    """Return what was given by the bank's ids."""
    found = {}
    for answer in given:
        asked = next(each for each in quiz().asked.values() if each.question.id == answer.item)
        back = {part.id: part.was for part in (*asked.question.options, *asked.question.cases)}
        words = [[back.get(name, name) for name in part.split("=")] for part in answer.response]
        found[asked.question.kind if asked.item.kind != "landmark" else "landmark"] = tuple(map("=".join, words))
    return found


ADA = {
    "single": {"image"},
    "multiple": {"size", "move", "pain"},
    "matching": {"painter=lipoma", "nurse=cyst", "driver=mouse"},
    "ordering": ("look", "feel", "measure", "press"),
    "numeric": ("40", "mg"),
    "hotspot": {"crest"},
    "landmark": {"psis"},
}
BEN = {
    "single": {"reassure"},
    "multiple": {"size", "ruler"},
    "matching": {"painter=lipoma", "nurse=abscess"},
    "ordering": ("look", "feel", "press", "measure"),
    "numeric": ("4", "mg"),
    "landmark": {"crest"},
}
MISSED = "not told: example-hotspot-001: Moodle tells a marker that missed as no answer; it counts as left open"
CY = "unfinished: 's-3' finished no attempt here; it isn't counted"


def sets(given) -> dict:
    return {kind: parts if kind in ("ordering", "numeric") else set(parts) for kind, parts in by_ids(given).items()}


@pytest.mark.parametrize(
    ("file", "odd"),
    [
        ("moodle-in-order.csv", [f"moodle-in-order.csv:4: {CY}", f"moodle-in-order.csv: {MISSED}"]),
        ("moodle-shuffled.csv", [f"moodle-shuffled.csv: {MISSED}"]),
        ("moodle-scorm.txt", ["moodle-scorm.txt:4: unfinished: 'cy@example.org' has no attempt"]),
        ("interactions.csv", []),
        ("cmi-12.json", []),
        ("cmi-2004.json", []),
    ],
)
def test_every_form_tells_the_same_answers(file, odd):
    pile = read(quiz(), [REPORTS / "good" / file])
    assert list(map(str, pile.odd)) == odd
    ada, ben = (each.content for each in pile.opened)
    wanted = {**ADA, "numeric": ("0.04", "g")} if file.startswith("moodle-") and "scorm" not in file else ADA
    assert (sets(ada.given), sets(ben.given)) == (wanted, BEN)
    assert (ada.student.name, ben.student.name) == ("Ada Lovelace", "Ben Ode")
    took = {answer.seconds for each in (ada, ben) for answer in each.given}
    assert took == ({None} if "moodle" in file else {62.5})
    assert {each.points for each in grade(quiz().assignment, pile) if each.name == "Ada Lovelace"} == {7}


BAD = {
    "moodle-answers.csv": [
        "moodle-answers.csv:2: unknown answer: Response 1: 'Wait and see' is no answer that example-single-001 offers",
        (
            "moodle-answers.csv:2: unknown answer: Response 2: 'Size and depth; Its colour' is no answer that "
            "example-multiple-001 offers"
        ),
        (
            "moodle-answers.csv:2: unknown answer: Response 3: 'A nurse of 31 has a lump of 1 cm with a dark opening in "
            "the…' is no answer that example-matching-001 offers"
        ),
        (
            "moodle-answers.csv:2: unknown answer: Response 4: 'Look at...; Feel it...' is no answer that "
            "example-ordering-001 offers"
        ),
        "moodle-answers.csv:2: unknown answer: Response 5: '40 ml' is no number in mg or g for example-numeric-001",
        "moodle-answers.csv:2: unknown answer: Response 6: 'crest' is no marker of example-hotspot-001",
        (
            "moodle-answers.csv:2: unknown answer: Response 7: 'Iliac crest; Sacroiliac triangle' is no answer that "
            "example-landmark-001 offers"
        ),
        f"moodle-answers.csv: {MISSED}",
    ],
    "moodle-too-few.csv": [
        "moodle-too-few.csv: can't be read: has 2 responses, the quiz 7 items; show the question text in the report"
    ],
    "moodle-other-question.csv": [
        (
            "moodle-other-question.csv:2: unknown item: Response 1: 'What is the capital of France?: Paris; Rome' is the "
            "question of no item of the quiz"
        ),
        f"moodle-other-question.csv: {MISSED}",
    ],
    "moodle-twice.csv": [
        f"moodle-twice.csv: {MISSED}",
        "moodle-twice.csv:3: twice: 's-1' may have one attempt; moodle-twice.csv:2 stands",
    ],
    "moodle-german.csv": [
        "moodle-german.csv:2: unknown student: has no name; download the report with Moodle in English",
        f"moodle-german.csv: {MISSED}",
    ],
    "scorm-without-items.txt": [
        (
            "scorm-without-items.txt: can't be read: doesn't tell both items and responses; include the summary of "
            "questions and that of responses"
        )
    ],
    "scorm-2004.txt": [
        (
            "scorm-2004.txt:2: not told: example-single-001 has no response, and counts as left open; Moodle tells SCORM "
            "1.2 alone"
        )
    ],
    "interactions.csv": [
        "interactions.csv:2: unknown item: 'example-single-009' is no item of the quiz",
        "interactions.csv:2: unknown answer: 'b' is no answer that example-single-001 offers",
        "interactions.csv:2: unknown answer: '1,250' is no number for example-numeric-001",
        "interactions.csv:2: twice: example-landmark-001 is answered again; the first answer counts",
        "interactions.csv:7: unknown student: learner_id is empty",
    ],
    "cmi.json": ["cmi.json: unknown student: names no learner; the file's name stands for it"],
    "cut.json": ["cut.json: truncated: is no whole JSON; ask for the file again"],
    "letter.txt": [
        (
            "letter.txt: not a result: is no report that this reads: Moodle's Responses or Interactions, or interactions "
            "as CSV or JSON"
        )
    ],
    "latin-1.csv": ["latin-1.csv: not a result: is no text in UTF-8; download the report again, as CSV"],
}


def test_each_bad_report_has_its_words():
    assert {path.name for path in (REPORTS / "bad").iterdir()} == BAD.keys()


@pytest.mark.parametrize("file", BAD)
def test_what_is_odd_is_named_and_never_guessed(file):
    pile = read(quiz(), [REPORTS / "bad" / file])
    graded = grade(quiz().assignment, pile)
    assert list(map(str, pile.odd)) == BAD[file]
    points = {"moodle-answers.csv": 0, "moodle-twice.csv": 7, "interactions.csv": 1, "cmi.json": 1}
    if file in points:
        assert [each.points for each in graded] == [points[file]]


def test_steps_that_moodle_cuts_to_the_same_words_are_ambiguous():
    ordering = next(item for item in paper().items if item.kind == "ordering")
    texts = {"look": "Look at the skin", "feel": "Look at it from the side"}
    options = tuple(o.model_copy(update={"text": texts.get(o.id, o.text)}) for o in ordering.options)
    other = exported(replace(paper(), items=(ordering.model_copy(update={"options": options}),)))
    asked = next(iter(other.asked.values()))
    with pytest.raises(UnreadError, match="'Look at...; Look at...; Measure it; Press o...' may mean several things"):
        moodle_responses.response(asked, "Look at...; Look at...; Measure it; Press o...")


@cache
def bank() -> Exported:
    whole = chosen("bank")
    kinds = [item for kind in KINDS for item in [i for i in whole.items if i.kind == kind][:40]]
    return exported(replace(whole, items=tuple(kinds)))


def as_moodle(asked, response) -> str:
    """What Moodle writes for a response."""
    question = asked.question
    texts = {part.id: part.text for part in (*question.options, *question.cases)}
    match question.kind:
        case "numeric":
            return " ".join(response) if len(question.units) > 1 else response[0]
        case "hotspot":
            return "{Drop zone 1 -> Here}" if response == question.key else "-"
        case "matching":
            return "; ".join(" -> ".join(texts[name] for name in pair.split("=")) for pair in response)
        case "ordering":
            return "; ".join(t if len(t) <= 10 else f"{t[:7]}..." for t in (texts[id_] for id_ in response))
        case _:
            return "; ".join(texts[id_] for id_ in response)


def as_scorm_12(asked, response) -> str:
    """What report.js writes for a response."""
    question, ids = asked.question, list(asked.item.option_ids())
    was = {option.id: "abcdefghij"[ids.index(option.was)] for option in question.options}
    number = {case.id: str(n) for n, case in enumerate(question.cases, 1)}
    if question.kind == "numeric":
        return response[0]
    return ",".join(".".join((*map(number.get, pair[:-1]), was[pair[-1]])) for pair in (r.split("=") for r in response))


def drawn(draw, asked) -> tuple[str, ...]:
    """A response that could be given."""
    question, ids = asked.question, list(asked.question.option_ids())
    match question.kind:
        case "numeric":
            value = draw.draw(st.integers(-10_000, 10_000))
            return (f"{value / 100:.2f}".rstrip("0").rstrip("."), question.key["unit"])
        case "hotspot":
            return question.key
        case "matching":
            return tuple(f"{case.id}={draw.draw(st.sampled_from(ids))}" for case in question.cases)
        case "ordering":
            return tuple(draw.draw(st.permutations(ids)))
        case "multiple":
            return tuple(draw.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True)))
        case _:
            return (draw.draw(st.sampled_from(ids)),)


@settings(max_examples=100)
@given(st.data())
def test_what_a_platform_writes_is_read_as_it_was_given(data):
    asked = data.draw(st.sampled_from(list(bank().asked.values())))
    response = drawn(data, asked)
    ordered = tuple if asked.question.kind in ("ordering", "numeric") else sorted
    try:
        assert ordered(moodle_responses.response(asked, as_moodle(asked, response))) == ordered(response)
    except UnreadError as error:  # only where Moodle's cut leaves it open
        texts = [option.text[:7] for option in asked.question.options]
        assert (error.kind, len(set(texts)) < len(texts)) == ("ambiguous answer", True)
    told = scorm_interactions.response(asked, "1.2", as_scorm_12(asked, response))
    assert ordered(told) == ordered(response)


def test_no_two_responses_are_written_alike_without_being_called_ambiguous():
    asked = next(each for each in quiz().asked.values() if each.question.kind == "ordering")
    told = {as_moodle(asked, order) for order in permutations(asked.question.option_ids())}
    assert len({moodle_responses.response(asked, words) for words in told}) == 24


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from(sorted((REPORTS / "good").iterdir())), st.integers(0, 2000))
def test_no_report_stops_the_reading(tmp_path_factory, junk, good, at):
    path = tmp_path_factory.mktemp("reports") / "report.csv"
    content = good.read_bytes()
    path.write_bytes(content[:at] + junk + content[at + len(junk) :])
    grade(quiz().assignment, read(quiz(), [path]))


ANY = st.recursive(
    st.none()
    | st.integers()
    | st.sampled_from(["", "a,b", "a,a", "1.a,1.b", "image", "s-1"] + [f"example-{kind}-001" for kind in ORDER]),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(
            st.sampled_from(["core", "childArray", "0", "1", "id", "learner_response", "student_id"]), each
        )
    ),
)


@settings(max_examples=100)
@given(st.lists(st.fixed_dictionaries({"interactions": ANY, "core": ANY, "learner_id": ANY}), max_size=2))
def test_no_data_model_stops_the_reading(tmp_path_factory, models):
    path = tmp_path_factory.mktemp("models") / "cmi.json"
    path.write_text(json.dumps(models))
    grade(quiz().assignment, read(quiz(), [path]))


@pytest.mark.parametrize("told", ["a,a", "1.a,1.b", ",".join("abcabcabcabcabcabcabcabc")])
def test_what_names_an_option_twice_is_refused(told):
    kind = "matching" if "." in told else "multiple"
    asked = next(each for each in quiz().asked.values() if each.question.kind == kind)
    with pytest.raises(UnreadError, match=f"names an option or a case of example-{kind}-001 twice"):
        scorm_interactions.response(asked, "1.2", told)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("20 November 2026  9:21 PM", "2026-11-20 21:21"),
        ("Friday, 20 November 2026, 9:21 AM", "2026-11-20 09:21"),
        ("20 November 2026, 21:21", "2026-11-20 21:21"),
        ("20. November 2026, 21:21", ""),
        ("-", ""),
    ],
)
def test_times_are_read_in_english_or_left_out(told, wanted):
    found = moment(told)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else "") == wanted


def test_spans_of_time_in_both_versions():
    told = ["0001:01:02.50", "PT1H1M2.5S", "PT5S", "PT", "soon", ""]
    assert [scorm_interactions.seconds(each) for each in told] == [3662.5, 3662.5, 5, None, None, None]


def test_the_report_is_the_same_but_speaks_of_no_receipt(tmp_path):
    lines = list(run_reported(paper(), {}, [REPORTS / "good/moodle-in-order.csv"], tmp_path))
    assert lines[-1] == f"{tmp_path / 'index.html'} (2 students, 2 to look at)"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "analysis.json", "canvas.csv", "feedback", "gradebook.csv", "index.html", "moodle.csv",
    ]  # fmt: skip
    book = (tmp_path / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()
    assert book[1] == "s-1,Ada Lovelace,7,7,100,7,2026-11-20 09:00:00,2026-11-20 09:21:00,moodle-in-order.csv:2,,"
    page = (tmp_path / "index.html").read_text()
    assert "Of several attempts the first is counted." in page
    assert "receipt" not in (tmp_path / "feedback/s-1.html").read_text()
    assert len(json.loads((tmp_path / "analysis.json").read_text())["items"]) == 7


def test_without_times_the_order_of_the_report_stands(tmp_path):
    text = (REPORTS / "bad/moodle-twice.csv").read_text(encoding="utf-8-sig").replace("November", "Novembre")
    (tmp_path / "report.csv").write_text(text)
    pile = read(quiz(), [tmp_path / "report.csv"])
    (ada,) = grade(quiz().assignment, pile)
    assert (ada.opened.file, ada.points) == ("report.csv:2", 7)
    assert gradebook(quiz().assignment, [ada]).decode("utf-8-sig").splitlines()[1].split(",")[6:8] == ["", ""]


def test_the_command(tmp_path):
    asked = exported(chosen("palpation")).asked.values()
    right = [
        as_moodle(a, (f"{a.item.key.value:g}", a.item.key.unit) if a.question.kind == "numeric" else a.question.key)
        for a in asked
    ]
    head = ["Last name", "First name", *(f'"Response {n}"' for n in range(1, len(right) + 1))]
    row = ["Lovelace", "Ada", *('"' + words.replace('"', '""') + '"' for words in right)]
    (tmp_path / "responses.csv").write_text(f"{','.join(head)}\n{','.join(row)}\n")
    call = [
        "grade",
        "--quiz",
        "palpation",
        str(tmp_path / "responses.csv"),
        "-o",
        str(tmp_path / "report"),
        "--root",
        str(ROOT),
    ]
    ran = CliRunner().invoke(main, call)
    assert ran.exit_code == 0, ran.output
    (ada,) = (tmp_path / "report/gradebook.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    unread = ran.output.count("ambiguous answer")
    assert ada.startswith(f"Ada Lovelace,Ada Lovelace,{len(right) - unread},{len(right)},")


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (["--quiz", "palpatoin", "FILE"], 1, "'palpatoin' is no quiz, blueprint or topic"),
        (["--quiz", "palpation", "--simulate", "5"], 2, "--simulate makes up a class for an ASSIGNMENT"),
        (["FILE", "--seed", "1"], 2, "--seed needs a quiz"),
        ([], 2, "Name an ASSIGNMENT and its RESULTS, or a quiz with --quiz"),
    ],
)
def test_what_the_command_refuses(tmp_path, call, code, words):
    named = [str(REPORTS / "good/interactions.csv") if word == "FILE" else word for word in call]
    ran = CliRunner().invoke(main, ["grade", *named, "-o", str(tmp_path), "--root", str(ROOT)])
    assert (ran.exit_code, words in ran.output) == (code, True), ran.output


def test_without_a_report_there_is_nothing_to_grade(tmp_path):
    with pytest.raises(GradeError):
        list(run_reported(paper(), {}, [], tmp_path))
