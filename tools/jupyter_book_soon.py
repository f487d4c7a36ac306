"""`jupyter-book`, begun sooner: `python tools/jupyter_book_soon.py build .` is `jupyter-book build .`.

Half of a short build was importing what it never used. What runs notebooks comes when one is run; checkers of formats
that nobody asks for don't come at all.
"""

import gc
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

#: By module, the functions and classes that others take from it and call.
LATE = {
    "jupyter_client.kernelspec": ("find_kernel_specs",),
    "myst_nb.core.execute.cache": ("NotebookClientCache",),
    "myst_nb.core.execute.direct": ("NotebookClientDirect",),
    "myst_nb.core.execute.inline": ("NotebookClientInline",),
}
#: jsonschema imports these if they are there.
UNASKED = ("isoduration", "rfc3339_validator", "rfc3986_validator", "rfc3987_syntax", "uri_template", "webcolors")
#: A collection goes through all that was imported. This many new objects are none of a short build, and a few of one
#: that reads every page.
NEW_OBJECTS = 1_000_000


class Late(ModuleType):
    """A module that is imported when one of its functions is called, or anything else of it is asked for."""

    def __init__(self, name: str, functions: tuple[str, ...]) -> None:
        super().__init__(name)
        for function in functions:
            setattr(self, function, self.caller(function))

    def caller(self, function: str) -> Callable[..., Any]:
        """Return what calls a function of the module."""
        return lambda *args, **options: getattr(self.itself(), function)(*args, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked for by whatever imports a name
            raise AttributeError(name)
        return getattr(self.itself(), name)

    def itself(self) -> ModuleType:
        """Return the module."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


def main() -> None:
    """Run `jupyter-book`."""
    gc.set_threshold(NEW_OBJECTS)
    sys.modules.update(dict.fromkeys(UNASKED))
    sys.modules.update({name: Late(name, functions) for name, functions in LATE.items()})
    from jupyter_book.cli.main import main as jupyter_book

    try:
        jupyter_book()
    finally:
        gc.freeze()  # nor at the end


if __name__ == "__main__":
    main()
