from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from stationdesk.ui.dialogs.pdf_sight import PdfSight


def pdf(file: Path, pages: int) -> Path:
    """A file of empty landscape pages."""
    writer = QPdfWriter(str(file))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A3))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    painter = QPainter(writer)
    for _more in range(pages - 1):
        writer.newPage()
    painter.end()
    return file


@pytest.mark.parametrize("whole", [False, True])
def test_a_page_is_fitted_into_the_same_room_however_long_the_file_is(
    qtbot: QtBot, tmp_path: Path, whole: bool
) -> None:
    sight = PdfSight("sheet", "还没有。", whole=whole)
    qtbot.addWidget(sight)
    sight.resize(860, 900)
    with qtbot.waitExposed(sight):
        sight.show()
    widths = []
    for pages in (1, 8):
        sight.show_file(pdf(tmp_path / f"{pages}.pdf", pages))
        assert sight.document.pageCount() == pages
        qtbot.waitUntil(sight.view.isVisible)
        qtbot.wait(1)
        widths.append(sight.view.viewport().width())
    assert widths[0] == widths[1], "a bar that comes and goes can do so for ever"
