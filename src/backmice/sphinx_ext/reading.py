"""Ledger, bank and chapters, kept as they were read: YAML takes a second, which an author would wait for at each build."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from sphinx.application import Sphinx

from backmice.imports import imported
from backmice.kept import digest, forget, kept

#: Beside the course, so that each build of it finds what was read.
KEPT = ".cache/read"
READERS = ("pydantic", "PyYAML", "pybtex")

T = TypeVar("T")


def as_read(root: Path, module: str, read: Callable[[], T], paths: Iterable[Path], *, beside: object = None) -> T:
    """Return what `read` does; it is called only when a file, our code or a reader of others has changed.

    Parameters
    ----------
    module
        Ours that reads.
    paths
        Of the files that are read; those that are not there count as such.
    beside
        What else decides the result; told apart by its `repr`.
    """
    files = repr([(str(path), path.read_bytes() if path.is_file() else None) for path in paths]).encode()
    name = digest([files, *readers(module), repr((str(root), beside)).encode()])
    return pickle.loads(kept(root / KEPT, f"{name}.pickle", lambda: pickle.dumps(read())))


@cache
def readers(module: str) -> tuple[bytes, ...]:
    """Return the code that reads: that of a module of ours and of all that it imports, and which code of others."""
    ours = (path.read_bytes() for path in imported(module).values())
    return (*ours, repr((sys.version, [version(name) for name in READERS])).encode())


def tidy(app: Sphinx, error: Exception | None) -> None:
    """Let go of what no build asked for in a month."""
    forget(Path(app.srcdir) / KEPT)


def register(app: Sphinx) -> None:
    """Tidy after each build."""
    app.connect("build-finished", tidy)
