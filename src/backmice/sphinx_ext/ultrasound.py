"""`{ultrasound-frame} id`: a simulated picture whose parts are named on demand; the content is the caption."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from backmice.html.template import render
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import ledger_of, remember_claims, visit_plain
from backmice.sphinx_ext.item_media import publish
from backmice.ultrasound import FOLDER, FRAMES, Frames, load_frames


class ultrasound_frame(nodes.General, nodes.Element):
    """A simulated picture: attribute `frame_id`."""


class UltrasoundFrameDirective(SphinxDirective):
    """`{ultrasound-frame}` with the id of a frame in media/ultrasound/frames.yml."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        frames, id_ = frames_of(self.env.app), self.arguments[0]
        frame = frames.frame(id_)
        if frame is None:
            raise self.error(f"no frame '{id_}' in {FRAMES}; it has: {', '.join(f.id for f in frames.frames)}")
        for path in (FRAMES, FOLDER / f"pictures/{id_}.webp"):
            self.env.note_dependency(str(path))
        claims = ledger_of(self.env.app).claims
        remember_claims(self.env, [claims[claim_id] for claim_id in frame.claims])
        node = ultrasound_frame(frame_id=id_)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def frames_of(app: Sphinx) -> Frames:
    """Return the frames, read once for each build."""
    if not hasattr(app, "_backmice_ultrasound"):
        try:
            app._backmice_ultrasound = load_frames(Path(app.srcdir), ledger_of(app).claims)
        except LocatedError as error:
            raise ExtensionError(f"The ultrasound frames have faults:\n{error}") from None
    return app._backmice_ultrasound


def visit_frame(self: Any, node: ultrasound_frame) -> None:
    """Write picture, marks and the list of parts, and open the caption."""
    app, here = self.builder.app, self.builder.current_docname
    frames = frames_of(app)
    frame = frames.frame(node["frame_id"])
    marks = [(part, *frames.screen.place(part.x_mm, part.z_mm)) for part in frame.parts]
    picture = publish(app, Path(app.srcdir) / FOLDER / f"pictures/{frame.id}.webp", here)
    self.body.append(render("ultrasound", frame=frame, picture=picture, marks=marks))


def depart_frame(self: Any, node: ultrasound_frame) -> None:
    """Close the caption and the figure."""
    self.body.append("</figcaption>\n</figure>\n")


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("ultrasound-frame", UltrasoundFrameDirective)
    plain = (visit_plain, visit_plain)
    app.add_node(ultrasound_frame, html=(visit_frame, depart_frame), latex=plain, text=plain)
