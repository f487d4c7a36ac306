"""Structures of a region, read from its manifest and tied to the claims that place them.

A position is never a bare number where a claim gives one: the manifest names claims, and the
place drawn is the mean of what they say, with their whole spread drawn around it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from backmice.anatomy.frame import HeightMap, Point, Surface
from backmice.evidence.claim import Claim, Quantity, Slug
from backmice.located import Document, Fault, LocatedError, Model, read_yaml

MEDIA = Path("media/anatomy")
#: Region id and its folder below `media/anatomy`.
REGIONS = {"sacroiliac-triangle": "sacroiliac"}
SHAPES = ("meshes", "by_sex", "outline", "points", "path", "line", "lumps", "along_crest_mm", "band")
#: Lines of the right side, each a table of points beside the manifest.
LINES = ("crest", "joint")
#: Layers from skin to bone, then marks and lines, with the words a reader sees.
LAYERS = {
    "skin": "Skin", "fat": "Fat", "fascia": "Fascia", "muscle": "Muscles", "nodule": "Nodules", "nerve": "Nerves",
    "ligament": "Ligaments", "bone": "Bones", "region": "Region",
}  # fmt: skip
#: Layers that lie over the rest and are fetched only when asked for.
ON_DEMAND = ("skin", "fat", "fascia", "muscle")
Layer = Literal["skin", "fat", "fascia", "muscle", "nodule", "nerve", "ligament", "bone", "region"]
Sex = Literal["female", "male"]

ValueRef = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(#[a-z0-9-]+)?$")]
Millimetres = tuple[float, float, float]


class CrestValues(Model):
    """Where studies put a crossing of the iliac crest, all measured from one origin."""

    origin: Literal["midline", "psis", "asis"]
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
    `anterior_mm` replaces the depth, for lines that must lie behind the bone; so does `off_fascia_mm`,
    which is how far the point lies behind the deep fascia (negative: under it).
    """

    landmark: str | None = None
    crest_mm: float | None = None
    offset_mm: Millimetres = (0.0, 0.0, 0.0)
    anterior_mm: float | None = None
    off_fascia_mm: float | None = None

    @model_validator(mode="after")
    def _one_depth(self) -> Waypoint:
        if self.anterior_mm is not None and self.off_fascia_mm is not None:
            raise ValueError("gives anterior_mm and off_fascia_mm; give one of them")
        return self


class Band(Model):
    """A strip parallel to the midline, as wide as a claim says."""

    right_of_midline: ValueRef
    below_crest: ValueRef
    top_mm: float
    off_fascia_mm: float


class Lump(Model):
    """A lobulated lump, its length and width as claims give them, `turn_deg` from lying across towards upright."""

    id: Slug
    at: Waypoint
    length: tuple[ValueRef, ...] = ()
    width: tuple[ValueRef, ...] = ()
    size_mm: Millimetres
    turn_deg: float = 0.0


class Structure(Model):
    """A named entity: what it is, how it is drawn, and what its place rests on.

    One that is there for `contrast` is drawn only when it is asked for.
    """

    id: Slug
    name: str
    latin: str = ""
    terminology: str = ""
    layer: Layer
    note: Annotated[str, Field(min_length=20)]
    placed: Literal["measured", "illustrative"]
    claims: tuple[Slug, ...] = ()
    meshes: tuple[str, ...] = ()
    mirrored: bool = False
    by_sex: dict[Sex, str] = Field(default_factory=dict)
    tint: Annotated[float, Field(ge=-0.3, le=0.3)] = 0.0
    opacity: Annotated[float, Field(gt=0, le=1)] = 1.0
    outline: tuple[Waypoint, ...] = ()
    points: tuple[str, ...] = ()
    path: tuple[Waypoint, ...] = ()
    branches: tuple[tuple[Waypoint, ...], ...] = ()
    line: str = ""
    lumps: tuple[Lump, ...] = ()
    along_crest_mm: tuple[float, float] | None = None
    radius_mm: float = 1.2
    width_mm: float | None = None
    thickness_mm: float | None = None
    site: Site | None = None
    band: Band | None = None
    label: str = ""
    label_at: Waypoint | None = None
    contrast: bool = False

    @model_validator(mode="after")
    def _one_shape(self) -> Structure:
        shapes = [name for name in SHAPES if getattr(self, name)]
        if len(shapes) != 1:
            raise ValueError(f"has {len(shapes)} shapes; give one of {', '.join(SHAPES)}")
        if self.branches and not (self.path or self.line):
            raise ValueError("has branches but no path or line; name one of them the path")
        return self

    def mesh_names(self) -> tuple[str, ...]:
        """Return every mesh it is drawn from."""
        return self.meshes + tuple(self.by_sex.values())

    def runs(self) -> tuple[tuple[Waypoint, ...], ...]:
        """Return its path and its branches, those that are there."""
        return tuple(run for run in (self.path, *self.branches) if run)

    def waypoints(self) -> tuple[Waypoint, ...]:
        """Return every waypoint that places it."""
        runs = (self.outline, *self.runs(), tuple(lump.at for lump in self.lumps))
        return tuple(point for run in runs for point in run) + ((self.label_at,) if self.label_at else ())

    @property
    def short(self) -> str:
        """The name for a label or a list."""
        return self.label or self.name

    def refs(self) -> tuple[str, ...]:
        """Return every value that places the structure."""
        band = (self.band.right_of_midline, self.band.below_crest) if self.band else ()
        lumps = tuple(ref for lump in self.lumps for ref in lump.length + lump.width)
        return (self.site.refs() if self.site else ()) + band + lumps


class Measure(Model):
    """A distance in the model that claims give too: between two places, or a size of the structure.

    Figures that mean the same thing stand in one measure, so that their whole spread is known.
    `to_begin_of` counts the structure's path as 0 and its branches from 1.
    `give_or_take` names a value that says how far such a figure may be off, where the figures say nothing.
    """

    structure: Slug
    what: Annotated[str, Field(min_length=4)]
    values: Annotated[tuple[ValueRef, ...], Field(min_length=1)]
    start: Waypoint | None = Field(default=None, alias="from")
    end: Waypoint | None = Field(default=None, alias="to")
    to_line: tuple[str, str] | None = None
    to_begin_of: Annotated[int, Field(ge=0)] | None = None
    along: Literal["straight", "right", "anterior", "superior"] = "straight"
    size: Literal["width", "thickness", "fat"] | None = None
    give_or_take: ValueRef | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Measure:
        ways = [way is not None for way in (self.end, self.to_line, self.to_begin_of, self.size)]
        if ways.count(True) != 1 or (self.to_line and not self.start):
            raise ValueError("give to, from with to_line (two landmarks), to_begin_of or size; one of the ways")
        return self

    def refs(self) -> tuple[str, ...]:
        """Return every value it names."""
        return self.values + ((self.give_or_take,) if self.give_or_take else ())


class LandmarkSpread(Model):
    """How far a landmark may lie from where the model has it, by a claim."""

    id: str
    spread: ValueRef
    why: Annotated[str, Field(min_length=8)]


class Manifest(Model):
    """The manifest of a region, as written."""

    id: Slug
    name: str
    structures: tuple[Structure, ...]
    landmarks: tuple[LandmarkSpread, ...] = ()
    measures: tuple[Measure, ...] = ()
    left_out: dict[str, Annotated[str, Field(min_length=12)]] = Field(default_factory=dict)


class Mesh(NamedTuple):
    """A mesh as stored: its surface, baked shade by vertex, and movement by vertex for each mm of fat (or nothing)."""

    surface: Surface
    shade: list[int]
    per_fat: list[Point]
    fat_mm: float | None


@dataclass(frozen=True)
class Region:
    """A region ready to draw: structures, landmarks and meshes in mm (RAS), claims by id."""

    id: str
    name: str
    structures: tuple[Structure, ...]
    landmarks: dict[str, Point]
    crest: list[Point]
    lines: dict[str, list[Point]]
    fascia: HeightMap
    meshes: dict[str, Mesh]
    claims: Mapping[str, Claim]
    folder: Path
    landmark_names: Mapping[str, str] = field(default_factory=dict)
    spreads: tuple[LandmarkSpread, ...] = ()
    measures: tuple[Measure, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

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
    lines = {name: [_point(row) for row in _rows(folder / f"{name}_right.csv", root)] for name in LINES}
    fascia = _height_map(folder / "fascia.json", root)
    meshes = {path.stem: _mesh(path, root) for path in sorted((folder / "meshes").glob("*.json"))}
    faults = _faults(document, manifest, landmarks, meshes, claims) + _measure_faults(
        document, manifest, landmarks, claims
    )
    if manifest.id != region_id:
        faults.append(document.fault(("id",), f"is '{manifest.id}'", f"'{region_id}', as the folder is known"))
    if faults:
        raise LocatedError(*faults)
    return Region(
        manifest.id, manifest.name, manifest.structures, landmarks, lines["crest"], lines, fascia, meshes, claims, folder,
        {row["id"]: row["name"] for row in rows}, manifest.landmarks, manifest.measures, manifest.left_out,
    )  # fmt: skip


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
        for name in sorted(set(structure.mesh_names()) - set(meshes)):
            found.append(document.fault((*at, "meshes"), f"'{name}' has no file", f"one of: {', '.join(meshes)}"))
        if structure.line and structure.line not in LINES:
            found.append(document.fault((*at, "line"), f"'{structure.line}' is no line", f"one of: {', '.join(LINES)}"))
        waypoints = structure.waypoints()
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


def _measure_faults(
    document: Document, manifest: Manifest, landmarks: Mapping[str, Point], claims: Mapping[str, Claim]
) -> list[Fault]:
    found, structures = [], {s.id: s for s in manifest.structures}
    for i, measure in enumerate(manifest.measures):
        at = ("measures", i)
        if measure.structure not in structures:
            found.append(document.fault((*at, "structure"), f"'{measure.structure}' is not there", "correct its id"))
        elif (measure.to_begin_of or 0) >= max(1, len(structures[measure.structure].runs())):
            fault = document.fault(
                (*at, "to_begin_of"), f"is {measure.to_begin_of}", "0 for the path, 1 for the first branch"
            )
            found.append(fault)
        ends = filter(None, [measure.start, measure.end])
        for name in sorted({w.landmark for w in ends if w.landmark} | set(measure.to_line or ())):
            if name not in landmarks:
                found.append(document.fault(at, f"landmark '{name}' is not in landmarks.csv", "correct its name"))
        found += [fault for ref in measure.refs() for fault in _value_faults(document, at, ref, claims)]
    for i, spread in enumerate(manifest.landmarks):
        if spread.id not in landmarks:
            fault = document.fault(("landmarks", i, "id"), f"'{spread.id}' is not in landmarks.csv", "correct its name")
            found.append(fault)
        found += _value_faults(document, ("landmarks", i), spread.spread, claims)
    for ref in manifest.left_out:
        found += _value_faults(document, ("left_out", ref), ref, claims, {"mm", "cm"})
    return found


def _ref_faults(
    document: Document, at: tuple[int | str, ...], ref: str, structure: Structure, claims: Mapping[str, Claim]
) -> list[Fault]:
    claim_id = ref.partition("#")[0]
    if claim_id not in structure.claims:
        return [document.fault((*at, "claims"), f"lacks '{claim_id}', which places it", "add it")]
    return _value_faults(document, at, ref, claims)


def _value_faults(
    document: Document,
    at: tuple[int | str, ...],
    ref: str,
    claims: Mapping[str, Claim],
    units: Container[str] = ("mm",),
) -> list[Fault]:
    claim_id, _, name = ref.partition("#")
    if claim_id not in claims or not claims[claim_id].published:
        return [document.fault(at, f"'{claim_id}' is no published claim", "correct its id")]
    try:
        quantity = claims[claim_id].quantity(name)
    except KeyError:
        names = ", ".join(q.name or "(no name)" for q in claims[claim_id].values) or "none"
        return [document.fault(at, f"'{ref}' is no value", f"values of that claim: {names}")]
    if quantity.unit not in units:
        return [document.fault(at, f"'{ref}' is in '{quantity.unit}'", "a place needs mm")]
    return []


def _rows(path: Path, root: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise LocatedError(Fault(str(path.relative_to(root)), 1, "file", "does not exist", "run make_meshes.py"))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _point(row: dict[str, str]) -> Point:
    return float(row["right_mm"]), float(row["anterior_mm"]), float(row["superior_mm"])


def _mesh(path: Path, root: Path) -> Mesh:
    try:
        mesh = json.loads(path.read_text(encoding="utf-8"))
        surface = Surface([tuple(p) for p in mesh["vertices_ras_mm"]], [tuple(t) for t in mesh["triangles"]])
        return Mesh(surface, mesh.get("shade", []), [tuple(p) for p in mesh.get("per_fat", [])], mesh.get("fat_mm"))
    except (ValueError, KeyError, TypeError):
        raise LocatedError(
            Fault(str(path.relative_to(root)), 1, "file", "is not a mesh", "run make_meshes.py")
        ) from None


def _height_map(path: Path, root: Path) -> HeightMap:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return HeightMap(stored["right_mm"], stored["superior_mm"], stored["step_mm"], stored["anterior_mm"])
    except (OSError, ValueError, KeyError, TypeError):
        raise LocatedError(
            Fault(str(path.relative_to(root)), 1, "file", "is not a height map", "run make_meshes.py")
        ) from None
