"""A quiz as forms that need neither script nor style to be read; static/backmice-quiz.js makes them answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from backmice.html.media import Media
from backmice.html.template import render
from backmice.items.model import Item, Quiz

#: By kind: what is asked for, and the templates `item_<form>` and `key_<form>` that ask.
RESPONSE_FORMS = {
    "single": ("one answer", "choice"),
    "multiple": ("several answers: choose all that apply", "choice"),
    "matching": ("one option for each case", "matching"),
    "ordering": ("put the steps in order", "ordering"),
    "numeric": ("a number with its unit", "numeric"),
    "hotspot": ("one region of the picture", "choice"),
    "landmark": ("one structure, in the figure or in the list", "choice"),
}


def quiz_html(
    quiz: Quiz,
    items: Sequence[Item],
    chip: Callable[[str], Markup],
    anchors: Sequence[str] | None = None,
    *,
    media: Media | None = None,
    passages: Mapping[str, tuple[str, str]] | None = None,
) -> Markup:
    """Return the forms of a quiz.

    Parameters
    ----------
    chip
        Gives the small link to a claim, by its id.
    anchors
        The HTML id of each item.
    media
        Gives pictures and figures; without it pictures keep their path and figures are left out.
    passages
        Address and lesson of the passage that teaches an objective.
    """
    anchors = anchors or [f"item-{item.id}" for item in items]
    rows = list(zip(items, anchors, strict=True))
    return render(
        "quiz", quiz=quiz, rows=rows, chip=chip, forms=RESPONSE_FORMS, media=media or Media(), passages=passages or {}
    )
