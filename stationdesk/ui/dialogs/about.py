"""What the program is, whose work it stands on, and the keys that save the mouse."""

from __future__ import annotations

from PySide6.QtCore import QDirIterator, QFile, QIODevice, Qt
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from stationdesk import __version__
from stationdesk.core.messages import _
from stationdesk.ui.icons import open_resources
from stationdesk.ui.theme import Look


def shortcuts() -> tuple[tuple[str, str], ...]:
    """The keys of the window and what they do."""
    return (
        ("Ctrl+1 … Ctrl+8", _("换页签")),
        ("Ctrl+F", _("查找")),
        ("Ctrl+N", _("新增")),
        ("Enter", _("列表：进入表单；表单：保存")),
        ("Ctrl+S", _("保存（多行文字里也能用）")),
        ("Esc", _("离开表单，回到列表")),
        ("Ctrl+Z / Ctrl+Shift+Z", _("撤销 / 重做；正在打字时先撤销文字")),
        ("Ctrl+C", _("复制选中的行，可粘贴到表格")),
        ("Ctrl+V", _("把表格里复制的行导入这个列表")),
        ("F2", _("批量修改选中的行")),
        ("Ctrl+P", _("导出或打印现在的列表")),
        ("Alt+↓", _("打开选项或日历")),
        ("F10", _("菜单")),
        ("Ctrl+Q", _("退出")),
    )


class AboutDialog(QDialog):
    """About, keys and licences."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, page: int = 0) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("关于"))
        self.resize(look.pixels(600), look.pixels(460))
        about = QLabel(
            _(
                "社工站工作台 {version}\n\n断网也能用：一台电脑，一个乡镇社工站。程序从不联网。\nMIT 许可证。"
            ).format(version=__version__),
            self,
        )
        about.setAlignment(Qt.AlignmentFlag.AlignTop)
        about.setMargin(12)
        about.setWordWrap(True)
        keys = QLabel(self)
        keys.setMargin(12)
        keys.setAlignment(Qt.AlignmentFlag.AlignTop)
        lines = (
            f"<tr><td><b>{key}</b>&nbsp;&nbsp;&nbsp;</td><td>{words}</td></tr>" for key, words in shortcuts()
        )
        rows = "".join(lines)
        keys.setText(f"<table cellpadding='4'>{rows}</table>")
        licences = QPlainTextEdit(licence_texts(), self)
        licences.setObjectName("about_licences")
        licences.setAccessibleName(_("许可证"))
        licences.setReadOnly(True)
        pages = QTabWidget(self)
        pages.setObjectName("about_pages")
        pages.setAccessibleName(_("关于"))
        pages.addTab(about, _("关于"))
        pages.addTab(keys, _("快捷键"))
        pages.addTab(licences, _("许可证"))
        pages.setCurrentIndex(page)
        column = QVBoxLayout(self)
        column.addWidget(pages)


def licence_texts() -> str:
    """The licences of what the program carries, from the compiled resource."""
    open_resources()
    found: list[str] = []
    names = QDirIterator(":/licences")
    while names.hasNext():
        file = QFile(names.next())
        if file.open(QIODevice.OpenModeFlag.ReadOnly):
            found.append(f"{names.fileName()}\n\n{bytes(file.readAll().data()).decode('utf-8', 'replace')}")
    return "\n\n————\n\n".join(sorted(found))
