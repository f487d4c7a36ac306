"""What every browser test needs: the system's Chromium, a page that tolerates no error, a small server, the book."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from machine import ARGS, Watch, chromium
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from backmice.serve import make_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each page has a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The record of all pages of this test, which fails on a console error or an uncaught one."""
    watch = Watch()
    yield watch
    assert watch.errors == []


@pytest.fixture
def new_context(
    browser: Browser, watch: Watch, serve: Callable[[Path], str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Make a context with Playwright's options; its pages are watched, and closed before their server ends.

    There is no service worker unless it is asked for.
    """
    contexts = []

    def make(**options: Any) -> BrowserContext:
        usual = {"viewport": {"width": 390, "height": 844}, "service_workers": "block"}
        context = browser.new_context(**{**usual, **options})
        context.set_default_timeout(5000)
        context.on("page", watch.follow)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """One reader's browser: its pages share storage, as tabs do."""
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A phone-sized page; see `watch` for what it asked for."""
    return context.new_page()


class Server(ThreadingHTTPServer):
    """Lets as many wait as a page with all its modules asks for; five, the default, are turned away."""

    daemon_threads = True
    request_queue_size = 64


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Leave the test's output alone."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on a free port; returns its base address, without a slash at the end."""
    servers = []

    def start(folder: Path) -> str:
        server = Server(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def book_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Build the book as `make book` does, once for all processes of the tests, and return a copy of it.

    What `make book` has just built is not built again; and somebody may build the next one while tests run.
    """
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "book"
    told, built = home / "told.txt", home / "html"
    with FileLock(f"{home}.lock"):
        if not home.exists():
            home.mkdir()
            command = [sys.executable, ROOT / "tools/build.py"]
            with told.open("w") as file:
                ran = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
            if ran.returncode == 0:
                shutil.copytree(ROOT / "_build/html", built)
    if not built.exists():
        pytest.fail(f"The book was not built:\n{told.read_text()[-6000:]}")
    return built


@pytest.fixture(scope="session")
def book(book_folder: Path) -> Iterator[str]:
    """Serve the book; returns its address, without a slash at the end."""
    with make_server(book_folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
