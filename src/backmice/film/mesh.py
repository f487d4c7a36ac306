"""Small helpers for surfaces: from numbers to what VTK draws."""

from __future__ import annotations

import numpy as np
import pyvista as pv

from backmice.anatomy.frame import Surface


def polydata(points: np.ndarray, faces: np.ndarray, **values: np.ndarray) -> pv.PolyData:
    """Return a surface of the points (n, 3) that the triangles (m, 3) use, with named values of each point."""
    used, rows = np.unique(faces, return_inverse=True)
    rows = rows.reshape(-1, 3)
    mesh = pv.PolyData(np.asarray(points, float)[used], np.c_[np.full(len(rows), 3), rows].ravel())
    for name, value in values.items():
        mesh[name] = np.asarray(value)[used]
    return mesh


def welded(points: np.ndarray, faces: np.ndarray, **values: np.ndarray) -> pv.PolyData:
    """Return a surface whose points within a thousandth of a mm are one, without the triangles that collapse."""
    _, first, rows = np.unique(np.round(points, 3), axis=0, return_index=True, return_inverse=True)
    faces = rows.ravel()[faces]
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    return polydata(np.asarray(points)[first], faces, **{name: np.asarray(v)[first] for name, v in values.items()})


def smooth(mesh: pv.PolyData, rounds: int = 1) -> pv.PolyData:
    """Return a surface divided by Loop's rule; one that has edges of three or more faces stays as it is."""
    edges = mesh.extract_feature_edges(
        boundary_edges=False, non_manifold_edges=True, feature_edges=False, manifold_edges=False
    )
    return mesh if edges.n_cells else mesh.subdivide(rounds, "loop")


def from_surface(surface: Surface) -> pv.PolyData:
    """Return a surface of the anatomy as VTK draws it."""
    return welded(np.array(surface.points_mm), np.array(surface.triangles))


def eased(t: float | np.ndarray) -> float | np.ndarray:
    """Return 0 to 1, slow at both ends, for t from 0 to 1; beyond as at the end."""
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def unit(vector: np.ndarray) -> np.ndarray:
    """Return vectors (…, 3) of length 1."""
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True)
