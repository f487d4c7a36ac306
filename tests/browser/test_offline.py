"""Without a network: what was read opens again, editions never mix, and what was cleared is no trap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_reader import violations
from kept_site import KEEPING_MS, UNDER, Site, cut, line, settled, write_site
from playwright.sync_api import Page, expect

OLD = {"fat": "<p>About fat.</p><label>Note <input></label><p data-more='data.json'></p>", "nerves": "<p>Old nerves.</p>",
       "ghosts": "<p>Ghosts.</p>"}  # fmt: skip
NEW = {"fat": OLD["fat"], "nerves": "<p>New nerves.</p>", "skin": "<p>Skin.</p>"}
RED, BLUE = "h1 { color: rgb(255, 0, 0) }", "h1 { color: rgb(0, 0, 255) }"
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
