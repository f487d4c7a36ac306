"""What is made of Lighthouse's reports: medians, targets, tables and the worst page; Lighthouse itself is not run."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from backmice import lighthouse
from backmice.bench import table
from backmice.lighthouse import (
    Compared,
    LighthouseError,
    Loading,
    compare,
    kinds_rows,
    loading,
    middle,
    names_worst,
    one_of_each,
    pages_of,
    rows,
)
from backmice.weight import Budget, Budgets

#: As Lighthouse 12.8.2 wrote it, without what is not read.
REPORT = json.loads((Path(__file__).parent / "lighthouse/text.json").read_text())
BUDGETS = Budgets({kind: Budget(110, 12) for kind in ("text", "figure", "quiz", "video")}, {})
GOOD = Loading(92_160, 10_240, 9, 1400, 10, 0, 99.6, 100, 100, 100)
STOCK = Loading(1_024_000, 0, 33, 6800, 200, 0.02, 55, 97, 92, 90)


def compared(page: str, kind: str = "text", stock: Loading | None = STOCK, **other: float) -> Compared:
    return Compared(page, kind, BUDGETS.kinds[kind], replace(GOOD, **other), stock)


def test_a_report_gives_what_came_over_the_line_times_and_scores():
    assert loading(REPORT) == Loading(
        size=106_892,
        media=0,
        requests=19,
        lcp_ms=1849.1255999999998,
        tbt_ms=2.5,
        cls=0.0007215090880889694,
        performance=99,
        accessibility=100,
        best_practices=100,
        seo=100,
    )


def test_pictures_and_films_are_counted_apart_and_what_a_page_holds_itself_is_no_request():
    report = json.loads(json.dumps(REPORT))
    report["audits"]["network-requests"]["details"]["items"] = [
        {"url": "http://a/b.html", "resourceType": "Document", "transferSize": 1000},
        {"url": "http://a/b.webp", "resourceType": "Image", "transferSize": 300},
        {"url": "http://a/b.mp4", "resourceType": "Media", "transferSize": 20},
        {"url": "data:image/png;base64,AA", "resourceType": "Image", "transferSize": 7},
    ]
    assert (loading(report).size, loading(report).media, loading(report).requests) == (1320, 320, 3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"runtimeError": {"code": "NO_FCP", "message": "Nothing was painted."}}, "names.html: Nothing was painted."),
        ({"categories": {n: {"score": None} for n in lighthouse.CATEGORIES}}, "names.html: Lighthouse could not measure it"),
    ],
)  # fmt: skip
def test_a_page_that_could_not_be_measured_is_named(change, said):
    with pytest.raises(LighthouseError) as raised:
        loading({**REPORT, "requestedUrl": "names.html", **change})
    assert str(raised.value) == said


def test_the_median_is_taken_of_each_figure_by_itself():
    runs = [replace(GOOD, lcp_ms=ms, requests=n) for ms, n in ((1500, 9), (900, 12), (1200, 10))]
    assert middle(iter(runs)) == replace(GOOD, lcp_ms=1200, requests=10)
    assert middle(runs[:2]) == replace(GOOD, lcp_ms=1200, requests=10.5)


@pytest.mark.parametrize(
    ("page", "misses"),
    [
        (compared("a"), []),
        (compared("a", size=110 * 1024 + 10_241), ["size"]),
        (compared("a", size=110 * 1024 + 10_240), []),
        (compared("a", requests=13), ["requests"]),
        (compared("a", lcp_ms=1550), ["LCP"]),
        (compared("a", "figure", lcp_ms=1550), []),
        (compared("a", tbt_ms=51, cls=0.006), ["TBT", "CLS"]),
        (compared("a", performance=98.4, best_practices=96, seo=92), ["performance", "best practices", "seo"]),
    ],
)
def test_what_misses_its_target_is_named(page, misses):
    assert page.over() == misses


def test_each_page_stands_above_its_stock_sister():
    pages = [compared("book/names"), compared("book/names-table", stock=None, lcp_ms=1600, accessibility=96)]
    assert table(("page", "", *lighthouse.HEAD, "misses"), rows(pages)) == (
        "page                     transferred  without media  requests     LCP     TBT    CLS           scores              misses\n"
        "book/names         ours       90 KiB         80 KiB         9  1.40 s   10 ms  0.000  100/100/100/100                none\n"
        "                  stock    1,000 KiB      1,000 KiB        33  6.80 s  200 ms  0.020      55/97/92/90\n"
        "book/names-table   ours       90 KiB         80 KiB         9  1.60 s   10 ms  0.000   100/96/100/100  LCP, accessibility"
    )


def test_each_kind_has_its_target_and_the_medians_of_its_pages():
    pages = [compared("a"), compared("b", lcp_ms=1000), compared("c", lcp_ms=1100), compared("q", "quiz", stock=None)]
    told = [" ".join(filter(None, row)) for row in kinds_rows(pages, BUDGETS)]
    assert told == [
        "Text chapter (3) target 110 KiB 12 1.50 s 50 ms 0.00 99/100/100/100",
        "ours 90 KiB 80 KiB 9 1.10 s 10 ms 0.000 100/100/100/100",
        "stock 1,000 KiB 1,000 KiB 33 6.80 s 200 ms 0.020 55/97/92/90",
        "Quiz page (1) target 110 KiB 12 1.50 s 50 ms 0.00 99/100/100/100",
        "ours 90 KiB 80 KiB 9 1.40 s 10 ms 0.000 100/100/100/100",
    ]


def test_the_worst_page_is_the_one_that_a_reader_waits_for_most():
    pages = [compared("a", lcp_ms=1500), compared("b", performance=97), compared("c", performance=97.2, lcp_ms=1700)]
    assert names_worst(iter(pages)) == (
        "Worst page: c (97, LCP 1.70 s; misses LCP, performance). 1 of 3 pages meet every target."
    )
    assert names_worst(pages[:1]) == "Worst page: a (100, LCP 1.50 s). 1 of 1 pages meet every target."


def built(folder: Path, **pages: str) -> Path:
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(f'<!doctype html><main id="text">{text}</main>')
    return folder


def test_pages_are_chosen_by_name_and_the_largest_of_each_kind(tmp_path):
    quiz = '<backmice-quiz data-quiz="practice-x"></backmice-quiz>'
    built(tmp_path, names="Names.", longer="Names and names.", practice=quiz)
    (tmp_path / "vendor.html").write_text("<!doctype html><p>of others")
    pages = pages_of(tmp_path)
    assert pages == {"longer": "text", "names": "text", "practice": "quiz"}
    assert pages_of(tmp_path, "*n*s") == {"names": "text"}
    size = lambda name: (tmp_path / f"{name}.html").stat().st_size
    assert one_of_each(pages, size) == {"longer": "text", "practice": "quiz"}
    with pytest.raises(LighthouseError, match="^No page is called 'x'; names are like book/meet/names"):
        pages_of(tmp_path, "x")


def test_both_books_are_loaded_in_turn_and_a_page_that_fails_is_left_out(monkeypatch):
    asked, told = [], []

    def measure(command: Path, address: str, port: int) -> dict:
        asked.append(address)
        if address in ("http://stock/b.html", "http://ours/c.html"):
            raise LighthouseError(f"{address}: Lighthouse failed\nand why")
        return REPORT

    monkeypatch.setattr(lighthouse, "install", lambda root: Path("lighthouse"))
    monkeypatch.setattr(lighthouse, "node_and_browser", lambda: ("node", "browser"))
    monkeypatch.setattr(lighthouse, "browser_awake", lambda address: nullcontext(1))
    monkeypatch.setattr(lighthouse, "measure", measure)
    root = Path(__file__).parents[1]
    found = list(
        compare(root, {"a": "text", "b": "quiz", "c": "text"}, "http://ours", "http://stock", runs=2, say=told.append)
    )
    assert asked == [f"http://{book}/{page}.html" for page in "abc" for _ in range(2) for book in ("ours", "stock")]
    one = loading(REPORT)
    assert [(page.page, page.ours, page.stock) for page in found] == [("a", one, one), ("b", one, None)]
    assert told == [
        "Lighthouse, page 1 of 3, load 1 of 2: a",
        "Lighthouse, page 1 of 3, load 2 of 2: a",
        "Lighthouse, page 2 of 3, load 1 of 2: b",
        "The stock page is left out: http://stock/b.html: Lighthouse failed",
        "Lighthouse, page 2 of 3, load 2 of 2: b",
        "The stock page is left out: http://stock/b.html: Lighthouse failed",
        "Lighthouse, page 3 of 3, load 1 of 2: c",
        "Our page is left out: http://ours/c.html: Lighthouse failed",
        "Lighthouse, page 3 of 3, load 2 of 2: c",
        "Our page is left out: http://ours/c.html: Lighthouse failed",
    ]


def test_one_browser_stands_ready_for_all_loads_and_is_ended_after_them(tmp_path):
    (tmp_path / "page.html").write_text("<p>Drawn.</p>")
    with lighthouse.browser_awake((tmp_path / "page.html").as_uri()) as port:
        version = json.load(urlopen(f"http://127.0.0.1:{port}/json/version"))
    assert "Chrome/" in version["Browser"]
    with pytest.raises(URLError):
        urlopen(f"http://127.0.0.1:{port}/json/version")


def test_what_is_fetched_is_pinned_without_an_address_to_download_from():
    lock = json.loads((Path(__file__).parents[1] / lighthouse.PINNED / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/lighthouse"]["version"] == REPORT["lighthouseVersion"]
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


def test_what_asks_for_the_latest_of_a_package_gets_the_pinned_one():
    """npm takes a lock without addresses for incomplete where a package asks for a tag."""
    home = Path(__file__).parents[1] / lighthouse.PINNED
    packages = json.loads((home / "package-lock.json").read_text())["packages"]
    tagged = {name for entry in packages.values() for name, of in entry.get("dependencies", {}).items() if of.isalpha()}
    pinned = {name: packages[f"node_modules/{name}"]["version"] for name in tagged}
    assert json.loads((home / "package.json").read_text())["overrides"] == pinned
    assert tagged == {"legacy-javascript", "third-party-web"}
