"""Structures of a region, read from its manifest and tied to the claims that place them.

A position is never a bare number where a claim gives one: the manifest names claims, and the
place drawn is the mean of what they say, with their whole spread drawn around it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from backmice.anatomy.frame import Point, Surface
from backmice.evidence.claim import Claim, Quantity, Slug
from backmice.located import Document, Fault, LocatedError, Model, read_yaml

MEDIA = Path("media/anatomy")
#: Region id and its folder below `media/anatomy`.
REGIONS = {"sacroiliac-triangle": "sacroiliac"}
SHAPES = ("meshes", "outline", "points", "path", "along_crest_mm", "band")
#: Layers from skin to bone, with the words a reader sees.
LAYERS = {"region": "Region", "nodule": "Nodules", "nerve": "Nerves", "ligament": "Ligaments", "bone": "Bones"}

ValueRef = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(#[a-z0-9-]+)?$")]
Millimetres = tuple[float, float, float]


class CrestValues(Model):
    """Where studies put a crossing of the iliac crest, all measured from one origin."""

    origin: Literal["midline", "psis"]
    values: Annotated[tuple[ValueRef, ...], Field(min_length=1)]


class Site(Model):
    """A place that claims give: on the iliac crest, or beside the midline and below the spine.

    `drawn_at` names the value at which it is drawn; without it the mean of all is taken.
    Whatever is drawn, the whole spread of all values is drawn around it.
    """

    on_crest: tuple[CrestValues, ...] = ()
    drawn_at: ValueRef | None = None
    right_of_midline: tuple[ValueRef, ...] = ()
    below_psis: tuple[ValueRef, ...] = ()
    anterior_mm: float = 0.0

    @model_validator(mode="after")
    def _one_way(self) -> Site:
        if bool(self.on_crest) == bool(self.right_of_midline and self.below_psis):
            raise ValueError("give on_crest, or right_of_midline with below_psis; one of the two ways")
        if self.drawn_at and self.drawn_at not in self.refs():
            raise ValueError(f"drawn_at '{self.drawn_at}' is not among the values; add it to them")
        return self

    def refs(self) -> tuple[str, ...]:
        """Return every value the site rests on."""
        return tuple(ref for group in self.on_crest for ref in group.values) + self.right_of_midline + self.below_psis


class Waypoint(Model):
    """A point of a path: a landmark, a place on the crest or the structure's site, and an offset (RAS).

    `crest_mm` is the distance from the midline of a point on the right iliac crest;
    `anterior_mm` replaces the depth, for lines that must lie behind the bone.
    """

    landmark: str | None = None
    crest_mm: float | None = None
    offset_mm: Millimetres = (0.0, 0.0, 0.0)
    anterior_mm: float | None = None


class Band(Model):
    """A strip parallel to the midline, as wide as a claim says."""

    right_of_midline: ValueRef
    superior_mm: tuple[float, float]
    anterior_mm: float


class Structure(Model):
    """A named entity: what it is, how it is drawn, and what its place rests on."""

    id: Slug
    name: str
    latin: str = ""
    terminology: str = ""
    layer: Literal["region", "nodule", "nerve", "ligament", "bone"]
    note: Annotated[str, Field(min_length=20)]
    placed: Literal["measured", "illustrative"]
    claims: tuple[Slug, ...] = ()
    meshes: tuple[str, ...] = ()
    outline: tuple[Waypoint, ...] = ()
    points: tuple[str, ...] = ()
    path: tuple[Waypoint, ...] = ()
    along_crest_mm: tuple[float, float] | None = None
    radius_mm: float = 1.2
    width_mm: float | None = None
    site: Site | None = None
    band: Band | None = None
    label: str = ""
    label_at: Waypoint | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Structure:
        shapes = [name for name in SHAPES if getattr(self, name)]
        if len(shapes) != 1:
            raise ValueError(f"has {len(shapes)} shapes; give one of {', '.join(SHAPES)}")
        return self

    @property
    def short(self) -> str:
        """The name for a label or a list."""
        return self.label or self.name

    def refs(self) -> tuple[str, ...]:
        """Return every value that places the structure."""
        return (self.site.refs() if self.site else ()) + ((self.band.right_of_midline,) if self.band else ())


class Manifest(Model):
    """The manifest of a region, as written."""

    id: Slug
    name: str
    structures: tuple[Structure, ...]


@dataclass(frozen=True)
class Region:
    """A region ready to draw: structures, landmarks and meshes in mm (RAS), claims by id."""

    id: str
    name: str
    structures: tuple[Structure, ...]
    landmarks: dict[str, Point]
    crest: list[Point]
    meshes: dict[str, tuple[Surface, list[int]]]
    claims: Mapping[str, Claim]
    folder: Path
    landmark_names: dict[str, str]

    def quantity(self, ref: str) -> Quantity:
        """Return the value that `claim-id#name` names."""
        claim_id, _, name = ref.partition("#")
        return self.claims[claim_id].quantity(name)


def load_region(root: Path, region_id: str, claims: Mapping[str, Claim]) -> Region:
    """Read a region's manifest, landmarks and meshes.

    Raises
    ------
    LocatedError
        If a file does not fit, or a structure names a claim, landmark or mesh that is not there.
    """
    folder = root / MEDIA / REGIONS[region_id]
    document = read_yaml(folder / "structures.yml", root)
    manifest = document.parse(Manifest)
    rows = _rows(folder / "landmarks.csv", root)
    landmarks = {row["id"]: _point(row) for row in rows}
    names = {row["id"]: row["name"] for row in rows}
    crest = [_point(row) for row in _rows(folder / "crest_right.csv", root)]
    meshes = {path.stem: _mesh(path, root) for path in sorted((folder / "meshes").glob("*.json"))}
    faults = _faults(document, manifest, landmarks, meshes, claims)
    if manifest.id != region_id:
        faults.append(document.fault(("id",), f"is '{manifest.id}'", f"'{region_id}', as the folder is known"))
    if faults:
        raise LocatedError(*faults)
    return Region(manifest.id, manifest.name, manifest.structures, landmarks, crest, meshes, claims, folder, names)


def _faults(
    document: Document,
    manifest: Manifest,
    landmarks: Mapping[str, Point],
    meshes: Mapping[str, object],
    claims: Mapping[str, Claim],
) -> list[Fault]:
    found, ids = [], [s.id for s in manifest.structures]
    for i, structure in enumerate(manifest.structures):
        at = ("structures", i)
        if ids.index(structure.id) != i:
            found.append(document.fault((*at, "id"), f"'{structure.id}' stands twice", "give each its own id"))
        for name in set(structure.meshes) - set(meshes):
            found.append(document.fault((*at, "meshes"), f"'{name}' has no file", f"one of: {', '.join(meshes)}"))
        waypoints = (*structure.path, *structure.outline, *filter(None, [structure.label_at]))
        named = {w.landmark for w in waypoints if w.landmark} | set(structure.points)
        for name in sorted(named - set(landmarks)):
            found.append(document.fault(at, f"landmark '{name}' is not in landmarks.csv", "correct its name"))
        if not structure.site and any(w.landmark is None and w.crest_mm is None for w in waypoints):
            found.append(document.fault(at, "has a waypoint at its site but no site", "name a landmark or add a site"))
        for name in structure.claims:
            if name not in claims or not claims[name].published:
                found.append(document.fault((*at, "claims"), f"'{name}' is no published claim", "correct its id"))
        for ref in structure.refs():
            found += _ref_faults(document, at, ref, structure, claims)
    return found


def _ref_faults(
    document: Document, at: tuple[int | str, ...], ref: str, structure: Structure, claims: Mapping[str, Claim]
) -> list[Fault]:
    claim_id, _, name = ref.partition("#")
    if claim_id not in structure.claims:
        return [document.fault((*at, "claims"), f"lacks '{claim_id}', which places it", "add it")]
    try:
        quantity = claims[claim_id].quantity(name)
    except KeyError:
        names = ", ".join(q.name or "(no name)" for q in getattr(claims.get(claim_id), "values", ())) or "none"
        return [document.fault(at, f"'{ref}' is no value", f"values of that claim: {names}")]
    if quantity.unit != "mm":
        return [document.fault(at, f"'{ref}' is in '{quantity.unit}'", "a place needs mm")]
    return []


def _rows(path: Path, root: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise LocatedError(Fault(str(path.relative_to(root)), 1, "file", "does not exist", "run make_meshes.py"))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _point(row: dict[str, str]) -> Point:
    return float(row["right_mm"]), float(row["anterior_mm"]), float(row["superior_mm"])


def _mesh(path: Path, root: Path) -> tuple[Surface, list[int]]:
    try:
        mesh = json.loads(path.read_text(encoding="utf-8"))
        surface = Surface([tuple(p) for p in mesh["vertices_ras_mm"]], [tuple(t) for t in mesh["triangles"]])
        return surface, mesh["shade"]
    except (ValueError, KeyError, TypeError):
        raise LocatedError(
            Fault(str(path.relative_to(root)), 1, "file", "is not a mesh", "run make_meshes.py")
        ) from None
