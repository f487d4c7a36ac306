"""Templates, filled: all HTML of ours comes from them, and they escape what they are given."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from backmice.foreign import title_in_its_language
from backmice.video import clock, spoken


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("backmice.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["hold_units"] = hold_units
    environment.filters["figure"] = figure
    environment.filters["zip"] = zip
    environment.filters["in_language"] = title_in_its_language
    environment.filters["clock"] = clock
    environment.filters["lasting"] = spoken
    environment.filters["megabytes"] = megabytes
    return environment


def hold_units(text: str) -> str:
    """Return `text` with each unit held to its number by a no-break space, and squares and cubes raised."""
    text = re.sub(
        r"(?<=[cm]m)[23]\b", lambda power: {"2": "\N{SUPERSCRIPT TWO}", "3": "\N{SUPERSCRIPT THREE}"}[power[0]], text
    )
    return re.sub(r"(?<=\d) (?=(?:%|[cm]m|ml|mg|kg|years?|months?|weeks?|days?)(?!\w))", "\N{NO-BREAK SPACE}", text)


def figure(number: float) -> str:
    """Return a number without an exponent and without idle zeros: 40, 0.5."""
    return f"{number:.12f}".rstrip("0").rstrip(".")


def megabytes(size: int) -> str:
    """Return a number of bytes as people read it: 4.2 MB, 36 kB."""
    words = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def render(template: str, **values: Any) -> Markup:
    """Return `templates/<template>.html` filled with `values`, each escaped."""
    return Markup(_environment().get_template(f"{template}.html").render(**values).strip())
