"""When items come back: our FSRS against its makers' package, and what the queue makes of a history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from fsrs import Card, Rating, Scheduler
from javascript import run

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
GAPS_HOURS = (0.2, 5, 23, 24, 30, 72, 24 * 10, 24 * 45, 24 * 400)


def histories(count: int) -> list[list[tuple[int, datetime]]]:
    """Return reviews as (rating, time): each first rating and second one at each gap, then longer ones by chance."""
    found = [
        [(first, START), (second, START + timedelta(hours=gap))]
        for first in (1, 2, 3, 4)
        for second in (1, 2, 3, 4)
        for gap in GAPS_HOURS
    ]
    random = Random(6)
    for _ in range(count):
        when, history = START, []
        for _ in range(random.randint(1, 25)):
            history.append((random.randint(1, 4), when))
            when += timedelta(hours=random.choice(GAPS_HOURS) * random.uniform(0.5, 1.5))
        found.append(history)
    return found


def expected(history: list[tuple[int, datetime]]) -> dict[str, Any]:
    card = Card()
    for rating, when in history:
        card, _ = SCHEDULER.review_card(card, Rating(rating), when)
    later = card.last_review + timedelta(days=17)
    return {
        "stability": card.stability,
        "difficulty": card.difficulty,
        "days": (card.due - card.last_review).days,
        "recall": SCHEDULER.get_card_retrievability(card, later),
    }


def test_schedules_equal_those_of_the_makers():
    given = histories(400)
    data = [[{"rating": rating, "at": when.timestamp() * 1000} for rating, when in history] for history in given]
    got = run(
        """
        import { retrievability, schedule } from "./fsrs.js";
        done(data.map((history) => {
          const { stability, difficulty, at, due } = schedule(history);
          const recall = retrievability({ stability, difficulty, at, due }, at + 17 * 86400000);
          return { stability, difficulty, days: (due - at) / 86400000, recall };
        }));
        """,
        data,
    )
    for history, ours in zip(given, got, strict=True):
        assert ours == pytest.approx(expected(history), rel=1e-9, abs=1e-9), history


def test_an_item_never_reviewed_has_no_schedule():
    assert run('import { schedule } from "./fsrs.js"; done(schedule([]));') is None


@pytest.mark.parametrize(
    ("points", "certainty", "rating"),
    [
        (0, None, 1), (0, "high", 1), (0.25, "low", 1), (0.5, None, 2), (0.75, "high", 2),
        (1, "low", 2), (1, None, 3), (1, "mid", 3), (1, "high", 4),
    ],
)  # fmt: skip
def test_rating_of_an_answer(points, certainty, rating):
    answer = {"points": points, "certainty": certainty}
    assert run('import { ratingOf } from "./review-queue.js"; done(ratingOf(data));', answer) == rating


def seen(item: str) -> dict[str, Any]:
    options = [[letter, letter.upper()] for letter in "abc"]
    facts = {"kind": "single", "topic": "t", "objective": "o", "level": "recall", "stem": "Which?", "revision": 1}
    return {"id": f"seen:{item}@1", "at": "2026-01-01T00:00:00.000Z", "type": "seen", "quiz": "", "item": item,
            "options": options, "key": ["a"]} | facts  # fmt: skip


def given(item: str, response: str, day: int, **more: str) -> dict[str, Any]:
    return {"id": f"{item}{day}", "at": f"2026-01-{day:02}T09:00:00.000Z", "type": "submission", "quiz": "q",
            "attempt": "p", "item": item, "revision": 1, "response": [response]} | more  # fmt: skip


def test_what_was_wrong_or_guessed_comes_back_before_what_was_known():
    events = [seen(item) for item in ("wrong", "guessed", "known", "sure", "gone")]
    events += [given("wrong", "b", 1), given("guessed", "a", 1, certainty="low"), given("known", "a", 1)]
    events += [given("sure", "a", 1, certainty="high"), given("gone", "b", 1)]
    queue = run(
        """
        import { dueNow, reviewQueue, shaky } from "./review-queue.js";
        const queue = reviewQueue(data, (item) => item !== "gone");
        const day = (n) => Date.parse("2026-01-01T09:00:00.000Z") + n * 86400000;
        const days = queue.map(({ item, due, why }) => [item, (due - day(0)) / 86400000, why]);
        const names = (list) => list.map(({ item }) => item);
        done({ days, due: names(dueNow(queue, day(2))), shaky: names(shaky(queue, day(0))) });
        """,
        events,
    )
    assert queue == {
        "days": [["guessed", 1, "guessed"], ["wrong", 1, "wrong"], ["known", 2, "known"], ["sure", 8, "known"]],
        "due": ["guessed", "wrong", "known"],
        "shaky": ["guessed", "wrong"],
    }


def test_an_answer_given_with_the_key_still_in_mind_changes_no_schedule():
    first, retry = given("lump", "b", 1), given("lump", "a", 1) | {"id": "retry", "at": "2026-01-01T09:05:00.000Z"}
    script = 'import { reviewQueue } from "./review-queue.js"; done(reviewQueue(data, () => true));'
    assert run(script, [seen("lump"), first, retry]) == run(script, [seen("lump"), first])
