"""What the site with Python in it is made from: the course's package, its notebooks, and what a first visit fetches."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from backmice import live
from backmice.notebook_data import write_notebook_data

ROOT = Path(__file__).parents[1]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An application without anything but a lock and one script."""
    home = tmp_path / "app"
    (home / "static/pyodide").mkdir(parents=True)
    (home / live.LOCK).write_text(json.dumps({"info": {"python": "3.14.2"}, "packages": {}}))
    (home / f"{live.LOCK}.br").write_bytes(b"of the application")
    (home / "config-utils.js").write_text("// a script")
    return home


@pytest.fixture
def site(app: Path, tmp_path: Path) -> Path:
    write_notebook_data(ROOT)
    live.write_site(ROOT, app, tmp_path / "site")
    return tmp_path / "site"


def test_set_up_and_the_build_name_the_application_alike():
    spec = importlib.util.spec_from_file_location("prepare", ROOT / "tools/prepare.py")
    prepare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prepare)
    assert prepare.live_digest(ROOT) == live.digest(ROOT)


def test_without_the_application_there_is_none(tmp_path: Path):
    assert live.application(tmp_path) is None


def test_the_packages_of_both_sides_are_of_one_version():
    """The kernel is made for one Pyodide, the widgets' two halves for each other."""
    pins = (ROOT / "requirements-live.txt").read_text()
    wheels = (ROOT / "tools/live/wheels.txt").read_text()
    book = (ROOT / "requirements.txt").read_text()
    pyodide = json.loads((ROOT / "tools/live/package.json").read_text())["dependencies"]["pyodide"]
    assert pyodide == "314.0.6" and "jupyterlite-pyodide-kernel==0.8.6" in pins
    assert "anywidget==0.11.0" in pins and "anywidget==0.11.0" in wheels and "anywidget==0.11.0" in book
    assert "ipywidgets==8.1.9" in wheels and "ipywidgets==8.1.9" in book
    assert "https://" not in (ROOT / "tools/live/package-lock.json").read_text()


def test_the_package_imports_from_its_wheel_alone(site: Path, tmp_path: Path):
    entry = json.loads((site / live.LOCK).read_text())["packages"]["backmice"]
    with zipfile.ZipFile(site / "static/pyodide" / entry["file_name"]) as wheel:
        wheel.extractall(tmp_path / "there")
    code = (
        "import sys, backmice.labs, backmice.widgets as w; w.AnatomyExplorer(); w.Quiz('how-common')\n"
        "print(backmice.labs.claim('clu-lu65').value().estimate, backmice.labs.__file__)\n"
        "print(sorted({'numpy', 'pydantic', 'sphinx', 'plotly'} & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "there"), "IPYTHONDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"64.7 {tmp_path / 'there/backmice/labs/__init__.py'}", "[]"]


def test_each_lab_and_a_blank_page_are_listed_with_their_edition(site: Path):
    listed = json.loads((site / "api/contents/all.json").read_text())["content"]
    labs = sorted(path.name for path in (ROOT / "exercises/labs").glob("*.ipynb"))
    assert [entry["name"] for entry in listed] == [*labs, "try-things.ipynb"]
    for entry in listed:
        notebook = json.loads((site / "files" / entry["name"]).read_text())
        assert notebook["metadata"]["kernelspec"]["name"] == "python"
        assert len(notebook["metadata"]["backmice"]["edition"]) == 12


def test_the_application_is_left_as_it_was(app: Path, site: Path):
    assert json.loads((app / live.LOCK).read_text())["packages"] == {}
    assert (app / f"{live.LOCK}.br").exists() and not (site / f"{live.LOCK}.br").exists()


def test_the_same_course_gives_the_same_bytes(app: Path, site: Path, tmp_path: Path):
    live.write_site(ROOT, app, tmp_path / "again")
    names = sorted(path.relative_to(site) for path in site.rglob("*") if path.is_file())
    assert names == sorted(
        path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file()
    )
    assert [name for name in names if (site / name).read_bytes() != (tmp_path / "again" / name).read_bytes()] == []


def test_what_is_right_is_left_with_its_copies_and_what_changed_is_put_anew_without(app: Path, site: Path):
    """Files of the application have times that tell nothing."""
    names = ("changed.js", "gone.js", "kept.js")
    for name in names:
        (app / name).write_text("// one")
        os.utime(app / name, (0, 0))
    live.write_site(ROOT, app, site)
    for name in names:
        (site / f"{name}.br").write_text("a copy")
    before = {path: path.stat().st_ino for path in site.rglob("*") if path.is_file()}
    for name in ("changed.js", "gone.js"):
        (app / name).unlink()
    (app / "changed.js").write_text("// two")
    os.utime(app / "changed.js", (0, 0))
    live.write_site(ROOT, app, site)
    after = {path: path.stat().st_ino for path in site.rglob("*") if path.is_file()}
    assert {path.name for path in before.keys() - after} == {"changed.js.br", "gone.js", "gone.js.br"}
    assert {path.name for path in after if after[path] != before.get(path)} == {"changed.js"}
    assert (site / "changed.js").read_text() == "// two"


def test_sizes_name_what_a_first_visit_fetches(site: Path):
    about = json.loads((site / live.SIZES).read_text())
    wheel = next((site / "static/pyodide").glob("*.whl"))
    assert f"static/pyodide/{wheel.name}" in about["files"] and "config-utils.js" in about["files"]
    assert about["bytes"] > wheel.stat().st_size
