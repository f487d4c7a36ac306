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

from backmice.anatomy.figure import VIEWS, region_figure
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
#: Where points of the frame stand in the picture, in per cent of its width and height.
PLACES = """points => {
  const {glplot, dataScale} = document.getElementById("plot")._fullLayout.scene._scene;
  const {model, view, projection} = glplot.cameraParams;
  const times = (m, p) => [0, 1, 2, 3].map(i => p.reduce((sum, x, j) => sum + m[i + 4 * j] * x, 0));
  return points.map(p => {
    const [x, y, , w] = [model, view, projection].reduce((q, m) => times(m, q), [...p.map((x, i) => x * dataScale[i]), 1]);
    return [50 * (1 + x / w), 50 * (1 - y / w)];
  });
}"""


def main() -> None:
    """Draw the region from behind, at each width."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        sys.exit("No Chromium or Chrome was found; install one (Debian: apt-get install chromium).")
    region = load_region(ROOT, "sacroiliac-triangle", load_ledger(ROOT).claims)
    figure = region_figure(region)
    picture, _ = draw(figure, browser, {})
    for width in WIDTHS:
        save(picture, f"behind-{width}.webp", width)
    for name, camera in VIEWS.items():
        if name != "Behind":
            picture, _ = draw(looked_at(figure, camera), browser, {})
            save(picture, f"{name.lower()}-720.webp", 720)
    bones = {s.id for s in region.structures if s.layer == "bone"}
    bare = figure | {"data": [trace for trace in figure["data"] if trace["meta"]["structure"] in bones]}
    picture, places = draw(bare, browser, region.landmarks)
    save(picture, "bones-behind-960.webp", 960)
    rows = [f"{name},{x:.1f},{y:.1f}" for name, (x, y) in places.items()]
    (HERE / "pictures/bones-behind.csv").write_text("\n".join(["id,x_percent,y_percent", *rows, ""]), encoding="utf-8")
    (HERE / "pictures/drawn-from.txt").write_text(digest(figure) + "\n", encoding="utf-8")


def looked_at(figure: dict, camera: dict) -> dict:
    """Return a figure seen by another camera."""
    scene = figure["layout"]["scene"]
    scene = scene | {"camera": scene["camera"] | camera}
    return figure | {"layout": figure["layout"] | {"scene": scene}}


def save(picture: Image.Image, name: str, width: int) -> None:
    """Write a picture at a width."""
    size = (width, round(width * SIZE["height"] / SIZE["width"]))
    picture.resize(size, Image.LANCZOS).save(HERE / f"pictures/{name}", quality=82, method=6)


def draw(figure: dict, browser: str, landmarks: dict) -> tuple[Image.Image, dict[str, tuple[float, float]]]:
    """Return the figure as a picture twice as large as SIZE, drawn by a real browser, and where landmarks stand in it."""
    bundle, _ = plotly_bundle(ROOT)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=CHROMIUM)
        page = chromium.new_page(viewport=SIZE, device_scale_factor=2)
        page.set_content("<style>body{margin:0}#plot{width:100vw;height:100vh}</style><div id=plot></div>")
        page.add_script_tag(path=str(bundle))
        page.evaluate(DRAW, [figure["data"], figure["layout"]])
        page.wait_for_timeout(1500)
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        points = page.evaluate(PLACES, [list(map(float, point)) for point in landmarks.values()])
        chromium.close()
    return image, dict(zip(landmarks, map(tuple, points), strict=True))


def digest(figure: dict) -> str:
    """Return a digest of everything that the figure draws."""
    return sha256(json.dumps(figure, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    main()
