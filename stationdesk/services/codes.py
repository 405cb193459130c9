"""The editable lists: their rows are renamed, hidden, added and put in order; never deleted, no code used twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import Dimension, NeedResult, Privacy
from stationdesk.core.vocab.choice import Choice
from stationdesk.core.vocab.lists import CODE_LISTS
from stationdesk.db.base import blank, field_map, fields_of, table_of, values_of
from stationdesk.db.models import RECORD_TITLES, RECORDS, CodeRow
from stationdesk.db.slots import SLOTS
from stationdesk.db.writing import Work
from stationdesk.services.store import Store

_ABOVE_ENUM: dict[str, type[Choice]] = {"need_item": NeedResult, "subcategory": Dimension}
_ABOVE_LIST = {"mzt_item": "mzt_category"}
_PRIVATE = ("client_group",)
_NUMBERED = re.compile(r"(?P<sign>.*?)(?P<number>\d+)", re.DOTALL)
_LETTERED = re.compile(r"[A-Z]")


@dataclass(frozen=True, slots=True)
class CodeList:
    """One editable list: what it is called, how many rows it has, and how many of them nobody has verified."""

    name: str
    title: str
    rows: int
    unverified: int


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One row of a list as the worker edits it, its words in the language of the window.

    `above` names what the row belongs to: a result, a dimension, another row; empty for most lists.
    """

    key: Key
    code: str
    label: str
    above: str
    hidden: bool
    verified: bool
    privacy: Privacy | None
    note: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new row of a list must tell beside its name.

    `above` holds (code, words) of what it may belong to, empty where nothing is asked.
    """

    above_title: str = ""
    above: tuple[tuple[str, str], ...] = ()
    privacy: bool = False


def lists_of(store: Store) -> tuple[CodeList, ...]:
    """Every editable list, in the order in which they are told; behind them the options of the station's own fields."""
    unverified = func.count().filter(CodeRow.verified.is_(False))
    query = select(CodeRow.list, func.count().label("rows"), unverified.label("open")).group_by(CodeRow.list)
    with store.reading() as session:
        counted = {row.list: (int(row.rows), int(row.open)) for row in session.execute(query)}
        titles = _titles()
    return tuple(CodeList(name, title, *counted.get(name, (0, 0))) for name, title in titles.items())


def entries_of(store: Store, list_name: str) -> tuple[CodeEntry, ...]:
    """The rows of a list in their order, hidden ones too."""
    with store.reading() as session:
        rows = _rows(session, list_name)
        above = dict(_above(session, list_name))
    above = above or {row.code: _(row.label) for row in rows}
    return tuple(
        CodeEntry(
            row.key,
            row.code,
            _(row.label),
            above.get(row.parent, row.parent) if row.parent else "",
            row.hidden,
            row.verified,
            row.privacy,
            _(row.note) if row.note else "",
        )
        for row in rows
    )


def asked_of(store: Store, list_name: str) -> Asked:
    """What is asked for a new row of a list."""
    with store.reading() as session:
        above = _above(session, list_name)
    titles = {name: kind.caption for name, kind in _ABOVE_ENUM.items()}
    titles |= {name: CODE_LISTS[other] for name, other in _ABOVE_LIST.items()}
    return Asked(_(titles.get(list_name, "")), above, list_name in _PRIVATE)


def rename_code(store: Store, key: Key, label: str) -> ChangeSet:
    """Call a row by another name; what is stored in the records is its code and stays.

    Raises:
        UserError: the name is empty or another row of the list bears it.
    """
    label = clean_line(label)
    row = _row(store, key)
    with store.writing(_("码表改名：{old} → {new}").format(old=_(row.label), new=label)) as work:
        if label != _(row.label):
            _check_label(work, row.list, label, but=key)
            _edit(work, key, {"label": label})
        return work.done()


def hide_code(store: Store, key: Key, *, hidden: bool) -> ChangeSet:
    """Offer a row no longer, or again. Records that bear its code keep it and show it."""
    row = _row(store, key)
    words = _("停用“{label}”") if hidden else _("恢复使用“{label}”")
    with store.writing(words.format(label=_(row.label))) as work:
        _edit(work, key, {"hidden": hidden})
        return work.done()


def verify_code(store: Store, key: Key, *, verified: bool) -> ChangeSet:
    """Note that a row was checked against the official text, or that it was not."""
    row = _row(store, key)
    words = _("“{label}”标为已核对") if verified else _("“{label}”标为未核对")
    with store.writing(words.format(label=_(row.label))) as work:
        _edit(work, key, {"verified": verified})
        return work.done()


def move_code(store: Store, key: Key, steps: int) -> ChangeSet:
    """Move a row down its list by `steps`, up where they are negative; at the end it stays."""
    row = _row(store, key)
    with store.writing(_("调整“{label}”的顺序").format(label=_(row.label))) as work:
        rows = _rows(work.session, row.list)
        # Places may be shared by rows that were added; they are told apart from here on.
        places: list[int] = []
        for each in rows:
            places.append(max(each.position, places[-1] + 1) if places else each.position)
        old = next(place for place, each in enumerate(rows) if each.key == key)
        new = min(max(old + steps, 0), len(rows) - 1)
        if new != old:
            order = list(rows)
            order.insert(new, order.pop(old))
            edits = (
                changed("code", each.key, values_of(each), {"position": place})
                for each, place in zip(order, places, strict=True)
            )
            work.write([edit for edit in edits if edit is not None])
        return work.done()


def add_code(
    store: Store,
    list_name: str,
    label: str,
    *,
    above: str = "",
    privacy: Privacy | None = None,
    note: str = "",
) -> ChangeSet:
    """Add a row under the next free code of its list, as the station's own and therefore unverified.

    Raises:
        UserError: the name is empty or taken, or something that the list asks for is missing.
    """
    label = clean_line(label)
    asked = asked_of(store, list_name)
    if asked.above and above not in dict(asked.above):
        raise UserError("请选择“{field}”，新条目归在它下面。", field=asked.above_title)
    if asked.privacy and privacy is None:
        raise UserError("请选择隐私级别：它决定这类对象能不能上图、上表。")
    with store.reading():
        title = _titles()[list_name]
    with store.writing(_("{list}增加“{label}”").format(list=title, label=label)) as work:
        _check_label(work, list_name, label)
        rows = _rows(work.session, list_name)
        siblings = [row for row in rows if row.parent == above] if asked.above else rows
        # It shares the place of the last one before “other”; those that share a place stand in order of entry.
        position = max((row.position for row in siblings if not _is_other(row.code)), default=0)
        values = {
            **blank(CodeRow),
            "list": list_name,
            "code": _next_code(work, list_name, above, siblings, {row.code for row in rows}),
            "label": label,
            "parent": above if asked.above else None,
            "position": position,
            "verified": list_name not in CODE_LISTS,  # nothing official tells the station's own options
            "privacy": privacy if asked.privacy else None,
            "note": note or None,
        }
        work.write([created("code", values)])
        return work.done()


def spared(session: Session, changes: Iterable[Change]) -> list[Change]:
    """The changes of an undo, in which a row whose code is in use is hidden and not deleted."""
    kept = []
    for change in changes:
        gone = change.before if change.record == "code" and change.after is None else None
        if gone is None or not _is_used(session, gone["list"], gone["code"]):
            kept.append(change)
        elif not gone["hidden"]:
            kept.append(Change("code", change.key, {"hidden": False}, {"hidden": True}))
    return kept


def _is_used(session: Session, list_name: str, code: str) -> bool:
    for model in RECORDS.values():
        for field in field_map(model).values():
            if field.spec.codes != list_name:
                continue
            column = table_of(model).c[field.key]
            holds = func.instr(column, f",{code},") > 0 if field.many else column == code
            if session.execute(select(column).where(holds).limit(1)).first() is not None:
                return True
    return False


def _titles() -> dict[str, str]:
    """What the lists are called, in a session, whose station's own fields are told."""
    own = {
        each.spec.codes: _("{record}：{field}").format(
            record=_(RECORD_TITLES[each.record]), field=_(each.label)
        )
        for model in RECORDS.values()
        for each in fields_of(model)
        if each.key in SLOTS and each.spec.codes and each.spec.places
    }
    return {name: _(title) for name, title in CODE_LISTS.items()} | own


def _above(session: Session, list_name: str) -> tuple[tuple[str, str], ...]:
    kind = _ABOVE_ENUM.get(list_name)
    if kind is not None:
        return tuple((each.code, _(each.label)) for each in kind)
    other = _ABOVE_LIST.get(list_name)
    return tuple((row.code, _(row.label)) for row in _rows(session, other)) if other else ()


def _rows(session: Session, list_name: str) -> Sequence[CodeRow]:
    query = select(CodeRow).where(CodeRow.list == list_name).order_by(CodeRow.position, CodeRow.key)
    return session.scalars(query).all()


def _row(store: Store, key: Key) -> CodeRow:
    with store.reading() as session:
        row = session.get(CodeRow, key)
    if row is None:
        raise UserError("码表里已经没有这一条了。请刷新后再试。")
    return row


def _edit(work: Work, key: Key, after: Values) -> None:
    change = changed("code", key, values_of(work.session.get_one(CodeRow, key)), after)
    if change is not None:
        work.write([change])


def _check_label(work: Work, list_name: str, label: str, but: Key | None = None) -> None:
    if not label:
        raise UserError("名称不能为空。不再用的条目可以停用。")
    for row in _rows(work.session, list_name):
        if row.key == but or label not in (row.label, _(row.label)):
            continue
        if row.hidden:
            raise UserError("“{label}”已经有了，现在是停用的。请恢复它，不必另加。", label=label)
        raise UserError("“{label}”已经有了。请换一个名称，免得填的时候分不清。", label=label)


def _next_code(work: Work, list_name: str, above: str, siblings: Iterable[CodeRow], taken: set[str]) -> str:
    """The code after the greatest among the siblings; one that was ever given, also if it was undone, is passed over.

    A code of nines only (G99, 99) stands for “other” and does not count as the greatest.
    """
    codes = [row.code for row in siblings]
    if codes and all(_LETTERED.fullmatch(code) for code in codes):
        return _next_letter(work, list_name, max(codes), taken)
    found = [match for code in codes if (match := _NUMBERED.fullmatch(code)) is not None]
    # The last sign is the one in use: certificates go on with X4, X5, not within the national 01 to 99.
    sign = found[-1]["sign"] if found else f"{above}-" if above else ""
    numbers = [match["number"] for match in found if match["sign"] == sign]
    width = Counter(map(len, numbers)).most_common(1)[0][0] if numbers else 2
    series = f"code:{list_name}:{above}:{sign}"
    used = [int(number) for number in numbers if not _is_other(number)]
    work.keep_number(series, max(used, default=0))
    while (code := f"{sign}{work.take_number(series):0{width}d}") in taken:
        pass
    return code


def _is_other(code: str) -> bool:
    """Whether a code stands for “other”: nines only behind its sign."""
    match = _NUMBERED.fullmatch(code)
    return match is not None and set(match["number"]) == {"9"}


def _next_letter(work: Work, list_name: str, last: str, taken: set[str]) -> str:
    series = f"code:{list_name}:letter"
    work.keep_number(series, ord(last) - ord("A") + 1)
    number = work.take_number(series)
    letters = ord("Z") - ord("A") + 1
    code = chr(ord("A") + number - 1) if number <= letters else f"Z{number - letters}"
    return code if code not in taken else _next_letter(work, list_name, last, taken)
