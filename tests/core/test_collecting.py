"""Collection of garbage during long work."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from stationdesk.core.collecting import uncollected


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    if not was_on:
        gc.disable()


def test_nothing_is_collected_meanwhile_and_then_again_as_before() -> None:
    gc.enable()
    with pytest.raises(ZeroDivisionError), uncollected():
        1 // int(gc.isenabled())
    assert gc.isenabled()


def test_what_the_window_has_switched_off_stays_off() -> None:
    gc.disable()
    with uncollected():
        assert not gc.isenabled()
    assert not gc.isenabled()
