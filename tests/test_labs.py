"""Labs: each notebook runs, with its tasks open and with them solved; the check says how good, never what."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.manager import run_kernel

from backmice.labs import (
    Lab,
    Pelvis,
    claim,
    classroom,
    heterogeneity,
    intervals,
    item_rest,
    likelihood_ratios,
    pooled_mean,
    post_test,
    table,
)
from backmice.labs.claims import NoClaim
from backmice.labs.lab import KEYS, LabError
from backmice.notebook_data import write_notebook_data

ROOT = Path(__file__).resolve().parent.parent
LABS = sorted((ROOT / "exercises/labs").glob("*.ipynb"))
#: What a reader's browser does not have, or has only at a price.
ABSENT = ("numpy", "pydantic", "yaml", "jinja2", "plotly", "sphinx", "docutils", "pybtex", "click")


def load_seal():
    spec = importlib.util.spec_from_file_location("seal_labs", ROOT / "tools/seal_labs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


seal = load_seal()
SOLUTIONS = {path.stem: seal.read(path) for path in sorted(seal.SOLUTIONS.glob("*.yml"))}
TASKS = [(lab, task) for lab, tasks in SOLUTIONS.items() for task in tasks]
NUMBERS = [(lab, task) for lab, task in TASKS if "tolerance" in SOLUTIONS[lab][task]]


@pytest.fixture(scope="module", autouse=True)
def written() -> None:
    """What labs show lies beside the package."""
    write_notebook_data(ROOT)


# The notebooks.


def run(notebook: nbformat.NotebookNode, home: Path) -> list[str]:
    """Run a notebook in a kernel of its own, without what a person's own IPython does; return what it showed.

    By the client that blocks: under the one that waits on an event loop, a run was seen to stand still.
    """
    (home / "profile_default").mkdir()
    (home / "profile_default/ipython_kernel_config.py").write_text("c = get_config()\nc.IPKernelApp.log_level = 40\n")
    shown = []

    def look(message: dict) -> None:
        assert message["msg_type"] != "error", message["content"]["traceback"]
        if message["msg_type"] in ("display_data", "execute_result"):
            shown.append(message["content"]["data"].get("text/html", ""))

    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "IPYTHONDIR": str(home)}
    with run_kernel(kernel_name=notebook.metadata.kernelspec.name, env=env, cwd=str(home)) as kernel:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                reply = kernel.execute_interactive(cell.source, timeout=300, output_hook=look)
                assert reply["content"]["status"] == "ok", reply["content"]
    return shown


def solved(lab: str, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Put the solutions in the place of the dots."""
    for task, about in SOLUTIONS[lab].items():
        cells = [
            cell for cell in notebook.cells if cell.cell_type == "code" and f'check("{task}", answer)' in cell.source
        ]
        assert len(cells) == 1 and cells[0].source.startswith("answer = ...")
        imports = "import math\nfrom statistics import NormalDist\nfrom backmice.labs import *\n"
        cells[0].source = imports + cells[0].source.replace("...", str(about["solution"]), 1)
    return notebook


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_holds_no_outputs(path: Path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.id for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")] == []
    assert path.stem in SOLUTIONS


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_a_notebook_runs_with_its_tasks_open_and_gives_nothing_away(path: Path, tmp_path: Path):
    shown = run(nbformat.read(path, 4), tmp_path)
    tasks = SOLUTIONS[path.stem]
    assert sum("Nothing given yet" in html for html in shown) == len(tasks)
    assert f"<b>0 of {len(tasks)}.</b>" in shown[-1]
    for about in tasks.values():
        assert not any(about["says"] in html for html in shown)


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_a_notebook_with_its_solutions_has_all_points(path: Path, tmp_path: Path):
    shown = run(solved(path.stem, nbformat.read(path, 4)), tmp_path)
    tasks = SOLUTIONS[path.stem]
    assert f"All tasks have points. <b>{len(tasks)} of {len(tasks)}.</b>" in shown[-1]


# The check.


def test_the_keys_are_those_of_the_solutions():
    assert KEYS.read_text() == seal.sealed()


@pytest.mark.parametrize(("lab", "task"), TASKS)
def test_a_solution_has_the_point_and_its_sentence(lab: str, task: str):
    about = SOLUTIONS[lab][task]
    verdict = Lab(lab).check(task, seal.value(about["solution"]))
    assert (verdict.points, verdict.sentence) == (1.0, about["says"])


@pytest.mark.parametrize(("lab", "task"), TASKS)
def test_a_known_slip_has_no_point_and_its_own_sentence(lab: str, task: str):
    for slip in SOLUTIONS[lab][task].get("slips", ()):
        verdict = Lab(lab).check(task, seal.value(slip["value"]))
        assert (verdict.points, verdict.sentence) == (0.0, slip["says"])


@given(case=st.sampled_from(NUMBERS), far=st.floats(1.3, 1000), sign=st.sampled_from([-1, 1]))
def test_no_number_beyond_the_tolerance_has_the_point(case, far: float, sign: int):
    lab, task = case
    about = SOLUTIONS[lab][task]
    verdict = Lab(lab).check(task, seal.value(about["solution"]) + sign * far * about["tolerance"])
    assert verdict.points < 1


@given(case=st.sampled_from(NUMBERS), part=st.floats(-0.85, 0.85))
def test_every_number_within_the_tolerance_has_the_point(case, part: float):
    lab, task = case
    about = SOLUTIONS[lab][task]
    assert Lab(lab).check(task, seal.value(about["solution"]) + part * about["tolerance"]).points == 1


@pytest.mark.parametrize(("lab", "task"), TASKS)
def test_no_sentence_but_that_of_the_point_holds_the_answer(lab: str, task: str):
    about = SOLUTIONS[lab][task]
    answer = seal.value(about["solution"])
    texts = [about["otherwise"], *(slip["says"] for slip in about.get("slips", ()))]
    plain = [f"{answer:.{n}f}" for n in (0, 1, 2)] if isinstance(answer, float) else [str(answer)]
    said = {word.strip(".,;:") for text in texts for word in text.split()}
    assert said.isdisjoint(plain)


@pytest.mark.parametrize("answer", [None, ..., ""])
def test_nothing_given_is_told_calmly(answer):
    verdict = Lab("needle-reach").check("task-1", answer)
    assert str(verdict) == "task-1: Nothing given yet: put your answer in the cell and run it again. 0 of 1."


@pytest.mark.parametrize(
    ("task", "answer", "sentence"),
    [
        ("task-1", "65 mm", "This task wants a number in mm, without the unit."),
        ("task-1", True, "This task wants a number in mm, without the unit."),
        ("task-1", math.inf, "This task wants a number in mm, without the unit."),
        ("task-5", 3, "This task wants one of these words, in quotes: exact, another-place, never."),
        ("task-5", "perhaps", "This task wants one of these words, in quotes: exact, another-place, never."),
    ],
)
def test_an_answer_of_another_kind_is_told_what_is_wanted(task, answer, sentence):
    assert Lab("needle-reach").check(task, answer).sentence == sentence


def test_a_word_counts_however_it_is_written():
    assert Lab("needle-reach").check("task-5", " Another-Place ").points == 1


def test_a_near_answer_has_half():
    verdict = Lab("needle-reach").check("task-1", 65.3796 + 1.5)
    assert (verdict.points, verdict.sentence.split(",")[0]) == (0.5, "Near")


def test_the_score_counts_the_last_answer_of_each_task():
    lab = Lab("needle-reach")
    lab.check("task-1", 1.0)
    lab.check("task-1", 65.38)
    lab.check("task-3", None)
    assert str(lab.score()) == "needle-reach: Without points so far: task-2, task-3, task-4, task-5. 1 of 5."


def test_what_is_not_there_is_told_with_what_is():
    with pytest.raises(LabError, match="no lab 'x'; one of: analysing-items"):
        Lab("x")
    with pytest.raises(LabError, match="no task 'task-9' in needle-reach; one of: task-1, task-2"):
        Lab("needle-reach").check("task-9", 1)
    with pytest.raises(NoClaim, match="no claim 'x' in the labs"):
        claim("x")
    with pytest.raises(NoClaim, match="claim 'clu-loubser72' has no value ''; its values: from-midline, from-psis"):
        claim("clu-loubser72").value()
    with pytest.raises(KeyError, match="no landmark 'x'; one of:"):
        Pelvis().point("x")


def test_a_claim_shows_its_certainty_and_why_it_is_not_higher():
    assert str(claim("clu-lu65")) == (
        "In 15 cadavers the medial branch of the superior cluneal nerve lay on average 64.7 mm (SD 5.3) from the PSIS. "
        "(Low certainty: Lu and others, 1998)"
    )
    assert "Lowered for: 15 cadavers; other series give means of 45 and 50 mm." in claim("clu-lu65")._repr_html_()


# The arithmetic.

shares = st.floats(0.01, 0.99)


@given(shares, shares)
def test_odds_agree_with_the_closed_form(before: float, sensitivity: float):
    positive, negative = likelihood_ratios(sensitivity, 0.9)
    seen = sensitivity * before + 0.1 * (1 - before)
    assert post_test(before, positive) == pytest.approx(sensitivity * before / seen)
    assert post_test(before, negative) == pytest.approx((1 - sensitivity) * before / (1 - seen))


@given(shares, st.floats(0.05, 20))
def test_a_ratio_and_its_inverse_cancel(before: float, ratio: float):
    assert post_test(post_test(before, ratio), 1 / ratio) == pytest.approx(before)
    assert post_test(before, 1) == pytest.approx(before)


@pytest.mark.parametrize("share", [0, 1, 12, -0.1])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="is no share between 0 and 1; write 12 % as 0.12"):
        post_test(share, 2)


@given(st.lists(st.floats(10, 90), min_size=1, max_size=6), st.floats(1, 20), st.integers(2, 60))
def test_equal_studies_pool_to_their_mean(means: list[float], sd: float, n: int):
    mean, error = pooled_mean(means, [sd] * len(means), [n] * len(means))
    assert mean == pytest.approx(sum(means) / len(means))
    assert error == pytest.approx(sd / math.sqrt(n * len(means)))


def test_alike_studies_have_no_heterogeneity_and_unlike_ones_much():
    assert heterogeneity([10, 10, 10], [1, 2, 3]) == (0, 0.0)
    q, share = heterogeneity([10, 20], [1, 1])
    assert (q, share) == (50, 0.98)


def test_the_made_up_class_is_always_the_same_and_one_key_is_wrong():
    answers, key = classroom()
    assert (len(answers), {len(chosen) for chosen in answers.values()}) == (10, {40})
    assert classroom() == (answers, key)
    rest = item_rest(answers, key)
    assert [item for item, value in rest.items() if value < 0] == ["item-7"]
    assert item_rest({"a": ["x", "x"], "b": ["x", "y"]}, {"a": "x", "b": "x"}) == {"a": None, "b": None}


@given(st.floats(0.8, 1.2), st.floats(46, 75))
def test_a_larger_pelvis_is_larger_in_every_length(scale: float, mm: float):
    at = Pelvis(scale).on_crest(mm * scale, "midline")
    assert at == pytest.approx(tuple(scale * v for v in Pelvis().on_crest(mm, "midline")), abs=1e-6)
    assert at[0] == pytest.approx(mm * scale)


def test_text_in_tables_and_drawings_stays_text():
    shown = table([("<b>", 1.0)], ("&", "x"), "<i>") + intervals(
        [("<b>", 1, 0, 2), ("n", None, None, None)], "mm", "<i>"
    )
    assert "<b>" not in shown and "<i>" not in shown and "&lt;b&gt;" in shown


# Where it runs.


def test_the_labs_need_nothing_that_a_readers_browser_lacks(tmp_path: Path):
    cells = [
        cell.source
        for path in LABS
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code"
    ]  # fmt: skip
    script = f"""
import sys
class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {ABSENT}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
for cell in {json.dumps(cells)}:
    exec(cell, globals())
print(sorted(set(sys.modules) & set({ABSENT})))
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "IPYTHONDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, env=env, cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["[]"]), done.stderr
