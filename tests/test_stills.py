"""A picture in the sizes that pages offer."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from backmice import stills as module
from backmice.stills import stills


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "lump.png"
    Image.linear_gradient("L").resize((800, 450)).convert("RGB").save(path)
    return path


def test_none_is_wider_than_the_picture(tmp_path, picture):
    found = stills(tmp_path, picture)
    assert [(still.form, still.width) for still in found] == [
        ("avif", 360), ("avif", 720), ("avif", 800), ("webp", 360), ("webp", 720), ("webp", 800),
    ]  # fmt: skip
    for still in found:
        drawn = Image.open(io.BytesIO(still.content))
        assert (drawn.format, drawn.size) == (still.form.upper(), (still.width, round(still.width * 450 / 800)))


def test_a_name_tells_size_and_content(tmp_path, picture):
    names = [still.name for still in stills(tmp_path, picture)]
    assert [name.rsplit("-", 1)[0] for name in names] == ["lump-360", "lump-720", "lump-800"] * 2
    Image.new("RGB", (800, 450)).save(picture)
    assert not {*names} & {still.name for still in stills(tmp_path, picture)}


def test_what_was_made_is_found_again(tmp_path, picture, monkeypatch):
    first = stills(tmp_path, picture)
    monkeypatch.setattr(module, "_drawn", lambda content: pytest.fail("made again"))
    assert stills(tmp_path, picture) == first
