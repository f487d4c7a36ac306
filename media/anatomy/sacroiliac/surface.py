"""Smooth, halve, mirror, decimate and shade triangle surfaces.

Everything here keeps a surface closed and, where it crosses the midline, symmetric about x = 0.
"""

import fast_simplification
import numpy as np
import trimesh
from frame import MIRROR
from scipy.spatial import cKDTree

RAYS = 192
# A ray starts this far off the surface, so that it does not hit the triangle it comes from.
LIFT_MM = 0.3


def smooth(mesh, rounds):
    """Smooth in place by Taubin's filter, which hardly shrinks."""
    trimesh.smoothing.filter_taubin(mesh, lamb=0.5, nu=0.53, iterations=rounds)
    return mesh


def mirror(mesh):
    """Return the mirror image of a mesh, still wound outwards."""
    return trimesh.Trimesh(mesh.vertices * MIRROR, mesh.faces[:, ::-1], process=False)


def average_with_mirror(mesh):
    """Move each vertex halfway to the mirror image of the surface."""
    nearest, _, _ = trimesh.proximity.closest_point(mirror(mesh), mesh.vertices)
    return trimesh.Trimesh((mesh.vertices + nearest) / 2, mesh.faces, process=False)


def right_half(mesh):
    """Return the part with x > 0, open at the midline, its border exactly at x = 0."""
    cut = trimesh.intersections.slice_faces_plane(mesh.vertices, mesh.faces, [1, 0, 0], [0, 0, 0])
    half = trimesh.Trimesh(cut[0], cut[1], process=False)
    half.merge_vertices(digits_vertex=4)
    half.vertices[np.abs(half.vertices[:, 0]) < 1e-3, 0] = 0.0
    half.update_faces(half.nondegenerate_faces())
    half.remove_unreferenced_vertices()
    return half


def join_halves(half):
    """Return the closed surface made of a right half and its mirror image."""
    count = len(half.vertices)
    on_midline = half.vertices[:, 0] == 0
    twin = np.where(on_midline, np.arange(count), np.cumsum(~on_midline) - 1 + count)
    vertices = np.vstack([half.vertices, (half.vertices * MIRROR)[~on_midline]])
    return trimesh.Trimesh(vertices, np.vstack([half.faces, twin[half.faces[:, ::-1]]]), process=False)


def decimate(mesh, triangles):
    """Return the mesh with about so many triangles, coordinates rounded to 0.1 mm."""
    vertices, faces = fast_simplification.simplify(mesh.vertices, mesh.faces, target_count=triangles)
    rounded = np.round(vertices, 1) + 0.0
    # Only the border of a half may lie on the midline, or the halves would touch elsewhere too.
    rounded[(rounded[:, 0] == 0) & (vertices[:, 0] != 0), 0] = 0.1
    slim = trimesh.Trimesh(rounded, faces, process=False)
    slim.merge_vertices(digits_vertex=1)
    slim.update_faces(slim.nondegenerate_faces())
    slim.remove_unreferenced_vertices()
    return slim


def deviation(full, slim):
    """Return mean and largest distance (mm) from the vertices of `full` to the surface of `slim`."""
    _, distance, _ = trimesh.proximity.closest_point(slim, full.vertices)
    return distance.mean(), distance.max()


def cosine_directions(count):
    """Return `count` fixed directions about +z, spread so that equal weights are cosine weights."""
    step = np.arange(count) + 0.5
    radius, turn = np.sqrt(step / count), step * np.pi * (3 - np.sqrt(5))
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), np.sqrt(1 - step / count)], axis=1)


def tangent_frames(normals):
    """Return for each normal a rotation whose third column it is, shape (n, 3, 3)."""
    helper = np.where(np.abs(normals[:, :1]) < 0.9, [[1.0, 0, 0]], [[0, 1.0, 0]])
    first = np.cross(helper, normals)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    return np.stack([first, np.cross(normals, first), normals], axis=2)


def openness(scene, points, normals):
    """Return for each point the cosine-weighted share of its hemisphere that no bone blocks, 0 to 1."""
    frames = tangent_frames(normals)
    rays = np.einsum("nij,kj->nki", frames, cosine_directions(RAYS)).reshape(-1, 3)
    starts = np.repeat(points + LIFT_MM * normals, RAYS, axis=0)
    blocked = scene.ray.intersects_any(starts, rays)
    return 1 - blocked.reshape(len(points), RAYS).mean(axis=1)


def shade(full, slim):
    """Bake ambient occlusion of the full bones into the vertices of the slim ones.

    Parameters
    ----------
    full, slim : dict of str to trimesh.Trimesh
        All bones together, undecimated and decimated.

    Returns
    -------
    dict of str to ndarray of int
        0 (closed in) to 255 (open) for each vertex of each slim bone.
    """
    scene = trimesh.util.concatenate(list(full.values()))
    shades = {}
    for name, mesh in full.items():
        tree = cKDTree(mesh.vertices)
        lit = openness(scene, mesh.vertices, mesh.vertex_normals)
        # Mean of a point and its mirror image, so that the drawing is as symmetric as the bones.
        near = [tree.query(slim[name].vertices, k=4)[1]]
        if name not in ("hip_left", "hip_right"):
            near.append(tree.query(slim[name].vertices * MIRROR, k=4)[1])
        shades[name] = np.rint(255 * lit[np.hstack(near)].mean(axis=1)).astype(int)
    shades["hip_left"] = shades["hip_right"]
    return shades
