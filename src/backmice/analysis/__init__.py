"""What the answers of a class say of the items, of the test and of what was learned, and how sure that is.

`table` says what is analysed, `resample` how far a figure may be trusted, `items`, `whole` and `learned` what is
found, `analysis` puts them together, `simulate` makes a class up. numpy is needed: requirements-assign.txt.
"""
