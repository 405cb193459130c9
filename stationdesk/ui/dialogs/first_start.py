"""The first start: a new station, one that exists, or the practice town."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.services.stations import LEAST_PASSWORD
from stationdesk.ui.theme import Look


@dataclass(frozen=True, slots=True)
class NewStation:
    """What is asked for a new station. No password means that the file is not encrypted."""

    folder: Path
    station: str
    town: str
    worker: str
    password: str


class FirstStartDialog(QDialog):
    """Three ways in. The app does the work and says with `refuse` what stood in the way.

    Over the window of a station that is open it offers to stay there.
    """

    new_wanted = Signal(object)
    """A `NewStation`."""
    existing_wanted = Signal(object)
    """The folder, as a `Path`."""
    practice_wanted = Signal()

    def __init__(self, look: Look, place: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._place = place
        self.setObjectName("first_start_dialog")
        self.setWindowTitle(_("社工站"))
        self.setMinimumWidth(look.pixels(600))
        self._pages = QStackedWidget(self)
        self._refusal = QLabel(self)
        self._refusal.setObjectName("first_start_refusal")
        self._refusal.setProperty("look", "problem")
        self._refusal.setWordWrap(True)
        self._refusal.setTextFormat(Qt.TextFormat.PlainText)
        self._refusal.hide()
        self._waiting = QLabel(_("正在打开…"), self)
        self._waiting.setObjectName("first_start_waiting")
        self._waiting.hide()
        self._pages.addWidget(self._ways())
        self._pages.addWidget(self._new())
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(self._pages, 1)
        column.addWidget(self._refusal)
        column.addWidget(self._waiting)

    def refuse(self, sentence: str) -> None:
        """Say why it did not work, in the worker's words."""
        self._waiting.hide()
        self._refusal.setText(sentence)
        self._refusal.show()
        self.setEnabled(True)

    def _wait(self) -> None:
        # A practice town takes seconds to build: grey buttons alone look like a program that hangs.
        self._refusal.hide()
        self._waiting.show()

    def _ways(self) -> QWidget:
        page = QWidget(self)
        stays = self.parentWidget() is not None
        words = _("打开其他站点") if stays else _("欢迎。数据只存在这台电脑上，不用联网。")
        title = QLabel(words, page)
        title.setProperty("look", "title")
        title.setWordWrap(True)
        column = QVBoxLayout(page)
        column.setSpacing(8)
        column.addWidget(title)
        new = self._way("start_new", "plus", _("新建一个站点"), _("起个名字，设好密码，从空白开始。"))
        new.setProperty("look", "primary")
        self._look.set_icon(new, "plus", "on_accent")
        new.clicked.connect(self._begin)
        old = self._way(
            "start_existing",
            "folder-open",
            _("打开已有站点"),
            _("选中站点的文件夹，或从 U 盘拷来的文件夹。"),
        )
        old.clicked.connect(self._pick)
        practice = self._way(
            "start_practice",
            "building-community",
            _("先到练习镇看看"),
            _("一个编出来的镇，随便改，不会影响真数据。"),
        )
        practice.clicked.connect(self._practise)
        for button in (new, old, practice):
            remark = QLabel(button.accessibleDescription(), page)
            remark.setProperty("look", "small")
            column.addSpacing(8)
            column.addWidget(button)
            column.addWidget(remark)
        column.addStretch(1)
        if stays:
            column.addLayout(self._staying())
        return page

    def _staying(self) -> QHBoxLayout:
        words = QLabel(_("现在的站点先开着，选好了别的才换过去。"), self)
        words.setProperty("look", "muted")
        stay = QPushButton(_("取消"), self)
        stay.setObjectName("start_cancel")
        stay.setAccessibleName(_("取消"))
        stay.setAutoDefault(False)
        stay.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(words, 1)
        row.addWidget(stay)
        return row

    def _way(self, name: str, icon: str, words: str, remark: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAccessibleDescription(remark)
        button.setMinimumHeight(self._look.pixels(44))
        self._look.set_icon(button, icon)
        return button

    def _practise(self) -> None:
        self._wait()
        self.practice_wanted.emit()

    def _begin(self) -> None:
        self._refusal.hide()
        self._pages.setCurrentIndex(1)
        self._station.setFocus()

    def _pick(self) -> None:
        self._refusal.hide()
        dialog = QFileDialog(self, _("选中站点的文件夹"), str(self._place))
        dialog.setObjectName("start_folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.existing_wanted.emit(Path(folder)))
        dialog.open()

    def _line(self, name: str, words: str, *, secret: bool = False) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(words)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        return line

    def _new(self) -> QWidget:
        page = QWidget(self)
        title = QLabel(_("新建一个站点"), page)
        title.setProperty("look", "title")
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._ask_names(form)
        self._ask_password(form)
        back = QPushButton(_("返回"), page)
        back.setObjectName("new_back")
        back.setAccessibleName(_("返回"))
        back.setAutoDefault(False)
        back.clicked.connect(lambda: self._pages.setCurrentIndex(0))
        make = QPushButton(_("建立站点"), page)
        make.setObjectName("new_make")
        make.setAccessibleName(_("建立站点"))
        make.setProperty("look", "primary")
        make.setDefault(True)
        make.clicked.connect(self._make)
        buttons = QHBoxLayout()
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(make)
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(buttons)
        self._warn()
        return page

    def _ask_names(self, form: QFormLayout) -> None:
        self._station = self._line("new_station", _("站点名称"))
        self._station.setPlaceholderText(_("如 柳河镇社会工作服务站"))
        self._town = self._line("new_town", _("乡镇（街道）"))
        self._worker = self._line("new_worker", _("您的姓名"))
        self._folder = self._line("new_folder", _("放在哪里"))
        self._folder.setText(str(self._place))
        browse = QPushButton(_("浏览…"), self)
        browse.setObjectName("new_browse")
        browse.setAccessibleName(_("浏览…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.addWidget(self._folder, 1)
        place.addWidget(browse)
        form.addRow(_("站点名称 *"), self._station)
        form.addRow(_("乡镇（街道）"), self._town)
        form.addRow(_("您的姓名 *"), self._worker)
        form.addRow(_("放在哪里 *"), place)

    def _ask_password(self, form: QFormLayout) -> None:
        self._with = QRadioButton(_("设密码（推荐）：数据加密，丢了电脑也看不到"), self)
        self._with.setObjectName("new_with_password")
        self._with.setAccessibleName(_("设密码（推荐）"))
        self._without = QRadioButton(_("不设密码"), self)
        self._without.setObjectName("new_without_password")
        self._without.setAccessibleName(_("不设密码"))
        self._with.setChecked(True)
        self._password = self._line("new_password", _("密码"), secret=True)
        self._again = self._line("new_password_again", _("再输一次"), secret=True)
        self._warning = QLabel(self)
        self._warning.setObjectName("new_warning")
        self._warning.setWordWrap(True)
        self._warning.setProperty("look", "plain")
        self._warning.setProperty("role", "warn")
        self._with.toggled.connect(self._warn)
        form.addRow("", self._with)
        form.addRow(_("密码"), self._password)
        form.addRow(_("再输一次"), self._again)
        form.addRow("", self._without)
        form.addRow("", self._warning)

    def _warn(self) -> None:
        secret = self._with.isChecked()
        self._password.setEnabled(secret)
        self._again.setEnabled(secret)
        self._warning.setText(
            _("密码忘了谁也打不开，请抄下来锁好。")
            if secret
            else _("不设密码，谁拿到这台电脑或 U 盘，谁就能看到所有服务对象的资料。")
        )

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("放在哪里"), self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    def _make(self) -> None:
        found = self._problem()
        if found:
            sentence, line = found
            self.refuse(sentence)
            line.setFocus()
            return
        self._wait()
        self.new_wanted.emit(
            NewStation(
                Path(self._folder.text().strip()),
                clean_line(self._station.text()),
                clean_line(self._town.text()),
                clean_line(self._worker.text()),
                self._password.text() if self._with.isChecked() else "",
            )
        )

    def _problem(self) -> tuple[str, QLineEdit] | None:
        for line in (self._station, self._worker, self._folder):
            if not line.text().strip():
                return _("请填“{field}”").format(field=line.accessibleName()), line
        if self._with.isChecked():
            if len(self._password.text()) < LEAST_PASSWORD:
                shortest = _("密码至少 {count} 个字，几个词连起来最好记")
                return shortest.format(count=LEAST_PASSWORD), self._password
            if self._password.text() != self._again.text():
                return _("两次输入的密码不一样，请再输一次"), self._again
        return None
