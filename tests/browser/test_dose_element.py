"""The dose calculator: its arithmetic on the page, what it refuses, and that a keyboard and a reader can use it."""

from __future__ import annotations

import pytest
from book_reader import sideways_px, violations
from playwright.sync_api import BrowserContext, Locator, Page, expect

LESSON = "/book/treatment/infiltration.html"


@pytest.fixture
def form(page: Page, book: str) -> Locator:
    page.goto(book + LESSON)
    return page.get_by_role("form", name="Dose calculator")


def fill(form: Locator, volume: str = "4", weight: str = "80", height: str = "180", sex: str = "Man") -> None:
    form.get_by_label("Planned volume").fill(volume)
    form.get_by_label("Body weight").fill(weight)
    form.get_by_label("Height").fill(height)
    form.get_by_label(sex, exact=True).check()


def work_out(form: Locator) -> None:
    form.get_by_role("button", name="Work it out").click()


def verdict(page: Page) -> Locator:
    return page.locator("backmice-dose [role=status]")


def test_each_step_is_written_out(form: Locator, page: Page):
    fill(form, volume="2,5")
    work_out(form)
    expect(verdict(page)).to_contain_text("2.5 ml of 1 % is 25 mg: 0.31 mg/kg by actual weight")
    expect(page.locator(".dose-working .dose-steps li")).to_have_text(
        [
            "Strength: 1 % × 10 = 10 mg/ml.",
            "Planned: 2.5 ml × 10 mg/ml = 25 mg.",
            "By actual weight: 25 mg ÷ 80 kg = 0.31 mg/kg.",
            "Ideal weight of a man: 180 cm ÷ 2.54 = 70.86 inches; 50 + 2.3 × (70.86 − 60) = 74.9 kg.",
            "Weight used, the lower of the two: 74.9 kg; by it the plan is 25 mg ÷ 74.9 kg = 0.33 mg/kg.",
            "Rule by weight: 4.5 mg/kg × 74.9 kg = 337 mg. Cap: 300 mg. The lower holds: 300 mg, the cap.",
            "Ceiling in ml: 300 mg ÷ 10 mg/ml = 30 ml.",
            "The plan is 275 mg, or 27.5 ml, below this ceiling.",
        ]
    )
    assert violations(page) == []
    assert sideways_px(page) == 0


def test_a_plan_above_another_text_is_told(form: Locator, page: Page):
    fill(form, volume="25")
    work_out(form)
    expect(verdict(page)).to_contain_text("The plan is not above it; 50 mg or 5 ml apart.")
    expect(verdict(page)).to_contain_text("Above the ceiling of: Ireland; United Kingdom, several texts.")


def test_a_text_offers_only_its_strengths(form: Locator):
    form.get_by_label("Anaesthetic and text").select_option("uk-epinephrine")
    expect(form.get_by_label("Strength").locator("option")).to_have_text(["1 %"])
    form.get_by_label("Anaesthetic and text").select_option("bupivacaine")
    expect(form.get_by_label("Strength").locator("option")).to_have_text(["0.25 %"])


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"weight": "39"}, "From 40 kg to 150 kg: beyond it nothing is reckoned here."),
        ({"height": "1,65"}, "From 153 cm to 210 cm: beyond it nothing is reckoned here."),
        ({"volume": "four"}, "Write a number of ml, such as 4 or 2,5."),
        ({"volume": ""}, "Write a number of ml, such as 4 or 2,5."),
        ({"weight": "1,250"}, "Write a number of kg, such as 62 or 62.5."),
    ],
)
def test_an_entry_it_cannot_use_is_told_beside_it(form: Locator, page: Page, entry: dict[str, str], told: str):
    fill(form, **entry)
    work_out(form)
    wrong = form.locator("[aria-invalid=true]")
    expect(wrong).to_have_count(1)
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(told)
    expect(verdict(page)).to_contain_text("Nothing was reckoned. One entry needs another look")
    expect(page.locator(".dose-working")).to_be_empty()
    assert violations(page) == []


def test_whom_the_ceilings_are_not_for_gets_no_answer(form: Locator, page: Page):
    fill(form)
    form.get_by_label("Pregnant").check()
    form.get_by_label("Another local anaesthetic given or planned").check()
    work_out(form)
    expect(verdict(page)).to_contain_text("No answer.")
    expect(page.locator(".dose-working")).to_contain_text("a British text asks for a third less in obstetrics")
    expect(page.locator(".dose-working")).not_to_contain_text("mg")
    assert violations(page) == []


def test_a_change_takes_the_old_answer_away(form: Locator, page: Page):
    fill(form)
    work_out(form)
    form.get_by_label("Planned volume").fill("40")
    expect(verdict(page)).to_have_text("Something was changed: work it out again.")
    expect(page.locator(".dose-working")).to_be_empty()


def test_a_change_is_told_once_and_not_with_each_letter(form: Locator, page: Page):
    """Regression: the same words came into the region anew, and were read out anew, at each press of a key."""
    fill(form)
    work_out(form)
    form.get_by_label("Planned volume").fill("4")
    told = verdict(page).locator("p").element_handle()
    form.get_by_label("Planned volume").fill("40")
    assert told.evaluate("e => e.isConnected")


def test_by_keyboard_alone(form: Locator, page: Page):
    form.get_by_label("Anaesthetic and text").focus()
    for keys in ("Tab", "Tab", "4", "Tab", "80", "Tab", "180", "Tab", "ArrowRight", "Enter"):
        if keys.isdigit():
            page.keyboard.type(keys)
        else:
            page.keyboard.press(keys)
    expect(verdict(page)).to_contain_text("4 ml of 1 % is 40 mg")


def test_without_scripts_there_is_an_example_and_a_table(new_context, book: str):
    context: BrowserContext = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(book + LESSON)
    expect(page.locator("backmice-dose form")).to_have_count(0)
    expect(page.locator(".dose-steps li").first).to_have_text("Strength: 1 % × 10 = 10 mg/ml.")
    row = page.get_by_role("row", name="50 kg")
    expect(row.get_by_role("cell")).to_have_text(["225 mg, 22.5 ml", "200 mg, 20 ml", "350 mg, 35 ml"])
