"""An open, evidence-graded course on back mice: the code beside the text."""

__version__ = "0.1.0"
