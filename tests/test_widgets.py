"""Widgets as Python sees them: their traits, what they refuse, what they send, and the one module they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError

from backmice.modules import ModuleError, gathered, one_module
from backmice.notebook_data import DATA, made_from, write_notebook_data
from backmice.widgets import AnatomyExplorer, DifferentialReasoner, Quiz
from backmice.widgets.shared import NotebookDataError, read, styles

ROOT = Path(__file__).resolve().parent.parent
QUIZ = "cluneal-nerves"


@pytest.fixture(scope="module", autouse=True)
def written() -> None:
    """What widgets show lies beside the package."""
    write_notebook_data(ROOT)


@pytest.fixture(scope="module")
def figure() -> AnatomyExplorer:
    return AnatomyExplorer()


# The figure.


def test_a_figure_begins_with_all_but_the_outer_layers_from_behind(figure: AnatomyExplorer):
    fresh = AnatomyExplorer()
    assert "sacrum" in fresh.visible
    assert {"skin", "multifidus", "ilioinguinal"} & set(fresh.visible) == set()
    assert fresh.layers == ["nodule", "nerve", "ligament", "bone", "region"]
    assert fresh.all_layers == ["skin", "fat", "fascia", "muscle", *fresh.layers]
    assert (fresh.camera, fresh.selected, fresh.labels, fresh.spread) == (fresh.views["Behind"], "", False, True)


@given(data=st.data())
def test_layers_and_structures_always_agree(data: st.DataObject):
    figure = AnatomyExplorer()
    for _ in range(3):
        if data.draw(st.booleans()):
            figure.layers = data.draw(st.lists(st.sampled_from(figure.all_layers), unique=True))
        else:
            figure.visible = data.draw(st.lists(st.sampled_from(list(figure.structures)), unique=True))
        assert figure.layers == [
            layer
            for layer in figure.all_layers
            if any(figure.structures[id_]["layer"] == layer for id_ in figure.visible)
        ]


def test_a_layer_taken_away_leaves_the_others_as_they_are():
    figure = AnatomyExplorer(visible=["psis", "sacrum", "middle-cluneal"])
    figure.layers = ["region", "nerve"]
    assert figure.visible == ["middle-cluneal", "psis"]
    figure.layers = ["region", "bone"]
    assert figure.visible == [*(id_ for id_, s in figure.structures.items() if s["layer"] == "bone"), "psis"]


def test_a_named_view_moves_the_eye(figure: AnatomyExplorer):
    figure.look("Side")
    assert figure.camera == figure.views["Side"]
    with pytest.raises(KeyError, match="no view 'Above'; one of: Behind, Oblique, Side, Crest"):
        figure.look("Above")


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        ({"layers": ["skins"]}, "layers: 'skins' is not there; one of: skin, fat, fascia, muscle, nodule, nerve, "),
        ({"visible": ["psis", "spleen"]}, "visible: 'spleen' is not there; one of: skin, "),
        ({"selected": "spleen"}, "selected: 'spleen' is not there; one of: skin, "),
    ],
)
def test_what_the_figure_does_not_have_is_refused_with_what_it_has(traits, told: str):
    with pytest.raises(TraitError) as refused:
        AnatomyExplorer(**traits)
    assert told in str(refused.value)


# A quiz.


def test_a_quiz_knows_its_items_and_begins_unanswered():
    quiz = Quiz(QUIZ)
    assert (quiz.responses, quiz.scores, quiz.points) == ({}, {}, 0)
    assert list(quiz.items) == ["cluneal-nerves-002", *list(quiz.items)[1:]]
    assert all(item["stem"] for item in quiz.items.values())


def test_a_response_to_a_strange_item_is_refused():
    with pytest.raises(TraitError, match="responses: 'names-001' is not of this quiz; one of: cluneal-nerves-002"):
        Quiz(QUIZ).responses = {"names-001": ["a"]}


def test_a_strange_quiz_is_refused_with_those_that_there_are():
    with pytest.raises(NotebookDataError, match="no quiz 'lumps'; one of: are-they-real, "):
        Quiz("lumps")


# A vignette.

CASE = "sacroiliac-joint"


def even(reasoner: DifferentialReasoner) -> dict[str, float]:
    return dict.fromkeys(reasoner.conditions, 100 / len(reasoner.conditions))


def test_a_vignette_begins_unstated():
    reasoner = DifferentialReasoner(CASE)
    assert (reasoner.beliefs, reasoner.score) == ([], None)
    assert all(reasoner.findings) and all(reasoner.conditions.values())


def test_statements_for_every_finding_are_taken():
    reasoner = DifferentialReasoner(CASE)
    reasoner.beliefs = [even(reasoner)] * (len(reasoner.findings) + 1)
    assert reasoner.beliefs[-1] == pytest.approx(even(reasoner))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda all_: [{**all_[0], "gout": 0.0}], r"beliefs\[0\]: name each of: .*; and no other"),
        (
            lambda all_: [all_[0], dict.fromkeys(all_[0], 50.5)],
            r"beliefs\[1\]: adds up to .*; percents from 0, 100 in all",
        ),
        (
            lambda all_: [dict(zip(all_[0], [-20.0, *[120 / (len(all_[0]) - 1)] * (len(all_[0]) - 1)]))],
            "percents from 0",
        ),
        (lambda all_: all_ * 99, "beliefs: 99 statements; at most"),
    ],
)
def test_a_statement_that_cannot_be_is_refused(change, told: str):
    reasoner = DifferentialReasoner(CASE)
    with pytest.raises(TraitError, match=told):
        reasoner.beliefs = change([even(reasoner)])
    assert reasoner.beliefs == []


def test_a_strange_vignette_is_refused_with_those_that_there_are():
    with pytest.raises(NotebookDataError, match="no vignette 'gout'; one of: axial-spondyloarthritis, "):
        DifferentialReasoner("gout")


def test_where_nothing_runs_a_vignette_keeps_its_outcome_to_itself():
    shown = DifferentialReasoner(CASE)._repr_mimebundle_()[0]["text/html"]
    outcome = json.loads((DATA / f"vignette-{CASE}.json").read_text())["outcome"]["text"]
    assert DifferentialReasoner(CASE).opening[:30] in shown and outcome not in shown


# What is sent, and what stands where nothing runs.


def test_a_file_is_sent_when_it_is_asked_for(figure: AnatomyExplorer, monkeypatch):
    sent = []
    monkeypatch.setattr(figure, "send", lambda content, buffers=None: sent.append((content, buffers)))
    name = figure._files["figure"]
    figure._give(figure, {"want": name}, [])
    figure._give(figure, {"want": "passwords"}, [])
    figure._give(figure, {"other": "message"}, [])
    drawn = (DATA / "sacroiliac-triangle-figure.json").read_bytes()
    assert sent == [
        ({"file": name, "type": "application/json"}, [drawn]),
        ({"file": "passwords", "missing": "no file passwords; run the cell again"}, None),
    ]


def test_the_state_that_a_notebook_keeps_is_small(figure: AnatomyExplorer):
    sizes = {name: len(json.dumps(value)) for name, value in figure.get_state().items() if name != "layout"}
    assert sum(sizes.values()) - sizes["_esm"] < 3_000
    assert sizes["_esm"] < 160_000  # the whole explorer with its tools


def test_a_widget_shows_a_picture_or_words_where_nothing_runs(figure: AnatomyExplorer):
    bundle, _ = figure._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert 'alt="Schematic of the pelvis' in bundle["text/html"]
    shown = Quiz(QUIZ)._repr_mimebundle_()[0]["text/html"]
    assert "Two branches found; the lateral runs in a tunnel" in shown
    assert "rationale" not in shown and "data-key" not in shown


def test_missing_data_is_told_with_what_to_do(tmp_path: Path):
    with pytest.raises(NotebookDataError, match="claims.json is not in .*; in the course's folder run: make lab"):
        read(tmp_path / "claims.json")


def test_data_is_written_once_until_something_changes(tmp_path: Path, monkeypatch):
    assert write_notebook_data(ROOT, tmp_path) is True
    (tmp_path / "left-over.html").touch()
    assert write_notebook_data(ROOT, tmp_path) is False
    monkeypatch.setattr("backmice.notebook_data.made_from", lambda *_: "changed")
    assert write_notebook_data(ROOT, tmp_path) is True
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in DATA.iterdir())


def test_what_the_data_comes_from_has_one_digest(tmp_path: Path):
    bundle = tmp_path / "plotly.js"
    bundle.write_text("one")
    first = made_from(ROOT, bundle)
    assert made_from(ROOT, bundle) == first
    bundle.write_text("two")
    assert made_from(ROOT, bundle) != first


def test_the_styles_speak_to_the_shadow_and_fetch_nothing():
    text = styles().decode()
    assert ":host {" in text and ':host([data-theme="dark"])' in text
    assert ":root" not in text and "@font-face" not in text and "url(" not in text


# One module of several.


def write(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source)
    return folder / "entry.js"


def test_modules_come_after_those_they_import_and_once(tmp_path: Path):
    entry = write(
        tmp_path,
        entry='import { a } from "./a.js";\nimport {\n  b,\n} from "./b.js";\nimport("./c.js");\nexport default a + b;',
        a='// import { x } from "./gone.js"\nexport { b as a } from "./b.js";',
        b='/** @type {import("./entry.js").X} */\nexport const b = 1;',
        c="",
    )
    modules = json.loads(one_module(entry).split("\n")[0].removeprefix("const modules = ").removesuffix(";"))
    assert [source.count("backmice:") for _, source in modules] == [0, 1, 0, 3]
    assert [id_ in modules[-1][1] for id_, _ in modules] == [True, True, True, False]


def test_what_is_imported_later_or_in_a_circle_is_gathered_once(tmp_path: Path):
    entry = write(tmp_path, entry='import "./a.js";', a='import "./entry.js"; later(() => import("./b.js"));', b="")
    assert [path.name for path in gathered(entry)] == ["b.js", "a.js", "entry.js"]
    assert [path.name for path in gathered(entry, at_once=True)] == ["a.js", "entry.js"]


def test_a_package_is_taken_from_the_file_named_for_it(tmp_path: Path):
    package = tmp_path / "elsewhere.mjs"
    package.write_text('import other from"other";export default other;')
    (tmp_path / "other.mjs").write_text("export default 1;")
    entry = write(tmp_path, entry='import one from "one";\nexport default one;')
    packages = {"one": package, "other": tmp_path / "other.mjs"}
    modules = json.loads(one_module(entry, packages).split("\n")[0].removeprefix("const modules = ").removesuffix(";"))
    assert [source.count("backmice:") for _, source in modules] == [0, 1, 1]


def test_a_changed_module_changes_all_that_import_it(tmp_path: Path):
    entry = write(tmp_path, entry='import "./a.js";', a="1")
    first = one_module(entry)
    write(tmp_path, a="2")
    assert first.rsplit("given.get(", 1)[1] != one_module(entry).rsplit("given.get(", 1)[1]


@pytest.mark.parametrize(
    ("modules", "told"),
    [
        ({"entry": 'import "./a.js";', "a": 'import "./entry.js";'}, "entry.js imports itself by way of a.js"),
        ({"entry": 'import "./gone.js";'}, "entry.js imports gone.js, which does not exist"),
    ],
)
def test_what_cannot_be_one_module_is_refused(tmp_path: Path, modules: dict[str, str], told: str):
    with pytest.raises(ModuleError, match=told):
        one_module(write(tmp_path, **modules))
