"""The policy of every page, and that the course does all it does under it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from book_reader import DRAWING_MS, EVIDENCE, LESSON, SEARCH, answer_all, draw_figure
from machine import ask_until
from playwright.sync_api import Page, Route, expect

from backmice.html.policy import RECORDINGS as FRAMED
from backmice.html.policy import page_policy

ROOT = Path(__file__).parents[2]
FILM = "/book/bedside/palpation.html"
RECORDINGS = "/book/videos.html"
#: What a page must not hold in its text, by element and attribute.
ADDRESSES = ("src", "href", "srcset", "poster", "action", "data", "formaction")
FETCHED = {"script", "link", "img", "source", "video", "audio", "track", "iframe", "object", "embed", "form", "use"}


class Text(HTMLParser):
    """What a policy forbids or can't see in the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.order: list[str] = []
        self.policies: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.order.append(
            tag if tag != "meta" else "meta " + (given.get("charset") or given.get("http-equiv") or "other")
        )
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(given["content"])
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(f"<{tag}> in the page")
        for name, value in given.items():
            is_foreign = tag in FETCHED and name in ADDRESSES and re.match(r"(?i)\s*(\w+:)?//", value)
            if is_foreign and given.get("rel") not in ("license", "canonical"):
                self.found.append(f"{tag}[{name}={value}]")
            if name == "style" or name.startswith("on") or re.match(r"(?i)\s*javascript:", value):
                self.found.append(f"{tag}[{name}]")


def test_every_page_says_its_policy_before_all_else_and_holds_nothing_that_it_forbids(book_folder: Path):
    pages = sorted(path for path in book_folder.rglob("*.html") if "live" not in path.parts)
    assert len(pages) > 100
    for path in pages:
        text = Text()
        content = path.read_text(encoding="utf-8")
        text.feed(content)
        name = path.relative_to(book_folder).as_posix()
        assert (name, text.found) == (name, [])
        assert text.order[:4] == ["html", "head", "meta utf-8", "meta Content-Security-Policy"], name
        assert text.policies == [page_policy(content, live="<course-live" in content)], name
        frames = set(re.search("frame-src ([^;]+)", text.policies[0])[1].split())
        own = {"'self'"} if "<course-live" in content else {"'none'"}
        assert frames <= ({FRAMED} if f"/{name}" == RECORDINGS else own), name


@pytest.fixture
def refused(context) -> Callable[[Page], list[str]]:
    """Return what the policy refused to a page so far."""
    context.add_init_script(
        """window.refused = [];
        addEventListener("securitypolicyviolation", (e) => refused.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));"""
    )
    return lambda page: page.evaluate("refused")


def test_a_lesson_its_figure_and_items_need_nothing_more(page: Page, refused, book: str):
    page.goto(book + LESSON)
    figure = draw_figure(page)
    for tool in ("Cut", "Measure", "Body", "Find it"):
        figure.get_by_role("button", name=tool, exact=True).click()
    ask_until(page, "f => f.querySelector('.section svg, .tool')", arg=figure.element_handle(), timeout=DRAWING_MS)
    answer_all(page)
    page.locator("button.how:visible").first.click()
    expect(page.locator(".claim-card:popover-open")).to_be_visible()
    # Plotly's own few rules have come by the sheet that it was given.
    assert page.evaluate("document.adoptedStyleSheets.flatMap(s => [...s.cssRules]).length") > 10
    assert refused(page) == []


def test_search_films_exams_and_labs_need_nothing_more(page: Page, refused, book: str, book_folder: Path):
    page.goto(f"{book}{SEARCH}?q=needle")
    expect(page.locator(".results > li").first).to_be_visible()
    assert refused(page) == []
    page.goto(book + FILM)
    page.locator("course-video").first.scroll_into_view_if_needed()
    page.locator("course-video video").first.evaluate("v => (v.muted = true, v.play())")
    ask_until(page, "document.querySelector('course-video video').currentTime > 0.2", timeout=DRAWING_MS)
    assert refused(page) == []
    page.goto(f"{book}/book/practice/exam.html")
    page.get_by_role("button", name="Draw and begin").click()
    expect(page.locator("backmice-exam form.item:visible").first).to_be_visible()
    assert refused(page) == []
    for path in (
        EVIDENCE,
        "/book/practice/review.html",
        "/book/practice/index.html",
        "/exercises/labs/needle-reach.html",
    ):
        page.goto(book + path, wait_until="networkidle")
        assert (path, refused(page)) == (path, [])
    assert page.context.cookies() == []


HOSTILE = """<script>window.ran = "a script"</script><img src="data:," onerror="window.ran = 'a handler'">
<a href="javascript:void(window.ran='an address')" id="hostile">x</a><p id="worn" style="color: rgb(1, 2, 3)">x</p>
<script src="https://example.com/x.js"></script><iframe src="https://example.com/"></iframe>"""


def hostile(page: Page, book: str, *, policed: bool) -> list[str]:
    """Open a page into whose text somebody has written; return what it gets from elsewhere."""
    asked = []

    def answer(route: Route) -> None:
        text = route.fetch().text()
        assert text.count("<main") == 1
        text = text.replace("<h1", HOSTILE + "<h1", 1)
        route.fulfill(
            body=text if policed else text.replace("Content-Security-Policy", "other"), content_type="text/html"
        )

    page.route("**/safety.html", answer)

    def elsewhere(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="", content_type="text/javascript")

    page.route("https://example.com/**", elsewhere)
    page.goto(f"{book}/book/safety.html")
    page.locator("#hostile").click()
    return asked


@pytest.mark.parametrize("policed", [True, False])
def test_what_is_smuggled_into_a_page_runs_only_without_the_policy(page: Page, refused, book, watch, policed):
    asked = hostile(page, book, policed=policed)
    if not policed:
        ask_until(page, "window.ran === 'an address'")  # it runs after the click has been told of
    ran = page.evaluate("window.ran ?? ''"), page.locator("#worn").evaluate("e => getComputedStyle(e).color")
    if policed:
        assert ran == ("", page.locator("h1").evaluate("e => getComputedStyle(e.parentElement).color"))
        assert asked == []
        assert {line.split()[0] for line in refused(page)} == {
            "script-src-elem", "script-src-attr", "style-src-attr", "frame-src",
        }  # fmt: skip
    else:
        assert ran == ("an address", "rgb(1, 2, 3)")
        assert sorted(asked) == ["https://example.com/", "https://example.com/x.js"]
    watch.errors.clear()


def test_no_script_of_the_page_makes_html_or_scripts_but_by_the_one_door(page: Page, refused, book: str, watch):
    page.goto(f"{book}/book/safety.html")
    tried = page.evaluate(
        """() => {
          const tries = {
            html: () => (document.body.innerHTML = "<b>x</b>"),
            script: () => (document.createElement("script").src = "x.js"),
            worker: () => new Worker("x.js"),
            policy: () => trustedTypes.createPolicy("another", {}),
          };
          return Object.entries(tries).map(([name, act]) => { try { act(); return [name, "done"]; } catch (e) { return [name, e.name]; } });
        }"""
    )
    assert tried == [[name, "TypeError"] for name in ("html", "script", "worker", "policy")]
    watch.errors.clear()
