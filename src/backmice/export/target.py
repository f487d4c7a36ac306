"""The targets, and the table of what each loses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from backmice.export import gift, moodle, qti, qti12, qti_package, tables
from backmice.export.anki import package as anki
from backmice.export.loss import Loss
from backmice.export.paper import Paper
from backmice.export.scorm import chapter
from backmice.export.scorm import package as scorm
from backmice.export.sheets import package as sheets


@dataclass(frozen=True)
class Target:
    """A format.

    Attributes
    ----------
    content
        Returns the file; the same paper gives the same bytes.
    losses
        How each kind of item is written.
    lesson
        How the parts of a lesson are written, by a target that takes one.
    ending
        Of the file's name.
    """

    content: Callable[[Paper], bytes]
    losses: Mapping[str, Loss]
    ending: str = "zip"
    lesson: Mapping[str, Loss] = field(default_factory=dict)


TARGETS = {
    "moodle": Target(moodle.content, moodle.LOSSES, "xml"),
    "gift": Target(gift.content, gift.LOSSES, "gift"),
    "qti12": Target(qti12.content, qti12.LOSSES),
    "qti21": Target(qti_package.qti21_content, qti.LOSSES),
    "qti30": Target(qti_package.qti30_content, qti.LOSSES),
    "csv": Target(tables.csv_content, tables.CSV_LOSSES, "csv"),
    "json": Target(tables.json_content, tables.JSON_LOSSES, "json"),
    "paper": Target(sheets.content, sheets.LOSSES),
    "anki": Target(anki.content, anki.LOSSES, "apkg"),
    "scorm12": Target(scorm.content_12, scorm.LOSSES_12, lesson=chapter.LOSSES),
    "scorm2004": Target(scorm.content_2004, scorm.LOSSES_2004, lesson=chapter.LOSSES),
}


def loss_table(names: Iterable[str], kinds: Iterable[str]) -> str:
    """Return a line for each target and kind of item, or part of a lesson: how it is written and what is lost."""
    rows = []
    kinds = list(kinds)
    for name in names:
        for kind in kinds:
            loss = {**TARGETS[name].losses, **TARGETS[name].lesson}[kind]
            rows.append(f"{name:10}{kind:10}{loss.how:10}{loss.why}".rstrip())
    return "\n".join(rows)
