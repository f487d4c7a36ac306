"""Where the drawing script and the typeface of the book come from."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from backmice import assets
from backmice.figure_script import figure_script

ROOT = Path(__file__).resolve().parent.parent
needs_npm = pytest.mark.skipif(not (ROOT / assets.LITERATA_LATIN).exists(), reason="npm was not run: make test runs it")


@needs_npm
def test_figures_are_drawn_by_what_they_use_of_plotly():
    assert assets.plotly_bundle(ROOT) == (figure_script(ROOT), False)


def test_without_npm_they_are_drawn_by_the_one_in_the_plotly_package(tmp_path):
    bundle, fallback = assets.plotly_bundle(tmp_path)
    assert fallback
    assert bundle.parts[-3:] == ("plotly", "package_data", "plotly.min.js")
    assert "plotly.js v" in bundle.read_text(encoding="utf-8")[:200]


def test_looking_for_it_does_not_import_plotly(tmp_path):
    code = (
        "import sys; from pathlib import Path; from backmice.assets import plotly_bundle;"
        "plotly_bundle(Path(sys.argv[1])); print('plotly' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_missing_plotly_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="^plotly.js was not found; run: make book$"):
        assets.plotly_bundle(tmp_path)


@needs_npm
def test_both_bundles_are_the_same_plotly():
    partial, _ = assets.plotly_bundle(ROOT)
    full, _ = assets.plotly_bundle(ROOT / "no-such-folder")
    versions = [path.read_text(encoding="utf-8")[:300].split("v")[1].split()[0] for path in (partial, full)]
    assert versions[0] == versions[1]


def test_without_npm_there_is_no_typeface(tmp_path):
    assert assets.literata_subset(tmp_path, tmp_path / "cache") is None
    assert assets.literata_license(tmp_path) is None
    assert not (tmp_path / "cache").exists()


@pytest.fixture(scope="module")
def typeface(tmp_path_factory) -> Path:
    made = assets.literata_subset(ROOT, tmp_path_factory.mktemp("cache"))
    assert made is not None
    return made


@needs_npm
def test_the_typeface_is_small(typeface):
    assert typeface.read_bytes()[:4] == b"wOF2"
    assert typeface.stat().st_size <= 32_000


@needs_npm
def test_it_has_every_letter_and_sign(typeface):
    with TTFont(typeface) as font:
        assert sorted(map(chr, font.getBestCmap())) == sorted(assets.TEXT)


@needs_npm
def test_its_one_axis_is_weight(typeface):
    with TTFont(typeface) as font:
        axes = [(axis.axisTag, axis.minValue, axis.defaultValue, axis.maxValue) for axis in font["fvar"].axes]
    assert axes == [("wght", 400, 400, 700)]


@needs_npm
def test_it_keeps_what_text_is_set_with(typeface):
    with TTFont(typeface) as font:
        features = {r.FeatureTag for name in ("GSUB", "GPOS") for r in font[name].table.FeatureList.FeatureRecord}
    assert features == {"ccmp", "kern", "liga", "locl", "pnum", "tnum"}


@needs_npm
def test_it_is_made_once(typeface, monkeypatch):
    monkeypatch.setattr(assets, "cut", lambda font: pytest.fail("was cut again"))
    assert assets.literata_subset(ROOT, typeface.parent) == typeface
    assert [path.name for path in typeface.parent.iterdir()] == [typeface.name]


@needs_npm
def test_other_letters_make_another_file(typeface, monkeypatch):
    monkeypatch.setattr(assets, "TEXT", "abc")
    monkeypatch.setattr(assets, "cut", lambda font: b"other")
    other = assets.literata_subset(ROOT, typeface.parent / "other")
    assert other.name != typeface.name


@needs_npm
def test_the_same_input_gives_the_same_bytes():
    code = (
        "import hashlib, sys; from pathlib import Path; from backmice.assets import cut;"
        "print(hashlib.sha256(cut(Path(sys.argv[1]).read_bytes(), text='Añ fi 1')).hexdigest())"
    )
    source = ROOT / assets.LITERATA_LATIN
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, source],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": s},
        )
        for s in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout


@needs_npm
def test_it_says_whose_it_is(typeface):
    with TTFont(BytesIO(typeface.read_bytes())) as font:
        assert (
            font["name"].getDebugName(0)
            == "Copyright 2017 The Literata Project Authors (https://github.com/googlefonts/literata)"
        )
    assert "SIL OPEN FONT LICENSE" in assets.literata_license(ROOT).read_text()


@pytest.fixture(scope="module")
def faces() -> dict[str, set[str]]:
    """The letters of each file that pages fetch of the typeface."""
    found = assets.typeface_of_pages(ROOT)
    fonts = {name: TTFont(BytesIO(content)) for name, content in found.items() if name.endswith(".woff2")}
    return {name: {*map(chr, font.getBestCmap())} for name, font in fonts.items()}


@needs_npm
def test_pages_fetch_each_weight_in_two_files_that_share_no_letter_and_have_them_all(faces):
    assert {*faces} == {f"literata-{weight}{of}.woff2" for weight in (400, 600) for of in ("", "-rare")}
    for weight in (400, 600):
        common, rare = faces[f"literata-{weight}.woff2"], faces[f"literata-{weight}-rare.woff2"]
        assert (common & rare - {" "}, common | rare) == (set(), {*assets.TEXT})


@needs_npm
def test_what_every_page_fetches_of_it_comes_in_the_first_flight_of_a_connection():
    found = assets.typeface_of_pages(ROOT)
    flight = 10 * 1460 - 300  # bytes of the first ten packets, without headers
    assert [name for name in found if name.endswith("00.woff2") and len(found[name]) > flight] == []


@needs_npm
def test_the_style_asks_for_the_rare_letters_by_themselves(faces):
    styles = (ROOT / "src/backmice/static/tokens.css").read_text(encoding="utf-8")
    for name, ranges in re.findall(r'url\("(literata-\d+-rare\.woff2)"\)[^}]*unicode-range: ([^;]+);', styles):
        ends = [(run.strip().removeprefix("U+").split("-") * 2)[:2] for run in ranges.split(",")]
        asked = {chr(code) for first, last in ends for code in range(int(first, 16), int(last, 16) + 1)}
        assert (name, asked) == (name, faces[name] - {" "})
    assert "Literata Course" not in re.findall(r"@font-face[^}]*", assets.without_typeface(styles))[0]


def test_without_npm_pages_name_no_file_of_it(tmp_path):
    assert assets.typeface_of_pages(tmp_path) == {}
    styles = (ROOT / "src/backmice/static/tokens.css").read_text(encoding="utf-8")
    assert "literata-" not in assets.without_typeface(styles)
