"""`jupyter-book` begun sooner: what runs notebooks is imported when one is run."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "tools/jupyter_book_soon.py"
spec = importlib.util.spec_from_file_location("jupyter_book_soon", SCRIPT)
soon = importlib.util.module_from_spec(spec)
spec.loader.exec_module(soon)


@pytest.fixture
def late(monkeypatch) -> soon.Late:
    """A stand-in for a module that nothing else imports."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    stand_in = soon.Late("colorsys", ("rgb_to_hsv",))
    monkeypatch.setitem(sys.modules, "colorsys", stand_in)
    return stand_in


def test_a_late_module_is_imported_when_a_function_of_it_is_called(late):
    from colorsys import rgb_to_hsv

    assert sys.modules["colorsys"] is late
    assert rgb_to_hsv(1, 0, 0) == (0, 1, 1)
    assert sys.modules["colorsys"] is not late


def test_a_late_module_has_all_that_it_has(late):
    from colorsys import ONE_THIRD

    assert ONE_THIRD == 1 / 3


@pytest.mark.parametrize(("module", "functions"), soon.LATE.items())
def test_what_is_to_be_called_is_there(module, functions):
    assert all(callable(getattr(import_module(module), function)) for function in functions)


def test_a_build_begins_without_what_runs_notebooks():
    told = subprocess.run(
        [sys.executable, "-X", "importtime", SCRIPT, "--help"], check=True, capture_output=True, text=True
    )
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "Build and manage books" in told.stdout
    assert "jupyter_book.cli.main" in imported
    assert not {"jupyter_client", "zmq"} & imported
