"""The course kept on a reader's device: the service worker, the list of files it keeps by, and `{take-with-you}`.

The list is made of the built site, after all else is written. Without npm there is no worker, and pages have none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from backmice.assets import write_changed
from backmice.html.template import render
from backmice.icons import ICONS, colours, manifest, write_icon
from backmice.kept import forget
from backmice.offline import LIST, OFFLINE, WORKER, Contents, has_worker, licence, worker_script, write_list
from backmice.sphinx_ext.claim import visit_plain
from backmice.sphinx_ext.films import films_of, homes
from backmice.sphinx_ext.lessons import parts
from backmice.sphinx_ext.practice import FOLDER
from backmice.sphinx_ext.theme import PACKAGE

MANIFEST = "manifest.webmanifest"
HOME = "_static/icons"
#: Beside the course, so that each build of it finds what was drawn and read.
KEPT = ".cache/keep"
PRACTICE = "Practice pages, by topic"
#: After all that writes files of the site; what compresses copies of them comes later.
LAST = 900
logger = logging.getLogger(__name__)


class take_with_you(nodes.General, nodes.Element):
    """The place where the reader keeps the course."""

    script = "course-keep.js"


class TakeWithYouDirective(SphinxDirective):
    """`{take-with-you}`: keep the course or parts of it on this device, and take them away again."""

    def run(self) -> list[nodes.Node]:
        return [take_with_you()]


def visit_take(self: Any, node: take_with_you) -> None:
    """Write the element, and what holds without a script."""
    self.body.append(render("take_with_you", has_worker=self.builder.config.backmice_worker))
    raise nodes.SkipNode


def prepare(app: Sphinx, config: Config) -> None:
    """Find out whether there will be a worker: each page says so."""
    config.backmice_worker = has_worker(Path(app.srcdir))
    if not config.backmice_worker:
        logger.info("Workbox is not installed (npm was not run): the course can't be kept in a browser.")


def context(app: Sphinx, pagename: str, template: str, values: dict[str, Any], doctree: Any) -> None:
    """Give the layout what the head of a page says of the course as something to install."""
    values["manifest"] = values["pathto"](MANIFEST, resource=True)
    values["touch_icon"] = values["pathto"](f"{HOME}/icon-180.png", resource=True)
    values["bar_colours"] = colours()


def offline_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page that stands for one that isn't kept."""
    if app.builder.format == "html" and app.config.backmice_worker:
        yield Path(OFFLINE).stem, {"wanted": {"course-kept.js"}}, OFFLINE


def contents(app: Sphinx) -> Contents:
    """Return the parts of the course as its contents name them."""
    by_part = {f"{name}.html": caption for caption, names in parts(app.env) for name in names}
    practice = sorted((Path(app.outdir) / FOLDER).glob("*.html"))
    by_part |= {f"{FOLDER}/{path.name}": PRACTICE for path in practice}
    films = films_of(app)
    own = {f"{app.config.root_doc}.html": "", "search.html": ""}
    return Contents(
        {**own, **by_part}, {slug: (films[slug].title, f"{page}.html") for slug, page in homes(app).items()}
    )


def write(app: Sphinx, error: Exception | None) -> None:
    """Write icons, manifest, worker and list."""
    if error or app.builder.format != "html":
        return
    site, kept_in = Path(app.outdir), Path(app.srcdir) / KEPT
    for icon in ICONS:
        write_icon(site / HOME, icon, kept_in)
    told = manifest(app.config.html_title or app.config.project, f"{app.config.root_doc}.html", HOME)
    write_changed(site / MANIFEST, json.dumps(told, ensure_ascii=False, indent=1).encode())
    if not app.config.backmice_worker:
        for name in (WORKER, LIST):
            (site / name).unlink(missing_ok=True)
        return
    modules = {path.name: path.read_bytes() for path in (PACKAGE / "static").glob("*.js")}
    write_changed(site / WORKER, worker_script(Path(app.srcdir), modules))
    write_changed(site / "_static/workbox-licence.txt", licence(Path(app.srcdir)).read_bytes())
    write_list(site, contents(app), kept_in)
    forget(kept_in)


def register(app: Sphinx) -> None:
    """Add the directive, the page and the files."""
    app.add_directive("take-with-you", TakeWithYouDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(take_with_you, html=(visit_take, None), latex=plain, text=plain)
    app.add_config_value("backmice_worker", False, "html", types=[bool])
    app.connect("config-inited", prepare)
    app.connect("html-page-context", context)
    app.connect("html-collect-pages", offline_page)
    app.connect("build-finished", write, priority=LAST)
