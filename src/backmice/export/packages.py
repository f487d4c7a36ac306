"""Ready packages: each quiz and the whole bank for each target, made again only when what decides them has changed."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from multiprocessing import get_context, parent_process
from pathlib import Path
from signal import SIG_DFL, SIGINT, signal
from threading import Thread

from backmice.assets import LITERATA_LATIN, plotly_bundle, write_whole
from backmice.evidence.ledger import Ledger, load_ledger
from backmice.export.paper import WHOLE, ExportError, Paper, choose
from backmice.export.target import TARGETS
from backmice.imports import imported
from backmice.items.blueprint import Blueprints, load_blueprints
from backmice.items.load import Bank, load_bank
from backmice.items.model import Landmark

#: The whole bank on paper would be hundreds of sheets that nobody sits.
NOT_WHOLE = {"paper"}
TOOLS = ("fonttools", "genanki", "lxml", "pillow", "python-docx", "reportlab")
#: Up to so many files are made at once; a pool, which has to read the bank anew, takes longer to begin.
FEW = 24
WORKERS = 4


@dataclass(frozen=True)
class Course:
    """What packages are made from, read once; `root` is the course's folder."""

    root: Path
    ledger: Ledger
    bank: Bank
    blueprints: Blueprints

    def paper(self, name: str) -> Paper:
        """Return a quiz, a topic or the whole bank."""
        return choose(self.root, self.bank, self.blueprints, name, ledger=self.ledger)


@dataclass(frozen=True)
class Package:
    """The paper that is called `paper`, for a target; `digest` tells all that decides its bytes."""

    paper: str
    target: str
    digest: str

    @property
    def name(self) -> str:
        """What a reader saves it as."""
        return f"{self.paper}-{self.target}.{TARGETS[self.target].ending}"

    @property
    def file(self) -> str:
        """What it is called beside the book: a name that changes with its content."""
        return f"{self.paper}-{self.target}-{self.digest}.{TARGETS[self.target].ending}"


def names(course: Course) -> list[str]:
    """Return what there are packages of: the whole bank, each quiz, and each topic without a quiz of its name."""
    return list(dict.fromkeys((WHOLE, *course.bank.quizzes, *sorted({i.topic for i in course.bank.items.values()}))))


def packages(course: Course) -> list[Package]:
    """Return every package there should be.

    Raises
    ------
    ExportError
        If a picture can't be read.
    """
    others, found = _others(course.root), []
    code, own = cache(_code), cache(_own)
    beside = cache(lambda read, figures: read(course.root, course.ledger, figures))
    for name in names(course):
        paper = course.paper(name)
        content = _content(paper)
        figures = tuple(sorted({item.figure for item in paper.items if isinstance(item, Landmark)}))
        for id_, target in TARGETS.items():
            if name != WHOLE or id_ not in NOT_WHOLE:
                ours = code(target.content.__module__), own(target.takes)
                decides = (*ours, others, content, beside(target.beside, figures))
                digest = sha256(b"\0".join(decides)).hexdigest()[:10]
                found.append(Package(name, id_, digest))
    return found


def _code(module: str) -> bytes:
    """Return a digest of our Python that a target's module runs."""
    return sha256(b"\0".join(path.read_bytes() for path in imported(module).values())).digest()


def _own(takes: Callable[[], Iterable[Path]]) -> bytes:
    """Return a digest of our other files that a target takes."""
    return sha256(b"\0".join(path.read_bytes() for path in sorted(takes()))).digest()


def _others(root: Path) -> bytes:
    """Return a digest of what others made: versions of their code, and what npm brought."""
    theirs = [importlib.metadata.version(name) for name in TOOLS]
    paths = [root / LITERATA_LATIN, plotly_bundle(root)[0]]
    files = [path.read_bytes() if path.is_file() else b"" for path in paths]
    return sha256(b"\0".join([repr(theirs).encode(), *files])).digest()


def _content(paper: Paper) -> bytes:
    """Return all that a paper says, with the claims that its items rest on."""
    claims = [paper.ledger.claims[id_] for id_ in sorted({id_ for item in paper.items for id_ in item.all_claims()})]
    titles = sorted({item.topic: paper.topic(item) for item in paper.items}.items())
    said = [model.model_dump_json() for model in (*paper.items, *claims)]
    return repr((paper.id, paper.title, titles, said, paper.ledger.sources_of(claims), dict(paper.pictures))).encode()


class Making:
    """Packages that are being written into a folder: many at once by several processes, few when they are asked for.

    Gives each in its order, when its file is there, with "" or why it can't be made.
    """

    def __init__(self, course: Course, wanted: Sequence[Package], folder: Path) -> None:
        self.wanted = wanted
        self._pool = None
        if len(wanted) <= FEW:
            self._made = (_write(course, folder, package) for package in wanted)
            return
        # A process of its own, not a fork: builds have threads that run notebooks.
        workers = min(WORKERS, os.cpu_count() or 1)
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), _read, (course.root,))
        self._made = self._pool.map(partial(_write_there, folder), wanted)

    def __iter__(self) -> Iterator[tuple[Package, str]]:
        return zip(self.wanted, self._made, strict=True)

    def end(self) -> None:
        """Begin no further package, and wait for those that are begun."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def _write(course: Course, folder: Path, package: Package) -> str:
    try:
        content = TARGETS[package.target].content(course.paper(package.paper))
    except ExportError as error:
        return str(error)
    write_whole(folder / package.file, content)
    return ""


_course: list[Course] = []


def _read(root: Path) -> None:
    """Read the course in a process of a pool, which ends when the build is ended, and at once when it is interrupted."""
    signal(SIGINT, SIG_DFL)
    Thread(target=_follow, daemon=True).start()
    ledger = load_ledger(root)
    _course.append(Course(root, ledger, load_bank(root, ledger), load_blueprints(root)))


def _follow() -> None:
    parent_process().join()
    os._exit(1)


def _write_there(folder: Path, package: Package) -> str:
    return _write(_course[0], folder, package)
