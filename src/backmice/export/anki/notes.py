"""What is asked: a note for each item, for each region of its pictures, and for each figure it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from markupsafe import Markup

from backmice.evidence.claim import TOPICS, Claim, Quantity
from backmice.evidence.ledger import Ledger
from backmice.export.paper import Paper
from backmice.export.words import number
from backmice.items.model import ChoiceItem, Hotspot, Item, Matching, Numeric, OptionsItem, Ordering

TOP = "Back mice"


@dataclass(frozen=True)
class Card:
    """A note of a type of `looks`.

    Attributes
    ----------
    id
        Permanent: a note with the same id is the same note, whatever it says by then.
    deck
        The name of its deck, below the course's.
    fields
        HTML, in the order of `looks.FIELDS`; the first is the id.
    """

    type: str
    id: str
    deck: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]


def notes(paper: Paper, pictures: Mapping[str, str]) -> Iterator[Card]:
    """Yield the notes of a paper: its items in order, then the figures of the claims that they rest on.

    Parameters
    ----------
    pictures
        The name of each picture among the package's media, by its path.
    """
    for item in paper.items:
        yield _question(item, paper, pictures)
        if isinstance(item, Hotspot):
            yield from _regions(item, paper, pictures[item.picture])
    claims = paper.ledger.claims
    for id_ in dict.fromkeys(id_ for item in paper.items for id_ in item.all_claims()):
        if claims[id_].published and (statement := cloze(claims[id_])):
            yield _fact(claims[id_], statement, paper.ledger)


def _deck(*names: str) -> str:
    return "::".join((TOP, *(name.replace("::", ":") for name in names)))


def _tags(item: Item) -> tuple[str, ...]:
    return f"backmice::{item.topic}", f"objective::{item.objective}", f"level::{item.level}"


def _question(item: Item, paper: Paper, pictures: Mapping[str, str]) -> Card:
    vignette = _p(item.vignette) if item.vignette else Markup("")
    picture = Markup("")
    if isinstance(item, Hotspot):
        picture = _picture(pictures[item.picture], item.alt, [(option.region, "other") for option in item.options])
    asked = picture + vignette + _p(item.stem, "ask")
    fields = item.id, asked, _offered(item), _key(item), _why(item), _rests(item, paper.ledger)
    return Card("question", f"item:{item.id}", _deck(paper.topic(item)), tuple(map(str, fields)), _tags(item))


def _offered(item: Item) -> Markup:
    if isinstance(item, Numeric):
        return _p(f"Answer in {' or '.join(item.units)}.", "small")
    found = Markup("")
    if isinstance(item, OptionsItem):
        found += _list("ol type=A", [option.text for option in item.options])
    if isinstance(item, Matching):
        found += _list("ol", [case.text for case in item.cases])
    return found


def _key(item: Item) -> Markup:
    """Return the key in words, so that it can be read without looking letters up."""
    texts = {option.id: option.text for option in item.options} if isinstance(item, OptionsItem) else {}
    match item:
        case Numeric():
            margin = f", up to {number(item.key.tolerance)} {item.key.unit} more or less" if item.key.tolerance else ""
            told = _p(f"{number(item.key.value)} {item.key.unit}{margin}", "ask")
        case Matching():
            told = _list("ol", [texts[item.key[case.id]] for case in item.cases])
        case Ordering():
            told = _list("ol", [texts[id_] for id_ in item.key])
        case ChoiceItem():
            letters = {option.id: ascii_uppercase[i] for i, option in enumerate(item.options)}
            rows = [f"{letters[option.id]}. {option.text}" for option in item.options if option.id in item.key]
            told = Markup("").join(_p(row, "ask") for row in rows)
        case _:
            raise TypeError(f"items of kind '{item.kind}' have no card")
    return Markup('<div class="key">{}</div>').format(told)


def _why(item: Item) -> Markup:
    first = _p(item.rationale) if isinstance(item, Numeric) else Markup("")
    rows = [Markup("<li><b>{}</b> {}</li>").format(part.text, part.rationale) for _, part in item.parts()]
    return first + Markup('<ul class="why">{}</ul>').format(Markup("").join(rows))


def _regions(item: Hotspot, paper: Paper, name: str) -> Iterator[Card]:
    """Yield a note for each region: it is covered, and what lies there is asked."""
    for option in item.options:
        shapes = [(other.region, "asked" if other is option else "other") for other in item.options]
        picture = _picture(name, item.alt, shapes)
        what = Markup('<div class="key">{}</div>').format(_p(option.text, "ask"))
        id_ = f"region:{item.id}:{option.id}"
        fields = id_, picture, _p("What is marked?", "ask"), what, _p(item.alt, "small"), _rests(item, paper.ledger)
        yield Card("region", id_, _deck(paper.topic(item)), tuple(map(str, fields)), _tags(item))


def _picture(name: str, alt: str, shapes: list[tuple[tuple[tuple[float, float], ...], str]]) -> Markup:
    drawn = Markup("").join(
        Markup('<polygon class="{}" points="{}" />').format(
            look, " ".join(f"{number(x)},{number(y)}" for x, y in region)
        )
        for region, look in shapes
    )
    return Markup(
        '<div class="spot"><img src="{}" alt="{}"><svg viewBox="0 0 100 100" preserveAspectRatio="none">{}</svg></div>'
    ).format(name, alt, drawn)


def _fact(claim: Claim, statement: Markup, ledger: Ledger) -> Card:
    reasons = "; ".join(f"{reason.reason}: {reason.because}" for reason in claim.lowered_for)
    sure = f"{claim.certainty.capitalize()} certainty{f' ({reasons})' if reasons else ''}."
    others = [ledger.claims[id_] for id_ in claim.disagrees_with]
    told = [_p(other.statement) for other in others if other.published]
    contested = Markup('<div class="contested"><b>Others say</b>{}</div>').format(Markup("").join(told)) if told else ""
    sources = Markup('<ul class="rests">{}</ul>').format(Markup("").join(_source(key, ledger) for key in claim.sources))
    fields = claim.id, statement, _p(sure, "small"), contested, sources
    tags = f"claim::{claim.topic}", f"certainty::{claim.certainty.replace(' ', '-')}"
    return Card("fact", f"claim:{claim.id}", _deck("Facts", TOPICS[claim.topic]), tuple(map(str, fields)), tags)


def cloze(claim: Claim) -> Markup | None:
    """Return a claim's statement with each of its figures to fill in; None if none can be found in it."""
    text, spans = claim.statement, {}
    for value in claim.values:
        places = (m for pattern in _figure(value) for m in pattern.finditer(text) if not _meets(m.span(), spans))
        if found := next(places, None):
            spans[found.span()] = found[0]
    if not spans:
        return None
    parts, last = [], 0
    for n, (start, end) in enumerate(sorted(spans), 1):
        parts += [Markup.escape(text[last:start]), Markup("{{{{c{}::{}}}}}").format(n, text[start:end])]
        last = end
    return Markup("").join([*parts, Markup.escape(text[last:])])


def _figure(value: Quantity) -> list[re.Pattern[str]]:
    """Return what a value looks like in a sentence: with its unit, and, if that stands elsewhere, without."""
    ends = (value.low, value.high) if value.estimate is None else (value.estimate,)
    figures = r".{1,8}?".join(_digits(abs(end)) for end in ends if end is not None)
    alone = rf"(?<![\d.,]){figures}(?!\d|[.,]\d)"
    with_unit = [rf"{alone}\s?{re.escape(value.unit)}(?!\w)"] if value.unit else []
    return [re.compile(pattern) for pattern in (*with_unit, alone)]


def _digits(value: float) -> str:
    """Return the pattern of a number, whose thousands may be set off."""
    whole, _, part = f"{value:.12f}".rstrip("0").partition(".")
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",?", whole)
    return rf"{grouped}(?:\.{part}0*)" if part else rf"{grouped}(?:\.0+)?"


def _meets(span: tuple[int, int], spans: Mapping[tuple[int, int], str]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in spans)


def _rests(item: Item, ledger: Ledger) -> Markup:
    """Return what the key rests on, how sure that is, and the sources."""
    claims = [ledger.claims[id_] for id_ in item.claims]
    rows = [
        Markup("<li>{} <b>{} certainty</b>: {}</li>").format(
            claim.statement,
            claim.certainty.capitalize(),
            "; ".join(ledger.references[k].short() for k in claim.sources),
        )
        for claim in claims
    ]
    return Markup('<div class="rests"><p>The key rests on</p><ul>{}</ul></div>').format(Markup("").join(rows))


def _source(key: str, ledger: Ledger) -> Markup:
    reference = ledger.references[key]
    links = [Markup('<a href="{}">{}</a>').format(href, label) for label, href in reference.links()]
    return Markup("<li>{}: {} {}</li>").format(reference.short(), reference.title, Markup(" ").join(links))


def _p(text: str, look: str = "") -> Markup:
    return (Markup('<p class="{1}">{0}</p>') if look else Markup("<p>{0}</p>")).format(text, look)


def _list(tag: str, texts: list[str]) -> Markup:
    rows = Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)
    return Markup(f"<{tag}>") + rows + Markup(f"</{tag.split()[0]}>")
