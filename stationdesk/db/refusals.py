"""What stands in the way of a change, in the words of the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from stationdesk.core.changes import Change
from stationdesk.core.errors import InUse, Stale, UserError
from stationdesk.core.fields import Field, plain_text
from stationdesk.core.messages import _
from stationdesk.db.base import field_map, own_names, table_of
from stationdesk.db.models import RECORD_TITLES, RECORDS
from stationdesk.db.slots import SLOTS
from stationdesk.db.telling import kept_while_told


def fields_for(change: Change) -> Mapping[str, Field]:
    """The fields that a change may name.

    Raises:
        Stale: it comes from a form with an own field of the station that was taken back since.
    """
    fields = field_map(RECORDS[change.record])
    if not fields.keys() >= change.values.keys() and any(
        name in SLOTS and name not in fields for name in change.values
    ):
        raise Stale(
            "{kind}没有保存：里面有一个自定义字段刚被改掉了。请重新打开这条记录再改。",
            kind=_(RECORD_TITLES[change.record]),
        )
    return fields


def refuse_missing(change: Change) -> None:
    """Refuse a new record in which something that must be there is not filled in."""
    told = change.values
    missing = [
        field.label
        for field in _needed(change.record)
        if (value := told.get(field.key)) is None or value == ""
    ]
    if missing:
        raise UserError(
            "{kind}没有保存：还没有填“{fields}”。请补上再保存。",
            kind=_(RECORD_TITLES[change.record]),
            fields="”“".join(_(label) for label in missing),
        )


@kept_while_told
def _needed(record: str) -> tuple[Field, ...]:
    return tuple(field for field in field_map(RECORDS[record]).values() if not field.optional)


def refusal(connection: Connection, error: IntegrityError, group: Sequence[Change]) -> Exception:
    """Why the file refused one of these changes of one kind; the error itself where it is a bug."""
    text = str(error.orig)
    kind = _(RECORD_TITLES[group[0].record])
    if "FOREIGN KEY" in text:
        if group[0].after is None:
            return InUse(
                "{kind}“{title}”还有别的记录用到，没有删除。请先改掉那些记录。",
                kind=kind,
                title=_name(connection, group[0]),
            )
        return Stale("{kind}没有保存：它指向的记录刚被删除。请重新选择。", kind=kind)
    if "UNIQUE" in text:
        fields = field_map(RECORDS[group[0].record])
        names = [part.rsplit(".", 1)[-1] for part in text.rsplit(":", 1)[-1].split(",")]
        told = next((fields[name.strip()] for name in names if name.strip() in fields), None)
        if told is not None:
            taken = next(
                (
                    c.values[told.key]
                    for c in group
                    if told.key in c.values and _is_taken(connection, c, told.key)
                ),
                "",
            )
            return UserError(
                "{kind}没有保存：{field}“{value}”已经有了。请换一个，或打开已有的那条。",
                kind=kind,
                field=_(told.label),
                value=plain_text(taken),
            )
    if "NOT NULL" in text:
        fields = field_map(RECORDS[group[0].record])
        name = text.rsplit(".", 1)[-1].strip()
        if name in fields:
            return UserError("{kind}没有保存：“{fields}”不能为空。", kind=kind, fields=_(fields[name].label))
    return error


def _is_taken(connection: Connection, change: Change, name: str) -> bool:
    table = table_of(RECORDS[change.record])
    query = select(func.count()).where(table.c[name] == change.values[name], table.c.key != change.key)
    return bool(connection.execute(query).scalar_one())


def stale(connection: Connection, group: Sequence[Change]) -> Stale:
    """Which of these changes of one kind no longer holds, and what was changed meanwhile."""
    for change in group:
        names = list(change.before or ())
        table = table_of(RECORDS[change.record])
        row = connection.execute(
            select(*(table.c[name] for name in names)).where(table.c.key == change.key)
        ).first()
        kind = _(RECORD_TITLES[change.record])
        if row is None:
            return Stale("{kind}没有保存：这条记录刚被删除。", kind=kind)
        fields = field_map(RECORDS[change.record])
        # A row of the group that was written holds its values after; one that was not holds neither.
        differ = [
            _(fields[name].label)
            for name, now in zip(names, row, strict=True)
            if now != (change.before or {})[name] and (change.after is None or now != change.after[name])
        ]
        if differ:
            return Stale(
                "{kind}“{title}”没有保存：“{fields}”刚被别处改过，没有覆盖。请看过新内容再改。",
                kind=kind,
                title=_name(connection, change),
                fields="”“".join(differ),
            )
    return Stale("没有保存：内容刚被别处改过，没有覆盖。请刷新后再试。")


def _name(connection: Connection, change: Change) -> str:
    table = table_of(RECORDS[change.record])
    names = own_names(RECORDS[change.record])
    row = (
        connection.execute(
            select(*(table.c[name] for name in names)).where(table.c.key == change.key)
        ).first()
        if names
        else None
    )
    return " ".join(plain_text(value) for value in row if value) if row else ""
