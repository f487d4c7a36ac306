"""The review gate: whatever rests on a claim is looked at again when the claim changes.

A lock file holds, for each page, item, structure, vignette and film, the claims as they stood when it was last
looked at. It is written by `backmice review`, never by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backmice.evidence.claim import Claim
from backmice.located import Fault, LocatedError

LOCK = Path("book/evidence/reviewed.json")

#: For each user ("page book/index", "item nodule-001"), what it saw of each claim.
Reviewed = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True)
class Due:
    """A user that must be looked at again, the claim, and why."""

    user: str
    claim_id: str
    why: str


def seen(claim: Claim) -> dict[str, str]:
    """Return what a review remembers of a claim."""
    return {"certainty": claim.certainty, "fingerprint": claim.fingerprint()}


def due(users: Mapping[str, Iterable[str]], claims: Mapping[str, Claim], reviewed: Reviewed) -> list[Due]:
    """Return what must be looked at again.

    Parameters
    ----------
    users
        The ids of the claims that each user rests on; all of them in `claims`.
    """
    found = []
    for user, claim_ids in users.items():
        for claim_id in claim_ids:
            now, then = seen(claims[claim_id]), reviewed.get(user, {}).get(claim_id)
            if now != then:
                found.append(Due(user, claim_id, _why(now, then)))
    return found


def _why(now: dict[str, str], then: dict[str, str] | None) -> str:
    if then is None:
        return "was never reviewed against it"
    if now["certainty"] != then["certainty"]:
        return f"its certainty was '{then['certainty']}' and is '{now['certainty']}'"
    return "its statement or its figures changed"


def mark(
    users: Mapping[str, Iterable[str]], claims: Mapping[str, Claim], reviewed: Reviewed, names: Iterable[str]
) -> Reviewed:
    """Return the lock with `names` marked as looked at, and without users that are gone."""
    kept = {user: dict(entry) for user, entry in reviewed.items() if user in users}
    for name in names:
        kept[name] = {claim_id: seen(claims[claim_id]) for claim_id in users[name]}
    return {user: dict(sorted(kept[user].items())) for user in sorted(kept)}


def load_reviewed(root: Path) -> Reviewed:
    """Read the lock file; none means that nothing was reviewed.

    Raises
    ------
    LocatedError
        If it is there but is not what `dump_reviewed` writes.
    """
    try:
        lock = json.loads((root / LOCK).read_text(encoding="utf-8"))
        refuse_other_shapes(lock)
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        advice = "restore it from version control, or delete it and review everything"
        raise LocatedError(Fault(str(LOCK), 1, "file", "is damaged", advice)) from None
    return lock


def refuse_other_shapes(lock: object) -> None:
    """Raise ValueError unless `lock` has the shape of `Reviewed`."""
    try:
        good = all(s.keys() == {"certainty", "fingerprint"} for claims in lock.values() for s in claims.values())
    except (AttributeError, TypeError):
        good = False
    if not good:
        raise ValueError("not a review lock")


def dump_reviewed(root: Path, reviewed: Reviewed) -> None:
    """Write the lock file whole or not at all."""
    path = root / LOCK
    draft = path.with_suffix(".tmp")
    try:
        draft.write_text(json.dumps(reviewed, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
