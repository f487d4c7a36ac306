"""Pages of the labs: the widgets alive as Python left them, with no kernel and nothing from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from book_reader import DRAWING_MS, draw_figure, sideways_px, violations
from machine import Watch
from playwright.sync_api import Page, Route, expect

from backmice.anatomy.camera import VIEWS
from backmice.html.template import render
from backmice.notebook_data import DATA
from backmice.widgets import AnatomyExplorer, DifferentialReasoner

STATIC = Path(__file__).parents[2] / "src/backmice/static"
LABS = "/exercises/labs/"
FIGURE, QUIZ = f"{LABS}measure-the-triangle.html", f"{LABS}analysing-items.html"
LESSON_OF_QUIZ = "/book/meet/how-common.html"
#: What each lab's own code leaves; the rest of a figure is as it begins.
LEFT = {
    "measure-the-triangle": {"layers": ["region", "bone"], "labels": True},
    "feel-for-the-crest-branches": {
        "visible": ["psis", "iliac-crest", "superior-cluneal-medial", "nodule-band", "hip-bones", "sacrum"],
    },
}  # fmt: skip
STILL = {"viewport": {"width": 480, "height": 700}, "reduced_motion": "reduce"}
TRAITS = re.compile(r"data-traits='([^']*)'")
ALIVE = "backmice-widget[data-state=alive]"


def traits_of(book_folder: Path, lab: str) -> dict:
    found = TRAITS.findall((book_folder / f"exercises/labs/{lab}.html").read_text(encoding="utf-8"))
    assert len(found) == 1
    return json.loads(found[0])


def as_if(page: Page, old: re.Pattern[str], new: str) -> None:
    """Have pages of labs say `new` where they say `old`."""

    def change(route: Route) -> None:
        answer = route.fetch()
        text, count = old.subn(lambda _: new, answer.text())
        assert count == 1
        route.fulfill(response=answer, body=text)

    page.route(f"**{LABS}*.html", change)


def drawn(page: Page) -> set[str]:
    """Return the structures whose traces are drawn, the late ones too."""
    return set(
        page.evaluate(
            """() => document.querySelector("backmice-anatomy").plot.place.data
              .flatMap(({ meta, visible }) => (visible ? meta.structure ?? [] : []))"""
        )
    )


def from_elsewhere(watch: Watch, book: str) -> list[str]:
    return [url for url in watch.requests if not url.startswith((f"{book}/", "data:"))]


@pytest.mark.parametrize("lab", LEFT)
def test_a_page_holds_the_traits_that_the_run_left(book_folder: Path, lab: str):
    figure = AnatomyExplorer(**LEFT[lab])
    assert traits_of(book_folder, lab) == {
        "_files": {}, "camera": figure.camera, "labels": figure.labels, "measured_mm": None, "selected": "",
        "spread": True, "visible": figure.visible,
    }  # fmt: skip


def test_no_page_of_a_lab_holds_a_style_a_script_or_a_picture_of_its_own(book_folder: Path):
    pages = sorted((book_folder / "exercises/labs").glob("*.html"))
    assert len(pages) == 6
    for page in pages:
        outputs = re.findall(r'<div class="output text_html">.*?</div>', page.read_text(encoding="utf-8"), re.DOTALL)
        assert outputs
        assert not [html for html in outputs if " style=" in html or "<script" in html or "data:image" in html]


def test_the_figure_is_drawn_as_python_left_it_once_it_is_near(new_context, book: str, watch: Watch):
    page = new_context(**STILL).new_page()
    page.goto(book + FIGURE)
    expect(page.locator(ALIVE)).to_have_count(1)
    expect(page.locator(".still")).to_have_count(0)
    assert [url for url in watch.requests if "/vendor/" in url or url.endswith(".json")] == []
    figure = draw_figure(page)
    assert drawn(page) == set(AnatomyExplorer(layers=["region", "bone"]).visible)
    expect(figure.get_by_role("button", name="Labels")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("link", name="Run the lab")).to_have_attribute("href", "#run")
    # By keyboard alone.
    figure.locator("summary", has_text="Structures").evaluate("summary => { summary.parentElement.open = true; }")
    figure.locator("[data-structure=sacrum] input").press("Space")
    page.wait_for_function("() => !document.querySelector('backmice-anatomy').state.visible.includes('sacrum')")
    figure.get_by_role("button", name="Side").press("Enter")
    page.wait_for_function("() => document.querySelector('backmice-widget').model.get('camera').x > 1")
    model = page.evaluate("() => document.querySelector('backmice-widget').model.traits")
    assert "sacrum" not in model["visible"] and model["selected"] == "sacrum"
    assert (violations(page), sideways_px(page)) == ([], 0)
    assert from_elsewhere(watch, book) == []


def test_each_trait_reaches_the_figure_before_it_is_drawn(new_context, book: str):
    eye = {axis: round(value, 4) for axis, value in VIEWS["Side"]["eye"].items()}
    traits = {
        "visible": ["skin", "psis", "hip-bones"], "selected": "psis", "camera": eye, "labels": False, "spread": False,
        "measured_mm": None,
    }  # fmt: skip
    page = new_context(**STILL).new_page()
    as_if(page, TRAITS, f"data-traits='{json.dumps(traits)}'")
    # What is seen at the first drawing of all.
    page.add_init_script(
        """addEventListener("load", () => {
          let plotly;
          Object.defineProperty(window, "Plotly", {
            configurable: true,
            get: () => plotly,
            set: (given) => {
              plotly = { ...given, newPlot: (place, data, layout, ...more) => {
                globalThis.first = {
                  visible: [...new Set(data.flatMap(({ meta, visible }) => (visible ? meta.structure : [])))],
                  eye: layout.scene.camera.eye,
                };
                return given.newPlot(place, data, layout, ...more);
              } };
            },
          });
        });"""
    )
    page.goto(book + FIGURE)
    figure = draw_figure(page)
    first = page.evaluate("() => globalThis.first")
    assert (set(first["visible"]), first["eye"]) == ({"psis", "hip-bones"}, eye)
    page.wait_for_function("() => document.querySelector('backmice-anatomy').lateTraces.length", timeout=DRAWING_MS)
    assert drawn(page) == {"skin", "psis", "hip-bones"}
    state = figure.evaluate("figure => figure.state")
    assert {name: state[name] for name in ("visible", "selected", "labels", "spread")} == {
        "visible": ["skin", "hip-bones", "psis"], "selected": "psis", "labels": False, "spread": False,
    }  # fmt: skip
    assert state["camera"] == pytest.approx(eye)
    expect(figure.locator(".note")).to_contain_text("Posterior superior iliac spine.")


def test_what_is_answered_in_a_lab_is_kept_as_in_the_lesson(new_context, book: str, watch: Watch):
    page = new_context().new_page()
    page.goto(book + QUIZ)
    expect(page.locator(ALIVE)).to_have_count(1)
    form = page.locator("backmice-quiz form").first
    form.locator("input").first.press("Space")
    form.get_by_role("button", name="Check my answer").press("Enter")
    expect(form.locator(".result")).to_be_visible()
    traits = page.evaluate("() => document.querySelector('backmice-widget').model.traits")
    item = form.get_attribute("data-item")
    assert (list(traits["responses"]), list(traits["scores"])) == ([item], [item])
    assert (violations(page), sideways_px(page)) == ([], 0)
    for path in (QUIZ, LESSON_OF_QUIZ):
        page.goto(book + path)
        expect(page.locator(f"form[data-item={item}] .result")).to_be_visible()
    assert from_elsewhere(watch, book) == []


def test_what_python_answered_is_shown_and_not_kept(new_context, book: str):
    context = new_context()
    page = context.new_page()
    page.goto(book + QUIZ)
    expect(page.locator(ALIVE)).to_have_count(1)
    item = page.locator("backmice-quiz form").first.get_attribute("data-item")
    option = page.locator("backmice-quiz form input").first.get_attribute("value")
    as_if(page, TRAITS, f"data-traits='{json.dumps({'responses': {item: [option]}, 'scores': {}})}'")
    page.reload()
    expect(page.locator(f"form[data-item={item}] .result")).to_be_visible()
    expect(page.locator("backmice-quiz .result")).to_have_count(1)
    page.goto(book + LESSON_OF_QUIZ)
    expect(page.locator("backmice-quiz .tally").first).to_contain_text(" 0 of ")
    expect(page.locator("backmice-quiz .result")).to_have_count(0)


def test_a_case_goes_on_where_python_left_it(new_context, book: str):
    case = DifferentialReasoner("sacroiliac-joint")
    stated = dict.fromkeys(case.conditions, 0.0) | {next(iter(case.conditions)): 100.0}
    name = "vignette-sacroiliac-joint"
    traits = {"beliefs": [stated], "score": None, "_files": {"vignette": name}}
    files = {name: (DATA / f"{name}.json").read_text(encoding="utf-8")}
    html = render("lab_widget", kind="reasoner", traits=traits, files=files, pictures=None, still="", shown="")
    page = new_context().new_page()
    # No lab has a case yet, so its module comes as it is in the package, in place of the page's own script and text.
    script = '<script type="module" src="../../_static/as-it-is/alive-reasoner.js"></script>'
    page_of_lab = re.compile('<script type="module".*</main>', re.DOTALL)
    as_if(page, page_of_lab, f"{script}</head><body><main>{html}</main>")
    page.route("**/as-it-is/*.js", lambda route: route.fulfill(path=STATIC / route.request.url.rpartition("/")[2]))
    page.goto(f"{book}{LABS}needle-reach.html")
    expect(page.locator(".finding")).to_have_count(1)
    page.locator("backmice-widget form").get_by_role("button").last.click()
    expect(page.locator(".finding")).to_have_count(2)
    expect(page.get_by_text("nothing you state here is kept")).to_be_visible()
    page.wait_for_function("() => document.querySelector('backmice-widget').model.get('beliefs').length === 2")


@pytest.mark.parametrize("path", [FIGURE, QUIZ])
def test_without_scripts_the_still_stays(new_context, book: str, path: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(book + path)
    still = page.locator("backmice-widget .still")
    expect(still).to_be_visible()
    expect(still).to_contain_text("when the notebook runs")
    expect(page.locator("backmice-widget").get_by_text("Python doesn’t run")).to_be_hidden()
