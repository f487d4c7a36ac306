"""`{packages}` and `{losses}` in the small course, built as the real book is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from small_course import add_pages, build, edit, new_course

from backmice import imports
from backmice.cli import main
from backmice.evidence.ledger import load_ledger
from backmice.export import packages as making
from backmice.export.packages import Course, packages
from backmice.export.paper import WHOLE
from backmice.export.scorm import package as scorm
from backmice.export.target import TARGETS
from backmice.html.template import _environment
from backmice.items.blueprint import load_blueprints
from backmice.items.load import load_bank
from backmice.items.model import KINDS
from backmice.sphinx_ext import packages as listing
from backmice.volume.pages import read_volume

REPOSITORY = Path(__file__).parents[1]
LIST = "book/packages"
ITEM = "exercises/items/lumps/lumps-001.yml"


@pytest.fixture(scope="module", autouse=True)
def one_time() -> Iterator[None]:
    """Outside a repository flashcards carry the time of the newest file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1790000000")
        yield


def make(root: Path) -> Path:
    """The small course with a second quiz and the page of packages."""
    new_course(root)
    (root / "exercises/quizzes/width.yml").write_text("id: width\ntitle: How wide\nitems: [lumps-002]\n")
    text = "---\nlead: All of them.\n---\n# Packages\n\n```{packages}\n```\n\n```{losses}\n```\n"
    (root / f"{LIST}.md").write_text(text)
    return add_pages(root, "For instructors", LIST)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, built once and only looked at."""
    root = make(tmp_path_factory.mktemp("packages") / "course")
    assert build(root)[1] == ""
    return root


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make(tmp_path / "course")


def page(root: Path) -> BeautifulSoup:
    return BeautifulSoup((root / f"_build/html/{LIST}.html").read_text(), "html.parser")


def words(element) -> str:
    return " ".join(element.text.replace("\xa0", "_").split())


def rows(root: Path) -> dict[str, list]:
    """The links of each row by its heading."""
    return {heading(row): row.select("ul a") for row in page(root).select(".packages details")}


def heading(row) -> str:
    return row.summary.find(string=True)


def files(root: Path) -> dict[str, tuple[str, int]]:
    """What is beside the book, and when each was made, by the name a reader saves it as."""
    home = root / "_build/html/_static/packages"
    found = (path for path in home.iterdir())
    return {"-".join(path.stem.split("-")[:-1]): (path.name, path.stat().st_mtime_ns) for path in found}


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)}


def test_each_quiz_and_the_bank_are_there_for_each_target(built):
    titles = [target.title for target in TARGETS.values()]
    assert {row: [words(a).partition(":")[0] for a in links] for row, links in rows(built).items()} == {
        "The whole bank": [title for title in titles if title != "Paper"],
        "Check yourself": titles,
        "How wide": titles,
    }
    told = [words(row.select_one(".told")) for row in page(built).select(".packages details")]
    assert told == ["2 items", "1 item", "1 item"]
    assert [(a["href"], words(a)) for a in page(built).select(".packages p a")] == [
        ("lesson.html", "The quiz where it stands in the book"),
        ("../practice/lumps.html", "Practice of this topic"),
    ]


def test_a_file_is_what_the_command_writes(built, tmp_path):
    """So many files were written by a pool of processes, and the command has none."""
    names = {"The whole bank": "bank", "Check yourself": "lumps", "How wide": "width"}
    linked = [(names[row], a) for row, links in rows(built).items() for a in links]
    targets = [*(target for target in TARGETS if target != "paper"), *TARGETS, *TARGETS]
    for (name, a), target in zip(linked, targets, strict=True):
        out = tmp_path / a["download"]
        assert CliRunner().invoke(main, ["export", target, name, "-o", str(out), "--root", str(built)]).exit_code == 0
        assert (built / "_build/html/book" / a["href"]).read_bytes() == out.read_bytes()
        assert out.name == f"{name}-{target}.{TARGETS[target].ending}"
    assert len(files(built)) == len(linked) == 32 > making.FEW


def test_an_unchanged_course_and_a_changed_page_make_nothing_anew(course):
    build(course)
    before = files(course)
    assert build(course) == ([], "")
    assert changed(before, files(course)) == set()
    edit(course, "book/index.md", "\n# ", "\n\n# ")
    assert build(course) == (["book/index"], "")
    assert changed(before, files(course)) == set()
    shutil.rmtree(course / "_build")
    assert build(course)[1] == ""
    assert changed(before, files(course)) == set()


def test_a_changed_item_makes_anew_what_holds_it_and_what_is_stale_goes(course):
    build(course)
    before = files(course)
    edit(course, ITEM, "Which of these lumps", "Which of the lumps")
    assert build(course)[1] == ""
    after = files(course)
    held = {f"bank-{target}" for target in TARGETS if target != "paper"} | {f"lumps-{target}" for target in TARGETS}
    assert changed(before, after) == held
    assert before.keys() == after.keys()
    assert {a["href"].rpartition("/")[2] for links in rows(course).values() for a in links} == {
        name for name, _ in after.values()
    }
    edit(course, "_toc.yml", f"      - file: {LIST}\n", "      - file: book/film\n")
    build(course)
    assert not (course / "_build/html/_static/packages").exists()


def test_they_are_begun_before_pages_are_read_and_let_go_before_pages_are_written(course, monkeypatch):
    told = []
    steps = {(listing, "begun"), (listing.PackagesDirective, "run"), (making.Making, "end"), (listing, "_file")}
    for home, name in steps:
        step = getattr(home, name)
        monkeypatch.setattr(home, name, lambda *args, step=step, name=name: told.append(name) or step(*args))
    build(course)
    assert list(dict.fromkeys(told)) == ["begun", "run", "end", "_file"]


def test_a_page_that_only_speaks_of_the_list_has_no_packages(course):
    edit(course, f"{LIST}.md", "```{packages}\n```", "`{packages}` lists them.")
    assert build(course)[1] == ""
    assert not (course / "_build/html/_static/packages").exists()


def test_what_can_not_be_made_says_why(course, monkeypatch):
    monkeypatch.setattr(making, "FEW", 100)  # a process of its own would have the real limits
    monkeypatch.setitem(scorm.LIMITS, "1.2", 4)
    assert build(course)[1] == ""
    told = [words(li) for li in page(course).select(".packages li") if not li.a]
    assert told == [
        f"SCORM 1.2: not made, since '{name}' may need {signs} signs of suspend data, and SCORM 1.2 keeps 4; "
        "export a quiz or a topic of it"
        for name, signs in (("bank", 18), ("lumps", 13), ("width", 13))
    ]
    assert [name for name in files(course) if "scorm12" in name] == []


def test_on_paper_there_is_the_table_and_no_list_of_files(built):
    body = next(p.body for p in read_volume(built, built / "_build/html").pages() if p.name == LIST)
    assert body.xpath(".//div[@class='packages']") == []
    assert len(body.xpath(".//th[@scope='rowgroup']")) == len(KINDS)


def course_of(root: Path) -> Course:
    ledger = load_ledger(root)
    return Course(root, ledger, load_bank(root, ledger), load_blueprints(root))


def test_a_claim_that_only_a_figure_names_makes_anew_the_packages_that_hold_the_figure():
    course = course_of(REPOSITORY)
    asked = {id_ for item in course.bank.items.values() for id_ in item.all_claims()}
    manifest = (REPOSITORY / "media/anatomy/sacroiliac/structures.yml").read_text()
    id_ = next(id_ for id_ in sorted(course.ledger.claims) if f"[{id_}]" in manifest and id_ not in asked)
    other = course.ledger.claims[id_].model_copy(update={"statement": "Something else."})
    ledger = replace(course.ledger, claims=course.ledger.claims | {id_: other})
    remade = set(packages(replace(course, ledger=ledger))) - set(packages(course))
    shown = {name for name in making.names(course) if any(i.kind == "landmark" for i in course.paper(name).items)}
    assert {(package.paper, package.target) for package in remade} == {
        (name, target) for name in shown for target in ("scorm12", "scorm2004")
    }


def test_the_table_tells_how_each_target_holds_each_kind(built):
    told, kind = {}, None
    kinds = dict(zip(
        ["One right answer", "Several right answers", "Matching", "Ordering", "A number with its unit",
         "A region of a picture", "A structure of the model"], KINDS, strict=True,
    ))  # fmt: skip
    for row in page(built).select(".losses tbody tr"):
        if row.th["scope"] == "rowgroup":
            kind = kinds[words(row.th).partition(",")[0]]
            continue
        how, why = (words(cell) for cell in row.select("td"))
        for title in words(row.th).split(", "):
            assert told.setdefault((title, kind), (how, why)) == (how, why)
    how = {"native": "native", "nearest": "replaced", "left out": "left out"}
    assert told == {
        (target.title, kind): (how[loss.how], loss.why or "Nothing is lost.")
        for target in TARGETS.values() for kind, loss in target.losses.items()
    }  # fmt: skip
    (first,) = (row for row in page(built).select(".losses th[scope=rowgroup]") if "One right" in row.text)
    assert words(first) == "One right answer, 2 items"


def remade(course: Course, before: list[making.Package]) -> set[str]:
    """The targets whose packages are made anew."""
    return {package.target for package in set(packages(course)) - set(before)}


@pytest.fixture
def ours(tmp_path: Path, monkeypatch) -> Path:
    """A copy of our code, from which digests are taken instead."""
    copy = tmp_path / "backmice"
    shutil.copytree(imports.HOME, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(imports, "HOME", copy)
    monkeypatch.setattr(scorm, "PACKAGE", copy)
    return copy


@pytest.mark.parametrize(
    ("file", "targets"),
    [
        ("items/model.py", set(TARGETS)),
        ("export/paper.py", set(TARGETS)),
        ("export/sheets/pdf.py", {"paper"}),
        ("export/qti.py", {"qti21", "qti30"}),
        ("anatomy/explorer.py", {"scorm12", "scorm2004"}),
        ("html/templates/item_choice.html", {"scorm12", "scorm2004"}),
        ("static/backmice-quiz.js", {"scorm12", "scorm2004"}),
        ("static/dom.js", {"scorm12", "scorm2004"}),
        ("export/scorm/report.js", {"scorm12", "scorm2004"}),
        ("static/course.css", {"scorm12", "scorm2004"}),
        ("bench.py", set()),
        ("cli.py", set()),
        ("sphinx_ext/packages.py", set()),
        ("film/render.py", set()),
        ("html/templates/evidence.html", set()),
        ("static/backmice-search.js", set()),
    ],
)
def test_a_change_of_our_code_makes_anew_what_runs_or_holds_it_and_nothing_else(ours, course, file, targets):
    read = course_of(course)
    before = packages(read)
    with (ours / file).open("a") as changed_file:
        changed_file.write("\n")
    assert remade(read, before) == targets


def test_all_that_making_a_package_opens_of_ours_is_in_its_digest():
    """Of each kind one item; which Python runs is told by `imported`."""
    course = course_of(REPOSITORY)
    items = {item.kind: item for item in course.bank.items.values()}
    assert items.keys() == set(KINDS)
    paper = replace(course.paper(WHOLE), id="one-each", items=tuple(items.values()))
    opened: list[Path] = []
    watching = [True]
    # It can't be taken away again, only told to pass on.
    sys.addaudithook(lambda event, args: opened.append(args[0]) if watching and event == "open" else None)
    _environment.cache_clear()
    try:
        for target in TARGETS.values():
            opened.clear()
            target.content(paper)
            read = {Path(file).resolve() for file in opened if isinstance(file, (str, Path))}
            of_ours = {
                path for path in read if path.is_relative_to(imports.HOME) and path.suffix not in (".py", ".pyc")
            }
            assert of_ours - set(target.takes()) == set(), target.title
    finally:
        watching.clear()
