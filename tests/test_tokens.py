"""Contrast of the colours in tokens.css, in both themes, by the formula of WCAG 2.2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[1] / "src/backmice/static/tokens.css").read_text(encoding="utf-8")
#: By name: the colour on paper in the light theme and in the dark one.
COLOUR = r"--([\w-]+): (light-dark\(.*?\)|#[0-9a-f]{6}|var\(--[\w-]+\));"
USUAL, _, REST = TOKENS.partition("@media (prefers-contrast: more)")
COLOURS = dict(re.findall(COLOUR, USUAL))
#: Where more contrast is asked for.
FIRM = COLOURS | dict(re.findall(COLOUR, REST.partition("@supports not")[0]))
THEMES = ("light", "dark")
SURFACES = ("paper", "raised", "drape")
WASHES = ("gentian-wash", "right-wash", "partly-wash", "wrong-wash", "flag-wash")
LAYERS = ("skin", "fat", "fascia", "muscle", "ligament", "nerve", "bone", "nodule", "region")
LEVELS = ("high", "moderate", "low", "very-low")

AAA, AA, SHAPES = 7, 4.5, 3
#: What stands on what, and how far at least they must be apart.
PAIRS = {
    **{("ink", on): AAA for on in (*SURFACES, *WASHES)},
    **{("ink-soft", on): AAA for on in (*SURFACES, *WASHES)},
    **{("gentian", on): AAA for on in (*SURFACES, "gentian-wash")},
    ("on-gentian", "gentian"): AAA,
    ("on-stage", "stage"): AAA,
    **{(word, on): AAA for word in ("right", "partly", "wrong", "flag") for on in ("paper", f"{word}-wash")},
    **{(level, on): AA for level in LEVELS for on in (*SURFACES, "gentian-wash")},
    # Edges of controls, and the focus, which is gentian, on all that it may lie on.
    **{("edge", on): SHAPES for on in SURFACES},
    **{("gentian", on): SHAPES for on in WASHES},
    # What is drawn on a page.
    **{(layer, "paper"): SHAPES for layer in LAYERS},
}


def channels(colour: str) -> list[float]:
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    return [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]


def luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def colour(name: str, theme: str, colours: dict[str, str] = COLOURS) -> str:
    value = colours[name]
    if value.startswith("var("):
        return colour(value[6:-1], theme, colours)
    return re.findall(r"#[0-9a-f]+", value)[THEMES.index(theme) if value.startswith("light-dark") else 0]


def test_the_formula_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
def test_each_pair_is_far_enough_apart(theme):
    found = {pair: contrast(*(colour(name, theme) for name in pair)) for pair in PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < PAIRS[pair]} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_with_more_contrast_every_word_is_at_seven_and_every_line_is_drawn_as_an_edge(theme):
    wanted = {pair: AAA if least == AA else least for pair, least in PAIRS.items()}
    wanted |= {("edge", on): AA for on in SURFACES} | {("line", on): SHAPES for on in SURFACES}
    found = {pair: contrast(*(colour(name, theme, FIRM) for name in pair)) for pair in wanted}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < wanted[pair]} == {}


def test_what_stands_on_a_stage_is_far_enough_from_it_in_both_themes():
    found = {layer: contrast(colour(layer, "dark"), colour("stage", "light")) for layer in LAYERS}
    assert {layer: round(ratio, 2) for layer, ratio in found.items() if ratio < SHAPES} == {}


def test_every_colour_but_lines_of_layout_is_held():
    held = {name for pair in PAIRS for name in pair} | {"stage"}
    assert {name for name in COLOURS if name not in held} == {"line"}


def test_without_light_dark_the_colours_are_those_of_the_light_theme():
    """Layers are drawn on a stage alone there, in the colours that it takes."""
    plain = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", TOKENS.partition("@supports not")[2]))
    full = {name: "#" + "".join(f"{round(c * 255):02x}" for c in channels(value)) for name, value in plain.items()}
    assert full == {name: colour(name, "dark" if name in LAYERS else "light") for name in full}
