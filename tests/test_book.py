"""The small course built as the real book is: what pages show of claims, and what is read again when one changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from small_course import bring_npm, build, edit, new_course
from sphinx.errors import ExtensionError

from backmice.sphinx_ext.evidence import use_links, users

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "src/backmice/static"
CLAIMS = "book/evidence/claims.yml"
LESSON = "book/lesson.md"
EVERY_PAGE = ["book/bibliography", "book/evidence/index", "book/index", "book/lesson"]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The course, built once and only looked at."""
    root = new_course(tmp_path_factory.mktemp("book") / "course")
    assert build(root) == (EVERY_PAGE, "")
    return root


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Iterator[Path]:
    """The same course to change and build again: put back afterwards, times of files included."""
    shutil.copytree(built, tmp_path / "kept")
    yield built
    shutil.rmtree(built)
    shutil.copytree(tmp_path / "kept", built)


def html(root: Path, page: str) -> str:
    """Return a built page, with its no-break spaces as `_`."""
    return (root / f"_build/html/{page}.html").read_text().replace("\xa0", "_")


def snippet(root: Path, page: str, start: str, end: str) -> str:
    """Return the text of a page from `start` to the next `end`, both included."""
    return start + html(root, page).partition(start)[2].partition(end)[0] + end


def how(claim_id: str, level: str) -> str:
    """Return the mark of certainty on the lesson page."""
    return (
        f'<a class="how" href="evidence/index.html#claim-{claim_id}" data-card="card-{claim_id}" '
        f'aria-label="{level} certainty, open the claim">{level}</a>'
    )


def test_a_claim_alone_gives_its_statement(built):
    assert snippet(built, "book/lesson", "<p>In 30", "</p>") == (
        "<p>In 30 people with a lump its mean width was 28.5_mm, from 9 to "
        f'<span class="claim-last" data-certainty="low">54_mm. {how("lump-size", "low")}</span></p>'
    )


def test_words_values_and_spreads_say_how_sure_they_are(built):
    size, painless = how("lump-size", "low"), how("lump-painless", "high")
    assert snippet(built, "book/lesson", "<p>The mean", "</p>") == (
        f'<p>The mean width was <span class="claim is-value" data-certainty="low"><span>28.5_mm {size}</span></span>, '
        'all told <span class="claim is-value" data-certainty="low">28.5_mm (mean, SD 11.2, range 9 to 54, '
        f"<span>n_=_30) {size}</span></span>.\n"
        f'Most did not hurt: <span class="claim" data-certainty="high">180 of <span>200 {painless}</span></span>, '
        f'which is <span class="claim is-value" data-certainty="high"><span>90_% {painless}</span></span>.</p>'
    )


def test_each_claim_has_one_card_after_the_block_that_cites_it_first(built):
    page = BeautifulSoup(html(built, "book/lesson"), "html.parser")
    cards = page.select("aside.claim-card")
    assert [(card["id"], card.find_previous_sibling("p").text[:8]) for card in cards] == [
        ("card-lump-size", "In 30 pe"), ("card-lump-painless", "The mean"),
    ]  # fmt: skip
    assert snippet(built, "book/lesson", '<aside class="claim-card" id="card-lump-size"', "</aside>") == (
        '<aside class="claim-card" id="card-lump-size" popover data-certainty="low" aria-label="Claim, low certainty">\n'
        '<p class="chip">Low certainty</p>\n'
        '<p class="statement">In 30 people with a lump its mean width was 28.5_mm, from 9 to 54_mm.</p>\n'
        '<dl class="facts">\n'
        '<dt>Figure</dt><dd class="num">28.5_mm (mean, SD 11.2, range 9 to 54, n_=_30)</dd>\n'
        '<dt>Rests on</dt><dd class="rests-on">cross-sectional study: '
        '<a href="bibliography.html#ref-writer2020">Writer and Reader, 2020</a> <a href="https://doi.org/10.1234/lumps.2020" rel="external">DOI</a></dd>\n'
        "<dt>Lowered for</dt><dd>imprecision (only thirty people); indirectness (all of them in one hospital)</dd>\n"
        "<dt>How known</dt><dd>seen in a located record of the source</dd>\n"
        '</dl><a href="evidence/index.html#claim-lump-size">Open in the evidence table</a>\n'
        "</aside>"
    )


def test_the_evidence_page_lists_published_claims_with_their_users(built):
    page = BeautifulSoup(html(built, "book/evidence/index"), "html.parser")
    rows = page.select("article.claim-row")
    assert {row["id"]: [(a.text, a["href"]) for a in row.select(".uses a")] for row in rows} == {
        "claim-lump-size": [
            ("A lump", "../lesson.html"),
            ("1 item on lumps", "../../practice/lumps.html#item-lumps-001"),
        ],
        "claim-lump-painful": [("Lumps", "../index.html")],
        "claim-lump-painless": [
            ("A lump", "../lesson.html"),
            ("2 items on lumps", "../../practice/lumps.html#item-lumps-001"),
        ],
    }
    assert "lump-remembered" not in html(built, "book/evidence/index")


def test_a_row_of_the_evidence_leads_to_the_bibliography_which_leads_on_to_the_records(built):
    evidence = BeautifulSoup(html(built, "book/evidence/index"), "html.parser")
    sources = BeautifulSoup(html(built, "book/bibliography"), "html.parser")
    linked = {a["href"] for a in evidence.select(".rests-on a")}
    assert linked == {"../bibliography.html#ref-writer2020", "../bibliography.html#ref-guild2021"}
    assert {li["id"]: [a["href"] for a in li.select("[rel=external]")] for li in sources.select(".sources li")} == {
        "ref-guild2021": ["https://example.org/advice"],
        "ref-writer2020": ["https://doi.org/10.1234/lumps.2020"],
    }


def test_what_uses_a_claim_stands_behind_its_page_and_its_items_behind_their_lesson(built):
    pages = {"book/meet/names": "Names", "book/meet/lump": "The lump"}
    home = {
        ("item", "lump-001"): "practice/lump",
        ("item", "lump-002"): "practice/lump",
        ("film", "a-lump"): "book/meet/lump",
    }
    used = [("page", page) for page in pages] + [*home]
    builder = SimpleNamespace(current_docname="book/evidence/index", get_relative_uri=lambda here, page: page)
    assert use_links(builder, used, pages, home) == [
        ("book/meet/names", "Names"),
        ("book/meet/lump", "The lump"),
        ("book/meet/lump#film-a-lump", "film a lump"),
        ("practice/lump#item-lump-001", "2 items on lump"),
    ]


def test_both_sides_of_a_disagreement_lead_to_each_other(built):
    page = BeautifulSoup(html(built, "book/evidence/index"), "html.parser")
    against = {row["id"]: row.select('a[href^="#claim-"]') for row in page.select("article.claim-row")}
    assert {id_: [a["href"] for a in links] for id_, links in against.items()} == {
        "claim-lump-size": [],
        "claim-lump-painful": ["#claim-lump-painless"],
        "claim-lump-painless": ["#claim-lump-painful"],
    }


def test_the_bibliography_tells_what_each_source_carries(built):
    page = BeautifulSoup(html(built, "book/bibliography"), "html.parser")
    assert [tuple(entry.text.split("\n")) for entry in page.select("ol.sources li")] == [
        ("Guild of Bone Setters. Advice & rules. web page", "Known: seed. Claims: lump-painful."),
        ("Writer A.B., Reader C. Lumps of the low back. Journal of Lumps 2020;4(2):11–15. DOI",
         "Known: verified, whole article. Claims: lump-size, lump-painless."),
    ]  # fmt: skip


def test_every_link_to_a_claim_or_a_source_arrives(built):
    folder = built / "_build/html/book"
    pages = {path: BeautifulSoup(path.read_text(), "html.parser") for path in folder.rglob("*.html")}
    links = {
        (path, a["href"]) for path, page in pages.items() for a in page.select('a[href*="#claim-"], a[href*="#ref-"]')
    }
    assert len(links) > 8
    for path, href in links:
        file, _, anchor = href.partition("#")
        assert pages[(path.parent / file).resolve() if file else path].find(id=anchor), (path, href)


def test_a_claim_that_cannot_be_shown_is_refused_with_its_line(course):
    edit(
        course, LESSON, "{claim}`lump-size`\n", "{claim}`lump-length` {claim}`lump-remembered` {value}`lump-painless`\n"
    )
    _, told = build(course)
    assert told == (
        "book/lesson.md:14: ERROR: claim 'lump-length' is not in the ledger\n"
        "book/lesson.md:14: ERROR: claim 'lump-remembered' is only recalled and cannot be published\n"
        "book/lesson.md:14: ERROR: claim 'lump-painless' has no value ''; it has: painless, share\n"
    )
    assert "Somebody once counted" not in html(course, "book/lesson")


def test_a_faulty_ledger_stops_the_build_with_its_sentences(course):
    edit(course, CLAIMS, "certainty: low", "certainty: moderate")
    with pytest.raises(ExtensionError) as caught:
        build(course)
    assert str(caught.value) == (
        "The claim ledger has faults:\n"
        "book/evidence/claims.yml:1: [0]: certainty is 'moderate' but cross-sectional about description starts 'high' "
        "and the reasons lead to 'low'; correct the reasons or the certainty"
    )


def downgrade_lump_size(course: Path) -> None:
    edit(course, CLAIMS, "  certainty: low\n", "  certainty: very low\n")
    edit(course, CLAIMS, "because: only thirty people}", "because: only thirty people, steps: 2}")


def test_nothing_is_read_again_when_nothing_changed(course):
    assert build(course) == ([], "")


def test_a_downgraded_claim_has_only_the_pages_that_show_it_read_again(course):
    downgrade_lump_size(course)
    assert build(course)[0] == ["book/bibliography", "book/evidence/index", "book/lesson"]
    assert 'data-certainty="very-low">54_mm.' in html(course, "book/lesson")
    assert 'id="claim-lump-size" data-certainty="very-low"' in html(course, "book/evidence/index")
    assert build(course)[0] == []


def test_a_source_is_shown_anew_wherever_its_claims_are(course):
    edit(course, "book/references.bib", "Guild of Bone Setters", "Guild of Bath Attendants")
    assert build(course)[0] == ["book/bibliography", "book/evidence/index", "book/index"]
    assert "Guild of Bath Attendants" in html(course, "book/index")


def test_the_evidence_page_is_written_again_when_a_page_begins_to_use_a_claim(course):
    edit(course, "book/index.md", "# Lumps\n", "# Lumps\n\n{claim}`lump-size`\n")
    assert build(course)[0] == ["book/index"]
    page = BeautifulSoup(html(course, "book/evidence/index"), "html.parser")
    assert [a.text for a in page.select("#claim-lump-size .uses a")] == ["Lumps", "A lump", "1 item on lumps"]


def test_the_evidence_page_is_left_when_a_page_uses_what_it_used(course):
    """Whichever page was read last, what uses a claim is told in the same order."""
    page = course / "_build/html/book/evidence/index.html"
    before = page.stat().st_mtime_ns
    edit(course, LESSON, "mean width", "average width")
    assert build(course)[0] == ["book/lesson"]
    assert page.stat().st_mtime_ns == before
    uses = {"a": [("item", "first", ("lump-size",))], "b": [("item", "second", ("lump-size",))]}
    for order in ("ab", "ba"):
        env = SimpleNamespace(backmice_claims={}, backmice_uses={name: uses[name] for name in order})
        assert users(env) == {"lump-size": [("item", "first"), ("item", "second")]}


def test_sources_of_the_same_authors_and_year_stand_by_their_keys(course):
    references = course / "book/references.bib"
    entry = references.read_text().partition("\n\n")[0]
    keys = [f"writer2020{letter}" for letter in "hgfedcb"]
    references.write_text("\n\n".join([references.read_text(), *(entry.replace("writer2020", key) for key in keys)]))
    edit(course, CLAIMS, "n: 30}\n  sources: [writer2020]", f"n: 30}}\n  sources: [writer2020, {', '.join(keys)}]")
    build(course)
    page = BeautifulSoup(html(course, "book/bibliography"), "html.parser")
    listed = [entry["id"] for entry in page.select("ol.sources li")]
    assert listed == ["ref-guild2021", "ref-writer2020", *(f"ref-{key}" for key in sorted(keys))]


def test_builds_after_edits_leave_what_a_cold_build_writes(tmp_path):
    root = new_course(tmp_path / "course")
    bring_npm(root)
    build(root)
    edit(root, LESSON, "mean width", "average width")
    assert build(root)[0] == ["book/lesson"]
    edit(root, "book/index.md", "# Lumps\n", "# Lumps\n\nAll of them.\n")
    assert build(root)[0] == ["book/index"]
    edited = files(root / "_build/html")
    for made in ("_build", ".cache"):
        shutil.rmtree(root / made)
    build(root)
    assert edited == files(root / "_build/html")
    assert "search-index.json" in edited


def files(folder: Path) -> dict[str, bytes]:
    """Return what the files of a folder hold, by their paths."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_claim_taken_away_is_missed_where_it_was_cited(course):
    edit(course, CLAIMS, "id: lump-size", "id: lump-width")
    edit(course, "exercises/items/lumps/lumps-001.yml", "claims: [lump-size]", "claims: [lump-width]")
    was_read, told = build(course)
    assert "book/index" not in was_read
    assert told == (
        "book/lesson.md:14: ERROR: claim 'lump-size' is not in the ledger\n"
        "book/lesson.md:16: ERROR: claim 'lump-size' is not in the ledger\n"
        "book/lesson.md:16: ERROR: claim 'lump-size' is not in the ledger\n"
    )


@pytest.mark.parametrize("name", ["course.css", "print.css", "tokens.css"])
def test_a_style_sheet_closes_each_brace_it_opens(name: str):
    """One left open, as a merge once left it, and a browser drops every rule behind it."""
    depth = [0]
    for brace in re.findall(
        r"[{}]", re.sub(r'"[^"]*"|/\*.*?\*/', "", (STATIC / name).read_text("utf-8"), flags=re.DOTALL)
    ):
        depth.append(depth[-1] + (1 if brace == "{" else -1))
    assert (min(depth), depth[-1]) == (0, 0)
