"""The labs in JupyterLab, in a folder of the learner's own, so that the course's copies stay as they are."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

LABS, MINE = Path("exercises/labs"), Path("my-labs")
SETTINGS = Path(".cache/lab/settings")
#: JupyterLab asks elsewhere for news and for its own updates unless told not to.
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}


class LabServerError(Exception):
    """The labs can't be opened."""


def start(root: Path) -> None:
    """Open the labs below `root`; JupyterLab takes the place of this process.

    Raises
    ------
    LabServerError
        If JupyterLab is not installed.
    LocatedError
        If what the labs show can't be read.
    """
    # Sphinx and plotly take seconds to import: only who opens the labs pays for it.
    from backmice.notebook_data import write_notebook_data

    if importlib.util.find_spec("jupyterlab") is None:
        raise LabServerError("JupyterLab is not installed; run: make lab")
    write_notebook_data(root)
    mine = copy_labs(root)
    command, environment = lab_command(root, mine)
    print(f"Your copies of the labs are in {MINE}; JupyterLab opens in the browser. End it with Ctrl-C.", flush=True)
    os.execve(command[0], command, {**os.environ, **environment})


def copy_labs(root: Path) -> Path:
    """Copy each lab that the learner has not yet, and return the folder of the copies."""
    mine = root / MINE
    mine.mkdir(exist_ok=True)
    for path in sorted((root / LABS).glob("*.ipynb")):
        if not (mine / path.name).exists():
            shutil.copyfile(path, mine / path.name)
    return mine


def lab_command(root: Path, mine: Path, *options: str) -> tuple[list[str], Mapping[str, str]]:
    """Return the command that serves `mine` in JupyterLab, and what to add to its environment."""
    quiet = root / SETTINGS / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    if not quiet.exists():
        quiet.write_text(json.dumps(QUIET))
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={mine}"]
    command += ["--LabApp.extension_manager=readonly", *options]
    return command, {"JUPYTERLAB_SETTINGS_DIR": str(root / SETTINGS)}
