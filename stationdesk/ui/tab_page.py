"""What every tab of the window is: it fetches when it is seen, and says what it would lose."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key, Values
from stationdesk.ui.desk import Desk


class TabPage(QWidget):
    """The base of the tabs. A subclass names the `records` it shows and overrides what it can do.

    When something it shows was changed, it fetches again: at once while it is visible, otherwise when it is shown.
    """

    open_wanted = Signal(str, str)
    """Open a record (record, key) wherever it is shown; the window knows the tab."""
    query_wanted = Signal(object)
    """Show the rows of a `Query` in the tab of its record, such as those behind a figure."""
    unsaved_changed = Signal()
    """`unsaved` is to be asked again."""

    records: frozenset[str] = frozenset()
    """The kinds of record whose change makes this tab stale."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._stale = True
        desk.changed.connect(self._notice_change)

    @property
    def unsaved(self) -> bool:
        """Whether something was typed here that is not saved."""
        return False

    @property
    def opened(self) -> tuple[str, Key] | None:
        """The saved record that is open (record, key), to be opened again in a tab that takes this one's place."""
        return None

    def fetch(self) -> None:
        """Read what is shown."""

    def open_record(self, record: str, key: Key) -> None:
        """Show one record."""

    def show_query(self, query: object) -> None:
        """Show the rows of a `services.listing.Query`."""

    def new_record(self) -> None:
        """Begin a new record (Ctrl+N)."""

    def begin_record(self, record: str, values: Values) -> None:
        """Begin a new record of a kind that is shown here, with values to start with."""
        del record, values
        self.new_record()

    def step(self, *, ahead: bool) -> bool:
        """Take back a step of work that is not saved yet, or do it again; False where there is none."""
        del ahead
        return False

    def show_first(self) -> None:
        """Open the first of what is listed, as somebody who looks around would."""

    @property
    def is_ready(self) -> bool:
        """Whether everything that is shown has come, beyond what the desk knows to be under way."""
        return True

    def ask_to_leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        """Call `then` when nothing would be lost, otherwise after the worker has said so."""
        del stay
        then()

    def wants(self, changes: ChangeSet) -> bool:
        """Whether these changes make what is shown stale."""
        return bool(self.records & changes.records)

    def _notice_change(self, changes: ChangeSet) -> None:
        if not self.wants(changes):
            return
        if self.isVisible():
            self.fetch()
        else:
            self._stale = True

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.fetch()
