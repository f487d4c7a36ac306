"""Plots of the ledger: what is drawn, where on the page, and what a table says of the same."""
