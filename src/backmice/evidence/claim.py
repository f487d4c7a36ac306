"""One claim: a sentence, its figures, what it rests on, and how sure anyone can be.

Certainty uses the four GRADE words, and its reasons must account for it:
the level at which the design starts, less the steps it is lowered by.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, model_validator

from backmice.located import Model

Certainty = Literal["very low", "low", "moderate", "high"]
LEVELS: tuple[Certainty, ...] = ("very low", "low", "moderate", "high")

TOPICS = {
    "definition": "What a back mouse is",
    "names": "Names",
    "history": "History",
    "epidemiology": "How common",
    "anatomy": "Anatomy of the region",
    "fascia": "Fascia and fatty tissue",
    "cluneal": "Cluneal nerves",
    "ilioinguinal": "Ilioinguinal and iliohypogastric nerves",
    "pathophysiology": "How a nodule might hurt",
    "pain-mechanisms": "Pain mechanisms",
    "symptoms": "Symptoms",
    "palpation": "Palpation",
    "imaging": "Imaging",
    "differential": "What else it could be",
    "red-flags": "Red flags",
    "injection": "Injection",
    "surgery": "Surgery",
    "other-treatment": "Other treatment",
    "prognosis": "Outlook",
    "controversy": "Controversies",
    "pedagogy": "How people learn this",
}
DESIGNS = {
    "systematic-review": "systematic review",
    "rct": "randomised trial",
    "guideline": "guideline",
    "cohort": "cohort",
    "cross-sectional": "cross-sectional study",
    "cadaver": "cadaver study",
    "laboratory": "laboratory study",
    "case-series": "case series",
    "case-report": "case report",
    "narrative-review": "narrative review",
    "expert-opinion": "expert opinion",
    "lay-article": "lay article",
    "patient-report": "patient report",
}
Design = Literal[
    "systematic-review", "rct", "guideline", "cohort", "cross-sectional", "cadaver", "laboratory",
    "case-series", "case-report", "narrative-review", "expert-opinion", "lay-article", "patient-report",
]  # fmt: skip
Topic = Literal[
    "definition", "names", "history", "epidemiology", "anatomy", "fascia", "cluneal", "ilioinguinal",
    "pathophysiology", "pain-mechanisms", "symptoms", "palpation", "imaging", "differential", "red-flags",
    "injection", "surgery", "other-treatment", "prognosis", "controversy", "pedagogy",
]  # fmt: skip

#: Where certainty starts, by what the claim is about and by design.
#: GRADE starts trials high and observational studies low for *effects*; for what is there, how
#: often and how far, a sound observational study is the proper design and starts high.
#: A *record* says only what somebody wrote, named or did.
START: dict[str, dict[str, Certainty]] = {
    "effect": {
        "systematic-review": "high", "rct": "high", "guideline": "moderate", "narrative-review": "low",
        "cohort": "low", "cross-sectional": "low",
    },
    "description": {
        "systematic-review": "high", "rct": "high", "cohort": "high", "cross-sectional": "high",
        "cadaver": "high", "laboratory": "moderate", "guideline": "moderate",
        "narrative-review": "moderate", "case-series": "low",
    },
    "record": dict.fromkeys(DESIGNS, "high"),
}  # fmt: skip

INTERVALS = {
    "range": "range",
    "ci95": "95\N{NO-BREAK SPACE}% interval",
    "iqr": "middle half",
    "typical": "usually",
}

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$", max_length=60)]
Sentence = Annotated[str, Field(min_length=12, pattern=r"(?s)^\S.*[.?]$")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:+-]+$")]


class Quantity(Model):
    """A figure with its unit and spread, as the source gives it."""

    name: Slug | None = None
    estimate: float | None = None
    measure: Literal["mean", "median", "share", "count", "ratio", "point"] = "point"
    sd: Annotated[float, Field(gt=0)] | None = None
    low: float | None = None
    high: float | None = None
    interval: Literal["range", "ci95", "iqr", "typical"] | None = None
    unit: str = ""
    n: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Quantity:
        if (self.low is None) != (self.high is None) or (self.low is None) != (self.interval is None):
            raise ValueError("low, high and interval go together; give all three or none")
        if self.low is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}; swap them")
        if self.estimate is None and self.low is None:
            raise ValueError("has no figure; give an estimate, or low, high and interval")
        if self.measure == "share" and self.unit == "%" and not 0 <= (self.estimate or 0) <= 100:
            raise ValueError(f"share is {self.estimate:g} %; a share lies between 0 and 100")
        return self

    def headline(self) -> str:
        """Return the figure alone: `28.5 mm`, or `50 to 70 mm` where there is only a span."""
        figure = f"{self.low:g} to {self.high:g}" if self.estimate is None else f"{self.estimate:g}"
        figure = figure.replace("-", "\N{MINUS SIGN}")
        return f"{figure}\N{NO-BREAK SPACE}{self.unit}".strip()

    def spread(self) -> str:
        """Return what surrounds the figure: `SD 11.2, range 9.1 to 53.7, n = 30`."""
        parts = []
        if self.measure in ("mean", "median"):
            parts.append(self.measure)
        if self.sd is not None:
            parts.append(f"SD {self.sd:g}")
        if self.low is not None and self.estimate is not None:
            parts.append(f"{INTERVALS[self.interval]} {self.low:g} to {self.high:g}")
        if self.n is not None:
            parts.append(f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{self.n}")
        return ", ".join(parts)

    def extent(self) -> tuple[float, float]:
        """Return (low, high) in `unit`: the interval, or the estimate give or take one SD."""
        if self.low is not None:
            return self.low, self.high
        return self.estimate - (self.sd or 0), self.estimate + (self.sd or 0)


class Reason(Model):
    """Why certainty is lowered or raised, in a GRADE term and in plain words."""

    reason: Literal[
        "risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias",
        "large effect", "dose response", "plausible confounding",
    ]  # fmt: skip
    because: Annotated[str, Field(min_length=4)]
    steps: Literal[1, 2, 3] = 1


LOWERING = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")


class Claim(Model):
    """A statement of the course and everything it rests on."""

    id: Slug
    topic: Topic
    statement: Sentence
    values: tuple[Quantity, ...] = ()
    sources: tuple[Key, ...]
    design: Design
    about: Literal["effect", "description", "record"]
    certainty: Certainty
    lowered_for: tuple[Reason, ...] = ()
    raised_for: tuple[Reason, ...] = ()
    disagrees_with: tuple[Slug, ...] = ()
    known: Literal["verified", "seed", "recalled"]
    via: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _accounts_for_itself(self) -> Claim:
        self._reasons_explain_certainty()
        self._figures_stand_in_the_statement()
        names = [v.name for v in self.values]
        if len(names) > 1 and (None in names or len(set(names)) < len(names)):
            raise ValueError("several values need a name each; give each a different name")
        if self.id in self.disagrees_with:
            raise ValueError("disagrees with itself; name another claim")
        return self

    def _reasons_explain_certainty(self) -> None:
        for reason in self.lowered_for:
            if reason.reason not in LOWERING:
                raise ValueError(f"'{reason.reason}' cannot lower; move it to raised_for")
        for reason in self.raised_for:
            if reason.reason in LOWERING:
                raise ValueError(f"'{reason.reason}' cannot raise; move it to lowered_for")
        start = START[self.about].get(self.design, "very low")
        level = LEVELS.index(start) - sum(r.steps for r in self.lowered_for) + sum(r.steps for r in self.raised_for)
        due = LEVELS[min(max(level, 0), len(LEVELS) - 1)]
        if due != self.certainty:
            raise ValueError(
                f"certainty is '{self.certainty}' but {self.design} about {self.about} starts '{start}' "
                f"and the reasons lead to '{due}'; correct the reasons or the certainty"
            )

    def _figures_stand_in_the_statement(self) -> None:
        written = {float(x) for x in re.findall(r"\d+(?:\.\d+)?", self.statement.replace(",", ""))}
        for value in self.values:
            figures = (value.low, value.high) if value.estimate is None else (value.estimate,)
            for figure in figures:
                if abs(figure) not in written:
                    raise ValueError(f"value {figure:g} is not in the statement; make the two agree")

    @property
    def published(self) -> bool:
        """Whether the course may state it: never from memory alone."""
        return self.known != "recalled"

    def quantity(self, name: str = "") -> Quantity:
        """Return the value called `name`, or the only one.

        Raises
        ------
        KeyError
            If there is no such value, or several and no name.
        """
        for value in self.values:
            if value.name == name or (not name and len(self.values) == 1):
                return value
        raise KeyError(name)

    def fingerprint(self) -> str:
        """Return 12 hex digits that change when the sentence, a figure or the certainty does."""
        core = self.model_dump_json(include={"statement", "values", "certainty"})
        return sha256(core.encode()).hexdigest()[:12]
