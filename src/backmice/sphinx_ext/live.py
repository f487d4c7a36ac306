"""Labs that run in the reader's browser: the site beside the book, and a button on each lab's page.

Without the application of `make live` the book is whole, and has no button.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from backmice.live import BLANK, application, write_site
from backmice.sphinx_ext.lessons import chapter_of

FOLDER = "live"
#: The page that has the blank notebook.
LISTS_LABS = "book/labs"
SCRIPT = "course-live.js"


def outdated(app: Sphinx, env: BuildEnvironment, *_: Any) -> list[str]:
    """Return the pages with a button, when the application has come or gone."""
    found = application(Path(app.srcdir)) is not None
    if getattr(env, "backmice_has_live", False) == found:
        return []
    env.backmice_has_live = found
    return [name for name in env.found_docs if name == LISTS_LABS or chapter_of(env, name).is_lab]


def context(app: Sphinx, pagename: str, template: str, values: dict[str, Any], doctree: Any) -> None:
    """Give a lab's page the address of its notebook and the script of the button."""
    env = app.env
    if doctree is None or not getattr(env, "backmice_has_live", False) or app.builder.format != "html":
        return
    is_lab = chapter_of(env, pagename).is_lab if pagename in env.found_docs else False
    if not is_lab and pagename != LISTS_LABS:
        return
    name = f"{pagename.rpartition('/')[2]}.ipynb" if is_lab else BLANK
    values["live"] = {"home": values["pathto"](f"{FOLDER}/", resource=True), "notebook": name, "is_lab": is_lab}
    values["wanted"] = {*values.get("wanted", ()), SCRIPT}


def write(app: Sphinx, env: BuildEnvironment, *_: Any) -> None:
    """Put the site beside the book, before pages are read: it needs none, and is compressed meanwhile."""
    if app.builder.format != "html":
        return
    out = Path(app.outdir) / FOLDER
    found = application(Path(app.srcdir)) if getattr(env, "backmice_has_live", False) else None
    if found is None:
        shutil.rmtree(out, ignore_errors=True)
    else:
        write_site(Path(app.srcdir), found, out)


def register(app: Sphinx) -> None:
    """Add the site, and the button before the theme gathers scripts."""
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", context, priority=400)
    app.connect("env-before-read-docs", write)
