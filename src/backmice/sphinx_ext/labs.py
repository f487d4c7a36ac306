"""Labs in the book: notebooks as they ran, with what they show beside the package and a copy to download."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from backmice.assets import write_changed
from backmice.located import LocatedError
from backmice.notebook_data import DATA, LABS, MADE_FROM, PACKAGE, write_notebook_data
from backmice.sphinx_ext.claim import ledger_of, remember_claims
from backmice.sphinx_ext.lessons import chapter_of

CACHE = ".jupyter_cache"
ASK_AGAIN_S = 1
#: Kernels of a build speak to this machine alone, and say so only when something is wrong.
KERNEL_CONFIG = "c = get_config()\nc.IPKernelApp.log_level = 40\n"


def prepare(app: Sphinx) -> None:
    """Write what labs show, and forget how they ran before if they would run otherwise now.

    The cache of a run knows the cells of a notebook, not the package and the claims that they use.
    """
    if not has_labs(app):
        return
    try:
        write_notebook_data(Path(app.srcdir))
    except LocatedError as error:
        raise ExtensionError(f"The labs can't be prepared:\n{error}") from None
    except KeyError as error:
        raise ExtensionError(error.args[0]) from None
    cache = Path(app.config["nb_execution_cache_path"] or Path(app.outdir).parent / CACHE)
    stamp = cache / MADE_FROM
    if not stamp.is_file() or stamp.read_text() != runs_on():
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir(parents=True)
        stamp.write_text(runs_on())
    own_kernels(cache / "ipython")


def own_kernels(home: Path) -> None:
    """Have kernels start without what a person's own IPython does at its start."""
    profile = home / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG)
    os.environ["IPYTHONDIR"] = str(home)


def ask_again(app: Sphinx, name: str, source: list[str]) -> None:
    """Have whoever runs a notebook ask its kernel's socket anew each second whether a reply is there.

    On a busy machine the word that one came is sometimes lost between pyzmq and asyncio, and the reply would lie there
    until the time of its cell was over (a like case: https://github.com/zeromq/pyzmq/issues/2173).
    """
    if not name.startswith(f"{LABS}/"):
        return
    # It takes long to import, and few builds run a notebook.
    from jupyter_client.channels import AsyncZMQSocketChannel

    AsyncZMQSocketChannel.get_msg = asking_again(AsyncZMQSocketChannel.get_msg)


def asking_again(get_msg: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return what gets a message as `get_msg` does, which is asked for a second at a time."""
    if hasattr(get_msg, "asks_again"):
        return get_msg

    async def again(channel: Any, timeout: float | None = None) -> Any:
        end = math.inf if timeout is None else monotonic() + timeout
        while True:
            left = max(0, end - monotonic())
            try:
                return await get_msg(channel, min(left, ASK_AGAIN_S))
            except Empty:
                if left <= ASK_AGAIN_S:
                    raise

    again.asks_again = True
    return again


def has_labs(app: Sphinx) -> bool:
    """Return whether the book being built has notebooks."""
    return any((Path(app.srcdir) / LABS).glob("*.ipynb"))


def runs_on() -> str:
    """Return a digest of what a notebook runs on."""
    folders = ("labs", "widgets", "anatomy", "items")
    paths = [path for name in folders for path in sorted((PACKAGE / name).glob("*")) if path.suffix in (".py", ".json")]
    return sha256(
        b"".join(path.read_bytes() for path in [*paths, PACKAGE / "modules.py", DATA / MADE_FROM])
    ).hexdigest()


def outdated(app: Sphinx, env: BuildEnvironment, *_: Any) -> list[str]:
    """Return the labs, when they would run otherwise than when they were read."""
    if not has_labs(app) or getattr(env, "backmice_labs_run_on", None) == runs_on():
        return []
    env.backmice_labs_run_on = runs_on()
    return [name for name in env.found_docs if chapter_of(env, name).is_lab]


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Note the claims that a lab names, as of any page."""
    chapter = chapter_of(app.env, app.env.docname)
    if chapter.is_lab:
        remember_claims(app.env, [ledger_of(app).claims[id_] for id_ in chapter.claims()])


def copy_labs(app: Sphinx, error: Exception | None) -> None:
    """Put each notebook beside its page."""
    if error or app.builder.format != "html":
        return
    for name in app.env.found_docs:
        if chapter_of(app.env, name).is_lab:
            write_changed(Path(app.outdir) / f"{name}.ipynb", Path(app.env.doc2path(name)).read_bytes())


def register(app: Sphinx) -> None:
    """Prepare before anything is read, copy when all is written."""
    app.connect("builder-inited", prepare, priority=100)
    app.connect("env-get-outdated", outdated)
    app.connect("source-read", ask_again)
    app.connect("doctree-read", remember)
    app.connect("build-finished", copy_labs)
