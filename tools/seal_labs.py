"""Seal the answers of the labs: `python tools/seal_labs.py`.

The solutions stand in tests/labs/solutions; the package gets digests of the values that count.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from statistics import NormalDist
from typing import Any

import yaml

from backmice import labs
from backmice.labs.lab import KEYS, NEAR, STEPS, buckets, seal

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "tests/labs/solutions"
NAMES = {"math": math, "NormalDist": NormalDist, **{name: getattr(labs, name) for name in labs.__all__}}


def sealed() -> str:
    """Return the keys of all labs as JSON."""
    found = {path.stem: seal_lab(path.stem, read(path)) for path in sorted(SOLUTIONS.glob("*.yml"))}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Return the tasks of a lab: each with `solution` as Python, and `unit` with `tolerance`, or `words`."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def seal_lab(lab: str, tasks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the keys of one lab."""
    return {task: seal_task(lab, task, about) for task, about in tasks.items()}


def seal_task(lab: str, task: str, about: dict[str, Any]) -> dict[str, Any]:
    """Return the key of one task: what it says, and digests in an order that tells nothing."""
    key = {name: about[name] for name in ("words", "unit", "says", "otherwise") if name in about}
    if "tolerance" in about:
        key["step"] = about["tolerance"] / STEPS
    right = steps(key, value(about["solution"]), STEPS)
    near = steps(key, value(about["solution"]), STEPS * NEAR) - right
    slips = [(steps(key, value(slip["value"]), 2) - right, slip["says"]) for slip in about.get("slips", ())]

    def digests(answers: set[str]) -> list[str]:
        return sorted(seal(lab, task, answer) for answer in answers)

    key |= {"right": digests(right), "near": digests(near)}
    key["slips"] = [{"digests": digests(answers), "says": says} for answers, says in slips]
    return key


def steps(key: dict[str, Any], answer: Any, around: int) -> set[str]:
    """Return the step of an answer and those around it; of a word, the word."""
    middle = buckets(key, answer)
    if middle is None:
        raise ValueError(f"{answer!r} is no answer of its own task")
    return {middle} if "words" in key else {str(int(middle) + i) for i in range(-around, around + 1)}


def value(expression: Any) -> Any:
    """Return what an expression of a solution gives."""
    return eval(expression, dict(NAMES)) if isinstance(expression, str) else expression


if __name__ == "__main__":
    KEYS.write_text(sealed(), encoding="utf-8")
    print(f"{KEYS.relative_to(ROOT)}: {len(json.loads(KEYS.read_text()))} labs")
    sys.exit(0)
