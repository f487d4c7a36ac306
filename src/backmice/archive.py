"""ZIP archives: the same files give the same bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from io import BytesIO
from lzma import LZMAError
from struct import error as StructError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

DAWN = 1980, 1, 1, 0, 0, 0  # the first time that a ZIP can tell

#: What `zipfile` raises of an archive that is damaged, or made to do harm.
DAMAGED = (BadZipFile, ZlibError, LZMAError, StructError, EOFError, OSError, RuntimeError, ValueError)


def zip_bytes(files: Mapping[str, bytes], stored: Collection[str] = ()) -> bytes:
    """Return an archive of `files`, by their paths, in their order.

    Parameters
    ----------
    stored
        Paths of files that are not compressed.
    """
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = ZipInfo(name, DAWN)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = ZIP_STORED if name in stored else ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
    return out.getvalue()


def repacked(archive: bytes) -> bytes:
    """Return an archive that another library wrote, without its times."""
    with ZipFile(BytesIO(archive)) as old:
        return zip_bytes({name: old.read(name) for name in old.namelist()})
