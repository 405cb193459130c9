"""What the worker sees of a bug: that nothing they saved is lost, and a report they may pass on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.log import Crash
from stationdesk.core.messages import _
from stationdesk.ui.theme import Look


class CrashDialog(QDialog):
    """Shows the report; the window stays usable. The report holds places in the program, no station text."""

    def __init__(self, crash: Crash, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = f"{crash.kind}\n{crash.report}"
        self.setObjectName("crash_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("程序出错了"))
        self.resize(look.pixels(620), look.pixels(420))
        words = QLabel(
            _(
                "程序刚才出了一个错，这一步没有做成。已经保存的内容都还在。\n"
                "请先重试；如果又出现，点“复制报告”，把它交给总站或维护人员。报告里没有服务对象的内容。"
            ),
            self,
        )
        words.setWordWrap(True)
        report = QPlainTextEdit(self._report, self)
        report.setObjectName("crash_report")
        report.setAccessibleName(_("错误报告"))
        report.setReadOnly(True)
        copy = QPushButton(_("复制报告"), self)
        copy.setObjectName("crash_copy")
        copy.setAccessibleName(_("复制报告"))
        look.set_icon(copy, "copy")
        copy.clicked.connect(self._copy)
        go_on = QPushButton(_("继续工作"), self)
        go_on.setObjectName("crash_close")
        go_on.setAccessibleName(_("继续工作"))
        go_on.setProperty("look", "primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(go_on)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words)
        column.addWidget(report, 1)
        column.addLayout(buttons)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
