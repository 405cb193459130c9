"""Named sets of records that figures, lists and ledgers share: one definition of open, due and overdue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from stationdesk.core.fields import Key, Value
from stationdesk.core.vocab import (
    FollowLevel,
    HouseholdStatus,
    MatchState,
    NeedStatus,
    ResourceStatus,
    StateOfUse,
    Urgency,
    VisitOutcome,
)
from stationdesk.db.models import (
    Household,
    Match,
    Need,
    Organisation,
    Person,
    PersonCategory,
    Record,
    Resource,
    Village,
    Visit,
)
from stationdesk.db.models.audit import AuditEntry

VERIFY_DAYS = 180
"""A resource that was not verified for longer is due, unless it says its own day."""

COMPLETED = tuple(each for each in VisitOutcome if each.is_completed)
BATCH = "batch"
"""The name of the filter by what was written together, such as one import."""
OPEN_NEEDS = tuple(each for each in NeedStatus if each.is_open)
OPEN_MATCHES = tuple(each for each in MatchState if each.is_open)


@dataclass(frozen=True, slots=True)
class Scope:
    """A named condition; `title` is what people call the records it holds on."""

    title: str
    condition: Callable[[date], ColumnElement[bool]]


def last_visit(by: date | None = None) -> Any:
    """The day of the last completed visit of a household, `by` a day if told, as a correlated subquery."""
    known = () if by is None else (Visit.visited_on <= by,)
    return (
        select(func.max(Visit.visited_on))
        .where(Visit.household_key == Household.key, Visit.outcome.in_(COMPLETED), *known)
        .correlate(Household)
        .scalar_subquery()
    )


def due_visit(by: date | None = None) -> Any:
    """The day by which a household is to be visited again, as text; NULL where no level is set.

    The last completed visit (or the day the file was opened) plus the days of its level; visits after `by`
    do not count, so that a past day can be judged as it was.
    """
    start = func.coalesce(last_visit(by), Household.opened_on)
    days = case({level: f"+{level.default_days} days" for level in FollowLevel}, value=Household.follow_level)
    return func.date(start, days)


def on_day(day: date) -> ColumnElement[bool]:
    """The condition that a category holds on a day."""
    return and_(
        or_(PersonCategory.since.is_(None), PersonCategory.since <= day),
        or_(PersonCategory.until.is_(None), PersonCategory.until >= day),
    )


def _need_open(_today: date) -> ColumnElement[bool]:
    return Need.status.in_(OPEN_NEEDS)


def _need_unmatched(_today: date) -> ColumnElement[bool]:
    match = aliased(Match)
    taken = exists().where(match.need_key == Need.key, match.state.in_((*OPEN_MATCHES, MatchState.DONE)))
    return and_(Need.status.in_(OPEN_NEEDS), ~taken)


def _need_urgent_unmatched(today: date) -> ColumnElement[bool]:
    return and_(_need_unmatched(today), Need.urgency.in_((Urgency.CRITICAL, Urgency.SOON)))


def _resource_usable(_today: date) -> ColumnElement[bool]:
    return and_(Resource.status == ResourceStatus.ACTIVE, Resource.state_of_use != StateOfUse.STOPPED)


def _resource_verify(today: date) -> ColumnElement[bool]:
    late = today - timedelta(days=VERIFY_DAYS)
    return and_(
        Resource.status == ResourceStatus.ACTIVE,
        or_(
            Resource.verify_due <= today,
            and_(
                Resource.verify_due.is_(None),
                or_(Resource.verified_on.is_(None), Resource.verified_on < late),
            ),
        ),
    )


def _resource_unplaced(_today: date) -> ColumnElement[bool]:
    return and_(Resource.latitude.is_(None), Resource.confidential.is_(False))


def _resource_draft(_today: date) -> ColumnElement[bool]:
    return Resource.status == ResourceStatus.DRAFT


def _household_open(_today: date) -> ColumnElement[bool]:
    return Household.status == HouseholdStatus.ACTIVE


def _household_overdue(today: date) -> ColumnElement[bool]:
    return and_(Household.status == HouseholdStatus.ACTIVE, due_visit() < today.isoformat())


def _match_open(_today: date) -> ColumnElement[bool]:
    return Match.state.in_(OPEN_MATCHES)


def _match_unconfirmed(_today: date) -> ColumnElement[bool]:
    return Match.state == MatchState.DONE


def _match_unfinished(_today: date) -> ColumnElement[bool]:
    return Match.state.in_((*OPEN_MATCHES, MatchState.DONE))


SCOPES: Mapping[str, Mapping[str, Scope]] = MappingProxyType(
    {
        "need": {
            "open": Scope("未了结", _need_open),
            "unmatched": Scope("未对接", _need_unmatched),
            "urgent": Scope("紧急未对接", _need_urgent_unmatched),
        },
        "resource": {
            "usable": Scope("可用", _resource_usable),
            "verify": Scope("待核实", _resource_verify),
            "unplaced": Scope("没有位置", _resource_unplaced),
            "draft": Scope("草稿", _resource_draft),
        },
        "household": {
            "active": Scope("在册", _household_open),
            "overdue": Scope("走访已到期", _household_overdue),
        },
        "match": {
            "open": Scope("进行中", _match_open),
            "unconfirmed": Scope("待确认", _match_unconfirmed),
            "unfinished": Scope("未了结", _match_unfinished),
        },
    }
)
"""The scopes of each kind of record, by name."""


def _person_in(villages: frozenset[Value], _today: date) -> ColumnElement[bool]:
    return Person.household_key.in_(select(Household.key).where(Household.village_key.in_(villages)))


def _person_carrying(categories: frozenset[Value], today: date) -> ColumnElement[bool]:
    carried = select(PersonCategory.person_key).where(PersonCategory.category.in_(categories), on_day(today))
    return Person.key.in_(carried)


def _need_in(villages: frozenset[Value], _today: date) -> ColumnElement[bool]:
    homes = select(Household.key).where(Household.village_key.in_(villages))
    people = select(Person.key).where(Person.household_key.in_(homes))
    # The nearest word counts, as it does for the village that the list shows.
    return or_(
        Need.village_key.in_(villages),
        and_(Need.village_key.is_(None), Need.household_key.in_(homes)),
        and_(Need.village_key.is_(None), Need.household_key.is_(None), Need.person_key.in_(people)),
    )


def _visit_in(villages: frozenset[Value], _today: date) -> ColumnElement[bool]:
    return Visit.household_key.in_(select(Household.key).where(Household.village_key.in_(villages)))


def _match_in(villages: frozenset[Value], today: date) -> ColumnElement[bool]:
    return Match.need_key.in_(select(Need.key).where(_need_in(villages, today)))


def _of_batch(model: type[Record]) -> Callable[[frozenset[Value], date], ColumnElement[bool]]:
    """What a batch wrote: the record itself, its typed part, which has its key, or of a person a category."""

    def condition(batches: frozenset[Value], _today: date) -> ColumnElement[bool]:
        written = select(AuditEntry.record_key).where(AuditEntry.batch.in_(batches))
        told = model.key.in_(written)
        if model is not Person:
            return told
        carried = select(PersonCategory.person_key).where(PersonCategory.key.in_(written))
        return or_(told, Person.key.in_(carried))

    return condition


FAR_FILTERS: Mapping[tuple[str, str], Callable[[frozenset[Value], date], ColumnElement[bool]]] = (
    MappingProxyType(
        {
            ("person", "village"): _person_in,
            ("person", "category"): _person_carrying,
            ("need", "village"): _need_in,
            ("visit", "village"): _visit_in,
            ("match", "village"): _match_in,
            **{
                (model.__tablename__, BATCH): _of_batch(model)
                for model in (Household, Match, Need, Organisation, Person, Resource, Village, Visit)
            },
        }
    )
)
"""Filters by what a record has only through others: the village of its household, the categories carried that day,
the batch that wrote it."""


def _person_belonging(keys: Sequence[Key]) -> Executable:
    return (
        select(Person.key, Village.name, Household.code, Household.address, Person.birth_date)
        .join(Household, Household.key == Person.household_key)
        .outerjoin(Village, Village.key == Household.village_key)
        .where(Person.key.in_(keys))
    )


def _household_belonging(keys: Sequence[Key]) -> Executable:
    head = aliased(Person)
    return (
        select(Household.key, func.max(head.name), Village.name, Household.address)
        .outerjoin(head, and_(head.household_key == Household.key, head.is_head.is_(True)))
        .outerjoin(Village, Village.key == Household.village_key)
        .where(Household.key.in_(keys))
        .group_by(Household.key)
    )


def _need_belonging(keys: Sequence[Key]) -> Executable:
    return (
        select(Need.key, Person.name, Household.code, Village.name)
        .outerjoin(Person, Person.key == Need.person_key)
        .outerjoin(Household, Household.key == func.coalesce(Need.household_key, Person.household_key))
        .outerjoin(Village, Village.key == func.coalesce(Need.village_key, Household.village_key))
        .where(Need.key.in_(keys))
    )


def _resource_belonging(keys: Sequence[Key]) -> Executable:
    return (
        select(Resource.key, Village.name, Resource.offer_text)
        .outerjoin(Village, Village.key == Resource.village_key)
        .where(Resource.key.in_(keys))
    )


BELONGING: Mapping[str, Callable[[Sequence[Key]], Executable]] = MappingProxyType(
    {
        "person": _person_belonging,
        "household": _household_belonging,
        "need": _need_belonging,
        "resource": _resource_belonging,
    }
)
"""What tells namesakes apart, for pickers and search hits: key first, then words."""
