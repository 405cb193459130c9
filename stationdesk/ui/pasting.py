"""Ctrl+V on a list: what was copied in a spreadsheet is opened in the import."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QApplication, QWidget

from stationdesk.core.fields import Field
from stationdesk.core.messages import _
from stationdesk.services.listing import Query
from stationdesk.services.pasting import can_paste
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Weight
from stationdesk.ui.tables.table import MASKED_ROWS


def open_paste(
    desk: Desk,
    record: str,
    columns: Sequence[Field],
    parent: QWidget | None,
    show_query: Callable[[Query], object] | None = None,
) -> QWidget | None:
    """Open the import on the clipboard; says why where there is nothing to bring in."""
    from stationdesk.ui.dialogs.import_wizard import ImportWizard

    content = QApplication.clipboard().mimeData()
    text = content.text() if content.hasText() else ""
    if not can_paste(record):
        desk.notify(_("这个列表不能粘贴新行。"), Weight.PLAIN)
    elif content.hasFormat(MASKED_ROWS):
        desk.notify(_("剪贴板里是从列表复制的，姓名和号码已隐去，不能再贴回来。"), Weight.WARN)
    elif not text.strip():
        desk.notify(_("剪贴板里没有表格。请先在 WPS 或 Excel 里选中几行，按 Ctrl+C 复制。"), Weight.PLAIN)
    else:
        wizard = ImportWizard(desk, record, parent)
        if show_query is not None:
            wizard.query_wanted.connect(show_query)
        wizard.open()
        wizard.open_pasted(text, record, tuple(columns))
        return wizard
    return None
