"""The list of a built site's files: which part each belongs to, what a page needs, and what makes an edition."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from backmice.icons import ICONS, colours, draw, manifest, write_icon
from backmice.offline import LIST, READERS, Contents, has_worker, write_list

ROOT = Path(__file__).parents[1]
FILES = {
    "index.html": '<a href="book/index.html">Begin</a>',
    "offline.html": '<link href="_static/a/course.css" rel="stylesheet">',
    "book/index.html": '<title>Site</title><link href="../_static/a/course.css"><main>Welcome</main>',
    "book/one.html": '<title>One &amp; all · Site</title><link href="../_static/a/course.css"><script src="../_static/a/cards+quiz.js"></script>'
    '<main>Words <img srcset="../_images/fat-390.webp 390w, ../_images/fat-720.webp 720w" src="../_images/fat-720.webp">'
    '<video src="../_static/videos/lump/film-1.mp4" poster="../_static/videos/lump/poster-1.webp">'
    '<track src="../_static/videos/lump/captions-1.vtt"></video><a href="two.html#here">Two</a></main>',
    "book/two.html": '<title>Two · Site</title><link href="../_static/a/course.css"><main>'
    """<backmice-anatomy data-figure="../_static/figures/back.json" data-layers='{"fat": "../_static/figures/fat.json"}'"""
    ' data-bundle="../_static/vendor/plot.min.js"></backmice-anatomy><a href="../_static/packages/two.zip">Take</a>'
    '<a href="two.ipynb" download>Notebook</a></main>',
    "book/two.ipynb": "{}",
    "practice/fat.html": "<title>Fat · Site</title><main>Items</main>",
    "practice/course-index.json": '{"pages": ["fat.html"]}',
    "live/lab/index.html": '<title>Lab</title><script src="../bundle.js"></script>',
    "live/bundle.js": "let live;",
    "live/not-asked-for.js": "let never;",
    "live/files/a-lab.ipynb": "{}",
    "live/sizes.json": '{"bytes": 9, "files": ["lab/index.html", "bundle.js"]}',
    "_static/a/course.css": 'body { src: url("letters.woff2") }',
    "_static/a/letters.woff2": "letters",
    "_static/a/cards+quiz.js": 'import("./chunk-Q1.js")',
    "_static/a/chunk-Q1.js": "let late;",
    "_static/a/course.css.br": "copy",
    "_static/basic.css": "Sphinx's own",
    "_static/figures/back.json": "{}",
    "_static/figures/fat.json": "[]",
    "_static/vendor/plot.min.js": "let plot;",
    "_static/packages/two.zip": "PK",
    "_static/videos/lump/film-1.mp4": "moving",
    "_static/videos/lump/poster-1.webp": "still",
    "_static/videos/lump/captions-1.vtt": "WEBVTT",
    "_images/fat-390.webp": "small",
    "_images/fat-720.webp": "large",
    "objects.inv": "inventory",
    "sw.js": "the worker",
}
PARTS = {"book/index.html": "", "book/one.html": "Part 1. First things", "book/two.html": "Part 2. Last things",
         "practice/fat.html": "Practice pages, by topic"}  # fmt: skip
CONTENTS = Contents(PARTS, {"lump": ("A lump moves", "book/one.html")})


def listed(home: Path, files: dict[str, str] = FILES) -> dict:
    """Write a site and its list, and return the list."""
    folder = home / "site"
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    write_list(folder, CONTENTS, home / "kept")
    return json.loads((folder / LIST).read_text())


@pytest.fixture
def found(tmp_path: Path) -> dict:
    return listed(tmp_path)


def test_each_file_belongs_to_the_part_that_needs_it(found):
    names = [part["id"] for part in found["parts"]]
    by_part: dict[str, set[str]] = {}
    for path, (_, size, part) in found["files"].items():
        assert size == len(FILES[path].encode())
        by_part.setdefault(names[part], set()).add(path)
    assert by_part == {
        "shared": {"index.html", "offline.html", "book/index.html", "_static/a/course.css", "_static/a/letters.woff2"},
        "first-things": {"book/one.html", "_static/a/cards+quiz.js", "_static/a/chunk-Q1.js", "_images/fat-390.webp",
                         "_images/fat-720.webp", "_static/videos/lump/poster-1.webp", "_static/videos/lump/captions-1.vtt"},
        "last-things": {"book/two.html", "book/two.ipynb"},
        "practice-pages-by-topic": {"practice/fat.html"},
        "film-lump": {"_static/videos/lump/film-1.mp4"},
        "figure": {"_static/figures/back.json", "_static/figures/fat.json", "_static/vendor/plot.min.js"},
        "live": {"live/lab/index.html", "live/bundle.js", "live/files/a-lab.ipynb", "live/sizes.json"},
        "files": {"_static/packages/two.zip"},
    }  # fmt: skip
    assert [(part["kind"], part["name"], part["page"]) for part in found["parts"] if part["kind"] != "pages"] == [
        ("shared", "What all pages share", ""),
        ("film", "A lump moves", "book/one.html"),
        ("figure", "Figures in 3-D", ""),
        ("live", "Live labs", ""),
        ("files", "Packages for other programs", ""),
    ]


def test_a_page_needs_what_it_fetches_unasked(found):
    paths = list(found["files"])
    title, _, needs = found["pages"]["book/two.html"]
    assert (title, [paths[n] for n in needs]) == ("Two", ["_static/a/course.css", "_static/a/letters.woff2"])
    assert [paths[n] for n in found["pages"]["book/one.html"][2]] == [
        "_images/fat-390.webp", "_images/fat-720.webp", "_static/a/cards+quiz.js", "_static/a/chunk-Q1.js",
        "_static/a/course.css", "_static/a/letters.woff2", "_static/videos/lump/captions-1.vtt", "_static/videos/lump/poster-1.webp",
    ]  # fmt: skip
    assert found["offline"] == ["offline.html", "_static/a/course.css", "_static/a/letters.woff2"]
    assert [found["pages"][page][0] for page in PARTS] == ["Site", "One & all", "Two", "Fat"]


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("book/two.html", ["book/two.html"]),
        ("_images/fat-720.webp", ["book/one.html"]),
        ("_static/videos/lump/film-1.mp4", ["book/one.html"]),
        ("_static/a/chunk-Q1.js", []),
        ("_static/a/course.css", []),
    ],
)
def test_a_page_has_changed_if_its_words_or_pictures_have(tmp_path, found, path, changed):
    more = FILES[path].replace("</main>", " more</main>") if path.endswith(".html") else FILES[path] + " more"
    other = listed(tmp_path, {path: more})
    assert other["edition"] != found["edition"]
    assert [page for page, (_, words, _) in other["pages"].items() if words != found["pages"][page][1]] == changed


def test_the_same_site_is_the_same_edition_whatever_else_lies_there(tmp_path, found):
    assert (
        listed(tmp_path, {"_static/basic.css": "other", "objects.inv": "other", "a.html.gz": "copy", "sw.js": ""})
        == found
    )


def test_only_what_changed_is_read_again(tmp_path, found, monkeypatch):
    read = []

    def reader(kind):
        return lambda text: read.append(text) or READERS[kind](text)

    monkeypatch.setattr("backmice.offline.READERS", {kind: reader(kind) for kind in READERS})
    assert listed(tmp_path) == found and read == []
    more = FILES["book/two.html"].replace("Two ·", "Second ·").replace("two.zip", "three.zip")
    changed = listed(tmp_path, {"book/two.html": more, "_static/packages/three.zip": "PK"})
    assert read == [more]
    assert changed["pages"]["book/two.html"][0] == "Second"
    assert "_static/packages/three.zip" in changed["files"] and "_static/packages/two.zip" not in changed["files"]


def test_an_icon_is_drawn_once_and_anew_for_other_colours(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("backmice.icons.draw", lambda icon: drawn.append(icon) or b"drawn")
    for folder in ("one", "two"):
        for icon in ICONS:
            write_icon(tmp_path / folder, icon, tmp_path / "kept")
    assert drawn == list(ICONS)
    assert {path.read_bytes() for path in (tmp_path / "two").iterdir()} == {b"drawn"}
    (tmp_path / "static").mkdir()
    (tmp_path / "static/tokens.css").write_text("other colours")
    monkeypatch.setattr("backmice.icons.files", lambda package: tmp_path)
    write_icon(tmp_path / "two", ICONS[0], tmp_path / "kept")
    assert drawn == [*ICONS, ICONS[0]]


def test_there_is_a_worker_where_npm_was_run(tmp_path):
    assert (has_worker(ROOT), has_worker(tmp_path)) == (True, False)


def test_icons_are_of_their_size_and_a_mask_cuts_nothing():
    paper = tuple(bytes.fromhex(colours()["light"].removeprefix("#")))
    for icon in ICONS:
        picture = Image.open(BytesIO(draw(icon))).convert("RGB")
        assert picture.size == (icon.size, icon.size)
        corners = [(x, y) for x in (0, icon.size - 1) for y in (0, icon.size - 1)]
        assert {picture.getpixel(corner) for corner in corners} == {paper}
        assert len(picture.getcolors(10_000)) > 4
        if icon.purpose == "maskable":
            # What is outside the circle of four fifths may go.
            middle, reach = icon.size / 2, icon.size * 0.4
            drawn = [
                (x, y)
                for x in range(0, icon.size, 4)
                for y in range(0, icon.size, 4)
                if picture.getpixel((x, y)) != paper
            ]
            assert max(((x - middle) ** 2 + (y - middle) ** 2) ** 0.5 for x, y in drawn) < reach


def test_the_manifest_holds_below_any_path():
    told = manifest("Back mice", "book/index.html", "_static/icons")
    assert {icon["sizes"] + icon["purpose"] for icon in told["icons"]} == {
        "192x192any",
        "512x512any",
        "512x512maskable",
    }
    addresses = [told["start_url"], told["scope"], *(icon["src"] for icon in told["icons"])]
    assert not [address for address in addresses if address.startswith("/") or ":" in address]
    assert (told["display"], told["theme_color"], told["short_name"]) == ("standalone", "#fbfcfb", "Back mice")
