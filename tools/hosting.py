"""Write what hosts are told: `python tools/hosting.py` into hosting/, with a folder of a built book `_headers` into it."""

import sys
from pathlib import Path

from backmice.hosting import FILES, netlify

HOSTING = Path(__file__).resolve().parent.parent / "hosting"

if len(sys.argv) > 1:
    book = Path(sys.argv[1])
    (book / "_headers").write_text(netlify(book), encoding="utf-8")
else:
    for name, written in FILES.items():
        (HOSTING / name).write_text(written(), encoding="utf-8")
