"""The benchmark's pure parts: totals and tables, and what it leaves alone."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from backmice import bench
from backmice.bench import (
    BenchError,
    ExamOpening,
    Exporting,
    LabStart,
    Opened,
    PageLoad,
    SearchOpening,
    Transfer,
    Turning,
    builds_table,
    chosen_pages,
    copied,
    exam_table,
    export_table,
    files_table,
    kib,
    live_table,
    load_pages,
    open_search,
    opened_table,
    pages_table,
    quiz_table,
    search_table,
    table,
    time_builds,
    turning_table,
)
from backmice.cli import main
from backmice.weight import Budget, Budgets


def test_transfer_is_the_total_of_its_responses():
    assert Transfer.of(iter([1000, 24, 0])) == Transfer(size=1024, requests=3)
    assert Transfer.of([]) == Transfer(size=0, requests=0)


@pytest.mark.parametrize(("size", "shown"), [(0, "0.0 KiB"), (1536, "1.5 KiB"), (1_751_523, "1,710.5 KiB")])
def test_sizes_are_in_kib(size: int, shown: str):
    assert kib(size) == shown


def test_table_lines_up():
    assert table(("page", "size"), [("a", "1.0 KiB"), ("longer", "10.0 KiB")]) == (
        "page        size\n"
        "a        1.0 KiB\n"
        "longer  10.0 KiB"
    )  # fmt: skip


def test_turning_stands_beside_its_target():
    assert turning_table(Turning(per_second=41.7, slow_ms=38.2)) == (
        "figure at 390 px, software WebGL  measured  target\n"
        "frames a second while turning           42      30\n"
        "slowest of twenty frames             38 ms"
    )


def test_pages_stand_beside_their_target():
    loads = [
        PageLoad("book/index.html", Transfer(45_056, 6), None),
        PageLoad("book/lesson.html", Transfer(126_976, 11), Transfer(819_200, 13)),
    ]
    assert pages_table(loads) == (
        "page, transferred    at load  requests   target  with figure  requests\n"
        "book/index.html     44.0 KiB         6  150 KiB\n"
        "book/lesson.html   124.0 KiB        11  150 KiB    800.0 KiB        13"
    )


EXPORTING = Exporting(items=2, targets={"gift": 0.04, "paper": 1.26}, seconds=2.0)


def test_exports_stand_beside_their_target():
    assert export_table(EXPORTING) == (
        "exporting 2 items    took  target\n"
        "gift                0.0 s\n"
        "paper               1.3 s\n"
        "all, two at a time  2.0 s    20 s"
    )


def test_builds_stand_beside_their_targets_and_a_stock_book():
    ours = {"cold": 41.26, "unchanged": 0.3, "one page changed": 3.5}
    assert builds_table(ours, {"cold": 38.0, "unchanged": 4.04, "one page changed": 6.0}) == (
        "build               ours  target  stock Jupyter Book\n"
        "cold              41.3 s    60 s              38.0 s\n"
        "unchanged          0.3 s     2 s               4.0 s\n"
        "one page changed   3.5 s     4 s               6.0 s"
    )
    assert builds_table({"cold": 41.26}, {}) == (
        "build    ours  target  stock Jupyter Book\n"
        "cold   41.3 s    60 s"
    )  # fmt: skip


def test_what_comes_after_a_tap_is_told_first_and_kept():
    assert opened_table([Opened("3-D figure", 512_000, 3.21, 0, 0.28)]) == (
        "after a tap, slow 4G, software WebGL; target 500 kB and 2.5 s, kept 0.3 s    fetched   took  kept: fetched   took\n"
        "3-D figure                                                                 500.0 KiB  3.2 s        0.0 KiB  0.3 s"
    )


def test_builds_are_timed_cold_unchanged_and_changed(tmp_path: Path):
    page = tmp_path / f"{bench.LESSON}.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Lesson\n")
    built, told = [], []

    def build(root: Path) -> float:
        built.append(page.read_text().count("One more sentence."))
        return float(len(built))

    assert time_builds(tmp_path, told.append, build, "the stock book") == {
        "cold": 1, "unchanged": 3, "one page changed": 6,
    }  # fmt: skip
    assert built == [0, 0, 0, 0, 1, 2, 3]
    assert told == [
        "Building the stock book in an empty folder …",
        "Building the stock book again, unchanged …",
        "Building the stock book again, the lesson changed …",
        "cold 1.0 s, unchanged 3.0 s, one page changed 6.0 s",
    ]


def test_pages_are_loaded_of_a_book_that_is_built(tmp_path: Path):
    ran = CliRunner().invoke(main, ["bench", "--pages", "book/*", "--root", str(tmp_path)])
    assert (ran.exit_code, ran.output) == (1, "There is no book in _build/html; build it: make book\n")


def test_quiz_code_is_counted_with_what_it_imports_at_once(tmp_path: Path):
    modules = {
        "backmice-quiz.js": 'import { a,\n  b } from "./a.js";\nconst later = () => import("./later.js");',
        "a.js": 'export * from "./b.js";',
        "b.js": "// imports nothing",
        "later.js": "",
        "backmice-exam.js": 'import { b } from "./b.js";',
        "backmice-review.js": "",
    }
    for name, text in modules.items():
        (tmp_path / name).write_text(text)
    assert [line.split()[:2] for line in quiz_table(tmp_path).splitlines()[1:4]] == [
        ["backmice-quiz.js", "3"], ["backmice-exam.js", "2"], ["backmice-review.js", "1"],
    ]  # fmt: skip
    assert quiz_table(tmp_path).splitlines()[4].split() == ["all", "three", "5", "0.2", "KiB", "40", "KiB"]


def test_search_stands_beside_its_targets():
    assert search_table(SearchOpening(index=122_880, code=25_600, result_ms=41.6)) == (
        "search                                      measured   target\n"
        "index, compressed                          120.0 KiB  150 KiB\n"
        "code, compressed                            25.0 KiB\n"
        "longest, from the last key to the results      42 ms   100 ms"
    )


def test_a_book_with_the_stock_search_has_no_figures_of_it(tmp_path: Path):
    assert open_search(tmp_path, print) is None


def test_exam_stands_beside_its_target():
    assert exam_table(ExamOpening(60, 12.4, 48.6, 700)) == (
        "exam of 60 items                    took  target\n"
        "longest task, opening the page     12 ms   50 ms\n"
        "longest task, drawing the items    49 ms   50 ms\n"
        "from the press to the first item  700 ms"
    )


def test_files_are_told_as_served(tmp_path: Path):
    (tmp_path / "figure.json").write_bytes(b"0" * 10_240)
    assert files_table([tmp_path / "figure.json"]) == (
        "fetched for the figure  as a file  compressed\n"
        "figure.json              10.0 KiB     0.0 KiB"
    )  # fmt: skip


def test_copy_has_the_course_without_what_was_built(tmp_path: Path):
    for name in (
        "_config.yml",
        "book/index.md",
        "_build/html/index.html",
        ".git/HEAD",
        "node_modules/a/b.js",
        ".cache/live/a.js",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    with copied(tmp_path) as copy:
        files = sorted(p.relative_to(copy).as_posix() for p in copy.rglob("*") if p.is_file())
        assert files == ["_config.yml", "book/index.md"]
        assert (copy / "node_modules/a/b.js").read_text() == "node_modules/a/b.js"
        assert (copy / ".cache/live/a.js").read_text() == ".cache/live/a.js"
    assert not copy.exists()
    assert (tmp_path / "node_modules/a/b.js").exists()


def test_without_playwright_it_says_who_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(BenchError, match=r"^What pages transfer is measured in a browser: make test installs [^\n]+$"):
        load_pages(tmp_path, ["a"], print)


def test_without_a_browser_it_says_who_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(BenchError, match="make test installs one, or says how"):
        load_pages(tmp_path, ["a"], print)


def test_missing_packages_or_a_missing_browser_do_not_keep_the_rest_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def lacks(what: str):
        def raises(*_, **__):
            raise BenchError(f"no {what}")

        return raises

    (tmp_path / "budgets.toml").write_text("[kinds.text]\nkib = 110\nrequests = 12\n[pages]\n")

    def builds(course: Path, say: bench.Say, repeats: int) -> dict[str, float]:
        (course / "_build/html").mkdir(parents=True)
        (course / "_build/html/index.html").write_text('<!doctype html><main id="text">Home</main>')
        return {"cold": float(repeats)}

    monkeypatch.setattr(bench, "time_builds", builds)
    monkeypatch.setattr(bench, "time_stock", lambda course, say, repeats: {})
    monkeypatch.setattr(bench, "time_export", lambda root, say: EXPORTING)
    monkeypatch.setattr(bench, "time_grading", lacks("packages"))
    monkeypatch.setattr(bench.lighthouse, "install", lacks("network"))
    for name in ("draw_figure", "open_exam", "load_pages"):
        monkeypatch.setattr(bench, name, lacks("browser"))
    ran = CliRunner().invoke(main, ["bench", "--root", str(tmp_path), "--quick"])
    assert (ran.exit_code, ran.stdout.split("\n\n")) == (
        0,
        [
            "build   ours  target  stock Jupyter Book\ncold   1.0 s    60 s",
            export_table(EXPORTING),
            "grading: no packages",
            quiz_table(bench.STATIC),
            "fetched for the figure  as a file  compressed",
            "figure: no browser",
            "exam: no browser",
            "Search was not measured: without npm it is Sphinx's own.",
            "live: Labs in the browser were not measured; the book has them after: make live",
            "pages: no browser",
            "lighthouse: no network\n",
        ],
    )


def test_a_part_asked_for_alone_is_measured_of_the_book_as_built(tmp_path: Path):
    ran = CliRunner().invoke(main, ["bench", "--only", "live", "--root", str(tmp_path)])
    assert (ran.exit_code, ran.output) == (1, "There is no book in _build/html; build it: make book\n")
    (tmp_path / "_build/html").mkdir(parents=True)
    (tmp_path / "_build/html/index.html").write_text("Home")
    ran = CliRunner().invoke(main, ["bench", "--only", "live", "--only", "code", "--root", str(tmp_path)])
    assert (ran.exit_code, ran.output.split("\n\n")) == (
        0,
        [
            quiz_table(bench.STATIC),
            "live: Labs in the browser were not measured; the book has them after: make live\n",
        ],
    )


def test_a_lab_in_the_browser_stands_beside_its_targets():
    starts = [LabStart("first visit", Transfer(12_046_000, 176), 11.62), LabStart("again", Transfer(4_000, 168), 9)]
    assert live_table(starts) == (
        "lab in the browser, all cells run  fetched  target  requests    took  target\n"
        "first visit                        12.0 MB   16 MB       176  11.6 s    12 s\n"
        "again                               0.0 MB               168   9.0 s    10 s"
    )


def test_in_haste_a_page_with_a_budget_of_its_own_stands_for_no_kind(tmp_path: Path):
    for name, words in {"small": "Text.", "larger": "More text.", "search": "The longest text of all."}.items():
        (tmp_path / f"{name}.html").write_text(f'<!doctype html><main id="text">{words}</main>')
    budgets = Budgets({}, {"search": Budget(200, 12)})
    assert chosen_pages(tmp_path, budgets, None, quick=True) == {"larger": "text"}
    assert chosen_pages(tmp_path, budgets, "s*", quick=False) == {"search": "text", "small": "text"}
    assert chosen_pages(tmp_path, budgets, "search", quick=True) == {"search": "text"}


def test_answers_of_the_server_are_noted_and_what_is_not_there_is_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "index.html").write_text("Home")
    noted: list[int] = []
    with bench.served(tmp_path, noted) as home:
        for _ in range(2):
            urlopen(f"{home}/index.html").read()
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{home}/robots.txt")
    assert noted == [4, 4]
    assert capsys.readouterr().out == ""


def test_a_book_that_does_not_build_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(root: Path, say: bench.Say, repeats: int) -> dict[str, float]:
        raise BenchError("The book was not built; make book says why.")

    monkeypatch.setattr(bench, "time_builds", broken)
    ran = CliRunner().invoke(main, ["bench", "--root", str(tmp_path)])
    assert (ran.exit_code, ran.output) == (1, "The book was not built; make book says why.\n")
