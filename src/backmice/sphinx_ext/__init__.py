"""Renders the course with Sphinx: everything that Jupyter Book itself doesn't know."""

from backmice.sphinx_ext.extension import setup

__all__ = ["setup"]
