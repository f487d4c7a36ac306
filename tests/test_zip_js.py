"""Archives in the browser: what Python's zipfile packs is opened, what is packed opens in Python."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from javascript import run

TEXTS = {"ünal/eins.json": "Grüße " * 500, "two.txt": "", "deep/er/three.txt": "x\n"}
UNZIP = """
import { isZip, unzip } from "./zip.js";
const bytes = Uint8Array.from(atob(data.archive), (sign) => sign.charCodeAt(0));
try {
  const files = await unzip(bytes, data.largest);
  done({ is: isZip(bytes), files: Object.fromEntries(files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])) });
} catch (error) {
  done(error.message);
}
"""
ZIP = """
import { zip } from "./zip.js";
done(btoa(Array.from(await zip(data), (byte) => String.fromCharCode(byte)).join("")));
"""


def packed(method: int, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.mkdir("deep")
        for name, text in TEXTS.items():
            archive.writestr(name, text)
        archive.comment = comment
    return out.getvalue()


def unzipped(content: bytes, largest: int = 5_000_000):
    return run(UNZIP, {"archive": base64.b64encode(content).decode(), "largest": largest})


@pytest.mark.parametrize("comment", [b"", b"of a course", bytes(0xFFFF)])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_python_packs_is_opened(method, comment):
    assert unzipped(packed(method, comment)) == {"is": True, "files": TEXTS}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_file_that_is_too_large_is_cut_one_byte_after_it(method):
    files = unzipped(packed(method), largest=7)["files"]
    assert {name: len(text.encode()) for name, text in files.items() if len(TEXTS[name]) > 7} == {"ünal/eins.json": 8}


def test_what_is_packed_opens_in_python_and_is_the_same_twice():
    content = run(ZIP, TEXTS)
    assert content == run(ZIP, TEXTS)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(content))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == TEXTS


def encrypted() -> bytes:
    """Return an archive whose first file, after a folder, says that it is encrypted."""
    content = packed(zipfile.ZIP_DEFLATED)
    at = content.index(b"PK\1\2", content.index(b"PK\1\2") + 4) + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed(zipfile.ZIP_DEFLATED)[:-9], "the archive ends before it is complete"),
        (packed(zipfile.ZIP_BZIP2), "'ünal/eins.json' is packed in a way that is not read here"),
        (encrypted(), "'ünal/eins.json' is encrypted"),
        (b"PK\3\4" + bytes(40), "the archive ends before it is complete"),
    ],
)
def test_what_is_not_opened_says_why(content, words):
    assert unzipped(content) == words
