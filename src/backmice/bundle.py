"""Several ES modules as one script, by esbuild as npm brought it.

A page then asks for one file where its modules would be twenty; without npm there is no esbuild, and pages
load the modules as they are.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

#: npm installs the one that runs on this machine.
ESBUILD = "node_modules/@esbuild/*/bin/esbuild"
#: What the oldest browsers that the course promises to work in understand.
TARGET = "es2022"


class BundleError(Exception):
    """Modules could not be bundled; the message is esbuild's."""


def esbuild(root: Path) -> Path | None:
    """Return the bundler; None when npm was never run."""
    return next(iter(root.resolve().glob(ESBUILD)), None)


def bundled(
    root: Path, modules: Mapping[str, bytes], name: str, entries: Iterable[str], *, form: str = "esm"
) -> dict[str, bytes]:
    """Return one minified script that runs the modules `entries`, in this order, by file name.

    What is imported only when it is called for (`import("./x.js")`) becomes a file of its own, `<module>-<digest>.js`,
    if the form is "esm"; a script of the form "iife", which also runs from a folder without a server, holds
    everything. Notices that a licence asks for are kept. The same input gives the same bytes.

    Parameters
    ----------
    modules
        The text of all modules of the course, by the name under which they import each other. They may import
        npm's packages too.
    name
        Of the script, without its ending.

    Raises
    ------
    BundleError
        If there is no esbuild, or it cannot resolve an import.
    """
    program = esbuild(root)
    if program is None:
        raise BundleError("esbuild was not found; run: make book")
    with tempfile.TemporaryDirectory() as folder:
        home, out = Path(folder).resolve() / "modules", Path(folder).resolve() / "scripts"
        home.mkdir()
        for file, content in modules.items():
            (home / file).write_bytes(content)
        entry = home / f"{name}.entry.js"
        entry.write_text("".join(f'import "./{one}";\n' for one in entries), encoding="utf-8")
        command = [program, entry, "--bundle", "--minify", f"--outdir={out}", f"--entry-names={name}"]
        command += [f"--format={form}", f"--target={TARGET}", "--charset=utf8", "--legal-comments=inline"]
        # Packages that know it leave out what they would say to a developer.
        command += ['--define:process.env.NODE_ENV="production"']
        command += ["--log-level=warning", "--chunk-names=[name]-[hash]", *(["--splitting"] if form == "esm" else [])]
        environment = {**os.environ, "NODE_PATH": str((root / "node_modules").resolve())}
        done = subprocess.run(
            command, check=False, cwd=home, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            raise BundleError(done.stderr.strip())
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}
