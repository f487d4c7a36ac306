"""Write what hosts are told: `python tools/hosting.py` into hosting/, with a folder of a built book `_headers` into it."""

import sys
from pathlib import Path

from backmice.hosting import FILES, netlify

ROOT = Path(__file__).resolve().parent.parent

if len(sys.argv) > 1:
    book = Path(sys.argv[1])
    (book / "_headers").write_text(netlify(ROOT, book), encoding="utf-8")
else:
    for name, written in FILES.items():
        (ROOT / "hosting" / name).write_text(written(ROOT), encoding="utf-8")
