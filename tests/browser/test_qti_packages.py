"""Every item of the QTI 3.0 package, shown and scored in a browser by a player that is not ours.

`test_export_qti.py` holds that each item of 2.1 is the same item.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from backmice.export.paper import Paper, load_paper
from backmice.export.target import TARGETS
from backmice.export.words import number
from backmice.items.model import Item
from backmice.items.score import score

ROOT = Path(__file__).parents[2]
PLAYER = ROOT / "node_modules/@citolab/qti-components/cdn/index.js"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Player</title><link rel="icon" href="data:,">
<script type="module" src="../player.js"></script>
"""
#: Shows an item, answers it again and again, and tells what the player made of it.
PLAY = """async ([href, attempts]) => {
  const shown = document.createElement("item-container");
  shown.itemXML = await (await fetch(href)).text();
  const connected = new Promise((done) => shown.addEventListener("qti-assessment-item-connected", done));
  document.body.replaceChildren(shown);
  await connected;
  const item = shown.shadowRoot.querySelector("qti-assessment-item");
  await item.updateComplete;
  const feedback = [...item.querySelectorAll("qti-feedback-inline, qti-modal-feedback")];
  const scored = attempts.map((responses) => {
    item.resetResponses();
    item.responses = responses;
    item.processResponse(true, false);
    return {
      score: Number(item.variables.find(({identifier}) => identifier === "SCORE").value),
      told: feedback.filter(({showStatus}) => showStatus === "on").map((part) => part.textContent),
    };
  });
  const pictures = [...item.querySelectorAll("img")];
  await Promise.all(pictures.map((picture) => picture.decode()));
  const sizes = pictures.map(({naturalWidth, naturalHeight}) => [naturalWidth, naturalHeight]);
  feedback.forEach((part) => part.remove());
  const named = [...item.querySelectorAll("[hotspot-label]")].map((spot) => spot.getAttribute("hotspot-label"));
  const text = item.querySelector("qti-item-body").textContent;
  document.body.replaceChildren();
  return {scored, sizes, text: [text, ...named].join(" ").split(/\\s+/).join(" ")};
}"""


@cache
def paper() -> Paper:
    return load_paper(ROOT, "bank")


@pytest.fixture
def package(tmp_path: Path, serve: Callable[[Path], str]) -> str:
    """The address of the unpacked package, with the player in it."""
    zipfile.ZipFile(io.BytesIO(TARGETS["qti30"].content(paper()))).extractall(tmp_path)
    shutil.copy(PLAYER, tmp_path / "player.js")
    (tmp_path / "items/player.html").write_text(PAGE)
    return serve(tmp_path)


def attempts(item: Item) -> list[list[str]]:
    """Responses, as the book's scorer takes them: the key, none, and wrong ones of each sort."""
    key = item.scored_key()
    if item.kind == "numeric":
        edges = [item.key.value - item.key.tolerance, item.key.value + item.key.tolerance]
        far = item.key.tolerance + 0.01 * max(1, abs(item.key.value))
        values = [item.key.value, *edges, item.key.value - far, item.key.value + far, *(s.value for s in item.slips)]
        other = [
            [number(value * item.units[item.key.unit] / factor), unit]
            for value in (item.key.value, item.key.value + far)
            for unit, factor in item.units.items()
        ]
        return [[], *([number(value), item.key.unit] for value in values), *other]
    if item.kind == "matching":
        cases, options = zip(*(pair.split("=") for pair in key), strict=True)
        turned = [*options[1:], options[0]]
        return [[], list(key), list(key[:-1]), [f"{c}={o}" for c, o in zip(cases, turned, strict=True)]]
    if item.kind == "ordering":
        return [[], list(key), list(key[::-1]), [*key[1:], key[0]], list(item.option_ids())]
    others = [id_ for id_ in item.option_ids() if id_ not in key]
    if item.kind == "multiple":
        return [[], list(key), list(key[1:]), [*key, others[0]], others, list(item.option_ids())]
    return [[], *([id_] for id_ in item.option_ids())]


def as_qti(item: Item, response: list[str]) -> list[dict]:
    """The response as a learner's player holds it."""
    value: str | list[str] | None = response
    if item.kind == "numeric":
        value, unit = response or (None, None)
        unit = unit and f"unit-{list(item.units).index(unit) + 1}"
        units = [{"responseIdentifier": "UNIT", "response": unit}] if len(item.units) > 1 else []
        return [{"responseIdentifier": "RESPONSE", "response": value}, *units]
    if item.kind == "matching":
        value = ["case.{} {}".format(*pair.split("=")) for pair in response]
    elif item.kind in ("single", "landmark", "hotspot"):
        value = response[0] if response else None
    return [{"responseIdentifier": "RESPONSE", "response": value}]


def told(item: Item, response: list[str]) -> list[str]:
    """What the learner should read after a response."""
    if item.kind in ("matching", "ordering"):
        return ["".join(f"{part.text}: {part.rationale}" for _, part in item.parts())]
    if item.kind == "numeric":
        factor = item.units[response[1]] / item.units[item.key.unit] if response else 1
        hit = [s for s in item.slips if response and abs(float(response[0]) * factor - s.value) <= s.tolerance + 1e-9]
        return [*(f"{slip.text}. {slip.rationale}" for slip in hit), item.rationale]
    return [option.rationale for option in item.options if option.id in response]


def words(item: Item) -> list[str]:
    """What the learner should read before any response."""
    parts = [] if item.kind == "numeric" else [part.text for _, part in item.parts()]
    return [item.vignette or item.stem, item.stem, *parts]


def test_every_item_is_shown_and_scored_as_in_the_book(page: Page, package: str):
    page.goto(f"{package}/items/player.html")
    page.evaluate("customElements.whenDefined('item-container')")
    wrong = []  # the player rounds scores to three decimals
    for item in paper().items:
        responses = attempts(item)
        got = page.evaluate(PLAY, [f"{item.id}.xml", [as_qti(item, response) for response in responses]])
        for response, made in zip(responses, got["scored"], strict=True):
            points = score(item.kind, item.scored_key(), item.option_ids(), response).points
            if made["score"] != pytest.approx(points, abs=5e-4) or made["told"] != told(item, response):
                wrong.append((item.id, response, made, points, told(item, response)))
        wrong += [(item.id, text, got["text"]) for text in words(item) if text not in got["text"]]
        assert got["sizes"] == ([[960, 660]] if item.kind == "hotspot" else [])
    assert wrong == []
