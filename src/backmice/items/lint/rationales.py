"""Rules on rationales: each teaches, says no figure that its claims don't, and the key's rests on claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from backmice.items.item import Item
from backmice.items.kinds import Matching, Numeric, Ordering
from backmice.items.lint.figures import figures
from backmice.items.lint.finding import Mark, Statements
from backmice.items.lint.parts import given, rationales, resting
from backmice.items.lint.words import content, questions, sentences, short, stem, word_set, words

VERDICT = frozenset(
    stem(word) for word in word_set("answer best choice correct distractor false incorrect key option right true wrong")
)
FEW_WORDS, ENOUGH_SAID = 6, 5
#: Signs of a calculation, or its words.
WORKING = re.compile(r"[=\N{MULTIPLICATION SIGN}\N{DIVISION SIGN}]|\b(?:times|divided by|multiplied by|equals)\b")


def thin_rationale(item: Item, _: Statements) -> Iterator[Mark]:
    """Find rationales that give a verdict and no reason."""
    for loc, _, text in rationales(item):
        reasons = content(text) - VERDICT
        if not reasons or (len(reasons) == 1 and len(words(text)) < FEW_WORDS):
            yield loc, f"{short(text)} gives no reason", "say why it tempts and why it fails, or why it is right"


def echo_rationale(item: Item, statements: Statements) -> Iterator[Mark]:
    """Find rationales that only say option and stem again."""
    thin = {loc for loc, *_ in thin_rationale(item, statements)}
    for loc, part, text in rationales(item):
        said = content(text) - VERDICT
        option = content(part.text) if part else frozenset()
        new = said - option - content(item.stem)
        again = not new or (len(new) == 1 and option <= said and len(said) >= ENOUGH_SAID)
        if loc not in thin and again:
            yield loc, f"{short(text)} says the option again", "add what the learner doesn't know yet"


def unsupported_key(item: Item, _: Statements) -> Iterator[Mark]:
    """Find rationales of the key that rest on no claim."""
    parts = resting(item)
    if isinstance(item, Ordering):  # one step's claim may carry the order
        if not any(part.claims for _, part in parts):
            yield ("options",), "no step's rationale rests on a claim", "name the claims of the order"
        return
    if isinstance(item, Matching):  # an option's rationale may carry the cases that it is credited for
        options = {option.id: option for option in item.options}
        parts = tuple((loc, case) for loc, case in parts if not options[item.key[case.id]].claims)
    for loc, part in parts:
        if not part.claims:
            what = f"'{part.id}' is credited, and its rationale rests on no claim"
            yield (*loc, "rationale"), what, "name its claims"


def unexplained_claim(item: Item, _: Statements) -> Iterator[Mark]:
    """Find claims of the item that no rationale names; a numeric item's own rests on all of them."""
    if isinstance(item, Numeric):
        return
    named = {id_ for _, part in item.parts() for id_ in part.claims}
    for i, id_ in enumerate(item.claims):
        if named and id_ not in named:
            what = f"the key rests on '{id_}', which no rationale names"
            yield ("claims", i), what, "say in a rationale what the claim adds, or leave it out"


def foreign_figure(item: Item, statements: Statements) -> Iterator[Mark]:
    """Find figures that no claim of the item states.

    Figures of the case and of the options are given; the question may ask about any.
    """
    stated = named(" ".join(statements.get(id_, "") for id_ in item.all_claims()))
    told = [sentence for sentence in sentences(item.stem) if sentence not in questions(item.stem)]
    fix = "use the figure of a claim, and name the claim"
    for sentence in told if item.vignette is None else ():
        for figure in figures(sentence):
            if float(figure) not in stated:
                yield ("stem",), f"{figure} stands in no claim of the item", fix
    case = named(given(item))
    if isinstance(item, Numeric):
        case |= {item.key.value, *(slip.value for slip in item.slips)}
    known = case | stated
    # What one rationale works out, a numeric item's own above all, another may take up.
    for loc, _, text in sorted(rationales(item), key=lambda entry: entry[0] != ("rationale",)):
        strange = foreign(text, known)
        known |= {float(figure) for figure in figures(text) if figure not in strange}
        for figure in strange:
            yield loc, f"{figure} stands in no claim of the item", fix


def foreign(text: str, known: set[float]) -> list[str]:
    """Return the figures of a rationale that are neither known nor follow from what is.

    A figure may be the sum, the difference or the share of two known ones, or the product or ratio of
    two that the rationale names. Where it shows its working, each result may be used in turn.
    """
    left = list(dict.fromkeys(figures(text)))
    working = bool(WORKING.search(text))
    known = known | ({1.0, 100.0} | {part / 100 for part in known} if working else set())
    while follow := [figure for figure in left if follows(figure, known, known if working else known & named(text))]:
        left = [figure for figure in left if figure not in follow]
        if not working:
            break
        known |= {float(figure) for figure in follow}
    return left


def named(text: str) -> set[float]:
    """Return the values of the figures in a text."""
    return {float(figure) for figure in figures(text)}


def follows(figure: str, known: set[float], factors: set[float]) -> bool:
    """Whether a figure is known, or two known ones or two factors give it."""
    value, slack = float(figure), 0.5000001 * 10 ** -len(figure.partition(".")[2])
    results = [result for a, b in product(known, repeat=2) for result in (a + b, a - b, 100 * ratio(a, b))]
    results += [result for a, b in product(factors, repeat=2) for result in (a * b, ratio(a, b))]
    # Rounded half up as well as half to even: authors round by hand.
    return value in known or any(abs(result - value) <= slack for result in results)


def ratio(part: float, whole: float) -> float:
    """Return how often a number holds another; nothing where there is nothing to divide by."""
    return part / whole if whole else 0.0


def one_to_one(item: Item, _: Statements) -> Iterator[Mark]:
    """Find cases and options that pair off, so that the last needs no knowledge."""
    if isinstance(item, Matching) and len(set(item.key.values())) == len(item.cases) == len(item.options):
        what = f"{len(item.cases)} cases and as many options, each credited once"
        yield ("key",), what, "add an option that fits no case, or credit one twice"
