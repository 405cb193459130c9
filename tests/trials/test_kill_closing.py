"""A program killed while it closes a month leaves the month closed with all that is kept of it, or open as it was.

Four points are tried each time; `STATIONDESK_KILLS=50` tries so many.
"""

from __future__ import annotations

import io
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, text

from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience
from stationdesk.db import audit
from stationdesk.db.kept import kept
from stationdesk.db.models import ClosedMonth
from stationdesk.db.models.paperwork import KeptFile
from stationdesk.services import stations
from stationdesk.services.ledgers.closing import closing_of
from stationdesk.services.ledgers.handed_in import handed_in
from stationdesk.services.ledgers.kept_rows import unpacked
from tests.services.ledger_town import Town
from tests.trials.killing import KILLS, Child, kill_at, points

OCTOBER = Month(2026, 10)
PEOPLE = 120
OPEN, CLOSED = (0, 0, 0), (1, 3, 1)

# Says when it begins, so that the kill falls into the closing and not into the start of Python.
CLOSE = """
import sys
from pathlib import Path
from stationdesk.core.clock import Month
from stationdesk.services.ledgers.closing import close
from stationdesk.services.stations import open_station
store = open_station(Path(sys.argv[1]))
import stationdesk.sheets.workbook
print("ready", flush=True)
sys.stdin.readline()
close(store, Month(2026, 10))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed station with people who were visited in the month."""
    root = tmp_path_factory.mktemp("station")
    town = Town(root)
    for number in range(PEOPLE):
        home = town.household(f"H-{number:03d}")
        town.person(f"D-{number:03d}", f"赵人{number:03d}", home, is_head=True)
        town.visit(f"F-{number:03d}", home, date(2026, 10, 1) + timedelta(days=number % 30))
    town.store.close()
    return root / "石桥站"


def state_of(root: Path) -> tuple[int, int, int]:
    """Closed months, kept files and entries on the closing of a station that is sound, with its chain.

    What is kept of a closed month is whole: both workbooks open, and its rows are all there.
    """
    store = stations.open_station(root)
    try:
        assert store.is_sound()
        with store.reading() as session:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            assert list(audit.broken_entries(session.connection())) == []
            closed = session.scalars(select(ClosedMonth)).all()
            files = session.scalar(select(func.count()).select_from(KeptFile))
            entries = session.scalar(text("SELECT count(*) FROM audit_entry WHERE record = 'closed_month'"))
            for each in closed:
                rows = [row for _heading, row in unpacked(kept(session, each.rows)) if row is not None]
                assert len(rows) >= 2 * PEOPLE
                for audience in (Audience.INTERNAL, Audience.REPORT):
                    book = handed_in(session, OCTOBER, audience)
                    assert book is not None
                    assert "走访台账" in load_workbook(io.BytesIO(book.content), read_only=True).sheetnames
        assert closing_of(store, OCTOBER).is_closed == bool(closed)
    finally:
        stations.close(store)
    assert [path.name for path in root.rglob(".stationdesk-*")] == []
    return len(closed), files or 0, entries or 0


def test_a_kill_leaves_a_month_closed_with_everything_or_open(station: Path, tmp_path: Path) -> None:
    root = tmp_path / "站"
    shutil.copytree(station, root)
    child = Child(CLOSE, root)
    assert child.ended()
    whole = time.monotonic() - child.begun
    assert state_of(root) == CLOSED
    done = 0
    seen = set()
    for after in points(whole):
        shutil.rmtree(root)
        shutil.copytree(station, root)
        done += kill_at(after, lambda: Child(CLOSE, root))
        seen.add(state := state_of(root))
        assert state in (OPEN, CLOSED)
    print(f"closing: {done} kills of {KILLS}, {whole:.2f} s of writing, {len(seen)} states")  # noqa: T201 - how many were tried is told
    assert done == KILLS
    assert OPEN in seen
