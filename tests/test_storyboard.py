"""Storyboards: good files load, bad ones each get the sentences their author must see; and what the course's own hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backmice.check import known_to_films, read_course, toc_pages
from backmice.evidence.claim import Claim
from backmice.film.storyboard import Known, Storyboard, load_storyboard, load_storyboards
from backmice.located import LocatedError, parse_yaml

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "storyboards"
BAD = sorted((HERE / "bad").glob("*.yml"))
GOOD = sorted((HERE / "good").glob("*.yml"))


def claim(id_: str, known: str = "verified") -> Claim:
    return Claim.model_validate_json(
        f'{{"id": "{id_}", "topic": "definition", "statement": "A knot lies under the skin.", "sources": ["one1999"],'
        f'"design": "case-report", "about": "record", "certainty": "high", "known": "{known}"}}'
    )


KNOWN = Known(
    claims={"one": claim("one"), "two": claim("two"), "hearsay": claim("hearsay", "recalled")},
    items={"knot-001"},
    views={"three-bounds"},
    objectives={"say-what-it-is"},
    lessons={"book/meet/what-they-are"},
    structures={"sacrum", "superior-cluneal-medial"},
    landmarks={"psis_left", "l4_spinous", "l5_spinous"},
    frames={"nodule"},
)


def load(tmp_path: Path, file: Path, folder: str = "knot") -> Storyboard:
    path = tmp_path / "media/videos" / folder / "storyboard.yml"
    path.parent.mkdir(parents=True)
    path.write_text(file.read_text())
    return load_storyboards(tmp_path, KNOWN)[folder]


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_good_files_load(tmp_path, file):
    assert load(tmp_path, file, file.stem).slug == file.stem


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_files_are_told_where_and_what(tmp_path, file):
    with pytest.raises(LocatedError) as caught:
        load(tmp_path, file)
    assert f"{caught.value}\n" == file.with_suffix(".txt").read_text()


def test_no_message_without_its_file():
    assert [p.stem for p in sorted((HERE / "bad").glob("*.txt"))] == [p.stem for p in BAD]


def test_a_film_rests_on_each_claim_once_in_the_order_of_its_narration(tmp_path):
    assert load(tmp_path, HERE / "good/knot.yml").claims() == ("one", "two")


def test_what_could_not_be_read_is_not_held_against_a_film(tmp_path):
    path = tmp_path / "knot/storyboard.yml"
    path.parent.mkdir()
    path.write_text((HERE / "good/knot.yml").read_text())
    assert load_storyboard(path, Known(claims=KNOWN.claims)).title == "A knot under the finger"


def test_the_guide_shows_a_storyboard_that_loads():
    text = (ROOT / "media/videos/README.md").read_text()
    (example,) = re.findall(r"## A storyboard\n\n```yaml\n(.*?)```", text, re.DOTALL)
    assert parse_yaml(example, "README.md").parse(Storyboard).slug == "find-back-mice"


@pytest.fixture(scope="module")
def films() -> dict[str, Storyboard]:
    course = read_course(ROOT)
    return load_storyboards(ROOT, known_to_films(course, toc_pages(ROOT)[0]))


def test_each_film_of_the_course_has_chapters_a_question_and_claims(films):
    for film in films.values():
        chapters = [shot.chapter for shot in film.shots if shot.chapter]
        assert 3 <= len(chapters) <= 6, film.slug
        assert len(set(chapters)) == len(chapters), film.slug
        assert 1 <= sum(shot.question is not None for shot in film.shots) <= 3, film.slug
        assert film.claims(), film.slug
