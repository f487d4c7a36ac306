"""What took long to make is made once, and let go when nobody asks for it."""

import os
import time

from backmice.kept import digest, forget, kept

DAY_S = 86_400


def test_what_is_kept_is_made_once(tmp_path):
    made = []

    def make() -> bytes:
        made.append(1)
        return b"made"

    assert [kept(tmp_path / "home", "name", make) for _ in range(3)] == [b"made"] * 3
    assert len(made) == 1


def test_what_nobody_asked_for_in_a_month_goes(tmp_path):
    for name, days in {"asked": 40, "old": 40, "new": 20}.items():
        (tmp_path / name).write_bytes(b"kept")
        os.utime(tmp_path / name, (time.time() - days * DAY_S,) * 2)
    assert kept(tmp_path, "asked", bytes) == b"kept"
    forget(tmp_path)
    forget(tmp_path / "not-there")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["asked", "new"]


def test_a_digest_tells_where_parts_end():
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"]) != digest([b"abc"])
    assert digest([b"ab", b"c"]) == digest(iter([b"ab", b"c"]))
