"""`{drawing} id`: a plate drawn at build time, inlined so that its colours are the page's, and the table of its parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.drawings.areas import AREAS, FIELDS
from backmice.drawings.drawing import HOW, Drawing, Felt, Plate
from backmice.drawings.load import DRAWINGS, REGION, load_drawing
from backmice.drawings.regions import fields, pain_sheet, roots
from backmice.drawings.section import section
from backmice.drawings.sheet import Sheet
from backmice.drawings.surface import surface_map
from backmice.evidence.claim import Quantity
from backmice.html.template import render
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import chip_html, ledger_of, remember_claims, visit_plain
from backmice.sphinx_ext.evidence import remember_uses
from backmice.sphinx_ext.figure import region_of


class drawing_figure(nodes.General, nodes.Element):
    """A plate: attributes `drawing_id` and `drawing`."""


class DrawingDirective(SphinxDirective):
    """`{drawing}` with the name of a file of book/evidence/drawings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        id_, root = self.arguments[0], Path(self.env.srcdir)
        region, ledger = region_of(self.env.app, REGION), ledger_of(self.env.app)
        try:
            drawing = load_drawing(root / DRAWINGS / f"{id_}.yml", root, ledger.claims, region)
        except LocatedError as error:
            raise self.error(str(error)) from None
        for path in (DRAWINGS / f"{id_}.yml", region.folder / "structures.yml"):
            self.env.note_dependency(str(path))
        remember_claims(self.env, [ledger.claims[claim_id] for claim_id in drawing.claims()])
        remember_uses(self.env, "drawing", {id_: drawing.claims()})
        return [drawing_figure(drawing_id=id_, drawing=drawing)]


def visit_drawing(self: Any, node: drawing_figure) -> None:
    """Write the plate, its caption and its table."""
    app, drawing = self.builder.app, node["drawing"]
    chips = {id_: chip_html(app, id_, self.builder.current_docname) for id_ in drawing.claims()}
    values = _plate(app, drawing) if isinstance(drawing, Plate) else _maps(app, drawing)
    template = "drawing_plate" if isinstance(drawing, Plate) else "drawing_maps"
    self.body.append(render(template, id=node["drawing_id"], drawing=drawing, chips=chips, **values))
    raise nodes.SkipNode


def _plate(app: Sphinx, plate: Plate) -> dict[str, Any]:
    return {
        "sheet": sheet_of(app, plate),
        "parts": {part.id: part for part in plate.parts},
        "letters": {part.id: FIELDS[part.draws].letter for part in plate.parts} if plate.kind == "fields" else {},
    }


def sheet_of(app: Sphinx, plate: Plate) -> Sheet:
    """Return the sheet of a plate, drawn from the model."""
    region = region_of(app, REGION)
    if plate.kind == "fields":
        return fields(region.meshes["skin_female"].surface, plate)
    return {"surface": surface_map, "section": section, "roots": roots}[plate.kind](region, plate)


def _maps(app: Sphinx, drawing: Drawing) -> dict[str, Any]:
    skin = region_of(app, REGION).meshes["skin_female"].surface
    claims = ledger_of(app).claims
    shown = []
    for one in drawing.maps:
        shares = {f.area: claims[f.all_claims()[0]].quantity(f.value.partition("#")[2]) for f in one.felt if f.value}
        figures = {area: quantity.headline() for area, quantity in shares.items()}
        rows = {felt.area: (AREAS[felt.area].name, told(felt, shares.get(felt.area)), felt) for felt in one.felt}
        tints = {area: round(sum(quantity.extent()) / 200, 2) for area, quantity in shares.items()}
        shown.append((one, pain_sheet(skin, one, figures), rows, tints))
    return {"maps": shown}


def told(felt: Felt, share: Quantity | None) -> str:
    """Return in words how often pain is felt in an area: the share with its people, or how else it is told."""
    if share is None:
        return HOW[felt.how] + (f": {felt.says}" if felt.says else "")
    people = f" of {share.n} people" if share.n else ""
    return f"{share.headline()}{people}" + (f"; {felt.says}" if felt.says else "")


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("drawing", DrawingDirective)
    plain = (visit_plain, lambda *_: None)
    app.add_node(drawing_figure, html=(visit_drawing, None), latex=plain, text=plain)
