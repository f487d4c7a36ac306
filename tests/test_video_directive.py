"""`{video}`, `{video-library}` and `{recordings}` in the small course, built as the real book is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from small_course import add_pages, build, edit, new_course

from backmice.video import MANIFEST
from backmice.volume.epub import epub_bytes
from backmice.volume.pages import read_volume

REPOSITORY = Path(__file__).parents[1]
FILM = "media/videos/a-lump-moves"
COVER = "media/cover/cover.png"


def make(root: Path) -> Path:
    """The small course with its film and a page of all films."""
    new_course(root)
    (root / "book/videos.md").write_text("---\nlead: All of them.\n---\n# Films\n\n```{video-library}\n```\n")
    return add_pages(root, "Films", "book/film", "book/videos")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, built once and only looked at."""
    root = make(tmp_path_factory.mktemp("films") / "course")
    (root / COVER).parent.mkdir(parents=True)
    shutil.copyfile(REPOSITORY / COVER, root / COVER)
    assert build(root)[1] == ""
    return root


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make(tmp_path / "course")


def page(root: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((root / f"_build/html/{name}.html").read_text(), "html.parser")


def words(element) -> str:
    return " ".join(element.text.replace("\xa0", "_").split())


def published(root: Path) -> list[str]:
    return sorted(path.suffix for path in (root / "_build/html/_static/videos/a-lump-moves").iterdir())


def test_a_film_is_a_plain_player_that_waits(built):
    video = page(built, "book/film").select_one("course-video figure.film video")
    assert {name: video.has_attr(name) for name in ("controls", "playsinline", "autoplay", "loop")} == {
        "controls": True, "playsinline": True, "autoplay": False, "loop": False,
    }  # fmt: skip
    assert (video["preload"], video["width"], video["height"]) == ("none", "320", "180")
    tracks = [(track["kind"], track["srclang"], track.has_attr("default")) for track in video.select("track")]
    assert tracks == [("captions", "en", True), ("chapters", "en", False), ("descriptions", "en", False)]
    captions, *further = (track["src"] for track in video.select("track"))
    assert all((built / "_build/html/book" / file).resolve().is_file() for file in [video["src"], *further])
    # What is fetched though nobody presses play stands in the page.
    kind, _, text = captions.partition(",")
    assert (kind, unquote(text)) == ("data:text/vtt", (built / FILM / "captions.vtt").read_text())
    assert not video.has_attr("poster")


def test_its_still_is_under_it_in_every_size_and_waits(built):
    video = page(built, "book/film").select_one("course-video video")
    still = video.find_previous_sibling("picture")
    assert [source["type"] for source in still.select("source")] == ["image/avif"]
    img = still.select_one("img")
    assert (img["loading"], img["alt"], img["width"], img["height"]) == ("lazy", "", "320", "180")
    offered = [part.split() for one in (*still.select("source"), img) for part in one["srcset"].split(",")]
    assert [(Path(name).suffix, width) for name, width in offered] == [(".avif", "320w"), (".webp", "320w")]
    for name, _ in offered:
        with Image.open((built / "_build/html/book" / name).resolve()) as drawn:
            assert (drawn.format.lower(), drawn.size) == (Path(name).suffix[1:], (320, 180))


def test_its_caption_tells_length_size_and_that_it_is_drawn(built):
    caption = page(built, "book/film").select_one("figure.film figcaption")
    assert [words(p) for p in caption.select("p")] == [
        (
            "A lump moves. A lump slides to and fro on a line, and what to do about it. "
            "Drawn by scripts from the course’s own model: no patient."
        ),
        "9 s, 36_kB, fetched only when you press play. Open the film by itself",
    ]


def test_what_is_said_and_seen_stands_in_words_with_its_claims(built):
    film = page(built, "book/film")
    lines = {
        part: [words(li) for li in film.select(f".film-{part} li")] for part in ("chapters", "transcript", "described")
    }
    assert lines == {
        "chapters": ["0:00What it is", "0:03What it does"],
        "transcript": [
            "0:00Most lumps do not hurt. high",
            "0:03This one slides to and fro.",
            "0:06Leave it where it is.",
        ],
        "described": [
            "0:00A violet lump lies on a yellow line.",
            "0:03The lump slides to the right, and then back to the left.",
        ],
    }
    (how,) = film.select(".film-transcript a.how")
    assert how["href"] == "evidence/index.html#claim-lump-painless"
    assert film.select_one(f"#{how['data-card']}.claim-card") is not None
    used = page(built, "book/evidence/index").select("#claim-lump-painless .uses a")
    assert [link.text for link in used if "#film-" in link["href"]] == ["film a lump moves"]


def test_it_asks_items_of_the_bank(built):
    quiz = page(built, "book/film").select_one("details.film-questions backmice-quiz")
    assert quiz["data-quiz"] == "film-a-lump-moves"
    (section,) = quiz.select("section")
    assert (section["data-pause"], words(section.select_one(".asked"))) == (
        "5.8", "Asked after 0:03 “This one slides to and fro.”",
    )  # fmt: skip
    assert [form["data-item"] for form in section.select("form.item")] == ["lumps-001"]


def test_the_library_has_a_card_for_each_film_that_is_shown(built):
    (card,) = page(built, "book/videos").select(".film-card")
    assert [words(part) for part in card.select("h2, .label, p:not(.label), ul > li")] == [
        "A lump moves", "9 s, in the lesson “A film”",
        "A lump slides to and fro on a line, and what to do about it.", "After it you can", "Say how many hurt",
    ]  # fmt: skip
    assert [a["href"] for a in card.select("h2 a, .lines a")] == [
        "film.html#film-a-lump-moves", "film.html?t=0.3#film-a-lump-moves", "film.html?t=3.2#film-a-lump-moves",
        "film.html?t=6.2#film-a-lump-moves",
    ]  # fmt: skip
    index = json.loads((built / "_build/html/practice/course-index.json").read_text())
    assert index["films"] == [
        {"slug": "a-lump-moves", "title": "A lump moves", "page": "book/film.html#film-a-lump-moves"}
    ]


def test_only_films_that_a_page_shows_are_put_beside_the_book(course):
    edit(course, "_toc.yml", "      - file: book/film\n", "")
    assert build(course)[1] == ""
    assert not (course / "_build/html/_static/videos").exists()
    assert words(page(course, "book/videos").select_one("main > section p, #films p")) == "No film is finished yet."


def test_a_film_that_changes_takes_the_place_of_the_old(course):
    build(course)
    assert published(course) == [".avif", ".mp4", ".vtt", ".vtt", ".webp"]
    edit(course, f"{FILM}/captions.vtt", "Leave it where it is.", "Leave it.")
    edit(course, f"{FILM}/{MANIFEST}", "Leave it where it is.", "Leave it.")
    assert build(course) == (["book/film"], "")
    assert published(course) == [".avif", ".mp4", ".vtt", ".vtt", ".webp"]
    assert words(page(course, "book/film").select(".film-transcript li")[2]) == "0:06Leave it."
    assert words(page(course, "book/videos").select(".lines li")[2]) == "0:06Leave it."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("```{video} a-lump\n```\n", "no film 'a-lump' in media/videos; it has: a-lump-moves"),
        ("```{video} a-lump-moves\n```\n", "film 'a-lump-moves' stands twice on this page; keep one of them"),
    ],
)
def test_what_can_not_be_shown_is_said(course, text, told):
    with (course / "book/film.md").open("a") as file:
        file.write(f"\n{text}")
    assert told in build(course)[1]


def test_a_film_that_asks_has_no_place_in_a_case(course):
    add_pages(course, "Worked cases", "book/cases/index", "book/cases/knot")
    edit(course, "book/cases/knot.md", "It moves under the finger.\n", "It moves.\n\n```{video} a-lump-moves\n```\n")
    assert "film 'a-lump-moves' asks items, as the case does; show it on another page" in build(course)[1]


def test_on_paper_and_in_an_epub_a_still_its_words_and_where_it_is(built):
    volume = read_volume(built, built / "_build/html")
    body = next(p.body for p in volume.pages() if p.name == "book/film")
    assert body.xpath(".//video | .//course-video | .//track | .//details") == []
    (still,) = body.xpath(".//figure//img")
    assert (Path(still.get("src")).suffix, still.get("width")) == (".webp", "320")
    assert [words_of(p) for p in body.xpath(".//figcaption/p")][1:] == [
        "The film itself is in the course, in a browser: book/film.html#film-a-lump-moves"
    ]
    assert "0:06Leave it where it is." in [words_of(li) for li in body.xpath(".//li")]
    assert body.xpath(".//section[@class='item' or @class='key']") == []  # it stands after its lesson
    library = next(p.body for p in volume.pages() if p.name == "book/videos")
    assert "Leave it where it is." not in library.text_content()
    assert b"poster-" in epub_bytes(volume, built, lambda words: None)


def words_of(element) -> str:
    return " ".join(element.text_content().split())
