"""How much a page asks of a reader's line, and how long a build takes of an author's day.

Builds are timed in a copy of the course, so that nothing of the author's is touched, and each page is read in a browser
from `backmice.serve`. Figures are printed beside their targets and nothing is judged: times belong to the machine.
Each part can be asked for by itself; one that cannot be measured says why, and the others go on.
"""

from __future__ import annotations

import gzip
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any

from backmice import lighthouse
from backmice.browser import find_browser
from backmice.compressed import beside
from backmice.lighthouse import LighthouseError
from backmice.live import HOME as LIVE
from backmice.modules import gathered
from backmice.serve import Handler, make_server
from backmice.stock import LACKS, StockError, build_stock, write_stock
from backmice.weight import Budgets, load_budgets, sent

LESSON = "book/anatomy/sacroiliac-triangle"
TARGET_PAGE_KIB = 150
TARGET_BUILDS_S = {"cold": 60, "unchanged": 2, "one page changed": 4}
TARGET_QUIZ_KIB = 40
TARGET_TASK_MS = 50
TARGET_INDEX_KIB = 150
TARGET_RESULT_MS = 100
#: Typed one after the other: a term, a slip, a lay question, another language.
QUERIES = ("cluneal nerve", "ultrasuond", "knot in lower back", "bultos dolorosos en la espalda")
#: How long from the last key until the results are laid out.
UNTIL_SHOWN = """async (query) => {
  const search = document.querySelector("backmice-search");
  const field = search.querySelector("input");
  field.value = query;
  const start = performance.now();
  field.dispatchEvent(new InputEvent("input"));
  search.getBoundingClientRect();
  return performance.now() - start;
}"""
EXAM = "book/practice/exam"
#: What brings each way of answering, each with all that it imports.
QUIZ_HOSTS = ("backmice-quiz.js", "backmice-exam.js", "backmice-review.js")
LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: "longtask", buffered: true });
}"""
TARGET_FRAMES = 30
TURNING_MS = 6000
#: Drags over the figure for so long, and gives how long each frame took; the first second finds its pace.
TURN = """async (ms) => {
  const canvas = document.querySelector("backmice-anatomy .plot canvas");
  const { left, top } = canvas.getBoundingClientRect();
  const at = (kind, x, more = {}) => canvas.dispatchEvent(
    new (kind.startsWith("pointer") ? PointerEvent : MouseEvent)(kind, { clientX: left + x, clientY: top + 150, bubbles: true, ...more }));
  for (const kind of ["pointerdown", "mousedown"]) at(kind, 100, { buttons: 1 });
  const frames = [];
  const start = performance.now();
  for (let last = start, now = start; now - start < ms; last = now) {
    now = await new Promise(requestAnimationFrame);
    if (now - start > 1000) frames.push(now - last);
    at("mousemove", 100 + ((now - start) / 10) % 200, { buttons: 1 });
  }
  for (const kind of ["mouseup", "pointerup"]) at(kind, 100);
  return frames;
}"""
#: Comes down the page until the figure is a window and a half away.
COME_DOWN = """() => {
  const { top } = document.querySelector("backmice-anatomy .stage").getBoundingClientRect();
  scrollBy({ top: top - 2.5 * innerHeight, behavior: "instant" });
}"""
READING_MS = 1000
#: Waits until what was asked of the figure's drawing is painted, which a pixel read from it needs.
PAINTED = """() => {
  const gl = document.querySelector("backmice-anatomy .plot canvas").getContext("webgl");
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}"""
#: Python has started and run all cells of the lab.
READY = """() => document.querySelector(".live-status").textContent.startsWith("Ready")"""
TARGET_EXPORT_S = 20
TARGET_GRADING_S = 30
TARGET_GRADING_MIB = 1024
GRADED_QUIZ, STUDENTS, CLASSES = "final", 10_000, 200
REPEATS = 3
RUNS = 5
STOCK = Path(".cache/bench/stock")
PICTURES = Path("_build/bench")
TARGET_FIGURE = "500 kB and 2.5 s, kept 0.3 s"
TARGET_LIVE = {"first visit": ("16 MB", "12 s"), "again": ("", "10 s")}
#: The lab that is opened in the browser, and how long Python may take to start on a busy machine.
LAB = "needle-reach"
STARTING_S = 300
#: As Lighthouse means it: bytes a second and milliseconds.
SLOW_4G = {"latency": 150, "downloadThroughput": 1.6 * 1024**2 / 8, "uploadThroughput": 750 * 1024 / 8}
LEFT_BEHIND = (
    ".git",
    ".cache",
    ".venv",
    "_build",
    "node_modules",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
    "tests",
)
BROWSER_ARGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
DRAWING_MS = 60_000
LOOK_MS = 20
STATIC = Path(__file__).parent / "static"

Say = Callable[[str], None]


class BenchError(Exception):
    """Something cannot be measured; the message says what to do."""


@dataclass(frozen=True)
class Transfer:
    """What came over the line: bytes with headers, as compressed, and the number of requests."""

    size: int
    requests: int

    @classmethod
    def of(cls, sizes: Iterable[int]) -> Transfer:
        """Return the total of single responses."""
        sizes = list(sizes)
        return cls(sum(sizes), len(sizes))


@dataclass(frozen=True)
class PageLoad:
    """A page as loaded, and after its figure is drawn, if it has one."""

    page: str
    before: Transfer
    after: Transfer | None


@dataclass(frozen=True)
class Grading:
    """How long it took to open, grade and analyse what a large class handed in, and the most memory at a time."""

    students: int
    items: int
    seconds: float
    mib: float


@dataclass(frozen=True)
class Exporting:
    """How long the whole bank took: for each target, and for all with reading the bank, in seconds."""

    items: int
    targets: dict[str, float]
    seconds: float


# What is printed.


def kib(size: int) -> str:
    """Return a size for the eye."""
    return f"{size / 1024:,.1f} KiB"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return lines with the first column flush left and the others flush right."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(w) if n else cell.ljust(w) for n, (cell, w) in enumerate(zip(line, widths))).rstrip()
        for line in lines
    )


def pages_table(loads: Iterable[PageLoad]) -> str:
    """Return what each page transfers, before and after its figure."""
    head = ("page, transferred", "at load", "requests", "target", "with figure", "requests")
    rows = [
        (load.page, kib(load.before.size), str(load.before.requests), f"{TARGET_PAGE_KIB} KiB")
        + ((kib(load.after.size), str(load.after.requests)) if load.after else ("", ""))
        for load in loads
    ]
    return table(head, rows)


def builds_table(ours: dict[str, float], stock: dict[str, float]) -> str:
    """Return how long each kind of build took, of ours and of a stock book of the same text."""
    head = ("build", "ours", "target", "stock Jupyter Book")
    return table(
        head,
        [
            (name, f"{took:.1f} s", f"{TARGET_BUILDS_S[name]} s", f"{stock[name]:.1f} s" if name in stock else "")
            for name, took in ours.items()
        ],
    )


def files_table(paths: Iterable[Path]) -> str:
    """Return the sizes of files as they are, and as they are served."""
    rows = []
    for path in paths:
        rows.append((path.name, kib(path.stat().st_size), kib(_compressed(path))))
    return table(("fetched for the figure", "as a file", "compressed"), rows)


@dataclass(frozen=True)
class ExamOpening:
    """How an exam opens: what its longest tasks took, and how long until its first item was shown."""

    items: int
    page_ms: float
    draw_ms: float
    first_item_ms: float


def quiz_table(static: Path) -> str:
    """Return what the code of each way of answering weighs, as served, and of all of them together."""
    groups = {host: set(gathered(static / host, at_once=True)) for host in QUIZ_HOSTS}
    groups["all three"] = set().union(*groups.values())
    rows = []
    for name, modules in groups.items():
        size = sum(map(_compressed, modules))
        rows.append((name, str(len(modules)), kib(size), f"{TARGET_QUIZ_KIB} KiB"))
    return table(("quiz code", "modules", "compressed", "target"), rows)


@dataclass(frozen=True)
class Turning:
    """How a figure turns on a phone without a graphics card: frames a second, and the slowest of twenty frames."""

    per_second: float
    slow_ms: float


def turning_table(turning: Turning) -> str:
    """Return how smoothly a figure turns."""
    return table(
        ("figure at 390 px, software WebGL", "measured", "target"),
        [
            ("frames a second while turning", f"{turning.per_second:.0f}", f"{TARGET_FRAMES}"),
            ("slowest of twenty frames", f"{turning.slow_ms:.0f} ms", ""),
        ],
    )


def exam_table(exam: ExamOpening) -> str:
    """Return how an exam opens."""
    return table(
        (f"exam of {exam.items} items", "took", "target"),
        [
            ("longest task, opening the page", f"{exam.page_ms:.0f} ms", f"{TARGET_TASK_MS} ms"),
            ("longest task, drawing the items", f"{exam.draw_ms:.0f} ms", f"{TARGET_TASK_MS} ms"),
            ("from the press to the first item", f"{exam.first_item_ms:.0f} ms", ""),
        ],
    )


@dataclass(frozen=True)
class SearchOpening:
    """What search weighs as served, in bytes, and the longest that a result took after the last key."""

    index: int
    code: int
    result_ms: float


def search_table(search: SearchOpening) -> str:
    """Return what search weighs and takes."""
    return table(
        ("search", "measured", "target"),
        [
            ("index, compressed", kib(search.index), f"{TARGET_INDEX_KIB} KiB"),
            ("code, compressed", kib(search.code), ""),
            ("longest, from the last key to the results", f"{search.result_ms:.0f} ms", f"{TARGET_RESULT_MS} ms"),
        ],
    )


# What is measured.


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """Give a copy of the course's folder, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="backmice-bench-") as folder:
        copy = Path(folder) / "course"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
        if (root / "node_modules").is_dir():
            (copy / "node_modules").symlink_to(root / "node_modules")
        if (root / LIVE).is_dir():
            (copy / LIVE).parent.mkdir()
            (copy / LIVE).symlink_to(root / LIVE)
        yield copy


def build(root: Path) -> float:
    """Build the book of `root` as `make book` does, and return the seconds it took.

    Raises
    ------
    BenchError
        If the build fails.
    """
    start = time.monotonic()
    command = [sys.executable, root / "tools/build.py"]
    done = subprocess.run(command, check=False, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise BenchError(f"The book was not built; make book says why.\n{done.stderr[-2000:]}")
    return time.monotonic() - start


def time_builds(
    root: Path, say: Say, build: Callable[[Path], float] = build, whose: str = "the book", repeats: int = REPEATS
) -> dict[str, float]:
    """Return the seconds of a build into an empty folder, of one without a change, and of one with one page changed.

    The latter two are medians of so many `repeats`.
    """
    page = root / f"{LESSON}.md"

    def changed() -> float:
        page.write_text(page.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
        return build(root)

    say(f"Building {whose} in an empty folder …")
    seconds = {"cold": build(root)}
    say(f"Building {whose} again, unchanged …")
    seconds["unchanged"] = median(build(root) for _ in range(repeats))
    say(f"Building {whose} again, the lesson changed …")
    seconds["one page changed"] = median(changed() for _ in range(repeats))
    say(", ".join(f"{name} {took:.1f} s" for name, took in seconds.items()))
    return seconds


def time_stock(course: Path, say: Say, repeats: int = REPEATS) -> dict[str, float]:
    """Return the same of a stock book with the text of the course as built; nothing where that can't be built."""
    with tempfile.TemporaryDirectory(prefix="backmice-stock-") as folder:
        home = Path(folder) / "stock"
        write_stock(course, course / "_build/html", home)
        try:
            return time_builds(home, say, build_stock, "the stock book", repeats)
        except StockError as error:
            say(str(error))
            return {}


def built_book(course: Path) -> Path:
    """Return the folder of the book of `course`.

    Raises
    ------
    BenchError
        If it was not built.
    """
    html = course / "_build/html"
    if not (html / "index.html").is_file():
        raise BenchError("There is no book in _build/html; build it: make book")
    return html


def chosen_pages(html: Path, budgets: Budgets, pages: str | None, *, quick: bool) -> dict[str, str]:
    """Return the kinds of the pages to load, by name.

    Parameters
    ----------
    pages
        Which, by name, with * for any part; all when None.
    quick
        Only the largest page of each kind, of those without a budget of their own.

    Raises
    ------
    BenchError
        If none is called so.
    """
    try:
        chosen = lighthouse.pages_of(html, pages)
    except LighthouseError as error:
        raise BenchError(str(error)) from None
    if not quick:
        return chosen
    like = {name: kind for name, kind in chosen.items() if name not in budgets.pages}
    return lighthouse.one_of_each(like or chosen, lambda name: (html / f"{name}.html").stat().st_size)


def load_compared(root: Path, course: Path, say: Say, *, pages: dict[str, str], runs: int) -> Iterator[str]:
    """Load pages by Lighthouse, ours beside stock ones, and yield tables: of each page, of each kind, and the worst.

    Of the worst page of each kind a picture is kept.

    Parameters
    ----------
    course
        The course whose book is built; `root` keeps Lighthouse, the stock book for the next time, and the pictures.
    pages
        Their kinds by name.

    Raises
    ------
    BenchError
        If Lighthouse cannot run.
    """
    built, home = built_book(course), root / STOCK
    try:
        say("Looking for Lighthouse, or fetching it …")
        lighthouse.install(root)
        write_stock(course, built, home)
        if not (home / "_build/html/index.html").is_file():
            say("Building the stock book (a minute or two) …")
            build_stock(home)
        compared = []
        with served(built) as ours, served(home / "_build/html") as stock:
            for one in lighthouse.compare(root, pages, ours, stock, runs=runs, say=say):
                for row in lighthouse.rows([one]):
                    say("  ".join(filter(None, row)))
                compared.append(one)
            pictures = [*draw_worst(root, compared, {"stock Jupyter Book": stock, "this course": ours}, say)]
    except (LighthouseError, StockError) as error:
        raise BenchError(str(error)) from None
    if not compared:
        raise BenchError("Lighthouse could measure none of our pages; why is said above.")
    of = f"median of {runs}" if runs > 1 else "one load"
    yield table((f"page, mobile, slow 4G, {of}", "", *lighthouse.HEAD, "misses"), lighthouse.rows(compared))
    budgets = load_budgets(root)
    yield table(("kind of page", "", *lighthouse.HEAD), lighthouse.kinds_rows(compared, budgets))
    missing = sorted(pages.keys() - {one.page for one in compared})
    left_out = f"\nNot measured: {', '.join(missing)}." if missing else ""
    yield f"{lighthouse.names_worst(compared)}{left_out}\nThe stock book lacks: {LACKS}."
    if pictures:
        yield "\n".join(["What a reader sees of the worst page of each kind, in both books:", *map(str, pictures)])


def draw_worst(root: Path, compared: Iterable[lighthouse.Compared], books: dict[str, str], say: Say) -> Iterator[Path]:
    """Load the worst page of each kind once more, slowly, draw what was seen and yield where it is below `root`.

    Parameters
    ----------
    books
        The addresses of the books by name, in the order of the rows.
    """
    from backmice import filmstrip  # here, since no other command needs pictures

    for one in lighthouse.worst_of_each(compared):
        say(f"Looking at {one.page} as it loads …")
        try:
            rows = {
                book: filmstrip.frames(lighthouse.watch(root, f"{home}/{one.page}.html"))
                for book, home in books.items()
            }
        except LighthouseError as error:
            say(f"It is not drawn: {str(error).splitlines()[0]}")
            continue
        yield filmstrip.save(root / PICTURES, one.page, rows).relative_to(root)


@contextmanager
def served(html: Path, noted: list[int] | None = None) -> Iterator[str]:
    """Serve a built book and give its address, without a slash at the end; note in `noted` the bytes of each answer."""

    class Noting(Handler):
        def answer(self, status: HTTPStatus, body: bytes | None, headers: dict[str, str]) -> Any:
            if noted is not None:
                noted.append(len(body or b""))
            return super().answer(status, body, headers)

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            # Lighthouse asks for more than there is; among our tables nothing is said of it.
            super(Handler, self).send_error(code, message, explain)

    with make_server(html, 0) as server:
        server.RequestHandlerClass = partial(Noting, directory=str(html))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def opened(html: Path, noted: list[int] | None = None) -> Iterator[tuple[Any, str]]:
    """Serve a built book as `served` does and give a browser and the address.

    Raises
    ------
    BenchError
        If playwright or a browser is missing, or a page does not do what is waited for.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise BenchError("What pages transfer is measured in a browser: make test installs what that needs.") from None
    executable = find_browser()
    if executable is None:
        raise BenchError("What pages transfer is measured in a browser: make test installs one, or says how.")
    with served(html, noted) as home, sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGS)
            try:
                yield browser, home
            finally:
                browser.close()
        except Error as error:
            raise BenchError(f"The browser could not measure this: {error.message.splitlines()[0]}") from None


def _until(page: Any, question: str, timeout_s: float) -> None:
    """Ask a page until it says yes; Playwright's own way needs `eval`, which the policy of our pages forbids."""
    end = time.monotonic() + timeout_s
    while not page.evaluate(question):
        if time.monotonic() > end:
            raise BenchError(f"Not so after {timeout_s:g} s: {question}")
        page.wait_for_timeout(LOOK_MS)


def load_pages(html: Path, names: Iterable[str], say: Say) -> list[PageLoad]:
    """Load pages of a built book in a browser whose cache is empty.

    Raises
    ------
    BenchError
        If playwright or a browser is missing, or the browser cannot load a page.
    """
    loads = []
    with opened(html) as (browser, home):
        for name in names:
            say(f"Loading {name} …")
            loads.append(_load(browser, home, f"{name}.html"))
    return loads


def open_exam(html: Path, say: Say) -> ExamOpening:
    """Open the examination and draw it, and return what took how long.

    Raises
    ------
    BenchError
        If playwright or a browser is missing.
    """
    say("Opening the examination …")
    with opened(html) as (browser, home):
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.add_init_script(f"({LONG_TASKS})()")
        page.goto(f"{home}/{EXAM}.html")
        page.get_by_role("button", name="Draw and begin").wait_for()
        page.wait_for_load_state("networkidle")
        longest = "Math.max(0, ...window.longTasks.splice(0))"
        page_ms = page.evaluate(longest)
        start = time.monotonic()
        page.get_by_role("button", name="Draw and begin").click()
        page.locator(".exam-sheet form.item:visible").wait_for()
        first_item_ms = (time.monotonic() - start) * 1000
        page.wait_for_timeout(500)
        items = page.locator(".exam-sheet form.item").count()
        return ExamOpening(items, page_ms, page.evaluate(longest), first_item_ms)


def turn_figure(html: Path, say: Say) -> Turning:
    """Turn the figure of the lesson with the mouse, at the width of a phone, and return how it kept up.

    Raises
    ------
    BenchError
        If playwright or a browser is missing.
    """
    say("Turning the figure …")
    with opened(html) as (browser, home):
        page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        page.goto(f"{home}/{LESSON}.html")
        page.locator("backmice-anatomy .stage").scroll_into_view_if_needed()
        page.locator("backmice-anatomy[data-state=drawn]").wait_for(timeout=DRAWING_MS)
        page.wait_for_timeout(1000)
        frames = sorted(page.evaluate(TURN, TURNING_MS))
        return Turning(len(frames) * 1000 / sum(frames), frames[int(len(frames) * 0.95)])


def open_search(html: Path, say: Say) -> SearchOpening | None:
    """Search the book for `QUERIES`; None where it has Sphinx's own search.

    Raises
    ------
    BenchError
        If playwright or a browser is missing.
    """
    if not (html / "search-index.json").is_file():
        return None
    say("Searching …")
    with opened(html) as (browser, home):
        page = browser.new_page(viewport={"width": 390, "height": 844})
        finished: list[Any] = []
        page.on("requestfinished", lambda request: finished.append(request))
        page.goto(f"{home}/search.html")
        _until(page, "Boolean(document.querySelector('backmice-search').index)", DRAWING_MS / 1000)
        page.wait_for_load_state("networkidle")
        took = [page.evaluate(UNTIL_SHOWN, query) for query in QUERIES]
        sizes = [(request.url, request.sizes()["responseBodySize"]) for request in finished]
    index = sum(size for address, size in sizes if "search-index" in address and not address.endswith(".js"))
    return SearchOpening(index, sum(size for address, size in sizes if address.endswith(".js")), max(took))


@dataclass(frozen=True)
class Opened:
    """What a reader waits for after a tap: bytes fetched and seconds, the first time and with the code kept."""

    name: str
    size: int
    cold_s: float
    kept_size: int
    kept_s: float


def opened_table(found: Iterable[Opened]) -> str:
    """Return what is fetched and waited for after a tap."""
    rows = [
        (one.name, kib(one.size), f"{one.cold_s:.1f} s", kib(one.kept_size), f"{one.kept_s:.1f} s") for one in found
    ]
    return table(
        (f"after a tap, slow 4G, software WebGL; target {TARGET_FIGURE}", "fetched", "took", "kept: fetched", "took"),
        rows,
    )


def draw_figure(html: Path, say: Say) -> Opened:
    """Come near the figure of the lesson on a slow line, and return what came and how long until it was drawn.

    Raises
    ------
    BenchError
        If playwright or a browser is missing.
    """
    say("Drawing the figure on a slow line …")
    with opened(html) as (browser, home):
        context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        first = _draw(context, f"{home}/{LESSON}.html")
        # The same browser again: what may be kept for good is, and is made ready while the reader comes down the page.
        again = _draw(context, f"{home}/{LESSON}.html", reading_ms=READING_MS)
        return Opened("3-D figure", *first, *again)


def _draw(context: Any, address: str, *, reading_ms: int = 0) -> tuple[int, float]:
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if reading_ms:
        page.evaluate(COME_DOWN)
        page.wait_for_timeout(reading_ms)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_4G})
    came: list[int] = []
    session.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    start = time.monotonic()
    page.locator("backmice-anatomy .stage").first.scroll_into_view_if_needed()
    page.locator("backmice-anatomy[data-state=drawn]").first.wait_for(timeout=DRAWING_MS)
    page.evaluate(PAINTED)
    took = time.monotonic() - start
    # The worker keeps what came.
    page.locator("html[data-keeps]").wait_for(state="attached", timeout=DRAWING_MS)
    page.close()
    return sum(came), took


@dataclass(frozen=True)
class LabStart:
    """What starting a lab in the reader's own browser fetches, and the seconds until all its cells have run."""

    visit: str
    came: Transfer
    seconds: float


def live_table(starts: Iterable[LabStart]) -> str:
    """Return what starting a lab in the browser takes, beside its targets."""
    rows = []
    for one in starts:
        size, took = TARGET_LIVE[one.visit]
        rows.append(
            (one.visit, f"{one.came.size / 1e6:.1f} MB", size, str(one.came.requests), f"{one.seconds:.1f} s", took)
        )
    return table(("lab in the browser, all cells run", "fetched", "target", "requests", "took", "target"), rows)


def start_lab(html: Path, say: Say) -> list[LabStart]:
    """Start a lab in a browser that never did, and again in the same.

    Raises
    ------
    BenchError
        If the book has no Python for the browser, or playwright or a browser is missing.
    """
    if not (html / "live").is_dir():
        raise BenchError("Labs in the browser were not measured; the book has them after: make live")
    page_file = next(html.glob(f"exercises/labs/{LAB}.html"), None)
    if page_file is None:
        raise BenchError(f"Labs in the browser were not measured: no page is called {LAB}")
    came: list[int] = []
    starts = []
    with opened(html, came) as (browser, home):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        for visit in TARGET_LIVE:
            say(f"Starting a lab in the browser, {visit} …")
            page = context.new_page()
            page.goto(f"{home}/{page_file.relative_to(html).as_posix()}")
            page.wait_for_load_state("networkidle")
            page.get_by_role("button", name="Run it here").click()
            begin = page.locator(".live-start .is-main")
            begin.wait_for()
            came.clear()
            start = time.monotonic()
            begin.click()
            _until(page, READY, STARTING_S)
            starts.append(LabStart(visit, Transfer.of(came), time.monotonic() - start))
            page.close()
    return starts


def export_table(exporting: Exporting) -> str:
    """Return what exporting took, beside its target."""
    rows = [(name, f"{took:.1f} s", "") for name, took in exporting.targets.items()]
    whole = ("all, two at a time", f"{exporting.seconds:.1f} s", f"{TARGET_EXPORT_S} s")
    return table((f"exporting {exporting.items} items", "took", "target"), [*rows, whole])


def time_export(root: Path, say: Say) -> Exporting:
    """Export the whole bank for every target, as `backmice export --all` does.

    Raises
    ------
    LocatedError, ExportError
        If the course has faults, or can't be exported.
    """
    from backmice.export.paper import WHOLE, load_paper
    from backmice.export.target import TARGETS, write

    say("Exporting the whole bank …")
    start = time.perf_counter()
    paper = load_paper(root, WHOLE)
    with tempfile.TemporaryDirectory() as folder:
        made = write(paper, {name: Path(folder) / name for name in TARGETS})
        targets = {one.file.name: one.seconds for one in made}
    return Exporting(len(paper.items), targets, time.perf_counter() - start)


def grading_table(grading: Grading) -> str:
    """Return what grading took, beside its targets."""
    head = (f"grading {grading.students:,} made-up students, {grading.items} items", "measured", "target")
    rows = [
        ("open, grade, analyse, report", f"{grading.seconds:.1f} s", f"{TARGET_GRADING_S} s"),
        ("most memory", f"{grading.mib:,.0f} MiB", f"{TARGET_GRADING_MIB:,} MiB"),
    ]
    return table(head, rows)


def time_grading(root: Path, say: Say, students: int = STUDENTS) -> Grading:
    """Grade a made-up class in a process of its own; feedback sheets, a file each, are left out.

    Raises
    ------
    BenchError
        If what grading needs is missing, or it fails.
    """
    if not all(importlib.util.find_spec(name) for name in ("numpy", "nacl")):
        raise BenchError("Grading was not measured: pip install -r requirements-assign.txt")
    from backmice.assign import assignment as assigning
    from backmice.assign.simulate import sealed_class
    from backmice.export.paper import load_paper

    say(f"Making {students:,} students up …")
    made = assigning.make(load_paper(root, GRADED_QUIZ, 1), seed=1, certainty=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "handed").mkdir()
        for file, content in sealed_class(made, students):
            (folder / "handed" / file).write_bytes(content)
        assigning.write_private(folder / "made.json", assigning.dump(made))
        say("Grading them …")
        command = [sys.executable, "-m", "backmice", "grade", "made.json", "handed", "-o", "report", "--no-feedback"]
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - start
    if process.returncode:
        raise BenchError(f"Grading failed with exit code {process.returncode}.")
    # macOS counts in bytes, others in KiB.
    return Grading(
        students, len(made.questions), took, usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    )


def detect_miskeys(say: Say) -> str:
    """Return how many planted faults of keys the analysis finds in made-up classes, and how often it cries without one."""
    from backmice.analysis.simulate import detection

    say(f"Looking for faulty keys in {CLASSES} made-up classes …")
    return str(detection(CLASSES))


def _compressed(path: Path) -> int:
    """Return the bytes that are sent of a file: of its copy, if it has one."""
    if beside(path, ".br").is_file():
        return sent(path)
    return len(gzip.compress(path.read_bytes(), compresslevel=6, mtime=0))


def _load(browser: Any, home: str, name: str) -> PageLoad:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    finished: list[Any] = []
    page.on("requestfinished", lambda request: finished.append(request))

    def so_far() -> Transfer:
        page.wait_for_load_state("networkidle")
        sizes = [request.sizes() for request in finished]
        return Transfer.of(s["responseHeadersSize"] + s["responseBodySize"] for s in sizes)

    page.goto(f"{home}/{name}")
    before, after = so_far(), None
    figure = page.locator("backmice-anatomy:not(form *)").first
    if figure.count():
        figure.scroll_into_view_if_needed()
        page.locator("backmice-anatomy[data-state=drawn]:not(form *)").first.wait_for(timeout=DRAWING_MS)
        after = so_far()
    context.close()
    return PageLoad(name, before, after)


# What can be asked for.


@dataclass(frozen=True)
class Asked:
    """Of which course, and how much.

    Attributes
    ----------
    root
        Keeps what is fetched and built for the next time.
    course
        The course that is measured: `root`, or a copy of it.
    """

    root: Path
    course: Path
    say: Say
    runs: int = RUNS
    pages: str | None = None
    quick: bool = False

    @property
    def html(self) -> Path:
        """The built book."""
        return built_book(self.course)

    @property
    def chosen(self) -> dict[str, str]:
        """The kinds of the pages to load, by name."""
        return chosen_pages(self.html, load_budgets(self.root), self.pages, quick=self.quick)


def _builds(asked: Asked) -> Iterator[str]:
    repeats = 1 if asked.quick else REPEATS
    ours = time_builds(asked.course, asked.say, repeats=repeats)
    yield builds_table(ours, time_stock(asked.course, asked.say, repeats))


def _export(asked: Asked) -> Iterator[str]:
    yield export_table(time_export(asked.course, asked.say))


def _grading(asked: Asked) -> Iterator[str]:
    yield grading_table(time_grading(asked.course, asked.say))
    yield detect_miskeys(asked.say)


def _code(asked: Asked) -> Iterator[str]:
    yield quiz_table(STATIC)


def _figure(asked: Asked) -> Iterator[str]:
    static = asked.html / "_static"
    yield files_table([*sorted((static / "figures").glob("*.json")), *sorted((static / "vendor").glob("*.js"))])
    yield opened_table([draw_figure(asked.html, asked.say)])
    yield turning_table(turn_figure(asked.html, asked.say))


def _exam(asked: Asked) -> Iterator[str]:
    yield exam_table(open_exam(asked.html, asked.say))


def _search(asked: Asked) -> Iterator[str]:
    search = open_search(asked.html, asked.say)
    yield search_table(search) if search else "Search was not measured: without npm it is Sphinx's own."


def _live(asked: Asked) -> Iterator[str]:
    yield live_table(start_lab(asked.html, asked.say))


def _pages(asked: Asked) -> Iterator[str]:
    yield pages_table(load_pages(asked.html, asked.chosen, asked.say))


def _lighthouse(asked: Asked) -> Iterator[str]:
    yield from load_compared(asked.root, asked.course, asked.say, pages=asked.chosen, runs=asked.runs)


BUILDS, LIGHTHOUSE = "builds", "lighthouse"
#: What can be asked for by name, in the order in which it is measured.
PARTS: dict[str, Callable[[Asked], Iterator[str]]] = {
    BUILDS: _builds, "export": _export, "grading": _grading, "code": _code, "figure": _figure, "exam": _exam,
    "search": _search, "live": _live, "pages": _pages, LIGHTHOUSE: _lighthouse,
}  # fmt: skip


def bench(
    root: Path,
    say: Say,
    *,
    only: Iterable[str] = (),
    runs: int = RUNS,
    pages: str | None = None,
    quick: bool = False,
) -> Iterator[str]:
    """Measure the course of `root` and yield one table after the other; for what can't be measured, a sentence.

    Parameters
    ----------
    say
        Told what is being done, since some of it takes long.
    only
        Parts by name; all of them when empty. Without builds, the book is measured as it was built last.
    runs
        How often Lighthouse loads each page.
    pages
        Which to load, by name, with * for any part.
    quick
        Load only the largest page of each kind, and build once of each kind.

    Raises
    ------
    BenchError
        If builds are asked for, and the book does not build; or what alone is asked for cannot be measured.
    """
    names = [name for name in PARTS if name in set(only)] or list(PARTS)
    with copied(root) if BUILDS in names else nullcontext(root) as course:
        asked = Asked(root, course, say, runs, pages, quick)
        if BUILDS in names:
            yield from _builds(asked)
        for name in names:
            if name == BUILDS:
                continue
            try:
                yield from PARTS[name](asked)
            except BenchError as error:
                if len(names) == 1:
                    raise
                yield f"{name}: {error}"
