"""Sheets of hand-drawn areas on the model's outline: the fields of skin nerves, and maps of pain."""

from __future__ import annotations

from backmice.anatomy.frame import Surface
from backmice.drawings.areas import AREAS, FIELDS
from backmice.drawings.body import down, folds, from_behind, from_the_side, whole
from backmice.drawings.drawing import PainMap, Plate
from backmice.drawings.sheet import Drawn, Flat, Label, Mark, Sheet, column

#: Fields: the view from behind stands round u = 0, that from the side beyond it.
SIDE_AT, FIELDS_BOTTOM, FIELDS_TYPE = 292.0, 424.0, 23.0
LABELS_AT, CHARS = -196.0, 16
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
