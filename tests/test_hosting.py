"""What hosts are told: one policy, written nowhere twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backmice.hosting import DIGEST, FILES, FOR_GOOD, LIVE, OWN, netlify
from backmice.html.policy import RECORDINGS, alone_policy, digest, header_policy, live_policy, page_policy

ROOT = Path(__file__).parents[1]
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "media-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src {frames}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; {more}"
)
TRUSTED = "require-trusted-types-for 'script'; trusted-types backmice"


def test_the_policies_are_these():
    assert page_policy() == STRICT.format(frames="'none'", more=TRUSTED)
    asks = f'<course-recording data-embed="{RECORDINGS}/embed/x">'
    assert page_policy(asks) == STRICT.format(frames=RECORDINGS, more=TRUSTED)
    assert page_policy(live=True) == STRICT.format(frames="'self'", more=TRUSTED)
    assert header_policy() == STRICT.format(frames=f"'self' {RECORDINGS}", more="frame-ancestors 'self'")
    assert alone_policy(styles=["a{}"], script="let a") == (
        f"default-src 'none'; script-src {digest('let a')} blob: 'wasm-unsafe-eval'; style-src {digest('a{}')}; "
        f"img-src data: blob:; base-uri 'none'; form-action 'none'; {TRUSTED}"
    )
    assert digest("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def test_eval_is_for_live_notebooks_alone():
    assert "'unsafe-eval'" in live_policy()
    for policy in (page_policy(), header_policy(), alone_policy(script="x")):
        assert not re.search("'unsafe-(inline|eval)'", policy)


@pytest.mark.parametrize("name", FILES)
def test_the_files_for_hosts_are_fresh(name):
    assert (ROOT / "hosting" / name).read_text(encoding="utf-8") == FILES[name]()  # python tools/hosting.py


def test_a_host_that_adds_up_rules_gives_each_page_one_policy(tmp_path):
    (tmp_path / "_static/0123456789").mkdir(parents=True)
    (tmp_path / "_static/figures").mkdir()
    rules = re.findall(r"^(/\S*)\n((?:  .+\n)+)", netlify(tmp_path), re.MULTILINE)
    said = {path: dict(line.strip().split(": ", 1) for line in lines.splitlines()) for path, lines in rules}
    policies = {path: headers.get("Content-Security-Policy") for path, headers in said.items()}
    assert policies == {"/*": None, f"{LIVE}*": live_policy(), **dict.fromkeys(OWN, header_policy())} | {
        "/_static/0123456789/*": None
    }
    assert said["/_static/0123456789/*"] == {"Cache-Control": FOR_GOOD}


def test_only_what_has_a_digest_in_its_name_is_kept_for_good():
    kept = ("/_static/0123456789/course.css", "/_static/vendor/plotly-0123456789.js", "/a/_static/x/0123456789.json")
    asked = (
        "/index.html",
        "/sw.js",
        "/_static/figures/side-720.webp",
        "/book/0123456789/page.html",
        "/_static/pygments.css",
    )
    assert all(re.search(DIGEST, path) for path in kept)
    assert not any(re.search(DIGEST, path) for path in asked)
