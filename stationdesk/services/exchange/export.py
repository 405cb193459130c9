"""The use case: a list of resources or villages in an open format, checked, logged, and moved into place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core import naming
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Kind, Values
from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.db.models import RECORD_TITLES, Station
from stationdesk.services.exchange.leaving import stays_behind
from stationdesk.services.exchange.provinces import province_of
from stationdesk.services.exchange.texts import Sheaf, items_of, sheaf_of
from stationdesk.services.importing.kinds import ImportKind
from stationdesk.services.importing.lists import StationCodes
from stationdesk.services.ledgers.reading import paper_book
from stationdesk.services.listing import Query, keys_of, read_rows
from stationdesk.services.release import Override, minor_names, note_release
from stationdesk.services.sketch import is_sketch
from stationdesk.services.store import Store
from stationdesk.services.withheld import withheld_keys
from stationdesk.sheets.checking import LostRows
from stationdesk.sheets.leaks import Leak, MinorNames, PersonalKind, leak_in, refuse
from stationdesk.sheets.open_formats.formats import Format, read_back, written
from stationdesk.sheets.open_formats.hsds import UNKNOWN, Catalogue, Town
from stationdesk.sheets.open_formats.listing import LATITUDE, LONGITUDE, Item, Listing, OpenTable, degrees

EXPORTED: Mapping[str, ImportKind] = MappingProxyType(
    {
        "resource": ImportKind.RESOURCES,
        "organisation": ImportKind.ORGANISATIONS,
        "village": ImportKind.VILLAGES,
    }
)
"""The kinds of record that other programs are given: nothing about clients, which ledgers are for."""

ALL_RESOURCES = Query("resource")

_TITLES = {"resource": "资源目录", "organisation": "组织", "village": "村居"}
_DIRECTORY = frozenset({Format.HSDS, Format.HSDS_CSV})
_ONLY_PLACES = frozenset({Format.GEOJSON, Format.KML, Format.GPX})
_STEP = 200


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A record of the list that is not in the file, and why."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Exported:
    """The file, how many records are in it, how many of them with a place, and which are not in it."""

    path: Path
    form: Format
    records: int
    placed: int
    left: tuple[LeftBehind, ...]


def file_name(town: str, record: str, form: Format, day: str, audience: Audience) -> str:
    """What the file is called unless somebody chooses otherwise, by the rule for all files."""
    return naming.file_name(town, _TITLES[record], day, audience, form.suffix)


def export_list(
    store: Store,
    form: Format,
    target: Path,
    query: Query = ALL_RESOURCES,
    audience: Audience = Audience.REPORT,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    override: Override | None = None,
) -> Exported:
    """Write the records of a query in an open format, masked for `audience`; coordinates are WGS-84.

    The file is read back and compared before it takes its place, and the export is logged before it can be seen.
    With an `override`, texts in which the search found something go out, and who answers for it is logged.

    Raises:
        PersonalNumber: a full number that nobody agreed to, or the name of a minor, stands in a text.
        UserError: the kind is not given out, nothing is left to write, the station works on a sketch and the format
            is one of coordinates, or the target cannot be written.
        Cancelled: by `progress`; the target is as it was.
    """
    kind = _kind_for(query, form)
    progress.say(_("正在导出{form}").format(form=_(form.label)))
    keys = keys_of(store, query)[::-1]  # the oldest first, so that the file changes little from time to time
    with store.reading() as session:
        on_sketch = is_sketch(session)
        if on_sketch and form in _ONLY_PLACES:
            raise UserError(
                "这张图是示意图，没有真实坐标，不能导出成{form}，没有写文件。可以导出 CSV 表格，或先换成真实坐标。",
                form=_(form.label),
            )
        found, left = _chosen(store, session, kind.record, keys, audience, progress)
        sheaf = sheaf_of(kind)
        items = items_of(session, sheaf, found, audience, paper_book(session), StationCodes(session))
        if on_sketch and any(item.place is not None for item in items):
            left.append(LeftBehind(_("坐标"), _("这张图是示意图，没有真实坐标")))
            items = [replace(item, place=None) for item in items]
        names = minor_names(session, store.clock.today())
        station = session.scalars(select(Station)).first()
        town = _town(station)
        listing = Listing(
            f"{station.town if station is not None else ''}{_TITLES[kind.record]}",
            sheaf.columns,
            tuple(items),
            "name",
            station.name if station is not None else "",
            store.clock.today().isoformat(),
        )
    if form.needs_places:
        left += [
            LeftBehind(listing.name_of(item), _("没有位置，航点文件里放不了"))
            for item in items
            if item.place is None
        ]
        items = [item for item in items if item.place is not None]
    if not items:
        raise UserError("没有可导出的记录，没有写文件。请换一个筛选，或看看资源是否都已撤销。")
    leaks = tuple(_leaks(sheaf, items, dict(found), names)) if audience.is_masked else ()
    if override is None:
        refuse(leaks)
    progress.step(len(keys), len(keys) + 1)
    remaining = {
        str(key): values["remaining"] for key, values in found if values.get("remaining") is not None
    }
    catalogue = Catalogue(listing, town, remaining, store.clock.now().isoformat(timespec="seconds"))
    content = written(form, catalogue)

    def check(part: Path) -> None:
        _compare(read_back(form, part.read_bytes()), listing, items, form)
        progress.step(1, 1)
        sentence = _sentence(kind.record, form, audience, target, len(items))
        with store.writing(sentence) as work:
            work.note("export", kind.record, (), sentence)
            if leaks and override is not None:
                note_release(work, kind.record, target.name, leaks, override)

    path = write_safely(
        target,
        lambda part: _put(part, content),
        check,
        needed=len(content),
        beside=beside,
        private=not audience.is_masked,
    )
    return Exported(path, form, len(items), sum(item.place is not None for item in items), tuple(left))


def _put(part: Path, content: bytes) -> None:
    part.write_bytes(content)


def _kind_for(query: Query, form: Format) -> ImportKind:
    kind = EXPORTED.get(query.record)
    if kind is None:
        raise UserError(
            "“{kind}”含个人情况，不能导出成公开格式。请用台账。", kind=_(RECORD_TITLES[query.record])
        )
    if form in _DIRECTORY and kind is not ImportKind.RESOURCES:
        raise UserError("HSDS 是资源目录的格式，只能放资源。村居和组织请选 GeoJSON、KML、GPX 或 CSV。")
    return kind


def _chosen(
    store: Store, session: Session, record: str, keys: Sequence[Key], audience: Audience, progress: Progress
) -> tuple[list[tuple[Key, Values]], list[LeftBehind]]:
    found: list[tuple[Key, Values]] = []
    left: list[LeftBehind] = []
    withheld = withheld_keys(session, record)
    for start in range(0, len(keys), _STEP):
        progress.step(start, len(keys) + 1)
        for row in read_rows(session, record, keys[start : start + _STEP], store.clock.today()):
            why = stays_behind(record, row.values, audience)
            if row.key in withheld:
                left.append(LeftBehind(str(row.values["code"]), _("涉及按规定限制查看的对象")))
            elif why:
                left.append(LeftBehind(str(row.values["name"]), why))
            else:
                found.append((row.key, row.values))
    return found, left


def _town(station: Station | None) -> Town:
    if station is None:
        return Town()
    return Town(station.town or UNKNOWN, station.county or "", province_of(station.town_code) or UNKNOWN)


def _leaks(
    sheaf: Sheaf, items: Sequence[Item], values: Mapping[str, Values], names: MinorNames
) -> Iterator[Leak]:
    """Phones in the fields for phones were agreed to; anywhere else a full number is one too many.

    Land lines are those of offices, which a directory is there to tell.
    """
    named = {
        column.key: (field, column.label) for field, column in zip(sheaf.fields, sheaf.columns, strict=True)
    }
    for item in items:
        for key, text in item.texts.items():
            field, label = named[key]
            found = None if field.spec.kind is Kind.PHONE else leak_in(text, names)
            if found is not None and found is not PersonalKind.LANDLINE:
                title = str(values[item.key]["name"])
                yield Leak(found, title, 0, _("的“{column}”").format(column=_(label)))


def _compare(table: OpenTable, listing: Listing, items: Sequence[Item], form: Format) -> None:
    """Raise when what was read back is not what was to be written."""
    labels = {column.key: column.label for column in listing.columns}
    wanted: Counter[str] = Counter()
    for item in items:
        row: dict[str, object] = {labels[key]: text for key, text in item.texts.items()}
        if item.place is not None:
            row |= {LATITUDE: degrees(item.place.lat), LONGITUDE: degrees(item.place.lon)}
        wanted[_as_one(row)] += 1
    found = Counter(_as_one(dict(row)) for row in table.texts())
    if found != wanted:
        raise LostRows(
            f"{form.code}: {sum((wanted - found).values())} of {len(items)} records came back otherwise"
        )


def _as_one(row: dict[str, object]) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)


def _sentence(record: str, form: Format, audience: Audience, target: Path, count: int) -> str:
    return _("导出{kind} {count} 条（{form}，{audience}）到“{name}”").format(
        kind=_(RECORD_TITLES[record]),
        count=count,
        form=_(form.label),
        audience=_(audience.label),
        name=target.name,
    )
