"""What counts in a period, each said once: for the rows of a ledger and for the figures of the monthly table."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from stationdesk.core.vocab import HouseholdStatus, MatchState, PersonStatus, ResourceStatus
from stationdesk.db.models import Household, Match, Need, Person, Resource, Visit
from stationdesk.services.ledgers.period import Period
from stationdesk.services.scopes import COMPLETED, OPEN_NEEDS

GIVEN_UP = (MatchState.FAILED, MatchState.WITHDRAWN)
DONE = tuple(state for state in MatchState if state.counts_as_done)


def within(column: Any, period: Period) -> ColumnElement[bool]:
    """Whether a day falls into the period."""
    return and_(column >= period.first, column <= period.last)


def on_file(day: date) -> ColumnElement[bool]:
    """Whether a person was on file at the end of a day; without a date of opening, always since."""
    return and_(
        or_(Person.opened_on.is_(None), Person.opened_on <= day),
        or_(
            Person.status == PersonStatus.ACTIVE, and_(Person.closed_on.is_not(None), Person.closed_on > day)
        ),
    )


def household_on_file(day: date) -> ColumnElement[bool]:
    """Whether a household was on file at the end of a day."""
    return and_(
        or_(Household.opened_on.is_(None), Household.opened_on <= day),
        or_(
            Household.status == HouseholdStatus.ACTIVE,
            and_(Household.closed_on.is_not(None), Household.closed_on > day),
        ),
    )


def need_open(day: date) -> ColumnElement[bool]:
    """Whether a need was raised and not closed at the end of a day."""
    return and_(
        Need.raised_on <= day,
        or_(
            Need.status.in_(OPEN_NEEDS),
            and_(Need.closed_on.is_not(None), Need.closed_on > day),
        ),
    )


def need_closed(period: Period) -> ColumnElement[bool]:
    """Whether a need was closed within the period."""
    return and_(Need.status.not_in(OPEN_NEEDS), within(Need.closed_on, period))


def matched(day: date) -> ColumnElement[bool]:
    """Whether a need had a match, neither failed nor withdrawn, at the end of a day."""
    match = aliased(Match)
    return exists().where(match.need_key == Need.key, match.state.not_in(GIVEN_UP), match.matched_on <= day)


def linked(period: Period) -> ColumnElement[bool]:
    """Whether a match counts as made within the period."""
    return and_(within(Match.matched_on, period), Match.state.not_in(GIVEN_UP))


def known_resource(day: date) -> ColumnElement[bool]:
    """Whether a resource was in the library at the end of a day; one that was withdrawn is not."""
    return and_(
        or_(Resource.collected_on.is_(None), Resource.collected_on <= day),
        Resource.status != ResourceStatus.WITHDRAWN,
    )


def reached(period: Period) -> ColumnElement[bool]:
    """Whether a household was met at least once within the period."""
    met = and_(within(Visit.visited_on, period), Visit.outcome.in_(COMPLETED))
    return Household.key.in_(select(Visit.household_key).where(met))
