"""What holds for every test: off screen, no network, no warning in any log; set before Qt is imported."""

from __future__ import annotations

import gc
import itertools
import logging
import os
import sys
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses to start as root with its sandbox; an ordinary user keeps it.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    """Stop any connection to another machine, by name or by number; pipes and local sockets may go on."""
    if event == "socket.getaddrinfo":
        raise AssertionError(
            f"the program asked for the address of {arguments[0]!r}: no network is ever needed"
        )
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        raise AssertionError(f"the program reached out to {arguments[1]!r}: no network is ever needed")


sys.addaudithook(_refuse_the_network)


# As in the program (ui/collecting.py): a lane that collects garbage would end Qt objects off their thread.
gc.disable()
_WHOLE_AFTER = 40
_tests = itertools.count(1)


@pytest.fixture(autouse=True)
def garbage_is_collected_on_this_thread() -> Iterator[None]:
    """End what a test closed, then collect, everything now and then; a web page has to go before its profile."""
    yield
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    gc.collect(1 if next(_tests) % _WHOLE_AFTER else 2)


@pytest.fixture(autouse=True)
def no_warning_in_the_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a warning in Python's log unless it is marked `logs_expected`."""
    yield
    if request.node.get_closest_marker("logs_expected"):
        return
    told = [
        f"{record.name}: {record.getMessage()}"
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING
    ]
    assert not told, "warnings in the log: " + "; ".join(told)


_status = 0


def pytest_sessionfinish(exitstatus: int) -> None:
    """Remember how it ended."""
    global _status  # noqa: PLW0603 - the next hook is not told
    _status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave at once when everything is reported.

    Hundreds of web pages were made and ended in this one process. When the interpreter itself ends, the web engine's
    statics go in an order that nobody controls, and now and then it crashes there, long after the last test. That the
    program ends well by itself is tried in processes of their own (tests/test_app.py, tests/test_no_network.py).
    """
    if "PySide6.QtWebEngineCore" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_status)
