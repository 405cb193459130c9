"""Today's figures for the home tab: each is the count of a query, so that what it opens is what it counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import FollowLevel, MapClass
from stationdesk.db.models import Match, Need, Station, Visit
from stationdesk.services.ledgers.period import Period, Periods, month_of, periods_of
from stationdesk.services.ledgers.reading import first_day_of
from stationdesk.services.listing import Filter, Query, count_of, keys_of
from stationdesk.services.matching import MOST, NextStep, next_step, suggest_all, unmet_needs
from stationdesk.services.safety import last_backup
from stationdesk.services.scopes import COMPLETED, SCOPES
from stationdesk.services.store import Store

FIRST = 30
"""Needs that are looked into for what to do first."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number to act on. `query` has the very rows that `count` counted; `text` is how it is written."""

    key: str
    title: str
    text: str
    note: str
    count: int
    query: Query


@dataclass(frozen=True, slots=True)
class Lack:
    """Something the month's ledgers want, in a sentence, settled or not; `query` has what is wanting."""

    key: str
    sentence: str
    count: int
    query: Query

    @property
    def settled(self) -> bool:
        """Whether nothing is wanting."""
        return self.count == 0


@dataclass(frozen=True, slots=True)
class Today:
    """What the home tab shows besides the needs to look at first."""

    day: date
    station: str
    figures: tuple[Figure, ...]
    lacks: tuple[Lack, ...]
    last_backup: datetime | None


def today_of(store: Store) -> Today:
    """The figures of the day and what the month still lacks."""
    day = store.clock.today()
    with store.reading() as session:
        station = session.scalar(select(Station.name)) or ""
    return Today(
        day,
        station,
        tuple(figure(store, day) for figure in _FIGURES),
        tuple(lack(store, day) for lack in _LACKS),
        last_backup(store),
    )


# What to do first


def first_needs(store: Store, limit: int = FIRST) -> tuple[Key, ...]:
    """The urgent needs that nothing is under way for, the most urgent first, then the oldest."""
    urgent = set(keys_of(store, Query("need", scope="urgent")))
    return tuple(key for key in unmet_needs(store) if key in urgent)[:limit]


def next_steps(store: Store, needs: Sequence[Key]) -> dict[Key, NextStep]:
    """What can be done about each of these needs; the same that is said beside the need itself."""
    found = dict(suggest_all(store, limit=MOST, only=needs))
    return {need: next_step(found.get(need, ())) for need in needs}


# Figures


def _urgent(store: Store, day: date) -> Figure:
    query = Query("need", scope="urgent", order="urgency")
    count = count_of(store, query)
    with store.reading() as session:
        oldest = session.scalar(
            select(func.min(Need.raised_on)).where(SCOPES["need"]["urgent"].condition(day))
        )
    return Figure("urgent", _("紧急需求未对接"), f"{count:,}", _waited(oldest, day), count, query)


def _overdue(store: Store, _day: date) -> Figure:
    query = Query("household", scope="overdue", order="follow_level")
    count = count_of(store, query)
    high = count_of(
        store, Query("household", filters=(_only("follow_level", FollowLevel.HIGH),), scope="overdue")
    )
    note = _("其中高风险 {count} 户").format(count=high) if high else _("没有高风险户") if count else ""
    return Figure("overdue", _("走访已到期"), _("{count:,} 户").format(count=count), note, count, query)


def _verify(store: Store, _day: date) -> Figure:
    query = Query("resource", scope="verify", order="verified_on")
    count = count_of(store, query)
    never = count_of(store, Query("resource", filters=(_empty("verified_on"),), scope="verify"))
    note = _("{count:,} 项从没核实过").format(count=never) if never else _("半年没核实的") if count else ""
    return Figure("verify", _("资源待核实"), f"{count:,}", note, count, query)


def _unconfirmed(store: Store, day: date) -> Figure:
    query = Query("match", scope="unconfirmed", order="matched_on")
    count = count_of(store, query)
    with store.reading() as session:
        oldest = session.scalar(
            select(func.min(Match.done_on)).where(SCOPES["match"]["unconfirmed"].condition(day))
        )
    return Figure("unconfirmed", _("对接待回访确认"), f"{count:,}", _waited(oldest, day), count, query)


def _visited(store: Store, day: date) -> Figure:
    periods = _periods(store, day)
    query = Query(
        "visit",
        filters=(_within("visited_on", periods.this), Filter("outcome", frozenset(COMPLETED))),
        order="visited_on",
        descending=True,
    )
    with store.reading() as session:
        households, times = _visits(session, periods.this)
        before, _times = _visits(session, periods.previous)
    text = _("{households:,} 户 {times:,} 人次").format(households=households, times=times)
    note = _("上月全月 {count:,} 户").format(count=before)
    return Figure("visited", _("本月走访"), text, note, count_of(store, query), query)


def _visits(session: Session, period: Period) -> tuple[int, int]:
    """Households and instances (人次) of the completed visits of a month, counted as the monthly table does."""
    met = and_(
        Visit.visited_on >= period.first, Visit.visited_on <= period.last, Visit.outcome.in_(COMPLETED)
    )
    people = func.coalesce(func.nullif(Visit.people, 0), 1)
    row = session.execute(
        select(func.count(distinct(Visit.household_key)), func.coalesce(func.sum(people), 0)).where(met)
    ).one()
    return int(row[0]), int(row[1])


def _waited(since: date | None, day: date) -> str:
    if since is None:
        return ""
    days = (day - since).days
    return _("最久 {days} 天").format(days=days) if days else _("都是今天的")


_FIGURES: Sequence[Callable[[Store, date], Figure]] = (_urgent, _overdue, _verify, _unconfirmed, _visited)


# What the month lacks


def _lack(store: Store, key: str, wanting: str, settled: str, query: Query) -> Lack:
    count = count_of(store, query)
    return Lack(key, wanting.format(count=count) if count else settled, count, query)


def _visit_workers(store: Store, day: date) -> Lack:
    query = Query("visit", filters=(_within("visited_on", _periods(store, day).this), _empty("worker_key")))
    return _lack(store, "visit_workers", _("走访：{count:,} 次没写社工"), _("走访：社工已写全"), query)


def _match_contents(store: Store, day: date) -> Lack:
    query = Query(
        "match",
        filters=(_within("matched_on", _periods(store, day).this), _empty("content")),
        scope="unconfirmed",
    )
    return _lack(store, "match_contents", _("对接：{count:,} 笔没写提供内容"), _("对接：内容已写全"), query)


def _matches_late(store: Store, day: date) -> Lack:
    query = Query("match", filters=(Filter("due_on", high=day - timedelta(days=1)),), scope="open")
    return _lack(store, "matches_late", _("对接：{count:,} 笔过了预计完成日"), _("对接：没有超期"), query)


def _needs_late(store: Store, day: date) -> Lack:
    query = Query("need", filters=(Filter("due_on", high=day - timedelta(days=1)),), scope="open")
    return _lack(store, "needs_late", _("需求：{count:,} 项过了期望完成日"), _("需求：没有超期"), query)


def _card_numbers(store: Store, _day: date) -> Lack:
    query = Query("person", filters=(_only("id_doubtful", value=True),))
    return _lack(store, "card_numbers", _("档案：{count:,} 人身份证号待核"), _("档案：号码都已核对"), query)


def _levels(store: Store, _day: date) -> Lack:
    query = Query("household", filters=(_empty("follow_level"),), scope="active")
    return _lack(store, "levels", _("住户：{count:,} 户没定跟进级别"), _("住户：跟进级别已定"), query)


def _places(store: Store, _day: date) -> Lack:
    on_map = Filter("map_class", frozenset(each for each in MapClass if each.on_map))
    query = Query("resource", filters=(on_map,), scope="unplaced")
    return _lack(store, "places", _("地图：{count:,} 项资源没标位置"), _("地图：资源都有位置"), query)


def _drafts(store: Store, _day: date) -> Lack:
    query = Query("resource", scope="draft", order="code")
    return _lack(store, "drafts", _("{count:,} 个资源草稿待补全"), _("资源：没有草稿"), query)


_LACKS: Sequence[Callable[[Store, date], Lack]] = (
    _visit_workers,
    _match_contents,
    _matches_late,
    _needs_late,
    _card_numbers,
    _levels,
    _places,
    _drafts,
)


def _only(field: str, value: object) -> Filter:
    return Filter(field, frozenset({value}))


def _empty(field: str) -> Filter:
    return Filter(field, frozenset({None}))


def _within(field: str, period: Period) -> Filter:
    return Filter(field, low=period.first, high=period.last)


def _periods(store: Store, day: date) -> Periods:
    """The month of the ledgers that a day belongs to, and the one before: it need not begin on the first."""
    with store.reading() as session:
        first_day = first_day_of(session)
    return periods_of(month_of(day, first_day), first_day)


__all__ = ["FIRST", "Figure", "Lack", "Today", "first_needs", "next_steps", "today_of"]
