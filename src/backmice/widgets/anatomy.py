"""The anatomy figure of the book as a widget."""

from __future__ import annotations

import base64
import json
from typing import Any

import traitlets

from backmice.modules import one_module
from backmice.widgets.shared import DATA, PACKAGE, CourseWidget, read

REGION = "sacroiliac-triangle"


class AnatomyExplorer(CourseWidget):
    """The figure of a region, its state as traits that go both ways.

    Parameters
    ----------
    region
        The id of a region.
    traits
        Any of the traits below, to begin with.

    Attributes
    ----------
    layers : list of str
        Layers of which anything is shown; setting it shows or hides whole layers.
    visible : list of str
        Ids of the structures shown.
    selected : str
        Id of the structure last chosen, or empty.
    camera : dict
        Where the eye stands: `x`, `y` and `z` in the drawing's own units.
    labels, spread : bool
        Whether names, and where other studies put a structure, are shown.
    measured_mm : float or None
        What the figure's own measuring tool last gave; set by the figure alone.

    Raises
    ------
    traitlets.TraitError
        If a layer or structure is unknown; the message names the known ones.
    """

    _esm = one_module(PACKAGE / "static/widget-anatomy.js")

    layers = traitlets.List(traitlets.Unicode())
    visible = traitlets.List(traitlets.Unicode()).tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    camera = traitlets.Dict(per_key_traits={axis: traitlets.Float() for axis in "xyz"}).tag(sync=True)
    labels = traitlets.Bool(False).tag(sync=True)
    spread = traitlets.Bool(True).tag(sync=True)
    measured_mm = traitlets.Float(None, allow_none=True).tag(sync=True)

    def __init__(self, region: str = REGION, **traits: Any) -> None:
        about = json.loads(read(DATA / f"{region}.json"))
        #: By id: name, layer and note of each structure.
        self.structures: dict[str, dict[str, str]] = about["structures"]
        #: By name: where the eye stands.
        self.views: dict[str, dict[str, float]] = about["views"]
        self._picture = DATA / f"{region}.webp"
        begin = {"camera": next(iter(self.views.values()))}
        begin |= {} if "layers" in traits else {"visible": about["first"]}
        files = {"html": f"{region}.html", "figure": f"{region}-figure.json", "bundle": "plotly.js"}
        files |= {layer: f"{region}-{layer}.json" for layer in about["late"]}
        super().__init__(region, {use: DATA / name for use, name in files.items()}, **(begin | traits))

    @property
    def all_layers(self) -> list[str]:
        """The layers of the region, in the order of the figure."""
        return list(dict.fromkeys(about["layer"] for about in self.structures.values()))

    def look(self, view: str) -> None:
        """Move the eye to a named view, one of `views`.

        Raises
        ------
        KeyError
            If there is no such view.
        """
        if view not in self.views:
            raise KeyError(f"no view '{view}'; one of: {', '.join(self.views)}")
        self.camera = self.views[view]

    @traitlets.validate("visible", "selected", "layers")
    def _known(self, proposal: Any) -> Any:
        value, name = proposal["value"], proposal["trait"].name
        known = self.all_layers if name == "layers" else list(self.structures)
        for one in [value] if name == "selected" else value:
            if one and one not in known:
                raise traitlets.TraitError(f"{name}: '{one}' is not there; one of: {', '.join(known)}")
        return value if name == "selected" else [one for one in known if one in value]

    @traitlets.observe("visible")
    def _tell_layers(self, change: Any) -> None:
        self.layers = [self.structures[id_]["layer"] for id_ in change["new"]]

    @traitlets.observe("layers")
    def _show_layers(self, change: Any) -> None:
        wanted = set(change["new"])
        kept = {self.structures[id_]["layer"] for id_ in self.visible}
        self.visible = [
            id_
            for id_, about in self.structures.items()
            if about["layer"] in wanted and (about["layer"] not in kept or id_ in self.visible)
        ]

    def still_html(self) -> str:
        """Return the picture of the region and the names of what is shown."""
        data = base64.b64encode(read(self._picture)).decode()
        names = ", ".join(_within(self.structures[id_]["name"]) for id_ in self.visible)
        return (
            f'<img src="data:image/webp;base64,{data}" width="720" height="495" '
            'alt="Schematic of the pelvis and the lower lumbar spine from behind.">'
            f"<p>Schematic, from behind. Shown when the notebook runs, and turned by hand: {names}.</p>"
        )


def _within(name: str) -> str:
    """Return a name as it stands within a sentence."""
    return name[:1].lower() + name[1:]
