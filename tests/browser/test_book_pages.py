"""Every page of the built book: its audit, what it asks for, its headings, its width, and reading without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.request import urlopen

import pytest
from book_reader import (
    CHAPTERS,
    EVIDENCE,
    ITEMS,
    LESSON,
    PAGES,
    PRACTICE,
    SAFETY,
    SEARCH,
    WELCOME,
    WHOLE,
    add_rules,
    answer_all,
    audit,
    audit_in_both_themes,
    draw_figure,
    sideways_px,
)
from lxml import html
from machine import Watch
from playwright.sync_api import Browser, Page, expect

WIDTHS = (390, 1280)


@dataclass
class Visit:
    """A page as it was loaded on a phone, and what happened while it was."""

    path: str
    page: Page
    watch: Watch
    failed: list[str]

    def widen(self, width: int) -> Page:
        """Return the page at another width, at its top, where the bar hides nothing."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.evaluate("scrollTo(0, 0)")
        return self.page


@pytest.fixture(scope="module", params=[*PAGES, *PRACTICE])
def visit(request: pytest.FixtureRequest, browser: Browser, book: str) -> Iterator[Visit]:
    """Each page of the book in its turn, loaded once for all tests that only look at it."""
    context = browser.new_context(
        viewport={"width": 390, "height": 900}, reduced_motion="reduce", service_workers="block"
    )
    context.set_default_timeout(10_000)
    visit = Visit(request.param, context.new_page(), Watch(), [])
    visit.watch.follow(visit.page)
    visit.page.on("response", lambda r: visit.failed.append(r.url) if r.status >= 400 else None)
    visit.page.on("requestfailed", lambda r: visit.failed.append(r.url))
    visit.page.goto(book + visit.path, wait_until="networkidle")
    # What is far below is laid out, too.
    add_rules(visit.page, WHOLE)
    yield visit
    context.close()


def test_page_has_no_violation(visit: Visit):
    """The long list of claims is audited in full at one width, in one theme, and under a filter in `test_book_audit.py`."""
    if visit.path == EVIDENCE:
        audit(visit.widen(390), "light")
    else:
        for width in WIDTHS:
            audit_in_both_themes(visit.widen(width))


def test_page_asks_only_its_own_site_and_nothing_fails(visit: Visit, book: str):
    visit.widen(390).evaluate("scrollTo(0, document.body.scrollHeight)")
    visit.page.wait_for_load_state("networkidle")
    assert visit.failed == []
    assert visit.watch.errors == []
    assert [url for url in visit.watch.requests if not url.startswith(f"{book}/")] == []


def test_page_says_what_it_is(visit: Visit):
    page = visit.page
    title = page.locator("h1").inner_text()
    levels = page.evaluate("[...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')].map(h => +h.tagName[1])")
    assert page.locator("h1").count() == 1
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == ("Back mice" if visit.path == WELCOME else f"{title} · Back mice")
    assert len(page.locator("meta[name=description]").get_attribute("content")) > 25


@pytest.mark.parametrize("width", [320, 390])
def test_page_never_scrolls_sideways(visit: Visit, width: int):
    assert sideways_px(visit.widen(width)) == 0


def test_landmarks_are_named(visit: Visit):
    page = visit.widen(1280)
    is_in_contents = visit.path not in (SEARCH, *PRACTICE)
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    names = page.get_by_role("navigation").evaluate_all("all => all.map(nav => nav.ariaLabel)")
    assert [name for name in names if name != "Topics"] == ["Contents", *["Previous and next page"] * is_in_contents]
    current = page.get_by_role("navigation", name="Contents").locator("[aria-current=page]")
    assert current.evaluate_all("all => all.map(a => a.pathname)") == [visit.path] * is_in_contents


#: What only scripts can offer, and what they take out of sight.
OF_SCRIPTS = (
    "form.filter, .claim-card, .term-card, .key, .panel, noscript, .wish, .tally, .steps, backmice-exam, backmice-review, "
    "backmice-progress, backmice-case ~ .is-key, backmice-reasoner, backmice-dose, backmice-widget, course-keep, "
    "course-kept, course-live"
)


@pytest.fixture(scope="module")
def scriptless(browser: Browser) -> Iterator[Page]:
    """One tab for all pages, which runs no script: nothing of one page can reach the next."""
    context = browser.new_context(
        viewport={"width": 390, "height": 900}, java_script_enabled=False, service_workers="block"
    )
    context.set_default_timeout(5000)
    page, watch = context.new_page(), Watch()
    watch.follow(page)
    yield page
    context.close()
    assert watch.errors == []


def test_page_reads_the_same_without_scripts(visit: Visit, scriptless: Page, book: str):
    words = """(main, ofScripts) => [...main.querySelectorAll("h1, h2, h3, p, td, dd, legend")]
      .filter(e => e.checkVisibility() && !e.closest(ofScripts))
      .map(e => e.textContent.trim().slice(0, 60)).filter(Boolean)"""
    scriptless.goto(book + visit.path)
    without = scriptless.locator("main").evaluate(words, OF_SCRIPTS)
    assert without == visit.widen(390).locator("main").evaluate(words, OF_SCRIPTS)
    assert len(without) > (0 if visit.path == SEARCH else 2)


def test_lesson_in_use_never_scrolls_sideways_at_320(new_context, book: str):
    page = new_context(viewport={"width": 320, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(book + LESSON)
    answer_all(page)
    draw_figure(page).locator("summary", has_text="Read it as a table").click()
    page.get_by_role("button", name="Labels").click()
    page.locator("button.how:visible").first.click()
    expect(page.locator(".claim-card:popover-open")).to_be_visible()
    assert sideways_px(page) == 0


def test_address_of_the_book_leads_to_the_welcome_page(page: Page, book: str):
    page.goto(f"{book}/")
    page.wait_for_url(book + WELCOME)


def test_titles_and_descriptions_are_each_pages_own(book: str):
    seen = []
    for path in [*PAGES, *PRACTICE]:
        with urlopen(book + path) as answer:
            page = html.fromstring(answer.read())
        seen += page.xpath("/html/head/title/text() | /html/head/meta[@name='description']/@content")
    assert len(set(seen)) == len(seen) == 2 * len([*PAGES, *PRACTICE])


def test_skip_link_leads_to_the_text(page: Page, book: str):
    page.goto(book + SAFETY)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main')?.id") == "text"


FOCUSED = """async () => {
  for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame); // a card that opens may scroll
  const at = document.activeElement;
  if (at === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const shown = [...at.getClientRects()].some(({ left, top, width, height }) =>
    at.contains(document.elementFromPoint(left + width / 2, top + height / 2)));
  return [at.outerHTML.slice(0, 160), outlineStyle, outlineWidth, shown];
}"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [WELCOME, SAFETY])
def test_focus_is_seen_all_the_way(new_context, book: str, path: str, width: int):
    """WCAG 2.4.7 and 2.4.11, claim cards included: each opens with its citation and must not hide the next stop."""
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(book + path)
    stops = []
    page.keyboard.press("Tab")
    while (stop := page.evaluate(FOCUSED)) and len(stops) < 400:
        stops.append(stop)
        page.keyboard.press("Tab")
    assert 12 < len(stops) < 400
    assert [stop for stop in stops if stop[1:] != ["solid", "3px", True]] == []


# Without JavaScript.


@pytest.fixture
def plain(new_context) -> Page:
    """A phone-sized page that runs no script."""
    return new_context(java_script_enabled=False).new_page()


def test_contents_open_without_scripts(plain: Page, book: str):
    plain.goto(book + LESSON)
    contents = plain.get_by_role("navigation", name="Contents")
    expect(contents).to_be_hidden()
    plain.get_by_role("button", name="Contents").click()
    expect(contents).to_be_visible()
    assert contents.get_by_role("link").evaluate_all("all => all.map(a => a.pathname)") == [
        f"/{c}.html" for c in CHAPTERS
    ]
    contents.get_by_role("link", name="Safety and scope").click()
    plain.wait_for_url(book + SAFETY)


def test_key_stands_behind_a_disclosure_without_scripts(plain: Page, book: str):
    plain.goto(book + LESSON)
    items = plain.locator(ITEMS)
    assert items.count() >= 8
    expect(items.locator("details.key")).to_have_count(items.count())
    rationale = items.first.locator(".why").first
    expect(rationale).to_be_hidden()
    items.first.get_by_text("Key and rationales").click()
    expect(rationale).to_be_visible()
    expect(items.nth(1).locator(".why").first).to_be_hidden()


def test_figure_is_picture_list_and_table_without_scripts(plain: Page, book: str, watch):
    plain.goto(book + LESSON)
    figure = plain.get_by_role("figure", name="schematic 3-D figure")
    expect(figure.locator(".stage img")).to_be_visible()
    figure.locator(".stage img").scroll_into_view_if_needed()
    picture = figure.locator(".stage img").evaluate("img => img.decode().then(() => img.currentSrc.split('/').pop())")
    assert re.fullmatch(r"behind-720-[0-9a-f]{10}\.webp", picture)
    expect(figure.get_by_role("button")).to_have_count(0)
    expect(figure.get_by_role("checkbox")).to_have_count(0)
    table = figure.get_by_role("table")
    expect(table).to_be_hidden()
    figure.get_by_text("Read it as a table").click()
    expect(table).to_be_visible()
    assert table.locator("tbody tr").count() == figure.locator(".layers li").count()
    assert [url for url in watch.requests if "plotly" in url or url.endswith(".json")] == []


def test_search_without_scripts_says_what_else_leads_on(plain: Page, book: str):
    plain.goto(book + SEARCH)
    note = plain.locator("main .empty")  # roles and texts inside <noscript> are not looked at by Playwright
    expect(note).to_be_visible()
    expect(note).to_contain_text("Search needs JavaScript.")
    note.locator("a", has_text="glossary").click()
    plain.wait_for_url(f"{book}/book/glossary.html")
