"""Runs the course's pure JavaScript modules with Node, where no browser is needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from backmice.assets import minisearch

STATIC = Path(__file__).parents[1] / "src/backmice/static"


@cache
def node() -> str:
    """Return the path of Node: the system's, or the one that set-up put beside Python."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    found = shutil.which("node", path=path)
    if found is None:
        pytest.fail("No Node: run make test, which installs it.")
    return found


def run(script: str, data: Any = None) -> Any:
    """Run a module script beside the modules of the course and return what it gives to `done`.

    Parameters
    ----------
    script
        Imports modules as "./name.js"; finds `data` and calls `done(result)` once.
    data
        What JSON can hold.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for module in STATIC.glob("*.js"):
            shutil.copy(module, folder)
        (folder / "node_modules").symlink_to(STATIC.parents[2] / "node_modules")
        for file, path in minisearch(STATIC.parents[2]).items():
            shutil.copy(path, folder / file)
        (folder / "package.json").write_text('{"type": "module"}')
        (folder / "data.json").write_text(json.dumps(data))
        (folder / "script.js").write_text(
            'import { readFileSync, writeFileSync } from "node:fs";\n'
            'const data = JSON.parse(readFileSync("data.json", "utf8"));\n'
            'const done = (result) => writeFileSync("result.json", JSON.stringify(result));\n' + script
        )
        ran = subprocess.run([node(), "script.js"], cwd=folder, check=False, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return json.loads((folder / "result.json").read_text())
