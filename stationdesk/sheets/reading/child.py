"""The process that opens somebody else's file.

It takes limits on memory and time upon itself, parses, and sends plain rows back as text. Whatever goes
wrong in here ends this process only.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.sheets.open_formats.formats import Format, recognised
from stationdesk.sheets.open_formats.listing import OpenTable
from stationdesk.sheets.reading.archives import MAX_ROWS, look_into, refuse_far_cells
from stationdesk.sheets.reading.cells import Row, pack, plain_row, with_cells
from stationdesk.sheets.reading.delimited import decode, rows_of, separator_of
from stationdesk.sheets.reading.formula_errors import Errors, errors_in
from stationdesk.sheets.reading.office_xml import office_sheets
from stationdesk.sheets.reading.open_document import Range, merges_in
from stationdesk.sheets.reading.placing import MAX_CELLS, Placing
from stationdesk.sheets.reading.recognising import FileKind, kind_of
from stationdesk.sheets.reading.refusals import (
    broken,
    locked,
    no_table,
    slides,
    too_big,
    word_document,
    wps_only,
)
from stationdesk.sheets.reading.web_pages import archived_pages, page_sheet, page_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MEMORY = 1536 * 1024 * 1024
"""Address space of the process, in bytes, where the platform can limit it."""
SECONDS = 120
MAX_FILE = 200 * 1024 * 1024
_MOST_MERGES = 400_000
_BATCH = 2_000  # rows a message


def serve(connection: Connection, path: str) -> None:
    """Read the workbook at `path` and send it through `connection`; the entry of the process.

    Messages: ``["sheet", name, hidden, merges, count]``, ``["rows", [...]]``, ``["done", encoding, separator]``
    (an open format adds its code and notes),
    ``["refused", template, values]``, ``["bug", traceback]``.
    """
    limit_this_process()
    try:
        _send_workbook(connection, Path(path))
    except UserError as error:
        connection.send_bytes(pack(["refused", error.template, error.values]))
    except MemoryError:
        connection.send_bytes(pack(["refused", too_big().template, {}]))
    except BrokenPipeError:
        return  # nobody waits any more
    except Exception:  # noqa: BLE001 - told to the parent, which raises it as the bug it is
        connection.send_bytes(pack(["bug", traceback.format_exc()]))


def limit_this_process() -> None:
    """Limits on memory and time, no core dump (it would hold personal data), nothing on the terminal."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The reader says on its way down what it could not allocate; that is no message for a worker.
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)


def _send_workbook(connection: Connection, path: Path) -> None:
    content = _content(path)
    if (found := recognised(content)) is not None:
        _send_open(connection, path, *found)
        return
    match kind_of(content):
        case FileKind.PACKAGE:
            merges, errors = _told_beside(content)
            _send_calamine(connection, path, content, merges, errors)
        case FileKind.OLD:
            _send_calamine(connection, path, content, {}, {})
        case FileKind.OFFICE_XML:
            text = decode(content)[0]
            del content
            for sheet in office_sheets(text):
                _send_placed(connection, sheet.name, sheet.placing, hidden=sheet.hidden)
        case FileKind.WEB_PAGE:
            text = page_text(content)
            del content
            _send_placed(connection, path.stem, page_sheet(text))
        case FileKind.WEB_ARCHIVE:
            pages = archived_pages(content)
            for number, page in enumerate(pages, 1):
                name = path.stem if len(pages) == 1 else f"{path.stem} {number}"
                _send_placed(connection, name, page_sheet(page))
        case FileKind.TEXT:
            _send_text(connection, path, content)
            return
    connection.send_bytes(pack(["done", "", ""]))


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise UserError(
                "文件太大（{size} MB，上限 {limit} MB），没有读。请分成几个文件。",
                size=size // (1024 * 1024),
                limit=MAX_FILE // (1024 * 1024),
            )
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError("找不到文件“{name}”。它可能被移走或改名了。", name=path.name) from error
    except IsADirectoryError as error:
        raise UserError("“{name}”是文件夹，不是文件。请选一个表格文件。", name=path.name) from error
    except OSError as error:
        raise UserError(
            "“{name}”读不出来。请先在 WPS 或 Excel 里关闭它，或把它复制到电脑上再试。", name=path.name
        ) from error
    if not content.strip(b"\x00 \r\n\t"):
        raise UserError("文件是空的。请检查是不是选错了文件。")
    return content


def _told_beside(content: bytes) -> tuple[dict[str, list[Range]], dict[str, Errors]]:
    """Merged ranges and failed cells where the reader does not tell them; the package is checked first."""
    package = look_into(io.BytesIO(content))
    names = {name.lower().replace("\\", "/").lstrip("/") for name in package.namelist()}
    if any(name.startswith("word/") for name in names):
        raise word_document()
    if any(name.startswith("ppt/") for name in names):
        raise slides()
    if "xl/workbook.bin" in names:
        raise UserError("这是 .xlsb 文件，读不了。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。")
    if _is_open_document(package, names):
        return merges_in(package), {}
    if not any(name.startswith("xl/") for name in names):
        raise UserError("这是压缩包或别的文件，不是表格。请先解压，再选里面的 .xlsx、.xls 或 .csv 文件。")
    refuse_far_cells(package)
    return {}, errors_in(package)


def _is_open_document(package: zipfile.ZipFile, names: set[str]) -> bool:
    if "mimetype" not in names:
        return False
    if package.read("mimetype").strip() != b"application/vnd.oasis.opendocument.spreadsheet":
        raise no_table()
    return True


def _send_open(connection: Connection, path: Path, form: Format, table: OpenTable) -> None:
    """A file of an open format: its header is row 1, and it says itself which format it is."""
    rows = [plain_row(row) for row in (table.header, *table.rows)]
    _send_sheet(connection, table.title or path.stem, rows, len(rows))
    connection.send_bytes(pack(["done", "", "", form.code, table.notes]))


def _send_text(connection: Connection, path: Path, content: bytes) -> None:
    text, encoding = decode(content)
    separator = separator_of(text)
    rows = rows_of(text, separator)
    _send_sheet(connection, path.stem, rows, len(rows))
    connection.send_bytes(pack(["done", encoding, separator]))


def _send_placed(connection: Connection, name: str, placing: Placing, *, hidden: bool = False) -> None:
    _send_sheet(connection, name, placing.rows, len(placing.rows), hidden=hidden, merges=placing.merges)


def _opened(path: Path, content: bytes) -> CalamineWorkbook:
    import python_calamine as calamine

    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except MemoryError:
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        if _locked(path):
            raise locked() from error
        if path.suffix.lower() in {".et", ".ett"}:
            raise wps_only() from error
        raise broken() from error


def _locked(path: Path) -> bool:
    """Whether a password keeps the file shut; only the way by name tells."""
    import python_calamine as calamine

    try:
        calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError:
        return True
    except BaseException:  # noqa: BLE001 - broken, then
        return False
    return False


def _send_calamine(
    connection: Connection,
    path: Path,
    content: bytes,
    merges: dict[str, list[Range]],
    errors: dict[str, Errors],
) -> None:
    import python_calamine as calamine

    book = _opened(path, content)
    left = MAX_CELLS
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        try:
            sheet = book.get_sheet_by_name(about.name)
            own = [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
            height = sheet.end[0] + 1 if sheet.end is not None else 0
        except MemoryError:
            raise
        except BaseException as error:
            raise broken() from error
        left -= _send_sheet(
            connection,
            about.name,
            _plain_rows(sheet, errors.get(about.name, {})) if height else (),
            height,
            hidden=hidden,
            merges=own or merges.get(about.name, []),
            most=left,
        )


def _plain_rows(sheet: CalamineSheet, errors: Errors) -> Iterator[Row]:
    # The reader begins with row 1, but with the first column that holds anything.
    before: Row = (None,) * (sheet.start[1] if sheet.start is not None else 0)
    rows = iter(sheet.iter_rows())
    for at in count():
        try:
            values = next(rows)
        except StopIteration:
            return
        except MemoryError:
            raise
        except BaseException as error:  # a panic of the reader is no Exception
            raise broken() from error
        row = plain_row(values)
        row = before + row if row else row
        yield with_cells(row, errors[at]) if at in errors else row


def _send_sheet(
    connection: Connection,
    name: str,
    rows: Iterable[Row],
    height: int,
    *,
    hidden: bool = False,
    merges: Sequence[Range] = (),
    most: int = MAX_CELLS,
) -> int:
    """Send a sheet in batches, so that no sheet is held twice; returns how many cells it has."""
    if height > MAX_ROWS:
        raise UserError(
            "表格有 {count} 行，最多读 {limit} 行，没有读。请分成几个文件。", count=height, limit=MAX_ROWS
        )
    if len(merges) > _MOST_MERGES:
        raise too_big()
    connection.send_bytes(pack(["sheet", name, hidden, merges, height]))
    cells = 0
    coming = iter(rows)
    while batch := list(islice(coming, _BATCH)):
        cells += sum(map(len, batch))
        if cells > most:
            raise too_big()
        connection.send_bytes(pack(["rows", batch]))
    return cells
