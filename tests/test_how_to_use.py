"""The paths through the course and the cases promise minutes: they are those of the pages as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from backmice.chapter import load_chapter

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "book"
PATH = re.compile(r"^### [^\n]*: (?P<sum>\d+) minutes$(?P<rows>.*?)(?=^##)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| .*?\]\((?P<page>[a-z/-]+)\.md\)(?P<whole>, whole)? \| (?P<minutes>\d+) \|$", re.MULTILINE)
CASES = re.compile(r"\[ten worked cases\]\(cases/index\.md\) .*?: (?P<minutes>\d+) minutes in all")
PAGE = (BOOK / "how-to-use.md").read_text()
PATHS = list(PATH.finditer(PAGE))


def minutes_of(page: str) -> int:
    """Return the minutes of a lesson, or of the exam that a page sets."""
    chapter = load_chapter(BOOK / f"{page}.md", ROOT)
    if chapter.is_lesson:
        return chapter.opening.minutes
    [exam] = [reference.name for reference in chapter.references if reference.kind == "exam"]
    return yaml.safe_load((ROOT / f"exercises/blueprints/{exam}.yml").read_text())["minutes"]


def minutes_of_part(page: str) -> int:
    """Return the minutes of all lessons of the part that a page opens."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    [files] = [files for part in parts if (files := [c["file"] for c in part["chapters"]])[0] == f"book/{page}"]
    chapters = [load_chapter(ROOT / f"{file}.md", ROOT) for file in files]
    return sum(chapter.opening.minutes for chapter in chapters if chapter.is_lesson)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path["sum"])
def test_each_step_of_a_path_takes_what_its_pages_say(path):
    steps = list(ROW.finditer(path["rows"]))
    told = {step["page"]: int(step["minutes"]) for step in steps}
    assert told == {step["page"]: (minutes_of_part if step["whole"] else minutes_of)(step["page"]) for step in steps}
    assert sum(told.values()) == int(path["sum"])


def test_there_are_three_paths():
    assert len(PATHS) == 3


def test_the_cases_take_what_is_promised():
    cases = [load_chapter(path, ROOT) for path in sorted((BOOK / "cases").glob("*.md")) if path.stem != "index"]
    assert len(cases) == 10
    assert sum(case.opening.minutes for case in cases) == int(CASES.search(PAGE)["minutes"])
