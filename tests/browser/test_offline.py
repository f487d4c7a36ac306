"""Without a network: what was read opens again, editions never mix, and what was cleared is no trap."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_reader import DRAWING_MS, ITEMS, LESSON, SAFETY, draw_figure, violations
from film_page import PLAYING_MS
from kept_site import KEEPING_MS, UNDER, Site, cut, line, settled, write_site
from machine import ask_until
from playwright.sync_api import Page, expect
from quiz_page import events

from backmice.live import application
from backmice.offline import LIST

ROOT = Path(__file__).parents[2]

OLD = {"fat": "<p>About fat.</p><form class='item'><label>Note <input></label></form><p data-more='data.json'></p>", "nerves": "<p>Old nerves.</p>",
       "ghosts": "<p>Ghosts.</p>"}  # fmt: skip
NEW = {"fat": OLD["fat"], "nerves": "<p>New nerves.</p>", "skin": "<p>Skin.</p>"}
RED, BLUE = "h1 { color: rgb(255, 0, 0) }", "h1 { color: rgb(0, 0, 255) }"
TAKE = "/book/together/take-with-you.html"
LAB = "/exercises/labs/needle-reach.html"
#: Starting Python, on a busy processor.
LIVE_MS = 180_000
#: Fetching the course, on a busy processor.
ALL_MS = 120_000
#: Which of many addresses give nothing.
ASK_ALL = """async (addresses) => {
  const failed = [];
  for (const address of addresses) {
    const given = await fetch(address).then(async (r) => r.ok && (await r.arrayBuffer()), () => false);
    if (!given) failed.push(address);
  }
  return failed;
}"""
#: Go where the figure is a window and a half away.
COME = """() => {
  const { top } = document.querySelector("backmice-anatomy .stage").getBoundingClientRect();
  scrollBy({ top: top - 2.5 * innerHeight, behavior: "instant" });
}"""
#: What a page gets for an address.
ASK = "(address) => fetch(address).then((r) => r.ok ? r.text() : `status ${r.status}`, () => 'nothing')"


@pytest.fixture
def page(new_context) -> Page:
    """A page of a browser that lets service workers work."""
    return new_context(service_workers="allow").new_page()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    write_site(tmp_path, OLD, css=RED, data='"old"')
    site = Site(tmp_path)
    yield site
    site.close()


def colour(page: Page) -> str:
    return page.locator("h1").evaluate("(h) => getComputedStyle(h).color")


def test_editions_never_mix_and_a_new_one_is_offered(page: Page, site: Site, watch):
    home = f"{site.address}/{UNDER}"
    page.goto(f"{home}/fat.html")
    first = settled(page)
    assert first == json.loads((site.folder / UNDER / "course-files.json").read_text())["edition"]
    page.goto(f"{home}/nerves.html")
    settled(page)
    page.goto(f"{home}/fat.html")
    settled(page)

    # Another edition comes to the server while the page is open.
    write_site(site.folder, NEW, css=BLUE, data='"new"')
    page.get_by_label("Note").fill("half a thought")
    assert page.evaluate(ASK, "nerves.html?again").count("Old nerves") == 1
    assert page.evaluate(ASK, "data.json") == "nothing"
    assert page.evaluate(ASK, "elsewhere.json") == "status 404"
    watch.errors.clear()  # the two that were not given

    # Coming back to the page, it is fetched in the background, and offered.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    box = page.get_by_role("region", name="New edition")
    expect(box).to_contain_text("A new edition of the course is ready.", timeout=KEEPING_MS)
    box.get_by_text("What changed").click()
    expect(box.get_by_role("listitem")).to_have_text(["New: Skin", "Changed: Nerves", "Taken out: Ghosts"])
    expect(box).to_contain_text("First check what you have chosen or typed on this page")
    assert violations(page) == []
    assert (colour(page), page.get_by_label("Note").input_value()) == ("rgb(255, 0, 0)", "half a thought")
    assert page.evaluate(ASK, "nerves.html").count("Old nerves") == 1

    site.asked.clear()
    box.get_by_role("button", name="Reload").click()
    expect(page.get_by_label("Note")).to_have_value("")
    assert settled(page) != first
    assert (colour(page), page.evaluate(ASK, "data.json")) == ("rgb(0, 0, 255)", '"new"')
    page.goto(f"{home}/nerves.html")
    expect(page.get_by_text("New nerves.")).to_be_visible()
    settled(page)
    expect(box).to_have_count(0)
    assert [path for path in site.asked if path.endswith((".html", ".css"))] == []
    assert watch.errors == []


def test_what_was_read_opens_without_a_network_and_what_was_not_is_named(page: Page, site: Site, watch):
    home = f"{site.address}/{UNDER}"
    page.goto(f"{home}/fat.html")
    settled(page)
    page.goto(f"{home}/nerves.html")
    settled(page)
    back = cut(site, page)
    page.goto(f"{home}/fat.html")
    expect(page.get_by_text("You are offline; this page is kept")).to_be_visible(timeout=KEEPING_MS)
    assert colour(page) == "rgb(255, 0, 0)"
    page.goto(f"{home}/ghosts.html")
    expect(page.get_by_role("heading", name="You are offline", exact=True)).to_be_visible()
    expect(page.locator("course-kept")).to_contain_text("Ghosts is not kept on this device.")
    expect(page.get_by_role("listitem")).to_have_text(["Fat", "Nerves"])
    assert colour(page) == "rgb(255, 0, 0)"

    # The browser has cleared a page: another way to the same words.
    page.evaluate(
        """async () => {
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const key of await cache.keys()) if ((await (await cache.match(key)).text()).includes("Old nerves")) await cache.delete(key);
          }
        }"""
    )
    page.goto(f"{home}/nerves.html")
    expect(page.locator("course-kept")).to_contain_text("Nerves is not kept on this device.")
    back()
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_text("Old nerves.")).to_be_visible()
    settled(page)
    assert line(page) == ""
    cut(site, page)
    page.reload()
    expect(page.get_by_text("Old nerves.")).to_be_visible()
    watch.errors.clear()  # of asking for the list


def test_a_bad_deploy_is_a_plain_site(page: Page, site: Site, watch):
    home = f"{site.address}/{UNDER}"
    page.goto(f"{home}/fat.html")
    settled(page)
    # A host that alters what it sends, and a list that says nothing.
    folder = site.folder / UNDER
    (folder / "ghosts.html").write_text((folder / "ghosts.html").read_text() + "<!-- a visit was counted -->")
    page.goto(f"{home}/ghosts.html")
    expect(page.get_by_text("Ghosts.", exact=True)).to_be_visible()
    assert settled(page) == "none"
    (folder / "course-files.json").write_text("<html>")
    page.goto(f"{home}/nerves.html")
    expect(page.get_by_text("Old nerves.")).to_be_visible()
    (folder / "sw.js").write_text("throw new Error('broken')")
    page.goto(f"{home}/fat.html")
    expect(page.get_by_text("About fat.")).to_be_visible()
    settled(page)
    watch.errors.clear()


def test_what_is_called_kept_opens_without_a_network_however_soon(page: Page, book: str):
    """Regression: a page's worker comes when the page rests; a small part was called kept before."""
    page.add_init_script("globalThis.requestIdleCallback = () => 0")
    page.goto(book + TAKE)
    keep = page.locator("course-keep[data-state=drawn]")
    keep.get_by_role("button", name="Keep Before you begin").click(timeout=KEEPING_MS)
    expect(keep.get_by_role("status")).to_have_text("All that you asked for is kept.", timeout=ALL_MS)
    page.context.set_offline(True)
    page.goto(book + SAFETY)
    expect(page.get_by_role("heading", level=1)).to_have_text("Safety and scope")


def test_a_part_is_kept_while_the_browser_waits_for_leave_to_store_it(page: Page, book: str):
    """Regression: Firefox asks its reader about storage, and nothing came until the question was answered."""
    page.add_init_script("StorageManager.prototype.persist = () => new Promise(() => {})")
    page.goto(book + TAKE)
    keep = page.locator("course-keep[data-state=drawn]")
    keep.get_by_role("button", name="Keep Before you begin").click(timeout=KEEPING_MS)
    expect(keep.get_by_role("status")).to_have_text("All that you asked for is kept.", timeout=ALL_MS)


def test_the_whole_course_works_without_a_network(page: Page, book_folder: Path, watch):
    site = Site(book_folder)
    list_ = json.loads((book_folder / LIST).read_text(encoding="utf-8"))
    page.goto(f"{site.address}{TAKE}")
    keep = page.locator("course-keep[data-state=drawn]")
    expect(keep).to_be_visible(timeout=KEEPING_MS)
    told = keep.get_by_role("status")
    assert violations(page) == []

    # Size first; then pause, and go on where it was.
    whole = keep.get_by_role("button", name="Keep the course without films")
    expect(whole).to_have_text(f"Keep the course without films, {size(list_, 'shared', 'pages', 'figure')}")
    assert [path for path in site.asked if path.endswith(".mp4")] == []
    whole.click()
    expect(keep.get_by_role("progressbar", name="Fetched of what you asked for")).to_be_visible()
    keep.get_by_role("button", name="Pause").click()
    expect(told).to_have_text("Paused. What is here stays; go on whenever you like.")
    keep.get_by_role("button", name="Go on").click()
    expect(told).to_have_text("All that you asked for is kept.", timeout=ALL_MS)
    film = next(part for part in list_["parts"] if part["kind"] == "film")
    keep.get_by_role("button", name=f"Keep {film['name']}").click()
    expect(keep.get_by_role("button", name=f"Remove {film['name']}")).to_be_visible(timeout=ALL_MS)
    expect(told).to_have_text("All that you asked for is kept.")
    pages = len(list_["pages"])
    expect(keep).to_contain_text(f"Kept on this device: {pages} of {pages} pages")
    expect(keep.get_by_role("button", name="Keep the course without films")).to_be_hidden()
    assert violations(page) == []

    cut(site, page)
    site.asked.clear()
    parts = [part["kind"] for part in list_["parts"]]
    kept = [path for path, (_, _, part) in list_["files"].items() if parts[part] in ("shared", "pages", "figure")]
    assert page.evaluate(ASK_ALL, [f"{site.address}/{path}" for path in kept]) == []
    page.reload()
    expect(keep).to_contain_text(f"Kept on this device: {pages} of {pages} pages")
    expect(page.locator(".offline-line")).to_have_text("You are offline; this page is kept.", timeout=KEEPING_MS)
    assert violations(page) == []
    for path in [*list_["pages"]][::10]:
        page.goto(f"{site.address}/{path}")
        assert page.evaluate("[...document.images].filter((i) => i.complete && !i.naturalWidth).length") == 0
        assert page.title().removesuffix(" · Back mice") == list_["pages"][path][0]
        expect(page.locator("h1")).to_have_count(1)

    # A figure turned, an item answered, a film watched and wound.
    page.goto(f"{site.address}{LESSON}")
    figure = draw_figure(page)
    eye = figure.evaluate("(f) => f.plot.eye.x")
    figure.get_by_role("button", name="Side", exact=True).click()
    ask_until(page, "([f, x]) => f.plot.eye.x !== x", [figure.element_handle(), eye], timeout=DRAWING_MS)
    form = page.locator(ITEMS).first
    form.locator("input").first.check()
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".result")).to_be_visible()
    page.reload()
    expect(page.locator(ITEMS).first.locator(".result")).to_be_visible()
    slug = film["id"].removeprefix("film-")
    home = next(
        path for path in list_["pages"] if f'data-film="{slug}"' in (book_folder / path).read_text(encoding="utf-8")
    )
    page.goto(f"{site.address}/{home}")
    player = page.locator(f"course-video[data-film={slug}]")
    player.get_by_role("button", name="Play").click()
    video = player.locator("video").element_handle()
    ask_until(page, "(v) => v.currentTime > 0.2", video, timeout=PLAYING_MS)
    video.evaluate("(v) => { v.currentTime = v.duration - 5; }")
    ask_until(page, "(v) => !v.seeking && v.currentTime > v.duration - 5", video, timeout=PLAYING_MS)
    page.goto(f"{site.address}/search.html?q=fascia")
    expect(page.locator("backmice-search a").first).to_be_visible()
    page.goto(f"{site.address}/book/none.html")
    expect(page.get_by_role("heading", name="You are offline", exact=True)).to_be_visible()
    expect(page.locator("course-kept li")).to_have_count(pages)
    assert violations(page) == []
    assert (site.asked, watch.errors) == ([], [])

    # Taken away again; what was answered is not.
    page.goto(f"{site.address}{TAKE}")
    answered = events(page)
    keep.get_by_role("button", name="Remove everything").click()
    expect(told).to_have_text("Removed. Your answers are untouched.")
    expect(keep).to_contain_text(f"Kept on this device: 2 of {pages} pages")
    assert [event for event in answered if event["type"] == "submission"]
    assert events(page) == answered
    site.close()


def test_a_kept_figure_is_made_ready_before_it_is_asked_for_and_no_other(page: Page, book: str, watch):
    page.goto(f"{book}{LESSON}")
    settled(page)
    page.evaluate(COME)
    page.wait_for_timeout(1000)
    assert [url for url in watch.requests if "/vendor/" in url] == []
    draw_figure(page)
    page.goto(f"{book}{LESSON}")
    page.evaluate(COME)
    ask_until(page, "() => Boolean(window.Plotly)", timeout=DRAWING_MS)
    assert page.locator("backmice-anatomy").get_attribute("data-state") is None


@pytest.mark.skipif(application(ROOT) is None, reason="Python for the browser is not made; run: make live")
def test_a_lab_runs_without_a_network(page: Page, book_folder: Path, watch):
    site = Site(book_folder)
    page.goto(f"{site.address}{TAKE}")
    keep = page.locator("course-keep[data-state=drawn]")
    for part in ("Labs", "Live labs"):
        keep.get_by_role("button", name=f"Keep {part},").click(timeout=KEEPING_MS)
        expect(keep.get_by_role("button", name=f"Remove {part},")).to_be_visible(timeout=ALL_MS)
    cut(site, page)
    site.asked.clear()
    page.goto(f"{site.address}{LAB}")
    page.get_by_role("button", name="Run it here").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(re.compile("^Ready"), timeout=LIVE_MS)
    prompts = page.frame_locator("iframe").locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    assert len(prompts) > 8
    assert all(re.fullmatch(r"\[\d+\]:", prompt) for prompt in prompts), prompts
    assert site.asked == []
    watch.errors.clear()  # what the application says of itself
    site.close()


def size(list_: dict, *kinds: str) -> str:
    """Return the size of parts as it stands on a button; files that are alike are kept once."""
    numbers = [n for n, part in enumerate(list_["parts"]) if part["kind"] in kinds]
    alike = {
        (digest, Path(path).suffix): bytes_
        for path, (digest, bytes_, part) in list_["files"].items()
        if part in numbers
    }
    return f"{sum(alike.values()) / 1e6:.1f}\u00a0MB"
