"""All sheets of a quiz in one zip."""

from __future__ import annotations

import json

from backmice.archive import zip_bytes
from backmice.export.loss import NO_FIGURE, WHOLE, Loss
from backmice.export.paper import Paper
from backmice.export.sheets.sheet import Picture, sheets
from backmice.export.sheets.version import record, versions
from backmice.items.model import KINDS

LOSSES = dict.fromkeys(KINDS, WHOLE) | {
    "hotspot": Loss("native", "Regions are lettered on the picture."),
    "landmark": NO_FIGURE,
}
ABOUT = """\
{title}, {count} items, in versions A, B and C.

Each folder holds the question paper, the answer sheet and the key with rationales of one version, as DOCX to edit
and as PDF to print. Version A has the order of the course; items and options of B and C are shuffled.
shuffle.json says how: for each version the items in order, their options in order, and the key as written there.
Keep the keys and shuffle.json from who is to answer.

This is education, not advice for a particular person.
"""


def content(paper: Paper) -> bytes:
    """Return a zip of question papers, answer sheets and keys as DOCX and PDF, and of the record of the shuffle."""
    # What draws and sets takes half a second to import: only sheets pay for it.
    from backmice.export.sheets.docx import docx_bytes
    from backmice.export.sheets.pdf import pdf_bytes
    from backmice.export.sheets.picture import lettered

    made = versions(paper)
    files = {
        "read-me.txt": ABOUT.format(title=paper.title, count=len(paper.items)).encode(),
        "shuffle.json": (json.dumps(record(paper, made), ensure_ascii=False, indent=1) + "\n").encode(),
    }
    for version in made:
        for sheet in sheets(paper, version):
            shown = [block for group in sheet.groups for block in group if isinstance(block, Picture)]
            pictures = {block.item.id: lettered(paper, block) for block in shown}
            files[f"{sheet.name}.docx"] = docx_bytes(sheet, pictures)
            files[f"{sheet.name}.pdf"] = pdf_bytes(sheet, pictures, paper.root)
    return zip_bytes(files)
