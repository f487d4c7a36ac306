"""Each lesson of the real book as a package for a learning platform: what `test_export_lesson` says of a small one."""

from __future__ import annotations

from pathlib import Path

from book_reader import CHAPTERS, ROOT
from lxml import html

from backmice.chapter import load_chapter
from backmice.evidence.ledger import load_ledger
from backmice.export.scorm.chapter import built_lesson
from backmice.export.scorm.package import LIMITS, longest_state
from backmice.items.load import load_bank

SHOWING = ("src", "poster", "data-figure", "data-bundle", "data-still")


def test_each_lesson_holds_all_that_it_shows_and_leads_nowhere_in_the_site(book_folder: Path):
    ledger = load_ledger(ROOT)
    bank = load_bank(ROOT, ledger)
    names = [name for name in CHAPTERS if (ROOT / f"{name}.md").is_file()]
    lessons = [name for name in names if load_chapter(ROOT / f"{name}.md", ROOT).is_lesson]
    assert len(lessons) > 30
    for name in lessons:
        lesson = built_lesson(ROOT, book_folder, bank, name, ledger)
        page = html.fragment_fromstring(lesson.main)
        ids = {f"#{id_}" for id_ in page.xpath(".//@id | ./@id")}
        links = [href.split("#t=")[0] for href in page.xpath(".//a/@href")]
        assert [h for h in links if h not in ids and h not in lesson.files and "://" not in h] == [], name
        shown = {src for attribute in SHOWING for src in page.xpath(f".//@{attribute}")}
        assert [src for src in shown if src not in lesson.files and not src.startswith("data:")] == [], name
        assert ("../" in lesson.main, "_static" in lesson.main) == (False, False), name
        assert longest_state(lesson) <= LIMITS["1.2"], name
