"""The browser that this machine has, and a record of what its pages do."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Frame, Page

from backmice.browser import NAMES, find_browser

# The address bar's own pages, drawn anew for each reader: two thirds of what a small test costs.
ADDRESS_BAR = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
# What playwright turns off itself; a second switch replaces the first.
PLAYWRIGHTS_OWN = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    # WebGL without a graphics card.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={ADDRESS_BAR},{PLAYWRIGHTS_OWN}",
]
# What Chromium says of speed while plotly draws; no fault of a page.
OF_SPEED = ("GL Driver Message (OpenGL, Performance", "willReadFrequently")
# What Playwright says where a test wants no service worker.
BLOCKED = "Service Worker registration blocked by Playwright"
# An icon that the browser itself asks a small page's server for, while the test ends and the server with it.
ICON, CUT_OFF = "/favicon.ico", ("net::ERR_CONNECTION_", "net::ERR_SOCKET_", "net::ERR_EMPTY_RESPONSE")


def chromium() -> str:
    """Return the path of a Chromium: $CHROMIUM, or one that the system has."""
    found = find_browser()
    if found is None:
        pytest.fail(f"No browser: install chromium, or set CHROMIUM to one (looked for {', '.join(NAMES)}).")
    return found


def ask_until(page: Page | Frame, question: str, arg: Any = None, *, timeout: float = 5000) -> None:
    """Ask until `question`, an expression or function, is answered with something true; `timeout` in ms.

    Playwright's `wait_for_function` asks by `eval` in the page, which its policy forbids.
    """
    end = time.monotonic() + timeout / 1000
    while not page.evaluate(question, arg):
        if time.monotonic() > end:
            pytest.fail(f"Not so after {timeout:g} ms: {question}")
        page.wait_for_timeout(50)


class Watch:
    """What pages asked for, and what went wrong in them. A test that provokes an error clears `errors`."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []

    def follow(self, page: Page) -> None:
        """Record requests and errors of `page` from now on."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url") or ""
        of_the_end = url.endswith(ICON) and any(words in message.text for words in CUT_OFF)
        of_speed = any(words in message.text for words in OF_SPEED)
        is_blocked = message.text == BLOCKED
        if message.type in ("error", "warning") and not (of_speed or of_the_end or is_blocked):
            self.errors.append(f"{url}: {message.text}")
