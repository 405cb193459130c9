"""Many records changed at once: the same fields, the rules of every record, one transaction and one undo.

trial = try_all(store, "person", keys, {"village": ...})   # how many change, which stay, and why
change_all(store, "person", keys, values)
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet, Kept, changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Key, Kind, Place, Search, Value, Values
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db.base import field_map, fields_of, values_of
from stationdesk.db.models import RECORD_TITLES, RECORDS
from stationdesk.db.writing import Work
from stationdesk.services.book import titles_of
from stationdesk.services.records import checked
from stationdesk.services.store import Store

MOST = 20_000
"""Records that are changed in one step; more are chosen by mistake."""

_PART = 500
_STEP = 20
_TOGETHER = 100
"""Records that are written together: many times as fast as one by one."""
_TIED = frozenset({"match"})
"""Records of which the next may hold less for what the one before took (a capacity): written one by one."""
_TYING = frozenset({"is_head", "household_key"})
"""Fields by which one record changes another: a household has one head."""
_ONE_OF_A_KIND = frozenset(
    {Kind.NUMBER, Kind.ID_NUMBER, Kind.PHONE, Kind.LATITUDE, Kind.LONGITUDE, Kind.GEOMETRY}
)
"""What two records never share: numbers, cards, phones, places."""


@dataclass(frozen=True, slots=True)
class Added:
    """For fields of several values: these are added to what is there."""

    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Taken:
    """For fields of several values: these are taken from what is there."""

    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that stays as it is, what it is called, and the rule that says so, in the worker's words."""

    key: Key
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a bulk change would do: so many records change, so many hold the values already, these stay."""

    changing: int
    same: int
    refused: tuple[Refused, ...]


def bulk_fields(record: str) -> tuple[Field, ...]:
    """The fields of a kind of record that several records may share."""
    model = RECORDS[record]
    return tuple(each for each in fields_of(model, Place.FORM) if _is_shared(each, model.__title__))


def _is_shared(told: Field, title: Sequence[str]) -> bool:
    spec = told.spec
    own = spec.kind in _ONE_OF_A_KIND or spec.search in {Search.DIGITS, Search.NAME}
    return not (told.derived or own or told.key in title)


class _Tried(Exception):
    """Ends a trial, so that everything is rolled back."""


def try_all(
    store: Store, record: str, keys: Sequence[Key], values: Values, progress: Progress = SILENT
) -> Trial:
    """What the change would do: it is done record by record, as it will be, and rolled back.

    Raises:
        UserError: too many records, or a field that cannot be changed so.
        Cancelled: by `progress`.
    """
    _check(record, keys, values)
    trial = Trial(0, 0, ())
    with contextlib.suppress(_Tried), store.writing("") as work:
        same, kept = _write(work, record, keys, values, progress)
        titles = titles_of(work.session, record, [each.change.key for each in kept])
        stays = (
            Refused(each.change.key, titles.get((record, each.change.key), ""), each.reason) for each in kept
        )
        changing = len(work.done().keys(record))
        trial = Trial(changing, same, tuple(stays))
        raise _Tried
    return trial


def change_all(
    store: Store, record: str, keys: Sequence[Key], values: Values, progress: Progress = SILENT
) -> ChangeSet:
    """Give every record of `keys` these values, each checked by the rules of its kind; one step, one undo.

    A record that its rules refuse stays as it is and is told in `ChangeSet.kept`; the others are written together or,
    when the work is stopped, not at all.

    Raises:
        UserError: too many records, or no record could be changed.
        Cancelled: by `progress`.
    """
    _check(record, keys, values)
    told = field_map(RECORDS[record])
    labels = "、".join(_(told[name].label) for name in values)
    why = _("批量修改{kind}的{fields}").format(kind=_(RECORD_TITLES[record]), fields=labels)
    with store.writing(why) as work:
        _same, kept = _write(work, record, keys, values, progress)
        outcome = work.done()
    if not outcome and kept:
        raise UserError("一条也没有改：{why}", why=kept[0].reason)
    return ChangeSet(outcome.batch, outcome.why, outcome.changes, kept)


def _write(
    work: Work, record: str, keys: Sequence[Key], values: Values, progress: Progress
) -> tuple[int, tuple[Kept, ...]]:
    """Check and write each record; how many hold the values already, and those that the rules refuse."""
    same = 0
    kept: list[Kept] = []
    fresh: list[Change] = []
    together = 1 if record in _TIED or _TYING & values.keys() else _TOGETHER
    for done, change in enumerate(_changes(work, record, keys, values), 1):
        if done % _STEP == 0:
            progress.step(done, len(keys))
        if change is None:
            same += 1
            continue
        try:
            fresh += checked(work, (change,))
        except UserError as error:
            kept.append(Kept(change, str(error)))
        if len(fresh) >= together:
            work.write(fresh)
            fresh = []
    work.write(fresh)
    progress.step(len(keys), len(keys))
    return same, tuple(kept)


def _check(record: str, keys: Sequence[Key], values: Values) -> None:
    if not values:
        raise UserError("还没有选要改的字段。")
    if len(keys) > MOST:
        raise UserError("一次最多改 {most:,} 条，选了 {count:,} 条。请先筛选。", most=MOST, count=len(keys))
    allowed = {each.key: each for each in bulk_fields(record)}
    for name, value in values.items():
        told = allowed.get(name)
        if told is None:
            raise UserError(
                "“{field}”每条记录各不相同，不能批量修改。", field=_(field_map(RECORDS[record])[name].label)
            )
        if value is None and not told.optional:
            raise UserError("“{field}”不能为空。", field=_(told.label))


def _changes(work: Work, record: str, keys: Sequence[Key], values: Values) -> Iterator[Change | None]:
    """The change of each record, read in parts, in the order of the keys; None where it holds the values already."""
    model = RECORDS[record]
    for start in range(0, len(keys), _PART):
        part = keys[start : start + _PART]
        found = {
            each.key: values_of(each)
            for each in work.session.scalars(select(model).where(model.key.in_(part)))
        }
        for key in part:
            if key in found:
                yield changed(record, key, found[key], _after(found[key], values))


def _after(before: Mapping[str, Value], values: Values) -> Values:
    after: dict[str, Value] = {}
    for name, value in values.items():
        match value:
            case Added(more):
                after[name] = before[name] | more
            case Taken(less):
                after[name] = before[name] - less
            case _:
                after[name] = value
    return after
