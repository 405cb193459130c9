from __future__ import annotations

import random
from itertools import pairwise

import pytest

from stationdesk.core.printing import Paper
from stationdesk.maps.atlas.arrows import Side, Way, place_arrows
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import TYPES

FRAME = Box(20, 30, 160, 120)
KIND = TYPES[Paper.A4]


@pytest.mark.parametrize(
    ("towards", "side"),
    [((100, -50), Side.TOP), ((300, 95), Side.RIGHT), ((110, 400), Side.BOTTOM), ((-80, 80), Side.LEFT)],
)
def test_an_arrow_stands_where_the_way_leaves_the_map(towards: tuple[float, float], side: Side) -> None:
    (arrow,) = place_arrows([Way("东岗村", 12, towards)], FRAME, KIND)
    assert arrow.side is side


@pytest.mark.parametrize("seed", range(8))
def test_arrows_of_a_side_never_meet_and_stay_beside_the_map(seed: int) -> None:
    chance = random.Random(seed)
    ways = [
        Way("柳河社区" * chance.randint(1, 2), number, (chance.uniform(-300, 500), chance.uniform(-300, 500)))
        for number in range(4, 14)
    ]
    arrows = place_arrows(ways, FRAME, KIND)
    assert arrows
    for side in Side:
        upright = side in {Side.LEFT, Side.RIGHT}
        low, high = (FRAME.y, FRAME.bottom) if upright else (FRAME.x, FRAME.right)
        ends = sorted(
            (arrow.at - arrow.long / 2, arrow.at + arrow.long / 2) for arrow in arrows if arrow.side is side
        )
        assert all(low - 1e-6 <= first and last <= high + 1e-6 for first, last in ends)
        assert all(one[1] < other[0] for one, other in pairwise(ends))
