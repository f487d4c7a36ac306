"""What widgets and labs show, written into the package for places that can't read the course's sources.

A notebook may run in a browser, with the standard library and two packages. So forms, figures and the
claims of labs are made here and lie beside `backmice.widgets`; they are not committed, and are made
again when anything they come from has changed.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from backmice.anatomy.camera import VIEWS
from backmice.anatomy.drawn import drawn
from backmice.anatomy.structure import LAYERS, ON_DEMAND, REGIONS, Region, load_region
from backmice.anatomy.view import load_views
from backmice.assets import plotly_bundle
from backmice.chapter import load_chapter
from backmice.evidence.claim import LEVELS, Claim
from backmice.evidence.ledger import CLAIMS, REFERENCES, Ledger, load_ledger
from backmice.html.chip import chip
from backmice.html.figure import figure_html
from backmice.html.media import Media, Picture
from backmice.html.quiz import quiz_html
from backmice.items.kinds import Hotspot, OptionsItem
from backmice.items.load import Bank, load_bank
from backmice.reasoning.vignette import as_data, load_vignettes

PACKAGE = Path(__file__).parent
DATA = PACKAGE / "widgets/data"
LABS = Path("exercises/labs")
PICTURE = "pictures/behind-720.webp"
MADE_FROM = "made-from.txt"


def write_notebook_data(root: Path, home: Path = DATA) -> bool:
    """Write what notebooks show into `home`, unless it is there and nothing has changed; tell whether it was written.

    Raises
    ------
    LocatedError
        If the ledger, the bank or a region has faults, or a notebook is not one.
    KeyError
        If a lab names a claim that is not published.
    """
    bundle, _ = plotly_bundle(root)
    state = made_from(root, bundle)
    if (home / MADE_FROM).is_file() and (home / MADE_FROM).read_text() == state:
        return False
    ledger = load_ledger(root)
    # Made beside it and then put in its place: a kernel that reads meanwhile sees whole files.
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".data-") as name:
        fresh = Path(name)
        shutil.copyfile(bundle, fresh / "plotly.js")
        for region_id in REGIONS:
            _write_region(fresh, load_region(root, region_id, ledger.claims), ledger, root)
        _write_quizzes(fresh, load_bank(root, ledger), ledger, root)
        _write_vignettes(fresh, ledger, root)
        _write_json(fresh / "claims.json", {c.id: _claim(c, ledger) for c in lab_claims(root, ledger)})
        made = sorted(path.name for path in fresh.iterdir())
        for file in made:
            os.replace(fresh / file, home / file)
    for path in home.iterdir():
        if path.name not in made:
            path.unlink(missing_ok=True)
    (home / MADE_FROM).write_text(state)
    return True


def made_from(root: Path, bundle: Path) -> str:
    """Return a digest of everything that the data comes from."""
    folders = (root / "exercises", root / "media/anatomy", PACKAGE / "anatomy", PACKAGE / "html")
    wanted = (".yml", ".csv", ".json", ".webp", ".svg", ".ipynb", ".py", ".html")
    paths = [root / CLAIMS, root / REFERENCES, bundle, Path(__file__)]
    paths += [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in wanted]
    digest = sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def lab_claims(root: Path, ledger: Ledger) -> list[Claim]:
    """Return the claims that labs name, once each."""
    ids = [id_ for path in sorted((root / LABS).glob("*.ipynb")) for id_ in load_chapter(path, root).claims()]
    unknown = [id_ for id_ in ids if id_ not in ledger.claims or not ledger.claims[id_].published]
    if unknown:
        raise KeyError(f"{unknown[0]} is named by a lab and is no published claim")
    return [ledger.claims[id_] for id_ in dict.fromkeys(ids)]


def _claim(claim: Claim, ledger: Ledger) -> dict[str, Any]:
    values = [quantity.model_dump(exclude_none=True) for quantity in claim.values]
    sources = [ledger.references[key].short() for key in claim.sources]
    return {
        "statement": claim.statement, "values": values, "certainty": claim.certainty, "sources": sources,
        "because": [reason.because for reason in claim.lowered_for], "level": LEVELS.index(claim.certainty),
    }  # fmt: skip


def _write_region(home: Path, region: Region, ledger: Ledger, root: Path) -> None:
    picture = region.folder / PICTURE
    shown = figure_html(
        region, partial(chip, ledger), data="", layer_data={}, bundle="", pictures={1280: _data_uri(picture)}
    )
    caption = f"{region.name}. Schematic; each place rests on the claims of the table."
    html = shown + Markup("<p>{}</p></figcaption></figure></backmice-anatomy>").format(caption)
    (home / f"{region.id}.html").write_text(html, encoding="utf-8")
    for layer, data in drawn(root, region, load_views(root, region), ledger).items():
        _write_json(home / f"{region.id}-{layer or 'figure'}.json", json.loads(data))
    shutil.copyfile(picture, home / f"{region.id}.webp")
    # In the order of the figure's list: a widget compares what it shows with what Python says.
    listed = sorted(region.structures, key=lambda structure: list(LAYERS).index(structure.layer))
    about = {
        "structures": {s.id: {"name": s.name, "layer": s.layer, "note": s.note} for s in listed},
        "first": [s.id for s in listed if s.layer not in ON_DEMAND and not s.contrast],
        "late": ON_DEMAND,
        "views": {name: view["eye"] for name, view in VIEWS.items()},
        "landmarks_mm": region.landmarks,
        "crest_right_mm": region.crest,
    }
    _write_json(home / f"{region.id}.json", about)


def _write_quizzes(home: Path, bank: Bank, ledger: Ledger, root: Path) -> None:
    known = {}
    for quiz_id, quiz in bank.quizzes.items():
        items = bank.items_of(quiz_id)
        html = quiz_html(quiz, items, partial(chip, ledger), media=InlineMedia(root))
        (home / f"quiz-{quiz_id}.html").write_text(html, encoding="utf-8")
        known[quiz_id] = {"title": quiz.title, "items": {item.id: _item(item) for item in items}}
    _write_json(home / "quizzes.json", known)


def _write_vignettes(home: Path, ledger: Ledger, root: Path) -> None:
    known = {}
    for id_, vignette in load_vignettes(root, ledger.claims).items():
        chips = {claim_id: _chip(ledger, claim_id) for claim_id in vignette.all_claims()}
        _write_json(home / f"vignette-{id_}.json", as_data(vignette, ledger.claims) | {"chips": chips})
        known[id_] = {
            "title": vignette.title,
            "opening": vignette.opening,
            "conditions": {condition.id: condition.name for condition in vignette.conditions},
            "findings": [finding.text for finding in vignette.findings],
        }
    _write_json(home / "vignettes.json", known)


def _chip(ledger: Ledger, claim_id: str) -> dict[str, str]:
    claim = ledger.claims[claim_id]
    names = "; ".join(ledger.references[key].short() for key in claim.sources)
    certainty = claim.certainty.replace(" ", "-")
    return {"words": f"{claim.certainty.capitalize()} certainty: {names}", "certainty": certainty}


def _item(item: Any) -> dict[str, Any]:
    options = {option.id: option.text for option in item.options} if isinstance(item, OptionsItem) else {}
    stem = f"{item.vignette} {item.stem}" if item.vignette else item.stem
    return {"kind": item.kind, "stem": stem, "options": options}


class InlineMedia(Media):
    """Pictures inside the page, for a page without a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def picture(self, item: Hotspot) -> Picture:
        """Return the picture itself."""
        return Picture(_data_uri(self.root / item.picture))


def _data_uri(path: Path) -> str:
    kind = {".svg": "svg+xml"}.get(path.suffix, path.suffix[1:])
    return f"data:image/{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _write_json(path: Path, value: Mapping[str, Any] | Iterable[Any]) -> None:
    path.write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
