"""What readers see while a page loads: frames of a report, and the picture of both books."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from backmice import bench, lighthouse
from backmice.filmstrip import FRAME, GAP, LINE, TIMES_S, Frame, at, frames, picture
from backmice.lighthouse import Compared, LighthouseError, Loading
from backmice.weight import Budget

HERE = Path(__file__).parent
#: As Lighthouse 12.8.2 wrote it of a stock page, with the first frame and the first that shows anything.
REPORT = json.loads((HERE / "lighthouse/frames.json").read_text())
BOOKS = {"stock Jupyter Book": "http://stock", "this course": "http://ours"}


def frame_of(strip: Image.Image, row: int, column: int) -> Image.Image:
    """The inside of one frame, without its edge."""
    width, height = FRAME
    left, top = GAP + column * (width + GAP), GAP + 2 * LINE + row * (2 * LINE + height + GAP)
    return strip.crop((left + 1, top + 1, left + width - 1, top + height - 1))


def is_blank(frame: Image.Image) -> bool:
    return ImageChops.invert(frame).getbbox() is None


def compared(page: str, kind: str, lcp_ms: float, stock: bool = True) -> Compared:
    one = Loading(92_160, 10_240, 9, lcp_ms, 10, 0, 99.6, 100, 100, 100)
    return Compared(page, kind, Budget(110, 12), one, one if stock else None)


def test_a_report_gives_what_was_on_the_screen_and_from_when():
    assert [(frame.seconds, frame.jpeg[:3].hex(), len(frame.jpeg)) for frame in frames(REPORT)] == [
        (0.369, "ffd8ff", 4139),
        (6.645, "ffd8ff", 28966),
    ]
    assert frames({"audits": {}}) == []


@pytest.mark.parametrize(("seconds", "seen"), [(0.3, None), (0.5, b"a"), (1.9, b"a"), (2, b"b"), (20, b"b")])
def test_a_frame_stays_until_the_next(seconds, seen):
    shown = at([Frame(0.5, b"a"), Frame(2, b"b")], seconds)
    assert (shown and shown.jpeg) == seen


def test_both_books_stand_in_rows_at_the_same_times():
    strip = picture("book/meet/names", {"stock": frames(REPORT), "ours": frames(REPORT)[1:], "none": []})
    blank = [[is_blank(frame_of(strip, row, column)) for column in range(len(TIMES_S))] for row in range(3)]
    until = TIMES_S.index(8)
    assert blank == [[True] * until + [False] * 3, [True] * until + [False] * 3, [True] * 9]
    assert strip.tobytes() != picture("book/meet/pain", {"stock": [], "ours": [], "none": []}).tobytes()


def test_the_worst_page_of_each_kind_is_drawn_in_both_books_and_one_that_fails_is_named(tmp_path, monkeypatch):
    asked, told = [], []

    def watch(root: Path, address: str) -> dict:
        asked.append(address)
        if address == "http://ours/practice/cases.html":
            raise LighthouseError(f"{address}: Lighthouse failed\nand why")
        return REPORT

    monkeypatch.setattr(lighthouse, "watch", watch)
    pages = [
        compared("book/meet/names", "text", 1200),
        compared("book/meet/pain", "text", 1500),
        compared("book/meet/alone", "text", 1900, stock=False),
        compared("practice/cases", "quiz", 1500),
    ]
    drawn = list(bench.draw_worst(tmp_path, pages, BOOKS, told.append))
    assert asked == [
        "http://stock/book/meet/pain.html",
        "http://ours/book/meet/pain.html",
        "http://stock/practice/cases.html",
        "http://ours/practice/cases.html",
    ]
    assert drawn == [Path("_build/bench/book-meet-pain.png")]
    with Image.open(tmp_path / drawn[0]) as kept:
        expected = picture("book/meet/pain", dict.fromkeys(BOOKS, frames(REPORT)))
        assert ImageChops.difference(kept, expected).getbbox() is None
    assert told == [
        "Looking at book/meet/pain as it loads …",
        "Looking at practice/cases as it loads …",
        "It is not drawn: http://ours/practice/cases.html: Lighthouse failed",
    ]
