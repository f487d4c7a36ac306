"""`{plot} id`: a drawing of values of the ledger, and the table that says the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.evidence.claim import DESIGNS, INTERVALS, TOPICS
from backmice.evidence.ledger import CLAIMS
from backmice.html.template import render
from backmice.located import LocatedError
from backmice.plots.drawing import EDGE, draw, width_mm
from backmice.plots.evidence_map import CELL_EM, HEADS_EM, ROW_EM, cells, design_places
from backmice.plots.load import PLOTS, load_plot
from backmice.plots.plot import IntervalPlot, MapPlot, Plot
from backmice.sphinx_ext.claim import EVIDENCE_PAGE, chip_html, ledger_of, remember_claims, visit_plain
from backmice.sphinx_ext.evidence import remember_uses


class plot_figure(nodes.General, nodes.Element):
    """A plot: attributes `plot_id` and `plot`."""


class PlotDirective(SphinxDirective):
    """`{plot}` with the name of a file of book/evidence/plots."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        plot_id = self.arguments[0]
        root = Path(self.env.srcdir)
        ledger = ledger_of(self.env.app)
        try:
            plot = load_plot(root / PLOTS / f"{plot_id}.yml", root, ledger.claims)
        except LocatedError as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(str(PLOTS / f"{plot_id}.yml"))
        if isinstance(plot, MapPlot):
            self.env.note_dependency(str(CLAIMS))
        remember_claims(self.env, [ledger.claims[claim_id] for claim_id in plot.claims()])
        remember_uses(self.env, "plot", {plot_id: plot.claims()})
        return [plot_figure(plot_id=plot_id, plot=plot)]


def visit_plot(self: Any, node: plot_figure) -> None:
    """Write the drawing, its caption and its table."""
    write = _intervals if isinstance(node["plot"], IntervalPlot) else _map
    self.body.append(write(self.builder, node["plot_id"], node["plot"]))
    raise nodes.SkipNode


def _intervals(builder: Any, plot_id: str, plot: IntervalPlot) -> Markup:
    panels, height = draw(plot, ledger_of(builder.app).claims)
    rows = [row for panel in panels for group in panel.groups for row in group.rows]
    chips = {row.claim.id: chip_html(builder.app, row.claim.id, builder.current_docname) for row in rows}
    return render(
        "plot_intervals",
        id=plot_id,
        plot=plot,
        panels=panels,
        height=height,
        width_mm=width_mm(plot),
        left=EDGE,
        count=len(rows),
        chips=chips,
        designs=DESIGNS,
        keys=legend(plot, rows),
    )


def legend(plot: Plot, rows: list[Any]) -> list[str]:
    """Return a sentence for each thing that the drawing holds and a reader must be told of."""
    marks = [row.mark for row in rows]
    of_sd = [m for m in marks if m.at is not None and "SD" in m.brief]
    said = {
        "The year is that of the use which the claim names.": plot.kind == "timeline",
        "A point is the figure; the line through it is its 95 % interval, which measures chance alone.": any(
            INTERVALS["ci95"] in m.told for m in marks
        ),
        "Where the source gives only a count, the interval was computed for this plot by Wilson's method.": any(
            m.is_computed for m in marks
        ),
        "A point is a mean; the line through it reaches one SD to each side.": bool(of_sd),
        "The thin line is the whole range.": any(m.reach for m in marks),
        "A line without a point is a span for which no mean is given.": any(m.at is None for m in marks),
        "A ring is a figure for which no spread was found.": plot.kind == "intervals"
        and any(m.span is None for m in marks),
    }
    return [sentence for sentence, holds in said.items() if holds]


def _map(builder: Any, plot_id: str, plot: MapPlot) -> Markup:
    found = cells(ledger_of(builder.app).published())
    topics = {topic: words for topic, words in TOPICS.items() if any(cell.topic == topic for cell in found)}
    tops = {topic: round(HEADS_EM + n * ROW_EM, 2) for n, topic in enumerate(topics)}
    return render(
        "plot_map",
        id=plot_id,
        plot=plot,
        cells=found,
        topics=topics,
        tops=tops,
        heads=design_places(),
        heads_em=HEADS_EM,
        cell_em=CELL_EM,
        height=round(HEADS_EM + len(topics) * ROW_EM + 0.2, 2),
        total=sum(cell.count for cell in found),
        designs=DESIGNS,
        evidence=builder.get_relative_uri(builder.current_docname, EVIDENCE_PAGE),
    )


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("plot", PlotDirective)
    plain = (visit_plain, lambda *_: None)
    app.add_node(plot_figure, html=(visit_plot, None), latex=plain, text=plain)
