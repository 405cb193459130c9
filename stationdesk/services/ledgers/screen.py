"""The monthly table and the sheets of a month as the screen shows them, with the rows behind each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from stationdesk.core import naming
from stationdesk.core.clock import Month
from stationdesk.core.messages import _
from stationdesk.core.vocab import (
    Audience,
    Dimension,
    HouseholdStatus,
    MatchState,
    NeedResult,
    NeedStatus,
    PersonStatus,
    ResourceStatus,
    Urgency,
    VisitMethod,
    VisitOutcome,
)
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.behind import FigureOf, Span
from stationdesk.services.ledgers.closing import Closing, closing_of
from stationdesk.services.ledgers.figures import REMOTE
from stationdesk.services.ledgers.gathering import MonthFigures, as_handed_in, gathered
from stationdesk.services.ledgers.making import wanted_ledgers
from stationdesk.services.ledgers.monthly import monthly_lines
from stationdesk.services.ledgers.period import Period, month_of, period_of
from stationdesk.services.ledgers.reading import count_of, first_day_of
from stationdesk.services.ledgers.rows import ROWS
from stationdesk.services.listing import Filter, Query
from stationdesk.services.scopes import COMPLETED, OPEN_NEEDS
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.sheets.columns import CellKind, Typed
from stationdesk.sheets.ledgers.monthly import MONTHLY

AUDIENCES = (Audience.INTERNAL, Audience.REPORT)
"""Whom a ledger may be for."""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure as it is written, and the rows behind it.

    `query` is there where a list of the window shows exactly those rows; `rows` wherever there are any.
    """

    text: str
    query: Query | None = None
    rows: FigureOf | None = None

    @property
    def opens(self) -> bool:
        """Whether there is anything behind it."""
        return self.rows is not None


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One line of the monthly table; `cells` are those of the month, of the one before, of the year so far.

    `target` and `done` are as they are written, empty where the year asks for nothing.
    """

    key: str
    group: str
    label: str
    unit: str
    cells: tuple[FigureCell, FigureCell, FigureCell]
    target: str
    done: str


@dataclass(frozen=True, slots=True)
class SheetCount:
    """One sheet of the workbook: its rows, and how many may not be listed (限制查看)."""

    title: str
    rows: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A month as the screen shows it. `handed_in` are the closed months that its figures are compared with.

    `present` is the month that today belongs to, `asked_for` the one whose ledgers are made these days.
    """

    month: Month
    town: str
    lines: tuple[FigureLine, ...]
    sheets: tuple[SheetCount, ...]
    closing: Closing
    handed_in: tuple[Month, ...] = ()
    present: Month | None = None
    asked_for: Month | None = None


_EARLY = 10
"""So many days into a month the ledgers of the month before are what is asked for."""


def overview(store: Store, month: Month, *, anew: bool = False) -> Overview:
    """The figures of a month and the sizes of its sheets, from one state of the file.

    A closed month shows what was handed in; with `anew` what the records say today.
    """
    today = store.clock.today()
    with store.reading() as session:
        first_day = first_day_of(session)
        figures = gathered(session, month, first_day)
        if not anew:
            figures = as_handed_in(session, figures)
        lines = tuple(_line(line.values, figures, today) for line in monthly_lines(figures))
        period = figures.periods.this
        sheets = []
        for ledger in wanted_ledgers(Audience.INTERNAL):
            if ledger.name in ROWS:
                rows = ROWS[ledger.name]
                hidden = rows.withheld(period)
                withheld = count_of(session, hidden) if hidden is not None else 0
                sheets.append(SheetCount(ledger.title, count_of(session, rows.listed((), period)), withheld))
            elif ledger.name == MONTHLY.name:
                sheets.append(SheetCount(ledger.title, len(lines), 0))
    closing = closing_of(store, month)
    present = month_of(today, first_day)
    early = (today - period_of(present, first_day).first).days < _EARLY
    return Overview(
        month,
        profile_of(store).town,
        lines,
        tuple(sheets),
        closing,
        figures.handed_in,
        present,
        present.previous if early else present,
    )


def file_name(town: str, month: Month, audience: Audience) -> str:
    """What the workbook of a month is called, by the rule for everything that leaves the station."""
    return naming.file_name(town, "台账", str(month), audience, ".xlsx")


def _line(values: Mapping[str, Any], figures: MonthFigures, today: date) -> FigureLine:
    key = str(values["key"])
    cells = []
    for span in Span:
        text = _text(values[span.value])
        rows = FigureOf(key, figures.periods.month, span) if text not in _EMPTY else None
        handed_in = span is Span.PREVIOUS and figures.previous_handed_in
        handed_in |= span is Span.YEAR and bool(figures.handed_in)
        handed_in |= span is not Span.PREVIOUS and figures.itself_handed_in
        # What was handed in need not be what a list shows today: its rows are shown beside the figure.
        period = span.of(figures.periods)
        query = rows_behind(key, period, today) if rows and not handed_in else None
        if query is not None:
            told = _("{group}“{line}”（来自台账 {period}）").format(
                group=_(values["group"]),
                line=_(values["label"]).removeprefix(_("其中：")),
                period=period.label,
            )
            query = replace(query, told=told)
        cells.append(FigureCell(text, query, rows))
    return FigureLine(
        key,
        str(values["group"]),
        str(values["label"]),
        str(values["unit"]),
        (cells[0], cells[1], cells[2]),
        _text(values["target"]),
        _text(values["done"]),
    )


_EMPTY = frozenset({"—", "0", "0.00", ""})


def _text(cell: Typed | str) -> str:
    if isinstance(cell, str):
        return cell
    value = cell.value
    if cell.kind is CellKind.PERCENT and isinstance(value, Decimal):
        return f"{value * 100:.2f}".rstrip("0").rstrip(".")
    if cell.kind is CellKind.MONEY:
        return f"{value:,.2f}"
    if isinstance(value, Decimal):
        return (
            f"{value:,f}".rstrip("0").rstrip(".") if value != value.to_integral_value() else f"{int(value):,}"
        )
    return f"{value:,}" if isinstance(value, int) else str(value)


# The rows behind a figure


def rows_behind(key: str, period: Period, today: date) -> Query | None:
    """The query whose rows make up a figure of a period; None where no list shows exactly those.

    What there was at the end of a period can be listed only while that end has not passed.
    """
    flow = _flows(period).get(key)
    if flow is not None:
        return flow
    return _stocks().get(key) if period.last >= today >= period.first else None


def _flows(period: Period) -> dict[str, Query]:
    def within(record: str, field: str, *more: Filter) -> Query:
        filters = (Filter(field, low=period.first, high=period.last), *more)
        return Query(record, filters=filters, order=field)

    met = _any("outcome", *COMPLETED)
    remote = _any("method", *REMOTE)
    present = _any("method", *(each for each in VisitMethod if each not in REMOTE))
    closed = _any("status", *(each for each in NeedStatus if each not in OPEN_NEEDS))
    made = _any("state", *(each for each in MatchState if each not in when.GIVEN_UP))
    known = _any("status", *(each for each in ResourceStatus if each is not ResourceStatus.WITHDRAWN))
    visits = within("visit", "visited_on", met)
    matches = within("match", "matched_on", made)
    left_homes = _any("status", *(each for each in HouseholdStatus if each is not HouseholdStatus.ACTIVE))
    left = _any("status", *(each for each in PersonStatus if each is not PersonStatus.ACTIVE))
    return {
        "households_opened": within("household", "opened_on"),
        "persons_opened": within("person", "opened_on"),
        "households_closed": within("household", "closed_on", left_homes),
        "persons_closed": within("person", "closed_on", left),
        "visits": visits,
        "visits_home": within("visit", "visited_on", met, present),
        "visits_phone": within("visit", "visited_on", met, remote),
        "visited_households": visits,
        "visit_instances": visits,
        "visits_in_vain": within(
            "visit", "visited_on", _any("outcome", *(each for each in VisitOutcome if each not in COMPLETED))
        ),
        "needs": within("need", "raised_on"),
        **{
            f"needs_{result.code}": within("need", "raised_on", _any("result", result))
            for result in NeedResult
        },
        "needs_urgent": within("need", "raised_on", _any("urgency", Urgency.CRITICAL)),
        "needs_closed": within("need", "closed_on", closed),
        "needs_met": within("need", "closed_on", _any("status", NeedStatus.MET)),
        "resources_added": within("resource", "collected_on", known),
        "resources_verified": within("resource", "verified_on", known),
        "matches": matches,
        "matches_done": within("match", "done_on", _any("state", *when.DONE)),
        "goods_value": within("match", "matched_on", made, _any("in_money", False)),
        "money_value": within("match", "matched_on", made, _any("in_money", True)),
        "people": matches,
        "instances": matches,
    }


def _stocks() -> dict[str, Query]:
    known = _any("status", *(each for each in ResourceStatus if each is not ResourceStatus.WITHDRAWN))
    return {
        "households": Query("household", scope="active"),
        "persons": Query("person", filters=(_any("status", PersonStatus.ACTIVE),)),
        "needs_open": Query("need", scope="open"),
        "resources": Query("resource", filters=(known,)),
        **{
            f"resources_{each.code}": Query("resource", filters=(known, _any("dimension", each)))
            for each in Dimension
        },
    }


def _any(field: str, *values: object) -> Filter:
    return Filter(field, frozenset(values))
