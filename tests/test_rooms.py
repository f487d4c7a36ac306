"""Rooms of the package: who may import whom."""

import ast
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1] / "src/backmice"
#: By room, or package that only one room knows: the rooms that may import it.
MAY_IMPORT = {
    "sphinx": {"sphinx_ext"},
    "docutils": {"sphinx_ext"},
    "backmice.sphinx_ext": set(),
    "backmice.cli": {"__main__"},
    "backmice.assign": {"cli", "bench"},
    "backmice.export": {"cli", "bench", "assign", "sphinx_ext"},
    "backmice.intake": {"cli"},
    "backmice.widgets": {"labs"},
}


@cache
def imports():
    """Each import of the package, wherever it stands, as the room and the name of the module."""
    found = set()
    for path in HOME.rglob("*.py"):
        room = path.relative_to(HOME).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {(room, alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found |= {(room, f"{node.module}.{alias.name}") for alias in node.names}
    return found


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_room_is_imported_from_above_alone(name):
    own = name.removeprefix("backmice.")
    assert {room for room, module in imports() if f"{module}.".startswith(f"{name}.")} - {own} == MAY_IMPORT[name]
