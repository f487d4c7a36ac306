"""Manifests of films: the good one is read whole, and each fault is told where and what it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backmice.evidence.ledger import load_ledger
from backmice.located import LocatedError
from backmice.video import Known, Video, clock, load_recordings, load_videos, spoken

ROOT = Path(__file__).parents[1]
COURSE = ROOT / "tests/course"
FOLDER = "media/videos/a-lump-moves"
KNOWN = Known(
    claims=load_ledger(COURSE).claims,
    items={"lumps-001", "lumps-002"},
    views={"the-lump"},
    objectives={"say-how-wide", "tell-how-often-a-lump-hurts"},
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """What a film is held against: its own folder and its page."""
    shutil.copytree(COURSE / FOLDER, tmp_path / FOLDER)
    (tmp_path / "book").mkdir()
    shutil.copy(COURSE / "book/film.md", tmp_path / "book")
    return tmp_path


def edit(root: Path, old: str, new: str) -> None:
    path = root / FOLDER / "manifest.json"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_a_film_is_read_whole(course):
    (film,) = load_videos(course, KNOWN).values()
    assert isinstance(film, Video)
    assert (film.title, film.lesson, film.duration_s, film.bytes) == ("A lump moves", "book/film", 9.0, 35982)
    assert (film.claims(), film.items(), film.is_drawn) == (("lump-painless",), ("lumps-001",), True)
    assert film.before(film.pauses[0]).text == "This one slides to and fro."
    assert film.files.tracks() == {
        "captions": "captions.vtt", "chapters": "chapters.vtt", "descriptions": "descriptions.vtt",
    }  # fmt: skip


def test_a_real_clip_takes_its_place_by_its_files_and_manifest(course):
    made = '{"storyboard": "none", "scene": "make_film.py", "model": "none"}'
    edit(course, made, '{"filmed": "By one of the authors, of herself."}')
    assert not load_videos(course, KNOWN)["a-lump-moves"].is_drawn


def test_no_folder_is_no_film_and_a_storyboard_alone_is_none_yet(tmp_path, course):
    assert load_videos(tmp_path / "nowhere", KNOWN) == {}
    (course / "media/videos/planned").mkdir()
    (course / "media/videos/planned/storyboard.yml").write_text("slug: planned\n")
    assert list(load_videos(course, KNOWN)) == ["a-lump-moves"]


def test_what_could_not_be_read_is_not_held_against_it(course):
    assert list(load_videos(course, Known(claims=KNOWN.claims))) == ["a-lump-moves"]


FAULTS = {
    '"slug": "a-lump-moves"': ('"slug": "a-lump"', "2: slug: is 'a-lump'; 'a-lump-moves', as the folder is called"),
    '"book/film"': (
        '"book/films"',
        "5: lesson: 'book/films' has no page; the page that shows it, without its ending",
    ),
    '["tell-how-often-a-lump-hurts"]': (
        '["feel-a-lump"]', "6: objectives[0]: 'feel-a-lump' is not there; an objective of a lesson",
    ),
    '"width": 320': ('"breadth": 320', ("1: width: is missing; this field is required\n"
                     "{}:8: breadth: is not a known field; remove it or correct its name")),
    '"poster": "poster.webp"': (
        '"poster": "still.webp"', "13: files.poster: 'still.webp' is not there; put it beside the manifest",
    ),
    '"chapters": "chapters.vtt"': (
        '"chapters": "poster.webp"', "1: file: is not UTF-8 text; save it as UTF-8",
    ),
    '"descriptions": "descriptions.vtt"': (
        '"descriptions": "make_film.py"',
        "16: files.descriptions: 'make_film.py' is not WebVTT; its first line begins with WEBVTT",
    ),
    '"bytes": 35982': ('"bytes": 35000', "18: bytes: is 35000; the film has 35982"),
    '{"start_s": 0.0, "title"': (
        '{"start_s": 0.5, "title"', "22: chapters[0].start_s: is 0.5; the first begins at 0",
    ),
    '{"start_s": 3.0, "title"': (
        '{"start_s": 0.0, "title"',
        "23: chapters[1].start_s: is 0, after 0; each begins later than the one before",
    ),
    '"end_s": 5.6': (
        '"end_s": 6.3', "27: transcript[1].end_s: is 6.3; after 3.2, and not after 6.2, when the next begins or the film ends",
    ),
    '["lump-painless"]': (
        '["lump-shy"]', "26: transcript[0].claims[0]: 'lump-shy' is no published claim; correct its id",
    ),
    '"at_s": 5.8': ('"at_s": 9.8', "34: pauses[0].at_s: is 9.8; the film ends at 9"),
    '"lumps-001"}': (
        '"lumps-002"}, {"at_s": 6.0, "item": "lumps-002"}', "34: pauses[1].item: 'lumps-002' is asked twice; ask each item once",
    ),
    '"item": "lumps-001"': (
        '"item": "lumps-9"', "34: pauses[0].item: 'lumps-9' is not there; an id of exercises/items",
    ),
    '"view": "the-lump"': ('"view": "the-moon"', "35: views[0].view: 'the-moon' is not there; a view of views.yml"),
    '"storyboard": "none"': (
        '"board": "none"',
        "1: file: made_from says nothing of its making; give storyboard, or filmed: by whom and of whom",
    ),
}  # fmt: skip


@pytest.mark.parametrize("right", FAULTS)
def test_each_fault_is_told(course, right):
    wrong, told = FAULTS[right]
    edit(course, right, wrong)
    with pytest.raises(LocatedError) as caught:
        load_videos(course, KNOWN)
    file = f"{FOLDER}/{'poster.webp' if 'UTF-8' in told else 'manifest.json'}"
    assert str(caught.value) == f"{file}:{told.format(file)}"


def test_times_are_written_as_players_write_them():
    assert [clock(s) for s in (0, 9.9, 61, 600)] == ["0:00", "0:09", "1:01", "10:00"]
    assert [spoken(s) for s in (9, 60, 70.4, 0.2)] == ["9 s", "1 min", "1 min 10 s", "0 s"]


RECORDING = """recordings:
  - title: How it moves
    shows: A lump that moves
    by: A doctor
    source: guild2021
    claims: [lump-painless]
    page: https://example.org/lump
    site: example.org
    known: page
"""


def test_recordings_name_a_source_of_the_bibliography(tmp_path):
    assert load_recordings(tmp_path, [], {}) == ()
    path = tmp_path / "media/videos/recordings.yml"
    path.parent.mkdir(parents=True)
    path.write_text(RECORDING)
    assert [one.site for one in load_recordings(tmp_path, ["guild2021"], KNOWN.claims)] == ["example.org"]
    with pytest.raises(LocatedError) as caught:
        load_recordings(tmp_path, ["other1901"], {})
    assert str(caught.value) == (
        "media/videos/recordings.yml:5: recordings[0].source: 'guild2021' is no source; a key of book/references.bib\n"
        "media/videos/recordings.yml:6: recordings[0].claims[0]: 'lump-painless' is no published claim; correct its id"
    )
    path.write_text(RECORDING.replace("https:", "http:"))
    with pytest.raises(
        LocatedError, match=r"recordings.yml:7: recordings\[0\].page: is 'http://example.org/lump'; must"
    ):
        load_recordings(tmp_path, ["guild2021"], KNOWN.claims)


def test_each_film_of_the_course_stands_on_the_page_that_it_names():
    films = load_videos(ROOT, Known(claims=load_ledger(ROOT).claims))
    shown = {slug for slug, film in films.items() if f"{{video}} {slug}" in (ROOT / f"{film.lesson}.md").read_text()}
    assert shown == films.keys()
