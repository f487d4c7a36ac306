"""The sums of the player: where it stops to ask, where one goes on, what a search leaves, how far films were watched."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from javascript import run

# What a browser has and Node lacks, enough for modules that define elements.
ELEMENTS = "globalThis.HTMLElement = class {}; globalThis.customElements = { get: () => true }; globalThis.BroadcastChannel = undefined;\n"


def come_upon(*given: list) -> list:
    module = 'const { comeUpon } = await import("./film-pauses.js");'
    return run(f"{ELEMENTS}{module} done(data.map((given) => comeUpon(...given)?.at ?? null));", list(given))


PAUSES = [{"at": 5.8}, {"at": 9}]


def test_playing_comes_upon_a_question_and_jumping_passes_it_by():
    assert come_upon(
        [PAUSES, 5.6, 5.85, 1],  # over it
        [PAUSES, 5.8, 6.0, 1],  # from it
        [PAUSES, 5.81, 6.0, 1],  # after it
        [PAUSES, 3, 6, 1],  # a jump
        [PAUSES, 3, 6, 2],  # the same way at twice the speed
        [PAUSES, 6, 5.5, 1],  # back
        [[], 0, 1, 1],
    ) == [5.8, 5.8, None, None, 5.8, None, None]


@settings(max_examples=20)  # each starts Node
@given(st.lists(st.floats(0.05, 1.4), min_size=1, max_size=40), st.floats(0, 8))
def test_no_step_of_playing_passes_a_question_by(steps, at):
    times = [0.0]
    for step in steps:
        times.append(times[-1] + step)
    asked = come_upon(*[[[{"at": at}], a, b, 1] for a, b in pairwise(times)])
    assert (at in asked) == (at <= times[-1])


def test_one_goes_on_where_one_left_unless_that_is_an_end():
    script = 'import { leftAt } from "./film-place.js"; done(data.map((events) => leftAt(events, 60)));'
    places = [[], [12.5], [12.5, 30], [1], [59], ["12"]]
    events = [[{"type": "start"}, *({"type": "watched", "at_s": at} for at in given)] for given in places]
    assert run(script, events) == [0, 12.5, 30, 0, 0, 0]


def test_how_far_films_were_watched_is_the_furthest_of_all():
    def watched(film: str, at: str, furthest: float, finished: bool = False) -> dict:
        event = {"id": f"{film}{at}", "at": f"2026-11-{at}T09:00:00.000Z", "type": "watched", "quiz": f"film-{film}"}
        return event | {"film": film, "at_s": 1, "furthest_s": furthest, "duration_s": 60, "finished": finished}

    events = [
        watched("a", "02", 20), watched("a", "01", 40), watched("b", "03", 60, finished=True),
        watched("b", "05", 60, finished=True), watched("b", "06", 2), {**watched("c", "07", 1), "furthest_s": None},
    ]  # fmt: skip
    script = 'import { filmsWatched } from "./learning.js"; done([...filmsWatched(data)]);'
    assert run(script, events) == [
        ["a", {"furthest_s": 40, "duration_s": 60, "finished": None}],
        ["b", {"furthest_s": 60, "duration_s": 60, "finished": "2026-11-03T09:00:00.000Z"}],
    ]


def test_times_are_written_as_the_pages_write_them():
    script = 'import { clock, begun } from "./film-lines.js"; done([data.map(clock), [0, 2.96, 3, 99].map((t) => begun([0.5, 3], t))]);'
    assert run(script, [0, 9.9, 61, 600]) == [["0:00", "0:09", "1:01", "10:00"], [-1, 1, 1, 1]]
