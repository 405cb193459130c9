"""The figures of the monthly table: what there is at the end of a period, and what happened within it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from stationdesk.core.vocab import (
    Dimension,
    HouseholdStatus,
    NeedResult,
    NeedStatus,
    PersonStatus,
    ResourceStatus,
    StateOfUse,
    Urgency,
    VisitMethod,
)
from stationdesk.db.models import CodeRow, Household, Match, Need, Person, PersonCategory, Resource, Visit
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import GROUPS, restricted_groups
from stationdesk.services.scopes import COMPLETED, due_visit, on_day

Figure = int | Decimal | None
"""A count, a sum of money, or a share; None where there is nothing to divide by."""

Figures = Mapping[str, Figure]

REMOTE = (VisitMethod.PHONE, VisitMethod.WECHAT)


@dataclass(frozen=True, slots=True)
class Category:
    """A category of clients that the monthly table has lines for."""

    code: str
    label: str


def figures_of(session: Session, period: Period) -> Figures:
    """Every figure of a period, by the key of its line; those of the categories by `key:code`."""
    return {
        **_files(session, period),
        **_categories(session, period),
        **_visits(session, period),
        **_needs(session, period),
        **_resources(session, period),
        **_matches(session, period),
    }


def categories(session: Session) -> tuple[Category, ...]:
    """The categories in their order; those whose people are never listed have no lines either."""
    rows = session.execute(
        select(CodeRow.code, CodeRow.label)
        .where(CodeRow.list == GROUPS, CodeRow.code.not_in(restricted_groups()))
        .order_by(CodeRow.position, CodeRow.code)
    )
    return tuple(Category(row.code, row.label) for row in rows)


def _files(session: Session, period: Period) -> Figures:
    return {
        "households": _count(session, Household, when.household_on_file(period.last)),
        "persons": _count(session, Person, when.on_file(period.last)),
        "households_opened": _count(session, Household, when.within(Household.opened_on, period)),
        "persons_opened": _count(session, Person, when.within(Person.opened_on, period)),
        "households_closed": _count(
            session,
            Household,
            Household.status != HouseholdStatus.ACTIVE,
            when.within(Household.closed_on, period),
        ),
        "persons_closed": _count(
            session, Person, Person.status != PersonStatus.ACTIVE, when.within(Person.closed_on, period)
        ),
    }


def _categories(session: Session, period: Period) -> Figures:
    rows = session.execute(
        select(
            PersonCategory.category,
            func.count(distinct(Person.key)).label("persons"),
            func.count(distinct(case((when.household_on_file(period.last), Person.household_key)))).label(
                "households"
            ),
        )
        .join(Person, Person.key == PersonCategory.person_key)
        .join(Household, Household.key == Person.household_key)
        .where(on_day(period.last), when.on_file(period.last))
        .group_by(PersonCategory.category)
    )
    figures: dict[str, Figure] = {}
    for row in rows:
        figures[f"category_persons:{row.category}"] = row.persons
        figures[f"category_households:{row.category}"] = row.households
    return figures


def _visits(session: Session, period: Period) -> Figures:
    in_period = when.within(Visit.visited_on, period)
    met = and_(in_period, Visit.outcome.in_(COMPLETED))
    visited = _count(session, Visit, met, what=distinct(Visit.household_key))
    on_file = when.household_on_file(period.last)
    reached = exists().where(Visit.household_key == Household.key, met)
    return {
        "visits": _count(session, Visit, met),
        "visits_home": _count(session, Visit, met, Visit.method.not_in(REMOTE)),
        "visits_phone": _count(session, Visit, met, Visit.method.in_(REMOTE)),
        "visited_households": visited,
        "visit_instances": _sum(session, func.coalesce(func.nullif(Visit.people, 0), 1), met),
        "visits_in_vain": _count(session, Visit, in_period, Visit.outcome.not_in(COMPLETED)),
        "coverage": _share(_count(session, Household, on_file, reached), _count(session, Household, on_file)),
        "overdue": _count(session, Household, on_file, due_visit(period.last) < period.last.isoformat()),
    }


def _needs(session: Session, period: Period) -> Figures:
    raised = when.within(Need.raised_on, period)
    opened = when.need_open(period.last)
    return {
        "needs": _count(session, Need, raised),
        **{
            f"needs_{result.code}": _count(session, Need, raised, Need.result == result)
            for result in NeedResult
        },
        "needs_urgent": _count(session, Need, raised, Need.urgency == Urgency.CRITICAL),
        "needs_closed": _count(session, Need, when.need_closed(period)),
        "needs_met": _count(session, Need, when.need_closed(period), Need.status == NeedStatus.MET),
        "needs_open": _count(session, Need, opened),
        "needs_unmatched": _count(session, Need, opened, ~when.matched(period.last)),
    }


def _resources(session: Session, period: Period) -> Figures:
    known = when.known_resource(period.last)
    stopped = or_(
        Resource.state_of_use == StateOfUse.STOPPED,
        Resource.status.in_((ResourceStatus.SUSPENDED, ResourceStatus.LAPSED)),
    )
    return {
        "resources": _count(session, Resource, known),
        **{
            f"resources_{each.code}": _count(session, Resource, known, Resource.dimension == each)
            for each in Dimension
        },
        "resources_added": _count(session, Resource, known, when.within(Resource.collected_on, period)),
        "resources_verified": _count(session, Resource, known, when.within(Resource.verified_on, period)),
        "resources_stopped": _count(session, Resource, known, stopped),
    }


def _matches(session: Session, period: Period) -> Figures:
    linked = when.linked(period)
    amount = func.coalesce(Match.amount, 0)
    raised = when.within(Need.raised_on, period)
    match = aliased(Match)
    finished = exists().where(
        match.need_key == Need.key, match.state.in_(when.DONE), match.done_on <= period.last
    )
    return {
        "matches": _count(session, Match, linked),
        "matches_done": _count(
            session, Match, Match.state.in_(when.DONE), when.within(Match.done_on, period)
        ),
        "goods_value": _money(_sum(session, amount, linked, Match.in_money.is_(False))),
        "money_value": _money(_sum(session, amount, linked, Match.in_money.is_(True))),
        "people": _people_helped(session, linked),
        "instances": _sum(session, func.coalesce(Match.instances, Match.people, 1), linked),
        "match_rate": _share(_count(session, Need, raised, finished), _count(session, Need, raised)),
    }


def _people_helped(session: Session, linked: ColumnElement[bool]) -> int:
    """People reached: each client once, however often helped; a group by its largest number."""
    subject = func.coalesce(Need.person_key, Need.household_key, Need.village_key, Need.key)
    each = (
        select(func.max(func.coalesce(Match.people, 1)).label("people"))
        .join(Need, Need.key == Match.need_key)
        .where(linked)
        .group_by(subject)
        .subquery()
    )
    return int(session.execute(select(func.coalesce(func.sum(each.c.people), 0))).scalar_one())


def _count(session: Session, model: Any, *conditions: ColumnElement[bool], what: Any = None) -> int:
    counted = func.count() if what is None else func.count(what)
    return session.execute(select(counted).select_from(model).where(*conditions)).scalar_one()


def _sum(session: Session, value: Any, *conditions: ColumnElement[bool]) -> Any:
    return session.execute(select(func.coalesce(func.sum(value), 0)).where(*conditions)).scalar_one()


def _money(total: Any) -> Decimal:
    return Decimal(total).quantize(Decimal("0.01"))


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001")) if whole else None
