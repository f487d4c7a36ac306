"""What labs show on their pages: the course's own widgets alive as the run left them, though no Python runs there.

The run keeps the traits of each widget. The page gets them with what the widget shows, and
static/backmice-widget.js hands both to the module that draws it in a notebook. Without a script the still stays.
What a learner answers is kept in the log of the book: a quiz in a lab is that quiz. What Python answered is shown
and not kept, since no learner gave it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from backmice.html.quiz import quiz_html
from backmice.html.template import render
from backmice.reasoning.vignette import as_data
from backmice.sphinx_ext.claim import ledger_of, remember_claims
from backmice.sphinx_ext.figure import addresses, live_figure, region_of
from backmice.sphinx_ext.lessons import chapter_of
from backmice.sphinx_ext.quiz import bank_of, depend, surroundings
from backmice.sphinx_ext.reasoner import chips, vignettes_of

HTML, VIEW = "text/html", "application/vnd.jupyter.widget-view+json"
MODEL = re.compile(r"model_id\W+(\w{32})")
#: In notebooks HTML brings its own style; a page has its sheet, and may have no other.
STYLE = re.compile(r' style="[^"]*"')
#: A picture that stands in the notebook; the book has it as a file.
INLINE = re.compile(r'<img src="data:[^>]*>')
#: What Jupyter knows of any widget.
OF_JUPYTER = ("layout", "tabbable", "tooltip")


class lab_widget(nodes.General, nodes.Element):
    """A widget as a run left it: attributes `kind`, `of`, what it shows by its id, and `traits`; its child is a still."""

    @property
    def script(self) -> str:
        """What the page loads to draw it."""
        return f"alive-{self['kind']}.js"


def take_widgets(app: Sphinx, doctree: nodes.document) -> None:
    """Put our widgets in the place of their stills, once each on a page, and take styles out of what was shown."""
    env = app.env
    if not chapter_of(env, env.docname).is_lab:
        return
    models, taken = left_by_run(env), set()
    for outputs in shown_by_cells(doctree):
        html = outputs.get(HTML)
        for raw in html.findall(nodes.raw) if html else ():
            raw[:] = [nodes.Text(STYLE.sub("", raw.astext()))]
        model = MODEL.search(outputs[VIEW].astext()) if VIEW in outputs else None
        widget = as_left(models.get(model[1], {})) if model else None
        if html and widget and (widget["kind"], widget["of"]) not in taken:
            taken.add((widget["kind"], widget["of"]))
            rests(env, widget["kind"], widget["of"])
            html[:] = [lab_widget("", *html.children, **widget)]


def left_by_run(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    """Return the state of each widget by its model, and take it out of what is remembered of the page."""
    _, state = env.nb_metadata[env.docname].get("js_files", {}).pop("ipywidgets_state", (None, {}))
    models = json.loads(state["body"])["state"] if state else {}
    return {id_: model["state"] for id_, model in models.items()}


def shown_by_cells(doctree: nodes.document) -> Iterator[dict[str, nodes.container]]:
    """Yield what each output has to show, by its kind."""
    for node in list(doctree.findall(nodes.container)):
        if node.get("nb_element") == "mime_bundle":
            yield {kind["mime_type"]: kind for kind in node.children}


def as_left(state: dict[str, Any]) -> dict[str, Any] | None:
    """Return kind, subject and traits of one of our widgets; None for another."""
    kind = KINDS.get(state.get("_anywidget_id", ""))
    if kind is None:
        return None
    traits = {name: value for name, value in state.items() if not name.startswith("_") and name not in OF_JUPYTER}
    return {"kind": kind, "of": state["_of"], "traits": traits}


def rests(env: BuildEnvironment, kind: str, of: str) -> None:
    """Have the page being read depend on what a widget shows."""
    app, ledger = env.app, ledger_of(env.app)
    if kind == "quiz":
        return depend(env, bank_of(app), bank_of(app).items_of(of))
    if kind == "anatomy":
        ids = [id_ for structure in region_of(app, of).structures for id_ in structure.claims]
    else:
        ids = vignettes_of(app)[of].all_claims()
    return remember_claims(env, [ledger.claims[id_] for id_ in ids])


def shown_figure(writer: Any, of: str) -> Markup:
    """Return a region's figure, whose layers come from the book's own files."""
    return live_figure(writer.builder, of)


def shown_quiz(writer: Any, of: str) -> Markup:
    """Return the forms of a quiz."""
    app = writer.builder.app
    bank = bank_of(app)
    return quiz_html(bank.quizzes[of], bank.items_of(of), **surroundings(app, writer.builder.current_docname))


def vignette_data(writer: Any, of: str) -> str:
    """Return what a kernel would send of a vignette."""
    vignette = vignettes_of(writer.builder.app)[of]
    data = as_data(vignette, ledger_of(writer.builder.app).claims) | {"chips": chips(writer, vignette)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


KINDS = {
    "backmice.widgets.anatomy.AnatomyExplorer": "anatomy",
    "backmice.widgets.quiz.Quiz": "quiz",
    "backmice.widgets.reasoner.DifferentialReasoner": "reasoner",
}
SHOWN: dict[str, Callable[[Any, str], Markup]] = {"anatomy": shown_figure, "quiz": shown_quiz}


def visit_widget(self: Any, node: lab_widget) -> None:
    """Write the still, and what the widget shows for the script to take."""
    kind, of, builder = node["kind"], node["of"], self.builder
    found = addresses(builder.app, region_of(builder.app, of), builder.current_docname) if kind == "anatomy" else {}
    files = {f"vignette-{of}": vignette_data(self, of)} if kind == "reasoner" else {}
    traits = {**node["traits"], "_files": {name.partition("-")[0]: name for name in files}}
    self.body.append(
        render(
            "lab_widget", kind=kind, traits=traits, files=files, pictures=found.get("pictures"),
            still=Markup(INLINE.sub("", "".join(child.astext() for child in node.children))),
            shown=SHOWN[kind](self, of) if kind in SHOWN else "",
        )
    )  # fmt: skip
    raise nodes.SkipNode


def visit_plain(self: Any, node: lab_widget) -> None:
    """Other builders print the still."""


def register(app: Sphinx) -> None:
    """Add the node, and place it as pages are read."""
    plain = (visit_plain, visit_plain)
    app.add_node(lab_widget, html=(visit_widget, None), latex=plain, text=plain, man=plain, texinfo=plain)
    app.connect("doctree-read", take_widgets)
