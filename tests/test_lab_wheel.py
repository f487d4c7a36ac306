"""The wheel for labs in a browser: what it holds, and that it lives on ipywidgets and anywidget alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from backmice.archive import zip_bytes
from backmice.lab_wheel import WHEEL, wheel_files
from backmice.notebook_data import DATA, MADE_FROM

ROOT = Path(__file__).parents[1]
INFO = "backmice-0.1.0.dist-info"
LICENCES = [
    "LICENSE", "LICENSE-CONTENT.md", "sacroiliac/README.md", "sacroiliac/LICENSES/Apache-2.0.txt",
    "sacroiliac/LICENSES/CC0-1.0.txt", "sacroiliac/LICENSES/MPL-2.0.txt", "plotly.js/LICENSE",
]  # fmt: skip
#: What ipywidgets and anywidget load by themselves: each has a wheel for the browser's Python.
BROUGHT = {"IPython", "anywidget", "comm", "ipywidgets", "psygnal", "pygments", "traitlets", "typing_extensions"}
#: Makes everything that labs use, once ipywidgets and anywidget are there, while nothing else can be imported.
ALIVE = """
import importlib, json, pkgutil, sys
import anywidget, ipywidgets

class Absent:
    def find_spec(self, name, *_):
        if (top := name.partition(".")[0]) != "backmice" and top not in brought | sys.stdlib_module_names:
            raise ModuleNotFoundError(name)

loaded = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"__main__", "sitecustomize"}
brought = {name for name in loaded if not name.endswith("__mypyc")}  # the compiled part of another
sys.meta_path.insert(0, Absent())
import backmice
from backmice import labs, widgets
for room in (labs, widgets):
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        importlib.import_module(module.name)
made = [widgets.AnatomyExplorer(), widgets.Quiz("how-common"), widgets.DifferentialReasoner("sacroiliac-joint")]
shown = [sorted(widget._repr_mimebundle_()[0]) for widget in made]
moved = labs.explore(lambda scale: labs.Pelvis(scale).scale, scale=ipywidgets.FloatSlider(value=1, min=0.8, max=1.2))
print(json.dumps([backmice.__file__, sorted(brought), shown, sorted(moved._repr_mimebundle_()),
                  labs.claim("clu-lu65").value().estimate, labs.Lab("needle-reach").check("task-5", "exact").points]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wheel") / WHEEL
    path.write_bytes(zip_bytes(wheel_files(ROOT)))
    return path


def test_the_same_course_gives_the_same_wheel(wheel: Path):
    assert wheel.name == "backmice-0.1.0-py3-none-any.whl"
    assert zip_bytes(wheel_files(ROOT)) == wheel.read_bytes()
    assert wheel.stat().st_size < 1_500_000


def test_the_wheel_holds_what_labs_need_its_licences_and_no_more(wheel: Path):
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        about = message_from_bytes(archive.read(f"{INFO}/METADATA"))
    assert {name for name in names if name.endswith(".py") and name.count("/") == 1} == {
        "backmice/__init__.py",
        "backmice/modules.py",
    }
    assert {name.split("/")[1] for name in names if name.count("/") > 1} == {
        "anatomy", "items", "labs", "licenses", "static", "theme", "widgets",
    }  # fmt: skip
    data = {f"backmice/widgets/data/{path.name}" for path in DATA.iterdir()}
    assert {name for name in names if "/data/" in name} == data - {f"backmice/widgets/data/{MADE_FROM}"}
    assert {name.partition("/licenses/")[2] for name in names if "/licenses/" in name} == set(LICENCES)
    assert about.get_all("License-File") == LICENCES
    assert about.get_all("Requires-Dist") == ["anywidget>=0.9.19", "ipywidgets>=8.1"]


def test_in_a_bare_python_all_that_labs_use_is_made_from_ipywidgets_and_anywidget_alone(wheel: Path, tmp_path: Path):
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare/bin/python"
    command = [sys.executable, "-m", "pip", f"--python={python}", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*command, "--disable-pip-version-check", wheel], check=True)
    env = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib"), "IPYTHONDIR": str(tmp_path)}
    done = subprocess.run([python, "-c", ALIVE], check=False, env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    home, brought, shown, moved, estimate, points = json.loads(done.stdout.splitlines()[-1])
    assert Path(home).is_relative_to(tmp_path / "bare")
    assert set(brought) <= BROUGHT
    still = ["application/vnd.jupyter.widget-view+json", "text/html", "text/plain"]
    assert (shown, moved) == ([still] * 3, still)
    assert (estimate, points) == (64.7, 0.0)
