"""Films in a real browser: a plain player without scripts, a lesson with them, and nothing fetched unasked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from book_reader import add_rules, on_paper, sideways_px, violations
from film_page import PAGE, is_playing, make_site, now, open_film, pause, play, player, wait_until
from playwright.sync_api import BrowserContext, Page, expect
from quiz_page import choose, events, item

from backmice.serve import make_server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small course with films, built once and served as `make serve` does, in parts."""
    with make_server(make_site(tmp_path_factory.mktemp("films")), 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def url(site: str) -> str:
    return f"{site}/{PAGE}.html"


@pytest.fixture
def film(page: Page, url: str) -> Page:
    return open_film(page, url)


def fetched(watch, *endings: str) -> list[str]:
    return [url for url in watch.requests if url.split("?")[0].endswith(endings)]


def line(page: Page, part: str, number: int):
    return page.locator(f".film-{part} .lines a[data-at]").nth(number - 1)


def kept(page: Page) -> list[tuple]:
    return [(e["film"], e["finished"]) for e in events(page) if e["type"] == "watched"]


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until the log says so: it is written after the page has gone on."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail(f"the log holds {events(page)}")


def test_nothing_of_the_film_is_fetched_before_it_is_played(film, watch):
    film.mouse.wheel(0, 400)
    film.wait_for_load_state("networkidle")
    assert fetched(watch, ".mp4") == []
    expect(film.locator("video")).to_have_js_property("controls", False)
    assert len(fetched(watch, ".avif")) == 1
    assert fetched(watch, ".webp") == fetched(watch, ".vtt") == []  # its captions stand in the page
    play(film)
    assert len(fetched(watch, ".mp4")) >= 1
    expect(film.locator("video")).to_have_js_property("controls", True)
    expect(film.locator("video")).to_be_focused()
    expect(film.locator(".film-start")).to_have_count(0)


def test_a_press_on_the_picture_plays_too(film):
    film.locator("video").click(position={"x": 20, "y": 20})
    wait_until(film, "v.currentTime > 0.2")
    expect(film.locator(".film-start")).to_have_count(0)


def test_captions_are_shown(film):
    play(film)
    wait_until(film, "v.textTracks[0].activeCues?.length")
    told = film.locator("video").evaluate(
        "(v) => [v.textTracks[0].kind, v.textTracks[0].mode, v.textTracks[0].activeCues[0].text]"
    )
    assert told == ["captions", "showing", "Most lumps do not hurt."]
    film.get_by_label("Captions", exact=True).select_option("Off")
    assert film.locator("video").evaluate("(v) => v.textTracks[0].mode") == "disabled"


def test_a_press_on_a_line_leads_to_its_time(film):
    film.locator(".film-transcript summary").click()
    line(film, "transcript", 2).click()
    wait_until(film, "v.currentTime >= 3.2 && !v.paused")
    assert now(film) < 5
    expect(line(film, "transcript", 2)).to_have_attribute("aria-current", "true")
    expect(line(film, "chapters", 2)).to_have_attribute("aria-current", "true")
    line(film, "chapters", 1).click()
    wait_until(film, "v.currentTime < 2")
    expect(line(film, "chapters", 1)).to_have_attribute("aria-current", "true")
    expect(line(film, "chapters", 2)).not_to_have_attribute("aria-current", "true")


def test_what_is_said_can_be_searched(film):
    film.locator(".film-transcript summary").click()
    film.get_by_label("Search what is said").fill("slides FRO")
    expect(film.locator(".film-transcript .lines li:visible")).to_have_count(1)
    expect(film.locator(".film-search .count")).to_have_text("1 of 3 lines")
    film.get_by_label("Search what is said").fill("")
    expect(film.locator(".film-transcript .lines li:visible")).to_have_count(3)
    expect(film.locator(".film-search .count")).to_have_text("")


def test_the_line_of_the_moment_is_kept_in_sight(film):
    add_rules(film, "course-video .film-transcript .lines { max-height: 3rem !important; }")
    film.locator(".film-transcript summary").click()
    line(film, "chapters", 2).click()  # not in the list, which would hold still for who reads in it
    wait_until(film, "v.currentTime > 3.4")
    expect(line(film, "transcript", 2)).to_have_attribute("aria-current", "true")
    seen = "(a) => { const [l, r] = [a.closest('ol'), a].map((e) => e.getBoundingClientRect()); return r.top >= l.top && r.bottom <= l.bottom; }"
    assert line(film, "transcript", 2).evaluate(seen)
    assert not line(film, "transcript", 1).evaluate(seen)


def come_to_the_question(page: Page) -> None:
    line(page, "chapters", 2).click()
    wait_until(page, "v.paused && v.currentTime >= 5.7")
    expect(item(page, 1).locator("fieldset")).to_be_focused()


def answer(page: Page) -> None:
    choose(item(page, 1), "painful")
    item(page, 1).get_by_role("button", name="Check my answer").click()
    expect(item(page, 1).locator(".result")).to_be_visible()


def test_the_film_waits_for_an_answer_and_goes_on(film):
    come_to_the_question(film)
    assert now(film) == 5.8
    expect(film.locator(".film-told")).to_have_text("The film waits at 0:05: a question.")
    expect(film.get_by_role("button", name="Skip the question and go on")).to_be_visible()
    answer(film)
    film.get_by_role("button", name="Go on with the film").click()
    wait_until(film, "v.currentTime > 6 && !v.paused")
    expect(film.locator("video")).to_be_focused()
    expect(item(film, 1)).to_be_hidden()
    given = [(e["quiz"], e["response"]) for e in events(film) if e["type"] == "submission"]
    assert given == [("film-a-lump-moves", ["painful"])]


def test_a_question_may_be_skipped_and_is_not_asked_again(film):
    come_to_the_question(film)
    film.get_by_role("button", name="Skip the question and go on").click()
    wait_until(film, "v.currentTime > 6 && !v.paused")
    line(film, "chapters", 2).click()
    wait_until(film, "v.currentTime > 6.1 && !v.paused")
    film.locator(".film-questions summary").click()
    expect(item(film, 1)).to_be_visible()


def test_a_question_at_the_very_end_is_asked_and_begins_nothing_anew(page, site):
    open_film(page, f"{site}/book/films.html")
    second = player(page, 2)
    second.locator(".film-transcript summary").click()
    second.locator(".film-transcript .lines a[data-at]").nth(2).click()
    wait_until(page, "v.ended", 2)
    expect(item(page, 2).locator("fieldset")).to_be_focused()
    page.get_by_role("button", name="Skip the question", exact=True).click()
    expect(item(page, 2)).to_be_hidden()
    assert second.locator("video").evaluate("(v) => v.ended")


def test_a_jump_passes_a_question_by(film):
    film.locator(".film-transcript summary").click()
    line(film, "transcript", 3).click()
    wait_until(film, "v.currentTime > 6.4")
    assert is_playing(film)


def test_place_and_answer_are_there_after_a_reload(film, url, watch):
    come_to_the_question(film)
    answer(film)
    watch.requests.clear()
    open_film(film, url)
    expect(film.get_by_role("button", name="Play from 0:05")).to_be_visible()
    expect(film.get_by_role("button", name="From the beginning")).to_be_visible()
    film.locator(".film-questions summary").click()
    expect(item(film, 1).locator(".result")).to_contain_text("Not this one.")
    assert fetched(watch, ".mp4") == []
    film.get_by_role("button", name="Play from 0:05").click()
    wait_until(film, "v.currentTime > 6 && !v.paused")


def test_a_question_left_open_is_asked_where_one_goes_on(film, url):
    come_to_the_question(film)
    until(film, lambda: kept(film))
    open_film(film, url)
    film.get_by_role("button", name="Play from 0:05").click()
    expect(item(film, 1).locator("fieldset")).to_be_focused()


def test_a_film_seen_to_its_end_counts(film, site, url):
    film.locator(".film-transcript summary").click()
    line(film, "transcript", 3).click()
    wait_until(film, "v.ended")
    until(film, lambda: kept(film)[-1:] == [("a-lump-moves", True)])
    open_film(film, url)
    expect(film.get_by_role("button", name="Play, 9 s")).to_be_visible()
    film.goto(f"{site}/book/progress.html")
    rows = film.locator(".part-films li")
    expect(rows.nth(0)).to_contain_text("A lump moves")
    expect(rows.nth(0)).to_contain_text("watched to the end on")
    expect(rows.nth(1)).to_contain_text("not watched yet")
    expect(film.locator(".part-films p")).to_have_text("1 of 2 films watched to the end.")


def test_without_scripts_it_is_a_plain_player(new_context, url, watch):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(url)
    video = page.locator("video[controls]")
    expect(video).to_be_visible()
    assert video.get_attribute("preload") == "none"
    for words in ("Transcript", "What is seen, in words", "Question asked on the way (1)"):
        page.locator("summary", has_text=words).click()
    expect(page.get_by_text("This one slides to and fro.", exact=True)).to_be_visible()
    expect(page.get_by_text("A violet lump lies on a yellow line.")).to_be_visible()
    expect(page.locator("course-video button")).to_have_count(0)
    assert line(page, "chapters", 2).get_attribute("href").endswith(".mp4#t=3")
    assert fetched(watch, ".mp4") == []


def press_to(page: Page, target, key: str = "Tab") -> None:
    for _ in range(40):
        if target.evaluate("(e) => e === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail("not reached by the keyboard")


def test_keyboard_alone(film):
    button = film.get_by_role("button", name="Play, 9 s")
    film.locator("h1").click()
    press_to(film, button)
    film.keyboard.press("Enter")
    wait_until(film, "v.currentTime > 0.2")
    expect(film.locator("video")).to_be_focused()
    film.keyboard.press("k")
    wait_until(film, "v.paused")
    film.keyboard.press("l")
    wait_until(film, "v.currentTime >= 5")
    film.keyboard.press("p")
    wait_until(film, "v.currentTime < 2")
    film.keyboard.press("n")
    wait_until(film, "v.currentTime >= 3")
    film.keyboard.press("c")
    assert film.locator("video").evaluate("(v) => v.textTracks[0].mode") == "disabled"
    film.keyboard.press("Shift+>")
    expect(film.locator("video")).to_have_js_property("playbackRate", 1.25)
    film.keyboard.press("m")
    expect(film.locator("video")).to_have_js_property("muted", True)
    film.keyboard.press("Shift+?")
    expect(film.get_by_role("dialog", name="Keys of the film")).to_be_visible()
    assert violations(film) == []
    film.keyboard.press("Escape")
    expect(film.get_by_role("dialog", name="Keys of the film")).to_be_hidden()
    wait_until(film, "v.paused")  # at the question
    expect(item(film, 1).locator("fieldset")).to_be_focused()
    film.keyboard.press("Tab")
    film.keyboard.press("k")  # what is typed into a question is not for the film
    assert not is_playing(film)
    press_to(film, film.get_by_role("button", name="Skip the question and go on"))
    film.keyboard.press("Enter")
    wait_until(film, "v.currentTime > 6")


def test_speed_and_captions_are_kept_for_all_films(film, site):
    film.get_by_label("Speed").select_option("1.5 ×")
    film.get_by_label("Captions", exact=True).select_option("Large")
    film.get_by_label("Behind captions").select_option("Half")
    open_film(film, f"{site}/book/films.html")
    second = player(film, 2)
    expect(second.get_by_label("Speed")).to_have_value("1.5")
    expect(second).to_have_attribute("data-captions", "large")
    expect(second).to_have_attribute("data-ground", "half")
    play(film, 2)
    expect(second.locator("video")).to_have_js_property("playbackRate", 1.5)


def test_what_is_seen_is_told_on_demand(film):
    film.get_by_role("button", name="Descriptions").click()
    play(film)
    expect(film.locator(".film-told[role=status]")).to_have_text("A violet lump lies on a yellow line.")
    film.get_by_role("button", name="Descriptions").click()
    expect(film.locator(".film-told")).to_have_text("")


def test_of_two_films_one_plays(page, site):
    open_film(page, f"{site}/book/films.html")
    for number in (1, 2):
        play(page, number)
        wait_until(page, "v.currentTime > 0.7", number)
    wait_until(page, "v.paused", 1)
    assert is_playing(page, 2)
    pause(page, 2)
    until(page, lambda: {film for film, _ in kept(page)} == {"a-lump-moves", "a-lump-rests"})


FIGURE = """<backmice-anatomy data-state="drawn"></backmice-anatomy><script src="stand-in.js"></script>"""
STAND_IN = """
  const view = { id: "the-lump", name: "The lump on its bone", says: "It lies there.", camera: "Behind", structures: ["lump"] };
  Object.assign(document.querySelector("backmice-anatomy"), {
    data: async () => ({ explorer: { views: [view], structures: [{ id: "lump", layer: "nodule" }] } }),
    looks: { shown: new Set(), faded: new Set(), labels: true },
    show: async () => {},
    say(words) { this.said = words; },
    look(name) { this.camera = name; },
    tools: { open: async () => {} },
  });
"""


def test_the_figure_of_the_page_follows_where_it_is_let(page, url):
    """The figure here is a stand-in with what named views ask of one: the small course has no bones to draw."""

    def with_figure(route):
        body = route.fetch().text()
        route.fulfill(body=body.replace("<course-video ", f"{FIGURE}<course-video ", 1), content_type="text/html")

    page.route("**/film.html", with_figure)
    page.route("**/stand-in.js", lambda route: route.fulfill(body=STAND_IN, content_type="text/javascript"))
    open_film(page, url)
    figure = page.locator("backmice-anatomy")
    button = page.get_by_role("button", name="Figure follows")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    play(page)
    wait_until(page, "v.currentTime > 1")
    expect(figure).not_to_have_attribute("data-shows", "the-lump")
    button.click()
    expect(figure).to_have_attribute("data-shows", "the-lump")
    assert figure.evaluate("(f) => [f.camera, f.said, [...f.looks.shown]]") == [
        "Behind", "The lump on its bone. It lies there.", ["lump"],
    ]  # fmt: skip


def test_a_film_that_does_not_come_is_said(page, url, watch):
    page.route("**/*.mp4", lambda route: route.abort())
    open_film(page, url)
    page.get_by_role("button", name="Play, 9 s").click()
    expect(page.locator(".film-told")).to_contain_text("The film did not load. Its transcript, below, says the same.")
    page.unroute("**/*.mp4")
    page.get_by_role("button", name="Try again").click()
    wait_until(page, "v.currentTime > 0.2")
    watch.errors.clear()


def test_storage_refused_still_plays(page, url):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    open_film(page, url)
    play(page)


def test_a_link_of_the_library_leads_to_a_time(page, site):
    page.goto(f"{site}/book/library.html")
    expect(page.locator(".film-card")).to_have_count(2)
    page.get_by_label("Search what is said in the films").fill("to and fro")
    expect(page.locator(".film-search .count")).to_have_text("2 lines in 2 films")
    page.locator(".film-card").first.get_by_role("link", name="0:03").click()
    expect(page.get_by_role("button", name="Play from 0:03")).to_be_visible()
    page.get_by_role("button", name="Play from 0:03").click()
    wait_until(page, "v.currentTime >= 3.2")


def test_the_library_reads_without_scripts(new_context, site):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/book/library.html")
    assert page.locator(".film-card h2").all_inner_texts() == ["A lump moves", "A lump rests"]
    expect(page.get_by_role("button", name="Show it here")).to_have_count(0)
    expect(page.get_by_role("link", name="Open it at films.example")).to_be_visible()


def test_another_site_is_asked_only_after_a_yes(page, site, watch):
    page.route("https://films.example/**", lambda route: route.fulfill(body="<p>A film</p>", content_type="text/html"))
    page.goto(f"{site}/book/library.html")
    page.get_by_role("button", name="Show it here").click()
    expect(page.get_by_text("To show it here, your browser asks films.example.")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("button", name="Don’t").click()
    expect(page.get_by_role("button", name="Show it here")).to_be_focused()
    page.get_by_role("button", name="Show it here").click()
    assert [url for url in watch.requests if "example" in url] == []
    page.get_by_role("button", name="Ask films.example and show it").click()
    expect(page.frame_locator("iframe[title='One lump, filmed']").get_by_text("A film")).to_be_visible()
    assert [url for url in watch.requests if "example" in url] == ["https://films.example/embed/1"]


def test_on_paper_all_that_is_said_stands(film):
    on_paper(film)
    for words in ("Leave it where it is.", "A violet lump lies on a yellow line."):
        expect(film.get_by_text(words)).to_be_visible()
    expect(film.get_by_label("Speed")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_audit_finds_nothing(new_context, site: str, url: str, width: int, scheme: str):
    context: BrowserContext = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = open_film(context.new_page(), url)
    for summary in page.locator("course-video summary").all():
        if summary.locator("xpath=..").get_attribute("open") is None:
            summary.click()
    assert violations(page) == []
    come_to_the_question(page)
    assert (violations(page), sideways_px(page)) == ([], 0)
    for name in ("films", "library", "progress"):
        page.goto(f"{site}/book/{name}.html")
        page.wait_for_load_state("networkidle")
        assert (name, violations(page), sideways_px(page)) == (name, [], 0)
