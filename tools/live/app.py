"""Make the notebook application with Python in it, from what tools/prepare.py fetched: no network, no course.

`python tools/live/app.py FETCHED OUT`, by the Python of `.venv-live`, writes a folder of static files: JupyterLite's
notebook application, the Pyodide kernel, and wheels with a lock file of our own. The book puts its labs and its own
package into a copy of it (`backmice.live`). The same inputs give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

EXTENSION = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
#: As Pyodide describes itself to a requirement's marker.
THERE = {
    "sys_platform": "emscripten", "platform_system": "Emscripten", "platform_machine": "wasm32", "os_name": "posix",
    "python_version": "3.14", "python_full_version": "3.14.2", "implementation_name": "cpython",
    "platform_python_implementation": "CPython", "extra": "",
}  # fmt: skip
#: Of a wheel: copies of what the page brings itself, tests, types.
UNWANTED = re.compile(r"\.data/|/labextension/|/nbextension/|(^|/)tests?/|/sphinxext/|\.map$|\.pyi$")
#: Completion by analysis of source is 1.5 MB and slow there; IPython does without it when it can't be imported.
STAND_IN = {
    "jedi-0.dist-info/METADATA": "Metadata-Version: 2.1\nName: jedi\nVersion: 0\nSummary: nothing, in the place of jedi\n",
    "jedi-0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: backmice\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "jedi-0.dist-info/RECORD": "",
}
#: Of JupyterLite: pages for other uses, old forms of fonts, what built it.
NEEDLESS = ("doc", "manifest.webmanifest")
NEEDLESS += ("service-worker.js", "build/service-worker.js", "icon-120x120.png", "icon-512x512.png", "*.config*.js")
NEEDLESS += ("jupyterlite.schema.v0.json", "build/*.eot", "build/fa-*.svg", "build/fa-*.ttf", "build/fa-*.woff")
#: What may run and be asked for on the application's pages; the book's own pages allow far less.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob: {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)
TEXT = (".js", ".mjs", ".css", ".json", ".html", ".svg", ".wasm", ".txt", ".ttf")
#: What the page's icon becomes while Python runs.
ICONS = ("favicon-notebook.ico", "favicon-busy-1.ico", "favicon-busy-2.ico", "favicon-busy-3.ico")
HERE = Path(__file__).parent


def main(fetched: Path, out: Path) -> None:
    """Write the application into `out`, whole or not at all."""
    work = out.with_name(f"{out.name}.new")
    shutil.rmtree(work, ignore_errors=True)
    lite = work / "lite"
    pyodide = lite / "static/pyodide"
    pyodide.mkdir(parents=True)
    core = fetched / "node_modules/pyodide"
    for name in PYODIDE:
        shutil.copyfile(core / name, pyodide / name)
    lock = json.loads((core / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = write_wheels(fetched, pyodide)
    (pyodide / "pyodide-lock.json").write_text(json.dumps(lock, indent=1, sort_keys=True))
    for name in ("jupyter-lite.json", "overrides.json"):
        shutil.copyfile(HERE / name, lite / name)
    jupyter = Path(sys.executable).with_name("jupyter-lite")
    options = ["--apps", "notebooks", "--no-sourcemaps", "--no-unused-shared-packages", "--output-dir", "../site"]
    subprocess.run([jupyter, "build", *options], cwd=lite, check=True, stdout=subprocess.DEVNULL)
    site = work / "site"
    tidy(site)
    compress(site)
    shutil.rmtree(out, ignore_errors=True)
    site.rename(out)
    shutil.rmtree(work)


def write_wheels(fetched: Path, home: Path) -> dict[str, dict]:
    """Write trimmed wheels into `home` and return how Pyodide's lock describes them."""
    own = fetched / EXTENSION / "static/pypi"
    wheels = sorted((fetched / "wheels").glob("*.whl"))
    wheels += [path for path in sorted(own.glob("*.whl")) if not path.name.startswith("widgetsnbextension-3")]
    entries = {}
    for path in wheels:
        contents = trimmed(path)
        entries[canonicalize_name(path.name.split("-")[0])] = entry(home, path.name, contents)
    entries["jedi"] = entry(home, "jedi-0-py3-none-any.whl", {k: v.encode() for k, v in STAND_IN.items()})
    for about in entries.values():
        about["depends"] = [name for name in about["depends"] if name in entries]
    return dict(sorted(entries.items()))


def trimmed(path: Path) -> dict[str, bytes]:
    """Return the files of a wheel that are needed there; licences stay."""
    with zipfile.ZipFile(path) as wheel:
        return {name: wheel.read(name) for name in sorted(wheel.namelist()) if not UNWANTED.search(name)}


def entry(home: Path, name: str, contents: dict[str, bytes]) -> dict:
    """Write a wheel and return its entry of the lock."""
    packed = zipped(contents)
    (home / name).write_bytes(packed)
    project, version, *_ = parse_wheel_filename(name)
    metadata = next(text for file, text in contents.items() if file.endswith(".dist-info/METADATA")).decode()
    wanted = [Requirement(line[14:].strip()) for line in metadata.splitlines() if line.startswith("Requires-Dist:")]
    tops = {file.split("/")[0].removesuffix(".py") for file in contents if file.endswith(".py") and file.count("/") <= 1}
    return {
        "name": project, "version": str(version), "file_name": name, "install_dir": "site", "package_type": "package",
        "sha256": hashlib.sha256(packed).hexdigest(), "imports": sorted(tops), "unvendored_tests": False,
        "depends": sorted({canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate(THERE)}),
    }  # fmt: skip


def zipped(contents: dict[str, bytes]) -> bytes:
    """Return files as a zip that is the same each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tidy(site: Path) -> None:
    """Leave out what nobody asks for, and give the page its policy."""
    for pattern in NEEDLESS:
        for path in site.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    icons = site / "static/favicons"
    icons.mkdir(parents=True, exist_ok=True)
    for name in ICONS:
        shutil.copyfile(site / "notebooks/favicon.ico", icons / name)
    shutil.copyfile(site / "notebooks/favicon.ico", site / "favicon.ico")
    for page in sorted(site.rglob("*.html")):
        html = page.read_text(encoding="utf-8")
        html = re.sub(r'<link rel="manifest"[^>]*>', '<link rel="icon" href="favicon.ico">', html)
        scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
        policy = POLICY.format(scripts=" ".join(f"'sha256-{digest}'" for digest in digests))
        meta = f'<meta charset="utf-8">\n    <meta http-equiv="Content-Security-Policy" content="{policy}">'
        page.write_text(re.sub(r'<meta charset="utf-8" ?/?>', lambda _, meta=meta: meta, html, count=1), encoding="utf-8")


def compress(site: Path) -> None:
    """Put a copy beside each text that is smaller by brotli."""

    def one(path: Path) -> None:
        content = path.read_bytes()
        packed = brotli.compress(content, quality=9)
        if len(packed) < 0.95 * len(content):
            path.with_name(f"{path.name}.br").write_bytes(packed)

    paths = [path for path in sorted(site.rglob("*")) if path.suffix in TEXT and path.stat().st_size > 400]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(one, paths))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
