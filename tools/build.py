"""Build the book, saying calmly how far it is: `python tools/build.py`.

It runs `jupyter-book build .` with warnings as errors, keeps its many words in a log and passes warnings on. Then it
puts compressed copies beside the files, for hosts that send them.
Importing all that takes longer than finding out that there is nothing to do, so after each good build this notes what
the book was made from and what came of it; while both are as noted, nothing is run.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).resolve().parent.parent
LOG = ".cache/build.log"
#: What the last good build was made from, and what came of it.
STAMP = ".cache/built.json"
LOCK = ".cache/build.lock"
#: Noted of the machine while a build runs: found by the next one, it was killed.
UNFINISHED = "unfinished"
NOTHING = {"machine": None, "sources": {}, "output": {}}
#: Beside the book, what a build writes among the sources.
OUTPUT = ("_build/html", "src/backmice/widgets/data")
#: No part of what the book is made from; at the root, or anywhere. What npm brings, it lists itself.
NO_SOURCES = {*OUTPUT, "_build", ".cache", ".git", ".venv", ".venv-live", "node_modules", "tests", "my-labs"}
NO_SOURCES_ANYWHERE = {
    "__pycache__",
    ".ipynb_checkpoints",
    ".jupyter_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
}
NPM = ("node_modules/.prepared", "node_modules/.package-lock.json")
#: Where set-up puts the application that runs the labs in a reader's browser.
LIVE = ".cache/live"
#: In the environment, what a build heeds.
VARIABLES = ("SOURCE_DATE_EPOCH", "PYTHONPATH")
#: How long an interrupted build has to end by itself, before it is ended.
TIDYING_S = 2
JUPYTER_BOOK = Path(__file__).with_name("jupyter_book_soon.py")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PROGRESS = re.compile(r"(reading sources|making packages|writing output)\.\.\. \[ *(\d+)%\] *(\S*)")
WORDS = {"reading sources": "Reading", "making packages": "Making packages", "writing output": "Writing"}

#: By its path, a file's size, the times of its content and of its entry in nanoseconds, and a digest of its content.
Files = dict[str, list[int | str]]


def main(root: Path = ROOT) -> int:
    """Build the book of `root`, unless it is there already, and return the exit code."""
    (root / STAMP).parent.mkdir(exist_ok=True)
    with (root / LOCK).open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Waiting for another build of this folder …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        return build(root)


def build(root: Path) -> int:
    """Do what `main` says, alone."""
    start = time.monotonic()
    noted = read_stamp(root)
    # Before the build: what is edited while it runs is for the next one.
    made_from = {"machine": machine(root), "sources": contents(root, sources(root), noted["sources"])}
    found = contents(root, output(root), noted["output"])
    odd = [path for path, file in noted["output"].items() if path not in found or found[path][-1] != file[-1]]
    is_current = noted["machine"] == made_from["machine"] and same(noted["sources"], made_from["sources"])
    if is_current and not odd:
        print(f"The book in _build/html is up to date ({time.monotonic() - start:.1f} s)", flush=True)
        return 0
    if noted["machine"] == UNFINISHED:
        forget(root)
    # Sphinx takes a page for good that is there and newer than its source.
    for path in odd:
        (root / path).unlink(missing_ok=True)
    write_stamp(root, NOTHING | {"machine": UNFINISHED})
    if code := run(root):
        return code
    write_stamp(root, {**made_from, "output": contents(root, output(root), found)})
    print(f"The book is in _build/html ({time.monotonic() - start:.0f} s)", flush=True)
    return 0


def run(root: Path) -> int:
    """Run `jupyter-book` and return the exit code."""
    say = print_over if sys.stdout.isatty() else print_quarters()
    print("Building the book …", flush=True)
    command = [sys.executable, JUPYTER_BOOK, "build", ".", "-W", "--keep-going", "-n"]
    with (
        (root / LOG).open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as building,
        compressing_ahead(root),
    ):
        try:
            for line in building.stdout or ():
                line = COLOUR.sub("", line)
                log.write(line)
                if progress := PROGRESS.search(line):
                    say(WORDS[progress[1]], int(progress[2]), progress[3])
        # Ctrl-C, or nobody reads on (`make book | head`).
        except (KeyboardInterrupt, BrokenPipeError):
            with suppress(subprocess.TimeoutExpired):
                building.wait(TIDYING_S)  # Ctrl-C reached it, too
            building.terminate()
            building.wait()
            forget(root)
            print("\nInterrupted.", file=sys.stderr)
            # Nor is anybody there for what is still to be flushed.
            sys.stdout = None
            return 130
    if building.returncode:
        forget(root)
        print(f"The book was not built: the reason is above; {LOG} has the rest.", file=sys.stderr)
        return 1
    from backmice.compressed import KEPT, compress

    compress(root / "_build/html", root / KEPT)
    return 0


@contextmanager
def compressing_ahead(root: Path) -> Iterator[None]:
    """Compress what is written already, as Sphinx leaves a processor idle."""
    ended = Event()

    def work() -> None:
        # Not before, as the book is being built meanwhile; and without us it isn't built, for which it says the reason.
        with suppress(ImportError):
            from backmice.compressed import KEPT, compress_ahead

            compress_ahead(root / "_build/html", root / KEPT, ended)

    helper = Thread(target=work)
    helper.start()
    try:
        yield
    finally:
        ended.set()
        helper.join()


def forget(root: Path) -> None:
    """Let the next build read every page again.

    Sphinx warns once, while it reads a page; without this the next build would pass over the page and succeed.
    """
    shutil.rmtree(root / "_build" / ".doctrees", ignore_errors=True)


# What the book was made from, and what came of it.


def read_stamp(root: Path) -> dict:
    """Return what the last good build noted; nothing when there was none, or it was ended before its time."""
    try:
        return json.loads((root / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return NOTHING


def write_stamp(root: Path, noted: dict) -> None:
    """Note a good build, at once or not at all."""
    unfinished = root / f"{STAMP}.{os.getpid()}"
    unfinished.write_text(json.dumps(noted), encoding="utf-8")
    unfinished.replace(root / STAMP)


def sources(root: Path) -> Iterator[Path]:
    """Return the files that the book may be made from: all but those that it surely is not."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        at = here.relative_to(root)
        folders[:] = [
            name for name in folders if name not in NO_SOURCES_ANYWHERE and (at / name).as_posix() not in NO_SOURCES
        ]
        folders[:] = [name for name in folders if not name.endswith(".egg-info")]
        yield from (here / name for name in names if (at / name).as_posix() not in NO_SOURCES)
    yield from (root / name for name in NPM)


def output(root: Path) -> Iterator[Path]:
    """Return the files that a build writes for others to read."""
    for name in OUTPUT:
        yield from (Path(folder) / name for folder, _, names in os.walk(root / name) for name in names)


def contents(root: Path, paths: Iterator[Path], known: Files) -> Files:
    """Return what is in files; only those are read that look otherwise than `known`."""
    found = {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            stat = path.stat()
            looks = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
            if name in known and known[name][:-1] == looks:
                found[name] = known[name]
            elif path.is_file():
                found[name] = [*looks, hashlib.sha256(path.read_bytes()).hexdigest()]
        except FileNotFoundError:
            pass  # npm was never run, or a link leads nowhere
    return found


def same(one: Files, other: Files) -> bool:
    """Tell whether the same files hold the same, whenever they were written."""
    return one.keys() == other.keys() and all(one[path][-1] == other[path][-1] for path in one)


def machine(root: Path) -> dict:
    """Return what else decides a build: Python, its packages, the commit that dates cards, and where our code is."""
    site = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    packages = {
        entry.name: entry.stat().st_mtime_ns
        for folder in sorted(site)
        for entry in os.scandir(folder)
        if entry.name.endswith((".dist-info", ".egg-info", ".pth"))
    }
    code = importlib.util.find_spec("backmice")
    home = Path(code.origin).parent if code and code.origin else None
    return {
        "python": [sys.version, sys.executable],
        "packages": packages,
        "commit": commit(root),
        "variables": {name: os.environ.get(name) for name in VARIABLES},
        # Named by a digest; pages have a button when it has been made.
        "live": sorted(found.parent.name for found in (root / LIVE).glob("*/jupyter-lite.json")),
        # Elsewhere, it would not be among the sources.
        "code": None if home is None or home.is_relative_to(root) else digest(home),
    }


def commit(root: Path) -> str:
    """Return the commit that is checked out, if there is git, and one."""
    try:
        command = ["git", "-C", str(root), "rev-parse", "HEAD"]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def digest(folder: Path) -> str:
    """Return a digest of all files of a folder."""
    whole = {name: file[-1] for name, file in contents(folder, sources(folder), {}).items()}
    return hashlib.sha256(json.dumps([str(folder), whole], sort_keys=True).encode()).hexdigest()


def print_over(word: str, percent: int, page: str) -> None:
    """Show progress on one line of a terminal."""
    end = "\n" if percent == 100 else ""
    print(f"\r\x1b[K  {word} {percent} % {page[:60]}", end=end, flush=True)


def print_quarters():
    """Return a printer that shows progress in a log: at most four lines for each phase."""
    last: dict[str, int] = {}

    def say(word: str, percent: int, page: str) -> None:
        if percent // 25 > last.get(word, 0):
            last[word] = percent // 25
            print(f"  {word} {percent} %", flush=True)

    return say


if __name__ == "__main__":
    # A terminal of another day has no "…".
    sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
