"""A class made up for an assignment, sealed as a real one would be: to show a report, and to try the whole way.

No student answered anything here, and whatever is made of it says so.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import exp

from backmice.assign.assignment import Assignment, Question
from backmice.assign.envelope import receipt, seal, to_text

CERTAINTIES = ("low", "mid", "high")
BEGUN = datetime(2026, 1, 5, 9, tzinfo=UTC)
MISKEYS = 2


def miskeyed(assignment: Assignment, seed: int = 1) -> tuple[Assignment, tuple[str, ...]]:
    """Return the assignment with the key of two items wrong, and which: what students know stays right.

    The wrong key is the first distractor, which draws most of those who don't know.
    """
    able = [q for q in assignment.questions if q.kind in ("single", "hotspot")]
    wrong = {q.id for q in random.Random(seed).sample(able, min(MISKEYS, len(able)))}
    questions = tuple(
        q.model_copy(update={"key": (_distractors(q)[0],)}) if q.id in wrong else q for q in assignment.questions
    )
    return assignment.model_copy(update={"questions": questions}), tuple(q.id for q in questions if q.id in wrong)


def sealed_class(assignment: Assignment, students: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Yield a file for each made-up student: its name and its content.

    Each student has an ability, each item a difficulty; who doesn't know takes a distractor, steps in another order,
    or the number of a slip.
    """
    rng = random.Random(seed)
    hard = {question.id: rng.gauss(0, 1) for question in assignment.questions}
    begun = assignment.opens or BEGUN
    for n in range(1, students + 1):
        ability, id_ = rng.gauss(0, 1), f"simulated-{n:05}"
        given, seconds = [], 0.0
        for question in assignment.questions:
            chance = 1 / (1 + exp(hard[question.id] - ability))
            took = round(rng.lognormvariate(3.4, 0.5))
            seconds += took
            response = _right(question) if rng.random() < chance else _wrong(question, rng)
            sure = CERTAINTIES[min(2, max(0, int(chance * 3 + rng.gauss(0, 0.4))))]
            answer = {"item": question.id, "response": response, "seconds": took}
            given.append({**answer, "certainty": sure} if assignment.certainty else answer)
        content = {
            "format": "backmice-responses", "version": 1, "assignment": assignment.id, "attempt": f"{seed}-{n}",
            "number": 1, "student": {"id": id_, "name": f"Simulated Student {n:05}"}, "begun": begun.isoformat(),
            "ended": (begun + timedelta(seconds=seconds)).isoformat(), "why": "handed-in",
            "minutes": assignment.minutes, "added": 0, "given": given,
        }  # fmt: skip
        yield f"{assignment.id}-{id_}-1.json", envelope(assignment, content)


def envelope(assignment: Assignment, content: object) -> bytes:
    """Return the file that the student's page would save for `content`."""
    sealed = seal(json.dumps(content).encode(), assignment.public_key)
    outer = {
        "format": "backmice-handed-in", "version": 1, "assignment": assignment.id, "bytes": len(sealed),
        "receipt": receipt(sealed), "sealed": to_text(sealed),
    }  # fmt: skip
    return json.dumps(outer).encode()


def _right(question: Question) -> list[str]:
    key = question.key
    return [f"{key['value']:.9f}".rstrip("0").rstrip("."), key["unit"]] if isinstance(key, dict) else list(key)


def _wrong(question: Question, rng: random.Random) -> list[str]:
    if isinstance(question.key, dict):
        slip = rng.choice(question.slips)
        return [f"{slip.value:.9f}".rstrip("0").rstrip("."), question.key["unit"]]
    options = list(question.option_ids())
    match question.kind:
        case "ordering":
            rng.shuffle(options)
            return options
        case "matching":
            return [f"{case.id}={rng.choice(options)}" for case in question.cases]
        case "multiple":
            return rng.sample(options, len(question.key))
    distractors = _distractors(question)
    return rng.choices(distractors, [0.5**n for n in range(len(distractors))])


def _distractors(question: Question) -> list[str]:
    return [id_ for id_ in question.option_ids() if id_ not in question.key]
