"""档案卡与走访单: cards of households and people and slips for visits, looked at, printed, saved as a PDF."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import private_folder
from stationdesk.core.messages import _
from stationdesk.core.printing import Printer
from stationdesk.core.progress import Progress
from stationdesk.core.sealing import BadPassword
from stationdesk.services.cards import (
    CardKind,
    CardsOut,
    PrintedCards,
    cards_in,
    cards_name,
    log_given,
    print_cards,
    save_cards,
)
from stationdesk.services.listing import count_of, pick
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.lock_box import LockBox
from stationdesk.ui.dialogs.pdf_sight import PdfSight
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Weight
from stationdesk.ui.paper import ask_printer, printing_of
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket

_WIDTH, _HEIGHT = 1180, 690
_FOLDER = "cards"
_SHORT = 14
"""Answers of so many signs in all stand side by side."""
_NAMED = 6
_MOST_VILLAGES = 2_000
_VILLAGE = "village"
_KINDS = {"household": (CardKind.HOUSEHOLD, CardKind.SLIP), "person": (CardKind.PERSON,)}
"""What there is to print of a kind of record."""


class CardsDialog(QDialog):
    """Asks what, of whom, on which paper. The preview, the saved PDF and the print are one file."""

    def __init__(
        self, desk: Desk, printer: Printer, folders: Folders, wanted: CardsOut, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._printer = printer
        self._folders = folders
        self._first = wanted
        self._ranges: list[tuple[str, tuple[Key, ...] | None]] = []
        self._villages: tuple[tuple[Key, str], ...] = ()
        self._town: str | None = None
        self._printed: PrintedCards | None = None
        self._under_way: Ticket | None = None
        # In the station's own folder: what a crash leaves of it is cleared at the next start.
        self._kept = contextlib.ExitStack()
        self._aside = self._kept.enter_context(private_folder(desk.store.folder.root))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("cards_dialog")
        self.setWindowTitle(_("打印档案卡与走访单"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self._build()
        desk.read(_facts, wanted, then=self._show_facts)

    # What is asked

    @property
    def wanted(self) -> CardsOut:
        """What is chosen."""
        kind = _KINDS[self._first.record][self._kind.checkedId()]
        two_up = self._paper.checkedId() == 0
        name, keys = self._ranges[self._range.checkedId()]
        if name == _VILLAGE and self._villages:
            key, title = self._villages[max(self._village.currentIndex(), 0)]
            return replace(cards_in(kind, key, title), two_up=two_up)
        return replace(self._first, kind=kind, keys=keys, two_up=two_up)

    @property
    def printed(self) -> PrintedCards | None:
        """What was made, until something is chosen differently."""
        return self._printed

    def file_name(self) -> str:
        """By the rule: whose, what, which, when, for whom."""
        return cards_name(self._town or "", self.wanted, self._desk.store.clock.today())

    # Building

    def _build(self) -> None:
        self.outcome = SavedBar(self._desk.look, self, "cards_result")
        self.sight = PdfSight("cards", _("点“看打印样子”，这里就是要打印的那一份。"), self)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._build_side())
        row.addWidget(self.sight, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 12)
        outer.setSpacing(8)
        outer.addWidget(self.outcome)
        outer.addLayout(row, 1)
        outer.addWidget(TaskRow(self._desk, self))
        self._follow()

    def _build_side(self) -> QWidget:
        side = QWidget(self)
        side.setFixedWidth(self._desk.look.pixels(286))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        kinds = _KINDS[self._first.record]
        self._kind = self._choice(column, _("1 印什么？"), "kind", *(_(each.title) for each in kinds))
        self._kind.button(kinds.index(self._first.kind)).setChecked(True)
        self._range = self._choice(column, _("2 印哪些？"), "range", *self._range_words())
        self._village = Combo(self._desk.look, side)
        self._village.setObjectName("cards_village")
        self._village.setAccessibleName(_("村居"))
        self._village.activated.connect(lambda _row: self._changed())
        column.addWidget(self._village)
        self._paper_place = QWidget(side)
        paper = QVBoxLayout(self._paper_place)
        paper.setContentsMargins(0, 0, 0, 0)
        paper.setSpacing(6)
        self._paper = self._choice(paper, _("3 用什么纸？"), "paper", _("A4 一张两份"), _("A5 一张一份"))
        column.addWidget(self._paper_place)
        rules = QLabel(_("姓名和号码是全的，页脚印“内部资料”、姓名和日期，查看和打印都记入操作记录。"), side)
        rules.setObjectName("cards_rules")
        rules.setProperty("look", "small")
        rules.setWordWrap(True)
        column.addWidget(rules)
        column.addSpacing(4)
        self._lock = LockBox("cards", side)
        column.addWidget(self._lock)
        column.addStretch(1)
        self._summary = QLabel(side)
        self._summary.setObjectName("cards_summary")
        self._summary.setProperty("look", "small")
        self._summary.setWordWrap(True)
        column.addWidget(self._summary)
        self._look = self._button(_("看打印样子"), "eye", "cards_look")
        self._look.clicked.connect(lambda _on: self.make())
        self._print = self._button(_("打印…"), "printer", "cards_print")
        self._print.clicked.connect(lambda _on: self._ask_printer())
        self._save = self._button(_("存为 PDF…"), "device-floppy", "cards_save")
        self._save.clicked.connect(lambda _on: self._ask_file())
        leave = self._button(_("关闭"), "x", "cards_close")
        leave.clicked.connect(lambda _on: self.close())
        for pair in ((self._look,), (self._save, self._print), (leave,)):
            line = QHBoxLayout()
            for button in pair:
                line.addWidget(button)
            column.addLayout(line)
        return side

    def _range_words(self) -> list[str]:
        keys = self._first.keys
        if keys is not None and len(keys) == 1 and self._first.words:
            self._ranges = [("one", keys)]
            words = [_("只这一份：{code}").format(code=self._first.words)]
        else:
            self._ranges = [("all", None)]
            words = [_("列表里的全部")]
            if keys:
                self._ranges.append(("chosen", keys))
                words.append(_("只要选中的 {count:,} 份").format(count=len(keys)))
        self._ranges.append((_VILLAGE, None))
        return [*words, _("一个村居在册的全部")]

    def _choice(self, column: QVBoxLayout, title: str, name: str, *words: str) -> QButtonGroup:
        group = QButtonGroup(self)
        label = QLabel(title, self)
        label.setProperty("look", "field")
        column.addWidget(label)
        row: QHBoxLayout | QVBoxLayout = QHBoxLayout() if sum(map(len, words)) <= _SHORT else QVBoxLayout()
        row.setSpacing(2)
        column.addLayout(row)
        for place, text in enumerate(words):
            button = QRadioButton(text, self)
            button.setObjectName(f"cards_{name}_{place}")
            button.setAccessibleName(text)
            group.addButton(button, place)
            row.addWidget(button)
        group.button(0).setChecked(True)
        group.idClicked.connect(lambda _place: self._changed())
        return group

    def _button(self, words: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        return button

    # What follows

    def _show_facts(self, found: tuple[str, int, tuple[tuple[Key, str], ...]]) -> None:
        self._town, count, self._villages = found
        if self._ranges[0][0] == "all":
            every = self._range.button(0)
            every.setText(_("列表里的全部 {count:,} 份").format(count=count))
            every.setAccessibleName(every.text())
        self._village.addItems([title for _key, title in self._villages])
        self._range.button(len(self._ranges) - 1).setEnabled(bool(self._villages))
        self._follow()

    def _changed(self) -> None:
        if self._printed is not None:
            self._printed = None
            self.sight.show_words(_("选择改了：再点“看打印样子”。"))
            self._summary.clear()
        self.outcome.hide()
        self._follow()

    def _follow(self) -> None:
        busy, made = self._under_way is not None, self._printed is not None
        is_slip = _KINDS[self._first.record][self._kind.checkedId()] is CardKind.SLIP
        self._paper_place.setVisible(is_slip)
        self._village.setVisible(self._ranges[self._range.checkedId()][0] == _VILLAGE)
        self._look.setEnabled(self._town is not None and not busy)
        for button in (self._save, self._print):
            button.setEnabled(made and not busy)
        # One filled button: look first, then print.
        for button, primary in ((self._look, not made), (self._print, made)):
            button.setProperty("look", "primary" if primary else "")
            self._desk.look.set_icon(
                button, str(button.property("icon_name")), "on_accent" if primary else "text"
            )
            button.style().unpolish(button)
            button.style().polish(button)

    def _begin(self, ticket: Ticket) -> None:
        self._under_way = ticket
        ticket.ended.connect(self._ended)
        self.outcome.hide()
        self._follow()

    def _ended(self) -> None:
        self._under_way = None
        if self._printed is None:
            self.sight.show_words(_("没有可以看的。"))
        self._follow()

    def _refuse(self, error: UserError) -> None:
        self.outcome.refuse(str(error))

    # Paper

    def make(self) -> None:
        """Print to a file and show it, with progress and Cancel."""
        self._printed = None
        self.sight.show_words(_("正在排版…"))
        job = partial(_make, self._aside / "cards.pdf", self.wanted, self._printer)
        self._begin(
            self._desk.work(job, title=_("排版打印样子"), then=self._show, failed=self._refuse, owner=self)
        )

    def _show(self, printed: PrintedCards) -> None:
        self._printed = printed
        self.sight.show_file(printed.path)
        words = [_("{count:,} 张，打印 {pages:,} 页。").format(count=len(printed.keys), pages=printed.pages)]
        if printed.withheld:
            words.append(_("另有 {count} 张按规定限制查看，没有印。").format(count=printed.withheld))
        if printed.restricted:
            words.append(
                _("其中 {count} 张涉及限制查看的对象，请专人保管。").format(count=printed.restricted)
            )
        if printed.long:
            names = "、".join(printed.long[:_NAMED])
            words.append(_("一张纸放不下、接着印了第二页：{names}").format(names=names))
        self._summary.setText("\n".join(words))
        if printed.lost:
            signs = " ".join(sorted(printed.lost))
            self.outcome.tell(
                _("这台电脑没有这些字的字形，印成了“〓”：{signs}。请核对后再打印。").format(signs=signs),
                Weight.WARN,
            )
        self._follow()

    def _ask_file(self) -> None:
        try:
            self._lock.password()
        except BadPassword:
            return
        start = self._folders.of(_FOLDER) / self.file_name()
        name, _filter = QFileDialog.getSaveFileName(self, _("存为 PDF"), str(start), "PDF (*.pdf)")
        if name:
            target = Path(name)
            self.save_to(
                target if target.suffix.lower() == ".pdf" else target.with_name(target.name + ".pdf")
            )

    def save_to(self, target: Path) -> None:
        """Save the very file that is shown."""
        if self._printed is None:
            return
        try:
            password = self._lock.password()
        except BadPassword:
            return
        self._begin(
            self._desk.work(
                save_cards,
                self._printed,
                target,
                password,
                title=_("存为 PDF"),
                then=self._say_saved,
                failed=self._refuse,
                owner=self,
            )
        )

    def _say_saved(self, saved: PrintedCards) -> None:
        self._lock.forget()
        self._folders.keep(_FOLDER, saved.path)
        self.outcome.say_saved(saved.path, _("已保存 {name}。").format(name=saved.path.name))

    def _ask_printer(self) -> None:
        if self._printed is None:
            return
        ask_printer(self._printed.setup, "cards_printer", self, self.print_on)

    def print_on(self, printer: QPrinter) -> None:
        """Print the very file that is shown; what is given out is logged first."""
        if self._printed is not None:
            name = self._printed.path.name
            self._desk.change(log_given, "print", self._printed, name, then=partial(self._send, printer))

    def _send(self, printer: QPrinter, _logged: object) -> None:
        if self._printed is None:
            return
        job = printing_of(self._printed.path, printer)
        self._desk.work(job, title=_("打印"), then=self._sent, failed=self._refuse, owner=self)

    def _sent(self, pages: int) -> None:
        self.outcome.tell(_("已送到打印机：{pages} 页").format(pages=pages), Weight.GOOD)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._clean()
        super().closeEvent(event)

    @override
    def done(self, result: int) -> None:
        self._clean()
        super().done(result)

    def _clean(self) -> None:
        """No copy of what was looked at, and no password, stays behind."""
        if self._under_way is not None:
            self._under_way.cancel()
        self._lock.forget()
        self.sight.document.close()
        self._kept.close()


def _facts(store: Store, wanted: CardsOut) -> tuple[str, int, tuple[tuple[Key, str], ...]]:
    villages = sorted(
        ((each.key, each.title) for each in pick(store, "village", "", _MOST_VILLAGES)),
        key=lambda each: each[1],
    )
    return profile_of(store).town, count_of(store, wanted.query), tuple(villages)


def _make(target: Path, wanted: CardsOut, printer: Printer, store: Store, progress: Progress) -> PrintedCards:
    return print_cards(store, wanted, target, printer, progress)
