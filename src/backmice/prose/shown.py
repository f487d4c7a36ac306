"""Pictures and links: what a reader who can't see is told, and where a click leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from backmice.prose.style import Found
from backmice.prose.text import Text

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)


def unseen_pictures(text: Text) -> Iterator[Found]:
    """Yield pictures without alternative text."""
    for picture in text.pictures:
        if not picture.alt:
            yield picture.line, f"'{picture.name}' has no alternative text", "say in words what it shows"


def broken_links(text: Text) -> Iterator[Found]:
    """Yield links that lead out of the book and whose address can't be one."""
    for link in text.links:
        if wrong := address_fault(link.address):
            yield link.line, f"'{link.address}' {wrong}", "an address such as https://example.org/page"


def address_fault(address: str) -> str | None:
    """Return what is wrong with an address, or None; one without a scheme stays in the book."""
    if not SCHEME.match(address) and not address.startswith("//"):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return "is no address"
    if parts.scheme not in ("http", "https"):
        return "is neither https nor http"
    if not HOST.fullmatch(parts.hostname or ""):
        return "names no host"
    return "holds a space" if re.search(r"\s|%20$", address) else None
