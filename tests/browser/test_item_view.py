"""One item's form in hosts other than the quiz: what an exam and a review ask of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_reader import violations
from playwright.sync_api import Page, expect
from quiz_page import items, write_page

KINDS = ("single", "multiple", "matching", "ordering", "numeric", "hotspot", "landmark")
GIVEN = {
    "single": ["image"],
    "multiple": ["size", "pain"],
    "matching": ["painter=lipoma", "driver=cyst"],
    "ordering": ["look", "feel", "press", "measure"],
    "numeric": ["0.04", "g"],
    "hotspot": ["crest"],
    "landmark": ["triangle"],
}
POINTS = {
    "single": 1, "multiple": 0.666666667, "matching": 0.333333333, "ordering": 0.333333333,
    "numeric": 1, "hotspot": 1, "landmark": 0,
}  # fmt: skip


@pytest.fixture
def host(page: Page, tmp_path: Path, serve) -> Page:
    """A page whose script gives `make(kind, options)`, which puts the view in `view` and its events in `told`."""
    write_page(tmp_path, items(*KINDS))
    index = tmp_path / "index.html"
    script = """<script type="module">
      import { ItemView } from "./item-view.js";
      window.told = [];
      window.make = (kind, how) => {
        window.view = new ItemView(document.querySelector(`form[data-kind=${kind}]`), how);
        for (const type of ["change", "revealed"]) view.addEventListener(type, (e) => told.push([type, e.detail]));
      };
      document.documentElement.dataset.ready = "";
    </script>"""
    index.write_text(
        index.read_text()
        .replace('<script type="module" src="backmice-quiz.js"></script>', script)
        .replace("backmice-quiz", "main-part")
    )
    page.goto(f"{serve(tmp_path)}/index.html")
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


@pytest.mark.parametrize("kind", KINDS)
def test_what_code_writes_is_what_it_reads_and_no_event(host: Page, kind: str):
    host.evaluate("kind => make(kind, { mode: 'exam' })", kind)
    assert host.evaluate("view.response") == []
    assert host.evaluate("response => ((view.response = response), view.response)", GIVEN[kind]) == GIVEN[kind]
    assert host.evaluate("told") == []
    host.evaluate("() => view.clear()")
    assert host.evaluate("view.response") == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_exam_shows_no_button_and_marks_afterwards(host: Page, kind: str):
    host.evaluate("kind => make(kind, { mode: 'exam' })", kind)
    form = host.locator(f"form[data-kind={kind}]")
    expect(form.locator(".result, details.key, .why")).to_have_count(0)
    expect(form.get_by_role("button", name="Check")).to_have_count(0)
    score = host.evaluate(
        "given => view.reveal({ id: 's', revision: view.revision, response: given }).points", GIVEN[kind]
    )
    assert score == POINTS[kind]
    expect(form.locator(".result")).to_be_visible()
    expect(form.locator(".why").first).to_be_attached()
    expect(form.get_by_role("button", name="Try again")).to_have_count(0)
    assert host.evaluate("view.response") == GIVEN[kind]
    assert host.evaluate("told.map(([type]) => type)") == ["revealed"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_left_open_in_an_exam_is_told_as_such(host: Page, kind: str):
    host.evaluate("kind => make(kind, { mode: 'exam' })", kind)
    assert host.evaluate("view.reveal({ id: 's', revision: view.revision, response: [] }).points") == 0
    expect(host.locator(f"form[data-kind={kind}] .result.wrong")).to_have_text("Not answered.")


@pytest.mark.parametrize("kind", KINDS)
def test_locked_it_keeps_what_was_given_and_takes_no_more(host: Page, kind: str):
    host.evaluate("kind => make(kind, { mode: 'exam', certainty: true })", kind)
    form = host.locator(f"form[data-kind={kind}]")
    host.evaluate("given => { view.response = given; view.certainty = 'mid'; view.lock('Time is up.'); }", GIVEN[kind])
    expect(form.locator(".locked")).to_have_text("Time is up.")
    assert host.evaluate("[view.response, view.certainty]") == [GIVEN[kind], "mid"]
    open_ = "form.item.is-locked :is(input:not([readonly]), select, button):enabled"
    expect(host.locator(open_)).to_have_count(0)
    assert violations(host) == []
    host.evaluate("() => view.unlock()")
    assert host.evaluate("[view.response, view.certainty]") == [GIVEN[kind], "mid"]
    expect(form.locator(".locked, :disabled")).to_have_count(0)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "numeric"])
def test_options_are_shown_in_another_order(host: Page, kind: str):
    host.evaluate("kind => make(kind, { mode: 'exam' })", kind)
    turned = host.evaluate("() => { const ids = view.options.reverse(); view.shuffle(ids); return ids; }")
    assert host.evaluate("view.options") == turned
    assert host.evaluate("view.snapshot().options.map(([id]) => id)") == turned
    assert host.evaluate("view.response") == []
    host.evaluate("given => { view.response = given; }", GIVEN[kind])
    assert sorted(host.evaluate("view.response")) == sorted(GIVEN[kind])
    assert host.evaluate("() => { try { view.shuffle(['x']); } catch (e) { return e instanceof RangeError; } }")


def test_letters_of_regions_follow_the_list(host: Page):
    host.evaluate("() => { make('hotspot', { mode: 'exam' }); view.shuffle(['waist', 'shoulder', 'crest']); }")
    form = host.locator("form[data-kind=hotspot]")
    expect(form.locator(".options .mark")).to_have_text(["A", "B", "C"])
    expect(form.locator(".hotspot .mark[data-region=waist]")).to_have_text("A")


def test_an_impossible_response_is_refused(host: Page):
    host.evaluate("make('single', { mode: 'exam' })")
    assert host.evaluate("() => { try { view.response = ['x']; } catch (e) { return e instanceof RangeError; } }")
    assert host.evaluate("view.response") == []


def test_each_change_of_the_learner_is_an_event_once(host: Page):
    host.evaluate("make('numeric', { mode: 'exam', certainty: true })")
    form = host.locator("form[data-kind=numeric]")
    form.get_by_label("Your number").press_sequentially("40")
    assert host.evaluate("told") == []  # no unit yet: nothing is given
    form.get_by_label("Unit").select_option("mg")
    form.get_by_label("Fairly sure").check()
    form.get_by_label("Fairly sure").check()
    assert host.evaluate("told") == [
        ["change", {"response": ["40", "mg"], "certainty": None}],
        ["change", {"response": ["40", "mg"], "certainty": "mid"}],
    ]


def test_an_exam_says_at_once_that_a_number_cannot_be_read(host: Page):
    host.evaluate("() => { make('numeric', { mode: 'exam' }); view.goLive(); }")
    form = host.locator("form[data-kind=numeric]")
    form.get_by_label("Your number").fill("1,250")
    form.get_by_label("Your number").blur()
    expect(form.locator("[role=status] .wanting")).to_contain_text("can’t be read as one number")
    form.get_by_label("Your number").fill("1250")
    form.get_by_label("Unit").select_option("mg")
    expect(form.locator(".wanting")).to_have_count(0)


def test_how_sure_must_be_said_before_checking(host: Page):
    host.evaluate(
        """() => make('single', { certainty: true, again: false, next() {}, async submit(view) {
          view.reveal({ id: 's', revision: 1, response: view.response, certainty: view.certainty }); } })"""
    )
    form = host.locator("form[data-kind=single]")
    expect(form.get_by_role("group", name="How sure are you?").get_by_role("radio")).to_have_count(3)
    form.locator("input[value=image]").check()
    form.get_by_role("button", name="Say how sure you are first").press("Enter")
    expect(form.locator(".wanting")).to_have_text("Say how sure you are first.")
    form.get_by_label("Certain", exact=True).check()
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".result.right")).to_have_text("Right. You were certain.")
    expect(form.get_by_label("Certain", exact=True)).to_be_checked()
    expect(form.get_by_role("button")).to_have_text(["Next item"])
    assert violations(host) == []


def test_its_place_is_told_in_label_and_name(host: Page):
    host.evaluate("() => { make('single', { mode: 'exam' }); view.place(3, 20); }")
    form = host.locator("form[data-kind=single]")
    expect(form).to_have_accessible_name("Item 3 of 20")
    expect(form.locator("p.label").first).to_have_text("Item 3 of 20, one answer")


def test_facts_of_what_was_seen(host: Page):
    host.evaluate("make('matching', { mode: 'exam' })")
    facts = host.evaluate("view.snapshot()")
    assert facts["cases"][1] == ["nurse", "A nurse of 31 has a lump of 1 cm with a dark opening in the skin above it."]
    assert {k: v for k, v in facts.items() if k != "cases"} == {
        "id": "seen:example-matching-001@1",
        "type": "seen",
        "quiz": "",
        "item": "example-matching-001",
        "revision": 1,
        "kind": "matching",
        "topic": "good",
        "objective": "tell-lumps-apart",
        "level": "analysis",
        "stem": "What is the most likely cause of the lump in each case?",
        "options": [
            ["abscess", "Abscess"], ["cyst", "Epidermoid cyst"], ["lipoma", "Common lipoma"], ["mouse", "Back mouse"],
        ],
        "key": ["painter=lipoma", "nurse=cyst", "driver=mouse"],
    }  # fmt: skip


def test_facts_of_a_number(host: Page):
    host.evaluate("make('numeric', { mode: 'exam' })")
    facts = host.evaluate("view.snapshot()")
    assert (facts["options"], facts["key"]) == (
        [["mg", "mg"], ["g", "g"]],
        {"value": 40, "tolerance": 0.5, "unit": "mg", "units": {"mg": 1, "g": 1000}},
    )


@pytest.mark.parametrize(
    ("kind", "then", "told"),
    [
        ("numeric", {"key": {"value": 4, "tolerance": 0, "unit": "mg", "units": {"mg": 1}}, "options": [["mg", "mg"]],
                     "response": ["4", "mg"]},
         "the unit “g” was added; another key is credited. Your earlier answer, “4 mg”, is kept, with its 1 of 1 point."),
        ("ordering", {"key": ["press", "look", "feel", "measure"], "response": ["look", "feel", "measure", "press"]},
         "another key is credited. Your earlier answer is kept, with its 0.67 of 1 point."),
        ("matching", {"stem": "Which?", "response": ["painter=lipoma"]},
         "the stem was reworded. Your earlier answer is kept, with its 0.33 of 1 point."),
    ],
)  # fmt: skip
def test_a_revised_item_says_what_changed(host: Page, kind, then, told):
    host.evaluate(
        """([kind, { response, ...then }]) => {
          make(kind, {});
          const seen = { ...view.snapshot(), ...then, revision: 7 };
          view.reveal({ id: "s", at: "2026-05-03T10:00:00Z", revision: 7, response }, seen);
        }""",
        [kind, then],
    )
    form = host.locator(f"form[data-kind={kind}]")
    expect(form.locator(".revised")).to_have_text(f"Revised since you answered on 3 May 2026: {told}")
    assert host.evaluate("view.response") == []
    expect(form.locator(".result, .why")).to_have_count(0)
