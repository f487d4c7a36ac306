"""The figure in a real browser: fetched when the reader comes near, drawn, switched, and what happens when it fails."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest
from book_reader import DRAWING_MS, LESSON, SAVE_DATA, draw_figure
from machine import Watch
from playwright.sync_api import Browser, Locator, Page, expect

# Small, since it is drawn without a graphics card.
STILL = {"viewport": {"width": 480, "height": 700}, "reduced_motion": "reduce"}
FAILED = "The 3-D figure did not load. The picture and the table say the same."
NO_WEBGL = """const { getContext } = HTMLCanvasElement.prototype;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return /webgl/.test(kind) ? null : getContext.call(this, kind, ...more);
};"""


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
    figure.evaluate("f => f.reset()")
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
    traces = figure.evaluate("f => f.plot.data.map(({ meta, visible }) => ({ ...meta, visible }))")
    return {t["structure"] for t in traces if t["visible"] and (part is None or t["part"] == part)}


def structures(figure: Locator) -> list[str]:
    return figure.locator(".layers li").evaluate_all("all => all.map(li => li.dataset.structure)")


def eye(figure: Locator) -> dict[str, float]:
    """Return where the camera stands."""
    at = figure.evaluate("f => f.plot._fullLayout.scene._scene.getCamera().eye")
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
    figure.page.wait_for_function(
        """([figure, wanted]) => {
          const eye = figure.plot._fullLayout.scene._scene.getCamera().eye;
          return ["x", "y", "z"].every((axis) => Math.abs(eye[axis] - wanted[axis]) < 1e-3);
        }""",
        arg=[figure.element_handle(), wanted], timeout=DRAWING_MS,
    )  # fmt: skip


def colours(page: Page, picture: bytes) -> list[int]:
    """Return how many pixels each coarse colour of a screenshot has, the most frequent first."""
    return page.evaluate(
        """async (data) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
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


def test_it_is_drawn(figure: Locator):
    stage = figure.locator(".stage")
    expect(stage.locator(".tag")).to_have_text("Schematic, drag to turn")
    counts = colours(figure.page, stage.screenshot())
    assert len(counts) > 12
    assert counts[0] < 0.8 * sum(counts)


def test_unticking_all_leaves_an_empty_stage(figure: Locator):
    """That a figure was drawn is seen in its pixels, not only in its data."""
    before = colours(figure.page, figure.locator(".stage").screenshot())
    for tick in figure.locator(".layers input").all():
        tick.uncheck()
    figure.page.wait_for_timeout(500)
    after = colours(figure.page, figure.locator(".stage").screenshot())
    assert after[0] > 0.97 * sum(after) > before[0]


def test_each_checkbox_shows_and_hides_its_structure(figure: Locator):
    shown = set(structures(figure))
    assert visible(figure) == shown
    for structure in structures(figure):
        box(figure, structure).uncheck()
        shown.remove(structure)
        assert visible(figure) == shown
    box(figure, structures(figure)[0]).check()
    assert visible(figure) == {structures(figure)[0]}


def test_layer_buttons_show_and_hide_a_whole_layer(figure: Locator):
    everything = set(structures(figure))
    for button in figure.locator("[data-layer-switch]").all():
        layer = button.get_attribute("data-layer-switch")
        of_layer = figure.locator(f".layers [data-layer={layer}]").evaluate_all(
            "a => a.map(li => li.dataset.structure)"
        )
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")
        assert visible(figure) == everything - set(of_layer) != everything
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert visible(figure) == everything


def test_views_move_the_camera_and_keep_what_is_hidden(figure: Locator):
    hidden = structures(figure)[-1]
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
    box(figure, structures(figure)[0]).uncheck()
    figure.page.wait_for_timeout(300)
    assert eye(figure) == before


def test_reset_restores_everything(figure: Locator):
    everything = set(structures(figure))
    box(figure, structures(figure)[0]).uncheck()
    press(figure, "Labels")
    press(figure, "Spread")
    press(figure, "Side")
    expect_eye(figure, "Side")
    press(figure, "Reset")
    expect_eye(figure, "Behind")
    expect(figure.get_by_role("status")).to_have_text("All structures are shown again.")
    expect(figure.get_by_role("button", name="Labels")).to_have_attribute("aria-pressed", "false")
    expect(figure.get_by_role("button", name="Spread")).to_have_attribute("aria-pressed", "true")
    assert visible(figure) == everything
    assert figure.locator(".layers input:not(:checked)").count() == 0


def test_labels_name_what_is_shown(figure: Locator):
    names = "f => f.plot.layout.scene.annotations.filter(a => a.visible).map(a => a.name).sort()"
    assert figure.evaluate(names) == []
    press(figure, "Labels")
    named = figure.evaluate(names)
    assert len(named) >= 5
    box(figure, named[0]).uncheck()
    assert figure.evaluate(names) == named[1:]
    press(figure, "Labels")
    assert figure.evaluate(names) == []


def test_spread_is_drawn_and_can_be_hidden(figure: Locator):
    shapes, spread = visible(figure, "shape"), visible(figure, "spread") | visible(figure, "study")
    assert spread
    press(figure, "Spread")
    assert visible(figure, "spread") | visible(figure, "study") == set()
    assert visible(figure, "shape") == shapes
    press(figure, "Spread")
    assert visible(figure, "spread") | visible(figure, "study") == spread


def test_keyboard_alone(figure: Locator):
    """Each structure is reached, told of and hidden; view and switches work; nothing needs the canvas."""
    page, status = figure.page, figure.get_by_role("status")
    figure.get_by_role("button", name="Behind").focus()
    page.keyboard.press("Tab")
    expect(figure.get_by_role("button", name="Oblique")).to_be_focused()
    page.keyboard.press("Enter")
    expect_eye(figure, "Oblique")
    while not figure.evaluate("f => document.activeElement.matches('.layers input')"):
        page.keyboard.press("Tab")
    told = []
    for structure in structures(figure):
        expect(box(figure, structure)).to_be_focused()
        note = figure.locator(f"[data-note={structure}]")
        expect(status).to_have_text(f"{note.get_attribute('data-name')}. {note.text_content()}")
        told.append(status.text_content())
        page.keyboard.press("Space")
        expect(box(figure, structure)).not_to_be_checked()
        page.keyboard.press("Tab")
    assert len(set(told)) == len(told)
    assert visible(figure) == set()
    expect(figure.get_by_role("button", name="Labels")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status).to_have_text("All structures are shown again.")
    assert visible(figure) == set(structures(figure))


def count_of_moves(figure: Locator) -> int:
    """Press a view and return in how many steps the camera came there."""
    figure.evaluate("f => { f.moves = 0; f.plot.on('plotly_relayout', () => f.moves++); }")
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
    expect(figure.get_by_role("status")).to_have_text(FAILED)
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
    figure.scroll_into_view_if_needed()
    expect(figure.get_by_role("status")).to_have_text(FAILED)
    expect(figure.locator(".plot")).to_have_count(0)
    expect(figure.get_by_role("button")).to_have_text("Try again")
    lesson.evaluate("Object.assign(Plotly, { newPlot: () => Promise.resolve(), update() {}, relayout() {} })")
    lesson.evaluate("HTMLDivElement.prototype.on = () => {}")
    press(figure, "Try again")
    expect(lesson.locator("backmice-anatomy[data-state=drawn]")).to_be_visible()
    press(figure, "Labels")
    expect(figure.get_by_role("button", name="Labels")).to_have_attribute("aria-pressed", "true")


def test_without_webgl_the_picture_stays_and_nothing_is_fetched(new_context, book: str, watch):
    """Regression: plotly covered the picture with a notice and a link to another site."""
    page = new_context(**STILL).new_page()
    page.add_init_script(NO_WEBGL)
    page.goto(book + LESSON)
    figure = page.locator("backmice-anatomy")
    figure.scroll_into_view_if_needed()
    said = "This browser does not draw in 3-D. The picture and the table say the same."
    expect(figure.get_by_role("status")).to_have_text(said)
    expect(figure.locator(".stage img")).to_be_visible()
    expect(figure.get_by_role("button")).to_have_count(0)
    assert fetched(watch.requests) == []


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


def swipe(page: Page, over: Locator) -> int:
    """Drag a finger up over an element and return how far the page scrolled."""
    over.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 200)")
    page.wait_for_timeout(200)
    bounds, before = over.bounding_box(), page.evaluate("scrollY")
    x, y = bounds["x"] + bounds["width"] / 2, bounds["y"] + bounds["height"] / 2
    finger = page.context.new_cdp_session(page)
    for moved in range(0, 130, 10):
        kind = "touchMove" if moved else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - moved}]})
        page.wait_for_timeout(16)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    return page.evaluate("scrollY") - before


def test_on_touch_the_page_scrolls_over_it_until_asked_to_turn(new_context, book: str):
    page = new_context(has_touch=True, is_mobile=True, reduced_motion="reduce").new_page()
    page.goto(book + LESSON)
    figure = draw_figure(page)
    stage, before = figure.locator(".stage"), eye(figure)
    assert swipe(page, stage) > 50
    assert eye(figure) == before
    figure.get_by_role("button", name="Turn in 3-D").tap()
    assert swipe(page, stage) == 0
    assert eye(figure) != before
    turned = eye(figure)
    figure.get_by_role("button", name="Done turning").tap()
    assert swipe(page, stage) > 50
    assert eye(figure) == turned
    expect(figure.get_by_role("button", name="Turn in 3-D")).to_be_visible()
