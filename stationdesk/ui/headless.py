"""Printing and pictures without a window that anybody sees, for commands and the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, QTimer

from stationdesk.core.printing import Printer
from stationdesk.ui.application import log_qt_messages, make_application

_LOOK_AGAIN = 50  # milliseconds


@contextmanager
def printing() -> Iterator[Printer]:
    """A printer for the length of a block; the web engine starts with the first print."""
    make_application()
    log_qt_messages()
    from stationdesk.ui.web.printing import WebPrinter

    yield WebPrinter()


def wait_until(is_ready: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Let the window live until `is_ready` says so; False when it did not in time."""
    if is_ready():
        return True
    loop = QEventLoop()
    patience, look = QTimer(), QTimer()
    patience.setSingleShot(True)
    patience.timeout.connect(loop.quit)
    look.timeout.connect(lambda: loop.quit() if is_ready() else None)
    patience.start(int(seconds * 1000))
    look.start(_LOOK_AGAIN)
    loop.exec()
    look.stop()
    return is_ready()
