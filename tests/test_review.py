"""The review gate: what rests on a claim is due again when the claim changes, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmice.evidence import review
from backmice.evidence.claim import Claim
from backmice.evidence.review import Due, due, dump_reviewed, load_reviewed, mark, seen
from backmice.located import LocatedError


def claim(id_: str = "lump-size", width: float = 28.5, certainty: str = "low", words: str = "wide") -> Claim:
    """Return a claim as sure as `certainty`: the design is chosen to fit."""
    design = {"low": "case-series", "high": "cohort", "very low": "case-report"}[certainty]
    return Claim(
        id=id_, topic="symptoms", statement=f"Lumps are {width:g} mm {words}.", values=({"estimate": width},),
        sources=("writer2020",), design=design, about="description", certainty=certainty, known="verified",
    )  # fmt: skip


CLAIMS = {"lump-size": claim(), "lump-count": claim("lump-count")}
USERS = {"page book/index": ("lump-size", "lump-count"), "item nodule-001": ("lump-size",)}
REVIEWED = mark(USERS, CLAIMS, {}, USERS)


def test_nothing_is_due_after_all_were_marked():
    assert due(USERS, CLAIMS, REVIEWED) == []


def test_what_was_never_marked_is_due():
    assert due(USERS, CLAIMS, {}) == [
        Due("page book/index", "lump-size", "was never reviewed against it"),
        Due("page book/index", "lump-count", "was never reviewed against it"),
        Due("item nodule-001", "lump-size", "was never reviewed against it"),
    ]


def test_a_claim_cited_since_is_due():
    users = USERS | {"item nodule-001": ("lump-size", "lump-count")}
    assert due(users, CLAIMS, REVIEWED) == [Due("item nodule-001", "lump-count", "was never reviewed against it")]


def test_a_claim_cited_no_more_is_not_due():
    assert due({"page book/index": ("lump-count",)}, CLAIMS, REVIEWED) == []


def test_changed_certainty_names_both_and_all_that_rests_on_it():
    now = CLAIMS | {"lump-size": claim(certainty="very low")}
    why = "its certainty was 'low' and is 'very low'"
    assert due(USERS, now, REVIEWED) == [
        Due("page book/index", "lump-size", why),
        Due("item nodule-001", "lump-size", why),
    ]


@pytest.mark.parametrize("changed", [claim(width=30), claim(words="across")], ids=["figure", "statement"])
def test_changed_figures_or_statement_say_so(changed):
    users = {"item nodule-001": ("lump-size",)}
    assert due(users, {"lump-size": changed}, REVIEWED) == [
        Due("item nodule-001", "lump-size", "its statement or its figures changed")
    ]


def test_a_new_source_or_note_changes_nothing():
    now = {"lump-size": claim().model_copy(update={"sources": ("reader2021",), "note": "Read again."})}
    assert due({"item nodule-001": ("lump-size",)}, now, REVIEWED) == []


def test_marking_one_leaves_the_others_due():
    marked = mark(USERS, CLAIMS, {}, ["item nodule-001"])
    assert marked == {"item nodule-001": {"lump-size": seen(claim())}}
    assert {d.user for d in due(USERS, CLAIMS, marked)} == {"page book/index"}


def test_marking_again_forgets_users_and_claims_that_are_gone():
    users = {"page book/index": ("lump-count",)}
    assert mark(users, CLAIMS, REVIEWED, users) == {"page book/index": {"lump-count": seen(claim("lump-count"))}}


def test_marking_leaves_what_it_was_given():
    before = json.dumps(REVIEWED)
    mark(USERS, CLAIMS | {"lump-size": claim(width=30)}, REVIEWED, USERS)
    assert json.dumps(REVIEWED) == before


def course(root: Path, lock: str | bytes | None = None) -> Path:
    """Return a course's folder, with a lock if one is given."""
    (root / "book/evidence").mkdir(parents=True)
    if lock is not None:
        (root / review.LOCK).write_bytes(lock.encode() if isinstance(lock, str) else lock)
    return root


def test_no_lock_means_that_nothing_was_reviewed(tmp_path):
    assert load_reviewed(course(tmp_path)) == {}


def test_the_lock_is_read_as_it_was_written(tmp_path):
    dump_reviewed(course(tmp_path), REVIEWED)
    assert load_reviewed(tmp_path) == REVIEWED


def test_the_lock_is_the_same_whatever_the_order_of_marking(tmp_path):
    turned = {user: tuple(reversed(ids)) for user, ids in reversed(USERS.items())}
    written = []
    for i, (users, names) in enumerate([(USERS, list(USERS)), (turned, list(turned))]):
        root = course(tmp_path / str(i))
        dump_reviewed(root, mark(users, CLAIMS, {}, names))
        written.append((root / review.LOCK).read_text())
    assert written[0] == written[1]
    assert list(json.loads(written[0])) == ["item nodule-001", "page book/index"]


def test_a_lock_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    dump_reviewed(course(tmp_path), REVIEWED)

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        dump_reviewed(tmp_path, {})
    assert load_reviewed(tmp_path) == REVIEWED
    assert [path.name for path in (tmp_path / "book/evidence").iterdir()] == ["reviewed.json"]


@pytest.mark.parametrize(
    "lock",
    ["", "{", "[]", "null", '{"page x": 1}', '{"page x": {"a": 1}}', '{"page x": {"a": {"certainty": "low"}}}',
     '{"page x": {"a": ["certainty", "fingerprint"]}}', b"\xff\xfe", "<<<<<<< ours\n{}", "[" * 100_000],
    ids=lambda lock: repr(lock[:48]),
)  # fmt: skip
def test_a_damaged_lock_is_told_in_one_sentence(lock, tmp_path):
    with pytest.raises(LocatedError) as caught:
        load_reviewed(course(tmp_path, lock))
    assert str(caught.value) == (
        "book/evidence/reviewed.json:1: file: is damaged; "
        "restore it from version control, or delete it and review everything"
    )


ids = st.sampled_from(["a", "b", "c", "d"])
users = st.dictionaries(st.text(min_size=1), st.lists(ids, min_size=1, unique=True).map(tuple), max_size=6)
ledgers = st.fixed_dictionaries({
    i: st.builds(claim, st.just(i), st.integers(1, 99).map(float), st.sampled_from(["low", "high"])) for i in "abcd"
})  # fmt: skip


@given(users, users, ledgers, ledgers)
def test_after_marking_all_nothing_is_due_and_a_change_is(before, now, old, new):
    reviewed = mark(now, new, mark(before, old, {}, before), now)
    assert due(now, new, reviewed) == []
    assert reviewed.keys() == now.keys()
    changed = {(user, i) for user, held in now.items() for i in held if old[i].fingerprint() != new[i].fingerprint()}
    assert {(d.user, d.claim_id) for d in due(now, old, reviewed)} == changed
