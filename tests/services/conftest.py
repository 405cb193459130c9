"""A station for the tests of the use cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stationdesk.services.store import Store
from tests.desk_station import new_station


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open plain station on a fixed day."""
    opened = new_station(tmp_path / "站")
    yield opened
    opened.close()
