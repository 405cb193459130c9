"""Widths and heights that fit the paper."""

from __future__ import annotations

from stationdesk.sheets.columns import CellKind, Column
from stationdesk.sheets.widths import BESIDE_CHARTS, PAGE, column_widths, lines_of


def test_a_line_is_broken_where_office_programs_break_it() -> None:
    # 10-point 宋体: 14 pixels a character, 7 a unit, some 5 pixels at the edges.
    assert lines_of("柳河镇东岗", 10.6) == 1
    assert lines_of("柳河镇东岗村", 10.6) == 2
    assert lines_of("普通居民或其他", 8.5) == 2
    assert lines_of("第一行\n第二行", 20) == 2
    assert lines_of("慢性病：脑血管、慢性病：糖尿病", 6.6) >= 6  # signs that must not open a line take room


def test_the_room_of_a_crowded_table_goes_where_it_saves_lines() -> None:
    columns = (
        *(Column(f"c{at}", f"第{at}列", CellKind.DATE) for at in range(16)),
        Column("short", "短", width=14),
        Column("long", "长", width=14),
    )
    sample = [(*(None for _ in range(16)), "短", "这一格里总是写着很长很长的一段话")] * 20
    widths = column_widths(columns, sample)
    assert widths[-2] < 8, "a short text needs no more"
    even = sum(widths[-2:]) / 2
    text = str(sample[0][-1])
    assert lines_of(text, widths[-1]) < lines_of(text, even)


def test_a_sheet_with_charts_leaves_room_beside_its_table() -> None:
    columns = (Column("a", "图"), Column("b", "项目"), Column("c", "数量", CellKind.INTEGER))
    widths = column_widths(columns, [("走访", "1月", 3)], page=BESIDE_CHARTS)
    assert sum(widths) <= BESIDE_CHARTS + 1
    assert sum(column_widths(columns, [("走访", "1月", 3)])) >= PAGE - 1
