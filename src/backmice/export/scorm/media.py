"""Pictures of hotspots and figures of landmarks, in a package."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from backmice.anatomy.camera import VIEWS
from backmice.anatomy.drawn import drawn
from backmice.anatomy.structure import Region, load_region
from backmice.anatomy.view import load_views
from backmice.assets import plotly_bundle
from backmice.export.paper import Paper
from backmice.export.pictures import opened
from backmice.html.figure import PICTURES, STILLS
from backmice.html.media import Media, Picture
from backmice.html.template import render
from backmice.items.model import Hotspot, Landmark


class PackageMedia(Media):
    """Gives the addresses of media, and keeps in `found` the bytes of what was asked for, by path."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.found: dict[str, bytes] = {}
        self._figures: dict[str, dict[str, Any]] = {}

    def picture(self, item: Hotspot) -> Picture:
        """Take a picture into the package."""
        path = item.picture  # below media/, and two folders may have pictures of one name
        content = self.found[path] = self.paper.pictures[path]
        return Picture(path) if path.endswith(".svg") else Picture(path, *opened(path, content).size)

    def figure(self, item: Landmark, anchor: str) -> Markup:
        """Take a figure into the package, and the script that draws it."""
        if item.figure not in self._figures:
            region = load_region(self.paper.root, item.figure, self.paper.ledger.claims)
            self._figures[item.figure] = {"region": region, **self._addresses(region)}
        return render("landmark_figure", views=VIEWS, anchor=anchor, **self._figures[item.figure])

    def _addresses(self, region: Region) -> dict[str, Any]:
        views = load_views(self.paper.root, region)
        data = drawn(self.paper.root, region, views, self.paper.ledger)[None]
        bundle, _ = plotly_bundle(self.paper.root)
        self.found[f"media/{region.id}.json"] = data.encode()
        self.found["media/plotly.js"] = bundle.read_bytes()
        for picture in {*PICTURES.values(), *STILLS.values()}:
            self.found[f"media/{picture}"] = (region.folder / "pictures" / picture).read_bytes()
        return {
            "data": f"media/{region.id}.json",
            "bundle": "media/plotly.js",
            "pictures": {width: f"media/{name}" for width, name in PICTURES.items()},
            "stills": {view: f"media/{name}" for view, name in STILLS.items()},
        }
