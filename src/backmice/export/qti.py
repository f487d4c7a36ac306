"""Items as QTI: written once in the words of QTI 2.1, and said in those of 3.0 by `qti_package`.

Scoring keeps to operators that every engine has. A number is compared with its bounds, since engines
leave out the tolerance of `equal`; shares are counted whole and divided at the end, so that all is 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lxml.builder import E
from lxml.etree import _Element as Element

from backmice.export.loss import NO_FIGURE, RATIONALES_TOGETHER, WHOLE
from backmice.export.words import number, rationales, slip_words
from backmice.items.kinds import Slip
from backmice.items.model import KINDS, ChoiceItem, Hotspot, Item, Matching, Multiple, Numeric, Ordering

LOSSES = dict.fromkeys(KINDS, WHOLE) | {
    "matching": RATIONALES_TOGETHER,
    "ordering": RATIONALES_TOGETHER,
    "landmark": NO_FIGURE,
}
CASE = "case."  # an option's id has no dot, so that no case is called as an option is
NOTHING = "NONE"  # our ids are small letters
SLACK = 1e-9  # of the number: what binary fractions lose


@dataclass(frozen=True)
class Picture:
    """A picture in the package; `href` is seen from the item, width and height are in pixels."""

    href: str
    width: int
    height: int


def item_tree(item: Item, picture: Picture | None = None) -> Element:
    """Return an item as QTI 2.1 without namespaces.

    Parameters
    ----------
    picture
        What a hotspot item shows.
    """
    form = _form(item, picture)
    return E.assessmentItem(
        *form.responses,
        _outcome("SCORE", "float", E.defaultValue(E.value("0")), normalMaximum="1", normalMinimum="0"),
        _outcome("MAXSCORE", "float", E.defaultValue(E.value("1"))),
        *_feedback_outcomes(form),
        E.itemBody(*form.body),
        E.responseProcessing(*form.scoring),
        *(_modal("FEEDBACK", id_, [text]) for id_, text in form.told.items()),
        *([_modal("GENERAL", "shown", form.general)] if form.general else []),
        identifier=identifier(item.id),
        title=item.id,
        adaptive="false",
        timeDependent="false",
    )


def interactions(item: Item) -> list[str]:
    """Return what an item asks the learner to do, in the words of QTI."""
    match item:
        case Matching():
            return ["matchInteraction"]
        case Ordering():
            return ["orderInteraction"]
        case Numeric():
            return ["textEntryInteraction", "inlineChoiceInteraction"][: 1 + (len(item.units) > 1)]
        case Hotspot():
            return ["hotspotInteraction"]
    return ["choiceInteraction"]


def identifier(id_: str) -> str:
    """Return an id of ours as one of QTI, which begins with a letter or a low line."""
    return id_ if id_[0].isalpha() else f"_{id_}"


@dataclass(frozen=True)
class _Form:
    """What a kind makes of an item.

    Attributes
    ----------
    feedback
        How many ids FEEDBACK holds, as QTI says it; empty when there is no FEEDBACK.
    told
        What is told for an id in FEEDBACK, unless it stands in the body.
    general
        Paragraphs shown after any response.
    """

    responses: list[Element]
    body: list[Element]
    scoring: list[Element]
    feedback: Literal["", "single", "multiple"] = ""
    told: Mapping[str, str] = field(default_factory=dict)
    general: Sequence[str] = ()


def _form(item: Item, picture: Picture | None) -> _Form:
    match item:
        case Matching():
            return _matching(item)
        case Ordering():
            return _ordering(item)
        case Numeric():
            return _numeric(item)
        case Hotspot():
            return _hotspot(item, picture)
        case ChoiceItem():
            return _choice(item)
    raise TypeError(f"{item.kind} has no form in QTI")


def _choice(item: ChoiceItem) -> _Form:
    several = isinstance(item, Multiple)
    choices = [
        E.simpleChoice(
            f"{option.text} ",
            E.feedbackInline(option.rationale, outcomeIdentifier="FEEDBACK", identifier=option.id, showHide="show"),
            identifier=option.id,
        )
        for option in item.options
    ]
    most = "0" if several else "1"
    asked = E.choiceInteraction(
        E.prompt(item.stem), *choices, responseIdentifier="RESPONSE", shuffle="true", maxChoices=most
    )
    if several:
        points = {option.id: 1 if option.id in item.key else -1 for option in item.options}
        responses = [_response("multiple", "identifier", item.key, points)]
        scoring = [_share(len(item.key))]
    else:
        responses, scoring = [_response("single", "identifier", item.key)], [_all(_match_correct())]
    feedback = "multiple" if several else "single"
    return _Form(responses, [*_situation(item), asked], [*scoring, _echo(several)], feedback)


def _hotspot(item: Hotspot, picture: Picture) -> _Form:
    spots = [
        E.hotspotChoice(
            identifier=spot.id,
            shape="poly",
            coords=",".join(
                f"{round(x * picture.width / 100)},{round(y * picture.height / 100)}" for x, y in spot.region
            ),
            hotspotLabel=spot.text,
        )
        for spot in item.options
    ]
    size = {"width": str(picture.width), "height": str(picture.height)}
    image = E.object(item.alt, data=picture.href, type="image/png", **size)
    asked = E.hotspotInteraction(E.prompt(item.stem), image, *spots, responseIdentifier="RESPONSE", maxChoices="1")
    told = {spot.id: spot.rationale for spot in item.options}
    scoring = [_all(_match_correct()), _echo(several=False)]
    return _Form([_response("single", "identifier", item.key)], [*_situation(item), asked], scoring, "single", told)


def _matching(item: Matching) -> _Form:
    pairs = [f"{CASE}{case.id} {item.key[case.id]}" for case in item.cases]
    cases = [E.simpleAssociableChoice(case.text, identifier=f"{CASE}{case.id}", matchMax="1") for case in item.cases]
    options = [E.simpleAssociableChoice(option.text, identifier=option.id, matchMax="0") for option in item.options]
    asked = E.matchInteraction(
        E.prompt(item.stem),
        E.simpleMatchSet(*cases),
        E.simpleMatchSet(*options),
        responseIdentifier="RESPONSE",
        shuffle="true",
        maxAssociations=str(len(cases)),
    )
    responses = [_response("multiple", "directedPair", pairs, dict.fromkeys(pairs, 1))]
    scoring = [_share(len(pairs)), _set("GENERAL", _value("identifier", "shown"))]
    return _Form(responses, [*_situation(item), asked], scoring, general=rationales(item))


def _ordering(item: Ordering) -> _Form:
    steps = [E.simpleChoice(option.text, identifier=option.id) for option in item.options]
    asked = E.orderInteraction(E.prompt(item.stem), *steps, responseIdentifier="RESPONSE", shuffle="false")
    # A point for each neighbour, as in the book.
    places = range(1, len(item.key))
    follows = [
        E.responseCondition(
            E.responseIf(
                E("or", *(E("and", _stands(step, place), _stands(after, place + 1)) for place in places)),
                _set("SCORE", E.sum(E.variable(identifier="SCORE"), _value("float", "1"))),
            )
        )
        for step, after in zip(item.key, item.key[1:], strict=False)
    ]
    score = _set("SCORE", E.divide(E.variable(identifier="SCORE"), _value("float", str(len(places)))))
    scoring = [*follows, score, _set("GENERAL", _value("identifier", "shown"))]
    return _Form(
        [_response("ordered", "identifier", item.key)],
        [*_situation(item), asked],
        scoring,
        general=rationales(item),
    )


def _stands(step: str, place: int) -> Element:
    return E.match(E.index(E.variable(identifier="RESPONSE"), n=str(place)), _value("identifier", step))


def _numeric(item: Numeric) -> _Form:
    units = {name: f"unit-{n}" for n, name in enumerate(item.units, 1)}
    entry = E.p(E.textEntryInteraction(responseIdentifier="RESPONSE", expectedLength="12"), " ")
    responses = [_response("single", "float", [number(item.key.value)])]
    if len(units) == 1:
        entry[-1].tail += item.key.unit
    else:
        choices = [E.inlineChoice(name, identifier=id_) for name, id_ in units.items()]
        entry.append(E.inlineChoiceInteraction(*choices, responseIdentifier="UNIT", shuffle="false"))
        responses.append(_response("single", "identifier", [units[item.key.unit]], called="UNIT"))
    # Slips don't overlap, and a player may show what an earlier response was told unless FEEDBACK is set anew.
    ways = [E.responseIf, *[E.responseElseIf] * (len(item.slips) - 1)]
    slips = [
        way(_within(item, slip, units), _set("FEEDBACK", _value("identifier", slip.id)))
        for way, slip in zip(ways, item.slips, strict=True)
    ]
    scoring = [
        _all(_within(item, item.key, units)),
        E.responseCondition(*slips, E.responseElse(_set("FEEDBACK", _value("identifier", NOTHING)))),
        _set("GENERAL", _value("identifier", "shown")),
    ]
    body = [*_situation(item), E.p(item.stem, {"class": "stem"}), entry]
    told = {slip.id: slip_words(slip) for slip in item.slips}
    return _Form(responses, body, scoring, "single", told, [item.rationale])


def _within(item: Numeric, amount: Slip, units: dict[str, str]) -> Element:
    """Return whether the response lies within the tolerance of an amount, told in the unit of the key."""
    ways = []
    for name, id_ in units.items():
        factor = item.units[item.key.unit] / item.units[name]
        spare = amount.tolerance + SLACK * max(1, abs(amount.value))
        bounds = [
            E.gte(E.variable(identifier="RESPONSE"), _value("float", number((amount.value - spare) * factor))),
            E.lte(E.variable(identifier="RESPONSE"), _value("float", number((amount.value + spare) * factor))),
        ]
        chosen = [E.match(E.variable(identifier="UNIT"), _value("identifier", id_))] if len(units) > 1 else []
        ways.append(E("and", _given(), *chosen, *bounds))
    return ways[0] if len(ways) == 1 else E("or", *ways)


def _situation(item: Item) -> Iterator[Element]:
    if item.vignette:
        yield E.p(item.vignette, {"class": "vignette"})


def _response(
    cardinality: str,
    base: str,
    key: Sequence[str],
    points: Mapping[str, int] | None = None,
    called: str = "RESPONSE",
) -> Element:
    declared = E.responseDeclaration(
        E.correctResponse(*map(E.value, key)), identifier=called, cardinality=cardinality, baseType=base
    )
    if points:
        entries = [E.mapEntry(mapKey=id_, mappedValue=str(worth)) for id_, worth in points.items()]
        declared.append(E.mapping(*entries, lowerBound="0", defaultValue="0"))
    return declared


def _feedback_outcomes(form: _Form) -> Iterator[Element]:
    if form.feedback:
        yield _outcome("FEEDBACK", "identifier", cardinality=form.feedback)
    if form.general:
        yield _outcome("GENERAL", "identifier")


def _outcome(name: str, base: str, *content: Element, cardinality: str = "single", **attributes: str) -> Element:
    return E.outcomeDeclaration(*content, identifier=name, cardinality=cardinality, baseType=base, **attributes)


def _modal(outcome: str, id_: str, paragraphs: Sequence[str]) -> Element:
    return E.modalFeedback(*map(E.p, paragraphs), outcomeIdentifier=outcome, identifier=id_, showHide="show")


def _set(outcome: str, value: Element) -> Element:
    return E.setOutcomeValue(value, identifier=outcome)


def _value(base: str, text: str) -> Element:
    return E.baseValue(text, baseType=base)


def _given() -> Element:
    return E("not", E.isNull(E.variable(identifier="RESPONSE")))


def _match_correct() -> Element:
    return E.match(E.variable(identifier="RESPONSE"), E.correct(identifier="RESPONSE"))


def _all(condition: Element) -> Element:
    return E.responseCondition(
        E.responseIf(condition, _set("SCORE", _value("float", "1"))),
        E.responseElse(_set("SCORE", _value("float", "0"))),
    )


def _share(keys: int) -> Element:
    return _set("SCORE", E.divide(E.mapResponse(identifier="RESPONSE"), _value("float", str(keys))))


def _echo(several: bool) -> Element:
    """Tell the rationale of each option that was chosen."""
    nothing = _value("identifier", NOTHING)
    return E.responseCondition(
        E.responseIf(_given(), _set("FEEDBACK", E.variable(identifier="RESPONSE"))),
        E.responseElse(_set("FEEDBACK", E.multiple(nothing) if several else nothing)),
    )
