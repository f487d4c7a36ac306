"""Writing a volume: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from backmice.assets import write_whole
from backmice.volume.pages import Say, VolumeError, read_volume

KINDS = ("pdf", "epub")


def write_volume(kind: str, root: Path, out: Path, say: Say) -> int:
    """Write the built book of `root` to `out` as one file, and return its size in bytes.

    Parameters
    ----------
    kind
        One of `KINDS`.
    say
        Told what is being done, since some of it takes long.

    Raises
    ------
    VolumeError
        If the book isn't built, the browser is missing or the file can't be written; no file is left then.
    """
    if not out.parent.is_dir():
        raise VolumeError(f"There is no folder {out.parent} to write into; make it, or name another file.")
    built = root / "_build/html"
    say("Reading the built book …")
    volume = read_volume(root, built)
    # Imported here: each brings a library that no other command wants.
    if kind == "pdf":
        from backmice.volume.pdf import pdf_bytes

        content = pdf_bytes(volume, root, built, say)
    else:
        from backmice.volume.epub import epub_bytes

        content = epub_bytes(volume, root, say)
    try:
        write_whole(out, content)
    except OSError as error:
        raise VolumeError(f"{out} could not be written: {error.strerror or error}") from None
    return len(content)
