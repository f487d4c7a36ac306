"""The search page: which page comes first for what readers type, and the page by mouse, keys and address.

The table is the specification. Each row goes through the real index of the built book.
"""

from __future__ import annotations

import gzip
import json
import re
from urllib.request import urlopen

import pytest
from book_reader import SAFETY, SEARCH, sideways_px, violations
from machine import ask_until
from playwright.sync_api import Locator, Page, expect

WIDE = {"viewport": {"width": 1280, "height": 900}}
WHAT, NAMES, REAL = "meet/what-they-are", "meet/names", "meet/are-they-real"
CLUNEAL, GLOSSARY = "neighbours/cluneal-entrapment", "glossary"
FIRST = {
    # the words of the course
    "back mouse": WHAT,
    "back mice": WHAT,
    "PSIS": GLOSSARY,
    "sacroiliac triangle": "anatomy/sacroiliac-triangle",
    "thoracolumbar fascia": "anatomy/fascia-and-fat",
    "palpation": "bedside/palpation",
    "red flags": "bedside/red-flags",
    "cauda equina": "bedside/red-flags",
    "likelihood ratio": "differential/likelihoods",
    "how common": "meet/how-common",
    "are they real": REAL,
    "MRI": "imaging/films-and-mri",
    "ultrasound": "imaging/ultrasound",
    "lidocaine dose": "treatment/infiltration",
    "fibrositis": "neighbours/fibrositis",
    "meralgia": "neighbours/other-entrapments",
    "Ries 1937": NAMES,
    # names, lay words and abbreviations
    "episacral lipoma": NAMES,
    "knot in lower back": WHAT,
    "lumps on hips": WHAT,
    "moving lump": WHAT,
    "nerve pain buttock": CLUNEAL,
    "pinched nerve": CLUNEAL,
    "dimples of Venus": "anatomy/sacroiliac-triangle",
    "herpes zoster": GLOSSARY,
    "PRP": GLOSSARY,
    "operation": "treatment/surgery",
    "how to feel": "bedside/palpation",
    "documentation": "bedside/writing-it-down",
    # slips
    "clunial nerve": "anatomy/cluneal-nerves",
    "ultrasuond": "imaging/ultrasound",
    "trigger piont": "neighbours/trigger-points",
    "fibrositus": "neighbours/fibrositis",
    # Spanish, Italian, French, German
    "bultos dolorosos en la espalda": WHAT,
    "nodulo de Copeman": NAMES,
    "hernias grasas": NAMES,
    "fibromialgia": "neighbours/fibrositis",
    "nodolo di Copeman": NAMES,
    "nodulo alla schiena": WHAT,
    "lipomi episacroiliaci": NAMES,
    "boule dans le bas du dos": WHAT,
    "nerf coincé": CLUNEAL,
    "Knoten im Rücken": WHAT,
    "Fettgewebehernien": NAMES,
    "eingeklemmter Nerv": CLUNEAL,
}


def field(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("searchbox")


def titles(page: Page) -> Locator:
    return page.locator("backmice-search h2 a")


@pytest.fixture(scope="module")
def searching(browser, book: str):
    """The search page, opened once."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(book + SEARCH)
    ask_until(page, "document.querySelector('backmice-search').index")
    yield page
    page.close()


@pytest.mark.parametrize(("query", "first"), FIRST.items())
def test_the_right_page_comes_first(searching: Page, query: str, first: str):
    field(searching).fill(query)
    expect(titles(searching).first).to_have_attribute("href", f"book/{first}.html", timeout=5000)


def test_a_result_leads_to_the_section_and_shows_the_words(page: Page, book: str):
    page.goto(f"{book}{SEARCH}?q=chaperone")
    passage = page.locator("backmice-search li li").first
    expect(passage.locator("mark")).to_have_text("chaperone")
    expect(passage).to_contain_text("Offer a chaperone as your local rules say")
    passage.get_by_role("link", name="Before you feel").click()
    page.wait_for_url(f"{book}/book/bedside/palpation.html#before-you-feel")
    expect(page.locator("section:target")).to_contain_text("Before you feel")


def test_back_from_a_result_leads_to_the_results(page: Page, book: str):
    page.goto(book + SEARCH)
    field(page).fill("sarcoma")
    expect(titles(page).first).to_be_visible()
    titles(page).first.click()
    page.wait_for_url(re.compile("/book/"))
    page.go_back()
    expect(field(page)).to_have_value("sarcoma")
    expect(titles(page).first).to_be_visible()


def test_search_from_the_header_of_any_page(new_context, book: str):
    page = new_context(**WIDE).new_page()
    page.goto(book + SAFETY)
    page.get_by_role("banner").get_by_role("searchbox").fill("cluneal")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{book}{SEARCH}?q=cluneal")
    titles(page).filter(has_text="The cluneal nerves").click()
    page.wait_for_url(f"{book}/book/anatomy/cluneal-nerves.html")


def test_the_index_is_fetched_by_the_search_page_alone(page: Page, book: str, watch):
    page.goto(book + SAFETY)
    page.wait_for_load_state("networkidle")
    assert [url for url in watch.requests if "search" in url] == []
    page.get_by_role("banner").get_by_role("link", name="Search the course").click()
    page.wait_for_url(book + SEARCH)
    expect(field(page)).to_be_focused()
    page.wait_for_load_state("networkidle")
    assert [url for url in watch.requests if url.endswith(".json")] == [f"{book}/search-index.json"]


def test_keys_alone_lead_to_a_result(page: Page, book: str):
    page.goto(book + SEARCH)
    field(page).press_sequentially("kappa")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ pages found$"))
    page.keyboard.press("Tab")
    expect(titles(page).first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/book/"))


def test_what_leads_nowhere_is_said(page: Page, book: str):
    page.goto(f"{book}{SEARCH}?q=zzzz")
    expect(page.get_by_role("status")).to_have_text("No page says anything like “zzzz”. Try fewer or other words.")
    expect(titles(page)).to_have_count(0)
    field(page).fill("")
    expect(page.get_by_role("status")).to_have_text("")


def test_more_pages_are_shown_on_request(page: Page, book: str):
    page.goto(f"{book}{SEARCH}?q=pain")
    expect(titles(page)).to_have_count(10)
    page.get_by_role("button", name=re.compile(r"^Show \d+ more pages?$")).click()
    assert titles(page).count() > 10
    expect(titles(page).nth(10)).to_be_focused()


def test_an_index_out_of_reach_is_said(page: Page, book: str, watch):
    page.route("**/search-index.json", lambda route: route.abort())
    page.goto(f"{book}{SEARCH}?q=pain")
    expect(page.get_by_role("status")).to_contain_text("The index of the search can’t be reached.")
    watch.errors.clear()


def test_typed_markup_stays_text(page: Page, book: str):
    page.goto(f"{book}{SEARCH}?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20qqq")
    expect(page.get_by_role("status")).not_to_have_text("")
    expect(page.get_by_role("main").locator("img")).to_have_count(0)


def test_the_index_is_light(book: str):
    with urlopen(f"{book}/search-index.json") as answer:
        content = answer.read()
    assert len(json.loads(content)["pages"]) > 40
    assert len(gzip.compress(content, compresslevel=6)) <= 150 * 1024


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_results_have_no_violation(new_context, book: str, width: int, theme: str):
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=theme).new_page()
    page.goto(f"{book}{SEARCH}?q=lump")
    expect(titles(page).first).to_be_visible()
    assert violations(page) == []


def test_results_never_scroll_sideways_at_320(new_context, book: str):
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{book}{SEARCH}?q=lipomi episacroiliaci")
    expect(titles(page).first).to_be_visible()
    assert sideways_px(page) == 0


def test_what_is_typed_before_the_script_has_come_is_searched_for(browser, book: str):
    page, held = browser.new_page(viewport={"width": 390, "height": 844}), []
    page.route("**/*backmice-search*.js", lambda route: held.append(route))
    with page.expect_request("**/*backmice-search*.js"):
        page.goto(book + SEARCH, wait_until="commit")
    field(page).fill("sarcoma")
    held.pop().continue_()
    expect(titles(page).first).to_be_visible()
    expect(field(page)).to_have_value("sarcoma")
    page.close()
