"""A quiz of the book as a widget."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import traitlets

from backmice.modules import one_module
from backmice.widgets.shared import DATA, PACKAGE, CourseWidget, NotebookDataError, read


class Quiz(CourseWidget):
    """The items of a quiz, answered in the notebook and read in Python.

    Parameters
    ----------
    quiz
        The id of a practice quiz; `quizzes()` lists them.

    Attributes
    ----------
    responses : dict
        What was given, by the id of the item: a list of option ids. Setting one answers the item.
    scores : dict
        What it was worth, from 0 to 1, by the id of the item; set by the marking alone.

    Raises
    ------
    NotebookDataError
        If there is no such quiz.
    traitlets.TraitError
        If a response is for an item that the quiz does not have.
    """

    _esm = one_module(PACKAGE / "static/widget-quiz.js")

    responses = traitlets.Dict(
        key_trait=traitlets.Unicode(), value_trait=traitlets.List(traitlets.Unicode())
    ).tag(sync=True)  # fmt: skip
    scores = traitlets.Dict(key_trait=traitlets.Unicode(), value_trait=traitlets.Float()).tag(sync=True)

    def __init__(self, quiz: str, **traits: Any) -> None:
        known = quizzes()
        if quiz not in known:
            raise NotebookDataError(f"no quiz '{quiz}'; one of: {', '.join(known)}")
        self.title: str = known[quiz]["title"]
        #: By id: the stem and the options of each item, by their ids.
        self.items: dict[str, dict[str, Any]] = known[quiz]["items"]
        super().__init__(quiz, {"html": DATA / f"quiz-{quiz}.html"}, **traits)

    @property
    def points(self) -> float:
        """What all responses are worth together; each item is worth 1."""
        return sum(self.scores.values())

    @traitlets.validate("responses")
    def _of_this_quiz(self, proposal: Any) -> Any:
        for item in proposal["value"]:
            if item not in self.items:
                raise traitlets.TraitError(f"responses: '{item}' is not of this quiz; one of: {', '.join(self.items)}")
        return proposal["value"]

    def still_html(self) -> str:
        """Return stems and options without the key."""
        rows = []
        for item in self.items.values():
            options = "".join(f"<li>{escape(text)}</li>" for text in item["options"].values())
            rows.append(f"<li><p>{escape(item['stem'])}</p><ul>{options}</ul></li>")
        return f"<p>{escape(self.title)}, answered when the notebook runs:</p><ol>{''.join(rows)}</ol>"


def quizzes() -> dict[str, dict[str, Any]]:
    """Return, by id, the title and the items of each practice quiz."""
    return json.loads(read(DATA / "quizzes.json"))
