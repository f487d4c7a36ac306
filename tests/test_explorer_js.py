"""The pure parts of the explorer: what is seen, where places are, what a cut meets. Geometry is held against Python's."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from javascript import run

from backmice.anatomy import frame

STRUCTURES = [
    {"id": "skin", "layer": "skin"},
    {"id": "nerve", "layer": "nerve"},
    {"id": "other", "layer": "nerve", "contrast": True},
    {"id": "hip", "layer": "bone"},
    {"id": "mark", "layer": "region"},
]
LAYERS = {"skin": "Skin", "fat": "Fat", "nerve": "Nerves", "bone": "Bones", "region": "Marks"}
DATA = {
    "landmarks": [{"id": "psis_right", "name": "right spine", "at": [45, 0, 0]}, {"id": "psis_left", "name": "left spine", "at": [-45, 0, 0]}],
    "structures": [
        {"id": "nerve", "name": "Nerve", "at": [60, 20, 40], "published": [
            {"ref": "a", "what": "from the PSIS"}, {"ref": "b", "what": "from the midline"}, {"ref": "c", "what": "below the PSIS"}]},
        {"id": "hip", "name": "Hip bone"},
    ],
    "measures": [{"from": "psis_left", "to": "psis_right", "ref": "d"}, {"from": "psis_right", "to": "notch_right", "ref": "e"}],
}  # fmt: skip


def looks(steps: str) -> dict:
    """Return what is seen after steps from the beginning, sets as sorted lists."""
    script = """import * as L from "./anatomy-looks.js";
    const order = L.depths(data.layers, data.structures);
    let looks = L.begin(data.structures, ["skin"]);
    STEPS
    const traces = [["skin", "shape", "female"], ["nerve", "shape"], ["nerve", "spread"], ["hip", "shape"]];
    done({ order, shown: [...looks.shown].sort(), depth: L.depthOf(looks, data.structures, order),
           drawn: traces.map(([structure, part, sex]) => L.lookOf({ structure, part, sex }, 0.5, looks)) });"""
    return run(script.replace("STEPS", steps), {"layers": LAYERS, "structures": STRUCTURES})


def drawn(*opacities: float | None) -> list[dict]:
    """Return looks of traces: none is one that is not seen, whatever its opacity."""
    return [{"visible": o is not None, "opacity": 0.5 if o is None else o} for o in opacities]


@pytest.mark.parametrize(
    ("steps", "shown", "depth", "traces"),
    [
        ("", ["hip", "mark", "nerve"], 1, drawn(None, 0.5, 0.5, 0.5)),
        ("looks = L.peel(looks, data.structures, order, 'skin');", ["hip", "mark", "nerve", "skin"], 0,
         drawn(0.5, 0.5, 0.5, 0.5)),
        ("looks = L.peel({ ...looks, sex: 'male' }, data.structures, order, 'skin');", ["hip", "mark", "nerve", "skin"], 0,
         drawn(None, 0.5, 0.5, 0.5)),
        ("looks = L.peel(L.show(looks, ['other'], true), data.structures, order, 'nerve');",
         ["hip", "mark", "nerve", "other"], 1, drawn(None, 0.5, 0.5, 0.5)),
        ("looks = L.peel(looks, data.structures, order, 'bone');", ["hip", "mark"], 2, drawn(None, None, None, 0.5)),
        ("looks = L.show(looks, ['hip', 'mark'], false);", ["nerve"], 1, drawn(None, 0.5, 0.5, None)),
        ("looks = L.fade(looks, 'hip', true);", ["hip", "mark", "nerve"], 1, drawn(None, 0.5, 0.5, 0.08)),
        ("looks = L.fade(L.fade(looks, 'hip', true), 'hip', false);", ["hip", "mark", "nerve"], 1,
         drawn(None, 0.5, 0.5, 0.5)),
        ("looks = L.only(L.fade(looks, 'hip', true), ['nerve', 'hip']);", ["hip", "nerve"], 1,
         drawn(None, 0.5, 0.5, 0.5)),
        ("looks = { ...looks, spread: false };", ["hip", "mark", "nerve"], 1, drawn(None, 0.5, None, 0.5)),
        ("looks = { ...looks, through: new Set(['hip']) };", ["hip", "mark", "nerve"], 1,
         drawn(None, 0.5, 0.5, 0.225)),
        ("looks = { ...looks, studies: 'nerve' };", ["hip", "mark", "nerve"], 1, drawn(None, 0.08, None, 0.5)),
    ],
)  # fmt: skip
def test_what_is_seen(steps, shown, depth, traces):
    assert looks(steps) == {"order": ["skin", "nerve", "bone"], "shown": shown, "depth": depth, "drawn": traces}


def test_places_are_landmarks_and_placed_structures_on_both_sides():
    found = run(
        'import { placesOf } from "./places.js"; done(placesOf(data).map(({ id, name, at }) => [id, name, at]));', DATA
    )
    assert found == [
        ["psis_right", "Right spine", [45, 0, 0]], ["psis_left", "Left spine", [-45, 0, 0]],
        ["nerve", "Nerve, right", [60, 20, 40]], ["nerve@left", "Nerve, left", [-60, 20, 40]],
    ]  # fmt: skip


def test_places_grow_with_the_body():
    found = run('import { placesOf } from "./places.js"; done(placesOf(data, 1.1).map(({ at }) => at));', DATA)
    assert [place[0] for place in found] == pytest.approx([49.5, -49.5, 66, -66])


@pytest.mark.parametrize(
    ("a", "b", "refs"),
    [
        ("psis_right", "nerve", ["a", "c"]), ("nerve", "psis_right", ["a", "c"]), ("psis_left", "nerve@left", ["a", "c"]),
        ("midline", "nerve", ["b"]), ("nerve@left", "midline", ["b"]),
        ("psis_left", "nerve", []), ("psis_left", "psis_right", ["d"]), ("psis_right", "psis_left", ["d"]),
        ("notch_left", "psis_left", ["e"]), ("psis_left", "notch_right", []), ("touched", "nerve", []), ("midline", "hip", []),
    ],
)  # fmt: skip
def test_published_distances_belong_to_one_pair_of_places(a, b, refs):
    script = 'import { publishedBetween } from "./places.js"; done(publishedBetween(data.all, data.a, data.b).map(({ ref }) => ref));'
    assert run(script, {"all": DATA, "a": a, "b": b}) == refs


POINTS = st.tuples(*[st.integers(-200, 200).map(lambda n: n / 2)] * 3)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=20))
def test_distances_are_those_of_python_and_the_same_both_ways_and_on_both_sides(pairs):
    script = """import { measure, mirrored } from "./places.js";
    done(data.map(([a, b]) => [measure(a, b).mm, measure(b, a).mm, measure(mirrored(a), mirrored(b)).mm, measure(null, b).mm]));"""
    for (a, b), (there, back, other_side, across) in zip(pairs, run(script, pairs)):
        assert there == pytest.approx(frame.distance_mm(a, b))
        assert there == pytest.approx(back) == pytest.approx(other_side)
        assert across == pytest.approx(abs(b[0]))


@pytest.mark.parametrize(
    ("point", "structure", "id_"),
    [
        ([45, 0, 0], "", "psis_right"), ([46, 5, -7], "", "psis_right"), ([45, 0, 12], "", None),
        ([60, 20, 30], "", None), ([60, 20, 30], "nerve", "nerve"), ([-60, 20, 30], "nerve", "nerve@left"),
    ],
)  # fmt: skip
def test_a_touch_takes_the_named_place_it_was_meant_for(point, structure, id_):
    script = 'import { placesOf, snap } from "./places.js"; done(snap(placesOf(data.all), data.point, data.structure)?.id ?? null);'
    assert run(script, {"all": DATA, "point": point, "structure": structure}) == id_


@pytest.mark.parametrize(
    ("touched", "tolerance", "mm", "found"),
    [([60, 40], 10, 0, True), ([66, 48], 10, 10, True), ([66, 48.1], 10, 10.08, False), ([-60, 40], 20, 120, False)],
)
def test_a_find_is_scored_from_behind(touched, tolerance, mm, found):
    script = 'import { offBy } from "./places.js"; done(offBy([60, 20, 40], data.touched, data.tolerance));'
    assert run(script, {"touched": touched, "tolerance": tolerance}) == {
        "mm": pytest.approx(mm, abs=0.01),
        "found": found,
    }


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ([45.2, 9, 0.3], "45 mm to the right of the midline, level with the two spines"),
        ([-60, 0, -12], "60 mm to the left of the midline, 12 mm below the line between the two spines"),
        ([0, 0, 66], "on the midline, 66 mm above the line between the two spines"),
    ],
)
def test_a_place_in_words(point, words):
    assert run('import { inWords } from "./places.js"; done(inWords(data));', point) == words


@pytest.mark.parametrize(
    ("query", "found"),
    [("clun med", True), ("SUPERIORES", True), ("cluneal x", False), ("uneal", False), ("médial", True), ("", True)],
)
def test_names_are_sought_by_the_beginnings_of_their_words(query, found):
    names = ["Superior cluneal nerve, medial branch", "Nervi clunium superiores"]
    assert (
        run(
            'import { isNamed } from "./places.js"; done(isNamed(data.query, data.names));',
            {"query": query, "names": names},
        )
        is found
    )


def mesh(surface: frame.Surface) -> dict:
    """Return a surface as a trace holds it."""
    x, y, z = zip(*surface.points_mm)
    i, j, k = zip(*surface.triangles)
    return {"x": x, "y": y, "z": z, "i": i, "j": j, "k": k}


SLICE = """import { slice, crossed, hindmost } from "./section.js";"""


@settings(max_examples=15, deadline=None)
@given(POINTS, st.floats(5, 40), st.floats(-0.9, 0.9), st.sampled_from(["transverse", "sagittal"]))
def test_a_cut_of_a_ball_is_one_closed_ring_about_its_centre(centre, radius, share, plane):
    ball = frame.ball(centre, radius)
    along, first = (2, 0) if plane == "transverse" else (0, 2)
    contours = run(SLICE + "done(slice(data.mesh, data.plane, data.at));", {"mesh": mesh(ball), "plane": plane, "at": centre[along] + share * radius})  # fmt: skip
    assert [contour["closed"] for contour in contours] == [True]
    ring = radius * math.sqrt(1 - share**2)
    for u, v in contours[0]["points"]:
        # The ball has flat faces: they lie inside it by at most a twelfth of its radius.
        assert math.hypot(u - centre[first], v - centre[1]) == pytest.approx(ring, abs=radius / 5)
        assert math.hypot(u - centre[first], v - centre[1], share * radius) <= radius + 1e-6


def test_a_cut_that_misses_meets_nothing():
    assert run(SLICE + "done(slice(data, 'transverse', 30));", mesh(frame.ball((0.0, 0.0, 0.0), 20.0))) == []


def test_a_sheet_is_cut_as_an_open_line_and_crossed_once():
    strip = mesh(frame.ribbon([(0.0, 8.0, -10.0), (0.0, 8.0, 10.0)], 20.0))
    script = (
        SLICE
        + "const cut = slice(data, 'transverse', 1); done([cut.map(({ closed }) => closed), crossed('s', cut, 3)]);"
    )
    assert run(script, strip) == [[False], [{"id": "s", "from": 8, "to": None}]]


def test_a_line_passes_bodies_as_stretches_from_the_back():
    both = mesh(frame.joined([frame.ball((0.0, 0.0, 0.0), 10.0), frame.ball((0.0, 40.0, 0.0), 10.0)]))
    found = run(SLICE + "done(crossed('b', slice(data, 'transverse', 0.5), 0.5));", both)
    assert [(round(s["from"]), round(s["to"])) for s in found] == [(-10, 10), (30, 50)]


def test_the_hindmost_point_over_a_place_of_the_back():
    both = [mesh(frame.ball((0.0, y, 0.0), 10.0)) for y in (30.0, 0.0)]
    assert run(SLICE + "done([hindmost(data, 0.5, 0.5), hindmost(data, 30, 0)]);", both) == [
        pytest.approx(-10, abs=0.6),
        None,
    ]


ANGLES = st.floats(-3, 3)


@settings(max_examples=15, deadline=None)
@given(ANGLES, ANGLES)
def test_turning_keeps_the_distance_and_never_goes_over_the_top(across, up):
    eye = {"x": 0.8, "y": -1.1, "z": 1.3}
    turned = run('import { orbit } from "./camera.js"; done(orbit(data.eye, data.across, data.up));', {"eye": eye, "across": across, "up": up})  # fmt: skip
    assert math.hypot(*turned.values()) == pytest.approx(math.hypot(*eye.values()))
    assert abs(turned["z"]) <= math.hypot(*eye.values()) * math.sin(1.45) + 1e-9


def test_a_camera_between_two_turns_the_short_way_and_ends_where_it_should():
    script = """import { between } from "./camera.js"; done([0, 0.5, 1].map((t) => between(data[0], data[1], t)));"""
    start, middle, end = run(script, [{"x": -2, "y": -0.2, "z": 0}, {"x": -2, "y": 0.2, "z": 1}])
    assert (start["x"], start["y"], end["y"], end["z"]) == pytest.approx((-2, -0.2, 0.2, 1))
    assert middle["x"] < -2 and middle["y"] == pytest.approx(0, abs=1e-9)


BOXES = st.lists(st.tuples(st.floats(-50, 700), st.integers(20, 40)), max_size=9)


@settings(max_examples=15, deadline=None)
@given(BOXES)
def test_labels_of_a_column_stand_apart_and_within_the_stage(boxes):
    boxes = sorted(boxes)
    tops, tall = [top for top, _ in boxes], [size for _, size in boxes]
    script = 'import { apart } from "./anatomy-labels.js"; done(apart(data.tops, data.tall, 600));'
    found = run(script, {"tops": tops, "tall": tall})
    for n, top in enumerate(found):
        assert top >= (8 if n == 0 else found[n - 1] + tall[n - 1]) - 1e-6
        assert top + tall[n] <= 592 + 1e-6


def columns(eye: dict) -> list:
    """Return labels of three structures as seen by a flat camera whose right is the body's right."""
    script = """import { inColumns } from "./anatomy-labels.js";
    const onScreen = ([x, , z]) => [300 + x, 200 - z];
    done(inColumns(data.labels, { eye: data.eye, width: 600, height: 400, font_px: 10, onScreen }));"""
    labels = [{"name": n, "text": "Name", "at": [40, 0, z]} for n, z in (("top", 90), ("middle", 10), ("low", -80))]
    return run(script, {"labels": labels, "eye": eye})


def test_from_behind_structures_are_named_on_both_sides_in_turn():
    placed = columns({"x": 0, "y": -2})
    assert [(p["name"], p["at"][0], p["xanchor"]) for p in placed] == [
        ("top", -40, "right"), ("low", -40, "right"), ("middle", 40, "left"),
    ]  # fmt: skip
    assert [p["ay"] for p in placed] == [0, 0, 0]  # there is room for each at its own height


def test_from_the_side_structures_are_named_on_the_side_that_is_seen():
    assert {p["at"][0] for p in columns({"x": 2, "y": 0})} == {40}
    assert {p["at"][0] for p in columns({"x": -2, "y": 0})} == {-40}
