"""The labs as notebooks that run in the reader's own browser: the application of `make live` with the course put in.

`tools/live/app.py` makes the application from pinned packages, once; it knows nothing of the course. Here the labs,
the course's own package as a wheel, and the list of what a first visit fetches are put into a copy of it.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from backmice import __version__
from backmice.lab_wheel import make_wheel
from backmice.notebook_data import LABS, PACKAGE

HOME = Path(".cache/live")
#: What the application is made from.
INPUTS = ("requirements-live.txt", "tools/live")
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
    """Write the application with the course's labs and package into `out`, which is taken away first.

    Files of the application are hard links where the disk allows.
    """
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(app, out, copy_function=_link)
    write_package(root, out)
    names = write_notebooks(root, out)
    write_sizes(out, names)


def write_package(root: Path, out: Path) -> None:
    """Put the course's package into the site as a wheel, and into Pyodide's lock."""
    lock_file = out / LOCK
    wheel = make_wheel(root, lock_file.parent)
    digest = sha256(wheel.read_bytes()).hexdigest()
    # Another content is another file, which may be cached for good.
    named = wheel.rename(wheel.with_name(wheel.name.replace("-py3-", f"-0{digest[:10]}-py3-")))
    lock = json.loads(lock_file.read_text(encoding="utf-8"))
    lock["packages"]["backmice"] = {
        "name": "backmice", "version": __version__, "file_name": named.name, "install_dir": "site", "package_type": "package",
        "sha256": digest, "imports": ["backmice"], "unvendored_tests": False, "depends": ["anywidget", "ipywidgets"],
    }  # fmt: skip
    _replace(lock_file, json.dumps(lock, indent=1, sort_keys=True))


def write_notebooks(root: Path, out: Path) -> list[str]:
    """Put the labs and a blank page into the site, each marked with a digest of itself, and return their names."""
    (out / "files").mkdir()
    (out / "api/contents").mkdir(parents=True)
    listed = []
    for path in [*sorted((root / LABS).glob("*.ipynb")), None]:
        notebook = json.loads(path.read_text(encoding="utf-8")) if path else blank()
        name = path.name if path else BLANK
        # Which edition a reader's own copy began as is read from the copy.
        edition = sha256(json.dumps(notebook, sort_keys=True).encode()).hexdigest()[:12]
        notebook["metadata"]["kernelspec"] = THERE
        notebook["metadata"].setdefault("backmice", {})["edition"] = edition
        for cell in notebook["cells"]:
            cell["metadata"].setdefault("trusted", True)
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
        (out / "files" / name).write_text(text, encoding="utf-8")
        listed.append(_content(name, "notebook", size=len(text.encode())) | {"format": None, "content": None})
    folder = _content("", "directory") | {"format": "json", "content": listed}
    (out / "api/contents/all.json").write_text(json.dumps(folder, indent=1), encoding="utf-8")
    return [entry["name"] for entry in listed]


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


def write_sizes(out: Path, notebooks: list[str]) -> None:
    """Write what a first visit fetches: files, and the bytes that go over the line."""
    wheels = json.loads((out / LOCK).read_text(encoding="utf-8"))["packages"]
    fetched = FETCHED.read_text(encoding="utf-8").split()
    files = sorted({*fetched, *(f"static/pyodide/{one['file_name']}" for one in wheels.values())})
    files = [name for name in files if (out / name).is_file()]
    size = sum(_sent(out / name) for name in files)
    edition = sha256("".join(files).encode()).hexdigest()[:12]
    about = {"bytes": size, "edition": edition, "files": files, "notebooks": notebooks}
    (out / SIZES).write_text(json.dumps(about, indent=1), encoding="utf-8")


def _sent(path: Path) -> int:
    packed = path.with_name(f"{path.name}.br")
    if packed.is_file():
        return packed.stat().st_size
    content = path.read_bytes()
    return len(content) if path.suffix in (".whl", ".zip") else len(gzip.compress(content, 6))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _replace(path: Path, text: str) -> None:
    """Write a file afresh; what it was linked to, and its compressed copy, belong to the application."""
    path.unlink()
    path.with_name(f"{path.name}.br").unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
