"""Build the book, saying calmly how far it is: `python tools/build.py`.

It runs `jupyter-book build .` with warnings as errors, keeps its many words in a log and passes warnings on. Then it
puts compressed copies beside the files, for hosts that send them.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ".cache/build.log"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PROGRESS = re.compile(r"(reading sources|making packages|writing output)\.\.\. \[ *(\d+)%\] *(\S*)")
WORDS = {"reading sources": "Reading", "making packages": "Making packages", "writing output": "Writing"}


def main(root: Path = ROOT) -> int:
    """Build the book of `root` and return the exit code."""
    start = time.monotonic()
    say = print_over if sys.stdout.isatty() else print_quarters()
    print("Building the book …", flush=True)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going", "-n"]
    (root / LOG).parent.mkdir(exist_ok=True)
    with (
        (root / LOG).open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as building,
    ):
        try:
            for line in building.stdout or ():
                line = COLOUR.sub("", line)
                log.write(line)
                if progress := PROGRESS.search(line):
                    say(WORDS[progress[1]], int(progress[2]), progress[3])
        # Ctrl-C, or nobody reads on (`make book | head`).
        except (KeyboardInterrupt, BrokenPipeError):
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
    # Only now, as a course whose book isn't built needs nothing of ours.
    from backmice.compressed import KEPT, compress

    compress(root / "_build/html", root / KEPT)
    print(f"The book is in _build/html ({time.monotonic() - start:.0f} s)", flush=True)
    return 0


def forget(root: Path) -> None:
    """Let the next build read every page again.

    Sphinx warns once, while it reads a page; without this the next build would pass over the page and succeed.
    """
    shutil.rmtree(root / "_build" / ".doctrees", ignore_errors=True)


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
