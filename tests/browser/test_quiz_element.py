"""The quiz in a real browser: mouse, keys, reload, storage that fails, a second tab, no scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from quiz_page import check, choose, events, item, items, kinds_of, open_quiz, write_page

REFUSED = "This browser’s storage can’t be used."
FULL = "This browser’s storage is full."
UNTIL = "Your answers are kept until you close the page."


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write_page(tmp_path, items())
    return tmp_path


@pytest.fixture
def url(site: Path, serve) -> str:
    return f"{serve(site)}/index.html"


@pytest.fixture
def quiz(page: Page, url: str) -> Page:
    open_quiz(page, url)
    return page


def classes(form: Locator) -> dict[str, str]:
    return form.evaluate(
        "f => Object.fromEntries([...f.querySelectorAll('li')].map(li => [li.dataset.option, li.className]))"
    )


def verdicts(form: Locator) -> dict[str, str]:
    return form.evaluate(
        "f => Object.fromEntries([...f.querySelectorAll('.verdict')].map(v => [v.closest('li').dataset.option, v.textContent]))"
    )


def test_single_right_by_mouse(quiz: Page):
    form = item(quiz, 1)
    form.get_by_text("Refer and image before anything else").click()
    check(form)
    expect(form.locator(".result.right")).to_have_text("Right.")
    assert classes(form) == {"inject": "", "image": "is-right", "reassure": ""}
    assert verdicts(form) == {"image": "Right"}
    expect(form.locator(".why")).to_have_count(3)
    expect(form.locator("li[data-option=image] .why a.chip")).to_have_text("Low certainty: lump-over-5-cm")
    expect(form.locator("input:disabled")).to_have_count(3)
    expect(form.locator("details")).to_have_count(0)
    expect(quiz.locator(".tally")).to_have_text("1 of 2 points, 1 of 2 answered")


def test_single_wrong_shows_which_was_right(quiz: Page):
    form = item(quiz, 1)
    choose(form, "reassure")
    check(form)
    expect(form.locator(".result.wrong")).to_have_text("Not this one.")
    assert classes(form) == {"inject": "", "image": "is-missed", "reassure": "is-wrong"}
    assert verdicts(form) == {"image": "Right", "reassure": "Your answer, not right"}
    expect(quiz.locator(".tally")).to_have_text("0 of 2 points, 1 of 2 answered")


@pytest.mark.parametrize(
    ("chosen", "state", "sentence"),
    [
        (["size", "move", "pain"], "right", "Right: all 3 found."),
        (["size", "move"], "partly", "Partly right: 2 of 3 found, none wrong. 0.67 of 1 point."),
        (["size", "ruler"], "partly", "Partly right: 1 of 3 found, 1 wrong. 0 of 1 point."),
        (["ruler"], "wrong", "Not these: none of 3 found, 1 wrong. 0 of 1 point."),
    ],
)
def test_multiple_tells_what_was_found(quiz: Page, chosen, state, sentence):
    form = item(quiz, 2)
    choose(form, *chosen)
    check(form)
    expect(form.locator(f".result.{state}")).to_have_text(sentence)


def test_multiple_marks_missed_options(quiz: Page):
    form = item(quiz, 2)
    choose(form, "size", "ruler")
    check(form)
    assert verdicts(form) == {"size": "Right", "move": "Missed", "pain": "Missed", "ruler": "Your answer, not right"}
    assert classes(form) == {"size": "is-right", "move": "is-missed", "pain": "is-missed", "ruler": "is-wrong"}


def test_keyboard_alone(quiz: Page):
    quiz.keyboard.press("Tab")
    expect(quiz.get_by_label("Ask me how sure I am")).to_be_focused()
    quiz.keyboard.press("Tab")
    expect(item(quiz, 1).locator("input[value=inject]")).to_be_focused()
    quiz.keyboard.press("ArrowDown")
    expect(item(quiz, 1).locator("input[value=image]")).to_be_checked()
    quiz.keyboard.press("Tab")
    quiz.keyboard.press("Enter")
    expect(item(quiz, 1).locator(".result")).to_be_focused()
    for _ in range(3):  # two chips, then the button
        quiz.keyboard.press("Tab")
    expect(item(quiz, 1).get_by_role("button", name="Next item")).to_be_focused()
    quiz.keyboard.press("Enter")
    expect(item(quiz, 2).locator("fieldset")).to_be_focused()
    for key in ("Tab", "Space", "Tab", "Space", "Tab", "Space", "Tab", "Tab", "Space"):
        quiz.keyboard.press(key)
    expect(item(quiz, 2).locator(".result")).to_be_focused()
    expect(item(quiz, 2).locator(".result")).to_have_text("Right: all 3 found.")
    expect(quiz.locator(".tally")).to_have_text("2 of 2 points, 2 of 2 answered")


def test_enter_in_an_option_checks(quiz: Page):
    choose(item(quiz, 1), "image")
    item(quiz, 1).locator("input[value=image]").press("Enter")
    expect(item(quiz, 1).locator(".result")).to_be_focused()


def test_checking_nothing_says_what_to_do(quiz: Page):
    form = item(quiz, 1)
    button = form.get_by_role("button", name="Choose an answer first")
    assert button.get_attribute("aria-disabled") == "true"
    button.focus()
    quiz.keyboard.press("Enter")
    expect(form.locator("[role=status] .wanting")).to_have_text("Choose an answer first.")
    assert events(quiz) == []
    choose(form, "image")
    expect(form.locator(".wanting")).to_have_count(0)
    assert form.get_by_role("button").get_attribute("aria-disabled") == "false"


def test_result_comes_into_a_status_that_was_there(quiz: Page):
    form = item(quiz, 1)
    status = form.locator(".outcome")
    assert status.get_attribute("role") == "status"
    handle = status.element_handle()
    choose(form, "image")
    check(form)
    assert handle.evaluate("e => e.isConnected && e.textContent") == "Right."


def test_try_again(quiz: Page):
    form = item(quiz, 1)
    choose(form, "inject")
    check(form)
    form.get_by_role("button", name="Try again").click()
    expect(form.locator("input").first).to_be_focused()
    expect(form.locator(".why, .verdict, .result, .rests, input:checked, input:disabled")).to_have_count(0)
    assert set(classes(form).values()) == {""}
    choose(form, "image")
    check(form)
    expect(quiz.locator(".tally")).to_have_text("1 of 2 points, 1 of 2 answered")
    assert [e["response"] for e in events(quiz) if e["type"] == "submission"] == [["inject"], ["image"]]


def test_log_says_what_was_drawn_and_what_was_given(quiz: Page):
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    choose(item(quiz, 2), "pain", "size")
    check(item(quiz, 2))
    attempt, seen, first, also_seen, second = events(quiz)
    stamped = {"id", "at"}
    assert {k: v for k, v in attempt.items() if k not in stamped} == {
        "type": "attempt",
        "quiz": "check",
        "mode": "practice",
        "items": [
            {"id": "example-single-001", "revision": 1, "options": ["inject", "image", "reassure"]},
            {"id": "example-multiple-001", "revision": 2, "options": ["size", "move", "pain", "ruler"]},
        ],
    }
    given = {"type": "submission", "attempt": attempt["id"], "quiz": "check"}
    assert {k: v for k, v in first.items() if k not in stamped} == given | {
        "item": "example-single-001", "revision": 1, "response": ["image"],
    }  # fmt: skip
    assert {k: v for k, v in second.items() if k not in stamped} == given | {
        "item": "example-multiple-001", "revision": 2, "response": ["size", "pain"],
    }  # fmt: skip
    assert all(stamped <= e.keys() for e in (attempt, seen, first, also_seen, second))
    assert {k: v for k, v in seen.items() if k != "at"} == {
        "id": "seen:example-single-001@1",
        "type": "seen",
        "quiz": "",
        "item": "example-single-001",
        "revision": 1,
        "kind": "single",
        "topic": "good",
        "objective": "refuse-a-needle-before-a-picture",
        "level": "application",
        "stem": (
            "You feel a firm lump of about 6 cm beside the sacrum. It does not move on the deep tissue, "
            "and the patient says it has grown since spring. What do you do next?"
        ),
        "options": [
            ["inject", "Inject local anaesthetic and see whether the pain goes"],
            ["image", "Refer and image before anything else"],
            ["reassure", "Call it a back mouse and reassure"],
        ],
        "key": ["image"],
    }
    assert also_seen["id"] == "seen:example-multiple-001@2"


def test_answer_is_on_disk_before_the_mark_shows(page: Page, url: str):
    page.add_init_script(
        """window.order = [];
        const { transaction } = IDBDatabase.prototype;
        IDBDatabase.prototype.transaction = function (...given) {
          const made = transaction.apply(this, given);
          if (given[1] === "readwrite") made.addEventListener("complete", () => order.push("written"));
          return made;
        };
        new MutationObserver(() => document.querySelector(".result") && order.push("shown"))
          .observe(document, { subtree: true, childList: true });"""
    )
    open_quiz(page, url)
    choose(item(page, 1), "image")
    check(item(page, 1))
    assert page.evaluate("order")[:2] == ["written", "shown"]


def test_reload_keeps_answers(quiz: Page, url: str):
    choose(item(quiz, 1), "reassure")
    check(item(quiz, 1))
    choose(item(quiz, 2), "size", "move")
    check(item(quiz, 2))
    open_quiz(quiz, url)
    expect(item(quiz, 1).locator(".result.wrong")).to_have_text("Not this one.")
    expect(item(quiz, 1).locator("input[value=reassure]")).to_be_checked()
    expect(item(quiz, 2).locator(".result.partly")).to_be_visible()
    expect(quiz.locator(".tally")).to_have_text("0.67 of 2 points, 2 of 2 answered")
    assert quiz.evaluate("document.activeElement.tagName") == "BODY"


def test_reload_goes_on_with_the_attempt(quiz: Page, url: str):
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    open_quiz(quiz, url)
    choose(item(quiz, 2), "size")
    check(item(quiz, 2))
    assert kinds_of(quiz) == ["attempt", "seen", "submission", "seen", "submission"]


def today(page: Page) -> str:
    return page.evaluate("new Date().toLocaleDateString('en-GB', {day: 'numeric', month: 'long', year: 'numeric'})")


def test_revised_item_keeps_the_earlier_answer_and_its_mark(quiz: Page, site: Path, url: str):
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    before = events(quiz)
    single, multiple = items()
    inject, image, reassure = single.options
    changed = {
        "revision": 2,
        "stem": "What do you do first?",
        "options": (inject, image.model_copy(update={"id": "refer"}), reassure.model_copy(update={"text": "Reassure"})),
        "key": ("refer",),
    }
    write_page(site, [single.model_copy(update=changed), multiple])
    open_quiz(quiz, url)
    form = item(quiz, 1)
    expect(form.locator(".revised")).to_have_text(
        f"Revised since you answered on {today(quiz)}: the stem was reworded; "
        "the option “Refer and image before anything else” was added; "
        "the option “Refer and image before anything else” was taken out; "
        "the option “Call it a back mouse and reassure” now reads “Reassure”; another key is credited. "
        "Your earlier answer, “Refer and image before anything else”, is kept, with its 1 of 1 point."
    )
    expect(form.locator("input:checked, input:disabled, .result")).to_have_count(0)
    expect(quiz.locator(".tally")).to_have_text("1 of 2 points, 1 of 2 answered")
    choose(form, "inject")
    check(form)
    expect(form.locator(".result.wrong")).to_be_visible()
    expect(quiz.locator(".tally")).to_have_text("0 of 2 points, 1 of 2 answered")
    assert kinds_of(quiz) == ["attempt", "seen", "submission"] * 2
    assert events(quiz)[:3] == before


def test_revised_item_that_was_answered_before_items_were_remembered(quiz: Page, site: Path, url: str):
    quiz.evaluate(
        """() => new Promise((resolve) => {
          const open = indexedDB.open("backmice");
          open.onsuccess = () => {
            const tx = open.result.transaction("events", "readwrite");
            const at = new Date().toISOString();
            const old = { id: "old", at, type: "submission", quiz: "check", item: "example-single-001", revision: 1, response: ["image"] };
            tx.objectStore("events").add(old);
            tx.oncomplete = () => { open.result.close(); resolve(); };
          };
        })"""
    )
    single, multiple = items()
    write_page(site, [single.model_copy(update={"revision": 2}), multiple])
    open_quiz(quiz, url)
    expect(item(quiz, 1).locator(".revised")).to_have_text(
        f"Revised since you answered on {today(quiz)}; your earlier answer is kept."
    )
    expect(quiz.locator(".tally")).to_have_text("0 of 2 points, 0 of 2 answered")


def test_stored_rubbish_does_no_harm(quiz: Page, url: str):
    quiz.evaluate(
        """() => new Promise((resolve) => {
          const open = indexedDB.open("backmice");
          open.onsuccess = () => {
            const tx = open.result.transaction("events", "readwrite");
            const base = { at: "2020-01-01", type: "submission", quiz: "check", item: "example-single-001", revision: 1 };
            for (const [i, response] of [["gone"], ["image", "inject"], 7, null, []].entries())
              tx.objectStore("events").add({ ...base, id: `rubbish-${i}`, response });
            tx.objectStore("events").add({ quiz: "check" });
            tx.objectStore("events").add({ ...base, id: "no-day", at: "soon", revision: 9, item: "example-multiple-001" });
            tx.oncomplete = () => { open.result.close(); resolve(); };
          };
        })"""
    )
    open_quiz(quiz, url)
    expect(quiz.locator(".result")).to_have_count(0)
    expect(item(quiz, 2).locator(".revised")).to_contain_text("on an earlier day")
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))


def test_two_tabs_keep_in_step(context, url: str):
    one, two = open_quiz(context.new_page(), url), open_quiz(context.new_page(), url)
    choose(item(two, 2), "ruler")  # a choice not yet checked stays
    one.bring_to_front()
    choose(item(one, 1), "image")
    check(item(one, 1))
    expect(item(two, 1).locator(".result.right")).to_be_visible()
    expect(two.locator(".tally")).to_have_text("1 of 2 points, 1 of 2 answered")
    choose(item(one, 2), "size", "move", "pain")
    check(item(one, 2))
    expect(item(two, 2).locator("input[value=ruler]")).to_be_checked()
    expect(item(two, 2).locator(".result")).to_have_count(0)
    two.bring_to_front()
    check(item(two, 2))
    expect(item(one, 2).locator(".result.wrong")).to_be_visible()
    assert kinds_of(one) == ["attempt", "seen", "submission", "seen", "submission", "submission"]


def test_erased_everywhere_is_forgotten_here(quiz: Page):
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    quiz.evaluate("async () => (await import('./attempt-log.js')).sharedLog().erase()")
    expect(item(quiz, 1).locator(".result, input:checked, input:disabled")).to_have_count(0)
    expect(quiz.locator(".tally")).to_have_text("0 of 2 points, 0 of 2 answered")
    choose(item(quiz, 2), "size")
    check(item(quiz, 2))
    assert kinds_of(quiz) == ["attempt", "seen", "submission"]


def test_what_was_imported_is_shown(quiz: Page):
    submission = {
        "id": "there", "at": "2026-01-02T03:04:05Z", "type": "submission", "quiz": "check", "attempt": "a",
        "item": "example-single-001", "revision": 1, "response": ["image"],
    }  # fmt: skip
    quiz.evaluate("async (event) => (await import('./attempt-log.js')).sharedLog().merge([event])", submission)
    expect(item(quiz, 1).locator(".result.right")).to_be_visible()
    expect(quiz.locator(".tally")).to_have_text("1 of 2 points, 1 of 2 answered")


REFUSALS = {
    "missing": "Object.defineProperty(window, 'indexedDB', { value: undefined })",
    "forbidden": "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } })",
    "open throws": "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }",
    "open never answers": "IDBFactory.prototype.open = () => ({})",
}


@pytest.mark.parametrize("how", REFUSALS)
def test_storage_refused_says_so_and_goes_on(page: Page, url: str, how: str):
    page.add_init_script(REFUSALS[how])
    open_quiz(page, url)
    expect(page.locator(".notice[role=status] .empty.is-error")).to_have_text(f"{REFUSED}{UNTIL}")
    choose(item(page, 1), "image")
    check(item(page, 1))
    expect(item(page, 1).locator(".result.right")).to_be_focused()
    expect(page.locator(".empty.is-error")).to_have_count(1)
    expect(page.locator(".tally")).to_have_text("1 of 2 points, 1 of 2 answered")


LATE = """Object.defineProperty(IDBOpenDBRequest.prototype, "onsuccess", {
  set(act) { this.addEventListener("success", () => (globalThis.answer = act)); },
});"""


def test_storage_that_answers_late_is_there_after_all_and_keeps_what_was_answered(page: Page, url: str):
    page.add_init_script(LATE)
    open_quiz(page, url)
    choose(item(page, 1), "image")
    check(item(page, 1))
    expect(page.locator(".empty.is-error").first).to_contain_text(REFUSED)
    expect(item(page, 1).locator(".result")).to_be_visible(timeout=10_000)
    page.evaluate("answer()")
    expect(page.locator(".empty.is-error")).to_have_count(0)
    open_quiz(other := page.context.new_page(), url)
    expect(item(other, 1).locator(".result.right")).to_be_visible()


FAILING_ADD = {
    FULL: """IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); }""",
    REFUSED: """IDBObjectStore.prototype.add = function () { this.transaction.abort(); return {}; }""",
}


@pytest.mark.parametrize("told", FAILING_ADD)
def test_a_write_that_fails_later_says_so_and_goes_on(quiz: Page, told: str):
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    expect(quiz.locator(".empty.is-error")).to_have_count(0)
    quiz.evaluate(f"() => {{ {FAILING_ADD[told]} }}")
    choose(item(quiz, 2), "size", "move", "pain")
    check(item(quiz, 2))
    expect(item(quiz, 2).locator("[role=status] .empty.is-error")).to_have_text(f"{told}{UNTIL}")
    expect(quiz.locator(".tally")).to_have_text("2 of 2 points, 2 of 2 answered")
    assert kinds_of(quiz) == ["attempt", "seen", "submission"]


def test_what_failed_is_written_when_storage_comes_back(quiz: Page, url: str):
    quiz.evaluate(f"() => {{ window.add = IDBObjectStore.prototype.add; {FAILING_ADD[FULL]} }}")
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    assert events(quiz) == []
    quiz.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    choose(item(quiz, 2), "size")
    check(item(quiz, 2))
    expect(quiz.locator(".empty.is-error")).to_have_count(0)
    assert kinds_of(quiz) == ["attempt", "seen", "submission", "seen", "submission"]


def test_an_answer_that_came_late_is_not_written_twice(quiz: Page):
    """Regression: a second try of an event already on disk must not abort the whole write."""
    quiz.evaluate(
        """() => {
          const { transaction } = IDBDatabase.prototype;
          IDBDatabase.prototype.transaction = function (...given) {
            IDBDatabase.prototype.transaction = transaction; // the first only: written, but nobody is told
            return Object.defineProperty(transaction.apply(this, given), "oncomplete", { set() {} });
          };
        }"""
    )
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    expect(quiz.locator(".empty.is-error")).to_be_visible()
    assert kinds_of(quiz) == ["attempt", "seen", "submission"]
    choose(item(quiz, 2), "size")
    check(item(quiz, 2))
    expect(quiz.locator(".empty.is-error")).to_have_count(0)
    assert kinds_of(quiz) == ["attempt", "seen", "submission", "seen", "submission"]


def test_database_deleted_under_the_page(quiz: Page):
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    quiz.evaluate(
        """() => new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase("backmice");
          request.onsuccess = resolve;
          request.onblocked = () => reject(new Error("the page holds the database"));
        })"""
    )
    choose(item(quiz, 2), "size")
    check(item(quiz, 2))
    expect(quiz.locator(".empty.is-error")).to_have_count(0)
    # The log is new; what was answered before comes back from its copy.
    assert [(e["type"], e.get("item")) for e in events(quiz)] == [
        ("attempt", None), ("seen", "example-single-001"), ("submission", "example-single-001"),
        ("seen", "example-multiple-001"), ("submission", "example-multiple-001"),
    ]  # fmt: skip


def test_without_channel_and_secure_ids(page: Page, url: str):
    page.add_init_script("delete window.BroadcastChannel; delete Crypto.prototype.randomUUID;")
    open_quiz(page, url)
    choose(item(page, 1), "image")
    check(item(page, 1))
    pattern = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert page.evaluate(
        f"ids => ids.every(id => /^{pattern}$/.test(id))", [e["id"] for e in events(page) if e["type"] != "seen"]
    )


def test_without_scripts_it_is_a_readable_form(new_context, url: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(url)
    form = item(page, 1)
    expect(form.locator(".label")).to_have_text("Item 1 of 2, one answer")
    expect(item(page, 2).locator(".label")).to_have_text("Item 2 of 2, several answers: choose all that apply")
    expect(form.get_by_role("group", name="What do you do next?")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(3)
    expect(page.get_by_role("checkbox")).to_have_count(4)
    expect(page.get_by_role("button")).to_have_count(0)
    expect(form.get_by_text("Over 5 cm, deep or growing")).to_be_hidden()
    form.get_by_text("Key and rationales").click()
    expect(form.get_by_text("Over 5 cm, deep or growing")).to_be_visible()
    expect(form.locator("details li p:first-child")).to_have_text(
        [
            "Not right: Inject local anaesthetic and see whether the pain goes",
            "Right: Refer and image before anything else",
            "Not right: Call it a back mouse and reassure",
        ]
    )


def test_enter_without_scripts_stays_on_the_page(new_context, url: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(url)
    page.locator("input[value=image]").check()
    page.locator("input[value=image]").press("Enter")
    page.wait_for_timeout(200)
    assert page.url == url
    expect(page.locator("input[value=image]")).to_be_checked()


def test_notes_of_authors_are_not_published(site: Path):
    assert "Not for publication" not in (site / "index.html").read_text()


def test_item_text_is_never_markup(page: Page, site: Path, url: str):
    hostile = "</legend><img src=x onerror=alert(1)>"
    single, multiple = items()
    option = single.options[0].model_copy(update={"text": hostile, "rationale": hostile})
    changed = {"stem": hostile, "options": (option, *single.options[1:])}  # the loader would refuse it
    write_page(site, [single.model_copy(update=changed), multiple])
    open_quiz(page, url)
    choose(item(page, 1), "image")
    check(item(page, 1))
    expect(item(page, 1).locator("li[data-option=inject] .why")).to_have_text(hostile)
    expect(page.locator("img")).to_have_count(0)


def test_nothing_leaves_the_site(quiz: Page, url: str, watch):
    choose(item(quiz, 1), "image")
    check(item(quiz, 1))
    home = url.removesuffix("index.html")
    assert [r for r in watch.requests if not r.startswith(home)] == []


def test_submission_is_an_event_for_hosts(quiz: Page):
    quiz.evaluate("addEventListener('backmice-submission', (e) => { window.told = e.detail; })")
    choose(item(quiz, 2), "size", "move")
    check(item(quiz, 2))
    told = quiz.evaluate("told")
    assert told["submission"]["response"] == ["size", "move"]
    assert told["score"] == {"points": 0.666666667, "of": 1, "right": ["size", "move"], "wrong": [], "missed": ["pain"]}


def test_certainty_is_asked_for_only_when_it_is_wanted(quiz: Page):
    assert quiz.get_by_text("How sure are you?").count() == 0
    quiz.get_by_label("Ask me how sure I am").check()
    expect(quiz.locator(".wish .hint")).to_be_visible()
    form = item(quiz, 1)
    choose(form, "image")
    expect(form.get_by_role("button", name="Say how sure you are first")).to_have_attribute("aria-disabled", "true")
    form.get_by_role("radio", name="Certain").check()
    check(form)
    expect(form.locator(".result")).to_have_text("Right. You were certain.")
    assert [event.get("certainty") for event in events(quiz) if event["type"] == "submission"] == ["high"]
    expect(quiz.locator(".tally")).to_have_text("1 of 2 points, 1 of 2 answered; by how sure you were 3 of 3")


def test_being_sure_and_wrong_costs(quiz: Page):
    quiz.get_by_label("Ask me how sure I am").check()
    choose(item(quiz, 1), "inject")
    item(quiz, 1).get_by_role("radio", name="Fairly sure").check()
    check(item(quiz, 1))
    expect(quiz.locator(".tally")).to_have_text("0 of 2 points, 1 of 2 answered; by how sure you were -2 of 3")


def test_the_wish_is_kept_and_can_be_taken_back(quiz: Page):
    wish = quiz.get_by_label("Ask me how sure I am")
    wish.check()
    quiz.reload()
    expect(wish).to_be_checked()
    expect(item(quiz, 2).get_by_text("How sure are you?")).to_be_visible()
    choose(item(quiz, 1), "image")
    item(quiz, 1).get_by_role("radio", name="Guessing").check()
    check(item(quiz, 1))
    wish.uncheck()
    expect(item(quiz, 1).get_by_role("radio", name="Guessing")).to_be_checked()
    assert item(quiz, 2).get_by_text("How sure are you?").count() == 0
    choose(item(quiz, 2), "size")
    check(item(quiz, 2))
    assert [e.get("certainty") for e in events(quiz) if e["type"] == "submission"] == ["low", None]
    quiz.reload()
    expect(item(quiz, 1).get_by_role("radio", name="Guessing")).to_be_checked()
    expect(quiz.locator(".tally")).to_have_text("1.33 of 2 points, 2 of 2 answered; by how sure you were 1 of 3")
