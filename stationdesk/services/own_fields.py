"""The fields that the station adds itself (自定义字段): told, renamed, put in order, hidden; never deleted.

A field keeps the place in the file that it was given for as long as anything may stand there, also while it is
hidden. The options of a choice are an editable list like any other, so they are renamed, hidden and put in
order where all lists are, and what is stored stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Place, Values
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import OwnGuard, OwnKind
from stationdesk.db.base import blank, fields_of, table_of, values_of
from stationdesk.db.models import RECORD_TITLES, RECORDS, CodeRow, CustomField
from stationdesk.db.models.audit import AuditEntry, AuditValues
from stationdesk.db.own import FIRST_PAGE, LIST, PAGE, list_of
from stationdesk.db.own import RECORD as _OWN
from stationdesk.db.slots import SLOTS, OwnSlots, slots_for
from stationdesk.db.writing import Work
from stationdesk.services.store import Store

RECORDS_WITH_ROOM: tuple[str, ...] = tuple(
    name for name, model in RECORDS.items() if issubclass(model, OwnSlots)
)
"""The kinds of record to which a station may add fields."""

_SAME_PLACE = frozenset({(OwnKind.LINE, OwnKind.TEXT), (OwnKind.NUMBER, OwnKind.MONEY)})
"""Kinds of field that may become another one although values are stored: nothing stored is lost."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a field is to be. `options` are the words of a choice; those that its list has already stay as they are."""

    label: str
    kind: OwnKind = OwnKind.LINE
    options: tuple[str, ...] = ()
    unit: str = ""
    page: str = ""
    on_form: bool = True
    in_ledger: bool = True
    on_slip: bool = False
    on_print: bool = False
    guard: OwnGuard = OwnGuard.DROPPED


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field as the station has it: in how many records it is filled, and the list that holds its options."""

    key: Key
    record: str
    slot: str
    wish: Wish
    hidden: bool
    values: int
    list_name: str


def own_fields_of(store: Store, record: str) -> tuple[OwnField, ...]:
    """The own fields of a kind of record in their order, hidden ones too."""
    with store.reading() as session:
        return tuple(_told(session, row) for row in _rows(session, record))


def pages_of(record: str) -> tuple[str, ...]:
    """The pages of a form on which an own field may stand, the usual one first."""
    titles = (each.spec.page or FIRST_PAGE for each in fields_of(RECORDS[record], Place.FORM))
    return tuple(dict.fromkeys((PAGE, *titles)))


def add_field(store: Store, record: str, wish: Wish) -> ChangeSet:
    """Add a field to a kind of record; it stands in every form and list from then on.

    Raises:
        UserError: the name is missing or taken, a choice has no options, or there is no more room of this kind.
    """
    if record not in RECORDS_WITH_ROOM:
        raise UserError("“{record}”不能加自定义字段。", record=record)
    wish = _clean(wish)
    kind = _(RECORD_TITLES[record])
    with store.writing(_("{record}增加字段“{label}”").format(record=kind, label=wish.label)) as work:
        rows = _rows(work.session, record)
        _check_label(work.session, record, wish.label)
        if wish.kind.has_options and not wish.options:
            raise UserError("“{label}”是选择题，请写出选项，每行一个。", label=wish.label)
        values = {
            **blank(CustomField),
            **_stored(wish),
            "record": record,
            "slot": _free_slot(rows, record, wish.kind),
            "position": max((row.position for row in rows), default=0) + 1,
        }
        field = created(_OWN, values)
        work.write([*_options(work.session, field.key, wish), field])
        return work.done()


def edit_field(store: Store, key: Key, wish: Wish) -> ChangeSet:
    """Change what a field is called, where it stands, or what it holds; what is stored stays.

    Raises:
        UserError: the name is missing or taken, or the kind cannot change because values are stored.
    """
    wish = _clean(wish)
    row = _row(store, key)
    with store.writing(_("修改自定义字段“{label}”").format(label=row.label)) as work:
        _check_label(work.session, row.record, wish.label, but=row.slot)
        after = _stored(wish)
        if wish.kind is not row.kind:
            after["slot"] = _moved(work.session, row, wish.kind)
        options = _options(work.session, key, wish)
        if wish.kind.has_options and not options and not _labels(work.session, key):
            raise UserError("“{label}”是选择题，请写出选项，每行一个。", label=wish.label)
        edit = changed(_OWN, key, values_of(work.session.get_one(CustomField, key)), after)
        work.write([*options, *([edit] if edit is not None else [])])
        return work.done()


def hide_field(store: Store, key: Key, *, hidden: bool) -> ChangeSet:
    """Show a field nowhere any more, or again. What is stored in it stays, and the history still tells it."""
    row = _row(store, key)
    words = _("停用自定义字段“{label}”") if hidden else _("恢复自定义字段“{label}”")
    with store.writing(words.format(label=row.label)) as work:
        _edit(work, key, {"hidden": hidden})
        return work.done()


def move_field(store: Store, key: Key, steps: int) -> ChangeSet:
    """Move a field down among those of its record by `steps`, up where they are negative; at the end it stays."""
    row = _row(store, key)
    with store.writing(_("调整“{label}”的顺序").format(label=row.label)) as work:
        rows = list(_rows(work.session, row.record))
        old = next(place for place, each in enumerate(rows) if each.key == key)
        new = min(max(old + steps, 0), len(rows) - 1)
        if new != old:
            rows.insert(new, rows.pop(old))
            edits = (
                changed(_OWN, each.key, values_of(each), {"position": place})
                for place, each in enumerate(rows, start=1)
            )
            work.write([edit for edit in edits if edit is not None])
        return work.done()


def spared_fields(session: Session, changes: Iterable[Change]) -> list[Change]:
    """The changes of an undo, in which a field that was added is hidden and not deleted, and its options stay.

    A field does not go back to another place in the file once something stands in the new one.
    """
    changes = list(changes)
    removed = {each.key for each in changes if each.record == _OWN and each.after is None}
    kept = []
    for change in changes:
        gone = change.before if change.after is None else None
        if gone is not None and change.record == _OWN:
            if not gone["hidden"]:
                kept.append(Change(_OWN, change.key, {"hidden": False}, {"hidden": True}))
        elif gone is not None and change.record == "code" and _owner(gone["list"]) in removed:
            continue
        elif change.record == _OWN and "slot" in change.values and change.before is not None:
            row = session.get_one(CustomField, change.key)
            if not _was_ever_filled(session, row.record, row.slot):
                kept.append(change)
        else:
            kept.append(change)
    return kept


def _owner(list_name: str) -> str:
    return list_name.removeprefix(LIST) if list_name.startswith(LIST) else ""


def _clean(wish: Wish) -> Wish:
    words = (clean_line(each) for each in wish.options)
    return Wish(
        clean_line(wish.label),
        wish.kind,
        tuple(dict.fromkeys(each for each in words if each)) if wish.kind.has_options else (),
        clean_line(wish.unit),
        clean_line(wish.page),
        wish.on_form,
        wish.in_ledger,
        wish.on_slip,
        wish.on_print,
        wish.guard,
    )


def _stored(wish: Wish) -> dict[str, Any]:
    return {
        "label": wish.label,
        "kind": wish.kind,
        "unit": wish.unit or None,
        "page": wish.page if wish.page and wish.page != PAGE else None,
        "on_form": wish.on_form,
        "in_ledger": wish.in_ledger,
        "on_slip": wish.on_slip,
        "on_print": wish.on_print,
        "guard": wish.guard,
    }


def _told(session: Session, row: CustomField) -> OwnField:
    column = table_of(RECORDS[row.record]).c[row.slot]
    filled = session.execute(select(func.count()).where(column.is_not(None))).scalar_one()
    wish = Wish(
        row.label,
        row.kind,
        tuple(_labels(session, row.key)) if row.kind.has_options else (),
        row.unit or "",
        row.page or PAGE,
        row.on_form,
        row.in_ledger,
        row.on_slip,
        row.on_print,
        row.guard,
    )
    list_name = list_of(row.key) if row.kind.has_options else ""
    return OwnField(row.key, row.record, row.slot, wish, row.hidden, int(filled), list_name)


def _rows(session: Session, record: str) -> Sequence[CustomField]:
    query = select(CustomField).where(CustomField.record == record)
    return session.scalars(query.order_by(CustomField.position, CustomField.key)).all()


def _row(store: Store, key: Key) -> CustomField:
    with store.reading() as session:
        row = session.get(CustomField, key)
    if row is None:
        raise UserError("已经没有这个自定义字段了。请刷新后再试。")
    return row


def _edit(work: Work, key: Key, after: Values) -> None:
    change = changed(_OWN, key, values_of(work.session.get_one(CustomField, key)), after)
    if change is not None:
        work.write([change])


def _check_label(session: Session, record: str, label: str, but: str = "") -> None:
    if not label:
        raise UserError("请填写字段名称，例如“低保证号”。")
    hidden = {row.slot for row in _rows(session, record) if row.hidden}
    for each in fields_of(RECORDS[record]):
        if each.key == but or label not in (each.label, _(each.label)):
            continue
        if each.key in hidden:
            raise UserError("“{label}”已经有了，现在是停用的。请恢复它，不必另加。", label=label)
        if each.key in SLOTS:
            raise UserError("“{label}”已经加过了。请换一个名称。", label=label)
        raise UserError("“{label}”是程序已有的字段，直接填写就行。另加的字段请换一个名称。", label=label)


def _free_slot(rows: Iterable[CustomField], record: str, kind: OwnKind) -> str:
    taken = {row.slot for row in rows}
    room = slots_for(kind)
    free = next((slot for slot in room if slot not in taken), None)
    if free is None:
        raise UserError(
            "{record}的“{kind}”类自定义字段最多 {room} 个，已经用完（停用的也算）。可以恢复一个停用的，改名再用。",
            record=_(RECORD_TITLES[record]),
            kind=_(kind.label),
            room=len(room),
        )
    return free


def _moved(session: Session, row: CustomField, kind: OwnKind) -> str:
    """Where a field of another kind stands: in its old place where that can hold it and nothing is lost."""
    if {(row.kind, kind), (kind, row.kind)} & _SAME_PLACE and row.kind is not OwnKind.TEXT:
        return row.slot
    if _was_ever_filled(session, row.record, row.slot):
        raise UserError(
            "“{label}”已经填过内容，不能由“{old}”改成“{new}”。请停用它，另加一个字段。",
            label=row.label,
            old=_(row.kind.label),
            new=_(kind.label),
        )
    if row.slot in slots_for(kind):
        return row.slot
    return _free_slot(_rows(session, row.record), row.record, kind)


def _was_ever_filled(session: Session, record: str, slot: str) -> bool:
    """Whether something stands in a place of the file, or stood there once: its history must stay readable."""
    column = table_of(RECORDS[record]).c[slot]
    if session.execute(select(column).where(column.is_not(None)).limit(1)).first() is not None:
        return True
    told = func.replace(AuditValues.values, f'"{slot}":null', "")
    query = (
        select(AuditEntry.seq)
        .join(AuditValues, AuditValues.seq == AuditEntry.seq)
        .where(AuditEntry.record == record, func.instr(told, f'"{slot}":') > 0)
    )
    return session.execute(query.limit(1)).first() is not None


def _labels(session: Session, key: str) -> Mapping[str, str]:
    """The words of the options, with their codes, in their order."""
    rows = session.scalars(
        select(CodeRow).where(CodeRow.list == list_of(key)).order_by(CodeRow.position, CodeRow.key)
    )
    return {row.label: row.code for row in rows}


def _options(session: Session, key: Key, wish: Wish) -> list[Change]:
    """The options that the list of a field lacks, as rows of it."""
    present = _labels(session, key)
    last = max((int(code) for code in present.values() if code.isdigit()), default=0)
    missing = [each for each in wish.options if each not in present]
    return [
        created(
            "code",
            {
                **blank(CodeRow),
                "list": list_of(key),
                "code": f"{number:02d}",
                "label": label,
                "position": number,
                "verified": True,  # the station's own words: there is no official text to hold them against
            },
        )
        for number, label in enumerate(missing, start=last + 1)
    ]


__all__ = [
    "RECORDS_WITH_ROOM",
    "OwnField",
    "Wish",
    "add_field",
    "edit_field",
    "hide_field",
    "move_field",
    "own_fields_of",
    "pages_of",
    "spared_fields",
]
