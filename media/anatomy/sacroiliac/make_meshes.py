"""Make the bones, landmarks and crest lines of the sacroiliac region.

Run by hand when a source, a setting or a step changes; the results are committed beside this script,
so that building or reading the book needs none of the heavy packages.
It refuses to write bones that are open, lopsided, turned the wrong way round, or off their origin.
"""

import json
from pathlib import Path

import frame
import landmarks
import numpy as np
import sources
import surface

HERE = Path(__file__).resolve().parent
TRIANGLES = {"hip": 1500, "sacrum": 1400, "vertebra": 520}
AXES = ("right_mm", "anterior_mm", "superior_mm")


class MeshError(Exception):
    """A finished bone breaks a promise that the figures rest on."""


def full_pelvis():
    """Return the symmetric standing pelvis at full resolution."""
    bones = sources.read_pelvis()
    frame.to_ras(bones)
    for bone in bones.values():
        surface.smooth(bone, rounds=8)
    bones["hip_left"] = surface.mirror(bones["hip_right"])
    bones["sacrum"] = surface.average_with_mirror(bones["sacrum"])
    angle = frame.stand_upright(bones)
    print(f"pelvis tilted by {angle:.1f} degrees to stand")
    bones["sacrum"] = surface.join_halves(surface.right_half(bones["sacrum"]))
    return bones


def full_vertebrae(sacrum):
    """Return L5, L4 and L3 seated on the sacrum at full resolution."""
    vertebrae = {}
    for number in (5, 4, 3):
        mesh = sources.read_vertebra(number).subdivide().subdivide()
        vertebrae[f"l{number}"] = surface.smooth(mesh, rounds=60)
    slopes = frame.stack(sacrum, vertebrae)
    print("upper endplates slope", {name: round(float(angle), 1) for name, angle in slopes.items()})
    return {name: surface.join_halves(surface.right_half(mesh)) for name, mesh in vertebrae.items()}


def move_origin(full):
    """Shift all bones so that the PSIS of the decimated right hip bone has y = 0 and z = 0."""
    psis = landmarks.find_psis(surface.decimate(full["hip_right"], TRIANGLES["hip"]))
    for bone in full.values():
        bone.vertices -= psis * [0, 1, 1]


def slim_bones(full):
    """Return decimated bones; those across the midline are decimated by halves."""
    slim = {"hip_right": surface.decimate(full["hip_right"], TRIANGLES["hip"])}
    slim["hip_left"] = surface.mirror(slim["hip_right"])
    for name in ("sacrum", "l5", "l4", "l3"):
        budget = TRIANGLES.get(name, TRIANGLES["vertebra"])
        slim[name] = surface.join_halves(surface.decimate(surface.right_half(full[name]), budget // 2))
    return slim


def check(slim, found):
    """Refuse bones that would mislead.

    Raises
    ------
    MeshError
        If a bone is not closed and wound outwards, a side is swapped, front and back are swapped,
        a midline bone is not symmetric, or the two PSIS do not lie about the origin.
    """
    points = {identity: point for identity, _, point, _ in found}
    for name, bone in slim.items():
        if not (bone.is_watertight and bone.is_winding_consistent and bone.volume > 0):
            raise MeshError(f"{name} is not a closed surface wound outwards")
        if not name.startswith("hip") and {*map(tuple, bone.vertices)} != {*map(tuple, bone.vertices * frame.MIRROR)}:
            raise MeshError(f"{name} is not symmetric about x = 0")
    if not slim["hip_right"].vertices[:, 0].min() > 0 > slim["hip_left"].vertices[:, 0].max():
        raise MeshError("a hip bone crosses the midline or is on the wrong side")
    if not points["pubic_symphysis"][1] > points["psis_right"][1] or not points["sacral_apex"][2] < 0:
        raise MeshError("anterior or superior points the wrong way")
    if np.abs((points["psis_right"] + points["psis_left"]) / 2).max() > 0.1:
        raise MeshError("the origin is not midway between the two PSIS")


def write_mesh(path, identity, mesh, shade):
    """Write one bone as compact JSON."""
    content = {
        "id": identity,
        "vertices_ras_mm": (np.round(mesh.vertices, 1) + 0.0).tolist(),
        "triangles": mesh.faces.tolist(),
        "shade": shade.tolist(),
    }
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def millimetres(point):
    """Return a point as text with one decimal, never minus nought."""
    return [f"{value:.1f}" for value in np.round(point, 1) + 0.0]


def write_tables(found, crest):
    """Write the landmarks and both crest lines."""
    rows = [[identity, name, *millimetres(point), how] for identity, name, point, how in found]
    landmarks.write_table(HERE / "landmarks.csv", ["id", "name", *AXES, "how"], rows)
    for side, line in (("right", crest), ("left", crest * frame.MIRROR)):
        landmarks.write_table(HERE / f"crest_{side}.csv", AXES, [millimetres(point) for point in line])


def report(full, slim):
    """Print what decimation cost."""
    for name, bone in slim.items():
        mean, largest = surface.deviation(full[name], bone)
        print(f"{name:10} {len(full[name].faces):6} -> {len(bone.faces):5} triangles, "
              f"deviation mean {mean:.2f} mm, largest {largest:.2f} mm")


def main():
    """Make everything, check it, then write it."""
    full = full_pelvis()
    full |= full_vertebrae(full["sacrum"])
    move_origin(full)
    slim = slim_bones(full)
    found = landmarks.find_landmarks(slim, frame.endplate(full["sacrum"], 1)[0])
    check(slim, found)
    points = {identity: point for identity, _, point, _ in found}
    crest = landmarks.trace_crest(slim["hip_right"], (points["psis_right"], points["asis_right"]))
    report(full, slim)
    shades = surface.shade(full, slim)
    (HERE / "meshes").mkdir(exist_ok=True)
    for name, bone in slim.items():
        write_mesh(HERE / "meshes" / f"{name}.json", name, bone, shades[name])
    write_tables(found, crest)
    print(f"PSIS lie {2 * points['psis_right'][0]:.1f} mm apart")


if __name__ == "__main__":
    main()
