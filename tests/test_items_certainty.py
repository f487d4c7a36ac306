"""Marks by how sure the learner was: one table in two languages."""

import pytest
from javascript import run

from backmice.items.certainty import certainty_mark

TABLE = [
    ("low", True, 1), ("mid", True, 2), ("high", True, 3), ("low", False, 0), ("mid", False, -2), ("high", False, -6),
    (None, True, 1), (None, False, 0),
]  # fmt: skip


@pytest.mark.parametrize(("certainty", "is_right", "mark"), TABLE)
def test_mark(certainty, is_right, mark):
    assert certainty_mark(certainty, is_right) == mark


def test_javascript_holds_the_same_table():
    script = 'import { certaintyMark } from "./certainty.js"; done(data.map((row) => certaintyMark(row[0], row[1])));'
    assert run(script, TABLE) == [mark for *_, mark in TABLE]


def test_an_unknown_certainty_is_refused():
    with pytest.raises(ValueError, match="certainty 'sure' is unknown; known: low, mid, high"):
        certainty_mark("sure", True)
    script = 'import { certaintyMark } from "./certainty.js"; try { certaintyMark("sure", true) } catch (e) { done(e.message) }'
    assert run(script) == "certainty 'sure' is unknown"


@pytest.mark.parametrize(("share", "best"), [(0.5, "low"), (0.7, "mid"), (0.9, "high")])
def test_it_pays_to_say_how_sure_one_is(share, best):
    worth = {
        c: share * certainty_mark(c, True) + (1 - share) * certainty_mark(c, False) for c in ("low", "mid", "high")
    }
    assert max(worth, key=worth.get) == best
