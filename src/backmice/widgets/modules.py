"""Several ES modules as one, without rewriting them.

A notebook takes a widget's script as one text and gives it no folder to import from.
The text made here holds the book's own modules and hands each to the browser under an address
of its own (a blob), so they stay separate modules, with nothing fetched and no bundler.
A module is given once a page, however many widgets import it: a custom element is defined once.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

#: `import … from "./x.js"`, `import "./x.js"`, `export … from "./x.js"`.
STATIC = re.compile(r"""^(?:import|export)\b[^;"']*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
#: `import("./x.js")`, which also stands in comments, as the name of a type.
DYNAMIC = re.compile(r"""\bimport\(["'](\.{1,2}/[^"']+)["']\)""")
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)

LOADER = """\
const modules = {modules};
const given = (globalThis[Symbol.for("backmice modules")] ??= new Map());
for (const [id, source] of modules) {{
  if (given.has(id)) continue;
  const text = source.replace(/"backmice:([0-9a-f]+)"/g, (_, other) => JSON.stringify(given.get(other)));
  given.set(id, URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }})));
}}
export default await import(given.get({entry})).then((module) => module.default);
"""


class ModuleError(Exception):
    """A module imports what can't be given to a notebook."""


def one_module(entry: Path) -> str:
    """Return one ES module that is `entry` with all that it imports.

    Parameters
    ----------
    entry
        A module with a default export, which becomes that of the whole.

    Raises
    ------
    ModuleError
        If modules import each other in a circle, or one is not there.
    """
    modules: dict[Path, tuple[str, str]] = {}
    _collect(entry.resolve(), modules, ())
    listed = json.dumps(list(modules.values()))
    return LOADER.format(modules=listed, entry=json.dumps(modules[entry.resolve()][0]))


def _collect(path: Path, modules: dict[Path, tuple[str, str]], above: tuple[Path, ...]) -> str:
    """Add a module after those that it imports, and return its id: a digest of it and of them."""
    if path in above:
        raise ModuleError(f"{path.name} imports itself by way of {above[-1].name}; break the circle")
    if path in modules:
        return modules[path][0]
    if not path.is_file():
        raise ModuleError(f"{above[-1].name if above else 'nothing'} imports {path.name}, which does not exist")
    source = path.read_text(encoding="utf-8")
    code = COMMENT.sub("", source)
    for specifier in dict.fromkeys([*STATIC.findall(code), *DYNAMIC.findall(code)]):
        id_ = _collect((path.parent / specifier).resolve(), modules, (*above, path))
        source = re.sub(rf"""["']{re.escape(specifier)}["']""", f'"backmice:{id_}"', source)
    id_ = sha256(source.encode()).hexdigest()[:16]
    modules[path] = (id_, source)
    return id_
