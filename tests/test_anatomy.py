"""The anatomy: frame geometry, structures held to their claims, and the figure made of them."""

import gzip
import json
import math
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.anatomy import frame
from backmice.anatomy.body import SEXES, Body, moved
from backmice.anatomy.camera import BOX_MM, VIEWS
from backmice.anatomy.distances import crest_span, distances, lump_size, site_point, waypoint_point
from backmice.anatomy.figure import COLOURS, STAGE, layer_figures, region_figure
from backmice.anatomy.structure import ON_DEMAND, Region, load_region
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
    bones = {name: mesh for name, mesh in region.meshes.items() if mesh.shade}
    assert len(bones) == 14
    for name, (surface, shade, *_) in bones.items():
        assert edges_that_lack_a_partner(surface) == set(), name
        assert volume(surface) > 0, name
        assert len(shade) == len(surface.points_mm) and 0 <= min(shade) <= max(shade) <= 255, name


def test_every_muscle_is_closed_and_wound_outwards(region):
    muscles = [region.meshes[name] for s in region.structures if s.layer == "muscle" for name in s.meshes]
    assert len(muscles) == 5
    for mesh in muscles:
        assert edges_that_lack_a_partner(mesh.surface) == set()
        assert volume(mesh.surface) > 0


def test_the_hip_bones_mirror_each_other(region):
    right, left = (region.meshes[name][0] for name in ("hip_right", "hip_left"))
    assert sorted(frame.mirrored(right.points_mm)) == sorted(left.points_mm)


class Rays:
    """Rays straight forwards through surfaces: where each meets them, found by cells of the coronal plane."""

    CELL_MM = 4.0

    def __init__(self, surfaces: list[frame.Surface]):
        self.cells: dict[tuple[int, int], list[tuple[frame.Point, frame.Point, frame.Point]]] = {}
        for surface in surfaces:
            for triangle in surface.triangles:
                corners = tuple(surface.points_mm[i] for i in triangle)
                spans = [self.span(sorted(c[k] for c in corners)) for k in (0, 2)]
                for i in spans[0]:
                    for k in spans[1]:
                        self.cells.setdefault((i, k), []).append(corners)

    def span(self, values: list[float]) -> range:
        return range(math.floor(values[0] / self.CELL_MM), math.floor(values[-1] / self.CELL_MM) + 1)

    def met(self, x: float, z: float) -> list[float]:
        """Return the depths at which a ray at (x, z) meets a surface, in order."""
        found = []
        for (ax, ay, az), (bx, by, bz), (cx, cy, cz) in self.cells.get(
            (math.floor(x / self.CELL_MM), math.floor(z / self.CELL_MM)), ()
        ):
            area = (bx - ax) * (cz - az) - (cx - ax) * (bz - az)
            if area:
                s = ((x - ax) * (cz - az) - (cx - ax) * (z - az)) / area
                t = ((bx - ax) * (z - az) - (x - ax) * (bz - az)) / area
                if s >= 0 and t >= 0 and s + t <= 1:
                    found.append(ay + s * (by - ay) + t * (cy - ay))
        return sorted(found)


def bones_of(region: Region) -> list[frame.Surface]:
    return [mesh.surface for mesh in region.meshes.values() if mesh.shade]


def by_layer(region: Region, layer: str) -> list[frame.Surface]:
    names = [name for s in region.structures if s.layer == layer for name in s.meshes]
    return [region.meshes[name].surface for name in names]


#: Sheets of few triangles may cross by this much in a hollow.
SLACK_MM = 0.7
#: Places over the back, on no vertex; openings of the fascia are left out where it is asked for.
PLACES = [(x + 0.37, z + 0.19) for x in range(2, 86, 5) for z in range(-64, 190, 6)]


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("fat_mm", [8, 18, 60])
def test_skin_lies_behind_fat_and_fat_behind_fascia_and_fascia_behind_muscle_and_bone(region, sex, fat_mm):
    body = Body(sex, fat_mm=fat_mm)

    def layer(name: str) -> Rays:
        mesh = region.meshes[f"{name}_{sex}"]
        points = moved(mesh.surface.points_mm, mesh.per_fat, mesh.fat_mm, body)
        return Rays([mesh.surface._replace(points_mm=points)])

    layers = [layer("skin"), layer("subcutaneous_fat"), layer("superficial_fascia")]
    layers += [Rays(by_layer(region, "fascia")), Rays([*by_layer(region, "muscle"), *bones_of(region)])]
    compared = 0
    for x, z in PLACES:
        met = [rays.met(x, z) for rays in layers]
        depths = [found[0] for found in met if found]
        assert all(near < far + SLACK_MM for near, far in pairwise(depths)), (x, z, depths)
        compared += len(depths) > 3
    assert compared > 400


def test_no_muscle_and_no_nerve_runs_through_bone(region, figure):
    rays = [Rays([bone]) for bone in bones_of(region)]

    def inside(point: frame.Point) -> bool:
        x, y, z = point
        return any(sum(depth < y - 0.15 for depth in bone.met(x + 1e-4, z + 1e-4)) % 2 for bone in rays)

    for surface in by_layer(region, "muscle"):
        middles = [
            tuple(sum(surface.points_mm[i][k] for i in triangle) / 3 for k in range(3))
            for triangle in surface.triangles
        ]
        assert [p for p in [*surface.points_mm, *middles] if inside(p)] == []
    for structure in region.structures:
        if structure.layer == "nerve":
            for run in structure.runs():
                curve = frame.spline([waypoint_point(region, structure, w) for w in run], steps=8)
                assert [tuple(round(v) for v in p) for p in curve if inside(p)] == [], structure.id


@pytest.mark.parametrize("sex", SEXES)
def test_nerves_and_ligaments_lie_under_the_skin(region, sex):
    skin = Rays([region.meshes[f"skin_{sex}"].surface])
    low, high = min(p[2] for p in region.meshes[f"skin_{sex}"].surface.points_mm), 204
    for structure in region.structures:
        if structure.layer in ("nerve", "ligament"):
            for run in structure.runs():
                for point in frame.spline([waypoint_point(region, structure, w) for w in run], steps=6):
                    x, y, z = point
                    if low < z < high:
                        behind = sum(depth < y for depth in skin.met(x, z))
                        assert behind % 2 == 1, (structure.id, point)


def test_each_distance_lies_within_the_spread_of_all_that_is_published_of_it(region):
    rows = distances(region)
    assert [(d.structure.id, d.what, d.model_mm) for d in rows if not d.within_all] == []
    assert len(rows) > 45


def test_every_distance_of_the_ledger_is_held_against_the_model_or_left_out_for_a_reason(region):
    held = {d.ref for d in distances(region)}
    in_ledger = set()
    for claim in region.claims.values():
        if claim.published and (claim.topic in ("anatomy", "fascia", "cluneal") or claim.id.startswith("path-")):
            for value in claim.values:
                if value.unit in ("mm", "cm"):
                    in_ledger.add(f"{claim.id}#{value.name}" if value.name else claim.id)
    assert in_ledger - held == set(region.left_out)
    assert held.isdisjoint(region.left_out)
    assert held <= in_ledger


def test_lumps_measure_what_claims_say(region):
    nodules = next(s for s in region.structures if s.id == "nodules")
    sizes = {lump.id: lump_size(region, lump)[::2] for lump in nodules.lumps}
    assert sizes == {
        "over-crest": (20, 14), "over-joint": (30, 20), "near-spine": (11, 8), "through-fascia": (38, 13),
    }  # fmt: skip
    for size in sizes.values():
        shape = frame.lump((0.0, 0.0, 0.0), (size[0], 5.0, size[1]))
        assert [
            max(p[k] for p in shape.points_mm) - min(p[k] for p in shape.points_mm) for k in (0, 2)
        ] == pytest.approx(size)
        assert edges_that_lack_a_partner(shape) == set() and volume(shape) > 0


def test_a_height_map_gives_its_grid_back_and_lies_between_its_neighbours():
    height = frame.HeightMap(0.0, -10.0, 5.0, [[1.0, 2.0, 3.0], [4.0, 5.0, 9.0], [7.0, 8.0, 9.0]])
    assert [height.at(x, z) for x, z in ((0, -10), (5, -5), (-5, -5))] == [1.0, 5.0, 5.0]
    assert height.at(2.5, -7.5) == 3.0


def test_each_place_lies_within_what_studies_of_it_span(region):
    for structure in region.structures:
        if structure.site and structure.site.on_crest:
            low, high = crest_span(region, structure.site)
            assert low <= site_point(region, structure.site)[0] <= high, structure.id


def test_the_medial_branch_is_held_against_every_series(region):
    rows = [(d.ref, d.what, d.model_mm) for d in distances(region) if d.structure.id == "superior-cluneal-medial"]
    assert rows == [
        ("clu-tubbs-psis#medial", "from the PSIS", 50.0),
        ("clu-lu65", "from the PSIS", 50.0),
        ("clu-sittitavornwong57#from-psis", "from the PSIS", 50.0),
        ("clu-loubser72#from-psis", "from the PSIS", 50.0),
        ("clu-iwanaga45", "from the PSIS", 50.0),
        ("clu-lu81", "from the midline", 59.8),
        ("clu-iwanaga65", "from the midline", 59.8),
        ("clu-maigne78#from-midline", "from the midline", 59.8),
        ("clu-loubser72#from-midline", "from the midline", 59.8),
        ("clu-7cm#rami-at-crest", "from the midline", 59.8),
        ("clu-lu-perf#medial", "pierces the fascia above the crest", -5.8),
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
    assert set(drawn) == {s.id for s in region.structures if s.layer not in ON_DEMAND}
    layers = {s.id: s.layer for s in region.structures}
    assert all(trace["meta"]["layer"] == layers[trace["meta"]["structure"]] for trace in figure["data"])
    assert {trace["meta"]["part"] for trace in figure["data"]} == {"shape", "spread"}
    assert [a["name"] for a in figure["layout"]["scene"]["annotations"]] != []


def test_layers_on_demand_hold_what_lies_over_the_rest(region):
    layers = layer_figures(region)
    assert {layer: list(dict.fromkeys(t["meta"]["structure"] for t in traces)) for layer, traces in layers.items()} == {
        "skin": ["skin"],
        "fat": ["subcutaneous-fat", "superficial-fascia", "basic-fat-pads"],
        "fascia": ["thoracolumbar-fascia"],
        "muscle": ["multifidus", "erector-spinae", "quadratus-lumborum", "gluteus-maximus", "gluteus-medius"],
    }
    for trace in layers["skin"]:
        assert trace["visible"] == (trace["meta"]["sex"] == "female")
        assert {len(trace["meta"]["per_fat"][axis]) for axis in "xyz"} == {len(trace["x"])}


def test_everything_lies_in_the_box_that_the_scene_shows(region, figure):
    traces = [*figure["data"], *(t for traces in layer_figures(region).values() for t in traces)]
    for axis, (low, high) in BOX_MM.items():
        assert low < min(min(t[axis]) for t in traces) and max(max(t[axis]) for t in traces) < high


def test_what_a_reader_fetches_first_is_small(region, figure):
    def kilobytes(content: object) -> float:
        return len(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0)) / 1000

    assert kilobytes(figure) < 160
    assert {layer: kilobytes(traces) < 60 for layer, traces in layer_figures(region).items()} == dict.fromkeys(
        ON_DEMAND, True
    )


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
    digest = sha256(json.dumps(figure, sort_keys=True).encode()).hexdigest()
    drawn_from = (MEDIA / "pictures/drawn-from.txt").read_text().strip()
    assert drawn_from == digest, "run media/anatomy/sacroiliac/make_pictures.py and look at what it drew"


def digests(folder: Path) -> str:
    """What `make_meshes.py` leaves in made-from.txt, computed without what it imports."""
    scripts = sorted(set(folder.glob("*.py")) - {folder / "make_pictures.py"})
    made = sorted([*folder.glob("*.csv"), *folder.glob("*.json"), *folder.glob("meshes/*.json")])
    lines = []
    for name, paths in (("scripts", scripts), ("made", made)):
        content = b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in paths)
        lines.append(f"{name} {sha256(content).hexdigest()}\n")
    return "".join(lines)


def test_the_meshes_are_those_that_these_scripts_made():
    assert (MEDIA / "made-from.txt").read_text() == digests(MEDIA), "run media/anatomy/sacroiliac/make_meshes.py"


def test_the_meshes_are_made_again_alike(tmp_path):
    for package in ("anny", "embreex", "fast_simplification", "musculoskeletal", "myo_sim", "skimage", "trimesh"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed (requirements-media.txt)")
    copy = tmp_path / "sacroiliac"
    shutil.copytree(MEDIA, copy, ignore=shutil.ignore_patterns("pictures", "__pycache__"))
    subprocess.run([sys.executable, copy / "make_meshes.py"], check=True, capture_output=True)
    assert (copy / "made-from.txt").read_text() == (MEDIA / "made-from.txt").read_text()


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
    claims: [anat-midline57, anat-crest-map]
    band: {right_of_midline: anat-midline57, below_crest: "anat-crest-map#below-crest", top_mm: 54, off_fascia_mm: 6}
  - id: sacrum
    name: Sacrum
    layer: bone
    placed: illustrative
    note: The mean of a shape model.
    meshes: [sacrum]
"""
SHAPES = "meshes, by_sex, outline, points, path, line, lumps, along_crest_mm, band"
FAULTS = {
    "landmark: sacral_apex": (
        "landmark: sacral_tip",
        "4: structures[0]: landmark 'sacral_tip' is not in landmarks.csv; correct its name",
    ),
    "[def-triangle]": ("[def-square]", "9: structures[0].claims: 'def-square' is no published claim; correct its id"),
    "[sacrum]": (
        "[sacrom]",
        f"26: structures[2].meshes: 'sacrom' has no file; one of: {', '.join(sorted(p.stem for p in MEDIA.glob('meshes/*')))}",
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
