"""What a reader's browser gets from `make serve`."""

from __future__ import annotations

import gzip
import http.client
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.serve import NoBook, PortTaken, make_server, part_of, serve

PAGE = "<!doctype html><title>Back mice</title>" + "<p>A page.</p>" * 100


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "film.mp4").write_bytes(bytes(range(100)))
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "index.html").write_text("part")
    return tmp_path


@pytest.fixture
def ask(book: Path) -> Iterator:
    """Ask the server, once; return status, headers and body."""
    with make_server(book, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
            try:
                connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
                answer = connection.getresponse()
                return answer.status, dict(answer.getheaders()), answer.read()
            finally:
                connection.close()

        yield ask
        server.shutdown()
        thread.join()


def test_text_is_compressed_for_a_browser_that_reads_gzip(ask):
    status, headers, body = ask("/", accept_encoding="gzip, deflate, br")
    assert (status, headers["Content-Encoding"], headers["Content-Length"]) == (200, "gzip", str(len(body)))
    assert len(body) < len(PAGE) / 5
    assert gzip.decompress(body).decode() == PAGE


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0"])
def test_text_is_plain_for_one_that_does_not(ask, accepted):
    status, headers, body = ask("/", accept_encoding=accepted)
    assert (status, "Content-Encoding" in headers, body.decode()) == (200, False, PAGE)


def test_a_changed_page_is_seen_at_once(ask, book):
    before = ask("/", accept_encoding="gzip")[1]
    assert before["Cache-Control"] == "no-cache"
    (book / "index.html").write_text("changed")
    assert gzip.decompress(ask("/", accept_encoding="gzip")[2]) == b"changed"


def test_an_unchanged_page_is_not_sent_again(ask):
    seen = ask("/")[1]["Last-Modified"]
    status, _, body = ask("/", if_modified_since=seen)
    assert (status, body) == (304, b"")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.json", "application/json; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.vtt", "text/vtt; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.webp", "image/webp"),
        ("a.mp4", "video/mp4"),
        ("a.unheard-of", "application/octet-stream"),
    ],
)
def test_each_file_says_what_it_is(ask, book, name, kind):
    (book / name).write_text("x")
    assert ask(f"/{name}")[1]["Content-Type"] == kind


def test_head_tells_the_length_and_sends_nothing(ask):
    status, headers, body = ask("/", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(PAGE)), b"")


@pytest.mark.parametrize(
    ("asked", "given", "body"),
    [
        ("bytes=10-13", "bytes 10-13/100", bytes([10, 11, 12, 13])),
        ("bytes=98-", "bytes 98-99/100", bytes([98, 99])),
        ("bytes=-2", "bytes 98-99/100", bytes([98, 99])),
        ("bytes=98-500", "bytes 98-99/100", bytes([98, 99])),
    ],
)
def test_a_video_can_be_wound(ask, asked, given, body):
    status, headers, sent = ask("/film.mp4", range=asked)
    assert (status, headers["Content-Range"], sent) == (206, given, body)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(ask, asked):
    status, headers, body = ask("/film.mp4", range=asked)
    assert (status, headers["Content-Range"], body) == (416, "bytes */100", b"")


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "bytes=a-b", "lines=0-1"])
def test_what_is_no_part_gets_the_whole(ask, asked):
    status, headers, body = ask("/film.mp4", range=asked)
    assert (status, headers["Accept-Ranges"], "Content-Range" in headers, len(body)) == (200, "bytes", False, 100)


def test_only_what_is_fetched_is_fetched_in_part(ask):
    status, headers, body = ask("/film.mp4", method="HEAD", range="bytes=0-9")
    assert (status, headers["Content-Length"], body) == (200, "100", b"")


def test_a_part_is_of_the_same_film_or_it_is_all_of_the_new_one(ask, book):
    changed = ask("/film.mp4")[1]["Last-Modified"]
    assert ask("/film.mp4", range="bytes=98-", if_range=changed)[::2] == (206, bytes([98, 99]))
    os.utime(book / "film.mp4", (0, 0))
    assert ask("/film.mp4", range="bytes=98-", if_range=changed)[::2] == (200, bytes(range(100)))
    assert ask("/film.mp4", range="bytes=98-", if_range='"a-tag"')[0] == 200


@given(size=st.integers(0, 30), first=st.integers(0, 40), length=st.integers(1, 40))
def test_a_part_is_what_python_would_cut(size, first, length):
    content = bytes(range(size))
    start, stop = part_of(size, str(first), str(first + length - 1))
    assert content[start:stop] == content[first : first + length]
    start, stop = part_of(size, "", str(length))
    assert content[start:stop] == content[-length:]


def test_a_folder_leads_to_its_page(ask):
    status, headers, _ = ask("/part?a=1")
    assert (status, headers["Location"]) == (301, "/part/?a=1")
    assert ask("/part/")[2] == b"part"
    assert ask("//part")[1]["Location"] == "/part/"


def test_what_is_not_there_gets_the_books_own_page(ask, book, capsys):
    (book / "404.html").write_text("Nothing here.")
    status, headers, body = ask("/missing.html")
    assert (status, headers["Content-Type"], body) == (404, "text/html; charset=utf-8", b"Nothing here.")
    assert ask("/missing.html", method="HEAD")[2] == b""
    assert capsys.readouterr().out == "Not found: /missing.html\n" * 2


def test_without_such_a_page_it_is_still_404(ask):
    assert ask("/missing.html")[0] == 404
    assert ask("/index.html/")[0] == 404


def test_folders_are_not_listed_and_nothing_outside_is_served(ask, book):
    (book / "empty").mkdir()
    (book.parent / "secret.txt").write_text("secret")
    assert [ask(path)[0] for path in ("/empty/", "/../secret.txt", "/%2e%2e/secret.txt")] == [404, 404, 404]


def test_a_taken_port_is_said_with_another_one(book):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refusal:
            make_server(book, port)
    assert str(refusal.value) == f"Port {port} is taken; choose another: make serve PORT={port + 1}"


def test_a_port_that_does_not_exist_is_refused(book):
    with pytest.raises(PortTaken, match="^Port 70000 does not exist; choose another: make serve PORT=8001$"):
        make_server(book, 70000)


def test_a_book_that_was_not_built_is_said(tmp_path):
    with pytest.raises(NoBook) as refusal:
        serve(tmp_path, 0)
    assert str(refusal.value) == f"There is no book in {tmp_path}; build it: make book"


def test_ctrl_c_ends_it_quietly(book, monkeypatch, capsys):
    def interrupt(self, poll_interval=0.5):
        raise KeyboardInterrupt

    monkeypatch.setattr("backmice.serve.Server.serve_forever", interrupt)
    serve(book, 0)
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("The book is at http://localhost:") and first.endswith("/ (Ctrl-C stops)")
    assert rest == ["", "Stopped."]


# Copies that the build made, and what a browser may keep.


def put_copies(path: Path, ns: int | None = None) -> None:
    """Put copies beside a file whose content tells them apart from what the server would make."""
    for ending in (".br", ".gz"):
        copy = path.with_name(path.name + ending)
        copy.write_text(f"copy{ending}")
        os.utime(copy, ns=(ns or path.stat().st_mtime_ns,) * 2)


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br", "br", b"copy.br"),
        ("gzip;q=1.0, br;q=0", "gzip", b"copy.gz"),
        ("gzip", "gzip", b"copy.gz"),
        ("zstd", None, PAGE.encode()),
    ],
)
def test_a_fresh_copy_is_sent_to_a_browser_that_reads_it(ask, book, accepted, coding, body):
    put_copies(book / "index.html")
    status, headers, sent = ask("/", accept_encoding=accepted)
    assert (status, headers.get("Content-Encoding"), sent) == (200, coding, body)
    assert (headers["Vary"], headers["Content-Type"]) == ("Accept-Encoding", "text/html; charset=utf-8")


def test_a_stale_copy_is_not_sent(ask, book):
    put_copies(book / "index.html", ns=1)
    headers, sent = ask("/", accept_encoding="br, gzip")[1:]
    assert (headers["Content-Encoding"], gzip.decompress(sent).decode()) == ("gzip", PAGE)


@pytest.mark.parametrize(
    ("name", "is_for_good"),
    [
        ("_static/0123456789/course.css", True),
        ("_static/figures/behind-720-89abcdef01.webp", True),
        ("_static/videos/a-lump/film-0a1b2c3d4e.mp4", True),
        ("_static/figures/behind-720.webp", False),
        ("_static/doctools.js", False),
        ("_static/0123456789abcdef/course.css", False),
        ("book/0123456789/page.html", False),
        ("search-index.json", False),
    ],
)
def test_what_has_a_digest_in_its_address_is_kept_for_good(ask, book, name, is_for_good):
    (book / name).parent.mkdir(parents=True, exist_ok=True)
    (book / name).write_text("x")
    for headers in ({}, {"if_modified_since": ask(f"/{name}")[1]["Last-Modified"]}):
        kept = ask(f"/{name}", **headers)[1]["Cache-Control"]
        assert kept == ("public, max-age=31536000, immutable" if is_for_good else "no-cache")


def test_what_is_missing_is_asked_for_again(ask):
    status, headers, _ = ask("/_static/0123456789/gone.css")
    assert (status, headers["Cache-Control"]) == (404, "no-cache")
