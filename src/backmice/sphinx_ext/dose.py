"""`{dose-calculator}`: a worked example and a table of ceilings, which a script turns into a calculator."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice import dose
from backmice.html.template import render
from backmice.sphinx_ext.claim import chip_html, claim_href, describe, ledger_of, remember_claims, visit_plain

WEIGHTS_KG = range(40, 101, 10)
#: The plan of the worked example: figures chosen to show the arithmetic, and no recommendation.
EXAMPLE = dose.Plan(percent=1, volume_ml=4, weight_kg=62, height_cm=165, sex="woman")


class dose_calculator(nodes.General, nodes.Element):
    """The place of the calculator."""

    script = "backmice-dose.js"


class DoseDirective(SphinxDirective):
    """`{dose-calculator}`: all its figures come from the claims that `backmice.dose` names."""

    def run(self) -> list[nodes.Node]:
        claims = ledger_of(self.env.app).claims
        for id_ in dose.claim_ids():
            if id_ not in claims or not claims[id_].published:
                raise self.error(f"the calculator rests on '{id_}', which is no published claim; mend backmice/dose.py")
        remember_claims(self.env, [claims[id_] for id_ in dose.claim_ids()])
        return [dose_calculator()]


def data(writer: Any) -> dict[str, Any]:
    """Return, as JSON can hold it, what static/backmice-dose.js shows and reckons with."""
    claims = ledger_of(writer.builder.app).claims
    found = dose.figures(claims)

    def of(text: dose.Text) -> list[str]:
        refs = [text.cap, text.per_kg or text.cap, *dose.RULES.values()]
        return list(dict.fromkeys(ref.partition("#")[0] for ref in refs))

    chips = {}
    for id_ in dose.claim_ids():
        names = "; ".join(name for _, name, _ in describe(writer, id_)["sources"])
        words = f"{claims[id_].certainty.capitalize()} certainty: {names}"
        chips[id_] = {
            "words": words,
            "certainty": claims[id_].certainty.replace(" ", "-"),
            "href": claim_href(writer, id_),
        }
    return {
        "bounds": dose.BOUNDS,
        "texts": [
            {"id": t.id, "what": t.what, "by": t.by, "strengths": t.strengths, "claims": of(t),
             "rules": asdict(dose.rules_of(t, found))}
            for t in dose.TEXTS
        ],
        "chips": chips,
    }  # fmt: skip


def visit_dose(self: Any, node: dose_calculator) -> None:
    """Write the example and the table."""
    app, here = self.builder.app, self.builder.current_docname
    found = dose.figures(ledger_of(app).claims)
    rules = {text: dose.rules_of(text, found) for text in dose.TEXTS}
    shown = [text for text in dose.TEXTS if text.per_kg and text.what.startswith("lidocaine")]
    content = found[dose.RULES["content"]]
    rows = [
        (kg, [(mg, dose.down(mg / content, 2)) for text in shown for mg in [dose.ceiling_mg(rules[text], kg)]])
        for kg in WEIGHTS_KG
    ]
    self.body.append(
        render(
            "dose", data=json.dumps(data(self), ensure_ascii=False, separators=(",", ":")), example=EXAMPLE,
            steps=dose.steps(rules[dose.TEXTS[0]], EXAMPLE), text=dose.TEXTS[0], shown=shown, rows=rows,
            capped=[(t, rules[t].cap_mg, dose.cap_is_more_below_kg(t, found)) for t in dose.TEXTS if not t.per_kg],
            case=ledger_of(app).claims["inj-seed4ml"], chip=lambda id_: chip_html(app, id_, here), ids=[id_.partition("#")[0] for id_ in dose.REFS],
        )
    )  # fmt: skip
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("dose-calculator", DoseDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(dose_calculator, html=(visit_dose, None), latex=plain, text=plain)
