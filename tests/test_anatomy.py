"""The anatomy: frame geometry, structures held to their claims, and the figure made of them."""

import json
import math
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.anatomy import frame
from backmice.anatomy.distances import crest_span, distances, site_point
from backmice.anatomy.figure import COLOURS, STAGE, VIEWS, region_figure
from backmice.anatomy.structure import Region, load_region
from backmice.evidence.ledger import load_ledger
from backmice.located import LocatedError

ROOT = Path(__file__).parents[1]
MEDIA = ROOT / "media/anatomy/sacroiliac"
coordinates = st.floats(-200, 200).map(lambda v: round(v, 3))
points = st.tuples(coordinates, coordinates, coordinates)


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(ROOT, "sacroiliac-triangle", load_ledger(ROOT).claims)


@pytest.fixture(scope="module")
def figure(region: Region) -> dict:
    return region_figure(region)


def volume(surface: frame.Surface) -> float:
    """Six times the signed volume: positive when triangles are wound outwards."""
    p = surface.points_mm
    return sum(frame.dot(p[a], frame.cross(p[b], p[c])) for a, b, c in surface.triangles)


def edges_that_lack_a_partner(surface: frame.Surface) -> set[tuple[int, int]]:
    edges = {(t[k], t[(k + 1) % 3]) for t in surface.triangles for k in range(3)}
    return {(a, b) for a, b in edges if (b, a) not in edges}


@given(st.lists(points, max_size=12))
def test_mirroring_twice_changes_nothing(some):
    assert frame.mirrored(frame.mirrored(some)) == some


@given(st.lists(points, min_size=2, max_size=6, unique=True))
def test_a_spline_goes_through_its_points(some):
    curve = frame.spline(some, steps=4)
    assert curve[::4] == some if len(some) > 2 else curve == some


@given(points, st.floats(0.5, 30))
def test_a_ball_is_closed_wound_outwards_and_of_its_radius(centre, radius):
    ball = frame.ball(centre, radius)
    assert edges_that_lack_a_partner(ball) == set()
    assert volume(ball) > 0
    assert all(math.isclose(frame.distance_mm(p, centre), radius, rel_tol=1e-6) for p in ball.points_mm)


def test_a_tube_is_closed_wound_outwards_and_as_thick_as_asked():
    curve = [(0.0, 0.0, 0.0), (10.0, 0.0, 0.0), (10.0, 10.0, 0.0), (10.0, 10.0, 10.0)]
    tube = frame.tube(curve, 1.5)
    assert edges_that_lack_a_partner(tube) == set()
    assert volume(tube) > 0
    assert all(math.isclose(frame.distance_mm(p, curve[n // 6]), 1.5) for n, p in enumerate(tube.points_mm))


def test_a_mirrored_surface_is_still_wound_outwards():
    assert volume(frame.mirrored_surface(frame.ball((20.0, 5.0, 0.0), 4.0))) > 0


def test_a_place_along_a_line_is_found_by_its_measure():
    line = [(0.0, 0.0, 0.0), (10.0, 0.0, 0.0), (30.0, 0.0, 8.0)]
    assert frame.along(line, lambda p: p[0], 20.0) == (20.0, 0.0, 4.0)
    with pytest.raises(ValueError, match="the curve never reaches 31 mm"):
        frame.along(line, lambda p: p[0], 31.0)


def test_the_origin_lies_midway_between_the_spines(region):
    (rx, ry, rz), (lx, ly, lz) = region.landmarks["psis_right"], region.landmarks["psis_left"]
    assert (rx + lx, ry, rz, ly, lz) == (0, 0, 0, 0, 0)
    assert rx > 0


def test_every_bone_is_closed_and_wound_outwards(region):
    for name, (surface, shade) in region.meshes.items():
        assert edges_that_lack_a_partner(surface) == set(), name
        assert volume(surface) > 0, name
        assert len(shade) == len(surface.points_mm) and 0 <= min(shade) <= max(shade) <= 255, name


def test_the_hip_bones_mirror_each_other(region):
    right, left = (region.meshes[name][0] for name in ("hip_right", "hip_left"))
    assert sorted(frame.mirrored(right.points_mm)) == sorted(left.points_mm)


def test_each_place_lies_within_what_studies_of_it_span(region):
    for structure in region.structures:
        if structure.site and structure.site.on_crest:
            low, high = crest_span(region, structure.site)
            assert low <= site_point(region, structure.site)[0] <= high, structure.id
        elif structure.refs():
            rows = [d for d in distances(region) if d.structure is structure]
            assert all(d.within for d in rows), structure.id


def test_the_medial_branch_is_held_against_every_series(region):
    rows = [(d.ref, d.what, d.model_mm) for d in distances(region) if d.structure.id == "superior-cluneal-medial"]
    assert rows == [
        ("clu-tubbs-psis#medial", "from the PSIS", 50.0),
        ("clu-lu65", "from the PSIS", 50.0),
        ("clu-sittitavornwong57#from-psis", "from the PSIS", 50.0),
        ("clu-iwanaga45", "from the PSIS", 50.0),
        ("clu-lu81", "from the midline", 59.8),
        ("clu-iwanaga65", "from the midline", 59.8),
        ("clu-maigne78#from-midline", "from the midline", 59.8),
        ("clu-7cm#rami-at-crest", "from the midline", 59.8),
    ]


def test_a_spread_covers_every_study_with_its_own_spread(region):
    medial = next(s for s in region.structures if s.id == "superior-cluneal-medial")
    low, high = crest_span(region, medial.site)
    # The nearest is Iwanaga's 45.2 mm less one SD from the spine; the furthest Lu's 81 mm and one SD.
    nearest = frame.along(region.crest, lambda p: frame.distance_mm(p, (45.0, 0.0, 0.0)), 45.2 - 11.2)
    assert low == pytest.approx(nearest[0])
    assert high == pytest.approx(81 + 9.2)


def test_every_structure_is_drawn_and_every_trace_names_its_structure(region, figure):
    drawn = [trace["meta"]["structure"] for trace in figure["data"]]
    assert set(drawn) == {s.id for s in region.structures}
    assert {trace["meta"]["part"] for trace in figure["data"]} == {"shape", "spread", "study"}
    assert [a["name"] for a in figure["layout"]["scene"]["annotations"]] != []


def test_what_is_drawn_is_the_same_on_both_sides(figure):
    for trace in figure["data"]:
        if trace["meta"]["structure"] not in ("sacrum", "lumbar-vertebrae"):
            right = sorted((x, y, z) for x, y, z in zip(trace["x"], trace["y"], trace["z"]) if x > 0)
            left = sorted((-x, y, z) for x, y, z in zip(trace["x"], trace["y"], trace["z"]) if x < 0)
            assert right == left, trace["meta"]


def test_views_look_from_where_they_say():
    assert VIEWS["Behind"]["eye"]["y"] < 0 == VIEWS["Behind"]["eye"]["x"]
    assert VIEWS["Side"]["eye"]["x"] > abs(VIEWS["Side"]["eye"]["y"])


def test_colours_are_those_of_the_stage():
    tokens = (ROOT / "src/backmice/static/tokens.css").read_text()
    dark = dict(re.findall(r"--([a-z]+): light-dark\(#[0-9a-f]+, (#[0-9a-f]+)\)", tokens))
    assert {layer: dark[layer] for layer in COLOURS} == COLOURS
    assert f"--stage: {STAGE};" in tokens


def test_the_figure_is_the_same_each_time(region, figure):
    assert region_figure(region) == figure


def test_the_pictures_were_drawn_from_this_figure(figure):
    from hashlib import sha256

    digest = sha256(json.dumps(figure, sort_keys=True).encode()).hexdigest()
    drawn_from = (MEDIA / "pictures/drawn-from.txt").read_text().strip()
    assert drawn_from == digest, "run media/anatomy/sacroiliac/make_pictures.py and look at what it drew"


MANIFEST = """\
id: sacroiliac-triangle
name: A small region
structures:
  - id: triangle
    name: Triangle
    layer: region
    placed: illustrative
    note: A search area between three edges.
    claims: [def-triangle]
    outline:
      - {landmark: l4_spinous}
      - {crest_mm: 82}
      - {landmark: sacral_apex}
  - id: nodule-band
    name: Nodules
    layer: nodule
    placed: measured
    note: A strip of skin over the crest.
    claims: [anat-midline57]
    band: {right_of_midline: anat-midline57, superior_mm: [-12, 54], anterior_mm: -5}
  - id: sacrum
    name: Sacrum
    layer: bone
    placed: illustrative
    note: The mean of a shape model.
    meshes: [sacrum]
"""
SHAPES = "meshes, outline, points, path, along_crest_mm, band"
FAULTS = {
    "landmark: sacral_apex": (
        "landmark: sacral_tip",
        "4: structures[0]: landmark 'sacral_tip' is not in landmarks.csv; correct its name",
    ),
    "[def-triangle]": ("[def-square]", "9: structures[0].claims: 'def-square' is no published claim; correct its id"),
    "[sacrum]": (
        "[sacrom]",
        "26: structures[2].meshes: 'sacrom' has no file; one of: hip_left, hip_right, l3, l4, l5, sacrum",
    ),
    "right_of_midline: anat-midline57": (
        "right_of_midline: anat-size-kurnik",
        "19: structures[1].claims: lacks 'anat-size-kurnik', which places it; add it",
    ),
    "    meshes: [sacrum]": (
        "    meshes: [sacrum]\n    points: [s1]",
        f"21: structures[2]: has 2 shapes; give one of {SHAPES}",
    ),
    "layer: bone": (
        "layer: bone\n    colour: red",
        "24: structures[2].colour: is not a known field; remove it or correct its name",
    ),
    "id: nodule-band": ("id: triangle", "14: structures[1].id: 'triangle' stands twice; give each its own id"),
    "id: sacroiliac-triangle": ("id: hip", "1: id: is 'hip'; 'sacroiliac-triangle', as the folder is known"),
}


def small_region(root: Path, manifest: str) -> Region:
    folder = root / "media/anatomy/sacroiliac"
    shutil.copytree(MEDIA, folder, ignore=shutil.ignore_patterns("*.py", "pictures", "LICENSES"))
    (folder / "structures.yml").write_text(manifest)
    return load_region(root, "sacroiliac-triangle", load_ledger(ROOT).claims)


def test_a_small_manifest_is_read(tmp_path):
    assert [s.id for s in small_region(tmp_path, MANIFEST).structures] == ["triangle", "nodule-band", "sacrum"]


@pytest.mark.parametrize("right", FAULTS)
def test_a_faulty_manifest_is_refused_with_a_sentence(tmp_path, right):
    wrong, sentence = FAULTS[right]
    with pytest.raises(LocatedError) as error:
        small_region(tmp_path, MANIFEST.replace(right, wrong, 1))
    assert str(error.value) == f"media/anatomy/sacroiliac/structures.yml:{sentence}"
