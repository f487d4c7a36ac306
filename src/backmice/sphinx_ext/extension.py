"""The one list of what the course adds to Sphinx."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from backmice import __version__
from backmice.sphinx_ext import (
    blind,
    box,
    case,
    claim,
    dose,
    evidence,
    exam,
    figure,
    labs,
    practice,
    progress,
    quiz,
    review_page,
    ruler,
    table,
    theme,
    ultrasound,
)

ROOMS = (
    theme,
    claim,
    evidence,
    box,
    quiz,
    case,
    figure,
    ruler,
    table,
    dose,
    ultrasound,
    labs,
    blind,
    practice,
    exam,
    review_page,
    progress,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every room, each of which knows its own directives, roles and nodes."""
    for room in ROOMS:
        room.register(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
