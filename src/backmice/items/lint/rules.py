"""Every rule in one table: `backmice lint --rules` prints it.

NBME: National Board of Medical Examiners, Item-Writing Guide. HDR: Haladyna, Downing and Rodriguez 2002,
A review of multiple-choice item-writing guidelines for classroom assessment, with the number of the guideline.
"""

from __future__ import annotations

from backmice.items.lint import options, rationales, stems
from backmice.items.lint.finding import Rule

OURS = "this course"
ITEM_RULES = (
    Rule(
        "key-longest", "Authors qualify what they know is right, so test-wise readers take the longest option.",
        "NBME, long correct answer; HDR 24, 28d", "Ice / A sling / Compression, elevation and early movement of the joint",
        options.key_longest,
    ),
    Rule(
        "mixed-length", "An option out of line draws or repels the eye before it is read.",
        "HDR 24", "Milk / Tap water / A dry handkerchief folded several times and put in the pocket",
        options.mixed_length,
    ),
    Rule(
        "mixed-form", "Sentences beside fragments can't be compared, and the odd one stands out.",
        "NBME, options not homogeneous; HDR 23", "Iron has been lost / Haemolysis", options.mixed_form,
    ),
    Rule(
        "mixed-unit", "The reader converts units instead of weighing the amounts.",
        "NBME, inconsistent numeric data; HDR 23", "250 mg / 1 g", options.mixed_unit,
    ),
    Rule(
        "number-order", "Numbers out of order are misread, and their order may give the key away.",
        "NBME, options not in logical order; HDR 21", "30 / 10 / 20", options.number_order,
    ),
    Rule(
        "overlap", "Where ranges overlap, two options hold at once.",
        "NBME, inconsistent numeric data; HDR 22", "2 to 4 hours / 3 to 6 hours", options.overlap,
    ),
    Rule(
        "near-duplicate", "Two options that say the same are both wrong, or both right.",
        "NBME, logical cues; HDR 22", "An overactive thyroid / Overactivity of the thyroid", options.near_duplicate,
    ),
    Rule(
        "absolute", "Few things hold without exception, so who knows nothing strikes the option out.",
        "NBME, absolute terms; HDR 28a", "It is always malignant", options.absolute,
    ),
    Rule(
        "vague", "Readers put anything from a tenth to nine tenths behind such a word.",
        "NBME, vague frequency terms", "It often recurs", options.vague,
    ),
    Rule(
        "all-or-none", "It asks about the other options instead of the matter, and their order may change.",
        "NBME, none of the above; HDR 25, 26", "None of the above", options.all_or_none,
    ),
    Rule(
        "repeated-word", "A word shared by stem and key alone matches without being understood.",
        "NBME, word repeats; HDR 28b", "Which transient ... ? Transient synovitis", options.repeated_word,
    ),
    Rule(
        "grammar-cue", "What doesn't fit the grammar of the stem is struck out unread.",
        "NBME, grammatical cues; HDR 28c", "... by eating an? orange / loaf", stems.grammar_cue,
    ),
    Rule(
        "negative-stem", "The negation is read over; who knows what is wrong need not know what is right.",
        "NBME, negatively phrased lead-in; HDR 17", "Which of these is not a sign?", stems.negative_stem,
    ),
    Rule(
        "double-negative", "It tests logic instead of the matter.",
        "NBME, language unnecessarily complicated; HDR 17, 27", "When is it not inappropriate to wait?",
        stems.double_negative,
    ),
    Rule(
        "unfocused-stem", "Who knows the matter must be able to answer with the options covered.",
        "NBME, cover-the-options rule; HDR 15", "Which statement about gout is true?", stems.unfocused_stem,
    ),
    Rule(
        "level-mismatch", "Blueprints count levels, so a level must be what the stem asks.",
        OURS, "recall: What is the best next step?", stems.level_mismatch,
    ),
    Rule(
        "kind-mismatch", "The reader must know how many answers count.",
        "HDR 14", "single: Choose all that apply.", stems.kind_mismatch,
    ),
    Rule(
        "one-to-one", "When cases and options pair off, the last pair is left over.",
        "NBME, extended matching", "3 cases, 3 options, each once", rationales.one_to_one,
    ),
    Rule("thin-rationale", "A verdict teaches nothing.", OURS, "This is correct.", rationales.thin_rationale),
    Rule(
        "echo-rationale", "The option said again teaches nothing.",
        OURS, "Insulin: The hormone insulin lowers glucose.", rationales.echo_rationale,
    ),
    Rule(
        "unsupported-key", "What is credited must rest on evidence that can be looked up.",
        OURS, "the key's rationale without `claims`", rationales.unsupported_key,
    ),
    Rule(
        "unexplained-claim", "What the key rests on must be told in a rationale.",
        OURS, "claims: [a, b], and every rationale names a alone", rationales.unexplained_claim,
    ),
    Rule(
        "foreign-figure", "A figure is written once, in the ledger; here it is mistyped or has no source.",
        OURS, "in 75 % (the claim says 65 %)", rationales.foreign_figure,
    ),
)  # fmt: skip
BANK_RULES = (
    Rule(
        "twin-items", "Two items that ask the same give each other away and count one thing twice.",
        OURS, "two files with the same vignette",
    ),
    Rule(
        "key-position", "A favourite place of the key is a guess that pays.",
        "NBME, logical order; HDR 20", "the key is b in half of the items",
    ),
    Rule(
        "length-cue", "Over the bank the longest option must pay no more than chance, and no less: then striking it out pays.",
        "NBME, long correct answer; HDR 24", "the key is longest in half of the items, or in none",
    ),
    Rule(
        "stem-blind", "What can be earned without reading a stem is earned by cues.",
        "HDR 28", "a program that takes the most hedged option beats the best that chance gives",
    ),
    Rule("level-mix", "Recall is easily written and least worth testing.", OURS, "more than a quarter asks for recall"),
    Rule("blueprint-gap", "An exam can't be drawn from items that aren't there.", OURS, "3 asked for, 2 there"),
    Rule(
        "idle-waiver", "A waiver that waives nothing hides the next flaw.",
        OURS, "waivers: {vague: ...} on an item without vague words",
    ),
)  # fmt: skip
RULES = ITEM_RULES + BANK_RULES


def table() -> str:
    """Return every rule with reason, source and example, as text."""
    return "\n\n".join(
        f"{rule.id}\n  Why: {rule.reason}\n  Source: {rule.source}\n  Example: {rule.example}" for rule in RULES
    )
