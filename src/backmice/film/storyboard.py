"""The storyboard of a film: what an author writes, from which pictures, narration, captions and chapters are made.

Times are never given in seconds of the film: an action names the sentences during which it goes on, and the sound of
those sentences says when that is. Reading needs nothing but the book's own packages; drawing needs more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from backmice.evidence.claim import Slug
from backmice.located import Document, Fault, Loc, LocatedError, Model, read_yaml
from backmice.video import Known

VIDEOS = Path("media/videos")
STORYBOARD = "storyboard.yml"

LAYERS = ("skin", "fat", "fascia", "muscle", "nerve", "ligament", "bone", "region")
#: A layer's opacity, or the one side on which it is kept while it is peeled from the other.
Shown = Annotated[float, Field(ge=0, le=1)] | Literal["left", "right"]
Side = Literal["left", "right"]
Station = Literal[
    "behind", "oblique-left", "oblique-right", "side-left", "side-right", "crest-left", "crest-right", "above", "low-left",
    "low-right",
]  # fmt: skip
PlaceId = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
Words = Annotated[str, Field(min_length=2, max_length=60)]
Millimetre = Annotated[float, Field(ge=-260, le=260)]
Positive = Annotated[float, Field(gt=0)]
#: First and last sentence of the shot, counted from 1.
During = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]


class Place(Model):
    """A place on the back: a landmark, a lump of the film, a point of the crest, or a distance from midline and spines.

    The side of `crest_mm` (distance from the midline) is `side`. `shift_mm` moves any of them to the right and upwards.
    Depth is not said: hands, pens, rulers and probes are on the skin, labels where their thing is.
    """

    landmark: PlaceId | None = None
    lump: Slug | None = None
    crest_mm: Annotated[float, Field(ge=40, le=125)] | None = None
    side: Side = "right"
    right_mm: Millimetre | None = None
    superior_mm: Millimetre | None = None
    shift_mm: tuple[float, float] = (0.0, 0.0)

    @model_validator(mode="after")
    def _one_way(self) -> Place:
        ways = (self.landmark, self.lump, self.crest_mm, self.right_mm)
        if sum(way is not None for way in ways) != 1 or (self.right_mm is None) != (self.superior_mm is None):
            raise ValueError("is no single place; give landmark, lump, crest_mm, or right_mm with superior_mm")
        return self


class Lump(Model):
    """Something under the skin: millimetres along, deep and across; how deep under the skin its middle lies."""

    id: Slug
    kind: Literal["nodule", "lipoma", "cyst", "trigger-point", "hernia"] = "nodule"
    at: Place
    size_mm: tuple[Positive, Positive, Positive] = (17.0, 8.0, 12.0)
    depth_mm: Annotated[float, Field(gt=0, le=40)] | None = None
    turn_deg: float = 0.0


class Look(Model):
    """Where the camera stands, what it looks at, and how many millimetres the picture is wide there."""

    station: Station = "behind"
    at: Place | None = None
    width_mm: Annotated[float, Field(ge=60, le=900)] = 520.0


class Camera(Model):
    """A slow move of the camera over the whole shot; without `start` it goes on from the shot before."""

    start: Look | None = None
    end: Look | None = None


class Change(Model):
    """Layers, or single structures, that fade or are peeled when a sentence begins; others stay as they are."""

    at: Annotated[int, Field(ge=1)] = 1
    layers: Annotated[dict[PlaceId, Shown], Field(min_length=1)]


class Label(Model):
    """A name at the side of the picture with a line to its place, shown during some sentences."""

    text: Words
    at: Place | None = None
    structure: PlaceId | None = None
    side: Side = "right"
    column: Side | None = None
    during: During | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Label:
        if (self.at is None) == (self.structure is None):
            raise ValueError("needs one place; give at or structure")
        return self


class Card(Model):
    """A short list beside the action; each line appears with the sentence its number names."""

    title: Words
    lines: Annotated[tuple[tuple[Annotated[int, Field(ge=1)], Words], ...], Field(min_length=1, max_length=7)]
    column: Side = "right"


class Act(Model):
    """What every actor has: the sentences during which it acts (the whole shot unless said)."""

    during: During | None = None


class Palpate(Act):
    """Fingertips travel along a path in small circles; `slip` lets a lump slide to and fro under them instead."""

    do: Literal["palpate"]
    path: Annotated[tuple[Place, ...], Field(min_length=1)]
    hand: Side = "right"
    pads: Annotated[int, Field(ge=1, le=3)] = 3
    circle_mm: Annotated[float, Field(ge=0, le=15)] = 6.0
    press_mm: Annotated[float, Field(ge=0, le=12)] = 4.0
    slip: Slug | None = None


class Press(Act):
    """Fingertips press firmly and stay; `pain` draws where pain is felt then, as a path on the skin."""

    do: Literal["press"]
    at: Place
    hand: Side = "right"
    pads: Annotated[int, Field(ge=1, le=3)] = 2
    press_mm: Annotated[float, Field(ge=0, le=12)] = 8.0
    pain: tuple[Place, ...] = ()


class Steady(Act):
    """A hand that rests flat and steadies."""

    do: Literal["steady"]
    at: Place
    hand: Side = "left"


class Mark(Act):
    """A pen draws a cross, a ring or a dashed line on the skin; the mark stays until the film's end."""

    do: Literal["mark"]
    shape: Literal["cross", "ring", "line"] = "ring"
    path: Annotated[tuple[Place, ...], Field(min_length=1)]
    radius_mm: Annotated[float, Field(gt=2, le=30)] = 9.0
    pen: bool = True


class Measure(Act):
    """A ruler from the midline outwards to a place, level with it, with a scale in centimetres."""

    do: Literal["measure"]
    to: Place


class Wipe(Act):
    """A swab prepares the skin in widening circles."""

    do: Literal["wipe"]
    at: Place
    radius_mm: Annotated[float, Field(gt=5, le=60)] = 35.0


class Inject(Act):
    """A syringe: `enter` goes in to the lump, `aspirate` draws back, `fan` injects in several directions, `leave` goes out.

    The hand that holds it is drawn. With `inset` a section beside shows needle tip, lump, fascia and bone.
    """

    do: Literal["inject"]
    into: Slug
    step: Literal["ready", "enter", "aspirate", "fan", "leave"]
    hand: Side = "right"
    angle_deg: Annotated[float, Field(ge=20, le=90)] = 55.0
    directions: Annotated[int, Field(ge=1, le=9)] = 5
    inset: bool = True


class Cough(Act):
    """The patient coughs: a hernia swells under the skin with each, twice."""

    do: Literal["cough"]
    lump: Slug


class Pulse(Act):
    """A structure or lump is set off in a lighter colour, slowly, without flashing."""

    do: Literal["show"]
    structure: PlaceId | None = None
    lump: Slug | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Pulse:
        if (self.structure is None) == (self.lump is None):
            raise ValueError("shows no single thing; give structure or lump")
        return self


class Spread(Act):
    """The places that studies give for a structure: a mark for each study, and its whole spread."""

    do: Literal["spread"]
    structure: PlaceId


class Pain(Act):
    """An area of referred pain grows over the skin along a path."""

    do: Literal["pain"]
    path: Annotated[tuple[Place, ...], Field(min_length=1)]
    width_mm: Annotated[float, Field(ge=10, le=90)] = 36.0


class Test(Act):
    """A whole-body figure shows a test, with arrows where the examiner's hands push; the stage is the figure alone."""

    do: Literal["test"]
    test: Literal[
        "standing", "distraction", "compression", "thigh-thrust", "gaenslen", "sacral-thrust", "faber", "straight-leg-raise",
        "knee-reflex", "ankle-reflex", "sensation", "toe-walk", "prone",
    ]  # fmt: skip
    side: Side = "right"


class Scan(Act):
    """An ultrasound probe on the skin moves along a path; a simulated frame beside it follows.

    `frame` is an id of media/ultrasound/frames.yml, `slide_mm` how far the picture moves over its section;
    `parts` names its parts, all the time or during some sentences. Over a single place the probe presses and lets go.
    """

    do: Literal["scan"]
    path: Annotated[tuple[Place, ...], Field(min_length=1)]
    frame: Slug
    slide_mm: tuple[float, float] = (0.0, 0.0)
    across: bool = True
    parts: bool | During = False


Action = Annotated[
    Palpate | Press | Steady | Mark | Measure | Wipe | Inject | Cough | Pulse | Spread | Pain | Test | Scan,
    Field(discriminator="do"),
]


class Sentence(Model):
    """One spoken sentence; `claims` are what it rests on, `pause_s` the silence after it."""

    say: Annotated[str, Field(min_length=4, max_length=190, pattern=r"^\S.*[.?!]$")]
    claims: tuple[Slug, ...] = ()
    pause_s: Annotated[float, Field(ge=0.2, le=6)] = 0.45


class Shot(Model):
    """A take: what is seen while its sentences are spoken.

    `chapter` begins a chapter here, `described` tells those who can't see what is seen, `question` stops the film at the
    end of the shot for an item, `view` is what the 3-D figure beside the film shows.
    """

    id: Slug
    chapter: Words | None = None
    described: Annotated[str, Field(min_length=12, max_length=400)]
    narration: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    camera: Camera = Camera()
    layers: tuple[Change, ...] = ()
    lumps: tuple[Slug, ...] = ()
    actions: tuple[Action, ...] = ()
    labels: tuple[Label, ...] = ()
    card: Card | None = None
    question: Slug | None = None
    view: Slug | None = None
    hold_s: Annotated[float, Field(ge=0, le=6)] = 0.6


class Storyboard(Model):
    """The file of a film."""

    slug: Slug
    title: Annotated[str, Field(min_length=4, max_length=80)]
    summary: Annotated[str, Field(min_length=20, max_length=400)]
    lesson: Annotated[str, Field(pattern=r"^book/[a-z0-9/-]+$")]
    objectives: Annotated[tuple[Slug, ...], Field(min_length=1)]
    sex: Literal["female", "male"] = "female"
    fat_mm: Annotated[float, Field(ge=8, le=60)] = 20.0
    lumps: tuple[Lump, ...] = ()
    shots: Annotated[tuple[Shot, ...], Field(min_length=1)]

    def claims(self) -> tuple[str, ...]:
        """Return every claim that the narration rests on, once, in order."""
        return tuple(dict.fromkeys(c for shot in self.shots for line in shot.narration for c in line.claims))

    def words(self) -> int:
        """Return how many words are spoken."""
        return sum(len(line.say.split()) for shot in self.shots for line in shot.narration)


def load_storyboards(root: Path, known: Known) -> dict[str, Storyboard]:
    """Read and check every storyboard below `root`, by slug.

    Raises
    ------
    LocatedError
        If one does not fit, or names what is not there.
    """
    found, faults = {}, []
    for path in sorted((root / VIDEOS).glob(f"*/{STORYBOARD}")):
        try:
            board = load_storyboard(path, known, root)
        except LocatedError as error:
            faults += error.faults
        else:
            found[board.slug] = board
    if faults:
        raise LocatedError(*faults)
    return found


def load_storyboard(path: Path, known: Known, root: Path | None = None) -> Storyboard:
    """Read and check one storyboard.

    Raises
    ------
    LocatedError
        If it does not fit, or names what is not there.
    """
    document = read_yaml(path, root)
    board = document.parse(Storyboard)
    if faults := [*_faults(document, board, path.parent.name, known)]:
        raise LocatedError(*faults)
    return board


def _faults(document: Document, board: Storyboard, folder: str, known: Known) -> Iterator[Fault]:
    if board.slug != folder:
        yield document.fault(("slug",), f"is '{board.slug}'", f"'{folder}', as the folder is called")
    yield from _strangers(document, ("lesson",), (board.lesson,), known.lessons, "a page of _toc.yml")
    yield from _strangers(document, ("objectives",), board.objectives, known.objectives, "an objective of a lesson")
    yield from _twice(document, ("lumps",), [lump.id for lump in board.lumps])
    yield from _twice(document, ("shots",), [shot.id for shot in board.shots])
    if board.shots[0].chapter is None:
        yield document.fault(("shots", 0, "chapter"), "is missing", "the first shot begins a chapter")
    if board.shots[0].camera.start is None:
        yield document.fault(("shots", 0, "camera"), "has no start", "the first shot says where the camera stands")
    for i, lump in enumerate(board.lumps):
        yield from _place_faults(document, ("lumps", i, "at"), lump.at, board, known)
    for i, shot in enumerate(board.shots):
        yield from _shot_faults(document, ("shots", i), shot, board, known)


def _twice(document: Document, at: Loc, ids: list[str]) -> Iterator[Fault]:
    for i, id_ in enumerate(ids):
        if ids.index(id_) != i:
            yield document.fault((*at, i, "id"), f"'{id_}' stands twice", "give each its own id")


def _strangers(
    document: Document, at: Loc, names: Collection[str], known: Collection[str] | None, allowed: str
) -> Iterator[Fault]:
    for name in names:
        if known is not None and name not in known:
            yield document.fault(at, f"'{name}' is not there", allowed)


def _shot_faults(document: Document, at: Loc, shot: Shot, board: Storyboard, known: Known) -> Iterator[Fault]:
    lumps = [lump.id for lump in board.lumps]
    of_lumps = f"one of: {', '.join(lumps) or 'none, the film has no lumps'}"
    for j, line in enumerate(shot.narration):
        for k, id_ in enumerate(line.claims):
            if id_ not in known.claims or not known.claims[id_].published:
                yield document.fault(
                    (*at, "narration", j, "claims", k), f"'{id_}' is no published claim", "correct its id"
                )
    yield from _strangers(document, (*at, "question"), _given(shot.question), known.items, "an id of exercises/items")
    yield from _strangers(document, (*at, "view"), _given(shot.view), known.views, "a view of views.yml")
    yield from _strangers(document, (*at, "lumps"), shot.lumps, lumps, of_lumps)
    layers = None if known.structures is None else {*LAYERS, *known.structures}
    for j, change in enumerate(shot.layers):
        yield from _strangers(
            document,
            (*at, "layers", j, "layers"),
            change.layers,
            layers,
            f"a structure, or one of: {', '.join(LAYERS)}",
        )
        yield from _sentence_faults(document, (*at, "layers", j, "at"), (change.at, change.at), shot)
    for name in ("start", "end"):
        if (look := getattr(shot.camera, name)) and look.at:
            yield from _place_faults(document, (*at, "camera", name, "at"), look.at, board, known)
    for j, label in enumerate(shot.labels):
        here = (*at, "labels", j)
        yield from _strangers(
            document, (*here, "structure"), _given(label.structure), known.structures, "a structure's id"
        )
        yield from _sentence_faults(document, (*here, "during"), label.during, shot)
        if label.at:
            yield from _place_faults(document, (*here, "at"), label.at, board, known)
    for number, _ in shot.card.lines if shot.card else ():
        yield from _sentence_faults(document, (*at, "card", "lines"), (number, number), shot)
    for j, action in enumerate(shot.actions):
        here = (*at, "actions", j)
        yield from _sentence_faults(document, (*here, "during"), action.during, shot)
        for name, place in _places(action):
            yield from _place_faults(document, (*here, name), place, board, known)
        for name in ("slip", "into", "lump"):
            yield from _strangers(document, (*here, name), _given(getattr(action, name, None)), lumps, of_lumps)
        for name, ids, words in (
            ("structure", known.structures, "a structure's id"),
            ("frame", known.frames, "a frame's id"),
        ):
            yield from _strangers(document, (*here, name), _given(getattr(action, name, None)), ids, words)


def _given(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _places(action: Action) -> Iterator[tuple[str, Place]]:
    """Yield each place that an action names, with the name of its field."""
    for name in ("at", "to"):
        if place := getattr(action, name, None):
            yield name, place
    for name in ("path", "pain"):
        yield from ((name, place) for place in getattr(action, name, ()))


def _place_faults(document: Document, at: Loc, place: Place, board: Storyboard, known: Known) -> Iterator[Fault]:
    lumps = [lump.id for lump in board.lumps]
    yield from _strangers(document, at, _given(place.landmark), known.landmarks, "an id of landmarks.csv")
    yield from _strangers(document, at, _given(place.lump), lumps, f"one of: {', '.join(lumps) or 'none'}")


def _sentence_faults(document: Document, at: Loc, during: During | None, shot: Shot) -> Iterator[Fault]:
    count = len(shot.narration)
    if during and not during[0] <= during[1] <= count:
        yield document.fault(at, f"names sentences {during[0]} to {during[1]}", f"in order, from 1 to {count}")
