"""The tools of the figure in a real browser: measured, cut, held against studies, led to by sentences, found."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from book_reader import DRAWING_MS, LESSON, draw_figure, sideways_px, violations
from machine import Watch, ask_until
from playwright.sync_api import Browser, Locator, Page, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "service_workers": "block"}
MEDIAL = "superior-cluneal-medial"
#: Where points of the frame stand on the screen.
ON_SCREEN = """(f, p) => {
  const { glplot, dataScale } = f.plot.place._fullLayout.scene._scene;
  const { model, view, projection } = glplot.cameraParams;
  const times = (m, v) => [0, 1, 2, 3].map((i) => v.reduce((sum, x, j) => sum + m[i + 4 * j] * x, 0));
  const [x, y, , w] = [model, view, projection].reduce((q, m) => times(m, q), [...p.map((v, i) => v * dataScale[i]), 1]);
  const box = f.plot.place.getBoundingClientRect();
  return [box.left + (box.width * (1 + x / w)) / 2, box.top + (box.height * (1 - y / w)) / 2];
}"""
FINDS = """async () => {
  const open = indexedDB.open("backmice");
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const all = db.transaction("events").objectStore("events").getAll();
  return new Promise((done) => (all.onsuccess = () => done(all.result.filter(({ type }) => type === "find"))));
}"""


@pytest.fixture(scope="module")
def drawn(browser: Browser, book: str) -> Iterator[tuple[Locator, Watch]]:
    """A figure drawn once for all tests, on a phone, and what went wrong in its page."""
    context, watch = browser.new_context(**PHONE), Watch()
    context.set_default_timeout(20_000)
    page = context.new_page()
    watch.follow(page)
    page.goto(book + LESSON)
    yield draw_figure(page), watch
    context.close()


@pytest.fixture
def figure(drawn: tuple[Locator, Watch]) -> Iterator[Locator]:
    """The figure as just drawn; nothing may go wrong and no tool may fail the audit."""
    figure, watch = drawn
    figure.evaluate("f => f.reset()")
    yield figure
    assert violations(figure.page) == []
    assert sideways_px(figure.page) == 0
    assert watch.errors == []


def open_tool(figure: Locator, name: str) -> None:
    """Open a tool by its button."""
    button = figure.get_by_role("button", name=name, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(figure.get_by_role("region", name=name, exact=True)).to_be_visible()


def touch(figure: Locator, point: list[float]) -> None:
    """Press with the mouse where a point of the frame is drawn."""
    page = figure.page
    figure.locator("figure > .stage").evaluate("e => e.scrollIntoView({ block: 'center' })")
    x, y = figure.evaluate(ON_SCREEN, point)
    page.mouse.move(x, y + 40)
    figure.evaluate("f => { f.hovered = 0; f.plot.place.on('plotly_hover', () => f.hovered++); }")
    page.mouse.move(x, y, steps=3)
    # Without a graphics card it takes some frames until plotly knows what lies under the pointer.
    ask_until(page, "f => f.hovered", arg=figure.element_handle())
    page.wait_for_timeout(500)
    page.mouse.down()
    page.mouse.up()


def test_a_distance_stands_beside_what_is_published(figure: Locator):
    open_tool(figure, "Measure")
    figure.get_by_label("From", exact=True).select_option("psis_right")
    figure.get_by_label("To", exact=True).select_option(MEDIAL)
    measured = figure.locator(".measured")
    expect(measured.locator(".figure")).to_have_text("50.0 mm")
    expect(measured.locator("li")).to_have_count(5)
    expect(measured.locator("li").nth(1)).to_have_text(
        "64.7 mm from the PSIS (mean, SD 5.3, n = 15); the model lies outside that spread. Low certainty: Lu and others, 1998"
    )
    expect(measured.locator("li a").nth(1)).to_have_attribute("href", "../evidence/index.html#claim-clu-lu65")
    assert figure.evaluate("f => f.state.measured_mm") == 50
    figure.get_by_label("To", exact=True).select_option("psis_left")
    expect(measured).to_contain_text("90.0 mm")
    expect(measured.locator("li")).to_contain_text(["80 mm between the two spines (PSIS). Very low certainty"])
    figure.get_by_label("To", exact=True).select_option("sacral_apex")
    expect(measured).to_contain_text("The course knows no published figure for this distance.")


def test_two_touches_measure_as_the_lists_do(figure: Locator):
    open_tool(figure, "Measure")
    touch(figure, [45, -3, 0])
    expect(figure.locator(".note")).to_have_text("From: Right posterior superior iliac spine.")
    touch(figure, [-45, -3, 0])
    expect(figure.locator(".measured .figure")).to_have_text("90.0 mm")
    expect(figure.get_by_label("To", exact=True)).to_have_value("psis_left")


def test_a_cut_is_a_picture_with_words_and_a_table(figure: Locator):
    open_tool(figure, "Cut")
    picture, table = figure.locator(".section svg"), figure.get_by_role("region", name="Cut").get_by_role("table")
    expect(figure.get_by_role("img", name="Across the body, level with the spines.")).to_be_visible()
    expect(picture.locator("path[data-structure=sacrum]")).to_have_count(1)
    layers = ["Skin", "Subcutaneous fat", "Where nodules are reported", "Superficial fascia", "Gluteus maximus"]
    expect(table.get_by_role("rowheader")).to_have_text([*layers, "Hip bones", "Sacrum"])
    fat = table.get_by_role("row").filter(has_text="Subcutaneous fat").get_by_role("cell")
    expect(fat).to_have_text(["Fat", "at 2.1 mm", "10.8 mm thick"])
    figure.get_by_label("Where to cut").fill("-60")
    expect(figure.get_by_label("Where to cut")).to_have_attribute("aria-valuetext", "60 mm below the spines")
    figure.get_by_label("Along the body").check()
    figure.get_by_label("Where to cut").fill("0")
    figure.get_by_label("Line through it").fill("0")
    expect(table.get_by_role("rowheader").last).to_have_text("Sacrum")


def choose(figure: Locator, label: str, value: str) -> None:
    """Set a slider or a list of the body's tool."""
    control = figure.get_by_role("region", name="Body").get_by_label(label)
    control.select_option(value) if control.evaluate("e => e.localName") == "select" else control.fill(value)


def test_a_body_moves_skin_and_depths_and_says_what_a_needle_reaches(figure: Locator):
    open_tool(figure, "Body")
    region = figure.get_by_role("region", name="Body")
    told, rows = region.locator(".told-body[role=status]"), region.get_by_role("rowheader")
    expect(told).to_have_text(
        "Bone lies 26.6 mm under the skin, straight in: crest 60 mm from the midline. A needle of 40 mm reaches it with 13.4 mm to spare."
    )
    expect(rows).to_have_count(6)
    hindmost = "f => Math.min(...f.plot.place.data.find(({ meta }) => meta.sex === f.looks.sex && meta.structure === 'skin').y)"
    ask_until(figure.page, f"f => ({hindmost})(f)", arg=figure.element_handle(), timeout=DRAWING_MS)
    thin = figure.evaluate(hindmost)
    choose(figure, "Fat over the crest", "50")
    choose(figure, "Its angle", "60")
    expect(told).to_contain_text("Bone lies 56.6 mm under the skin, straight in, 113.2 mm at 60°")
    expect(told).to_contain_text("A needle of 40 mm stops 73.2 mm short.")
    ask_until(
        figure.page,
        f"([f, thin]) => ({hindmost})(f) < thin - 10",
        arg=[figure.element_handle(), thin],
        timeout=DRAWING_MS,
    )
    choose(figure, "Sex", "male")
    shown = "f => f.plot.place.data.filter(({ meta, visible }) => visible && meta.structure === 'skin').map(({ meta }) => meta.sex)"
    ask_until(figure.page, f"f => ({shown})(f).join() === 'male'", arg=figure.element_handle(), timeout=DRAWING_MS)
    assert figure.evaluate("f => f.state.body") == {"sex": "male", "stature_cm": 170, "fat_mm": 50}


def test_a_body_says_what_it_rests_on(figure: Locator):
    open_tool(figure, "Body")
    region = figure.get_by_role("region", name="Body")
    region.get_by_text("What this body rests on").click()
    grows = region.get_by_role("listitem").filter(has_text="grows in proportion to stature")
    expect(grows).to_contain_text("Illustrative")
    rises = region.get_by_role("listitem").filter(has_text="rise with stature").get_by_role("link")
    expect(rises).to_have_attribute("href", "../evidence/index.html#claim-clu-loubser72")


def test_distances_and_cuts_follow_the_body_until_it_is_reset(figure: Locator):
    page = figure.page
    open_tool(figure, "Body")
    stature = figure.get_by_role("region", name="Body").get_by_label("Stature")
    stature.focus()
    page.keyboard.press("End")
    expect(stature).to_have_attribute("aria-valuetext", "200\N{NO-BREAK SPACE}cm")
    ask_until(page, "f => f.body.stature_cm === 200", arg=figure.element_handle())
    open_tool(figure, "Measure")
    figure.get_by_label("From", exact=True).select_option("psis_left")
    figure.get_by_label("To", exact=True).select_option("psis_right")
    expect(figure.locator(".measured")).to_contain_text(
        "105.9 mm in the model, straight, in a body of 200 cm; distances grow with stature, which is illustrative."
    )
    open_tool(figure, "Cut")
    fat = figure.get_by_role("region", name="Cut").get_by_role("row").filter(has_text="Subcutaneous fat")
    expect(fat).to_be_visible(timeout=DRAWING_MS)
    assert (
        figure.evaluate(
            "async f => Math.max(...(await f.shapes()).find(({ meta }) => meta.structure === 'hip-bones').x)"
        )
        > 140
    )
    open_tool(figure, "Studies")
    expect(figure.locator(".note")).to_contain_text("The body is 170 cm tall again, as drawn: this tool rests on it.")


def test_studies_are_set_side_by_side_and_one_by_one(figure: Locator):
    open_tool(figure, "Studies")
    figure.get_by_label("Where do studies put").select_option(MEDIAL)
    region = figure.get_by_role("region", name="Studies")
    expect(region.get_by_role("row")).to_have_count(11)
    third = region.get_by_role("button", name="Show study 3 alone")
    third.click()
    expect(third).to_have_attribute("aria-pressed", "true")
    expect(region.get_by_role("status")).to_contain_text("Shown alone: number 3, 57 mm from the PSIS.")
    notes = (
        "f => f.plot.place.layout.scene.annotations.filter(({ name }) => name === 'studies').map(({ text }) => text)"
    )
    ask_until(figure.page, f"f => ({notes})(f).join() === '3'", arg=figure.element_handle())
    region.get_by_role("button", name="All studies").click()
    ask_until(figure.page, f"f => ({notes})(f).length === 10", arg=figure.element_handle())


def test_a_sentence_moves_the_figure_and_leads_back(figure: Locator):
    page = figure.page
    link = page.locator("p a[data-figure-view=medial-branch-studies]")
    link.focus()
    page.keyboard.press("Enter")
    expect(figure.locator(".note")).to_contain_text(
        "The medial branch, study by study. Each ball is where one study puts"
    )
    expect(figure.locator("figure > .stage")).to_be_in_viewport()
    expect(figure.get_by_role("button", name="Crest")).to_have_attribute("aria-pressed", "true")
    expect(figure.get_by_label("Where do studies put")).to_have_value(MEDIAL)
    figure.get_by_role("button", name="Back to the text").click()
    expect(link).to_be_focused()


def test_a_link_from_another_page_opens_its_view(new_context, book: str):
    page = new_context(**PHONE).new_page()
    page.goto(f"{book}/book/anatomy/fascia-and-fat.html")
    page.locator("a.view[href$=spine-and-crest]").click()
    expect(page).to_have_url(f"{book}{LESSON}#view-spine-and-crest")
    figure = page.locator("backmice-anatomy[data-state=drawn]")
    expect(figure.locator(".note")).to_contain_text("The spine and the crest line.", timeout=DRAWING_MS)
    expect(figure.locator(".measured .figure")).to_have_text("90.0 mm")
    expect(figure.locator("figure > .stage")).to_be_in_viewport()


def test_without_scripts_a_link_leads_to_the_words_of_its_view(new_context, book: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{book}/book/anatomy/fascia-and-fat.html")
    page.locator("a.view[href$=spine-and-crest]").click()
    expect(page.locator("#view-spine-and-crest")).to_contain_text("the two lie 90 mm apart")


def pose(figure: Locator, place: str) -> None:
    """Ask for the next place until it is this one."""
    asked = figure.evaluate(
        "async (f, id) => (await f.data()).explorer.find.find(({ place }) => place === id).ask", place
    )
    for _ in range(20):
        if asked in figure.locator(".ask").text_content():
            return
        figure.get_by_role("button", name="Next", exact=True).click()
    pytest.fail(f"{place} was never asked for")


@pytest.mark.parametrize("by", ["list", "keyboard", "touch"])
def test_a_place_is_found_alike_by_every_way(figure: Locator, by: str):
    page = figure.page
    open_tool(figure, "Find it")
    pose(figure, "psis_right")
    if by == "touch":
        touch(figure, [45, -3, 0])
    elif by == "list":
        figure.get_by_label("A place from the list").select_option("45 0")
        figure.get_by_role("button", name="Mark this place").click()
    else:
        figure.get_by_label("Millimetres to the right").focus()
        page.keyboard.type("45")
        page.keyboard.press("Tab")
        page.keyboard.type("0")
        page.keyboard.press("Enter")
    told = figure.get_by_role("region", name="Find it").get_by_role("status")
    expect(told).to_contain_text("Found. You marked 45 mm to the right of the midline")
    expect(told).to_contain_text(
        "Up to 20 mm counts. Two examiners' marks for it lay this far apart on average in one study."
    )
    page.wait_for_timeout(300)
    last = page.evaluate(FINDS)[-1]
    kept = {name: last[name] for name in ("figure", "place", "tolerance_mm", "found", "by")}
    way = "touch" if by == "touch" else "numbers"
    assert kept == {
        "figure": "sacroiliac-triangle",
        "place": "psis_right",
        "tolerance_mm": 20,
        "found": True,
        "by": way,
    }
    # A touch is told as the nearest corner of the mesh, and those of these bones lie some mm apart.
    assert last["off_mm"] < (5 if by == "touch" else 0.1)


def test_a_miss_says_how_far_and_where_it_is(figure: Locator):
    open_tool(figure, "Find it")
    pose(figure, "sacral_apex")
    figure.get_by_label("Millimetres to the right").fill("30")
    figure.get_by_label("Millimetres above").fill("-37")
    figure.get_by_role("button", name="Mark this place").click()
    told = figure.get_by_role("region", name="Find it").get_by_role("status")
    expect(told).to_contain_text("Not there. You marked 30 mm to the right of the midline, 37 mm below")
    expect(told).to_contain_text(
        "50 mm off. It is on the midline, 77 mm below the line between the two spines in this model."
    )
    expect(figure.get_by_role("button", name="Mark this place")).to_be_disabled()


def test_names_stay_away_while_places_are_sought(figure: Locator):
    open_tool(figure, "Find it")
    named = (
        "f => f.plot.place.data.slice(0, f.plot.traces.length).filter(({ hoverinfo }) => hoverinfo !== 'none').length"
    )
    ask_until(figure.page, f"f => ({named})(f) === 0", arg=figure.element_handle(), timeout=DRAWING_MS)
    figure.evaluate("f => f.tools.open('')")
    ask_until(figure.page, f"f => ({named})(f) > 0", arg=figure.element_handle(), timeout=DRAWING_MS)


def test_a_tool_that_does_not_load_says_so(new_context, book: str, watch):
    page: Page = new_context(**PHONE).new_page()
    page.route(re.compile(r"/tool-cut(-\w+)?\.js$"), lambda route: route.abort())
    page.goto(book + LESSON)
    figure = draw_figure(page)
    figure.get_by_role("button", name="Cut", exact=True).click()
    expect(figure.locator(".note")).to_have_text("This tool did not load. Try again when you are online.")
    expect(figure.get_by_role("button", name="Cut", exact=True)).to_have_attribute("aria-expanded", "false")
    watch.errors.clear()  # the browser reports the request that was cut
