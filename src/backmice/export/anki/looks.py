"""The note types: which fields a note has, what its cards show, and the course's own colours on them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import genanki

TOKENS = Path(str(files("backmice"))) / "static/tokens.css"
FONT, LICENCE = "_backmice-literata.woff2", "_backmice-literata-licence.txt"  # Anki keeps names that begin with _
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")
#: Permanent: Anki knows a note type by its number.
IDS = {"question": 1607392301, "fact": 1607392302, "region": 1607392303}
FIELDS = {
    "question": ("Id", "Question", "Options", "Key", "Why", "Rests on"),
    "fact": ("Id", "Statement", "Certainty", "Contested", "Sources"),
    "region": ("Id", "Picture", "Where", "What", "Why", "Rests on"),
}
FRONTS = {
    "question": "<main>{{Question}}{{Options}}</main>",
    "fact": "<main><p>{{cloze:Statement}}</p></main>",
    "region": "<main>{{Picture}}{{Where}}</main>",
}
BACKS = {
    "question": "{{FrontSide}}<hr id=answer>{{Key}}{{Why}}{{Rests on}}",
    "fact": "<main><p>{{cloze:Statement}}</p></main><hr id=answer>{{Certainty}}{{Contested}}{{Sources}}",
    "region": '<main class="is-told">{{Picture}}</main><hr id=answer>{{What}}{{Why}}{{Rests on}}',
}
STYLE = """
.card {{ background: var(--paper); color: var(--ink); font: 1.125rem/1.55 {font}Georgia, serif; text-align: left;
  max-width: 39rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }}
.card p, .card ol, .card ul {{ margin: 0 0 .75rem; }}
.card ol, .card ul {{ padding-left: 1.6em; }} .card li + li {{ margin-top: .35rem; }}
.card .ask {{ font-weight: 600; }}
.card .small, .card .rests {{ color: var(--ink-soft); font: .875rem/1.45 system-ui, sans-serif; }}
.card .key {{ border-left: 3px solid var(--right); background: var(--right-wash); padding: .5rem .75rem; margin: 0 0 .75rem; }}
.card .key p:last-child, .card .key ol:last-child {{ margin: 0; }}
.card .contested {{ border-left: 3px solid var(--partly); background: var(--partly-wash); padding: .5rem .75rem; margin: 0 0 .75rem; }}
.card .why b {{ display: block; }}
.card a {{ color: var(--gentian); }} .card .cloze {{ color: var(--gentian); font-weight: 600; }}
.card hr {{ border: 0; border-top: 1px solid var(--line); margin: 1rem 0; }}
.card .spot {{ position: relative; margin: 0 0 .75rem; }} .card .spot img {{ display: block; width: 100%; height: auto; }}
.card .spot svg {{ position: absolute; inset: 0; width: 100%; height: 100%; }}
.card .spot .asked {{ fill: var(--gentian); stroke: #fff; stroke-width: .4; }}
.card .spot .other {{ fill: none; stroke: #fff; stroke-width: .25; }}
.card .is-told .asked {{ fill-opacity: .25; stroke: #fff; }}
"""


def models(has_font: bool) -> dict[str, genanki.Model]:
    """Return the note types by name."""
    return {
        name: genanki.Model(
            id_,
            f"Back mice: {name}",
            fields=[{"name": field} for field in FIELDS[name]],
            templates=[{"name": "Card", "qfmt": FRONTS[name], "afmt": BACKS[name]}],
            css=style(has_font),
            model_type=genanki.Model.CLOZE if name == "fact" else genanki.Model.FRONT_BACK,
        )
        for name, id_ in IDS.items()
    }


def style(has_font: bool) -> str:
    """Return the style of cards: the course's colours, by day and, where Anki is dark, by night."""
    pairs = PAIR.findall(TOKENS.read_text(encoding="utf-8"))
    day = " ".join(f"--{name}: {light};" for name, light, _ in pairs)
    night = " ".join(f"--{name}: {dark};" for name, _, dark in pairs)
    face = f'@font-face {{ font-family: "Literata Course"; src: url("{FONT}"); font-weight: 400 700; }}\n'
    rules = f".card {{ {day} }}\n.nightMode.card, .night_mode .card, .card.night_mode {{ {night} }}"
    own = STYLE.format(font='"Literata Course", ' if has_font else "")
    return f"{face if has_font else ''}{rules}{own}"
