"""The course on paper: pages printed from the browser, and the PDF of a whole small course."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from book_reader import EVIDENCE, ITEMS, LESSON, on_paper, ready_for_paper
from machine import ask_until, chromium
from playwright.sync_api import Page
from pypdf import PdfReader
from small_course import build, new_course

from backmice.volume.pages import read_volume
from backmice.volume.pdf import pdf_bytes

PRACTICE = "/practice/sacroiliac-triangle.html"
#: A lesson with items that show a picture.
PICTURED = "/book/anatomy/cluneal-nerves.html"
#: What can only be pressed, or opens only when pressed.
OF_THE_SCREEN = ("Check my answer", "Search the course", "Skip to the text", "Ask me how sure", "Open in the evidence",
                 "Next:", "Reset", "points,")  # fmt: skip


def printed(page: Page) -> list[str]:
    """Return the words of each sheet."""
    sheets = ready_for_paper(page).pdf(prefer_css_page_size=True)
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(sheets)).pages]


def test_a_printed_lesson_is_its_text_with_words_of_certainty(page, book):
    page.goto(book + LESSON)
    sheets = printed(page)
    words = " ".join(" ".join(sheets).split())
    assert [told for told in OF_THE_SCREEN if told in words] == []
    assert "40 mm very low" in words
    assert "Rests on cross-sectional study: McGaugh and others, 2007 · cross-sectional study: Chakraverty" in words
    assert "Open in the evidence table" not in words
    assert "What the figure shows, and what each place rests on" in words
    assert len(sheets) < 20
    assert all(re.search(rf"^{number}(?:Back mice|$)", sheet, re.MULTILINE) for number, sheet in enumerate(sheets, 1))


def test_printed_items_come_first_and_their_keys_on_a_sheet_after_them(page, book):
    page.goto(book + PRACTICE)
    page.locator(".tally").wait_for()
    sheets = printed(page)
    start = next(number for number, sheet in enumerate(sheets) if "Key and rationales" in sheet)
    assert "Item 10 of 10" in " ".join(sheets[:start])
    assert not any("Right:" in sheet for sheet in sheets[:start])
    assert not any("Item 1 of 10" in sheet or "Item 10 of 10" in sheet for sheet in sheets[start:])
    assert "Right: The midline of the back" in " ".join(" ".join(sheets[start:]).split())


def test_what_was_answered_is_printed_with_its_rationales_once(page, book):
    page.goto(book + PRACTICE)
    page.locator(".tally").wait_for()
    for form in page.locator("form.item:has(input[type=radio])").all():
        form.locator("input").first.check()
        form.get_by_role("button", name="Check my answer").click()
        form.locator(".result").wait_for()
    keys = " ".join(printed(page)).partition("Key and rationales")[2]
    assert re.findall(r"Item \d+", keys) == ["Item 3", "Item 4", "Item 10"]


def test_after_printing_no_key_is_left_on_the_screen(page, book):
    page.goto(book + PRACTICE)
    page.locator(".tally").wait_for()
    printed(page)
    assert page.locator(".keys").count() == 0


def test_a_quiz_is_printed_alone_and_unanswered_with_its_keys_or_without(page, book):
    page.add_init_script("window.print = () => {}")  # the browser's own dialogue; `printed` makes the sheets
    page.goto(book + LESSON)
    page.locator(".print-quiz").wait_for()
    form = page.locator(f"{ITEMS}:has(input[type=radio])").first
    form.locator("input").first.check()
    form.get_by_role("button", name="Check my answer").click()
    result = form.locator(".result").inner_text()
    items = [f"Item {number} of 10" for number in range(1, 11)]

    page.get_by_role("button", name="Print without answers").click()
    words = " ".join(" ".join(printed(page)).split())
    assert words.startswith("1Back mice, an open clinical course The sacroiliac triangle Item 1 of 10, ")
    assert re.findall(r"Item \d+ of 10", words) == items
    assert [
        told for told in ("Right:", "Key and rationales", "Not this one", "Whose triangle", "points,") if told in words
    ] == []

    page.get_by_role("button", name="Print with answers").click()
    sheets = printed(page)
    start = next(number for number, sheet in enumerate(sheets) if "Key and rationales" in sheet)
    asked, keys = (" ".join(" ".join(part).split()) for part in (sheets[:start], sheets[start:]))
    assert (re.findall(r"Item \d+ of 10", asked), "Right:" in asked) == (items, False)
    assert re.findall(r"Item \d+(?= )(?! of)", keys) == [item.removesuffix(" of 10") for item in items]
    assert keys.count("Right:") >= 10

    assert page.locator(".quiz-paper").count() == 0
    assert form.locator(".result").inner_text() == result


def test_the_rules_for_paper_come_when_the_page_has_come(page, book):
    page.add_init_script(
        "addEventListener('load', () => (window.had = performance.getEntriesByType('resource').map(({ name }) => name)))"
    )
    with page.expect_request("**/print.css") as asked:
        page.goto(book + LESSON)
    had = page.evaluate("had")
    assert (any(name.endswith("/course.css") for name in had), asked.value.url in had) == (True, False)


def test_who_prints_a_quiz_waits_for_the_rules_for_paper(page, book):
    page.add_init_script(
        "window.print = () => (window.had = Boolean(document.querySelector('link[media=print]').sheet))"
    )
    held = []
    page.route("**/print.css", lambda route: held.append(route))
    page.goto(book + PRACTICE)
    page.get_by_role("button", name="Print without answers").click()
    page.wait_for_timeout(300)
    assert (page.evaluate("globalThis.had"), len(held)) == (None, 1)
    held[0].continue_()
    ask_until(page, "globalThis.had")


def test_a_quiz_is_printed_though_the_rules_for_paper_never_come(page, book, watch):
    page.add_init_script("window.print = () => (window.printed = true)")
    page.route("**/print.css", lambda route: route.abort())
    page.goto(book + PRACTICE)
    page.get_by_role("button", name="Print without answers").click()
    ask_until(page, "globalThis.printed")
    watch.errors.clear()


def test_pictures_of_items_are_fetched_to_be_printed_and_not_before(page, book):
    """Regression: the forms that are kept to be printed had theirs fetched as soon as the page had come."""
    page.add_init_script(
        "window.print = () => (window.shown = [...document.querySelectorAll('.quiz-paper img')].map((i) => i.naturalWidth > 0))"
    )
    asked = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(book + PICTURED, wait_until="networkidle")
    pictures = page.locator(f"{ITEMS} img").evaluate_all("all => all.map((img) => img.src)")
    assert (len(pictures), asked.intersection(pictures)) == (2, set())
    page.get_by_role("button", name="Print without answers").click()
    ask_until(page, "globalThis.shown !== undefined")
    assert page.evaluate("shown") == [True, True]


def test_without_a_script_no_key_is_printed(new_context, book):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(book + PRACTICE)
    words = " ".join(" ".join(printed(page)).split())
    assert "Item 10 of 10" in words
    assert [told for told in ("Right:", "Key and rationales", "Print with") if told in words] == []


def test_of_an_exam_in_progress_no_key_is_printed(page, book):
    page.goto(f"{book}/book/practice/exam.html")
    page.get_by_role("button", name="Draw and begin").click()
    page.locator(".exam-sheet form.item:visible").wait_for()
    words = " ".join(" ".join(printed(page)).split())
    assert re.findall(r"Item \d+ of 60", words) == ["Item 1 of 60"]
    assert [told for told in ("Right:", "rationale", "The key rests on", "Hand in", "Next item") if told in words] == []


def test_the_evidence_is_printed_in_columns(page, book):
    page.goto(book + EVIDENCE)
    on_paper(page)
    topic = page.locator("section.topic").first
    assert topic.evaluate("e => getComputedStyle(e).columnCount") == "2"
    assert page.locator(".topics, .filter, .uses >> visible=true").count() == 0


# The whole small course as a PDF.


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    root = new_course(tmp_path_factory.mktemp("pdf") / "course")
    assert build(root)[1] == ""
    return root


def made(course: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setenv("CHROMIUM", chromium())
    built = course / "_build/html"
    return pdf_bytes(read_volume(course, built), course, built, lambda words: None)


@pytest.fixture(scope="module")
def pdf(course: Path) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        return made(course, patch)


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def outline(reader: PdfReader, entries: list | None = None) -> list:
    """Return the titles and sheets of the outline, those below another in a list after it."""
    found = []
    for entry in reader.outline if entries is None else entries:
        is_list = isinstance(entry, list)
        found.append(
            outline(reader, entry) if is_list else (entry.title, reader.get_destination_page_number(entry) + 1)
        )
    return found


def test_its_outline_and_contents_lead_to_the_same_sheets(reader):
    found = outline(reader)
    pages = [("Lumps", 3), ("1 A lump", 4)]
    assert found[:2] == [pages[0], ("Part 1. Lumps", 4)]
    assert found[2][0] == pages[1]
    contents = reader.pages[1].extract_text()
    for title, sheet in pages:
        assert re.search(rf"^{title} {sheet}$", contents, re.MULTILINE)
        assert title.removeprefix("1 ") in reader.pages[sheet - 1].extract_text()


def test_every_link_within_it_has_a_place(reader):
    places = {name.removeprefix("/") for name in reader.named_destinations}
    notes = [note.get_object() for sheet in reader.pages for note in sheet.get("/Annots", ())]
    within = [str(note["/Dest"]).removeprefix("/") for note in notes if "/Dest" in note]
    assert len(within) > 10
    assert set(within) <= places
    outside = [str(note["/A"]["/URI"]) for note in notes if "/A" in note]
    assert [address for address in outside if not address.startswith("https://")] == []


def test_it_is_tagged_and_says_its_language(reader):
    root = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en")
    kinds, waiting = set(), [root["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            kinds.add(element.get("/S"))
            waiting += [element["/K"]] if "/K" in element else []
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Link"} <= kinds


def test_its_sheets_are_a4_and_its_fonts_within(reader):
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in reader.pages} == {(595, 842)}
    fonts = [font.get_object() for sheet in reader.pages for font in sheet["/Resources"].get("/Font", {}).values()]
    below = [font["/DescendantFonts"][0].get_object() for font in fonts if font["/Subtype"] == "/Type0"]
    assert below
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object()) for font in below)


def test_its_times_are_those_of_the_text(reader):
    facts = reader.metadata
    assert (facts.title, facts.author) == ("Back mice", "the Back mice course authors")
    assert facts["/CreationDate"] == facts["/ModDate"] == "D:20260201120000Z"


def test_the_same_course_prints_the_same_bytes(course, pdf, monkeypatch):
    assert made(course, monkeypatch) == pdf
