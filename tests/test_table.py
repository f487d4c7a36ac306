"""Tables of a lesson, in the small course built as the real book is."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from small_course import LESSON, build, new_course

TABLE = "| Found | By whom |\n|---|---|\n| a lump & more | two |\n"


def test_a_wide_table_moved_the_whole_page_for_want_of_a_region(tmp_path: Path):
    root = new_course(tmp_path / "course")
    with (root / LESSON).open("a") as lesson:
        lesson.write(f"\n{TABLE}")
    assert build(root)[1] == ""
    page = BeautifulSoup((root / "_build/html/book/lesson.html").read_text(), "html.parser")
    region = page.find("table", class_="docutils").parent
    assert region.attrs == {
        "class": ["tabular", "comes-whole"],
        "role": "region",
        "aria-label": "Table: Found, By whom",
        "tabindex": "0",
    }
    assert [part.name for part in region.table.find_all(recursive=False)] == ["thead", "tbody", "tfoot"]
    assert [cell.get_text(strip=True) for cell in region.select("td")] == ["a lump & more", "two"]
