"""Rules on options: cues to the key, and what makes options hard to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from statistics import median

from backmice.items.item import Item, Option
from backmice.items.kinds import Matching
from backmice.items.lint.figures import measure, numbers_within, template
from backmice.items.lint.finding import Mark, Statements
from backmice.items.lint.parts import at, choices, distractors, keys, listed
from backmice.items.lint.words import content, questions, telling, word_set, words

#: Absolutes that a cautious author doesn't sign; `all three` and the like only counts.
ABSOLUTE = re.compile(
    r"\b(always|never|only|every|everyone|everybody|nobody|no one|none(?! in \d)|must|entirely|completely|totally|absolutely|"
    r"impossible|invariably|(?<!at )all(?! (?:two|three|four|five|six|seven|eight|nine|ten|\d+|over|along|round|day|night)\b))\b",
    re.IGNORECASE,
)
VAGUE = re.compile(
    r"(?<!how )(?<!more )(?<!less )(?<!most )(?<!least )\b(often|usually|sometimes|frequently|occasionally|rarely|"
    r"seldom|commonly|generally|typically|normally|tends? to)\b(?! than| as\b)",
    re.IGNORECASE,
)
ABOVE = re.compile(
    r"\b(?:all|none|both|neither|either|any|two|some) of (?:the above|these|those|them|the others?)\b|"
    r"\b(?:all|none) (?:above|apply)\b|^(?:both|either|neither) [A-H] (?:and|or|nor) [A-H]$|"
    r"^(?:options? )?[A-H](?:, [A-H])*,? (?:and|or) [A-H](?: only)?$",
    re.IGNORECASE,
)
CONTRAST = re.compile(
    r"\b(?:not|no|neither|nor|both|either|than|before|after|then|from|into|above|below|more|less|while|but|"
    r"instead|without|[a-z]+n't)\b",
    re.IGNORECASE,
)
LONGER, LONGER_BY = 1.3, 12
OUT_OF_LINE, OUT_BY = 2.0, 30
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|will|would|should|can|could|may|might|must|cannot|"
    r"isn't|aren't|wasn't|doesn't|don't|won't)\b"
)
RELATIVE = re.compile(r"\b(?:that|which|who|whom|whose|when|if|where|while|because|since|as|until|before|after)\b")
SUBJECT = word_set("it they he she we you there this these those i")


def key_longest(item: Item, _: Statements) -> Iterator[Mark]:
    """Find a key, or keys, longer than every distractor by a margin."""
    if not choices(item):
        return
    key = min(keys(item), key=lambda option: len(option.text))
    longest = max(len(option.text) for option in distractors(item))
    if len(key.text) >= LONGER * longest and len(key.text) >= longest + LONGER_BY:
        what = f"the key has {len(key.text)} characters, the longest distractor {longest}"
        yield (*at(item, key), "text"), what, "cut the key, or say as much in a distractor"


def mixed_length(item: Item, statements: Statements) -> Iterator[Mark]:
    """Find the option that is farthest out of line, longer or shorter, other than a key that is longest."""
    worst, out = None, 1.0
    for option in () if any(key_longest(item, statements)) else choices(item):
        others = median(len(other.text) for other in choices(item) if other is not option)
        size = len(option.text)
        # A short name among sentences catches the eye less than a sentence among names.
        ratio = size / (OUT_OF_LINE * others) if size > others else others / (2 * OUT_OF_LINE * size)
        if abs(size - others) >= OUT_BY and ratio >= out:
            worst, out = (option, size, others), ratio
    if worst:
        option, size, others = worst
        what = f"'{option.id}' has {size} characters, the others about {others:g}"
        yield (*at(item, option), "text"), what, "bring the options to a similar length"


def absolute(item: Item, _: Statements) -> Iterator[Mark]:
    """Find words that leave no exception."""
    for option in choices(item):
        if (found := ABSOLUTE.search(option.text)) and not ABOVE.search(option.text):
            what = f"'{found[0]}' leaves no exception, so who knows nothing strikes the option out"
            yield (*at(item, option), "text"), what, "say what holds and for whom"


def vague(item: Item, _: Statements) -> Iterator[Mark]:
    """Find words of frequency that every reader takes differently."""
    for option in choices(item):
        if found := VAGUE.search(option.text):
            what = f"'{found[0]}' means something else to each reader"
            yield (*at(item, option), "text"), what, "give the figure, or compare"


def all_or_none(item: Item, _: Statements) -> Iterator[Mark]:
    """Find options that speak of other options."""
    for option in listed(item):
        if found := ABOVE.search(option.text):
            what = f"'{found[0]}' speaks of other options, whose order may change"
            yield (*at(item, option), "text"), what, "write an option that stands by itself, or make the item multiple"


def repeated_word(item: Item, _: Statements) -> Iterator[Mark]:
    """Find a word of the stem that stands in each key and in no distractor.

    The question itself counts word by word; a vignette is long, so it counts only where no distractor
    takes up any word of it. In matching the case takes the place of the stem.
    """
    if isinstance(item, Matching):
        yield from repeated_in_case(item)
    if not choices(item):
        return
    others = frozenset().union(*(telling(option.text) for option in distractors(item)))
    own = frozenset.intersection(*(telling(option.text) for option in keys(item))) - others
    told = telling(f"{item.vignette or ''} {item.stem}")
    repeated = own & telling(" ".join(questions(item.stem)) or item.stem)
    if not repeated and not others & told:
        repeated = own & told
    if repeated:
        key = keys(item)[0]
        word = next(word for word in words(key.text) if telling(word) & repeated)
        what = f"'{word}' stands in the stem and in the key, and in no distractor"
        yield (*at(item, key), "text"), what, "use another word, or use it in a distractor too"


def repeated_in_case(item: Matching) -> Iterator[Mark]:
    """Find a word of a case that stands in its option and in no other."""
    for i, case in enumerate(item.cases):
        option = next(option for option in item.options if option.id == item.key[case.id])
        others = frozenset().union(*(telling(other.text) for other in item.options if other is not option))
        if repeated := (telling(option.text) & telling(case.text)) - others:
            word = next(word for word in words(option.text) if telling(word) & repeated)
            what = f"'{word}' stands in the case and in its option, and in no other"
            yield ("cases", i, "text"), what, "use another word in the case"


def near_duplicate(item: Item, _: Statements) -> Iterator[Mark]:
    """Find two options that say the same in other words.

    Three or more with the same words are permutations on purpose, and with words that set one thing
    against another (`not`, `than`, `before`) order makes the difference.
    """
    groups: dict[frozenset[str], list[Option]] = {}
    for option in listed(item):
        if not CONTRAST.search(option.text):
            groups.setdefault(content(option.text), []).append(option)
    for same, options in groups.items():
        if len(options) == 2 and len(same) > 1:
            what = f"'{options[0].id}' and '{options[1].id}' hold the same words"
            yield (*at(item, options[1]), "text"), what, "replace one of them"


def mixed_unit(item: Item, _: Statements) -> Iterator[Mark]:
    """Find amounts in different units."""
    measures = [measure(option.text) for option in choices(item)]
    units = list(dict.fromkeys(found[1] for found in measures if found))
    if len(units) > 1 and all(measures):
        yield ("options",), f"the amounts are in {' and '.join(units)}", "give all of them in one unit"


def number_order(item: Item, _: Statements) -> Iterator[Mark]:
    """Find numbers that don't rise from option to option."""
    options = choices(item)
    shapes = [template(option.text) for option in options]
    measures = [measure(option.text) for option in options]
    if options and all(measures):
        if len({unit for _, unit in measures}) > 1:
            return  # mended with the unit
        numbers = [(number,) for number, _ in measures]
    elif options and len({around for around, _ in shapes}) == 1 and all(found for _, found in shapes):
        numbers = [found for _, found in shapes]
    else:
        return
    if numbers != sorted(numbers):
        told = ", ".join(" to ".join(f"{part:g}" for part in number) for number in numbers)
        yield ("options",), f"the numbers stand as {told}", "put them in rising order"


def overlap(item: Item, _: Statements) -> Iterator[Mark]:
    """Find ranges that share a number."""
    ranges = [(option, found) for option in choices(item) if (found := numbers_within(option.text))]
    for (one, first), (other, second) in combinations(ranges, 2):
        if first.overlaps(second):
            what = f"'{one.text}' and '{other.text}' share a number"
            yield (*at(item, other), "text"), what, "let each range begin where the one before has ended"
            return


def form(text: str) -> str | None:
    """Return `sentence`, `fragment` or, where it can't be told without a grammar, None."""
    spoken = words(text)
    if text.endswith("."):
        return "sentence"
    if finite := FINITE.search(text):
        before = text[: finite.start()]
        if before.strip() and not RELATIVE.search(before.lower()):
            return "sentence"
    if spoken and spoken[0] in SUBJECT and len(spoken) > 2:
        return "sentence"
    return "fragment" if len(spoken) <= 3 else None


def mixed_form(item: Item, _: Statements) -> Iterator[Mark]:
    """Find whole sentences beside fragments."""
    forms = {option.id: form(option.text) for option in choices(item)}
    whole, parts = ([id_ for id_, found in forms.items() if found == kind] for kind in ("sentence", "fragment"))
    dots = {option.text.endswith(".") for option in choices(item)}
    if whole and (parts or len(dots) > 1):
        rest = parts or [option.id for option in choices(item) if not option.text.endswith(".")]
        what = f"'{whole[0]}' is a whole sentence, '{rest[0]}' is not"
        yield ("options",), what, "give all options one form"
