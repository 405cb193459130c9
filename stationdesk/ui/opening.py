"""The way in: which station, who is working, the password; and the way back when it did not open."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from stationdesk.core.errors import UserError
from stationdesk.core.log import Crash, frames_of
from stationdesk.core.messages import _
from stationdesk.core.progress import Cancelled
from stationdesk.services import stations
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.crash import CrashDialog
from stationdesk.ui.dialogs.first_start import FirstStartDialog, NewStation
from stationdesk.ui.dialogs.worker import WorkerDialog
from stationdesk.ui.tasks import Lane, Lanes, Ticket
from stationdesk.ui.theme import Look

log = logging.getLogger("stationdesk.ui")


@dataclass(frozen=True, slots=True)
class Ways:
    """How stations are made and found; passed in by the app."""

    place: Path
    """Where a new station is proposed."""
    practice: Callable[[], Store]
    """Opens the practice town, making it the first time."""
    practice_place: Path
    """Where the practice town is, or would be."""
    name_of: Callable[[Path], str]
    """What the station in a folder is called, as far as that is known before it is open."""
    here: Path | None = None
    """The station that is open already: whoever chooses it stays."""


class Opening(QObject):
    """Asks until a station is open. Nothing here waits on the window's thread."""

    opened = Signal(object)
    """The open `Store`."""
    given_up = Signal()
    """Every dialog was closed, or the station that is open already was chosen."""

    def __init__(self, look: Look, ways: Ways, over: QWidget | None = None) -> None:
        super().__init__()
        self._look = look
        self._ways = ways
        self._over = over
        self._lanes = Lanes()
        self._dialog: FirstStartDialog | WorkerDialog | None = None

    def ask(self, refusal: str = "") -> None:
        """Offer a new station, an existing one, or the practice town."""
        dialog = FirstStartDialog(self._look, self._ways.place, self._over)
        dialog.new_wanted.connect(self._make)
        dialog.existing_wanted.connect(self.open)
        dialog.practice_wanted.connect(self._practise)
        self._show(dialog)
        if refusal:
            dialog.refuse(refusal)

    def open(self, root: Path, worker: str | None = None) -> None:
        """Open a station: at once where nothing has to be asked, otherwise after the worker's name and password."""
        if self._is_here(root):
            self._stay()
            return
        try:
            workers = stations.workers_of(root)
            secret = stations.is_encrypted(root)
        except UserError as error:
            self._refuse(error)
            return
        if not secret and (len(workers) <= 1 or worker is not None):
            self._try(lambda: stations.open_station(root, worker or (workers[0] if workers else None)))
            return
        dialog = WorkerDialog(
            workers, self._look, self._ways.name_of(root), root, secret=secret, parent=self._over
        )
        dialog.chosen.connect(
            lambda name, password: self._try(lambda: stations.open_station(root, name, password or None))
        )
        dialog.other_station_wanted.connect(self.ask)
        self._show(dialog)

    def _practise(self) -> None:
        if self._is_here(self._ways.practice_place):
            self._stay()
        else:
            self._try(self._ways.practice)

    def _is_here(self, root: Path) -> bool:
        return self._ways.here is not None and root.resolve() == self._ways.here.resolve()

    def _stay(self) -> None:
        self._end()
        self.given_up.emit()

    def _make(self, wanted: NewStation) -> None:
        profile = stations.Profile(wanted.station, wanted.town or wanted.station)
        newcomers = [stations.Newcomer(wanted.worker, wanted.password or None)]
        self._try(lambda: stations.create(wanted.folder, profile, newcomers))

    def _show(self, dialog: FirstStartDialog | WorkerDialog) -> None:
        former, self._dialog = self._dialog, dialog
        dialog.finished.connect(self._closed)
        if self._over is not None:
            dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()
        if former is not None:
            former.finished.disconnect(self._closed)
            former.close()
            former.deleteLater()

    def _closed(self, result: int) -> None:
        if result != QDialog.DialogCode.Accepted:
            self._end()
            self.given_up.emit()

    def _try(self, opening: Callable[[], Store]) -> None:
        if self._dialog is not None:
            self._dialog.setEnabled(False)
        self._lanes.run(Lane.WRITES, lambda _progress: opening(), self._tried, _("正在打开"))

    def _tried(self, _ticket: Ticket, done: Future[object]) -> None:
        if self._dialog is not None:
            self._dialog.setEnabled(True)
        try:
            store = done.result()
        except (CancelledError, Cancelled):
            return
        except UserError as error:
            self._refuse(error)
            return
        except Exception as error:
            log.critical("a bug on the way into a station", exc_info=error)
            if self._dialog is not None:
                self._dialog.refuse(_("程序出错了"))  # which also lets the worker try again
            CrashDialog(Crash(type(error).__qualname__, frames_of(error)), self._look, self._dialog).open()
            return
        self._end()
        self.opened.emit(store)

    def _refuse(self, error: UserError) -> None:
        if self._dialog is None:
            self.ask(str(error))
        else:
            self._dialog.refuse(str(error))

    def _end(self) -> None:
        self._lanes.close()
        if self._dialog is not None:
            dialog, self._dialog = self._dialog, None
            dialog.finished.disconnect(self._closed)
            dialog.close()
            dialog.deleteLater()
