"""All claims and all sources, checked against each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from backmice.evidence.bibliography import Reference, load_bibliography
from backmice.evidence.claim import Claim
from backmice.located import Document, Fault, LocatedError, read_yaml

CLAIMS = Path("book/evidence/claims.yml")
REFERENCES = Path("book/references.bib")


@dataclass(frozen=True)
class Ledger:
    """Claims by id and references by key, in the order in which they were written."""

    claims: dict[str, Claim]
    references: dict[str, Reference]

    def published(self) -> list[Claim]:
        """Return the claims that the course may state."""
        return [claim for claim in self.claims.values() if claim.published]

    def sources_of(self, claims: Iterable[Claim]) -> dict[str, Reference]:
        """Return the sources of some claims by key."""
        return {key: self.references[key] for claim in claims for key in claim.sources}

    def spelled_out(self) -> dict[str, str]:
        """Return, by id, all that a claim says: its statement and each value with its spread."""
        return {
            claim.id: " ".join((claim.statement, *(f"{v.headline()} ({v.spread()})" for v in claim.values)))
            for claim in self.claims.values()
        }


def load_ledger(root: Path) -> Ledger:
    """Read and check the ledger below `root`.

    Raises
    ------
    LocatedError
        If a file does not fit its model, an id stands twice, a source or a claim is not there,
        or a disagreement is told by one side only.
    """
    references = load_bibliography(root / REFERENCES, root)
    document = read_yaml(root / CLAIMS, root)
    claims = document.parse(list[Claim])
    faults = cross_faults(document, claims, references)
    if faults:
        raise LocatedError(*faults)
    return Ledger({claim.id: claim for claim in claims}, references)


def cross_faults(document: Document, claims: list[Claim], references: dict[str, Reference]) -> list[Fault]:
    """Return what is wrong between claims, and between claims and sources."""
    by_id = {claim.id: claim for claim in reversed(claims)}
    faults = []
    for i, claim in enumerate(claims):
        if by_id[claim.id] is not claim:
            faults.append(document.fault((i, "id"), f"'{claim.id}' stands twice", "give each claim its own id"))
        if claim.published and not claim.sources:
            faults.append(document.fault((i, "sources"), "is empty", "a published claim names a source"))
        for j, key in enumerate(claim.sources):
            if key not in references:
                faults.append(document.fault((i, "sources", j), f"'{key}' is not in {REFERENCES}", "add or correct it"))
        for j, other in enumerate(claim.disagrees_with):
            loc = (i, "disagrees_with", j)
            if other not in by_id:
                faults.append(document.fault(loc, f"'{other}' is not a claim", "name a claim of the ledger"))
            elif claim.id not in by_id[other].disagrees_with:
                wrong = f"'{other}' does not disagree back"
                faults.append(document.fault(loc, wrong, f"add '{claim.id}' to its disagrees_with"))
    return faults


def mention_fault(claim: Claim | None, value: str | None = None) -> tuple[str, str] | None:
    """Return why a claim, or the value of it that is called `value`, can't be stated, and what can; None if it can."""
    if claim is None:
        return "is not a claim", f"an id of {CLAIMS}"
    if not claim.published:
        return "is only recalled", "find its source, or leave the statement out"
    if value is not None:
        try:
            claim.quantity(value)
        except KeyError:
            names = ", ".join(q.name or "(no name needed)" for q in claim.values)
            return f"has no value '{value}'", f"its values: {names or 'none'}"
    return None
