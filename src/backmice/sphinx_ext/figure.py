"""`{anatomy-figure} region`: a picture and a table that a browser turns into a 3-D figure."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from backmice.anatomy.drawn import KEPT, drawn
from backmice.anatomy.structure import REGIONS, Region, load_region
from backmice.anatomy.view import Views, load_views
from backmice.assets import plotly_bundle
from backmice.html.figure import PICTURES, STILLS, figure_html
from backmice.html.policy import integrity
from backmice.kept import forget
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import EVIDENCE_PAGE, chip_html, ledger_of, remember_claims, visit_plain
from backmice.sphinx_ext.evidence import remember_uses

CLOSING = "</figcaption>\n</figure>\n</backmice-anatomy>\n"
logger = logging.getLogger(__name__)


class anatomy_figure(nodes.General, nodes.Element):
    """A region's figure: attribute `region_id`."""

    script = "backmice-anatomy.js"


class AnatomyFigureDirective(SphinxDirective):
    """`{anatomy-figure}` with a region's id; the content is the caption."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        region_id = self.arguments[0]
        if region_id not in REGIONS:
            return [self.state.document.reporter.error(f"no region '{region_id}'; one of: {', '.join(REGIONS)}",
                                                       line=self.lineno)]  # fmt: skip
        region = region_of(self.env.app, region_id)
        for path in sorted(region.folder.rglob("*")):
            if path.suffix in (".yml", ".csv", ".json", ".webp"):
                self.env.note_dependency(str(path.relative_to(self.env.srcdir)))
        remember_uses(self.env, "structure", {s.id: s.claims for s in region.structures})
        claims = ledger_of(self.env.app).claims
        remember_claims(self.env, [claims[i] for s in region.structures for i in s.claims])
        node = anatomy_figure(region_id=region_id)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def region_of(app: Sphinx, region_id: str) -> Region:
    """Return a region, read once for each build."""
    regions = app.__dict__.setdefault("_backmice_regions", {})
    if region_id not in regions:
        try:
            regions[region_id] = load_region(Path(app.srcdir), region_id, ledger_of(app).claims)
        except LocatedError as error:
            raise ExtensionError(f"The region '{region_id}' has faults:\n{error}") from None
    return regions[region_id]


def views_of(app: Sphinx, region: Region) -> Views:
    """Return the named views of a region, read once for each build."""
    views = app.__dict__.setdefault("_backmice_views", {})
    if region.id not in views:
        try:
            views[region.id] = load_views(Path(app.srcdir), region)
        except LocatedError as error:
            raise ExtensionError(f"The views of '{region.id}' have faults:\n{error}") from None
    return views[region.id]


def addresses(app: Sphinx, region: Region, docname: str) -> dict[str, Any]:
    """Put a region's data and pictures beside the book, once a build, and return where `docname` finds them."""
    published = app.__dict__.setdefault("_backmice_figures", {})
    if region.id not in published:
        published[region.id] = _publish(app, region)
    data, pictures = published[region.id]
    static = "../" * docname.count("/") + "_static"
    return {
        "data": f"{static}/figures/{data[None]}",
        "layer_data": {layer: f"{static}/figures/{name}" for layer, name in data.items() if layer},
        "bundle": f"{static}/vendor/{bundle_name(app)}",
        "integrity": integrity(bundle_of(app)),
        "pictures": {width: f"{static}/figures/{pictures[file]}" for width, file in PICTURES.items()},
        "stills": {view: f"{static}/figures/{pictures[file]}" for view, file in STILLS.items()},
        "evidence": app.builder.get_relative_uri(docname, EVIDENCE_PAGE),
    }


def _publish(app: Sphinx, region: Region) -> tuple[dict[str | None, str], dict[str, str]]:
    """Write the data of a figure and of its layers on demand, and copy its pictures, named after their content.

    Returns the names of the data, the figure's under None and a layer's under its id; and of the pictures.
    """
    home = Path(app.outdir) / "_static/figures"
    home.mkdir(parents=True, exist_ok=True)
    for old in home.glob(f"{region.id}-*.json"):
        old.unlink()
    names: dict[str | None, str] = {}
    found = drawn(Path(app.srcdir), region, views_of(app, region), ledger_of(app))
    for layer, data in found.items():
        stem = f"{region.id}-{layer}" if layer else region.id
        names[layer] = f"{stem}-{sha256(data.encode()).hexdigest()[:10]}.json"
        (home / names[layer]).write_text(data, encoding="utf-8")
    pictures = {}
    for picture in sorted({*PICTURES.values(), *STILLS.values()}):
        source = region.folder / "pictures" / picture
        pictures[picture] = hashed(source)
        for old in home.glob(f"{source.stem}-*{source.suffix}"):
            if old.name != pictures[picture]:
                old.unlink()
        if not (home / pictures[picture]).exists():
            shutil.copyfile(source, home / pictures[picture])
    return names, pictures


def hashed(path: Path) -> str:
    """Return a file's name with a digest of its content in it, so that a browser may keep it for good."""
    return f"{path.stem}-{sha256(path.read_bytes()).hexdigest()[:10]}{path.suffix}"


def bundle_of(app: Sphinx) -> bytes:
    """Return the plotting bundle, read once for each build."""
    if not hasattr(app, "_backmice_bundle"):
        app._backmice_bundle = plotly_bundle(Path(app.srcdir))[0].read_bytes()
    return app._backmice_bundle


def bundle_name(app: Sphinx) -> str:
    """Return what the plotting bundle is called beside the book."""
    return f"plotly-{sha256(bundle_of(app)).hexdigest()[:10]}.js"


def opened(builder: Any, region_id: str, **further: Any) -> Markup:
    """Return picture, list and table of a region for the page being written, up to the caption."""
    region = region_of(builder.app, region_id)
    found = addresses(builder.app, region, builder.current_docname)

    def chip(claim_id: str) -> Markup:
        return chip_html(builder.app, claim_id, builder.current_docname)

    return figure_html(region, chip, **found, **further)


def live_figure(builder: Any, region_id: str) -> Markup:
    """Return the whole of a figure whose caption is that of its region."""
    name = region_of(builder.app, region_id).name
    caption = Markup("<p>{}. Schematic; each place rests on the claims of the table.</p>").format(name)
    return opened(builder, region_id) + caption + Markup(CLOSING)


def visit_figure(self: Any, node: anatomy_figure) -> None:
    """Write picture, list and table."""
    app, region_id = self.builder.app, node["region_id"]
    self.body.append(opened(self.builder, region_id, named=views_of(app, region_of(app, region_id)).views.values()))


def depart_figure(self: Any, node: anatomy_figure) -> None:
    """Close the caption and the figure."""
    self.body.append(CLOSING)


def copy_bundle(app: Sphinx, error: Exception | None) -> None:
    """Put the plotting bundle beside the book, and say so when it is the heavy one."""
    if error or app.builder.format != "html":
        return
    forget(Path(app.srcdir) / KEPT)
    bundle, is_fallback = plotly_bundle(Path(app.srcdir))
    target = Path(app.outdir) / "_static/vendor" / bundle_name(app)
    if not target.exists():
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir(parents=True)
        shutil.copyfile(bundle, target)
    if is_fallback:
        logger.info(
            "npm was not run: 3-D figures use the full plotly bundle of the wheel, more than four times as heavy."
        )


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("anatomy-figure", AnatomyFigureDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(anatomy_figure, html=(visit_figure, depart_figure), latex=plain, text=plain)
    app.connect("build-finished", copy_bundle)
