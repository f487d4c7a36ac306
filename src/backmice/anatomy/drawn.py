"""The figure of a region as JSON, drawn once for the book, the labs and the packages, and kept until it would differ."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path

from backmice.anatomy.structure import MEDIA, REGIONS, Region
from backmice.anatomy.view import Views
from backmice.evidence.ledger import Ledger
from backmice.imports import imported
from backmice.kept import digest, kept

#: Beside the course, so that each build of it finds what is drawn.
KEPT = ".cache/figures"
CODE = Path(__file__).parent  # which names claims, too
SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


def drawn(root: Path, region: Region, views: Views, ledger: Ledger) -> dict[str | None, str]:
    """Return the data of a figure, under None, and of its layers on demand, as JSON.

    See `figure_data` and `layer_data`.
    """

    def draw() -> bytes:
        # Plotly takes most of a second to import: only a figure that has changed pays for it.
        from backmice.anatomy.explorer import figure_data, layer_data

        found = {None: figure_data(region, views, ledger), **layer_data(region)}
        return json.dumps([(layer, json.dumps(data, separators=(",", ":"))) for layer, data in found.items()]).encode()

    code = imported("backmice.anatomy.explorer")
    parts = [version("plotly").encode(), *(path.read_bytes() for path in code.values())]
    name = f"{region.id}-{digest([*parts, made_of(root, ledger, (region.id,))])}.json"
    return dict(json.loads(kept(root / KEPT, name, draw)))


def made_of(root: Path, ledger: Ledger, figures: Collection[str]) -> bytes:
    """Return what figures are drawn from: their files, and the claims that these or the package name."""
    if not figures:
        return b""
    folders = [root / MEDIA / REGIONS[id_] for id_ in figures]
    files = {path: path.read_bytes() for home in folders for path in sorted(home.rglob("*")) if path.is_file()}
    words = [*(text for path, text in files.items() if path.suffix == ".yml"), *map(Path.read_bytes, CODE.glob("*.py"))]
    named = set(SLUG.findall(b"\0".join(words).decode()))
    claims = [claim for id_, claim in ledger.claims.items() if id_ in named]
    return b"\0".join([*files.values(), repr((claims, ledger.sources_of(claims))).encode()])
