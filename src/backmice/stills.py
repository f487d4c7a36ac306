"""A picture in the sizes that pages offer, of which a browser takes the one that fits: AVIF, and WebP for older ones.

They are made once and kept: a build that finds them never opens the picture.
"""

from __future__ import annotations

import io
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from backmice.kept import digest, kept

#: Beside the course, so that each build of it finds them.
KEPT = ".cache/stills"
#: In pixels, of a phone, of a phone's fine screen, and of a wide page.
WIDTHS = (360, 720, 1280)
#: How each form is written. One thread, so that the same picture gives the same bytes on any machine.
FORMS = {"avif": {"quality": 55, "speed": 8, "max_threads": 1}, "webp": {"quality": 72, "method": 4}}


@dataclass(frozen=True)
class Still:
    """One size of a picture: its form, its width in pixels, a name that tells its content, and that content."""

    form: str
    width: int
    name: str
    content: bytes


def stills(root: Path, source: Path) -> list[Still]:
    """Return a picture in every form and size, none wider than itself, by form and from narrow to wide."""
    content = source.read_bytes()
    key = digest([version("pillow").encode(), Path(__file__).read_bytes(), content])

    def make() -> bytes:
        made = [(form, width, b64encode(data).decode()) for form, width, data in _drawn(content)]
        return json.dumps(made).encode()

    found = []
    for form, width, data in json.loads(kept(root / KEPT, f"{key}.json", make)):
        drawn = b64decode(data)
        name = f"{source.stem}-{width}-{sha256(drawn).hexdigest()[:10]}.{form}"
        found.append(Still(form, width, name, drawn))
    return found


def _drawn(content: bytes) -> list[tuple[str, int, bytes]]:
    import PIL.Image  # here, since most builds find everything made
    from PIL import features

    picture = PIL.Image.open(io.BytesIO(content)).convert("RGB")
    widths = sorted({min(width, picture.width) for width in WIDTHS})
    drawn = []
    for form in (form for form in FORMS if features.check(form)):
        for width in widths:
            size = (width, round(picture.height * width / picture.width))
            written = io.BytesIO()
            small = picture.resize(size, PIL.Image.Resampling.LANCZOS)
            small.save(written, form.upper(), **FORMS[form])
            drawn.append((form, width, written.getvalue()))
    return drawn
