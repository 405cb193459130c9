"""The program at work in a process of its own, and killed there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

KILLS = int(os.environ.get("STATIONDESK_KILLS", "4"))


class Child:
    """The program at work in a process of its own."""

    def __init__(self, code: str, *words: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        assert self._process.stdout.readline() == "ready\n"
        self.begun = time.monotonic()
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def ended(self) -> bool:
        """Wait for its end; whether it did all it was to do."""
        told, _errors = self._process.communicate()
        return told == "done\n"

    def killed(self, after: float) -> bool:
        """Kill it so many seconds after its beginning; whether it was still at work."""
        try:
            self._process.wait(max(0.0, self.begun + after - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
        self._process.communicate()
        return self._process.returncode == -signal.SIGKILL


def points(whole: float) -> Iterator[float]:
    """The moments of the trials, in seconds, from the beginning of the writing to its end."""
    return (whole * (trial + 0.5) / KILLS for trial in range(KILLS))


def kill_at(after: float, begin: Callable[[], Child]) -> bool:
    """Try a moment, and earlier ones where the work was over already; whether a kill met it at work."""
    for _again in range(5):
        if begin().killed(after):
            return True
        after *= 0.7
    return False
