"""The figures of the monthly table: what there is at the end of a period, and what happened within it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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
from stationdesk.services.ledgers.counting import Counted, Figure, Share, Told, value_of
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import GROUPS, restricted_groups
from stationdesk.services.scopes import COMPLETED, due_visit, on_day

Figures = Mapping[str, Figure]

REMOTE = (VisitMethod.PHONE, VisitMethod.WECHAT)
CATEGORY_PERSONS, CATEGORY_HOUSEHOLDS = "category_persons", "category_households"


@dataclass(frozen=True, slots=True)
class Category:
    """A category of clients that the monthly table has lines for."""

    code: str
    label: str


def figures_of(session: Session, period: Period) -> Figures:
    """Every figure of a period, by the key of its line; those of the categories by `key:code`."""
    figures = {key: value_of(session, told) for key, told in declared(period).items()}
    return {**figures, **_category_figures(session, period)}


def some_figures(session: Session, period: Period, *keys: str) -> Figures:
    """Some of the figures of a period."""
    told = declared(period)
    return {key: value_of(session, told[key]) for key in keys}


def told_figure(key: str, period: Period) -> Told:
    """What makes up one figure of a period.

    Raises:
        KeyError: there is no such figure.
    """
    name, _colon, code = key.partition(":")
    if name == CATEGORY_PERSONS:
        return Counted(Person, and_(when.on_file(period.last), _carries(code, period)))
    if name == CATEGORY_HOUSEHOLDS:
        member = exists().where(
            Person.household_key == Household.key, when.on_file(period.last), _carries(code, period)
        )
        return Counted(Household, and_(when.household_on_file(period.last), member))
    return declared(period)[key]


def categories(session: Session) -> tuple[Category, ...]:
    """The categories in their order; those whose people are never listed have no lines either."""
    rows = session.execute(
        select(CodeRow.code, CodeRow.label)
        .where(CodeRow.list == GROUPS, CodeRow.code.not_in(restricted_groups()))
        .order_by(CodeRow.position, CodeRow.code)
    )
    return tuple(Category(row.code, row.label) for row in rows)


@lru_cache(maxsize=64)
def declared(period: Period) -> Mapping[str, Told]:
    """What makes up each figure of a period, but those of the categories; conditions of SQL, so kept once made."""
    return {
        **_files(period),
        **_visits(period),
        **_needs(period),
        **_resources(period),
        **_matches(period),
    }


def _carries(code: str, period: Period) -> ColumnElement[bool]:
    carried = PersonCategory.category == code
    return exists().where(PersonCategory.person_key == Person.key, carried, on_day(period.last))


def _category_figures(session: Session, period: Period) -> Figures:
    """The figures of all categories in one query; each is what `told_figure` says."""
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
        figures[f"{CATEGORY_PERSONS}:{row.category}"] = row.persons
        figures[f"{CATEGORY_HOUSEHOLDS}:{row.category}"] = row.households
    return figures


def _files(period: Period) -> dict[str, Told]:
    def households(*conditions: ColumnElement[bool]) -> Counted:
        return Counted(Household, and_(*conditions))

    def persons(*conditions: ColumnElement[bool]) -> Counted:
        return Counted(Person, and_(*conditions))

    left_home = Household.status != HouseholdStatus.ACTIVE
    left = Person.status != PersonStatus.ACTIVE
    return {
        "households": households(when.household_on_file(period.last)),
        "persons": persons(when.on_file(period.last)),
        "households_opened": households(when.within(Household.opened_on, period)),
        "persons_opened": persons(when.within(Person.opened_on, period)),
        "households_closed": households(left_home, when.within(Household.closed_on, period)),
        "persons_closed": persons(left, when.within(Person.closed_on, period)),
    }


def _visits(period: Period) -> dict[str, Told]:
    def visits(*conditions: ColumnElement[bool], **more: Any) -> Counted:
        return Counted(Visit, and_(when.within(Visit.visited_on, period), *conditions), **more)

    met = Visit.outcome.in_(COMPLETED)
    on_file = Counted(Household, when.household_on_file(period.last))
    late = due_visit(period.last) < period.last.isoformat()
    return {
        "visits": visits(met),
        "visits_home": visits(met, Visit.method.not_in(REMOTE)),
        "visits_phone": visits(met, Visit.method.in_(REMOTE)),
        "visited_households": visits(met, once=Visit.household_key),
        "visit_instances": visits(met, weight=func.coalesce(func.nullif(Visit.people, 0), 1)),
        "visits_in_vain": visits(Visit.outcome.not_in(COMPLETED)),
        "coverage": Share(on_file, when.reached(period)),
        "overdue": Counted(Household, and_(on_file.condition, late)),
    }


def _needs(period: Period) -> dict[str, Told]:
    def needs(*conditions: ColumnElement[bool]) -> Counted:
        return Counted(Need, and_(*conditions))

    raised, opened = when.within(Need.raised_on, period), when.need_open(period.last)
    closed = when.need_closed(period)
    return {
        "needs": needs(raised),
        **{f"needs_{result.code}": needs(raised, Need.result == result) for result in NeedResult},
        "needs_urgent": needs(raised, Need.urgency == Urgency.CRITICAL),
        "needs_closed": needs(closed),
        "needs_met": needs(closed, Need.status == NeedStatus.MET),
        "needs_open": needs(opened),
        "needs_unmatched": needs(opened, ~when.matched(period.last)),
    }


def _resources(period: Period) -> dict[str, Told]:
    def resources(*conditions: ColumnElement[bool]) -> Counted:
        return Counted(Resource, and_(when.known_resource(period.last), *conditions))

    stopped = or_(
        Resource.state_of_use == StateOfUse.STOPPED,
        Resource.status.in_((ResourceStatus.SUSPENDED, ResourceStatus.LAPSED)),
    )
    return {
        "resources": resources(),
        **{f"resources_{each.code}": resources(Resource.dimension == each) for each in Dimension},
        "resources_added": resources(when.within(Resource.collected_on, period)),
        "resources_verified": resources(when.within(Resource.verified_on, period)),
        "resources_stopped": resources(stopped),
    }


def _matches(period: Period) -> dict[str, Told]:
    def linked(*conditions: ColumnElement[bool], **more: Any) -> Counted:
        return Counted(Match, and_(when.linked(period), *conditions), **more)

    amount = func.coalesce(Match.amount, 0)
    finished = and_(Match.state.in_(when.DONE), when.within(Match.done_on, period))
    match = aliased(Match)
    answered = exists().where(
        match.need_key == Need.key, match.state.in_(when.DONE), match.done_on <= period.last
    )
    raised = Counted(Need, when.within(Need.raised_on, period))
    return {
        "matches": linked(),
        "matches_done": Counted(Match, finished),
        "goods_value": linked(Match.in_money.is_(False), weight=amount, money=True),
        "money_value": linked(Match.in_money.is_(True), weight=amount, money=True),
        # Each client once, however often helped; a group by its largest number.
        "people": linked(weight=func.coalesce(Match.people, 1), once=_subject()),
        "instances": linked(weight=func.coalesce(Match.instances, Match.people, 1)),
        "match_rate": Share(raised, answered),
    }


def _subject() -> Any:
    """Whom the need of a match is about, as a correlated subquery."""
    need = aliased(Need)
    subject = func.coalesce(need.person_key, need.household_key, need.village_key, need.key)
    return select(subject).where(need.key == Match.need_key).correlate(Match).scalar_subquery()
