"""The theme: one layout, one style sheet, and scripts only where a page needs them.

Everything a page fetches lies in one folder named after a digest of its content, so it can be
cached for good; a change of any of it has all pages written again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from backmice.assets import minisearch, typeface_of_pages, without_typeface, write_whole
from backmice.bundle import bundler, page_script, short_style
from backmice.html.policy import integrity, meta, page_policy
from backmice.serve import MISSING
from backmice.sphinx_ext.lessons import chapter_of
from backmice.sphinx_ext.practice import more_practice

PACKAGE = Path(str(files("backmice")))
STYLES = ("tokens.css", "course.css")
#: What the first words of every page are set in.
FIRST_FACES = ("literata-400.woff2", "literata-600.woff2")
#: No module: it runs before anything is drawn.
FIRST = "first.js"
#: Before whoever asks for an address.
FIRST_OF_ALL = 100
logger = logging.getLogger(__name__)


def modules(root: Path) -> dict[str, bytes]:
    """Return all modules, by the name under which they import each other."""
    found = {path.name: path.read_bytes() for path in sorted((PACKAGE / "static").glob("*.js"))}
    # The first script is no module, and the worker's are no page's.
    found = {name: content for name, content in found.items() if name != FIRST and not name.startswith("sw-")}
    return found | {name: path.read_bytes() for name, path in minisearch(root).items() if name.endswith(".js")}


def collect(root: Path) -> dict[str, bytes]:
    """Return everything that pages fetch but modules, by file name."""
    static = PACKAGE / "static"
    found = {path.name: path.read_bytes() for path in (*sorted(static.glob("*.svg")), static / FIRST)}
    if not (typeface := typeface_of_pages(root)):
        logger.info("Literata is not installed (npm was not run): pages use the reader's own serif.")
    found |= typeface
    styles = "".join((static / name).read_text(encoding="utf-8") for name in STYLES)
    found["course.css"] = short_style(root, styles if typeface else without_typeface(styles)).encode()
    found["print.css"] = short_style(root, (static / "print.css").read_text(encoding="utf-8")).encode()
    found |= {name: path.read_bytes() for name, path in minisearch(root).items() if not name.endswith(".js")}
    return found


def prepare(app: Sphinx, config: Config) -> None:
    """Gather the files and let their digest, and that of the templates, be part of the configuration."""
    root = Path(app.srcdir)
    app._backmice_assets, app._backmice_modules = collect(root), modules(root)
    app._backmice_bundler, app._backmice_scripts = bundler(root), {}
    digest = sha256(app._backmice_bundler)
    for name, content in sorted((app._backmice_assets | app._backmice_modules).items()):
        digest.update(name.encode() + b"\0" + content)
    config.backmice_assets = digest.hexdigest()[:10]
    templates = sha256()
    for template in sorted((*PACKAGE.glob("theme/*.html"), *PACKAGE.glob("html/templates/*.html"))):
        templates.update(template.read_bytes())
    config.backmice_templates = templates.hexdigest()[:10]


def scripts_of(app: Sphinx, wanted: set[str]) -> list[str]:
    """Return what a page of these modules loads: their bundle, or without npm the modules as they are."""
    entries = tuple(sorted(wanted))
    if not app._backmice_bundler:
        return list(entries)
    # A process that writes pages beside others makes or finds the bundle for itself.
    if entries not in app._backmice_scripts:
        app._backmice_scripts[entries], files = page_script(Path(app.srcdir), app._backmice_modules, entries)
        put(app, files)
    return [app._backmice_scripts[entries]]


def content_of(app: Sphinx, name: str) -> bytes:
    """Return what a page fetches by this name; a bundle lies in the book already."""
    known = app._backmice_assets | ({} if app._backmice_bundler else app._backmice_modules)
    return known[name] if name in known else (folder_of(app) / name).read_bytes()


def folder_of(app: Sphinx) -> Path:
    """Return where everything lies that pages fetch."""
    return Path(app.outdir) / "_static" / app.config.backmice_assets


def put(app: Sphinx, found: Mapping[str, bytes]) -> None:
    """Put files into the book that pages fetch; a name stands for one content."""
    for name, content in found.items():
        if not (folder_of(app) / name).exists():
            write_whole(folder_of(app) / name, content)


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the files into the book, and take away those of an earlier build."""
    if error or app.builder.format != "html":
        return
    for other in (Path(app.outdir) / "_static").glob("[0-9a-f]" * 10):
        if other.name != app.config.backmice_assets:
            shutil.rmtree(other)
    put(app, app._backmice_assets)
    if not app._backmice_bundler:
        put(app, app._backmice_modules)


def take_title(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Leave the first title to the layout, which opens the page with it."""
    section = next(doctree.findall(nodes.section), None)
    title = section.next_node(nodes.title) if section else None
    if title is not None and title.parent is section:
        section.remove(title)


def context(app: Sphinx, pagename: str, template: str, values: dict[str, Any], doctree: Any) -> str | None:
    """Give the layout what it needs to know of the page."""
    env = app.env
    path = env.doc2path(pagename) if pagename in env.found_docs else None
    if path and str(path).endswith((".md", ".ipynb")):
        chapter = chapter_of(env, pagename)
        values["opening"] = chapter.opening
        values["is_lesson"] = chapter.is_lesson
        values["is_case"] = chapter.is_case
        values["notebook"] = f"{pagename.rpartition('/')[2]}.ipynb" if chapter.is_lab else None
        values["items"] = len(getattr(env, "backmice_items", {}).get(pagename, ()))
        values["more"] = more_practice(app, pagename)
    parts, number = [], 0
    for tree in env.external_site_map.root.subtrees:
        pages = []
        for item in map(str, tree.items):
            lesson = chapter_of(env, item).is_lesson
            number += lesson
            pages.append({"name": item, "title": env.titles[item].astext(), "number": number if lesson else None})
        parts.append({"caption": tree.caption, "pages": pages})
    values["parts"] = parts
    values["number"] = next((p["number"] for part in parts for p in part["pages"] if p["name"] == pagename), None)
    of_lessons = {"lesson-read.js"} if values.get("is_lesson") else ()
    of_worker = {"course-worker.js"} if app.config.backmice_worker else ()
    of_turning = {"next-page.js"} if values.get("next") else ()
    always = {"cards.js", "theme.js", *of_lessons, *of_worker, *of_turning}
    wanted = {*always, *scripts_for(doctree), *values.get("wanted", ())}
    values["scripts"] = scripts_of(app, wanted)
    # Without npm the page of the search runs Sphinx's own, which writes HTML.
    trusted = pagename != "search" or "minisearch.js" in app._backmice_modules
    # Asked for when all rooms have said what the page holds.
    values["policy"] = lambda: meta(
        page_policy(values.get("body") or "", live=bool(values.get("live")), trusted=trusted)
    )
    values["integrity"] = lambda name: integrity(content_of(app, name))
    values["typefaces"] = [name for name in FIRST_FACES if name in app._backmice_assets]
    values["asset"] = lambda name: values["pathto"](f"_static/{app.config.backmice_assets}/{name}", resource=True)
    return None


def start_page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Return the page at the book's own address; Jupyter Book's has no title and asks for an icon that is not there."""
    return [] if app.config.root_doc == "index" else [("index", {}, "start.html")]


def missing_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page that hosts send for an address that isn't there."""
    if app.builder.format == "html":
        yield Path(MISSING).stem, {}, MISSING


def whole_addresses(app: Sphinx, pagename: str, template: str, values: dict[str, Any], doctree: Any) -> None:
    """Have the missing page name all else by its path on the host: it is sent at any depth."""
    if pagename == Path(MISSING).stem:
        top, pathto = urljoin("/", f"{urlsplit(app.config.html_baseurl).path.rstrip('/')}/"), values["pathto"]
        values["pathto"] = lambda *args, **options: urljoin(top, pathto(*args, **options))
        values["content_root"] = top


def scripts_for(doctree: nodes.document | None) -> set[str]:
    """Return the scripts that the elements of a page need."""
    if doctree is None:
        return set()
    return {node.script for node in doctree.findall(lambda n: hasattr(n, "script"))}


def register(app: Sphinx) -> None:
    """Add the theme."""
    app.add_html_theme("backmice", str(PACKAGE / "theme"))
    for name in ("backmice_assets", "backmice_templates"):
        app.add_config_value(name, "", "html", types=[str])
    # Jupyter Book always sets this value of an extension that the course leaves out.
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", prepare)
    app.connect("doctree-resolved", take_title)
    app.connect("html-collect-pages", start_page)
    app.connect("html-collect-pages", missing_page)
    app.connect("html-page-context", whole_addresses, priority=FIRST_OF_ALL)
    app.connect("html-page-context", context)
    app.connect("build-finished", write)
