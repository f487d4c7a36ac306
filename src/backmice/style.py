"""The style of the course's pages: what the first screen needs stands in each page, the rest in one sheet.

So nothing has to come before a page is seen, but the page. The typeface lies beside the folder of all else that
pages fetch, under a digest of its own: what stands in a page names it, and what a host's policy says of that
(see `html/policy.py`) is then as it was while style and typeface are.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from backmice.assets import literata_subset
from backmice.bundle import short_style

STATIC = Path(str(files("backmice"))) / "static"
SOURCES = ("tokens.css", "course.css")
#: In the sources, where the second part begins; and the names of the parts as files.
SECOND = "/* Down to here is what the first screen needs. */"
SHEETS = ("first-screen.css", "course.css")
#: The typeface as the sources name it, and how it begins its name in the book.
TYPEFACE = "literata.woff2"
STEM = "literata-"


def typeface(root: Path) -> tuple[str, bytes] | None:
    """Return the name of the typeface below `_static`, and the file; None when npm was never run."""
    made = literata_subset(root, root / ".cache")
    if made is None:
        return None
    font = made.read_bytes()
    return f"{STEM}{sha256(font).hexdigest()[:10]}.woff2", font


def sheets(root: Path) -> dict[str, str]:
    """Return both parts, short, by their names as files beside each other in a folder below `_static`."""
    source = "".join((STATIC / name).read_text(encoding="utf-8") for name in SOURCES)
    if (found := typeface(root)) is None:
        start, end = source.index("@font-face"), source.index("@font-face", source.index("@font-face") + 1)
        source = source[:start] + source[end:]
    else:
        source = source.replace(TYPEFACE, f"../{found[0]}")
    return {name: short_style(root, part) for name, part in zip(SHEETS, source.split(SECOND), strict=True)}


def in_page(first: str, top: str) -> str:
    """Return the first part as it stands in a page from which `top` leads to the top of the book: `../`."""
    return first.replace(f"../{STEM}", f"{top}_static/{STEM}").strip()
