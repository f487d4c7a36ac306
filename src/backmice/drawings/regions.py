"""Sheets of hand-drawn areas on the model's outline: the fields of skin nerves and of roots, and maps of pain."""

from __future__ import annotations

from backmice.anatomy.frame import Surface
from backmice.anatomy.structure import Region
from backmice.drawings.areas import AREAS, FIELDS, ROOTS
from backmice.drawings.body import down, folds, from_behind, from_the_side, whole
from backmice.drawings.drawing import PainMap, Plate
from backmice.drawings.sheet import Drawn, Flat, Label, Mark, Sheet, column

#: Fields: the view from behind stands round u = 0, that from the side beyond it.
SIDE_AT, FIELDS_BOTTOM, FIELDS_TYPE = 292.0, 424.0, 23.0
LABELS_AT, CHARS = -196.0, 16
#: Roots: down to below the knee.
ROOTS_BOTTOM, ROOTS_TYPE = 510.0, 17.0
#: Maps of pain: the figure seen from in front stands beside the one from behind.
FRONT_AT, MAP_TYPE = 412.0, 31.0
TOP = -206.0


def fields(skin: Surface, plate: Plate) -> Sheet:
    """Return the sheet of the fields of skin nerves, from behind and from the right side."""
    back, front = from_the_side(skin)
    side = (*down(back, shift=SIDE_AT), *reversed(down(front, shift=SIDE_AT)))
    named = [(part.short, down([FIELDS[part.draws].thread_to])[0]) for part in plate.parts]
    labels = column(
        named, u=LABELS_AT, anchor="start", chars=CHARS, size=FIELDS_TYPE, top=TOP + 30, bottom=FIELDS_BOTTOM - 20
    )
    return Sheet(
        -204, TOP - 34, SIDE_AT + 222 + 204, FIELDS_BOTTOM - TOP + 34, FIELDS_TYPE,
        ground=(Mark("body", whole(from_behind(skin)), "skin"), *folds(), Mark("body", side, "skin")),
        parts=tuple(Drawn(p.id, _field_marks(p.draws), label) for p, label in zip(plate.parts, labels)),
        letters=tuple(letter for part in plate.parts for letter in _letters(part.draws)),
        notes=(Label(("From behind",), 0, TOP - 12, "middle"), Label(("Right side",), SIDE_AT + 92, TOP - 12, "middle")),
    )  # fmt: skip


def _field_marks(name: str) -> tuple[Mark, ...]:
    field = FIELDS[name]
    views = (down(field.behind), down(field.side, shift=SIDE_AT))
    return tuple(Mark("field", view, field.layer, is_closed=True, hatch_deg=field.hatch_deg) for view in views)


def _letters(name: str) -> tuple[Label, ...]:
    field = FIELDS[name]
    places: list[Flat] = list(down([field.letter_behind]))
    if field.letter_side:
        places += down([field.letter_side], shift=SIDE_AT)
    return tuple(Label((field.letter,), u, v + FIELDS_TYPE * 0.36, "middle") for u, v in places)


def roots(region: Region, plate: Plate) -> Sheet:
    """Return the sheet of the skin of roots, from behind: as bands on the left half, as places on the right one."""
    outline = whole(from_behind(region.meshes["skin_female"].surface))
    return Sheet(
        -204, TOP - 34, 408, ROOTS_BOTTOM - TOP + 34, ROOTS_TYPE,
        ground=(Mark("body", outline, "skin"), *folds()),
        parts=tuple(Drawn(part.id, _root_marks(region, part.draws), _root_labels(part.draws)[0]) for part in plate.parts),
        letters=tuple(label for part in plate.parts for label in _root_labels(part.draws)[1:]),
        notes=tuple(Label((words,), u, TOP - 12, "middle") for words, u in (("As bands", -90), ("As places", 90))),
    )  # fmt: skip


def _root_marks(region: Region, name: str) -> tuple[Mark, ...]:
    root = ROOTS[name]
    areas = [
        Mark("field", down(border, is_mirrored=root.is_band), root.layer, is_closed=True, hatch_deg=root.hatch_deg)
        for border in root.borders
    ]
    if root.key_point is None:
        return tuple(areas)
    if isinstance(root.key_point, str):
        right, _, superior = region.landmarks[root.key_point]
        return (*areas, Mark("dot", down([(right, superior)]), root.layer))
    return (*areas, Mark("dot", down([root.key_point]), root.layer))


def _root_labels(name: str) -> list[Label]:
    root = ROOTS[name]
    places = down(root.letters_at, is_mirrored=root.is_band)
    return [Label((root.letters,), u, v + ROOTS_TYPE * 0.36, "middle") for u, v in places]


def pain_sheet(skin: Surface, one: PainMap, figures: dict[str, str]) -> Sheet:
    """Return the sheet of one map of pain: from behind, and from in front beside it.

    Parameters
    ----------
    figures
        What stands in an area, by the area's name: its share in words.
    """
    behind = whole(from_behind(skin))
    front = tuple((u + FRONT_AT, v) for u, v in whole(from_behind(skin, is_front=True)))
    return Sheet(
        -204, TOP - 46, FRONT_AT + 408, 1242, MAP_TYPE,
        ground=(Mark("body", behind, "skin"), *folds(), Mark("body", front, "skin"), _navel()),
        parts=tuple(_felt(felt.area, felt.how, figures.get(felt.area)) for felt in one.felt),
        notes=(Label(("From behind",), 0, TOP - 10, "middle"), Label(("From in front",), FRONT_AT, TOP - 10, "middle")),
    )  # fmt: skip


def _navel() -> Mark:
    return Mark("crease", ((FRONT_AT - 3, -96), (FRONT_AT, -90), (FRONT_AT + 3, -96)))


def _felt(name: str, how: str, figure: str | None) -> Drawn:
    area = AREAS[name]
    # From in front the right side of the body is at the viewer's left.
    place = {"shift": FRONT_AT, "is_mirrored": True} if area.view == "front" else {}
    ((u, v),) = down([area.figure_at], **place)
    label = Label((figure,), u, v + MAP_TYPE * 0.36, "middle") if figure else None
    hatch = 45 if how == "reported" else None
    border = Mark(f"felt is-{how}", down(area.border, **place), "muscle", is_closed=True, hatch_deg=hatch)
    return Drawn(name, (border,), label)
