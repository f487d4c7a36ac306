"""The small course with its film, and what tests do with a player."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from machine import ask_until
from playwright.sync_api import Locator, Page, expect
from small_course import add_pages, bring_npm, build, new_course

FILM = "media/videos/a-lump-moves"
PAGE = "book/film"
PLAYING_MS = 15_000  # decoding on a busy processor


def make_site(folder: Path) -> Path:
    """Build the small course with a page of one film, one of two, the library and the progress page."""
    root = new_course(folder / "course")
    bring_npm(root)
    second = shutil.copytree(root / FILM, root / "media/videos/a-lump-rests")
    manifest = json.loads((second / "manifest.json").read_text())
    manifest |= {"slug": "a-lump-rests", "title": "A lump rests", "lesson": "book/films"}
    manifest["pauses"] = [{"at_s": 9.0, "item": "lumps-002"}]  # at the very end
    (second / "manifest.json").write_text(json.dumps(manifest))
    films = "\n".join(f"```{{video}} {slug}\n```\n" for slug in ("a-lump-moves", "a-lump-rests"))
    write(root, "films", "Two films", films)
    write(root, "library", "All films", "```{video-library}\n```\n\n## Of others\n\n```{recordings}\n```\n")
    write(root, "progress", "Progress", "```{progress}\n```\n")
    (root / "media/videos/recordings.yml").write_text(RECORDINGS)
    add_pages(root, "Films", PAGE, "book/films", "book/library", "book/progress")
    read, warned = build(root)
    assert (PAGE in read, warned) == (True, "")
    return root / "_build/html"


RECORDINGS = """recordings:
  - title: Is it a lump?
    shows: A doctor talks about a lump.
    by: A doctor
    source: guild2021
    page: https://lump.example/
    site: lump.example
    known: page
  - title: One lump, filmed
    shows: A lump of one person.
    by: A patient
    source: guild2021
    claims: [lump-painless]
    page: https://films.example/watch?v=1
    site: films.example
    known: address
    embed: https://films.example/embed/1
"""


def write(root: Path, name: str, title: str, text: str) -> None:
    (root / f"book/{name}.md").write_text(f"---\nlead: A page of the small course.\n---\n# {title}\n\n{text}")


def player(page: Page, number: int = 1) -> Locator:
    return page.locator("course-video").nth(number - 1)


def open_film(page: Page, url: str) -> Page:
    """Open a page and wait until its players are there and what was kept is shown."""
    page.goto(url)
    expect(player(page)).to_have_attribute("data-state", "ready")
    page.evaluate("customElements.whenDefined('backmice-quiz')")
    return page


def play(page: Page, number: int = 1) -> None:
    """Begin a film and wait until it moves."""
    player(page, number).locator(".film-start button").last.click()
    wait_until(page, "v.currentTime > 0.2", number)


def now(page: Page, number: int = 1) -> float:
    return player(page, number).locator("video").evaluate("(v) => v.currentTime")


def is_playing(page: Page, number: int = 1) -> bool:
    return player(page, number).locator("video").evaluate("(v) => !v.paused")


def wait_until(page: Page, told: str, number: int = 1) -> None:
    """Wait until something holds of the video `v`."""
    script = f"(n) => {{ const v = document.querySelectorAll('course-video video')[n]; return {told}; }}"
    ask_until(page, script, arg=number - 1, timeout=PLAYING_MS)


def pause(page: Page, number: int = 1) -> None:
    player(page, number).locator("video").evaluate("(v) => v.pause()")
    wait_until(page, "v.paused", number)
