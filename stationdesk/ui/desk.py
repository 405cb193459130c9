"""The hub: tabs ask it to change, to read and to work; it says what changed.

Made once by the app and handed on; there are no global objects. Signals go up, calls go down, tabs never
meet. Every call comes from the window's thread and every callback returns to it.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from datetime import UTC, datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.log import Crash, frames_of
from stationdesk.core.messages import _
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.services.store import Store
from stationdesk.ui.notices import Notice, Weight
from stationdesk.ui.tasks import Lane, Lanes, Ticket, alive, owner_of
from stationdesk.ui.theme import Look

T = TypeVar("T")
Then = Callable[[T], object]
Failed = Callable[[UserError], object]


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


log = logging.getLogger("stationdesk.ui")


class Desk(QObject):
    """One open station, as the window sees it."""

    changed = Signal(object)
    """A `ChangeSet` was written. Each tab decides whether to fetch again."""
    noticed = Signal(object)
    """A `Notice` for the bar."""
    crashed = Signal(object)
    """A bug, as a `core.log.Crash`."""
    slow = Signal(object)
    """A `Ticket` that takes longer than 300 ms."""

    def __init__(self, store: Store, look: Look, now: Callable[[], datetime] = _now) -> None:
        super().__init__()
        self.store = store
        self.look = look
        self.now = now
        self._lanes = Lanes()
        self._lanes.slow.connect(self.slow)

    @property
    def under_way(self) -> tuple[Ticket, ...]:
        """Work that is not finished."""
        return self._lanes.under_way

    def change(
        self,
        use_case: Callable[..., T],
        *args: object,
        then: Then[T] | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
        title: str = "",
    ) -> Ticket:
        """Run `use_case(store, *args)` on the lane that writes, and call `then` with what it returns.

        Where that is a `ChangeSet` with changes, `changed` is sent first.

        With a `title` the use case is long: it is also given `progress=` and can be cancelled. `failed`
        takes a `UserError` in place of the notice.
        """
        return self._run(Lane.WRITES, use_case, args, then, failed, owner, title)

    def read(
        self,
        query: Callable[..., T],
        *args: object,
        then: Then[T],
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> Ticket:
        """Run `query(store, *args)` on the lane of the screens and hand what it returns to `then`."""
        return self._run(Lane.SCREENS, query, args, then, failed, owner, "")

    def work(
        self,
        job: Callable[..., T],
        *args: object,
        title: str,
        then: Then[T] | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> Ticket:
        """Run `job(store, *args, progress=...)` on the long lane, with a bar after 300 ms and Cancel."""
        return self._run(Lane.LONG, job, args, then, failed, owner, title)

    def notify(self, text: str, weight: Weight = Weight.GOOD) -> None:
        """Show a sentence in the bar of notices."""
        self.noticed.emit(Notice(text, weight))

    def finish(self, then: Callable[[], object]) -> None:
        """Refuse new work and call `then` when what is under way has ended; the window stays alive meanwhile."""
        self._lanes.refuse()
        if self._lanes.under_way:
            self._lanes.idle.connect(then)
        else:
            then()

    def close(self) -> None:
        """Refuse new work and wait for the end of what is under way. The last thing the app does."""
        self._lanes.close()

    def _run(
        self,
        lane: Lane,
        function: Callable[..., object],
        args: tuple[object, ...],
        then: Callable[..., object] | None,
        failed: Failed | None,
        owner: QObject | None,
        title: str,
    ) -> Ticket:
        self._lanes.check_thread()
        keeper = owner_of(then, owner)
        if keeper is None:
            keeper = owner_of(failed, None)

        def job(progress: Progress) -> object:
            if title:
                return function(self.store, *args, progress=progress)
            return function(self.store, *args)

        finished = functools.partial(self._finished, then, failed, keeper)
        return self._lanes.run(lane, job, finished, title)

    def _finished(
        self,
        then: Callable[..., object] | None,
        failed: Failed | None,
        owner: QObject | None,
        ticket: Ticket,
        done: Future[object],
    ) -> None:
        wanted = alive(owner) and not ticket.dropped
        try:
            result = done.result()
        except (CancelledError, Cancelled):
            if not ticket.dropped:
                self.notify(_("已取消：{title}").format(title=ticket.title or _("操作")), Weight.PLAIN)
            return
        except UserError as error:
            if failed is not None and wanted:
                failed(error)
            elif wanted or ticket.lane is not Lane.SCREENS:
                self.notify(str(error), Weight.BAD)
            return
        except Exception as error:  # noqa: BLE001 - whatever a lane raises is a bug, told and logged here
            self.report(error)
            if failed is not None and wanted and alive(owner):
                # Who waits for an answer must not wait for ever: what was typed stays, and may be tried again.
                failed(UserError("程序出错，这一步没有做成。请再试一次。"))
            return
        if isinstance(result, ChangeSet) and result:
            self.changed.emit(result)
        # A slot of `changed` may have ended the owner.
        if then is not None and wanted and alive(owner):
            then(result)

    def report(self, error: BaseException) -> None:
        """Log a bug and have the crash dialog shown."""
        log.critical("a bug reached the desk", exc_info=error)
        self.crashed.emit(Crash(type(error).__qualname__, frames_of(error)))

    def take_crash(self, crash: Crash) -> None:
        """Have a crash shown that was logged already; for `core.log.watching_crashes`, from any thread."""
        self._lanes.post(functools.partial(self.crashed.emit, crash))
