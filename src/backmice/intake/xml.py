"""Reading XML of others: no entity is followed, nothing is fetched."""

from __future__ import annotations

from lxml import etree

from backmice.located import Fault, LocatedError


def parse(content: bytes, file: str) -> etree._Element:
    """Return the root of an XML file.

    Raises
    ------
    LocatedError
        If it is not XML.
    """
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        reason = str(error.msg).partition(", line")[0]
        raise LocatedError(
            Fault(file, error.lineno or 1, "file", f"is not XML: {reason}", "correct the syntax")
        ) from None
