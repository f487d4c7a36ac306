"""The pages of the book as `backmice.chapter` reads them, each read once a build."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sphinx.environment import BuildEnvironment

from backmice.chapter import Case, Chapter, Lesson, load_chapter
from backmice.sphinx_ext.reading import as_read


@dataclass(frozen=True)
class LessonPage:
    """A lesson where it stands in the book."""

    name: str
    title: str
    opening: Lesson


@dataclass(frozen=True)
class CasePage:
    """A worked case where it stands in the book."""

    name: str
    title: str
    opening: Case


def chapter_of(env: BuildEnvironment, docname: str) -> Chapter:
    """Return a page of the book."""
    chapters = env.app.__dict__.setdefault("_backmice_chapters", {})
    if docname not in chapters:
        path, root = Path(env.doc2path(docname)), Path(env.srcdir)
        chapters[docname] = as_read(root, load_chapter.__module__, lambda: load_chapter(path, root), [path])
    return chapters[docname]


def parts(env: BuildEnvironment) -> list[tuple[str, list[str]]]:
    """Return the caption of each part and the names of its pages, in the order of the contents."""
    contents = getattr(env, "external_site_map", None)  # a project of tests may have none
    return [(tree.caption, list(map(str, tree.items))) for tree in (contents.root.subtrees if contents else ())]


def _pages(env: BuildEnvironment) -> Iterator[tuple[str, Chapter]]:
    for _, names in parts(env):
        for name in names:
            yield name, chapter_of(env, name)


def lessons(env: BuildEnvironment) -> list[LessonPage]:
    """Return the lessons in the order of the contents."""
    return [LessonPage(n, env.titles[n].astext(), c.opening) for n, c in _pages(env) if c.is_lesson]


def cases(env: BuildEnvironment) -> list[CasePage]:
    """Return the worked cases in the order of the contents."""
    return [CasePage(n, env.titles[n].astext(), c.opening) for n, c in _pages(env) if c.is_case]


def passages(env: BuildEnvironment, from_docname: str) -> dict[str, tuple[str, str]]:
    """Return, for each objective, where the passage that teaches it is, seen from a page, and the title of its lesson."""
    address = env.app.builder.get_relative_uri
    return {
        id_: (f"{'' if page.name == from_docname else address(from_docname, page.name)}#{id_}", page.title)
        for page in lessons(env)
        for id_ in page.opening.objectives
    }
