"""Saving and removing a record of any kind, with the checks that its kind has.

A kind with rules of its own tells them in its module (`needs`, `households`, `resources`, ...) as a check
that takes the work and the change and returns what is to be written; the rest is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from stationdesk.core.changes import Change, ChangeSet, removed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.db.base import blank, values_of
from stationdesk.db.models import OWNERS, RECORD_TITLES, RECORDS, Match
from stationdesk.db.writing import Work
from stationdesk.services import (
    editions,
    households,
    matches,
    needs,
    organisations,
    places,
    resources,
    visits,
)
from stationdesk.services.book import title_with, titles_of
from stationdesk.services.photos import photos_removed
from stationdesk.services.store import Store

Check = Callable[[Work, Change], list[Change]]

_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "village": places.checked_village,
        "village_group": places.checked_group,
        "feature": places.checked_feature,
        "household": households.checked_household,
        "person": households.checked_person,
        "person_category": households.checked_category,
        "need": needs.checked_need,
        "organisation": organisations.checked_organisation,
        "resource": resources.checked_resource,
        "match": matches.checked_match,
        "visit": visits.checked_visit,
        "copies_given": editions.checked_copies,
    }
)


def blank_of(store: Store, record: str) -> Values:
    """The values a new record starts with, today's dates and the present worker filled in."""
    with store.reading():  # whose own fields are told
        values = dict(blank(RECORDS[record]))
    today = store.clock.today()
    for name in (
        "opened_on",
        "raised_on",
        "matched_on",
        "visited_on",
        "collected_on",
        "added_on",
        "given_on",
    ):
        if name in values:
            values[name] = today
    if "worker_key" in values and store.actor.key:
        values["worker_key"] = store.actor.key
    return values


def save(store: Store, *changes: Change) -> ChangeSet:
    """Write what a form changed: one step, one undo.

    Raises:
        UserError: a rule of the record's kind is broken, or somebody changed the same field meanwhile.
    """
    if not changes:
        return ChangeSet(Key(""), "")
    with store.writing(_why(store, changes[0])) as work:
        work.write(checked(work, changes))
        return work.done()


def checked(work: Work, changes: tuple[Change, ...]) -> list[Change]:
    """The changes as they are to be written: numbers given, rules kept, parts added."""
    fresh: list[Change] = []
    for change in changes:
        check = _CHECKS.get(change.record)
        if check is None or change.after is None:
            fresh.append(change)
        else:
            fresh += check(work, change)
    return fresh


def remove(store: Store, record: str, key: Key) -> ChangeSet:
    """Remove a record, what is part of it, and its photos; undo brings all of it back.

    Raises:
        InUse: other records point to it.
        UserError: it is gone already.
    """
    with store.reading() as session:
        title = titles_of(session, record, [key]).get((record, key), "")
    with store.writing(_("删除{kind} {title}").format(kind=_(RECORD_TITLES[record]), title=title)) as work:
        thing = work.session.get(RECORDS[record], key)
        if thing is None:
            raise UserError("这条{kind}已经删除了。", kind=_(RECORD_TITLES[record]))
        changes = [removed(record, key, values_of(thing)), *photos_removed(work.session, record, key)]
        for part, (owner, where) in OWNERS.items():
            if owner == record:
                owned = work.session.query(RECORDS[part]).filter_by(**{where: key})
                changes += [removed(part, each.key, values_of(each)) for each in owned]
        if isinstance(thing, Match):
            changes += matches.need_left(work, key, thing.need_key)
        work.write(changes)
        return work.done()


def _why(store: Store, change: Change) -> str:
    kind = _(RECORD_TITLES[change.record])
    with store.reading() as session:
        if change.before is None:
            title = title_with(session, change.record, change.values)
            return _("新建{kind} {title}").format(kind=kind, title=title).strip()
        title = titles_of(session, change.record, [change.key]).get((change.record, change.key), "")
        return _("修改{kind} {title}").format(kind=kind, title=title).strip()
