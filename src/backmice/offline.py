"""What the service worker is given: itself as one script, and the list of the built site's files.

The list says of each file what it holds (a digest) and to which part of the course it belongs; its own digest names
the edition. Files that no page leads to are not in it: Sphinx brings styles and scripts that the course leaves out.
What a text says of itself is kept beside the course, so that only what a build changed is read again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote

from backmice.assets import write_changed
from backmice.bundle import bundled, esbuild
from backmice.kept import digest as digest_of
from backmice.kept import kept
from backmice.serve import MISSING

LIST = "course-files.json"
#: Beside what is kept: how each file of the site looked.
LOOKS = "looks.json"
WORKER = "sw.js"
OFFLINE = "offline.html"
#: The worker's first module, and the packages that it is bundled with.
ENTRY = "sw-course.js"
PACKAGES = ("workbox-core", "workbox-range-requests", "workbox-routing")
#: A part of its own, made by a program of its own, which says what of it a reader's browser asks for.
LIVE, LIVE_ASKS = "live/", "live/sizes.json"
FILMS = "_static/videos/"
#: What only a figure asks for, once a reader comes near it.
FIGURES = ("_static/vendor/", "_static/figures/")
#: What a reader may take elsewhere.
PACKAGED = "_static/packages/"
DOWNLOADS = (".ipynb", ".zip")
#: What the browser itself asks for when the course is installed.
INSTALLED = ("manifest.webmanifest", "_static/icons/")
TYPEFACE = "/literata-"
PICTURES = (".avif", ".jpg", ".png", ".svg", ".webp")
#: Copies for servers, which the browser never asks for by name.
COPIES = (".br", ".gz")
#: An address in a page: what an attribute holds, or each of a set of pictures.
ADDRESS = re.compile(r"""\s(?:src|href|srcset|poster|data-[\w-]+)=(?:"([^"]*)"|'([^']*)')""")
#: A file's name in a script, a style or data; looked for once in each run of its signs, as runs may be long.
NAME = re.compile(r"(?<![\w.+-])[\w.+-]+\.[a-z0-9]{2,5}\b")
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
TITLE = re.compile(r"<title>([^<]*)</title>")
TAG = re.compile(r"<[^>]*>")
READ_ON = (".css", ".js", ".json")


@dataclass(frozen=True)
class Part:
    """A part of the course that can be kept by itself; a film comes with the page that shows it."""

    id: str
    name: str
    kind: str
    page: str = ""


@dataclass(frozen=True)
class Contents:
    """What a list says of the course beside its files.

    Attributes
    ----------
    parts
        By the path of each page, the name of its part, in the order of the contents; "" for what all parts share.
    films
        By the name of each film's folder, its title and the path of its page.
    """

    parts: Mapping[str, str]
    films: Mapping[str, tuple[str, str]]


def has_worker(root: Path) -> bool:
    """Tell whether npm brought what the worker is made of."""
    return esbuild(root) is not None and all((root / "node_modules" / name).is_dir() for name in PACKAGES)


def licence(root: Path) -> Path:
    """Return the licence that goes with the worker."""
    return root / "node_modules" / PACKAGES[0] / "LICENSE"


def worker_script(root: Path, modules: Mapping[str, bytes]) -> bytes:
    """Return the service worker as one classic script."""
    name = Path(WORKER).stem
    return bundled(root, modules, name, [ENTRY], form="iife")[WORKER]


def digest(content: bytes) -> str:
    """Return what a file is known by: enough of its hash that no two of a course are alike by chance."""
    return sha256(content).hexdigest()[:16]


def digests(folder: Path, note: Path) -> tuple[dict[str, str], dict[str, int]]:
    """Return the digests and the sizes of a site's files, by their paths.

    Parameters
    ----------
    note
        A file that tells how each looked when it was read last: only those are read that look otherwise.
    """
    try:
        known = json.loads(note.read_bytes())
    except (FileNotFoundError, ValueError):
        known = {}
    found = {}
    for home, _, names in os.walk(folder):
        at = "" if home == str(folder) else f"{Path(home).relative_to(folder).as_posix()}/"
        for name in names:
            if name.endswith(COPIES) or name in (LIST, WORKER, MISSING, ".buildinfo"):
                continue
            path = join(home, name)
            status = os.stat(path)
            looks = [status.st_size, status.st_mtime_ns, status.st_ctime_ns]
            *then, content = known.get(f"{at}{name}", ("",))
            found[f"{at}{name}"] = [*looks, content if looks == then else digest(Path(path).read_bytes())]
    found = dict(sorted(found.items()))
    write_changed(note, json.dumps(found).encode())
    return {path: looks[-1] for path, looks in found.items()}, {path: looks[0] for path, looks in found.items()}


class Site:
    """A built site, whose files are read once; what its texts say is kept in `kept_in`."""

    def __init__(self, folder: Path, kept_in: Path) -> None:
        self.folder, self.kept_in = folder, kept_in
        self.digests, self.sizes = digests(folder, kept_in / LOOKS)
        self.paths = list(self.digests)
        self._by_name: dict[str, list[str]] = {}
        for path in self.paths:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)
        self._asked: dict[str, frozenset[str]] = {}
        self._said: dict[str, dict[str, Any]] = {}
        self._reader = Path(__file__).read_bytes()

    def said(self, path: str) -> dict[str, Any]:
        """Return what a page, script, style or data says: the addresses or names in it, and of a page title and words."""
        if path not in self._said:
            kind = "page" if path.endswith(".html") else "other"
            name = digest_of([self._reader, kind.encode(), self.digests[path].encode()])
            text = kept(self.kept_in, f"{name}.json", lambda: json.dumps(READERS[kind](self._text(path))).encode())
            self._said[path] = json.loads(text)
        return self._said[path]

    def _text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8", errors="replace")

    def asked_by(self, path: str) -> frozenset[str]:
        """Return the files that a page, script, style or data asks for by itself; links to other pages are none."""
        if path not in self._asked:
            self._asked[path] = frozenset(self._read(path))
        return self._asked[path]

    def _read(self, path: str) -> Iterator[str]:
        home = dirname(path)
        if path.endswith(".html"):
            for address in self.said(path)["addresses"]:
                found = "" if address.endswith(".html") else normpath(join(home, address))
                if found in self.digests:
                    yield found
        elif path.endswith(READ_ON):
            for name in self.said(path)["names"]:
                near = [] if name.endswith(".html") else self._by_name.get(name, [])
                # A name alone says little: the file beside it is meant, or the only one of that name.
                beside = [other for other in near if dirname(other) == home]
                yield from beside or (near if len(near) == 1 else [])

    def needs(self, path: str) -> list[str]:
        """Return all that a page asks for, also by way of what it asks for; neither films nor what figures draw with."""
        found, new = set(), {path}
        while new:
            found |= new
            new = {other for one in new for other in self.asked_by(one)} - found
            new = {other for other in new if is_light(other)}
        return sorted(found - {path})


def addresses(page: str) -> Iterator[str]:
    """Yield what the attributes of a page lead to within the site, without what follows a `#` or `?`."""
    for attribute in ADDRESS.finditer(page):
        for word in re.split(r"[\s,]+|&quot;|[{}\[\]\"]", unescape(attribute[1] or attribute[2] or "")):
            if word and ":" not in word:
                yield unquote(re.split("[#?]", word)[0])


def read_page(text: str) -> dict[str, Any]:
    """Return the addresses in a page, its title without the course's own, which follows it, and its words."""
    title, main = TITLE.search(text), MAIN.search(text)
    return {
        "addresses": sorted(set(addresses(text))),
        "title": (unescape(title[1]).rpartition(" · ")[0] or unescape(title[1])) if title else None,
        "words": " ".join(TAG.sub(" ", main[0]).split()) if main else "",
    }


def read_other(text: str) -> dict[str, Any]:
    """Return what may be names of files in a script, style or data."""
    return {"names": sorted(set(NAME.findall(text)))}


READERS = {"page": read_page, "other": read_other}


def is_light(path: str) -> bool:
    """Tell whether a file comes with its page, and not when it is played, turned or downloaded."""
    if is_film(path) or path.endswith(DOWNLOADS) or path.startswith((PACKAGED, *INSTALLED)):
        return False
    return path.endswith(PICTURES) or not path.startswith(FIGURES)


def is_film(path: str) -> bool:
    """Tell whether a file is a film; its poster, captions and chapters come with the page."""
    return path.startswith(FILMS) and path.endswith(".mp4")


def live_files(site: Site) -> list[str]:
    """Return what the labs fetch when they run: the application's files and the notebooks."""
    if LIVE_ASKS not in site.digests:
        return []
    asked = {f"{LIVE}{name}" for name in json.loads((site.folder / LIVE_ASKS).read_text(encoding="utf-8"))["files"]}
    return [path for path in site.paths if path in asked or path == LIVE_ASKS or path.startswith(f"{LIVE}files/")]


def words(site: Site, path: str) -> str:
    """Return a digest of what a reader meets on a page: its words, and the pictures and films that it shows."""
    shown = sorted(site.digests[one] for one in site.asked_by(path) if one.endswith((*PICTURES, ".mp4")))
    return digest(f"{site.said(path)['words']}\0{shown}".encode())


def files_list(folder: Path, contents: Contents, kept_in: Path) -> dict[str, object]:
    """Return the list of a built site's files, as static/keep-list.js reads it."""
    site = Site(folder, kept_in)
    parts = {name: Part(_id(name), name, "pages") for name in contents.parts.values() if name}
    parts |= {slug: Part(f"film-{slug}", title, "film", page) for slug, (title, page) in contents.films.items()}
    for name, kind in (("Figures in 3-D", "figure"), ("Live labs", "live"), ("Packages for other programs", "files")):
        parts[kind] = Part(kind, name, kind)
    shared = Part("shared", "What all pages share", "shared")

    needs = {path: site.needs(path) for path in site.paths if path.endswith(".html") and not path.startswith(LIVE)}
    home: dict[str, Part] = {}

    def place(path: str, part: Part) -> None:
        home[path] = part if home.get(path, part) == part else shared

    for page, own in needs.items():
        place(page, parts.get(contents.parts.get(page, ""), shared))
        for path in own:
            place(path, home[page])
    for page, own in needs.items():
        for path in site.asked_by(page) - set(own):
            film = path.removeprefix(FILMS).partition("/")[0]
            if path.startswith(FIGURES):
                home |= dict.fromkeys((path, *site.asked_by(path)), parts["figure"])
            elif is_film(path) and film in parts:
                home[path] = parts[film]
            else:
                home[path] = parts["files"] if path.startswith(PACKAGED) else home[page]
    home |= {path: parts["live"] for path in live_files(site)}
    used = [part for part in (shared, *parts.values()) if part in home.values()]
    paths = sorted(home)
    number = {path: n for n, path in enumerate(paths)}
    pages = {
        path: [site.said(path)["title"] or path, words(site, path), [number[need] for need in needs[path]]]
        for path in contents.parts
        if path in home
    }
    found: dict[str, object] = {
        "parts": [vars(part) for part in used],
        "files": {path: [site.digests[path], site.sizes[path], used.index(home[path])] for path in paths},
        "pages": pages,
        # The typeface is kept with any page that was read; until then the browser's own serif serves.
        "offline": [path for path in (OFFLINE, *needs.get(OFFLINE, ())) if path in home and TYPEFACE not in path],
    }
    return {"edition": digest(json.dumps(found, sort_keys=True).encode()), **found}


def write_list(folder: Path, contents: Contents, kept_in: Path) -> None:
    """Write the list of a site into it.

    Parameters
    ----------
    kept_in
        Where what texts say is kept for the next build.
    """
    found = files_list(folder, contents, kept_in)
    write_changed(folder / LIST, json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode())


def _id(name: str) -> str:
    """Return a name for programs, which stays when the part's number changes."""
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"^Part \d+\.", "", name).lower()))
