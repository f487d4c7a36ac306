"""The labs as notebooks that run in the reader's own browser: the application of `make live` with the course put in.

`tools/live/app.py` makes the application from pinned packages, once; it knows nothing of the course. Here the labs,
the course's own package as a wheel, and the list of what a first visit fetches are put into a copy of it.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import ZLIB_RUNTIME_VERSION

from backmice import __version__, archive
from backmice.archive import zip_bytes
from backmice.compressed import MAKERS, beside, is_copy
from backmice.kept import digest as digest_of
from backmice.kept import forget, kept
from backmice.lab_wheel import RECORD, WHEEL, wheel_files
from backmice.notebook_data import LABS, PACKAGE

HOME = Path(".cache/live")
#: What the application is made from.
INPUTS = ("requirements-live.txt", "tools/live")
#: Beside the course, so that each build of it finds the wheel.
KEPT = ".cache/wheel"
BLANK = "try-things.ipynb"
SIZES = "sizes.json"
#: What a first visit was seen to fetch, beside wheels; a test compares.
FETCHED = PACKAGE / "live-fetched.txt"
LOCK = "static/pyodide/pyodide-lock.json"
THERE = {"name": "python", "display_name": "Python (in your browser)", "language": "python"}


def application(root: Path) -> Path | None:
    """Return the folder of the application; None when `make live` has not made one of these inputs."""
    home = root / HOME / digest(root)
    return home if (home / "jupyter-lite.json").is_file() else None


def digest(root: Path) -> str:
    """Return a digest of what the application is made from."""
    found = sha256()
    for name in INPUTS:
        for path in [root / name] if (root / name).is_file() else sorted((root / name).glob("*.*")):
            found.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


def write_site(root: Path, app: Path, out: Path) -> None:
    """Have `out` hold the application with the course's labs and package, and nothing else.

    Files of the application are hard links where the disk allows. What is right already is left as it is, and so are
    compressed copies, which are made and taken away by their own rules; those of the application are not passed on.
    """
    settle(out, site(root, app))


def site(root: Path, app: Path) -> dict[str, Path | bytes]:
    """Return the site by the names of its files: files of the application, and what is the course's own."""
    found: dict[str, Path | bytes] = {
        path.relative_to(app).as_posix(): path
        for path in sorted(app.rglob("*"))
        if path.is_file() and not (path.suffix == ".br" and path.with_suffix("").is_file())
    }
    found |= package(root, found[LOCK])
    labs = notebooks(root)
    found |= labs
    return found | {SIZES: sizes(found, [name.rpartition("/")[2] for name in labs if name.startswith("files/")])}


def package(root: Path, lock_file: Path) -> dict[str, bytes]:
    """Return the course's package as a wheel, and Pyodide's lock with it."""
    wheel = make_wheel(root)
    digest = sha256(wheel).hexdigest()
    # Another content is another file, which may be cached for good.
    name = WHEEL.replace("-py3-", f"-0{digest[:10]}-py3-")
    lock = json.loads(lock_file.read_text(encoding="utf-8"))
    lock["packages"]["backmice"] = {
        "name": "backmice", "version": __version__, "file_name": name, "install_dir": "site", "package_type": "package",
        "sha256": digest, "imports": ["backmice"], "unvendored_tests": False, "depends": ["anywidget", "ipywidgets"],
    }  # fmt: skip
    home = LOCK.rpartition("/")[0]
    return {f"{home}/{name}": wheel, LOCK: json.dumps(lock, indent=1, sort_keys=True).encode()}


def make_wheel(root: Path) -> bytes:
    """Return the course's package as a wheel, packed once and kept until it would hold something else."""
    files = wheel_files(root)

    def pack() -> bytes:
        forget(root / KEPT)
        return zip_bytes(files)

    # RECORD tells the name and the content of each file.
    packer = (sys.version, ZLIB_RUNTIME_VERSION, Path(archive.__file__).read_text(encoding="utf-8"))
    return kept(root / KEPT, f"{digest_of([repr(packer).encode(), files[RECORD]])}.whl", pack)


def notebooks(root: Path) -> dict[str, bytes]:
    """Return the labs and a blank page, each marked with a digest of itself, and their list."""
    found, listed = {}, []
    for path in [*sorted((root / LABS).glob("*.ipynb")), None]:
        notebook = json.loads(path.read_text(encoding="utf-8")) if path else blank()
        name = path.name if path else BLANK
        # Which edition a reader's own copy began as is read from the copy.
        edition = sha256(json.dumps(notebook, sort_keys=True).encode()).hexdigest()[:12]
        notebook["metadata"]["kernelspec"] = THERE
        notebook["metadata"].setdefault("backmice", {})["edition"] = edition
        for cell in notebook["cells"]:
            cell["metadata"].setdefault("trusted", True)
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True).encode()
        found[f"files/{name}"] = text
        listed.append(_content(name, "notebook", size=len(text)) | {"format": None, "content": None})
    folder = _content("", "directory") | {"format": "json", "content": listed}
    return found | {"api/contents/all.json": json.dumps(folder, indent=1).encode()}


def blank() -> dict[str, Any]:
    """Return a notebook to try things in."""
    told = (
        "# Try things\n\nA page of your own: Python runs in your browser, and nothing is sent anywhere.\n"
        "Put the cursor in a cell and press Shift and Enter."
    )
    code = (
        "from backmice.labs import claim, explore, intervals, table\nfrom backmice.widgets import AnatomyExplorer, Quiz"
    )
    cells = [
        {"cell_type": "markdown", "id": "about", "metadata": {}, "source": told},
        {"cell_type": "code", "id": "begin", "metadata": {}, "source": code, "outputs": [], "execution_count": None},
        {"cell_type": "code", "id": "claim", "metadata": {}, "source": 'claim("clu-lu65")', "outputs": [], "execution_count": None},
    ]  # fmt: skip
    return {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


def _content(name: str, kind: str, size: int | None = None) -> dict[str, Any]:
    dawn = "1980-01-01T00:00:00Z"
    return {
        "name": name, "path": name, "type": kind, "writable": True, "created": dawn, "last_modified": dawn,
        "mimetype": None, "size": size,
    }  # fmt: skip


def sizes(found: Mapping[str, Path | bytes], notebooks: list[str]) -> bytes:
    """Return what a first visit fetches: files, and the bytes that go over the line."""
    wheels = json.loads(found[LOCK])["packages"]
    fetched = FETCHED.read_text(encoding="utf-8").split()
    files = sorted({*fetched, *(f"static/pyodide/{one['file_name']}" for one in wheels.values())} & found.keys())
    size = sum(_sent(name, found[name]) for name in files)
    edition = sha256("".join(files).encode()).hexdigest()[:12]
    about = {"bytes": size, "edition": edition, "files": files, "notebooks": notebooks}
    return json.dumps(about, indent=1).encode()


def _sent(name: str, what: Path | bytes) -> int:
    if isinstance(what, Path) and (packed := what.with_name(f"{what.name}.br")).is_file():
        return packed.stat().st_size
    content = what.read_bytes() if isinstance(what, Path) else what
    return len(content) if name.endswith((".whl", ".zip")) else len(gzip.compress(content, 6))


def settle(out: Path, wanted: Mapping[str, Path | bytes]) -> None:
    """Have a folder hold these files, beside compressed copies; only what is otherwise is written or taken away."""
    there = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    for name, path in there.items():
        if name not in wanted and not is_copy(path):
            _take_away(path)
    for name, what in wanted.items():
        path = out / name
        if name in there:
            if _is(path, what):
                continue
            _take_away(path)  # not written over: it may be a link to a file of the application
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(what, Path):
            _link(what, path)
        else:
            path.write_bytes(what)
    for folder, _, _ in os.walk(out, topdown=False):
        with suppress(OSError):  # there is something in it
            os.rmdir(folder)


def _is(path: Path, what: Path | bytes) -> bool:
    """Tell whether a file is what it should be."""
    if isinstance(what, Path) and path.samefile(what):
        return True
    content = what.read_bytes() if isinstance(what, Path) else what
    return path.stat().st_size == len(content) and path.read_bytes() == content


def _take_away(path: Path) -> None:
    """Delete a file with its copies: files of the application have times that tell nothing."""
    for file in (path, *(beside(path, ending) for ending in MAKERS)):
        file.unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
