"""Prose: what pages and items say, and the rules that it is held against."""
