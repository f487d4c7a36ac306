"""What items show beside their words: the picture of a hotspot, the figure of a landmark."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from backmice.items.kinds import Hotspot, Landmark, Spot


@dataclass(frozen=True)
class Picture:
    """Where a page finds a picture, and its size in pixels; a drawing may have none."""

    src: str
    width: int = 0
    height: int = 0


class Media:
    """Pictures where nothing is published: by their own path, and figures not at all."""

    @staticmethod
    def middle(spot: Spot) -> tuple[float, float]:
        """Return where the letter of a region stands: the mean of its corners."""
        xs, ys = zip(*spot.region, strict=True)
        return round(sum(xs) / len(xs), 2), round(sum(ys) / len(ys), 2)

    def picture(self, item: Hotspot) -> Picture:
        """Return the picture of an item."""
        return Picture(item.picture)

    def figure(self, item: Landmark, anchor: str) -> Markup:
        """Return the figure of an item; its list of options is enough without."""
        return Markup("")
