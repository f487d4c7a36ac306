"""A worked case as it stands in a page's text: stages that open one after the other, with items in them.

Read apart from Sphinx so that `backmice check` needs no build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from backmice.located import Fault

FENCED = r"^(`{{3,}}|:{{3,}})\{{{name}\}}[ \t]*(.*?)[ \t]*\n(.*?)^\1[ \t]*$"
CASE, STAGE = (re.compile(FENCED.format(name=name), re.DOTALL | re.MULTILINE) for name in ("case", "stage"))
ITEM = re.compile(r"^(?:`{3,}|:{3,})\{item\}[ \t]*(\S*)", re.MULTILINE)
LEAST_STAGES = 3


def case_faults(file: str, text: str, *, is_case: bool) -> Iterator[Fault]:
    """Yield what the case of a page lacks, and cases and items of cases on a page that is none.

    Parameters
    ----------
    is_case
        Whether the front matter says that the page is a case.
    """

    def fault(at: int, field: str, wrong: str, allowed: str) -> Fault:
        return Fault(file, text.count("\n", 0, at) + 1, field, wrong, allowed)

    cases = list(CASE.finditer(text))
    stages = [stage for case in cases for stage in STAGE.finditer(text, *case.span(3))]
    if not is_case:
        for case in cases:
            yield fault(
                case.start(), "case", "stands on a page that is none", "write `case: true` into its front matter"
            )
    elif len(cases) != 1:
        yield fault(0, "case", f"the page has {len(cases)}", "a case has one ::::{case} with its stages")
    else:
        for wrong, allowed in _shape(cases[0], stages, PurePath(file).stem):
            yield fault(cases[0].start(), "case", wrong, allowed)
    for stage in stages:
        if not stage[2]:
            yield fault(stage.start(), "stage", "has no title", "write it after {stage}")
    seen: set[str] = set()
    for item in ITEM.finditer(text):
        if not any(stage.start() < item.start() < stage.end() for stage in stages):
            yield fault(item.start(), "item", f"'{item[1]}' stands in no stage", "put it into a stage of a case")
        elif item[1] in seen:
            yield fault(item.start(), "item", f"'{item[1]}' stands twice", "keep one of them")
        seen.add(item[1])


def _shape(case: re.Match[str], stages: list[re.Match[str]], name: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a case as a whole, and what is allowed."""
    if case[2] != name:
        yield f"'{case[2]}' is not the file name '{name}'", "make the two agree"
    if len(stages) < LEAST_STAGES:
        yield f"has {len(stages)} of {LEAST_STAGES} stages", "tell it in more"
    if STAGE.sub("", case[3]).strip():
        yield "has text outside its stages", "put all of it into them"
    if not ITEM.search(case[3]):
        yield "asks nothing", "put an {item} into a stage"
