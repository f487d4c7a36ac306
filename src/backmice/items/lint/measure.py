"""How well the rules do: precision and recall on items whose flaws are known.

The set is a folder of YAML lists, `<part>-flawed.yml` and `<part>-clean.yml`, and a `ledger.yml` of statements.
An item is written short: an option reads `text | rationale`, and fields that don't matter are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from backmice.items.chance import wilson
from backmice.items.item import Item
from backmice.items.lint.finding import Statements
from backmice.items.lint.rules import ITEM_RULES
from backmice.items.model import KINDS
from backmice.located import read_yaml

GENERAL = ["general"]


@dataclass(frozen=True)
class Sample:
    """An item and the rules that it breaks."""

    item: Item
    breaks: frozenset[str]


@dataclass(frozen=True)
class Row:
    """How a rule did."""

    rule: str
    right: int
    false: int
    missed: int

    def __add__(self, other: Row) -> Row:
        return Row(self.rule, self.right + other.right, self.false + other.false, self.missed + other.missed)


def read_set(folder: Path) -> tuple[dict[str, list[Sample]], Statements]:
    """Return the samples of each part, and what the claims of the set state.

    Raises
    ------
    LocatedError
        If a file is missing or is not YAML.
    """
    statements = read_yaml(folder / "ledger.yml", folder).value
    parts: dict[str, list[Sample]] = {}
    for path in sorted(folder.glob("*-*.yml"), reverse=True):
        part = path.stem.partition("-")[0]
        parts.setdefault(part, []).extend(sample(fields) for fields in read_yaml(path, folder).value)
    return parts, statements


def sample(fields: dict[str, Any]) -> Sample:
    """Return the item that short fields stand for, and what it breaks."""
    fields = dict(fields)
    breaks = frozenset(fields.pop("breaks", ()))
    own = fields.pop("claims-of", {})
    filled: dict[str, Any] = {
        "revision": 1, "kind": "single", "topic": "sample", "objective": "sample", "claims": GENERAL,
        "level": "application" if "vignette" in fields else "recall",
    } | fields  # fmt: skip
    if filled["kind"] in ("single", "multiple") and isinstance(filled["key"], str):
        filled["key"] = [filled["key"]]
    credited = _credited(filled)
    for name in ("options", "cases", "slips"):
        if name in filled:
            filled[name] = [
                _part(id_, text, own.get(id_, filled["claims"] if id_ in credited else []))
                for id_, text in filled[name].items()
            ]
    item = TypeAdapter(KINDS[filled["kind"]]).validate_json(json.dumps(filled))
    return Sample(item, breaks)


def _credited(fields: dict[str, Any]) -> list[str]:
    key = fields["key"]
    return [*key, *fields["cases"]] if fields["kind"] == "matching" else key if isinstance(key, list) else []


def _part(id_: str, text: str, claims: list[str]) -> dict[str, Any]:
    *value, said, rationale = text.split(" | ")
    number = {"value": float(value[0])} if value else {}
    return {"id": id_, "text": said, "rationale": rationale, "claims": claims} | number


def found_in(item: Item, statements: Statements) -> frozenset[str]:
    """Return the rules that find something in an item."""
    return frozenset(rule.id for rule in ITEM_RULES if any(rule.find(item, statements)))


def measure(samples: Iterable[Sample], statements: Statements) -> list[Row]:
    """Return how each rule did, and all of them together."""
    pairs = [(sample.breaks, found_in(sample.item, statements)) for sample in samples]
    rows = [
        Row(
            rule.id,
            sum(rule.id in breaks and rule.id in found for breaks, found in pairs),
            sum(rule.id not in breaks and rule.id in found for breaks, found in pairs),
            sum(rule.id in breaks and rule.id not in found for breaks, found in pairs),
        )
        for rule in ITEM_RULES
    ]
    return [*rows, sum(rows, Row("all rules", 0, 0, 0))]


def verdicts(samples: Iterable[Sample], statements: Statements) -> Row:
    """Return how well flawed items are told from clean ones, whatever the rule."""
    pairs = [(bool(sample.breaks), bool(found_in(sample.item, statements))) for sample in samples]
    return Row(
        "flawed or not",
        sum(broken and told for broken, told in pairs),
        sum(told and not broken for broken, told in pairs),
        sum(broken and not told for broken, told in pairs),
    )


def share(hits: int, n: int) -> str:
    """Return a share with its interval, or a dash where nothing was counted."""
    if n == 0:
        return "-"
    low, high = wilson(hits, n)
    return f"{hits / n:.2f} ({low:.2f} to {high:.2f})"


def table(title: str, samples: Sequence[Sample], statements: Statements) -> str:
    """Return precision and recall of each rule, with 95 % Wilson intervals, as text."""
    flawed = sum(bool(sample.breaks) for sample in samples)
    rows = [*measure(samples, statements), verdicts(samples, statements)]
    lines = [
        f"{title}: {flawed} flawed and {len(samples) - flawed} clean items",
        f"{'rule':<18}{'right':>6}{'false':>6}{'missed':>7}  {'precision (95 %)':<21}  recall (95 %)",
    ]
    for row in rows:
        precision, recall = share(row.right, row.right + row.false), share(row.right, row.right + row.missed)
        lines.append(f"{row.rule:<18}{row.right:>6}{row.false:>6}{row.missed:>7}  {precision:<21}  {recall}")
    return "\n".join(lines)
