"""Pictures as other programs read them."""

from __future__ import annotations

import io

from backmice.export.paper import ExportError


def png(path: str, content: bytes, largest: tuple[int, int] | None = None) -> tuple[bytes, int, int]:
    """Return a picture as PNG with its width and height in pixels.

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
    import PIL.Image  # here, since no other command needs it

    try:
        image = PIL.Image.open(io.BytesIO(content)).convert("RGB")
    except (PIL.UnidentifiedImageError, OSError):
        raise ExportError(f"{path} is no picture with pixels; draw it as .webp, .png or .jpg") from None
    if largest:
        image.thumbnail(largest)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue(), image.width, image.height
