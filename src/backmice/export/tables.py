"""CSV for spreadsheets, JSON for programs: every item whole, and in JSON its picture too."""

from __future__ import annotations

import base64
import csv
import io
import json
from typing import Any

from backmice.export.loss import WHOLE, Loss
from backmice.export.paper import Paper
from backmice.items.model import KINDS, Item

JSON_LOSSES = dict.fromkeys(KINDS, WHOLE) | {"landmark": Loss("native", "The figure is named, not held.")}
CSV_LOSSES = JSON_LOSSES | {"hotspot": Loss("native", "The picture is named, not held.")}
COLUMNS = ("id", "revision", "kind", "topic", "objective", "level", "vignette", "stem", "key", "claims")
HIDDEN = {"note", "waivers"}  # for authors


def fields(item: Item) -> dict[str, Any]:
    """Return all of an item but what is for authors alone."""
    return item.model_dump(mode="json", exclude=HIDDEN)


def json_content(paper: Paper) -> bytes:
    """Return the paper as JSON; pictures are base64 by their paths."""
    pictures = {path: base64.b64encode(content).decode() for path, content in paper.pictures.items()}
    whole = {
        "id": paper.id,
        "title": paper.title,
        "items": [fields(item) for item in paper.items],
        "pictures": pictures,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def csv_content(paper: Paper) -> bytes:
    """Return a row for each item; cells that hold several things, and what only one kind has, are JSON.

    The file begins with a byte order mark, without which spreadsheets misread letters beyond ASCII.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*COLUMNS, "rest"))
    for item in paper.items:
        values = fields(item)
        row = [_cell(values.pop(name)) for name in COLUMNS]
        writer.writerow([*row, _cell(values)])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str | int:
    if value is None:
        return ""
    return value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
