"""The region as a model: where things are, how far sources disagree, and a figure of it."""
