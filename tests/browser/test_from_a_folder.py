"""The course opened from a folder, by its files' own addresses and without a network."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from book_reader import ROOT, draw_figure
from film_page import make_site, play, player, wait_until
from playwright.sync_api import BrowserContext, Page, expect

from backmice.folder import HOME, folder_bytes


def unpacked(root: Path, built: Path, where: Path) -> str:
    """Make the archive, unpack it and return the address of its folder."""
    with ZipFile(BytesIO(folder_bytes(root, built, lambda words: None))) as archive:
        archive.extractall(where)
    return (where / HOME).as_uri()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = tmp_path_factory.mktemp("small folder")  # with a space, as people's folders have
    built = make_site(home)
    return unpacked(home / "course", built, home)


@pytest.fixture(scope="session")
def whole(book_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return unpacked(ROOT, book_folder, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], watch) -> Page:
    """A page without a network, which asks for nothing but files."""
    context = new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.route("http*://**", lambda route: route.abort())
    page = context.new_page()
    yield page
    assert [url for url in watch.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def test_answers_are_kept_films_play_with_captions_and_progress_counts(page, small):
    page.goto(f"{small}/index.html")
    page.get_by_role("link", name="A lump", exact=False).first.click()
    form = page.locator("form.item").first
    form.locator("input").first.check()
    form.get_by_role("button", name="Check my answer").click()
    told = form.locator(".result").inner_text()
    page.reload()
    expect(form.locator(".result")).to_have_text(told)

    page.goto(f"{small}/book/film.html")
    expect(player(page)).to_have_attribute("data-state", "ready")
    play(page)
    wait_until(page, "v.textTracks[0].activeCues?.length")
    shown = page.evaluate(
        "[...document.querySelector('video').textTracks].map(({kind, mode, cues}) => [kind, mode, cues?.length > 0])"
    )
    assert shown == [
        ["captions", "showing", True],
        ["chapters", "disabled", False],
        ["descriptions", "disabled", False],
    ]

    page.goto(f"{small}/book/progress.html")
    expect(page.locator("backmice-progress")).to_contain_text("1 of")


def test_the_figure_turns_the_search_finds_and_exam_and_review_draw_items(page, whole):
    page.goto(f"{whole}/index.html")
    page.wait_for_url("**/book/index.html")
    page.goto(f"{whole}/book/anatomy/sacroiliac-triangle.html")
    figure = draw_figure(page)
    eye = "document.querySelector('backmice-anatomy').plot.eye"
    start, picture = page.evaluate(eye), figure.locator(".plot").screenshot()
    figure.get_by_role("button", name="Side", exact=True).click()
    page.wait_for_function(f"(start) => Math.abs({eye}.x - start.x) > 1", arg=start)
    assert figure.locator(".plot").screenshot() != picture

    page.goto(f"{whole}/practice/lump.html")
    form = page.locator("form.item").first
    form.locator("input").first.check()
    form.get_by_role("button", name="Check my answer").click()
    expect(form.locator(".result")).to_be_visible()
    # Safari lets no script change the address of a file.
    page.add_init_script("History.prototype.replaceState = () => { throw new DOMException('no', 'SecurityError'); }")
    page.get_by_role("searchbox").first.fill("iliac spine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=iliac+spine")
    page.locator(".results h2 a", has_text="The cluneal nerves").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The cluneal nerves")

    page.goto(f"{whole}/book/practice/exam.html")
    page.get_by_role("button", name="Draw and begin").first.click()
    expect(page.locator(".exam-sheet form.item:visible")).to_have_count(1)
    expect(page.locator(".exam-bar .count")).to_have_text("0 of 60 answered")

    page.goto(f"{whole}/book/practice/review.html")
    expect(page.locator("backmice-review")).to_contain_text("What else the lump could be, 1 item")

    page.goto(f"{whole}/book/instructors/packages.html")
    expect(page.locator(".packages .empty")).to_have_text(
        "The files of this list are not in this folder. The course on a server has them."
    )
    expect(page.locator(".packages a[href*=_static]")).to_have_count(0)
