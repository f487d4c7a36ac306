"""The attempt log in a real browser: what it promises when storage fails, in two tabs, and when the browser dies."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil
import pytest
from machine import ARGS, chromium
from playwright.sync_api import BrowserContext, Page

STATIC = Path(__file__).parents[2] / "src/backmice/static"
MODULES = ("attempt-log.js", "log-copy.js")
FULL = """IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };"""
REFUSED = """IDBObjectStore.prototype.add = function () { this.transaction.abort(); return {}; };"""
GONE = "Object.defineProperty(window, 'indexedDB', { value: undefined });"


@pytest.fixture
def url(tmp_path: Path, serve: Callable[[Path], str]) -> str:
    for name in MODULES:
        shutil.copy(STATIC / name, tmp_path)
    (tmp_path / "index.html").write_text(
        '<!doctype html><title>Log</title><script type="module">'
        'import { AttemptLog } from "./attempt-log.js";'
        "window.log = new AttemptLog(); window.told = [];"
        'for (const type of ["added", "merged", "erased"])'
        "  log.addEventListener(type, ({ detail }) => told.push([type, (detail ?? []).map((event) => event.id)]));"
        "</script>"
    )
    return f"{serve(tmp_path)}/index.html"


def open_log(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_function("window.log")
    return page


@pytest.fixture
def log(page: Page, url: str) -> Page:
    return open_log(page, url)


def event(id_: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "at": f"2026-11-22T09:00:{len(id_):02}.000Z", "type": "end", "quiz": "q"} | fields


def append(page: Page, *events: dict[str, Any]) -> dict[str, Any]:
    outcome = page.evaluate("(events) => log.append(...events)", list(events))
    return {name: outcome[name] for name in ("kept", "reason")}


def merge(page: Page, *events: dict[str, Any]) -> dict[str, Any]:
    return page.evaluate("(events) => log.merge(events)", list(events))


def ids(page: Page) -> list[str]:
    return [event["id"] for event in page.evaluate("log.readAll()")["events"]]


def stored(page: Page) -> list[str]:
    """Return the ids on disk, in the order in which they were added."""
    return page.evaluate(
        """() => new Promise((resolve, reject) => {
          const open = indexedDB.open("backmice");
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            const all = open.result.transaction("events").objectStore("events").getAll();
            all.onsuccess = () => { open.result.close(); resolve(all.result.map(({ id }) => id)); };
          };
        })"""
    )


KEPT = {"kept": True, "reason": ""}


def test_every_event_is_read_in_the_order_of_its_time(log: Page):
    assert append(log, event("later", at="2026-11-22T10:00:00.000Z"), event("sooner", quiz="", type="read")) == KEPT
    assert ids(log) == ["sooner", "later"]
    assert log.evaluate("log.read('q')")["events"] == [event("later", at="2026-11-22T10:00:00.000Z")]


def test_what_is_there_already_is_ignored_and_the_rest_kept(log: Page):
    append(log, event("seen:a@1", stem="as it was"))
    assert append(log, event("a"), event("seen:a@1", stem="changed"), event("b"), event("b")) == KEPT
    assert stored(log) == ["seen:a@1", "a", "b"]
    assert [e.get("stem") for e in log.evaluate("log.readAll()")["events"]] == [None, None, "as it was"]


def test_other_tabs_hear_of_what_is_new_only(context: BrowserContext, url: str):
    one, two = open_log(context.new_page(), url), open_log(context.new_page(), url)
    append(one, event("a"))
    append(one, event("a"), event("b"))
    two.wait_for_function("told.length === 2")
    assert two.evaluate("told") == [["added", ["a"]], ["added", ["b"]]]
    assert one.evaluate("told") == []


def test_what_cannot_be_stored_is_refused_at_once_and_holds_up_nothing(log: Page):
    assert (
        log.evaluate("(async () => log.append({ type: 'end', quiz: 'q', act() {} }))().catch((e) => e.name)")
        == "DataCloneError"
    )
    assert log.evaluate("(async () => log.append({ type: 'end' }))().catch((e) => e.name)") == "TypeError"
    assert append(log, event("a")) == KEPT


def test_an_event_changed_after_it_was_given_is_kept_as_it_was(log: Page):
    log.evaluate(
        "async () => { const e = { id: 'a', type: 'end', quiz: 'q' }; const kept = log.append(e); e.quiz = 7; await kept; }"
    )
    assert log.evaluate("log.readAll()")["events"][0]["quiz"] == "q"


def test_merge_adds_what_is_new_and_overwrites_nothing(context: BrowserContext, url: str):
    one, two = open_log(context.new_page(), url), open_log(context.new_page(), url)
    append(one, event("a", why="time"))
    two.wait_for_function("told.length === 1")
    told = merge(one, event("a", why="handed-in"), event("b"), event("c"), event("b"))
    assert told == KEPT | {"added": 2, "known": 2}
    assert stored(one) == ["a", "b", "c"]
    assert one.evaluate("log.readAll()")["events"][0]["why"] == "time"
    two.wait_for_function("told.length === 2")
    assert two.evaluate("told[1]") == one.evaluate("told[0]") == ["merged", []]


@pytest.mark.parametrize("breaks", [1, 3, 5])
def test_merge_adds_all_or_nothing(log: Page, breaks: int):
    append(log, event("old"))
    log.evaluate(
        """(breaks) => {
          const { add } = IDBObjectStore.prototype;
          let calls = 0;
          IDBObjectStore.prototype.add = function (...given) {
            if (++calls === breaks) throw new DOMException("full", "QuotaExceededError");
            return add.apply(this, given);
          };
        }""",
        breaks,
    )
    assert merge(log, *(event(f"new-{i}") for i in range(5))) == {
        "kept": False,
        "reason": "full",
        "added": 0,
        "known": 0,
    }
    assert stored(log) == ids(log) == ["old"]
    assert log.evaluate("told") == []


@pytest.mark.parametrize(("how", "reason"), [(FULL, "full"), (REFUSED, "refused")])
def test_a_failed_write_stays_pending_and_is_said_until_it_is_on_disk(log: Page, how: str, reason: str):
    append(log, event("a"))
    log.evaluate(f"() => {{ window.add = IDBObjectStore.prototype.add; {how} }}")
    lost = {"kept": False, "reason": reason}
    assert append(log, event("b")) == lost
    assert ids(log) == ["a", "b"]
    outcome = log.evaluate("log.readAll()")
    assert {k: outcome[k] for k in lost} == log.evaluate("log.probe()") == lost
    log.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    assert log.evaluate("log.probe()") == KEPT
    assert stored(log) == ["a", "b"]


def test_without_storage_events_live_in_memory_and_nobody_claims_more(page: Page, url: str):
    page.add_init_script(GONE)
    open_log(page, url)
    lost = {"kept": False, "reason": "refused"}
    assert append(page, event("a")) == page.evaluate("log.probe()") == lost
    assert ids(page) == ["a"]
    assert merge(page, event("b")) == lost | {"added": 0, "known": 0}
    assert page.evaluate("log.erase()") == {"erased": False, "reason": "refused"}
    assert ids(page) == ["a"]


def test_probe_finds_a_full_disk_and_leaves_nothing_behind(log: Page):
    assert log.evaluate("log.probe()") == KEPT
    assert stored(log) == []
    log.evaluate(f"() => {{ {FULL} }}")
    assert log.evaluate("log.probe()") == {"kept": False, "reason": "full"}


def test_erase_empties_this_tab_and_others(context: BrowserContext, url: str):
    one, two = open_log(context.new_page(), url), open_log(context.new_page(), url)
    append(one, event("a"))
    two.evaluate(f"() => {{ window.add = IDBObjectStore.prototype.add; {FULL} }}")
    append(two, event("pending"))
    assert one.evaluate("log.erase()") == {"erased": True, "reason": ""}
    two.wait_for_function("told.length === 2")
    assert two.evaluate("told[1]") == one.evaluate("told[0]") == ["erased", []]
    assert ids(one) == ids(two) == stored(one) == []
    two.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    append(two, event("new"))
    assert stored(one) == ["new"]


LOSE = """() => new Promise((resolve, reject) => {
  const lost = indexedDB.deleteDatabase("backmice");
  [lost.onsuccess, lost.onerror] = [() => resolve(), () => reject(lost.error)];
})"""


def test_a_log_that_the_browser_lost_is_filled_again_from_its_copy(log: Page, url: str):
    """Regression: Chromium throws a whole database away when it was killed in the middle of one write."""
    append(log, event("seen:a@1", stem="as it was"), event("a"))
    append(log, event("seen:a@1", stem="as it was"), event("bb"))
    merge(log, event("ccc"), event("a"))
    before = log.evaluate("log.readAll()")
    log.evaluate(LOSE)
    open_log(log, url)
    assert log.evaluate("log.readAll()") == before
    assert sorted(stored(log)) == ["a", "bb", "ccc", "seen:a@1"]


def test_what_was_erased_does_not_come_back(log: Page, url: str):
    append(log, event("a"))
    log.evaluate("log.erase()")
    append(log, event("bb"))
    log.evaluate(LOSE)
    assert ids(open_log(log, url)) == ["bb"]


def test_a_copy_that_cannot_be_written_or_read_stops_nothing(page: Page, url: str):
    page.add_init_script(
        "CacheStorage.prototype.open = async () => { throw new DOMException('no', 'SecurityError'); };"
    )
    open_log(page, url)
    assert append(page, event("a")) == KEPT
    page.evaluate(LOSE)
    assert ids(open_log(page, url)) == []


def test_what_is_appended_after_erasing_began_stays(log: Page):
    append(log, event("a"))
    log.evaluate("(e) => Promise.all([log.erase(), log.append(e)])", event("b"))
    assert ids(log) == stored(log) == ["b"]


def test_a_connection_closed_by_the_system_is_opened_again(log: Page):
    """Regression: a phone that slept closes the connection and tells nobody."""
    log.evaluate(
        """() => {
          const { transaction } = IDBDatabase.prototype;
          IDBDatabase.prototype.transaction = function (...given) {
            IDBDatabase.prototype.transaction = transaction;
            this.close();
            return transaction.apply(this, given);
          };
        }"""
    )
    assert append(log, event("a")) == KEPT
    assert stored(log) == ["a"]


def test_the_browser_is_asked_once_to_keep_the_log(log: Page, url: str):
    count = "() => { window.asked = 0; navigator.storage.persist = async () => { asked++; return false; }; }"
    log.evaluate(count)
    append(log, event("a"))
    append(log, event("b"))
    assert log.evaluate("asked") == 1
    open_log(log, url).evaluate(count)
    append(log, event("c"))
    assert log.evaluate("asked") == 0


# Killing: a page of its own that answers without end and reports each answer it was told is kept.

WORK = """<!doctype html><title>Work</title><script type="module">
import { AttemptLog } from "./attempt-log.js";
const log = new AttemptLog();
const { run, leave } = Object.fromEntries(new URLSearchParams(location.search));
if (leave) setTimeout(() => (location.href = "about:blank"), Number(leave));
const post = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body) });
let found = await log.readAll();
while (!found.kept) found = await log.readAll(); // a machine under load may answer too late
await post("/found", { run, ids: found.events.map(({ id }) => id) });
// Two learners' worth of answers at once: each awaits its own, so that writes are always under way.
async function answer(who) {
  for (let i = 0; i < 400; i++) {
    const facts = [
      { id: `seen:item-${i % 7}@1`, type: "seen", quiz: "" },
      ...Array.from({ length: 1 + (i % 3) }, (_, n) => ({ id: `${run}-${who}-${i}-${n}`, type: "submission", quiz: "q" })),
    ];
    const outcome = await log.append(...facts);
    if (outcome.kept) await post("/acknowledged", { run, ids: facts.map(({ id }) => id) });
  }
}
await Promise.all([answer("one"), answer("two")]);
</script>"""


class Witness:
    """A server that hands out the page and hears what it was told was kept, and what it finds later."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.found: dict[str, dict[str, Any]] = {}
        self.heard = threading.Condition()
        witness = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Leave the test's output alone."""

            def answer(self, body: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                module = self.path.removeprefix("/")
                is_module = module in MODULES
                body = (STATIC / module).read_bytes() if is_module else WORK.encode()
                self.answer(body, "text/javascript" if is_module else "text/html; charset=utf-8")

            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with witness.heard:
                    if self.path == "/found":
                        witness.found[told["run"]] = told
                    else:
                        witness.acknowledged.update(told["ids"])
                    witness.heard.notify_all()
                self.answer(b"", "text/plain")

            def handle(self) -> None:
                try:
                    super().handle()
                except (ConnectionError, TimeoutError):
                    pass  # the other end was killed

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def address(self, run: str, leave_ms: int = 0) -> str:
        leave = f"&leave={leave_ms}" if leave_ms else ""
        return f"http://127.0.0.1:{self.server.server_port}/?run={run}{leave}"

    def began(self, run: str, *, within_s: float) -> bool:
        """Wait for the page of a run to tell what it found."""
        with self.heard:
            return self.heard.wait_for(lambda: run in self.found, timeout=within_s)

    def lost(self, run: str, before: set[str]) -> set[str]:
        """Return what was acknowledged before a run and not there when it began."""
        assert self.began(run, within_s=30), f"{run} never began"
        return before - set(self.found[run]["ids"])


@pytest.fixture
def witness() -> Iterator[Witness]:
    witness = Witness()
    yield witness
    witness.server.shutdown()
    witness.server.server_close()


class Victim:
    """A browser on a profile that outlives it, in a process group of its own; driven by its plain HTTP interface."""

    def __init__(self, profile: Path, address: str = "about:blank") -> None:
        quiet = ["--headless=new", "--disable-breakpad", "--disable-crash-reporter", "--remote-debugging-port=0"]
        command = [chromium(), *ARGS, *quiet, f"--user-data-dir={profile}", address]
        (profile / "DevToolsActivePort").unlink(missing_ok=True)
        self.profile = profile
        self.process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def ask(self, method: str, what: str) -> bytes:
        """Send one command to the browser."""
        given_up = time.monotonic() + 20
        while not (self.profile / "DevToolsActivePort").exists() and time.monotonic() < given_up:
            time.sleep(0.05)
        port = (self.profile / "DevToolsActivePort").read_text().split()[0]
        request = Request(f"http://127.0.0.1:{port}/json/{what}", method=method)
        with urlopen(request, timeout=20) as response:
            return response.read()

    def open(self, address: str) -> str:
        """Open a tab and return its id."""
        return json.loads(self.ask("PUT", f"new?{quote(address, safe='')}"))["id"]

    def close(self, tab: str) -> None:
        """Close a tab, whether or not it still lives."""
        with contextlib.suppress(HTTPError):
            self.ask("GET", f"close/{tab}")

    def kill_processes(self, mark: str) -> None:
        """Kill this browser's own processes whose command line holds `mark`."""
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(mark in argument for argument in process.cmdline()):
                    process.kill()

    def kill(self) -> None:
        """Kill the browser and everything it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def profile() -> Iterator[Path]:
    """A folder for a profile; what dies late may still write to it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        yield Path(name)


WAYS = ("close", "leave", "kill the renderers", "kill the storage service")
TABS = 4
#: Where little is acknowledged in so many rounds, more follow, and every few of them in a browser begun anew: one whose
#: processes were killed may write nothing more.
ROUNDS, MOST_ROUNDS, ANEW = 45, 90, 5
BROWSER_KILLS = 20
SEED = 20261122


def end_tabs(victim: Victim, tabs: list[str], way: str, draw: random.Random) -> None:
    """Have tabs die, each at a moment of its own or all together."""
    time.sleep(draw.uniform(0, 0.05))
    if way == "kill the renderers":
        victim.kill_processes("--type=renderer")
    if way == "kill the storage service":
        victim.kill_processes("storage.mojom.StorageService")
    if way == "leave":
        time.sleep(0.15)  # by then each has left by itself
    for tab in tabs:
        time.sleep(draw.uniform(0, 0.03))
        victim.close(tab)


def told(capsys: pytest.CaptureFixture[str], runs: int, witness: Witness, missing: set[str]) -> None:
    """Print the figures, also where the output is captured."""
    with capsys.disabled():
        print(f"\n{runs} kills, {len(witness.acknowledged)} events acknowledged, {len(missing)} lost")


def test_no_acknowledged_answer_is_lost_when_pages_die(profile: Path, witness: Witness, capsys):
    """Four tabs of one reader write at once, and die while they do."""
    draw = random.Random(SEED)
    victim = Victim(profile)
    missing: set[str] = set()
    try:
        for number in range(MOST_ROUNDS + 1):
            before = set(witness.acknowledged)
            is_last = number == MOST_ROUNDS or (number >= ROUNDS and len(before) > ROUNDS * TABS)
            if number >= ROUNDS and number % ANEW == 0:
                victim.kill()
                victim = Victim(profile)
            way = WAYS[number % len(WAYS)]
            runs = [f"{number}-{tab}" for tab in range(TABS)]
            leave = [draw.randint(40, 250) if way == "leave" else 0 for _ in runs]
            tabs = [victim.open(witness.address(run, ms)) for run, ms in zip(runs, leave, strict=True)]
            if is_last or (way != "leave" and draw.random() < 0.85):  # else logs may still be opening
                # A tab may be given one of the processes just killed, and never begin: its reader loads it again.
                tabs += [victim.open(witness.address(run)) for run in runs if not witness.began(run, within_s=5)]
                missing = missing.union(*(witness.lost(run, before) for run in runs))
            end_tabs(victim, tabs, way, draw)
            if is_last:
                break
    finally:
        victim.kill()
    told(capsys, number * TABS, witness, missing)
    assert missing == set()
    assert len(witness.acknowledged) > ROUNDS * TABS


def test_no_acknowledged_answer_is_lost_when_the_whole_browser_dies(profile: Path, witness: Witness, capsys):
    draw = random.Random(SEED)
    missing: set[str] = set()
    for run in map(str, range(BROWSER_KILLS + 1)):
        before = set(witness.acknowledged)
        victim = Victim(profile, witness.address(run))
        try:
            missing |= witness.lost(run, before)
            time.sleep(draw.uniform(0, 0.3))
        finally:
            victim.kill()
    told(capsys, BROWSER_KILLS, witness, missing)
    assert missing == set()
    assert len(witness.acknowledged) > BROWSER_KILLS
