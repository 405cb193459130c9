"""No lane ever collects garbage: that would end Qt objects off the window's thread."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from stationdesk.ui.collecting import Collector


class Knot:
    """A cycle, as widgets with bound callbacks are."""

    def __init__(self) -> None:
        self.itself = self


def ended_on(collector: Collector | None) -> list[int]:
    """The threads on which a cycle's end was seen, while another thread allocates many objects."""
    seen: list[int] = []
    knot = Knot()
    weakref.finalize(knot, lambda: seen.append(threading.get_ident()))
    del knot

    def allocate() -> None:
        kept = [[number] for number in range(200_000)]
        assert kept

    lane = threading.Thread(target=allocate)
    lane.start()
    lane.join()
    if collector is not None:
        kept = [[number] for number in range(2000)]
        collector.collect()
        assert kept
    return seen


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector(qapp)
    yield made
    shiboken6.delete(made)


def test_a_busy_lane_leaves_garbage_to_the_window(collector: Collector) -> None:
    assert not gc.isenabled()
    assert ended_on(collector) == [threading.get_ident()]


def test_without_the_collector_a_lane_would_have_ended_it() -> None:
    gc.enable()
    try:
        seen = ended_on(None)
    finally:
        gc.disable()
    assert seen
    assert seen != [threading.get_ident()]


@pytest.fixture(autouse=True)
def nothing_older() -> None:
    gc.collect()
