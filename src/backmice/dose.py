"""Doses of local anaesthetic reckoned step by step, for teaching the arithmetic.

The same rules stand in static/dose.js; tests/vectors/dose.json holds both to them. No limit of any text
is written here: each is named by the claim that holds it. What is refused is said as limits, not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

from backmice.evidence.claim import Claim

CM_PER_INCH = 2.54
NBSP = "\N{NO-BREAK SPACE}"
#: Between which values the arithmetic is offered: bounds of this calculator, no clinical limits.
BOUNDS = {"weight_kg": (40, 150), "height_cm": (153, 210), "volume_ml": (0.1, 100)}
#: What the strengths and the ideal weight rest on.
RULES = {
    "content": "inj-lido-conc#one-percent",
    "man": "injc-ibw-devine#men",
    "woman": "injc-ibw-devine#women",
    "per-inch": "injc-ibw-devine#per-inch",
    "from-inches": "injc-ibw-devine#from-height",
}


@dataclass(frozen=True)
class Text:
    """One published ceiling: for what, by whom, in which strengths (per cent), and the claims' values."""

    id: str
    what: str
    by: str
    strengths: tuple[float, ...]
    cap: str
    per_kg: str | None = None


TEXTS = (
    Text("us-plain", "lidocaine, plain", "United States", (0.5, 1, 2),
         "injb-lido-label#plain-cap", "injb-lido-label#plain-per-kg"),
    Text("ie-plain", "lidocaine, plain", "Ireland", (0.5, 1, 2),
         "inj-lido-plain#cap-ireland-uk", "inj-lido-plain#per-kg"),
    Text("uk-plain", "lidocaine, plain", "United Kingdom, several texts", (0.5, 1, 2),
         "inj-lido-plain#cap-ireland-uk"),
    Text("us-epinephrine", "lidocaine with epinephrine (adrenaline)", "United States", (0.5, 1, 2),
         "injb-lido-label#epinephrine-cap", "injb-lido-label#epinephrine-per-kg"),
    Text("uk-epinephrine", "lidocaine with epinephrine (adrenaline)", "United Kingdom, one text for 1\u00a0% with 1 in 200,000",
         (1,), "injb-lido-epi-uk#cap"),
    Text("uk-bupivacaine", "bupivacaine, plain", "United Kingdom, one text", (0.25,),
         "injb-bupi-uk#cap", "injb-bupi-uk#per-kg"),
    Text("bupivacaine", "bupivacaine, plain", "office table, United States", (0.25,),
         "injb-bupi-dur#ceiling", "injb-bupi-dur#per-kg"),
)  # fmt: skip

#: Every value that the calculator uses.
REFS = tuple(dict.fromkeys([*RULES.values(), *(r for t in TEXTS for r in (t.per_kg, t.cap) if r)]))
#: The claims that the calculator shows beside those: who gets less, the published case, the strength on the label.
SHOWN = ("inj-lido-reduce", "injc-lido-uk-less", "injc-ibw-broca", "inj-seed4ml", "injb-bupi-conc", "injb-lido-epi-uk")


def claim_ids() -> tuple[str, ...]:
    """Return the ids of all claims that the calculator rests on."""
    return tuple(dict.fromkeys([*(ref.partition("#")[0] for ref in REFS), *SHOWN]))


def figures(claims: Mapping[str, Claim]) -> dict[str, float]:
    """Return, by `claim-id#value`, the figures that the calculator uses.

    Raises
    ------
    KeyError
        If a claim or a value is not there.
    """
    parts = {ref: ref.partition("#") for ref in REFS}
    return {ref: claims[claim_id].quantity(name).estimate for ref, (claim_id, _, name) in parts.items()}


@dataclass(frozen=True)
class Rules:
    """The figures of one text, and those that all share.

    Parameters
    ----------
    cap_mg
        The most in all.
    per_kg_mg
        The most for each kg, or None where the text read has no such rule.
    content_mg_ml
        What 1 per cent holds.
    """

    cap_mg: float
    per_kg_mg: float | None
    content_mg_ml: float
    man_kg: float
    woman_kg: float
    per_inch_kg: float
    from_inches: float


def rules_of(text: Text, found: Mapping[str, float]) -> Rules:
    """Return the rules of a text, with the figures of `figures`."""
    shared = [found[RULES[name]] for name in ("content", "man", "woman", "per-inch", "from-inches")]
    return Rules(found[text.cap], found[text.per_kg] if text.per_kg else None, *shared)


@dataclass(frozen=True)
class Plan:
    """What is planned, for whom."""

    percent: float
    volume_ml: float
    weight_kg: float
    height_cm: float
    sex: str


@dataclass(frozen=True)
class Dose:
    """A plan held against one text. Ceilings and weights are rounded down, so that no step adds to them.

    `by_weight_mg` is None where the text has no rule by weight; `binds` is `weight` or `cap`; `spare_mg` and
    `spare_ml` are negative above the ceiling.
    """

    mg_ml: float
    mg: float
    mg_per_kg: float
    inches: float
    ideal_kg: float
    used_kg: float
    mg_per_used_kg: float
    by_weight_mg: float | None
    ceiling_mg: float
    ceiling_ml: float
    binds: str
    spare_mg: float
    spare_ml: float

    @property
    def is_above(self) -> bool:
        """Whether the plan passes the ceiling, in mg or in ml rounded down."""
        return min(self.spare_mg, self.spare_ml) < 0


def down(number: float, places: int) -> float:
    """Round down, forgiving what binary fractions lose."""
    return floor(number * 10**places + 1e-6) / 10**places


def near(number: float, places: int) -> float:
    """Round to the nearest, halves up."""
    return floor(number * 10**places + 0.5 + 1e-6) / 10**places


def out_of_bounds(plan: Plan) -> list[str]:
    """Return the fields of a plan that the calculator does not reckon with."""
    return [name for name, (low, high) in BOUNDS.items() if not low <= getattr(plan, name) <= high]


def reckon(rules: Rules, plan: Plan) -> Dose:
    """Hold a plan against one text.

    Raises
    ------
    ValueError
        If weight, height or volume lie outside BOUNDS, or the sex is neither man nor woman.
    """
    if wrong := out_of_bounds(plan):
        raise ValueError(f"outside what the calculator reckons with: {', '.join(wrong)}")
    if plan.sex not in ("man", "woman"):
        raise ValueError(f"sex is '{plan.sex}'; man or woman")
    mg_ml = near(plan.percent * rules.content_mg_ml, 3)
    mg = near(plan.volume_ml * mg_ml, 3)
    inches = down(plan.height_cm / CM_PER_INCH, 2)
    base = rules.man_kg if plan.sex == "man" else rules.woman_kg
    ideal = down(base + rules.per_inch_kg * (inches - rules.from_inches), 1)
    used = min(plan.weight_kg, ideal)
    by_weight = None if rules.per_kg_mg is None else down(rules.per_kg_mg * used, 1)
    ceiling = rules.cap_mg if by_weight is None else min(rules.cap_mg, by_weight)
    ceiling_ml = down(ceiling / mg_ml, 2)
    return Dose(
        mg_ml=mg_ml, mg=mg, mg_per_kg=near(mg / plan.weight_kg, 2), inches=inches, ideal_kg=ideal, used_kg=used,
        mg_per_used_kg=near(mg / used, 2), by_weight_mg=by_weight, ceiling_mg=ceiling, ceiling_ml=ceiling_ml,
        binds="cap" if ceiling == rules.cap_mg else "weight",
        spare_mg=near(ceiling - mg, 3), spare_ml=near(ceiling_ml - plan.volume_ml, 3),
    )  # fmt: skip


def ceiling_mg(rules: Rules, weight_kg: float) -> float:
    """Return the ceiling in mg for a weight in kg that is reckoned with as it is."""
    return rules.cap_mg if rules.per_kg_mg is None else min(rules.cap_mg, down(rules.per_kg_mg * weight_kg, 1))


def cap_is_more_below_kg(text: Text, found: Mapping[str, float]) -> int:
    """Return the weight, in kg rounded up, below which a text's cap is more than another text's rule by weight allows."""
    others = [found[other.per_kg] for other in TEXTS if other.what == text.what and other.per_kg]
    return ceil(found[text.cap] / min(others))


def number(value: float) -> str:
    """Return a number without idle zeros and with a true minus: 40, 0.65."""
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-", "\N{MINUS SIGN}")


def steps(rules: Rules, plan: Plan) -> list[str]:
    """Return the arithmetic of `reckon`, a line for each step, for a learner to check."""
    dose, n = reckon(rules, plan), lambda value, unit: f"{number(value)}{NBSP}{unit}"
    base = rules.man_kg if plan.sex == "man" else rules.woman_kg
    height = f"{n(plan.height_cm, 'cm')} ÷ {number(CM_PER_INCH)} = {n(dose.inches, 'inches')}"
    over = f"{number(rules.per_inch_kg)} × ({number(dose.inches)} − {number(rules.from_inches)})"
    by_used = f"{n(dose.mg, 'mg')} ÷ {n(dose.used_kg, 'kg')} = {n(dose.mg_per_used_kg, 'mg/kg')}"
    lines = [
        f"Strength: {n(plan.percent, '%')} × {number(rules.content_mg_ml)} = {n(dose.mg_ml, 'mg/ml')}.",
        f"Planned: {n(plan.volume_ml, 'ml')} × {n(dose.mg_ml, 'mg/ml')} = {n(dose.mg, 'mg')}.",
        f"By actual weight: {n(dose.mg, 'mg')} ÷ {n(plan.weight_kg, 'kg')} = {n(dose.mg_per_kg, 'mg/kg')}.",
        f"Ideal weight of a {plan.sex}: {height}; {number(base)} + {over} = {n(dose.ideal_kg, 'kg')}.",
        f"Weight used, the lower of the two: {n(dose.used_kg, 'kg')}; by it the plan is {by_used}.",
    ]
    if dose.by_weight_mg is None:
        lines.append(f"The text read has no rule by weight. Its cap: {n(rules.cap_mg, 'mg')}.")
    else:
        lines.append(
            f"Rule by weight: {n(rules.per_kg_mg, 'mg/kg')} × {n(dose.used_kg, 'kg')} = {n(dose.by_weight_mg, 'mg')}. "
            f"Cap: {n(rules.cap_mg, 'mg')}. The lower holds: {n(dose.ceiling_mg, 'mg')}, "
            f"{'the cap' if dose.binds == 'cap' else 'by weight'}."
        )
    lines.append(f"Ceiling in ml: {n(dose.ceiling_mg, 'mg')} ÷ {n(dose.mg_ml, 'mg/ml')} = {n(dose.ceiling_ml, 'ml')}.")
    way = "above" if dose.is_above else "below"
    distance = f"{n(abs(dose.spare_mg), 'mg')}, or {n(abs(dose.spare_ml), 'ml')}, {way} this ceiling"
    lines.append(f"The plan is {distance if dose.spare_mg or dose.spare_ml else 'this ceiling itself'}.")
    return lines
