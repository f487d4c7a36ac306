"""A made-up case that unfolds finding by finding, and what published likelihood ratios make of each.

No ratio is ever written here: a vignette names values of claims (`claim-id#value`), and each is read from
the ledger. A ratio that no source prints but whose two shares are printed is worked out, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from backmice.evidence.claim import Claim, Quantity
from backmice.items.item import Claims, OptionId, Short, Slug, Text, refuse_twice
from backmice.located import Document, Fault, Loc, LocatedError, Model, read_yaml
from backmice.reasoning import arithmetic

VIGNETTES = Path("exercises/vignettes")
ValueRef = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(#[a-z0-9-]+)?$")]
CALCULATED = re.compile(r"(?:calculated|worked out) here")
NAMED = re.compile(r"likelihood ratio", re.IGNORECASE)


class Condition(Model):
    """One of the things it could be; they exclude each other."""

    id: OptionId
    name: Annotated[Short, Field(description="As it stands within a sentence.")]
    start: Annotated[float, Field(gt=0, lt=100, description="Percent, before any finding, of the worked example.")]
    published: Annotated[ValueRef | None, Field(description="The share that `start` is taken from.")] = None

    @property
    def label(self) -> str:
        """The name as it begins a line."""
        return self.name[0].upper() + self.name[1:]


class Ratio(Model):
    """A likelihood ratio: published as such, or worked out from two published shares."""

    source: Annotated[Short, Field(description="Whose figures these are.")]
    published: ValueRef | None = None
    sensitivity: Annotated[ValueRef | None, Field(description="Share of those with the condition who have it.")] = None
    specificity: Annotated[ValueRef | None, Field(description="Share of those without it who don't have it.")] = None
    without: Annotated[ValueRef | None, Field(description="Share of those without it who have it.")] = None
    used: Annotated[bool, Field(description="The one to go on with, where several are shown.")] = False

    @model_validator(mode="after")
    def _one_way(self) -> Ratio:
        given = [n for n in ("published", "sensitivity", "specificity", "without") if getattr(self, n)]
        if given not in (["published"], ["sensitivity", "specificity"], ["sensitivity", "without"]):
            raise ValueError(
                f"gives {' and '.join(given) or 'no figure'}; give published, sensitivity and specificity, "
                "or sensitivity and without"
            )
        return self

    def refs(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the reference of each figure."""
        for name in ("published", "sensitivity", "specificity", "without"):
            if ref := getattr(self, name):
                yield name, ref


class Finding(Model):
    """What is looked at next, what is found, and which condition it moves by which ratios."""

    id: OptionId
    title: Annotated[Short, Field(description="What is asked or tested; gives no result away.")]
    text: Annotated[Text, Field(description="What is found in the made-up case.")]
    result: Literal["positive", "negative"] = "positive"
    moves: Annotated[OptionId | None, Field(description="The condition whose probability the ratios move.")] = None
    ratios: tuple[Ratio, ...] = ()
    note: Annotated[Text | None, Field(description="What to think of it.")] = None
    claims: Claims = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Finding:
        if bool(self.moves) != bool(self.ratios):
            raise ValueError("moves and ratios go together; give both, or none where nothing is published")
        if not self.ratios and not (self.note and self.claims):
            raise ValueError("has no ratio; say in a note, with claims, that none is published")
        used = sum(ratio.used for ratio in self.ratios)
        if len(self.ratios) > 1 and used != 1:
            raise ValueError(f"has {used} ratios with `used: true`; mark the one to go on with")
        return self

    def further_claims(self) -> tuple[str, ...]:
        """Return the claims of its note that its ratios don't rest on already."""
        of_ratios = {ref.partition("#")[0] for ratio in self.ratios for _, ref in ratio.refs()}
        return tuple(id_ for id_ in self.claims if id_ not in of_ratios)

    def chosen(self) -> Ratio | None:
        """Return the ratio to go on with, if there is any."""
        return next((ratio for ratio in self.ratios if ratio.used), self.ratios[0] if self.ratios else None)


class Outcome(Model):
    """What it turned out to be, in the made-up case."""

    condition: OptionId
    text: Text
    claims: Claims = ()


class Vignette(Model):
    """A made-up case."""

    id: Slug
    revision: Annotated[int, Field(ge=1)] = 1
    title: Short
    opening: Text
    start: Annotated[Text, Field(description="Where the start of the worked example comes from.")]
    claims: Claims
    conditions: Annotated[tuple[Condition, ...], Field(min_length=2, max_length=6)]
    findings: Annotated[tuple[Finding, ...], Field(min_length=1, max_length=8)]
    outcome: Outcome

    @field_validator("conditions", "findings")
    @classmethod
    def _each_once(cls, parts: tuple[Condition | Finding, ...]) -> tuple[Condition | Finding, ...]:
        refuse_twice(tuple(part.id for part in parts))
        return parts

    @field_validator("conditions")
    @classmethod
    def _adds_up(cls, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        if left := arithmetic.missing([c.start for c in conditions]):
            raise ValueError(f"start at {100 - left:g} % in all; probabilities add up to 100")
        return conditions

    def place(self, condition: str) -> int:
        """Return the place of a condition in the list.

        Raises
        ------
        ValueError
            If there is no such condition.
        """
        return [c.id for c in self.conditions].index(condition)

    def all_claims(self) -> tuple[str, ...]:
        """Return the ids of every claim it rests on, each once."""
        return tuple(dict.fromkeys(id_ for _, id_ in self.named_claims()))

    def named_claims(self) -> Iterator[tuple[Loc, str]]:
        """Yield each claim it names and where, those of its figures included."""
        for i, id_ in enumerate(self.claims):
            yield ("claims", i), id_
        for loc, _, ref in self.refs():
            yield loc, ref.partition("#")[0]
        for i, finding in enumerate(self.findings):
            for j, id_ in enumerate(finding.claims):
                yield ("findings", i, "claims", j), id_
        for i, id_ in enumerate(self.outcome.claims):
            yield ("outcome", "claims", i), id_

    def refs(self) -> Iterator[tuple[Loc, str, str]]:
        """Yield where each value of a claim stands, what it is there, and its reference."""
        for i, condition in enumerate(self.conditions):
            if condition.published:
                yield ("conditions", i, "published"), "start", condition.published
        for i, finding in enumerate(self.findings):
            for j, ratio in enumerate(finding.ratios):
                for name, ref in ratio.refs():
                    yield ("findings", i, "ratios", j, name), name, ref


@dataclass(frozen=True)
class Known:
    """A ratio as the ledger gives it: its figure or only a span, an interval where there is one, and from what.

    `from_shares` holds, as text, the two shares it was worked out from; empty if it was published as a ratio.
    """

    source: str
    estimate: float | None
    low: float | None
    high: float | None
    interval: str
    from_shares: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def carried(self) -> float:
        """The ratio to go on with."""
        return arithmetic.carried(self.estimate, self.low, self.high)


def known(ratio: Ratio, claims: Mapping[str, Claim], *, is_positive: bool) -> Known:
    """Return what the ledger says of a ratio.

    Raises
    ------
    ValueError
        If its shares give none.
    """
    ids = tuple(dict.fromkeys(ref.partition("#")[0] for _, ref in ratio.refs()))
    if ratio.published:
        q = quantity(ratio.published, claims)
        return Known(ratio.source, q.estimate, q.low, q.high, q.interval or "", (), ids)
    with_condition = quantity(ratio.sensitivity, claims)
    other = quantity(ratio.specificity or ratio.without, claims)
    without = other.estimate if ratio.without else 100 - other.estimate
    worked_out = arithmetic.ratio_of(with_condition.estimate / 100, without / 100, is_positive=is_positive)
    words = (
        f"{'found with the condition in' if ratio.without else 'sensitivity'} {with_condition.headline()}",
        f"{'without it in' if ratio.without else 'specificity'} {other.headline()}",
    )
    return Known(ratio.source, worked_out, None, None, "", words, ids)


def quantity(ref: str, claims: Mapping[str, Claim]) -> Quantity:
    """Return the value that `claim-id#name` names.

    Raises
    ------
    KeyError
        If there is none.
    """
    claim_id, _, name = ref.partition("#")
    return claims[claim_id].quantity(name)


def load_vignettes(root: Path, claims: Mapping[str, Claim]) -> dict[str, Vignette]:
    """Read every vignette below `root`, by id.

    Raises
    ------
    LocatedError
        With every fault of every file: one that does not fit the model, a claim or value that isn't there, a value
        that is no likelihood ratio or no share, a start outside what is published.
    """
    found, faults = {}, []
    for path in sorted((root / VIGNETTES).glob("*.yml")):
        try:
            document = read_yaml(path, root)
            vignette = document.parse(Vignette)
        except LocatedError as error:
            faults += error.faults
            continue
        faults += _faults(document, vignette, path, claims)
        found[vignette.id] = vignette
    if faults:
        raise LocatedError(*faults)
    return found


def _faults(document: Document, vignette: Vignette, path: Path, claims: Mapping[str, Claim]) -> Iterator[Fault]:
    if vignette.id != path.stem:
        yield document.fault(("id",), f"'{vignette.id}' is not the file name '{path.stem}'", "make the two agree")
    yield from _condition_faults(document, vignette)
    unknown = set()
    for loc, id_ in vignette.named_claims():
        if id_ not in claims or not claims[id_].published:
            unknown.add(id_)
            why = "is only recalled" if id_ in claims else "is not a claim"
            yield document.fault(loc, f"'{id_}' {why}", "name a published claim of the ledger")
    told = set()
    for loc, name, ref in vignette.refs():
        id_ = ref.partition("#")[0]
        if id_ not in unknown and (fault := _value_fault(name, ref, claims[id_])):
            told.add(loc[:-1])
            yield document.fault(loc, *fault)
    if not unknown:
        yield from _start_faults(document, vignette, claims, told)
        yield from _ratio_faults(document, vignette, claims, told)


def _condition_faults(document: Document, vignette: Vignette) -> Iterator[Fault]:
    ids = [condition.id for condition in vignette.conditions]
    places = [(("findings", i, "moves"), f.moves) for i, f in enumerate(vignette.findings) if f.moves]
    for loc, id_ in [*places, (("outcome", "condition"), vignette.outcome.condition)]:
        if id_ not in ids:
            yield document.fault(loc, f"'{id_}' is not a condition", f"one of: {', '.join(ids)}")


def _value_fault(name: str, ref: str, claim: Claim) -> tuple[str, str] | None:
    """Return what is wrong with a value as a ratio or as a share."""
    try:
        value = claim.quantity(ref.partition("#")[2])
    except KeyError:
        names = ", ".join(q.name or "(no name needed)" for q in claim.values) or "none"
        return f"'{ref}' is no value", f"values of that claim: {names}"
    if name != "published":
        is_share = value.measure == "share" and value.unit == "%"
        if not is_share or (name != "start" and value.estimate is None):
            what = "no share" if name == "start" else "no single share"
            return f"'{ref}' is {value.headline()}, {what}", "name a value with `measure: share` in %"
        return None
    if CALCULATED.search(f"{claim.statement} {claim.note or ''}"):
        return f"'{ref}' was calculated here", "give its sensitivity and specificity, so that readers are told"
    is_ratio = value.measure == "ratio" and not value.unit and NAMED.search(claim.statement)
    if not is_ratio or "odds" in (value.name or ""):
        return f"'{ref}' is no likelihood ratio", "name a value with `measure: ratio` of a claim that calls it so"
    if min(x for x in (value.estimate, value.low) if x is not None) <= 0:
        return f"'{ref}' is {value.headline()}", "a likelihood ratio lies above 0"
    return None


def _start_faults(
    document: Document, vignette: Vignette, claims: Mapping[str, Claim], told: set[Loc]
) -> Iterator[Fault]:
    for i, condition in enumerate(vignette.conditions):
        if condition.published is None or ("conditions", i) in told:
            continue
        low, high = quantity(condition.published, claims).extent()
        if not low <= condition.start <= high:
            wrong = f"is {condition.start:g}, which '{condition.published}' does not hold"
            yield document.fault(("conditions", i, "start"), wrong, f"from {low:g} to {high:g}")


def _ratio_faults(
    document: Document, vignette: Vignette, claims: Mapping[str, Claim], told: set[Loc]
) -> Iterator[Fault]:
    for i, finding in enumerate(vignette.findings):
        against = "positive" if finding.result == "negative" else "negative"
        for j, ratio in enumerate(finding.ratios):
            loc = ("findings", i, "ratios", j)
            if loc in told:
                continue
            if ratio.published and against in ratio.published.partition("#")[2]:
                wrong = f"'{ratio.published}' is of a {against} result, and the finding is {finding.result}"
                yield document.fault((*loc, "published"), wrong, "name the other value, or correct the result")
            try:
                known(ratio, claims, is_positive=finding.result == "positive")
            except ValueError as error:
                wrong, _, allowed = str(error).partition("; ")
                yield document.fault(loc, wrong, allowed)


@dataclass(frozen=True)
class Step:
    """One finding of the worked example: percents as probabilities before and after, and what each ratio would do."""

    finding: Finding
    ratios: tuple[Known, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


def worked(vignette: Vignette, claims: Mapping[str, Claim]) -> tuple[Step, ...]:
    """Return the worked example: the start of the vignette, moved by one chosen ratio after the other."""
    now, found = arithmetic.shares([c.start for c in vignette.conditions]), []
    for finding in vignette.findings:
        before = now
        ratios = tuple(known(r, claims, is_positive=finding.result == "positive") for r in finding.ratios)
        if chosen := finding.chosen():
            ratio = ratios[finding.ratios.index(chosen)].carried
            now = arithmetic.update(before, vignette.place(finding.moves), ratio)
        found.append(Step(finding, ratios, before, now))
    return tuple(found)


def as_data(vignette: Vignette, claims: Mapping[str, Claim]) -> dict[str, Any]:
    """Return, as JSON can hold it, all that static/reasoner-view.js needs in any host."""

    def figures(finding: Finding) -> list[dict[str, Any]]:
        found = []
        for ratio in finding.ratios:
            of = known(ratio, claims, is_positive=finding.result == "positive")
            found.append(
                {"source": of.source, "estimate": of.estimate, "low": of.low, "high": of.high, "interval": of.interval,
                 "fromShares": list(of.from_shares), "used": ratio is finding.chosen(), "claims": list(of.claims)}
            )  # fmt: skip
        return found

    return {
        "id": vignette.id,
        "revision": vignette.revision,
        "title": vignette.title,
        "opening": vignette.opening,
        "start": {"text": vignette.start, "claims": list(start_claims(vignette))},
        "conditions": [{"id": c.id, "name": c.name, "start": c.start} for c in vignette.conditions],
        "findings": [
            {"id": f.id, "title": f.title, "text": f.text, "moves": f.moves, "ratios": figures(f), "note": f.note or "",
             "claims": list(f.further_claims())}
            for f in vignette.findings
        ],
        "outcome": {
            "condition": vignette.outcome.condition, "text": vignette.outcome.text,
            "claims": list(vignette.outcome.claims),
        },
    }  # fmt: skip


def start_claims(vignette: Vignette) -> tuple[str, ...]:
    """Return the claims that the start rests on."""
    published = [c.published.partition("#")[0] for c in vignette.conditions if c.published]
    return tuple(dict.fromkeys((*vignette.claims, *published)))
