"""Several ES modules as one script, by esbuild as npm brought it.

A page then asks for one file where its modules would be twenty; without npm there is no esbuild, and pages
load the modules as they are.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from backmice.kept import digest, forget, kept

#: Beside the course, so that each build of it finds them.
KEPT = ".cache/bundles"
#: npm installs the one that runs on this machine.
ESBUILD = "node_modules/@esbuild/*/bin/esbuild"
#: What the oldest browsers that the course promises to work in understand.
TARGET = "es2022"


#: What a script of esbuild's fetches before it runs.
FETCHED_FIRST = re.compile(r"""(?:from|\bimport)["']\./([^"']+)["']""")


class BundleError(Exception):
    """Modules could not be bundled; the message is esbuild's."""


def esbuild(root: Path) -> Path | None:
    """Return the bundler; None when npm was never run."""
    return next(iter(root.resolve().glob(ESBUILD)), None)


def bundler(root: Path) -> bytes:
    """Return what decides how modules are bundled; nothing when npm was never run."""
    program = esbuild(root)
    return program.parents[1].joinpath("package.json").read_bytes() + Path(__file__).read_bytes() if program else b""


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
        command += ["--log-level=warning", "--chunk-names=[name]-[hash]", *(["--splitting"] if form == "esm" else [])]
        environment = {**os.environ, "NODE_PATH": str((root / "node_modules").resolve())}
        _run(command, cwd=home, env=environment)
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def _run(command: list[object], *, given: str = "", **options: object) -> str:
    done = subprocess.run(command, check=False, input=given, capture_output=True, encoding="utf-8", **options)
    if done.returncode:
        raise BundleError(done.stderr.strip())
    return done.stdout


def short_style(root: Path, style: str) -> str:
    """Return a style sheet without what only people read; as it is when npm was never run."""
    program = esbuild(root)
    if program is None:
        return style
    command = [program, "--loader=css", "--minify", f"--target={TARGET}", "--charset=utf8", "--log-level=warning"]

    def make() -> bytes:
        return _run(command, given=style).encode()

    return kept(root / KEPT, f"{digest([bundler(root), style.encode()])}.css", make).decode()


def page_script(root: Path, modules: Mapping[str, bytes], entries: Iterable[str]) -> tuple[list[str], dict[str, bytes]]:
    """Return the script of pages that run the modules `entries`, bundled once and kept until one of `modules` changes.

    Returns
    -------
    tuple
        The names of the script and of what it fetches before it runs; and all files, with those fetched only when
        they are called for. The script is named after its modules: `cards+theme.js`.
    """
    entries = list(entries)
    name = "+".join(entry.removesuffix(".js") for entry in entries)
    texts = [part for file in sorted(modules) for part in (file.encode(), modules[file])]
    key = digest([bundler(root), name.encode(), *texts])

    def make() -> bytes:
        files = bundled(root, modules, name, entries)
        forget(root / KEPT)
        return json.dumps({file: content.decode() for file, content in files.items()}).encode()

    files = {file: text.encode() for file, text in json.loads(kept(root / KEPT, f"{key}.json", make)).items()}
    return at_once(f"{name}.js", files), files


def at_once(script: str, files: Mapping[str, bytes]) -> list[str]:
    """Return a bundled script and what it fetches before it runs, by their names, itself first."""
    found = [script]
    for name in found:
        found += [other for other in FETCHED_FIRST.findall(files[name].decode()) if other in files.keys() - found]
    return found
