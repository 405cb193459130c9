"""Ledgers to one workbook: streamed, checked by reading it back, and moved into place only when it is right.

What an office expects stands on every sheet: title, head block, header repeated on each page, borders,
totals, signatures, A4 landscape, one page wide. Totals are values, not formulas: a formula has no value
until an office program opens it. Everything on paper is Chinese.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, cast

from openpyxl.utils.indexed_list import IndexedList

from stationdesk.core.fields import Value
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets import styles
from stationdesk.sheets.cells import tidied
from stationdesk.sheets.charts import Chart
from stationdesk.sheets.checking import Expected, LostRows, check_workbook
from stationdesk.sheets.columns import CellKind, Column, Total
from stationdesk.sheets.leaks import NUMBERS_ONLY, Watch
from stationdesk.sheets.locking import Lock, write_sealed
from stationdesk.sheets.page import Head, SheetPage
from stationdesk.sheets.pieces import StreamedBook, streamed
from stationdesk.sheets.remarks import TITLE as REMARKS
from stationdesk.sheets.remarks import SheetRemarks, sentences
from stationdesk.sheets.widths import BESIDE_CHARTS, PAGE, column_widths

SAMPLE: Final = 400
"""Rows looked at for the widths before the first is written."""

NUMBER: Final = Column("", "序号", CellKind.INTEGER, width=2)

_STEP: Final = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One ledger to write. `rows` is read once, as it is written; `count` is what the query counted.

    `title` is the sheet's name and the end of the heading. `notes` stand under the table. `left_out` are the
    labels of columns that the rules keep from this file. `frozen` columns stay in sight when scrolled. `charts`
    stand to the right of the table and draw its last column.
    `closing` makes further notes from the sheets written before this one, such as cross-foot checks.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    count: int
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    frozen: int = 0
    numbered: bool = True
    charts: tuple[Chart, ...] = ()
    closing: Callable[[Sequence[WrittenSheet]], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """What became of one sheet; `totals` by column key."""

    title: str
    rows: int
    totals: dict[str, Decimal | int]
    cleaned: int
    cut: int


@dataclass(frozen=True, slots=True)
class WrittenWorkbook:
    """The file and its sheets."""

    path: Path
    sheets: tuple[WrittenSheet, ...]


def write_workbook(  # noqa: PLR0913 - what is written, for whom, and what happens before it is seen
    target: Path,
    head: Head,
    sheets: Sequence[Sheet],
    *,
    masked: bool,
    beside: bool = False,
    progress: Progress = SILENT,
    release: Callable[[], None] | None = None,
    lock: Lock | None = None,
    watch: Watch = NUMBERS_ONLY,
) -> WrittenWorkbook:
    """Write the sheets and a sheet of remarks to `target`, all or nothing.

    The file is read back before it takes the target's place: every row and every total must be in it, and
    where it is `masked` it is searched for full personal numbers and for what `watch` names. `release` is called
    when all is right, before the file can be seen: whoever logs exports does it there. With a `lock`, only the locked
    file comes near the target: a stick keeps what was once written to it.

    Raises:
        PersonalNumber: when something was found in a masked file. UserError: the place cannot be written.
        Cancelled: by `progress`; nothing is left behind.
    """
    results: list[_Result] = []

    def write(part: Path) -> None:
        with streamed(part) as workbook:
            results[:] = _write(workbook, part, head, sheets, masked=masked, progress=progress)

    def check(part: Path) -> None:
        progress.say(_("正在核对写好的文件"))
        expected = [result.expected for result in results]
        watch.judge(check_workbook(part, expected, masked=masked, names=watch.names, progress=progress))

    path = write_sealed(target, write, check, release=release, lock=lock, beside=beside, private=not masked)
    return WrittenWorkbook(path, tuple(result.written for result in results))


@dataclass(frozen=True, slots=True)
class _Result:
    written: WrittenSheet
    expected: Expected
    remarks: SheetRemarks


def _write(
    workbook: StreamedBook,
    part: Path,
    head: Head,
    sheets: Sequence[Sheet],
    *,
    masked: bool,
    progress: Progress,
) -> list[_Result]:
    # Column widths are counted in digits of the workbook's first font; openpyxl gives no other way to it.
    cast("Any", workbook)._fonts = IndexedList([styles.BODY])  # noqa: SLF001
    workbook.properties.creator = tidied(head.station).text
    workbook.properties.title = tidied(f"{head.station}{head.period}").text
    results: list[_Result] = []
    total = sum(sheet.count for sheet in sheets)
    done = 0
    for sheet in sheets:
        progress.say(_("正在写“{title}”").format(title=sheet.title))
        if sheet.closing is not None:
            further = sheet.closing([result.written for result in results])
            sheet = replace(sheet, notes=(*sheet.notes, *further))  # noqa: PLW2901 - the same sheet, complete
        results.append(_write_sheet(workbook, head, sheet, _Steps(progress, done, total)))
        done += sheet.count
    results.append(_write_remarks(workbook, head, [result.remarks for result in results], masked=masked))
    workbook.save(part)
    return results


@dataclass(slots=True)
class _Steps:
    """Reports every so many rows of a whole workbook."""

    progress: Progress
    done: int
    total: int

    def step(self) -> None:
        self.done += 1
        if self.done % _STEP == 0:
            self.progress.step(min(self.done, self.total), self.total)


def _write_sheet(workbook: StreamedBook, head: Head, sheet: Sheet, steps: _Steps) -> _Result:
    columns = (NUMBER, *sheet.columns) if sheet.numbered else sheet.columns
    rows = _numbered(sheet.rows) if sheet.numbered else iter(sheet.rows)
    sample = list(islice(rows, SAMPLE))
    remarks = SheetRemarks(sheet.title, left_out=sheet.left_out)
    page = SheetPage(workbook, head, sheet.title, columns, remarks)
    room = BESIDE_CHARTS if sheet.charts else PAGE
    page.open(column_widths(columns, sample, page=room), frozen=sheet.frozen + sheet.numbered)
    before = page.written
    for row in chain(sample, rows):
        page.row(row)
        steps.step()
    if page.rows != sheet.count:
        raise LostRows(f"{sheet.title}: the query counted {sheet.count} rows and gave {page.rows}")
    remarks.rows = page.rows
    filled = page.written
    page.draw(sheet.charts)
    page.close(sheet.notes)
    return _Result(
        WrittenSheet(
            sheet.title,
            page.rows,
            {columns[index].key: total for index, total in page.totals.items()},
            remarks.cleaned,
            remarks.cut,
        ),
        Expected(
            sheet.title,
            before,
            page.rows,
            page.written - filled,
            labels=[column.label for column in columns],
            totals=page.totals,
            sums=frozenset(index for index, column in enumerate(columns) if column.total is Total.SUM),
            numbered=sheet.numbered,
        ),
        remarks,
    )


def _numbered(rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(rows, 1):
        yield (number, *row)


_REMARKS = (
    Column("title", "表名", width=12),
    Column("rows", "行数", CellKind.INTEGER, total=Total.SUM),
    Column("cleaned", "改换或删去的特殊字符数", CellKind.INTEGER, total=Total.SUM),
    Column("cells", "涉及单元格数", CellKind.INTEGER, total=Total.SUM),
    Column("cut", "截短的单元格数", CellKind.INTEGER, total=Total.SUM),
)


def _write_remarks(
    workbook: StreamedBook, head: Head, remarks: Sequence[SheetRemarks], *, masked: bool
) -> _Result:
    rows = [(each.title, each.rows, each.cleaned, each.cleaned_cells, each.cut) for each in remarks]
    sheet = Sheet(REMARKS, _REMARKS, rows, len(rows), notes=sentences(remarks, masked=masked))
    return _write_sheet(workbook, head, sheet, _Steps(SILENT, 0, 0))
