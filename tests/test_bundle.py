"""Several modules as one script."""

import subprocess
from pathlib import Path

import pytest
from javascript import node

from backmice.bundle import BundleError, bundled, page_script, short_style

ROOT = Path(__file__).parents[1]
MODULES = {
    "one.js": b'import { add } from "./add.js";\nconsole.log(add(1, 2));\n',
    "two.js": b'const { late } = await import("./late.js");\nconsole.log(late);\n',
    "add.js": b"/*! (c) somebody, MIT */\n// A note.\nexport const add = (a, b) => a + b;\n",
    "late.js": b'export const late = "late";\n',
    "not-wanted.js": b'console.log("not wanted");\n',
}


def ran(folder, scripts, name):
    for file, content in scripts.items():
        (folder / file).write_bytes(content)
    return subprocess.run([node(), folder / name], check=True, capture_output=True, text=True).stdout


def test_modules_run_in_their_order_and_what_is_called_for_is_a_file_of_its_own(tmp_path):
    scripts = bundled(ROOT, MODULES, "page", ["one.js", "two.js"])
    assert [name.partition("-")[0] for name in scripts] == ["late", "page.js"]
    assert b'"late"' not in scripts["page.js"]
    (tmp_path / "package.json").write_text('{"type": "module"}')
    assert ran(tmp_path, scripts, "page.js") == "3\nlate\n"


def test_a_notice_stays_and_a_note_goes():
    script = bundled(ROOT, MODULES, "page", ["one.js"])["page.js"]
    assert b"(c) somebody, MIT" in script
    assert b"A note" not in script


def test_a_script_for_a_folder_holds_everything(tmp_path):
    scripts = bundled(ROOT, {**MODULES, "two.js": b'import("./late.js").then(({ late }) => console.log(late));'}, "page",
                      ["one.js", "two.js"], form="iife")  # fmt: skip
    assert list(scripts) == ["page.js"]
    assert ran(tmp_path, scripts, "page.js") == "3\nlate\n"


def test_the_same_modules_give_the_same_bytes():
    assert bundled(ROOT, MODULES, "page", ["one.js", "two.js"]) == bundled(ROOT, MODULES, "page", ["one.js", "two.js"])


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(BundleError, match='Could not resolve "./gone.js"'):
        bundled(ROOT, {"one.js": b'import "./gone.js";'}, "page", ["one.js"])
    with pytest.raises(BundleError, match="esbuild was not found; run: make book"):
        bundled(tmp_path, MODULES, "page", ["one.js"])


def test_what_a_page_shares_with_what_comes_later_is_in_its_own_script(tmp_path):
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    modules = {
        "one.js": b'import { add } from "./add.js";\nimport { twice } from "./twice.js";\nconsole.log(add(1, twice(2)));\n',
        "two.js": b'Promise.all([import("./late.js"), import("./later.js")])'
        b".then((late) => late.forEach((module) => console.log(module.default)));\n",
        "add.js": b"export const add = (a, b) => a + b;\n",
        "twice.js": b"console.log('once');\nexport const twice = (a) => 2 * a;\n",
        "late.js": b'import { add } from "./add.js";\nexport default add(3, 4);\n',
        "later.js": b'import { add } from "./add.js";\nimport { twice } from "./twice.js";\nexport default twice(add(3, 4));\n',
    }
    name, scripts = page_script(tmp_path, modules, ["one.js", "two.js"])
    assert (name, [file.partition("-")[0] for file in scripts]) == ("one+two.js", ["late", "later", "one+two.js"])
    (tmp_path / "package.json").write_text('{"type": "module"}')
    assert ran(tmp_path, scripts, name) == "once\n5\n7\n14\n"


def test_a_script_is_bundled_once_until_a_module_changes(tmp_path):
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    before = page_script(tmp_path, MODULES, ["one.js"])
    (only,) = (tmp_path / ".cache/bundles").iterdir()
    only.write_text('{"one.js": "kept"}')
    assert page_script(tmp_path, MODULES, ["one.js"]) == ("one.js", {"one.js": b"kept"})
    changed = {**MODULES, "add.js": b"export const add = (a, b) => a * b;"}
    assert page_script(tmp_path, changed, ["one.js"]) != before
    assert len(list((tmp_path / ".cache/bundles").iterdir())) == 2


def test_a_style_is_shortened_where_npm_was_run(tmp_path):
    style = "/* A note. */\n.a { color: #ff0000; }\n"
    assert short_style(tmp_path, style) == style
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    assert short_style(tmp_path, style) == ".a{color:red}\n"
