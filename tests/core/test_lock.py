"""Only one program has a station open, and what a dead one left is known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stationdesk.core.errors import AlreadyOpen
from stationdesk.core.lock import FolderLock

HOLD = """
import sys
from pathlib import Path
from stationdesk.core.lock import FolderLock
FolderLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_lock_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with FolderLock(tmp_path), pytest.raises(AlreadyOpen, match=str(os.getpid())):
        FolderLock(tmp_path).acquire()
    with FolderLock(tmp_path) as again:
        assert again.left_by is None


def test_another_process_is_kept_out_until_this_one_dies(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadyOpen, match=f"已在本机打开（进程 {other.pid}）"):
            FolderLock(tmp_path).acquire()
        other.kill()
        other.wait()
        with FolderLock(tmp_path) as lock:
            assert lock.left_by is not None
            assert lock.left_by.pid == other.pid


def test_a_holder_on_another_computer_is_named(tmp_path: Path) -> None:
    with FolderLock(tmp_path) as lock:
        lock.path.write_text('{"pid": 7, "host": "站里那台"}', encoding="utf-8")
        with pytest.raises(AlreadyOpen, match="站里那台"):
            FolderLock(tmp_path).acquire()


def test_a_damaged_lock_file_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"\xff{")
    with FolderLock(tmp_path) as lock:
        assert lock.left_by is None
        lock.acquire()  # taking it twice is harmless
    lock.release()
