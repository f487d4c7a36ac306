"""What the course's widgets share: their script, the files they are asked for, and a picture of themselves."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import anywidget
import traitlets

PACKAGE = Path(str(files("backmice")))
#: What `backmice.notebook_data` writes for notebooks.
DATA = PACKAGE / "widgets/data"
TYPES = {".js": "text/javascript", ".json": "application/json"}
STYLES = ("static/tokens.css", "static/course.css", "static/print.css", "widgets/notebook.css")


class NotebookDataError(Exception):
    """The package lacks what a widget shows."""


class CourseWidget(anywidget.AnyWidget):
    """An element of the book in a notebook.

    Its files are sent when the browser asks, so that they are not kept in the notebook.
    """

    #: By use, the name under which the browser asks for a file.
    _files = traitlets.Dict().tag(sync=True)
    #: The id of what it shows: a page of the book, which has no kernel to ask, shows the same.
    _of = traitlets.Unicode().tag(sync=True)

    def __init__(self, of: str, wanted: dict[str, Path], **traits: Any) -> None:
        contents = {"styles": styles(), "sprite": sprite(), **{use: read(path) for use, path in wanted.items()}}
        names = {use: f"{use}-{sha256(content).hexdigest()[:12]}" for use, content in contents.items()}
        self._given = {names[use]: (content, _type(wanted.get(use))) for use, content in contents.items()}
        super().__init__(_of=of, _files=names, **traits)
        self.on_msg(self._give)

    def _give(self, _: Any, content: dict[str, Any], __: Any) -> None:
        name = content.get("want")
        if name in self._given:
            found, type_ = self._given[name]
            self.send({"file": name, "type": type_}, [found])
        elif name is not None:
            self.send({"file": name, "missing": f"no file {name}; run the cell again"})

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the widget, and HTML for places where widgets do not live."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/html"] = self.still_html()
        return bundle

    def still_html(self) -> str:
        """Return what is shown where Python does not run."""
        raise NotImplementedError


def read(path: Path) -> bytes:
    """Return a file that was written for notebooks.

    Raises
    ------
    NotebookDataError
        If it is not there.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotebookDataError(f"{path.name} is not in {path.parent}; in the course's folder run: make lab") from None


@cache
def styles() -> bytes:
    """Return the styles of the book, spoken to the host of a shadow instead of a page."""
    found = "".join((PACKAGE / name).read_text(encoding="utf-8") for name in STYLES)
    while "@font-face" in found:  # the typeface stays with the book
        start = found.index("@font-face")
        found = found[:start] + found[found.index("}", start) + 1 :]
    for theme in ("light", "dark"):
        found = found.replace(f'[data-theme="{theme}"]', f':host([data-theme="{theme}"])')
    return found.replace(":root", ":host").replace("\nbody {", "\n:host {").encode()


@cache
def sprite() -> bytes:
    """Return the icons, which elements find in their own shadow."""
    return (PACKAGE / "theme/sprite.html").read_bytes()


def _type(path: Path | None) -> str:
    return TYPES.get(path.suffix, "text/html") if path else "text/html"
