"""What pinning by places and laying by lengths have in common: the picture, the verdict, the name, the making."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services import pinning
from stationdesk.services.pinning import PinnedBase, Prepared, Recipe, Scan
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.pinning_picture import PinPicture
from stationdesk.ui.dialogs.question import Question
from stationdesk.ui.forms.abstract import AbstractWidget
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket, alive
from stationdesk.ui.theme import Role

_WIDTH, _HEIGHT = 1310, 700
_LEFT, _RIGHT = 700, 580


class PictureDialog(QDialog, metaclass=AbstractWidget):
    """A picture to point at on the left, what is told of it on the right, and below it what comes of that."""

    kept = Signal(object)
    """A `ChangeSet`: the base map is on record."""

    def __init__(
        self,
        desk: Desk,
        scan: Scan,
        name: str,
        title: str,
        called: str,
        base: PinnedBase | None,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.scan = scan
        self._name = name
        self._base = base
        self._ticket: Ticket | None = None
        self.begun: Recipe | None = None
        """What had been told when it was opened: leaving then loses nothing."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName(f"{name}_dialog")
        self.setWindowTitle(title)
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self.lead = QLabel(self)
        self.lead.setWordWrap(True)
        self.lead.setProperty("look", "muted")
        self.picture = PinPicture(desk.look, self)
        self.picture.show_picture(scan.shown, scan.size)
        self.side = QVBoxLayout()
        self.side.setSpacing(8)
        self._verdict = QLabel(self)
        self._verdict.setObjectName(f"{name}_verdict")
        self._verdict.setWordWrap(True)
        self._verdict.setTextFormat(Qt.TextFormat.PlainText)
        self._verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title = QLineEdit(called, self)
        self.title.setObjectName(f"{name}_title")
        self.title.setAccessibleName(_("底图名称"))
        self.foot = QHBoxLayout()
        self._build()

    def _build(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture, 1)
        column.addLayout(self._make_tools())
        right = QWidget(self)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addLayout(self.side, 1)
        beside.addWidget(self._verdict)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName(f"{self._name}_splitter")
        splitter.setHandleWidth(self.desk.look.pixels(12))
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([self.desk.look.pixels(_LEFT), self.desk.look.pixels(_RIGHT)])
        leave = self.make_button(_("取消"), "x", f"{self._name}_cancel", self.reject)
        self.done_button = self.make_button(_("放到地图上"), "check", f"{self._name}_save", self.make)
        self.done_button.setProperty("look", "primary")
        self.desk.look.set_icon(self.done_button, "check", "on_accent")
        self.foot.addStretch(1)
        self.foot.addWidget(QLabel(_("底图名称"), self))
        self.foot.addWidget(self.title, 1)
        self.foot.addWidget(leave)
        self.foot.addWidget(self.done_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 12, 18, 12)
        whole.setSpacing(8)
        whole.addWidget(self.lead)
        whole.addWidget(splitter, 1)
        whole.addWidget(TaskRow(self.desk, self))
        whole.addLayout(self.foot)

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for words, name, slot in (
            (_("放大"), "picture_nearer", partial(self.picture.zoom, 1)),
            (_("缩小"), "picture_farther", partial(self.picture.zoom, -1)),
            (_("看全图"), "picture_fit", self.picture.fit),
        ):
            row.addWidget(self.make_button(words, "", name, slot))
        hint = QLabel(_("滚轮缩放，按住拖动；方向键移十字，回车点一下"), self)
        hint.setProperty("look", "small")
        row.addWidget(hint)
        row.addStretch(1)
        return row

    def make_button(self, words: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        """A button of the dialog; Enter never presses it from elsewhere."""
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        if icon:
            self.desk.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: slot())
        return button

    @abstractmethod
    def recipe(self) -> Recipe:
        """What was told of the picture."""

    def tell(self, sentences: Sequence[str], *, wrong: bool = False) -> None:
        """Say what comes of what was told."""
        self._verdict.setText("\n".join(sentences))
        self._verdict.setProperty("look", "plain")
        self._verdict.setProperty("role", (Role.BAD if wrong else Role.IDLE).value)
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)

    def say(self, sentence: str) -> None:
        """Say what stands in the way."""
        self.tell([sentence], wrong=True)

    # The making

    def make(self) -> None:
        """Cut the picture on the long lane, beside other work; then put it on record."""
        recipe, path, base, name = self.recipe(), self.scan.path, self._base, self.title.text().strip()
        desk = self.desk

        def prepare(store: Store, progress: Progress = SILENT) -> Prepared:
            if base is not None:
                return pinning.prepare_again(store, base.key, recipe, name=name, progress=progress)
            return pinning.prepare(store, path, recipe, name=name, progress=progress)

        def prepared(found: Prepared) -> None:
            if not alive(self):  # it was closed over the work
                found.discard()
                return
            desk.change(pinning.keep, found, then=self._kept, failed=self._refused, owner=self)

        self.done_button.setEnabled(False)
        # The desk outlives the dialog: what was written is then cleared away all the same.
        self._ticket = desk.work(
            prepare, title=_("钉底图"), then=prepared, failed=partial(_refuse, self), owner=desk
        )
        self._ticket.ended.connect(self._stopped)

    def _stopped(self) -> None:
        if alive(self) and self._ticket is not None and self._ticket.stopping:
            self.done_button.setEnabled(True)

    def _kept(self, changes: ChangeSet) -> None:
        self.kept.emit(changes)
        self.desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why))
        self.accept()

    def _refused(self, error: UserError) -> None:
        self.say(str(error))
        self.done_button.setEnabled(True)

    @override
    def reject(self) -> None:
        at_work = self._ticket is not None and not self._ticket.over
        if at_work or self.recipe() == self.begun:
            self.leave()
            return
        words = _("点好的还没有放到地图上，离开就没有了。")
        question = Question(_("离开"), words, _("离开"), self)
        question.accepted.connect(self.leave)
        question.open()

    def leave(self) -> None:
        """Close without keeping anything; what is under way is stopped."""
        if self._ticket is not None and not self._ticket.over:
            self._ticket.cancel()
        super().reject()


def _refuse(dialog: PictureDialog, error: UserError) -> None:
    if alive(dialog):
        dialog.say(str(error))
        dialog.done_button.setEnabled(True)
