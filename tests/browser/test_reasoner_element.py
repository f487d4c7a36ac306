"""A vignette in a real browser: stating, moving, scoring, by keys and touch, kept over a reload, without scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from book_reader import sideways_px, violations
from playwright.sync_api import Locator, Page, expect
from quiz_page import ROOT, SPRITE, events, write_looks

from backmice.evidence.claim import Claim
from backmice.located import read_yaml
from backmice.reasoning.vignette import Vignette
from backmice.sphinx_ext.reasoner import reasoner_html

HERE = ROOT / "tests/vignettes"
CLAIMS = {claim.id: claim for claim in read_yaml(HERE / "claims.yml").parse(list[Claim])}
CHIPS = {id_: {"words": f"Low certainty: {id_}", "certainty": "low", "href": f"#{id_}"} for id_ in CLAIMS}
VIGNETTE = read_yaml(HERE / "good/knot.yml").parse(Vignette)


def write_page(folder: Path, vignette: Vignette = VIGNETTE) -> None:
    links = write_looks(folder, "backmice-reasoner.js")
    body = reasoner_html(vignette, CLAIMS, CHIPS, f"vignette-{vignette.id}")
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Case</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{links}</head>'
        f'<body>{SPRITE}<main class="text"><h1>Case</h1><h2>One</h2>{body}</main></body></html>'
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write_page(tmp_path)
    return tmp_path


@pytest.fixture
def url(site: Path, serve) -> str:
    return f"{serve(site)}/index.html"


def open_case(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("backmice-reasoner[data-state=drawn]")).to_be_visible()
    return page


@pytest.fixture
def case(page: Page, url: str) -> Page:
    return open_case(page, url)


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=f"{name} %", exact=True)


def fill(page: Page, joint: float, disc: float, other: float) -> None:
    for name, percent in (("The joint", joint), ("A disc", disc), ("Another source", other)):
        field(page, name).fill(f"{percent:g}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def state(page: Page, joint: float, disc: float, other: float) -> None:
    """State three percents, and wait for what comes of it."""
    fill(page, joint, disc, other)
    before = page.locator("section.finding").count()
    page.locator(".percents [type=submit]").click()
    expect(page.locator("section.finding")).to_have_count(before + 1)


def block(page: Page, number: int) -> Locator:
    return page.locator("section.finding").nth(number - 1)


def told(found: Locator) -> list[str]:
    """Return the words of each row, with plain spaces."""
    return [text.replace("\xa0", " ") for text in found.locator(".known .told").all_text_contents()]


def test_nothing_is_given_away_before_it_is_stated(case: Page):
    expect(case.locator("section.finding")).to_have_count(0)
    expect(case.get_by_text("Three of six hurt as known.")).to_have_count(0)
    expect(case.get_by_role("button", name="Next: Feeling for it")).to_be_visible()


def test_a_finding_without_a_ratio_moves_nothing_and_says_so(case: Page):
    state(case, 20, 30, 50)
    expect(block(case, 1).locator("h4")).to_be_focused()
    expect(block(case, 1)).to_contain_text(
        "The course knows of no published likelihood ratio, so your figures stay where they are."
    )
    expect(block(case, 1).locator(".standing")).to_have_text(
        "So they stand at: the joint 20\xa0%, a disc 30\xa0%, another source 50\xa0%."
    )
    expect(block(case, 1).locator(".known")).to_have_count(0)
    expect(case.get_by_role("button", name="Take what the ratio gives")).to_have_count(0)


def test_published_ratios_move_what_was_stated_side_by_side(case: Page):
    state(case, 40, 20, 40)
    state(case, 20, 30, 50)
    assert told(block(case, 2)) == [
        "20 %",
        "LR 4.27, worked out here from sensitivity 94 % and specificity 78 %, no interval seen: 20 % becomes 52 %",
        "LR 2.13, 95 % interval 1.2 to 3.9: 20 % becomes 35 % (23 % to 49 %)",
    ]
    expect(block(case, 2).locator(".standing")).to_have_text(
        "So the ratio gives: the joint 35\xa0%, a disc 24\xa0%, another source 41\xa0%."
    )
    block(case, 2).get_by_text("Step by step: Five pooled").click()
    expect(block(case, 2).locator(".reckoning li")).to_have_text(
        ["Odds before: 0.2 ÷ 0.8 = 0.25.", "Odds after: 0.25 × 2.13 = 0.533.",
         "Probability after: 0.533 ÷ 1.53 = 35\xa0%."]
    )  # fmt: skip
    expect(block(case, 2).locator("a.chip")).to_have_text(
        ["Low certainty: cluster-study", "Low certainty: cluster-pool", "Low certainty: joint-range"]
    )
    expect(block(case, 2).locator(".assumes")).to_have_count(0)


def test_a_second_ratio_warns_and_a_span_has_no_middle(case: Page):
    for percents in ((20, 30, 50), (20, 30, 50), (35, 24, 41)):
        state(case, *percents)
    assert told(block(case, 3)) == ["35 %", "LR 4 to 48, no single figure: 68 % to 96 %"]
    expect(block(case, 3).locator(".assumes")).to_have_text(
        "This is the second ratio. To multiply by it assumes that this finding errs independently of those before it, "
        "which is seldom known."
    )
    expect(block(case, 3)).to_contain_text("Only a span is published.")


def test_what_is_held_certain_is_not_moved(case: Page):
    state(case, 100, 0, 0)
    state(case, 100, 0, 0)
    assert told(block(case, 2))[2] == "LR 2.13, 95 % interval 1.2 to 3.9: 100 % becomes 100 % (100 % to 100 %)"
    block(case, 2).locator("summary").click()
    expect(block(case, 2).locator(".reckoning li")).to_have_text(
        ["100\xa0% stays 100\xa0%: no finding moves what is held impossible or certain."]
    )


def test_the_end_scores_each_statement(case: Page):
    for percents in ((20, 30, 50), (20, 30, 50), (35, 24, 41), (10, 10, 80)):
        state(case, *percents)
    end = block(case, 4)
    expect(end.locator("h4").first).to_be_focused()
    expect(end).to_contain_text("It was: another source.")
    expect(end.locator(".figure-number")).to_have_text("0.06")
    rows = [
        [cell.replace("\xa0", " ") for cell in row.locator("th, td").all_text_contents()]
        for row in end.locator("tbody tr").all()
    ]
    assert rows == [
        ["You, at the start", "50 %", "0.38"],
        ["You, after finding 1", "50 %", "0.38"],
        ["You, after finding 2", "41 %", "0.53"],
        ["You, after finding 3", "80 %", "0.06"],
        ["Ratios alone, from your start", "20 %", "1.12"],
        ["… with: One study", "12 %", "1.44"],
        ["The same for each", "33 %", "0.67"],
    ]
    expect(end.locator("li").first).to_contain_text(
        "To state the same for each scores 0.67. Yours is better than that."
    )
    expect(case.locator(".percents")).to_have_count(0)


@pytest.mark.parametrize(
    ("percents", "sum_"),
    [((20, 30, 40), "Adds up to 90: 10 still to give."), ((60, 45, 0), "Adds up to 105: 5 too many.")],
)
def test_what_does_not_add_up_is_refused_and_said(case: Page, percents, sum_):
    fill(case, *percents)
    expect(case.locator(".sum")).to_have_text(sum_)
    press(case, "Next: Feeling for it")
    expect(case.get_by_role("alert")).to_have_text(f"They have to add up to 100. {sum_} Rest and Make it 100 help.")
    expect(field(case, "The joint")).to_be_focused()
    expect(field(case, "The joint")).to_have_attribute("aria-invalid", "true")
    assert violations(case) == []
    fill(case, 20, 30, 50)
    expect(case.locator(".wanting")).to_be_hidden()
    expect(field(case, "The joint")).not_to_have_attribute("aria-invalid", "true")
    expect(case.locator(".percents [role=status]")).to_have_text("Adds up to 100.")


def test_a_number_beyond_100_is_refused(case: Page):
    fill(case, 120, 0, -20)
    press(case, "Next: Feeling for it")
    expect(case.get_by_role("alert")).to_have_text("Give each a number from 0 to 100.")
    assert case.locator("[aria-invalid=true]").count() == 2


def test_helps_fill_up_to_a_hundred(case: Page):
    fill(case, 10, 10, 0)
    press(case, "Rest to another source")
    expect(field(case, "Another source")).to_have_value("80")
    fill(case, 1, 1, 1)
    press(case, "Make it 100")
    assert [field(case, name).input_value() for name in ("The joint", "A disc", "Another source")] == ["34", "33", "33"]
    expect(case.locator(".sum")).to_have_text("Adds up to 100.")


def test_taking_what_the_ratio_gives(case: Page):
    for percents in ((20, 30, 50), (20, 30, 50)):
        state(case, *percents)
    expect(field(case, "The joint")).to_have_value("20")
    press(case, "Take what the ratio gives")
    assert [field(case, name).input_value() for name in ("The joint", "A disc", "Another source")] == ["35", "24", "41"]


def test_keyboard_alone(case: Page):
    for _ in range(2):  # past the disclosure of the start
        case.keyboard.press("Tab")
    expect(field(case, "The joint")).to_be_focused()
    for key in ("PageUp", "PageUp", "ArrowUp", "ArrowDown", "PageDown", "PageUp"):
        case.keyboard.press(key)
    expect(field(case, "The joint")).to_have_value("20")
    for key in ("Tab", "Tab", "3", "0", "Tab", "Tab", "Tab", "Space"):  # the rest goes to another source
        case.keyboard.press(key)
    expect(field(case, "Another source")).to_have_value("50")
    field(case, "Another source").press("Enter")
    expect(block(case, 1).locator("h4")).to_be_focused()


def test_statements_survive_a_reload_and_start_again_keeps_them_in_the_log(case: Page, url: str):
    for percents in ((20, 30, 50), (25, 25, 50), (35, 24, 41)):
        state(case, *percents)
    open_case(case, url)
    expect(case.locator("section.finding")).to_have_count(3)
    assert told(block(case, 2))[0] == "25 %"
    expect(field(case, "The joint")).to_have_value("35")
    state(case, 10, 10, 80)
    press(case, "Start again")
    expect(case.locator("section.finding")).to_have_count(0)
    expect(field(case, "The joint")).to_be_focused()
    open_case(case, url)
    expect(case.locator("section.finding")).to_have_count(0)
    kept = [{k: v for k, v in event.items() if k not in ("id", "at")} for event in events(case)]
    belief = {"type": "belief", "quiz": "vignette-knot", "vignette": "knot", "revision": 2, "outcome": "other"}
    assert kept == [
        belief | {"stage": 0, "percents": {"joint": 20, "disc": 30, "other": 50}},
        belief | {"stage": 1, "percents": {"joint": 25, "disc": 25, "other": 50}},
        belief | {"stage": 2, "percents": {"joint": 35, "disc": 24, "other": 41}},
        belief | {"stage": 3, "percents": {"joint": 10, "disc": 10, "other": 80}},
        {"type": "start", "quiz": "vignette-knot"},
    ]


def test_what_was_stated_can_be_exported(case: Page):
    state(case, 20, 30, 50)
    script = "async (events) => (await import('./progress-file.js')).write(events, new Date())"
    written = case.evaluate(script, events(case))
    assert (written["count"], written["left"]) == (1, 0)
    assert json.loads(written["text"])["events"][0]["percents"] == {"joint": 20, "disc": 30, "other": 50}


def test_a_case_that_changed_begins_again_and_says_so(case: Page, site: Path, url: str):
    state(case, 20, 30, 50)
    write_page(site, VIGNETTE.model_copy(update={"revision": 3}))
    open_case(case, url)
    expect(case.locator("section.finding")).to_have_count(0)
    expect(case.locator(".notice")).to_contain_text("This case has changed since you last stated something.")


def test_another_tab_follows_and_what_is_typed_stays(case: Page, context, url: str):
    other = open_case(context.new_page(), url)
    field(other, "The joint").fill("7")
    state(case, 20, 30, 50)
    expect(other.locator("section.finding")).to_have_count(1)
    field(other, "The joint").fill("7")
    other.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(field(other, "The joint")).to_have_value("7")


def test_storage_that_is_refused_is_said_and_the_case_goes_on(new_context, url: str):
    page = new_context().new_page()
    page.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }")
    open_case(page, url)
    expect(page.locator(".notice")).to_contain_text("This browser’s storage can’t be used.")
    state(page, 20, 30, 50)
    expect(page.locator(".stages .is-error")).to_contain_text("Your answers are kept until you close the page.")
    state(page, 20, 30, 50)


def test_by_touch_at_320_px_nothing_moves_sideways(new_context, url: str):
    page = new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True).new_page()
    open_case(page, url)
    fill(page, 20, 30, 0)
    page.get_by_role("button", name="Rest to another source").tap()
    page.locator(".percents [type=submit]").tap()
    expect(page.locator("section.finding")).to_have_count(1)
    state(page, 20, 30, 50)
    state(page, 35, 24, 41)
    state(page, 10, 10, 80)
    assert sideways_px(page) == 0
    small = page.locator("backmice-reasoner :is(button, input, summary)").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_at_each_stage(new_context, url: str, scheme: str):
    page = new_context(color_scheme=scheme).new_page()
    open_case(page, url)
    assert violations(page) == []
    for percents in ((20, 30, 50), (20, 30, 50), (35, 24, 41), (10, 10, 80)):
        state(page, *percents)
        assert violations(page) == []


def test_without_scripts_the_arithmetic_is_behind_disclosures(new_context, url: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(url)
    expect(page.get_by_text("Three of six hurt as known.")).to_be_hidden()
    for summary in page.locator("summary").all():
        summary.click()
    expect(page.get_by_text("Three of six hurt as known.")).to_be_visible()
    rows = [text.replace("\xa0", " ") for text in page.locator("details.finding tbody tr").all_inner_texts()]
    assert [" ".join(row.split("Low certainty")[0].split()) for row in rows][:2] == [
        "One study 52 % 4.27, worked out here from sensitivity 94 % and specificity 78 %, no interval seen",
        "Five pooled, taken further 35 % (23 % to 49 %) 2.13, 95 % interval 1.2 to 3.9",
    ]
    expect(
        page.get_by_text("The course knows of no published likelihood ratio: every probability stays where it was.")
    ).to_be_visible()
    expect(page.get_by_text("It was: another source.")).to_be_visible()
    expect(page.locator("form")).to_have_count(0)


def test_no_request_leaves_the_site(case: Page, watch, url: str):
    state(case, 20, 30, 50)
    assert {address.rpartition("/")[0] for address in watch.requests} == {url.rpartition("/")[0]}
