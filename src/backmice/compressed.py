"""Compressed copies beside the text files of the built book, `.br` and `.gz`, which a host sends instead of them.

A copy carries the time of its file: one of another time is stale. What a file compresses to is kept beside the
course, so that only what a build changed is compressed again.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Event

from backmice.assets import write_whole
from backmice.kept import forget, kept
from backmice.serve import COMPRESSED

#: A smaller file travels in one packet as it is.
LEAST = 1024
#: How hard brotli tries: 11, the most, takes 1.5 s a megabyte, and 9 a twentieth of that. What browsers keep for good
#: is worth the most, below `_static`; so is a long page; pages change with each build; what is left is fetched by few.
MOST, PAGES, OTHERS = 11, 10, 9
#: From so many bytes on a page is long.
LONG = 250_000
KEPT_FOR_GOOD = {".css", ".js", ".json", ".svg"}
#: From so many bytes on a file is one of the others.
LARGE = 2_000_000
KEPT = ".cache/compressed"
#: How often it is looked what a build has written.
PAUSE_S = 1


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
    files = _files(folder)
    copies = [path for path in files if is_copy(path)]
    wanted = {path: status.st_mtime_ns for path, status in files.items() if _is_wanted(path, status)}
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


def compress_ahead(folder: Path, kept_in: Path, ended: Event) -> None:
    """Compress what a build writes into `folder` while it is at work, for `compress` to find in `kept_in`.

    A file is taken up when it looked the same a moment ago: it is whole then, or will be compressed once more.
    """
    looks = _looks(folder)
    known = dict(looks)
    while not ended.wait(PAUSE_S):
        before, looks = looks, _looks(folder)
        fresh = [path for path, look in looks.items() if look == before.get(path) != known.get(path)]
        for path in sorted(fresh, key=lambda path: -looks[path][0]):
            if ended.is_set():
                return
            with suppress(FileNotFoundError):
                _made(path, kept_in)
            known[path] = looks[path]


def _looks(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """Return sizes, and times of content and entry, of files that want copies; a link to an old file has a new entry."""
    wanted = {path: status for path, status in _files(folder).items() if _is_wanted(path, status)}
    return {path: (status.st_size, status.st_mtime_ns, status.st_ctime_ns) for path, status in wanted.items()}


def beside(path: Path, ending: str) -> Path:
    """Return where the copy of a file is."""
    return path.with_name(path.name + ending)


def is_copy(path: Path) -> bool:
    """Tell whether a file is a copy by its name: `index.html.br`."""
    return path.suffix in MAKERS and path.with_suffix("").suffix in COMPRESSED


def _files(folder: Path) -> dict[Path, os.stat_result]:
    found = {}
    for path in (Path(home) / name for home, _, names in os.walk(folder) for name in names):
        with suppress(FileNotFoundError):  # a build may be at work
            found[path] = path.stat()
    return found


def _is_wanted(path: Path, status: os.stat_result) -> bool:
    return path.suffix in COMPRESSED and status.st_size > LEAST


def _made(path: Path, kept_in: Path) -> dict[str, bytes]:
    """Return the copies of a file by their endings; what is made of it is kept."""
    content = path.read_bytes()
    name = sha256(content).hexdigest()[:24]
    return {
        ending: kept(kept_in, f"{name}{ending}", lambda make=make: make(content, path))
        for ending, make in MAKERS.items()
    }


def _copy(path: Path, kept_in: Path) -> int:
    changed = path.stat().st_mtime_ns
    for ending, content in _made(path, kept_in).items():
        copy = beside(path, ending)
        write_whole(copy, content)
        with suppress(FileNotFoundError):  # another build may have been quicker
            os.utime(copy, ns=(changed, changed))
    return len(MAKERS)
