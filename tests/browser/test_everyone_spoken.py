"""What each element hands to a screen reader, whole, and what it announces when something changes.

`SPOKEN=write` writes the expected files of `spoken/` anew; read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from assignment_page import begin as begin_assignment
from assignment_page import hand_in as hand_in_assignment
from book_reader import SAVE_DATA
from click.testing import CliRunner
from exam_course import begin, choose, exam_course, hand_in, turn
from machine import ask_until
from playwright.sync_api import Locator, Page, expect
from small_course import add_pages, bring_npm, build

from backmice.assign.assignment import load
from backmice.assign.simulate import sealed_class
from backmice.cli import main

HERE = Path(__file__).parent
#: Every text that comes into a region which is announced; one that was not there before would be missed by a reader.
LISTEN = """() => {
  const REGION = "[role=status], [role=alert], [aria-live]";
  globalThis.announced = [];
  const known = new WeakSet(document.querySelectorAll(REGION));
  new MutationObserver((changes) => {
    const regions = new Set();
    for (const { target, addedNodes } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest(REGION);
      if (region) regions.add(region);
      for (const node of addedNodes) for (const one of node.nodeType === 1 ? [node, ...node.querySelectorAll("*")] : []) if (one.matches(REGION)) regions.add(one);
    }
    for (const region of regions) {
      const text = region.textContent.replace(/\\s+/g, " ").trim();
      if (text && (known.has(region) || region.getAttribute("role") === "alert") && globalThis.announced.at(-1) !== text) globalThis.announced.push(text);
      known.add(region);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
NAMES = "name,language,who,year,meant,source\n" + "".join(
    f"{name},{language},Writer,{year},A lump,writer2020\n"
    for name, language, year in (("back lump", "English", "about 2020"), ("tumor", "Latin", "19th century"))
)
PAGES = {
    "names": "```{sorted-table} names\n```\n",
    "library": "```{video-library}\n```\n",
    "progress": "```{progress}\n```\n",
    "recordings": "```{recordings}\n```\n",
}
RECORDINGS = "recordings:\n" + "".join(
    f"""\
  - {{title: "{title}", shows: It moves, by: A doctor, source: writer2020, known: address,
     page: "https://films.example/{n}", site: films.example, embed: "https://films.example/embed/{n}"}}
"""
    for n, title in enumerate(("A lump, filmed", "Another lump, filmed"), 1)
)
#: The options of an assignment come in the same order each time.
SAME_DRAW = """() => {
  const real = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = (into) => (into instanceof Uint32Array && into.length === 1 ? into.fill(7) : real(into));
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with a page for each element that its build brings."""
    root = tmp_path_factory.mktemp("spoken") / "course"
    exam_course(root)
    bring_npm(root)
    (root / "book/evidence/names.csv").write_text(NAMES)
    (root / "media/videos/recordings.yml").write_text(RECORDINGS)
    for name, text in PAGES.items():
        (root / f"book/{name}.md").write_text(f"---\nlead: A page of the course.\n---\n# The {name}\n\n{text}")
    add_pages(root, "More", "book/film", *(f"book/{name}" for name in PAGES))
    add_pages(root, "Worked cases", "book/cases/index", "book/cases/knot")
    assert build(root)[1] == ""
    return root / "_build/html"


@pytest.fixture
def visit(page: Page, site: Path, serve: Callable[[Path], str]) -> Callable[[str], Page]:
    address = serve(site)

    def visit(path: str) -> Page:
        page.goto(f"{address}/{path}.html", wait_until="networkidle")
        return page

    return visit


def expect_spoken(element: Locator, name: str) -> None:
    """Compare what is spoken with the expected file."""
    spoken = re.sub(r"http://127\.0\.0\.1:\d+", "", element.aria_snapshot()) + "\n"
    spoken = re.sub(r'("Seed": )"\d+"', r'\1"drawn"', spoken)
    spoken = re.sub(r"(code: )[\da-f-]{39}|(/url: blob:).*", lambda drawn: f"{drawn[1] or drawn[2]}drawn", spoken)
    path = HERE / f"spoken/{name}.yml"
    if os.environ.get("SPOKEN") == "write":
        path.write_text(spoken)
    assert spoken == path.read_text()


def announced(page: Page, name: str, act: Callable[[], object]) -> None:
    """Do something and compare what is announced of it, in order, with the expected file."""
    path = HERE / f"spoken/{name}.txt"
    page.evaluate(LISTEN)
    act()
    if os.environ.get("SPOKEN") == "write":
        page.wait_for_timeout(1000)
        path.write_text("".join(f"{text}\n" for text in page.evaluate("announced")))
    wanted = path.read_text().splitlines()
    assert wanted != []
    ask_until(page, "(n) => announced.length >= n", len(wanted))
    assert page.evaluate("announced") == wanted


def test_quiz(visit):
    page = visit("book/lesson")
    quiz = page.locator("backmice-quiz").first
    form = quiz.locator("form.item").first
    expect_spoken(quiz, "quiz")
    form.get_by_role("radio").first.check()
    announced(page, "quiz-answered", form.get_by_role("button", name="Check my answer").click)
    expect_spoken(form, "quiz-answered")


def test_exam(visit):
    page = visit("book/exam")
    expect_spoken(page.locator("backmice-exam"), "exam")
    address = page.url.rpartition("/book/")[0]
    sheet = begin(page, address)
    announced(page, "exam-kept", lambda: choose(page, "The right one"))
    expect_spoken(sheet, "exam-sitting")
    page.get_by_role("button", name="Come back to this").click()
    expect_spoken(sheet, "exam-come-back")
    for _ in range(5):
        turn(page)
    hand_in(page)
    expect_spoken(page.locator("backmice-exam"), "exam-report")


def test_warning_of_time(page: Page, site: Path, serve):
    page.clock.install()
    begin(page, serve(site), minutes="5")
    choose(page, "The right one")  # the storage has answered before time leaps
    announced(page, "exam-time", lambda: page.clock.fast_forward("04:10"))


def test_review(visit):
    page = visit("book/review")
    expect_spoken(page.locator("backmice-review"), "review")


def test_case(visit):
    page = visit("book/cases/knot")
    case = page.locator("backmice-case")
    expect_spoken(case, "case")
    page.get_by_role("button", name="Go on without answering").click()
    expect(case.locator("summary", has_text="What you feel")).to_be_focused()  # which is read out
    expect_spoken(case, "case-second-stage")


def test_evidence(visit):
    page = visit("book/evidence/index")
    evidence = page.locator("backmice-evidence")
    expect_spoken(evidence, "evidence")
    announced(page, "evidence-filtered", lambda: evidence.get_by_label("Certainty").select_option("high"))


def test_table(visit):
    page = visit("book/names")
    table = page.locator("backmice-table")
    expect_spoken(table, "table")
    announced(page, "table-sorted", table.get_by_role("button", name="Name").click)
    announced(page, "table-filtered", lambda: table.get_by_label("Language").select_option("Latin"))
    expect_spoken(table, "table-sorted")


def test_search(visit):
    page = visit("search")
    expect_spoken(page.locator("backmice-search"), "search")
    announced(page, "search-results", lambda: page.locator("#q").fill("lump"))
    expect(page.locator(".results > li").first).to_be_visible()
    expect_spoken(page.locator("backmice-search"), "search-results")


def test_film(visit):
    page = visit("book/film")
    film = page.locator("course-video")
    expect_spoken(film, "film")
    film.locator("summary", has_text="Transcript").click()
    announced(page, "film-searched", lambda: film.get_by_label("Search what is said").fill("lump"))
    expect_spoken(film, "film-transcript")


def test_library(visit):
    page = visit("book/library")
    expect_spoken(page.locator("course-video-library"), "library")


def test_progress(visit):
    page = visit("book/progress")
    expect_spoken(page.locator("backmice-progress"), "progress")


def test_dose(page: Page, book: str):
    page.add_init_script(SAVE_DATA)
    page.goto(f"{book}/book/treatment/infiltration.html", wait_until="networkidle")
    dose = page.locator("backmice-dose")
    expect_spoken(dose.get_by_role("form"), "dose")
    announced(page, "dose-refused", dose.get_by_role("button", name="Work it out").click)


def test_figure(page: Page, book: str):
    page.add_init_script(SAVE_DATA)
    page.goto(f"{book}/book/anatomy/sacroiliac-triangle.html", wait_until="networkidle")
    figure = page.locator("backmice-anatomy")
    expect_spoken(figure, "figure")


def test_reasoner(page: Page, book: str):
    page.goto(f"{book}/book/differential/reasoner.html", wait_until="networkidle")
    reasoner = page.locator("backmice-reasoner").first
    expect_spoken(reasoner, "reasoner")


def test_dose_worked_out(page: Page, book: str):
    page.add_init_script(SAVE_DATA)
    page.goto(f"{book}/book/treatment/infiltration.html", wait_until="networkidle")
    dose = page.locator("backmice-dose")
    for name, number in (("Planned volume", "4"), ("Body weight", "80"), ("Height", "180")):
        dose.get_by_label(name).fill(number)
    dose.get_by_label("Man", exact=True).check()
    announced(page, "dose-worked", dose.get_by_role("button", name="Work it out").click)
    expect_spoken(dose, "dose-worked")


def test_recordings(visit):
    page = visit("book/recordings")
    expect_spoken(page.locator(".recordings"), "recordings")
    page.get_by_role("button", name="Show it here: A lump, filmed").click()
    expect(page.get_by_text("To show it here, your browser asks films.example.")).to_be_focused()  # which is read out
    expect_spoken(page.locator(".recordings"), "recordings-asked")


@pytest.fixture(scope="module")
def assigned(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assignment of the small course, and the page that grades it."""
    root, home = site.parents[1], tmp_path_factory.mktemp("assigned")
    for command in (
        ["assign", "lumps", "-o", home / "spring", "--certainty", "--seed", "2"],
        ["grader", "-o", home / "grade.html"],
    ):
        ran = CliRunner().invoke(main, [*map(str, command), "--root", str(root)])
        assert ran.exit_code == 0, ran.output
    (home / "handed").mkdir()
    for name, content in sealed_class(load(home / "spring.instructor.json"), 24):
        (home / "handed" / name).write_bytes(content)
    (home / "handed/letter.txt").write_text("Dear all")
    return home


def test_assignment(page: Page, assigned: Path, serve):
    page.add_init_script(f"({SAME_DRAW})()")
    page.goto(serve(assigned / "spring"))
    assignment = page.locator("backmice-assignment")
    expect(assignment.get_by_role("button", name="Begin")).to_be_visible()
    expect_spoken(assignment, "assignment")
    begin_assignment(page, "Ana Lee", "s-1")
    announced(page, "assignment-kept", assignment.get_by_role("radio").first.check)
    expect_spoken(assignment, "assignment-sitting")
    hand_in_assignment(page)
    expect(page.get_by_role("heading", name="Your answers are sealed")).to_be_focused()  # which is read out
    expect_spoken(assignment.locator(".exam-stage > :first-child"), "assignment-sealed")


def test_grader(page: Page, assigned: Path):
    page.goto((assigned / "grade.html").as_uri())
    grader = page.locator("backmice-grader")
    grade = page.get_by_role("button", name="Grade")
    expect(grade).to_be_visible()
    expect_spoken(grader, "grader")
    announced(page, "grader-refused", grade.click)
    page.get_by_label("Your file").set_input_files(assigned / "spring.instructor.json")
    page.get_by_label("Or as a folder").set_input_files(assigned / "handed")
    announced(page, "grader-done", grade.click)
    expect(page.get_by_role("heading", name="What to look at among the files")).to_be_focused()  # which is read out
    expect_spoken(grader, "grader-report")
