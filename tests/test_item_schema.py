"""The JSON Schema that editors use."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from backmice.items.model import KINDS, item_schema, item_schema_text

ROOT = Path(__file__).parents[1]
GOOD = sorted((ROOT / "tests/items/good").glob("*.yml"))
REGENERATE = "run: backmice schema"


def test_committed_schema_is_the_models():
    assert (ROOT / "exercises/item.schema.json").read_text() == item_schema_text(), REGENERATE


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(item_schema())


def test_every_kind_is_in_it():
    assert item_schema()["discriminator"]["mapping"].keys() == KINDS.keys()


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_good_items_fit(path):
    jsonschema.validate(yaml.safe_load(path.read_text()), item_schema())


@pytest.mark.parametrize(
    "change", [{"kind": "essay"}, {"colour": "red"}, {"options": []}, {"revision": 0}], ids=json.dumps
)
def test_editors_see_what_does_not_fit(change):
    item = yaml.safe_load(GOOD[0].read_text()) | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(item, item_schema())
