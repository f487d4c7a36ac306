"""Holds all prose of a course against the rules, and the author's waivers against what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backmice.evidence.claim import Claim
from backmice.evidence.ledger import CLAIMS, Ledger
from backmice.foreign import load_foreign
from backmice.located import Document, Fault, LocatedError, read_text
from backmice.prose import abbreviations, dictionaries, figures, grade, shown, spelling, style
from backmice.prose.text import Block, Piece, Text, fields, read_page

#: The rules on single blocks, by the name that faults carry.
BLOCK_RULES: dict[str, Callable[[Block], Iterable[style.Found]]] = {
    "belittling": style.belittling,
    "double-space": style.double_spaces,
    "sentence-line": style.crowded_lines,
}
#: What an author may keep with a written reason; the others can always be mended.
WAIVABLE = ("figure", "belittling", "abbreviation")
WAIVER = re.compile(r"waiver ([a-z-]+): (\S.{7,})")
#: The line on which a claim begins.
CLAIM = re.compile(r"""^- id: ["']?([^\s"']+)""", re.MULTILINE)
#: What of an item a learner reads.
ITEM_FIELDS = ("vignette", "stem", "text", "rationale", "alt")


@dataclass
class Report:
    """What was found, the file and grade of each box in plain words, and the waivers, in the order of the book."""

    faults: list[Fault] = field(default_factory=list)
    grades: list[tuple[str, float]] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return what is told even where nothing is wrong: the grades and the waivers."""
        told = []
        if self.grades:
            told.append(f"School grade of each box in plain words (Flesch-Kincaid, at most {grade.HIGHEST:g}):")
            width = max(len(file) for file, _ in self.grades)
            told += [f"  {file:{width}}  {value:4.1f}" for file, value in self.grades]
        if self.waivers:
            told.append(f"Waivers, each with its reason: {len(self.waivers)}")
            told += [f"  {w.file}:{w.line}: {w.rule}: {w.reason}" for w in self.waivers]
        return told


def survey(root: Path, ledger: Ledger, pages: Iterable[str], items: Mapping[str, Document]) -> Report:
    """Hold pages, items and claims against the rules.

    Parameters
    ----------
    pages
        Paths below `root`, in the order of the book; one that can't be read is left out.
    items
        The file of each item.
    """
    report = Report()
    try:
        dictionaries.require()
        words, faults = spelling.load_words(root)
        foreign = load_foreign(root)
    except LocatedError as error:
        report.faults += error.faults
        return report
    report.faults += faults
    authors = (author for reference in ledger.references.values() for author in reference.authors)
    speller = spelling.Speller([*words, *foreign.words()], authors)
    texts = [text for page in pages if (text := _read(root, page, ledger))]
    known = abbreviations.glossary_abbreviations(block for text in texts for block in text.blocks)
    for text in texts:
        report.faults += _page_faults(text, known, speller, report)
    for document in items.values():
        item = Text(document.file, list(fields(document, ITEM_FIELDS)))
        report.faults += _faults(item, known, speller)
    report.faults += claim_faults(root, ledger.claims.values(), speller)
    report.faults += speller.unused(str(spelling.WORDS), words)
    return report


def _read(root: Path, page: str, ledger: Ledger) -> Text | None:
    try:
        return read_page(*read_text(root / page, root), lambda *named: words_of(ledger, *named))
    except LocatedError:  # whoever read the page before has told
        return None


def words_of(ledger: Ledger, role: str, id_: str, value: str) -> str:
    """Return what the reader sees for a claim that is cited without words; nothing where it isn't there."""
    claim = ledger.claims.get(id_)
    if claim is None or role == "claim":
        return claim.statement if claim else ""
    try:
        quantity = claim.quantity(value)
    except KeyError:
        return ""
    return quantity.headline() if role == "value" else f"{quantity.headline()} ({quantity.spread()})"


def _page_faults(text: Text, known: frozenset[str], speller: spelling.Speller, report: Report) -> Iterator[Fault]:
    found = [*_faults(text, known, speller), *_faults_of_pages(text)]
    waivers, wrong = read_waivers(text)
    yield from wrong
    yield from (fault for fault in found if not any(w.covers(fault) for w in waivers))
    for waiver in waivers:
        if any(waiver.covers(fault) for fault in found):
            report.waivers.append(waiver)
        else:
            where = "on this page" if waiver.last is None else "in the paragraph below"
            wrong = f"waives '{waiver.rule}', which finds nothing {where}"
            yield Fault(text.file, waiver.line, "waiver", wrong, "take it out, or put it directly before the paragraph")
    if graded := grade.plain_grade(text):
        line, value = graded
        report.grades.append((text.file, value))
        if round(value, 1) > grade.HIGHEST:
            wrong = f"asks for {value:.1f} years at school"
            allowed = f"at most {grade.HIGHEST:g}: shorter sentences, shorter words"
            yield Fault(text.file, line, grade.PLAIN, wrong, allowed)


def _faults(text: Text, known: frozenset[str], speller: spelling.Speller) -> Iterator[Fault]:
    """Yield what pages and items alike must not have."""
    for block in text.blocks:
        for rule, find in BLOCK_RULES.items():
            yield from _as_faults(text, rule, find(block))
        yield from _as_faults(text, "spelling", spelling.misspelt(block, speller))
    yield from _as_faults(text, "abbreviation", abbreviations.unexplained(text.blocks, known))


def _faults_of_pages(text: Text) -> Iterator[Fault]:
    """Yield what pages alone must not have; an item's figures are held against its claims by `backmice lint`."""
    for block in text.blocks:
        yield from _as_faults(text, "figure", figures.untraced(block))
    yield from _as_faults(text, "alternative-text", shown.unseen_pictures(text))
    yield from _as_faults(text, "link", shown.broken_links(text))


def _as_faults(text: Text, rule: str, found: Iterable[style.Found]) -> Iterator[Fault]:
    return (Fault(text.file, line, rule, wrong, allowed) for line, wrong, allowed in found)


@dataclass(frozen=True)
class Waiver:
    """A waiver with its line and the last one that it covers: of a paragraph, or of the whole page (`last` is None)."""

    file: str
    line: int
    last: int | None
    rule: str
    reason: str

    def covers(self, fault: Fault) -> bool:
        """Whether the fault may stay."""
        return self.rule == fault.field and (self.last is None or self.line <= fault.line <= self.last)


def read_waivers(text: Text) -> tuple[list[Waiver], list[Fault]]:
    """Return a page's waivers, and those that can't be understood."""
    waivers = [Waiver(text.file, line, None, rule, why) for rule, (line, why) in text.waivers.items()]
    faults = []
    for comment in text.comments:
        if not comment.text.startswith("waiver"):
            continue
        given = WAIVER.fullmatch(comment.text)
        if given and given[1] in WAIVABLE:
            waivers.append(Waiver(text.file, comment.line, comment.last, *given.groups()))
        else:
            wrong = f"'{given[1]}' can't be waived" if given else "is no rule with a reason"
            allowed = f"write % waiver rule: reason, for one of: {', '.join(WAIVABLE)}"
            faults.append(Fault(text.file, comment.line, "waiver", wrong, allowed))
    return waivers, faults


def claim_faults(root: Path, claims: Iterable[Claim], speller: spelling.Speller) -> Iterator[Fault]:
    """Yield misspelt words in what claims state."""
    file, source = read_text(root / CLAIMS, root)
    lines = {found[1]: source.count("\n", 0, found.start()) + 1 for found in CLAIM.finditer(source)}
    for claim in claims:
        block = Block(lines.get(claim.id, 1), "field", "", (Piece("own", claim.statement),))
        for line, wrong, allowed in spelling.misspelt(block, speller):
            yield Fault(file, line, "spelling", f"{claim.id}: {wrong}", allowed)
