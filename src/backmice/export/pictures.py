"""Pictures as other programs read them."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from backmice.export.paper import ExportError

if TYPE_CHECKING:
    import PIL.Image


def opened(path: str, content: bytes) -> PIL.Image.Image:
    """Return a picture in red, green and blue, on white where it is see-through.

    Parameters
    ----------
    path
        What the picture is called where it can't be read.

    Raises
    ------
    ExportError
        If the picture has no pixels, as an SVG, or is none.
    """
    import PIL.Image  # here, since no other command needs it

    try:
        image = PIL.Image.open(io.BytesIO(content)).convert("RGBA")
    except (PIL.UnidentifiedImageError, OSError):
        raise ExportError(f"{path} is no picture with pixels; draw it as .webp, .png or .jpg") from None
    return PIL.Image.alpha_composite(PIL.Image.new("RGBA", image.size, "white"), image).convert("RGB")


@lru_cache(maxsize=64)
def png(path: str, content: bytes, largest: tuple[int, int] | None = None) -> tuple[bytes, int, int]:
    """Return a picture as PNG with its width and height in pixels; several targets ask for the same one.

    Parameters
    ----------
    path
        What the picture is called where it can't be read.
    largest
        Width and height, in pixels, that a larger picture is shrunk to fit.

    Raises
    ------
    ExportError
        If the picture has no pixels, as an SVG, or is none.
    """
    image = opened(path, content)
    if largest:
        image.thumbnail(largest)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue(), image.width, image.height


def place(path: str) -> str:
    """Return where a picture stands in a package, as PNG; one that was taken in from a package stays where it was."""
    name = path.removeprefix("media/").removeprefix("imported/")
    return f"images/{name}" if name.endswith(".png") else f"images/{name}.png"
