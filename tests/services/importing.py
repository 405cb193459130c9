"""A small station and small files for the tests of imports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from stationdesk.core.clock import FixedClock
from stationdesk.services import stations
from stationdesk.services.imports import ImportKind, Plan, plan_for
from stationdesk.services.store import Store
from stationdesk.sheets.reading.cells import Workbook
from tests.sheets.reading.making import sheet

TODAY = date(2026, 11, 5)
_FILES = count(1)


@contextmanager
def new_station(folder: Path) -> Iterator[Store]:
    """An open station with nothing in it but the editable lists."""
    profile = stations.Profile(name="石桥镇社工站", town="石桥镇")
    store = stations.create(folder / "石桥站", profile, [stations.Newcomer("张社工")], FixedClock.on(TODAY))
    try:
        yield store
    finally:
        stations.close(store)


def table(*rows: list[Any]) -> Workbook:
    """A workbook of one sheet with these rows, as the reader hands it over."""
    return Workbook(f"名单{next(_FILES)}.xlsx", (sheet(rows),))


def proposed(store: Store, book: Workbook, kind: ImportKind | None = None) -> Plan:
    """What the program proposes for a workbook."""
    return plan_for(store, Path(book.name), book, kind)
