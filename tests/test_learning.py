"""The sums over the log: what was handed in, what it was worth, how sure anyone can be of it."""

from __future__ import annotations

from typing import Any

import pytest
from javascript import run

DAY = "2026-11-22"
INDEX = {
    "items": {
        "lump-001": {"objective": "size-a-lump"},
        "lump-002": {"objective": "size-a-lump"},
        "nerve-001": {"objective": "name-the-nerves"},
    },
    "objectives": {
        "size-a-lump": {"words": "size a lump", "page": "book/lump.html", "anchor": "size-a-lump", "lesson": "Lumps"},
        "name-the-nerves": {"words": "name them", "page": "book/nerve.html", "anchor": "n", "lesson": "Nerves"},
    },
    "lessons": [],
}


def at(hour: float, day: int = 22) -> str:
    return f"2026-11-{day:02}T{int(hour):02}:{round(hour % 1 * 60):02}:00.000Z"


def seen(item: str, revision: int = 1, key: Any = ("a",), kind: str = "single", **more: Any) -> dict[str, Any]:
    options = [[letter, letter.upper()] for letter in "abcd"]
    event = {
        "id": f"seen:{item}@{revision}",
        "at": at(0),
        "type": "seen",
        "quiz": "",
        "item": item,
        "revision": revision,
    }
    objective = {"lump": "size-a-lump", "nerve": "name-the-nerves"}.get(item.split("-")[0], "an-older-objective")
    facts = {"kind": kind, "topic": "t", "objective": objective, "level": "recall", "stem": "Which?"}
    return event | facts | {"options": options, "key": list(key)} | more


def given(item: str, response: str, when: str, attempt: str = "p", revision: int = 1, **more: Any) -> dict[str, Any]:
    event = {"id": f"{item} {when}", "at": when, "type": "submission", "quiz": "q", "attempt": attempt}
    return event | {"item": item, "revision": revision, "response": list(response)} | more


def attempt(id_: str, mode: str | None, when: str = at(1), items: int = 2) -> dict[str, Any]:
    drawn = [{"id": f"lump-{i + 1:03}", "revision": 1, "options": list("abcd")} for i in range(items)]
    event = {"id": id_, "at": when, "type": "attempt", "quiz": "q", "items": drawn}
    return event | ({"mode": mode} if mode else {})


def end(id_: str, when: str, why: str = "handed-in") -> dict[str, Any]:
    return {"id": f"end {id_}", "at": when, "type": "end", "quiz": "q", "attempt": id_, "why": why}


def answers(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return run('import { answers } from "./learning.js";\ndone(answers(data));', events)


def short(events: list[dict[str, Any]]) -> list[tuple[str, str, float | None, bool]]:
    return [(a["item"], "".join(a["response"]), a["points"], a["isFirstTry"]) for a in answers(events)]


def mastery(events: list[dict[str, Any]], index: Any = INDEX) -> list[dict[str, Any]]:
    script = 'import { answers, mastery } from "./learning.js";\ndone(mastery(answers(data.events), data.index));'
    return run(script, {"events": events, "index": index})


def test_an_answer_holds_what_was_given_and_its_points():
    assert answers([seen("lump-001"), given("lump-001", "a", at(9), certainty="mid")]) == [
        {
            "item": "lump-001",
            "revision": 1,
            "objective": "size-a-lump",
            "at": "2026-11-22T09:00:00.000Z",
            "attempt": "p",
            "mode": "practice",
            "response": ["a"],
            "certainty": "mid",
            "points": 1,
            "isFirstTry": True,
        }
    ]


@pytest.mark.parametrize(
    ("facts", "response", "points"),
    [
        (seen("i"), ["a"], 1),
        (seen("i"), ["b"], 0),
        (seen("i", kind="multiple", key="ab"), ["a"], 0.5),
        (seen("i", kind="ordering", key="badc"), ["b", "a", "c", "d"], 0.333333333),
        (seen("i", kind="matching", key=["x=a", "y=b"]), ["x=a"], 0.5),
        (seen("i", kind="landmark"), ["a"], 1),
        (seen("i", kind="numeric", options=[]) | {"key": {"value": 40, "tolerance": 0.5, "unit": "mg", "units": {"mg": 1}}},
         ["40.5", "mg"], 1),
        (seen("i", revision=2), ["a"], None),  # what revision 1 was is not known
        (seen("i"), ["z"], None),  # could not have been given
        (seen("i", kind="essay"), ["a"], None),
        (seen("i") | {"options": 7}, ["a"], None),
    ],
)  # fmt: skip
def test_points_come_from_the_item_as_it_was(facts, response, points):
    assert [a["points"] for a in answers([facts, given("i", "", at(9)) | {"response": response}])] == [points]


def test_an_item_edited_since_keeps_its_mark():
    events = [seen("lump-001"), given("lump-001", "a", at(9)), seen("lump-001", 2, key="b")]
    assert short(events) == [("lump-001", "a", 1, True)]


def test_an_answer_soon_after_the_key_was_shown_is_no_first_try():
    events = [
        seen("lump-001"),
        *(given("lump-001", r, at(h, d)) for r, h, d in [("b", 9, 1), ("a", 20.9, 1), ("a", 9, 2)]),
    ]
    assert short(events) == [
        ("lump-001", "b", 0, True),
        ("lump-001", "a", 1, False),
        ("lump-001", "a", 1, True),
    ]


def test_of_an_exam_the_last_before_its_end_counts():
    events = [seen("lump-001"), seen("lump-002"), attempt("e", "exam")]
    events += [given("lump-001", r, at(h), "e") for r, h in [("b", 2), ("c", 3), ("a", 4), ("d", 6)]]
    events += [given("lump-002", "a", at(3.5), "e"), end("e", at(5))]
    assert short(events) == [("lump-002", "a", 1, True), ("lump-001", "a", 1, True)]


def test_an_exam_not_handed_in_tells_nothing():
    assert short([seen("lump-001"), attempt("e", "exam"), given("lump-001", "a", at(2), "e")]) == []


def test_the_key_of_an_exam_is_shown_at_its_end():
    events = [
        seen("lump-001"),
        attempt("e", "exam", at(0, 1)),
        given("lump-001", "b", at(0.1, 1), "e"),
        end("e", at(3, 1)),
    ]
    assert short([*events, given("lump-001", "a", at(14, 1))])[1] == ("lump-001", "a", 1, False)
    assert short([*events, given("lump-001", "a", at(15, 1))])[1] == ("lump-001", "a", 1, True)


def test_older_events_without_mode_are_practice():
    assert [a["mode"] for a in answers([attempt("p", None), given("lump-001", "a", at(9))])] == ["practice"]


def test_an_answer_taken_back_is_none():
    events = [
        seen("lump-001"),
        attempt("e", "exam"),
        given("lump-001", "a", at(2), "e"),
        given("lump-001", "", at(3), "e"),
    ]
    assert short([*events, end("e", at(4))]) == []
    assert short([seen("lump-001"), given("lump-001", "", at(2))]) == []


def test_first_and_latest_of_each_item():
    events = [
        seen("lump-001"),
        given("lump-001", "c", at(9, 3)),
        given("lump-001", "b", at(9, 2)),
        given("lump-001", "a", at(9, 1)),
    ]
    script = """import { answers, byItem } from "./learning.js";
      done([...byItem(answers(data))].map(([id, { first, latest }]) => [id, first.response, latest.response]));"""
    assert run(script, events) == [["lump-001", ["a"], ["c"]]]


def test_mastery_takes_the_latest_first_try_of_each_item():
    events = [seen("lump-001"), seen("lump-002", kind="multiple", key="ab")]
    events += [given("lump-001", "b", at(9, 1)), given("lump-001", "a", at(9, 2)), given("lump-001", "b", at(10, 2))]
    events += [given("lump-002", "a", at(9, 1))]
    assert mastery(events) == [
        {"id": "size-a-lump", "items": 2, "count": 2, "points": 1.5, "interval": None},
        {"id": "name-the-nerves", "items": 1, "count": 0, "points": 0, "interval": None},
    ]


def test_four_items_are_too_few_and_five_enough():
    index = INDEX | {"items": {f"lump-{i}": {"objective": "size-a-lump"} for i in range(5)}}
    events = [e for i in range(5) for e in (seen(f"lump-{i}"), given(f"lump-{i}", "a", at(9)))]
    (four, _), (five, _) = mastery(events[:-1], index), mastery(events, index)
    assert (four["count"], four["interval"]) == (4, None)
    assert five["count"] == 5
    assert five["interval"] == {"low": pytest.approx(0.565518, abs=1e-6), "high": 1}


def test_without_index_what_was_answered_is_told():
    assert mastery([seen("lump-001"), given("lump-001", "a", at(9))], None) == [
        {"id": "size-a-lump", "items": None, "count": 1, "points": 1, "interval": None}
    ]


def test_an_objective_the_course_has_dropped_keeps_its_points():
    rows = mastery([seen("gone-001"), given("gone-001", "a", at(9))])
    assert rows[2] == {"id": "an-older-objective", "items": None, "count": 1, "points": 1, "interval": None}


def test_calibration_counts_first_tries_with_a_certainty():
    events = [seen("lump-001"), seen("lump-002"), seen("nerve-001", kind="multiple", key="ab")]
    events += [given("lump-001", "b", at(9), certainty="high"), given("lump-001", "a", at(10), certainty="high")]
    events += [given("lump-002", "a", at(9), certainty="low"), given("nerve-001", "a", at(9), certainty="low")]
    rows = run('import { answers, calibration } from "./learning.js";\ndone(calibration(answers(data)));', events)
    assert [(row["certainty"], row["right"], row["count"]) for row in rows] == [
        ("low", 1, 2),
        ("mid", 0, 0),
        ("high", 0, 1),
    ]
    assert rows[1]["interval"] is None


def test_pages_read_once_each():
    read = [
        {"id": f"r{i}", "at": at(h), "type": "read", "quiz": "", "page": p}
        for i, (p, h) in enumerate([("book/b", 9), ("book/a", 7), ("book/b", 8)])
    ]
    assert run('import { pagesRead } from "./learning.js";\ndone([...pagesRead(data)]);', read) == [
        ["book/a", at(7)],
        ["book/b", at(8)],
    ]


def test_exams_with_their_points():
    events = [seen("lump-001"), attempt("e", "exam", items=3), given("lump-001", "a", at(2), "e")]
    events += [
        given("lump-002", "a", at(3), "e"),
        end("e", at(4), "time"),
        attempt("f", "exam", at(5)),
        attempt("p", "practice"),
    ]
    assert run('import { exams } from "./learning.js";\ndone(exams(data));', events) == [
        {"id": "f", "quiz": "q", "at": at(5), "end": None, "why": "", "points": None, "of": 2, "interval": None,
         "answered": 0, "unmarked": 0},
        {"id": "e", "quiz": "q", "at": at(1), "end": at(4), "why": "time", "points": 1, "of": 3, "interval": None,
         "answered": 2, "unmarked": 1},
    ]  # fmt: skip


def test_rubbish_in_the_log_does_no_harm():
    base = {"id": "x", "at": "soon", "type": "submission", "quiz": "", "item": "lump-001", "revision": 1}
    events = [
        base,
        base | {"response": 7},
        base | {"response": ["a"]},
        {"id": "y", "at": "", "type": "seen", "quiz": ""},
    ]
    assert [a["points"] for a in answers(events)] == [None]
    assert mastery([seen("__proto__"), given("__proto__", "a", at(9))])[2]["points"] == 1


def wilson(rows: list[tuple[float, int]]) -> list[dict[str, float] | None]:
    return run('import { wilson } from "./wilson.js";\ndone(data.map(([points, n]) => wilson(points, n)));', rows)


# Newcombe, Stat Med 1998;17:857-872, table I, method 3 (score, without continuity correction).
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]


def test_wilson_interval_as_published():
    found = wilson([(points, n) for points, n, *_ in NEWCOMBE])
    assert [(round(i["low"], 4), round(i["high"], 4)) for i in found] == [(low, high) for *_, low, high in NEWCOMBE]


def score_limit(points: float, n: int, inside: float, outside: float) -> float:
    """Return the share at which the score test of `points` of `n` just rejects, found by halving."""
    for _ in range(200):
        middle = (inside + outside) / 2
        rejects = (points / n - middle) ** 2 > 3.841458820694124 * middle * (1 - middle) / n
        inside, outside = (inside, middle) if rejects else (middle, outside)
    return inside


def test_wilson_interval_holds_every_share_that_the_score_test_would_not_reject():
    rows = [(points / 2, n) for n in (1, 2, 5, 8, 30, 400) for points in range(0, 2 * n + 1, max(1, n // 7))]
    for (points, n), found in zip(rows, wilson(rows), strict=True):
        share = points / n
        limits = score_limit(points, n, share, 0), score_limit(points, n, share, 1)
        assert (found["low"], found["high"]) == pytest.approx(limits, abs=1e-9)


def test_nothing_has_no_interval():
    assert wilson([(0, 0)]) == [None]
