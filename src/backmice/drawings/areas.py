"""Fields of skin nerves and areas in which pain is told, drawn by hand on the model's outline: all of them illustrative.

Points are mm of the right half: (right, superior) from behind and in front, (anterior, superior) from the side.
Whatever lies beyond the outline is cut off by it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from backmice.drawings.sheet import Flat

View = Literal["behind", "side", "front"]


class Field(NamedTuple):
    """The skin of one nerve: the letter in it and where that stands, the token of its colour, its border in each view."""

    letter: str
    layer: str
    hatch_deg: int
    behind: tuple[Flat, ...]
    side: tuple[Flat, ...]
    letter_behind: Flat
    letter_side: Flat | None
    thread_to: Flat


FIELDS: dict[str, Field] = {
    "superior-cluneal": Field(
        "S", "nerve", 45,
        ((46, 26), (58, 52), (80, 74), (106, 80), (132, 68), (150, 38), (161, -8), (170, -58), (168, -88), (150, -86),
         (122, -74), (92, -60), (68, -40), (52, -10)),
        ((-22, 30), (-12, 58), (14, 78), (44, 82), (62, 60), (68, 18), (74, -34), (76, -80), (60, -96), (38, -84), (8, -62),
         (-24, -46), (-60, -38), (-60, 10)),
        (92, 14), (18, 16), (74, 36),
    ),
    "middle-cluneal": Field(
        "M", "nodule", 135,
        ((4, 4), (26, 10), (46, 0), (66, -24), (80, -54), (78, -84), (58, -104), (30, -112), (6, -108)),
        ((-70, -14), (-38, -20), (-33, -48), (-36, -82), (-42, -104), (-70, -108)),
        (36, -52), None, (28, -34),
    ),
    "inferior-cluneal": Field(
        "I", "ligament", 90,
        ((14, -118), (34, -104), (70, -94), (108, -96), (142, -110), (164, -136), (160, -166), (128, -188), (84, -196),
         (42, -190), (12, -170)),
        ((-80, -92), (-34, -94), (2, -100), (32, -114), (46, -140), (34, -172), (2, -196), (-30, -204), (-60, -190)),
        (92, -146), (-10, -146), (58, -138),
    ),
    "iliohypogastric": Field(
        "H", "muscle", 0,
        ((116, 70), (136, 80), (170, 62), (200, 20), (205, -60), (196, -104), (172, -100), (152, -66), (138, -20), (124, 26)),
        ((38, 72), (66, 88), (98, 74), (116, 44), (118, 4), (108, -44), (92, -84), (70, -96), (50, -62), (44, 0)),
        (152, 24), (84, 28), (146, 44),
    ),
    "lateral-femoral-cutaneous": Field(
        "L", "fat", 22,
        ((210, -70), (178, -84), (160, -112), (152, -180), (144, -260), (138, -340), (136, -400), (150, -424), (210, -424)),
        ((86, -76), (112, -54), (150, -42), (186, -62), (230, -110), (230, -420), (160, -428), (104, -420), (84, -360),
         (72, -270), (66, -180), (70, -112)),
        (165, -240), (128, -220), (160, -190),
    ),
}  # fmt: skip


class Area(NamedTuple):
    """A place where pain is told: its name, the view in which it is drawn, its border, and where its figure stands."""

    name: str
    view: View
    border: tuple[Flat, ...]
    figure_at: Flat


AREAS: dict[str, Area] = {
    "low-back": Area(
        "Low back, beside the midline", "behind",
        ((16, 104), (50, 110), (92, 100), (112, 82), (96, 60), (70, 38), (46, 14), (16, 8)), (54, 86),
    ),
    "midline": Area("Low back, in the midline", "behind", ((-12, 120), (12, 120), (13, 60), (11, 6), (-11, 6), (-13, 60)), (64, 118)),
    "crest": Area(
        "Along the iliac crest", "behind",
        ((44, 8), (58, 38), (78, 60), (104, 64), (126, 54), (122, 32), (102, 38), (82, 34), (66, 14), (56, -4)), (92, 48),
    ),
    "psis": Area("Round the posterior superior iliac spine", "behind", ((45, 20), (62, 12), (65, -6), (52, -20), (34, -17), (26, 0), (31, 15)), (45, 0)),
    "buttock": Area(
        "Buttock", "behind",
        ((62, 2), (96, 14), (130, 4), (154, -32), (162, -80), (152, -124), (112, -150), (66, -152), (28, -132), (20, -88), (32, -40)),
        (92, -72),
    ),
    "lower-buttock": Area(
        "Lower buttock", "behind", ((24, -116), (60, -104), (106, -104), (146, -116), (150, -142), (118, -160), (66, -164), (28, -148)),
        (88, -134),
    ),
    "trochanter": Area("Outer hip, over the trochanter", "behind", ((158, -54), (184, -56), (200, -84), (190, -118), (160, -116), (148, -86)), (160, -86)),
    "outer-thigh": Area("Outer thigh", "behind", ((150, -140), (200, -136), (200, -300), (170, -410), (138, -410), (132, -360), (140, -250)), (160, -260)),
    "back-of-thigh": Area(
        "Back of the thigh", "behind",
        ((28, -196), (90, -204), (160, -196), (152, -290), (132, -380), (122, -420), (54, -420), (44, -380), (30, -290)), (92, -300),
    ),
    "thigh": Area(
        "Thigh", "behind",
        ((24, -194), (90, -202), (170, -194), (160, -290), (142, -380), (130, -424), (50, -424), (40, -380), (26, -290)), (94, -300),
    ),
    "knee": Area("Knee", "behind", ((48, -442), (90, -436), (132, -442), (132, -500), (90, -506), (48, -500)), (90, -470)),
    "leg": Area(
        "Leg, place not said", "behind",
        ((22, -196), (90, -204), (176, -196), (162, -300), (138, -420), (130, -480), (136, -580), (122, -720), (104, -850), (52, -850),
         (46, -720), (40, -580), (46, -480), (40, -420), (22, -300)), (88, -600),
    ),
    "lower-leg": Area(
        "Below the knee", "behind",
        ((46, -522), (90, -516), (132, -522), (136, -585), (124, -690), (106, -800), (102, -840), (58, -840), (54, -800), (46, -690), (40, -585)),
        (88, -640),
    ),
    "ankle": Area("Ankle", "behind", ((44, -852), (80, -848), (112, -852), (116, -878), (112, -900), (80, -906), (45, -900), (41, -876)), (80, -877)),
    "foot": Area("Foot", "front", ((50, -910), (80, -905), (108, -910), (121, -944), (114, -962), (84, -966), (56, -958), (50, -936)), (86, -934)),
    "lower-abdomen": Area("Lower abdomen", "front", ((12, 62), (60, 66), (112, 56), (118, 10), (96, -14), (50, -22), (12, -26)), (64, 20)),
    "front-of-pelvis": Area("Front of the pelvis", "front", ((16, -20), (60, -16), (120, 4), (126, -26), (96, -56), (56, -84), (18, -92)), (66, -42)),
    "groin": Area("Groin", "front", ((18, -104), (52, -86), (86, -58), (116, -28), (128, -44), (104, -84), (70, -118), (38, -146), (16, -146)), (72, -92)),
    "inner-thigh": Area("Inner thigh", "front", ((12, -166), (48, -156), (74, -190), (76, -270), (62, -350), (40, -360), (20, -280), (8, -210)), (48, -250)),
    "testicle": Area("Testicle", "front", ((-2, -138), (14, -136), (26, -148), (26, -166), (12, -176), (-4, -170)), (12, -156)),
}  # fmt: skip
