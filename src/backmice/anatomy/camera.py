"""From where a figure is seen, and the box that it is seen in; apart from what draws it, which takes long to import."""

from __future__ import annotations

#: The box in which everything lies, skin too, so that a layer fetched later does not move the rest; in mm.
BOX_MM = {"x": (-206, 206), "y": (-96, 222), "z": (-180, 214)}
#: How large a mm is drawn, and what the camera looks at, in mm.
SCENE_PER_MM = 1 / 141.8
LOOK_AT_MM = {"x": 0, "y": 45, "z": 16.5}
CENTRE = {name: round((LOOK_AT_MM[name] - sum(BOX_MM[name]) / 2) * SCENE_PER_MM, 4) for name in BOX_MM}
#: From where the camera looks at the centre; the projection is parallel, so only the direction counts.
DIRECTIONS = {
    "Behind": (0, -1.8, -0.06), "Oblique": (1.3, -1.25, 0.42), "Side": (2, 0.05, -0.03), "Crest": (0.8, -0.9, 1.12),
}  # fmt: skip
VIEWS = {
    name: {"eye": {axis: round(CENTRE[axis] + step, 4) for axis, step in zip("xyz", direction)}}
    for name, direction in DIRECTIONS.items()
}
