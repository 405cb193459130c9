"""Which reader a file is for, and how it comes into the station: tiles are copied, everything else is converted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from stationdesk.core.errors import UserError
from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps import mbtiles, osm, pictures, pmtiles, shape_files
from stationdesk.maps.basemaps.found import Extent, Found
from stationdesk.maps.basemaps.refusals import foreign
from stationdesk.maps.basemaps.scans import SCAN_SUFFIX
from stationdesk.maps.basemaps.shape_store import ShapeTiles, write_shapes
from stationdesk.maps.basemaps.shapes import Shape, pieces, with_names_inside
from stationdesk.maps.basemaps.tiles import Tiles

ENDINGS = (
    ".mbtiles",
    ".pmtiles",
    ".tif",
    ".tiff",
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".geojson",
    ".json",
    ".kml",
    ".kmz",
    ".gpx",
    ".shp",
    ".osm",
    ".pbf",
)
"""What a file picker offers."""

_BLOCK = 4 << 20
_STEP = 500  # shapes between two looks at Cancel
_SUFFIXES = {
    BasemapKind.MBTILES: ".mbtiles",
    BasemapKind.MBTILES_VECTOR: ".mbtiles",
    BasemapKind.PMTILES: ".pmtiles",
    BasemapKind.PMTILES_VECTOR: ".pmtiles",
    BasemapKind.PICTURE: ".mbtiles",
    BasemapKind.GEOTIFF: ".mbtiles",
    BasemapKind.SHAPES: ".shapes",
    BasemapKind.OSM: ".shapes",
    BasemapKind.PINNED: ".mbtiles",
}
OWN_SUFFIXES = frozenset({*_SUFFIXES.values(), SCAN_SUFFIX})
"""How the files end that the station keeps of its base maps."""

_LOOKS: tuple[tuple[bytes, Callable[[Path], Found]], ...] = (
    (mbtiles.MAGIC, mbtiles.look),
    (pmtiles.MAGIC, pmtiles.look),
    *((magic, pictures.look) for magic in pictures.MAGICS),
)


def look(path: Path) -> Found:
    """What a file is; nothing is written.

    Raises:
        UserError: it cannot become a base map, with the reason.
    """
    head = _head(path)
    for magic, reader in _LOOKS:
        if head.startswith(magic):
            return reader(path)
    if head.startswith(b"PM\x02\x00"):
        raise UserError(
            "“{name}”是第 2 版的 PMTiles，只能读第 3 版，没有加入。请用 pmtiles convert 转成第 3 版。",
            name=path.name,
        )
    return osm.look(path) if osm.is_osm(head) else shape_files.look(path)


def suffix_of(kind: BasemapKind) -> str:
    """How the name of the station's own file ends."""
    return _SUFFIXES[kind]


def bring_in(
    path: Path,
    found: Found,
    datum: Datum,
    target: Path,
    progress: Progress = SILENT,
    clip: Extent | None = None,
) -> None:
    """Write the station's own file of a base map; what is there afterwards is whole, or nothing is.

    A file of tiles is copied in pieces, never through memory, and looked at again before it is moved into place.
    Of an OSM extract only what touches `clip` is kept.

    Raises:
        UserError: the disk is full, or the copy is not what was looked at.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    if found.kind.is_ours:
        _keep_shapes(path, found, datum, target, progress, clip)
    elif found.kind in {BasemapKind.PICTURE, BasemapKind.GEOTIFF}:
        write_safely(
            target,
            lambda part: pictures.write_tiles(path, found, part, progress),
            lambda part: _check(path, part, mbtiles.look),
        )
    else:
        _copy(path, found, target, progress)


def _copy(path: Path, found: Found, target: Path, progress: Progress) -> None:
    size = path.stat().st_size

    def copy(part: Path) -> None:
        progress.say(_("正在拷贝底图"))
        done = 0
        with path.open("rb") as source, part.open("wb") as file:
            while block := source.read(_BLOCK):
                progress.step(done, max(size, done + 1))
                file.write(block)
                done += len(block)
            file.flush()
            os.fsync(file.fileno())

    def check(part: Path) -> None:
        _check(path, part, look)
        if part.stat().st_size != size or look(part).extent != found.extent:
            raise _unlike(path)

    write_safely(target, copy, check, needed=size)


def _keep_shapes(
    path: Path, found: Found, datum: Datum, target: Path, progress: Progress, clip: Extent | None
) -> None:
    is_osm = found.kind is BasemapKind.OSM
    source = osm.shapes_in(path) if is_osm else shape_files.shapes_in(path)

    def shapes() -> Iterator[Shape]:
        for done, shape in enumerate(pieces(source, clip if is_osm else None)):
            if done % _STEP == 0:
                progress.step(done, done + _STEP)
            yield shape.as_wgs84(datum)

    def write(part: Path) -> None:
        progress.say(_("正在整理点线面"))
        if not write_shapes(part, with_names_inside(shapes())):
            raise UserError(
                "“{name}”里没有本站附近的内容，没有加入。请换一个包含本乡镇的文件。", name=path.name
            )

    write_safely(target, write)


def _check(path: Path, part: Path, reader: Callable[[Path], Found]) -> None:
    """Whether what was written can be read; what is wrong with it is said of the file that the worker knows."""
    try:
        reader(part)
    except UserError as error:
        raise _unlike(path) from error


def _unlike(path: Path) -> UserError:
    return UserError("“{name}”写进工作站后与原来不一致，没有加入。请检查磁盘或 U 盘后再试。", name=path.name)


def open_tiles(path: Path, kind: BasemapKind) -> Tiles:
    """The tiles of a file of the station.

    Raises:
        OSError, ValueError, sqlite3.DatabaseError: it is gone or damaged.
    """
    if kind.is_ours:
        return ShapeTiles(path)
    if suffix_of(kind) == ".pmtiles":
        return pmtiles.PmTiles(path)
    return mbtiles.MbTiles(path)


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise foreign(path)
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise UserError(
            "读不了“{name}”：{why}。请检查文件是否还在、U 盘是否插好。",
            name=path.name,
            why=error.strerror or "",
        ) from error
    if not head:
        raise UserError("“{name}”是空文件，没有加入。请重新拷贝一份再试。", name=path.name)
    return head
