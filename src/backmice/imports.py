"""Which of our Python files decide what a module does: its own, and those of all that it imports."""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

HOME = Path(str(files("backmice")))
#: `from backmice.x import a, b`, over several lines in brackets too, and `import backmice.x`; also within a function.
IMPORT = re.compile(
    r"^\s*(?:from\s+(backmice[\w.]*)\s+import\s+(\([^)]*\)|[^\n#]*)|import\s+(backmice[\w.]*))", re.MULTILINE
)


def imported(module: str) -> dict[str, Path]:
    """Return the files of a module of ours and of all that it imports, by name; packages above them included.

    What is imported only to name a type counts too.
    """
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is None or name in found:
            continue
        found[name] = path
        waiting += [name.rpartition(".")[0], *_named(path.read_text(encoding="utf-8"))]
    return dict(sorted(found.items()))


@cache
def _named(source: str) -> frozenset[str]:
    """Return all that a source may import, names within modules among them."""
    named: set[str] = set()
    for home, names, whole in IMPORT.findall(source):
        named.add(home or whole)
        named |= {f"{home}.{word.split()[0]}" for word in names.strip("() \n").split(",") if word.strip()}
    return frozenset(named)


def _file(name: str) -> Path | None:
    path = os.path.join(HOME, *name.split(".")[1:])
    candidates = (f"{path}/__init__.py", f"{path}.py")
    return next((Path(file) for file in candidates if name and os.path.isfile(file)), None)
