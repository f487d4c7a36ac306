"""The targets, what each loses, and how files are written for several at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from backmice.assets import write_whole
from backmice.export import gift, moodle, qti, qti12, qti_package, tables
from backmice.export.anki import package as anki
from backmice.export.loss import Loss
from backmice.export.paper import Paper
from backmice.export.scorm import package as scorm
from backmice.export.sheets import package as sheets


@dataclass(frozen=True)
class Target:
    """A format.

    Attributes
    ----------
    content
        Returns the file; the same paper gives the same bytes.
    losses
        How each kind of item is written.
    ending
        Of the file's name.
    """

    content: Callable[[Paper], bytes]
    losses: Mapping[str, Loss]
    ending: str = "zip"


TARGETS = {
    "moodle": Target(moodle.content, moodle.LOSSES, "xml"),
    "gift": Target(gift.content, gift.LOSSES, "gift"),
    "qti12": Target(qti12.content, qti12.LOSSES),
    "qti21": Target(qti_package.qti21_content, qti.LOSSES),
    "qti30": Target(qti_package.qti30_content, qti.LOSSES),
    "csv": Target(tables.csv_content, tables.CSV_LOSSES, "csv"),
    "json": Target(tables.json_content, tables.JSON_LOSSES, "json"),
    "paper": Target(sheets.content, sheets.LOSSES),
    "anki": Target(anki.content, anki.LOSSES, "apkg"),
    "scorm12": Target(scorm.content_12, scorm.LOSSES_12),
    "scorm2004": Target(scorm.content_2004, scorm.LOSSES_2004),
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
    """Return a line for each target and kind: how the kind is written and what is lost."""
    rows = []
    kinds = list(kinds)
    for name in names:
        for kind in kinds:
            loss = TARGETS[name].losses[kind]
            rows.append(f"{name:10}{kind:10}{loss.how:10}{loss.why}".rstrip())
    return "\n".join(rows)
