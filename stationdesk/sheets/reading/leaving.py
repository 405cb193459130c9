"""Which rows below a header are no records, and why: totals, notes, signatures, headers printed again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stationdesk.core.messages import _
from stationdesk.sheets.reading.cells import Cell, Row
from stationdesk.sheets.reading.headers import Grid
from stationdesk.sheets.reading.labels import is_datum, label_text

_TOTAL = re.compile(
    r"(合计?|总计|小计|共计|累计|总和|本页|本月|全年|平均)(小计|合计|数|值|人数|户数)?[:：]?"
    r"|.{1,15}(小计|合计|总计)[:：]?"
    r"|(合计|总计|共计|小计)[:：]?\d.{0,30}"
)
_TOTAL_TOLD = re.compile(r".{0,8}(合计|总计|共计)([（(][^）)]{1,6}[）)])?[:：].*")
_PLAIN_TOTAL = re.compile(r"(合计|总计|小计|共计)[:：]?")
_NOTE = re.compile(
    r"[（(【\[]?(注|备注|说明|填表说明|填报说明|填写说明|注意|附注|资料来源|数据来源|来源|单位)\s*[\d一二三四]?[）)】\]]?\s*[:：.、]"
    r"|第\d+页"
)
_SIGNED = re.compile(
    r"(单位|部门|站|村居?|填报|填表|制表|编写|编制)?(负责人|复核人?|审核人?|审批人?|填表人?|制表人?|填报人?|经办人?|统计人?|"
    r"时间|日期|盖章|签字|签章|公章)\s*(（[^）]*）|\([^)]*\))?\s*[:：]"
)
_DAY_TO_FILL_IN = re.compile(r"(\d{4}|_*)年(\d{1,2}|_*)月(\d{1,2}|_*)日?")
_TO_FILL_IN = re.compile(r"[^:：]{1,12}[:：].*")
_SECTION = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．].{1,30}")
_COLUMN_SIGNS = re.compile(r"[（(]?([甲乙丙丁戊己庚辛]|\d{1,2}|[A-Z])[）)]?")

_LONGEST_FOOT = 60  # rows


class Sieve:
    """Tells for the rows of one table, from top to bottom, which are records."""

    def __init__(self, grid: Grid, header: tuple[int, int], body: range, columns: Sequence[int]) -> None:
        self._grid = grid
        self._columns = columns
        self._header = [
            {index: label_text(str(cell)) for index, cell in enumerate(grid.row(at)) if cell is not None}
            for at in range(header[0], header[1] + 1)
        ]
        self._labels = {label for row in self._header for label in row.values()}
        self._foot = self._first_of_foot(body)
        self._after_header = True

    def reason(self, at: int) -> str | None:
        """Why the row is no record; None for a record."""
        why = self._reason(at)
        # Numbers of the columns stand below a header and nowhere else.
        self._after_header = why == _("重复的表头")
        return why

    def _reason(self, at: int) -> str | None:
        row = self._grid.row(at)
        own = [cell for cell in row if cell is not None]
        if why := total_or_note(own):
            return why
        if self._is_header_again(row, own):
            return _("重复的表头")
        if self._after_header and len(own) >= 3 and _counts_columns(own):
            return _("列号行")
        return self._aside(at, row, own) if len(self._columns) > 2 else None

    def _aside(self, at: int, row: Row, own: Sequence[Cell]) -> str | None:
        if at >= self._foot:
            return _("表格下方的说明或签字")
        if len(own) == 1 and (
            self._is_wide(at, row) or _is_section(own[0]) or self._is_title_of_header_again(at)
        ):
            return _("分段标题")
        return None

    def _is_header_again(self, row: Row, own: Sequence[Cell]) -> bool:
        if len(own) < 2 or not isinstance(own[0], str) or label_text(own[0]) not in self._labels:
            return False
        texts = {index: label_text(str(cell)) for index, cell in enumerate(row) if cell is not None}
        return any(texts.items() <= header.items() for header in self._header)

    def _is_title_of_header_again(self, at: int) -> bool:
        rows = self._grid.sheet.rows
        below = next((row for row in rows[at + 1 : at + 4] if any(cell is not None for cell in row)), ())
        return self._is_header_again(below, [cell for cell in below if cell is not None])

    def _is_wide(self, at: int, row: Row) -> bool:
        """Whether the one cell of the row is merged over half of the table."""
        merge = self._grid.merge_at(at, _first_column(row))
        return merge is not None and merge.right - merge.left >= len(self._columns) // 2

    def _first_of_foot(self, body: range) -> int:
        """The first of the rows at the end that only carry notes and signatures."""
        foot = body.stop
        for at in reversed(body[-_LONGEST_FOOT:]):
            row = self._grid.row(at)
            own = [cell for cell in row if cell is not None]
            if own and total_or_note(own) is None and not self._is_foot(at, row, own):
                break
            if own:
                foot = at
        return foot

    def _is_foot(self, at: int, row: Row, own: Sequence[Cell]) -> bool:
        first = own[0]
        if not isinstance(first, str) or len(self._columns) <= 2:
            return False
        text = label_text(first)
        if len(own) == 1 and (
            len(text) > 20
            or self._is_wide(at, row)
            or self._blank_above(at)
            or _DAY_TO_FILL_IN.fullmatch(text)
        ):
            return True
        if any(is_datum(cell) for cell in own):
            return False
        if _TO_FILL_IN.fullmatch(text) and len(own) <= max(2, len(self._columns) // 2):
            return True
        return self._crosses_columns(at) and len(own) <= len(self._columns) // 2 + 1

    def _crosses_columns(self, at: int) -> bool:
        """Whether the first column is merged with the next, where the header keeps them apart."""
        first, second = self._columns[:2]
        return any(second in row for row in (self._header[0], self._header[-1])) and any(
            merge.top <= at <= merge.bottom and merge.left <= first and second <= merge.right
            for merge in self._grid.sheet.merges
        )

    def _blank_above(self, at: int) -> bool:
        return at > 0 and not any(cell is not None for cell in self._grid.row(at - 1))


def total_or_note(own: Sequence[Cell]) -> str | None:
    """The reason where the first cells of a row say by themselves that it is no record."""
    if not own:
        return None
    first = own[0]
    if isinstance(first, str):
        text = label_text(first)
        # 合 in one cell and 计 in another
        if text == "合" or _TOTAL.fullmatch(text) or (len(own) == 1 and _TOTAL_TOLD.fullmatch(text)):
            return _("合计行")
        if _SIGNED.match(text) or (_NOTE.match(text) and len(own) <= 2):
            return _("表格下方的说明或签字")
    # a running number or a number of the village may stand before 合计
    if any(isinstance(cell, str) and _PLAIN_TOTAL.fullmatch(label_text(cell)) for cell in own[1:3]):
        return _("合计行")
    return None


def sums_up(row: Row, above: Sequence[Row]) -> bool:
    """Whether a row holds nothing but the sums of the rows above it: a total that does not say so."""
    own = {index: _number(cell) for index, cell in enumerate(row) if cell is not None}
    if (
        not own
        or any(number is None for number in own.values())
        or len(own) * 2 > max(map(len, above), default=0)
    ):
        return False
    for index, total in own.items():
        parts = [_number(each[index]) for each in above if index < len(each) and each[index] is not None]
        known = [part for part in parts if part is not None]
        if len(known) < 2 or total is None or abs(sum(known) - total) > 0.005:
            return False
    return True


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return float(cell) if isinstance(cell, str) else None
    except ValueError:
        return None


def _is_section(cell: Cell) -> bool:
    return isinstance(cell, str) and _SECTION.fullmatch(label_text(cell)) is not None


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Whether the cells are 1 2 3 4 or 甲 乙 1 2: the numbers of the columns."""
    texts = [str(cell).strip() for cell in cells]
    if not all(_COLUMN_SIGNS.fullmatch(text) for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdecimal()]
    return (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 1
    )


def _first_column(row: Row) -> int:
    return next(index for index, cell in enumerate(row) if cell is not None)
