"""What a run leaves of the course's widgets, and how it gets onto a lab's page."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document
from ipywidgets import IntSlider

from backmice.notebook_data import write_notebook_data
from backmice.sphinx_ext import lab_output
from backmice.sphinx_ext.lab_output import HTML, VIEW, as_left, lab_widget, take_widgets
from backmice.widgets import AnatomyExplorer, DifferentialReasoner, Quiz

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module", autouse=True)
def written() -> None:
    """What widgets show lies beside the package."""
    write_notebook_data(ROOT)


def kept(widget: Any) -> dict[str, Any]:
    """Return the state of a widget as a notebook file keeps it."""
    state = {name: value for name, value in widget.get_state().items() if name != "layout"}
    return json.loads(json.dumps({**state, "layout": "IPY_MODEL_1"}))


def test_the_traits_of_a_figure_are_those_that_python_set():
    figure = AnatomyExplorer(visible=["psis", "skin"], selected="psis", labels=True, spread=False)
    figure.look("Side")
    assert as_left(kept(figure)) == {
        "kind": "anatomy",
        "of": "sacroiliac-triangle",
        "traits": {
            "camera": figure.views["Side"], "labels": True, "measured_mm": None, "selected": "psis", "spread": False,
            "visible": ["skin", "psis"],
        },
    }  # fmt: skip


def test_the_traits_of_a_quiz_and_of_a_case_are_what_was_given():
    quiz, case = Quiz("cluneal-nerves"), DifferentialReasoner("sacroiliac-joint")
    item = next(iter(quiz.items))
    quiz.responses = {item: ["a"]}
    case.beliefs = [stated := dict.fromkeys(case.conditions, 100 / len(case.conditions))]
    assert as_left(kept(quiz)) == {
        "kind": "quiz", "of": "cluneal-nerves", "traits": {"responses": {item: ["a"]}, "scores": {}},
    }  # fmt: skip
    assert as_left(kept(case)) == {
        "kind": "reasoner", "of": "sacroiliac-joint", "traits": {"beliefs": [stated], "score": None},
    }  # fmt: skip


def test_a_widget_that_is_not_ours_stays_still():
    assert as_left(kept(IntSlider())) is None


def output(model: str, still: str) -> nodes.container:
    """Return an output as the reader of notebooks leaves it: each kind in a container of its own."""
    view = nodes.raw(text=json.dumps({"version_major": 2, "model_id": model}), format="html")
    html = nodes.raw(text=still, format="html", classes=["output", "text_html"])
    kinds = [nodes.container("", node, mime_type=kind) for kind, node in ((HTML, html), (VIEW, view))]
    return nodes.container("", *kinds, nb_element="mime_bundle")


def test_our_widgets_come_alive_once_a_page_and_no_output_brings_a_style(monkeypatch):
    ids = [letter * 32 for letter in "abc"]
    widgets = dict(zip(ids, (Quiz("cluneal-nerves"), Quiz("cluneal-nerves"), IntSlider()), strict=True))
    state = {"state": {id_: {"state": kept(widget)} for id_, widget in widgets.items()}}
    files = {"ipywidgets_state": (None, {"body": json.dumps(state)}), "other": ("other.js", {})}
    env = SimpleNamespace(docname="lab", nb_metadata={"lab": {"js_files": files}})
    monkeypatch.setattr(lab_output, "chapter_of", lambda *_: SimpleNamespace(is_lab=True))
    rested = []
    monkeypatch.setattr(lab_output, "rests", lambda _, kind, of: rested.append((kind, of)))
    doctree = new_document("lab")
    doctree += [output(id_, f'<p style="color:red">{id_[0]}</p>') for id_ in ids]
    take_widgets(SimpleNamespace(env=env), doctree)
    assert rested == [("quiz", "cluneal-nerves")]
    assert [node.astext() for node in doctree.findall(nodes.raw) if "<p" in node.astext()] == [
        "<p>a</p>", "<p>b</p>", "<p>c</p>",
    ]  # fmt: skip
    alive = list(doctree.findall(lab_widget))
    assert [(node["kind"], node["of"], node["traits"]) for node in alive] == [
        ("quiz", "cluneal-nerves", {"responses": {}, "scores": {}})
    ]
    assert alive[0].astext() == "<p>a</p>" and alive[0].parent["mime_type"] == HTML
    assert list(files) == ["other"]  # the page holds no second copy of the scripts


def test_names_keep_their_capitals_within_the_still():
    assert "vertebrae L1 to L5, sacrum, coccyx, hip bones, " in AnatomyExplorer().still_html()
