"""更正表: what differs today from what was handed in for closed months, row by row and figure by figure.

Each difference is told once: what an earlier list of corrections has told is compared with that. Tables of what
there is at the end of a month (the roster) are compared for the month before only: those of older months have been
followed by newer ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.fields import Book, Guard, plain_text
from stationdesk.db.base import table_of
from stationdesk.db.kept import kept
from stationdesk.db.models import AuditEntry, Record
from stationdesk.services.ledgers.counting import Figure
from stationdesk.services.ledgers.figures import Figures, categories, figures_of
from stationdesk.services.ledgers.frozen import Frozen, frozen_months
from stationdesk.services.ledgers.gathering import closed_before
from stationdesk.services.ledgers.kept_rows import Cell, KeptRow, cell_text, kept_rows, unpacked
from stationdesk.services.ledgers.lines import SUMMED, spread
from stationdesk.services.ledgers.reading import full_columns
from stationdesk.services.ledgers.rows import ROWS
from stationdesk.services.ledgers.rows.source import LedgerRows
from stationdesk.sheets.columns import CellKind, Column, Line
from stationdesk.sheets.ledger import Ledger, Measure
from stationdesk.sheets.ledgers import LEDGERS
from stationdesk.sheets.ledgers.corrections import CORRECTIONS

ADDED, GONE, CHANGED = "增加", "减少", "更改"
WHOLE_ROW = ""
"""Stands for the key of a column where a whole row came or went."""
KEPT_COLUMNS = ("month", "ledger", "row", "column", "present")
_THERE, _NOT_THERE = "有", "无"
_LEFT_OUT = "（按规定不列出）"
_FIGURES = "monthly"


@dataclass(frozen=True, slots=True)
class Correction:
    """One difference: in which row of which ledger of which month, what was handed in, what there is now."""

    month: str
    ledger: str
    row: str
    code: str
    kind: str
    column: str
    label: str
    submitted: Cell
    present: Cell
    minor: bool = False
    who: str = ""
    when: date | None = None

    def line(self, columns: Mapping[tuple[str, str], Column], *, masked: bool) -> Line:
        """As it stands in the list; in a file that leaves, its values wear the mask of their column."""
        column = columns.get((self.ledger, self.column))
        shown = {
            name: _shown(cell, column, self.minor, masked=masked and self._personal)
            for name, cell in (("submitted", self.submitted), ("present", self.present))
        }
        return Line(
            {
                "key": self.row,
                "month": Month.parse(self.month).label,
                "ledger": LEDGERS[self.ledger].title if self.ledger in LEDGERS else self.ledger,
                "code": self.code,
                "kind": self.kind,
                "column": self.label,
                "who": self.who,
                "when": self.when,
                **shown,
            }
        )

    @property
    def _personal(self) -> bool:
        return self.column != WHOLE_ROW and self.ledger != _FIGURES

    def kept(self) -> KeptRow:
        """As it is kept with the month whose workbook told it."""
        cells = (self.month, self.ledger, self.row, self.column, cell_text(self.present))
        return KeptRow(f"{self.month}/{self.ledger}/{self.row}/{self.column}", self.minor, cells)


def _shown(cell: Cell, column: Column | None, minor: bool, *, masked: bool) -> str:
    text = cell_text(cell)
    if not masked or not text:
        return text
    if column is None or column.guard is Guard.DROPPED:
        return _LEFT_OUT
    if column.guard is Guard.OPEN or isinstance(cell, list):
        return text
    mask = (column.minor_mask if minor else None) or column.mask
    return mask(text) if mask is not None else _LEFT_OUT


Told = dict[tuple[str, str, str, str], str]
"""What earlier lists told last: by month, ledger, row and column."""


def corrections_for(session: Session, month: Month, first_day: int, book: Book) -> list[Correction]:
    """The corrections that belong into the workbook of a month, the oldest month first."""
    frozen = closed_before(session, month, first_day)
    told = _told(session, month)
    return [
        correction
        for closed in frozen.values()
        for correction in _of_month(session, closed, book, told, newest=closed.month == month.previous)
    ]


def listed(corrections: Sequence[Correction]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The labels and the rows of a list of corrections for the screen, where names are masked as in every list."""
    personal = personal_columns()
    columns = [each for each in CORRECTIONS.columns if isinstance(each, Column)]
    lines = (each.line(personal, masked=True).values for each in corrections)
    rows = (tuple(plain_text(line[column.key]) for column in columns) for line in lines)
    return tuple(column.label for column in columns), tuple(rows)


def personal_columns() -> dict[tuple[str, str], Column]:
    """Every column of every ledger by ledger and key, for the masks."""
    return {(ledger.name, each.key): each for ledger in LEDGERS.values() for each in full_columns(ledger)}


def _told(session: Session, month: Month) -> Told:
    told: Told = {}
    for closed in frozen_months(session).values():
        if closed.month >= month:
            continue
        for heading, row in unpacked(kept(session, closed.rows)):
            if heading.ledger == CORRECTIONS.name and row is not None:
                at_month, ledger, key, column, present = map(cell_text, row.cells)
                told[at_month, ledger, key, column] = present
    return told


def _of_month(
    session: Session, closed: Frozen, book: Book, told: Told, *, newest: bool
) -> Iterator[Correction]:
    own = {key[1:]: text for key, text in told.items() if key[0] == str(closed.month)}
    content = kept(session, closed.rows)
    since = _closed_at(session, closed)
    for name, rows in ROWS.items():
        ledger = LEDGERS[name]
        if not ledger.monthly or not (newest or ledger.measure is Measure.FLOW):
            continue
        told_here = {key[1:]: text for key, text in own.items() if key[0] == name}
        comparing = _Comparing(ledger, str(closed.month), told_here)
        columns = full_columns(ledger)
        now = kept_rows(columns, rows.read(session, columns, closed.period, book), book)
        found = list(comparing.differences(content, columns, now, _withheld(session, rows, closed)))
        yield from _with_who(session, rows.source.model, found, since)
    yield from _figures(session, closed, own, newest=newest)


def _withheld(session: Session, rows: LedgerRows, closed: Frozen) -> set[str]:
    """The rows that no file may list any more: that they are gone is not told."""
    hidden = rows.withheld(closed.period)
    if hidden is None:
        return set()
    key = table_of(rows.source.model).c.key
    return set(session.scalars(hidden.order_by(None).with_only_columns(key)))


@dataclass
class _Comparing:
    """Compares the kept rows of one ledger with those of today, holding only what differs."""

    ledger: Ledger
    month: str
    told: Mapping[tuple[str, str], str]
    _now: dict[str, KeptRow] = field(default_factory=dict)

    def differences(
        self, content: bytes, columns: Sequence[Column], now: Iterable[KeptRow], withheld: set[str]
    ) -> Iterator[Correction]:
        heads, marks = self._marks(content)
        if heads is None:
            return  # the ledger came with a later version of the program
        looked_at = {key for key, _column in self.told}
        alive = set[str]()
        for row in now:
            alive.add(row.key)
            if row.key in looked_at or marks.get(row.key) != _mark(row):
                self._now[row.key] = row
        gone = (marks.keys() | looked_at) - alive - withheld
        labels = {each.key: each.label for each in columns}
        before = {row.key: row for row in self._kept(content) if row.key in self._now or row.key in gone}
        for key, row in self._now.items():
            yield from self._of_row(key, before.get(key), heads, row, labels)
        for key in sorted(gone):
            old = before.get(key)
            if self._was_there(key, old):
                code = cell_text(old.cells[0]) if old is not None else ""
                yield self._whole(key, code, GONE, _THERE, _NOT_THERE)

    def _of_row(
        self, key: str, old: KeptRow | None, heads: Sequence[str], row: KeptRow, labels: Mapping[str, str]
    ) -> Iterator[Correction]:
        code = cell_text(row.cells[0])
        if not self._was_there(key, old):
            yield self._whole(key, code, ADDED, _NOT_THERE, _THERE)
            return
        if old is None:
            return  # told as added before; its cells were never handed in
        present = dict(zip(labels, row.cells, strict=True))
        for column, cell in zip(heads, old.cells, strict=True):
            if column not in present:
                continue
            known = self.told.get((key, column))
            submitted = cell if known is None else known
            if cell_text(submitted) != cell_text(present[column]):
                yield Correction(
                    self.month,
                    self.ledger.name,
                    key,
                    code,
                    CHANGED,
                    column,
                    labels[column],
                    submitted,
                    present[column],
                    row.minor or old.minor,
                )

    def _was_there(self, key: str, old: KeptRow | None) -> bool:
        known = self.told.get((key, WHOLE_ROW))
        return old is not None if known is None else known == _THERE

    def _whole(self, key: str, code: str, kind: str, submitted: str, present: str) -> Correction:
        return Correction(
            self.month, self.ledger.name, key, code, kind, WHOLE_ROW, "整行", submitted, present
        )

    def _kept(self, content: bytes) -> Iterator[KeptRow]:
        for heading, row in unpacked(content):
            if heading.ledger == self.ledger.name and row is not None:
                yield row

    def _marks(self, content: bytes) -> tuple[tuple[str, ...] | None, dict[str, int]]:
        """The columns that were kept, and of each row as much as tells whether it is another now."""
        heads: tuple[str, ...] | None = None
        marks: dict[str, int] = {}
        for heading, row in unpacked(content):
            if heading.ledger != self.ledger.name:
                continue
            heads = heading.columns
            if row is not None:
                marks[row.key] = _mark(row)
        return heads, marks


def _mark(row: KeptRow) -> int:
    return hash(tuple(map(cell_text, row.cells)))


def _figures(
    session: Session, closed: Frozen, own: Mapping[tuple[str, str, str], str], *, newest: bool
) -> Iterator[Correction]:
    now: Figures = figures_of(session, closed.period)
    for line in spread(categories(session)):
        if not newest and line.key not in SUMMED:
            continue
        submitted = own.get((_FIGURES, line.key, line.label))
        if submitted is None:
            submitted = _figure_text(closed.figures.get(line.key, 0), line.kind)
        present = _figure_text(now.get(line.key, 0), line.kind)
        if submitted != present:
            unit = f"{line.label}（{line.unit}）"
            yield Correction(
                str(closed.month), _FIGURES, line.key, "", CHANGED, line.label, unit, submitted, present
            )


def _figure_text(figure: Figure, kind: CellKind) -> str:
    if figure is None:
        return "—"
    if kind is CellKind.PERCENT:
        return f"{figure * 100:.2f}%"
    return f"{figure:.2f}" if kind is CellKind.MONEY else f"{figure}"


def _closed_at(session: Session, closed: Frozen) -> int:
    """The place in the audit at which a month was closed last."""
    entries = select(func.max(AuditEntry.seq)).where(
        AuditEntry.record == "closed_month", AuditEntry.record_key == closed.key
    )
    return session.execute(entries).scalar_one() or 0


def _with_who(
    session: Session, model: type[Record], found: Sequence[Correction], since: int
) -> Iterator[Correction]:
    """With who changed the record of the row last, and when, where the audit tells it."""
    keys = list({each.row for each in found})
    last: dict[str, Any] = {}
    for start in range(0, len(keys), 500):
        entries = select(AuditEntry.record_key, AuditEntry.actor, AuditEntry.at).where(
            AuditEntry.record == model.__tablename__,
            AuditEntry.record_key.in_(keys[start : start + 500]),
            AuditEntry.batch.is_not(None),
            AuditEntry.seq > since,
        )
        last |= {row.record_key: row for row in session.execute(entries.order_by(AuditEntry.seq))}
    for each in found:
        entry = last.get(each.row)
        if entry is None:
            yield each
        else:
            yield replace(each, who=entry.actor, when=entry.at.astimezone().date())
