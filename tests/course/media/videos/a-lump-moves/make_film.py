"""Draws the tiny film of the small course: a lump slides along a line while a low tone sounds.

Needs ffmpeg: the system's, or the one that the package imageio-ffmpeg brings.
"""

from __future__ import annotations

import subprocess
from math import sin
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SIZE = WIDTH, HEIGHT = 320, 180
FPS, SECONDS = 25, 9
STAGE, FAT, NODULE = "#101a1a", "#dfae32", "#935af0"


def frame(at_s: float) -> Image.Image:
    """Return the picture at a time: the lump goes to and fro on a line."""
    picture = Image.new("RGB", SIZE, STAGE)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 110, WIDTH, 124), fill=FAT)
    middle = WIDTH / 2 + 90 * sin(at_s * 0.9)
    draw.ellipse((middle - 30, 74, middle + 30, 112), fill=NODULE)
    return picture


def main() -> None:
    """Write film and poster beside this script."""
    frame(1).save(HERE / "poster.webp", quality=70, method=6)
    command = [
        get_ffmpeg_exe(), "-y", "-loglevel", "error",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-",
        "-f", "lavfi", "-i", f"sine=frequency=220:duration={SECONDS}:sample_rate=22050",
        "-c:v", "libx264", "-profile:v", "main", "-pix_fmt", "yuv420p", "-g", "50", "-crf", "34", "-preset", "veryslow",
        "-c:a", "aac", "-b:a", "16k", "-af", "volume=0.1", "-shortest", "-movflags", "+faststart",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", str(HERE / "film.mp4"),
    ]  # fmt: skip
    frames = b"".join(frame(number / FPS).tobytes() for number in range(FPS * SECONDS))
    subprocess.run(command, input=frames, check=True)


if __name__ == "__main__":
    main()
