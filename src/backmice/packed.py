"""The index of the search as it is sent: each word of the course once, and texts as signs that stand for words.

Two thirds of what gzip makes of plain text go over the line. static/search-index.js unpacks it (`unpacked`).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

#: A word with the space before it, or one other sign.
PART = re.compile(r" ?[^\W_]+|.", re.DOTALL)
#: The sign of the first word, behind the quotation mark; that of the next is the next letter of Unicode.
FIRST = ord("#")
#: Surrogates begin here, and no sign may be one.
LAST = 0xD800
#: Instead of an anchor that is the heading's own words.
OF_HEADING = 1


def pack(index: dict[str, Any]) -> dict[str, Any]:
    """Return an index with its sections as columns, and their texts as signs.

    Parameters
    ----------
    index
        With "sections", each a page, an anchor, a heading and a text.

    Raises
    ------
    ValueError
        If there are more words than signs.
    """
    pages, anchors, headings, texts = (list(column) for column in zip(*index["sections"], strict=True))
    parts = [PART.findall(text) for text in texts]
    words = [word for word, _ in Counter(part for row in parts for part in row).most_common()]
    if FIRST + len(words) > LAST:
        raise ValueError(f"the index has {len(words)} words, and there are signs for {LAST - FIRST}")
    signs = {word: chr(FIRST + n) for n, word in enumerate(words)}
    coded = ["".join(signs[part] for part in row) for row in parts]
    short = [
        OF_HEADING if anchor and anchor == slug(head) else anchor
        for anchor, head in zip(anchors, headings, strict=True)
    ]
    return {**index, "words": words, "sections": [pages, short, headings, coded]}


def slug(heading: str) -> str:
    """Return the anchor that a heading gets when nothing else has it already."""
    return re.sub("[^a-z0-9]+", "-", heading.lower()).strip("-")
