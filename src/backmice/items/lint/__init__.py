"""Flaws of item writing: rules on single items, rules on the bank, and how well the rules do.

Refuses nothing by itself: an author mends a finding or waives it with a written reason.
"""
