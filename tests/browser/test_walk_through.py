"""The instructors' walk-through, followed to the letter.

Commands, buttons, students, marks and what is printed are read from the page itself, so that it can't say other
than what happens.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pandas
import pytest
from assignment_page import answer, save
from machine import Watch
from playwright.sync_api import Browser, Page, expect

from backmice.assign.assignment import Assignment, load

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "book/instructors/walk-through.md").read_text()
#: What stands under each heading, without its number.
SECTIONS = dict(re.findall(r"^##+ (?:\d+\. )?([^\n]+)\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))
STEPS = re.findall(r"^\d+\. (.+)$", SECTIONS["What each student does"], re.MULTILINE)


def blocks(heading: str, language: str = "") -> list[str]:
    """Return the blocks of code of a section: `bash` for what is typed, no language for all else."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", SECTIONS[heading], re.MULTILINE | re.DOTALL)
    return [block for of, block in found if of == language]


def bold(text: str) -> list[str]:
    return re.findall(r"\*\*(.+?)\*\*", text)


def table(heading: str) -> list[dict[str, str]]:
    """Return the rows of a section's table."""
    lines = [line for line in SECTIONS[heading].splitlines() if line.startswith("|")]
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in rows]


def read(path: Path) -> pandas.DataFrame:
    """Read a gradebook as it stands, by a reader that is not the one that belongs to its writer."""
    return pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", engine="c")


@dataclass
class Walk:
    """The instructor's folder, and what was seen on the way."""

    home: Path
    printed: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)

    def type(self, heading: str) -> None:
        """Type the commands of a section into a shell."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # as the activated environment has it
        command = ["bash", "-e", "-c", "".join(blocks(heading, "bash"))]
        ran = subprocess.run(
            command, check=False, cwd=self.home, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        self.printed[heading] = re.sub(r"(?<=taster-)[0-9a-f]{8}", "…", ran.stdout)

    @property
    def assignment(self) -> Assignment:
        return load(self.home / "spring.instructor.json")


@dataclass(frozen=True)
class Student:
    """A row of the example: who it is, and what happens."""

    id: str
    name: str
    code: str
    marks: Sequence[bool | None]
    how: str

    @property
    def sittings(self) -> list[tuple[timedelta, Sequence[bool | None]]]:
        """When each begins, before or after it closes, and what is answered."""
        if late := re.fullmatch(r"(\d+) minutes late", self.how):
            return [(timedelta(minutes=int(late[1])), self.marks)]
        once, again = (-timedelta(days=1), self.marks), (-timedelta(hours=23), [None] * len(self.marks))
        return {"in time": [once], "in time, and once more from another device": [once, again], "never": []}[self.how]


def students(home: Path) -> Iterator[Student]:
    of_name = {row["Student"]: row for row in table("What each student does")}
    for _, listed in read(home / "spring.codes.csv").iterrows():
        row = of_name.pop(listed["name"])
        counts = zip((True, False, None), ("Right", "Wrong", "Left open"), strict=True)
        marks = [mark for mark, column in counts for _ in range(int(row[column]))]
        yield Student(listed["id"], listed["name"], listed["code"], marks, row["Hands in"])
    assert of_name == {}


def sit(page: Page, student: Student, marks: Sequence[bool | None], assignment: Assignment, folder: Path) -> Path:
    """Do what the page tells a student; return the file that is saved."""
    fields = dict(zip(bold(STEPS[0]), (student.name, student.id, student.code), strict=False))
    saved, before = None, ""
    for step in STEPS:
        for words in bold(step):
            within = page.get_by_role("dialog") if words == before else page
            button, link = (within.get_by_role(role, name=words, exact=True) for role in ("button", "link"))
            if words in fields:
                page.get_by_label(words, exact=True).fill(fields[words])
            elif step.startswith("Answer"):
                for n, right in enumerate(marks):
                    if n:
                        button.click()
                    if right is not None:
                        answer(page, assignment, right=right)
            elif link.count():
                saved = save(page, folder, words)
            elif words == before or button.count():
                button.click()
            else:
                expect(page.get_by_text(words, exact=True)).to_be_visible()
            before = words
    assert saved
    return saved


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Walk:
    """The whole way."""
    walk = Walk(tmp_path_factory.mktemp("instructor"))
    (walk.home / "back-mice").symlink_to(ROOT)
    (walk.home / "class.csv").write_text(*blocks("List your students"))
    walk.type("Draw and assign")
    walk.type("Collect")
    watch = Watch()
    for student in students(walk.home):
        for begins, marks in student.sittings:
            hand_in(walk, browser, watch, student, begins, marks)
    assert watch.errors == []
    assert [url for url in watch.requests if not url.startswith(("file:", "blob:"))] == []
    walk.type("Grade")
    return walk


def hand_in(
    walk: Walk,
    browser: Browser,
    watch: Watch,
    student: Student,
    begins: timedelta,
    marks: Sequence[bool | None],
) -> None:
    """Sit in a browser of one's own whose clock is where the example has it, and leave the file in the folder."""
    assignment, handed = walk.assignment, walk.home / "handed-in"
    context = browser.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True)
    context.set_default_timeout(5000)
    context.on("page", watch.follow)
    context.clock.install(time=assignment.closes + begins)
    page = context.new_page()
    page.goto((walk.home / "spring/index.html").as_uri())
    closed = bold(SECTIONS["What each student does"].partition("After the closing time")[2])[0]
    expect(page.get_by_text(closed)).to_have_count(int(begins > timedelta(0)))
    file = sit(page, student, marks, assignment, walk.home / student.id)
    walk.receipts.setdefault(student.id, page.locator(".receipt").first.inner_text())
    context.close()
    again, ending = re.search(r"kept with `(.+?)` before its `(.+?)`", SECTIONS["Collect"]).groups()
    name = file.name if not (handed / file.name).exists() else file.name.replace(ending, again + ending)
    file.rename(handed / name)


def test_the_set_up_asks_for_what_is_there():
    (typed,) = blocks("Set up, once", "bash")
    (target,) = re.findall(r"^make (\S+)$", typed, re.MULTILINE)
    (pinned,) = re.findall(r"^pip install -r (\S+)$", typed, re.MULTILINE)
    assert subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=False, capture_output=True).returncode == 0
    assert (ROOT / pinned).is_file()
    assert Path(sys.executable).with_name("backmice").exists()


@pytest.mark.parametrize("heading", ["Draw and assign", "Grade"])
def test_what_is_printed_stands_on_the_page(walk, heading):
    assert [walk.printed[heading]] == blocks(heading)


def test_each_file_that_the_page_names_is_there(walk):
    named = set(re.findall(r"`((?:spring|report|handed-in)[./][^`]+|class\.csv)`", TEXT))
    assert named >= {"spring/index.html", "spring.instructor.json", "report/gradebook.csv", "report/canvas.csv"}
    assert [name for name in sorted(named) if not (walk.home / name).exists()] == []


def test_the_gradebook_is_the_one_on_the_page(walk):
    told = pandas.DataFrame(table("The marks"))
    found = read(walk.home / "report/gradebook.csv")
    assert found[list(told)].to_dict("records") == told.to_dict("records")
    handed = found[found["receipt"] != ""]
    assert dict(zip(handed["id"], handed["receipt"], strict=True)) == walk.receipts


def test_the_report_has_what_the_page_points_at(walk, new_context):
    page = new_context().new_page()
    page.goto((walk.home / "report/index.html").as_uri())
    *headings, undecided, last = bold(SECTIONS["Read the report"])
    for words in (*headings, last):
        expect(page.get_by_role("heading", name=words, exact=True)).to_be_visible()
    rows = page.get_by_role("table", name="Files that are not as expected").locator("tbody tr").all()
    told = [": ".join(row.locator("th, td").all_inner_texts()) for row in rows]
    assert re.sub(r"(?<=taster-)[0-9a-f]{8}", "…", "\n".join(told)) == "\n".join(
        walk.printed["Grade"].splitlines()[:-1]
    )
    separates = page.get_by_role("table", name="Items", exact=True).locator("tbody tr td:nth-child(5)")
    assert set(separates.all_inner_texts()) == {undecided}
    expect(page.locator("svg circle.ring").first).to_be_visible()
    expect(page.locator("svg line.span")).to_have_count(0)  # no interval


def test_a_made_up_class_says_that_it_is_one(walk, new_context):
    walk.type("Read the report")
    page = new_context().new_page()
    page.goto((walk.home / "simulated/index.html").as_uri())
    expect(page.locator("main > p").first).to_have_text(walk.printed["Read the report"].splitlines()[0])
    expect(page.get_by_text("Nothing: every file opened")).to_be_visible()


def into_moodle(path: Path, users: dict[str, str], maximum: float) -> dict[str, float]:
    """Take grades as Moodle's import of CSV files does; return the points by user.

    As https://docs.moodle.org/405/en/Grade_import and grade/import/csv/classes/load_data.php say: a line without a
    user of that ID number ends the import, and so does a value that is no number or above the maximum.
    """
    of = {row["Column of `moodle.csv`"].strip("`"): row["What to choose"] for row in table("Into Moodle")}
    found = read(path)
    (number,) = [column for column, how in of.items() if "Map from" in how]
    (item,) = [column for column, how in of.items() if "Grade item mappings" in how]
    assert {column for names in of for column in re.split("`, `", names)} == set(found)
    grades = {}
    for _, row in found.iterrows():
        points = float(row[item])
        assert 0 <= points <= maximum
        grades[users[row[number]]] = points
    return grades


def into_canvas(path: Path, users: dict[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    """Take a gradebook as Canvas does; return points by user, and what each assignment counts.

    As lib/gradebook_importer.rb of instructure/canvas-lms says: Student and ID come first, then SIS User ID and SIS
    Login ID, then Section, then assignments; a row of Points Possible is no student; others are found by their SIS
    User ID.
    """
    found = read(path)
    student, id_, sis, login, section, *assignments = found
    assert (student, id_, sis, login, section) == ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    possible = found[student].str.contains("Points Possible")
    counts = {name: float(found[possible].iloc[0][name]) for name in assignments}
    (item,) = assignments
    return {users[row[sis]]: float(row[item]) for _, row in found[~possible].iterrows()}, counts


MARKS = {row["name"]: float(row["points"]) for row in table("The marks") if row["points"]}


def test_moodle_gives_each_student_their_points(walk):
    users = {student.id: student.name for student in students(walk.home)}
    (maximum,) = re.findall(r"as \*\*Maximum grade\*\* (\d+)", SECTIONS["Into Moodle"])
    assert into_moodle(walk.home / "report/moodle.csv", users, float(maximum)) == MARKS


def test_canvas_gives_each_student_their_points(walk):
    users = {student.id: student.name for student in students(walk.home)}
    name, points = re.search(r"what `(.+?)` is: .* possible, (\d+),", SECTIONS["Into Canvas"]).groups()
    assert into_canvas(walk.home / "report/canvas.csv", users) == (MARKS, {name: float(points)})


def test_each_who_handed_in_gets_a_sheet(walk, new_context):
    sheets = {path.stem: path for path in (walk.home / "report/feedback").iterdir()}
    assert sheets.keys() == walk.receipts.keys()
    page = new_context().new_page()
    for row in table("The marks")[:3]:
        page.goto(sheets[row["id"]].as_uri())
        expect(page.get_by_role("heading", level=2)).to_have_text(f"{row['name']}, {row['id']}")
        expect(
            page.get_by_text(f"{row['points']} of {row['of']} points, receipt {walk.receipts[row['id']]}")
        ).to_be_visible()
        expect(page.locator("section.right")).to_have_count(int(row["points"]))
