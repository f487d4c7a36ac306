"""Claims of the course in a lab: what was found, how sure anyone is, and the figures to work with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from html import escape

from backmice.widgets.shared import DATA, read


class NoClaim(LookupError):
    """A lab asks for what is not there."""


@dataclass(frozen=True)
class Value:
    """A figure as its source gives it; what it does not give is None."""

    name: str | None = None
    estimate: float | None = None
    measure: str = "point"
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str | None = None
    unit: str = ""
    n: int | None = None


@dataclass(frozen=True)
class LabClaim:
    """A claim with its figures, its certainty and its sources; a notebook shows it as a sentence."""

    id: str
    statement: str
    certainty: str
    sources: tuple[str, ...]
    because: tuple[str, ...]
    values: tuple[Value, ...]

    def value(self, name: str | None = None) -> Value:
        """Return a figure by its name, or the only one.

        Raises
        ------
        NoClaim
            If there is no such figure, or the name is left out where there are several.
        """
        found = [v for v in self.values if v.name == name] if name else list(self.values)
        if len(found) != 1:
            names = ", ".join(v.name or "(the only one)" for v in self.values) or "none"
            raise NoClaim(f"claim '{self.id}' has no value '{name or ''}'; its values: {names}")
        return found[0]

    def _repr_html_(self) -> str:
        level = self.certainty.replace(" ", "-")
        why = f" Lowered for: {'; '.join(self.because)}." if self.because else ""
        sources = "; ".join(self.sources)
        return (
            f"<p>{escape(self.statement)}</p>"
            f'<p><span class="chip" data-certainty="{level}">{self.certainty.capitalize()} certainty: '
            f"{escape(sources)}.</span>{escape(why)}</p>"
        )

    def __str__(self) -> str:
        return f"{self.statement} ({self.certainty.capitalize()} certainty: {'; '.join(self.sources)})"


@cache
def _all() -> dict[str, dict]:
    return json.loads(read(DATA / "claims.json"))


def claim(id_: str) -> LabClaim:
    """Return a claim that a lab rests on.

    Raises
    ------
    NoClaim
        If no lab of the course names it.
    """
    found = _all().get(id_)
    if found is None:
        raise NoClaim(f"no claim '{id_}' in the labs; they have: {', '.join(_all())}")
    values = tuple(Value(**value) for value in found["values"])
    sources, because = tuple(found["sources"]), tuple(found["because"])
    return LabClaim(id_, found["statement"], found["certainty"], sources, because, values)
