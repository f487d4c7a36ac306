"""The widgets in a real JupyterLab: Python moves what is shown, and what is done there comes back to Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_reader import AXE, RULES
from jupyter import PATIENCE_MS, JupyterLab, Notebook, serve_lab
from machine import Watch
from playwright.sync_api import Browser, Locator, Page, expect

from backmice.anatomy.camera import VIEWS
from backmice.notebook_data import write_notebook_data
from backmice.widgets import AnatomyExplorer

ROOT = Path(__file__).parents[2]
FIGURE = """
from ipywidgets import IntSlider, Output, VBox
from backmice.widgets import AnatomyExplorer
figure = AnatomyExplorer(layers=["region", "nerve", "bone"], labels=True)
slider, said = IntSlider(min=0, max=3, description="View"), Output()
slider.observe(lambda change: figure.look(list(figure.views)[change["new"]]), "value")

def tell(change):
    with said:
        print("chosen:", change["new"])

figure.observe(tell, "selected")
VBox([slider, figure, said])
"""
TRAITS = "print(figure.selected, figure.layers, figure.labels, {a: round(v, 2) for a, v in figure.camera.items()})"
QUIZ = "from backmice.widgets import Quiz\nquiz = Quiz('cluneal-nerves')\nquiz"
REASONER = "from backmice.widgets import DifferentialReasoner\ncase = DifferentialReasoner('sacroiliac-joint')\ncase"
STATED = "print(len(case.beliefs), list(case.beliefs[-1].values()), case.score)"
STATE_ALL = "case.beliefs = [dict.fromkeys(case.conditions, 100 / len(case.conditions))] * (len(case.findings) + 1)"
MEASURED = "print(figure.measured_mm)"
ANSWERS = "print(len(quiz.items), quiz.responses, quiz.scores, quiz.points)"
#: What JupyterLab says of itself on a busy machine.
OF_LAB = re.compile(r"to activate|/static/lab/\S+: WebSocket .* is closed before the connection is established")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    write_notebook_data(ROOT)
    lab = serve_lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.process.terminate()
    lab.process.wait(30)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[tuple[Page, Watch]]:
    context, watch = browser.new_context(viewport={"width": 1280, "height": 1400}, reduced_motion="reduce"), Watch()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watch.follow(page)
    yield page, watch
    context.close()


@pytest.fixture(scope="module")
def notebook(lab: JupyterLab, page: tuple[Page, Watch]) -> Notebook:
    """A notebook whose widgets are drawn once for all tests."""
    notebook = lab.open(
        page[0],
        "widgets.ipynb",
        [FIGURE, TRAITS, QUIZ, ANSWERS, "figure.layers = ['bone']", "", REASONER, STATED, STATE_ALL, MEASURED],
    )
    notebook.run(0)
    expect(figure_of(notebook)).to_have_attribute("data-state", "drawn", timeout=PATIENCE_MS)
    notebook.run(2)
    expect(quiz_of(notebook).locator("form")).to_have_count(8, timeout=PATIENCE_MS)
    notebook.run(6)
    expect(case_of(notebook).locator("form")).to_be_visible(timeout=PATIENCE_MS)
    return notebook


def figure_of(notebook: Notebook) -> Locator:
    return notebook.page.locator("backmice-anatomy")


def quiz_of(notebook: Notebook) -> Locator:
    return notebook.page.locator("backmice-quiz")


def case_of(notebook: Notebook) -> Locator:
    return notebook.page.locator(".vignette-box")


def eye(view: str) -> dict[str, float]:
    """Return where the eye of a named view stands, as the notebook prints it."""
    return {axis: round(value, 2) for axis, value in VIEWS[view]["eye"].items()}


def settled(figure: Locator) -> None:
    """Wait until the figure has told its state."""
    figure.page.wait_for_timeout(600)


def test_the_figure_begins_as_python_asked(notebook: Notebook):
    state = figure_of(notebook).evaluate("figure => figure.state")
    assert state["labels"] is True
    assert "sacrum" in state["visible"] and "nodule-band" not in state["visible"]
    assert notebook.says(1) == f"['nerve', 'bone', 'region'] True {eye('Behind')}"


def test_a_slider_moves_the_figure(notebook: Notebook):
    handle = notebook.cell(0).locator(".noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    expect(notebook.cell(0).locator(".widget-readout")).to_have_text("1")
    settled(figure_of(notebook))
    assert figure_of(notebook).evaluate("figure => figure.state.camera") == pytest.approx(VIEWS["Oblique"]["eye"])
    assert notebook.says(1).endswith(str(eye("Oblique")))


def test_a_figure_at_rest_tells_nothing(notebook: Notebook):
    """Regression: Python put what is shown in another order, and each corrected the other for ever."""
    told = """figure => new Promise((resolve) => {
      let count = 0;
      figure.addEventListener("backmice-state", () => count++);
      setTimeout(() => resolve(count), 1500);
    })"""
    assert figure_of(notebook).evaluate(told) == 0


def test_what_is_chosen_in_the_figure_comes_back_to_python(notebook: Notebook):
    notebook.page.locator("backmice-anatomy [data-structure=sacrum] input").focus()
    figure_of(notebook).evaluate("figure => figure.press('hip-bones')")
    expect(notebook.cell(0).get_by_text("chosen: hip-bones")).to_be_visible()
    assert notebook.says(1).startswith("hip-bones ")


def test_a_click_on_the_drawing_comes_back_to_python(notebook: Notebook):
    figure = figure_of(notebook)
    figure.evaluate("figure => { figure.selected = ''; }")
    box = figure.locator(".plot").bounding_box()
    # Along a line down the middle there is bone somewhere; the figure needs a move to know what is under it.
    for part in (0.3, 0.4, 0.5, 0.6):
        x, y = box["x"] + box["width"] * 0.5, box["y"] + box["height"] * part
        notebook.page.mouse.move(x, y)
        notebook.page.mouse.move(x, y + 3, steps=3)
        notebook.page.wait_for_timeout(500)
        notebook.page.mouse.down()
        notebook.page.mouse.up()
        settled(figure)
        if chosen := figure.evaluate("figure => figure.selected"):
            break
    assert chosen
    assert notebook.says(1).startswith(f"{chosen} ")


def test_layers_set_in_a_later_cell_change_what_is_shown(notebook: Notebook):
    notebook.run(4)
    settled(figure_of(notebook))
    bones = [id_ for id_, one in AnatomyExplorer().structures.items() if one["layer"] == "bone"]
    assert "sacrum" in bones
    assert figure_of(notebook).evaluate("figure => figure.state.visible") == bones
    notebook.page.locator("backmice-anatomy [data-structure=sacrum] input").uncheck()
    settled(figure_of(notebook))
    assert " ['bone'] " in notebook.says(1)


def test_what_the_figure_measures_comes_back_to_python(notebook: Notebook):
    figure = figure_of(notebook)
    figure.get_by_role("button", name="Measure").click()
    figure.get_by_label("From", exact=True).select_option("psis_left")
    figure.get_by_label("To", exact=True).select_option("psis_right")
    expect(figure.locator(".measured")).to_contain_text("mm in the model, straight")
    settled(figure)
    assert notebook.says(9) == figure.locator(".measured .figure").text_content().removesuffix("\u00a0mm")


def test_a_layer_that_is_fetched_when_asked_for_comes_from_the_kernel(notebook: Notebook):
    figure = figure_of(notebook)
    figure.locator("[data-layer-group=skin] [data-layer-switch]").check()
    settled(figure)
    figure.page.wait_for_function("figure => figure.lateTraces.length > 0", arg=figure.element_handle())
    assert "'skin'" in notebook.says(1)


def test_a_statement_comes_back_to_python(notebook: Notebook):
    fields = case_of(notebook).locator("form input[type=number]")
    for n, percent in enumerate([70, 20, 10][: fields.count()]):
        fields.nth(n).fill(str(percent))
    case_of(notebook).get_by_role("button", name="Rest to").last.click()
    case_of(notebook).locator("form button[type=submit]").click()
    expect(case_of(notebook).locator(".finding")).to_have_count(1)
    notebook.page.wait_for_timeout(300)
    assert notebook.says(7).startswith("1 [70.0, 20.0, 10.0") and notebook.says(7).endswith("None")


def test_statements_made_in_python_unfold_the_case_and_are_scored(notebook: Notebook):
    notebook.run(8)
    expect(case_of(notebook).get_by_role("heading", name="How it turned out")).to_be_visible()
    shown = case_of(notebook).locator(".figure-number").inner_text()
    notebook.page.wait_for_timeout(300)
    count = case_of(notebook).locator(".finding").count()
    assert notebook.says(7).startswith(f"{count} [")
    assert round(float(notebook.says(7).rsplit(" ", 1)[1]), 2) == float(shown)


def test_an_answer_comes_back_to_python_with_its_score(notebook: Notebook):
    form = quiz_of(notebook).locator("form").first
    form.get_by_label("Two branches found; whether a third exists is open").check()
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".result")).to_have_text("Right.")
    assert notebook.says(3).startswith("8 {'cluneal-nerves-002': [") and notebook.says(3).endswith(": 1.0} 1.0")


def test_an_answer_given_in_python_is_marked_in_the_quiz(notebook: Notebook):
    cell = notebook.cell(5)
    cell.locator(".cm-content").click()
    code = (
        "item = list(quiz.items)[1]; quiz.responses = {**quiz.responses, item: [list(quiz.items[item]['options'])[0]]}"
    )
    notebook.page.keyboard.insert_text(code)
    notebook.run(5)
    expect(quiz_of(notebook).locator("form").nth(1).locator(".result")).to_be_visible()
    assert notebook.says(3).count(": [") == 2


def test_keys_typed_in_a_widget_are_no_commands_of_the_notebook(notebook: Notebook):
    cells = notebook.page.locator(".jp-Notebook .jp-CodeCell").count()
    quiz_of(notebook).get_by_label("Ask me how sure I am").focus()
    for key in "ddab":
        notebook.page.keyboard.press(key)
    assert notebook.page.locator(".jp-Notebook .jp-CodeCell").count() == cells


def test_the_widgets_follow_the_theme(notebook: Notebook):
    page, seen = notebook.page, []
    for light in ("true", "false"):
        page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
        host = page.locator(".backmice-widget").first
        seen.append(host.evaluate("host => getComputedStyle(host).backgroundColor"))
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert seen == ["rgb(251, 252, 251)", "rgb(14, 22, 21)"]


@pytest.mark.parametrize("element", ["backmice-anatomy", "backmice-quiz", ".vignette-box"])
def test_the_widgets_pass_the_audit(notebook: Notebook, element: str):
    notebook.page.evaluate(AXE)
    found = notebook.page.evaluate(
        """async ([element, rules]) => {
          const include = [{ fromShadowDom: [".backmice-widget", element] }];
          const { violations } = await axe.run({ include }, { runOnly: rules, resultTypes: ["violations"] });
          return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
        }""",
        [element, RULES],
    )
    # Headings and landmarks are those of JupyterLab's page around it.
    assert [one for one in found if not one.startswith(("region", "landmark", "heading-order"))] == []


def test_nothing_is_fetched_from_elsewhere_and_nothing_went_wrong(page: tuple[Page, Watch], lab: JupyterLab):
    _, watch = page
    own = (lab.address, lab.address.replace("http", "ws"), "blob:", "data:")
    assert [url for url in watch.requests if not url.startswith(own)] == []
    assert [error for error in watch.errors if not OF_LAB.search(error)] == []
