"""Make the bones, soft tissues, landmarks and lines of the sacroiliac region.

Run by hand when a source, a setting or a step changes; the results are committed beside this script,
so that building or reading the book needs none of the heavy packages.
It refuses to write bones that are open, lopsided, turned the wrong way round, or off their origin.
"""

import json
from hashlib import sha256
from pathlib import Path

import frame
import joints
import landmarks
import muscles
import numpy as np
import sheets
import skin
import sources
import surface

HERE = Path(__file__).resolve().parent
TRIANGLES = {"hip": 1500, "sacrum": 1400, "vertebra": 480}
LEVELS = ("l5", "l4", "l3", "l2", "l1")
AXES = ("right_mm", "anterior_mm", "superior_mm")
SEXES = ("female", "male")
# Where the depth under the skin is told: id, name, right and superior (mm); a crest place is filled in.
DEPTHS = [
    ("psis", "PSIS", 45.0, 0.0), ("crest-60", "crest 60 mm from the midline", 60.0, None),
    ("crest-70", "crest 70 mm from the midline", 70.0, None), ("joint", "sacroiliac joint line", 47.5, -22.0),
    ("s2", "S2 in the midline", 0.5, 0.0), ("l5", "spinous process of L5", 0.5, 47.0),
]  # fmt: skip


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
    """Return L5 to L1 seated on the sacrum at full resolution."""
    vertebrae = {}
    for number in (5, 4, 3, 2, 1):
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
    for name in ("sacrum", *LEVELS):
        budget = TRIANGLES.get(name, TRIANGLES["vertebra"])
        slim[name] = surface.join_halves(surface.decimate(surface.right_half(full[name]), budget // 2))
    return slim


def joint_parts(full):
    """Return coccyx and discs, which have few triangles from the start; a disc is named after the bone above it."""
    apex = landmarks.furthest(landmarks.midline(full["sacrum"]), [0, 0, -1])
    parts = {"coccyx": joints.coccyx(full["sacrum"], apex)}
    for below, above in zip(("sacrum", *LEVELS), LEVELS):
        parts[f"disc_{above}"] = joints.disc(full[below], full[above])
    return parts


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


def write_mesh(identity, mesh, **more):
    """Write one mesh as compact JSON; `more` holds a list of one entry for each vertex, or a number."""
    content = {
        "id": identity,
        "vertices_ras_mm": (np.round(mesh.vertices, 1) + 0.0).tolist(),
        "triangles": mesh.faces.tolist(),
    }
    path = HERE / "meshes" / f"{identity}.json"
    path.write_text(json.dumps(content | more, separators=(",", ":")) + "\n", encoding="utf-8")


def millimetres(point):
    """Return a point as text with one decimal, never minus nought."""
    return [f"{value:.1f}" for value in np.round(point, 1) + 0.0]


def write_tables(found, crest, joint):
    """Write the landmarks, both crest lines and the back edge of the right joint."""
    rows = [[identity, name, *millimetres(point), how] for identity, name, point, how in found]
    landmarks.write_table(HERE / "landmarks.csv", ["id", "name", *AXES, "how"], rows)
    for side, line in (("right", crest), ("left", crest * frame.MIRROR)):
        landmarks.write_table(HERE / f"crest_{side}.csv", AXES, [millimetres(point) for point in line])
    landmarks.write_table(HERE / "joint_right.csv", AXES, [millimetres(point) for point in joint])


def make_soft_tissue(bones, points, crest):
    """Make and write muscles, fascia, fat and skin and their depths; return landmarks of the fascia's openings."""
    made, grid, taken = muscles.make_muscles(bones, points, crest)
    right = [bone for name, bone in bones.items() if name != "hip_left"]
    deep = sheets.Deep(grid, [*made.values(), *right])
    holes = sheets.openings(crest, points["psis_right"])
    sheet = sheets.posterior_layer(deep, holes)
    for name, mesh in (made | {"posterior_layer": sheet}).items():
        write_mesh(name, mesh)
    (HERE / "fascia.json").write_text(
        json.dumps(sheets.depth_table(deep), separators=(",", ":")) + "\n", encoding="utf-8"
    )
    rows = []
    for sex in SEXES:
        whole, per_fat, fat_mm = skin.make_skin(sex, deep, taken)
        back = skin.back_sheets(whole, per_fat, deep, sheet)
        for name, (mesh, moves) in (back | {"skin": (whole, per_fat)}).items():
            write_mesh(f"{name}_{sex}", mesh, per_fat=(np.round(moves, 2) + 0.0).tolist(), fat_mm=round(fat_mm, 1))
        rows += depth_rows(sex, whole, fat_mm, deep, right, crest)
    columns = ["id", "name", "sex", "right_mm", "superior_mm", "fat_share", "fascia_to_bone_mm"]
    landmarks.write_table(HERE / "depths.csv", columns, rows)
    return [mark for name, place in holes.items() for mark in landmarks.both_sides(opening(name, deep.point(*place)))]


def opening(name, point):
    """Return the landmark of an opening in the fascia."""
    how = "place from the ledger, depth from the sheet"
    if name == "fat":
        return "opening_fat", "opening over the upper sacroiliac joint", point, "illustrative"
    return f"opening_{name}", f"opening for the {name} nerve", point, how


def depth_rows(sex, whole, fat_mm, deep, bones, crest):
    """Return for each place of `DEPTHS` the fat behind it for each mm at the site of reference, and fascia to bone."""
    rows = []
    for identity, name, x, z in DEPTHS:
        z = float(np.interp(x, crest[:30, 0], crest[:30, 2])) if z is None else z
        bone = float(sheets.first_met(bones, np.array([x]), np.array([z]))[0, 0])
        share = skin.thickness(whole, deep, (x, z)) / fat_mm
        place = [f"{x:.1f}", f"{z:.1f}"]
        rows.append([identity, name, sex, *place, f"{share:.2f}", f"{bone - deep.point(x, z)[1]:.1f}"])
    return rows


def report(full, slim):
    """Print what decimation cost."""
    for name, bone in slim.items():
        mean, largest = surface.deviation(full[name], bone)
        print(
            f"{name:10} {len(full[name].faces):6} -> {len(bone.faces):5} triangles, "
            f"deviation mean {mean:.2f} mm, largest {largest:.2f} mm"
        )


def digests():
    """Return a digest of the scripts and one of what they make, so that a test can tell when one is newer."""
    scripts = sorted(set(HERE.glob("*.py")) - {HERE / "make_pictures.py"})
    made = sorted([*HERE.glob("*.csv"), *HERE.glob("*.json"), *HERE.glob("meshes/*.json")])
    lines = []
    for name, paths in (("scripts", scripts), ("made", made)):
        digest = sha256()
        for path in paths:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        lines.append(f"{name} {digest.hexdigest()}\n")
    return "".join(lines)


def main():
    """Make everything, check it, then write it."""
    full = full_pelvis()
    full |= full_vertebrae(full["sacrum"])
    move_origin(full)
    slim = slim_bones(full)
    parts = joint_parts(full)
    full, slim = full | parts, slim | parts
    patch = joints.joint_patch(full["hip_right"], full["sacrum"])
    found = landmarks.find_landmarks(slim, frame.endplate(full["sacrum"], 1)[0], joints.joint_corner(patch))
    check(slim, found)
    points = {identity: point for identity, _, point, _ in found}
    crest = landmarks.trace_crest(slim["hip_right"], (points["psis_right"], points["asis_right"]))
    report(full, slim)
    shades = surface.shade(full, slim)
    (HERE / "meshes").mkdir(exist_ok=True)
    for name, bone in slim.items():
        write_mesh(name, bone, shade=shades[name].tolist())
    found += make_soft_tissue(slim, points, crest)
    write_tables(found, crest, joints.joint_line(patch))
    (HERE / "made-from.txt").write_text(digests(), encoding="utf-8")
    print(f"PSIS lie {2 * points['psis_right'][0]:.1f} mm apart")


if __name__ == "__main__":
    main()
