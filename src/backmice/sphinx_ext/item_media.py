"""Pictures and figures of items, published beside the book."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import imagesize
from markupsafe import Markup
from sphinx.application import Sphinx

from backmice.anatomy.camera import VIEWS
from backmice.html.media import Media, Picture
from backmice.html.template import render
from backmice.items.kinds import Hotspot, Landmark
from backmice.sphinx_ext.figure import addresses, region_of

FOLDER = "_static/items"


@dataclass(frozen=True)
class BookMedia(Media):
    """Pictures and figures of the book, with addresses from one of its pages."""

    app: Sphinx
    docname: str

    def picture(self, item: Hotspot) -> Picture:
        """Copy the picture beside the book."""
        return publish(self.app, Path(self.app.srcdir) / item.picture, self.docname)

    def figure(self, item: Landmark, anchor: str) -> Markup:
        """Return the same figure as on its own page, drawn only after a press; names that tell stay away."""
        region = region_of(self.app, item.figure)
        found = addresses(self.app, region, self.docname)
        return render("landmark_figure", region=region, views=VIEWS, anchor=anchor, **found)


def publish(app: Sphinx, source: Path, docname: str) -> Picture:
    """Copy a picture beside the book, under a name that changes with its content; return where `docname` finds it."""
    content = source.read_bytes()
    name = f"{source.stem}-{sha256(content).hexdigest()[:10]}{source.suffix}"
    target = Path(app.outdir) / FOLDER / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    width, height = imagesize.get(source)
    root = "../" * docname.count("/")
    return Picture(f"{root}{FOLDER}/{name}", max(0, int(width)), max(0, int(height)))
