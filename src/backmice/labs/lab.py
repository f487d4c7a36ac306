"""A lab's tasks: an answer gets a sentence and a score, and never the answer.

The keys hold digests of the values that count, not the values, so that who reads this package does not
read the answers by the way. Who wants to can still find them by trying: that is all it is meant to stop.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

KEYS = Path(__file__).with_name("keys.json")
#: An answer within so many tolerances is near, and worth half.
NEAR = 4
#: A tolerance is cut into so many steps, each with a digest of its own.
STEPS = 5
#: The kind of what a page around the notebook reads.
VERDICT = "application/vnd.backmice.verdict+json"
FORGETFUL = "Nothing given yet: put your answer in the cell and run it again."


class LabError(LookupError):
    """There is no such lab or task."""


@dataclass(frozen=True)
class Verdict:
    """What `check` says of one answer."""

    task: str
    sentence: str
    points: float
    of: float = 1.0
    #: Of an answer that counts: the lab, how many tasks it has, and a digest of what was given.
    lab: str = ""
    tasks: int = 0
    given: str = ""

    def __str__(self) -> str:
        return f"{self.task}: {self.sentence} {self.points:g} of {self.of:g}."

    def _repr_html_(self) -> str:
        state = "right" if self.points == self.of else "partly" if self.points else "open"
        return f'<p class="lab-verdict" data-state="{state}"><b>{escape(self.task)}.</b> {escape(self.sentence)} <b>{self.points:g} of {self.of:g}.</b></p>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return HTML, and for a page around the notebook what it keeps of an answer."""
        bundle: dict[str, Any] = {"text/plain": str(self), "text/html": self._repr_html_()}
        if self.given:
            kept = ("lab", "task", "points", "of", "tasks", "given")
            bundle[VERDICT] = {name: getattr(self, name) for name in kept}
        return bundle


class Lab:
    """The tasks of one lab, and what was scored so far.

    Parameters
    ----------
    id_
        The name of its notebook, without the ending.

    Raises
    ------
    LabError
        If there is no such lab.
    """

    def __init__(self, id_: str) -> None:
        keys = json.loads(KEYS.read_text(encoding="utf-8"))
        if id_ not in keys:
            raise LabError(f"no lab '{id_}'; one of: {', '.join(keys)}")
        self.id, self._tasks = id_, keys[id_]
        self._points: dict[str, float] = {}

    def check(self, task: str, answer: Any) -> Verdict:
        """Say how good an answer is.

        Parameters
        ----------
        answer
            A number in the task's unit, or a word that the task offers; None is not answered yet.

        Raises
        ------
        LabError
            If the lab has no such task.
        """
        if task not in self._tasks:
            raise LabError(f"no task '{task}' in {self.id}; one of: {', '.join(self._tasks)}")
        sentence, points = self._judge(task, self._tasks[task], answer)
        self._points[task] = points
        given = buckets(self._tasks[task], answer)
        digest = seal(self.id, task, given) if given is not None else ""
        return Verdict(task, sentence, points, lab=self.id, tasks=len(self._tasks), given=digest)

    def score(self) -> Verdict:
        """Sum up: the points of all tasks checked since the notebook was started."""
        points, of = sum(self._points.values()), float(len(self._tasks))
        missing = [task for task in self._tasks if not self._points.get(task)]
        left = f"Without points so far: {', '.join(missing)}." if missing else "All tasks have points."
        return Verdict(self.id, left, points, of)

    def _judge(self, task: str, key: dict[str, Any], answer: Any) -> tuple[str, float]:
        if answer is None or answer is ... or answer == "":
            return FORGETFUL, 0.0
        given = buckets(key, answer)
        if given is None:
            return f"This task wants {wanted(key)}.", 0.0
        digest = seal(self.id, task, given)
        for slip in key["slips"]:
            if digest in slip["digests"]:
                return slip["says"], 0.0
        if digest in key["right"]:
            return key["says"], 1.0
        if digest in key["near"]:
            return "Near, but outside what rounding explains: look at your figures and units again.", 0.5
        return key["otherwise"], 0.0


def buckets(key: dict[str, Any], answer: Any) -> str | None:
    """Return the step on which a number lies, or a word in its plain form; None where the kind is wrong."""
    if "words" in key:
        word = answer.strip().lower() if isinstance(answer, str) else None
        return word if word in key["words"] else None
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return None
    return str(math.floor(answer / key["step"] + 0.5))


def wanted(key: dict[str, Any]) -> str:
    """Return what a task asks for, in words."""
    if "words" in key:
        return f"one of these words, in quotes: {', '.join(key['words'])}"
    return f"a number in {key['unit']}, without the unit" if key["unit"] else "a number"


def seal(lab: str, task: str, answer: str) -> str:
    """Return the digest under which an answer is known; lab and task are its salt."""
    return sha256(f"{lab}|{task}|{answer}".encode()).hexdigest()[:20]
