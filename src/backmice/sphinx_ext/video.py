"""Films: `{video} slug` where one is shown, `{video-library}` for all of them, `{recordings}` for those of others.

A page gets a plain `<video>` that fetches nothing before it is played, with its transcript and what is seen in words;
static/course-video.js adds the rest. A film is put beside the book only when a page shows it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from backmice.html.quiz import RESPONSE_FORMS
from backmice.html.template import hold_units, render
from backmice.sphinx_ext.claim import chip_html, claim_citation, claim_href, ledger_of, remember_claims, visit_plain
from backmice.sphinx_ext.evidence import remember_uses
from backmice.sphinx_ext.films import captions_of, films_of, homes, merge, publish, purge, recordings_of, shown_on
from backmice.sphinx_ext.lessons import chapter_of, lessons
from backmice.sphinx_ext.practice import LISTS_PRACTICE
from backmice.sphinx_ext.quiz import bank_of, depend, surroundings
from backmice.video import FOLDER, RECORDINGS, Cue


class video(nodes.General, nodes.Element):
    """A film: attributes `slug`, `told` (title and summary) and `anchors`, those of its items; its children are what is said."""

    script = "course-video.js"


class video_library(nodes.General, nodes.Element):
    """Every film that a page shows."""

    script = "course-video-library.js"


class recording_list(nodes.General, nodes.Element):
    """The recordings of others."""

    script = "course-recording.js"


class VideoDirective(SphinxDirective):
    """`{video}` with the name of a folder of media/videos."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        app, slug = self.env.app, self.arguments[0]
        every = films_of(app)
        if slug not in every:
            raise self.error(f"no film '{slug}' in {FOLDER}; it has: {', '.join(every) or 'none'}")
        here = shown_on(self.env).setdefault(self.env.docname, [])
        if slug in here:
            raise self.error(f"film '{slug}' stands twice on this page; keep one of them")
        if every[slug].pauses and chapter_of(self.env, self.env.docname).is_case:
            raise self.error(f"film '{slug}' asks items, as the case does; show it on another page")
        here.append(slug)
        film, bank, ledger = every[slug], bank_of(app), ledger_of(app)
        for path in sorted((Path(app.srcdir) / FOLDER / slug).iterdir()):
            self.env.note_dependency(path.relative_to(app.srcdir).as_posix())
        remember_claims(self.env, [ledger.claims[id_] for id_ in film.claims()])
        remember_uses(self.env, "film", {slug: film.claims()})
        items = [bank.items[id_] for id_ in film.items()]
        depend(self.env, bank, items)
        told = f"{film.title}. {film.summary}"
        # Who is led to an item comes to where it is practised, and not to where a film may ask it.
        node = video(slug=slug, told=told, anchors=[f"item-film-{slug}-{item.id}" for item in items])
        node += [said(cue) for cue in film.transcript]
        return [node]


class VideoLibraryDirective(SphinxDirective):
    """`{video-library}`: each film that a page shows, with its picture, its objectives and what is said in it."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][LISTS_PRACTICE] = True
        return [video_library()]


class RecordingsDirective(SphinxDirective):
    """`{recordings}`: the recordings that sources name, as links to those who made them."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(RECORDINGS))
        claims = ledger_of(self.env.app).claims
        remember_claims(self.env, [claims[id_] for one in recordings_of(self.env.app) for id_ in one.claims])
        return [recording_list()]


def said(cue: Cue) -> nodes.paragraph:
    """Return a sentence as text that cites its claims, whose cards then follow the film."""
    sentence = nodes.paragraph("", "" if cue.claims else hold_units(cue.text))
    sentence += [
        claim_citation(cue.text, hold_units(cue.text) if n == 0 else "", claim_id=id_, form="words")
        for n, id_ in enumerate(cue.claims)
    ]
    return sentence


def visit_video(self: Any, node: video) -> None:
    """Write the film, what is said and seen in it, and the items that it asks."""
    app, here = self.builder.app, self.builder.current_docname
    film = films_of(app)[node["slug"]]
    rows = [
        (bank_of(app).items[pause.item], anchor, pause, film.before(pause))
        for pause, anchor in zip(film.pauses, node["anchors"], strict=True)
    ]
    self.body.append(
        render(
            "video",
            film=film,
            **publish(app, film, here),
            captions=captions_of(app, film),
            shown=[[shown.start_s, shown.view] for shown in film.views],
            said=[(cue, _said_html(self, cue)) for cue in film.transcript],
            rows=rows,
            forms=RESPONSE_FORMS,
            **surroundings(app, here),
        )
    )
    raise nodes.SkipNode


def _said_html(writer: Any, cue: Cue) -> Markup:
    """Return a sentence whose last word carries how sure its claims are."""
    start, _, last = hold_units(cue.text).rpartition(" ")
    claims = [(ledger_of(writer.builder.app).claims[id_], claim_href(writer, id_)) for id_ in cue.claims]
    return render("said", start=start, last=last, claims=claims)


def visit_library(self: Any, node: video_library) -> None:
    """Write a card for each film."""
    app, here = self.builder.app, self.builder.current_docname
    words = {id_: words.rstrip(";.") for page in lessons(app.env) for id_, words in page.opening.objectives.items()}
    rows = []
    for slug, page in homes(app).items():
        film = films_of(app)[slug]
        address = self.builder.get_relative_uri(here, page)
        there = [(cue, f"{address}?t={cue.start_s:g}#film-{slug}") for cue in film.transcript]
        aims = [words[id_] for id_ in film.objectives if id_ in words]
        title = app.env.titles[page].astext()
        rows.append((film, publish(app, film, here)["stills"], f"{address}#film-{slug}", title, aims, there))
    self.body.append(render("video_library", films=rows))
    raise nodes.SkipNode


def visit_recordings(self: Any, node: recording_list) -> None:
    """Write the list; nothing of it is fetched."""
    app, here = self.builder.app, self.builder.current_docname
    references = ledger_of(app).references
    rows = [
        (one, references[one.source].short(), [chip_html(app, id_, here) for id_ in one.claims])
        for one in recordings_of(app)
    ]
    self.body.append(render("recordings", recordings=rows))
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Element) -> None:
    """Nothing for other builders."""
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the directives and their nodes."""
    app.add_directive("video", VideoDirective)
    app.add_directive("video-library", VideoLibraryDirective)
    app.add_directive("recordings", RecordingsDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(video, html=(visit_video, None), latex=plain, text=plain)
    app.add_node(video_library, html=(visit_library, None), latex=(skip, None), text=(skip, None))
    app.add_node(recording_list, html=(visit_recordings, None), latex=(skip, None), text=(skip, None))
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
