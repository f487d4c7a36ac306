"""ES modules: what each imports, and several as one without rewriting them.

A notebook takes a widget's script as one text and gives it no folder to import from.
The text made here holds the book's own modules and hands each to the browser under an address
of its own (a blob), so they stay separate modules, with nothing fetched and no bundler.
A module is given once a page, however many widgets import it: a custom element is defined once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

#: `import … from "./x.js"`, `import "./x.js"`, `export … from "./x.js"`.
STATIC = re.compile(r"""^(?:import|export)\b[^;"']*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
#: `import("./x.js")`, which also stands in comments, as the name of a type.
DYNAMIC = re.compile(r"""\bimport\(["'](\.{1,2}/[^"']+)["']\)""")
#: As STATIC, of a package by its name.
NAMED = r"""^(?:import|export)\b[^;"']*?["']{}["']"""
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


#: By the name under which it is imported, the file of a package.
Packages = Mapping[str, Path]
NONE: Packages = MappingProxyType({})


class ModuleError(Exception):
    """A module imports what isn't there, or itself."""


@dataclass(frozen=True)
class Module:
    """The text of a module, and the file of each that it imports by what it calls it."""

    source: str
    imports: Mapping[str, Path]


def gathered(entry: Path, packages: Packages = NONE, *, at_once: bool = False) -> dict[Path, Module]:
    """Return a module and all that it imports, by their files, each after those that it imports.

    Parameters
    ----------
    packages
        Files of what is imported by name; other names are left alone.
    at_once
        Leave out what is imported only when it is called for.

    Raises
    ------
    ModuleError
        If one is not there.
    """
    found: dict[Path, Module] = {}
    begun: set[Path] = set()

    def gather(path: Path, importer: str) -> None:
        if path in begun:
            return
        begun.add(path)
        if not path.is_file():
            raise ModuleError(f"{importer} imports {path.name}, which does not exist")
        source = path.read_text(encoding="utf-8")
        code = COMMENT.sub("", source)
        names = [*STATIC.findall(code), *([] if at_once else DYNAMIC.findall(code))]
        names += [name for name in packages if re.search(NAMED.format(re.escape(name)), code, re.MULTILINE)]
        imports = {name: (packages.get(name) or path.parent / name).resolve() for name in names}
        for file in imports.values():
            gather(file, path.name)
        found[path] = Module(source, imports)

    gather(entry.resolve(), "nothing")
    return found


def one_module(entry: Path, packages: Packages = NONE) -> str:
    """Return one ES module that is `entry` with all that it imports.

    Parameters
    ----------
    entry
        A module with a default export, which becomes that of the whole.
    packages
        Files of what is imported by name.

    Raises
    ------
    ModuleError
        If modules import each other in a circle, or one is not there.
    """
    given: dict[Path, tuple[str, str]] = {}  # the id of each, a digest of it and of what it imports, and its text
    for path, module in gathered(entry, packages).items():
        source = module.source
        for name, file in module.imports.items():
            if file not in given:
                raise ModuleError(f"{file.name} imports itself by way of {path.name}; break the circle")
            source = re.sub(rf"""["']{re.escape(name)}["']""", f'"backmice:{given[file][0]}"', source)
        given[path] = sha256(source.encode()).hexdigest()[:16], source
    listed = json.dumps(list(given.values()))
    return LOADER.format(modules=listed, entry=json.dumps(given[entry.resolve()][0]))
