"""The picture of a hotspot, opened."""

from __future__ import annotations

import io

import PIL.Image

from backmice.export.paper import ExportError, Paper
from backmice.items.model import Hotspot


def opened(paper: Paper, item: Hotspot) -> PIL.Image.Image:
    """Return the picture of an item.

    Raises
    ------
    ExportError
        If it is none that can be drawn on.
    """
    try:
        return PIL.Image.open(io.BytesIO(paper.pictures[item.picture]))
    except PIL.UnidentifiedImageError:
        raise ExportError(
            f"item '{item.id}': picture: '{item.picture}' can't be read as dots; give a .webp, .png or .jpg"
        ) from None
