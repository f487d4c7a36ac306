"""The Content-Security-Policy of every page that the course makes: its one home.

A page carries its policy in a `meta`, so that it holds on any host and in a folder without one; a host's headers say
it again, with what a `meta` can't say. Nothing is allowed but what lies beside the page: no script or style in its
text, no `eval`, no other origin. A page that stands alone in one file names its own scripts and styles by digest.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import urlsplit

from markupsafe import Markup

SELF, NONE = "'self'", "'none'"
#: The one maker of HTML and of addresses of scripts: static/trusted.js.
TRUSTED = "backmice"
DIRECTIVES = {
    "default-src": (NONE,),
    "script-src": (SELF,),
    "style-src": (SELF,),
    # Figures and films draw into pictures of their own.
    "img-src": (SELF, "data:", "blob:"),
    "font-src": (SELF,),
    # Captions stand in their page.
    "media-src": (SELF, "data:", "blob:"),
    "connect-src": (SELF,),
    "worker-src": (SELF,),
    "manifest-src": (SELF,),
    "frame-src": (NONE,),
    "object-src": (NONE,),
    "base-uri": (NONE,),
    "form-action": (SELF,),
}
TRUSTED_TYPES = {"require-trusted-types-for": ("'script'",), "trusted-types": (TRUSTED,)}
#: The site that shows recordings, on the page that has them, when the reader has asked for one.
RECORDINGS = "https://www.youtube-nocookie.com"
#: What a host adds to each answer; see hosting/.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{name}=()"
        for name in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "serial", "usb")
    ),
}
EMBEDDED = re.compile(r'data-embed="(https://[^"]+)"')


def page_policy(body: str = "", *, styles: Iterable[str] = (), live: bool = False, trusted: bool = True) -> str:
    """Return the policy of a page that has its files beside it; its recordings may be shown from where they are.

    With `live` a frame of our own site may stand in it: a notebook, whose page has the policy of /live/.
    `styles` are those that stand in the page itself. Without `trusted` a script that isn't ours may write HTML: Sphinx's own search, where npm was never run.
    """
    own_site = (SELF,) if live else ()
    hosts = sorted({site(address) for address in EMBEDDED.findall(body)})
    own = {"style-src": (*DIRECTIVES["style-src"], *map(digest, styles))}
    frames = {"frame-src": (*own_site, *hosts)} if hosts or live else {}
    return written(DIRECTIVES | own | frames | (TRUSTED_TYPES if trusted else {}))


def alone_policy(*, styles: Iterable[str] = (), script: str = "", sends_to: str | None = None) -> str:
    """Return the policy of a page that stands alone: it runs this module, wears these styles and fetches nothing.

    Nor does it send anything but to the site of the address `sends_to`, when its reader asks for it.

    The module may hold others, each of which it loads from its own text (see `modules.py`), and WebAssembly.
    """
    runs = (digest(script), "blob:", "'wasm-unsafe-eval'") if script else (NONE,)
    shown = {"img-src": ("data:", "blob:"), "base-uri": (NONE,), "form-action": (NONE,)}
    worn = tuple(map(digest, styles)) or (NONE,)
    sent = {"connect-src": (site(sends_to),)} if sends_to else {}
    return written({"default-src": (NONE,), "script-src": runs, "style-src": worn, **shown, **sent, **TRUSTED_TYPES})


def site(address: str) -> str:
    """Return how a policy names the site of an address."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def header_policy() -> str:
    """Return the policy for a host's header: no page needs more, and none may be shown inside another site."""
    return written(DIRECTIVES | {"frame-src": (SELF, RECORDINGS), "frame-ancestors": (SELF,)})


def live_policy() -> str:
    """Return the policy for the header of /live/, where Python itself runs in the browser, by WebAssembly and `eval`."""
    wider = {
        "script-src": (SELF, "'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'", "blob:"),
        "style-src": (SELF, "'unsafe-inline'"),
        "font-src": (SELF, "data:"),
        "connect-src": (SELF, "data:", "blob:"),
        "worker-src": (SELF, "blob:"),
        "frame-src": (SELF,),
        "frame-ancestors": (SELF,),
    }
    return written(DIRECTIVES | wider)


def integrity(content: bytes) -> Markup:
    """Return the attribute by which a browser knows that a file beside the page is the one that was built."""
    return Markup(f'integrity="sha256-{b64encode(sha256(content).digest()).decode()}"')


def digest(text: str) -> str:
    """Return how a policy names a script or style that stands in the page."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def written(directives: dict[str, tuple[str, ...]]) -> str:
    """Return directives as one line."""
    return "; ".join(" ".join((name, *values)) for name, values in directives.items())


def meta(policy: str) -> Markup:
    """Return the element that gives a page its policy; it stands before all that it governs."""
    # A policy holds neither quotation marks nor brackets; escaped apostrophes would only make it longer.
    return Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
