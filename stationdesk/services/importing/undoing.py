"""What taking an import back came to, record by record, in words: reversed, or kept and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, Kept
from stationdesk.core.fields import Book, Field, Key, Place, text_of
from stationdesk.core.messages import _
from stationdesk.db.base import field_map, table_of
from stationdesk.db.models import OWNERS, RECORD_TITLES, RECORDS
from stationdesk.db.models.audit import AuditEntry
from stationdesk.services.book import StationBook, link_titles, read_book, title_with, titles_of
from stationdesk.services.importing.comparing import stored_values
from stationdesk.services.store import Store

_EXPLAINED = 200
"""Kept records that are explained one by one; of more, the reason of each is told as the undo told it."""
_NAMED = 3  # records that point to a kept one
_MANY = 2_000
"""Records whose titles are looked up with village and household; in longer lists the own name has to do."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One record: its kind and title, what was done, and for a kept one why."""

    kind: str
    title: str
    what: str
    why: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether it was left as it is."""
        return bool(self.why)


def taken_back(store: Store, outcome: ChangeSet) -> tuple[TakenBack, ...]:
    """What an undo (or a redo) did to each record, the kept ones first."""
    with store.reading() as session:
        book = read_book(session)
        titles = _titles(session, outcome)
        kept = [
            TakenBack(
                _(RECORD_TITLES[each.change.record]),
                titles[each.change.record, each.change.key],
                _("保留"),
                _reason(session, each, book) if place < _EXPLAINED else each.reason,
            )
            for place, each in enumerate(outcome.kept)
        ]
    done = [
        TakenBack(
            _(RECORD_TITLES[change.record]), titles[change.record, change.key], _done_words(change, book)
        )
        for change in outcome.changes
    ]
    return (*kept, *done)


def _titles(session: Session, outcome: ChangeSet) -> Mapping[tuple[str, str], str]:
    changes = [*outcome.changes, *(each.change for each in outcome.kept)]
    titles: dict[tuple[str, str], str] = {}
    there: dict[str, list[Key]] = {}
    for change in changes:
        whole = change.before if change.after is None else change.after if change.before is None else None
        if whole is None:
            there.setdefault(change.record, []).append(change.key)
        elif len(changes) <= _MANY:
            titles[change.record, change.key] = title_with(session, change.record, whole)
        else:
            titles[change.record, change.key] = str(whole.get("name") or whole.get("code") or "")
    for record, keys in there.items():
        titles |= dict.fromkeys(((record, key) for key in keys), "")
        titles |= titles_of(session, record, keys)
    return titles


def _done_words(change: Change, book: Book) -> str:
    if change.after is None:
        return _("删除了导入的记录")
    if change.before is None:
        return _("恢复了导入的记录")
    told = field_map(RECORDS[change.record])
    words = (
        _("{field}：{old} → {new}").format(
            field=_(told[name].label),
            old=_text(told[name], (change.before or {})[name], book),
            new=_text(told[name], value, book),
        )
        for name, value in change.values.items()
        if told[name].spec.places & ~Place.HISTORY
    )
    return _("改回：{changes}").format(changes="；".join(words))


def _text(field: Field, value: object, book: Book) -> str:
    return _(text_of(field, value, book)) or _("空")


def _reason(session: Session, kept: Kept, book: StationBook) -> str:
    """Why a record was kept: what was changed since and by whom, or what points to it."""
    change = kept.change
    stored = stored_values(session, change.record, [change.key]).get(change.key)
    if stored is None:
        return kept.reason
    differing = [name for name, value in (change.before or {}).items() if stored.get(name) != value]
    if differing:
        told = field_map(RECORDS[change.record])
        titles = link_titles(session, [told[name] for name in differing], [stored, change.before or {}])
        book_here = book.with_titles(titles)
        words = "；".join(
            _("{field}：{old} → {new}").format(
                field=_(told[name].label),
                old=_text(told[name], (change.before or {})[name], book_here),
                new=_text(told[name], stored[name], book_here),
            )
            for name in differing
        )
        return _("导入后改过，保留现在的内容（{changes}{who}）").format(
            changes=words, who=_who(session, change)
        )
    if change.record in OWNERS:
        owner, where = OWNERS[change.record]
        key = change.key if where == "key" else Key(stored[where])
        title = titles_of(session, owner, [key]).get((owner, key), "")
        return _("属于保留的{kind} {title}").format(kind=_(RECORD_TITLES[owner]), title=title)
    using = list(_pointing(session, change.record, change.key))
    if using:
        return _("还有记录用到它：{records}").format(records="、".join(using[:_NAMED]))
    return kept.reason


def _who(session: Session, change: Change) -> str:
    query = (
        select(AuditEntry.actor, AuditEntry.at)
        .where(
            AuditEntry.record == change.record,
            AuditEntry.record_key == change.key,
            AuditEntry.batch.is_not(None),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        return ""
    return _("，{who} {when}").format(who=row.actor, when=row.at.astimezone().strftime("%Y-%m-%d"))


def _pointing(session: Session, record: str, key: Key) -> Iterator[str]:
    """The records that point to one, by kind and title."""
    for name, model in RECORDS.items():
        for each in field_map(model).values():
            if each.spec.link != record:
                continue
            table = table_of(model)
            found = session.scalars(
                select(table.c.key).where(table.c[each.key] == key).limit(_NAMED + 1)
            ).all()
            titles = titles_of(session, name, found)
            for one in found:
                yield f"{_(RECORD_TITLES[name])} {titles.get((name, one), '')}".strip()


__all__ = ["TakenBack", "taken_back"]
