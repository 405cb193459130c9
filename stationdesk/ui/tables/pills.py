"""Which states are shown as a pill, and in what colour. The words always stand beside the colour."""

from __future__ import annotations

from collections.abc import Mapping

from stationdesk.core.fields import Value
from stationdesk.core.vocab import (
    FollowLevel,
    HouseholdStatus,
    MatchState,
    NeedStatus,
    PersonStatus,
    ResourceStatus,
    Urgency,
    VisitOutcome,
)
from stationdesk.ui.theme import Role

_OK, _WARN, _BAD, _IDLE, _ACCENT = Role.OK, Role.WARN, Role.BAD, Role.IDLE, Role.ACCENT

PILLS: Mapping[type, Mapping[str, Role]] = {
    ResourceStatus: {
        ResourceStatus.ACTIVE: _OK,
        ResourceStatus.SUSPENDED: _WARN,
        ResourceStatus.LAPSED: _IDLE,
        ResourceStatus.WITHDRAWN: _IDLE,
        ResourceStatus.DRAFT: _ACCENT,
    },
    Urgency: {Urgency.CRITICAL: _BAD, Urgency.SOON: _WARN, Urgency.NORMAL: _IDLE, Urgency.LONG_TERM: _IDLE},
    NeedStatus: {
        NeedStatus.TO_ASSESS: _WARN,
        NeedStatus.TO_MATCH: _WARN,
        NeedStatus.MATCHING: _ACCENT,
        NeedStatus.PARTLY_MET: _ACCENT,
        NeedStatus.MET: _OK,
        NeedStatus.UNMEETABLE: _BAD,
        NeedStatus.WITHDRAWN: _IDLE,
        NeedStatus.REFERRED: _IDLE,
    },
    MatchState: {
        MatchState.PLANNED: _WARN,
        MatchState.CONTACTED: _ACCENT,
        MatchState.SERVING: _ACCENT,
        MatchState.DONE: _OK,
        MatchState.CONFIRMED: _OK,
        MatchState.FAILED: _BAD,
        MatchState.WITHDRAWN: _IDLE,
    },
    FollowLevel: {FollowLevel.HIGH: _BAD, FollowLevel.PRIORITY: _WARN, FollowLevel.NORMAL: _IDLE},
    HouseholdStatus: {
        HouseholdStatus.ACTIVE: _OK,
        HouseholdStatus.MOVED: _IDLE,
        HouseholdStatus.CLOSED: _IDLE,
        HouseholdStatus.DIED: _IDLE,
    },
    PersonStatus: {
        PersonStatus.ACTIVE: _OK,
        PersonStatus.MOVED: _IDLE,
        PersonStatus.CLOSED: _IDLE,
        PersonStatus.DIED: _IDLE,
    },
    VisitOutcome: {
        VisitOutcome.MET: _OK,
        VisitOutcome.MET_FAMILY: _OK,
        VisitOutcome.NOBODY_HOME: _WARN,
        VisitOutcome.NO_ANSWER: _WARN,
        VisitOutcome.MOVED: _IDLE,
        VisitOutcome.REFUSED: _BAD,
    },
}
"""Every member of a vocabulary that is shown as pills; a test finds the ones that were forgotten."""


def is_pill(kind: type) -> bool:
    """Whether values of a type are shown as pills."""
    return kind in PILLS


def role_of(value: Value) -> Role | None:
    """The colour of a value that is shown as a pill, or None."""
    return PILLS.get(type(value), {}).get(value)
