"""Grading from file to folder, and the lines that tell of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from backmice.analysis.simulate import LABEL
from backmice.assign import assignment as assigning
from backmice.assign.handed import read
from backmice.assign.report import write
from backmice.assign.simulate import miskeyed, sealed_class


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
        yield from _grade(assignment, results, out, feedback=feedback, book=book)
        return
    planted, wrong = miskeyed(assignment.model_copy(update={"roster": {}}))  # nobody on the list sat this
    with tempfile.TemporaryDirectory() as name:
        for file, content in sealed_class(assignment, simulate):
            (Path(name) / file).write_bytes(content)
        told = f"{LABEL}; the keys of {' and '.join(wrong)} were made wrong" if wrong else LABEL
        yield f"{told}."
        yield from _grade(planted, [Path(name)], out, feedback=feedback, book=book, label=told)


def _grade(
    assignment: assigning.Assignment,
    results: Sequence[Path],
    out: Path,
    *,
    feedback: bool,
    book: str | None,
    label: str = "",
) -> Iterator[str]:
    pile = read(assignment, results)
    graded = write(assignment, pile, out, book=book, feedback=feedback, label=label)
    yield from map(str, pile.odd)
    students = "1 student" if len(graded) == 1 else f"{len(graded)} students"
    yield f"{out / 'index.html'} ({students}, {len(pile.odd)} to look at)"
