"""PMTiles 3: one file of tiles behind a directory of its own. Read with the project's own library, within limits.

Directories are unpacked by us first, because the library unpacks whatever it is given.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps import refusals
from stationdesk.maps.basemaps.content import SHAPES, Unreadable, layers_of, picture_type, unpacked
from stationdesk.maps.basemaps.found import MOST_ZOOM, Found, plain_credit, plain_name, review_number_in
from stationdesk.maps.basemaps.mercator import MOST_LATITUDE, checked_extent
from stationdesk.maps.basemaps.tiles import Tile, Tiles

MAGIC = b"PMTiles"
_HEADER = 127  # bytes
_MOST_DEPTH = 4
_MOST_AT_ONCE = 32 << 20  # bytes
_MOST_DIRECTORY = 32 << 20  # unpacked
_MOST_METADATA = 8 << 20
_KINDS = {
    TileType.MVT: BasemapKind.PMTILES_VECTOR,
    TileType.PNG: BasemapKind.PMTILES,
    TileType.JPEG: BasemapKind.PMTILES,
    TileType.WEBP: BasemapKind.PMTILES,
}


def look(path: Path) -> Found:
    """What a PMTiles file holds.

    Raises:
        UserError: it is damaged, empty, of an older version, or packed in a way that cannot be read.
    """
    try:
        tiles = PmTiles(path)
    except (Unreadable, ValueError, EOFError, IndexError) as error:
        raise refusals.damaged(path) from error
    try:
        return _found(path, tiles)
    except (Unreadable, ValueError, EOFError, IndexError, RecursionError) as error:
        raise refusals.damaged(path) from error
    finally:
        tiles.close()


def _found(path: Path, tiles: PmTiles) -> Found:
    header = tiles.header
    kind = _KINDS.get(header["tile_type"])
    if kind is None or header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
        raise UserError(
            "“{name}”里的瓦片格式（{kind}，{packing}）读不了，没有加入。"
            "请导出为 PNG、JPEG、WebP，或 gzip 压缩的矢量瓦片。",
            name=path.name,
            kind=header["tile_type"].name,
            packing=header["tile_compression"].name,
        )
    first = tiles.first()
    if first is None:
        raise refusals.empty(path)
    if kind is BasemapKind.PMTILES_VECTOR:
        layers_of(unpacked(first))
    elif picture_type(first) is None:
        raise Unreadable("not the pictures that were told")
    low, high = header["min_zoom"], header["max_zoom"]
    if not low <= high <= MOST_ZOOM:
        raise Unreadable("no such zoom")
    told = tiles.told()
    names = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
    world = (-180.0, -MOST_LATITUDE, 180.0, MOST_LATITUDE)
    extent = checked_extent([header[name] / 1e7 for name in names]) or checked_extent(world)  # type: ignore[literal-required]  # from the tuple above
    if extent is None:
        raise RuntimeError("the world is an extent")
    credit = plain_credit(told.get("attribution"))
    return Found(
        kind=kind,
        name=plain_name(told.get("name"), path.stem),
        extent=extent,
        min_zoom=low,
        max_zoom=high,
        attribution=credit,
        review_number=review_number_in(told.get("attribution"), told.get("description"), told.get("name")),
        datum=Datum.WGS84 if "openstreetmap" in credit.casefold() else None,
    )


class PmTiles(Tiles):
    """The tiles of a PMTiles file.

    Raises:
        UserError: it is of another version. Unreadable, ValueError: it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self.header = self._read_header(path)
        except BaseException:
            self._file.close()
            raise
        self._directory = lru_cache(maxsize=64)(self._read_directory)

    def _read_header(self, path: Path) -> HeaderDict:
        head = self._bytes(0, _HEADER)
        if head[7] != 3:
            raise UserError(
                "“{name}”是第 {version} 版的 PMTiles，只能读第 3 版，没有加入。请用 pmtiles convert 转成第 3 版。",
                name=path.name,
                version=head[7],
            )
        header = deserialize_header(head)
        if header["internal_compression"] is not Compression.GZIP:
            raise UserError(
                "“{name}”的目录不是 gzip 压缩，读不了，没有加入。请用 pmtiles 重新转换。", name=path.name
            )
        size = path.stat().st_size
        for part in ("root", "metadata", "leaf_directory", "tile_data"):
            if header[f"{part}_offset"] + header[f"{part}_length"] > size:  # type: ignore[literal-required]  # a part of the header
                raise UserError(
                    "“{name}”不完整，像是没有拷贝完，没有加入。请重新拷贝一份再试。", name=path.name
                )
        return header

    def _bytes(self, offset: int, length: int) -> bytes:
        if not 0 <= length <= _MOST_AT_ONCE or offset < 0:
            raise Unreadable("a piece beyond all measure")
        self._file.seek(offset)
        content = self._file.read(length)
        if len(content) != length:
            raise Unreadable("cut off")
        return content

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        packed = self._bytes(offset, length)
        unpacked(packed, _MOST_DIRECTORY)
        try:
            return deserialize_directory(packed)
        except (EOFError, ValueError, OSError) as error:
            raise Unreadable(str(error)) from error

    def first(self) -> bytes | None:
        """The bytes of the first tile that there is."""
        entries = self._directory(self.header["root_offset"], self.header["root_length"])
        for _depth in range(_MOST_DEPTH):
            if not entries:
                return None
            entry = entries[0]
            if entry.run_length:
                return self._bytes(self.header["tile_data_offset"] + entry.offset, entry.length)
            entries = self._directory(self.header["leaf_directory_offset"] + entry.offset, entry.length)
        return None

    def told(self) -> dict[str, Any]:
        """What the file says about itself."""
        length = self.header["metadata_length"]
        if not length:
            return {}
        if length > _MOST_METADATA:
            raise Unreadable("metadata beyond all measure")
        text = unpacked(self._bytes(self.header["metadata_offset"], length), _MOST_METADATA)
        told = json.loads(text)
        return told if isinstance(told, dict) else {}

    @override
    def tile(self, zoom: int, column: int, row: int, datum: Datum = Datum.WGS84) -> Tile | None:
        del datum
        wanted = zxy_to_tileid(zoom, column, row)
        offset, length = self.header["root_offset"], self.header["root_length"]
        for _depth in range(_MOST_DEPTH):
            entry = find_tile(self._directory(offset, length), wanted)
            if entry is None:
                return None
            if entry.run_length:
                content = self._bytes(self.header["tile_data_offset"] + entry.offset, entry.length)
                kind = picture_type(content)
                return Tile(kind, content) if kind else Tile(SHAPES, unpacked(content))
            offset, length = self.header["leaf_directory_offset"] + entry.offset, entry.length
        return None

    @override
    def close(self) -> None:
        self._file.close()
