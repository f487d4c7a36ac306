"""SCORM packages: the forms and modules of the book, a manifest, and modules that speak to the platform.

Only what the quiz or the lesson needs is in it, and nothing is fetched from elsewhere. The key is in the page, as on
every page of the book: for practice, not for an examination.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

from backmice.archive import zip_bytes
from backmice.assets import typeface_of_pages, without_typeface
from backmice.export.loss import WHOLE, Loss
from backmice.export.paper import ExportError, Paper
from backmice.export.scorm import chapter
from backmice.export.scorm.chapter import Asked, BuiltLesson
from backmice.export.scorm.manifest import manifest
from backmice.export.scorm.media import PackageMedia
from backmice.html.chip import chip
from backmice.html.policy import meta, page_policy
from backmice.html.quiz import quiz_html
from backmice.items.model import KINDS, Item, Matching, Numeric, Quiz
from backmice.modules import Module, gathered

PACKAGE = Path(str(files("backmice"))).resolve()
ENTRY = Path("export/scorm/scorm.js")
STYLES = ("static/tokens.css", "static/course.css", "static/print.css")
OF_QUIZ = ("backmice-quiz.js",)
MARK, SPRITE = "static/mark.svg", "theme/sprite.html"
#: Below html/templates, those that a quiz is written with.
TEMPLATES = (
    "quiz.html", "item.html", "item_*.html", "key_*.html", "chip.html", "landmark_figure.html", "view_presets.html",
)  # fmt: skip
#: The share of all points that passes, written into the manifest, where platforms let an instructor change it.
PASS = 0.6
LIMITS = {"1.2": 4096, "2004": 64000}  # signs of suspend data
LONGEST_NUMBER = 29  # of a numeric response, as DECIMAL in score.js allows it
LOSSES_12 = dict.fromkeys(KINDS, WHOLE) | {
    "numeric": Loss("native", "Numbers are reported in the unit of the key, the key without its tolerance."),
    "hotspot": Loss("native", "Reported as a choice."),
    "landmark": Loss("native", "Reported as a choice."),
}
LOSSES_2004 = LOSSES_12 | {"numeric": Loss("native", "Numbers are reported in the unit of the key.")}
#: One column, as a page of the book has on a phone: a platform's frame may be of any width.
STYLE = """
body > main { max-width: calc(var(--measure) + 2 * var(--gutter)); margin: 0 auto; padding: var(--s5) var(--gutter) var(--s7); }
h1 { font-size: var(--size-h2); margin: 0 0 var(--s3); }
"""
PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{policy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="static/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="static/course.css">
<style>{style}</style>
<script type="application/json" id="course">{course}</script>
<script type="module" src="{entry}"></script>
</head>
<body>
{sprite}
{main}
<footer class="foot"><p>Education, not advice for a particular person. Never inject yourself.</p>
<p>Text and pictures CC BY 4.0; code MIT; bones under their makers' licences.</p></footer>
</body>
</html>
""")
MAIN = Markup("""<main>
<h1>{title}</h1>
{quiz}
</main>""")
MAIN_OF_LESSON = Markup('<div class="page">{main}</div>')
#: Packed already.
STORED = (".mp4", ".webm")


def content_12(paper: Paper) -> bytes:
    """Return the paper as a package of SCORM 1.2."""
    return _content(paper, "1.2")


def content_2004(paper: Paper) -> bytes:
    """Return the paper as a package of SCORM 2004, 4th edition."""
    return _content(paper, "2004")


def _content(paper: Paper, version: str) -> bytes:
    if (longest := longest_state(paper)) > LIMITS[version]:
        raise ExportError(
            f"'{paper.id}' may need {longest} signs of suspend data, and SCORM {version} keeps {LIMITS[version]}; "
            "export a quiz or a topic of it"
        )
    found = _modules(paper) | _look(paper.root)
    if isinstance(paper, BuiltLesson):
        style, main, media = chapter.STYLE, MAIN_OF_LESSON.format(main=Markup(paper.main)), _read(paper)
    else:
        style, (main, media) = STYLE, _forms(paper)
    found["index.html"] = _page(paper, version, style, main).encode()
    found |= media
    listed = {"imsmanifest.xml": manifest(paper, version, sorted(found), PASS), **dict(sorted(found.items()))}
    return zip_bytes(listed, stored=[path for path in listed if path.endswith(STORED)])


def takes() -> set[Path]:
    """Return our files, beside Python, that go into the package of a quiz or shape its page."""
    templates = {path for pattern in TEMPLATES for path in (PACKAGE / "html/templates").glob(pattern)}
    return templates | {PACKAGE / name for name in (*STYLES, MARK, SPRITE)} | set(_gathered(OF_QUIZ))


def longest_state(paper: Paper) -> int:
    """Return how many signs the longest suspend data can have: see `pack` in report.js."""

    def longest(item: Item) -> int:
        if isinstance(item, Numeric):
            return LONGEST_NUMBER + 2
        return len(item.cases) if isinstance(item, Matching) else len(item.option_ids())

    answers = sum(longest(item) + 2 for item in paper.items)  # a separator and a certainty each
    return len(_digest(paper)) + answers + sum(len(f"|{length:.1f}") for length in _films(paper).values())


def _modules(paper: Paper) -> dict[str, bytes]:
    modules = _gathered(_scripts(paper))
    return {path.relative_to(PACKAGE).as_posix(): module.source.encode() for path, module in modules.items()}


def _gathered(scripts: Collection[str]) -> dict[Path, Module]:
    entries = [PACKAGE / ENTRY, *(PACKAGE / "static" / name for name in scripts)]
    return {path: module for entry in entries for path, module in gathered(entry).items()}


def _look(root: Path) -> dict[str, bytes]:
    styles = "".join((PACKAGE / name).read_text(encoding="utf-8") for name in STYLES)
    typeface = typeface_of_pages(root)
    look = {"course.css": (styles if typeface else without_typeface(styles)).encode()} | typeface
    return {MARK: (PACKAGE / MARK).read_bytes()} | {f"static/{name}": content for name, content in look.items()}


def _read(lesson: BuiltLesson) -> dict[str, bytes]:
    try:
        return {path: file.read_bytes() for path, file in lesson.files.items()}
    except OSError as error:
        raise ExportError(f"{error.filename} can't be read: {error.strerror}; build it again: make book") from None


def _forms(paper: Paper) -> tuple[Markup, dict[str, bytes]]:
    """Return a quiz as the book shows it, and its pictures and figures by path."""
    media = PackageMedia(paper)
    quiz = Quiz(id=paper.id, title=paper.title, items=tuple(item.id for item in paper.items))
    forms = quiz_html(quiz, paper.items, partial(chip, paper.ledger), media=media)
    # One answer an item: who has read the rationales knows the key.
    forms = Markup(str(forms).replace("<backmice-quiz ", '<backmice-quiz data-again="no" ', 1))
    return MAIN.format(title=paper.title, quiz=forms), media.found


def _page(paper: Paper, version: str, style: str, main: Markup) -> str:
    sprite = Markup((PACKAGE / SPRITE).read_text(encoding="utf-8"))
    course = Markup(json.dumps(_course(paper, version), ensure_ascii=False).replace("<", "\\u003c"))
    return PAGE.format(
        policy=meta(page_policy(main, styles=[style])),
        title=paper.title,
        style=Markup(style),
        course=course,
        entry=ENTRY.as_posix(),
        sprite=sprite,
        main=main,
    )


def _course(paper: Paper, version: str) -> dict[str, Any]:
    """Return what the modules need to know: see `Course` in report.js."""
    return {
        "version": version, "digest": _digest(paper), "pass": PASS, "scripts": _scripts(paper),
        "films": list(_films(paper)),
        "items": [
            {**vars(asked), "item": item.id, "revision": item.revision, "kind": item.kind, "objective": item.objective,
             "stem": item.stem, "options": item.option_ids(), "key": item.scored_key(),
             "cases": [case.id for case in item.cases] if isinstance(item, Matching) else []}
            for asked, item in zip(_asked(paper), paper.items, strict=True)
        ],
    }  # fmt: skip


def _asked(paper: Paper) -> tuple[Asked, ...]:
    if isinstance(paper, BuiltLesson):
        return paper.asked
    return tuple(Asked(item.id, paper.id, counts=True) for item in paper.items)


def _films(paper: Paper) -> Mapping[str, float]:
    return paper.films if isinstance(paper, BuiltLesson) else {}


def _scripts(paper: Paper) -> tuple[str, ...]:
    return paper.scripts if isinstance(paper, BuiltLesson) else OF_QUIZ


def _digest(paper: Paper) -> str:
    """Return what tells answers of these items, in these revisions, from those of others."""
    asked: list[object] = [(item.id, item.revision, item.option_ids()) for item in paper.items]
    asked += _films(paper)
    return sha256(json.dumps(asked).encode()).hexdigest()[:8]
