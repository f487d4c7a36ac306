"""The course in a notebook: elements of the book whose state Python sees and sets.

Standard library, ipywidgets and anywidget only, so that a reader's browser can run it too.
"""

from backmice.widgets.anatomy import AnatomyExplorer
from backmice.widgets.quiz import Quiz
from backmice.widgets.reasoner import DifferentialReasoner

__all__ = ["AnatomyExplorer", "DifferentialReasoner", "Quiz"]
