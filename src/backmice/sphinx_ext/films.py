"""Which films there are, which pages show them, and where their files stand beside the book."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from backmice.assets import write_whole
from backmice.compressed import is_copy
from backmice.kept import forget
from backmice.located import LocatedError
from backmice.sphinx_ext.claim import ledger_of
from backmice.sphinx_ext.lessons import parts
from backmice.sphinx_ext.quiz import bank_of
from backmice.stills import KEPT, stills
from backmice.video import FOLDER, Known, Recording, Video, load_recordings, load_videos

STATIC = "_static/videos"
#: What stands in the page itself, so that nothing of a film is fetched before it is played; and in other sizes.
NOT_BESIDE = ("captions", "poster")
#: What an address may hold as it is; a shorter page says the same, and packs better.
PLAIN = " !$&'()*+,-./:;=?@_~>"


def films_of(app: Sphinx) -> dict[str, Video]:
    """Return the films by slug, read once for each build."""
    if not hasattr(app, "_backmice_films"):
        known = Known(claims=ledger_of(app).claims, items=bank_of(app).items.keys())
        try:
            app._backmice_films = load_videos(Path(app.srcdir), known)
        except LocatedError as error:
            raise ExtensionError(f"The films have faults:\n{error}") from None
    return app._backmice_films


def recordings_of(app: Sphinx) -> tuple[Recording, ...]:
    """Return the recordings of others."""
    ledger = ledger_of(app)
    try:
        return load_recordings(Path(app.srcdir), ledger.references, ledger.claims)
    except LocatedError as error:
        raise ExtensionError(f"The recordings have faults:\n{error}") from None


def shown_on(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return, for each page, the slugs of the films it shows."""
    if not hasattr(env, "backmice_films"):
        env.backmice_films = {}
    return env.backmice_films


def homes(app: Sphinx) -> dict[str, str]:
    """Return, for each film that is shown, the page of its manifest, or else the first that shows it; as the contents go."""
    places = [page for _, names in parts(app.env) for page in names]
    found: dict[str, str] = {}
    for page in places:
        for slug in shown_on(app.env).get(page, ()):
            if slug in films_of(app) and (slug not in found or films_of(app)[slug].lesson == page):
                found[slug] = page
    return dict(sorted(found.items(), key=lambda row: places.index(row[1])))


def publish(app: Sphinx, film: Video, docname: str) -> dict[str, dict]:
    """Put a film's files and its still beside the book, once a build, and return where `docname` finds each.

    `files` are by kind, `stills` by form and width. A name changes with its content, so that no browser shows an old
    film; what no page asks for any more goes.
    """
    published = app.__dict__.setdefault("_backmice_published_films", {})
    if film.slug not in published:
        root, home = Path(app.srcdir), Path(app.outdir) / STATIC / film.slug
        home.mkdir(parents=True, exist_ok=True)
        names, sizes = {}, {}
        for kind, file in film.files:
            source = root / FOLDER / film.slug / file
            if kind in NOT_BESIDE:
                continue
            digest = sha256(source.read_bytes()).hexdigest()[:10]
            names[kind] = f"{source.stem}-{digest}{source.suffix}"
            if not (home / names[kind]).exists():
                shutil.copyfile(source, home / names[kind])
        for still in stills(root, root / FOLDER / film.slug / film.files.poster):
            sizes.setdefault(still.form, {})[still.width] = still.name
            if not (home / still.name).exists():
                write_whole(home / still.name, still.content)
        forget(root / KEPT)
        kept = {*names.values(), *(name for by_width in sizes.values() for name in by_width.values())}
        for old in home.iterdir():
            if old.name not in kept and not is_copy(old):
                old.unlink()
        published[film.slug] = names, sizes
    names, sizes = published[film.slug]
    place = f"{'../' * docname.count('/')}{STATIC}/{film.slug}"
    return {
        "files": {kind: f"{place}/{name}" for kind, name in names.items()},
        "stills": {form: {width: f"{place}/{name}" for width, name in found.items()} for form, found in sizes.items()},
    }


def captions_of(app: Sphinx, film: Video) -> str:
    """Return the captions as an address that is the file itself: browsers fetch those that show, though none is played."""
    text = (Path(app.srcdir) / FOLDER / film.slug / film.files.captions).read_text(encoding="utf-8")
    return f"data:text/vtt,{quote(text, safe=PLAIN)}"


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    shown_on(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    shown_on(env).update({page: slugs for page, slugs in shown_on(other).items() if page in docnames})
