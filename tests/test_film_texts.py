"""When a film's sentences sound, and the captions, chapters and manifest that follow from it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.film.clock import CUE_CHARS, DRAWN_FPS, cues, pace, split, takes
from backmice.film.made_from import made_from, stale
from backmice.film.storyboard import Storyboard
from backmice.film.texts import LINE_CHARS, captions, chapters, descriptions, manifest, stamp, two_lines
from backmice.located import read_yaml

HERE = Path(__file__).parent / "storyboards"
BARE = read_yaml(HERE / "good/bare.yml").parse(Storyboard)
TIMED = takes(BARE, [[1.5], [1.0, 2.0]])


def test_sentences_follow_each_other_with_their_pauses():
    assert [(round(s.start_s, 2), round(s.end_s, 2), s.sentence.say) for take in TIMED for s in take.spoken] == [
        (1.2, 2.7, "This is a back."),
        (4.11, 5.11, "Feel here."),
        (6.11, 8.11, "Then feel on the other side."),
    ]


def test_shots_last_a_whole_number_of_drawn_frames():
    assert [(round(take.start_s * DRAWN_FPS), round(take.end_s * DRAWN_FPS)) for take in TIMED] == [(0, 47), (47, 115)]
    assert all(take.end_s * DRAWN_FPS == pytest.approx(round(take.end_s * DRAWN_FPS)) for take in TIMED)


def test_an_action_goes_on_while_its_sentences_are_spoken():
    _, feel = TIMED
    assert feel.span(None) == (feel.start_s, feel.end_s)
    assert feel.span((1, 1)) == (feel.start_s, feel.spoken[0].until_s)
    assert feel.span((2, 2)) == (feel.spoken[1].start_s, feel.end_s)


def test_captions_are_shown_while_their_sentence_sounds():
    assert captions(TIMED) == (
        "WEBVTT\n\n00:00:01.200 --> 00:00:02.700\nThis is a back.\n\n00:00:04.110 --> 00:00:05.110\nFeel here.\n\n"
        "00:00:06.110 --> 00:00:08.110\nThen feel on the other side.\n"
    )


def test_chapters_and_descriptions_cover_the_film():
    assert chapters(TIMED) == "WEBVTT\n\n00:00:00.000 --> 00:00:09.200\nLook\n"
    assert descriptions(TIMED) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:03.760\nA bare back from behind.\n\n"
        "00:00:03.760 --> 00:00:09.200\nFingers on the right crest, where a nodule lies.\n"
    )


def test_pace_counts_pauses():
    assert pace(BARE, TIMED) == pytest.approx(60 * 12 / 9.2)


def test_the_manifest_holds_what_the_player_reads():
    made = manifest(BARE, TIMED, size=5, loudness_lufs=-16.04, made_from={"scene": "abc"})
    assert made["files"]["film"] == "film.mp4"
    assert made["duration_s"] == 9.2
    assert (made["loudness_lufs"], made["words_per_minute"]) == (-16.0, 78.3)
    assert made["transcript"][1] == {"start_s": 4.11, "end_s": 5.11, "text": "Feel here.", "claims": []}
    assert made["chapters"] == [{"start_s": 0.0, "title": "Look"}]
    assert (made["pauses"], made["views"]) == ([], [])


@given(st.lists(st.lists(st.floats(0.2, 9), min_size=2, max_size=2), min_size=1, max_size=1), st.floats(0.2, 9))
def test_cues_stay_within_the_film_and_do_not_overlap(second, first):
    timed = takes(BARE, [[first], *second])
    found = cues(timed)
    assert 0 < found[0].start_s
    assert found[-1].end_s <= timed[-1].end_s
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(found))


@given(st.lists(st.from_regex(r"[a-z]{1,12}[,;]?", fullmatch=True), min_size=1, max_size=40))
def test_a_long_sentence_is_split_without_losing_a_word(words):
    parts = split(" ".join(words))
    assert " ".join(parts).split() == words
    assert all(len(part) <= CUE_CHARS + 20 for part in parts)


@given(st.floats(0, 35999))
def test_a_stamp_is_read_back_to_the_millisecond(seconds):
    hours, minutes, rest = stamp(seconds).split(":")
    assert int(hours) * 3600 + int(minutes) * 60 + float(rest) == pytest.approx(seconds, abs=6e-4)
    assert re.fullmatch(r"\d\d:[0-5]\d:[0-5]\d\.\d{3}", stamp(seconds))


def test_a_caption_has_two_even_lines_at_most():
    assert two_lines("Feel here.") == "Feel here."
    said = "Go over it again, and let the patient say which spot hurts the most."
    assert two_lines(said) == "Go over it again, and let the patient\nsay which spot hurts the most."
    assert all(len(line) <= LINE_CHARS for line in two_lines(said).splitlines())


def test_a_film_is_stale_when_its_storyboard_changes(tmp_path):
    root = Path(__file__).parents[1]
    assert stale(tmp_path, BARE) == ["storyboard", "scene", "model"]
    now = made_from(root, BARE)
    changed = made_from(root, BARE.model_copy(update={"title": "Another title"}))
    assert {name for name in now if now[name] != changed[name]} == {"storyboard"}
