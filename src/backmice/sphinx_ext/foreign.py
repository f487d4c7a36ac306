"""Words of other languages, marked on every page as it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from backmice.foreign import load_foreign
from backmice.located import LocatedError

#: What of a page the templates print whole: its text, or the items of a practice page.
WHOLE = ("body", "quiz")


def prepare(app: Sphinx, config: Any) -> None:
    """Read the words; a change of them has all pages written again."""
    try:
        app._backmice_foreign = load_foreign(Path(app.srcdir))
    except LocatedError as error:
        raise ExtensionError(f"The words of other languages have faults:\n{error}") from None
    config.backmice_foreign = repr(app._backmice_foreign.languages)


def mark(app: Sphinx, pagename: str, template: str, values: dict[str, Any], doctree: Any) -> None:
    """Mark the words of a page."""
    for name in WHOLE:
        if values.get(name) and app._backmice_foreign:
            values[name] = Markup(app._backmice_foreign.mark(str(values[name])))


def register(app: Sphinx) -> None:
    """Add the marking."""
    app.add_config_value("backmice_foreign", "", "html", types=[str])
    app.connect("config-inited", prepare)
    app.connect("html-page-context", mark)
