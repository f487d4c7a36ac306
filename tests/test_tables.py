"""Tables of sources: good files load, bad ones tell file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backmice.evidence.ledger import load_ledger
from backmice.evidence.tables import TABLES, Article, load_table
from backmice.located import LocatedError, read_csv
from backmice.sphinx_ext.sorted_table import year_key

HERE = Path(__file__).parent / "tables"
ROOT = Path(__file__).parents[1]
REFERENCES = load_ledger(Path(__file__).parent / "course").references
BAD = sorted((HERE / "bad").iterdir())


def placed(folder: Path, table: Path) -> Path:
    """Put a table where the course has it."""
    home = folder / "book/evidence"
    home.mkdir(parents=True, exist_ok=True)
    (home / table.name).write_bytes(table.read_bytes())
    return folder


@pytest.mark.parametrize("case", BAD, ids=lambda p: p.name)
def test_bad_table_tells_its_author(case, tmp_path):
    (table,) = case.glob("*.csv")
    with pytest.raises(LocatedError) as caught:
        load_table(placed(tmp_path, table), table.stem, REFERENCES)
    assert str(caught.value) == (case / "message.txt").read_text().strip()


def test_a_good_table_is_read_whole(tmp_path):
    root = placed(tmp_path, HERE / "good/articles.csv")
    assert load_table(root, "articles", REFERENCES) == (
        Article(source="writer2020", country="Norway", language="English", subject="back mice", design="case series",
                n="30", done="Palpation", found="Lumps in all", doubt="No control", seen="abstract"),
        Article(source="guild2021", language="not seen", subject="older names", design="book",
                done="A treatise, with plates", found='Says "rub it"', doubt="Not read", seen="index record"),
    )  # fmt: skip
    names = load_table(placed(tmp_path, HERE / "good/names.csv"), "names", REFERENCES)
    assert [(row.name, row.year) for row in names] == [("back lump", "about 2020"), ("Dorsi tumor", "19th century")]


def test_no_file_no_rows(tmp_path):
    assert load_table(tmp_path, "names", REFERENCES) == ()


@pytest.mark.parametrize(
    ("when", "key"),
    [("1937", "1937"), ("before 1955", "1955"), ("1904-1950s", "1904"), ("1929; 1968", "1929"),
     ("19th century", "1801"), ("early 20th century", "1901"), ("21st century", "2001"), ("", "")],
)  # fmt: skip
def test_the_year_by_which_a_row_is_sorted(when, key):
    assert year_key(when) == key


def test_the_tables_of_the_course_hold_what_they_held():
    references = load_ledger(ROOT).references
    assert {name: len(load_table(ROOT, name, references)) for name in TABLES} == {"articles": 145, "names": 67}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_arbitrary_files_are_read_or_told(tmp_path, content):
    (tmp_path / "any.csv").write_bytes(b"one,two\n" + content)
    try:
        document = read_csv(tmp_path / "any.csv", tmp_path)
    except LocatedError as error:
        assert all(fault.file == "any.csv" and fault.line >= 1 for fault in error.faults)
    else:
        assert all(row.keys() <= {"one", "two"} for row in document.value)
