"""Compressed copies beside the files of a built book: which there are, when they are made anew, and when they go."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from threading import Event, Thread
from time import sleep

import brotli
import pytest

from backmice.compressed import Compressed, compress, compress_ahead, quality

TEXT = "A page of a book. " * 200


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    for name in ("index.html", "part/course.css", "part/film.mp4", "part/engine.wasm", "map.js.gz"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name} {TEXT}")
    (folder / "small.html").write_text("Small.")
    return folder


@pytest.fixture
def run(book: Path, tmp_path: Path):
    return lambda: compress(book, tmp_path / "kept")


def copies(book: Path) -> dict[str, str]:
    """Return what each copy holds, by its name."""
    readers = {".br": brotli.decompress, ".gz": gzip.decompress}
    found = [path for path in book.rglob("*") if path.suffix in readers]
    return {path.relative_to(book).as_posix(): readers[path.suffix](path.read_bytes()).decode() for path in found}


def test_each_text_file_has_copies_of_its_own_time(book, run):
    assert run() == Compressed(written=6, removed=1)
    files = ("index.html", "part/course.css", "part/engine.wasm")
    assert copies(book) == {f"{name}{end}": f"{name} {TEXT}" for name in files for end in (".br", ".gz")}
    for name in files:
        times = {(book / f"{name}{end}").stat().st_mtime_ns for end in ("", ".br", ".gz")}
        assert len(times) == 1, name


def test_nothing_is_done_again(run):
    run()
    assert run() == Compressed(written=0, removed=0)


def test_what_changed_is_compressed_anew_and_what_is_gone_loses_its_copies(book, run):
    run()
    (book / "index.html").write_text(f"Changed. {TEXT}")
    (book / "part/course.css").unlink()
    (book / "part/engine.wasm").write_text("Small now.")
    assert run() == Compressed(written=2, removed=4)
    assert copies(book) == dict.fromkeys(("index.html.br", "index.html.gz"), f"Changed. {TEXT}")


def test_a_file_written_again_as_it_was_is_not_compressed_again(book, run, monkeypatch):
    run()
    os.utime(book / "index.html", ns=(1, 1))
    monkeypatch.setattr("backmice.compressed.MAKERS", dict.fromkeys((".br", ".gz"), None))
    assert run() == Compressed(written=2, removed=0)
    assert copies(book)["index.html.br"] == f"index.html {TEXT}"


@pytest.mark.parametrize(
    ("path", "size", "expected"),
    [
        ("_static/0123456789/course.css", 10_000, 11),
        ("_static/vendor/plotly-0123456789.js", 1_800_000, 11),
        ("_static/packages/bank-moodle-0123456789.xml", 1_000_000, 9),
        ("book/index.html", 100_000, 10),
        ("book/bibliography.html", 250_000, 11),
        ("live/build/app.js", 100_000, 9),
        ("live/python.wasm", 10_000_000, 9),
        ("_static/figures/large-0123456789.json", 2_000_000, 9),
    ],
)
def test_time_is_spent_on_what_is_kept_for_good_and_on_long_pages(path, size, expected):
    assert quality(Path(path), size) == expected


def test_what_a_build_writes_meanwhile_is_compressed_ahead_and_nothing_else(book, run, tmp_path, monkeypatch):
    monkeypatch.setattr("backmice.compressed.PAUSE_S", 0.01)
    kept, ended = tmp_path / "kept", Event()
    helper = Thread(target=compress_ahead, args=(book, kept, ended))
    helper.start()
    sleep(0.1)
    (book / "part/new.html").write_text(f"New. {TEXT}")
    while len([path for path in kept.glob("*") if path.suffix in (".br", ".gz")]) < 2 and helper.is_alive():
        sleep(0.01)
    ended.set()
    helper.join()
    assert len(list(kept.iterdir())) == 2
    for name in ("index.html", "part/course.css", "part/engine.wasm"):
        (book / name).unlink()
    monkeypatch.setattr("backmice.compressed.MAKERS", dict.fromkeys((".br", ".gz"), None))
    assert run() == Compressed(written=2, removed=1)
    assert copies(book) == dict.fromkeys(("part/new.html.br", "part/new.html.gz"), f"New. {TEXT}")
