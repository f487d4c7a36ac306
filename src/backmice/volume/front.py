"""What stands before the first page of a volume."""

from __future__ import annotations

from datetime import date

from backmice.volume.pages import Volume

SUBTITLE = "An open, evidence-graded clinical course"
ABOUT = (
    "This is education, not advice for a particular person. Never inject yourself.",
    (
        "How sure anyone is of a statement stands after it: high, moderate, low or very low certainty. "
        "The word leads to the claim in the chapter Evidence, with what it rests on."
    ),
    (
        "The words of this file are those of the course on the day of its last review. "
        "Parts that answer or turn do so only in the course itself, in a browser."
    ),
)


def day(when: date) -> str:
    """Return a day as people write it: 2 March 2026."""
    return f"{when.day} {when:%B %Y}"


def licences(volume: Volume) -> tuple[str, ...]:
    """Return who owns what, and what may be done with it."""
    return (
        (
            f"© {volume.copyright} {volume.author}. Text, items and pictures: CC BY 4.0, "
            "https://creativecommons.org/licenses/by/4.0/. You may share and adapt them if you credit the authors, "
            "link the licence and say what you changed."
        ),
        "Code: MIT. Hip bones and sacrum in the pictures: MPL-2.0. Vertebrae: Apache-2.0. Typeface Literata: OFL 1.1.",
    )
