"""Plates: what an author may write, and that what is drawn of the model lies where the model has it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from hypothesis import given
from hypothesis import strategies as st

from backmice.anatomy.distances import crest_span, site_point, span
from backmice.anatomy.frame import Surface, distance_mm
from backmice.anatomy.structure import load_region
from backmice.drawings.areas import AREAS, FIELDS, ROOTS
from backmice.drawings.body import from_behind, half_widths
from backmice.drawings.cut import cut, extremes, longest
from backmice.drawings.load import load_drawing, load_drawings
from backmice.drawings.regions import fields, pain_sheet, roots
from backmice.drawings.section import deep_fascia, gap, section, skin_line
from backmice.drawings.sheet import curve, stack
from backmice.drawings.silhouette import silhouette
from backmice.drawings.surface import surface_map
from backmice.evidence.ledger import load_ledger
from backmice.located import LocatedError

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "drawings"
GOOD, BAD = (sorted((HERE / folder).glob("*.yml")) for folder in ("good", "bad"))
CLAIMS = load_ledger(Path(__file__).parent / "course").claims
REGION = load_region(ROOT, "sacroiliac-triangle", load_ledger(ROOT).claims)
PLATES = load_drawings(ROOT, REGION.claims, REGION)
SKIN = REGION.meshes["skin_female"].surface
MAP = surface_map(REGION, PLATES["surface-map"])
SECTION = section(REGION, PLATES["layers-section"])
ROOT_FIELDS = roots(REGION, PLATES["root-fields"])
LEVEL = PLATES["layers-section"].level_mm


def marks(sheet, id_: str) -> dict[str, list[tuple[tuple[float, float], ...]]]:
    """Return the points of a part's marks, by look, to a tenth of a unit."""
    found = {}
    for mark in next(part.marks for part in sheet.parts if part.id == id_):
        points = tuple((round(u, 1) + 0, round(v, 1) + 0) for u, v in mark.points)
        found.setdefault(mark.look, []).append(points)
    return found


def structure(id_: str):
    return next(s for s in REGION.structures if s.id == id_)


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_bad_plate_tells_its_author(path):
    with pytest.raises(LocatedError) as caught:
        load_drawing(path, HERE / "bad", CLAIMS, None)
    assert str(caught.value) == path.with_suffix(".txt").read_text().strip()


def test_good_plates_rest_on_the_claims_that_they_name():
    assert {path.stem: load_drawing(path, HERE, CLAIMS, None).claims() for path in GOOD} == {
        "fields": ("lump-painful",), "maps": ("lump-painless", "lump-painful"), "roots": ("lump-painful",),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "draws"), [("surface", "sciatic"), ("surface", "skin"), ("section\nlevel_mm: 27", "iliac-crest")]
)
def test_a_part_that_the_model_lacks_is_refused(kind, draws, tmp_path):
    path = tmp_path / "plate.yml"
    text = (HERE / "good/fields.yml").read_text()
    path.write_text(text.replace("kind: fields", f"kind: {kind}").replace("superior-cluneal", draws))
    line = 7 if "level" in kind else 6
    with pytest.raises(LocatedError, match=rf"^plate.yml:{line}: parts\[0\].draws: '{draws}' can't be drawn; one of: "):
        load_drawing(path, tmp_path, CLAIMS, REGION)


def test_bones_and_bounds_of_the_surface_map_lie_where_the_model_has_them():
    assert marks(MAP, "psis") == {"dot": [((45.0, 0.0),), ((-45.0, 0.0),)]}
    assert marks(MAP, "l4") == {"dot": [((0.0, -66.1),)]}
    assert marks(MAP, "l5") == {"dot": [((0.0, -47.6),)]}
    assert marks(MAP, "triangle")["bounds"][0] == ((0.0, -66.1), (82.0, -55.0), (0.0, 76.9))
    crest = marks(MAP, "crest")["bone-line"][0]
    assert set(crest) <= {(round(x, 1), round(-z, 1) + 0) for x, _, z in REGION.crest}


def test_the_strip_of_nodules_is_as_wide_as_its_claim_says():
    low, high = REGION.quantity("anat-midline57").extent()
    (right, left) = marks(MAP, "nodules")["area"]
    assert (low, high) == (50, 70)
    assert right == ((50.0, -54.0), (70.0, -54.0), (70.0, 8.0), (50.0, 8.0))
    assert left == tuple((-u, v) for u, v in right)


def test_the_quadrants_part_each_buttock_from_the_crest_top_and_from_the_cleft():
    top_u, _, top_z = (round(value, 1) for value in REGION.landmarks["crest_top_right"])
    assert marks(MAP, "quadrants")["quarter"][0] == ((82.5, 62.0), (82.5, 174.0))
    assert (
        marks(MAP, "quadrants")["quarter is-up"][0] == ((top_u, 62.0), (top_u, -top_z)) == ((82.5, 62.0), (82.5, -56.2))
    )
    across, mirror = marks(MAP, "quadrants")["quarter is-across"]
    assert across == ((0.0, 62.0), (across[1][0], 62.0))
    assert mirror == tuple((-u + 0, v) for u, v in across)
    assert across[1][0] == pytest.approx({z: u for u, z in half_widths(SKIN)}[-64], abs=2)


def test_the_strip_of_nodules_lies_above_the_cross_of_its_buttock_and_inwards_of_it():
    (arm, level), _ = marks(MAP, "quadrants")["quarter"][0]
    strip = marks(MAP, "nodules")["area"][0]
    assert max(u for u, _ in strip) < arm and max(v for _, v in strip) < level


@pytest.mark.parametrize("branch", ["medial", "intermediate", "lateral"])
def test_a_nerve_crosses_the_crest_on_the_map_where_it_does_in_the_model(branch):
    x, y, z = site_point(REGION, structure(f"superior-cluneal-{branch}").site)
    (((u, v),),) = marks(MAP, f"superior-{branch}")["crossing"]
    assert (u, v) == (round(x, 1), round(-z, 1))
    # What the map loses of the published distance from the spine is its depth, and no more.
    assert distance_mm((u, y, -v), REGION.landmarks["psis_right"]) == pytest.approx(
        REGION.quantity(f"clu-tubbs-psis#{branch}").estimate, abs=0.1
    )


def test_the_spread_of_the_medial_branch_and_the_ring_of_the_middle_ones_are_those_of_the_studies():
    (spread,) = marks(MAP, "superior-medial")["spread"]
    low, high = crest_span(REGION, structure("superior-cluneal-medial").site)
    assert (spread[0][0], spread[-1][0]) == (round(low, 1), round(high, 1))
    site = structure("middle-cluneal").site
    (ring,) = marks(MAP, "middle")["spread is-ring"]
    us, vs = zip(*ring)
    assert (min(us), max(us)) == span(REGION, site.right_of_midline)
    assert (min(vs), max(vs)) == span(REGION, site.below_psis)
    assert marks(MAP, "middle")["crossing"] == [((36.0, 28.5),)]


def test_the_outline_follows_the_skin_and_goes_on_without_a_step():
    for width, height in half_widths(SKIN):
        low, high = extremes(SKIN, 0, height)
        assert width == pytest.approx((high - low) / 2, abs=1.5)
    outline = from_behind(SKIN)
    end = len(half_widths(SKIN))
    assert abs(outline[end][0] - outline[end - 1][0]) < 5
    assert outline[-1][0] == 0


def test_the_section_is_cut_from_the_meshes():
    loop = longest(cut(SKIN, 2, LEVEL))
    near = [v for u, v in loop if abs(u) < 90 and v < 80]
    drawn = [v for u, v in skin_line(REGION, LEVEL) if abs(u) < 90]
    assert min(drawn) == pytest.approx(min(near), abs=1)
    assert gap(deep_fascia(REGION, LEVEL)) == (42.0, 51.0)
    assert marks(SECTION, "hip")["tissue"][0][0][0] > 45
    (lobule,) = marks(SECTION, "lobule")["lobule"]
    us, vs = zip(*lobule)
    assert min(us) < 42 and max(us) > 42
    fascia = REGION.fascia.at(42.0, LEVEL)
    assert min(vs) < fascia < max(vs), "it lies on both sides of the fascia"


def test_the_layers_lie_over_each_other_as_they_do_in_the_body():
    order = ["skin", "fat", "superficial-fascia", "deep-fascia"]
    depth = {}
    for id_ in order:
        points = [p for found in marks(SECTION, id_).values() for run in found for p in run if 10 < p[0] < 30]
        depth[id_] = min(v for _, v in points)
    assert sorted(depth, key=depth.get) == order


def test_every_field_has_a_letter_of_its_own_and_every_part_a_label():
    assert sorted(field.letter for field in FIELDS.values()) == ["H", "I", "L", "M", "S"]
    for sheet in (MAP, SECTION, ROOT_FIELDS, fields(SKIN, PLATES["skin-fields"])):
        assert [part.id for part in sheet.parts if part.label is None] == []


def test_every_root_is_on_the_plate_once():
    assert sorted(part.draws for part in PLATES["root-fields"].parts) == sorted(ROOTS)


@pytest.mark.parametrize("id_", ROOTS)
def test_places_of_roots_are_on_the_right_half_and_bands_on_the_left_one(id_):
    points = [p for runs in marks(ROOT_FIELDS, id_).values() for run in runs for p in run]
    sign = -1 if id_.endswith("band") else 1
    assert min(sign * u for u, _ in points) > 0


def test_bands_leave_the_midline_in_the_order_of_their_roots_and_each_overlaps_the_next():
    starts = []
    for id_ in ("l3-band", "l4-band", "l5-band", "s1-band", "s2-band"):
        (border,) = marks(ROOT_FIELDS, id_)["field"]
        at_midline = [v for u, v in border if u == -4]
        starts.append((min(at_midline), max(at_midline)))
    assert starts == [(-62, -34), (-38, -8), (-12, 18), (14, 46), (42, 96)]
    assert all(upper[1] > lower[0] for upper, lower in pairwise(starts))


def test_the_third_sacral_root_is_tested_over_the_model_s_ischial_tuberosity():
    right, _, superior = REGION.landmarks["ischial_tuberosity_right"]
    assert marks(ROOT_FIELDS, "s3-place")["dot"] == [((round(right, 1), round(-superior, 1)),)] == [((53.6, 145.9),)]
    assert marks(ROOT_FIELDS, "s2-place")["dot"] == [((88, 470),)]


def test_every_area_is_used_and_lies_on_the_sheet():
    used = {felt.area for one in PLATES["pain-maps"].maps for felt in one.felt}
    assert sorted(set(AREAS) - used) == []
    for one in PLATES["pain-maps"].maps:
        sheet = pain_sheet(SKIN, one, {})
        for part in sheet.parts:
            for u, v in part.marks[0].points:
                assert sheet.u <= u <= sheet.u + sheet.width and sheet.v <= v <= sheet.v + sheet.height


def test_the_silhouette_of_a_square_is_the_square():
    corners = [(0.0, 0.0, 0.0), (60.0, 0.0, 0.0), (60.0, 0.0, 60.0), (0.0, 0.0, 60.0)]
    (loop,) = silhouette([Surface(corners, [(0, 1, 2), (0, 2, 3)])])
    us, vs = zip(*loop)
    assert [round(value) for value in (min(us), max(us), min(vs), max(vs))] == [0, 60, -60, 0]


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(1, 40)), min_size=1, max_size=8))
def test_stacked_labels_keep_their_order_and_never_overlap(labels):
    labels.sort()
    wishes, heights = zip(*labels)
    tops = stack(wishes, heights, -200, 200)
    ends = [top + height for top, height in zip(tops, heights)]
    assert tops[0] >= -200 - 1e-6 and ends[-1] <= 200 + 1e-6
    assert all(end <= top + 1e-6 for end, top in zip(ends, tops[1:]))


def test_labels_stay_where_they_wish_if_they_can_and_are_refused_if_they_cannot():
    assert stack([10, 40], [20, 20], 0, 100) == [10, 40]
    assert stack([10, 20], [20, 20], 0, 100) == [5, 25]
    with pytest.raises(ValueError, match=r"^2 labels need 40 units; 30 are there$"):
        stack([0, 0], [20, 20], 0, 30)


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=3, max_size=9), st.booleans())
def test_a_curve_passes_every_point(points, is_closed):
    pen = RecordingPen()
    parse_path(curve([(float(u), float(v)) for u, v in points], is_closed=is_closed), pen)
    ends = [places[-1] for _, places in pen.value if places]
    passed = [(round(u, 9), round(v, 9)) for u, v in ends]
    assert passed == [*points, points[0]] if is_closed else passed == points
