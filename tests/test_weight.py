"""What a page weighs, reckoned from its files, and what is said of one that is over its budget."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

from backmice.cli import main
from backmice.weight import Budget, Budgets, PageWeight, kind, load_budgets, over, weigh

ROOT = Path(__file__).parents[1]
PAGE = """<!doctype html><html><head>
<link rel="icon" href="_static/mark.svg"><link rel="preload" as="font" href="_static/a.woff2">
<link rel="stylesheet" href="_static/a%20b.css"><script type="module" src="_static/a+b.js?x"></script>
<script src="https://elsewhere.example/x.js"></script></head><body><main id="text">
<img src="_static/near.webp"><img src="_static/near.webp"><img src="_static/far.webp" loading="lazy"></main></body>"""
BUDGETS = Budgets({"text": Budget(1, 12), "figure": Budget(2, 12)}, {"book/long": Budget(2, 3)})


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "_build/html"
    (folder / "_static").mkdir(parents=True)
    (folder / "page.html").write_text(PAGE)
    (folder / "page.html.br").write_bytes(bytes(300))
    (folder / "live.html").write_text("<main id='main'>Of others.</main>")
    for name, size in {
        "a.woff2": 40,
        "a b.css": 900,
        "a+b.js": 5,
        "near.webp": 6,
        "far.webp": 7,
        "mark.svg": 8,
    }.items():
        (folder / "_static" / name).write_bytes(bytes(size))
    (folder / "_static/a b.css.br").write_bytes(bytes(90))
    return folder


def test_a_page_weighs_what_is_fetched_at_once_as_it_is_sent(book):
    assert weigh(book) == [PageWeight("page", "text", 300 + 40 + 90 + 5 + 6, 5)]


def test_a_page_may_name_what_it_fetches_from_the_root_of_the_site(book):
    (book / "404.html").write_text(page := PAGE.replace('="_static', '="/_static'))
    assert PageWeight("404", "text", len(page) + 40 + 90 + 5 + 6, 5) in weigh(book)


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ("<p>Words.</p><backmice-quiz data-quiz='lumps'></backmice-quiz>", "text"),
        ("<backmice-quiz data-quiz='practice-lumps'></backmice-quiz>", "quiz"),
        ("<backmice-exam></backmice-exam>", "quiz"),
        ("<backmice-quiz data-quiz='lumps'><form><backmice-anatomy></backmice-anatomy></form></backmice-quiz>", "text"),
        ("<backmice-anatomy></backmice-anatomy>", "figure"),
        ("<backmice-anatomy></backmice-anatomy><course-video></course-video>", "video"),
    ],
)
def test_what_a_page_holds_decides_its_kind(holds, expected):
    assert kind(html.document_fromstring(f"<main>{holds}</main>")) == expected


def test_a_page_over_its_budget_is_named_with_both_figures():
    weights = [
        PageWeight("book/heavy", "text", 1025, 12),
        PageWeight("book/busy", "figure", 2048, 13),
        PageWeight("book/long", "text", 2048, 4),
        PageWeight("book/light", "text", 1024, 12),
    ]
    assert over(weights, BUDGETS) == [
        "book/heavy (text) weighs 1.0 KiB; its budget is 1 KiB",
        "book/busy (figure) makes 13 requests; its budget is 12",
        "book/long (text) makes 4 requests; its budget is 3",
    ]


def test_the_budgets_are_no_looser_than_what_was_set_out_for():
    """The limits that the course promised itself; single pages may have their own, and the file says why."""
    assert load_budgets(ROOT).kinds == {
        "text": Budget(110, 12),
        "figure": Budget(130, 12),
        "quiz": Budget(130, 12),
        "video": Budget(160, 12),
    }
    assert load_budgets(ROOT).parts == {"figure": Budget(380, 3)}


def test_the_command_prints_every_page_and_the_worst(book):
    root = book.parents[1]
    (root / "budgets.toml").write_text("[kinds.text]\nkib = 1\nrequests = 5\n[pages]\n")
    result = CliRunner().invoke(main, ["weigh", "--root", str(root)])
    assert (result.exit_code, result.output.splitlines()) == (0, [
        "page  kind       KiB  budget  requests  budget",
        "page  text       0.4       1         5       5",
        "Worst: page, 0.4 of 1 KiB",
    ])  # fmt: skip
    (book / "_static/a.woff2").write_bytes(bytes(2000))
    result = CliRunner().invoke(main, ["weigh", "--root", str(root)])
    assert result.exit_code == 1
    assert result.output.endswith("page (text) weighs 2.3 KiB; its budget is 1 KiB\n")


def test_without_a_book_there_is_nothing_to_weigh(tmp_path):
    (tmp_path / "_build/html").mkdir(parents=True)
    (tmp_path / "budgets.toml").write_text("[kinds]\n[pages]\n")
    result = CliRunner().invoke(main, ["weigh", "--root", str(tmp_path)])
    assert (result.exit_code, result.output) == (1, "There is no book in _build/html; build it: make book\n")
