"""Files inside the station's own file: kept once, read back only when they are what they were."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from stationdesk.core.errors import DamagedFile
from stationdesk.db.kept import keep, kept
from stationdesk.db.models import KeptFile
from stationdesk.services.store import Store


def test_the_same_bytes_are_kept_once(store: Store) -> None:
    with store.writing("存表") as work:
        first, again = keep(work.connection, b"blank form"), keep(work.connection, b"blank form")
        assert first == again
    with store.reading() as session:
        assert kept(session, first) == b"blank form"
        assert session.execute(select(func.count()).select_from(KeptFile)).scalar_one() == 1


def test_a_kept_file_that_is_missing_or_changed_is_told_as_damage(store: Store) -> None:
    with store.writing("存表") as work:
        name = keep(work.connection, b"as handed in")
        work.connection.execute(update(KeptFile).values(content=b"not as handed in"))
    with store.reading() as session:
        with pytest.raises(DamagedFile):
            kept(session, name)
        with pytest.raises(DamagedFile):
            kept(session, "0" * 64)
