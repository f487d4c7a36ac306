"""Zip files whose bytes depend on nothing but their content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

NO_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def zipped(files: Mapping[str, bytes], first: str | None = None) -> bytes:
    """Return a zip of files by their paths, in the order of the paths but for `first`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != first, name)):
            info = zipfile.ZipInfo(name, NO_DAY)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(info, files[name])
    return out.getvalue()


def repacked(archive: bytes) -> bytes:
    """Return a zip without its times; what a DOCX begins with stays first."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return zipped({name: old.read(name) for name in old.namelist()}, first="[Content_Types].xml")
