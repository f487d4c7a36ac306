"""A small site with the course's service worker, whose server can be stopped, and the course's own pages kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, expect

from backmice.offline import OFFLINE, WORKER, Contents, worker_script, write_list
from backmice.serve import Handler

ROOT = Path(__file__).parents[2]
MODULES = {path.name: path.read_bytes() for path in (ROOT / "src/backmice/static").glob("*.js")}
#: The site lies below a path, as that of a project does.
UNDER = "course"
#: Beginning after two seconds at rest, on a busy processor.
KEEPING_MS = 20_000
PAGE = """<!doctype html><html lang="en" data-content_root="./"><head><meta charset="utf-8">
<title>{title} · Site</title><link rel="icon" href="data:,"><link rel="stylesheet" href="{style}">
<script type="module" src="course-worker.js"></script>{head}</head><body><main><h1>{title}</h1>{text}</main></body></html>
"""


class Site:
    """A server of one folder, which can go away and come back at the same address."""

    def __init__(self, folder: Path, handler: type[SimpleHTTPRequestHandler] = Handler) -> None:
        self.asked: list[str] = []
        site = self

        class Told(handler):
            def do_GET(self) -> None:
                if not site.is_up:
                    self.close_connection = True
                    return self.connection.close()
                site.asked.append(self.path)
                return super().do_GET()

        self.is_up = True
        self.folder = folder
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Told, directory=str(folder)))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop for good."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def write_site(home: Path, pages: Mapping[str, str], *, style: str = "style.css", css: str, data: str) -> None:
    """Write a site whose pages are given by their text, and its list."""
    folder = home / UNDER
    folder.mkdir(exist_ok=True)
    for name, content in MODULES.items():
        if not name.startswith("sw-"):
            (folder / name).write_bytes(content)
    (folder / style).write_text(css)
    (folder / "data.json").write_text(data)
    for old in folder.glob("*.html"):
        old.unlink()
    for name, text in pages.items():
        page = PAGE.format(title=name.title(), text=text, style=style, head="")
        (folder / f"{name}.html").write_text(page)
    offline = PAGE.format(
        title="You are offline", text="<course-kept></course-kept>", style=style,
        head='<script type="module" src="course-kept.js"></script>',
    )  # fmt: skip
    (folder / OFFLINE).write_text(offline)
    (folder / WORKER).write_bytes(worker_script(ROOT, MODULES))
    write_list(folder, Contents({f"{name}.html": "Part 1. All" for name in pages}, {}), home / "kept")


def settled(page: Page) -> str:
    """Wait until the page has been greeted and has looked for a new edition; return the edition it is of."""
    expect(page.locator("html[data-keeps]")).to_be_attached(timeout=KEEPING_MS)
    return page.locator("html").get_attribute("data-keeps")


def line(page: Page) -> str:
    """Return the quiet line, empty while there is none."""
    return page.locator(".offline-line").inner_text()


def cut(site: Site, page: Page) -> Callable[[], None]:
    """Take the network away, on both sides; return what brings it back."""
    site.is_up = False
    page.context.set_offline(True)

    def back() -> None:
        site.is_up = True
        page.context.set_offline(False)

    return back
