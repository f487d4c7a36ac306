"""Figures in text: numbers, their units, and ranges."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

#: A level of the spine or a vitamin is a name: L5, L3-4, B12.
NAME = re.compile(r"\b[A-Z]+-?\d+(?:[-\N{EN DASH}/][A-Z]?\d+)*\b")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
#: Not glued to a letter; possessive, so that no part of a glued one is taken.
NUMBER = r"(?<![\w.])\d++(?:\.\d++)?+(?![A-Za-z])"
UNIT = (
    r"%|per cent|\N{DEGREE SIGN} ?[CF]?|mmHg|mmol/l|mg|\N{MICRO SIGN}g|kg|g|ml|l|litres?|mm|cm|km|m|miles?|metres?|"
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?"
)
MEASURE = re.compile(rf"^(?:about |nearly |around )?({NUMBER})\s?({UNIT})(?![\w/])")
IN_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SPAN = re.compile(rf"^(?:about |from |between )?({NUMBER})[^\d,;]{{0,12}}?\s?(?:to|and|-|\N{{EN DASH}})\s?({NUMBER})")
UNDER = re.compile(rf"^(?:less than|fewer than|under|below) ({NUMBER})", re.IGNORECASE)
UP_TO = re.compile(rf"^(?:up to|at most) ({NUMBER})", re.IGNORECASE)
OVER = re.compile(rf"^(?:more than|over|above) ({NUMBER})", re.IGNORECASE)
FROM = re.compile(rf"^at least ({NUMBER})|^({NUMBER}).{{0,12}} or (?:more|over|above|older)", re.IGNORECASE)


def plain(text: str) -> str:
    """Return `text` without names that hold digits and without the comma of thousands."""
    return THOUSANDS.sub("", NAME.sub("", text))


def figures(text: str) -> list[str]:
    """Return the figures of `text` as they are written."""
    return re.findall(NUMBER, plain(text))


def measure(text: str) -> tuple[float, str] | None:
    """Return the number and unit (in the singular) that an option begins with."""
    found = MEASURE.match(THOUSANDS.sub("", text))
    return (float(found[1]), found[2].strip().removesuffix("s") or found[2]) if found else None


def template(text: str) -> tuple[str, tuple[float, ...]]:
    """Return what stands around the numbers of `text`, and the numbers, in words or digits."""
    numbers: list[float] = []

    def take(found: re.Match[str]) -> str:
        word = found[0].lower()
        numbers.append(float(IN_WORDS.index(word) if word in IN_WORDS else word))
        return "#"

    pattern = rf"{NUMBER}|\b(?:{'|'.join(IN_WORDS)})\b"
    around = re.sub(pattern, take, THOUSANDS.sub("", text), flags=re.IGNORECASE)
    return around.lower().replace("# hours", "# hour").strip(), tuple(numbers)


@dataclass(frozen=True)
class Range:
    """A range of numbers with both ends."""

    low: float
    high: float

    def overlaps(self, other: Range) -> bool:
        """Whether some number lies in both."""
        return self.low <= other.high and other.low <= self.high


def numbers_within(text: str) -> Range | None:
    """Return the range that an option begins with."""
    text = THOUSANDS.sub("", text)
    if found := SPAN.match(text):
        low, high = float(found[1]), float(found[2])
        return Range(low, high) if low < high else None
    if found := UNDER.match(text):
        return Range(-math.inf, math.nextafter(float(found[1]), -math.inf))
    if found := UP_TO.match(text):
        return Range(-math.inf, float(found[1]))
    if found := OVER.match(text):
        return Range(math.nextafter(float(found[1]), math.inf), math.inf)
    if found := FROM.match(text):
        return Range(float(found[1] or found[2]), math.inf)
    return None
