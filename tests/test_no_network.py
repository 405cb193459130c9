"""No request leaves the program: a whole session is watched from outside, at the calls that reach another machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
CALLS = ("connect", "sendto", "sendmsg", "sendmmsg")
WATCHING = ("-f", "--seccomp-bpf", "-qq", "-e", "signal=none", "-e", f"trace={','.join(CALLS)}")
"""All processes that are started, stopped at no other call, so that a session takes hardly longer than without."""

_OUT = re.compile(rf"\b({'|'.join(CALLS)})\(.*\bsa_family=AF_INET6?\b")
"""Sockets of this machine alone (AF_UNIX, AF_NETLINK) are the web engine's own business."""

TCP = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
TCP6 = "import socket; socket.socket(socket.AF_INET6).connect_ex(('::1', 9))"
UDP = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"
GRANDCHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TCP!r}], check=True)"


@pytest.fixture(scope="module")
def strace() -> str:
    """The tracer; the test cannot look without it."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed, so that nobody sees what leaves; script/test installs it")
    tried = subprocess.run(
        [found, *WATCHING, "-o", os.devnull, "true"], check=False, capture_output=True, text=True
    )
    if tried.returncode:
        pytest.skip(f"strace may not trace here, so that nobody sees what leaves: {tried.stderr.strip()}")
    return found


def calls_out(strace: str, folder: Path, *command: str) -> list[str]:
    """Every call by which the command, or a process that it started, reaches for another machine."""
    log = folder / "calls.txt"
    # The sandbox of the web engine would hide calls that it stops; without it they are seen.
    surroundings = {**os.environ, "QTWEBENGINE_DISABLE_SANDBOX": "1", "HOME": str(folder)}
    ran = subprocess.run(
        [strace, *WATCHING, "-o", str(log), *command],
        check=False,
        cwd=REPOSITORY,
        env=surroundings,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    return [line for line in log.read_text(errors="replace").splitlines() if _OUT.search(line)]


def test_a_whole_session_reaches_for_no_other_machine(strace: str, tmp_path: Path) -> None:
    assert calls_out(strace, tmp_path, sys.executable, "-m", "tests.whole_session", str(tmp_path)) == []
    assert {"done", "7-map.png", "发放图.pdf", "台账.xlsx"} <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("planted", [TCP, TCP6, UDP, GRANDCHILD], ids=["tcp", "tcp6", "udp", "grandchild"])
def test_a_call_that_is_planted_is_seen(strace: str, tmp_path: Path, planted: str) -> None:
    assert len(calls_out(strace, tmp_path, sys.executable, "-c", planted)) == 1
