"""Where the people served live: who may be on a map at all, how many they are by village, and who may see more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import HouseholdStatus, PersonStatus, Privacy
from stationdesk.db import keys
from stationdesk.db.models import AuditEntry, CodeRow, Household, Person, PersonCategory, Station, Worker
from stationdesk.services.scopes import on_day
from stationdesk.services.store import Store

UNLOCKED_FOR = timedelta(minutes=15)
"""So long after the password was given may the places of households be shown and printed."""
_REVEALED = "revealed"
_ALL_HOUSEHOLDS = ("household", "")
"""The record and key of the audit that stand for where all of them live; one household alone has its own key."""


def private_homes() -> Select[Any]:
    """The households of people whose category is kept off every map, now or ever before."""
    private = [level for level in Privacy if not level.on_internal_map]
    categories = select(CodeRow.code).where(CodeRow.list == "client_group", CodeRow.privacy.in_(private))
    people = select(PersonCategory.person_key).where(PersonCategory.category.in_(categories))
    return select(Person.household_key).where(Person.key.in_(people))


def withheld_homes(store: Store) -> frozenset[Key]:
    """The households that are on no map, placed or not."""
    with store.reading() as session:
        return frozenset(session.scalars(private_homes()))


@dataclass(frozen=True, slots=True)
class Served:
    """How many people are served in each village; fewer than `least` are not told, for they could be recognised."""

    least: int
    counts: Mapping[Key | None, int]

    def is_told(self, village: Key | None) -> bool:
        """Whether the number of a village may be told."""
        return self.counts.get(village, 0) >= max(1, self.least)

    def words(self, village: Key | None) -> str:
        """What may be told of a village; empty where nobody is served."""
        count = self.counts.get(village, 0)
        if not count:
            return ""
        if self.is_told(village):
            return _("服务对象 {count} 人").format(count=count)
        return _("服务对象不足 {least} 人").format(least=self.least)

    @property
    def told(self) -> int:
        """The people of the villages whose numbers are told: a sum of all would give the missing one away."""
        return sum(count for village, count in self.counts.items() if self.is_told(village))


def served_by_village(store: Store, session: Session) -> Served:
    """How many people carry a category today, by the village of their household.

    Households that are on no map are not counted either: one that moved in would show in the number.
    """
    query = (
        select(Household.village_key, func.count(Person.key.distinct()))
        .join(Person, Person.household_key == Household.key)
        .join(PersonCategory, PersonCategory.person_key == Person.key)
        .where(
            Household.status == HouseholdStatus.ACTIVE,
            Person.status == PersonStatus.ACTIVE,
            Household.key.not_in(private_homes()),
            on_day(store.clock.today()),
        )
        .group_by(Household.village_key)
    )
    least = session.scalars(select(Station.least_counted)).first() or 0
    return Served(least, {row[0]: row[1] for row in session.execute(query)})


def unlock_households(store: Store, password: str) -> ChangeSet:
    """Note that the present worker is about to see where each household lives; changes nothing.

    In a station with passwords, `password` must be the worker's own.

    Raises:
        WrongPassword: it is not.
        UserError: the worker may not see single records.
    """
    if store.key is not None:
        keys.unlock(store.folder.keys, store.actor.name, password)
    with store.writing(_("在地图上查看逐户位置")) as work:
        _check_role(store, work.session)
        work.note(_REVEALED, _ALL_HOUSEHOLDS[0], (), _("在地图上查看了逐户位置"))
        return work.done()


def check_unlocked(store: Store, session: Session) -> None:
    """Refuse to go on unless the present worker unlocked the households a moment ago, which the audit tells.

    Raises:
        UserError: nobody did, or the worker may not see single records.
    """
    _check_role(store, session)
    query = select(AuditEntry.seq).where(
        AuditEntry.action == _REVEALED,
        AuditEntry.record == _ALL_HOUSEHOLDS[0],
        AuditEntry.record_key == _ALL_HOUSEHOLDS[1],
        AuditEntry.actor == store.actor.name,
        AuditEntry.at >= store.clock.now() - UNLOCKED_FOR,
    )
    if session.scalars(query.limit(1)).first() is None:
        raise UserError("逐户位置要先输入您的密码才能看，或者上次输入已经过了时间。请再输一次。")


def _check_role(store: Store, session: Session) -> None:
    worker = session.get(Worker, store.actor.key) if store.actor.key else None
    if worker is not None and not worker.role.sees_records:
        raise UserError("您的角色只看统计，不能看逐户位置。")
