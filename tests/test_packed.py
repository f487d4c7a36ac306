"""A figure's meshes as they travel: steps from one number to the next, undone in Python and in the browser alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from javascript import run

from backmice.anatomy.figure import layer_figures, region_figure
from backmice.anatomy.packed import packed, unpacked
from backmice.anatomy.structure import load_region
from backmice.evidence.ledger import load_ledger

ROOT = Path(__file__).parents[1]
TRIANGLE = {"type": "mesh3d", "x": [-1.2, 0.0, 3.4], "y": [0.1, 0.2, 0.3], "i": [0], "j": [2], "k": [1], "name": "a"}
UNPACK = 'import { unpacked } from "./anatomy-data.js"; done(unpacked(data));'


@pytest.fixture(scope="module")
def traces() -> list[dict]:
    region = load_region(ROOT, "sacroiliac-triangle", load_ledger(ROOT).claims)
    return [*region_figure(region)["data"], *(trace for layer in layer_figures(region).values() for trace in layer)]


def test_columns_become_steps_in_whole_numbers():
    steps = {"x": [-12, 12, 34], "y": [1, 1, 1], "i": [0], "j": [2], "k": [1]}
    assert packed([TRIANGLE]) == [{"type": "mesh3d", "name": "a", "steps": steps}]


def test_nothing_is_lost_on_the_way(traces):
    assert unpacked(packed(traces)) == traces


def test_a_browser_undoes_it_alike(traces):
    assert run(UNPACK, packed(traces)) == traces


def test_a_browser_takes_what_was_never_packed():
    assert run(UNPACK, [TRIANGLE]) == [TRIANGLE]
