"""The outline of the body: from the model's skin as far as it reaches, below it a smooth continuation by hand.

Every outline is of the right half, from the top down and up again to the midline, in mm: (right, superior) from behind,
(anterior, superior) from the side.
"""

from __future__ import annotations

from collections.abc import Sequence

from backmice.anatomy.frame import Surface
from backmice.drawings.cut import extremes
from backmice.drawings.sheet import Flat, Mark, both

TOP_MM = 200
#: Below this the model's skin ends, in mm; from here on nothing is measured.
SKIN_END_MM = -160
STEP_MM = 12
#: Half of the gap between the thighs where they begin, and the fold under the buttock.
CROTCH_MM = -150
OUTER = (
    (190, -200), (183, -250), (173, -305), (162, -360), (150, -415), (143, -455), (141, -490), (143, -530), (146, -575),
    (144, -625), (136, -690), (125, -755), (116, -815), (113, -850), (116, -876), (113, -900),
)  # fmt: skip
INNER = (
    (45, -900), (40, -874), (45, -850), (46, -815), (43, -755), (38, -690), (32, -625), (31, -575), (36, -530), (40, -490),
    (38, -455), (33, -415), (24, -360), (14, -305), (7, -250), (3, -200), (2, -168), (0, CROTCH_MM),
)  # fmt: skip
HEEL = ((112, -922), (104, -940), (80, -945), (55, -940), (47, -922))
TOES = ((119, -920), (132, -945), (134, -962), (112, -972), (82, -975), (58, -968), (46, -945), (44, -920))
BACK_OF_LEG = ((-18, -172), (-9, -188), (-3, -215), (3, -260), (13, -320), (28, -380), (40, -440))
FRONT_OF_LEG = ((193, -200), (191, -250), (186, -310), (178, -370), (169, -440))


def half_widths(skin: Surface) -> list[Flat]:
    """Return (half of the width, height) of the skin from the top down, in mm."""
    found = []
    for height in range(TOP_MM, SKIN_END_MM - 1, -STEP_MM):
        low, high = extremes(skin, 0, height)
        found.append(((high - low) / 2, float(height)))
    return smoothed(found)


def smoothed(points: Sequence[Flat], rounds: int = 2) -> list[Flat]:
    """Return a line whose inner points have moved towards the mean of their neighbours; its heights stay."""
    line = list(points)
    for _ in range(rounds):
        inner = [((a[0] + 2 * b[0] + c[0]) / 4, b[1]) for a, b, c in zip(line, line[1:], line[2:])]
        line = [line[0], *inner, line[-1]]
    return line


def from_behind(skin: Surface, *, is_front: bool = False) -> list[Flat]:
    """Return the outline of the right half, down to the foot and up to the midline, from behind or from in front."""
    foot = TOES if is_front else HEEL
    return [*half_widths(skin), *((float(u), float(v)) for u, v in (*OUTER, *foot, *INNER))]


def from_the_side(skin: Surface) -> tuple[list[Flat], list[Flat]]:
    """Return the line of the back and that of the belly, from the top down to the knee."""
    back, front = [], []
    for height in range(TOP_MM, SKIN_END_MM - 1, -STEP_MM):
        low, high = extremes(skin, 1, height)
        back.append((low, float(height)))
        front.append((high, float(height)))
    return [*smoothed(back), *BACK_OF_LEG], [*smoothed(front, 4), *FRONT_OF_LEG]


def down(points: Sequence[Flat], *, shift: float = 0.0, is_mirrored: bool = False) -> tuple[Flat, ...]:
    """Return points of the body (mm, upwards) as points of a sheet (downwards), moved to the right by `shift`."""
    sign = -1 if is_mirrored else 1
    return tuple((sign * u + shift, -v) for u, v in points)


def whole(half: Sequence[Flat]) -> tuple[Flat, ...]:
    """Return the outline on a sheet: down the right side, up to the midline, and back on the left."""
    right = down(half)
    return (*right, *reversed([(-u, v) for u, v in right if u]))


def folds(*, with_back: bool = True) -> tuple[Mark, ...]:
    """Return the furrow of the spine, the cleft and the folds under the buttocks, which are drawn by hand."""
    cleft = Mark("crease", ((0, 62), (1.5, 84), (0, 112), (-0.5, 140), (0, 152)))
    fold = Mark("crease", ((10, 158), (32, 170), (64, 176), (96, 172), (118, 163)))
    furrow = Mark("crease is-faint", tuple((0.0, float(v)) for v in range(-196, 8, 34)))
    return (cleft, *both(fold), *((furrow,) if with_back else ()))
