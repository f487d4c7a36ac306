"""The simulated ultrasound frames: their file, their pictures, and where numpy is installed the drawing itself."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import imagesize
import pytest

from backmice.chapter import Chapter, Page, Reference
from backmice.check import Course, claims_of, mention_faults
from backmice.evidence.ledger import load_ledger
from backmice.located import LocatedError
from backmice.ultrasound import FOLDER, FRAMES, digest, load_frames

ROOT = Path(__file__).parents[1]
CLAIMS = load_ledger(ROOT).claims
FOUND = load_frames(ROOT, CLAIMS)
PICTURES = ROOT / FOLDER / "pictures"
MOST_BYTES = 40_000


def test_each_frame_has_a_small_picture_of_the_stated_size_and_no_other_is_there():
    assert sorted(path.stem for path in PICTURES.glob("*.webp")) == sorted(frame.id for frame in FOUND.frames)
    for path in PICTURES.glob("*.webp"):
        assert imagesize.get(path) == FOUND.screen.size_px
        assert path.stat().st_size <= MOST_BYTES


def test_the_pictures_were_drawn_from_these_scripts_and_claims():
    drawn_from = (PICTURES / "drawn-from.txt").read_text().strip()
    assert drawn_from == digest(ROOT, CLAIMS), f"run {FOLDER}/make_frames.py and look at what it drew"


def test_a_place_in_mm_is_a_place_in_the_picture():
    screen = FOUND.screen
    assert screen.size_px == (652, 544)
    assert screen.place(-19, 0) == (round(100 * 44 / 652, 2), 0)
    assert screen.place(19, 34) == (100, 100)
    assert screen.place(0, 17) == (round(100 * 348 / 652, 2), 50)


FAULTS = {
    "id: nodule": ("id: layers", "frames[1].id: 'layers' stands twice; give each its own id"),
    "claims: [ddb-epidermoid-us]": (
        "claims: [cyst]",
        "frames[4].claims[0]: 'cyst' is no published claim; correct its id",
    ),
    "x_mm: 11, z_mm: 30}": (
        "x_mm: 21, z_mm: 30}",
        "frames[0].parts[7]: 'shadow, no tissue' lies outside; x_mm from -19 to 19, z_mm from 0 to 34",
    ),
    "name: A common lipoma": ("title: A lipoma", "frames[3].name: is missing; this field is required"),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_fault_is_told_with_its_place(tmp_path, right):
    wrong, sentence = FAULTS[right]
    text = (ROOT / FRAMES).read_text()
    assert text.count(right) == 1
    (tmp_path / FRAMES).parent.mkdir(parents=True)
    (tmp_path / FRAMES).write_text(text.replace(right, wrong))
    with pytest.raises(LocatedError) as error:
        load_frames(tmp_path, CLAIMS)
    assert re.search(rf"^{FRAMES}:\d+: {re.escape(sentence)}$", str(error.value), re.MULTILINE)


def test_a_page_rests_on_the_claims_of_its_frames_and_names_frames_that_are_there():
    page = Chapter("book/a.md", Page(), tuple(Reference("ultrasound-frame", id_, "", 4) for id_ in ("cyst", "mouse")))
    assert claims_of(page, FOUND) == ("ddb-epidermoid-us",)
    course = Course(ledger=load_ledger(ROOT), chapters=[page], ultrasound=FOUND)
    assert list(map(str, mention_faults(course))) == [
        "book/a.md:4: ultrasound-frame: 'mouse' is not there; one of: cyst, defect, layers, lipoma, nodule"
    ]


@pytest.fixture(scope="module")
def media():
    """The scripts, where the packages of requirements-media.txt are installed."""
    for name in ("numpy", "scipy"):
        pytest.importorskip(name)
    sys.path.insert(0, str(ROOT / FOLDER))
    yield __import__("make_frames")
    sys.path.remove(str(ROOT / FOLDER))


def test_the_script_draws_the_committed_pixels(media):
    import numpy as np
    from PIL import Image

    drawn = np.asarray(media.draw("cyst", FOUND.screen, media.base_of(ROOT)), dtype=float)
    kept = np.asarray(Image.open(PICTURES / "cyst.webp").convert("L"), dtype=float)
    assert drawn.shape == kept.shape
    assert np.abs(drawn - kept).mean() < 6  # what WebP loses of speckle


def test_shadow_and_enhancement_follow_from_the_tissue(media):
    from bmode import Probe, bmode

    probe = Probe()
    base = media.base_of(ROOT)
    cyst, layers = (bmode(media.SECTIONS[name](base), probe) for name in ("cyst", "layers"))
    at = lambda x_mm: round((x_mm + probe.width_mm / 2) / probe.pixel_mm)
    deep = slice(round(20 / probe.pixel_mm), round(30 / probe.pixel_mm))
    behind, beside = cyst[deep, at(-4) : at(4)].mean(), cyst[deep, at(-18) : at(-10)].mean()
    assert behind > beside + 10
    assert layers[-40:, at(8) : at(14)].mean() < 0.3 * layers[-40:, at(-14) : at(-8)].mean()


def test_a_probe_that_moves_finds_the_same_tissue(media):
    import numpy as np
    from bmode import Probe, bmode

    probe = Probe(width_mm=20, depth_mm=10)
    section = media.SECTIONS["layers"](media.base_of(ROOT))
    here, there = bmode(section, probe), bmode(section, probe, at_mm=5)
    shift = round(5 / probe.pixel_mm)
    apart = np.abs(here[:, shift:].astype(float) - there[:, :-shift]).mean()
    assert (here.shape, here.dtype) == ((160, 320), np.uint8)
    assert apart < 3
    with pytest.raises(ValueError, match="looks beyond the section"):
        bmode(section, probe, at_mm=30)


def test_a_copy_of_the_scripts_that_was_changed_is_stale(tmp_path):
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER)
    assert digest(tmp_path, CLAIMS) == digest(ROOT, CLAIMS)
    script = tmp_path / FOLDER / "bmode.py"
    script.write_text(script.read_text().replace("1.54", "1.53"))
    assert digest(tmp_path, CLAIMS) != digest(ROOT, CLAIMS)
