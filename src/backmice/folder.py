"""The whole course in one ZIP archive that, unpacked, opens from a folder: no server, no network.

A page opened as a file may load pictures, films, styles and classic scripts; it may load no module and read no file.
So each page gets its modules as one classic script, captions and typeface stand in what uses them, and what
elements fetch comes as scripts that hold its text (static/fetched.js asks for those). What needs a server is left
out, and links to it say so.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from posixpath import basename, dirname, join, normpath, relpath
from urllib.parse import unquote, urlsplit

import yaml

from backmice.archive import zip_bytes
from backmice.assets import minisearch, write_whole
from backmice.bundle import BundleError, bundled, modules_of
from backmice.serve import MISSING

Say = Callable[[str], None]
Attributes = dict[str, str | None]

PACKAGE = Path(str(files("backmice")))
#: The folder that the archive unpacks into, and where scripts and licences stand in it.
HOME = "back-mice"
SCRIPTS = "_static/scripts"
LICENCES = "licences"
INDEX = "practice/course-index.json"
#: What a kernel runs, what is there for other programs, and the pages for a missing network and a missing page.
NEEDS_A_SERVER = ("live/", "_static/packages/", "offline.html", MISSING)
FILMS = (".mp4", ".webm")
#: Packed already.
STORED = (*FILMS, ".webp", ".avif", ".png", ".jpg")
#: Of the head of a page: what a browser refuses files, or has no use for.
OF_A_SERVER = {"preload", "modulepreload", "prefetch", "manifest"}
#: Modules of what needs a server: a service worker, and labs that run in the page.
LEFT_OUT = ("course-worker.js", "course-keep.js", "course-kept.js", "course-live.js")
ELSEWHERE = " (not in this folder)"
KEPT_ALREADY = '<p class="empty">This copy of the course lies in a folder of its own, so it needs no keeping.</p>'
RUNS_ELSEWHERE = '<p class="empty">Labs run in the page only on a server. Here, open the notebook in Jupyter.</p>'
FILES_ELSEWHERE = '<p class="empty">The files of this list are not in this folder. The course on a server has them.</p>'
FONT = re.compile(r"""url\(\s*["']?([^"')]+\.woff2)["']?\s*\)""")
PARTS = re.compile(r"""[\s,"'\[\]{}]+""")
#: By its name in the archive: a licence of the project, or of what it took in.
OWN_LICENCES = {
    "code.txt": "LICENSE",
    "text-and-pictures.md": "LICENSE-CONTENT.md",
    "bones.md": "media/anatomy/sacroiliac/README.md",
}
README = """\
{title}

To begin, unpack the whole archive and open index.html in this folder with a browser: Chrome, Edge, Firefox or
Safari of the last two years. Nothing has to be installed, and no network is needed.

Reading, figures in 3-D, quizzes, exams, reviews, progress and search work as on a server{films}.

Chrome and Edge keep your answers for all pages together. Firefox and Safari may keep them for each page by itself:
then a quiz still shows what you answered, but "Your progress" and the review know nothing of it. A browser that keeps
nothing says so. Whoever wants to be sure saves the progress as a file, on the page "Your progress".

Not in this folder, and named where a link would lead there:
{left_out}

This is education, not advice for a particular person. Never inject yourself.

Text and pictures: CC BY 4.0. Code: MIT. The folder "licences" holds these and those of what others made.
"""


class FolderError(Exception):
    """The archive can't be made; the message says what to do."""


def write_folder(root: Path, out: Path, say: Say, *, with_films: bool = True) -> int:
    """Write the book that was built in `root` to `out` as an archive, and return its size in bytes.

    Raises
    ------
    FolderError
        If the book isn't built, esbuild is missing or the file can't be written; no file is left then.
    """
    if not out.parent.is_dir():
        raise FolderError(f"There is no folder {out.parent} to write into; make it, or name another file.")
    content = folder_bytes(root, root / "_build/html", say, with_films=with_films)
    try:
        write_whole(out, content)
    except OSError as error:
        raise FolderError(f"{out} could not be written: {error.strerror or error}") from None
    return len(content)


def folder_bytes(root: Path, built: Path, say: Say, *, with_films: bool = True) -> bytes:
    """Return the archive of a built book of the course in `root`. The same book gives the same bytes.

    Raises
    ------
    FolderError
        As for `write_folder`.
    """
    if not (built / "index.html").is_file():
        raise FolderError(f"There is no book in {built}; build it: make book")
    say("Reading the built book …")
    left_out = NEEDS_A_SERVER if with_films else (*NEEDS_A_SERVER, *FILMS)
    book = Book(built, left_out)
    pages = [page for page in book.there if page.endswith(".html") and book.holds(page)]
    found = {page: Page(book, page).made().encode() for page in sorted(pages)}
    found |= handed_over(book)
    say("Writing its scripts …")
    found |= page_scripts(root, book)
    for name in sorted(book.named):
        if name.endswith(".css"):
            found[name] = with_fonts(book, name, book.text(name)).encode()
        elif name not in found and not name.endswith((".html", ".json")):
            found[name] = (built / name).read_bytes()
    found |= licences(root, book)
    found["README.txt"] = read_me(root, book, with_films=with_films).encode()
    listed = {f"{HOME}/{name}": found[name] for name in sorted(found)}
    return zip_bytes(listed, stored=[name for name in listed if name.endswith(STORED)])


@dataclass
class Book:
    """The built book, and what its pages are found to need."""

    built: Path
    #: Beginnings of folders and endings of files that stay behind.
    left_out: tuple[str, ...]
    there: set[str] = field(init=False)
    #: Those of them that stay behind.
    behind: set[str] = field(init=False)
    #: Files that a page names.
    named: set[str] = field(default_factory=set)
    #: The name of each script, by the modules that it runs.
    scripts: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.there = {path.relative_to(self.built).as_posix() for path in self.built.rglob("*") if path.is_file()}
        self.behind = {name for name in self.there if name.startswith(self.left_out) or name.endswith(self.left_out)}

    def holds(self, name: str | None) -> bool:
        """Tell whether a file is there and does not stay behind."""
        return name in self.there and name not in self.behind

    def find(self, page: str, address: str) -> str | None:
        """Return the file that an address of a page leads to; None for one of elsewhere, or of the page itself."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return None
        return normpath(join(dirname(page), unquote(parts.path)))

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return (self.built / name).read_text(encoding="utf-8")

    def script(self, modules: list[str]) -> str:
        """Return where the script stands that runs these modules."""
        key = tuple(modules)
        digest = sha256(" ".join(key).encode()).hexdigest()[:10]
        return self.scripts.setdefault(key, f"{SCRIPTS}/page-{digest}.js")


class Page(HTMLParser):
    """A page on its way into the folder: some of its tags change, all else stays to the letter."""

    def __init__(self, book: Book, name: str) -> None:
        super().__init__(convert_charrefs=False)
        self.book, self.name, self.source = book, name, book.text(name)
        self.lines = [0, *(found.end() for found in re.finditer("\n", self.source))]
        self.changes: list[tuple[int, int, str]] = []
        self.modules: list[str] = []
        self.is_module = self.is_elsewhere = False

    def made(self) -> str:
        """Return the page as it stands in the folder."""
        self.feed(self.source)
        self.close()
        parts, at = [], 0
        for start, end, text in self.changes:
            parts += [self.source[at:start], text]
            at = end
        text = "".join([*parts, self.source[at:]])
        if self.modules:
            script = relpath(self.book.script(self.modules), dirname(self.name) or ".")
            text = text.replace("</head>", f'<script defer src="{script}"></script>\n</head>', 1)
        return with_fonts(self.book, self.name, text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Change what a file may not have, and remember what the page names."""
        given = dict(attrs)
        how = getattr(self, f"_{tag.replace('-', '_')}", None)
        changed = how(given) if how else None
        if changed is not None:
            start = self._here()
            self.changes.append((start, start + len(self.get_starttag_text() or ""), changed))
        else:
            self._note(given)

    def handle_endtag(self, tag: str) -> None:
        """End what a start tag changed."""
        start = self._here()
        if tag == "script" and self.is_module:
            self.changes.append((start, self.source.index(">", start) + 1, ""))
            self.is_module = False
        if tag == "a" and self.is_elsewhere:
            self.changes.append((start, start, ELSEWHERE))
            self.is_elsewhere = False

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def _note(self, given: Attributes) -> None:
        """Remember each file that an attribute names, alone, in a list or in JSON."""
        for value in given.values():
            for part in PARTS.split(value or ""):
                name = self.book.find(self.name, part)
                if self.book.holds(name):
                    self.book.named.add(name)

    def _script(self, given: Attributes) -> str | None:
        if given.get("type") == "module":
            self.is_module = True
            runs = modules_of(basename(given.get("src") or ""))
            self.modules += [name for name in runs if name not in (*self.modules, *LEFT_OUT)]
            return ""
        return self._unchecked("script", given)

    def _link(self, given: Attributes) -> str | None:
        if OF_A_SERVER & set((given.get("rel") or "").split()):
            return ""
        return self._unchecked("link", given)

    def _backmice_anatomy(self, given: Attributes) -> str | None:
        return self._unchecked("backmice-anatomy", given)

    def _unchecked(self, tag: str, given: Attributes) -> str | None:
        """Return a tag without what a browser can check only of a server's answers."""
        if not {"integrity", "crossorigin"} & set(given):
            return None
        kept = {name: value for name, value in given.items() if name not in ("integrity", "crossorigin")}
        self._note(kept)
        return start_tag(tag, kept)

    def _meta(self, given: Attributes) -> str | None:
        """A policy that trusts a page's own server trusts no file."""
        return "" if (given.get("http-equiv") or "").lower() == "content-security-policy" else None

    def _track(self, given: Attributes) -> str | None:
        name = self.book.find(self.name, given.get("src") or "")
        if name not in self.book.there:
            return None
        return start_tag("track", given | {"src": inline(self.book.built / name, "text/vtt")})

    def _a(self, given: Attributes) -> str | None:
        """Have a link to what stays behind say so; of a list of files, or of times of a film, that was said before."""
        name = self.book.find(self.name, given.get("href") or "")
        if name is None or self.book.holds(name):
            return None
        self.is_elsewhere = not {"download", "data-at"} & set(given)
        kept = {key: value for key, value in given.items() if key not in ("href", "download")}
        return start_tag("a", kept | {"role": "link", "aria-disabled": "true"})

    def _course_keep(self, given: Attributes) -> str | None:
        return KEPT_ALREADY + start_tag("course-keep", given)

    def _course_live(self, given: Attributes) -> str | None:
        return RUNS_ELSEWHERE + "<course-live hidden>"

    def _div(self, given: Attributes) -> str | None:
        if given.get("class") != "packages":
            return None
        return start_tag("div", given) + FILES_ELSEWHERE


def start_tag(tag: str, given: Attributes) -> str:
    """Return a start tag with these attributes."""
    written = (f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in given.items())
    return f"<{tag}{''.join(written)}>"


def inline(path: Path, kind: str) -> str:
    """Return the address that is the file itself."""
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def with_fonts(book: Book, name: str, text: str) -> str:
    """Return a style sheet, or a page, that holds the typeface it names: some browsers take none from a file."""

    def held(found: re.Match[str]) -> str:
        font = book.find(name, found[1])
        return f"url({inline(book.built / font, 'font/woff2')})" if font in book.there else found[0]

    return FONT.sub(held, text)


def handed_over(book: Book) -> dict[str, bytes]:
    """Return, as scripts, the data that pages name, and the practice pages from which exams and reviews take items."""
    names = {name for name in book.named if name.endswith(".json")}
    if INDEX in names:
        names |= {item["page"] for item in json.loads(book.text(INDEX))["items"].values()}
    return {f"{name}.js": as_script(book.text(name)) for name in sorted(names)}


def as_script(text: str) -> bytes:
    """Return a script that hands a text over: see static/fetched.js."""
    brought = '(globalThis[Symbol.for("backmice files")] ??= new Map())'
    return f"{brought}.set(document.currentScript.src, {json.dumps(text, ensure_ascii=False)});\n".encode()


def page_scripts(root: Path, book: Book) -> dict[str, bytes]:
    """Return one classic script for each set of modules that a page runs."""
    modules = {path.name: path.read_bytes() for path in sorted((PACKAGE / "static").glob("*.js"))}
    modules |= {name: path.read_bytes() for name, path in minisearch(root).items()}
    found = {}
    for entries, script in sorted(book.scripts.items()):
        name = basename(script).removesuffix(".js")
        try:
            made = bundled(root, modules, name, entries, form="iife")
        except BundleError as error:
            raise FolderError(str(error)) from None
        # A module is strict by nature, a classic script only if it says so.
        found |= {f"{SCRIPTS}/{file}": b'"use strict";' + content for file, content in made.items()}
    return found


def licences(root: Path, book: Book) -> dict[str, bytes]:
    """Return the licences of all that is in the folder."""
    own = {name: root / file for name, file in OWN_LICENCES.items()}
    taken = {basename(name): book.built / name for name in sorted(book.there) if name.endswith("-licence.txt")}
    return {f"{LICENCES}/{name}": path.read_bytes() for name, path in (own | taken).items() if path.is_file()}


def read_me(root: Path, book: Book, *, with_films: bool) -> str:
    """Return how the folder is opened, and what it lacks."""
    title = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["title"]
    told = {
        "_static/packages/": "the files for learning platforms, Anki and paper",
        "live/": "the labs that run in the page; their notebooks are here, to be opened in Jupyter",
        FILMS: "the films, whose words and still pictures are here",
    }
    lines = []
    for part, words in told.items():
        size = sum(
            (book.built / name).stat().st_size for name in book.behind if name.startswith(part) or name.endswith(part)
        )
        if size:
            lines.append(f"- {words} ({size / 1e6:.0f} MB)")
    films = ", and so do the films" if with_films else ""
    return README.format(title=title, films=films, left_out="\n".join(lines) or "- nothing")
