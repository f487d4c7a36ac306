"""Named views of a figure, and tasks of finding a place: what chapters and practice ask the figure to show.

Both name structures, landmarks and claims of their region, never a bare number where a claim gives one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from backmice.anatomy.distances import centre
from backmice.anatomy.structure import LAYERS, MEDIA, REGIONS, Region, ValueRef
from backmice.evidence.claim import Slug
from backmice.located import Document, Fault, Loc, LocatedError, Model, read_yaml

PlaceId = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
Words = Annotated[str, Field(min_length=8)]
#: A place of its own: the midline at the height of the other end of a measure.
MIDLINE = "midline"


class Cut(Model):
    """Where the figure is cut: `transverse` at a height, `sagittal` at a distance right of the midline."""

    plane: Literal["transverse", "sagittal"]
    at_mm: float


class View(Model):
    """What a sentence of a chapter shows: from where, which layers or structures, what is measured, cut or compared."""

    id: Slug
    name: Words
    says: Words
    camera: Literal["Behind", "Oblique", "Side", "Crest"]
    layers: tuple[str, ...] = ()
    structures: tuple[Slug, ...] = ()
    labels: bool = False
    measure: tuple[PlaceId, PlaceId] | None = None
    cut: Cut | None = None
    studies: Slug | None = None

    @model_validator(mode="after")
    def _one_tool(self) -> View:
        if bool(self.layers) == bool(self.structures):
            raise ValueError("give layers or structures; one of the two says what is shown")
        if sum(tool is not None for tool in (self.measure, self.cut, self.studies)) > 1:
            raise ValueError("has several of measure, cut and studies; give one at most")
        return self


class Task(Model):
    """A place to find by touch or by numbers, with how far off still counts, and on what that rests."""

    place: PlaceId
    ask: Words
    tolerance: ValueRef | None = None
    tolerance_mm: Annotated[float, Field(gt=0, le=50)] | None = None
    because: Words

    @model_validator(mode="after")
    def _one_tolerance(self) -> Task:
        if (self.tolerance is None) == (self.tolerance_mm is None):
            raise ValueError("give tolerance, a value of a claim, or tolerance_mm, which is ours; one of the two")
        return self

    def mm(self, region: Region) -> float:
        """Return how far off still counts."""
        return self.tolerance_mm if self.tolerance is None else centre(region.quantity(self.tolerance))


class Shown(Model):
    """The file of a region's views and tasks, as written."""

    views: tuple[View, ...]
    find: tuple[Task, ...]


@dataclass(frozen=True)
class Views:
    """The views of a region by id, and its tasks."""

    views: dict[str, View]
    tasks: tuple[Task, ...]


def load_views(root: Path, region: Region) -> Views:
    """Read what chapters and practice show of a region.

    Raises
    ------
    LocatedError
        If the file does not fit, or names a structure, landmark, layer or value that is not there.
    """
    document = read_yaml(root / MEDIA / REGIONS[region.id] / "views.yml", root)
    shown = document.parse(Shown)
    if faults := [*_view_faults(document, shown, region), *_task_faults(document, shown, region)]:
        raise LocatedError(*faults)
    return Views({view.id: view for view in shown.views}, shown.find)


def placed(region: Region) -> dict[str, str]:
    """Return the names of all that can be an end of a measure, by id: landmarks, then structures."""
    return dict.fromkeys(region.landmarks, "landmark") | {s.id: "structure" for s in region.structures}


def _view_faults(document: Document, shown: Shown, region: Region) -> Iterator[Fault]:
    structures = {s.id: s for s in region.structures}
    ids = [view.id for view in shown.views]
    for i, view in enumerate(shown.views):
        at: Loc = ("views", i)
        if ids.index(view.id) != i:
            yield document.fault((*at, "id"), f"'{view.id}' stands twice", "give each its own id")
        yield from _strangers(document, (*at, "layers"), view.layers, LAYERS)
        yield from _strangers(document, (*at, "structures"), view.structures, structures)
        yield from _strangers(document, (*at, "measure"), view.measure or (), {**placed(region), MIDLINE: ""})
        if view.studies:
            sited = {id_: s for id_, s in structures.items() if s.refs()}
            yield from _strangers(document, (*at, "studies"), (view.studies,), sited)


def _task_faults(document: Document, shown: Shown, region: Region) -> Iterator[Fault]:
    sited = {id_ for id_ in region.landmarks} | {s.id for s in region.structures if s.refs()}
    for i, task in enumerate(shown.find):
        at: Loc = ("find", i)
        yield from _strangers(document, (*at, "place"), (task.place,), dict.fromkeys(sorted(sited)))
        if task.tolerance and (wrong := _value_fault(region, task.tolerance)):
            yield document.fault((*at, "tolerance"), *wrong)


def _strangers(document: Document, at: Loc, names: tuple[str, ...], known: Mapping[str, Any]) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield document.fault(at, f"'{name}' is not there", f"one of: {', '.join(known)}")


def _value_fault(region: Region, ref: str) -> tuple[str, str] | None:
    claim = region.claims.get(ref.partition("#")[0])
    if claim is None or not claim.published:
        return f"'{ref}' is no published claim", "correct its id"
    try:
        quantity = region.quantity(ref)
    except KeyError:
        names = ", ".join(q.name or "(no name)" for q in claim.values) or "none"
        return f"'{ref}' is no value", f"values of that claim: {names}"
    return None if quantity.unit == "mm" else (f"'{ref}' is in '{quantity.unit}'", "a tolerance needs mm")
