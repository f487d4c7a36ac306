"""What instructors take elsewhere: `{packages}` lists ready files of each quiz, `{losses}` says what each format loses.

Files are those of `backmice export`, made again only when they are stale, under names that change with their content.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.display import status_iterator
from sphinx.util.docutils import SphinxDirective

from backmice.compressed import is_copy
from backmice.export.loss import Loss
from backmice.export.packages import Course, Making, Package, packages
from backmice.export.paper import WHOLE, ExportError
from backmice.export.target import TARGETS
from backmice.html.template import render
from backmice.sphinx_ext.claim import ledger_of
from backmice.sphinx_ext.practice import FOLDER, LISTS_PRACTICE, blueprints_of, title_of, topics
from backmice.sphinx_ext.quiz import bank_of, quizzes_of

STATIC = "_static/packages"
#: Beside the course, so that each build of it finds them.
KEPT = ".cache/packages"
#: In the metadata of a page that lists packages.
LISTS_PACKAGES = "backmice_lists_packages"
#: In the source of such a page.
DIRECTIVE = b"{packages}"
#: What is made meanwhile is begun first.
BEFORE_OTHERS = 100
KIND_NAMES = {
    "single": "One right answer", "multiple": "Several right answers", "matching": "Matching", "ordering": "Ordering",
    "numeric": "A number with its unit", "hotspot": "A region of a picture", "landmark": "A structure of the model",
}  # fmt: skip
AT_LESSON, AT_TOPIC = "The quiz where it stands in the book", "Practice of this topic"
HOW = {"native": "native", "nearest": "replaced", "left out": "left out"}


class package_list(nodes.General, nodes.Element):
    """Every package, by area."""


class loss_table(nodes.General, nodes.Element):
    """How each target holds each kind of item."""


class PackagesDirective(SphinxDirective):
    """`{packages}`: links to the packages, with their sizes."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname] |= {LISTS_PACKAGES: True, LISTS_PRACTICE: True}
        return [package_list()]


class LossesDirective(SphinxDirective):
    """`{losses}`: the loss table of all targets."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [loss_table()]


def begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Have packages made while pages are read, which leaves processors idle, if any seems to list them."""
    listed = any(LISTS_PACKAGES in facts for facts in env.metadata.values())
    if app.builder.format == "html" and (listed or any(DIRECTIVE in _text(env, name) for name in docnames)):
        begun(app)


def _text(env: BuildEnvironment, docname: str) -> bytes:
    return Path(env.doc2path(docname)).read_bytes()


def begun(app: Sphinx) -> tuple[list[Package], Making]:
    """Return every package there should be, and the making of those that are stale, begun once a build."""
    if not hasattr(app, "_backmice_making"):
        course = Course(Path(app.srcdir), ledger_of(app), bank_of(app), blueprints_of(app))
        try:
            found = packages(course)
        except ExportError as error:
            raise ExtensionError(f"The packages can't be made: {error}") from None
        kept = course.root / KEPT
        stale = [package for package in found if not (kept / package.file).is_file()]
        app._backmice_making = found, Making(course, stale, kept)
    return app._backmice_making


def end(app: Sphinx, error: Exception | None = None) -> None:
    """Begin no further package: all are there, or nobody asks for them any more."""
    if hasattr(app, "_backmice_making"):
        app._backmice_making[1].end()


def publish(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Put packages beside the book, take away what no page lists, and have pages written again that list others now."""
    if app.builder.format != "html":
        return []
    home, kept = Path(app.outdir) / STATIC, Path(app.srcdir) / KEPT
    pages = [page for page, facts in env.metadata.items() if LISTS_PACKAGES in facts]
    if not pages:
        end(app)
        shutil.rmtree(home, ignore_errors=True)
        return []
    found, making = begun(app)
    why = {package: fault for package, fault in _told(app, making) if fault}
    making.end()
    names = {package.file for package in found if package not in why}
    for folder in (kept, home):
        folder.mkdir(parents=True, exist_ok=True)
        for old in {path.name for path in folder.iterdir() if not is_copy(path)} - names:
            (folder / old).unlink(missing_ok=True)  # another build may have been quicker
    for name in names - {path.name for path in home.iterdir()}:
        shutil.copy2(kept / name, home)
    app._backmice_packages = {package: why.get(package, "") for package in found}
    state = [(package.file, fault) for package, fault in app._backmice_packages.items()]
    if getattr(env, "backmice_packages_state", None) == state:
        return []
    env.backmice_packages_state = state
    return pages


def _told(app: Sphinx, making: Making) -> Iterable[tuple[Package, str]]:
    """Pass on what is made, saying how far it is."""
    if not making.wanted:
        return making
    count = len(making.wanted)
    return status_iterator(making, "making packages... ", "brown", count, app.verbosity, lambda row: row[0].name)


def visit_packages(self: Any, node: package_list) -> None:
    """Write the list: the whole bank and each quiz, its files folded away."""
    builder, here = self.builder, self.builder.current_docname
    app = builder.app
    bank, plan = bank_of(app), blueprints_of(app).plan
    files: dict[str, list[dict[str, Any]]] = {}
    for package in app._backmice_packages:
        files.setdefault(package.paper, []).append(_file(app, package, here))
    whole = {"title": "The whole bank", "address": "", "count": len(bank.items), "files": files.pop(WHOLE)}
    places = {quiz: page for page, quizzes in quizzes_of(app.env).items() for quiz in quizzes}
    areas: dict[str, list[dict[str, Any]]] = {"": [whole]}
    order = list(topics(app))
    items = {name: bank.items_of(name) if name in bank.quizzes else topics(app)[name] for name in files}
    for name in sorted(files, key=lambda name: order.index(items[name][0].topic)):
        topic = items[name][0].topic
        title = bank.quizzes[name].title if name in bank.quizzes else title_of(app, items[name])
        place = places.get(name, f"{FOLDER}/{topic}")
        at = {"address": builder.get_relative_uri(here, place), "place": AT_LESSON if name in places else AT_TOPIC}
        area = plan.area_of(topic) if plan else None
        row = {"title": title, **at, "count": len(items[name]), "files": files[name]}
        areas.setdefault(area.title if area else "", []).append(row)
    self.body.append(render("packages", areas=areas))
    raise nodes.SkipNode


def _file(app: Sphinx, package: Package, docname: str) -> dict[str, Any]:
    """Return a package's address seen from a page, its name and its size in bytes; or why there is none."""
    title, why = TARGETS[package.target].title, app._backmice_packages[package]
    if why:
        return {"title": title, "why": why}
    size = (Path(app.outdir) / STATIC / package.file).stat().st_size
    address = f"{'../' * docname.count('/')}{STATIC}/{package.file}"
    return {"title": title, "why": "", "address": address, "name": package.name, "size": size}


def visit_losses(self: Any, node: loss_table) -> None:
    """Write the table: for each kind, targets that lose the same together."""
    count = Counter(item.kind for item in bank_of(self.builder.app).items.values())
    kinds = []
    for kind, name in KIND_NAMES.items():
        alike: dict[Loss, list[str]] = {}
        for target in TARGETS.values():
            alike.setdefault(target.losses[kind], []).append(target.title)
        kinds.append((name, count[kind], [(titles, HOW[loss.how], loss.why) for loss, titles in alike.items()]))
    self.body.append(render("losses", kinds=kinds))
    raise nodes.SkipNode


def visit_plain(self: Any, node: nodes.Element) -> None:
    """Nothing for paper: files are taken from a page."""
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the two directives, and make the files while pages are read."""
    app.add_directive("packages", PackagesDirective)
    app.add_directive("losses", LossesDirective)
    plain = (visit_plain, None)
    app.add_node(package_list, html=(visit_packages, None), latex=plain, text=plain)
    app.add_node(loss_table, html=(visit_losses, None), latex=plain, text=plain)
    app.connect("env-before-read-docs", begin, priority=BEFORE_OTHERS)
    app.connect("env-updated", publish)
    app.connect("build-finished", end)
