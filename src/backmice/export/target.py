"""The targets, and the table of what each loses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backmice.evidence.ledger import Ledger
from backmice.export import gift, moodle, qti, qti12, qti_package, tables
from backmice.export.anki import package as anki
from backmice.export.loss import Loss
from backmice.export.paper import Paper
from backmice.export.scorm import package as scorm
from backmice.export.sheets import package as sheets


@dataclass(frozen=True)
class Target:
    """A format.

    Attributes
    ----------
    title
        What people call it.
    content
        Returns the file; the same paper gives the same bytes.
    losses
        How each kind of item is written.
    ending
        Of the file's name.
    beside
        Returns what decides the file beside the paper's items, their claims and the package's own code, by the
        course's folder, its ledger and the ids of the figures that the items show.
    """

    title: str
    content: Callable[[Paper], bytes]
    losses: Mapping[str, Loss]
    ending: str = "zip"
    beside: Callable[[Path, Ledger, tuple[str, ...]], bytes] = lambda root, ledger, figures: b""


TARGETS = {
    "moodle": Target("Moodle XML", moodle.content, moodle.LOSSES, "xml"),
    "gift": Target("GIFT", gift.content, gift.LOSSES, "gift"),
    "qti12": Target("QTI 1.2", qti12.content, qti12.LOSSES),
    "qti21": Target("QTI 2.1", qti_package.qti21_content, qti.LOSSES),
    "qti30": Target("QTI 3.0", qti_package.qti30_content, qti.LOSSES),
    "csv": Target("CSV", tables.csv_content, tables.CSV_LOSSES, "csv"),
    "json": Target("JSON", tables.json_content, tables.JSON_LOSSES, "json"),
    "paper": Target("Paper", sheets.content, sheets.LOSSES),
    "anki": Target("Anki", anki.content, anki.LOSSES, "apkg", anki.beside),
    "scorm12": Target("SCORM 1.2", scorm.content_12, scorm.LOSSES_12, beside=scorm.beside),
    "scorm2004": Target("SCORM 2004", scorm.content_2004, scorm.LOSSES_2004, beside=scorm.beside),
}


def loss_table(names: Iterable[str], kinds: Iterable[str]) -> str:
    """Return a line for each target and kind: how the kind is written and what is lost."""
    rows = []
    kinds = list(kinds)
    for name in names:
        for kind in kinds:
            loss = TARGETS[name].losses[kind]
            rows.append(f"{name:10}{kind:10}{loss.how:10}{loss.why}".rstrip())
    return "\n".join(rows)
