"""The program's log and what happens to errors nobody expected.

The log names records by their number only. Whatever a message or an exception carries beyond that is
withheld: runs of Chinese (names, addresses), long digits (phones, cards), and the text of exceptions, which
quotes values.
"""

from __future__ import annotations

import copy
import logging
import logging.handlers
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from typing_extensions import override

from stationdesk.core.vocab.resources import MapClass

_LOG_BYTES = 1_000_000
_LOG_FILES = 5
_logger = logging.getLogger("stationdesk")

_LETTERS = "".join(letter.code for letter in MapClass)
_PRIVATE = re.compile(
    rf"(?P<number>[{_LETTERS}]-\d{{1,6}}(?!\d))"
    "|[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
    r"|\d[\d -]{5,}[\dXx]"
)


def withheld(text: str) -> str:
    """A text with everything that may be personal replaced; record numbers such as 医-07 stay."""
    return _PRIVATE.sub(lambda match: match["number"] or "[...]", text)


def frames_of(error: BaseException) -> str:
    """Where an error came from, and from which errors before it: kinds and places, none of their words."""
    lines: list[str] = []
    chain: BaseException | None = error
    seen: set[int] = set()
    while chain is not None and id(chain) not in seen:
        seen.add(id(chain))
        lines.append(f"{type(chain).__module__}.{type(chain).__qualname__}")
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(chain.__traceback__)
        ]
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return "\n".join(lines)


@dataclass(frozen=True)
class Crash:
    """An error nobody expected, as the crash dialog shows it and as it may be copied into a letter."""

    kind: str
    report: str


class _Formatter(logging.Formatter):
    """One line for each event, nothing personal in it."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        # A handler before this one leaves its own words of the exception in the record; they quote values.
        record = copy.copy(record)
        record.exc_text = None
        record.stack_info = None
        return super().format(record)

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = withheld(record.message).replace("\n", " ")
        return super().formatMessage(record)

    @override
    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return frames_of(ei[1]) if ei[1] is not None else ""


def start_log(file: Path, level: int = logging.INFO) -> logging.Handler:
    """Log to a file from now on, 1 MB each, five kept. Returns the handler, for `stop_log`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Stop logging to the file and close it."""
    logging.getLogger().removeHandler(handler)
    handler.close()


@contextmanager
def watching_crashes(report: Callable[[Crash], None]) -> Iterator[None]:
    """While the block runs, errors nobody caught, on any thread, are logged and handed to `report`.

    `report` may be called on any thread. If it fails itself, that is logged and goes no further.
    """
    before, before_thread = sys.excepthook, threading.excepthook

    def take(error: BaseException) -> None:
        _logger.critical("unexpected error", exc_info=error)
        try:
            report(Crash(kind=type(error).__qualname__, report=frames_of(error)))
        except Exception as second:
            _logger.critical("the crash report failed", exc_info=second)

    def on_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, trace)
            return
        take(error.with_traceback(trace))

    def on_thread(event: threading.ExceptHookArgs) -> None:
        if event.exc_value is not None and not isinstance(event.exc_value, SystemExit):
            take(event.exc_value)

    sys.excepthook, threading.excepthook = on_main, on_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before, before_thread
