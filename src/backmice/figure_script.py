"""The script that draws the figures: plotly.js with the two kinds of traces that they are made of, and no more.

npm brings plotly.js whole, as one script of some 1200 modules that still bear their names. Here all but what the figures
use is taken out of it: `ENTRY` asks for less than plotly's own, what nobody asks for is left out by esbuild, and in place
of the modules of `LEFT_OUT`, which others ask for and no figure ever calls, stands next to nothing. What is left is
plotly's own text but for the few lines of `MENDED`. A plotly that is laid out in another way is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from pathlib import Path

from backmice.assets import PLOTLY
from backmice.bundle import BundleError, bundler, minified
from backmice.kept import digest, kept

#: Beside the course, so that each build of it finds the script.
KEPT = Path(".cache/plotly")

#: As plotly's own `src/core.js`, without what no figure has: legends, sliders, pictures, menus.
ENTRY = """
const Plotly = { version: require("src/version.js").version };
require("build/plotcss.js");
const { register } = require("src/registry.js");
for (const [name, fn] of Object.entries(require("src/plot_api/index.js"))) {
  if (!name.startsWith("_")) Plotly[name] = fn;
  register({ moduleType: "apiMethod", name, fn });
}
register([
  require("src/traces/scatter/index.js"), // the kind that plotly takes a trace to be before it looks
  require("src/traces/mesh3d/index.js"),
  require("src/traces/scatter3d/index.js"),
  require("src/components/annotations/index.js"),
  require("src/components/annotations3d/index.js"),
  require("src/components/shapes/index.js"), // none, and plotly counts them
  require("src/components/colorscale/index.js"),
  require("src/components/fx/index.js"),
  require("src/components/modebar/index.js"), // never shown, and plotly asks for its place
  require("src/locale-en.js"),
  require("src/locale-en-us.js"),
]);
Plotly.Plots = { resize: require("src/plots/plots.js").resize };
window.Plotly = Plotly;
"""

#: Modules that no figure calls, by a pattern of their names, and what stands in their place.
LEFT_OUT = {
    # Browsers have promises, and none of these draws maps.
    "node_modules/native-promise-only/lib/npo.src.js": "",
    "node_modules/maplibre-gl/dist/maplibre-gl.css": "",
    # What is drawn flat: lines and bars, shapes, what is chosen by a frame, legends and scales of colour.
    "node_modules/polybooljs/*": "",
    "src/traces/bar/cross_trace_calc.js": "",
    "src/traces/pie/*": "",
    "src/traces/scatter/calc.js": "",
    "src/traces/scatter/cross_trace_*.js": "",
    "src/traces/scatter/defaults.js": "",
    "src/traces/scatter/hover.js": "",
    "src/traces/scatter/line_points.js": "",
    "src/traces/scatter/link_traces.js": "",
    "src/traces/scatter/plot.js": "",
    "src/traces/scatter/select.js": "",
    "src/traces/scatter/st*.js": "",
    "src/components/colorbar/d*.js": "",
    "src/components/drawing/symbol_defs.js": "",
    "src/components/legend/draw.js": "",
    "src/components/legend/get_legend_data.js": "",
    "src/components/legend/handle_click.js": "",
    "src/components/legend/style.js": "",
    "src/components/selections/draw.js": "",
    "src/components/selections/helpers.js": "",
    "src/components/selections/select.js": "exports.reselect = () => {}",
    "src/components/shapes/display_*.js": "",
    "src/components/shapes/draw.js": "",
    "src/components/shapes/draw_newshape/helpers.js": "",
    "src/components/shapes/draw_newshape/newshapes.js": "",
    "src/components/shapes/helpers.js": "",
    "src/components/shapes/label_texttemplate.js": "",
    "src/plots/cartesian/autorange.js": "",
    "src/plots/cartesian/constraints.js": "",
    "src/plots/cartesian/dragbox.js": "",
    "src/plots/cartesian/layout_defaults.js": "",
    "src/plots/cartesian/transition_axes.js": "",
    # Annotations that are dragged or pressed.
    "src/components/annotations/c*k.js": "",
    "src/components/dragelement/index.js": "",
    # The row of buttons, what it saves, and what a developer asks.
    "src/components/modebar/buttons.js": "",
    "src/components/modebar/modebar.js": "",
    "src/fonts/ploticon.js": "",
    "src/plot_api/template_api.js": "",
    "src/plot_api/to_image.js": "",
    "src/plot_api/validate.js": "",
    "src/plots/command.js": "",
    "src/snapshot/*": "",
}

#: The same of plotly's own WebGL modules, which have numbers for names: by what they export.
LEFT_OUT_GL = {
    # Letters of axes, which are not shown: the largest part, as each letter is cut into triangles.
    "createText": "module.exports = () => ({ cells: [], positions: [] })",
    # Lines of equal height on a mesh, and a reader for what a driver says of a faulty shader.
    "extractContour": "",
    "formatCompilerError": "",
}
#: What is asked of them; surfaces, cones, tubes and points made of letters are not.
GL = ("gl_line3d", "gl_mesh3d", "gl_plot3d")

#: What plotly does over and over, or too soon: by what its text says, and what it is to say instead.
MENDED = {
    # A shader is made once and not for each mesh, and linked when it is first drawn with.
    r"\bexports = createShader;": """exports = (gl, vertex, fragment, ...more) =>
      (gl.made ??= {})[vertex + fragment] ??= Object.assign(createShader(gl, vertex, fragment, ...more), { dispose() {} });""",
    r"\n +relink\(\);": "",
    # Whether it was compiled shows when it is linked; until then other things are done.
    r"if \(!\w+\.getShaderParameter\(shader, \w+\.COMPILE_STATUS\)\)": "if (false)",
    # Meshes are of triangles: their edges, points and lines of equal height are not drawn.
    r"= create(?:Wire|Point|PointPick|Contour)Shader\(\w+\);": "= { dispose() {} };",
    # All is drawn once more to know what lies under the pointer: when it asks, and not after each frame.
    r"(?<=\n) +if \(pickDirty\) \{\s*pickDirty = false;\s*renderPick\(\);\s*\}": "",
    r"(?=for \(var \w+ = 0; \w+ < numPick; \+\+\w+\) \{\s*var result = pickBuffers)": """
      if (pickDirty) renderPick();
      pickDirty = false;
    """,
    r"this\._readTimeout = setTimeout\(this\._readCallback, 1\);": "this._readCallback();",
    # Whether a buffer is one still: the answer waits for all that was drawn.
    r" \|\| !\w+\.isBuffer\(handle\)": "",
    # Edges are smoothed where there is time for more pixels than the page has.
    r"antialias: true(?=\s+\},\s+container: scene\.container)": "antialias: scene.pixelRatio > 1",
}

BEGIN, END = "\nvar Plotly = (() => {\n", "\n  return require_index();\n})();\n"
MODULE = re.compile(r'^  var (\w+) = __commonJS\(\{\n    "([^"]+)"\(.*?^  \}\);\n', re.MULTILINE | re.DOTALL)
GL_MODULES = "stackgl_modules/index.js"
GL_MODULE = re.compile(r"^ {10}(\d+)\((.*?)^ {10}\},?\n", re.MULTILINE | re.DOTALL)
GL_ENTRY = re.compile(r"^ {14}(\w+): __webpack_require__\w*\(\d+\),?\n", re.MULTILINE)
NOTICE = re.compile(r"^/\*[*!].*?\*/\n", re.MULTILINE | re.DOTALL)


def figure_script(root: Path) -> Path | None:
    """Return the script, made once for a plotly; None when npm was never run.

    Raises
    ------
    BundleError
        If plotly is laid out in another way.
    """
    source, tool = root / PLOTLY, bundler(root)
    if not source.is_file() or not tool:
        return None
    plotly = source.read_bytes()
    name = f"{digest([plotly, tool, Path(__file__).read_bytes()])}.js"
    kept(root / KEPT, name, lambda: made(root, plotly.decode()))
    return root / KEPT / name


def made(root: Path, plotly: str) -> bytes:
    """Return the script from plotly.js as npm brings it, with every notice that came with it.

    Raises
    ------
    BundleError
        If it is laid out in another way.
    """
    before, begin, rest = plotly.partition(BEGIN)
    body, end, after = rest.partition(END)
    if not begin or not end:
        raise BundleError(f"{PLOTLY} is laid out in another way; see {Path(__file__).name}")
    notices = "".join(NOTICE.findall(before) + NOTICE.findall(after))
    return notices.encode() + minified(root, f'"use strict";\n{cut(body)}')


def cut(body: str) -> str:
    """Return plotly's modules with next to nothing in place of those left out, and `ENTRY` at their end."""
    names = {path: name for name, path in MODULE.findall(body)}
    stand_in = _stand_ins(names, LEFT_OUT, fnmatch)

    def module(found: re.Match[str]) -> str:
        name, path = found.groups()
        if path in stand_in:
            return f'  var {name} = __commonJS({{ "{path}"(exports, module) {{ {stand_in[path]} }} }});\n'
        return cut_gl(found[0]) if path == GL_MODULES else found[0]

    def asked_for(found: re.Match[str]) -> str:
        if found[1] not in names:
            raise BundleError(f"plotly.js has no {found[1]}")
        return f"{names[found[1]]}()"

    # What a module is made by runs nothing: one that nobody asks for may go.
    modules = re.sub(r" = (__commonJS|__esm|__toESM)\(", r" = /* @__PURE__ */ \1(", mended(MODULE.sub(module, body)))
    return modules + re.sub(r'require\("([^"]+)"\)', asked_for, ENTRY)


def cut_gl(text: str) -> str:
    """Return plotly's WebGL modules, one text of numbered ones, with those alone that `GL` asks for."""
    modules = {found[1]: found[0] for found in GL_MODULE.finditer(text)}
    exported = {number: re.findall(r"\bexports = (\w+);", module) for number, module in modules.items()}
    number_of = {name: number for number, names in exported.items() for name in names[:1]}
    stand_in = _stand_ins(number_of, LEFT_OUT_GL, str.__eq__)
    for name, instead in stand_in.items():
        number = number_of[name]
        modules[number] = f"          {number}(module) {{ {instead} }},\n"
    first = next(number for number, module in modules.items() if "gl_plot3d:" in module)
    modules[first] = GL_ENTRY.sub(lambda found: found[0] if found[1] in GL else "", modules[first])
    reached, left = set(), [first]
    while left:
        number = left.pop()
        if number not in reached:
            reached.add(number)
            left += re.findall(r"__webpack_require__\w*\((\d+)\)", modules[number])
    return GL_MODULE.sub(lambda found: modules[found[1]] if found[1] in reached else "", text)


def mended(text: str) -> str:
    """Return plotly's modules with what `MENDED` has in place of what they say.

    Raises
    ------
    BundleError
        If something to be mended is not there.
    """
    for pattern, instead in MENDED.items():
        text, times = re.subn(pattern, lambda _, instead=instead: instead, text)
        if not times:
            raise BundleError(f"plotly.js has no {pattern}")
    return text


def _stand_ins(names: Iterable[str], wanted: dict[str, str], fits: Callable[[str, str], bool]) -> dict[str, str]:
    """Return what stands in the place of a module, by its name."""
    found = {pattern: [name for name in names if fits(name, pattern)] for pattern in wanted}
    if missing := [pattern for pattern, those in found.items() if not those]:
        raise BundleError(f"plotly.js has no {missing[0]}")
    return {name: wanted[pattern] for pattern, those in found.items() for name in those}
