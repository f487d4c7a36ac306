"""What took long to make, kept beside the course and found again by a digest of all that decides it.

Nothing here grows old: a changed input has another digest. What no build asked for in a month is let go.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from backmice.assets import write_whole

FORGOTTEN_S = 30 * 86_400
#: How often what is asked for is marked as asked for.
MARKED_S = 86_400


def digest(parts: Iterable[bytes]) -> str:
    """Return a name for what follows from `parts`, in their order."""
    whole = sha256()
    for part in parts:
        whole.update(sha256(part).digest())
    return whole.hexdigest()[:24]


def kept(home: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept under a name; make it first if it is not there."""
    path = home / name
    try:
        content = path.read_bytes()
        if time.time() - path.stat().st_mtime > MARKED_S:
            os.utime(path)
    except FileNotFoundError:
        content = make()
        write_whole(path, content)
    return content


def forget(home: Path) -> None:
    """Let go of what no build asked for in a month."""
    if not home.is_dir():
        return
    before = time.time() - FORGOTTEN_S
    for path in home.iterdir():
        with suppress(FileNotFoundError):  # another build may have been quicker
            if path.stat().st_mtime < before:
                path.unlink()
