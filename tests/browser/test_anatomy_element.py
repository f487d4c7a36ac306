"""The figure in a real browser: fetched when the reader comes near, drawn, switched, and what happens when it fails."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator

import pytest
from book_reader import DRAWING_MS, LESSON, SAVE_DATA, draw_figure
from machine import Watch, ask_until
from playwright.sync_api import Browser, Locator, Page, expect

# Small, since it is drawn without a graphics card.
STILL = {"viewport": {"width": 480, "height": 700}, "reduced_motion": "reduce", "service_workers": "block"}
FAILED = "The 3-D figure did not load. The picture and the table say the same."
NO_WEBGL = """const { getContext } = HTMLCanvasElement.prototype;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return /webgl/.test(kind) ? null : getContext.call(this, kind, ...more);
};"""

#: Counts what is asked of the card: to link shaders, to begin a drawing, to give back what was drawn.
COUNT = """window.counts = { linkProgram: 0, clear: 0, readPixels: 0 };
for (const name of Object.keys(counts)) {
  const asked = WebGLRenderingContext.prototype[name];
  WebGLRenderingContext.prototype[name] = function (...given) {
    counts[name]++;
    return asked.apply(this, given);
  };
}"""


@pytest.fixture
def lesson(new_context, book: str) -> Page:
    """The lesson, its figure not yet near."""
    page = new_context(**STILL).new_page()
    page.goto(book + LESSON)
    return page


@pytest.fixture(scope="module")
def drawn(browser: Browser, book: str) -> Iterator[tuple[Locator, Watch]]:
    """A figure drawn once for all tests that leave it standing, and what went wrong in its page."""
    context, watch = browser.new_context(**STILL), Watch()
    context.set_default_timeout(10_000)
    page = context.new_page()
    watch.follow(page)
    page.goto(book + LESSON)
    yield draw_figure(page), watch
    context.close()


@pytest.fixture
def figure(drawn: tuple[Locator, Watch]) -> Iterator[Locator]:
    """The figure as it is when just drawn."""
    figure, watch = drawn
    figure.page.emulate_media(reduced_motion="reduce")
    figure.evaluate("f => { f.querySelector('.structures').open = true; return f.reset(); }")
    expect_eye(figure, "Behind")
    yield figure
    assert watch.errors == []


def fetched(urls: list[str]) -> list[str]:
    """Return the kinds of what only a drawn figure needs."""
    return sorted(
        url.rsplit(".", 1)[1] for url in urls if "/vendor/" in url or "/figures/" in url and url.endswith(".json")
    )


def visible(figure: Locator, part: str | None = None) -> set[str]:
    """Return the structures whose traces are drawn."""
    traces = figure.evaluate(
        "f => f.plot.place.data.slice(0, f.plot.traces.length).map(({ meta, visible }) => ({ ...meta, visible }))"
    )
    return {t["structure"] for t in traces if t["visible"] and (part is None or t["part"] == part)}


def expect_visible(figure: Locator, wanted: set[str]) -> None:
    """Wait until exactly these structures are drawn."""
    ask_until(figure.page, """([figure, wanted]) => {
          const drawn = figure.plot.place.data.slice(0, figure.plot.traces.length).filter(({ visible }) => visible);
          return [...new Set(drawn.map(({ meta }) => meta.structure))].sort().join() === wanted.join();
        }""",
        arg=[figure.element_handle(), sorted(wanted)], timeout=DRAWING_MS,
    )  # fmt: skip


def structures(figure: Locator) -> list[str]:
    return figure.locator(".layers li").evaluate_all("all => all.map(li => li.dataset.structure)")


def at_first(figure: Locator) -> set[str]:
    """Return what is shown before anybody asks for more: no layer that is fetched later, nothing for contrast."""
    return set(
        figure.evaluate(
            """f => [...f.querySelectorAll(".layers li:not([data-contrast])")].map(({ dataset }) => dataset)
              .flatMap(({ structure, layer }) => (layer in JSON.parse(f.dataset.layers) ? [] : structure))"""
        )
    )


def wait_until(figure: Locator, is_so: Callable[[], bool]) -> None:
    """Look again and again until it is so: without a graphics card a frame may take a second."""
    for _ in range(40):
        if is_so():
            return
        figure.page.wait_for_timeout(250)
    assert is_so()


def eye(figure: Locator) -> dict[str, float]:
    """Return where the camera stands."""
    at = figure.evaluate("f => f.plot.eye")
    return {axis: round(value, 3) for axis, value in at.items()}


def box(figure: Locator, structure: str) -> Locator:
    return figure.locator(f".layers [data-structure={structure}] input")


def press(figure: Locator, name: str) -> Locator:
    button = figure.get_by_role("button", name=name, exact=True)
    button.click()
    return button


def expect_eye(figure: Locator, view: str) -> None:
    """Wait until the camera stands where the button `view` says."""
    wanted = json.loads(figure.get_by_role("button", name=view, exact=True).get_attribute("data-view"))["eye"]
    ask_until(figure.page, """([figure, wanted]) => {
          const eye = figure.plot.eye;
          return ["x", "y", "z"].every((axis) => Math.abs(eye[axis] - wanted[axis]) < 1e-3);
        }""",
        arg=[figure.element_handle(), wanted], timeout=DRAWING_MS,
    )  # fmt: skip


def colours(page: Page, picture: bytes) -> list[int]:
    """Return how many pixels each coarse colour of a screenshot has, the most frequent first."""
    return page.evaluate(
        """async (data) => {
          const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]));
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          canvas.drawImage(bitmap, 0, 0);
          const { data: rgba } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
          const counts = new Map();
          for (let i = 0; i < rgba.length; i += 4) {
            const colour = [0, 1, 2].map((k) => rgba[i + k] >> 5).join();
            counts.set(colour, (counts.get(colour) ?? 0) + 1);
          }
          return [...counts.values()].sort((a, b) => b - a);
        }""",
        base64.b64encode(picture).decode(),
    )


def test_nothing_of_it_is_fetched_until_the_reader_is_near(lesson: Page, watch):
    lesson.wait_for_load_state("networkidle")
    assert fetched(watch.requests) == []
    expect(lesson.locator("backmice-anatomy canvas")).to_have_count(0)
    draw_figure(lesson)
    assert fetched(watch.requests) == ["js", "json"]


def test_it_is_drawn_once_by_few_shaders_and_once_more_when_the_pointer_asks_what_it_is_on(lesson: Page):
    lesson.add_init_script(COUNT)
    lesson.reload()
    figure = draw_figure(lesson)
    lesson.wait_for_timeout(500)
    counts = lesson.evaluate("counts")
    assert counts["linkProgram"] <= 12
    assert (counts["clear"], counts["readPixels"]) == (4, 0)
    figure.locator(".stage").hover()
    ask_until(lesson, "counts.readPixels > 0", timeout=DRAWING_MS)


def test_it_is_drawn(figure: Locator):
    stage = figure.locator(".stage")
    expect(stage.locator(".tag")).to_have_text("Schematic, drag to turn")
    counts = colours(figure.page, stage.screenshot())
    assert len(counts) > 12
    assert counts[0] < 0.8 * sum(counts)


def test_unticking_all_leaves_an_empty_stage(figure: Locator):
    """That a figure was drawn is seen in its pixels, not only in its data."""
    before = colours(figure.page, figure.locator(".stage").screenshot())
    for tick in figure.locator(".layers input:checked").all()[::-1]:
        tick.uncheck()

    def empty() -> bool:
        after = colours(figure.page, figure.locator(".stage").screenshot())
        return after[0] > 0.97 * sum(after)

    wait_until(figure, empty)
    assert before[0] < 0.97 * sum(before)


def test_each_checkbox_shows_and_hides_its_structure(figure: Locator):
    shown = at_first(figure)
    expect_visible(figure, shown)
    for structure in sorted(shown):
        box(figure, structure).uncheck()
        shown.remove(structure)
        expect_visible(figure, shown)
    for structure in ("inferior-cluneal", "multifidus"):  # for contrast; of a layer that is fetched
        box(figure, structure).check()
        expect_visible(figure, shown := shown | {structure})
    expect(figure.locator(".note")).to_contain_text("Fetched: Muscles. Multifidus. The deep muscle")


def test_only_what_is_to_look_otherwise_is_drawn_anew(figure: Locator):
    figure.evaluate(
        """f => {
          const { Plotly } = f.plot;
          f.anew = [];
          f.plot.Plotly = { ...Plotly, update: (...all) => (f.anew.push(all[3]), Plotly.update(...all)) };
        }"""
    )
    box(figure, "psis").uncheck()
    expect_visible(figure, at_first(figure) - {"psis"})
    figure.evaluate("f => f.show()")
    anew = figure.evaluate("f => f.anew.map((all) => all.map((n) => f.plot.traces[n].meta.structure))")
    assert anew == [["psis"]]


def test_a_layer_is_shown_and_hidden_as_a_whole(figure: Locator):
    shown = at_first(figure)
    for switch in figure.locator("[data-layer-switch]").all():
        layer = switch.get_attribute("data-layer-switch")
        of_layer = set(
            figure.locator(f".layers [data-layer={layer}]").evaluate_all("a => a.map(li => li.dataset.structure)")
        )
        switch.uncheck()  # partly ticked counts as ticked
        expect_visible(figure, shown := shown - of_layer)
        switch.check()
        expect_visible(figure, shown | of_layer)
        switch.uncheck()
        expect_visible(figure, shown)


def test_the_slider_peels_from_outside_in_and_says_what_is_left(figure: Locator):
    page, slider = figure.page, figure.get_by_label("Peel from skin to bone")
    layers = figure.locator(".layers li").evaluate_all("all => all.map(li => [li.dataset.structure, li.dataset.layer])")
    slider.focus()
    expect(slider).to_have_attribute("aria-valuetext", "Nodules and what lies deeper")
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "Bones and what lies deeper")
    expect_visible(figure, {id_ for id_, layer in layers if layer in ("region", "bone")})
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "Skin and what lies deeper")
    for_contrast = {id_ for id_, layer in layers if layer == "nerve"} - at_first(figure)
    expect_visible(figure, {id_ for id_, _ in layers} - for_contrast)


def test_a_structure_is_sought_by_name_in_english_and_latin(figure: Locator):
    found = ".layers li:not([hidden]) span:last-child"
    seek = figure.get_by_role("searchbox", name="Find by name")
    seek.fill("clunium med")
    expect(figure.locator(found)).to_have_text(["Superior cluneal, medial", "Middle cluneal"])
    expect(figure.locator(".note")).to_have_text("2 structures found. Enter shows the first.")
    seek.press("Enter")
    expect(figure.locator("[data-structure=superior-cluneal-medial]")).to_have_class("is-read")
    seek.fill("femur")
    expect(figure.locator(".note")).to_have_text("No structure has that name.")
    seek.fill("")
    expect(figure.locator(".layers li:not([hidden])")).to_have_count(len(structures(figure)))


def test_isolating_leaves_one_structure_on_faint_bones_and_can_be_undone(figure: Locator):
    figure.evaluate("f => f.read('middle-cluneal')")
    button = press(figure, "Isolate Middle cluneal nerves")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect_visible(figure, {"middle-cluneal", "lumbar-vertebrae", "sacrum", "coccyx", "hip-bones"})
    opacity = (
        "f => Object.fromEntries(f.plot.traces.map(({ meta }, n) => [meta.structure, f.plot.place.data[n].opacity]))"
    )
    assert figure.evaluate(opacity)["sacrum"] == 0.16
    button.click()
    expect_visible(figure, at_first(figure))
    assert figure.evaluate(opacity)["sacrum"] == 1


def test_fading_one_structure_leaves_the_others(figure: Locator):
    figure.evaluate("f => f.read('sacrum')")
    press(figure, "Fade Sacrum")
    opacity = (
        "f => Object.fromEntries(f.plot.traces.map(({ meta }, n) => [meta.structure, f.plot.place.data[n].opacity]))"
    )
    ask_until(
        figure.page, "f => f.plot.place.data.some(({ opacity }) => opacity === 0.16)", arg=figure.element_handle()
    )
    found = figure.evaluate(opacity)
    assert (found["sacrum"], found["hip-bones"]) == (0.16, 1)


def test_views_move_the_camera_and_keep_what_is_hidden(figure: Locator):
    hidden = "hip-bones"
    box(figure, hidden).uncheck()
    views = figure.locator("[data-view]").all_inner_texts()
    assert {"Behind", "Oblique", "Side"} <= set(views)
    for view in [*views[1:], views[0]]:
        pressed = press(figure, view)
        expect_eye(figure, view)
        expect(pressed).to_have_attribute("aria-pressed", "true")
        expect(figure.locator("[data-view][aria-pressed=true]")).to_have_count(1)
    assert hidden not in visible(figure)


def test_hiding_a_structure_keeps_the_view(figure: Locator):
    press(figure, "Oblique")
    expect_eye(figure, "Oblique")
    before = eye(figure)
    box(figure, "psis").uncheck()
    expect_visible(figure, at_first(figure) - {"psis"})
    assert eye(figure) == pytest.approx(before, abs=2e-3)


def test_reset_restores_everything(figure: Locator):
    ticked = figure.locator(".layers input:checked").count()
    box(figure, "psis").uncheck()
    press(figure, "Labels")
    press(figure, "Spread")
    press(figure, "Side")
    expect_eye(figure, "Side")
    press(figure, "Reset")
    expect_eye(figure, "Behind")
    expect(figure.locator(".note")).to_have_text("The figure is as it was at first.")
    expect(figure.get_by_role("button", name="Labels")).to_have_attribute("aria-pressed", "false")
    expect(figure.get_by_role("button", name="Spread")).to_have_attribute("aria-pressed", "true")
    expect_visible(figure, at_first(figure))
    expect(figure.locator(".layers input:checked")).to_have_count(ticked)
    assert ticked == len(at_first(figure))


def test_labels_name_what_is_shown(figure: Locator):
    names = "f => f.plot.place.layout.scene.annotations.filter(a => a.visible).map(a => a.name).sort()"
    assert figure.evaluate(names) == []
    press(figure, "Labels")
    wait_until(figure, lambda: len(figure.evaluate(names)) >= 5)
    named = figure.evaluate(names)
    box(figure, named[0]).uncheck()
    wait_until(figure, lambda: figure.evaluate(names) == named[1:])
    box(figure, "multifidus").check()
    wait_until(figure, lambda: figure.evaluate(names) == sorted([*named[1:], "multifidus"]))
    press(figure, "Labels")
    wait_until(figure, lambda: figure.evaluate(names) == [])


def test_spread_is_drawn_and_can_be_hidden(figure: Locator):
    shapes, spread = visible(figure, "shape"), visible(figure, "spread")
    assert spread
    press(figure, "Spread")
    wait_until(figure, lambda: visible(figure, "spread") == set())
    assert visible(figure, "shape") == shapes
    press(figure, "Spread")
    wait_until(figure, lambda: visible(figure, "spread") == spread)


def test_keyboard_alone(figure: Locator):
    """Each structure is reached, told of and hidden; view and switches work; nothing needs the canvas."""
    page, status = figure.page, figure.locator(".note")
    figure.get_by_role("button", name="Behind").focus()
    page.keyboard.press("Tab")
    expect(figure.get_by_role("button", name="Oblique")).to_be_focused()
    page.keyboard.press("Enter")
    expect_eye(figure, "Oblique")
    while not figure.evaluate("f => document.activeElement.matches('.layers input')"):
        page.keyboard.press("Tab")
    told = []
    for structure in structures(figure):
        if not box(figure, structure).evaluate("box => box === document.activeElement"):
            page.keyboard.press("Tab")  # over the box of the whole layer
        expect(box(figure, structure)).to_be_focused()
        note = figure.locator(f"[data-note={structure}]")
        expect(status).to_have_text(f"{note.get_attribute('data-name')}. {note.text_content()}")
        told.append(status.text_content())
        was = box(figure, structure).is_checked()
        page.keyboard.press("Space")
        expect(box(figure, structure)).to_be_checked(checked=not was)
        page.keyboard.press("Tab")
    assert len(set(told)) == len(told)
    expect_visible(figure, set(structures(figure)) - at_first(figure))
    expect(figure.get_by_role("button", name="Labels")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status).to_have_text("The figure is as it was at first.")
    expect_visible(figure, at_first(figure))


def count_of_moves(figure: Locator) -> int:
    """Press a view and return in how many steps the camera came there."""
    figure.evaluate("f => { f.moves = 0; f.plot.onMove(() => f.moves++); }")
    press(figure, "Oblique")
    expect_eye(figure, "Oblique")
    return figure.evaluate("f => f.moves")


def test_reduced_motion_jumps(figure: Locator):
    assert count_of_moves(figure) == 1


def test_otherwise_the_camera_travels(figure: Locator):
    figure.page.emulate_media(reduced_motion="no-preference")
    assert count_of_moves(figure) > 1


@pytest.mark.parametrize("missing", ["**/figures/*.json", "**/vendor/*.js"])
def test_what_fails_leaves_picture_and_table_and_can_be_tried_again(lesson: Page, missing: str, watch):
    lesson.route(missing, lambda route: route.abort())
    figure = lesson.locator("backmice-anatomy")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".note")).to_have_text(FAILED)
    watch.errors.clear()  # the browser reports the request that was cut
    expect(figure.locator(".stage img")).to_be_visible()
    expect(figure.get_by_role("checkbox")).to_have_count(0)
    figure.get_by_text("Read it as a table").click()
    expect(figure.get_by_role("table")).to_be_visible()
    lesson.unroute(missing)
    press(figure, "Try again")
    expect(lesson.locator("backmice-anatomy[data-state=drawn]")).to_be_visible(timeout=DRAWING_MS)
    expect(figure.get_by_role("button", name="Try again")).to_have_count(0)
    press(figure, "Labels")
    expect(figure.get_by_role("button", name="Labels")).to_have_attribute("aria-pressed", "true")


def test_a_drawing_that_fails_can_be_tried_again(lesson: Page):
    """Regression: after the second try each press counted twice."""
    lesson.route(
        "**/vendor/*.js", lambda route: route.fulfill(body="window.Plotly = { newPlot: () => Promise.reject(0) }")
    )
    figure = lesson.locator("backmice-anatomy")
    figure.evaluate("f => f.removeAttribute('integrity')")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".note")).to_have_text(FAILED)
    expect(figure.locator(".plot")).to_have_count(0)
    expect(figure.get_by_role("button")).to_have_text("Try again")
    lesson.evaluate("Object.assign(Plotly, { newPlot: () => Promise.resolve(), update() {}, relayout() {} })")
    lesson.evaluate("HTMLDivElement.prototype.on = () => {}")
    press(figure, "Try again")
    expect(lesson.locator("backmice-anatomy[data-state=drawn]")).to_be_visible()
    press(figure, "Labels")
    expect(figure.get_by_role("button", name="Labels")).to_have_attribute("aria-pressed", "true")


def test_a_script_that_was_changed_on_the_way_is_not_run(lesson: Page, watch):
    lesson.route("**/vendor/*.js", lambda route: route.fulfill(body="globalThis.ran = true"))
    figure = lesson.locator("backmice-anatomy")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".note")).to_have_text(FAILED)
    assert lesson.evaluate("globalThis.ran") is None
    assert any("integrity" in error for error in watch.errors)
    watch.errors.clear()


def test_without_webgl_the_picture_stays_and_nothing_is_fetched(new_context, book: str, watch):
    """Regression: plotly covered the picture with a notice and a link to another site."""
    page = new_context(**STILL).new_page()
    page.add_init_script(NO_WEBGL)
    page.goto(book + LESSON)
    figure = page.locator("backmice-anatomy")
    figure.scroll_into_view_if_needed()
    said = "This browser does not draw in 3-D. The pictures, the tools and the table say the same."
    expect(figure.locator(".note")).to_have_text(said)
    picture = figure.locator(".stage img")
    expect(picture).to_be_visible()
    for view in ("Oblique", "Side", "Crest"):
        press(figure, view)
        address = rf"^\.\./\.\./_static/figures/{view.lower()}-720-[0-9a-f]{{10}}\.webp$"
        expect(picture).to_have_attribute("src", re.compile(address))
        ask_until(page, "picture => picture.complete && picture.naturalWidth === 720", arg=picture.element_handle())
    assert fetched(watch.requests) == []
    press(figure, "Measure")
    figure.get_by_label("From", exact=True).select_option("midline")
    figure.get_by_label("To", exact=True).select_option("nodule-band")
    expect(figure.locator(".measured")).to_contain_text("60.0 mm in the model, straight.")
    assert fetched(watch.requests) == ["json"]


def test_who_saves_data_is_asked_first(new_context, book: str, watch):
    page = new_context(**STILL).new_page()
    page.add_init_script(SAVE_DATA)
    page.goto(book + LESSON)
    figure = page.locator("backmice-anatomy")
    figure.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert fetched(watch.requests) == []
    press(figure, "Turn in 3-D")
    expect(page.locator("backmice-anatomy[data-state=drawn]")).to_be_visible(timeout=DRAWING_MS)
    assert fetched(watch.requests) == ["js", "json"]


def swipe(page: Page, over: Locator, fingers: int = 1) -> int:
    """Drag fingers up over an element and return how far the page scrolled."""
    over.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 200)")
    page.wait_for_timeout(200)
    bounds, before = over.bounding_box(), page.evaluate("scrollY")
    x, y = bounds["x"] + bounds["width"] / 2, bounds["y"] + bounds["height"] / 2
    screen = page.context.new_cdp_session(page)
    for moved in range(0, 130, 10):
        kind = "touchMove" if moved else "touchStart"
        points = [{"x": x + 60 * n, "y": y - moved, "id": n} for n in range(fingers)]
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(16)
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    return page.evaluate("scrollY") - before


def test_on_touch_one_finger_scrolls_and_two_turn_until_asked_otherwise(new_context, book: str):
    page = new_context(has_touch=True, is_mobile=True, reduced_motion="reduce").new_page()
    page.goto(book + LESSON)
    figure = draw_figure(page)
    stage, before = figure.locator(".stage"), eye(figure)
    assert swipe(page, stage) > 50
    assert eye(figure) == before
    assert swipe(page, stage, fingers=2) == 0
    turned = eye(figure)
    assert turned["z"] != before["z"]
    figure.get_by_role("button", name="Turn with one finger").tap()
    assert swipe(page, stage) == 0
    assert eye(figure) != turned
    turned = eye(figure)
    figure.get_by_role("button", name="Done turning").tap()
    assert swipe(page, stage) > 50
    assert eye(figure) == turned
    expect(figure.get_by_role("button", name="Turn with one finger")).to_be_visible()


def test_buttons_turn_it_without_a_pointer(figure: Locator):
    before = eye(figure)
    press(figure, "Turn left")
    ask_until(figure.page, "([f, y]) => f.plot.eye.y !== y", arg=[figure.element_handle(), before["y"]])
    press(figure, "Turn right")
    expect_eye(figure, "Behind")
