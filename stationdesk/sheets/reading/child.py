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
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.archives import MAX_ROWS, look_into, refuse_far_cells
from stationdesk.sheets.reading.cells import Row, pack, plain_row
from stationdesk.sheets.reading.delimited import decode, rows_of, separator_of
from stationdesk.sheets.reading.refusals import broken, locked, no_table, too_big

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MEMORY = 1536 * 1024 * 1024
"""Address space of the process, in bytes, where the platform can limit it."""
SECONDS = 120
MAX_FILE = 200 * 1024 * 1024
MAX_CELLS = 8_000_000
_BATCH = 2_000  # rows a message

_WEB_PAGES = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style")
_OTHER_FILES = (
    *(b"<?xml", b"<!doctype", b"<!--", b"%pdf", b"{\\rtf"),
    *(b"\x89png", b"\xff\xd8\xff", b"gif8", b"sqlite format", b"rar!", b"7z\xbc"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def serve(connection: Connection, path: str) -> None:
    """Read the workbook at `path` and send it through `connection`; the entry of the process.

    Messages: ``["sheet", name, hidden, merges]``, ``["rows", [...]]``, ``["done", encoding, separator]``,
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
    if content.startswith(b"PK"):
        _check_package(content)
        _send_calamine(connection, path, content)
    elif content.startswith(_OLE):
        _send_calamine(connection, path, content)
    else:
        _refuse_what_is_no_table(content)
        _send_text(connection, path, content)


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


def _check_package(content: bytes) -> None:
    package = look_into(io.BytesIO(content))
    names = {name.lower().replace("\\", "/").lstrip("/") for name in package.namelist()}
    if any(name.startswith("word/") for name in names):
        raise UserError("这是 Word 文档，不是表格。请把里面的表格复制到 WPS 表格或 Excel 里，另存后再导入。")
    if any(name.startswith("ppt/") for name in names):
        raise UserError("这是演示文稿，不是表格。请选 .xlsx、.xls、.ods 或 .csv 文件。")
    if "xl/workbook.bin" in names:
        raise UserError("这是 .xlsb 文件，读不了。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。")
    if _is_open_document(package, names):
        return
    if not any(name.startswith("xl/") for name in names):
        raise UserError("这是压缩包或别的文件，不是表格。请先解压，再选里面的 .xlsx、.xls 或 .csv 文件。")
    refuse_far_cells(package)


def _is_open_document(package: zipfile.ZipFile, names: set[str]) -> bool:
    if "mimetype" not in names:
        return False
    if package.read("mimetype").strip() != b"application/vnd.oasis.opendocument.spreadsheet":
        raise no_table()
    return True


def _refuse_what_is_no_table(content: bytes) -> None:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").replace(b"\x00", b"").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise UserError("这是 XML 表格，不是真正的 .xls。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。")
    if head.startswith(_WEB_PAGES) or b"<html" in head:
        raise UserError("这是网页，只是名字叫 .xls。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。")
    if head.startswith(_OTHER_FILES):
        raise no_table()


def _send_text(connection: Connection, path: Path, content: bytes) -> None:
    text, encoding = decode(content)
    separator = separator_of(text)
    rows = rows_of(text, separator)
    _send_sheet(connection, path.stem, rows, hidden=False, merges=[])
    connection.send_bytes(pack(["done", encoding, separator]))


def _opened(path: Path, content: bytes) -> CalamineWorkbook:
    import python_calamine as calamine

    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except MemoryError:
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        if _locked(path):
            raise locked() from error
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


def _send_calamine(connection: Connection, path: Path, content: bytes) -> None:
    import python_calamine as calamine

    book = _opened(path, content)
    left = MAX_CELLS
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        try:
            sheet = book.get_sheet_by_name(about.name)
            merges = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
            rows = [plain_row(values) for values in sheet.iter_rows()] if sheet.start is not None else []
        except MemoryError:
            raise
        except BaseException as error:
            raise broken() from error
        left -= sum(map(len, rows))
        if left < 0:
            raise too_big()
        _send_sheet(connection, about.name, rows, hidden=hidden, merges=merges)
    connection.send_bytes(pack(["done", "", ""]))


def _send_sheet(
    connection: Connection, name: str, rows: list[Row], *, hidden: bool, merges: list[Any]
) -> None:
    if len(rows) > MAX_ROWS:
        raise UserError(
            "表格有 {count} 行，最多读 {limit} 行，没有读。请分成几个文件。", count=len(rows), limit=MAX_ROWS
        )
    connection.send_bytes(pack(["sheet", name, hidden, merges, len(rows)]))
    for start in range(0, len(rows), _BATCH):
        connection.send_bytes(pack(["rows", rows[start : start + _BATCH]]))
