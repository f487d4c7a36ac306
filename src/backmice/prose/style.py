"""Style: words that belittle, words that shout, sentences that share a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmice.items.lint.words import sentences, short
from backmice.prose.text import GAP, Block

#: Words that make a reader feel slow, and why each does.
BELITTLING = {
    r"obviously|needless to say|of course": "it says that who had to be told is slow; leave it out",
    r"as (?:everyone|everybody) knows|as we all know|as is well known": "it shuts out who doesn't know; say who found it",
    r"simply": "it says that a step is easy, which is for the reader to find; leave it out",
    r"trivial(?:ly)?": "what is trivial to one is a morning's work to another; leave it out",
    # 'Clearly fatty' tells how a thing looks; 'Clearly, ...' tells the reader what to think.
    r"(?<=, )clearly(?=,)|(?<=is )clearly(?= (?:the|a|not)\b)|(?-i:Clearly)(?=,? )": "show why instead of asserting it",
    # 'Just above', 'just as' and 'have just met' belittle nobody.
    r"(?<!have )(?<!has )(?<!had )just(?= (?:an?|ask|do|feel|give|lift|look|press|put|read|remember|say|take|use)\b)": (
        "it makes little of what follows; leave it out, or write 'only'"
    ),
}
BELITTLES = {re.compile(rf"\b(?:{words})\b", re.IGNORECASE): why for words, why in BELITTLING.items()}
TWO_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")
#: What a person says stays on one line, however many sentences it has.
SPEECH = re.compile(r'"[^"\n]*"|\N{LEFT DOUBLE QUOTATION MARK}[^\N{RIGHT DOUBLE QUOTATION MARK}\n]*')
#: Captions are one short text under a picture.
CAPTIONED = ("figure", "anatomy-figure")

Found = tuple[int, str, str]


def belittling(block: Block) -> Iterator[Found]:
    """Yield words that make little of the reader."""
    text = block.text("own", "rested")
    for pattern, why in BELITTLES.items():
        for found in pattern.finditer(text):
            yield block.line_at(found.start(), "own", "rested"), f"'{found[0]}' belittles", why


def double_spaces(block: Block) -> Iterator[Found]:
    """Yield places with more than one space between words."""
    for line, words in block.lines():
        for found in TWO_SPACES.finditer(words):
            before, after = words[: found.start()].split(" ")[-1], words[found.end() :].split(" ")[0]
            yield line, f"several spaces between '{before}' and '{after}'", "one is enough"


def crowded_lines(block: Block) -> Iterator[Found]:
    """Yield lines of a paragraph with more than one sentence; a bold label before it is no sentence."""
    if block.kind != "paragraph" or block.box in CAPTIONED:
        return
    words = "".join(GAP if piece.strong else piece.text for piece in block.pieces if piece.kind != "quiet")
    for line, said in enumerate(SPEECH.sub(GAP, words).split("\n"), block.line):
        if len(parts := sentences(said)) > 1:
            begins = short(parts[1].replace(GAP, "").strip(), 30)
            yield line, f"holds {len(parts)} sentences", f"begin a new line at {begins}"
