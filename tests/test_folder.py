"""The course as one archive that opens from a folder."""

from __future__ import annotations

import json
import os
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from backmice.cli import main
from backmice.folder import FolderError, as_script, folder_bytes, write_folder

ROOT = Path(__file__).parents[1]
#: What a page may hold that a file may not have, beside what stays to the letter.
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'">
<link rel="preload" href="../_static/font.woff2" as="font" type="font/woff2" crossorigin>
<link rel="manifest" href="../course.webmanifest">
<link rel="stylesheet" href="../_static/look.css" integrity="sha384-x" crossorigin="anonymous">
<style>@font-face { src: url(../_static/font.woff2) }</style>
<script src="../_static/early.js" integrity="sha384-y"></script>
<script type="module" src="../_static/cards+course-live+course-worker+theme.js" integrity="sha384-z"></script>
</head>
<body>
<p id=p>5 &lt; 6 &amp c\u2019est &ccedil;a</P >
<!-- <script type="module" src="none.js"></script> -->
<svg viewBox="0 0 1 1"><use href="#mark"/></svg>
<img src="one.webp" srcset="one.webp 1x, ../_static/two%20.webp 2x" alt="">
<backmice-anatomy integrity="sha256-a" data-figure="../_static/figure.json" data-layers='{"fat": "../_static/fat.json"}'></backmice-anatomy>
<backmice-exam data-index="../practice/course-index.json"></backmice-exam>
<video src="../_static/film.mp4"><track kind="captions" src="../_static/said.vtt" default></video>
<p><a href="other.html#there">There</a>, <a href="https://example.org/live/">away</a>, <a href="../live/lab/index.html?path=a.ipynb">run <b>it</b></a></p>
<course-keep><noscript>No</noscript></course-keep>
<course-live data-home="../live/" data-notebook="a.ipynb">Open</course-live>
<div class="packages"><a href="../_static/packages/bank.zip" download="bank.zip">Bank</a> <a href="a.ipynb" download>Notebook</a></div>
</body>
</html>
"""
IN_THE_FOLDER = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">



<link rel="stylesheet" href="../_static/look.css">
<style>@font-face { src: url(data:font/woff2;base64,Zm9udA==) }</style>
<script src="../_static/early.js"></script>

<script defer src="../_static/scripts/page-83517adc8d.js"></script>
</head>
<body>
<p id=p>5 &lt; 6 &amp c\u2019est &ccedil;a</P >
<!-- <script type="module" src="none.js"></script> -->
<svg viewBox="0 0 1 1"><use href="#mark"/></svg>
<img src="one.webp" srcset="one.webp 1x, ../_static/two%20.webp 2x" alt="">
<backmice-anatomy data-figure="../_static/figure.json" data-layers="{&quot;fat&quot;: &quot;../_static/fat.json&quot;}"></backmice-anatomy>
<backmice-exam data-index="../practice/course-index.json"></backmice-exam>
<video src="../_static/film.mp4"><track kind="captions" src="data:text/vtt;base64,V0VCVlRU" default></video>
<p><a href="other.html#there">There</a>, <a href="https://example.org/live/">away</a>, <a role="link" aria-disabled="true">run <b>it</b> (not in this folder)</a></p>
<p class="empty">This copy of the course lies in a folder of its own, so it needs no keeping.</p><course-keep><noscript>No</noscript></course-keep>
<p class="empty">Labs run in the page only on a server. Here, open the notebook in Jupyter.</p><course-live hidden>Open</course-live>
<div class="packages"><p class="empty">The files of this list are not in this folder. The course on a server has them.</p><a role="link" aria-disabled="true">Bank</a> <a href="a.ipynb" download>Notebook</a></div>
</body>
</html>
"""
FORMS = "<!doctype html>\n<title>Forms</title>\n<form id='item-1'></form>\n"
BUILT = {
    "index.html": '<meta http-equiv="refresh" content="0; url=book/page.html">',
    "book/page.html": PAGE,
    "book/other.html": "<title>Other</title>",
    "book/a.ipynb": "{}",
    "book/one.webp": "one",
    "live/lab/index.html": "live",
    "practice/course-index.json": '{"items": {"1": {"page": "practice/lumps.html"}}}',
    "practice/lumps.html": FORMS,
    "_static/early.js": "early()",
    "_static/film.mp4": "film" * 250_000,
    "_static/figure.json": '{"name": "a \\"lump\\" </script>\u2028"}',
    "_static/fat.json": "[]",
    "_static/font.woff2": "font",
    "_static/literata-licence.txt": "OFL",
    "_static/look.css": "@font-face { src: url('font.woff2') } p { background: url(none.woff2) }",
    "_static/look.css.br": "squeezed",
    "_static/packages/bank.zip": "bank" * 250_000,
    "_static/cards+course-live+course-worker+theme.js": 'import "./x.js"',
    "_static/said.vtt": "WEBVTT",
    "_static/two .webp": "two",
    "course.webmanifest": "{}",
    "sw.js": "worker",
    "objects.inv": "objects",
    "offline.html": "<title>No network</title>",
}
SMALL = [
    "README.txt", "_static/early.js", "_static/fat.json.js", "_static/figure.json.js", "_static/film.mp4", "_static/look.css",
    "_static/scripts/page-83517adc8d.js", "_static/two .webp", "book/a.ipynb", "book/one.webp", "book/other.html",
    "book/page.html", "index.html", "licences/code.txt", "licences/literata-licence.txt", "practice/course-index.json.js",
    "practice/lumps.html", "practice/lumps.html.js",
]  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course whose book is built, as far as the archive asks."""
    root = tmp_path / "course"
    for name, text in BUILT.items():
        path = root / "_build/html" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "_config.yml").write_text("title: Lumps\n")
    (root / "LICENSE").write_text("MIT")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root


def made(root: Path, **how: bool) -> ZipFile:
    return ZipFile(BytesIO(folder_bytes(root, root / "_build/html", lambda words: None, **how)))


def read(archive: ZipFile, name: str) -> str:
    return archive.read(f"back-mice/{name}").decode()


def test_it_holds_the_pages_and_what_they_name(root):
    assert made(root).namelist() == [f"back-mice/{name}" for name in SMALL]


def test_a_page_changes_only_where_a_file_may_not_do_what_it_does(root):
    archive = made(root)
    assert read(archive, "book/page.html") == IN_THE_FOLDER
    assert read(archive, "book/other.html") == BUILT["book/other.html"]


def test_a_style_sheet_holds_its_typeface(root):
    held = "@font-face { src: url(data:font/woff2;base64,Zm9udA==) } p { background: url(none.woff2) }"
    assert read(made(root), "_static/look.css") == held


def test_a_page_runs_its_modules_as_one_classic_script(root):
    script = read(made(root), "_static/scripts/page-83517adc8d.js")
    assert script.startswith('"use strict";(()=>{')
    assert not re.search(r"^(import|export)\b|\bimport\(|import\.meta", script, re.MULTILINE)


def test_pages_whose_modules_have_scripts_of_their_own_run_them_too(root):
    page = root / "_build/html/book/other.html"
    tags = "".join(f'<script type="module" src="../_static/{name}"></script>' for name in ("cards.js", "theme.js"))
    page.write_text(f"<head>{tags}</head>")
    assert read(made(root), "book/other.html") == (
        '<head><script defer src="../_static/scripts/page-83517adc8d.js"></script>\n</head>'
    )


@settings(max_examples=40)
@given(st.text())
def test_a_text_is_handed_over_to_the_letter(text):
    script = as_script(text).decode()
    assert script.startswith(
        '(globalThis[Symbol.for("backmice files")] ??= new Map()).set(document.currentScript.src, "'
    )
    assert json.loads(script.partition("currentScript.src, ")[2].removesuffix(");\n")) == text


def test_the_same_book_gives_the_same_bytes_without_times(root):
    first = made(root)
    for path in root.rglob("*.html"):
        os.utime(path, (0, 0))
    assert made(root).fp.getvalue() == first.fp.getvalue()
    assert {entry.date_time for entry in first.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_films_are_stored_as_they_are_and_texts_are_packed(root):
    kinds = {entry.filename: entry.compress_type for entry in made(root).infolist()}
    assert (kinds["back-mice/_static/film.mp4"], kinds["back-mice/book/page.html"]) == (ZIP_STORED, ZIP_DEFLATED)


def test_the_films_can_be_left_out(root):
    page = root / "_build/html/book/other.html"
    page.write_text('<a href="../_static/film.mp4">The film</a> <a href="../_static/film.mp4#t=3" data-at="3">0:03</a>')
    archive = made(root, with_films=False)
    assert archive.namelist() == [f"back-mice/{name}" for name in SMALL if name != "_static/film.mp4"]
    away = '<a role="link" aria-disabled="true">The film (not in this folder)</a> <a data-at="3" role="link" aria-disabled="true">0:03</a>'
    assert read(archive, "book/other.html") == away


def test_its_readme_says_what_is_left_out_and_how_large_it_is(root):
    read_me = read(made(root, with_films=False), "README.txt")
    assert read_me.startswith("Lumps\n\nTo begin, unpack the whole archive and open index.html")
    assert re.findall("^- .*", read_me, re.MULTILINE) == [
        "- the files for learning platforms, Anki and paper (1 MB)",
        "- the labs that run in the page; their notebooks are here, to be opened in Jupyter (0 MB)",
        "- the films, whose words and still pictures are here (1 MB)",
    ]


# What goes wrong.


def refused(root: Path, out: Path) -> str:
    with pytest.raises(FolderError) as refusal:
        write_folder(root, out, lambda words: None)
    return str(refusal.value)


def test_a_book_that_is_not_built_is_told(root, tmp_path):
    (root / "_build/html/index.html").unlink()
    told = f"There is no book in {root}/_build/html; build it: make book"
    assert refused(root, tmp_path / "all.zip") == told
    assert not (tmp_path / "all.zip").exists()


def test_without_npm_an_older_archive_stays(root, tmp_path):
    (root / "node_modules").unlink()
    (tmp_path / "all.zip").write_bytes(b"older")
    assert refused(root, tmp_path / "all.zip") == "esbuild was not found; run: make book"
    assert (tmp_path / "all.zip").read_bytes() == b"older"


def test_a_module_that_is_not_there_is_named(root, tmp_path):
    (root / "_build/html/book/other.html").write_text('<head><script type="module" src="gone.js"></script></head>')
    assert 'Could not resolve "./gone.js"' in refused(root, tmp_path / "all.zip")


def test_a_folder_that_is_not_there_is_told(root, tmp_path):
    told = f"There is no folder {tmp_path}/none to write into; make it, or name another file."
    assert refused(root, tmp_path / "none/all.zip") == told


def test_nothing_half_written_is_left(root, tmp_path, monkeypatch):
    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    home = tmp_path / "home"
    home.mkdir()
    assert refused(root, home / "all.zip") == f"{home}/all.zip could not be written: No space left on device"
    assert list(home.iterdir()) == []


def test_the_command_writes_it_beside_the_book_and_says_its_size(root):
    out = root / "_build/back-mice.zip"
    result = CliRunner().invoke(main, ["zip", "--root", str(root)])
    size = f"{out.stat().st_size / 1e6:.1f}"
    assert (result.exit_code, result.output) == (
        0, f"Reading the built book …\nWriting its scripts …\n{out} ({size} MB)\n",
    )  # fmt: skip
    assert ZipFile(out).namelist()[0] == "back-mice/README.txt"
