"""What `make` says and does on a machine where something is missing, and what it leaves behind."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from backmice.serve import PortTaken

ROOT = Path(__file__).resolve().parent.parent


def load(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


prepare, build = load("prepare"), load("build")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A course that nobody has set up, at a path with a space."""
    root = tmp_path / "a course"
    root.mkdir()
    for name in ("pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, root)
    for path in ROOT.glob("requirements*.txt"):
        shutil.copy(path, root)
    return root


def stub(path: Path, script: str) -> Path:
    """Write a command that stands in for a real one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def installed(tree: Path) -> Path:
    """The same with an environment whose Python only writes down what it is asked."""
    stub(tree / ".venv/bin/python", 'echo "$*" >> asked')
    stub(tree / ".venv/bin/pip", "")
    (tree / ".venv/pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    return tree


def asked(tree: Path) -> list[str]:
    path = tree / "asked"
    return [line.split("off ")[1] for line in path.read_text().splitlines()] if path.exists() else []


# Python and its venv module.


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (
            (3, 9, 2),
            "Python 3.11 or newer is needed, and python3 is 3.9.2; name a newer one: make serve PYTHON=python3.12",
        ),
        ((3, 11, 2), None),
        ((3, 14, 0), None),
    ],
)
def test_an_old_python_is_refused(version, sentence):
    assert prepare.too_old(version) == sentence


def test_an_old_python_can_read_the_file_far_enough_to_say_so():
    ast.parse((ROOT / "tools" / "prepare.py").read_text(), feature_version=(3, 7))


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_refused_and_leaves_nothing(tree, missing, monkeypatch, capsys):
    monkeypatch.setattr(prepare.importlib.util, "find_spec", lambda name: None if name == missing else name)
    assert prepare.main([], tree) == 1
    assert capsys.readouterr() == (
        "",
        "Python's venv module is missing; on Debian or Ubuntu install it: apt-get install python3-venv\n",
    )
    assert not (tree / ".venv").exists()


# Packages.


def test_packages_are_installed_once(installed, capsys):
    prepare.python_packages(installed, test=False)
    prepare.python_packages(installed, test=False)
    assert asked(installed) == [prepare.PIP, "-r requirements.txt"]
    assert capsys.readouterr().out == "Installing Python packages (about a minute) … 0 s\n"


def test_changed_pins_are_installed_again(installed):
    prepare.python_packages(installed, test=False)
    (installed / "requirements.txt").write_text("plotly==7.1.1\n")
    prepare.python_packages(installed, test=False)
    assert asked(installed) == [prepare.PIP, "-r requirements.txt"] * 2


def test_test_tools_bring_the_books_packages_along(installed):
    prepare.python_packages(installed, test=True)
    prepare.python_packages(installed, test=False)
    assert asked(installed) == [prepare.PIP, "-r requirements-test.txt"]


def test_what_labs_need_is_installed_once(installed):
    for _ in range(2):
        prepare.python_packages(installed, test=False, lab=True)
    prepare.python_packages(installed, test=False)
    assert asked(installed) == [prepare.PIP, "-r requirements-lab.txt"]


def test_labs_bring_what_grading_needs_along(installed):
    prepare.python_packages(installed, test=False, assign=True)
    prepare.python_packages(installed, test=False, lab=True)
    prepare.python_packages(installed, test=False, assign=True)
    assert asked(installed) == [prepare.PIP, "-r requirements-assign.txt", prepare.PIP, "-r requirements-lab.txt"]


def test_test_tools_bring_what_labs_need_along(installed):
    prepare.python_packages(installed, test=True)
    prepare.python_packages(installed, test=False, lab=True)
    assert asked(installed) == [prepare.PIP, "-r requirements-test.txt"]


def test_the_books_packages_do_not_bring_the_test_tools(installed):
    prepare.python_packages(installed, test=False)
    prepare.python_packages(installed, test=True)
    assert asked(installed) == [prepare.PIP, "-r requirements.txt", prepare.PIP, "-r requirements-test.txt"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "NewConnectionError: [Errno -3] Temporary failure in name resolution",
            "The Python packages could not be fetched: is there a network? .cache/prepare/packages.log has the details.",
        ),
        (
            "OSError: [Errno 28] No space left on device",
            "The Python packages could not be installed; the end of .cache/prepare/packages.log says what pip met.",
        ),
    ],
)
def test_a_pip_that_fails_is_one_sentence(installed, words, sentence, capsys):
    stub(installed / ".venv/bin/python", f"echo '{words}'; exit 1")
    assert prepare.main([], installed) == 1
    assert capsys.readouterr() == ("Installing Python packages (about a minute) … \n", f"{sentence}\n")
    assert (installed / ".cache/prepare/packages.log").read_text() == f"{words}\n"


def test_after_such_a_failure_the_next_run_goes_on(installed):
    python = (installed / ".venv/bin/python").read_text()
    stub(installed / ".venv/bin/python", "exit 1")
    with pytest.raises(prepare.Refusal):
        prepare.python_packages(installed, test=False)
    assert prepare.usable(installed)
    stub(installed / ".venv/bin/python", python)
    prepare.python_packages(installed, test=False)
    assert asked(installed) == [prepare.PIP, "-r requirements.txt"]


def test_a_killed_pip_leaves_an_environment_that_is_made_afresh(installed):
    stub(installed / ".venv/bin/python", "kill -9 $$")
    assert prepare.main([], installed) == 130
    assert not prepare.usable(installed)
    (installed / ".venv/leftover").touch()
    prepare.virtual_environment(installed)
    assert not (installed / ".venv/leftover").exists()
    assert (installed / ".venv/bin/pip").exists()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("prepared.json", json.dumps({"folder": "/elsewhere"})),
        ("pyvenv.cfg", "version = 3.9.2\n"),
        ("pyvenv.cfg", ""),
        ("unfinished", ""),
    ],
    ids=["moved", "old Python", "broken", "unfinished"],
)
def test_an_environment_that_cannot_work_is_not_used(installed, file, content):
    assert prepare.usable(installed)
    (installed / ".venv" / file).write_text(content)
    assert not prepare.usable(installed)


def test_unreadable_notes_are_forgotten(installed):
    (installed / ".venv/prepared.json").write_text("{")
    assert prepare.noted(installed) == {}


# JavaScript.


@pytest.fixture
def npm(installed: Path, monkeypatch) -> Path:
    """A machine with Node 20 and an npm that writes down what it is asked."""
    stub(installed / "machine/node", "echo v20.1.0")
    stub(installed / "machine/npm", 'echo "$*" >> npm-asked')
    monkeypatch.setenv("PATH", f"{installed / 'machine'}:/usr/bin:/bin")
    return installed


def test_javascript_is_fetched_once_for_a_lock_file(npm):
    prepare.javascript(npm)
    prepare.javascript(npm)
    (npm / "package-lock.json").write_text("{}")
    prepare.javascript(npm)
    once = "ci --ignore-scripts --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=8000\n"
    assert (npm / "npm-asked").read_text() == once * 2


def test_a_machine_with_node_keeps_its_own(npm):
    prepare.javascript(npm)
    assert asked(npm) == []


@pytest.mark.parametrize("node", ["echo v18.20.4", "exit 1", None], ids=["old", "broken", "none"])
def test_without_a_recent_node_one_is_installed(npm, node, monkeypatch):
    shutil.rmtree(npm / "machine")
    if node:
        stub(npm / "machine/node", node)
        stub(npm / "machine/npm", "exit 1")
    monkeypatch.setenv("PATH", str(npm / "machine"))
    own = npm / ".venv/bin"
    stub(own / "python", 'echo "$*" >> asked')
    assert prepare.node_path(npm) == f"{own}:{npm / 'machine'}"
    assert asked(npm) == [prepare.NODE_WHEEL]


def test_an_npm_without_network_is_one_sentence(npm, capsys):
    stub(npm / "machine/npm", "echo npm error code EAI_AGAIN; exit 1")
    assert prepare.main([], npm) == 1
    assert capsys.readouterr().err == (
        "The JavaScript packages could not be fetched: is there a network? .cache/prepare/javascript.log has the details.\n"
    )
    assert not (npm / "node_modules").exists()


# Python for the reader's browser.


@pytest.fixture
def live(npm: Path, monkeypatch) -> Path:
    """The same where Python for the browser cannot be made, but everything else can."""

    def make(root: Path, home: Path) -> None:
        raise prepare.Refusal("It cannot be made.")

    monkeypatch.setattr(prepare, "make_live", make)
    return npm


def test_python_for_the_browser_is_made_while_packages_are_installed(npm, monkeypatch, capsys):
    begun = threading.Event()
    monkeypatch.setattr(prepare, "make_live", lambda root, home: begun.set())
    monkeypatch.setattr(prepare, "python_packages", lambda *_, **__: print(begun.wait(30)))
    assert prepare.main(["--live"], npm) == 0
    assert capsys.readouterr().out == (
        "True\n"
        "Installing JavaScript and fonts … 0 s\n"
        "Making Python for the reader's browser (under two minutes) … 0 s\n"
    )


def test_python_for_the_browser_that_is_there_is_not_made_again(live):
    home = live / ".cache/live" / prepare.live_digest(live)
    home.mkdir(parents=True)
    (home / "jupyter-lite.json").touch()
    assert prepare.main(["--live"], live) == 0


def test_a_node_of_our_own_is_there_before_what_wants_it(live):
    stub(live / "machine/node", "echo v18.20.4")
    prepare.main(["--live"], live)
    assert asked(live)[:3] == [prepare.NODE_WHEEL, prepare.PIP, "-r requirements.txt"]


def test_without_python_for_the_browser_the_book_is_served_all_the_same(live, monkeypatch, capsys):
    monkeypatch.setattr(prepare, "check_port", lambda text: None)
    assert prepare.main(["--live", "--port", "8000"], live) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "It cannot be made. The book is made without it."


def test_who_asks_for_python_in_the_browser_is_refused_without_it(live, capsys):
    assert prepare.main(["--live"], live) == 1
    assert capsys.readouterr().err == "It cannot be made.\n"


# The browser.


@pytest.fixture
def bare(installed: Path, monkeypatch) -> Path:
    """A machine whose only commands are those in `machine`."""
    (installed / "machine").mkdir()
    monkeypatch.setenv("PATH", str(installed / "machine"))
    monkeypatch.setattr(prepare, "BROWSERS", ("chromium", "google-chrome"))
    return installed


def test_a_browser_that_is_there_is_used(bare):
    chrome = stub(bare / "machine/google-chrome", "echo Google Chrome 150")
    prepare.browser(bare)
    assert prepare.noted(bare) == {"browser": str(chrome)}


def test_a_placeholder_for_a_browser_is_not_used(bare):
    stub(bare / "machine/chromium", "echo install the snap >&2; exit 1")
    assert prepare.find_browser() is None


def test_root_on_debian_gets_chromium(bare, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    chromium = bare / "machine/chromium"
    stub(
        bare / "machine/apt-get",
        f'echo "$DEBIAN_FRONTEND $*" >> apt; printf "#!/bin/sh\\necho 1\\n" > "{chromium}"; /bin/chmod +x "{chromium}"',
    )
    prepare.browser(bare)
    assert (bare / "apt").read_text().splitlines() == [
        "noninteractive update",
        "noninteractive install --yes --no-install-recommends chromium fonts-liberation",
    ]
    assert prepare.noted(bare) == {"browser": str(chromium)}
    assert capsys.readouterr().out == "Installing Chromium for the tests … 0 s\n"


@pytest.mark.parametrize(
    ("apt", "how"),
    [(True, "sudo apt-get install chromium"), (False, "install Google Chrome or Chromium")],
    ids=["Debian", "elsewhere"],
)
def test_nobody_else_is_asked_for_more_than_a_sentence(bare, apt, how, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    if apt:
        stub(bare / "machine/apt-get", "exit 1")
    with pytest.raises(prepare.Refusal) as refusal:
        prepare.browser(bare)
    assert str(refusal.value) == f"The tests need Chrome or Chromium, and none was found; {how}, then make test again."


# The port.


def test_a_taken_port_is_refused_before_the_build_in_the_servers_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(prepare.Refusal) as refusal:
            prepare.check_port(str(port))
    assert str(refusal.value) == str(PortTaken(port))


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "8000 ", "8٠00"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(prepare.Refusal) as refusal:
        prepare.check_port(port)
    assert str(refusal.value) == f"PORT is {port!r}; choose a number from 1 to 65535: make serve PORT=8000"


# Two at once.


def test_a_second_set_up_waits_for_the_first(tree):
    script = ROOT / "tools" / "prepare.py"
    code = (
        "import importlib.util, pathlib, sys;"
        f"s = importlib.util.spec_from_file_location('p', {str(script)!r}); p = importlib.util.module_from_spec(s);"
        "s.loader.exec_module(p)\nwith p.alone(pathlib.Path(sys.argv[1])): print('mine')"
    )
    with prepare.alone(tree):
        second = subprocess.Popen([sys.executable, "-c", code, tree], stdout=subprocess.PIPE, text=True)
        assert second.stdout.readline() == "Waiting for another set-up of this folder …\n"
    assert second.communicate(timeout=30)[0] == "mine\n"


# The build.


@pytest.fixture
def builder(tree: Path, monkeypatch):
    """Build with a stand-in for the Python that runs `jupyter-book`."""

    def run(script: str) -> int:
        monkeypatch.setattr(build.sys, "executable", str(stub(tree.parent / "bin/python", script)))
        return build.main(tree)

    return run


def untimed(said: str) -> str:
    """What a build said, as if it had taken no time."""
    return re.sub(r"\(\d+(\.\d)? s\)", "(0 s)", said)


def test_a_build_says_calmly_how_far_it_is(builder, tree, capfd):
    script = 'for n in 10 30 40 60 100; do echo "reading sources... [ $n%] a"; done; echo much else'
    assert builder(script) == 0
    assert untimed(capfd.readouterr().out) == (
        "Building the book …\n  Reading 30 %\n  Reading 60 %\n  Reading 100 %\nThe book is in _build/html (0 s)\n"
    )
    assert "much else" in (tree / ".cache/build.log").read_text()


def test_a_warning_is_seen_and_cannot_hide_from_the_next_build(builder, tree, capfd):
    (tree / "_build/.doctrees").mkdir(parents=True)
    assert builder("echo 'a.md:3: WARNING: unknown document' >&2; exit 1") == 1
    assert capfd.readouterr().err == (
        "a.md:3: WARNING: unknown document\nThe book was not built: the reason is above; .cache/build.log has the rest.\n"
    )
    assert not (tree / "_build/.doctrees").exists()


BUILT = "Building the book …\nThe book is in _build/html (0 s)\n"
CURRENT = "The book in _build/html is up to date (0 s)\n"
#: Writes a page from a source, and counts how often.
WRITES = "mkdir -p _build/html; cat a.md > _build/html/a.html; echo b > _build/html/b.html"


@pytest.fixture
def book(builder, tree: Path, capfd, monkeypatch):
    """A course with a page, to be built again; returns what the build said."""
    (tree / "a.md").write_text("A")

    def again(script: str = WRITES) -> str:
        assert builder(script) == 0
        return untimed(capfd.readouterr().out)

    assert again() == BUILT
    return again


def test_an_unchanged_book_is_not_built_again(book, tree):
    assert [book("exit 1"), book("exit 1")] == [CURRENT, CURRENT]
    # What was only touched, or is no part of a book, changes nothing.
    os.utime(tree / "a.md", (1, 1))
    for name in ("tests/test_a.py", ".git/HEAD", "_build/.doctrees/a", ".cache/kept", "src/__pycache__/a.pyc"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("new")
    assert book("exit 1") == CURRENT


def test_whatever_a_book_is_made_from_has_it_built_again(book, tree, monkeypatch):
    (tree / "a.md").write_text("B")
    assert book() == BUILT
    assert (tree / "_build/html/a.html").read_text() == "B"
    before = (tree / "a.md").stat()
    (tree / "a.md").write_text("C")  # as long, and as old
    os.utime(tree / "a.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert book() == BUILT
    (tree / "media/new.svg").parent.mkdir()
    (tree / "media/new.svg").touch()
    assert book() == BUILT
    (tree / "media/new.svg").unlink()
    assert book() == BUILT
    (tree / "node_modules").mkdir()
    (tree / "node_modules/.prepared").write_text("locked")
    assert book() == BUILT
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert book() == BUILT
    monkeypatch.setattr(build.sys, "version", "4.0")
    assert book() == BUILT
    assert book("exit 1") == CURRENT


def test_a_page_that_is_gone_or_spoilt_is_written_again(book, tree):
    page, other = tree / "_build/html/a.html", tree / "_build/html/b.html"
    page.unlink()
    assert book() == BUILT
    page.write_text("spoilt")
    # Sphinx leaves alone what is there.
    assert book("test -e _build/html/a.html || cat a.md > _build/html/a.html") == BUILT
    assert page.read_text() == "A"
    other.touch()
    assert book("exit 1") == CURRENT


def test_a_build_that_was_killed_is_begun_anew(book, builder, tree, monkeypatch):
    (tree / "a.md").write_text("B")
    with monkeypatch.context() as patch:
        patch.setattr(build, "run", lambda root: 137)  # nothing was tidied
        assert builder("") == 137
    (tree / "_build/.doctrees").mkdir(parents=True)
    assert book("test ! -e _build/.doctrees || exit 1") == BUILT


def test_a_build_that_failed_is_not_taken_for_done(book, builder, tree, capfd):
    (tree / "a.md").write_text("B")
    assert builder("exit 1") == 1
    capfd.readouterr()
    assert book() == BUILT


def test_what_is_edited_while_a_book_is_built_is_for_the_next_build(book, tree):
    (tree / "a.md").write_text("B")
    assert book(f"{WRITES}; echo C > a.md") == BUILT
    assert book() == BUILT
    assert (tree / "_build/html/a.html").read_text() == "C\n"


# What is pinned, and what make offers.


def pins(name: str) -> dict[str, str]:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return dict(line.split(" ;")[0].split("==") for line in lines if line and not line.startswith("-"))


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "requirements-assign.txt",
        "requirements-lab.txt",
        "requirements-test.txt",
    ],
)
def test_every_requirement_is_pinned_exactly(name):
    for package, version in pins(name).items():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+", package) and re.fullmatch(r"[0-9][0-9a-z.]*", version), package


def test_the_pins_hold_everything_that_the_course_brings():
    pinned = {canonicalize_name(name) for name in pins("requirements.txt")}
    waiting, seen = ["backmice"], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for line in importlib.metadata.requires(name) or []:
            needed = Requirement(line)
            wanted = canonicalize_name(needed.name)
            if wanted not in seen and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
                waiting.append(wanted)
    assert seen - {"backmice"} - pinned == set()


def test_a_person_without_make_installs_the_course_with_the_pins():
    assert (ROOT / "requirements.txt").read_text().splitlines()[-1] == "-e ."


def test_the_lock_file_names_no_address_to_download_from():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


def test_make_alone_shows_what_it_can_do():
    done = subprocess.run(["make", "-C", ROOT, "--no-print-directory"], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "The course on back mice. Python 3.11 or newer is all it needs.\n"
        "  make help       Show this list\n"
        "  make serve      Build the book and serve it at http://localhost:8000/ (another port: PORT=9000)\n"
        "  make live       Build the book with labs that run in the reader's browser (make serve has them too)\n"
        "  make lab        Open the labs in JupyterLab\n"
        "  make test       Run all tests, in a browser too\n"
        "  make book       Build the book into _build/html\n"
        "  make pdf        Make one PDF of the whole course, _build/back-mice.pdf (needs Chrome or Chromium)\n"
        "  make epub       Make one EPUB of the whole course, _build/back-mice.epub\n"
        "  make zip        Make one ZIP of the whole course, _build/back-mice.zip, that opens from a folder without a server\n"
        "  make check      Check claims, items, prose and media; say where and what is wrong\n"
        "  make bench      Measure how fast it is, beside a stock Jupyter Book (less of it: BENCH=--quick)\n"
        "  make videos     Make the films that are stale (needs requirements-media.txt)\n"
        "  make clean      Remove what was built\n"
        "  make distclean  Remove what was installed, too\n"
    )


def test_make_clean_says_what_it_removes_and_keeps_what_is_installed(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("_build", ".cache", ".venv", "node_modules"):
        (tmp_path / name).mkdir()
    make = ["make", "-C", tmp_path, "--no-print-directory"]
    done = subprocess.run([*make, "clean"], capture_output=True, text=True, check=True)
    assert done.stdout == "Removing _build and .cache\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".venv", "Makefile", "node_modules"]
    subprocess.run([*make, "distclean"], capture_output=True, check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["Makefile"]
