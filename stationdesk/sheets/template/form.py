"""What a blank form asks for: its table with header and room, its single blanks, its crossings of figures.

Nothing here knows our fields; `proposing` brings the two together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.headers import Grid, header_paths
from stationdesk.sheets.reading.labels import label_text
from stationdesk.sheets.template.book import Book, Sheet, has_formula, open_book
from stationdesk.sheets.template.choices import ChoiceList, boxes_in, choice_lists, options_at
from stationdesk.sheets.template.gaps import gaps_in
from stationdesk.sheets.template.losses import Remark, refuse_unsafe, remarks_of
from stationdesk.sheets.template.package import MAIN
from stationdesk.sheets.template.places import Area, Spot, spot_of

MAX_LEVELS: Final = 4
_LOOK_DOWN: Final = 40
_LONGEST_LABEL: Final = 40
_LABELLED: Final = 0.7
"""The share of a table's columns that a header row speaks for; on a card every second cell is blank."""

_TELLING: Final = 3
"""So many labels must be known before records that stand in a form are taken for the place of ours."""

_TOTAL = re.compile(r"(合计?|总计|小计|共计|累计|总和|本页|全年|平均)(小计|合计|数|值|人数|户数)?[:：]?")
_SAMPLE = re.compile(r"(示?例|样例|举例|填写示?例|如)[:：]?\d*")
_COLUMN_SIGNS = re.compile(r"[（(]?([甲乙丙丁戊己庚辛]|\d{1,2}|[A-Z])[）)]?")
_NUMBER = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of the form's table: labels from top to bottom, what may be chosen, how its cells look."""

    column: int
    path: tuple[str, ...]
    options: tuple[str, ...] = ()
    number_format: str = "General"
    is_date: bool = False
    span: int = 1
    formula: bool = False

    @property
    def label(self) -> str:
        """The labels joined: 联系方式/电话."""
        return "/".join(self.path)


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table to be filled: its header rows, and the `rows` rows from `first` on that wait for records.

    `filled` says that they hold records now, which give way: somebody opened the form of last month.
    """

    header: tuple[int, int]
    first: int
    rows: int
    columns: tuple[FormColumn, ...]
    score: float = 0.0
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """One cell that waits for a value, or one gap in its text, and the words that say which.

    `context` are the words around it: of the row and, for a crossing, of the column.
    """

    cell: str
    label: str
    gap: int | None = None
    gap_kind: str = ""
    options: tuple[str, ...] = ()
    boxes: bool = False
    is_date: bool = False
    span: int = 1
    formula: bool = False
    row_path: tuple[str, ...] = ()
    column_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSheet:
    """What one sheet asks for."""

    title: str
    hidden: bool
    tables: tuple[FormTable, ...]
    blanks: tuple[Blank, ...]
    crossings: tuple[Blank, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A blank form as it was understood. `content` is the workbook that will be filled."""

    name: str
    content: bytes
    sheets: tuple[FormSheet, ...]
    remarks: tuple[Remark, ...] = ()
    medium: str = field(default="xlsx")

    def sheet(self, title: str) -> FormSheet | None:
        """The sheet of a title."""
        return next((each for each in self.sheets if each.title == title), None)


def read_form(
    content: bytes, name: str, known: Collection[str] = (), header: tuple[int, int] | None = None
) -> Form:
    """Understand a blank workbook (.xlsx).

    `known` are labels that help to tell a header from a title; `header` overrides the guess with the first and
    last header row of every sheet.

    Raises:
        UserError: no workbook, locked, too big, or with programs inside.
    """
    book = open_book(content)
    refuse_unsafe(book.package)
    wanted = frozenset(label_text(label).lower() for label in known)
    sheets = tuple(
        FormSheet(sheet.title, sheet.hidden, (), (), ())
        if sheet.is_long
        else _SheetReader(book, sheet, wanted, header).read()
        for sheet in book.sheets
    )
    filled = [sheet.title for sheet in sheets if any(table.filled for table in sheet.tables)]
    told = remarks_of(book)
    if filled:
        sentence = _("“{sheet}”的表里已经有内容；填写时这些行会全部换掉。")
        told = (Remark(sentence.format(sheet="、".join(filled)), lost=True), *told)
    return Form(name, content, sheets, told)


class _SheetReader:
    """Reads one sheet; keeps what its steps share."""

    def __init__(
        self, book: Book, sheet: Sheet, known: frozenset[str], header: tuple[int, int] | None
    ) -> None:
        self._book = book
        self._sheet = sheet
        self._known = known
        self._given = header
        self._plain = sheet.plain()
        self._grid = Grid(self._plain)
        self._lists: tuple[ChoiceList, ...] = choice_lists(book, sheet)
        self._width = self._used_width()

    def read(self) -> FormSheet:
        tables = self._tables()
        crossings = tuple(self._crossings(tuple(table for table in tables if not table.filled)))
        blanks = tuple(self._blanks(tables, {each.cell for each in crossings}))
        return FormSheet(
            self._sheet.title, self._sheet.hidden, tables, blanks, crossings, heading=self._heading()
        )

    # the table

    def _tables(self) -> tuple[FormTable, ...]:
        """The tables that can be filled, the best first; they do not overlap."""
        if self._given is not None:
            table = self._table(self._given[0], self._given[1])
            return (table,) if table is not None else ()
        found = []
        for at in range(min(len(self._plain.rows), _LOOK_DOWN)):
            if not self._could_head(at):
                continue
            table = self._table(at + 1, self._last_level(at) + 1)
            if table is not None:
                found.append(table)
        # Header rows that lead to the same room are one header: the one that tells more columns apart.
        found.sort(key=lambda table: (-len(table.columns), table.header[0]))
        by_room: dict[int, FormTable] = {}
        for table in found:
            by_room.setdefault(table.first, table)
        found = sorted(by_room.values(), key=lambda table: -table.score)
        kept: list[FormTable] = []
        for table in found:
            if all(_apart(table, other) for other in kept):
                kept.append(table)
        return tuple(kept)

    def _could_head(self, at: int) -> bool:
        labels = self._labels(at)
        if len(labels) < 3 or any(gaps_in(label) and ":" in label.replace("：", ":") for label in labels):
            return False
        return self._coverage(at, at) >= _LABELLED or self._spans_down(at)

    def _labels(self, at: int) -> list[str]:
        row = self._plain.rows[at]
        return [
            clean_line(str(cell)) for cell in row if cell is not None and len(str(cell)) <= _LONGEST_LABEL
        ]

    def _spans_down(self, at: int) -> bool:
        return (
            any(merge.top == at and merge.bottom > at for merge in self._plain.merges)
            and self._coverage(at, min(at + 1, len(self._plain.rows) - 1)) >= _LABELLED
        )

    def _coverage(self, first: int, last: int) -> float:
        """The share of the columns, from the first label to the end of the frame, that labels speak for."""
        paths = header_paths(self._grid, first, last)
        labelled = [index for index, path in enumerate(paths) if path]
        if not labelled:
            return 0.0
        end = max(labelled[-1] + 1, self._ruled_end(first + 1))
        return len(labelled) / max(1, end - labelled[0])

    def _ruled_end(self, row: int) -> int:
        """The last column of a row with lines around it."""
        return max((column for column in range(1, self._width + 1) if self._is_ruled(row, column)), default=0)

    def _last_level(self, top: int) -> int:
        last = top
        while last - top < MAX_LEVELS - 1 and last + 1 < len(self._plain.rows):
            deepest = max(
                (
                    merge.bottom
                    for merge in self._plain.merges
                    if top <= merge.top <= last and merge.right < 400
                ),
                default=last,
            )
            deepest = min(deepest, top + MAX_LEVELS - 1, len(self._plain.rows) - 1)
            if deepest > last and self._is_deep(top, last, deepest):
                last = deepest
            elif self._is_sub_header(last + 1):
                last += 1
            else:
                break
        return last

    def _is_deep(self, top: int, last: int, deepest: int) -> bool:
        """Whether merged labels make the header deeper: with parts of labels beside them, or all of them alike.

        A heading down the side of a blank table is none.
        """
        if any(cell is not None for at in range(last + 1, deepest + 1) for cell in self._plain.rows[at]):
            return True
        merged = {
            index
            for merge in self._plain.merges
            if merge.bottom == deepest and merge.right < 400
            for index in range(merge.left, merge.right + 1)
        }
        return all(index in merged for index, cell in enumerate(self._plain.rows[top]) if cell is not None)

    def _is_sub_header(self, at: int) -> bool:
        """Whether a row carries the parts of labels that span several columns right above it, and nothing else."""
        under = {index for index, cell in enumerate(self._plain.rows[at]) if cell is not None}
        wide = [merge for merge in self._plain.merges if merge.bottom == at - 1 and merge.right > merge.left]
        spanned = {index for merge in wide for index in range(merge.left, merge.right + 1)}
        texts = [str(self._plain.rows[at][index]) for index in under]
        return bool(under) and under <= spanned and not any(_NUMBER.fullmatch(text) for text in texts)

    def _table(self, first: int, last: int) -> FormTable | None:
        """The table under these header rows, counted from 1; None when there is no room in it."""
        if last > len(self._plain.rows):
            return None
        paths = header_paths(self._grid, first - 1, last - 1)
        start = last + 1
        while start <= len(self._plain.rows) and self._is_no_record(start):
            start += 1
        labelled = [index + 1 for index, path in enumerate(paths) if path]
        rows, filled = self._room(start, labelled), False
        if not rows and sum(self._is_known(path) for path in paths) >= _TELLING:
            rows, filled = self._records(start, labelled), True
        if not rows:
            return None
        columns = tuple(self._columns(paths, first, last, start))
        if len(columns) < 2:
            return None
        known = sum(self._is_known(each.path) for each in columns)
        score = 3.0 * known / len(columns) + 0.1 * min(known, 20) + 0.3 * min(rows, 5) - 0.02 * first
        return FormTable((first, last), start, rows, columns, score - 0.3 * filled, filled)

    def _is_known(self, path: tuple[str, ...]) -> bool:
        return bool(path) and label_text(path[-1]).lower() in self._known

    def _records(self, start: int, columns: list[int]) -> int:
        """How many rows from `start` on hold records: at least half of its cells, and neither a total nor notes."""
        row = start
        while row <= len(self._plain.rows):
            cells = self._plain.rows[row - 1]
            own = [cells[column - 1] for column in columns if column <= len(cells)]
            texts = [clean_line(str(cell)) for cell in own if cell is not None]
            wide = self._sheet.own_area(Spot(row, columns[0]))
            few = len(texts) < max(2, len(columns) / 2)
            if few or _TOTAL.fullmatch(label_text(texts[0])) or wide.right > wide.left + 1:
                break
            row += 1
        return row - start

    def _is_no_record(self, row: int) -> bool:
        """Whether a row right below the header counts its columns, or shows an example."""
        cells = [str(cell).strip() for cell in self._plain.rows[row - 1] if cell is not None]
        if len(cells) >= 3 and all(_COLUMN_SIGNS.fullmatch(cell) for cell in cells):
            numbers = [int(cell) for cell in cells if cell.isdecimal()]
            return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        return len(cells) >= 2 and _SAMPLE.fullmatch(cells[0]) is not None

    def _room(self, start: int, columns: list[int]) -> int:
        """How many rows from `start` on wait for records."""
        if not columns:
            return 0
        framed = self._row_is_ruled(start, columns)
        row = start
        end = (
            max(self._sheet.rows, default=0)
            if framed
            else max(start, min(len(self._plain.rows), start + 200))
        )
        while row <= end and self._waits(row, columns) and (not framed or self._row_is_ruled(row, columns)):
            row += 1
        return row - start

    def _row_is_ruled(self, row: int, columns: list[int]) -> bool:
        return sum(self._is_ruled(row, column) for column in columns) >= 0.6 * len(columns)

    def _is_ruled(self, row: int, column: int) -> bool:
        return self._book.looks.is_ruled(self._sheet.look(Spot(row, column)))

    def _waits(self, row: int, columns: list[int]) -> bool:
        """Whether a row holds no record yet: blank, or with nothing but its number and formulas."""
        cells = self._plain.rows[row - 1] if row <= len(self._plain.rows) else ()
        filled = [index + 1 for index, cell in enumerate(cells) if cell is not None]
        if any(
            area.top < row <= area.bottom or (area.top == row and area.bottom > row)
            for column in columns
            if (area := self._sheet.merged.get(Spot(row, column))) is not None
            and area.left >= columns[0]
            and column > columns[0]
        ):
            return False
        spans = self._sheet.merged.get(Spot(row, columns[0]))
        if not filled:
            return spans is None or spans.right - spans.left + 1 < max(2, len(columns) // 2)
        own = [column for column in filled if spans is None or column != spans.left or spans.top == row]
        numbers = [column for column in own if _NUMBER.fullmatch(str(cells[column - 1]).strip())]
        return len(own) == len(numbers) <= 1 and (not numbers or numbers[0] <= columns[0] + 1)

    def _columns(
        self, paths: list[tuple[str, ...]], first: int, last: int, start: int
    ) -> Iterator[FormColumn]:
        column = 0
        while column < len(paths):
            column += 1
            path = paths[column - 1]
            spot = Spot(start, column)
            area = self._sheet.own_area(spot)
            if not path or area.left != column:
                continue
            if area.top < start or self._is_side_label(column, first, last, start):
                continue
            head = self._sheet.own_area(Spot(last, column))
            span = 1
            if area.right == column and head.left == column and head.right - head.left + 1 >= 15:
                span = head.right - head.left + 1
            cell = self._sheet.cell(spot)
            look = self._sheet.look(spot)
            yield FormColumn(
                column,
                path,
                options_at(self._lists, spot),
                self._book.looks.number_format(look),
                self._book.looks.is_date(look),
                span,
                formula=cell is not None and has_formula(cell),
            )
            if span > 1:
                column += span - 1

    def _is_side_label(self, column: int, first: int, last: int, start: int) -> bool:
        """Whether a column is the vertical heading of the whole block (家庭成员 down the left side)."""
        area = self._sheet.merged.get(Spot(first, column))
        return area is not None and area.bottom >= start > last

    # single blanks

    def _blanks(self, tables: tuple[FormTable, ...], taken: set[str]) -> Iterator[Blank]:
        inside = [
            Area(table.header[0], 1, table.first + table.rows - 1, max(self._width, 1)) for table in tables
        ]
        seen = set(taken)
        for spot, text in self._texts():
            if any(spot in area for area in inside):
                continue
            for blank in self._blanks_of(spot, text):
                if blank.gap is not None or blank.cell not in seen:
                    if blank.gap is None:
                        if any(spot_of(blank.cell) in area for area in inside):
                            continue
                        seen.add(blank.cell)
                    yield blank

    def _texts(self) -> Iterator[tuple[Spot, str]]:
        for at, row in enumerate(self._plain.rows):
            for index, cell in enumerate(row):
                if isinstance(cell, str):
                    yield Spot(at + 1, index + 1), cell

    def _blanks_of(self, spot: Spot, text: str) -> Iterator[Blank]:
        boxes = boxes_in(text)
        if boxes and len(boxes) > 1:
            label = self._label_left(spot)
            yield Blank(spot.name, label or text[:12], options=boxes, boxes=True)
            return
        gaps = gaps_in(text) if len(text) <= 1000 else ()
        area = self._sheet.own_area(spot)
        beside = Spot(spot.row, area.right + 1)
        label = label_text(text).rstrip(":：")
        # A colon at the very end may mean the cell beside it.
        single = not gaps or (len(gaps) == 1 and gaps[0].kind == "line" and gaps[0].end >= len(text.rstrip()))
        is_label = single and 0 < len(label) <= _LONGEST_LABEL
        if (
            is_label
            and self._is_open(beside)
            and beside.column <= self._width
            and self._is_answer(beside, text)
        ):
            yield self._blank_at(beside, clean_line(text).rstrip(":： "))
            return
        for number, gap in enumerate(gaps):
            yield Blank(spot.name, gap.label or self._label_left(spot), number, gap.kind)
        if not is_label or gaps:
            return
        if self._is_open(beside) and text.rstrip().endswith((":", "：")):
            yield self._blank_at(beside, clean_line(text).rstrip(":： "))
        elif self._is_framed(spot):
            below = Spot(area.bottom + 1, spot.column)
            if self._is_open(below) and self._is_framed(below):
                yield self._blank_at(below, clean_line(text).rstrip(":： "))

    def _is_answer(self, spot: Spot, label: str) -> bool:
        """Whether an open cell beside a label is there for the answer: framed, or made wide on purpose."""
        area = self._sheet.own_area(spot)
        return self._is_framed(spot) or (label.rstrip().endswith((":", "：")) and area.right > area.left)

    def _blank_at(self, spot: Spot, label: str) -> Blank:
        look = self._sheet.look(spot)
        cell = self._sheet.cell(spot)
        return Blank(
            spot.name,
            label,
            options=options_at(self._lists, spot),
            is_date=self._book.looks.is_date(look),
            span=self._single_cells(spot),
            formula=cell is not None and has_formula(cell),
            row_path=tuple(self._lefts(spot)),
        )

    def _single_cells(self, spot: Spot) -> int:
        """How many narrow open cells stand in a row from here: 18 take one digit of an ID each."""
        count = 0
        while count < 20:
            each = Spot(spot.row, spot.column + count)
            if not self._is_open(each) or self._sheet.own_area(each).right != each.column:
                break
            if self._sheet.widths.get(each.column, self._sheet.usual_width) > 5 or not self._is_framed(each):
                break
            count += 1
        return 18 if count >= 18 else 1

    def _is_open(self, spot: Spot) -> bool:
        area = self._sheet.own_area(spot)
        if area.first != spot or spot.column > self._width + 1:
            return False
        cell = self._sheet.cell(spot)
        return cell is None or (not has_formula(cell) and not self._book.text_of(cell).strip())

    def _is_framed(self, spot: Spot) -> bool:
        return self._is_ruled(spot.row, spot.column)

    def _label_left(self, spot: Spot) -> str:
        return next(iter(self._lefts(spot)), "")

    def _lefts(self, spot: Spot) -> Iterator[str]:
        """The texts to the left of a cell in its row, the nearest first."""
        column = spot.column - 1
        while column >= 1:
            area = self._sheet.own_area(Spot(spot.row, column))
            text = clean_line(self._sheet.text(area.first))
            if text:
                yield text
            column = area.left - 1

    # crossings of figures

    def _crossings(self, tables: tuple[FormTable, ...]) -> Iterator[Blank]:
        """Open cells with words to their left and a heading above, outside the tables that grow."""
        heads = self._headings()
        for row in range(1, len(self._plain.rows) + 1):
            if any(table.header[0] <= row < table.first + table.rows for table in tables):
                continue
            for column in range(2, self._width + 1):
                spot = Spot(row, column)
                above = heads.get(column)
                if above is None or above[0] >= row or not self._is_framed(spot):
                    continue
                cell = self._sheet.cell(spot)
                formula = cell is not None and has_formula(cell)
                if not formula and not self._is_open(spot):
                    continue
                lefts = tuple(reversed([text for text in self._lefts(spot) if not _NUMBER.fullmatch(text)]))
                if lefts:
                    yield Blank(spot.name, lefts[-1], row_path=lefts, column_path=above[1], formula=formula)

    def _headings(self) -> dict[int, tuple[int, tuple[str, ...]]]:
        """The header of the widest labelled row by column: its last row, and the words of the column."""
        best: tuple[int, int, int] | None = None
        for at in range(min(len(self._plain.rows), _LOOK_DOWN)):
            labels = self._labels(at)
            if len(labels) >= 2 and self._coverage(at, at) >= _LABELLED:
                last = self._last_level(at)
                wide = sum(bool(path) for path in header_paths(self._grid, at, last))
                if best is None or wide > best[2]:
                    best = (at, last, wide)
        if best is None:
            return {}
        paths = header_paths(self._grid, best[0], best[1])
        return {index + 1: (best[1] + 1, path) for index, path in enumerate(paths) if path}

    def _heading(self) -> str:
        return next((text for _spot, text in self._texts()), "")

    def _used_width(self) -> int:
        widest = self._plain.width
        for row in self._sheet.rows.values():
            for cell in row.iterchildren(f"{MAIN}c"):
                column = spot_of(cell.get("r") or "").column
                if column > widest and self._book.looks.is_ruled(int(cell.get("s") or 0)):
                    widest = column
        return min(widest, 400)


def _apart(one: FormTable, other: FormTable) -> bool:
    return one.first + one.rows - 1 < other.header[0] or other.first + other.rows - 1 < one.header[0]


__all__ = ["Blank", "Form", "FormColumn", "FormSheet", "FormTable", "read_form"]
