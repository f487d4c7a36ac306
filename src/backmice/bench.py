"""How much a page asks of a reader's line, and how long a build takes of an author's day.

It builds a copy of the course, so that nothing of the author's is touched, and reads each page in a browser from
`backmice.serve`. It prints figures beside their targets and judges nothing: times belong to the machine.
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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from backmice import lighthouse
from backmice.browser import find_browser
from backmice.lighthouse import LighthouseError
from backmice.modules import gathered
from backmice.serve import make_server
from backmice.stock import LACKS, StockError, build_stock, write_stock
from backmice.weight import load_budgets

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
TARGET_EXPORT_S = 20
TARGET_GRADING_S = 30
TARGET_GRADING_MIB = 1024
GRADED_QUIZ, STUDENTS, CLASSES = "final", 10_000, 200
REPEATS = 3
RUNS = 5
STOCK = Path(".cache/bench/stock")
TARGET_FIGURE = "500 kB and 2.5 s, kept 0.3 s"
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
    root: Path, say: Say, build: Callable[[Path], float] = build, whose: str = "the book"
) -> dict[str, float]:
    """Return the seconds of a build into an empty folder, of one without a change, and of one with one page changed."""
    page = root / f"{LESSON}.md"

    def changed() -> float:
        page.write_text(page.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
        return build(root)

    say(f"Building {whose} in an empty folder …")
    seconds = {"cold": build(root)}
    say(f"Building {whose} again, unchanged …")
    seconds["unchanged"] = median(build(root) for _ in range(REPEATS))
    say(f"Building {whose} again, the lesson changed …")
    seconds["one page changed"] = median(changed() for _ in range(REPEATS))
    return seconds


def time_stock(course: Path, say: Say) -> dict[str, float]:
    """Return the same of a stock book with the text of the course as built; nothing where that can't be built."""
    with tempfile.TemporaryDirectory(prefix="backmice-stock-") as folder:
        home = Path(folder) / "stock"
        write_stock(course, course / "_build/html", home)
        try:
            return time_builds(home, say, build_stock, "the stock book")
        except StockError as error:
            say(str(error))
            return {}


def load_compared(root: Path, course: Path, say: Say, *, pages: str | None, runs: int, quick: bool) -> Iterator[str]:
    """Load pages by Lighthouse, ours beside stock ones, and yield tables: of each page, of each kind, and the worst.

    Parameters
    ----------
    course
        The course whose book is built; `root` keeps Lighthouse and the stock book for the next time.
    pages
        Which, by name, with * for any part; all when None.
    quick
        Only the largest page of each kind.

    Raises
    ------
    BenchError
        If Lighthouse cannot run.
    """
    built, home = course / "_build/html", root / STOCK
    if not (built / "index.html").is_file():
        raise BenchError("There is no book in _build/html; build it: make book")
    try:
        chosen = lighthouse.pages_of(built, pages)
        if quick:
            chosen = lighthouse.one_of_each(chosen, lambda name: (built / f"{name}.html").stat().st_size)
        lighthouse.install(root)
        write_stock(course, built, home)
        if not (home / "_build/html").is_dir():
            say("Building the stock book …")
            build_stock(home)
        compared = []
        with served(built) as ours, served(home / "_build/html") as stock:
            for one in lighthouse.compare(root, chosen, ours, stock, runs=runs, say=say):
                say("  ".join(next(lighthouse.rows([one]))))
                compared.append(one)
    except (LighthouseError, StockError) as error:
        raise BenchError(str(error)) from None
    of = f"median of {runs}" if runs > 1 else "one load"
    yield table((f"page, mobile, slow 4G, {of}", "", *lighthouse.HEAD, "misses"), lighthouse.rows(compared))
    budgets = load_budgets(root)
    yield table(("kind of page", "", *lighthouse.HEAD), lighthouse.kinds_rows(compared, budgets))
    yield f"{lighthouse.names_worst(compared)}\nThe stock book lacks: {LACKS}."


@contextmanager
def served(html: Path) -> Iterator[str]:
    """Serve a built book and give its address, without a slash at the end."""
    with make_server(html, 0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def opened(html: Path) -> Iterator[tuple[Any, str]]:
    """Serve a built book and give a browser and the address.

    Raises
    ------
    BenchError
        If playwright or a browser is missing.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise BenchError("What pages transfer is measured in a browser: make test installs what that needs.") from None
    executable = find_browser()
    if executable is None:
        raise BenchError("What pages transfer is measured in a browser: make test installs one, or says how.")
    with served(html) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGS)
        try:
            yield browser, home
        finally:
            browser.close()


def load_pages(html: Path, say: Say) -> list[PageLoad]:
    """Load each page of a built book in a browser whose cache is empty.

    Raises
    ------
    BenchError
        If playwright or a browser is missing, or the browser cannot load a page.
    """
    loads = []
    with opened(html) as (browser, home):
        from playwright.sync_api import Error

        for path in (path for path in sorted(html.rglob("*.html")) if path != html / "index.html"):
            name = path.relative_to(html).as_posix()
            say(f"Loading {name} …")
            try:
                loads.append(_load(browser, home, name))
            except Error as error:
                raise BenchError(f"{name} could not be measured: {error.message.splitlines()[0]}") from None
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
        page.wait_for_function("document.querySelector('backmice-search').index")
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
        # The same browser again: what may be kept for good is.
        again = _draw(context, f"{home}/{LESSON}.html")
        return Opened("3-D figure", *first, *again)


def _draw(context: Any, address: str) -> tuple[int, float]:
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_4G})
    came: list[int] = []
    session.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    start = time.monotonic()
    page.locator("backmice-anatomy .stage").first.scroll_into_view_if_needed()
    page.locator("backmice-anatomy[data-state=drawn]").first.wait_for(timeout=DRAWING_MS)
    took = time.monotonic() - start
    page.close()
    return sum(came), took


#: What a reader may open; each takes the built book and says what it does.
OPENED: tuple[Callable[[Path, Say], Opened], ...] = (draw_figure,)


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


def bench(root: Path, say: Say, *, runs: int = RUNS, quick: bool = False) -> Iterator[str]:
    """Measure the course of `root` and yield one table after the other.

    Parameters
    ----------
    say
        Told what is being done, since some of it takes long.
    runs
        How often Lighthouse loads each page.
    quick
        Have Lighthouse load only the largest page of each kind.
    """
    with copied(root) as course:
        ours = time_builds(course, say)
        html = course / "_build/html"
        yield builds_table(ours, time_stock(course, say))
        figures = [*sorted((html / "_static/figures").glob("*.json")), *sorted((html / "_static/vendor").glob("*.js"))]
        yield files_table(figures)
        yield export_table(time_export(course, say))
        try:
            yield grading_table(time_grading(course, say))
            yield detect_miskeys(say)
        except BenchError as error:
            yield str(error)
        yield quiz_table(STATIC)
        try:
            yield turning_table(turn_figure(html, say))
            yield opened_table(measure(html, say) for measure in OPENED)
            yield exam_table(open_exam(html, say))
            if search := open_search(html, say):
                yield search_table(search)
            yield pages_table(load_pages(html, say))
            yield from load_compared(root, course, say, pages=None, runs=runs, quick=quick)
        except BenchError as error:
            yield str(error)
