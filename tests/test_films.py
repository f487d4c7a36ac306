"""The films that are committed, read by FFmpeg: what their manifests say of them is so, and none is blank or mute."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from av.video.reformatter import VideoReformatter

VIDEOS = Path(__file__).parents[1] / "media/videos"
FILMS = sorted(path.parent.name for path in VIDEOS.glob("*/storyboard.yml"))
#: Of a picture made small and grey: the least that lies between its darkest and its lightest point.
LEAST_CONTRAST = 40
STAMP = re.compile(r"(\d+):(\d+):(\d+\.\d+) --> (\d+):(\d+):(\d+\.\d+)")


@pytest.fixture(scope="module", params=FILMS)
def folder(request: pytest.FixtureRequest) -> Path:
    return VIDEOS / request.param


@pytest.fixture
def made(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text())


def test_all_films_together_are_light():
    assert sum((VIDEOS / slug / "film.mp4").stat().st_size for slug in FILMS) < 60_000_000


def test_any_browser_can_play_it_and_begin_at_once(folder, made):
    with av.open(folder / "film.mp4") as film:
        (picture,), (sound,) = film.streams.video, film.streams.audio
        assert (picture.codec.name, picture.format.name, sound.codec.name) == ("h264", "yuv420p", "aac")
        assert (picture.width, picture.height, picture.average_rate) == (1280, 720, 25)
        assert (made["width"], made["height"], made["fps"]) == (1280, 720, 25)
        assert film.duration / av.time_base == pytest.approx(made["duration_s"], abs=0.1)
    content = (folder / "film.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_captions_last_as_long_as_it_does(folder, made):
    times = STAMP.findall((folder / "captions.vtt").read_text())
    cues = [(60 * int(m) + float(s), 60 * int(n) + float(t)) for _, m, s, _, n, t in times]
    assert all(start < end for start, end in cues)
    assert all(end <= start for (_, end), (start, _) in pairwise(cues))
    assert made["duration_s"] - 5 <= cues[-1][1] <= made["duration_s"]


def test_no_picture_is_blank(folder, made):
    """Pictures that no other leans on are left out, which halves the work: one of two or three neighbours is seen.

    What smooths the edges of blocks costs a fifth of the rest, and is too fine for so small a picture to show.
    """
    blank, times = [], [0.0]
    small = VideoReformatter()
    with av.open(folder / "film.mp4") as film:
        decoder = film.streams.video[0].codec_context
        decoder.skip_frame = "NONREF"
        decoder.options = {"skip_loop_filter": "all"}
        for picture in film.decode(video=0):
            points = bytes(small.reformat(picture, 64, 36, "gray").planes[0])
            if max(points) - min(points) < LEAST_CONTRAST:
                blank.append(picture.time)
            times.append(picture.time)
    assert blank == []
    assert max(later - time for time, later in pairwise(times)) < 0.3
    assert times[-1] == pytest.approx(made["duration_s"], abs=0.3)


def test_its_voice_is_as_loud_as_broadcasters_want_it(folder, made):
    """FFmpeg's own meter of EBU R 128, which is not the one that set the level."""
    with av.open(folder / "film.mp4") as film:
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_abuffer(template=film.streams.audio[0]),
            graph.add("ebur128", "metadata=1"),
            graph.add("abuffersink"),
        ).configure()
        loud = None
        for sound in film.decode(audio=0):
            graph.push(sound)
            with suppress(BlockingIOError):  # it waits for more
                loud = graph.pull().metadata["lavfi.r128.I"]
    assert float(loud) == pytest.approx(-16, abs=1)
    assert float(loud) == pytest.approx(made["loudness_lufs"], abs=0.5)
