"""What the labs use: claims of the course, a pelvis to measure, plain arithmetic, and a check of answers.

Standard library and ipywidgets only, so that a reader's browser can run a lab too.
"""

from backmice.items.chance import wilson
from backmice.labs.arithmetic import classroom, heterogeneity, item_rest, likelihood_ratios, pooled_mean, post_test
from backmice.labs.claims import claim
from backmice.labs.explore import explore
from backmice.labs.lab import Lab
from backmice.labs.pelvis import Pelvis, area_mm2, distance_mm
from backmice.labs.show import intervals, table

__all__ = [
    "Lab", "Pelvis", "area_mm2", "claim", "classroom", "distance_mm", "explore", "heterogeneity", "intervals",
    "item_rest", "likelihood_ratios", "pooled_mean", "post_test", "table", "wilson",
]  # fmt: skip
