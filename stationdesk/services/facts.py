"""What the frame of the window says of the station."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from stationdesk.core.messages import _
from stationdesk.services import safety, stations
from stationdesk.services.store import Store

_BACKUP_OLD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class StationFacts:
    """Title of the window, who works, whether it is the practice town, and the last backup in words."""

    title: str
    worker: str
    practice: bool
    last_backup: str
    backup_due: bool


def facts_of(store: Store) -> StationFacts:
    """The facts as they are now."""
    profile = stations.profile_of(store)
    last = safety.last_backup(store)
    now = store.clock.now()
    title = _("{station}（练习镇）").format(station=profile.name) if profile.practice else profile.name
    words = ""
    if last is not None:
        here = last.astimezone()
        today = now.astimezone().date()
        day = _("今天") if here.date() == today else here.date().isoformat()
        words = f"{day} {here:%H:%M}"
    return StationFacts(
        title, store.actor.name, profile.practice, words, last is None or now - last > _BACKUP_OLD
    )
