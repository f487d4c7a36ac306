"""The simulated ultrasound frames: what stands in media/ultrasound/frames.yml, and where its parts lie in a picture.

The pictures are drawn by media/ultrasound/make_frames.py, which needs packages that the book does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import Field

from backmice.evidence.claim import Claim, Slug
from backmice.located import LocatedError, Model, read_yaml

FOLDER = Path("media/ultrasound")
FRAMES = FOLDER / "frames.yml"
SCRIPTS = ("bmode.py", "sections.py", "make_frames.py")
#: The claim whose figures the drawing uses.
MEASURED = "fasc-thick-normal"

Length = Annotated[float, Field(gt=0)]
Words = Annotated[str, Field(min_length=3)]


class Screen(Model):
    """The size of all pictures: millimetres of tissue, pixels, and the strip of the scale at the left."""

    pixel_mm: Length
    width_mm: Length
    depth_mm: Length
    scale_px: Annotated[int, Field(ge=0)]

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of a picture."""
        return self.scale_px + round(self.width_mm / self.pixel_mm), round(self.depth_mm / self.pixel_mm)

    def place(self, x_mm: float, z_mm: float) -> tuple[float, float]:
        """Return where a place of the tissue stands, in per cent of the picture's width and height."""
        width, height = self.size_px
        column = self.scale_px + (x_mm + self.width_mm / 2) / self.pixel_mm
        return round(100 * column / width, 2), round(100 * z_mm / self.pixel_mm / height, 2)

    def holds(self, x_mm: float, z_mm: float) -> bool:
        """Return whether a place lies within the picture."""
        return abs(x_mm) <= self.width_mm / 2 and 0 <= z_mm <= self.depth_mm


class Part(Model):
    """A named place: mm from the middle of the probe, and below the skin."""

    name: Words
    x_mm: float
    z_mm: float


class Frame(Model):
    """One picture: its parts, and the claims on which its look rests."""

    id: Slug
    name: Words
    alt: Annotated[str, Field(min_length=40, max_length=320)]
    claims: Annotated[tuple[Slug, ...], Field(min_length=1)]
    parts: Annotated[tuple[Part, ...], Field(min_length=2, max_length=9)]


class Frames(Model):
    """The file."""

    screen: Screen
    frames: Annotated[tuple[Frame, ...], Field(min_length=1)]

    def frame(self, id_: str) -> Frame | None:
        """Return the frame of an id, if there is one."""
        return next((frame for frame in self.frames if frame.id == id_), None)


def load_frames(root: Path, claims: Mapping[str, Claim]) -> Frames:
    """Read and check the frames.

    Raises
    ------
    LocatedError
        If the file does not fit, an id stands twice, a claim is not published, or a part lies outside the picture.
    """
    document = read_yaml(root / FRAMES, root)
    found = document.parse(Frames)
    faults = []
    for i, frame in enumerate(found.frames):
        if found.frame(frame.id) is not frame:
            faults.append(document.fault(("frames", i, "id"), f"'{frame.id}' stands twice", "give each its own id"))
        for j, id_ in enumerate(frame.claims):
            if id_ not in claims or not claims[id_].published:
                wrong = f"'{id_}' is no published claim"
                faults.append(document.fault(("frames", i, "claims", j), wrong, "correct its id"))
        for j, part in enumerate(frame.parts):
            if not found.screen.holds(part.x_mm, part.z_mm):
                half, deep = found.screen.width_mm / 2, found.screen.depth_mm
                allowed = f"x_mm from {-half:g} to {half:g}, z_mm from 0 to {deep:g}"
                faults.append(document.fault(("frames", i, "parts", j), f"'{part.name}' lies outside", allowed))
    if faults:
        raise LocatedError(*faults)
    return found


def digest(root: Path, claims: Mapping[str, Claim]) -> str:
    """Return a digest of all that the pictures are drawn from: the scripts, the screen, the figures of the ledger."""
    parts = [(root / FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS]
    parts.append(load_frames(root, claims).screen.model_dump_json())
    parts.append(claims[MEASURED].quantity("posterior-layer").model_dump_json())
    return sha256("\n".join(parts).encode()).hexdigest()
