"""Plates drawn in Python: the back from behind, its layers, the fields of its skin nerves, maps of pain."""
