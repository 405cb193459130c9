"""The walks on record: what each brought home, and taking one away."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, removed
from stationdesk.core.datum import metres_per_degree
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import ResourceStatus
from stationdesk.db.base import values_of
from stationdesk.db.models import OWNERS, RECORDS, Photo, Resource, Village, Walk
from stationdesk.db.models.audit import AuditEntry
from stationdesk.services.photos import photos_removed
from stationdesk.services.store import Store


@dataclass(frozen=True, slots=True)
class WalkLine:
    """A walk on record: `metres` of its tracks, its photos, and how many of its `made` drafts are drafts still.

    `village` is the one that was told, or those of what was found.
    """

    key: Key
    name: str
    walked_on: date
    village: str
    metres: float
    photos: int
    drafts: int
    made: int


def walks_of(store: Store) -> tuple[WalkLine, ...]:
    """The walks, the last one first."""
    with store.reading() as session:
        photos = dict(session.execute(select(Photo.walk_key, func.count()).group_by(Photo.walk_key)).all())
        villages: dict[Key, str] = dict(session.execute(select(Village.key, Village.name)).all())
        rows = session.execute(
            select(Walk, Village.name)
            .outerjoin(Village, Village.key == Walk.village_key)
            .order_by(Walk.walked_on.desc(), Walk.key.desc())
        ).all()
        lines = []
        for walk, village in rows:
            made = _made(session, walk.key)
            drafts = sum(each.status is ResourceStatus.DRAFT for each in made)
            lines.append(
                WalkLine(
                    walk.key,
                    walk.name,
                    walk.walked_on,
                    village or _names(villages, made),
                    _metres(walk.track),
                    photos.get(walk.key, 0),
                    drafts,
                    len(made),
                )
            )
        return tuple(lines)


def remove_walk(store: Store, key: Key) -> ChangeSet:
    """Take a walk away with its track, its drafts that nobody completed and the photos that show nothing else.

    What became a resource stays, and keeps its photos. Undo brings everything back.

    Raises:
        InUse: a draft of it is matched with a need already.
        UserError: it is gone already.
    """
    with store.reading() as session:
        found = session.get(Walk, key)
        name = found.name if found is not None else ""
    with store.writing(_("移除社区行走 {name}").format(name=name)) as work:
        walk = work.session.get(Walk, key)
        if walk is None:
            raise UserError("这次行走已经移除了。")
        changes = _without_drafts(work.session, _made(work.session, key))
        gone = {change.key for change in changes}
        for photo in work.session.scalars(select(Photo).where(Photo.walk_key == key)):
            if photo.key in gone:
                continue
            if photo.record is None:
                changes.append(removed("photo", photo.key, values_of(photo)))
            elif (freed := changed("photo", photo.key, values_of(photo), {"walk_key": None})) is not None:
                changes.append(freed)
        changes.append(removed("walk", key, values_of(walk)))
        work.write(changes)
        return work.done()


def _names(villages: Mapping[Key, str], made: Sequence[Resource]) -> str:
    """The villages that a walk touched, by what it found there."""
    keys = dict.fromkeys(each.village_key for each in made if each.village_key)
    return "、".join(villages[key] for key in keys if key in villages)


def _without_drafts(session: Session, made: Sequence[Resource]) -> list[Change]:
    changes: list[Change] = []
    for resource in made:
        if resource.status is ResourceStatus.DRAFT:
            changes += photos_removed(session, "resource", resource.key)
            for part, (owner, where) in OWNERS.items():
                if owner == "resource":
                    owned = session.query(RECORDS[part]).filter_by(**{where: resource.key})
                    changes += [removed(part, each.key, values_of(each)) for each in owned]
            changes.append(removed("resource", resource.key, values_of(resource)))
    return changes


def _made(session: Session, walk: Key) -> Sequence[Resource]:
    """What was made in the same step as the walk and is there still: a place marked on a track has no photo to tell."""
    batches = select(AuditEntry.batch).where(AuditEntry.record == "walk", AuditEntry.record_key == walk)
    written = select(AuditEntry.record_key).where(
        AuditEntry.record == "resource", AuditEntry.batch.in_(batches), AuditEntry.batch.is_not(None)
    )
    return session.scalars(select(Resource).where(Resource.key.in_(written)).order_by(Resource.code)).all()


def _metres(track: str | None) -> float:
    runs = json.loads(track)["coordinates"] if track else ()
    return math.fsum(_length(run) for run in runs if run)


def _length(run: Sequence[Sequence[float]]) -> float:
    up, across = metres_per_degree(run[0][1])
    steps = pairwise(run)
    return math.fsum(math.hypot((b[0] - a[0]) * across, (b[1] - a[1]) * up) for a, b in steps)
