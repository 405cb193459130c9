"""What a cell holds of a value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from stationdesk.sheets.cells import CUT_MARK, LONGEST, native, tidied
from stationdesk.sheets.columns import CellKind


def test_a_soft_line_break_becomes_a_line_break() -> None:
    assert tidied("上\x0b下").text == "上\n下"
    assert tidied("a\r\nb\u2028c").text == "a\nb\nc"


def test_characters_that_xml_refuses_go_and_are_counted() -> None:
    tidy = tidied("a\x00b\x1fc\ufffed\ud800e")
    assert tidy.text == "abcde"
    assert tidy.cleaned == 4


def test_all_other_text_stays_as_it_is() -> None:
    for text in ("=1+1", "\t=1", " 前后 ", "𠮷\u202e🇨🇳", "a\u200bb", "&lt;", ""):
        assert tidied(text) == tidied(text).__class__(text)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    tidy = tidied("𠮷" * 20_000)
    assert len(tidy.text.encode("utf-16-le")) // 2 <= LONGEST
    assert tidy.text.endswith(CUT_MARK)
    assert tidy.cut == 20_000 - (len(tidy.text) - len(CUT_MARK))


def test_a_text_that_just_fits_is_whole() -> None:
    assert tidied("长" * LONGEST).text == "长" * LONGEST


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        (CellKind.DATE, date(2026, 10, 1), date(2026, 10, 1)),
        (CellKind.DATE, datetime(2026, 10, 1, 12, tzinfo=UTC), date(2026, 10, 1)),
        (CellKind.DATE, date(1899, 12, 31), "1899-12-31"),
        (CellKind.DATE, "约 1950 年", "约 1950 年"),
        (CellKind.MONEY, Decimal("1.50"), Decimal("1.50")),
        (CellKind.MONEY, Decimal("NaN"), "NaN"),
        (CellKind.NUMBER, float("inf"), "inf"),
        (CellKind.INTEGER, 7, 7),
        (CellKind.INTEGER, 10**17, "100000000000000000"),
        (CellKind.INTEGER, True, "是"),
        (CellKind.CODE, "0012", "0012"),
        (CellKind.TEXT, "", None),
        (CellKind.TEXT, None, None),
    ],
)
def test_a_value_that_a_spreadsheet_would_change_is_kept_as_text(
    kind: CellKind, value: object, held: object
) -> None:
    assert native(kind, value) == held
