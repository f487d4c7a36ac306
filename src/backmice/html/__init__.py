"""What is shown, as HTML, whoever shows it: the book, a SCORM package, a notebook or an assignment.

`template` fills the templates beside it. Nothing here knows of Sphinx, nor where a page stands.
"""
