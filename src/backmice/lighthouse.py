"""What pages take on a phone on a slow network, as Lighthouse reckons it: each page of ours beside that of a stock book.

npm fetches Lighthouse when it is first asked for, as the lock file in `tools/lighthouse` says, into `.cache/bench`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from backmice import weight
from backmice.browser import find_browser
from backmice.weight import Budget, Budgets

HOME = Path(".cache/bench/lighthouse")
PINNED = Path("tools/lighthouse")
WATCHING = PINNED / "frames.json"
KIB = 1024
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
#: Of resources, what a reader may see later.
MEDIA = ("image", "media")
PATIENCE_S = 300
ENDING_S = 10
#: npm would try for more than a minute before it says that there is no network; and how much of what it says is told.
PATIENCE = ("--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000")
SAID_LINES = 4
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
#: It fetches nothing for itself.
QUIET = (
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--disable-quic", "--disable-sync",
)  # fmt: skip
BEGINNING_S = 30
KIND_NAMES = {
    "text": "Text chapter", "figure": "Chapter with 3-D figure", "quiz": "Quiz page", "video": "Chapter with film",
}  # fmt: skip
#: What a page may take at most; what it weighs stands in budgets.toml.
LCP_MS = {"text": 1500, "figure": 1600, "quiz": 1500, "video": 1600}
TBT_MS, CLS = 50, 0.005
#: What each category has at least.
SCORES = {"performance": 99, "accessibility": 100, "best_practices": 100, "seo": 100}


class LighthouseError(Exception):
    """Lighthouse cannot run, or not on a page; the message says what to do."""


@dataclass(frozen=True)
class Loading:
    """How a page loads: bytes transferred, those of pictures and films among them, requests, times, and scores of 100."""

    size: float
    media: float
    requests: float
    lcp_ms: float
    tbt_ms: float
    cls: float
    performance: float
    accessibility: float
    best_practices: float
    seo: float


@dataclass(frozen=True)
class Compared:
    """A page of one kind with its budget, ours and the stock one; the latter may be missing."""

    page: str
    kind: str
    budget: Budget
    ours: Loading
    stock: Loading | None

    def over(self) -> list[str]:
        """Return what of our page misses its target, in words."""
        one = self.ours
        most = {
            "size": (one.size - one.media, self.budget.kib * KIB),
            "requests": (one.requests, self.budget.requests),
            "LCP": (round(one.lcp_ms, -1), LCP_MS[self.kind]),
            "TBT": (one.tbt_ms, TBT_MS),
            "CLS": (one.cls, CLS),
        }
        # As they are told: scores whole, times to 10 ms.
        low = [name.replace("_", " ") for name, least in SCORES.items() if round(getattr(one, name)) < least]
        return [name for name, (is_, may) in most.items() if is_ > may] + low


# What is reckoned.


def loading(report: Mapping[str, Any]) -> Loading:
    """Return what a report of Lighthouse says of a page.

    Raises
    ------
    LighthouseError
        If it could not load the page, or not measure it.
    """
    if error := report.get("runtimeError"):
        raise LighthouseError(f"{report.get('requestedUrl')}: {error.get('message', error['code'])}")
    audits = report["audits"]
    requests = [one for one in audits["network-requests"]["details"]["items"] if one["url"].startswith("http")]
    times = [audits[name].get("numericValue") for name in ("largest-contentful-paint", "total-blocking-time")]
    scores = [report["categories"][name]["score"] for name in CATEGORIES]
    if None in times or None in scores:
        raise LighthouseError(f"{report.get('requestedUrl')}: Lighthouse could not measure it")
    return Loading(
        sum(one.get("transferSize", 0) for one in requests),
        sum(one.get("transferSize", 0) for one in requests if one.get("resourceType", "").lower() in MEDIA),
        len(requests),
        *times,
        audits["cumulative-layout-shift"]["numericValue"],
        *(100 * score for score in scores),
    )


def middle(runs: Iterable[Loading]) -> Loading:
    """Return the median of each figure of several loads of one page."""
    runs = list(runs)
    return Loading(*(median(getattr(run, field.name) for run in runs) for field in fields(Loading)))


def badness(one: Compared) -> tuple[float, ...]:
    """Return what orders pages: the lowest performance first, then the slowest, then the heaviest."""
    return (-round(one.ours.performance), one.ours.lcp_ms, one.ours.size)


def worst(pages: Iterable[Compared]) -> Compared:
    """Return the page of ours that a reader waits for most."""
    return max(pages, key=badness)


def worst_of_each(pages: Iterable[Compared]) -> list[Compared]:
    """Return the worst page of each kind, of those that have a stock sister."""
    by_kind: dict[str, list[Compared]] = {kind: [] for kind in KIND_NAMES}
    for page in pages:
        if page.stock is not None:
            by_kind[page.kind].append(page)
    return [worst(of_kind) for of_kind in by_kind.values() if of_kind]


# What is printed.


HEAD = ("transferred", "without media", "requests", "LCP", "TBT", "CLS", "scores")


def _cells(one: Loading | None) -> tuple[str, ...]:
    if one is None:
        return ("",) * len(HEAD)
    scores = "/".join(f"{score:.0f}" for score in (one.performance, one.accessibility, one.best_practices, one.seo))
    return (
        f"{one.size / KIB:,.0f} KiB", f"{(one.size - one.media) / KIB:,.0f} KiB", f"{one.requests:.0f}",
        f"{one.lcp_ms / 1000:.2f} s", f"{one.tbt_ms:.0f} ms", f"{one.cls:.3f}", scores,
    )  # fmt: skip


def rows(pages: Iterable[Compared]) -> Iterator[tuple[str, ...]]:
    """Yield two lines for each page: ours with what misses its target, and the stock one."""
    for one in pages:
        yield one.page, "ours", *_cells(one.ours), ", ".join(one.over()) or "none"
        if one.stock is not None:
            yield "", "stock", *_cells(one.stock), ""


def kinds_rows(pages: Iterable[Compared], budgets: Budgets) -> Iterator[tuple[str, ...]]:
    """Yield three lines for each kind of page: the target, and the medians of ours and of the stock pages."""
    pages = list(pages)
    for kind, name in KIND_NAMES.items():
        of_kind = [page for page in pages if page.kind == kind]
        if not of_kind:
            continue
        budget, scores = budgets.kinds[kind], "/".join(map(str, SCORES.values()))
        times = f"{LCP_MS[kind] / 1000:.2f} s", f"{TBT_MS} ms", "0.00"
        yield f"{name} ({len(of_kind)})", "target", "", f"{budget.kib} KiB", str(budget.requests), *times, scores
        yield "", "ours", *_cells(middle(page.ours for page in of_kind))
        if stock := [page.stock for page in of_kind if page.stock is not None]:
            yield "", "stock", *_cells(middle(stock))


def names_worst(pages: Iterable[Compared]) -> str:
    """Return a sentence that names the worst page, and one that counts those that meet every target."""
    pages = list(pages)
    one = worst(pages)
    missed = f"; misses {', '.join(one.over())}" if one.over() else ""
    met = sum(not page.over() for page in pages)
    return (
        f"Worst page: {one.page} ({one.ours.performance:.0f}, LCP {one.ours.lcp_ms / 1000:.2f} s{missed}). "
        f"{met} of {len(pages)} pages meet every target."
    )


# Which pages, and of which kind.


def pages_of(built: Path, glob: str | None = None) -> dict[str, str]:
    """Return the kind of each page of a built book by its name, or of those whose name matches.

    Raises
    ------
    LighthouseError
        If none does.
    """
    found = {name: weight.kind(page) for name, page in weight.pages(built).items()}
    chosen = {name: kind for name, kind in found.items() if glob is None or fnmatchcase(name, glob)}
    if not chosen:
        raise LighthouseError(f"No page is called '{glob}'; names are like book/meet/names, * stands for any part")
    return chosen


def one_of_each(pages: Mapping[str, str], size: Callable[[str], int]) -> dict[str, str]:
    """Return the largest page of each kind."""
    chosen: dict[str, str] = {}
    for name in sorted(pages, key=size):
        chosen[pages[name]] = name
    return {chosen[kind]: kind for kind in KIND_NAMES if kind in chosen}


# What is run.


def install(root: Path) -> Path:
    """Return Lighthouse's command, fetching it by npm when it is not there as pinned.

    Raises
    ------
    LighthouseError
        If there is no Node, or npm fails.
    """
    root = root.resolve()
    home, pinned = root / HOME, [root / PINNED / "package.json", root / PINNED / "package-lock.json"]
    stamp, current = home / ".prepared", sha256(b"".join(path.read_bytes() for path in pinned)).hexdigest()
    command = home / "node_modules/lighthouse/cli/index.js"
    if stamp.is_file() and stamp.read_text() == current and command.is_file():
        return command
    npm = shutil.which("npm", path=node_path())
    if npm is None:
        raise LighthouseError("Lighthouse needs Node 20 or newer and its npm: make test installs them.")
    home.mkdir(parents=True, exist_ok=True)
    for path in (*pinned, root / ".npmrc"):
        shutil.copyfile(path, home / path.name)
    environment = {**os.environ, "PATH": node_path(), "NODE_USE_SYSTEM_CA": "1"}
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", *PATIENCE],
        check=False,
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        raise LighthouseError("\n".join(["npm could not fetch Lighthouse; is there a network?", *said[:SAID_LINES]]))
    stamp.write_text(current)
    return command


def node_path() -> str:
    """Return a PATH that has the environment's own Node at its end."""
    return os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)))


def node_and_browser() -> tuple[str, str]:
    """Return the paths of both.

    Raises
    ------
    LighthouseError
        If one is missing.
    """
    node, browser = shutil.which("node", path=node_path()), find_browser()
    if node is None or browser is None:
        raise LighthouseError("Lighthouse needs Node and a browser: make test installs them, or says how.")
    return node, browser


@contextmanager
def browser_awake(address: str) -> Iterator[int]:
    """Have one browser for many loads stand ready, which has drawn a page, and yield the port that it listens on.

    One that is just beginning may draw its first picture a second late, which is no page's doing.

    Raises
    ------
    LighthouseError
        If there is none, or it does not begin.
    """
    _, browser = node_and_browser()
    with tempfile.TemporaryDirectory(prefix="backmice-browser-", ignore_cleanup_errors=True) as folder:
        asked = [browser, *FLAGS, *QUIET, "--remote-debugging-port=0", f"--user-data-dir={folder}", address]
        told = Path(folder) / "DevToolsActivePort"
        with subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                for _ in range(BEGINNING_S):
                    time.sleep(1)
                    if told.is_file():
                        break
                else:
                    raise LighthouseError(f"The browser did not begin within {BEGINNING_S} s.")
                yield int(told.read_text().split()[0])
            finally:
                running.terminate()


def measure(command: Path, address: str, port: int) -> dict[str, Any]:
    """Return the report of one load in a browser that is awake: mobile, slow 4G simulated, nothing kept from before.

    Raises
    ------
    LighthouseError
        If there is no browser, or Lighthouse fails.
    """
    return _report(command, address, f"--only-categories={','.join(CATEGORIES)}", f"--port={port}")


def watch(root: Path, address: str) -> dict[str, Any]:
    """Return the report of one load on a line that is slow, with what was on the screen at each time.

    Raises
    ------
    LighthouseError
        If Lighthouse cannot run, or fails.
    """
    root = root.resolve()
    return _report(install(root), address, f"--config-path={root / WATCHING}", f"--chrome-flags={' '.join(FLAGS)}")


def _report(command: Path, address: str, *asked_for: str) -> dict[str, Any]:
    node, browser = node_and_browser()
    # A browser that ends late writes once more.
    with tempfile.TemporaryDirectory(prefix="backmice-lighthouse-", ignore_cleanup_errors=True) as folder:
        report = Path(folder) / "report.json"
        asked = [
            node,
            command,
            address,
            "--output=json",
            f"--output-path={report}",
            "--quiet",
            "--disable-full-page-screenshot",
            *asked_for,
        ]
        environment = {**os.environ, "CHROME_PATH": browser, "TMPDIR": folder}
        with subprocess.Popen(asked, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as running:
            try:
                _, said = running.communicate(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                # By this it ends its browser, too.
                running.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    running.wait(ENDING_S)
                running.kill()
                raise LighthouseError(f"{address}: Lighthouse took longer than {PATIENCE_S} s") from None
        if not report.is_file():
            raise LighthouseError(f"{address}: Lighthouse failed\n{said[-1000:]}")
        return json.loads(report.read_text(encoding="utf-8"))


def compare(
    root: Path, pages: Mapping[str, str], ours: str, stock: str, *, runs: int, say: Callable[[str], None]
) -> Iterator[Compared]:
    """Load each page so many times, ours and the stock one in turn, and yield the medians.

    Parameters
    ----------
    ours, stock
        The addresses of the two books, without a slash at the end.

    Raises
    ------
    LighthouseError
        If Lighthouse cannot run at all; a page on which it fails is left out, and said to be.
    """
    node_and_browser()
    command, budgets = install(root), weight.load_budgets(root)
    with browser_awake(f"{ours}/index.html") as port:
        for number, (page, kind) in enumerate(pages.items(), 1):
            taken: dict[str, list[Loading]] = {ours: [], stock: []}
            for run in range(runs):
                say(f"Lighthouse, page {number} of {len(pages)}, load {run + 1} of {runs}: {page}")
                for home, loads in taken.items():
                    try:
                        loads.append(loading(measure(command, f"{home}/{page}.html", port)))
                    except LighthouseError as error:
                        whose = "Our" if home == ours else "The stock"
                        say(f"{whose} page is left out: {str(error).splitlines()[0]}")
            if taken[ours]:
                theirs = middle(taken[stock]) if taken[stock] else None
                yield Compared(page, kind, budgets.of(page, kind), middle(taken[ours]), theirs)
