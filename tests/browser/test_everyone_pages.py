"""Every page at 320 px, which is 1280 px at 400 %: as it is, with the reader's own spacing, and mirrored.

One visit a page asserts all: reflow (WCAG 2.2, 1.4.10), size of targets (2.5.8) and spacing of text (1.4.12).
"""

from __future__ import annotations

import pytest
from book_reader import PAGES, PRACTICE, add_rules
from measure import SPACING, faults, mirror, prepare

NARROW = {"viewport": {"width": 320, "height": 640}, "reduced_motion": "reduce"}
#: A few visits a test, so that several processes share them.
SHELVES = [[*PAGES, *PRACTICE][start::6] for start in range(6)]


@pytest.mark.parametrize("shelf", range(len(SHELVES)))
def test_nothing_is_cut_off_covered_or_too_small_to_press(new_context, book: str, shelf: int):
    page = new_context(**NARROW).new_page()
    found = {}
    for path in SHELVES[shelf]:
        page.goto(book + path)
        prepare(page)
        found[path] = {"as it is": faults(page, "reflow", "overlap", "targets")}
        add_rules(page, SPACING)
        found[path]["spaced"] = faults(page, "reflow", "overlap")
        mirror(page)
        found[path]["mirrored"] = faults(page, "reflow")
    assert {path: how for path, how in found.items() if any(how.values())} == {}
