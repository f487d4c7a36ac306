"""What a module of ours imports, told from its text: held against Python's own reading of it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from backmice.imports import HOME, imported


def module_of(path: Path) -> str:
    name = ".".join(("backmice", *path.relative_to(HOME).with_suffix("").parts))
    return name.removesuffix(".__init__")


@cache
def parsed(path: Path) -> set[str]:
    """The modules of ours that a file imports, and the packages above them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports from where it is, which nobody here does"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_every_module_brings_what_python_would_import():
    files = {module_of(path): path for path in HOME.rglob("*.py")}
    for name in files:
        reached, waiting = set(), {name}
        while waiting:
            one = waiting.pop()
            if one in files and one not in reached:
                reached.add(one)
                waiting |= {one.rpartition(".")[0], *parsed(files[one])}
        assert imported(name) == {one: files[one] for one in sorted(reached)}, name


def test_what_is_no_module_of_ours_brings_nothing():
    assert imported("sphinx.application") == imported("backmice.nowhere") == {}
