"""The student's copy: one file of HTML that holds all it needs, asks for nothing, and has no key."""

from __future__ import annotations

import io
from pathlib import Path

import imagesize
from markupsafe import Markup

from backmice.assign.assignment import AssignError, Assignment, Question
from backmice.assign.envelope import from_text
from backmice.html.media import Media, Picture
from backmice.html.policy import alone_policy, meta
from backmice.html.quiz import RESPONSE_FORMS
from backmice.html.template import render
from backmice.modules import one_module

PACKAGE = Path(__file__).parents[1]
STATIC = PACKAGE / "static"
SODIUM = {
    "libsodium-wrappers": Path("node_modules/libsodium-wrappers/dist/modules-esm/libsodium-wrappers.mjs"),
    "libsodium": Path("node_modules/libsodium/dist/modules-esm/libsodium.mjs"),
}
LICENCE = Path("node_modules/libsodium/LICENSE")
#: What the templates of items ask of an item and the student's copy leaves empty.
UNSAID = {"topic": "", "objective": "", "level": "", "item": "", "revision": 1, "key": (), "rationale": None}


class Embedded(Media):
    """Pictures within the page."""

    def picture(self, item: Question) -> Picture:
        """Return a picture whose address holds it."""
        width, height = imagesize.get(io.BytesIO(from_text(item.picture.partition(",")[2])))
        return Picture(item.picture, max(0, int(width)), max(0, int(height)))


def student_page(assignment: Assignment, root: Path) -> bytes:
    """Return the page.

    Raises
    ------
    AssignError
        If npm has not brought what seals.
    """
    page_styles, page_script = styles(), script("backmice-assignment.js", root)
    values = {
        "policy": meta(alone_policy(styles=[page_styles], script=page_script, sends_to=assignment.upload)),
        "assignment": assignment,
        "questions": [without_key(question) for question in assignment.questions],
        "forms": RESPONSE_FORMS,
        "media": Embedded(),
        "styles": page_styles,
        "sprite": Markup((PACKAGE / "theme/sprite.html").read_text(encoding="utf-8")),
        "script": page_script,
    }
    return (render("assignment", **values) + "\n").encode()


def grading_page(root: Path) -> bytes:
    """Return the page in which an instructor grades: it holds no secret, and asks for the files that do.

    Raises
    ------
    AssignError
        If npm has not brought what opens.
    """
    sprite = Markup((PACKAGE / "theme/sprite.html").read_text(encoding="utf-8"))
    page_styles, of_sheets, page_script = styles(), sheet_styles(), script("backmice-grader.js", root)
    values = {
        # It writes sheets, and a browser judges their styles by the policy of the page that does.
        "policy": meta(alone_policy(styles=[page_styles, of_sheets], script=page_script)),
        "styles": page_styles,
        "sheet_styles": of_sheets,
        "sheet_policy": alone_policy(styles=[of_sheets]),
        "sprite": sprite,
        "script": page_script,
    }
    return (render("grader", **values) + "\n").encode()


def script(name: str, root: Path) -> Markup:
    """Return a module of `static` with all that it imports, fit to stand in a page.

    Raises
    ------
    AssignError
        If npm has not brought libsodium.
    """
    packages = {package: root / path for package, path in SODIUM.items()}
    if missing := [path for path in (*packages.values(), root / LICENCE) if not path.is_file()]:
        raise AssignError(f"{missing[0]} is missing; run: make book")
    licence = (root / LICENCE).read_text(encoding="utf-8")  # which asks to go wherever libsodium goes
    whole = f"/* libsodium:\n{licence}*/\n{one_module(STATIC / name, packages)}"
    # Within a script no "<" may stand that begins a tag; in a text of JavaScript it can be written otherwise.
    return Markup(whole.replace("<", "\\u003c"))


def without_key(question: Question) -> Question:
    """Return what of a question the student may see."""
    bare = {"was": "", "rationale": "", "value": None}
    parts = {
        name: tuple(part.model_copy(update=bare) for part in getattr(question, name)) for name in ("options", "cases")
    }
    return question.model_copy(update={**UNSAID, **parts, "slips": (), "passage": None})


def styles() -> Markup:
    """Return the course's styles."""
    return _styles("course.css", "print.css")


def sheet_styles() -> Markup:
    """Return the styles of a sheet of feedback."""
    return _styles("feedback.css")


def _styles(*names: str) -> Markup:
    """Return style sheets after the tokens; the typeface is left out, which the page could not fetch."""
    texts = [(STATIC / each).read_text(encoding="utf-8") for each in ("tokens.css", *names)]
    return Markup("".join(texts).replace("@font-face", "@supports (display: no-such-thing)"))
