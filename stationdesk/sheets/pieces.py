"""Workbooks of openpyxl whose pieces stay where they are told to.

openpyxl writes each sheet to a file of its own before all are packed, plain text in the system's temporary folder.
What a power cut leaves there stays for good; what it leaves beside the file that was being written is cleared at the
next start. Only the writer of a sheet knows where its piece is, so nothing else in the process is changed.
"""

# ruff: noqa: SLF001 - openpyxl gives no other way to the writer of a sheet
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from typing_extensions import override

from stationdesk.core.files import work_beside


@contextlib.contextmanager
def streamed(part: Path) -> Iterator[StreamedBook]:
    """A workbook to be saved as `part`, whose pieces lie in a folder beside it that goes with the block."""
    with work_beside(part) as work:
        book = StreamedBook(work)
        try:
            yield book
        except BaseException:
            book.give_up()
            raise


class StreamedBook(Workbook):
    """A workbook written row by row; made by `streamed`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(write_only=True)
        self._folder = folder
        self._pieces = 0

    @override
    def create_sheet(self, title: Any = None, index: int | None = None) -> Any:
        self._pieces += 1
        sheet = _StreamedSheet(self, title, self._folder / f"sheet{self._pieces}.xml")
        cast("Any", self)._add_sheet(sheet, index)
        return sheet

    def give_up(self) -> None:
        """Close the pieces, so that they can be removed on every system."""
        for sheet in cast("list[_StreamedSheet]", self.worksheets):
            with contextlib.suppress(Exception):
                sheet.close()


class _StreamedSheet(WriteOnlyWorksheet):
    _writer: WorksheetWriter | None

    def __init__(self, parent: Workbook, title: str | None, piece: Path) -> None:
        super().__init__(parent, title)
        self._piece = piece

    def _get_writer(self) -> None:
        """As that of openpyxl, which names no place: it is called when the first row comes, or none did."""
        if self._writer is None:
            self._writer = _PieceWriter(self, str(self._piece))
            self._writer.write_top()


class _PieceWriter(WorksheetWriter):
    @override
    def cleanup(self) -> None:
        """Remove the piece, which is not on openpyxl's own list."""
        Path(str(self.out)).unlink()


def save_whole(book: Workbook, target: Path | IO[bytes]) -> None:
    """Save a workbook that is held as a whole; its pieces are held, too, and are never on a disk."""
    book.properties.modified = datetime.now(tz=UTC).replace(tzinfo=None)
    with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        _HeldWriter(book, archive).save()


class _HeldWriter(ExcelWriter):
    @override
    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        held = BytesIO()
        writer: Any = WorksheetWriter(ws, held)
        writer.write()
        ws._rels = writer._rels
        cast("Any", self)._archive.writestr(ws.path[1:], held.getvalue())
        self.manifest.append(ws)
