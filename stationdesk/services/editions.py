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
from collections.abc import Iterable, Iterator, Mapping
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
from stationdesk.core.vocab import MapClass, SheetChange, SheetKind
from stationdesk.db.base import blank
from stationdesk.db.models import CopiesGiven, Feature, Resource, SheetEdition, Village
from stationdesk.db.models.audit import NumberSeries
from stationdesk.db.writing import Work
from stationdesk.maps.sheet.spec import ChangeLine, Entry, GroundKind, SheetSpec
from stationdesk.services.rules import check_at_least_one, check_not_future, whole
from stationdesk.services.store import Store

Content = Mapping[str, Any]
"""What stood on a sheet, as JSON holds it."""

_PARTS = {
    "class": "类别",
    "name": "名称",
    "offer": "能帮什么",
    "hours": "时间",
    "phone": "电话",
    "contact": "联系人",
    "address": "地址",
    "way": "怎么走",
    "place": "位置",
}
"""What of an entry is compared, and what it is called on paper."""

_GROUND = {
    GroundKind.MAIN_ROAD: "道路",
    GroundKind.LANE: "道路",
    GroundKind.RIVER: "河流",
    GroundKind.AREA: "区域",
    GroundKind.PLACE: "地点",
    GroundKind.SIGHT: "景点",
    GroundKind.VILLAGE: "村居",
}
"""What stands in place of a number for what is drawn on the ground."""
_EXACT = 5  # decimals of a degree: a metre; a mark that is nudged by less has not moved
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
    if last is not None and last.made_on == today and _read(last.content) == content:
        before = _read(told[1].content) if len(told) > 1 else None
        changes = _differences(session, before, content, spec)
        return ComingEdition(spec.kind, area, last.number, changes, content, last.key)
    number = max(last.number if last is not None else 0, _reached(session, spec.kind, area)) + 1
    before = _read(last.content) if last is not None else None
    changes = _differences(session, before, content, spec)
    return ComingEdition(spec.kind, area, number, changes, content)


def changes_since_last(
    session: Session, kind: SheetKind, area: Key | None, entries: Iterable[Entry]
) -> tuple[ChangeLine, ...]:
    """What happened to the entries of a sheet since its last edition; nothing where there was none."""
    told = _told(session, kind, area)
    if not told:
        return ()
    before = _read(told[0].content)
    return _entry_changes(session, before["entries"], _entries(entries))


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
    if told and told[0].made_on == work.today and _read(told[0].content) == coming.content:
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
        len(_read(told.content)["entries"]),
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


# What stood on a sheet


def _read(text: str) -> Content:
    """What was kept; of a row that somebody else wrote, whatever of it has the right shape."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    content = found if isinstance(found, dict) else {}
    parts = {part: content.get(part) for part in ("entries", "ground")}
    return {**content, **{part: told if isinstance(told, dict) else {} for part, told in parts.items()}}


def content_of_sheet(spec: SheetSpec) -> Content:
    """What a sheet says, whatever its paper: the entries by their number for life, the ground, what stands around."""
    return {
        "entries": _entries(spec.entries),
        "ground": _ground(spec),
        "around": [
            spec.title,
            spec.subtitle,
            spec.station,
            spec.phone,
            [[line.label, line.number] for line in spec.hotlines],
        ],
    }


def _entries(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """What is compared of each entry; what is drawn and no resource is known by its name, not by its number."""
    return {
        each.code if each.is_resource else f"{each.map_class.letter} {each.name}": {
            "code": each.code if each.is_numbered else each.map_class.label,
            "resource": each.is_resource,
            "class": each.map_class.letter,
            "name": each.name,
            "offer": each.offer,
            "hours": each.hours,
            "phone": each.phone,
            "contact": each.contact,
            "address": each.address,
            "way": each.way,
            "place": [round(each.lat, _EXACT), round(each.lon, _EXACT)]
            if each.lat is not None and each.lon is not None
            else None,
        }
        for each in entries
    }


def _ground(spec: SheetSpec) -> dict[str, list[str]]:
    """What is drawn, by kind and name; several may have one name, such as the first group of each village."""
    found: dict[str, list[str]] = {}
    for each in spec.features:
        found.setdefault(f"{each.kind.value} {each.name}", []).append(_digest(each.geometry))
    return {name: sorted(digests) for name, digests in found.items()}


def _digest(geometry: Mapping[str, Any]) -> str:
    text = json.dumps(geometry, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _differences(
    session: Session, before: Content | None, now: Content, spec: SheetSpec
) -> tuple[ChangeLine, ...]:
    if before is None:
        return ()
    lines = _entry_changes(session, before["entries"], now["entries"])
    if spec.kind is SheetKind.COMMUNITY:
        lines += tuple(_ground_changes(before["ground"], now["ground"]))
    return tuple(sorted(lines, key=lambda line: list(SheetChange).index(line.change)))


def _entry_changes(session: Session, before: Content, now: Content) -> tuple[ChangeLine, ...]:
    gone = [each for each in before if each not in now]
    # The name of what must not be named any more does not come back as what was withdrawn.
    named = _may_be_named(session, before, gone)
    lines = [
        ChangeLine(SheetChange.NEW, now[each]["code"], now[each]["name"])
        for each in now
        if each not in before
    ]
    lines += [
        ChangeLine(SheetChange.GONE, before[each]["code"], before[each]["name"] if each in named else "")
        for each in gone
    ]
    for each in now:
        parts = [
            label
            for part, label in _PARTS.items()
            if each in before and before[each].get(part) != now[each][part]
        ]
        if parts:
            lines.append(
                ChangeLine(SheetChange.CHANGED, now[each]["code"], now[each]["name"], "、".join(parts))
            )
    places = {each.code: place for place, each in enumerate(MapClass)}
    kinds = list(SheetChange)

    def place(line: ChangeLine) -> tuple[int, int, int, str]:
        return (
            kinds.index(line.change),
            places.get(line.code.partition("-")[0], len(places)),
            len(line.code),
            line.code,
        )

    return tuple(sorted(lines, key=place))


def _may_be_named(session: Session, before: Content, gone: Iterable[str]) -> frozenset[str]:
    """Those of what went from a sheet whose names may still be printed.

    A resource that is still there and not hidden; a place unless it is kept off hand-outs now.
    """
    hidden = set(session.scalars(select(Feature.name).where(Feature.on_handout.is_(False))))
    codes = [each for each in gone if before[each]["resource"]]
    query = select(Resource.code).where(
        Resource.code.in_(codes), Resource.printable.is_(True), Resource.confidential.is_(False)
    )
    drawn = {each for each in gone if not before[each]["resource"] and before[each]["name"] not in hidden}
    return frozenset(session.scalars(query)) | drawn


def _ground_changes(before: Content, now: Content) -> Iterator[ChangeLine]:
    for change, names in (
        (SheetChange.NEW, [each for each in now if each not in before]),
        (SheetChange.GONE, [each for each in before if each not in now]),
        (SheetChange.CHANGED, [each for each in now if each in before and before[each] != now[each]]),
    ):
        for each in names:
            kind, _blank, name = each.partition(" ")
            what = _PARTS["place"] if change is SheetChange.CHANGED else ""
            yield ChangeLine(change, _GROUND[GroundKind(kind)], name, what)


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
