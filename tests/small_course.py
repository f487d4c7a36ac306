"""A whole small course, built as the real book is."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

HERE = Path(__file__).parent
LESSON = "book/lesson.md"


class Told(list):
    """What Sphinx warns of."""

    write = list.append

    def flush(self) -> None:
        """Nothing is held back."""


def build(root: Path) -> tuple[list[str], str]:
    """Build with the settings of the real book; return the pages read, and the warnings."""
    settings, _ = get_final_config(
        user_yaml=root / "_config.yml", sourcedir=root, cli_config={"latex_individualpages": False}
    )
    # Sphinx adds `.md` to its own default, where the next application of this process would find it.
    settings["source_suffix"] = {".rst": "restructuredtext"}
    was_read, told = [], Told()
    with warnings.catch_warnings(), docutils_namespace():
        warnings.simplefilter("ignore")  # Sphinx's own
        folders = (root, None, root / "_build/html", root / "_build/trees")
        app = Sphinx(*folders, "html", settings, status=None, warning=told)
        app.connect("source-read", lambda app, docname, source: was_read.append(docname))
        app.build()
    return sorted(was_read), re.sub(r"\x1b\[[\d;]*m", "", "".join(told)).replace(f"{root}/", "")


def new_course(root: Path) -> Path:
    """Copy the small course without its figure, which would need pictures."""
    shutil.copytree(HERE / "course", root)
    shutil.copyfile(HERE.parent / "_config.yml", root / "_config.yml")
    figure = "```{anatomy-figure} sacroiliac-triangle\nWhere the lump was.\n```\n"
    edit(root, LESSON, figure, "\n\n\n")
    return root


def bring_npm(root: Path) -> None:
    """Lend a course what npm brought, and what the book has made of it: each is named by a digest of all it rests on."""
    (root / "node_modules").symlink_to(HERE.parent / "node_modules")
    lent, own = HERE.parent / ".cache", root / ".cache"
    own.mkdir(exist_ok=True)
    for name in ("bundles", "plotly"):
        (lent / name).mkdir(parents=True, exist_ok=True)
    for made in (lent / "bundles", lent / "plotly", *lent.glob("literata-*")):
        (own / made.name).symlink_to(made)


def add_pages(root: Path, caption: str, *names: str) -> Path:
    """Put pages of the small course that its contents leave out into a part of their own."""
    part = "".join(f"      - file: {name}\n" for name in names)
    with (root / "_toc.yml").open("a") as toc:
        toc.write(f"  - caption: {caption}\n    chapters:\n{part}")
    return root


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert text.count(old) == 1
    (root / file).write_text(text.replace(old, new))


def lesson_with_film(root: Path) -> Path:
    """Build the small course with a film, two items and a link to another page in its lesson."""
    new_course(root)
    bring_npm(root)
    told = "It is told on [the first page](index.md).\n\n```{video} a-lump-moves\n```\n\n:::{key-points}"
    edit(root, LESSON, ":::{key-points}", told)
    edit(root, "exercises/quizzes/lumps.yml", "[lumps-001]", "[lumps-001, lumps-002]")
    assert build(root)[1] == ""
    return root
