"""Showing the built book at http://localhost: what a static host does, and nothing it would not do.

Text goes out compressed, by the copy beside it if that is fresh; what has a digest in its name is the browser's for
good; parts of a file can be asked for, so that a video can be wound. It listens to this machine only, and lists no
folders.
"""

from __future__ import annotations

import errno
import gzip
import os
import re
import sys
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

TEXT_TYPES = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
}
# Said here, not looked up: what a machine knows of types differs from one to the next.
OTHER_TYPES = {
    ".apkg": "application/octet-stream",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".glb": "model/gltf-binary",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
#: What is worth compressing; pictures, films and packages are compressed already.
COMPRESSED = {*TEXT_TYPES, ".wasm"}
#: In the order of preference: the name of a coding, and the ending of the copy beside a file that is in it.
CODINGS = {"br": ".br", "gzip": ".gz"}
#: Below `_static`, in the name of a folder or at the end of a file's: another content has another address.
DIGEST = re.compile(r"/_static/(.+[/-])?[0-9a-f]{10}[/.]")
FOR_GOOD = "public, max-age=31536000, immutable"
#: The browser asks each time, so that a fresh build is seen at once.
ASK = "no-cache"
HOST = "127.0.0.1"
#: What hosts send for an address that is not there.
MISSING = "404.html"


class ServeError(Exception):
    """The book cannot be served; the message says what to do."""


class PortTaken(ServeError):
    """The port cannot be listened on."""

    def __init__(self, port: int, why: str = "is taken") -> None:
        other = port + 1 if 1024 <= port < 65535 else 8001
        super().__init__(f"Port {port} {why}; choose another: make serve PORT={other}")


class NoBook(ServeError):
    """There is nothing to serve."""


def serve(folder: Path, port: int) -> None:
    """Serve `folder` until Ctrl-C.

    Raises
    ------
    PortTaken
        If somebody else listens on `port`.
    NoBook
        If `folder` holds no book.
    """
    with make_server(folder, port) as server:
        print(f"The book is at http://localhost:{server.server_port}/ (Ctrl-C stops)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of `folder` that listens already; port 0 takes a free one.

    Raises
    ------
    PortTaken, NoBook
        As for `serve`.
    """
    if not (folder / "index.html").is_file():
        raise NoBook(f"There is no book in {folder}; build it: make book")
    try:
        return Server((HOST, port), partial(Handler, directory=str(folder)))
    except OSError as error:
        raise PortTaken(port, "is taken" if error.errno == errno.EADDRINUSE else "cannot be used") from None
    except OverflowError:
        raise PortTaken(port, "does not exist") from None


class Server(ThreadingHTTPServer):
    """Serves each request on its own thread."""

    request_queue_size = 64  # a page and all its parts at once; five, the default, are turned away

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show our own errors; a reader who has gone on to another page is none."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(SimpleHTTPRequestHandler):
    """Answers for one folder of files."""

    protocol_version = "HTTP/1.1"
    keeping = ASK
    extensions_map: ClassVar = {
        **OTHER_TYPES,
        **{ending: f"{kind}; charset=utf-8" for ending, kind in TEXT_TYPES.items()},
    }

    def send_head(self) -> BinaryIO | None:
        """Send status and headers; return what the body is to be read from, if there is one."""
        self.keeping = ASK
        path = Path(self.translate_path(self.path))
        asked = self.path.split("?")[0].split("#")[0]
        if path.is_dir():
            if not asked.endswith("/"):
                return self.redirect()
            path /= "index.html"
        elif asked.endswith("/"):
            path = Path()
        try:
            return self.send_file(path)
        # A build may take the file away under our hands.
        except (FileNotFoundError, IsADirectoryError):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def send_file(self, path: Path) -> BinaryIO | None:
        """Answer with a file: unchanged, compressed, whole or in part."""
        status, ending = path.stat(), path.suffix.lower()
        if DIGEST.search(path.as_posix()):
            self.keeping = FOR_GOOD
        headers = {"Last-Modified": formatdate(status.st_mtime, usegmt=True)}
        if ending in COMPRESSED:
            headers["Vary"] = "Accept-Encoding"
        if self.is_fresh(status.st_mtime):
            return self.answer(HTTPStatus.NOT_MODIFIED, None, headers)
        headers["Content-Type"] = self.extensions_map.get(ending, "application/octet-stream")
        if ending in COMPRESSED and (found := self.compressed(path, status)):
            headers["Content-Encoding"], content = found
            return self.answer(HTTPStatus.OK, content, headers)
        headers["Accept-Ranges"] = "bytes"
        start, stop = 0, status.st_size
        if asked := self.asked_range(headers["Last-Modified"]):
            start, stop = part_of(status.st_size, *asked)
            if start >= stop:
                headers["Content-Range"] = f"bytes */{status.st_size}"
                return self.answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", headers)
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{status.st_size}"
        with path.open("rb") as file:  # a film is read where it is wanted, not whole
            file.seek(start)
            content = file.read(stop - start)
        return self.answer(HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK, content, headers)

    def asked_range(self, changed: str) -> tuple[str, str] | None:
        """Return first and last byte as they were asked for, if one part was, of the file as it is now (RFC 9110, 13.1.5, 14.2)."""
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        is_of_now = self.headers.get("If-Range", changed) == changed
        if self.command != "GET" or not asked or not is_of_now or asked.groups() == ("", ""):
            return None
        first, last = asked.groups()
        return None if first and last and int(last) < int(first) else (first, last)

    def answer(self, status: HTTPStatus, body: bytes | None, headers: dict[str, str]) -> BinaryIO | None:
        """Send everything but the body."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return None if body is None else BytesIO(body)

    def redirect(self) -> None:
        """Send the reader of a folder to its page, where relative links are right."""
        path, question, query = self.path.partition("?")
        # One slash at the start: `//host/` would lead to another site.
        self.answer(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": f"/{path.lstrip('/')}/{question}{query}"})

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Name what is not there, and answer with the book's own page for that."""
        self.keeping = ASK
        page = Path(self.directory) / MISSING
        if code == HTTPStatus.NOT_FOUND:
            print(f"Not found: {self.path}", flush=True)
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = self.answer(HTTPStatus.NOT_FOUND, page.read_bytes(), {"Content-Type": self.extensions_map[".html"]})
        if body and self.command != "HEAD":
            self.copyfile(body, self.wfile)

    def end_headers(self) -> None:
        """Say how long the browser may keep what it gets."""
        self.send_header("Cache-Control", self.keeping)
        super().end_headers()

    def is_fresh(self, changed: float) -> bool:
        """Tell whether the browser holds this version already."""
        try:
            return int(changed) <= parsedate_to_datetime(self.headers["If-Modified-Since"]).timestamp()
        except (TypeError, ValueError, OverflowError):
            return False

    def compressed(self, path: Path, status: os.stat_result) -> tuple[str, bytes] | None:
        """Return a coding that the browser reads, and a file in it; None if it is to be sent as it is."""
        for coding, ending in CODINGS.items():
            copy = path.with_name(path.name + ending)
            if self.takes(coding) and changed_ns(copy) >= status.st_mtime_ns:
                return coding, copy.read_bytes()
        return ("gzip", gzipped(path, status.st_mtime_ns, status.st_size)) if self.takes("gzip") else None

    def takes(self, coding: str) -> bool:
        """Tell whether the browser reads a coding."""
        accepted = self.headers.get("Accept-Encoding", "").replace(" ", "").split(",")
        return any(re.fullmatch(rf"{coding}(;q=(1|0\.\d*[1-9]).*)?", name) for name in accepted)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of what went well."""


def part_of(size: int, first: str, last: str) -> tuple[int, int]:
    """Return where a part of so many bytes begins and where it has ended; it is empty if the file has no such part."""
    if not first:  # "-500" asks for the last 500 bytes
        return max(0, size - int(last)), size
    return int(first), min(int(last) + 1, size) if last else size


def changed_ns(path: Path) -> int:
    """Return when a file changed; long ago, if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return -1


@lru_cache(maxsize=512)
def gzipped(path: Path, changed_ns: int, size: int) -> bytes:
    """Return a file's gzip bytes; `changed_ns` and `size` make a changed file another one."""
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
