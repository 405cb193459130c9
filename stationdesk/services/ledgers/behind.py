"""The rows behind a figure, on the screen and as an annex (附表): what the figure counts, and what each row adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, plain_text
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.db.base import table_of
from stationdesk.services.ledgers.counting import (
    PORTION,
    Figure,
    Share,
    Told,
    condition_of,
    model_of,
    portion_of,
    value_of,
)
from stationdesk.services.ledgers.export import AS_IT_IS, Options, watch_of
from stationdesk.services.ledgers.figures import categories, told_figure
from stationdesk.services.ledgers.frozen import frozen_months
from stationdesk.services.ledgers.heads import head_of
from stationdesk.services.ledgers.lines import spread
from stationdesk.services.ledgers.making import NOT_PUBLIC
from stationdesk.services.ledgers.period import Period, Periods, periods_of
from stationdesk.services.ledgers.reading import PaperBook, all_fields, first_day_of, paper_book
from stationdesk.services.ledgers.rows import SOURCES
from stationdesk.services.release import note_release
from stationdesk.services.store import Store
from stationdesk.sheets.columns import CellKind, Column, Line, Typed, bound, cells_of
from stationdesk.sheets.ledger import Columns, split
from stationdesk.sheets.ledgers import annexes
from stationdesk.sheets.ledgers.annexes import ANNEXES
from stationdesk.sheets.ledgers.monthly import MonthlyLine

if TYPE_CHECKING:
    from stationdesk.sheets.leaks import Leak

_LONGEST_TITLE = 31  # characters of a sheet's name


class Span(StrEnum):
    """Which of the three figures of a line."""

    THIS = "this"
    PREVIOUS = "previous"
    YEAR = "year"

    def of(self, periods: Periods) -> Period:
        """The days that the figure is about."""
        return {Span.THIS: periods.this, Span.PREVIOUS: periods.previous, Span.YEAR: periods.year}[self]


@dataclass(frozen=True, slots=True)
class FigureOf:
    """A figure of the monthly table of a month: its line, and which of the three."""

    key: str
    month: Month
    span: Span = Span.THIS


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows behind a figure as the screen shows them.

    What the rows add makes `listed`; with the `hidden` that `withheld` rows add, which may not be listed, it makes
    `total`, and that is the `figure` (of a share, its part). `submitted` is the figure that was handed in for a
    closed month, where it is another one.
    """

    title: str
    period: str
    record: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[Key, ...]
    figure: str
    listed: str
    withheld: int
    hidden: str
    total: str
    submitted: str = ""


@dataclass(frozen=True, slots=True)
class AnnexReport:
    """The annex that was written: its rows, and the sentence that compares them with the figure."""

    path: Path
    rows: int
    sentence: str
    agrees: bool


def behind(store: Store, wanted: FigureOf, *, most: int = 2000) -> Behind:
    """The rows behind a figure, names masked as in every list; at most so many rows.

    Raises:
        UserError: there is no such line.
    """
    with store.reading() as session:
        found = _Found(session, wanted)
        columns = found.columns(Audience.REPORT)
        lines = found.lines(columns, limit=most)
        cells = cells_of(columns.shown, lines, found.book, masked=True)
        rows = tuple(tuple(_text(cell) for cell in row) for row in cells)
        return Behind(
            found.title,
            found.period.label,
            model_of(found.told).__tablename__,
            tuple(column.label for column in columns.shown),
            rows,
            tuple(Key(str(line.values["key"])) for line in lines),
            found.figure_text,
            found.amount(found.listed),
            found.withheld,
            found.amount(found.total - found.listed),
            found.amount(found.total),
            found.submitted,
        )


def annex(
    store: Store,
    wanted: FigureOf,
    audience: Audience,
    target: Path,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    options: Options = AS_IT_IS,
) -> AnnexReport:
    """Write the rows behind a figure to a workbook of their own, with the figure and whether the rows make it.

    Raises:
        PersonalNumber: something of one person stands in a report, and nobody answers for it.
        UserError: there is no such line, the place cannot be written, or it is for the public.
        Cancelled: by `progress`.
    """
    from stationdesk.sheets.workbook import Sheet, write_workbook  # keeps openpyxl out of the start

    if audience is Audience.PUBLIC:
        raise UserError(NOT_PUBLIC)
    with store.reading() as session:
        found = _Found(session, wanted)
        columns = found.columns(audience)
        leaks: list[Leak] = []
        sheet = Sheet(
            found.sheet_title,
            columns.shown,
            cells_of(columns.shown, found.read(columns), found.book, masked=audience.is_masked),
            found.count,
            notes=(found.sentence, *found.notes),
            left_out=columns.left_out,
            frozen=2,
        )
        period, title = found.period, found.title

        def release() -> None:
            sentence = _("导出附表“{title}”（{audience}）到“{name}”").format(
                title=title, audience=_(audience.label), name=target.name
            )
            with store.writing(sentence) as work:
                work.note("export", "ledger", (str(wanted.month),), sentence)
                if leaks and options.override is not None:
                    note_release(work, "ledger", sentence, leaks, options.override)

        written = write_workbook(
            target,
            head_of(session, period.label, audience, filler=store.actor.name, today=store.clock.today()),
            [sheet],
            masked=audience.is_masked,
            beside=beside,
            progress=progress,
            release=release,
            lock=options.lock,
            watch=watch_of(session, period, audience, leaks, options.override),
        )
        return AnnexReport(written.path, found.count, found.sentence, found.agrees)


class _Found:
    """A figure with the queries for its rows."""

    def __init__(self, session: Session, wanted: FigureOf) -> None:
        self.periods = periods_of(wanted.month, first_day_of(session))
        self.period = wanted.span.of(self.periods)
        self.line = _line(session, wanted.key)
        self.told: Told = told_figure(wanted.key, self.period)
        self.book: PaperBook = paper_book(session)
        self.figure: Figure = value_of(session, self.told)
        self._session = session
        self._source = SOURCES[model_of(self.told).__tablename__]
        portions = self._portions()
        everything = select(func.count(), func.coalesce(func.sum(portions.c.portion), 0))
        self._all, total = session.execute(everything.select_from(portions)).one()
        listed = self._listed((), portions).order_by(None).subquery()
        self.count, added = session.execute(
            select(func.count(), func.coalesce(func.sum(listed.c.portion), 0)).select_from(listed)
        ).one()
        self.total, self.listed = Decimal(total), Decimal(added)
        self.withheld = self._all - self.count
        self.submitted = self._submitted(wanted)

    @property
    def title(self) -> str:
        """What the figure is called: its group says what it is a part of."""
        return f"{self.line.group}：{self.line.label}（{self.line.unit}）"

    @property
    def sheet_title(self) -> str:
        """As a sheet may be called."""
        name = f"附表 {self.line.group} {self.line.label}"
        return "".join("、" if sign in "[]:*?/\\" else sign for sign in name)[:_LONGEST_TITLE]

    @property
    def figure_text(self) -> str:
        """The figure as it stands in the monthly table."""
        if self.figure is None:
            return "—"
        if isinstance(self.told, Share):
            return f"{self.figure * 100:.2f}%"
        return self.amount(Decimal(self.figure))

    @property
    def agrees(self) -> bool:
        """Whether the rows, listed or not, make the figure."""
        if isinstance(self.told, Share):
            share = (self.total / self._all).quantize(Decimal("0.0001")) if self._all else None
            return share == self.figure
        return self.total == self.figure

    @property
    def sentence(self) -> str:
        """The comparison, as printed under the rows."""
        hidden = (
            f"，另有 {self.withheld} 条受限记录计 {self.amount(self.total - self.listed)} 在内，"
            f"共 {self.amount(self.total)}"
            if self.withheld
            else ""
        )
        rows = f"计入数合计 {self.amount(self.listed)}{hidden}"
        of = f"÷{self._all:,} 条" if isinstance(self.told, Share) else ""
        how = "＝" if self.agrees else "≠"
        verdict = "相符 ✓" if self.agrees else "不符 ✗，请核对"
        return f"勾稽：{rows}{of}{how}月报表“{self.line.label}”{self.figure_text}，{verdict}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be known of the rows."""
        told = self.told
        once = not isinstance(told, Share) and told.once is not None
        return (
            *(("同一户、同一服务对象只计一次，其余行计入数为 0。",) if once else ()),
            *((f"本月已结账，上报数为 {self.submitted}。",) if self.submitted else ()),
        )

    def amount(self, number: Decimal) -> str:
        """A sum of portions in the unit of the line."""
        return f"{number:,.2f}" if self._kind is CellKind.MONEY else f"{int(number):,}"

    def columns(self, audience: Audience) -> Columns:
        """The columns of the rows for an audience; the last is what each adds."""
        told = bound(ANNEXES[self._source.model.__tablename__], all_fields())
        return split((*told, replace(annexes.PORTION, kind=self._kind)), audience)

    def lines(self, columns: Columns, limit: int) -> list[Line]:
        """The first rows, with what each adds."""
        query = self._listed(columns.shown, self._portions()).limit(limit)
        return list(self._source.read(self._session, query, self.period, self.book))

    def read(self, columns: Columns) -> Iterator[Line]:
        """All rows, one after the other."""
        query = self._listed(columns.shown, self._portions())
        yield from self._source.read(self._session, query, self.period, self.book)

    @property
    def _kind(self) -> CellKind:
        return CellKind.MONEY if self.line.kind is CellKind.MONEY else CellKind.INTEGER

    def _portions(self) -> Any:
        key = table_of(self._source.model).c.key
        return select(key.label("row"), portion_of(self.told)).where(condition_of(self.told)).subquery()

    def _listed(self, columns: Sequence[Column], portions: Any) -> Select[Any]:
        key = table_of(self._source.model).c.key
        query = self._source.listed(columns, self.period)
        return query.join(portions, portions.c.row == key).add_columns(portions.c.portion.label(PORTION))

    def _submitted(self, wanted: FigureOf) -> str:
        """The figure that was handed in, where the month is closed and it is another than today's."""
        if wanted.span is Span.YEAR:
            return ""
        month = wanted.month if wanted.span is Span.THIS else wanted.month.previous
        closed = frozen_months(self._session).get(month)
        if closed is None or not closed.is_of(self.period):
            return ""
        figure = closed.figures.get(wanted.key, 0)
        if figure == self.figure or figure is None:
            return ""
        return f"{figure * 100:.2f}%" if isinstance(self.told, Share) else self.amount(Decimal(figure))


def _line(session: Session, key: str) -> MonthlyLine:
    for line in spread(categories(session)):
        if line.key == key:
            return line
    raise UserError("月报表里没有“{line}”这一项。", line=key)


def _text(cell: Any) -> str:
    value = cell.value if isinstance(cell, Typed) else cell
    return value if isinstance(value, str) else plain_text(value)
