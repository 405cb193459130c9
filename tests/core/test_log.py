"""The log tells what happened and to which number, and nothing about anybody."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stationdesk.core.log import Crash, start_log, stop_log, watching_crashes, withheld

NAME, CARD, PHONE = "张三丰", "99999919900101001X", "138 1234 1234"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "logs" / "stationdesk.log"
    level = logging.getLogger().level
    handler = start_log(file)
    yield file
    stop_log(handler)
    logging.getLogger().setLevel(level)


def fail_with(text: str) -> None:
    raise ValueError(text)


def assert_nothing_personal(text: str) -> None:
    for value in (NAME, CARD, CARD[:8], PHONE):
        assert value not in text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("resource 医-07 saved", "resource 医-07 saved"),
        (f"person {NAME} at {PHONE}", "person [...] at [...]"),
        (f"card {CARD}", "card [...]"),
        ("/home/张三/data took 1234 ms", "/home/[...]/data took 1234 ms"),
    ],
)
def test_only_record_numbers_pass(text: str, kept: str) -> None:
    assert withheld(text) == kept


@pytest.mark.logs_expected
def test_a_logged_error_tells_where_but_not_what_it_quoted(log_file: Path) -> None:
    log = logging.getLogger("stationdesk.test")
    log.info("saved %s and %s\nof %s", "医-07", NAME, CARD)
    try:
        fail_with(f"{NAME} {CARD} John Smith")
    except ValueError:
        log.exception("failed for %s", PHONE)
    written = log_file.read_text(encoding="utf-8")
    assert "医-07" in written
    assert "builtins.ValueError" in written
    assert "in fail_with" in written
    assert "John" not in written
    assert_nothing_personal(written)
    assert written.splitlines()[0].endswith("of [...]")


@pytest.mark.logs_expected
def test_an_error_nobody_caught_reaches_the_log_and_the_report(log_file: Path) -> None:
    crashes: list[Crash] = []
    before = sys.excepthook, threading.excepthook
    with watching_crashes(crashes.append):
        try:
            fail_with(NAME)
        except ValueError:
            kind, error, trace = sys.exc_info()
            assert kind is not None
            assert error is not None
            sys.excepthook(kind, error, trace)
        thread = threading.Thread(target=fail_with, args=(CARD,))
        thread.start()
        thread.join()
    assert (sys.excepthook, threading.excepthook) == before
    assert [crash.kind for crash in crashes] == ["ValueError", "ValueError"]
    for crash in crashes:
        assert "in fail_with" in crash.report
        assert_nothing_personal(crash.report)
    assert_nothing_personal(log_file.read_text(encoding="utf-8"))


@pytest.mark.logs_expected
def test_a_report_that_fails_is_logged_and_stops_nothing(log_file: Path) -> None:
    def report(crash: Crash) -> None:
        raise RuntimeError(crash.kind)

    with watching_crashes(report):
        thread = threading.Thread(target=fail_with, args=(NAME,))
        thread.start()
        thread.join()
    assert "RuntimeError" in log_file.read_text(encoding="utf-8")


def test_the_log_does_not_grow_for_ever(log_file: Path) -> None:
    log = logging.getLogger("stationdesk.test")
    for _line in range(60):
        log.info("x" * 100_000)
    assert len(list(log_file.parent.iterdir())) == 5
    assert sum(file.stat().st_size for file in log_file.parent.iterdir()) < 6_000_000
