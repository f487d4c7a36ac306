"""A real JupyterLab on this machine, with a folder of its own, and a notebook open in the browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from backmice.lab_server import lab_command

ROOT = Path(__file__).parents[2]
#: A server, a kernel and WebGL without a graphics card, on a machine that may be busy.
PATIENCE_MS = 60_000
#: How long a key may take to be heard, and how often it is pressed.
HEARD_MS, TRIES = 5_000, 6


@dataclass(frozen=True)
class JupyterLab:
    """A server that runs: its address, without a slash at the end, its folder and its process."""

    address: str
    folder: Path
    process: subprocess.Popen

    def open(self, page: Page, name: str, cells: Sequence[str]) -> Notebook:
        """Write a notebook, open it and wait for its kernel."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / name)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{self.address}/doc/tree/{name}")
        page.locator(".jp-Notebook .jp-CodeCell").nth(len(cells) - 1).wait_for()
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        return Notebook(page)


@dataclass(frozen=True)
class Notebook:
    """A notebook in the browser."""

    page: Page

    def cell(self, n: int) -> Locator:
        """Return a code cell, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(n)

    def run(self, n: int) -> Locator:
        """Run a cell, and return its outputs when it is done."""
        cell = self.cell(n)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(TRIES):  # JupyterLab may not listen to keys yet while it still loads
            cell.locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            with contextlib.suppress(AssertionError):
                expect(prompt).not_to_have_text(before, timeout=HEARD_MS)
                break
        expect(prompt).to_have_text(re.compile(r"^\[\d+\]:$"), timeout=PATIENCE_MS)
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        return cell.locator(".jp-OutputArea-output")

    def says(self, n: int) -> str:
        """Run a cell again and return the last that it printed."""
        return self.run(n).last.inner_text().strip()


def serve_lab(home: Path) -> JupyterLab:
    """Start JupyterLab as `make lab` does, with all its files below `home`."""
    folder = home / "notebooks"
    folder.mkdir(parents=True)
    options = ["--no-browser", "--allow-root", "--ServerApp.port=0", "--IdentityProvider.token="]
    command, environment = lab_command(home, folder, *options)
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"IPYTHONDIR": str(home / "ipython"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    own |= {"PYTHONPATH": str(ROOT / "src")}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment, **own},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return JupyterLab(_address(home, process), folder, process)


def _address(home: Path, process: subprocess.Popen) -> str:
    """Wait until the server answers, and return where."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until and process.poll() is None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            port = json.loads(path.read_text() or "{}").get("port")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
            except OSError:
                continue
            return f"http://127.0.0.1:{port}"
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{(home / 'log').read_text()[-3000:]}")
