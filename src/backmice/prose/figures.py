"""Clinical figures: each stands in the ledger, so a page cites it and doesn't type it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmice.items.lint.figures import NUMBER, UNIT
from backmice.prose.style import Found
from backmice.prose.text import Block

#: Units that items have, and some that only pages use.
CLINICAL = rf"{UNIT}|mg/kg|ml/kg|kg/m2|mmol|mcg|kPa|N|T|tesla|[kM]Hz|gauge|points?|units?"
THOUSANDS = r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\d,])"
#: The 95 % of an interval says how it was reckoned.
LEVEL = r"(?! (?:confidence|interval|intervals|limit|limits|power)\b)"
FIGURE = re.compile(rf"(?:{THOUSANDS}|{NUMBER})[\s\N{{NO-BREAK SPACE}}-]?(?:{CLINICAL})(?![\w/]){LEVEL}")


def untraced(block: Block) -> Iterator[Found]:
    """Yield numbers with a clinical unit that the author typed outside a role for claims."""
    text = block.text("own")
    for found in FIGURE.finditer(text):
        what = " ".join(found[0].split())
        allowed = "cite the claim that holds it, or write before the paragraph: % waiver figure: why it is no finding"
        yield block.line_at(found.start(), "own"), f"{what} rests on no claim", allowed
