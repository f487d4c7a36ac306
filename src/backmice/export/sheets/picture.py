"""A picture with its regions outlined and lettered, for paper."""

from __future__ import annotations

import io

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from backmice.export.paper import Paper
from backmice.export.pictures import opened
from backmice.export.sheets.sheet import Picture

INK, PAPER = (19, 33, 31), (255, 255, 255)


def lettered(paper: Paper, picture: Picture) -> bytes:
    """Return the picture as PNG, each region outlined and named by its letter in this version.

    Raises
    ------
    ExportError
        If it is none that can be drawn on.
    """
    image = opened(picture.item.picture, paper.pictures[picture.item.picture])
    drawing, size = PIL.ImageDraw.Draw(image), max(image.width // 32, 12)
    font = PIL.ImageFont.load_default(size)
    regions = {option.id: option.region for option in picture.item.options}
    for id_, letter in picture.letters:
        corners = [(x * image.width / 100, y * image.height / 100) for x, y in regions[id_]]
        for colour, width in ((PAPER, size // 4), (INK, size // 8)):
            drawing.line([*corners, corners[0]], fill=colour, width=width, joint="curve")
        middle = sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)
        reach = 0.75 * size
        box = [middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach]
        drawing.ellipse(box, fill=PAPER, outline=INK, width=2)
        drawing.text(middle, letter, fill=INK, font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
