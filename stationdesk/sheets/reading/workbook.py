"""Opens a workbook of any kind in a child process and waits for its rows."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from stationdesk.core.errors import UserError
from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets.reading.cells import Merge, PackedRows, Sheet, Workbook, unpack
from stationdesk.sheets.reading.child import SECONDS, serve
from stationdesk.sheets.reading.refusals import too_big

_LOOK = 0.1
"""Seconds between two looks at Cancel and at the clock."""


@dataclass(slots=True)
class _Arriving:
    """A sheet whose rows are still coming."""

    name: str
    hidden: bool
    merges: tuple[Merge, ...]
    total: int
    rows: PackedRows = field(default_factory=PackedRows)

    def finished(self) -> Sheet:
        return Sheet(self.name, self.rows, self.merges, hidden=self.hidden)


def read_workbook(path: Path, progress: Progress = SILENT, *, seconds: float = SECONDS) -> Workbook:
    """Everything in a file: .xlsx, .xlsm, .xls, .ods, or text with separators in UTF-8, UTF-16 or GB18030.

    The file is parsed in a process of its own with a limit on memory (1.5 GB) and on time; Cancel ends
    that process within a tenth of a second or so. Charts and macros are not read. What a file is, is told by
    its content, not by its name.

    Raises:
        UserError: in one sentence, when the file cannot be read or is too big.
        Cancelled: when the worker pressed Cancel.
    """
    processes = multiprocessing.get_context("spawn")
    receiving, sending = processes.Pipe(duplex=False)
    process = processes.Process(target=serve, args=(sending, str(path.absolute())), daemon=True)
    process.start()
    # Only the child may hold the sending end, or its death would never be noticed here.
    sending.close()
    try:
        return _received(receiving, path, progress, time.monotonic() + seconds)
    finally:
        receiving.close()
        process.kill()
        process.join()
        process.close()


def _received(receiving: Connection, path: Path, progress: Progress, deadline: float) -> Workbook:
    sheets: list[_Arriving] = []
    while True:
        progress.step(*_reached(sheets))
        if time.monotonic() > deadline:
            raise UserError("读这个文件用的时间太长，已停下。请删去多余的工作表和空白行列，或分成几个文件。")
        if not receiving.poll(_LOOK):
            continue
        try:
            message: list[Any] = unpack(receiving.recv_bytes())
        except EOFError as error:
            # The reader ends the whole process when memory runs out; nothing else ends it without a word.
            raise too_big() from error
        match message:
            case ["sheet", name, hidden, merges, total]:
                sheets.append(_Arriving(name, hidden, tuple(Merge(*merge) for merge in merges), total))
            case ["rows", rows]:
                sheets[-1].rows.extend(map(tuple, rows))
            case ["done", encoding, separator, *open_format]:
                form, notes = open_format or ("", ())
                found = tuple(sheet.finished() for sheet in sheets)
                return Workbook(path.name, found, encoding, separator, form, tuple(notes))
            case ["refused", template, values]:
                raise UserError(template, **values)
            case _:
                raise RuntimeError(f"the reading process failed: {message[1:]}")


def _reached(sheets: list[_Arriving]) -> tuple[int, int]:
    if not sheets:
        return 0, 1
    return len(sheets[-1].rows), max(1, sheets[-1].total)
