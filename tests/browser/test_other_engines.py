"""The course in Firefox and in WebKit, Safari's engine, where this machine has them: every page, and what readers do.

All other tests of the browser know Chromium alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_reader import LESSON, PAGES, PRACTICE, SAFETY
from engines import ENGINES, Reader, lacking
from kept_site import Site

#: The pages of practice are of one kind.
EVERY = [*PAGES, PRACTICE[0]]
#: Stands in each page before its own scripts, and keeps what goes wrong.
RECORDER = """window.faults = [];
addEventListener("error", (event) => faults.push(event.message ?? `not loaded: ${event.target.outerHTML}`), true);
addEventListener("unhandledrejection", (event) => faults.push(`rejected: ${event.reason}`));
document.addEventListener("securitypolicyviolation", (event) => faults.push(`${event.violatedDirective}: ${event.blockedURI}`));
for (const level of ["error", "warn"]) console[level] = (...words) => faults.push(words.join(" "));
"""
#: At the end of the page, where the next one is fetched ahead.
FAULTS = """
  scrollTo(0, document.body.scrollHeight);
  await new Promise((resolve) => setTimeout(resolve, 250));
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`${scrollWidth} px wide in a window of ${clientWidth}`);
  for (const element of document.querySelectorAll(":not(:defined)")) faults.push(`<${element.localName}> is not defined`);
  if (!document.querySelector("link[media=print]").sheet) faults.push("no rules for paper");
  return faults;
"""


@pytest.fixture(scope="module", params=ENGINES)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One browser for all tests of its engine."""
    engine = ENGINES[request.param]
    if missing := lacking(engine):
        pytest.skip(f"{request.param} is not tried: {' and '.join(missing)} not found on this machine")
    browser = engine(tmp_path_factory.mktemp(request.param))
    yield Reader(browser)
    browser.close()


@pytest.fixture(scope="module")
def site(book_folder: Path) -> Iterator[Site]:
    """The book on a server that can go away."""
    site = Site(book_folder)
    yield site
    site.close()


@pytest.fixture(scope="module")
def recorded(book_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same pages, each with the recorder in it."""
    folder = tmp_path_factory.mktemp("recorded") / "book"
    shutil.copytree(
        book_folder, folder, copy_function=os.symlink, ignore=shutil.ignore_patterns("live", "*.br", "*.gz", "sw.js")
    )
    (folder / "recorder.js").write_text(RECORDER)
    for page in EVERY:
        text = (folder / page[1:]).read_text(encoding="utf-8")
        (folder / page[1:]).unlink()
        (folder / page[1:]).write_text(
            text.replace("<title>", '<script src="/recorder.js"></script><title>', 1), encoding="utf-8"
        )
    site = Site(folder)
    yield site.address
    site.close()


def test_no_page_has_an_error_or_breaks_its_policy_or_is_too_wide(reader: Reader, recorded: str):
    """Regression: Firefox refused to fetch each lesson's next page ahead."""
    reader.resize(450, 900)
    faults = {}
    for page in EVERY:
        reader.open(recorded + page)
        faults[page] = reader.ask(FAULTS)
    assert {page: found for page, found in faults.items() if found} == {}


def test_an_answer_is_there_after_a_reload(reader: Reader, site: Site):
    reader.resize(1280, 900)
    reader.open(f"{site.address}/practice/cluneal-nerves.html")
    form = "form.item[data-kind=single]"
    reader.until("document.querySelector('backmice-quiz:defined') !== null")
    reader.press(f"{form} label")
    reader.press(f"{form} button[type=submit]")
    told = reader.until(f"document.querySelector('{form} .result')?.textContent")
    reader.open(f"{site.address}/practice/cluneal-nerves.html")
    assert reader.until(f"document.querySelector('{form} .result')?.textContent") == told


def test_a_card_stands_beside_its_words_however_far_the_page_is_scrolled(reader: Reader, site: Site):
    """Regression: both put the cards of a fixed layer where the words were before the page was scrolled."""
    reader.resize(1280, 900)
    reader.open(site.address + SAFETY)
    reader.until("document.querySelector('button.how') !== null")
    assert (
        reader.ask(
            """const misplaced = [];
            for (const button of [...document.querySelectorAll("main button.how")].slice(0, 8)) {
              button.scrollIntoView({ block: "start" });
              button.click();
              await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
              const [words, card] = [button, button.popoverTargetElement].map((element) => element.getBoundingClientRect());
              const isBeside = card.left > words.right && card.top < words.top + 1 && card.bottom >= words.top;
              if (!isBeside || card.top < 0 || card.bottom > innerHeight) misplaced.push(button.popoverTargetElement.id);
              button.popoverTargetElement.hidePopover();
            }
            return misplaced;"""
        )
        == []
    )


def test_the_figure_is_drawn_or_says_that_it_cannot_be(reader: Reader, site: Site):
    reader.resize(1280, 900)
    reader.open(site.address + LESSON)
    reader.ask("document.querySelector('backmice-anatomy').scrollIntoView()")
    state = reader.until(
        "['drawn', 'flat'].find((state) => state === document.querySelector('backmice-anatomy').dataset.state)"
    )
    draws = reader.ask("return document.createElement('canvas').getContext('webgl') !== null")
    says = reader.ask("return document.querySelector('backmice-anatomy').textContent.includes('does not draw in 3-D')")
    assert (state, says) == (("drawn", False) if draws else ("flat", True))


def test_search_understands_a_lay_word(reader: Reader, site: Site):
    reader.open(f"{site.address}/search.html")
    reader.type("main input[type=search]", "knot in lower back")
    assert reader.until("document.querySelector('.results h2')?.textContent") == "What back mice are"


def test_what_is_kept_is_read_without_a_server(reader: Reader, site: Site):
    """Regression: in Firefox nothing was kept before the reader had said whether the site may store."""
    reader.resize(1280, 900)
    reader.open(f"{site.address}/book/together/take-with-you.html")
    reader.until("document.querySelector('course-keep[data-state=drawn]') !== null")
    reader.press("course-keep .keep-parts button")
    told = reader.until(
        "document.querySelector('.keep-told').textContent.match(/^(?!Fetching).+/)?.[0]",
        telling="document.querySelector('.keep-progress').textContent",
    )
    assert told == "All that you asked for is kept."
    site.is_up = False
    reader.open(site.address + SAFETY)
    site.is_up = True
    assert reader.ask("return document.querySelector('h1').textContent") == "Safety and scope"
