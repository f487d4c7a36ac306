"""What a host is told: the same policy that pages carry, other headers, and how long a browser may keep a file.

The files in `hosting/` are written from here, so that no policy is written twice: `python tools/hosting.py`.
"""

from __future__ import annotations

from pathlib import Path

from backmice.html.policy import HEADERS, header_policy, live_policy
from backmice.serve import ASK, DIGEST, FOR_GOOD, MISSING, OTHER_TYPES, TEXT_TYPES

LIVE = "/live/"
#: Folders and pages at the top that are not of /live/.
OWN = ("/", "/index.html", "/search.html", "/offline.html", "/book/*", "/exercises/*", "/practice/*", "/_static/*")


def nginx() -> str:
    """Return a whole configuration of nginx, for a process without rights and a disk that can't be written."""
    types = "\n".join(
        f"    {kind} {' '.join(e[1:] for e, k in sorted((TEXT_TYPES | OTHER_TYPES).items()) if k == kind)};"
        for kind in sorted({*TEXT_TYPES.values(), *OTHER_TYPES.values()})
    )
    texts = " ".join(sorted({*TEXT_TYPES.values()} - {"text/html"}))
    headers = "\n".join(f'    add_header {name} "{value}" always;' for name, value in HEADERS.items())
    return f"""\
# Written by tools/hosting.py: change src/backmice/hosting.py or src/backmice/html/policy.py.
worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
events {{}}
http {{
  access_log off; # nothing is kept of who reads what
  server_tokens off;
  sendfile on;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  default_type application/octet-stream;
  types {{
{types}
  }}
  charset utf-8;
  charset_types {texts};
  # The build writes compressed copies beside files.
  gzip_static on;
  gzip_vary on;
  # With the brotli module: brotli_static on;
  map $uri $keeping {{
    default "{ASK}";
    "~{DIGEST.pattern}" "{FOR_GOOD}";
  }}
  map $uri $policy {{
    default "{header_policy()}";
    "~^{LIVE}" "{live_policy()}";
  }}
  server {{
    listen 8080;
    root /srv/book;
    index index.html;
    add_header Cache-Control $keeping always;
    add_header Content-Security-Policy $policy always;
{headers}
    error_page 404 /{MISSING};
    location / {{
      try_files $uri $uri/ =404;
    }}
  }}
}}
"""


def netlify(book: Path | None = None) -> str:
    """Return the `_headers` of Netlify and hosts like it, who add up all rules that fit.

    A folder with a digest in its name is known once the book is built: with `book`, a rule for each is added.
    """
    rules = {"/*": HEADERS, f"{LIVE}*": {"Content-Security-Policy": live_policy()}}
    rules |= {path: {"Content-Security-Policy": header_policy()} for path in OWN}
    kept = sorted((book / "_static").glob("[0-9a-f]" * 10)) if book else []
    rules |= {f"/_static/{folder.name}/*": {"Cache-Control": FOR_GOOD} for folder in kept}
    lines = ["# Written by tools/hosting.py: change src/backmice/hosting.py or src/backmice/html/policy.py."]
    for path, headers in rules.items():
        lines += [path, *(f"  {name}: {value}" for name, value in headers.items())]
    return "\n".join(lines) + "\n"


FILES = {"nginx.conf": nginx, "_headers": netlify}
