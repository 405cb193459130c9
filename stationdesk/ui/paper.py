"""A finished PDF on its way to the printer: what is printed is the very file that was looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from stationdesk.core.errors import UserError
from stationdesk.core.printing import PageSetup
from stationdesk.core.progress import SILENT, Progress
from stationdesk.ui.page_sizes import page_size

_MOST_DPI = 300
"""Finer than the printers of a station can show, and what a page of A3 has memory for."""


def printer_for(setup: PageSetup) -> QPrinter:
    """A printer set to the paper of a sheet, without margins of its own: the sheet has them already."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(page_size(setup.paper))
    landscape = QPageLayout.Orientation.Landscape
    printer.setPageOrientation(landscape if setup.landscape else QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    return printer


def ask_printer(setup: PageSetup, name: str, parent: QWidget, then: Callable[[QPrinter], object]) -> None:
    """Ask on which printer, over a window, and call `then` with it; `name` is what tests find the dialog by."""
    printer = printer_for(setup)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName(name)
    dialog.accepted.connect(lambda: then(printer))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()


def printing_of(path: Path, printer: QPrinter) -> Callable[..., int]:
    """The work of printing a PDF file, for the long lane: drawing pages as fine as paper shows takes seconds each."""

    def job(_store: object, progress: Progress = SILENT) -> int:
        return print_pdf(path, printer, progress)

    return job


def print_pdf(path: Path, printer: QPrinter, progress: Progress = SILENT) -> int:
    """Print every page of a PDF file; the number of pages.

    Raises:
        UserError: the file cannot be read, or the printer takes nothing.
        Cancelled: by `progress`; the pages drawn so far are printed.
    """
    document = QPdfDocument()
    if document.load(str(path)) is not QPdfDocument.Error.None_:
        raise UserError("这份 PDF 打不开，没有打印。请重新生成。")
    pages = document.pageCount()
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError("打印机没有接受任务。请检查打印机是否打开、连好，再打印一次。")
    try:
        for page in range(pages):
            progress.step(page, pages)
            if page:
                printer.newPage()
            points = document.pagePointSize(page)
            dpi = min(printer.resolution(), _MOST_DPI)
            size = QSize(round(points.width() / 72 * dpi), round(points.height() / 72 * dpi))
            picture = document.render(page, size)
            room = printer.paperRect(QPrinter.Unit.DevicePixel)
            painter.drawImage(QRectF(0, 0, room.width(), room.height()), picture)
    finally:
        painter.end()
        document.close()
    return pages
