from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import MapClass
from stationdesk.maps.sheet.index import Column, Heading, Row, column_for, flow, sections_of
from stationdesk.maps.sheet.metrics import break_lines, em_width
from stationdesk.maps.sheet.spec import Entry
from tests.maps.sheet.making import entries, entry


def columns(given: tuple[Entry, ...], height: float, width: float = 40) -> Iterator[Column]:
    return repeat(column_for(given, width, height, far=False))


def test_a_long_index_goes_on_and_every_entry_stands_in_it_once() -> None:
    given = entries(90)
    filled = flow(sections_of(given, ()), {}, columns(given, 40))
    rows = [item.entry.code for column in filled for item in column.items if isinstance(item, Row)]
    assert len(filled) > 3
    assert sorted(rows) == sorted(each.code for each in given)
    assert all(column.height <= 40 for column in filled)


def test_no_heading_stands_last_and_what_goes_on_is_headed_again() -> None:
    given = entries(90)
    filled = flow(sections_of(given, ()), {}, columns(given, 30))
    for column in filled:
        assert isinstance(column.items[0], Heading)
        assert isinstance(column.items[-1], Row)
    continued = [column.items[0] for column in filled[1:]]
    assert any(isinstance(item, Heading) and item.title.endswith("（续）") for item in continued)


def test_entries_without_a_place_and_list_only_classes_have_parts_of_their_own() -> None:
    lost = entry(1, 0, 0, lat=None, lon=None)
    policy = entry(2, 0, 0, map_class=MapClass.POLICY)
    shown = entry(3, 0, 0)
    far = entry(4, 90_000, 0)
    titles = [(part.title, part.entries) for part in sections_of((lost, policy, shown, far), (far,))]
    assert titles == [
        (shown.map_class.label, (shown,)),
        ("本图范围以外", (far,)),
        ("未上图（位置待核实）", (lost,)),
        (MapClass.POLICY.label, (policy,)),
    ]


def test_an_entry_taller_than_a_page_is_refused_by_name() -> None:
    giant = entry(1, 0, 0, name="很长的名称" * 200)
    with pytest.raises(UserError, match="很长的名称"):
        flow(sections_of((giant,), ()), {}, columns((giant,), 30))


def test_lines_are_never_wider_than_their_column() -> None:
    text = "柳河镇（原供销社）老年人日间照料中心，周一至周五 8:30–17:00，电话 0999-0001234 或 www.example.invalid"
    for ems in (2.0, 5.0, 9.5, 30.0):
        lines = break_lines(text, ems)
        assert all(em_width(line) <= ems for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_numbers_stay_whole_and_closing_signs_never_open_a_line() -> None:
    lines = break_lines("每天八点到十二点，电话 0999-0001234（村部）。", 9)
    assert any("0999-0001234" in line for line in lines)
    assert not [line for line in lines if line[0] in "，。）、"]


def test_a_text_cut_short_says_so() -> None:
    lines = break_lines("代买药、陪诊、送饭、理发、洗衣、代缴水电费", 6, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert em_width(lines[-1]) <= 6
