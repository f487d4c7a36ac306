"""Questions of jupyterquiz, in JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from backmice.intake.question import Answer, Question, squash
from backmice.located import Model, parse_yaml


class _Loose(Model):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)


class _Given(_Loose):
    """An answer; a number, a range or, if it is neither, what is told for all other numbers."""

    answer: str = ""
    code: str = ""
    type: Literal["value", "range", "default"] | None = None
    value: float | None = None
    range: tuple[float, float] | None = None
    correct: bool = False
    feedback: str = ""


class _Asked(_Loose):
    question: str
    type: Literal["many_choice", "multiple_choice", "numeric", "string"]
    code: str = ""
    precision: int | None = None
    answers: tuple[_Given, ...]


def read(content: bytes, file: str) -> list[Question]:
    """Return the questions of a file.

    Raises
    ------
    LocatedError
        If it is not JSON, or not a list of questions.
    """
    document = parse_yaml(content.decode("utf-8-sig", "replace"), file)
    asked = document.parse(tuple[_Asked, ...])
    return [_question(question, document.line((n,)), n + 1) for n, question in enumerate(asked)]


def _question(asked: _Asked, line: int, number: int) -> Question:
    lost = ["code in the question or its answers"] if asked.code or any(a.code for a in asked.answers) else []
    kind = {"many_choice": "multiple", "multiple_choice": "single", "numeric": "numeric"}.get(asked.type, "unknown")
    if kind == "unknown":
        lost.append("a question that asks for words")
    if kind == "multiple" and sum(answer.correct for answer in asked.answers) == 1:
        kind = "single"
    numbers = [answer for answer in asked.answers if answer.value is not None or answer.range is not None]
    answers = [_number(a, asked.precision) for a in numbers] if kind == "numeric" else [
        Answer(squash(answer.answer or answer.code), float(answer.correct), squash(answer.feedback)) for answer in asked.answers
    ]  # fmt: skip
    name = f"question-{number}"
    return Question(kind, name, line, [squash(asked.question)], answers, lost=lost)


def _number(given: _Given, precision: int | None) -> Answer:
    if given.range is not None:
        low, high = given.range
        value, tolerance = (low + high) / 2, abs(high - low) / 2
    else:
        value, tolerance = given.value or 0.0, 0.0 if precision is None else 0.5 * 10.0**-precision
    return Answer("", float(given.correct), squash(given.feedback), value=value, tolerance=tolerance)
