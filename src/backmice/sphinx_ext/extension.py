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
    coverage,
    dose,
    drawing,
    evidence,
    exam,
    figure,
    foreign,
    glossary,
    keep,
    lab_output,
    labs,
    live,
    objectives,
    packages,
    plot,
    practice,
    progress,
    quiz,
    reading,
    reasoner,
    review_page,
    search,
    sorted_table,
    table,
    theme,
    ultrasound,
    video,
    view,
)

ROOMS = (
    theme,
    reading,
    claim,
    evidence,
    box,
    glossary,
    quiz,
    case,
    figure,
    view,
    plot,
    drawing,
    table,
    sorted_table,
    dose,
    ultrasound,
    video,
    labs,
    lab_output,
    live,
    reasoner,
    blind,
    practice,
    exam,
    review_page,
    progress,
    coverage,
    objectives,
    packages,
    search,
    foreign,
    keep,
)
#: Raised when rooms remember more of a page than before, so that builds of earlier days read every page again.
ENV_VERSION = 1


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every room, each of which knows its own directives, roles and nodes."""
    for room in ROOMS:
        room.register(app)
    return {
        "version": __version__,
        "env_version": ENV_VERSION,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
