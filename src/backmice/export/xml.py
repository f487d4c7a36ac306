"""XML as every target writes it."""

from __future__ import annotations

from lxml import etree


def xml_bytes(root: etree._Element) -> bytes:
    """Return a tree as a file of XML in UTF-8."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
