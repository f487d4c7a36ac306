"""A function moved by sliders, which still says something where nothing can be moved."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets
from IPython.display import display


class Explored(ipywidgets.VBox):
    """Sliders with what the function says; elsewhere what it says as they stand."""

    def __init__(self, function: Callable[..., object], controls: dict[str, ipywidgets.ValueWidget]) -> None:
        self._function, self._controls = function, controls
        shown = ipywidgets.interactive_output(lambda **values: display(function(**values)), controls)
        super().__init__([*controls.values(), shown])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        found = self._function(**{name: control.value for name, control in self._controls.items()})
        html = found._repr_html_() if hasattr(found, "_repr_html_") else f"<p>{escape(str(found))}</p>"
        at = ", ".join(f"{control.description}: {control.value}" for control in self._controls.values())
        bundle["text/html"] = f"<p>{escape(at)}; where Python runs, sliders move this.</p>{html}"
        return bundle


def explore(function: Callable[..., object], **controls: ipywidgets.ValueWidget) -> Explored:
    """Call `function` with the values of `controls`, by name, whenever one moves, and show what it returns."""
    wide = {"description_width": "initial"}
    for control in controls.values():
        control.style = wide
        control.layout.width = "min(100%, 28rem)"
    return Explored(function, controls)
