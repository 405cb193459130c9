"""Base maps: looked at, taken into the station, ordered, shown, removed.

    sight = look(store, path)                       # what it is; nothing is written
    add(store, path, datum, progress=progress)      # its file into maps/, then its record

A removed base map can be brought back by undo, which restores its record; its file therefore stays until the
worker says that it may go for good (`forget`).
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created, new_key, removed
from stationdesk.core.datum import distance_m, from_wgs84, in_china, to_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.paths import StationFolder
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.db.base import blank, table_of, values_of
from stationdesk.db.models import RECORDS, Basemap
from stationdesk.db.writing import Work
from stationdesk.maps.basemaps import reading
from stationdesk.maps.basemaps.found import Extent, Found, Named
from stationdesk.maps.basemaps.mercator import metres_of_pixel
from stationdesk.maps.basemaps.pictures import Unplaced
from stationdesk.maps.layers import MapBase
from stationdesk.services.exchange.shift import Pair, Shift, shift_of
from stationdesk.services.importing.lists import bare
from stationdesk.services.sketch import lies_on_plane, refuse_real
from stationdesk.services.store import Store

NotPlaced = Unplaced
"""The refusal of a picture that can be pinned by hand instead, see `services.pinning`."""

ENDINGS = reading.ENDINGS
_PLACED = ("station", "village", "resource", "household")
_NAMED = ("village", "resource")
_AIR = 0.1
"""Degrees, some 10 km, that are kept of an OSM extract around our own places."""
_VILLAGES = 12
"""The level from which tiles are of use in a village; others are too coarse to be printed."""
_SAME_THING = 3_000.0  # metres beyond which two things of one name are two things


@dataclass(frozen=True, slots=True)
class Sight:
    """What a file would be as a base map.

    `places` and `outside` count what the station has on the map and what of it lies beyond the file's extent.
    `shift` says that the file seems to be in another datum than told, `ours_shifted` that our own places do.
    """

    path: Path
    found: Found
    places: int
    outside: int
    shift: Shift | None = None
    ours_shifted: Shift | None = None

    @property
    def datum(self) -> Datum | None:
        """The datum to propose; None where nothing speaks for any."""
        return self.shift.datum if self.shift is not None else self.found.datum

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the worker is told, a sentence each."""
        found = self.found
        west, south, east, north = found.extent
        told = [
            _("{kind}：{name}").format(kind=_(found.kind.label), name=found.name),
            _("范围：经度 {west:.4f}—{east:.4f}，纬度 {south:.4f}—{north:.4f}").format(
                west=west, east=east, south=south, north=north
            ),
            _("级别：{low}—{high}").format(low=found.min_zoom, high=found.max_zoom),
        ]
        if found.attribution:
            told.append(_("来源：{words}").format(words=found.attribution))
        if found.review_number:
            told.append(_("审图号：{number}").format(number=found.review_number))
        told.extend(found.remarks)
        if not found.kind.is_ours and found.max_zoom < _VILLAGES:
            told.append(
                _(
                    "最细只到 {high} 级，图上一点约 {metres:,.0f} 米：看全县可以，放大到村里看不到，也印不到发放图上。"
                ).format(high=found.max_zoom, metres=metres_of_pixel((south + north) / 2, found.max_zoom))
            )
        if not self.places:
            told.append(_("本站还没有在地图上放过地点，没法核对范围。"))
        elif self.outside:
            told.append(
                _("本站 {places} 处地点里有 {outside} 处在这张底图之外。").format(
                    places=self.places, outside=self.outside
                )
            )
        else:
            told.append(_("本站 {places} 处地点都在这张底图里。").format(places=self.places))
        if self.shift is not None:
            told.append(self.shift.sentence)
        if self.ours_shifted is not None:
            told.append(
                _(
                    "本站有 {count} 处与文件里同名的地点平均偏 {far:.0f} 米，把本站的当作 {datum} 只偏 {near:.0f} 米："
                    "本站这些坐标可能录入时坐标系选错了，请抽查几处。"
                ).format(
                    count=self.ours_shifted.compared,
                    far=self.ours_shifted.metres,
                    near=self.ours_shifted.metres_then,
                    datum=_(self.ours_shifted.datum.label),
                )
            )
        return tuple(told)


@dataclass(frozen=True, slots=True)
class BaseLine:
    """A base map as the list of them shows it; `size` in bytes, None when its file is gone."""

    key: Key
    name: str
    kind: BasemapKind
    datum: Datum
    min_zoom: int
    max_zoom: int
    attribution: str
    review_number: str
    source_name: str
    shown: bool
    size: int | None
    on_sketch: bool = False

    @property
    def frame(self) -> str:
        """What its coordinates are, in words."""
        return _("示意图，无坐标") if self.on_sketch else _(self.datum.label)


def look(store: Store, path: Path) -> Sight:
    """What a file would be as a base map, and how it fits the station; nothing is written.

    Raises:
        UserError: it cannot become one, with the reason.
    """
    found = reading.look(path)
    with store.reading() as session:
        refuse_real(session)
        places = _places(session)
        pairs = _pairs(session, found.named)
    datum = found.datum or Datum.WGS84
    outside = sum(not found.extent.holds(*from_wgs84(lat, lon, datum)) for lat, lon in places)
    return Sight(
        path,
        found,
        len(places),
        outside,
        shift_of(pairs),
        shift_of([(ours, theirs) for theirs, ours in pairs]),
    )


def add(
    store: Store, path: Path, datum: Datum | None = None, *, name: str = "", progress: Progress = SILENT
) -> ChangeSet:
    """Take a file into the station as its topmost base map.

    Without `datum`, the one that the file or its standard names is taken.

    Raises:
        UserError: the file cannot become a base map, nothing says its datum, or the station works on a sketch.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    progress.say(_("正在查看底图"))
    with store.reading() as session:
        refuse_real(session)
    found = reading.look(path)
    datum = datum or found.datum
    if datum is None:
        raise UserError(
            "“{name}”没有写明坐标系：天地图、OSM、GPS 是 wgs84，高德、腾讯是 gcj02，百度是 bd09。"
            "请说明是哪一种，选错会偏几百米。",
            name=path.name,
        )
    key = new_key()
    target = store.folder.maps / f"{key}{reading.suffix_of(found.kind)}"
    extent = found.extent
    if found.kind is BasemapKind.OSM:
        extent = _around_ours(store, extent)
    elif found.kind.is_ours:
        low = to_wgs84(extent.south, extent.west, datum)
        high = to_wgs84(extent.north, extent.east, datum)
        extent = Extent(low.lon, low.lat, high.lon, high.lat)
    reading.bring_in(path, found, datum, target, progress, extent)
    try:
        with store.writing(_("加入底图 {name}").format(name=name or found.name)) as work:
            values = {
                **blank(Basemap),
                "name": name or found.name,
                "kind": found.kind,
                "file": store.folder.relative(target),
                "source_name": path.name,
                "datum": Datum.WGS84 if found.kind.is_ours else datum,
                **extent._asdict(),
                "min_zoom": found.min_zoom,
                "max_zoom": found.max_zoom,
                "attribution": found.attribution or None,
                "review_number": found.review_number or None,
                "shown": True,
            }
            put_on_top(work, values, key)
            return work.done()
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise


def put_on_top(work: Work, values: Mapping[str, Any], key: Key | None = None) -> None:
    """Write a new base map above the others, and hide what cannot be shown with it."""
    others = work.session.scalars(select(Basemap)).all()
    position = min((each.position for each in others), default=1) - 1
    fresh = created("basemap", {**values, "position": position}, key)
    work.write([fresh, *_without_rivals(others, fresh.key, values)])


def bases_of(store: Store) -> tuple[BaseLine, ...]:
    """The base maps, the topmost first."""
    with store.reading() as session:
        rows = _ordered(session)
        return tuple(
            BaseLine(
                row.key,
                row.name,
                row.kind,
                row.datum,
                row.min_zoom,
                row.max_zoom,
                row.attribution or "",
                row.review_number or "",
                row.source_name,
                row.shown,
                _size(store.folder, row.file),
                lies_on_plane(row.south, row.west),
            )
            for row in rows
        )


def map_bases(store: Store, session: Session) -> tuple[MapBase, ...]:
    """The base maps as the screen map draws them, the topmost first; those whose file is gone are left out."""
    found = []
    for row in _ordered(session):
        path = _path(store.folder, row.file)
        if path is not None and path.is_file():
            found.append(
                MapBase(
                    key=row.key,
                    title=row.name,
                    kind=row.kind,
                    path=path,
                    datum=row.datum,
                    extent=(row.west, row.south, row.east, row.north),
                    zooms=(row.min_zoom, row.max_zoom),
                    attribution=row.attribution or "",
                    review_number=row.review_number or "",
                    shown=row.shown,
                )
            )
    return tuple(found)


def show(store: Store, key: Key, *, shown: bool) -> ChangeSet:
    """Show a base map, or hide it. Showing one of tiles hides those of tiles in another datum."""
    with store.writing("") as work:
        rows = work.session.scalars(select(Basemap)).all()
        row = _one(rows, key)
        words = _("显示底图 {name}") if shown else _("隐藏底图 {name}")
        work.why = words.format(name=row.name)
        change = changed("basemap", key, values_of(row), {"shown": shown})
        if change is not None:
            rivals = _without_rivals(rows, key, values_of(row)) if shown else []
            work.write([change, *rivals])
        return work.done()


def edit(store: Store, key: Key, values: Mapping[str, Any]) -> ChangeSet:
    """Change what a base map is called, where it is from, its approval number or its datum."""
    with store.writing("") as work:
        rows = work.session.scalars(select(Basemap)).all()
        row = _one(rows, key)
        if not str(values.get("name", row.name)).strip():
            raise UserError("请给底图起个名字，例如“天地图影像”。")
        work.why = _("修改底图 {name}").format(name=row.name)
        before = values_of(row)
        change = changed("basemap", key, before, values)
        if change is not None:
            rivals = _without_rivals(rows, key, {**before, **values}) if row.shown else []
            work.write([change, *rivals])
        return work.done()


def move(store: Store, key: Key, steps: int) -> ChangeSet:
    """Move a base map among the others; minus is up, that is, above more of them."""
    with store.writing("") as work:
        rows = _ordered(work.session)
        row = _one(rows, key)
        work.why = _("移动底图 {name}").format(name=row.name)
        order = [each for each in rows if each.key != key]
        place = max(0, min(len(order), rows.index(row) + steps))
        order.insert(place, row)
        edits = [
            changed("basemap", each.key, values_of(each), {"position": number})
            for number, each in enumerate(order)
        ]
        work.write([edit for edit in edits if edit is not None])
        return work.done()


def remove(store: Store, key: Key) -> ChangeSet:
    """Take a base map off the map. Its file stays until `forget`, so that undo brings the map back whole."""
    with store.writing("") as work:
        row = _one(work.session.scalars(select(Basemap)).all(), key)
        work.why = _("移除底图 {name}").format(name=row.name)
        work.write([removed("basemap", key, values_of(row))])
        return work.done()


def find(store: Store, name: str) -> Key:
    """The base map of that name.

    Raises:
        UserError: there is none, or more than one.
    """
    with store.reading() as session:
        rows = session.scalars(select(Basemap).where(Basemap.name == name)).all()
    if len(rows) != 1:
        names = "、".join(each.name for each in bases_of(store))
        raise UserError(
            "没有（或不止一张）叫“{name}”的底图。有的是：{names}。", name=name, names=names or _("没有底图")
        )
    return rows[0].key


def forgotten(store: Store) -> tuple[int, int]:
    """How many files of removed base maps are still kept, and their bytes."""
    files = _unused(store)
    return len(files), sum(path.stat().st_size for path in files)


def forget(store: Store) -> int:
    """Delete the files of removed base maps for good; returns the bytes that became free.

    Undoing the removal then brings the record back without its map, and the list says so.
    """
    freed = 0
    files = _unused(store)
    for path in files:
        freed += path.stat().st_size
        path.unlink()
    with store.writing("") as work:
        work.note("delete", "basemap", (), _("彻底删除 {count} 个已移除底图的文件").format(count=len(files)))
    return freed


def _ordered(session: Session) -> list[Basemap]:
    return list(session.scalars(select(Basemap).order_by(Basemap.position, Basemap.key)))


def _one(rows: Sequence[Basemap], key: Key) -> Basemap:
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise UserError("这张底图已经移除了。")
    return found


def _without_rivals(rows: Sequence[Basemap], key: Key, values: Mapping[str, Any]) -> list[Change]:
    """Hide what cannot be shown with it: tiles of another datum lie some 500 m beside it.

    Shapes of ours are stored in WGS-84 and follow whatever is shown.
    """
    if values["kind"].is_ours:
        return []
    edits = (
        changed("basemap", row.key, values_of(row), {"shown": False})
        for row in rows
        if row.key != key and not row.kind.is_ours and row.datum is not values["datum"]
    )
    return [edit for edit in edits if edit is not None]


def file_of(store: Store, file: str) -> Path | None:
    """Where a file of a base map lies; None for a name that leads out of the folder of maps."""
    return _path(store.folder, file)


def _path(folder: StationFolder, file: str) -> Path | None:
    path = (folder.root / file).resolve()
    return path if path.parent == folder.maps.resolve() else None


def _size(folder: StationFolder, file: str) -> int | None:
    path = _path(folder, file)
    return path.stat().st_size if path is not None and path.is_file() else None


def _unused(store: Store) -> list[Path]:
    with store.reading() as session:
        rows = session.execute(select(Basemap.file, Basemap.scan))
        used = {Path(file).name for row in rows for file in row if file is not None}
    files = store.folder.maps.iterdir() if store.folder.maps.is_dir() else ()
    return sorted(
        path
        for path in files
        if path.is_file() and path.name not in used and path.suffix in reading.OWN_SUFFIXES
    )


def _places(session: Session) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for record in _PLACED:
        table = table_of(RECORDS[record])
        query = select(table.c.latitude, table.c.longitude).where(
            table.c.latitude.is_not(None), table.c.longitude.is_not(None)
        )
        found.extend((row.latitude, row.longitude) for row in session.execute(query))
    return found


def _around_ours(store: Store, extent: Extent) -> Extent:
    """The part of an extent around the station's own places; all of it where none of them lies there."""
    with store.reading() as session:
        inside = [place for place in _places(session) if extent.holds(*place)]
    if not inside:
        return extent
    lats, lons = [lat for lat, _lon in inside], [lon for _lat, lon in inside]
    return Extent(
        max(extent.west, min(lons) - _AIR),
        max(extent.south, min(lats) - _AIR),
        min(extent.east, max(lons) + _AIR),
        min(extent.north, max(lats) + _AIR),
    )


def _pairs(session: Session, named: Sequence[Named]) -> list[Pair]:
    """Places of the file beside ours of the same name, where that is clear; ours as they are on file."""
    if not named:
        return []
    ours: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for record in _NAMED:
        table = table_of(RECORDS[record])
        query = select(table.c.name, table.c.latitude, table.c.longitude).where(table.c.latitude.is_not(None))
        for name, lat, lon in session.execute(query):
            ours[bare(name)].append((lat, lon))
    theirs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in named:
        theirs[bare(each.name)].append((each.lat, each.lon))
    return [
        (places[0], ours[name][0])
        for name, places in theirs.items()
        if name
        and len(places) == 1
        and len(ours.get(name, ())) == 1
        and in_china(*places[0])
        and distance_m(places[0], ours[name][0]) < _SAME_THING
    ]
