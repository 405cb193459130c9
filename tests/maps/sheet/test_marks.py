from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from stationdesk.core.errors import UserError
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ground import choose_ground
from stationdesk.maps.sheet.marks import place_marks
from stationdesk.maps.sheet.plates import Mark
from stationdesk.maps.sheet.spec import Entry
from tests.maps.sheet.making import entries, entry

FRAME = Box(15, 30, 150, 130)


def marks_of(given: tuple[Entry, ...], frame: Box = FRAME) -> tuple[Mark, ...]:
    return place_marks(given, choose_ground(given, frame, 8, 26), 5.4)


@pytest.mark.parametrize(("count", "spot"), [(5, 0), (40, 12), (80, 0)])
def test_no_mark_covers_another_and_each_entry_is_drawn_once(count: int, spot: int) -> None:
    given = entries(count, spot=spot)
    marks = marks_of(given)
    assert Counter(each.code for mark in marks for each in mark.entries) == {each.code: 1 for each in given}
    assert not [pair for pair in combinations(marks, 2) if pair[0].plate.meets(pair[1].plate)]
    assert all(FRAME.holds_box(mark.plate) for mark in marks)


def test_entries_at_one_place_share_one_mark_with_all_their_numbers() -> None:
    given = entries(12, spot=12)
    (mark,) = marks_of(given)
    assert "".join(sorted(cell.text for cell in mark.cells)).count(",") == 12 - len(mark.cells)
    assert {each.code for each in mark.entries} == {each.code for each in given}
    assert all(mark.plate.holds_box(cell.box) for cell in mark.cells)


def test_a_lone_mark_stands_right_on_its_place() -> None:
    mark = marks_of((entry(1, 0, 0), entry(2, 1500, 900)))[0]
    shape = mark.cells[0].box
    assert mark.place == pytest.approx((shape.x + mark.size / 2, shape.y + mark.size / 2))


def test_a_mark_that_moved_stays_near_and_has_a_line_to_its_place() -> None:
    pair = (entry(1, 0, 0), entry(2, 60, 0), entry(3, 2000, 1500), entry(4, -2000, -1500))
    moved = [mark for mark in marks_of(pair) if mark.is_moved]
    assert moved
    for mark in moved:
        start, end = mark.leader
        assert start == mark.place
        assert 0 < abs(end[0] - start[0]) + abs(end[1] - start[1]) < 10


def test_a_map_too_full_for_its_paper_says_what_to_do() -> None:
    with pytest.raises(UserError, match="A3"):
        marks_of(entries(150), Box(0, 0, 60, 50))
