"""Labs in the reader's own browser: the real application and the real Python, on a profile that never saw them.

Two labs are worked in as a reader would; the cells of the others run in the same Python, one lab after the other.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from book_reader import AXE, RULES
from machine import ARGS, Watch, chromium
from playwright.sync_api import Browser, Locator, Page, expect

from backmice import labs
from backmice.html.policy import page_policy
from backmice.live import SIZES, application, write_site
from backmice.notebook_data import write_notebook_data
from backmice.serve import make_server

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/backmice/static"
LABS = ROOT / "exercises/labs"
#: A browser that starts Python on a machine that is busy with other tests.
PATIENCE_MS = 180_000
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
#: What JupyterLab and its kernel say of themselves; none of it is a fault.
OF_THE_APPLICATION = re.compile(
    "shortcut because it collides|Menu entry for command|Uploader widget not found|will NOT be synced|preloaded using link"
)
#: What Python has there beside its own library.
BROUGHT = {
    "_sysconfigdata__emscripten_wasm32-emscripten", "pexpect", "tornado",  # stand-ins of the kernel
    "IPython", "_pyodide", "_pyodide_core", "anywidget", "asttokens", "backmice", "comm", "decorator", "executing", "ipykernel",
    "ipython_pygments_lexers", "ipywidgets", "jedi", "js", "matplotlib_inline", "micropip", "packaging", "piplite", "prompt_toolkit",
    "psygnal", "pure_eval", "pygments", "pyodide", "pyodide_js", "pyodide_kernel", "stack_data", "traitlets", "typing_extensions",
    "wcwidth", "widgetsnbextension",
}  # fmt: skip
EXECUTE = """async (code) => {
  const kernel = document.querySelector("iframe").contentWindow.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const said = [];
  const future = kernel.requestExecute({ code });
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") said.push(content.text);
    if (header.msg_type === "error") said.push(`${content.ename}: ${content.evalue}`);
  };
  const { content } = await future.done;
  return [content.status, said.join("").trim()];
}"""

pytestmark = pytest.mark.skipif(application(ROOT) is None, reason="Python for the browser is not made; run: make live")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A folder with the application, a page for each of two labs, and one for the progress."""
    folder = tmp_path_factory.mktemp("site")
    write_notebook_data(ROOT)
    write_site(ROOT, application(ROOT), folder / "live")
    for path in STATIC.glob("*.js"):
        shutil.copy(path, folder)
    style = "".join((STATIC / name).read_text() for name in ("tokens.css", "course.css", "print.css"))
    (folder / "course.css").write_text(style.replace("@font-face", "@supports (display: no-such-thing)"))
    write_page(
        folder / "index.html",
        "Needle reach",
        '<course-live data-home="live/" data-notebook="needle-reach.ipynb"></course-live>',
    )
    write_page(
        folder / "quiz.html",
        "Items",
        '<course-live data-home="live/" data-notebook="analysing-items.ipynb"></course-live>',
    )
    write_page(folder / "progress.html", "Progress", "<backmice-progress></backmice-progress>")
    with make_server(folder, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


def write_page(path: Path, title: str, body: str) -> None:
    scripts = "".join(
        f'<script type="module" src="{name}.js"></script>' for name in ("trusted", "course-live", "backmice-progress")
    )
    path.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{page_policy(live="course-live" in body)}"><title>{title}</title><link rel="icon" href="data:,">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="course.css"></head>'
        f'<body><main class="text"><h1>{title}</h1>{body}</main>{scripts}</body></html>'
    )


@pytest.fixture(scope="module")
def visit(browser: Browser, site: tuple[str, Path]) -> Iterator[tuple[Page, Watch]]:
    """A page of a fresh profile, in a browser that finds no other machine."""
    alone = browser.browser_type.launch(executable_path=chromium(), args=[*ARGS, NOWHERE])
    context, watch = alone.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce"), Watch()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    context.on("request", lambda request: watch.requests.append(request.url))
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on("console", lambda one: one.type in ("error", "warning") and watch.errors.append(one.text))
    page.goto(f"{site[0]}/index.html")
    yield page, watch
    alone.close()


@pytest.fixture(scope="module")
def lab(visit: tuple[Page, Watch]) -> Page:
    """The lab on needle reach, started for the first time, all its cells run."""
    page, watch = visit
    expect(page.get_by_role("button", name="Run it here")).to_be_visible()
    assert [url for url in watch.requests if "/live/" in url] == []
    page.get_by_role("button", name="Run it here").click()
    expect(page.get_by_role("dialog")).to_contain_text("MB are fetched from this site, and from nowhere else")
    page.evaluate(AXE)
    found = page.evaluate(
        """async (rules) => (await axe.run({ include: "dialog" }, { runOnly: rules })).violations.map(({ id }) => id)""",
        RULES,
    )
    assert found == []
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    ready(page)
    return page


def ready(page: Page) -> None:
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(re.compile("^Ready"), timeout=PATIENCE_MS)


def cell(page: Page, source: str) -> Locator:
    return page.frame_locator("iframe").locator(".jp-CodeCell").filter(has_text=source)


def code_of(name: str) -> list[str]:
    return [one.source for one in nbformat.read(LABS / f"{name}.ipynb", 4).cells if one.cell_type == "code"]


def test_all_cells_have_run_without_an_error(lab: Page):
    frame = lab.frame_locator("iframe")
    assert frame.locator(".jp-CodeCell").count() == len(code_of("needle-reach"))
    prompts = frame.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    assert all(re.fullmatch(r"\[\d+\]:", text) for text in prompts), prompts
    assert frame.locator("[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts() == []
    assert (
        lab.evaluate("() => document.querySelector('iframe').contentDocument.querySelectorAll('[inert]').length") == 0
    )


def test_a_slider_is_answered_as_the_same_code_answers_here(lab: Page):
    values: dict[str, Any] = {}
    source = next(code for code in code_of("needle-reach") if "def reach" in code)
    exec("import math\nfrom backmice.labs import table\n" + source.partition("explore(")[0], values)  # noqa: S102
    expected = re.findall(r"<td>(.*?)</td>", values["reach"](45, 90, 11.3).partition("<tbody>")[2])
    output = cell(lab, "def reach")
    handle = output.locator(".noUi-handle").first
    handle.focus()
    handle.press("ArrowRight")
    expect(output.locator("tbody td")).to_have_text(expected)


def test_an_answer_scores_once_and_stays_in_the_log(lab: Page):
    solution = yaml.safe_load((ROOT / "tests/labs/solutions/needle-reach.yml").read_text())
    code = f'answer = {solution["task-1"]["solution"]}\ncheck("task-1", answer)'
    task = cell(lab, 'check("task-1"')
    for _ in range(2):
        task.locator(".cm-content").click()
        lab.keyboard.press("Control+A")
        lab.keyboard.insert_text(code)
        lab.keyboard.press("Control+Enter")
        expect(task.locator(".lab-verdict")).to_contain_text("1 of 1")
        ready(lab)
    kept = "() => !document.querySelector('iframe').contentWindow.jupyterapp.shell.currentWidget.context.model.dirty"
    lab.wait_for_function(kept)  # what was typed is kept a moment after the last key
    logged = """() => new Promise((done) => {
      const open = indexedDB.open("backmice");
      open.onsuccess = () => {
        const all = open.result.transaction("events").objectStore("events").getAll();
        all.onsuccess = () => done(all.result.map(({ type, lab, task, points, tasks }) => [type, lab, task, points, tasks]));
      };
    })"""
    assert lab.evaluate(logged) == [["lab", "needle-reach", "task-1", 1, len(labs.Lab("needle-reach")._tasks)]]


def test_the_cells_of_every_other_lab_run_too(lab: Page):
    for path in sorted(LABS.glob("*.ipynb")):
        for code in code_of(path.stem):
            assert lab.evaluate(EXECUTE, code)[0] == "ok", (path.stem, code)


def test_python_there_needs_only_its_library_and_two_packages(lab: Page):
    status, said = lab.evaluate(
        EXECUTE, "import sys\nprint(sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    assert status == "ok"
    assert {
        name for name in json.loads(said.replace("'", '"')) if name not in BROUGHT and not name.startswith("__")
    } == set()
    assert (
        lab.evaluate(
            EXECUTE, "import importlib.util as u; print([n for n in ('numpy', 'pydantic', 'sphinx') if u.find_spec(n)])"
        )[1]
        == "[]"
    )


def test_escape_leaves_the_cell_first_and_then_the_notebook(lab: Page):
    cell(lab, "lab.score()").locator(".cm-content").click()
    lab.keyboard.press("Escape")
    expect(lab.get_by_role("dialog")).to_be_visible()
    lab.keyboard.press("Escape")
    expect(lab.get_by_role("dialog")).to_be_hidden()
    expect(lab.get_by_role("button", name="Run it here")).to_be_focused()
    lab.keyboard.press("Enter")
    expect(lab.frame_locator("iframe").locator(".lab-verdict").first).to_be_visible()  # as it was left


def test_what_a_first_visit_fetches_is_what_was_said(lab: Page, visit: tuple[Page, Watch], site: tuple[str, Path]):
    address, folder = site
    about = json.loads((folder / "live" / SIZES).read_text())
    asked = {url.removeprefix(f"{address}/live/").partition("?")[0] for url in visit[1].requests if "/live/" in url}
    asked -= {SIZES, "files/needle-reach.ipynb"}
    assert asked - set(about["files"]) == set()
    assert 5e6 < about["bytes"] < 16e6


def test_a_copy_is_found_again_and_a_new_edition_takes_nothing_away(lab: Page, site: tuple[str, Path]):
    lab.goto(f"{site[0]}/progress.html")
    expect(lab.locator("#labs + ul")).to_contain_text("1 of 5 points")
    lab.goto(f"{site[0]}/index.html")
    lab.get_by_role("button", name="Run it here").click()
    expect(lab.get_by_role("button", name="Go on: Your copy of")).to_be_focused()
    with lab.expect_download() as loading:
        lab.get_by_role("button", name="Download: Your copy of").click()
    assert re.search(r"answer = \(0\.077 \* 22 \+ 0\.88\) \* 25\.4", loading.value.path().read_text())
    path = site[1] / "live/files/needle-reach.ipynb"
    newer = json.loads(path.read_text())
    newer["metadata"]["backmice"]["edition"] = "another"
    path.write_text(json.dumps(newer))
    lab.reload()
    lab.get_by_role("button", name="Run it here").click()
    expect(lab.get_by_text("has changed since you began your copy")).to_be_visible()
    lab.get_by_role("button", name="Start afresh").click()
    lab.locator("iframe").wait_for()
    lab.reload()
    lab.get_by_role("button", name="Run it here").click()
    expect(lab.get_by_role("button", name="Start", exact=True)).to_be_visible()
    lab.get_by_role("button", name="Remove: Your copy of").click()
    expect(lab.get_by_role("button", name="Go on: Your copy of")).to_have_count(0)


def test_a_click_in_a_widget_is_answered_by_python(lab: Page, site: tuple[str, Path]):
    lab.goto(f"{site[0]}/quiz.html")
    lab.get_by_role("button", name="Run it here").click()
    expect(lab.get_by_role("dialog")).to_contain_text("this browser has had it before")
    lab.get_by_role("button", name="Start", exact=True).click()
    ready(lab)
    quiz = cell(lab, 'Quiz("how-common")').locator("backmice-quiz form").first
    quiz.get_by_role("radio").first.check()
    quiz.get_by_role("button", name="Check my answer").click()
    expect(quiz.locator(".result")).to_be_visible()
    _, said = lab.evaluate(EXECUTE, "print(len(quiz.scores), list(quiz.scores.values()) in ([0.0], [1.0]))")
    assert said == "1 True"


def test_nothing_is_fetched_from_elsewhere_and_nothing_went_wrong(visit: tuple[Page, Watch], site: tuple[str, Path]):
    _, watch = visit
    assert [url for url in watch.requests if not url.startswith((site[0], "blob:", "data:"))] == []
    assert [text for text in watch.errors if not OF_THE_APPLICATION.search(text)] == []
