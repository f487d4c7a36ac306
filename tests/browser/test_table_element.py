"""Tables of sources: sorting by mouse and keyboard, filtering, what is announced, and plots that fit a narrow page."""

from __future__ import annotations

import pytest
from book_reader import ROOT, sideways_px, violations
from playwright.sync_api import Locator, Page, expect

from backmice.evidence.ledger import load_ledger
from backmice.evidence.tables import load_table

LITERATURE = "/book/evidence/literature.html"
NAMES = "/book/meet/names-table.html"
PLOTTED = {
    "/book/meet/how-common.html": "prevalence",
    "/book/meet/names.html": "names-timeline",
    "/book/anatomy/sacroiliac-triangle.html": "midline-ruler",
    "/book/anatomy/cluneal-nerves.html": "nerve-distances",
    "/book/treatment/diagnostic-injection.html": "first-blocks",
    "/book/treatment/infiltration.html": "injection-outcomes",
    "/book/treatment/surgery.html": "surgery-outcomes",
    "/book/evidence/map.html": "evidence-map",
}


@pytest.fixture
def names(page: Page, book: str) -> Page:
    page.goto(book + NAMES)
    return page


@pytest.fixture(scope="module")
def rows():
    """The names of the course, from the file itself."""
    return load_table(ROOT, "names", load_ledger(ROOT).references)


def shown(page: Page, column: int) -> list[str]:
    """Return a column of the rows that are not filtered away."""
    cells = page.locator(f"backmice-table tbody tr:not([hidden]) :nth-child({column})")
    return cells.evaluate_all("all => all.filter(c => c.parentElement.tagName === 'TR').map(c => c.textContent.trim())")


def head(page: Page, words: str) -> Locator:
    return page.get_by_role("columnheader", name=words, exact=True)


def test_a_press_sorts_by_a_column_and_the_next_turns_it_round(names: Page, rows):
    head(names, "Name").get_by_role("button").click()
    expect(head(names, "Name")).to_have_attribute("aria-sort", "ascending")
    expect(head(names, "Year")).not_to_have_attribute("aria-sort", "ascending")
    upwards = shown(names, 1)
    assert sorted(upwards) == sorted(row.name for row in rows)
    assert upwards.index("Back mouse; back mice") < upwards.index("Fibrositis") < upwards.index("Xanthoadipose nodules")
    expect(names.locator("backmice-table > [role=status]")).to_have_text("Sorted by Name, ascending.")
    head(names, "Name").get_by_role("button").click()
    assert shown(names, 1) == upwards[::-1]
    expect(names.locator("backmice-table > [role=status]")).to_have_text("Sorted by Name, descending.")


def test_the_keyboard_sorts_too_and_keeps_its_place(names: Page):
    button = head(names, "Year").get_by_role("button")
    button.focus()
    names.keyboard.press("Enter")
    expect(head(names, "Year")).to_have_attribute("aria-sort", "descending")
    expect(button).to_be_focused()
    assert shown(names, 3)[-1].endswith("century")
    names.keyboard.press("Space")
    expect(head(names, "Year")).to_have_attribute("aria-sort", "ascending")
    names.keyboard.press("Tab")
    expect(head(names, "Language").get_by_role("button")).to_be_focused()


def test_numbers_sort_as_numbers_and_what_is_not_seen_stays_last(page: Page, book: str):
    page.goto(book + LITERATURE)
    for _ in range(2):
        head(page, "n").get_by_role("button").click()
        keys = page.locator("tbody tr td:nth-child(6)").evaluate_all("all => all.map(c => c.dataset.key)")
        seen = [int(key) for key in keys if key]
        assert keys == [str(key) for key in seen] + [""] * (len(keys) - len(seen))
    assert seen == sorted(seen, reverse=True) != []


def test_a_name_of_two_languages_is_found_under_each(names: Page, rows):
    search = names.get_by_role("search", name="Filter the names")
    for language in ("French", "German"):
        search.get_by_label("Language").select_option(language)
        expected = [row.name for row in rows if language in row.language.split("; ")]
        assert sorted(shown(names, 1)) == sorted(expected)
        expect(search.get_by_role("status")).to_have_text(f"{len(expected)} of {len(rows)} names")
        assert "Panniculitis; panniculite" in expected


def test_words_filter_by_keyboard_and_the_address_keeps_them(names: Page, book: str):
    names.get_by_label("Words").focus()
    names.keyboard.type("herz")
    before = shown(names, 1)
    assert {"Herniation of fascial fat", "Subfascial fat herniation"} <= set(before)
    expect(names).to_have_url(f"{book}{NAMES}?text=herz")
    names.reload()
    assert shown(names, 1) == before


def test_sorting_leaves_the_filter_alone(names: Page):
    names.get_by_label("Language").select_option("Spanish")
    before = shown(names, 1)
    head(names, "Name").get_by_role("button").click()
    assert sorted(shown(names, 1)) == sorted(before) != []


def test_each_paper_leads_to_its_source(page: Page, book: str):
    page.goto(book + LITERATURE)
    links = page.locator("backmice-table tbody th a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(links) == 145
    page.goto(f"{book}/book/bibliography.html")
    ids = set(page.locator(".sources li").evaluate_all("all => all.map(li => li.id)"))
    assert [link for link in links if link.partition("#")[2] not in ids] == []


def test_a_plain_table_without_scripts(new_context, book: str):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(book + LITERATURE)
    expect(page.locator("backmice-table tbody tr:visible")).to_have_count(145)
    expect(page.get_by_role("search", name="Filter the papers")).to_have_count(0)
    expect(page.get_by_role("columnheader").get_by_role("button")).to_have_count(0)
    years = page.locator("tbody td:nth-child(2)").evaluate_all("all => all.map(c => c.dataset.key || '9999')")
    assert years == sorted(years)


@pytest.mark.parametrize("address", [LITERATURE, NAMES])
def test_the_tables_pass_the_audit_sorted_and_filtered(page: Page, book: str, address: str):
    page.goto(book + address)
    head(page, "Year").get_by_role("button").click()
    page.get_by_label("Words").fill("lipoma")
    assert violations(page) == []
    assert sideways_px(page) == 0


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize(("address", "plot"), PLOTTED.items(), ids=PLOTTED.values())
def test_no_words_of_a_plot_are_cut_or_overlap(new_context, book: str, address: str, plot: str, width: int):
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(book + address)
    figure = page.locator(f"#plot-{plot}")
    cut = figure.evaluate("""figure => {
      const { left, right } = figure.getBoundingClientRect();
      const out = (t) => t.getBoundingClientRect().right > right + 4 || t.getBoundingClientRect().left < left - 4;
      return [...figure.querySelectorAll('svg text')].filter(out).map(t => t.textContent);
    }""")
    overlapping = figure.evaluate("""figure => {
      const boxes = [...figure.querySelectorAll('svg text')].map(t => [t.textContent, t.getBoundingClientRect()]);
      const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom - 5 <= b.top || b.bottom - 5 <= a.top;
      return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) => !apart(a, b)).map(([two]) => `${one} / ${two}`));
    }""")
    assert (cut, overlapping) == ([], [])
    figure.locator("summary").click()
    assert sideways_px(page) == 0


def test_a_plot_passes_the_audit_with_its_table_open(page: Page, book: str):
    page.goto(f"{book}/book/treatment/surgery.html")
    page.locator("#plot-surgery-outcomes summary").click()
    expect(page.get_by_role("img", name="Reported outcomes of surgery")).to_be_visible()
    assert violations(page) == []
