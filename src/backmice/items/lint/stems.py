"""Rules on stems: one focused question, asked without a trap, at the level and of the kind that the item says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmice.items.item import Item
from backmice.items.lint.finding import Mark, Statements
from backmice.items.lint.parts import at, choices, distractors, is_single, keys
from backmice.items.lint.words import content, questions, sentences, words

NEGATION = re.compile(
    r"\b(?:not|never|except|excluding|cannot|[a-z]+n['\N{RIGHT SINGLE QUOTATION MARK}]t)\b|(?<!at )\bleast\b"
)
#: A negation behind one of these describes the case; it does not turn the question.
SUBORDINATE = re.compile(r"\b(?:who|whom|whose|that|if|when|because|although|though|while|since|unless|but)\b")
#: A reason may be asked for what is not so.
REASON = re.compile(r"\b(?:why|how (?:do|does|can|would|should) (?:you|we|one) explain|what explains)\b", re.IGNORECASE)
NOT = r"(?:not|never|cannot|[a-z]+n['\N{RIGHT SINGLE QUOTATION MARK}]t)"
LACKING = (
    r"(?:fail(?:s|ed)?|lack(?:s|ed|ing)?|without|never|not|no|absent|impossible|untrue|false|unable|unlikely|"
    r"uncommon|unnecessary|unsafe|unsuitable|inappropriate|incorrect|inadvisable|improper|wrong|unwise|except|unless|deny|denies)"
)
TWO_NEGATIVES = re.compile(
    rf"\b{NOT}\b(?: (?!(?:and|but|or|so|because|since|if|when|who|which) )[\w'-]+){{0,7}}? {LACKING}\b", re.IGNORECASE
)
NEGATED = re.compile(rf"\b{NOT}\b", re.IGNORECASE)
ANY_TRUTH = re.compile(
    r"\bwhich (?:one )?(?:of )?(?:the |these )?(?:following )?(?:statements?|sentences?|assertions?)\b.*"
    r"\b(?:true|false|correct|incorrect|right|wrong|holds?|applies|apply)\b|"
    r"\bwhich (?:one )?(?:of )?(?:the following|these) (?:is|are) (?:true|false|correct|incorrect|right|wrong)\b|"
    r"^what (?:is|are) (?:true|false|correct|known)\b|\bwhich (?:is|are) (?:true|correct|right|false)\b",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"\b(an?)\W*$", re.IGNORECASE)
AN_SOUND = re.compile(
    r"^(?:(?!eu|one\b|once\b|uni(?!n|m)|us[eu]|ur[eio])[aeiou]|hour|honest|heir|x-?ray|MRI\b|ECG\b|8|11\b|18\b)",
    re.IGNORECASE,
)
NEVER_PLURAL = re.compile(r"(?:ss|us|is|as|os)$")
PATIENT = re.compile(
    r"\b(?:next step|first step|most likely (?:cause|diagnosis)|best (?:next|plan|treatment|management|advice)|"
    r"should (?:be )?(?:you|he|she|they|the \w+)|(?:should|do) (?:you|he|she) do|what (?:should|would) you)\b",
    re.IGNORECASE,
)
SEVERAL_ASKED = re.compile(
    r"\b(?:choose|select|mark|tick|pick) (?:all|every|any|two|three|several)\b|"
    r"\b(?:all|any) that apply\b|\bwhich (?:two|three|four|five)\b",
    re.IGNORECASE,
)
ONE_ASKED = re.compile(
    r"\bsingle (?:best|most)\b|\bwhat is the (?:most likely|best|main|next)(?: \w+){0,2}\?|"
    r"\bwhich (?:one|single)\b(?! or)",
    re.IGNORECASE,
)
#: A key that names several things answers a question for several.
LIST = re.compile(r",| and ")
FEW_WORDS, BARE_WORDS = 2, 12


def asked(item: Item) -> str:
    """Return the question of a stem, or the whole stem if it asks none."""
    return " ".join(questions(item.stem)) or item.stem


def turning(question: str) -> re.Match[str] | None:
    """Return the negation in lower case that turns a question round, if there is one."""
    if REASON.search(question):
        return None
    for found in NEGATION.finditer(question):
        if not SUBORDINATE.search(question[: found.start()].partition(" ")[2].lower()):
            return found
    return None


def double_negative(item: Item, _: Statements) -> Iterator[Mark]:
    """Find two negations that the reader must cancel."""
    fix = "say it without negations"
    question = asked(item)
    if found := TWO_NEGATIVES.search(question):
        yield ("stem",), f"'{found[0]}' negates twice", fix
    turned = NEGATED.search(question) and not REASON.search(question)
    for option in choices(item):
        if found := TWO_NEGATIVES.search(option.text):
            yield (*at(item, option), "text"), f"'{found[0]}' negates twice", fix
        elif turned and (found := NEGATED.search(option.text)):
            yield (*at(item, option), "text"), f"'{found[0]}' answers a question that is negative itself", fix


def negative_stem(item: Item, _: Statements) -> Iterator[Mark]:
    """Find a negative question whose negation is not in capitals."""
    question = asked(item)
    if (found := turning(question)) and not TWO_NEGATIVES.search(question):
        what = f"'{found[0]}' turns the question round and is read over"
        yield ("stem",), what, f"ask for what holds; where that can't be, write {found[0].upper()}"


def unfocused_stem(item: Item, _: Statements) -> Iterator[Mark]:
    """Find a stem that asks nothing, several things, or nothing that could be answered with the options covered."""
    count = item.stem.count("?")
    if count == 0:
        yield ("stem",), "asks no question", "end with one question and its question mark"
    elif count > 1:
        yield ("stem",), f"asks {count} questions", "ask one"
    elif len(content(item.stem)) < FEW_WORDS and not item.vignette:
        yield ("stem",), "has too few words to be answered with the options covered", "say what is wanted to be known"
    elif found := ANY_TRUTH.search(item.stem):
        what = f"'{found[0]}' can't be answered with the options covered"
        if item.vignette is None:
            yield ("stem",), what, "ask for the one thing that the options answer"


def grammar_cue(item: Item, _: Statements) -> Iterator[Mark]:
    """Find options that the grammar of the stem rules out."""
    if found := ARTICLE.search(item.stem):
        wants = found[1].lower() == "an"
        misfits = [option for option in choices(item) if bool(AN_SOUND.match(option.text)) != wants]
        if misfits:
            what = f"ends in '{found[1]}', which '{misfits[0].text}' can't follow"
            yield ("stem",), what, "move the article into the options"
    number = _number_asked(asked(item))
    if number is None or not choices(item):
        return
    fits = [option for option in choices(item) if _number_of(option.text) == number]
    if is_single(item) and fits == list(keys(item)) and len(distractors(item)) > 1:
        what = f"asks for the {number}, and only the key is {number}"
        yield ("stem",), what, "ask so that either number fits, or give distractors the same number"


def _number_asked(question: str) -> str | None:
    found = re.search(r"\b[Ww]h(?:ich|at) (?:of (?:the|these) )?(\w+) (\w+)", question)
    if not found:
        return None
    noun, verb = found[1].lower(), found[2].lower()
    if verb in ("of", "in", "at", "on", "for", "would", "should", "can", "could", "may", "will", "fits", "best"):
        return None
    if noun.endswith("s") and not NEVER_PLURAL.search(noun) and (verb in ("are", "were", "have") or verb[-1] != "s"):
        return "plural"
    return "singular" if verb in ("is", "was", "has") or verb.endswith("s") else None


def _number_of(option: str) -> str:
    """Return the number of the first noun phrase, taken from its last word."""
    phrase = re.split(r"\b(?:of|in|on|at|with|from|for|to|by|under|above|behind)\b|,", option)[0].strip().lower()
    last = (words(phrase) or [""])[-1]
    if re.search(r"\band\b", phrase) or (last.endswith("s") and not NEVER_PLURAL.search(last)):
        return "plural"
    return "singular"


def level_mismatch(item: Item, _: Statements) -> Iterator[Mark]:
    """Find a level that the form of the stem rules out, where it can be told."""
    if item.level == "recall" and item.vignette and PATIENT.search(asked(item)):
        what = "asks what to conclude or do about a case, and is called recall"
        yield ("level",), what, "call it application, or ask for the fact alone"
    bare = item.vignette is None and len(sentences(item.stem)) == 1 and len(words(item.stem)) <= BARE_WORDS
    if item.level != "recall" and bare and is_single(item) and not re.search(r"\d|\bwhy\b|\bif\b", item.stem.lower()):
        what = f"asks one bare fact, and is called {item.level}"
        yield ("level",), what, "give a situation to apply it to, or call it recall"


def kind_mismatch(item: Item, _: Statements) -> Iterator[Mark]:
    """Find a stem that asks for one answer where several count, or the other way round."""
    lists = any(LIST.search(option.text) for option in keys(item))
    if is_single(item) and (found := SEVERAL_ASKED.search(item.stem)) and not lists:
        what = f"'{found[0]}' asks for several answers, and one is credited"
        yield ("stem",), what, "ask for one, or make the item multiple"
    several = choices(item) and not is_single(item)
    if several and (found := ONE_ASKED.search(item.stem)) and not SEVERAL_ASKED.search(item.stem):
        what = f"'{found[0]}' asks for one answer, and {len(item.key)} are credited"
        yield ("stem",), what, "ask which ones, or make the item single"
