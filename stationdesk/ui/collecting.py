"""Garbage is collected on the window's thread only.

Python collects cycles on whichever thread happens to allocate. When that is a lane, it ends widgets and
other Qt objects there: their destructors take Qt's locks and then wait for Python, while the window's thread
holds Python and waits for the same locks. The program stood still for ever, seen in a trial. So the automatic
collection is off, and a timer on the window's thread does what it would have done.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_PAUSE = 1000  # milliseconds
_OLDEST_AFTER = 20
"""Collections of the middle generation before one of everything: that takes longest."""


class Collector(QObject):
    """Collects once a second what is due; made once by the application, on the window's thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_PAUSE)

    def collect(self) -> None:
        """Collect the generations that Python's own thresholds say are due."""
        young, middle, old = gc.get_count()
        first, second, _third = gc.get_threshold()
        if old > _OLDEST_AFTER:
            gc.collect(2)
        elif middle > second:
            gc.collect(1)
        elif young > first:
            gc.collect(0)
