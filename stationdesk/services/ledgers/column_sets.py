"""The columns of one of our own ledgers as a station wants them: their order, their names, which are hidden.

A set names columns by their keys. What a column masks, and whether it may leave the station at all, stays
with the key: a new name or another place never loosens it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Guard, Key
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.db.base import values_of
from stationdesk.db.models import ColumnSet
from stationdesk.services import records
from stationdesk.services.ledgers.reading import full_columns
from stationdesk.services.store import Store
from stationdesk.sheets.columns import Column
from stationdesk.sheets.ledger import Ledger
from stationdesk.sheets.ledgers import LEDGERS
from stationdesk.sheets.ledgers.charts import CHARTS

_DRAWN = frozenset({CHARTS.name})
"""Tables that something is drawn from by the place of their columns."""

LONGEST_LABEL = 30
"""Characters that a column may be called by."""


@dataclass(frozen=True, slots=True)
class SetColumn:
    """One column of a set: which one, its own name (empty: the ledger's), and whether it is left out."""

    key: str
    label: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A set of columns of one ledger. `key` is that of its record; None before it is saved."""

    ledger: str
    name: str
    columns: tuple[SetColumn, ...]
    in_use: bool = False
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column that a ledger has by itself: what it is called, and what happens to it outside the station."""

    key: str
    label: str
    guard: Guard


def ledger_columns(store: Store, ledger: str) -> tuple[OwnColumn, ...]:
    """The columns of a ledger in their own order, those of the station's own fields included."""
    with store.reading():  # the station's own fields are told while its file is read
        columns = full_columns(_ledger(ledger))
    return tuple(OwnColumn(each.key, each.label, each.guard) for each in columns)


def layouts_of(store: Store, ledger: str) -> tuple[Layout, ...]:
    """The saved sets of a ledger by name. Columns that the ledger gained since stand at the end."""
    with store.reading() as session:
        rows = session.scalars(
            select(ColumnSet).where(ColumnSet.ledger == ledger).order_by(ColumnSet.name, ColumnSet.key)
        ).all()
        known = [each.key for each in full_columns(_ledger(ledger))]
    return tuple(_layout(row, known) for row in rows)


def save_layout(store: Store, layout: Layout) -> ChangeSet:
    """Keep a set, new or changed; with `in_use` the ledger is written by it from now on, and by no other.

    Raises:
        UserError: no name or one that is taken, a column without a name or two of one name, nothing left.
    """
    with store.writing(_("保存台账列方案 {name}").format(name=layout.name)) as work:
        ledger = _ledger(layout.ledger)
        own = {each.key: each.label for each in full_columns(ledger)}
        clean = _checked(layout, own)
        others = [
            each
            for each in work.session.scalars(select(ColumnSet).where(ColumnSet.ledger == layout.ledger))
            if each.key != layout.key
        ]
        if any(each.name == clean.name for each in others):
            raise UserError("已经有叫“{name}”的列方案。请换一个名称。", name=clean.name)
        changes = _others_off(others) if clean.in_use else []
        values = {
            "ledger": clean.ledger,
            "name": clean.name,
            "columns": _to_json(clean.columns),
            "in_use": clean.in_use,
        }
        stored = work.session.get(ColumnSet, clean.key) if clean.key else None
        edit = (
            created("column_set", values)
            if stored is None
            else changed("column_set", stored.key, values_of(stored), values)
        )
        work.write([*changes, *([edit] if edit is not None else [])])
        return work.done()


def use_layout(store: Store, ledger: str, key: Key | None) -> ChangeSet:
    """Write a ledger by this set from now on; with None by its own columns."""
    with store.writing(_("改用台账列方案")) as work:
        rows = list(work.session.scalars(select(ColumnSet).where(ColumnSet.ledger == ledger)))
        if key is not None and key not in {row.key for row in rows}:
            raise UserError("这个列方案已经删除了。请刷新后再选。")
        changes = _others_off([row for row in rows if row.key != key])
        chosen = next((row for row in rows if row.key == key), None)
        if chosen is not None:
            edit = changed("column_set", chosen.key, values_of(chosen), {"in_use": True})
            changes += [edit] if edit is not None else []
        work.write(changes)
        return work.done()


def remove_layout(store: Store, key: Key) -> ChangeSet:
    """Delete a set; the ledger then has its own columns again."""
    return records.remove(store, "column_set", key)


def columns_in_use(session: Session, ledger: Ledger) -> tuple[Column, ...]:
    """The columns of a ledger as the station wants them written, before its audience leaves some out."""
    columns = full_columns(ledger)
    row = session.scalars(
        select(ColumnSet).where(ColumnSet.ledger == ledger.name, ColumnSet.in_use.is_(True))
    ).first()
    if row is None:
        return columns
    return applied(columns, _layout(row, [each.key for each in columns]).columns)


def applied(columns: Sequence[Column], wanted: Sequence[SetColumn]) -> tuple[Column, ...]:
    """The columns in the wanted order under the wanted names, without the hidden ones.

    Only name and place are taken from the set: guard and mask are those of the column.
    """
    by_key = {each.key: each for each in columns}
    return tuple(
        replace(by_key[each.key], label=each.label or by_key[each.key].label)
        for each in wanted
        if each.key in by_key and not each.hidden
    )


def _ledger(name: str) -> Ledger:
    if name not in LEDGERS:
        raise UserError("没有叫“{name}”的台账。", name=name)
    if name in _DRAWN:
        raise UserError("“{title}”的列是固定的，不能改。", title=LEDGERS[name].title)
    return LEDGERS[name]


def _checked(layout: Layout, own: dict[str, str]) -> Layout:
    name = clean_line(layout.name)
    if not name:
        raise UserError("请给列方案起个名称，例如“县民政局要的格式”。")
    columns = tuple(
        SetColumn(
            each.key, "" if clean_line(each.label) == own[each.key] else clean_line(each.label), each.hidden
        )
        for each in layout.columns
        if each.key in own
    )
    keys = [each.key for each in columns]
    if len(set(keys)) < len(keys):
        raise UserError("同一列在方案里出现了两次。请去掉一个。")
    shown = [each.label or own[each.key] for each in columns if not each.hidden]
    if not shown:
        raise UserError("所有列都隐藏了，台账就没有内容了。请至少留一列。")
    for label in shown:
        if len(label) > LONGEST_LABEL:
            raise UserError(
                "列名“{label}”太长，最多 {most} 个字。", label=label[:LONGEST_LABEL] + "…", most=LONGEST_LABEL
            )
        if shown.count(label) > 1:
            raise UserError("有两列都叫“{label}”。请改其中一个。", label=label)
    return replace(layout, name=name, columns=columns)


def _others_off(rows: Sequence[ColumnSet]) -> list[Change]:
    edits = (changed("column_set", row.key, values_of(row), {"in_use": False}) for row in rows if row.in_use)
    return [edit for edit in edits if edit is not None]


def _to_json(columns: Sequence[SetColumn]) -> str:
    told = [{"key": each.key, "label": each.label, "hidden": each.hidden} for each in columns]
    return json.dumps(told, ensure_ascii=False)


def _layout(row: ColumnSet, known: Sequence[str]) -> Layout:
    told = [
        SetColumn(str(each["key"]), str(each["label"]), bool(each["hidden"]))
        for each in json.loads(row.columns)
    ]
    named = {each.key for each in told}
    kept = tuple(each for each in told if each.key in known)
    gained = tuple(SetColumn(key) for key in known if key not in named)
    return Layout(row.ledger, row.name, kept + gained, row.in_use, row.key)
