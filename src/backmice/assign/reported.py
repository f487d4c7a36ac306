"""What platforms report of a quiz that was exported to them: each file is read by the reader of its form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backmice.assign import moodle_responses, scorm_interactions
from backmice.assign.exported import Exported
from backmice.assign.handed import Pile, files_in

TABLES = (
    (scorm_interactions.reads_moodle, scorm_interactions.take_moodle),
    (scorm_interactions.reads_table, scorm_interactions.take_table),
    (moodle_responses.reads, moodle_responses.take),
)
#: A report with the text of 60 questions has some 50,000 bytes a student.
LARGEST = 100_000_000
UNREAD = "is no report that this reads: Moodle's Responses or Interactions, or interactions as CSV or JSON"


def read(quiz: Exported, paths: Iterable[Path]) -> Pile:
    """Read all that platforms reported.

    Parameters
    ----------
    paths
        Files, ZIP archives, or folders, which are read with all that is below them.
    """
    pile = Pile()
    for file, content in files_in(paths, pile, LARGEST):
        _take(quiz, file, content, pile)
    return pile


def _take(quiz: Exported, file: str, content: bytes, pile: Pile) -> None:
    if len(content) > LARGEST:
        return pile.say(file, "can't be read", f"is larger than {LARGEST / 1e6:.0f} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return pile.say(file, "not a result", "is no text in UTF-8; download the report again, as CSV")
    if text.lstrip().startswith(("{", "[")):
        return _take_json(quiz, file, text, pile)
    try:
        rows = _rows(text)
    except csv.Error as error:
        return pile.say(file, "can't be read", str(error))
    columns = list(rows[0][1]) if rows else []
    reader = next((take for reads, take in TABLES if reads(columns)), None)
    return reader(quiz, file, rows, pile) if reader else pile.say(file, "not a result", UNREAD)


def _take_json(quiz: Exported, file: str, text: str, pile: Pile) -> None:
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        return pile.say(file, "truncated", "is no whole JSON; ask for the file again")
    models = [each.get("cmi", each) if isinstance(each, dict) else each for each in _listed(content)]
    for n, cmi in enumerate(models, 1):
        place = file if len(models) == 1 else f"{file}:{n}"
        if scorm_interactions.is_cmi(cmi):
            scorm_interactions.take_cmi(quiz, place, cmi, pile)
        else:
            pile.say(place, "not a result", UNREAD)
    return None


def _listed(content: Any) -> list[Any]:
    return content if isinstance(content, list) else [content]


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Return of each row the line that it begins in, and its cells by column; Moodle's SCORM reports have tabs."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",")
    columns: list[str] = []
    found, line = [], 1
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not columns:
            columns = cells
        elif any(cells):
            found.append((line, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))))
        line = reader.line_num + 1
    return found
