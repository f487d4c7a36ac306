"""The scene of a film, where the packages of requirements-media.txt are installed: hands, places, a drawn frame."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

LACKING = [name for name in ("anny", "numpy", "PIL", "pyvista", "scipy") if find_spec(name) is None]
if LACKING:
    pytest.skip(f"{', '.join(LACKING)} not installed (requirements-media.txt)", allow_module_level=True)

import numpy as np

from backmice.anatomy.structure import Region, load_region
from backmice.evidence.ledger import load_ledger
from backmice.film.acting import Film
from backmice.film.back import Back
from backmice.film.camera import HEIGHT, WIDTH, Aim, aim, between
from backmice.film.clock import takes
from backmice.film.hand import hand
from backmice.film.overlay import BOTTOM_PX, STEP_PX, Sheet, labels
from backmice.film.render import Studio
from backmice.film.storyboard import Look, Place, Storyboard
from backmice.located import read_yaml

pytestmark = pytest.mark.filterwarnings("ignore")  # of the drawing packages
ROOT = Path(__file__).parents[1]
BOARD = read_yaml(ROOT / "tests/storyboards/good/knot.yml").parse(Storyboard)
TAKES = tuple(takes(BOARD, [[2.0, 3.0], [6.0], [3.0]]))


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(ROOT, "sacroiliac-triangle", load_ledger(ROOT).claims)


@pytest.fixture(scope="module")
def back(region) -> Back:
    return Back(region, BOARD)


@pytest.fixture(scope="module")
def studio(region):
    made = Studio(ROOT, region, BOARD, TAKES)
    yield made
    made.close()


@pytest.mark.parametrize(("pose", "count"), [("pads1", 1), ("pads2", 2), ("pads3", 3)])
@pytest.mark.parametrize("side", ["left", "right"])
def test_as_many_pads_touch_as_the_pose_says_and_no_other_finger(pose, count, side):
    made = hand(pose, side)
    assert len(made.pads) == count
    assert np.abs(made.pads[:, 1]).max() < 1.0
    near = np.asarray(made.mesh.points)[np.asarray(made.mesh.points)[:, 1] < 1.5][:, [0, 2]]
    off = np.linalg.norm(near[:, None] - made.pads[None, :, [0, 2]], axis=2).min(1)
    assert off.max() < 14


def test_a_left_hand_is_a_right_one_in_the_mirror():
    right, left = (np.asarray(hand("pads2", side).mesh.points) for side in ("right", "left"))
    assert np.allclose(right * [-1, 1, 1], left)


def test_everything_under_the_skin_stays_under_it(back):
    for part in back.parts:
        x, y, z = np.asarray(part.mesh.points).T
        seen = (np.abs(x) < 120) & (z > -70) & (z < 150) & (y < 40)
        assert (y[seen] - back.depth(x[seen], z[seen])).min(initial=9) > 0, part.structure


def test_left_and_right_are_the_patients(back):
    assert back.spot(Place(crest_mm=60, side="left"))[0] == -60
    assert back.spot(Place(crest_mm=60, side="right", shift_mm=(2, 0)))[0] == 62
    behind = aim(Look(station="behind"), back)
    assert behind.pixel(np.array([60.0, 0, 20]))[0] > WIDTH / 2


def test_a_lump_lies_between_skin_and_fascia(back):
    bump = back.lumps["knot"]
    x, y, z = bump.centre
    assert float(back.depth(x, z)) < y
    assert y - bump.lump.size_mm[1] / 2 < back.region.fascia.at(x, z)


def test_a_camera_on_its_way_begins_and_ends_where_it_is_told(back):
    start, end = aim(Look(station="behind"), back), aim(Look(station="crest-left", width_mm=200.0), back)
    for at, wanted in ((0, start), (1, end)):
        there = between(start, end, at)
        assert np.allclose(there.direction, wanted.direction)
        assert there.width_mm == pytest.approx(wanted.width_mm)
    assert between(start, end, 0.5).width_mm == pytest.approx((start.width_mm * end.width_mm) ** 0.5)


def test_layers_carry_on_until_they_are_changed(back):
    film = Film(BOARD, back, TAKES)
    look, feel, _ = TAKES
    assert film.frame(0.1).opacity["skin"] == 1
    assert film.frame(look.spoken[1].start_s + 2).opacity["skin"] == pytest.approx(0.3)
    later = film.frame(feel.start_s + 1)
    assert later.opacity["skin"] == pytest.approx(0.3)
    assert later.kept["subcutaneous-fat"][0] == "left"


def test_skin_gives_way_under_each_pad_and_marks_stay(back):
    film = Film(BOARD, back, TAKES)
    _, feel, rise = TAKES
    middle = film.frame((feel.start_s + feel.end_s) / 2)
    assert all(dent.depth_mm > 0 for dent in middle.dents)
    assert len(middle.dents) >= 4
    assert len(film.frame(rise.start_s + 1).lines) == 2  # the two strokes of the cross


def test_labels_keep_apart_and_off_the_captions():
    sheet, behind = Sheet(), Aim(np.zeros(3), np.array([0.0, -1, 0]), 300.0)
    named = [(f"Name {k}", np.array([20.0, 0, -70 - k]), "right", 1.0) for k in range(4)]
    labels(sheet, named, behind)
    drawn = np.asarray(sheet.image)[..., 3].any(axis=1)
    rows = np.flatnonzero(drawn[: (BOTTOM_PX + 24) * 2])
    assert len(rows) / 2 > 3 * STEP_PX
    assert not np.asarray(sheet.image)[(BOTTOM_PX + 30) * 2 :, 2000:, 3].any()


@pytest.mark.parametrize("take", TAKES, ids=lambda take: take.shot.id)
def test_no_drawn_frame_is_blank(studio, take):
    pixels = studio.picture((take.start_s + take.end_s) / 2)
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert pixels.std() > 12
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 2000
