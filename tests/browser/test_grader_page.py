"""The page that grades: the same oddities, gradebooks and figures as the command, from the same files."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from book_reader import sideways_px, violations
from click.testing import CliRunner
from lxml import html
from playwright.sync_api import Page, expect

from backmice.assign import assignment as assigning
from backmice.assign.assignment import Assignment, Enrolled, make
from backmice.assign.envelope import from_text, receipt, to_text
from backmice.assign.grade import canvas, grade, gradebook, moodle
from backmice.assign.handed import read
from backmice.assign.report import write
from backmice.assign.simulate import BEGUN, envelope, sealed_class
from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.export.paper import choose
from backmice.items.blueprint import load_blueprints
from backmice.items.load import load_bank
from backmice.items.model import KINDS

ROOT = Path(__file__).parents[2]


def spoil(assignment: Assignment, folder: Path) -> None:
    """Add files of every odd sort to those of a class."""
    (_, whole), (_, other) = sealed_class(assignment, 2, seed=99)
    inner = {
        "format": "backmice-responses", "version": 1, "assignment": assignment.id, "attempt": "one", "number": 1,
        "student": {"id": "s-77", "name": "Ünal, Zoë", "code": "2345abcd"}, "begun": BEGUN.isoformat(),
        "ended": (BEGUN + timedelta(hours=3)).isoformat(), "why": "time", "minutes": 30, "added": 10,
        "given": [{"item": "q1", "response": ["no-such"]}],
    }  # fmt: skip
    outer = json.loads(whole)
    sealed = bytearray(from_text(outer["sealed"]))
    sealed[70] ^= 1
    changed = {**outer, "sealed": to_text(bytes(sealed))}
    files = {
        "again.json": (folder / next(path.name for path in sorted(folder.iterdir()))).read_bytes(),
        "cut.json": whole[:300],
        "short.json": json.dumps({**outer, "sealed": to_text(from_text(outer["sealed"])[:90])}).encode(),
        "changed.json": json.dumps(changed).encode(),
        "resealed.json": json.dumps({**changed, "receipt": receipt(bytes(sealed))}).encode(),
        "base.json": json.dumps({**outer, "sealed": "?!"}).encode(),
        "fields.json": json.dumps({**outer, "more": 1}).encode(),
        "alien.json": envelope(assignment, {"points": 60}),
        "other.json": json.dumps({**outer, "assignment": "winter"}).encode(),
        "disguised.json": envelope(assignment, {**inner, "assignment": "winter"}),
        "letter.txt": b"Dear all",
        "late.json": envelope(assignment, inner),
        "late-again.json": envelope(assignment, {**inner, "begun": (BEGUN - timedelta(days=3)).isoformat()}),
        "simulated-00003_x/page.json": other,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Assignment]:
    """An assignment with each kind of item, a class of 40, odd files among theirs, and the page."""
    home = tmp_path_factory.mktemp("graded")
    bank, blueprints = load_bank(ROOT, load_ledger(ROOT)), load_blueprints(ROOT)
    whole = choose(ROOT, bank, blueprints, "bank")
    items = [item for kind in KINDS for item in [i for i in whole.items if i.kind == kind][:2]]
    paper = replace(whole, id="mixed", title="All kinds", items=tuple(items))
    plain = make(paper, seed=2, opens=BEGUN, closes=BEGUN + timedelta(hours=2), minutes=30, certainty=True)
    roster = {f"simulated-{n:05}": Enrolled(name=f"Simulated Student {n:05}", code="") for n in range(1, 43)}
    assignment = plain.model_copy(update={"roster": roster})
    (home / "spring.instructor.json").write_bytes(assigning.dump(assignment))
    (home / "handed").mkdir()
    for name, content in sealed_class(assignment, 40):
        (home / "handed" / name).write_bytes(content)
    spoil(assignment, home / "handed")
    with zipfile.ZipFile(home / "handed.zip", "w") as archive:  # one half packed, one half not
        for n, path in enumerate(sorted(path for path in (home / "handed").rglob("*") if path.is_file())):
            packing = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)[n % 2]
            archive.write(path, path.relative_to(home / "handed").as_posix(), packing)
    ran = CliRunner().invoke(main, ["grader", "-o", str(home / "grade.html"), "--root", str(ROOT)])
    assert ran.exit_code == 0, ran.output
    return home, assignment


def graded_page(page: Page, home: Path, results: str = "handed") -> Page:
    page.goto((home / "grade.html").as_uri())
    page.get_by_label("Your file").set_input_files(home / "spring.instructor.json")
    page.get_by_label("What was handed in" if results.endswith(".zip") else "Or as a folder").set_input_files(
        home / results
    )
    page.get_by_role("button", name="Grade").click()
    expect(page.get_by_role("heading", name="What to look at among the files")).to_be_focused(timeout=30_000)
    return page


def saved(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


def close(found, wanted, at="") -> None:
    """Hold every number to 1e-9 and all else to equality."""
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys(), at
        for name, value in wanted.items():
            close(found[name], value, f"{at}.{name}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), at
        for n, value in enumerate(wanted):
            close(found[n], value, f"{at}[{n}]")
    elif isinstance(wanted, float):
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9), at
    else:
        assert found == wanted, at


def told_by(page: str | bytes) -> list[str]:
    """Return the words of a sheet, one line for each element that has some, and the classes of its sections."""
    main = html.fromstring(page).find(".//main")
    words = [" ".join(element.text_content().split()) for element in main.iter("h1", "h2", "h3", "p", "li", "div")]
    return [*words, *(section.get("class") for section in main.iter("section"))]


@pytest.mark.parametrize("results", ["handed", "handed.zip"])
def test_it_finds_what_the_command_finds(new_context, made, tmp_path, watch, results):
    home, assignment = made
    page = graded_page(new_context(accept_downloads=True).new_page(), home, results)
    pile = read(assignment, [home / results])
    graded = write(assignment, pile, tmp_path)
    rows = page.get_by_role("table", name="Files that are not as expected").locator("tbody tr")
    told = [tuple(row.locator("th, td").all_inner_texts()) for row in rows.all()]
    assert sorted(told) == sorted((odd.file, odd.kind, odd.words) for odd in pile.odd)
    assert {kind for _, kind, _ in told} == {
        "same file again", "truncated", "edited", "other assignment", "not a result", "late", "early", "over time",
        "unknown student", "copied", "swapped", "twice", "impossible answer",
    }  # fmt: skip
    assert saved(page, "gradebook.csv") == gradebook(assignment, graded)
    assert saved(page, "moodle.csv") == moodle(assignment, graded)
    assert saved(page, "canvas.csv") == canvas(assignment, graded)
    close(json.loads(saved(page, "analysis.json")), json.loads((tmp_path / "analysis.json").read_text()))
    with page.expect_download() as download:
        page.get_by_role("button", name="feedback.zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        sheets = {name: archive.read(name) for name in archive.namelist()}
    expect(page.get_by_text(f"{len(graded)} sheets in feedback.zip.")).to_be_visible()
    assert sheets.keys() == {path.name for path in (tmp_path / "feedback").iterdir()}
    for name, sheet in sheets.items():
        assert told_by(sheet) == told_by((tmp_path / "feedback" / name).read_bytes()), name
    counts = [
        tuple(row.locator("th, td").all_text_contents()) for row in page.locator("details.as-table tbody tr").all()
    ]
    report = html.fromstring((tmp_path / "index.html").read_bytes())
    rows = report.xpath("//details[@class='as-table']//tbody/tr")
    assert counts == [tuple(cell.text_content() for cell in row) for row in rows]
    assert [url for url in watch.requests if not url.startswith(("file:", "blob:"))] == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda content: content[:-30], "the archive ends before it is complete"),
        (lambda content: content[:37] + b"x" * 9 + content[46:], "'one.txt' is damaged"),
        (lambda content: content.replace(b"PK\1\2", b"PK\7\7"), "the archive’s table of contents is damaged"),
    ],
)
def test_an_archive_that_cant_be_opened_is_named(page, made, tmp_path, spoil, words):
    home, _ = made
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.txt", "one two three")
    whole = (tmp_path / "whole.zip").read_bytes()
    (tmp_path / "broken.zip").write_bytes(spoil(whole))
    page.goto((home / "grade.html").as_uri())
    page.get_by_label("Your file").set_input_files(home / "spring.instructor.json")
    page.get_by_label("What was handed in").set_input_files(tmp_path / "broken.zip")
    page.get_by_role("button", name="Grade").click()
    table = page.get_by_role("table", name="Files that are not as expected")
    expect(table.locator("tbody").locator("th, td")).to_have_text(["broken.zip", "can't be read", words])


def test_without_the_instructors_file_it_says_what_is_missing(page, made):
    home, _ = made
    page.goto((home / "grade.html").as_uri())
    page.get_by_label("What was handed in").set_input_files(home / "handed/letter.txt")
    page.get_by_role("button", name="Grade").click()
    expect(page.get_by_text("Choose the file that ends in .instructor.json as well.")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_and_its_sheets_are_sound_in_each_theme_and_width(new_context, made, tmp_path, width):
    page = graded_page(
        new_context(
            accept_downloads=True, reduced_motion="reduce", viewport={"width": width, "height": 900}
        ).new_page(),
        made[0],
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="feedback.zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extract("simulated-00003.html", tmp_path)

    def is_sound_in_both():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert (violations(page), sideways_px(page)) == ([], 0)

    is_sound_in_both()
    page.goto((tmp_path / "simulated-00003.html").as_uri())
    is_sound_in_both()


def test_without_scripts_it_names_the_command(new_context, made):
    page = new_context(java_script_enabled=False).new_page()
    page.goto((made[0] / "grade.html").as_uri())
    expect(page.get_by_text("backmice grade does the same")).to_be_visible()


def test_it_holds_no_secret(made):
    home, assignment = made
    assert assignment.secret_key not in (home / "grade.html").read_text()
    assert grade(assignment, read(assignment, [home / "handed"]))
