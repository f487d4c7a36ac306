"""Lints the items of a course: reads each file, applies the rules, holds waivers against what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backmice.items.item import Item
from backmice.items.lint import bank
from backmice.items.lint.finding import Statements
from backmice.items.lint.rules import ITEM_RULES
from backmice.items.load import ITEMS, read_item
from backmice.located import Document, Fault, LocatedError

#: Rules that an item may waive: those on items, and the one bank rule that names two of them.
WAIVABLE = (*(rule.id for rule in ITEM_RULES), "twin-items")


@dataclass(frozen=True)
class Read:
    """An item and the file that it was read from."""

    document: Document
    item: Item

    def finding(self, loc: tuple[int | str, ...], rule: str, what: str, fix: str) -> Fault:
        """Return a finding at `loc`."""
        return Fault(self.document.file, self.document.line(loc), rule, what, fix)


@dataclass
class Report:
    """What was found, what couldn't be read, and the figures of the bank."""

    read: list[Read] = field(default_factory=list)
    unread: list[Fault] = field(default_factory=list)
    findings: list[Fault] = field(default_factory=list)
    waived: int = 0
    figures: list[str] = field(default_factory=list)

    @property
    def items(self) -> dict[str, Item]:
        """The items by id."""
        return {read.item.id: read.item for read in self.read}


def lint(root: Path, statements: Statements, names: Sequence[str] = ()) -> Report:
    """Lint the items below `root`.

    Parameters
    ----------
    statements
        What each claim of the ledger states.
    names
        Ids, files or folders of items; where some are named, the rules on the bank are left out.

    Raises
    ------
    ValueError
        If a name is no item.
    """
    report = read_items(root)
    twins = bank.twins(report.items)
    wanted = chosen(report.read, names)
    for read in wanted:
        found = [*lint_item(read, statements), *twin_findings(read, twins)]
        kept = [finding for finding in found if finding.field not in read.item.waivers]
        report.waived += len(found) - len(kept)
        report.findings += [*kept, *idle_waivers(read, {finding.field for finding in found})]
    if not names:
        bank.survey(report, root)
    report.findings.sort()
    return report


def read_items(root: Path) -> Report:
    """Read every item by itself, so that one half-written file doesn't hide the others."""
    report = Report()
    for path in sorted((root / ITEMS).rglob("*.yml")):
        try:
            report.read.append(Read(*read_item(path, root)))
        except LocatedError as error:
            report.unread += error.faults
    return report


def chosen(read: Iterable[Read], names: Sequence[str]) -> list[Read]:
    """Return the items that were named, by id, file or folder; all if none was."""
    read = list(read)
    wanted: list[Read] = []
    for name in names:
        there = [r for r in read if name == r.item.id or f"/{r.document.file}".endswith(f"/{name.strip('/')}")]
        there = there or [r for r in read if f"/{name.strip('/')}/" in f"/{r.document.file}"]
        if not there:
            raise ValueError(f"'{name}' is no item that can be read; name an id, a file or a folder of {ITEMS}")
        wanted += [r for r in there if r not in wanted]
    return wanted if names else read


def lint_item(read: Read, statements: Statements) -> list[Fault]:
    """Return what the rules on single items find, waived or not."""
    return [
        read.finding(loc, rule.id, what, fix)
        for rule in ITEM_RULES
        for loc, what, fix in rule.find(read.item, statements)
    ]


def twin_findings(read: Read, twins: Iterable[tuple[str, str, float]]) -> Iterator[Fault]:
    """Yield the items that this one is nearly the same as; the later of two is told."""
    for one, other, share in twins:
        if other == read.item.id:
            what = f"shares {share:.0%} of its wording with {one}"
            yield read.finding(("stem",), "twin-items", what, "ask something else, or drop one of the two")


def idle_waivers(read: Read, found: set[str]) -> Iterator[Fault]:
    """Yield waivers of rules that find nothing here."""
    for rule in read.item.waivers:
        what = f"'{rule}' finds nothing here" if rule in WAIVABLE else f"'{rule}' is no rule that an item may break"
        if rule not in found:
            yield read.finding(("waivers", rule), "idle-waiver", what, "take the waiver out")
