"""The command line, run as an author runs it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from backmice import cli
from backmice.cli import main
from backmice.serve import PortTaken

HERE = Path(__file__).parent
REPOSITORY = HERE.parent


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return shutil.copytree(HERE / "course", tmp_path / "course")


def run(root: Path, *given: str) -> tuple[int, str]:
    """Return the exit code and everything printed."""
    result = CliRunner().invoke(main, [*given, "--root", str(root)])
    return result.exit_code, result.output


def module(folder: Path, *given: str) -> tuple[int, str, str]:
    """Run `python -m backmice` in `folder`."""
    command = [sys.executable, "-m", "backmice", *given]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


DOING = "Reading the course …\nReading its prose …\n"
GRADES = "School grade of each box in plain words (Flesch-Kincaid, at most 9):\n  book/lesson.md  -1.8\n"


def test_check_of_a_sound_course_ends_well(course):
    run(course, "review", "--all")
    assert module(course, "check") == (0, f"{GRADES}No faults.\n", DOING)


def test_check_prints_each_waiver_with_its_reason(course):
    run(course, "review", "--all")
    page = course / "book/lesson.md"
    page.write_text(page.read_text() + "\n% waiver figure: an invented patient\nIn Ann it was 3 mm wide.\n")
    told = "Waivers, each with its reason: 1\n  book/lesson.md:37: figure: an invented patient\n"
    assert module(course, "check") == (0, f"{GRADES}{told}No faults.\n", DOING)


def test_check_prints_each_fault_and_their_count(course):
    lesson = course / "book/lesson.md"
    lesson.write_text(lesson.read_text().replace("minutes: 2", "minutes: 200").replace("A lump\n", "{claim}`lump`\n"))
    (course / "exercises/quizzes/lumps.yml").write_text("id: lumps\ntitle: Check yourself\nitems: []\n")
    told = (
        "book/lesson.md:4: minutes: is 200; input should be less than or equal to 90\n"
        "exercises/quizzes/lumps.yml:3: items: is empty; name at least one\n"
    )
    assert module(course, "check") == (1, told, f"{DOING}2 faults\n")


def test_check_counts_one_fault_as_one(course):
    (course / "exercises/quizzes/lumps.yml").write_text("id: lumps\ntitle: Check yourself\nitems: []\n")
    page = course / "book/lesson.md"
    page.write_text(page.read_text().replace("```{quiz} lumps\n```\n", ""))
    assert run(course, "check") == (
        1, f"{DOING}{GRADES}exercises/quizzes/lumps.yml:3: items: is empty; name at least one\n1 fault\n",
    )  # fmt: skip


NEVER = "was never reviewed against it"


def test_review_lists_what_is_due(course):
    run(course, "review", "page book/lesson", "structure lump")
    listed = (
        f"page book/index: claim 'lump-painful': {NEVER}\n"
        f"item lumps-001: claim 'lump-size': {NEVER}\n"
        f"item lumps-001: claim 'lump-painless': {NEVER}\n"
        f"item lumps-002: claim 'lump-painless': {NEVER}\n"
        f"plot width: claim 'lump-size': {NEVER}\n"
        f"film a-lump-moves: claim 'lump-painless': {NEVER}\n"
        "6 to look at.\n"
    )
    assert run(course, "review") == (0, listed)


def test_review_marks_by_name_and_writes_the_lock(course):
    assert run(course, "review", "structure lump", "page book/index") == (0, "Marked 2 as reviewed.\n")
    lock = json.loads((course / "book/evidence/reviewed.json").read_text())
    assert {user: list(claims) for user, claims in lock.items()} == {
        "page book/index": ["lump-painful"],
        "structure lump": ["lump-size"],
    }
    assert [entry["certainty"] for claims in lock.values() for entry in claims.values()] == ["very low", "low"]


def test_review_of_all_marks_what_is_due_and_nothing_else(course):
    run(course, "review", "structure lump")
    assert run(course, "review", "--all") == (0, "Marked 6 as reviewed.\n")
    assert run(course, "review", "--all") == (0, "Nothing to look at.\n")


def test_review_of_an_unknown_name_marks_nothing(course):
    assert run(course, "review", "structure lump", "item nothing", "page none") == (
        1, "Not a page, item, structure, plot, vignette or film that rests on claims: item nothing, page none\n",
    )  # fmt: skip
    assert not (course / "book/evidence/reviewed.json").exists()


def test_review_waits_for_a_course_without_faults(course):
    quiz = course / "exercises/quizzes/lumps.yml"
    quiz.write_text(quiz.read_text().replace("lumps-001", "lumps-003"))
    told = "exercises/quizzes/lumps.yml:3: items[0]: 'lumps-003' is not an item; name one of exercises/items\n"
    assert run(course, "review", "--all") == (1, told)


def test_review_of_a_damaged_lock_leaves_it(course):
    (course / "book/evidence/reviewed.json").write_text("{")
    advice = "restore it from version control, or delete it and review everything"
    told = f"book/evidence/reviewed.json:1: file: is damaged; {advice}\n"
    assert run(course, "review", "--all") == (1, told)
    assert (course / "book/evidence/reviewed.json").read_text() == "{"


def test_serve_needs_a_built_book(course):
    assert run(course, "serve") == (
        1, f"There is no book in {course}/_build/html; build it: make book\n",
    )  # fmt: skip


def test_serve_hands_over_folder_and_port(course, monkeypatch):
    (course / "_build/html").mkdir(parents=True)
    (course / "_build/html/index.html").write_text("<!doctype html>")
    served = []
    monkeypatch.setattr(cli, "serve_folder", lambda folder, port: served.append((folder, port)))
    assert run(course, "serve", "--port", "8123") == (0, "")
    assert served == [(course / "_build/html", 8123)]


def test_serve_says_what_to_do_about_a_taken_port(course, monkeypatch):
    (course / "_build/html").mkdir(parents=True)
    (course / "_build/html/index.html").write_text("<!doctype html>")

    def taken(folder: Path, port: int) -> None:
        raise PortTaken(port)

    monkeypatch.setattr(cli, "serve_folder", taken)
    assert run(course, "serve") == (1, "Port 8000 is taken; choose another: make serve PORT=8001\n")


def test_schema_writes_what_is_committed(course):
    path = course / "exercises/item.schema.json"
    assert run(course, "schema") == (0, f"Wrote {path}\n")
    assert path.read_bytes() == (REPOSITORY / "exercises/item.schema.json").read_bytes()


def test_a_course_that_is_not_there_is_told(tmp_path):
    code, printed = run(tmp_path / "none", "check")
    assert code == 2
    assert printed.endswith(f"Error: Invalid value for '--root': Directory '{tmp_path}/none' does not exist.\n")


def test_help_lists_every_command_with_a_sentence():
    result = CliRunner().invoke(main, ["--help"])
    listed = result.output.partition("Commands:\n")[2].splitlines()
    assert [tuple(line.split(maxsplit=1)) for line in listed] == [
        ("assign", "Write QUIZ as an assignment, and the file that grades it."),
        ("bench", "Measure what pages, builds, exports and grading take."),
        ("check", "Validate everything an author writes."),
        ("distances", "Print each published distance of REGION beside the model's."),
        ("epub", "Make one EPUB of the whole built book, for readers of e-books."),
        ("export", "Write QUIZ for another program, and say what is lost."),
        ("grade", "Grade what students handed in, or a platform reported."),
        ("grader", "Write a page that grades in a browser, offline."),
        ("import", "Make items of the questions in FILE."),
        ("lab", "Open the labs in JupyterLab, in copies that are yours: my-labs."),
        ("lint", "Find flaws of item writing, in ITEMS or in the whole bank."),
        ("pdf", "Make one PDF of the whole built book, for paper."),
        ("review", "List what rests on a changed claim, or mark NAMES as reviewed."),
        ("schema", "Write the schema that editors use for items."),
        ("serve", "Serve the built book on this machine."),
        ("video", "Make the films, and look at them in the making."),
        ("weigh", "Print what each page of the built book weighs on a reader's line."),
        ("zip", "Make one ZIP of the whole built book that opens from a folder."),
    ]


def test_films_have_commands_of_their_own():
    result = CliRunner().invoke(main, ["video", "--help"])
    listed = result.output.partition("Commands:\n")[2].splitlines()
    assert [line.split(maxsplit=1)[0] for line in listed] == ["heard", "make", "preview", "report", "sheet"]


def test_a_film_that_is_not_there_is_told(tmp_path):
    result = CliRunner().invoke(main, ["video", "preview", "nothing", "--at", "1", "--root", str(tmp_path)])
    assert (result.exit_code, result.output) == (1, "No film 'nothing'; one of: none yet\n")


def test_distances_are_printed_beside_the_models():
    status, printed = run(REPOSITORY, "distances")
    assert status == 0
    row = next(line for line in printed.splitlines() if line.endswith("clu-mcn-36"))
    assert re.split(r"  +", row) == [
        "Middle cluneal", "from the midline", "36\N{NO-BREAK SPACE}mm (mean, SD 6.4, range 23.5 to 45.2, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}10)",
        "36 mm", "23.5 to 45.2 mm", "within", "clu-mcn-36",
    ]  # fmt: skip
    assert (
        "opening_medial_right: 59.8, 14.7, 36.0 mm, give or take 1.8 mm "
        "(standard deviation of its height above or below the crest; clu-lu-perf#medial)"
    ) in printed
    assert "path-defect3: one patient's defect; the opening drawn is smaller and illustrative" in printed


def test_distances_of_a_region_that_is_not_there_are_refused():
    assert run(REPOSITORY, "distances", "knee") == (1, "No region 'knee'; one of: sacroiliac-triangle\n")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_of_a_command_is_explained(name):
    command = main.commands[name]
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []
    assert CliRunner().invoke(main, [name, "-h"]).output.startswith(f"Usage: main {name} ")
