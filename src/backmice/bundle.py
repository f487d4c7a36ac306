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
from backmice.modules import COMMENT, DYNAMIC, ModuleError, gathered

#: Beside the course, so that each build of it finds them.
KEPT = ".cache/bundles"
#: npm installs the one that runs on this machine.
ESBUILD = "node_modules/@esbuild/*/bin/esbuild"
#: What the oldest browsers that the course promises to work in understand.
TARGET = "es2022"


#: All that is left of a script whose modules are in a chunk that others share.
ONLY_A_CHUNK = re.compile(r"""import\s*["']\./(chunk-\w+\.js)["'];?\s*""")
#: `const { x } = await import("./x.js")` outside all functions.
AWAITED = re.compile(r"""^\S.*\bawait import\(["'](\.{1,2}/[^"']+)["']\)""", re.MULTILINE)


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
        # Packages that know it leave out what they would say to a developer.
        command += ['--define:process.env.NODE_ENV="production"']
        command += ["--log-level=warning", "--chunk-names=[name]-[hash]", *(["--splitting"] if form == "esm" else [])]
        environment = {**os.environ, "NODE_PATH": str((root / "node_modules").resolve())}
        if form == "esm":
            _share_all(home, entry)
        _run(command, cwd=home, env=environment)
        return _without_chunk({path.name: path.read_bytes() for path in sorted(out.iterdir())}, f"{name}.js")


def _share_all(home: Path, entry: Path) -> None:
    """Have what is called for later import the page's own modules, all of them.

    esbuild puts modules together that the same scripts share. As each shares all of the page's, these become one
    chunk, and not one for each set of scripts that shares some.
    """
    try:
        modules = gathered(entry).values()
    except ModuleError:  # esbuild says where
        return
    for source in (COMMENT.sub("", module.source) for module in modules):
        # Nor may it import a page that waits for it before it has run.
        for name in set(DYNAMIC.findall(source)) - set(AWAITED.findall(source)):
            later = home / name
            later.write_text(f'{later.read_text(encoding="utf-8")}\nimport "./{entry.name}";\n', encoding="utf-8")


def _without_chunk(files: dict[str, bytes], script: str) -> dict[str, bytes]:
    """Return the files with that one chunk as the page's script, which else would only fetch it."""
    only = ONLY_A_CHUNK.fullmatch(files[script].decode())
    if only is None:
        return files
    chunk = only[1]
    found = {name: text.replace(f"./{chunk}".encode(), f"./{script}".encode()) for name, text in files.items()}
    found[script] = found.pop(chunk)
    return found


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


def minified(root: Path, script: str) -> bytes:
    """Return a script without what only people read, and without what nothing in it asks for.

    Raises
    ------
    BundleError
        If there is no esbuild, or it does not understand the script.
    """
    program = esbuild(root)
    if program is None:
        raise BundleError("esbuild was not found; run: make book")
    command = [program, "--bundle", "--minify", "--format=iife", f"--target={TARGET}", "--charset=utf8"]
    return _run([*command, "--legal-comments=inline", "--log-level=warning"], given=script).encode()


def modules_of(script: str) -> list[str]:
    """Return the modules that a page's script runs, which its name tells (see `page_script`)."""
    return [f"{name}.js" for name in script.removesuffix(".js").split("+")]


def page_script(root: Path, modules: Mapping[str, bytes], entries: Iterable[str]) -> tuple[str, dict[str, bytes]]:
    """Return the script of pages that run the modules `entries`, bundled once and kept until one of `modules` changes.

    Returns
    -------
    tuple
        The name of the script, which tells its modules: `cards+theme.js`; and all files, with those that are fetched
        only when they are called for.
    """
    entries = list(entries)
    name = "+".join(entry.removesuffix(".js") for entry in entries)
    texts = [part for file in sorted(modules) for part in (file.encode(), modules[file])]
    key = digest([bundler(root), name.encode(), *texts])

    def make() -> bytes:
        files = bundled(root, modules, name, entries)
        forget(root / KEPT)
        return json.dumps({file: content.decode() for file, content in files.items()}).encode()

    return f"{name}.js", {
        file: text.encode() for file, text in json.loads(kept(root / KEPT, f"{key}.json", make)).items()
    }
