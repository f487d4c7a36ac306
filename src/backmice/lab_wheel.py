"""The package as labs need it in a reader's browser: one pure wheel, of what `widgets` and `labs` import and show.

It needs nothing but ipywidgets and anywidget, and holds neither the makers of the book nor any graded key. The same
files give the same bytes. The licences of what it carries lie in its `.dist-info/licenses`.
"""

from __future__ import annotations

import ast
import base64
import csv
from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import StringIO
from pathlib import Path

from backmice import __version__
from backmice.assets import PLOTLY
from backmice.modules import gathered
from backmice.notebook_data import DATA, MADE_FROM, PACKAGE, write_notebook_data

ROOMS = ("widgets", "labs")
SCRIPTS = ("static/widget-anatomy.js", "static/widget-quiz.js", "static/widget-reasoner.js")
#: What the modules read beside scripts and data.
STYLES = ("static/tokens.css", "static/course.css", "static/print.css")
READ = ("labs/keys.json", *STYLES, "theme/sprite.html", "widgets/notebook.css")
NEEDS = ("anywidget>=0.9.19", "ipywidgets>=8.1")
LICENCES, BONES = ("LICENSE", "LICENSE-CONTENT.md"), Path("media/anatomy")
WHEEL = f"backmice-{__version__}-py3-none-any.whl"
INFO = f"backmice-{__version__}.dist-info"
RECORD = f"{INFO}/RECORD"


def wheel_files(root: Path) -> dict[str, bytes]:
    """Return the files of the wheel of the course in `root`, which `zip_bytes` makes one.

    Raises
    ------
    LocatedError
        If what the labs show can't be read.
    KeyError
        If a lab names a claim that is not published.
    """
    write_notebook_data(root)
    files = {f"backmice/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes() for path in sorted(wanted())}
    info = {"METADATA": metadata(licences(root)), "WHEEL": about(), **licences(root)}
    files |= {f"{INFO}/{name}": content for name, content in info.items()}
    return {**files, RECORD: record(files)}


def wanted() -> set[Path]:
    """Return the files of the package that labs need."""
    sources = imported(path for room in ROOMS for path in (PACKAGE / room).glob("*.py"))
    scripts = {file for name in SCRIPTS for file in gathered(PACKAGE / name)}
    return sources | scripts | {PACKAGE / name for name in READ} | set(DATA.iterdir()) - {DATA / MADE_FROM}


def imported(paths: Iterable[Path]) -> set[Path]:
    """Return modules of the package with all of it that they import, and the packages that these lie in."""
    found: set[Path] = set()
    left = list(paths)
    while left:
        path = left.pop()
        if path in found:
            continue
        found.add(path)
        left += [above / "__init__.py" for above in path.parents if above.is_relative_to(PACKAGE)]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "backmice":
                base = PACKAGE.joinpath(*node.module.split(".")[1:])
                left += [file for name in node.names for file in _files(base, name.name)]
    return found


def _files(base: Path, name: str) -> list[Path]:
    """Return what `from base import name` reads: a module, and another if the name is one."""
    places = (base.with_suffix(".py"), base / "__init__.py", base / f"{name}.py")
    return [place for place in places if place.is_file()]


def licences(root: Path) -> dict[str, bytes]:
    """Return the licences of code, text, bones and the drawing bundle, by their names in the wheel."""
    found = {name: root / name for name in LICENCES}
    for readme in sorted((root / BONES).glob("*/README.md")):
        texts = [readme, *sorted((readme.parent / "LICENSES").iterdir())]
        found |= {f"{readme.parent.name}/{text.relative_to(readme.parent).as_posix()}": text for text in texts}
    bundle = root / PLOTLY.parent / "LICENSE"
    if bundle.is_file():  # the heavy one, where npm was never run, tells its licence in its first lines
        found["plotly.js/LICENSE"] = bundle
    return {f"licenses/{name}": path.read_bytes() for name, path in found.items()}


def metadata(texts: Iterable[str]) -> bytes:
    """Return METADATA; see https://packaging.python.org/en/latest/specifications/core-metadata/ ."""
    lines = [
        "Metadata-Version: 2.4",
        "Name: backmice",
        f"Version: {__version__}",
        "Summary: What the labs of the course on back mice need",
        "License-Expression: MIT AND CC-BY-4.0 AND MPL-2.0 AND Apache-2.0 AND CC0-1.0",
        *(f"License-File: {name.removeprefix('licenses/')}" for name in texts),
        "Requires-Python: >=3.11",
        *(f"Requires-Dist: {need}" for need in NEEDS),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def about() -> bytes:
    """Return WHEEL."""
    return b"Wheel-Version: 1.0\nGenerator: backmice\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def record(files: Mapping[str, bytes]) -> bytes:
    """Return RECORD: the digest and the size of each file, and its own name without."""
    out = StringIO()
    rows = csv.writer(out, lineterminator="\n")
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()
        rows.writerow((name, f"sha256={digest}", len(content)))
    rows.writerow((RECORD, "", ""))
    return out.getvalue().encode()
