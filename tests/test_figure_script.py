"""The script that draws the figures: plotly.js without what no figure uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from backmice.assets import PLOTLY
from backmice.bundle import BundleError
from backmice.figure_script import cut_gl, figure_script, made

ROOT = Path(__file__).parents[1]
needs_npm = pytest.mark.skipif(not (ROOT / PLOTLY).is_file(), reason="npm was not run: make test runs it")
GL = """\
          1(module) {
            module.exports = {
              gl_cone3d: __webpack_require__(2),
              gl_plot3d: __webpack_require__(3)
            };
          },
          2(module) {
            module.exports = cone;
          },
          3(module, exports, __webpack_require__) {
            var text = __webpack_require__(4);
            module.exports = scene;
          },
          4(module, exports, __webpack_require__) {
            module.exports = createText;
            __webpack_require__(5);
          },
          5(module) {
            module.exports = letters;
          },
          6(module, exports, __webpack_require__) {
            module.exports = extractContour;
          },
          7(module, exports, __webpack_require__) {
            module.exports = formatCompilerError;
          }
"""
LEFT = """\
          1(module) {
            module.exports = {
              gl_plot3d: __webpack_require__(3)
            };
          },
          3(module, exports, __webpack_require__) {
            var text = __webpack_require__(4);
            module.exports = scene;
          },
          4(module) { module.exports = () => ({ cells: [], positions: [] }) },
"""


def test_of_webgl_only_what_is_asked_for_is_left():
    assert cut_gl(GL) == LEFT


def test_without_npm_there_is_none(tmp_path):
    assert figure_script(tmp_path) is None


@needs_npm
def test_it_is_made_once_and_made_again_it_is_the_same():
    script = figure_script(ROOT)
    assert figure_script(ROOT) == script
    assert made(ROOT, (ROOT / PLOTLY).read_text(encoding="utf-8")) == script.read_bytes()


@needs_npm
def test_it_keeps_plotly_s_notices():
    notices = figure_script(ROOT).read_text(encoding="utf-8").partition('"use strict"')[0]
    assert notices.startswith("/**\n* plotly.js v")
    for name in ("Plotly, Inc.", "ieee754", "Feross Aboukhadijeh", "Sean Connelly", "repeat-string"):
        assert name in notices


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("var Plotly = (() => {", "var Plotly = (function() {", "plotly.js is laid out in another way"),
        ('"src/plots/command.js"(', '"src/plots/commands.js"(', "plotly.js has no src/plots/command.js"),
        ('"src/locale-en.js"(', '"src/locale-gb.js"(', "plotly.js has no src/locale-en.js"),
        (" = createText;", " = createLetters;", "plotly.js has no createText"),
        ("setTimeout(this._readCallback, 1)", "setTimeout(this._readCallback)", "plotly.js has no this"),
    ],
)
@needs_npm
def test_a_plotly_that_is_laid_out_in_another_way_is_refused(before, after, said):
    with pytest.raises(BundleError, match=said):
        made(ROOT, (ROOT / PLOTLY).read_text(encoding="utf-8").replace(before, after))
