"""Draws the still pictures of the figure: what a reader sees before, or without, the 3-D one.

Run from the root of the repository, after `make test` has set up a browser:

    python media/anatomy/sacroiliac/make_pictures.py

It needs Pillow (requirements-media.txt) besides what the tests need, and draws the same data with
the same bundle as the page does. The digest it leaves tells a test when a picture is stale.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from backmice.anatomy.figure import region_figure
from backmice.anatomy.structure import load_region
from backmice.assets import plotly_bundle
from backmice.evidence.ledger import load_ledger

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
SIZE = {"width": 1280, "height": 880}
WIDTHS = (720, 1280)
CHROMIUM = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
DRAW = """([data, layout]) => Plotly.newPlot("plot", data, layout, {displayModeBar: false, staticPlot: false})"""


def main() -> None:
    """Draw the region from behind, at each width."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        sys.exit("No Chromium or Chrome was found; install one (Debian: apt-get install chromium).")
    figure = region_figure(load_region(ROOT, "sacroiliac-triangle", load_ledger(ROOT).claims))
    picture = Image.open(io.BytesIO(draw(figure, browser))).convert("RGB")
    for width in WIDTHS:
        size = (width, round(width * SIZE["height"] / SIZE["width"]))
        picture.resize(size, Image.LANCZOS).save(HERE / f"pictures/behind-{width}.webp", quality=82, method=6)
    (HERE / "pictures/drawn-from.txt").write_text(digest(figure) + "\n", encoding="utf-8")


def draw(figure: dict, browser: str) -> bytes:
    """Return the figure as a PNG twice as large as SIZE, drawn by a real browser."""
    bundle, _ = plotly_bundle(ROOT)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=CHROMIUM)
        page = chromium.new_page(viewport=SIZE, device_scale_factor=2)
        page.set_content("<style>body{margin:0}#plot{width:100vw;height:100vh}</style><div id=plot></div>")
        page.add_script_tag(path=str(bundle))
        page.evaluate(DRAW, [figure["data"], figure["layout"]])
        page.wait_for_timeout(1500)
        image = page.screenshot()
        chromium.close()
    return image


def digest(figure: dict) -> str:
    """Return a digest of everything that the figure draws."""
    return sha256(json.dumps(figure, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    main()
