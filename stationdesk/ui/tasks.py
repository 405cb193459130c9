"""Work off the window's thread: three lanes, progress with Cancel, and the way back.

Results come back through one `Delivery` that lives as long as the program, so that nothing is ever sent to
a widget that is gone. A lane is a `ThreadPoolExecutor(1)`: a `QThreadPool` of one is not one thread.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from enum import StrEnum

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from typing_extensions import override

from stationdesk.core.progress import Cancelled, Progress

SHOW_AFTER = 300
"""Milliseconds after which work is seen to be under way."""
_PACE = 0.05  # seconds between two reports of progress


class Lane(StrEnum):
    """The three threads beside the window's own."""

    WRITES = "writes"
    SCREENS = "screens"
    LONG = "long"


class WrongThread(RuntimeError):
    """The desk was called from a thread that is not the window's. A bug."""


class Closed(RuntimeError):
    """Work was asked for after the desk was closed. A bug."""


class Delivery(QObject):
    """Runs what other threads hand over on the thread that made it, in order."""

    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._arrived.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, action: Callable[[], object]) -> None:
        """Have `action` run on the window's thread. May be called from any thread."""
        self._arrived.emit(action)

    @Slot(object)
    def _run(self, action: Callable[[], object]) -> None:
        action()


class Ticket(QObject):
    """One piece of work that was asked for."""

    moved = Signal()
    """Progress was made; read `done`, `total` and `sentence`."""
    ended = Signal()

    def __init__(self, lane: Lane, title: str) -> None:
        super().__init__()
        self.lane = lane
        self.title = title
        self.sentence = ""
        self.done = 0
        self.total = 0
        self.dropped = False
        self.over = False
        self._stop = threading.Event()
        self._future: Future[object] | None = None

    @property
    def stopping(self) -> bool:
        """Whether somebody pressed Cancel."""
        return self._stop.is_set()

    def drop(self) -> None:
        """The result is not wanted any more; work that has not begun is not begun."""
        self.dropped = True
        if self._future is not None:
            self._future.cancel()

    def cancel(self) -> None:
        """Have the work stop at its next step."""
        self._stop.set()
        if self._future is not None:
            self._future.cancel()

    def follow(self, future: Future[object]) -> None:
        """Tie the ticket to its place in the lane."""
        self._future = future

    def report(self, done: int, total: int, sentence: str) -> None:
        """Take note of progress; on the window's thread."""
        self.done, self.total, self.sentence = done, total, sentence
        if not self.over:
            self.moved.emit()


class _Report(Progress):
    """The progress that work sees on its own thread."""

    def __init__(self, ticket: Ticket, delivery: Delivery) -> None:
        self._ticket = ticket
        self._delivery = delivery
        self._sentence = ""
        self._last = 0.0

    @override
    def step(self, done: int, total: int) -> None:
        if self._ticket.stopping:
            raise Cancelled
        now = time.monotonic()
        if now - self._last >= _PACE or done >= total:
            self._last = now
            self._delivery.post(functools.partial(self._ticket.report, done, total, self._sentence))

    @override
    def say(self, sentence: str) -> None:
        if self._ticket.stopping:
            raise Cancelled
        self._sentence = sentence
        self._delivery.post(
            functools.partial(self._ticket.report, self._ticket.done, self._ticket.total, sentence)
        )


class Lanes(QObject):
    """The three threads and what is under way on them."""

    slow = Signal(object)
    """A ticket is under way for longer than `SHOW_AFTER`."""
    idle = Signal()
    """Nothing is under way on any lane."""

    def __init__(self) -> None:
        super().__init__()
        self._delivery = Delivery()
        self._pools = {lane: ThreadPoolExecutor(1, thread_name_prefix=lane.value) for lane in Lane}
        self._tickets: set[Ticket] = set()
        self._closed = False
        self._home = threading.get_ident()

    @property
    def under_way(self) -> tuple[Ticket, ...]:
        """What has been asked for and is not finished."""
        return tuple(self._tickets)

    def check_thread(self) -> None:
        """Refuse a call from any thread but the window's."""
        if threading.get_ident() != self._home:
            raise WrongThread("the desk belongs to the window's thread")

    def run(
        self,
        lane: Lane,
        job: Callable[[Progress], object],
        finished: Callable[[Ticket, Future[object]], object],
        title: str = "",
    ) -> Ticket:
        """Run `job` on a lane; `finished` is called on the window's thread, whatever came of it.

        Raises:
            WrongThread: called from a thread that is not the window's.
            Closed: something is to be changed after the end; a screen that asks then is left unanswered.
        """
        self.check_thread()
        ticket = Ticket(lane, title)
        if self._closed:
            if lane is Lane.SCREENS:
                ticket.drop()  # a last repaint may still ask for rows that nobody will see
                return ticket
            raise Closed("the desk takes no more work")
        self._tickets.add(ticket)
        report = _Report(ticket, self._delivery)
        future = self._pools[lane].submit(job, report)
        ticket.follow(future)
        future.add_done_callback(
            lambda done: self._delivery.post(functools.partial(self._finish, ticket, done, finished))
        )
        QTimer.singleShot(SHOW_AFTER, self, functools.partial(self._show, ticket))
        return ticket

    def post(self, action: Callable[[], object]) -> None:
        """Have `action` run on the window's thread. May be called from any thread."""
        self._delivery.post(action)

    def refuse(self) -> None:
        """Take no more work, and have what can be stopped stop."""
        self.check_thread()
        self._closed = True
        for ticket in self._tickets:
            if ticket.lane is not Lane.WRITES:
                ticket.cancel()

    def close(self) -> None:
        """Take no more work and wait until what is under way has ended."""
        self.refuse()
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def _show(self, ticket: Ticket) -> None:
        if not ticket.over:
            self.slow.emit(ticket)

    def _finish(
        self, ticket: Ticket, done: Future[object], finished: Callable[[Ticket, Future[object]], object]
    ) -> None:
        ticket.over = True
        self._tickets.discard(ticket)
        ticket.ended.emit()
        try:
            finished(ticket, done)
        finally:
            if not self._tickets:
                self.idle.emit()


def alive(owner: QObject | None) -> bool:
    """Whether a callback of `owner` may still be called; None owns itself."""
    return owner is None or shiboken6.isValid(owner)


def owner_of(callback: Callable[..., object] | None, owner: QObject | None) -> QObject | None:
    """The object whose end makes `callback` void.

    A bound method brings its object along; any other callable has to come with an `owner`.
    """
    if owner is not None or callback is None:
        return owner
    inner: object = callback
    while isinstance(inner, functools.partial):
        inner = inner.func
    found = getattr(inner, "__self__", None)
    if not isinstance(found, QObject):
        raise TypeError("a callback that is no method of a QObject needs an owner")
    return found


__all__ = [
    "SHOW_AFTER",
    "CancelledError",
    "Closed",
    "Delivery",
    "Lane",
    "Lanes",
    "Ticket",
    "WrongThread",
    "alive",
    "owner_of",
]
