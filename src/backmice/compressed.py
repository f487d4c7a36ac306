"""Compressed copies beside the text files of the built book, `.br` and `.gz`, which a host sends instead of them.

A copy carries the time of its file: one of another time is stale. What a file compresses to is kept beside the
course, so that only what a build changed is compressed again.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from backmice.assets import write_whole
from backmice.kept import forget, kept
from backmice.serve import COMPRESSED

#: A smaller file travels in one packet as it is.
LEAST = 1024
#: How hard brotli tries: 11, the most, takes 1.5 s a megabyte, and 9 a twentieth of that. What browsers keep for good
#: is worth the most, below `_static`; so is a long page; pages change with each build; what is left is fetched by few.
MOST, PAGES, OTHERS = 11, 10, 9
#: From so many bytes on a page is long.
LONG = 300_000
KEPT_FOR_GOOD = {".css", ".js", ".json", ".svg"}
#: From so many bytes on a file is one of the others.
LARGE = 2_000_000
KEPT = ".cache/compressed"


def brotli(content: bytes, path: Path) -> bytes:
    """Return the smallest brotli that such a file is worth the time of."""
    # Imported here, as a build that finds every copy in its place needs it not.
    import brotli

    return brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality(path, len(content)))


def quality(path: Path, size: int) -> int:
    """Return how hard brotli is to try."""
    if size >= LARGE:
        return OTHERS
    if "_static" in path.parts and path.suffix in KEPT_FOR_GOOD:
        return MOST
    if path.suffix == ".html":
        return MOST if size >= LONG else PAGES
    return OTHERS


def gzipped(content: bytes, path: Path) -> bytes:
    """Return the smallest gzip, the same for the same content."""
    return gzip.compress(content, compresslevel=9, mtime=0)


#: By the ending of the copy.
MAKERS: dict[str, Callable[[bytes, Path], bytes]] = {".br": brotli, ".gz": gzipped}


@dataclass(frozen=True)
class Compressed:
    """How many copies were written and taken away."""

    written: int
    removed: int


def compress(folder: Path, kept_in: Path) -> Compressed:
    """Put fresh copies beside each text file of `folder`, and take away those whose file is gone.

    Parameters
    ----------
    kept_in
        Where copies are kept for the next build.
    """
    files = {path: path.stat() for path in _files(folder)}
    copies = [path for path in files if is_copy(path)]
    wanted = {
        path: status.st_mtime_ns
        for path, status in files.items()
        if path.suffix in COMPRESSED and status.st_size > LEAST
    }
    gone = [path for path in copies if path.with_suffix("") not in wanted]
    for path in gone:
        path.unlink()
    stale = [
        path for path, changed in wanted.items()
        if any((copy := beside(path, ending)) not in files or files[copy].st_mtime_ns != changed for ending in MAKERS)
    ]  # fmt: skip
    # Both compressors let go of Python's lock.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        written = sum(pool.map(lambda path: _copy(path, kept_in), sorted(stale, key=lambda path: -files[path].st_size)))
    if stale:
        forget(kept_in)
    return Compressed(written, len(gone))


def beside(path: Path, ending: str) -> Path:
    """Return where the copy of a file is."""
    return path.with_name(path.name + ending)


def is_copy(path: Path) -> bool:
    """Tell whether a file is a copy by its name: `index.html.br`."""
    return path.suffix in MAKERS and path.with_suffix("").suffix in COMPRESSED


def _files(folder: Path) -> Iterable[Path]:
    return (Path(home) / name for home, _, names in os.walk(folder) for name in names)


def _copy(path: Path, kept_in: Path) -> int:
    content, changed = path.read_bytes(), path.stat().st_mtime_ns
    name = sha256(content).hexdigest()[:24]
    for ending, make in MAKERS.items():
        copy = beside(path, ending)
        write_whole(copy, kept(kept_in, f"{name}{ending}", lambda make=make: make(content, path)))
        with suppress(FileNotFoundError):  # another build may have been quicker
            os.utime(copy, ns=(changed, changed))
    return len(MAKERS)
