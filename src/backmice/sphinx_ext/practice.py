"""Practice pages, one a topic, and the course index.

Every item of the bank stands on the practice page of its topic, as the same form that lessons show.
So exam and review fetch pages and take forms out of them, and items have one renderer. The index
(practice/course-index.json) says where each item, objective and lesson is.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from backmice.chapter import Chapter
from backmice.html.quiz import quiz_html
from backmice.html.template import render
from backmice.items.blueprint import Blueprints, load_blueprints
from backmice.items.model import Item, Quiz
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import ledger_of
from backmice.sphinx_ext.films import films_of, homes
from backmice.sphinx_ext.lessons import chapter_of, lessons
from backmice.sphinx_ext.quiz import bank_of, items_of, quiz, surroundings
from backmice.video import FOLDER as FOLDER_OF_FILMS

FOLDER = "practice"
INDEX = f"{FOLDER}/course-index.json"
STATE = f"{FOLDER}/state.txt"
#: In the metadata of a page that shows what the whole bank or the contents hold.
LISTS_PRACTICE = "backmice_lists_practice"


class practice_list(nodes.General, nodes.Element):
    """Every practice page, by area."""


class PracticeListDirective(SphinxDirective):
    """`{practice-list}`: links to the practice pages, with the number of items of each."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [practice_list()]


def blueprints_of(app: Sphinx) -> Blueprints:
    """Return the plan of the bank and the exams, read once for each build."""
    if not hasattr(app, "_backmice_blueprints"):
        try:
            app._backmice_blueprints = load_blueprints(Path(app.srcdir))
        except LocatedError as error:
            raise ExtensionError(f"The blueprints have faults:\n{error}") from None
    return app._backmice_blueprints


def topics(app: Sphinx) -> dict[str, list[Item]]:
    """Return the items of each topic, topics in the order of the plan."""
    items = bank_of(app).items.values()
    plan = blueprints_of(app).plan
    planned = [topic for area in plan.areas for topic in area.topics] if plan else []
    names = dict.fromkeys([*planned, *sorted({item.topic for item in items})])
    return {name: found for name in names if (found := [i for i in items if i.topic == name])}


def title_of(app: Sphinx, items: list[Item]) -> str:
    """Return the title that the plan gives a topic, or that of the lesson that teaches the first of its items."""
    topic, plan = items[0].topic, blueprints_of(app).plan
    if plan and topic in plan.titles:
        return plan.titles[topic]
    taught = {id_: page.title for page in lessons(app.env) for id_ in page.opening.objectives}
    return taught.get(items[0].objective, topic.replace("-", " ").capitalize())


def course_index(app: Sphinx) -> dict[str, Any]:
    """Return where everything is, for the elements that look over the whole course; addresses from the book's root."""
    pages, by_topic, blueprints = lessons(app.env), topics(app), blueprints_of(app)
    address = app.builder.get_target_uri
    return {
        "items": {
            item.id: {
                "revision": item.revision, "kind": item.kind, "topic": topic, "objective": item.objective,
                "level": item.level, "page": address(f"{FOLDER}/{topic}"), "anchor": f"item-{item.id}",
            }
            for topic, items in by_topic.items() for item in items
        },
        "objectives": {
            id_: {"words": words.rstrip(";."), "page": address(page.name), "anchor": id_, "lesson": page.title}
            for page in pages for id_, words in page.opening.objectives.items()
        },
        "lessons": [{"name": page.name, "title": page.title, "page": address(page.name)} for page in pages],
        "labs": [
            {"name": name.rpartition("/")[2], "title": app.env.titles[name].astext(), "page": address(name)}
            for name in sorted(app.env.found_docs) if chapter_of(app.env, name).is_lab
        ],
        "films": [
            {"slug": slug, "title": films_of(app)[slug].title, "page": f"{address(page)}#film-{slug}"}
            for slug, page in homes(app).items()
        ],
        "topics": {topic: title_of(app, items) for topic, items in by_topic.items()},
        "areas": [
            {"id": area.id, "title": area.title, "topics": [t for t in area.topics if t in by_topic]}
            for area in (blueprints.plan.areas if blueprints.plan else ())
        ],
        "blueprints": {
            exam.id: {"title": exam.title, "minutes": exam.minutes, "counts": [c.model_dump() for c in exam.counts]}
            for exam in blueprints.exams.values()
        },
    }  # fmt: skip


def index_address(app: Sphinx, docname: str) -> str:
    """Return the address of the course index from a page."""
    to_practice = app.builder.get_relative_uri(docname, f"{FOLDER}/course-index")
    return to_practice.removesuffix(app.builder.get_target_uri("")) + ".json"


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write the index, and yield the practice pages unless nothing that they show has changed."""
    if app.builder.format != "html" or not bank_of(app).items:
        return
    out = Path(app.outdir)
    index = json.dumps(course_index(app), ensure_ascii=False, separators=(",", ":"))
    shown = [index, app.config.backmice_assets, app.config.backmice_templates, titles_of(app.env)]
    shown += [repr(sorted(bank_of(app).items.items()))]
    shown += [claim.model_dump_json() for claim in ledger_of(app).published()]
    state = sha256("\n".join(shown).encode()).hexdigest()
    path = out / STATE
    if path.is_file() and path.read_text() == state:
        return
    shutil.rmtree(path.parent, ignore_errors=True)  # with the pages of topics that are gone
    path.parent.mkdir(parents=True)
    (out / INDEX).write_text(index, encoding="utf-8")
    pages = lessons(app.env)
    for topic, items in topics(app).items():
        name = f"{FOLDER}/{topic}"
        title = title_of(app, items)
        every = Quiz(id=f"practice-{topic}", title=title, topic=topic)
        form = quiz_html(every, items, **surroundings(app, name))
        teaching = [page for page in pages if any(item.objective in page.opening.objectives for item in items)]
        yield (
            name,
            {"title": f"Practice: {title}", "quiz": form, "count": len(items), "teaching": teaching,
             "about": f"{len(items)} items on {title}, each option explained.", "wanted": {quiz.script}},
            "practice.html",
        )  # fmt: skip
    path.write_text(state)


def rewrite_when_the_bank_changes(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have the pages that look over the course written again; a build that writes none ends before its own pages.

    The evidence page learns here what items rest on, since a practice page is none that is read.
    """
    uses = env.__dict__.setdefault("backmice_uses", {})
    for page in [page for page in uses if page.startswith(f"{FOLDER}/")]:
        del uses[page]
    for topic, items in topics(app).items():
        uses[f"{FOLDER}/{topic}"] = [("item", item.id, item.all_claims()) for item in items]
    root = Path(app.srcdir)
    files = [
        root / "_toc.yml",
        *sorted((root / "exercises").rglob("*.yml")),
        *sorted((root / FOLDER_OF_FILMS).glob("*/*.json")),
    ]
    shown = [titles_of(env)]
    pages = [name for name in sorted(env.found_docs) if str(env.doc2path(name)).endswith(".md")]
    shown += [repr(sorted(env.get_domain("std").labels.items()))]
    shown += [repr((name, told_elsewhere(chapter_of(env, name)))) for name in pages]
    state = sha256(b"\0".join([*map(str.encode, shown), *(path.read_bytes() for path in files)])).hexdigest()
    if getattr(env, "backmice_practice_state", None) == state:
        return []
    env.backmice_practice_state = state
    lists = [page for page, facts in env.metadata.items() if LISTS_PRACTICE in facts]
    return [page for page in dict.fromkeys([app.config.root_doc, *lists]) if page in env.found_docs]


def titles_of(env: BuildEnvironment) -> str:
    """Return the titles of all pages, whichever was read last."""
    return repr(sorted((name, title.astext()) for name, title in env.titles.items()))


def told_elsewhere(chapter: Chapter) -> tuple[Any, ...]:
    """Return what pages that look over the course tell of a page: not on which line it stands, nor in which words."""
    mentions = [(one.kind, one.name, one.value) for one in chapter.references]
    return chapter.opening, mentions, {name: chapter.claims(name) for name in chapter.passages}


def more_practice(app: Sphinx, docname: str) -> list[tuple[str, str, int]]:
    """Return (page, title, items) of the topics that a page shows some but not all items of."""
    bank = bank_of(app)
    shown = [bank.items[id_] for id_ in items_of(app.env).get(docname, ()) if id_ in bank.items]
    more = []
    for topic, items in topics(app).items() if shown else ():
        here = sum(item.topic == topic for item in shown)
        if 0 < here < len(items):
            more.append((f"{FOLDER}/{topic}", title_of(app, items), len(items)))
    return more


def visit_list(self: Any, node: practice_list) -> None:
    """Write the list, area by area."""
    app, here = self.builder.app, self.builder.current_docname
    by_topic, plan = topics(app), blueprints_of(app).plan
    link = lambda topic: (
        self.builder.get_relative_uri(here, f"{FOLDER}/{topic}"),
        title_of(app, by_topic[topic]),
        len(by_topic[topic]),
    )
    areas = [(a.title, [link(t) for t in a.topics if t in by_topic]) for a in (plan.areas if plan else ())]
    self.body.append(render("practice_list", areas=areas, total=len(bank_of(app).items)))
    raise nodes.SkipNode


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Nothing for paper: items are printed with their lessons."""
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the pages, the list and the index."""
    app.add_directive("practice-list", PracticeListDirective)
    plain = (visit_plain, None)
    app.add_node(practice_list, html=(visit_list, None), latex=plain, text=plain)
    app.connect("env-updated", rewrite_when_the_bank_changes, priority=400)  # before the evidence page looks
    app.connect("html-collect-pages", collect)
