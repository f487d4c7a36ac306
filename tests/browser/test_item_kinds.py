"""Each kind of item in a real browser: by mouse, by keys, by touch, without scripts, and what is announced."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from book_reader import DRAWING_MS, add_rules, sideways_px, violations
from markupsafe import Markup
from playwright.sync_api import Locator, Page, expect
from quiz_page import ROOT, check, choose, events, items, kinds_of, open_quiz, write_page

from backmice.anatomy.camera import VIEWS
from backmice.anatomy.figure import region_figure
from backmice.anatomy.structure import load_region
from backmice.assets import plotly_bundle
from backmice.evidence.ledger import load_ledger
from backmice.html.media import Media
from backmice.html.template import render
from backmice.items.model import Landmark

KINDS = ("matching", "ordering", "numeric", "hotspot", "landmark")
IN_ORDER = [
    "Look at the skin",
    "Feel its edge and whether it moves",
    "Measure it",
    "Press on it and ask whether this is the known pain",
]


@pytest.fixture
def url(tmp_path: Path, serve) -> str:
    write_page(tmp_path, items(*KINDS))
    return f"{serve(tmp_path)}/index.html"


@pytest.fixture
def quiz(page: Page, url: str) -> Page:
    return open_quiz(page, url)


def form(page: Page, kind: str) -> Locator:
    return page.locator(f"form[data-kind={kind}]")


def match(page: Page, *options: str) -> Locator:
    found = form(page, "matching")
    for list_, option in zip(found.locator("select").all(), options, strict=False):
        list_.select_option(option)
    return found


def move(page: Page, *buttons: str) -> Locator:
    found = form(page, "ordering")
    for name in buttons:
        found.get_by_role("button", name=name).click()
    return found


def order(found: Locator) -> list[str]:
    return found.locator(".steps li").evaluate_all("all => all.map(li => li.dataset.option)")


def fill(page: Page, number: str, unit: str | None = "mg") -> Locator:
    found = form(page, "numeric")
    found.get_by_label("Your number").fill(number)
    if unit:
        found.get_by_label("Unit").select_option(unit)
    return found


def states(found: Locator, rows: str) -> list[str]:
    return found.locator(rows).evaluate_all("all => all.map(li => li.className)")


def responses(page: Page) -> list[list[str]]:
    return [event["response"] for event in events(page) if event["type"] == "submission"]


# matching


def test_matching_in_full(quiz: Page):
    found = match(quiz, "lipoma", "cyst", "mouse")
    check(found)
    expect(found.locator(".result.right")).to_have_text("Right: all 3 matched.")
    assert states(found, ".pairs li") == ["is-right"] * 3
    expect(found.locator(".pairs .why")).to_have_count(3)
    assert responses(quiz) == [["painter=lipoma", "nurse=cyst", "driver=mouse"]]


def test_matching_in_part_tells_each_case_and_what_was_right(quiz: Page):
    found = match(quiz, "lipoma", "abscess")
    check(found)
    expect(found.locator(".result.partly")).to_have_text("Partly right: 1 of 3 matched. 0.33 of 1 point.")
    assert states(found, ".pairs li") == ["is-right", "is-wrong", "is-missed"]
    expect(found.locator(".pairs .verdict")).to_have_text(["Right", "Not right", "Not answered"])
    expect(found.locator(".pairs p.told")).to_have_text(["Right: Epidermoid cyst", "Right: Back mouse"])
    expect(found.locator("select:disabled")).to_have_count(3)
    found.get_by_text("What would point to each option").click()
    expect(found.locator("details.told li")).to_have_count(4)
    expect(found.get_by_text("Heat, redness and fever would point to it.")).to_be_visible()


def test_matching_lists_are_named_by_their_cases(quiz: Page):
    lists = form(quiz, "matching").get_by_role("combobox")
    expect(lists).to_have_count(3)
    expect(lists.nth(1)).to_have_accessible_name(
        "A nurse of 31 has a lump of 1 cm with a dark opening in the skin above it."
    )
    expect(form(quiz, "matching").get_by_role("list").first).to_have_accessible_name(
        "Options; each may serve once, several times or not at all"
    )


def test_matching_by_keys(quiz: Page):
    found = form(quiz, "matching")
    found.locator("select").first.focus()
    for key in ("c", "Tab", "e", "Tab", "b", "Tab", "Enter"):  # the first letters of the options
        quiz.keyboard.press(key)
    expect(found.locator(".result.partly, .result.right")).to_be_focused()
    assert responses(quiz) == [["painter=lipoma", "nurse=cyst", "driver=mouse"]]


# ordering


def test_ordering_waits_until_a_row_was_moved(quiz: Page):
    found = form(quiz, "ordering")
    found.get_by_role("button", name="Put the steps in order first").press("Enter")
    expect(found.locator("[role=status] .wanting")).to_have_text("Put the steps in order first.")
    found.get_by_role("button", name="Keep this order").click()
    expect(found.locator(".keep")).to_be_hidden()
    expect(found.get_by_role("button", name="Up: Press")).to_be_focused()
    check(found)
    assert responses(quiz) == [["press", "look", "measure", "feel"]]


def test_ordering_in_full(quiz: Page):
    found = move(quiz, "Down: Press", "Down: Press", "Down: Press", "Up: Feel")
    assert order(found) == ["look", "feel", "measure", "press"]
    check(found)
    expect(found.locator(".result.right")).to_have_text("Right: every step in its place.")
    assert states(found, ".steps li") == ["is-right", "is-right", "is-right", ""]


def test_ordering_in_part_tells_neighbours_and_the_right_order(quiz: Page):
    found = move(quiz, "Up: Feel", "Down: Press")
    assert order(found) == ["look", "press", "feel", "measure"]
    check(found)
    expect(found.locator(".result.partly")).to_have_text(
        "Partly right: 1 of 3 steps followed by the right next one. 0.33 of 1 point."
    )
    expect(found.locator(".steps .verdict")).to_have_text(["Not this one next", "Not this one next", "Right step next"])
    expect(found.locator(".in-order li b")).to_have_text(IN_ORDER)
    expect(found.locator(".in-order .why")).to_have_count(4)


def test_ordering_by_keys_keeps_focus_and_announces(quiz: Page):
    found = form(quiz, "ordering")
    button = found.get_by_role("button", name="Down: Press")
    button.focus()
    moves = found.locator(".moves[role=status]")
    for place in (2, 3, 4):
        quiz.keyboard.press("Enter")
        expect(button).to_be_focused()
        expect(moves).to_have_text(f"Press on it and ask whether this is the known pain: place {place} of 4.")
    assert button.get_attribute("aria-disabled") == "true"
    quiz.keyboard.press("Enter")
    assert order(found) == ["look", "measure", "feel", "press"]
    check(found)


def test_ordering_by_dragging(quiz: Page):
    found = form(quiz, "ordering")
    found.locator(".steps").evaluate("list => list.scrollIntoView({ block: 'center' })")
    grip, target = found.locator(".grip").first.bounding_box(), found.locator(".steps li").nth(2).bounding_box()
    quiz.mouse.move(grip["x"] + 8, grip["y"] + 8)
    quiz.mouse.down()
    quiz.mouse.move(grip["x"] + 8, target["y"] + target["height"] - 4, steps=8)
    quiz.mouse.up()
    assert order(found) == ["look", "measure", "press", "feel"]
    expect(found.locator(".moves")).to_have_text("Press on it and ask whether this is the known pain: place 3 of 4.")
    check(found)
    assert responses(quiz) == [["look", "measure", "press", "feel"]]


def test_ordering_again_begins_with_the_order_first_shown(quiz: Page):
    found = move(quiz, "Down: Press")
    check(found)
    found.get_by_role("button", name="Try again").click()
    assert order(found) == ["press", "look", "measure", "feel"]
    expect(found.locator(".in-order, .verdict, .why")).to_have_count(0)
    expect(found.locator(".keep")).to_be_visible()
    expect(found.get_by_role("button", name="Up: Press")).to_be_focused()


# numeric


@pytest.mark.parametrize(
    ("typed", "unit", "given", "state"),
    [
        ("40", "mg", ["40", "mg"], "right"),
        ("40,5", "mg", ["40.5", "mg"], "right"),
        (" 0.040 ", "g", ["0.04", "g"], "right"),
        ("41", "mg", ["41", "mg"], "wrong"),
        ("40", "g", ["40", "g"], "wrong"),
    ],
)
def test_numeric(quiz: Page, typed, unit, given, state):
    found = fill(quiz, typed, unit)
    check(found)
    told = {"right": "Right: 40 mg", "wrong": "Not this one: it is 40 mg"}[state]
    expect(found.locator(f".result.{state}")).to_have_text(f"{told}; up to 0.5 mg more or less counts.")
    expect(found.locator(".why.is-whole")).to_have_text("One per cent is 10 mg in each millilitre, so 4 ml hold 40 mg.")
    assert responses(quiz) == [given]


def test_numeric_names_a_known_slip(quiz: Page):
    found = fill(quiz, "4")
    check(found)
    expect(found.locator(".slip.told")).to_contain_text(
        "Reads 1 % as 1 mg in each millilitre. One per cent is 1 g in 100 ml, which is 10 mg in each."
    )
    found.get_by_text("Other slips").click()
    expect(found.locator("details.told li")).to_have_count(1)
    expect(found.locator("details.told b")).to_have_text("10 mg: Leaves out the volume")


def test_numeric_knows_a_slip_in_another_unit(quiz: Page):
    found = fill(quiz, "0.004", "g")
    check(found)
    expect(found.locator(".slip.told")).to_contain_text("Reads 1 % as 1 mg in each millilitre.")


@pytest.mark.parametrize(
    ("typed", "unit", "wanting"),
    [
        ("", None, "Give a number first."),
        (
            "forty",
            "mg",
            "“forty” can’t be read as one number: write digits and at most one point, such as 1250 or 12.5.",
        ),
        (
            "1,250",
            "mg",
            "“1,250” can’t be read as one number: write digits and at most one point, such as 1250 or 12.5.",
        ),
        ("40", None, "Choose a unit as well."),
    ],
)
def test_numeric_says_what_is_missing(quiz: Page, typed, unit, wanting):
    found = fill(quiz, typed, unit)
    found.get_by_role("button", name="Give a number first").press("Enter")
    expect(found.locator("[role=status] .wanting")).to_have_text(wanting)
    assert events(quiz) == []
    fill(quiz, "40")
    expect(found.locator(".wanting")).to_have_count(0)


def test_numeric_by_keys_alone(quiz: Page):
    found = form(quiz, "numeric")
    found.get_by_label("Your number").focus()
    assert found.get_by_label("Your number").get_attribute("inputmode") == "decimal"
    quiz.keyboard.type("40")
    quiz.keyboard.press("Tab")
    quiz.keyboard.press("m")
    quiz.keyboard.press("Tab")
    quiz.keyboard.press("Enter")
    expect(found.locator(".result.right")).to_be_focused()


# hotspot


def test_hotspot_by_list_and_by_region_are_one(quiz: Page):
    found = form(quiz, "hotspot")
    region = found.locator("polygon[data-region=crest]")
    region.click()
    expect(found.locator("input[value=crest]")).to_be_checked()
    expect(region).to_have_attribute("aria-checked", "true")
    choose(found, "waist")
    expect(region).to_have_attribute("aria-checked", "false")
    check(found)
    assert states(found, ".options li") == ["", "is-missed", "is-wrong"]
    expect(found.locator("polygon.is-wrong")).to_have_count(1)
    expect(found.locator("polygon.is-missed")).to_have_count(1)
    region.click(force=True)
    expect(found.locator("input[value=waist]")).to_be_checked()


def test_hotspot_regions_are_radios_of_their_own_group(quiz: Page):
    found = form(quiz, "hotspot")
    group = found.get_by_role("radiogroup", name="Regions of the picture, the same as the list below")
    expect(group.get_by_role("radio")).to_have_count(3)
    expect(group.get_by_role("radio", name="Beside the dimple on the left")).not_to_be_checked()
    group.get_by_role("radio").first.focus()
    quiz.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="Beside the dimple on the left")).to_be_focused()
    expect(found.locator("input[value=crest]")).to_be_checked()
    quiz.keyboard.press("Tab")
    expect(found.locator("input[value=crest]")).to_be_focused()
    check(found)
    expect(found.locator(".result.right")).to_be_visible()
    expect(found.get_by_role("img")).to_have_accessible_name(
        "Outline of a back from behind: shoulders at the top, the waist in the middle, the buttocks below."
    )


def test_a_tap_beside_a_small_region_goes_to_the_nearest(quiz: Page):
    """WCAG 2.5.5: each is 44 px wide for a finger, however small it is drawn."""
    found = form(quiz, "hotspot")
    add_rules(quiz, ".hotspot { max-width: 7rem; }")
    region = found.locator("polygon[data-region=crest]")
    region.scroll_into_view_if_needed()
    box = region.bounding_box()
    assert box["width"] < 40 > box["height"]
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    quiz.mouse.click(middle[0], middle[1] + 40)
    expect(region).to_have_attribute("aria-checked", "false")
    quiz.mouse.click(middle[0], middle[1] + 21)
    expect(region).to_have_attribute("aria-checked", "true")


# landmark


def test_hovering_hid_that_an_option_was_chosen(quiz: Page):
    found = form(quiz, "landmark")
    label = found.locator(".options label").first
    label.click()
    label.hover()
    expect(found.locator(".options li:has(:checked)")).to_have_count(1)
    expect(label).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_steps_broke_within_words_where_letters_are_large(quiz: Page):
    quiz.set_viewport_size({"width": 320, "height": 640})
    row = form(quiz, "ordering").locator(".steps > li").first
    words, up = (row.locator(part).first.bounding_box() for part in (".words", ".move"))
    assert up["y"] >= words["y"] + words["height"]


def test_landmark_by_list_alone(quiz: Page):
    found = form(quiz, "landmark")
    choose(found, "psis")
    check(found)
    expect(found.locator(".result.right")).to_have_text("Right.")


class RealFigure(Media):
    """The figure of the course, its files beside the page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def figure(self, item: Landmark, anchor: str) -> Markup:
        region = load_region(ROOT, item.figure, load_ledger(ROOT).claims)
        (self.folder / "figure.json").write_text(json.dumps(region_figure(region)))
        shutil.copy(plotly_bundle(ROOT)[0], self.folder / "bundle.js")
        pictures = {720: "media/back.svg"}
        found = {"data": "figure.json", "bundle": "bundle.js", "pictures": pictures}
        return render("landmark_figure", region=region, views=VIEWS, anchor=anchor, **found)


def test_landmark_by_figure(page: Page, tmp_path: Path, serve, watch):
    write_page(tmp_path, items("landmark"), RealFigure(tmp_path))
    open_quiz(page, f"{serve(tmp_path)}/index.html")
    found = form(page, "landmark")
    assert not [address for address in watch.requests if address.endswith(("figure.json", "bundle.js"))]
    found.get_by_role("button", name="Turn in 3-D").click()
    figure = found.locator("backmice-anatomy[data-state=drawn]")
    expect(figure).to_be_visible(timeout=DRAWING_MS)
    # A name under the pointer gave the landmark away.
    assert figure.evaluate("f => [...new Set(f.plot.place.data.map((t) => t.hoverinfo + t.hovertemplate))]") == ["none"]
    press = """(f, id) => {
      const { place } = f.plot;
      place.dispatchEvent(new PointerEvent("pointerdown"));
      place.emit("plotly_click", { points: [{ data: place.data.find(({ meta }) => meta.structure === id) }] });
    }"""
    figure.evaluate(press, "psis")
    expect(found.locator("input[value=psis]")).to_be_checked()
    figure.evaluate(press, "nodule-band")  # not among the options
    expect(found.locator("input[value=psis]")).to_be_checked()
    expect(found.get_by_role("button", name="Check my answer")).to_be_visible()
    found.locator(".presets button").last.click()
    assert violations(page) == []
    check(found)
    figure.evaluate(press, "triangle")
    expect(found.locator("input[value=psis]")).to_be_checked()


# all kinds


def answer_each(page: Page) -> None:
    match(page, "lipoma", "abscess")
    move(page, "Down: Press")
    fill(page, "4")
    choose(form(page, "hotspot"), "waist")
    choose(form(page, "landmark"), "crest")
    for kind in KINDS:
        check(form(page, kind))


def shown(page: Page) -> str:
    """Return everything the forms say and hold."""
    return page.evaluate(
        """() => JSON.stringify([...document.querySelectorAll("form.item")].map((form) => [form.innerText,
          [...form.elements].map(({ value, checked, disabled, readOnly }) => [value, checked, disabled, readOnly])]))"""
    )


def test_reload_shows_the_same(quiz: Page, url: str):
    answer_each(quiz)
    before = shown(quiz)
    open_quiz(quiz, url)
    assert shown(quiz) == before
    assert kinds_of(quiz) == ["attempt", *["seen", "submission"] * 5]


def test_two_tabs_keep_in_step(context, url: str):
    one, two = open_quiz(context.new_page(), url), open_quiz(context.new_page(), url)
    fill(two, "12", "g")  # not yet checked: stays
    one.bring_to_front()
    answer_each(one)
    expect(form(two, "ordering").locator(".result.wrong, .result.partly")).to_be_visible()
    expect(form(two, "matching").locator(".result.partly")).to_be_visible()
    expect(form(two, "hotspot").locator(".result.wrong")).to_be_visible()
    expect(form(two, "numeric").get_by_label("Your number")).to_have_value("12")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(new_context, tmp_path: Path, serve, theme: str):
    write_page(tmp_path, items(*KINDS, "single", "multiple"), theme=theme)
    for width in (390, 1280):
        page = new_context(viewport={"width": width, "height": 900}).new_page()
        open_quiz(page, f"{serve(tmp_path)}/index.html")
        assert violations(page) == []
        answer_each(page)
        assert violations(page) == []
        assert sideways_px(page) == 0


def test_by_touch_on_a_phone(new_context, url: str):
    page = new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}).new_page()
    open_quiz(page, url)
    found = form(page, "ordering")
    for button in found.locator(".move").all():
        box = button.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
    found.get_by_role("button", name="Down: Press").tap()
    assert order(found) == ["look", "press", "measure", "feel"]
    spot = form(page, "hotspot")
    spot.locator("polygon[data-region=crest]").tap()
    expect(spot.locator("input[value=crest]")).to_be_checked()
    spot.get_by_text("In the middle of the waist").tap()
    expect(spot.locator("polygon[data-region=waist]")).to_have_attribute("aria-checked", "true")
    match(page, "lipoma")
    fill(page, "40")
    for kind in ("ordering", "hotspot", "matching", "numeric"):
        form(page, kind).get_by_role("button", name="Check my answer").tap()
        expect(form(page, kind).locator(".result")).to_be_visible()
    assert sideways_px(page) == 0


def test_without_scripts_each_kind_is_a_readable_form(new_context, url: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(url)
    expect(form(page, "matching").get_by_role("combobox")).to_have_count(3)
    expect(form(page, "matching").locator(".choices li")).to_have_count(4)
    places = form(page, "ordering").get_by_role("combobox")
    expect(places).to_have_count(4)
    expect(places.first).to_have_accessible_name("Press on it and ask whether this is the known pain")
    expect(places.first.locator("option")).to_have_text(["Place", "1", "2", "3", "4"])
    expect(form(page, "numeric").get_by_role("textbox", name="Your number")).to_be_editable()
    expect(form(page, "hotspot").get_by_role("radio")).to_have_count(3)
    expect(form(page, "landmark").get_by_role("radio")).to_have_count(3)
    expect(page.get_by_role("button")).to_have_count(0)
    for kind in KINDS:
        key = form(page, kind).locator("details.key")
        key.locator("summary").click()
        expect(key.locator(".why").first).to_be_visible()
    expect(form(page, "ordering").locator("details ol > li p:first-child")).to_have_text(IN_ORDER)
    expect(form(page, "numeric").locator("details > p").first).to_have_text(
        "Right: 40 mg; up to 0.5 mg more or less counts"
    )
    expect(form(page, "matching").locator("details ol > li p:first-child").first).to_contain_text(
        "slips under the finger. Right: Common lipoma"
    )
