"""The anatomy figure of a region without script: a picture, a list and a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from backmice.anatomy.camera import VIEWS
from backmice.anatomy.distances import distances
from backmice.anatomy.structure import LAYERS, Region
from backmice.html.template import render

#: By width in pixels.
PICTURES = {720: "behind-720.webp", 1280: "behind-1280.webp"}
#: What a browser without 3-D shows for each view of VIEWS.
STILLS = {"Behind": PICTURES[720], "Oblique": "oblique-720.webp", "Side": "side-720.webp", "Crest": "crest-720.webp"}


def figure_html(region: Region, chip: Callable[[str], Markup], **found: Any) -> Markup:
    """Return the picture, list and table of a region, up to the caption.

    Parameters
    ----------
    chip
        Gives the small link to a claim, by its id.
    found
        Where data, bundle and pictures are: see `addresses`; and, for a page, the `named` views.
    """
    return render("figure", region=region, views=VIEWS, layers=LAYERS, rows=_rows(region, chip), **found)


def _rows(region: Region, chip: Callable[[str], Markup]) -> list[dict[str, Any]]:
    """Return the table: each structure, the claims it rests on, and each distance with its own claim."""
    rows, published = [], distances(region)
    for structure in region.structures:
        found = [(d, chip(d.ref.partition("#")[0])) for d in published if d.structure is structure]
        measured = {d.ref.partition("#")[0] for d, _ in found}
        chips = [chip(claim_id) for claim_id in structure.claims if claim_id not in measured]
        rows.append({"structure": structure, "distances": found, "chips": chips})
    return rows
