"""Which closed months a change reaches back into, so that whoever saved it is told what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet
from stationdesk.core.fields import Key
from stationdesk.db.base import table_of
from stationdesk.db.kept import kept
from stationdesk.db.models import RECORDS
from stationdesk.services.ledgers.frozen import Frozen, frozen_months
from stationdesk.services.ledgers.gathering import closed_before
from stationdesk.services.ledgers.kept_rows import KeptRow, cell_text, kept_rows, unpacked
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import PaperBook, count_of, first_day_of, full_columns, paper_book
from stationdesk.services.ledgers.rows import ROWS
from stationdesk.services.ledgers.rows.source import LedgerRows
from stationdesk.services.looking_back import DATED, Touched
from stationdesk.services.store import Store
from stationdesk.sheets.ledger import Ledger, Measure
from stationdesk.sheets.ledgers import LEDGERS

_ONLY_COUNTED = frozenset({"household", "person", "resource"})
"""Kinds whose days are counted by the figures, and no ledger lists those of a month."""
_PART = 500


def touched_months(store: Store, changes: ChangeSet) -> tuple[Touched, ...]:
    """The closed months in whose days something lies that now differs from what was handed in.

    What is handed in again as it was, such as after an undo, is not among them.
    """
    with store.reading() as session:
        frozen = frozen_months(session)
        if not frozen:
            return ()
        looking = _Looking(session, [each for each in changes.changes if each.record in DATED])
        first_day = first_day_of(session)
        found = []
        for month, closed in frozen.items():
            following = month.next
            while following in frozen:
                following = following.next
            if looking.differs(closed, newest=following == month.next):
                listed = month in closed_before(session, following, first_day)
                found.append(Touched(month, following if listed else None))
        return tuple(found)


Cells = Mapping[str, str]
"""What the cells of a row show, by the keys of its columns."""


class _Looking:
    """Compares the records of some changes with what was handed in."""

    def __init__(self, session: Session, changes: Sequence[Change]) -> None:
        self._session = session
        self._book: PaperBook | None = None
        self._changes: dict[str, dict[Key, Change]] = {}
        for each in changes:
            self._changes.setdefault(each.record, {})[each.key] = each
        self._days = {record: self._days_of(record, found) for record, found in self._changes.items()}

    def differs(self, closed: Frozen, *, newest: bool) -> bool:
        """Whether one of the records lies in the month and is not as it was handed in."""
        for record, changes in self._changes.items():
            keys = [key for key, days in self._days[record].items() if _within(days, closed.period)]
            if not keys:
                continue
            moved = [key for key in keys if _moves(changes[key], closed.period)]
            if record in _ONLY_COUNTED and moved:
                return True
            if any(self._row_differs(name, closed, keys, moved) for name in _listing(record, newest=newest)):
                return True
        return False

    def _days_of(self, record: str, changes: Mapping[Key, Change]) -> dict[Key, set[date]]:
        """Every day that puts a record into a month, now or before the change."""
        names = DATED[record]
        days: dict[Key, set[date]] = {}
        for key, change in changes.items():
            told = (values.get(name) for values in (change.before, change.after) if values for name in names)
            days[key] = {day for day in told if isinstance(day, date)}
        table = table_of(RECORDS[record])
        for part in _parts(list(changes)):
            query = select(table.c.key, *(table.c[name] for name in names)).where(table.c.key.in_(part))
            for row in self._session.execute(query):
                days[row[0]].update(day for day in row[1:] if day is not None)
        return days

    def _row_differs(self, name: str, closed: Frozen, keys: Sequence[Key], moved: Sequence[Key]) -> bool:
        rows, ledger = ROWS[name], LEDGERS[name]
        before = dict(self._before(ledger, closed, frozenset(keys)))
        for part in _parts(keys):
            now = self._now(rows, ledger, closed.period, part)
            if any(_differ(before.get(key), now.get(key)) for key in part):
                return True
        # Who is never listed is counted all the same.
        hidden = rows.withheld(closed.period)
        return hidden is not None and any(
            count_of(self._session, _only(hidden, rows, part)) for part in _parts(moved)
        )

    def _before(self, ledger: Ledger, closed: Frozen, keys: frozenset[Key]) -> Iterator[tuple[str, Cells]]:
        for heading, row in unpacked(kept(self._session, closed.rows)):
            if heading.ledger == ledger.name and row is not None and row.key in keys:
                yield row.key, _cells(heading.columns, row)

    def _now(self, rows: LedgerRows, ledger: Ledger, period: Period, keys: Sequence[Key]) -> dict[str, Cells]:
        if self._book is None:
            self._book = paper_book(self._session)
        columns = full_columns(ledger)
        query = _only(rows.listed(columns, period), rows, keys)
        lines = rows.source.read(self._session, query, period, self._book)
        labels = [column.key for column in columns]
        return {row.key: _cells(labels, row) for row in kept_rows(columns, lines, self._book)}


def _listing(record: str, *, newest: bool) -> Iterator[str]:
    """The ledgers that list a kind of record, and whose rows corrections compare."""
    for name, rows in ROWS.items():
        ledger = LEDGERS[name]
        compared = ledger.monthly and (newest or ledger.measure is Measure.FLOW)
        if compared and rows.source.model.__tablename__ == record:
            yield name


def _only(query: Select[Any], rows: LedgerRows, keys: Sequence[Key]) -> Select[Any]:
    return query.where(table_of(rows.source.model).c.key.in_(keys))


def _cells(columns: Sequence[str], row: KeptRow) -> Cells:
    return dict(zip(columns, map(cell_text, row.cells), strict=True))


def _differ(one: Cells | None, other: Cells | None) -> bool:
    if one is None or other is None:
        return one is not other
    return any(one[column] != other[column] for column in one.keys() & other.keys())


def _moves(change: Change, period: Period) -> bool:
    """Whether a change brings a record into the period, or takes it out."""
    names = DATED[change.record]
    before, after = (
        {name for name in names if values and _in(values.get(name), period)}
        for values in (change.before, change.after)
    )
    return before != after


def _within(days: Iterable[date], period: Period) -> bool:
    return any(_in(day, period) for day in days)


def _in(day: object, period: Period) -> bool:
    return isinstance(day, date) and period.first <= day <= period.last


def _parts(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    for start in range(0, len(keys), _PART):
        yield keys[start : start + _PART]
