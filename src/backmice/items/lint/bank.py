"""Rules on the whole bank: where keys stand, whether length pays, levels, gaps, twins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from backmice.items.blind import blind
from backmice.items.blueprint import load_blueprints, shortfalls
from backmice.items.chance import chi_square, chi_square_p, wilson
from backmice.items.item import Item
from backmice.items.lint.parts import choices, is_single, keys
from backmice.items.lint.words import content, stem, words
from backmice.items.load import ITEMS
from backmice.located import Fault, LocatedError

if TYPE_CHECKING:
    from backmice.items.lint.run import Report

SHINGLE, ALIKE = 3, 0.3
RARE = 0.01
RECALL_AT_MOST = 0.25
LETTERS = "abcdefgh"


def survey(report: Report, root: Path) -> None:
    """Add the figures of the bank, and findings where they are beyond chance or plan."""
    items = list(report.items.values())
    if not items:
        return
    kinds = Counter(item.kind for item in items)
    report.figures.append(f"Bank: {len(items)} items ({', '.join(f'{n} {kind}' for kind, n in kinds.most_common())})")
    for line, finding in (*key_positions(items), length_cue(items), *stem_blind(items), level_mix(items)):
        report.figures.append(line)
        report.findings += [finding] if finding else []
    try:
        blueprints = load_blueprints(root)
    except LocatedError as error:
        report.unread += error.faults
        return
    if blueprints.plan is None:
        report.figures.append("Blueprint: no plan of the bank yet (exercises/bank.yml)")
        return
    report.findings = [finding for finding in report.findings if finding.field != "level-mix"]  # the plan says it
    gaps = shortfalls(blueprints, report.items)
    report.figures.append(f"Blueprint: {len(gaps) or 'no'} {'gap' if len(gaps) == 1 else 'gaps'}")
    report.findings += [Fault(g.file, g.line, "blueprint-gap", f"{g.field}: {g.wrong}", g.allowed) for g in gaps]


def on_bank(rule: str, what: str, fix: str) -> Fault:
    """Return a finding that is no single item's."""
    return Fault(str(ITEMS), 1, rule, what, fix)


def places(items: Sequence[Item]) -> dict[int, list[int]]:
    """Return, by number of options, how many single-key items have their key first, second, ..."""
    found: dict[int, list[int]] = {}
    for item in items:
        if is_single(item):
            options = choices(item)
            counts = found.setdefault(len(options), [0] * len(options))
            counts[options.index(keys(item)[0])] += 1
    return dict(sorted(found.items()))


def key_positions(items: Sequence[Item]) -> Iterator[tuple[str, Fault | None]]:
    """Yield, by number of options, a chi-square test of where the key stands."""
    for size, counts in places(items).items():
        n = sum(counts)
        statistic = chi_square(counts, [n / size] * size)
        p = chi_square_p(statistic, size - 1)
        told = " ".join(f"{LETTERS[i]} {count}" for i, count in enumerate(counts))
        rough = " (rough: fewer than 5 expected in each place)" if n / size < 5 else ""
        chance = f"p = {p:.4f}" if p >= 0.0001 else "p < 0.0001"
        test = f"chi-square {statistic:.2f}, df {size - 1}, {chance}"
        line = f"Key position, {n} single-key items with {size} options: {told}; {test}{rough}"
        what = f"keys of items with {size} options stand at {told}, {chance}"
        yield line, on_bank("key-position", what, "move keys to the places that are short") if p < RARE else None


def longest_pays(item: Item) -> float:
    """Return what choosing the longest option earns on average; equally long ones share."""
    longest = max(len(option.text) for option in choices(item))
    candidates = [option for option in choices(item) if len(option.text) == longest]
    return sum(option in keys(item) for option in candidates) / len(candidates)


def length_cue(items: Sequence[Item]) -> tuple[str, Fault | None]:
    """Return how often the key is the longest option, against chance."""
    single = [item for item in items if is_single(item)]
    n, hits = len(single), sum(longest_pays(item) for item in single)
    chance = sum(1 / len(choices(item)) for item in single) / n if n else 0.0
    low, high = wilson(hits, n)
    part = f"{hits / n if n else 0:.0%}, 95 % interval {low:.0%} to {high:.0%}"
    share = f"{hits:.4g} of {n} ({part}); by chance {chance:.0%}"
    line, what = f"Longest option is the key: {share}", f"the longest option is the key in {share}"
    if n and low > chance:
        return line, on_bank("length-cue", what, "cut keys and lengthen distractors")
    if n and high < chance:  # then striking out the longest pays
        return line, on_bank("length-cue", what, "lengthen keys and cut distractors")
    return line, None


def stem_blind(items: Sequence[Item]) -> Iterator[tuple[str, Fault | None]]:
    """Yield how the best of the programs that never read a stem does, against the best by chance."""
    if result := blind(items):
        best = f"{result.best.program}, {result.best.score:.2f} of {result.best.n}"
        chance = f"by chance the best earns {result.best_low:.2f} to {result.best_high:.2f}"
        what = f"the best of {len(result.rows)} programs that never read a stem is {best}; {chance}"
        fix = "see backmice lint --blind, and take out what the options give away"
        line = f"Stem-blind, best of {len(result.rows)}: {best}; {chance}"
        yield line, None if result.within else on_bank("stem-blind", what, fix)


def level_mix(items: Sequence[Item]) -> tuple[str, Fault | None]:
    """Return how many items there are of each level."""
    counts = {level: sum(item.level == level for item in items) for level in ("recall", "application", "analysis")}
    line = "Levels: " + ", ".join(f"{level} {n} ({n / len(items):.0%})" for level, n in counts.items())
    what = f"{counts['recall']} of {len(items)} items ask for recall, more than {RECALL_AT_MOST:.0%}"
    much = counts["recall"] > RECALL_AT_MOST * len(items)
    return line, on_bank("level-mix", what, "ask for application and analysis instead") if much else None


def shingles(item: Item) -> frozenset[tuple[str, ...]]:
    """Return each run of three stems in vignette, stem and options."""
    texts = [item.vignette or "", item.stem, *(part.text for _, part in item.parts())]
    found: set[tuple[str, ...]] = set()
    for text in texts:
        stems = [stem(word) for word in words(text)]
        found |= {tuple(stems[i : i + SHINGLE]) for i in range(len(stems) - SHINGLE + 1)}
        if len(stems) < SHINGLE and content(text):
            found.add(tuple(stems))
    return frozenset(found)


def twins(items: Mapping[str, Item]) -> list[tuple[str, str, float]]:
    """Return pairs of items that share much of their wording, with the share (Jaccard) of it."""
    runs = {id_: shingles(item) for id_, item in items.items()}
    pairs = []
    for one, other in combinations(runs, 2):
        both = len(runs[one] & runs[other])
        share = both / max(len(runs[one] | runs[other]), 1)
        if share >= ALIKE:
            pairs.append((one, other, share))
    return pairs
