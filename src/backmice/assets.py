"""Third-party JavaScript and fonts, as npm or a Python package brought them.

They are never committed and never fetched while a reader looks on.
A missing `node_modules` is no error: a heavier fallback stands in, so that `jupyter-book build .` works without npm.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

PLOTLY = Path("node_modules/plotly.js-dist/plotly.js")
MINISEARCH = Path("node_modules/minisearch")
LITERATA = Path("node_modules/@fontsource-variable/literata")
# The file with both axes, weight and optical size; the other Latin one has weight alone.
LITERATA_LATIN = LITERATA / "files/literata-latin-opsz-normal.woff2"

LETTERS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßŒœ"
# Literata has no ≤, ≥ or →, and no narrow no-break space; browsers take those from the next font.
SIGNS = "\u00a0\u2009–—‘’“”„…·•×±−°µ«»§©¼½¾²³¹€"
TEXT = "".join(map(chr, range(0x20, 0x7F))) + LETTERS + SIGNS
# What only a few pages are written with.
RARE = "".join(sorted({*LETTERS, *"«»©¼¾¹„€"} - {*"áäèéíñóöúü"}))
# Read at about 19 px, which is 14 pt: one optical size fits, and costs a third of the whole axis.
OPTICAL_SIZE = 14
WEIGHTS = (400, 700)
OF_TYPEFACE = re.compile(r'@font-face \{[^}]*"Literata Course"[^}]*\}\n')
FEATURES = ("ccmp", "kern", "liga", "locl", "pnum", "tnum")


def plotly_bundle(root: Path) -> tuple[Path, bool]:
    """Return the script that draws the figures, and whether it is the heavy fallback.

    Raises
    ------
    FileNotFoundError
        If neither npm nor the plotly package brought one.
    BundleError
        If npm brought a plotly that is laid out in another way.
    """
    # Imported here, as it keeps what it makes by this module.
    from backmice.figure_script import figure_script

    if (cut := figure_script(root)) is not None:
        return cut, False
    # Finding the package without importing it saves a second in every build.
    spec = importlib.util.find_spec("plotly")
    if spec is not None and spec.origin is not None:
        full = Path(spec.origin).parent / "package_data" / "plotly.min.js"
        if full.is_file():
            return full, True
    raise FileNotFoundError("plotly.js was not found; run: make book")


def minisearch(root: Path) -> dict[str, Path]:
    """Return the search engine and the licence that must go with it, by the names they have in the book.

    Empty when npm was never run.
    """
    home = root / MINISEARCH
    script = home / "dist/es/index.js"
    return {"minisearch.js": script, "minisearch-licence.txt": home / "LICENSE.txt"} if script.is_file() else {}


def literata_license(root: Path) -> Path | None:
    """Return the licence that must go wherever the typeface goes; None when npm was never run."""
    path = root / LITERATA / "LICENSE"
    return path if path.is_file() else None


def literata_subset(root: Path, cache_dir: Path) -> Path | None:
    """Return Literata cut down to the letters and weights the course uses, as woff2.

    The same input gives the same bytes. None when npm was never run.
    """
    return _made(root, cache_dir, "literata")


def literata_for_print(root: Path, cache_dir: Path, weight: int) -> Path | None:
    """Return one weight of the same letters: a font that varies is no font to a PDF, only drawings of letters.

    None when npm was never run.
    """
    return _made(root, cache_dir, f"literata-{weight}", weights=weight)


def typeface_of_pages(root: Path) -> dict[str, bytes]:
    """Return the same letters as pages fetch them, by the names that `tokens.css` gives them, with their licence.

    Each weight is two files, as a new connection brings some 14 kB at once; the second has what few pages ask for.
    Empty when npm was never run.
    """
    if (licence := literata_license(root)) is None:
        return {}
    found = {"literata-licence.txt": licence.read_bytes()}
    for weight in (400, 600):
        for of, text in (("", TEXT.translate(dict.fromkeys(map(ord, RARE)))), ("-rare", RARE)):
            stem = f"literata-{weight}{of}"
            if (made := _made(root, root / ".cache", f"{stem}-pages", weights=weight, text=text)) is not None:
                found[f"{stem}.woff2"] = made.read_bytes()
    return found


def without_typeface(styles: str) -> str:
    """Return a style sheet that names no file of the typeface."""
    return OF_TYPEFACE.sub("", styles)


def _made(root: Path, cache_dir: Path, stem: str, **how: Any) -> Path | None:
    """Return the file of this name, cut so from the typeface that npm brought, once; None when npm was never run."""
    source = root / LITERATA_LATIN
    if not source.is_file():
        return None
    font = source.read_bytes()
    made = cache_dir / f"{stem}-{_fingerprint(font)}.woff2"
    if not made.is_file():
        write_whole(made, cut(font, **how))
    return made


def cut(font: bytes, *, text: str = TEXT, weights: int | tuple[int, int] = WEIGHTS) -> bytes:
    """Return a woff2 with the glyphs of `text`, a fixed optical size, and one weight or a range as its one axis."""
    # Imported here, as a build that finds the font in the cache needs neither.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options(flavor="woff2", layout_features=list(FEATURES), recalc_timestamp=False)
    whole = TTFont(BytesIO(font), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(whole)
    small = instancer.instantiateVariableFont(whole, {"opsz": OPTICAL_SIZE, "wght": weights})
    small.flavor = "woff2"
    out = BytesIO()
    small.save(out)
    return out.getvalue()


def _fingerprint(font: bytes) -> str:
    """Return a short hash of all that decides the subset's bytes."""
    tools = [importlib.metadata.version(name) for name in ("fonttools", "brotli")]
    settings = repr((TEXT, RARE, OPTICAL_SIZE, WEIGHTS, FEATURES, tools)).encode()
    return hashlib.sha256(hashlib.sha256(font).digest() + settings).hexdigest()[:16]


def write_changed(path: Path, content: bytes) -> None:
    """Write a file, unless it holds that already: what is made of it stays fresh then."""
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that others see whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes a file for its owner alone; this one is to be served.
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
