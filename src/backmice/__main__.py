"""`python -m backmice` is `backmice`."""

from backmice.cli import main

main(prog_name="backmice")
