"""The plates of the course, read and held against the ledger and the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from backmice.anatomy.structure import Region
from backmice.drawings.areas import AREAS, FIELDS, ROOTS
from backmice.drawings.drawing import KINDS, Drawing, Felt, Plate
from backmice.drawings.surface import QUADRANTS
from backmice.evidence.claim import Claim
from backmice.evidence.ledger import mention_fault
from backmice.located import Document, Fault, Loc, LocatedError, read_yaml

DRAWINGS = Path("book/evidence/drawings")
#: Plates drawn by hand, and what they can draw.
BY_HAND: dict[str, Mapping[str, object]] = {"fields": FIELDS, "roots": ROOTS}
#: The region whose model the plates are drawn from.
REGION = "sacroiliac-triangle"


def load_drawings(root: Path, claims: Mapping[str, Claim], region: Region | None) -> dict[str, Drawing]:
    """Read every plate below `root`, by id: the name of its file.

    Raises
    ------
    LocatedError
        With every fault of every file.
    """
    found, faults = {}, []
    for path in sorted((root / DRAWINGS).glob("*.yml")):
        try:
            found[path.stem] = load_drawing(path, root, claims, region)
        except LocatedError as error:
            faults.extend(error.faults)
    if faults:
        raise LocatedError(*faults)
    return found


def load_drawing(path: Path, root: Path, claims: Mapping[str, Claim], region: Region | None) -> Drawing:
    """Read one plate; without a region the names of its structures are not looked up.

    Raises
    ------
    LocatedError
        If it does not fit its model, or names a claim, value, structure, field or area that is not there.
    """
    document = read_yaml(path, root)
    kind = document.value.get("kind") if isinstance(document.value, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        wrong = "is missing" if kind is None else f"is {kind!r}"
        raise LocatedError(document.fault(("kind",), wrong, f"one of: {', '.join(KINDS)}"))
    drawing = document.parse(KINDS[kind])
    check = _plate_faults if isinstance(drawing, Plate) else _map_faults
    if faults := check(document, drawing, claims, region):
        raise LocatedError(*faults)
    return drawing


def drawable(kind: str, region: Region) -> list[str]:
    """Return what a part of a surface map or a section can draw: structures, and on a surface landmarks and quadrants."""
    structures = [s.id for s in region.structures]
    if kind == "surface":
        shaped = [s.id for s in region.structures if s.outline or s.points or s.path or s.band or s.along_crest_mm]
        return [*shaped, QUADRANTS, *region.landmarks]
    return [id_ for id_, s in zip(structures, region.structures) if s.meshes or s.by_sex or s.lumps]


def _plate_faults(document: Document, plate: Plate, claims: Mapping[str, Claim], region: Region | None) -> list[Fault]:
    known = BY_HAND.get(plate.kind) or (drawable(plate.kind, region) if region else None)
    found = _twice(document, ("parts",), "id", [part.id for part in plate.parts])
    for i, part in enumerate(plate.parts):
        if known is not None and part.draws not in known:
            found.append(document.fault(("parts", i, "draws"), f"'{part.draws}' can't be drawn", _some(known)))
        found += _claim_faults(document, ("parts", i, "claims"), part.claims, claims)
    return found


def _map_faults(
    document: Document, drawing: Drawing, claims: Mapping[str, Claim], region: Region | None
) -> list[Fault]:
    found = _twice(document, ("maps",), "id", [one.id for one in drawing.maps])
    for m, one in enumerate(drawing.maps):
        at = ("maps", m, "felt")
        found += _twice(document, at, "area", [felt.area for felt in one.felt])
        for i, felt in enumerate(one.felt):
            if felt.area not in AREAS:
                fault = document.fault((*at, i, "area"), f"'{felt.area}' is no area", f"one of: {', '.join(AREAS)}")
                found.append(fault)
            found += _claim_faults(document, (*at, i, "claims"), felt.claims, claims)
            found += _value_faults(document, (*at, i, "value"), felt, claims)
    return found


def _value_faults(document: Document, at: Loc, felt: Felt, claims: Mapping[str, Claim]) -> list[Fault]:
    if not felt.value:
        return []
    id_, _, name = felt.value.partition("#")
    if fault := mention_fault(claims.get(id_), name):
        return [document.fault(at, f"'{id_}' {fault[0]}", fault[1])]
    unit = claims[id_].quantity(name).unit
    return [] if unit == "%" else [document.fault(at, f"'{felt.value}' is not in %", "a share of people")]


def _claim_faults(document: Document, at: Loc, ids: Iterable[str], claims: Mapping[str, Claim]) -> list[Fault]:
    return [
        document.fault((*at, i), f"'{id_}' {fault[0]}", fault[1])
        for i, id_ in enumerate(ids)
        if (fault := mention_fault(claims.get(id_)))
    ]


def _twice(document: Document, at: Loc, field: str, names: list[str]) -> list[Fault]:
    again = {name for name, count in Counter(names).items() if count > 1}
    return [
        document.fault((*at, i, field), f"'{name}' stands twice", "name each once")
        for i, name in enumerate(names)
        if name in again and names.index(name) != i
    ]


def _some(names: Container[str]) -> str:
    return f"one of: {', '.join(names)}"
