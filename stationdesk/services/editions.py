"""Editions of the sheets that are given out: which number, what is new on it, and where its copies went.

    coming = coming_edition(session, spec, area, today)      # its number, and what changed since the last one
    keep_edition(work, coming, file_name)                    # in the transaction that logs the save or the print
    give_copies(store, key, given_on, "五保村村委会", 30)

Editions are counted for each kind of sheet and each area, whatever the paper. A sheet that says the same as the one
of earlier that day is the same edition.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import SheetKind
from stationdesk.db.base import blank
from stationdesk.db.models import CopiesGiven, SheetEdition, Village
from stationdesk.db.models.audit import NumberSeries
from stationdesk.db.writing import Work
from stationdesk.maps.sheet.spec import ChangeLine, Entry, SheetSpec
from stationdesk.services.edition_content import (
    Content,
    content_of_sheet,
    differences,
    entries_content,
    entry_changes,
    read_content,
)
from stationdesk.services.rules import check_at_least_one, check_not_future, whole
from stationdesk.services.store import Store

_SERIES = 16


@dataclass(frozen=True, slots=True)
class ComingEdition:
    """The edition that a sheet would be if it were given out now.

    `key` is that of the edition it already is: one of today that says the same. `changes` are what happened since
    the edition before, none for the first.
    """

    kind: SheetKind
    area: Key | None
    number: int
    changes: tuple[ChangeLine, ...]
    content: Content
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as the list of them shows it; `area` is the name of the village, empty for the whole town."""

    key: Key
    kind: SheetKind
    area: str
    number: int
    made_on: date
    file_name: str
    entries: int
    copies: int


def coming_edition(session: Session, spec: SheetSpec, area: Key | None, today: date) -> ComingEdition:
    """Which edition a sheet is, and what is new on it."""
    content = content_of_sheet(spec)
    told = _told(session, spec.kind, area)
    last = told[0] if told else None
    if last is not None and last.made_on == today and read_content(last.content) == content:
        before = read_content(told[1].content) if len(told) > 1 else None
        changes = differences(session, before, content, spec)
        return ComingEdition(spec.kind, area, last.number, changes, content, last.key)
    number = max(last.number if last is not None else 0, _reached(session, spec.kind, area)) + 1
    before = read_content(last.content) if last is not None else None
    changes = differences(session, before, content, spec)
    return ComingEdition(spec.kind, area, number, changes, content)


def changes_since_last(
    session: Session, kind: SheetKind, area: Key | None, entries: Iterable[Entry]
) -> tuple[ChangeLine, ...]:
    """What happened to the entries of a sheet since its last edition; nothing where there was none."""
    told = _told(session, kind, area)
    if not told:
        return ()
    before = read_content(told[0].content)
    return entry_changes(session, before["entries"], entries_content(entries))


def keep_edition(work: Work, coming: ComingEdition, file_name: str) -> Key:
    """Keep a sheet that is given out as an edition; one that says the same as that of earlier today is that one.

    Raises:
        UserError: another edition was kept since the sheet was made, so that its printed number is wrong.
    """
    if not coming.kind.is_given_out:
        raise UserError("{kind}是内部资料，没有版次，也不登记发放。", kind=_(coming.kind.label))
    if coming.key is not None and work.session.get(SheetEdition, coming.key) is not None:
        return coming.key
    told = _told(work.session, coming.kind, coming.area)
    if told and told[0].made_on == work.today and read_content(told[0].content) == coming.content:
        return told[0].key  # it was saved a moment ago, and is printed now
    series = _series(coming.kind, coming.area)
    work.keep_number(series, told[0].number if told else 0)
    number = work.take_number(series)
    if number != coming.number:
        raise UserError(
            "预览以后又有人保存过这张图，版次变成了第 {number} 版。请重新生成预览再保存。", number=number
        )
    change = created(
        "sheet_edition",
        {
            **blank(SheetEdition),
            "kind": coming.kind,
            "village_key": coming.area,
            "number": number,
            "made_on": work.today,
            "file_name": file_name or None,
            "content": json.dumps(coming.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        },
    )
    work.write([change])
    return change.key


def editions_of(
    store: Store, kind: SheetKind | None = None, area: Key | None = None, *, every_area: bool = True
) -> tuple[Edition, ...]:
    """The editions, the newest first: of one kind or all, of one area or all of them."""
    given = (
        select(CopiesGiven.edition_key, func.sum(CopiesGiven.copies).label("copies"))
        .group_by(CopiesGiven.edition_key)
        .subquery()
    )
    query = (
        select(SheetEdition, Village.name.label("area"), func.coalesce(given.c.copies, 0).label("copies"))
        .outerjoin(Village, Village.key == SheetEdition.village_key)
        .outerjoin(given, given.c.edition_key == SheetEdition.key)
        .order_by(SheetEdition.made_on.desc(), SheetEdition.key.desc())
    )
    if kind is not None:
        query = query.where(SheetEdition.kind == kind)
    if not every_area:
        query = query.where(SheetEdition.village_key == area)
    with store.reading() as session:
        return tuple(_edition(row) for row in session.execute(query))


def _edition(row: Any) -> Edition:
    told = row[0]
    return Edition(
        told.key,
        told.kind,
        row.area or "",
        told.number,
        told.made_on,
        told.file_name or "",
        len(read_content(told.content)["entries"]),
        int(row.copies),
    )


# Copies given


def checked_copies(work: Work, change: Change) -> list[Change]:
    """Copies given to somebody, on a day that has come, at least one.

    Raises:
        UserError: one of these does not hold.
    """
    values = whole(work, change)
    if not clean_line(values.get("given_to") or ""):
        raise UserError("请写明发放到哪里，例如“五保村村委会”。")
    check_at_least_one("copies_given", values, "copies")
    check_not_future("copies_given", values, work.today, "given_on")
    return [change]


def give_copies(
    store: Store, edition: Key, given_on: date, given_to: str, copies: int, note: str = ""
) -> ChangeSet:
    """Write down that copies of an edition were given out, by whoever is working.

    Raises:
        UserError: as for `checked_copies`.
    """
    change = created(
        "copies_given",
        {
            **blank(CopiesGiven),
            "edition_key": edition,
            "given_on": given_on,
            "given_to": clean_line(given_to),
            "copies": copies,
            "worker_key": store.actor.key or None,
            "note": note or None,
        },
    )
    why = _("登记发放地图 {copies} 份到{place}").format(copies=copies, place=clean_line(given_to))
    with store.writing(why) as work:
        work.write(checked_copies(work, change))
        return work.done()


def _told(session: Session, kind: SheetKind, area: Key | None) -> list[SheetEdition]:
    """The last two editions of a kind and area, the newer first."""
    query = (
        select(SheetEdition)
        .where(SheetEdition.kind == kind, SheetEdition.village_key == area)
        .order_by(SheetEdition.number.desc())
        .limit(2)
    )
    return list(session.scalars(query))


def _reached(session: Session, kind: SheetKind, area: Key | None) -> int:
    """The last number that was given, also to an edition that was taken back: copies of it may be about."""
    query = select(NumberSeries.last).where(NumberSeries.series == _series(kind, area))
    return session.scalar(query) or 0


def _series(kind: SheetKind, area: Key | None) -> str:
    named = hashlib.sha256(f"{kind.code} {area or ''}".encode()).hexdigest()
    return f"版{named}"[:_SERIES]
