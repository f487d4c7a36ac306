"""Every page of the built book: what it asks for, what an audit finds, its headings, and reading without scripts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from book_reader import (
    CHAPTERS,
    EVIDENCE,
    LESSON,
    PAGES,
    SAFETY,
    SEARCH,
    WELCOME,
    answer_all,
    draw_figure,
    sideways_px,
    violations,
)
from playwright.sync_api import Page, expect

WIDTHS = (390, 1280)
THEMES = ("light", "dark")
# The long lists are audited in full at one width, in one theme, and under a filter otherwise.
NARROWED = "?certainty=high"


@pytest.fixture
def audited(new_context, book: str):
    """Open a page at a width without its transitions, which an audit might meet half way."""

    def audited(path: str, width: int, **options) -> Page:
        options = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"} | options
        page = new_context(**options).new_page()
        page.goto(book + path)
        return page

    return audited


def audit_in_both_themes(page: Page) -> None:
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        assert (theme, violations(page)) == (theme, [])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [path for path in PAGES if path != EVIDENCE])
def test_page_has_no_violation(audited, path: str, width: int):
    page = audited(path, width)
    page.add_style_tag(content=".sources li { content-visibility: visible !important; }")
    audit_in_both_themes(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_narrowed_evidence_has_no_violation(audited, width: int):
    audit_in_both_themes(audited(EVIDENCE + NARROWED, width))


def test_whole_evidence_has_no_violation(audited):
    page = audited(EVIDENCE, 390)
    page.add_style_tag(content=".claim-row { content-visibility: visible !important; }")
    assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_lesson_in_use_has_no_violation(audited, width: int):
    page = audited(LESSON, width)
    answer_all(page)
    draw_figure(page).locator("summary").click()
    page.locator("button.how").first.click()
    expect(page.locator(".claim-card:popover-open")).to_be_visible()
    audit_in_both_themes(page)
    assert sideways_px(page) == 0


def test_open_contents_have_no_violation(audited):
    page = audited(LESSON, 390)
    page.get_by_role("button", name="Contents").click()
    expect(page.get_by_role("navigation", name="Contents")).to_be_visible()
    audit_in_both_themes(page)


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("path", PAGES)
def test_page_never_scrolls_sideways(audited, path: str, width: int):
    page = audited(path, width)
    page.add_style_tag(content=".claim-row, .sources li { content-visibility: visible !important; }")
    assert sideways_px(page) == 0


def test_lesson_in_use_never_scrolls_sideways_at_320(audited):
    page = audited(LESSON, 320)
    answer_all(page)
    draw_figure(page).locator("summary").click()
    page.get_by_role("button", name="Labels").click()
    page.locator("button.how").first.click()
    expect(page.locator(".claim-card:popover-open")).to_be_visible()
    assert sideways_px(page) == 0


@pytest.mark.parametrize("path", PAGES)
def test_page_asks_only_its_own_site_and_nothing_fails(page: Page, book: str, path: str, watch):
    failed = []
    page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
    page.on("requestfailed", lambda r: failed.append(r.url))
    page.goto(book + path, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert failed == []
    assert [url for url in watch.requests if not url.startswith(f"{book}/")] == []


def test_address_of_the_book_leads_to_the_welcome_page(page: Page, book: str):
    page.goto(f"{book}/")
    page.wait_for_url(book + WELCOME)


@pytest.mark.parametrize("path", PAGES)
def test_page_says_what_it_is(page: Page, book: str, path: str):
    page.goto(book + path)
    title = page.locator("h1").inner_text()
    levels = page.evaluate("[...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')].map(h => +h.tagName[1])")
    assert page.locator("h1").count() == 1
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == ("Back mice" if path == WELCOME else f"{title} · Back mice")
    assert len(page.locator("meta[name=description]").get_attribute("content")) > 25


def test_titles_and_descriptions_are_each_pages_own(page: Page, book: str):
    seen = []
    for path in PAGES:
        page.goto(book + path)
        seen += [page.title(), page.locator("meta[name=description]").get_attribute("content")]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("path", PAGES)
def test_landmarks_are_named(new_context, book: str, path: str):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(book + path)
    turning = [] if path == SEARCH else ["Previous and next page"]
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    names = page.get_by_role("navigation").evaluate_all("all => all.map(nav => nav.ariaLabel)")
    assert [name for name in names if name != "Topics"] == ["Contents", *turning]
    current = page.get_by_role("navigation", name="Contents").locator("[aria-current=page]")
    assert current.evaluate_all("all => all.map(a => a.pathname)") == ([] if path == SEARCH else [path])


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


@pytest.mark.parametrize("path", PAGES)
def test_page_reads_the_same_without_scripts(page: Page, plain: Page, book: str, path: str):
    words = """main => [...main.querySelectorAll("h1, h2, h3, p, td, dd, legend")]
      .filter(e => e.checkVisibility() && !e.closest("form.filter, .claim-card, .key, .panel, noscript"))
      .map(e => e.textContent.trim().slice(0, 60)).filter(Boolean)"""
    for reader in (page, plain):
        reader.goto(book + path)
    with_scripts, without = (reader.locator("main").evaluate(words) for reader in (page, plain))
    added_by_scripts = {"0 of 10 points, 0 of 10 answered"}
    assert without == [w for w in with_scripts if w not in added_by_scripts]
    assert len(without) > (0 if path == SEARCH else 5)


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
    items = plain.locator("form.item")
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
    assert picture == "behind-720.webp"
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
