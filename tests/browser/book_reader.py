"""The built book as a reader meets it: its pages, and what must hold on any of them."""

from __future__ import annotations

from pathlib import Path

import yaml
from machine import ask_until
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What a theme can break: it changes colours and nothing else.
OF_COLOUR = ["color-contrast", "link-in-text-block"]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
PAGES = [f"/{name}.html" for name in [*CHAPTERS, "search"]]
#: One practice page for each topic of the bank; no contents name them.
PRACTICE = [f"/practice/{folder.name}.html" for folder in sorted((ROOT / "exercises/items").iterdir())]
WELCOME = f"/{TOC['root']}.html"
LESSON = "/book/anatomy/sacroiliac-triangle.html"
EVIDENCE = "/book/evidence/index.html"
SAFETY = "/book/safety.html"
SEARCH = "/search.html"
# Swiftshader draws on the processor, which the rest of the machine may want as well.
DRAWING_MS = 40_000
# A reader who asked the browser to save data: figures wait for a press.
SAVE_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """Return what axe-core finds at fault by these tags or rules, each with the first element that shows it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
        # It would write down the text of each element it looks at; below it is asked for where there is a fault.
        page.evaluate("axe.configure({ noHtml: true })")
    return page.evaluate(
        """async (rules) => {
          const options = { runOnly: rules, resultTypes: ["violations"], elementRef: true };
          const { violations } = await axe.run(document, options);
          return violations.map(({ id, nodes }) => `${id}: ${nodes.length}, as ${nodes[0].element.outerHTML.slice(0, 200)}`);
        }""",
        rules,
    )


def audit(page: Page, theme: str, rules: list[str] = RULES) -> None:
    """Have axe-core find nothing on the page as it stands, in a theme."""
    page.emulate_media(color_scheme=theme)
    assert (theme, violations(page, rules)) == (theme, [])


def audit_in_both_themes(page: Page) -> None:
    """Audit the page in the dark and, last, in the light."""
    audit(page, "dark", OF_COLOUR)
    audit(page, "light")


#: Whether the page has its rules for paper: some bring them with all others.
HAS_PAPER = (
    "(all => all.length === 0 || all.some((link) => link.sheet))([...document.querySelectorAll('link[media=print]')])"
)


def ready_for_paper(page: Page) -> Page:
    """Wait for the rules for paper, which a page of the book fetches last."""
    ask_until(page, HAS_PAPER)
    return page


def on_paper(page: Page) -> Page:
    """Show the page as it is printed."""
    ready_for_paper(page).emulate_media(media="print")
    return page


def sideways_px(page: Page) -> int:
    """Return how far the page can be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def draw_figure(page: Page) -> Locator:
    """Come near the figure, wait until it is drawn and return it."""
    figure = page.locator("backmice-anatomy")
    figure.scroll_into_view_if_needed()
    expect(page.locator("backmice-anatomy[data-state=drawn]")).to_be_visible(timeout=DRAWING_MS)
    return figure


#: A rule by which what is far below is laid out, too.
WHOLE = ":is(.claim-row, .sources li, .stage-frame, .plot-figure, .drawing) { content-visibility: visible !important; }"


def add_rules(page: Page, rules: str) -> None:
    """Have the page wear rules of style, which its policy lets no element in it bring."""
    page.evaluate(
        """(rules) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets.push(sheet);
        }""",
        rules,
    )


#: The items of a page, without those that its films ask on the way.
ITEMS = "form.item:not(course-video *)"


def answer_all(page: Page) -> None:
    """Choose the first option of each item and check it."""
    for form in page.locator(ITEMS).all():
        form.locator("input").first.check()
        form.get_by_role("button", name="Check my answer").click()
        expect(form.locator(".result")).to_be_visible()
