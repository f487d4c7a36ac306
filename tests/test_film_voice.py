"""The narrator: terms said as the list has them. Speaking itself needs a package of requirements-media.txt."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from backmice.film.made_from import MANIFEST
from backmice.film.make import MOST_WORDS, narrated, slugs
from backmice.film.storyboard import STORYBOARD, VIDEOS, Storyboard
from backmice.film.voice import PRONUNCIATION, letters, load_terms, marked, phonemes, speak, track, unknown
from backmice.located import LocatedError, read_yaml

ROOT = Path(__file__).parents[1]
TERMS = load_terms(ROOT)
FILMS = slugs(ROOT)
needs_voice = pytest.mark.skipif(
    find_spec("hibari") is None, reason="hibari-tts is not installed (requirements-media.txt)"
)
needs_meter = pytest.mark.skipif(
    find_spec("pyloudnorm") is None, reason="pyloudnorm is not installed (requirements-media.txt)"
)


def board(slug: str) -> Storyboard:
    return read_yaml(ROOT / VIDEOS / slug / STORYBOARD).parse(Storyboard)


@pytest.mark.parametrize(
    ("ipa", "said"),
    [("ˈkluniəl", "klˈuniəl"), ("ˌfaɪbroʊˈfæti", "fˌIbɹOfˈæti"), ("ˈnɒdʒuːl", "nˈɑʤul"), ("ˈɡɛnslən", "ɡˈɛnslən")],
)
def test_ipa_in_the_letters_of_the_voice(ipa, said):
    assert letters(ipa) == said


def test_the_longest_listed_term_is_marked_and_parts_of_words_are_left():
    terms = {"iliac": "ˈɪliæk", "sacroiliac joint": "sæk"}
    assert marked("The Sacroiliac joint, the iliac bone, an iliacus.", terms) == (
        "The [Sacroiliac joint](/sæk/), the [iliac](/ˈɪliæk/) bone, an iliacus."
    )


def test_a_term_stands_once(tmp_path):
    path = tmp_path / PRONUNCIATION
    path.parent.mkdir(parents=True)
    path.write_text("- {term: cluneal, ipa: ˈkluniəl, from: Latin}\n- {term: Cluneal, ipa: ˈkluniəl, from: Latin}\n")
    with pytest.raises(LocatedError) as caught:
        load_terms(tmp_path)
    assert str(caught.value) == f"{PRONUNCIATION}:2: [1].term: 'Cluneal' stands twice; keep one of them"


@needs_voice
@pytest.mark.parametrize("term", TERMS)
def test_each_listed_term_is_said_as_listed(term):
    assert letters(TERMS[term]) in phonemes(f"It is the {term} here.", TERMS)


@needs_voice
@pytest.mark.parametrize("slug", FILMS)
def test_the_voice_guesses_no_word_of_a_film(slug):
    said = " ".join(line.say for shot in board(slug).shots for line in shot.narration)
    assert unknown(said, TERMS) == []


@needs_voice
@needs_meter
def test_narration_is_as_loud_as_films_are_and_never_clipped():
    import numpy as np
    import pyloudnorm

    from backmice.film.voice import RATE

    clip = speak("Feel along the crest, in small circles, with two or three fingertips.", TERMS)
    sound = track([(0.5, clip)], clip.length_s + 1)
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound) == pytest.approx(-16, abs=0.3)
    assert np.abs(sound).max() < 1
    assert np.abs(sound[: RATE // 3]).max() == 0


@needs_voice
@pytest.mark.parametrize("slug", FILMS)
def test_no_film_is_spoken_too_fast_or_lasts_too_long(slug):
    film = board(slug)
    _, timed = narrated(ROOT, film)
    assert 60 * film.words() / timed[-1].end_s <= MOST_WORDS
    assert 60 <= timed[-1].end_s <= 125


@pytest.mark.parametrize("slug", [slug for slug in FILMS if (ROOT / VIDEOS / slug / MANIFEST).is_file()])
def test_a_film_is_what_its_storyboard_says(slug):
    import json

    from backmice.film.made_from import made_from

    folder = ROOT / VIDEOS / slug
    made = json.loads((folder / MANIFEST).read_text())
    assert made["made_from"]["storyboard"] == made_from(ROOT, board(slug))["storyboard"]
    assert made["bytes"] == (folder / "film.mp4").stat().st_size
    assert made["loudness_lufs"] == pytest.approx(-16, abs=1)
    assert made["words_per_minute"] <= MOST_WORDS
    ends = re.findall(r"--> (\d+):(\d+):([\d.]+)", (folder / "captions.vtt").read_text())
    last = max(int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in ends)
    assert last <= made["duration_s"]
