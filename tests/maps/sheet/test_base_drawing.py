"""What of a base map of shapes is to be seen on paper."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from stationdesk.maps.sheet.base_drawing import draw_base
from stationdesk.maps.sheet.geometry import Line, Point, box_around, clip, turning
from stationdesk.maps.sheet.ink import COLOURS
from stationdesk.maps.sheet.spec import BaseKind
from stationdesk.maps.sheet.terrain import BaseDrawn

FIELD: Line = ((0, 0), (40, 0), (40, 40), (0, 40))
HOLE: Line = ((10, 10), (20, 10), (20, 20), (10, 20))
OVERLAPPING: Line = ((30, 0), (70, 0), (70, 40), (30, 40))


def turns_around(point: Point, path: etree._Element) -> int:
    """How often the outlines of a path go round a point: what is filled by the rule that the path names."""
    assert path.get("fill-rule") == "nonzero"
    total = 0
    for ring in re.findall(r"M([^Z]+)Z", path.get("d") or ""):
        numbers = [float(number) for number in ring.split()]
        dots = list(zip(numbers[::2], numbers[1::2], strict=True))
        for one, other in zip(dots, (*dots[1:], dots[0]), strict=True):
            side = turning((one, other, point))
            total += (one[1] <= point[1] < other[1] and side > 0) - (
                other[1] <= point[1] < one[1] and side < 0
            )
    return total


@pytest.mark.parametrize("flipped", [False, True])
def test_areas_that_overlap_or_come_twice_stay_filled_and_holes_stay_open(flipped: bool) -> None:
    turn = -1 if flipped else 1
    areas = [(FIELD[::turn], HOLE), (FIELD, HOLE[::turn]), (OVERLAPPING[::turn],)]
    parent = etree.Element("g")
    draw_base(parent, [BaseDrawn(BaseKind.GREEN, "", polygons=(area,)) for area in areas], COLOURS)
    (path,) = (each for each in parent if each.get("class") == "base green")
    assert turns_around((5, 5), path)
    assert turns_around((35, 5), path)
    assert turns_around((60, 5), path)
    assert not turns_around((15, 15), path)
    assert not turns_around((90, 5), path)


def test_a_line_that_lies_within_its_frame_is_one_piece() -> None:
    line = ((0.1, 0.1), (0.3, 0.7), (0.6, 0.2), (0.7, 0.9))
    assert clip(line, box_around((0.5, 0.5), 1, 1)) == (line,)
