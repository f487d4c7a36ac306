"""The targets, what each loses, and how files are written for several at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from backmice.anatomy.drawn import made_of
from backmice.assets import write_whole
from backmice.evidence.ledger import Ledger
from backmice.export import gift, moodle, qti, qti12, qti_package, tables
from backmice.export.anki import package as anki
from backmice.export.anki.looks import TOKENS
from backmice.export.loss import Loss
from backmice.export.paper import Paper
from backmice.export.scorm import chapter
from backmice.export.scorm import package as scorm
from backmice.export.sheets import package as sheets


@dataclass(frozen=True)
class Target:
    """A format.

    Attributes
    ----------
    title
        What people call it.
    content
        Returns the file; the same paper gives the same bytes.
    losses
        How each kind of item is written.
    ending
        Of the file's name.
    beside
        Returns what decides the file beside the paper's items, their claims and our own code, by the course's folder,
        its ledger and the ids of the figures that the items show.
    takes
        Returns the files of `backmice` that go into the packages or shape them, beside Python.
    lesson
        How the parts of a lesson are written, by a target that takes one.
    """

    title: str
    content: Callable[[Paper], bytes]
    losses: Mapping[str, Loss]
    ending: str = "zip"
    beside: Callable[[Path, Ledger, tuple[str, ...]], bytes] = lambda root, ledger, figures: b""
    takes: Callable[[], Iterable[Path]] = tuple
    lesson: Mapping[str, Loss] = field(default_factory=dict)


_SCORM = {"beside": made_of, "takes": scorm.takes, "lesson": chapter.LOSSES}
TARGETS = {
    "moodle": Target("Moodle XML", moodle.content, moodle.LOSSES, "xml"),
    "gift": Target("GIFT", gift.content, gift.LOSSES, "gift"),
    "qti12": Target("QTI 1.2", qti12.content, qti12.LOSSES),
    "qti21": Target("QTI 2.1", qti_package.qti21_content, qti.LOSSES),
    "qti30": Target("QTI 3.0", qti_package.qti30_content, qti.LOSSES),
    "csv": Target("CSV", tables.csv_content, tables.CSV_LOSSES, "csv"),
    "json": Target("JSON", tables.json_content, tables.JSON_LOSSES, "json"),
    "paper": Target("Paper", sheets.content, sheets.LOSSES),
    "anki": Target("Anki", anki.content, anki.LOSSES, "apkg", anki.beside, takes=lambda: (TOKENS,)),
    "scorm12": Target("SCORM 1.2", scorm.content_12, scorm.LOSSES_12, **_SCORM),
    "scorm2004": Target("SCORM 2004", scorm.content_2004, scorm.LOSSES_2004, **_SCORM),
}


PROCESSES = 2
LONGEST = "paper"  # takes as long as all others, so it is begun first


@dataclass(frozen=True)
class Written:
    """A file, its size in bytes, and the seconds that it took."""

    file: Path
    size: int
    seconds: float


def write(paper: Paper, files: Mapping[str, Path]) -> Iterator[Written]:
    """Write a paper for each target into its file, and yield them in that order as they are done.

    Several are written by two processes.

    Parameters
    ----------
    files
        Where to, by the name of the target.

    Raises
    ------
    ExportError
        If a target can't hold the paper, or a picture is none.
    LocatedError
        If a figure has faults.
    OSError
        If a file can't be written.
    """
    if len(files) == 1:
        yield from (_write(paper, name, file) for name, file in files.items())
        return
    # Begun anew, not forked: a fork takes locks over, but not the threads that hold them.
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as processes:
        begun = {
            name: processes.submit(_write, paper, name, files[name])
            for name in sorted(files, key=lambda name: name != LONGEST)
        }
        try:
            yield from (begun[name].result() for name in files)
        finally:
            processes.shutdown(cancel_futures=True)


def _write(paper: Paper, name: str, file: Path) -> Written:
    began = time.perf_counter()
    content = TARGETS[name].content(paper)
    write_whole(file, content)
    return Written(file, len(content), time.perf_counter() - began)


def loss_table(names: Iterable[str], kinds: Iterable[str]) -> str:
    """Return a line for each target and kind of item, or part of a lesson: how it is written and what is lost."""
    rows = []
    kinds = list(kinds)
    for name in names:
        for kind in kinds:
            loss = {**TARGETS[name].losses, **TARGETS[name].lesson}[kind]
            rows.append(f"{name:10}{kind:10}{loss.how:10}{loss.why}".rstrip())
    return "\n".join(rows)
