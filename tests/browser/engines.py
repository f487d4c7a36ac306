"""Firefox and WebKit, Safari's engine, by the commands of WebDriver that both understand.

Firefox takes them itself, over a socket (Marionette); WebKit's driver takes them over HTTP.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, ClassVar

#: On a processor that many others use; half a minute for a script, as both have it, is short there, too.
PATIENCE_S = 180
WANTED = {"timeouts": {"script": 1000 * PATIENCE_S}}
#: Ready to be driven, and without what a new profile shows and fetches.
FIREFOX_PREFERENCES = {
    "marionette.port": 0,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.ipc.processPrelaunch.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "layout.frame_rate": 20,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "signon.rememberSignons": False,
    "toolkit.cosmeticAnimations.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class EngineError(Exception):
    """The browser refused a command, or never came."""


class Firefox:
    """Firefox without a window."""

    programs: ClassVar = {"Firefox": ("firefox-esr", "firefox")}

    def __init__(self, home: Path) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in FIREFOX_PREFERENCES.items()]
        (home / "user.js").write_text("\n".join(lines))
        program = found(self.programs["Firefox"])
        command = [program, "--marionette", "--headless", "--no-remote", "--profile", str(home)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = int(wait(lambda: (home / "MarionetteActivePort").read_text()))
        self.socket = wait(lambda: socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))
        self.ids = itertools.count()
        self._read()  # it says what it is
        self.command("NewSession", capabilities={"alwaysMatch": WANTED})

    def command(self, name: str, **parameters: Any) -> Any:
        """Give a command of WebDriver's and return its answer."""
        message = json.dumps([0, next(self.ids), f"WebDriver:{name}", parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._read()
        if error:
            raise EngineError(f"{name}: {error['message']}")
        return answer.get("value") if isinstance(answer, dict) else answer

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self.socket.recv(1)
        text = b""
        while len(text) < int(length[:-1]):
            text += self.socket.recv(1 << 16)
        return json.loads(text)

    def close(self) -> None:
        """End it."""
        self.socket.close()
        end(self.process)


class WebKit:
    """The small browser of WebKitGTK, on a screen of its own that nobody sees."""

    programs: ClassVar = {"WebKitWebDriver": ("WebKitWebDriver",), "Xvfb": ("Xvfb",)}
    #: A command's address below that of the session.
    routes: ClassVar = {
        "Navigate": "/url",
        "ExecuteAsyncScript": "/execute/async",
        "FindElement": "/element",
        "ElementClick": "/element/{id}/click",
        "ElementSendKeys": "/element/{id}/value",
        "SetWindowRect": "/window/rect",
    }

    def __init__(self, home: Path) -> None:
        read, write = os.pipe()
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
        self.screen = subprocess.Popen(screen, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = os.environ | {"DISPLAY": f":{display}", "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        environment["WEBKIT_SKIA_ENABLE_CPU_RENDERING"] = "1"  # no graphics card
        environment |= {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "CONFIG", "DATA")}
        driver = ["WebKitWebDriver", f"--port={port}"]
        self.process = subprocess.Popen(
            driver, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.address = f"http://127.0.0.1:{port}/session"
        answer = wait(lambda: self._post("", {"capabilities": {"alwaysMatch": WANTED}}))
        self.address += f"/{answer['sessionId']}"

    def command(self, name: str, **parameters: Any) -> Any:
        """Give a command of WebDriver's and return its answer."""
        return self._post(self.routes[name].format(**parameters), parameters)

    def _post(self, route: str, parameters: dict[str, Any]) -> Any:
        body = json.dumps(parameters).encode()
        request = urllib.request.Request(self.address + route, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise EngineError(f"{told['error']}: {told['message']}") from None

    def close(self) -> None:
        """End it, and its screen."""
        os.killpg(self.process.pid, signal.SIGTERM)  # the browser and its parts are its children
        self.process.wait()
        end(self.screen)


ENGINES = {"Firefox": Firefox, "WebKit": WebKit}


class Reader:
    """Somebody who reads with one of them."""

    def __init__(self, engine: Firefox | WebKit) -> None:
        self._command = engine.command

    def open(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._command("Navigate", url=address)

    def ask(self, body: str, *arguments: Any) -> Any:
        """Return what the body of an asynchronous function returns in the page."""
        script = """const done = [...arguments].at(-1);
          (async (...given) => { %s })(...[...arguments].slice(0, -1)).then(done, (error) => done(`failed: ${error}`));"""
        return self._command("ExecuteAsyncScript", script=script % body, args=list(arguments))

    def until(self, expression: str, *, seconds: float = PATIENCE_S, telling: str = "''") -> Any:
        """Wait until an expression is true in the page, and return its value; if in vain, say what `telling` gives."""
        end = time.monotonic() + seconds
        while not (value := self.ask(f"return {expression}")):
            if time.monotonic() > end:
                raise AssertionError(f"Not so after {seconds:g} s: {expression} {self.ask(f'return {telling}')}")
            time.sleep(0.1)
        return value

    def press(self, selector: str) -> None:
        """Bring the first such element into view and press it by the pointer."""
        self._command("ElementClick", id=self._find(selector))

    def type(self, selector: str, words: str) -> None:
        """Write into a field by the keyboard."""
        self._command("ElementSendKeys", id=self._find(selector), text=words)

    def resize(self, width_px: int, height_px: int) -> None:
        """Give the window a size; neither browser becomes narrower than about 450 pixels."""
        self._command("SetWindowRect", width=width_px, height=height_px)

    def _find(self, selector: str) -> str:
        return next(iter(self._command("FindElement", using="css selector", value=selector).values()))


def lacking(engine: type[Firefox | WebKit]) -> list[str]:
    """Return the programs that this machine doesn't have of those that an engine needs."""
    return [name for name, programs in engine.programs.items() if not found(programs)]


def found(programs: tuple[str, ...]) -> str | None:
    """Return the first of these programs that the machine has."""
    return next(filter(None, map(shutil.which, programs)), None)


def wait(make: Any) -> Any:
    """Return what `make` makes as soon as it can."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            if made := make():
                return made
        except OSError:
            pass
        if time.monotonic() > end:
            raise EngineError(f"The browser did not start in {PATIENCE_S} s.")
        time.sleep(0.1)


def end(process: subprocess.Popen) -> None:
    """End a process that we started, and wait for it."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
