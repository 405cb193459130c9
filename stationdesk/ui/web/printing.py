"""Printing a static page to PDF with the web engine, from any thread and with no window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, QThread, Signal, Slot
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.printing import PageSetup, Printer

PATIENCE = 120.0
"""Seconds after which a print is given up; a sheet of 200 entries takes about one."""


class Order:
    """One page to print, and how it ended: `trouble` says what went wrong, or None."""

    def __init__(self, html: str, target: Path, setup: PageSetup) -> None:
        self.html = html
        self.target = target
        self.setup = setup
        self.trouble: Exception | None = None
        self.on_end: Callable[[], None] | None = None
        self._done = threading.Event()

    def finish(self, trouble: Exception | None) -> None:
        """Say how it ended, on the window thread, and let the waiting thread go on."""
        self.trouble = trouble
        self._done.set()
        if self.on_end is not None:
            self.on_end()

    @property
    def is_done(self) -> bool:
        """Whether the print has ended, well or not."""
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, from another thread; False when it did not come."""
        return self._done.wait(seconds)


class _Press(QObject):
    """Takes orders on the window thread, whichever thread they come from."""

    ordered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.ordered.connect(self.start, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def start(self, order: Order) -> None:
        """Begin to print; the web engine is loaded here, with the first print and not before."""
        try:
            from stationdesk.ui.web.paper import start

            start(order, PATIENCE)
        except Exception as trouble:  # noqa: BLE001 - it belongs to the thread that waits, and is raised there
            order.finish(trouble)


class WebPrinter(Printer):
    """The printer that services are given. Make it on the window thread.

    The page is loaded from our own scheme in a profile off the record, with scripts off and every other
    address refused. The QApplication must exist and have been made with `AA_ShareOpenGLContexts`.
    """

    def __init__(self) -> None:
        self._press = _Press()

    @override
    def print_html(self, html: str, target: Path, setup: PageSetup) -> None:
        order = Order(html, target, setup)
        if QThread.currentThread() is self._press.thread():
            self._print_here(order)
        else:
            self._print_there(order)
        if order.trouble is not None:
            raise order.trouble
        if not target.is_file() or target.stat().st_size == 0:
            raise UserError(
                "打印没有生成文件：{path}。请检查磁盘空间和文件夹权限，然后再试一次。", path=str(target)
            )

    def _print_here(self, order: Order) -> None:
        # A command without a window runs on the only thread there is: its events must go on meanwhile.
        loop = QEventLoop()
        order.on_end = loop.quit
        self._press.start(order)
        if not order.is_done:
            loop.exec()

    def _print_there(self, order: Order) -> None:
        self._press.ordered.emit(order)
        # The window thread keeps the time itself; the extra seconds are for the case that it is gone.
        if not order.wait(PATIENCE + 10):
            raise UserError("打印没有完成：程序没有回应。请重新打开程序再试。")
