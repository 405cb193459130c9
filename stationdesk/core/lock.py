"""The lock that keeps a second copy of the program out of a station folder."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from stationdesk.core.errors import AlreadyOpen, UserError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOCKED_BYTE = 1 << 30  # Windows locks bytes, and a locked byte cannot be read: lock one far behind the text


@dataclass(frozen=True)
class Holder:
    """Who wrote its name into the lock file."""

    pid: int
    host: str


class FolderLock:
    """An operating-system lock on a file of its own in a folder; it goes with the process, however that ends.

    `with FolderLock(folder):` or `acquire` and `release`. A lock that is held is AlreadyOpen. What an earlier
    process that died left in the file is `left_by`, known only after the lock is ours.
    """

    def __init__(self, folder: Path, name: str = "lock") -> None:
        self.path = folder / name
        self.left_by: Holder | None = None
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock and write this process into the file; AlreadyOpen when another has it."""
        if self._handle is not None:
            return
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise
            raise UserError("没有权限写入“{folder}”，不能打开。", folder=self.path.parent) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
                raise self._already_open() from error
            raise UserError(
                "“{folder}”所在的盘不能加锁，数据在那里不安全。请把它放到本机的硬盘上。",
                folder=self.path.parent,
            ) from error
        self.left_by = _read(self.path)
        self._handle = handle
        self._write(json.dumps(asdict(Holder(os.getpid(), socket.gethostname()))))

    def release(self) -> None:
        """Give the lock back. The file stays: removing it could remove somebody else's lock."""
        if self._handle is None:
            return
        handle = self._handle
        self._write("")
        self._handle = None
        _unlock(handle)
        os.close(handle)

    def __enter__(self) -> Self:
        """Take the lock for a block."""
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back at the end of the block."""
        self.release()

    def _write(self, text: str) -> None:
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, text.encode())

    def _already_open(self) -> AlreadyOpen:
        holder = _read(self.path)
        if holder is None:
            return AlreadyOpen("“{folder}”已经打开。请先关闭那边的窗口。", folder=self.path.parent)
        if holder.host != socket.gethostname():
            return AlreadyOpen(
                "“{folder}”已在电脑 {host} 上打开。请先在那台电脑上关闭。",
                folder=self.path.parent,
                host=holder.host,
            )
        return AlreadyOpen(
            "“{folder}”已在本机打开（进程 {pid}）。请到已打开的窗口继续，或先关闭它。",
            folder=self.path.parent,
            pid=holder.pid,
        )


def _read(path: Path) -> Holder | None:
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads(path.read_text(encoding="utf-8"))
        return Holder(int(told["pid"]), str(told["host"]))
    return None


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
