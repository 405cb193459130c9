"""The one safe way to write a file, file names that every system takes, and the lock on a station folder.

A reader of the target sees the old file or the whole new one, never a part: the new file is written beside
the target, synced, checked, and moved into place.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from stationdesk.core.errors import UserError
from stationdesk.core.text import clean_line

_RUN = secrets.token_hex(4)
"""Marks the part files of this run of the program, which are alive; those of other runs are left over."""

_PART = re.compile(r"\.stationdesk-([0-9a-f]{8})-[0-9a-f]{8}\.(?:part|work)")
_WINDOWS_IN_USE = frozenset({5, 32, 33})  # ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_TRIES = 8
_PAUSE = 0.05  # seconds, doubled; virus scanners hold a new file for a moment
_MAX_CHARACTERS = 120
_MAX_BYTES = 200  # Linux allows 255 bytes, and a Chinese character takes three; leaves room for "(2)"


class TargetInUse(UserError):
    """The target is open in another program; nothing was written."""


def write_safely(
    target: Path,
    write: Callable[[Path], None],
    check: Callable[[Path], None] | None = None,
    *,
    needed: int | None = None,
    beside: bool = False,
    private: bool = False,
) -> Path:
    """Write a file so that the target is the old one or the complete new one.

    `write` fills the path it is given, which lies in the target's folder; `check` may read that file and
    raise to refuse it. Whatever they raise, the target stays as it was and no part file stays behind.
    `needed` is the size in bytes where it is known. With `beside`, a target that is open in an office program
    is left alone and the file is saved as "name(2)". A `private` file can be read by its owner only, from its
    first byte on. Returns the path that was written.

    Raises UserError where the place is at fault: full, read-only, a folder, open elsewhere.
    """
    target = target.resolve() if target.is_symlink() else target
    _refuse_unfit(target, needed)
    if _is_open_in_office(target):
        if not beside:
            raise _in_use(target)
        target = free_name(target)
    part = target.parent / f".stationdesk-{_RUN}-{secrets.token_hex(4)}.part"
    try:
        with _explained(target, part):
            if private:
                part.touch(0o600, exist_ok=False)
            write(part)
            _sync(part)
        if check is not None:
            check(part)
        with _explained(target, part):
            if target.exists() and not private:
                shutil.copymode(target, part)
            target = _move(part, target, beside=beside)
            _sync_folder(target.parent)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def write_bytes_safely(target: Path, content: bytes, *, private: bool = False) -> Path:
    """Write `content` as the whole of a file, safely; see `write_safely`."""

    def write(part: Path) -> None:
        part.write_bytes(content)

    return write_safely(target, write, needed=len(content), private=private)


def write_folder_safely(
    target: Path,
    write: Callable[[Path], None],
    *,
    release: Callable[[], None] | None = None,
    private: bool = False,
) -> Path:
    """Write a folder of files so that all of them are there or none.

    `write` fills the empty folder it is given; `release` is called when all is right, before it can be seen. What
    has the name already is left alone, and the folder is called "name(2)". A `private` one is for its owner only.
    Returns the folder.

    Raises UserError where the place is at fault.
    """
    if not target.parent.is_dir():
        raise _no_folder(target)
    part = target.parent / f".stationdesk-{_RUN}-{secrets.token_hex(4)}.part"
    try:
        with _explained(target, part):
            part.mkdir(mode=0o700 if private else 0o777)
        write(part)
        if release is not None:
            release()
        with _explained(target, part):
            target = free_name(target)
            part.rename(target)
            _sync_folder(target.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def free_name(path: Path) -> Path:
    """The path itself when nothing is there, otherwise the first of name(2), name(3), ... that is free."""
    candidate, number = path, 1
    while candidate.exists() or candidate.is_symlink():
        number += 1
        candidate = path.with_name(f"{path.stem}({number}){path.suffix}")
    return candidate


@contextlib.contextmanager
def work_beside(part: Path) -> Iterator[Path]:
    """A folder for what a part file is made of, on the same disk and for its owner only; it goes with the block."""
    work = part.with_suffix(".work")
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def private_folder(where: Path) -> Iterator[Path]:
    """A folder for its owner only, for what must not be seen before it is done; it goes with the block.

    What a power cut leaves of it is cleared at the next start, see `clear_leftovers`.
    """
    with work_beside(where / f".stationdesk-{_RUN}-{secrets.token_hex(4)}.part") as work:
        yield work


def clear_leftovers(*folders: Path) -> list[Path]:
    """Remove what earlier runs left in these folders when they were cut off, part files and work; says which."""
    removed = []
    for path in sorted(path for folder in folders for path in folder.glob(".stationdesk-*")):
        match = _PART.fullmatch(path.name)
        if match is None or match[1] == _RUN:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
        removed.append(path)
    return removed


_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_SHORT_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"}
)


def safe_file_name(text: str) -> str:
    """A file name for `text` that Windows and Linux both take, at most 120 characters, its suffix kept."""
    visible = "".join(sign for sign in clean_line(text) if unicodedata.category(sign) != "Cf")
    name = _FORBIDDEN.sub("_", visible).rstrip(". \u3000")
    match = _SHORT_SUFFIX.search(name)
    suffix = match[0] if match is not None else ""
    stem = _trimmed(_shortened(name.removesuffix(suffix), len(suffix)))
    if not stem:
        return f"未命名{suffix}"
    first, dot, rest = stem.partition(".")
    if first.strip().upper() in _RESERVED:
        stem = f"{first.strip()}_{dot}{rest}"
    return stem + suffix


def _trimmed(name: str) -> str:
    return name.strip().strip(". \u3000")


def _shortened(stem: str, reserved: int) -> str:
    stem = stem[: _MAX_CHARACTERS - 1 - reserved]
    return stem.encode()[: _MAX_BYTES - 1 - reserved].decode(errors="ignore")


def _refuse_unfit(target: Path, needed: int | None) -> None:
    if target.is_dir():
        raise UserError("“{name}”是一个文件夹，不能写成文件。请换一个文件名。", name=target.name)
    if not target.parent.is_dir():
        raise _no_folder(target)
    if target.exists() and not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise UserError(
            "“{name}”是只读文件，没有改动。请换一个文件名，或先取消它的只读属性。", name=target.name
        )
    if needed is not None and needed > (free := shutil.disk_usage(target.parent).free):
        raise _disk_full(target, free, needed)


def _no_folder(target: Path) -> UserError:
    return UserError("文件夹“{folder}”不存在，文件没有保存。请换一个位置。", folder=target.parent)


def _disk_full(target: Path, free: int, needed: int | None) -> UserError:
    if needed is None:
        return UserError(
            "磁盘空间不足，“{name}”没有保存，原来的文件没有改动。{folder} 只剩 {free}。请清理后再试。",
            name=target.name,
            folder=target.parent,
            free=_size(free),
        )
    return UserError(
        "磁盘空间不足，“{name}”没有保存，原来的文件没有改动。"
        "需要 {needed}，{folder} 只剩 {free}。请清理后再试。",
        name=target.name,
        folder=target.parent,
        needed=_size(needed),
        free=_size(free),
    )


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"


def _in_use(target: Path) -> TargetInUse:
    return TargetInUse(
        "“{name}”正在 WPS 或别的程序中打开，没有改动。请先关闭它再保存，或另存为“{other}”。",
        name=target.name,
        other=free_name(target).name,
    )


def _is_open_in_office(target: Path) -> bool:
    """LibreOffice, and WPS and Excel, leave a small file of their own beside what they have open."""
    if not target.exists():
        return False
    marks = (f".~lock.{target.name}#", f"~${target.name}", f"~${target.name[2:]}", f".~{target.name}")
    return any((target.parent / mark).exists() for mark in marks)


def _move(part: Path, target: Path, *, beside: bool) -> Path:
    pause = _PAUSE
    for _attempt in range(_TRIES):
        try:
            part.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _WINDOWS_IN_USE:
                raise
            time.sleep(pause)
            pause *= 2
        else:
            return target
    if not beside:
        raise _in_use(target)
    other = free_name(target)
    part.replace(other)
    return other


def _sync(path: Path) -> None:
    # Windows syncs only handles that may write.
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there; NTFS journals the rename
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # some sticks and shares cannot sync a folder
            raise
    finally:
        os.close(handle)


@contextlib.contextmanager
def _explained(target: Path, part: Path) -> Iterator[None]:
    """Say in the worker's words what is wrong with the place; errors about other files pass as they are."""
    try:
        yield
    except OSError as error:
        if error.filename is not None and Path(os.fsdecode(error.filename)) not in {
            part,
            target,
            target.parent,
        }:
            raise
        sentence = _sentence(error, target)
        if sentence is None:
            raise
        raise sentence from error


def _sentence(error: OSError, target: Path) -> UserError | None:
    name, folder = target.name, target.parent
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        return _disk_full(target, shutil.disk_usage(folder).free, None)
    if error.errno == errno.EFBIG:
        return UserError(
            "“{name}”太大，{folder} 所在的盘存不下这么大的文件。请换一个盘。", name=name, folder=folder
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return UserError(
            "没有权限写入“{folder}”，“{name}”没有保存。U 盘可能开着写保护；请换一个位置。",
            name=name,
            folder=folder,
        )
    if error.errno == errno.ENAMETOOLONG:
        return UserError("文件名“{name}”太长，没有保存。请换一个短一些的名字。", name=name)
    if error.errno == errno.EIO:
        return UserError(
            "写入“{folder}”时磁盘或 U 盘出错，“{name}”没有保存。请换一个位置，并检查这个盘。",
            name=name,
            folder=folder,
        )
    return None
