"""Grading from file to folder, and the lines that tell of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from backmice.analysis.simulate import LABEL
from backmice.assign import assignment as assigning
from backmice.assign import reported
from backmice.assign.exported import exported
from backmice.assign.handed import Pile, read
from backmice.assign.report import write
from backmice.assign.simulate import miskeyed, sealed_class
from backmice.export.paper import Paper


class GradeError(Exception):
    """What was asked for can't be graded; the words say what can."""


def run(
    path: Path,
    results: Sequence[Path],
    out: Path,
    *,
    simulate: int | None = None,
    feedback: bool = True,
    book: str | None = None,
) -> Iterator[str]:
    """Grade, and yield a line for each thing to look at and for what was written.

    Parameters
    ----------
    simulate
        Grade so many made-up students instead of results, with two keys wrong.

    Raises
    ------
    GradeError
        If there are both results and a simulated class, or neither.
    LocatedError
        If the assignment can't be read.
    """
    if bool(results) == bool(simulate):
        raise GradeError("Name what students handed in, or make a class up with --simulate; one of them")
    assignment = assigning.load(path)
    if not simulate:
        yield from _grade(assignment, read(assignment, results), out, feedback=feedback, book=book)
        return
    planted, wrong = miskeyed(assignment.model_copy(update={"roster": {}}))  # nobody on the list sat this
    with tempfile.TemporaryDirectory() as name:
        for file, content in sealed_class(assignment, simulate):
            (Path(name) / file).write_bytes(content)
        told = f"{LABEL}; the keys of {' and '.join(wrong)} were made wrong" if wrong else LABEL
        yield f"{told}."
        pile = read(planted, [Path(name)])
        yield from _grade(planted, pile, out, feedback=feedback, book=book, label=told)


def run_reported(
    paper: Paper,
    passages: Mapping[str, assigning.Passage],
    results: Sequence[Path],
    out: Path,
    *,
    feedback: bool = True,
    book: str | None = None,
) -> Iterator[str]:
    """Grade what a platform reported of a paper that was exported to it, and yield lines as `run` does.

    Raises
    ------
    GradeError
        If there is no report.
    """
    if not results:
        raise GradeError("Name the report that the platform gave you")
    quiz = exported(paper, passages)
    yield from _grade(quiz.assignment, reported.read(quiz, results), out, feedback=feedback, book=book)


def _grade(
    assignment: assigning.Assignment,
    pile: Pile,
    out: Path,
    *,
    feedback: bool,
    book: str | None,
    label: str = "",
) -> Iterator[str]:
    graded = write(assignment, pile, out, book=book, feedback=feedback, label=label)
    yield from map(str, pile.odd)
    students = "1 student" if len(graded) == 1 else f"{len(graded)} students"
    yield f"{out / 'index.html'} ({students}, {len(pile.odd)} to look at)"
