"""Quizzes where they are set: `{quiz}` with the id of a file in exercises/quizzes.

The page gets plain forms with the key behind a disclosure; static/backmice-quiz.js makes them answer.
Builders other than HTML print stems and options, without the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from backmice.html.quiz import quiz_html
from backmice.items.load import ITEMS, QUIZZES, Bank, load_bank
from backmice.items.model import Hotspot, Item, Landmark, Matching, Numeric, OptionsItem
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import chip_html, ledger_of, remember_claims
from backmice.sphinx_ext.evidence import remember_uses
from backmice.sphinx_ext.figure import region_of
from backmice.sphinx_ext.item_media import BookMedia
from backmice.sphinx_ext.lessons import passages
from backmice.sphinx_ext.reading import as_read

#: Where pictures of items are.
MEDIA = Path("media")


class quiz(nodes.General, nodes.Element):
    """A quiz: attributes `quiz_id`, `item_ids` and `anchors`; its children are the plain text of it."""

    script = "backmice-quiz.js"


def bank_of(app: Sphinx) -> Bank:
    """Return the item bank, read once for each build, and only when a page asks for it."""
    bank = getattr(app, "_backmice_bank", None)
    if bank is None:
        root, ledger = Path(app.srcdir), ledger_of(app)
        # Items name claims, of which the bank asks whether they may be stated, and pictures, which must be there.
        published = [(id_, claim.published) for id_, claim in ledger.claims.items()]
        pictures = sorted(str(path) for path in (root / MEDIA).rglob("*"))
        try:
            bank = as_read(
                root,
                load_bank.__module__,
                lambda: load_bank(root, ledger),
                [*sorted((root / ITEMS).rglob("*.yml")), *sorted((root / QUIZZES).glob("*.yml"))],
                beside=(published, pictures),
            )
        except LocatedError as error:
            raise ExtensionError(f"The item bank has faults:\n{error}") from None
        app._backmice_bank = bank
    return bank


class QuizDirective(SphinxDirective):
    """`{quiz}`: the items of a quiz, in the order it names or draws them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        bank, quiz_id = bank_of(self.env.app), self.arguments[0]
        if quiz_id not in bank.quizzes:
            raise self.error(f"quiz '{quiz_id}' is not in {QUIZZES}; it has: {', '.join(bank.quizzes) or 'none'}")
        if quiz_id in quizzes_of(self.env).get(self.env.docname, {}):
            raise self.error(f"quiz '{quiz_id}' stands twice on this page; keep one of them")
        items = bank.items_of(quiz_id)
        self.env.note_dependency(bank.quiz_files[quiz_id].relative_to(self.env.srcdir).as_posix())
        depend(self.env, bank, items)
        quizzes_of(self.env).setdefault(self.env.docname, {})[quiz_id] = [item.id for item in items]
        node = quiz("", quiz_id=quiz_id, item_ids=[i.id for i in items], anchors=remember(self.env, quiz_id, items))
        node += plain_text(items)
        return [node]


def depend(env: BuildEnvironment, bank: Bank, items: Sequence[Item]) -> None:
    """Have the page being read, which shows `items`, read again when one of their files changes."""
    for item in items:
        env.note_dependency(bank.files[item.id].relative_to(env.srcdir).as_posix())
        if isinstance(item, Hotspot):
            env.note_dependency(item.picture)
        if isinstance(item, Landmark):
            region_of(env.app, item.figure)  # a fault of the figure is told before pages are written
    ledger = ledger_of(env.app)
    uses = {item.id: item.all_claims() for item in items}
    remember_uses(env, "item", uses)
    remember_claims(env, [ledger.claims[id_] for ids in uses.values() for id_ in ids])


def remember(env: BuildEnvironment, quiz_id: str, items: Sequence[Item]) -> list[str]:
    """Record what the page being read shows, and return an anchor for each item that no other has."""
    shown = items_of(env).setdefault(env.docname, [])
    anchors = [f"item-{quiz_id}-{item.id}" if item.id in shown else f"item-{item.id}" for item in items]
    shown += [item.id for item in items if item.id not in shown]
    return anchors


def plain_text(items: Sequence[Item]) -> list[nodes.Node]:
    """Return stems and options for paper and for the search index."""
    found: list[nodes.Node] = []
    for item in items:
        stem = f"{item.vignette} {item.stem}" if item.vignette else item.stem
        found.append(nodes.paragraph(text=stem))
        if isinstance(item, Hotspot):
            found.append(nodes.paragraph(text=item.alt))
        if isinstance(item, OptionsItem):
            found.append(_listed(nodes.bullet_list(), [option.text for option in item.options]))
        if isinstance(item, Matching):
            found.append(_listed(nodes.enumerated_list(enumtype="arabic"), [case.text for case in item.cases]))
        if isinstance(item, Numeric):
            found.append(nodes.paragraph(text=f"Answer in {' or '.join(item.units)}."))
    return found


def _listed(found: nodes.Element, texts: Sequence[str]) -> nodes.Element:
    found += [nodes.list_item("", nodes.paragraph(text=text)) for text in texts]
    return found


def surroundings(app: Sphinx, docname: str) -> dict[str, Any]:
    """Return what the forms of items need of the page that they stand on: chip, media and passages."""
    return {
        "chip": lambda claim_id: chip_html(app, claim_id, docname),
        "media": BookMedia(app, docname),
        "passages": passages(app.env, docname),
    }


def visit_quiz(self: Any, node: quiz) -> None:
    """Write the forms in place of the plain text."""
    app = self.builder.app
    bank = bank_of(app)
    items = [bank.items[id_] for id_ in node["item_ids"]]
    around = surroundings(app, self.builder.current_docname)
    form = quiz_html(bank.quizzes[node["quiz_id"]], items, anchors=node["anchors"], **around)
    targets = Markup("").join(Markup('<span id="{}"></span>').format(id_) for id_ in node["ids"])
    self.body.append(targets + form)
    raise nodes.SkipNode


def visit_plain(self: Any, node: quiz) -> None:
    """Other builders print the children."""


def depart_plain(self: Any, node: quiz) -> None:
    """Nothing to close."""


def items_of(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return, for each page, the ids of the items it shows."""
    if not hasattr(env, "backmice_items"):
        env.backmice_items = {}
    return env.backmice_items


def quizzes_of(env: BuildEnvironment) -> dict[str, dict[str, list[str]]]:
    """Return, for each page, its quizzes and the item ids of each at that time."""
    if not hasattr(env, "backmice_quizzes"):
        env.backmice_quizzes = {}
    return env.backmice_quizzes


def outdated(app: Sphinx, env: BuildEnvironment, *_: Any) -> list[str]:
    """Return the pages whose quiz would draw other items now: a new item is no page's dependency yet."""
    paths = [*sorted((Path(app.srcdir) / ITEMS).rglob("*.yml")), *sorted((Path(app.srcdir) / QUIZZES).glob("*.yml"))]
    state = sha256(b"".join(path.read_bytes() for path in paths if path.is_file())).hexdigest()
    if not quizzes_of(env) or getattr(env, "backmice_bank_state", None) == state:
        return []
    env.backmice_bank_state = state
    bank = bank_of(app)
    return [
        page
        for page, shown in quizzes_of(env).items()
        if any(q not in bank.quizzes or [i.id for i in bank.items_of(q)] != ids for q, ids in shown.items())
    ]


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    items_of(env).pop(docname, None)
    quizzes_of(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    for of in (items_of, quizzes_of):
        of(env).update({page: found for page, found in of(other).items() if page in docnames})


def register(app: Sphinx) -> None:
    """Add the directive, its node and what keeps pages in step with the bank."""
    app.add_directive("quiz", QuizDirective)
    plain = (visit_plain, depart_plain)
    app.add_node(quiz, html=(visit_quiz, None), latex=plain, text=plain, man=plain, texinfo=plain)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
