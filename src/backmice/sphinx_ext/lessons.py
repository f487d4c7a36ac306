"""The pages of the book as `backmice.chapter` reads them, each read once a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sphinx.environment import BuildEnvironment

from backmice.chapter import Chapter, Lesson, load_chapter


@dataclass(frozen=True)
class LessonPage:
    """A lesson where it stands in the book."""

    name: str
    title: str
    opening: Lesson


def chapter_of(env: BuildEnvironment, docname: str) -> Chapter:
    """Return a page of the book."""
    chapters = env.app.__dict__.setdefault("_backmice_chapters", {})
    if docname not in chapters:
        chapters[docname] = load_chapter(Path(env.doc2path(docname)), Path(env.srcdir))
    return chapters[docname]


def lessons(env: BuildEnvironment) -> list[LessonPage]:
    """Return the lessons in the order of the contents."""
    found = []
    contents = getattr(env, "external_site_map", None)  # a project of tests may have none
    for tree in contents.root.subtrees if contents else ():
        for name in map(str, tree.items):
            opening = chapter_of(env, name).opening
            if isinstance(opening, Lesson):
                found.append(LessonPage(name, env.titles[name].astext(), opening))
    return found


def passages(env: BuildEnvironment, from_docname: str) -> dict[str, tuple[str, str]]:
    """Return, for each objective, where the passage that teaches it is, seen from a page, and the title of its lesson."""
    address = env.app.builder.get_relative_uri
    return {
        id_: (f"{'' if page.name == from_docname else address(from_docname, page.name)}#{id_}", page.title)
        for page in lessons(env)
        for id_ in page.opening.objectives
    }
