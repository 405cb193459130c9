"""Files of points, lines and areas: GeoJSON, KML and KMZ, GPX, shapefiles (GBK or UTF-8)."""

from __future__ import annotations

import codecs
import json
import re
import struct
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import shapefile
from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps import refusals
from stationdesk.maps.basemaps.boundaries import is_high_boundary
from stationdesk.maps.basemaps.found import Found, plain_name
from stationdesk.maps.basemaps.frames import (
    DEGREES,
    Frame,
    beside,
    frame_of_code,
    frame_of_text,
    frame_of_values,
)
from stationdesk.maps.basemaps.markup import MOST_BYTES, kml_in, local_name, parsed, text_of
from stationdesk.maps.basemaps.shape_store import MAX_ZOOM
from stationdesk.maps.basemaps.shape_tiles import LINE, POINT, SURFACE
from stationdesk.maps.basemaps.shapes import Shape, Spot, Sum, shape_of

SHAPEFILE = b"\x00\x00\x27\x0a"
ZIP = b"PK\x03\x04"

_PARTS = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx")
_NAMES = ("name", "名称", "地名", "村名", "title", "标题", "xzqmc", "mc")
_CODE = re.compile(r"(?:EPSG|epsg):+[\d.]*:*(\d{4,6})$")
_GBK_MARK = 0x4D  # the language byte of a .dbf that says code page 936
_LONGEST_NAME = 60


def look(path: Path) -> Found:
    """What a file of shapes holds.

    Raises:
        UserError: it is damaged, empty, a part of something, or in a frame that cannot be read.
    """
    total = Sum()
    for shape in shapes_in(path):
        total.take(shape)
    extent = total.extent
    if extent is None:
        raise refusals.empty(path)
    told = _head(path) != SHAPEFILE or beside(path, ".prj") is not None
    return Found(
        kind=BasemapKind.SHAPES,
        name=plain_name(None, path.stem),
        extent=extent,
        min_zoom=0,
        max_zoom=MAX_ZOOM,
        datum=Datum.WGS84 if told else None,
        remarks=(total.sentence,),
        named=tuple(total.named),
    )


def shapes_in(path: Path) -> Iterator[Shape]:
    """The shapes of a file, in degrees of its own datum.

    Raises:
        UserError: it cannot be read, with the reason.
    """
    if path.suffix.lower() in _PARTS:
        raise UserError(
            "“{name}”是 Shapefile 的一部分，请选同名的 .shp 文件（几个文件要放在一起）。", name=path.name
        )
    if path.stat().st_size > MOST_BYTES:
        raise UserError(
            "“{name}”太大（超过 {most} MB），没有加入。请在 QGIS 里导出成 MBTiles，或只导出本乡镇的部分。",
            name=path.name,
            most=MOST_BYTES // 1_000_000,
        )
    head = _head(path)
    if head == SHAPEFILE:
        yield from _shapefile(path)
    elif head == ZIP:
        yield from _kml(path, kml_in(path))
    elif (content := path.read_bytes()).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _geojson(path, content)
    else:
        yield from _xml(path, content)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _named(values: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a shape: its name, if a value is one by its label."""
    by_label = {str(label).casefold(): value for label, value in values.items()}
    for label in _NAMES:
        value = by_label.get(label)
        if isinstance(value, str) and (name := clean_line(value)):
            return {"name": name[:_LONGEST_NAME]}
    return {}


def _marked(path: Path, values: Mapping[str, Any], tags: dict[str, str]) -> dict[str, str]:
    """The tags, with a mark on what paper must not show: its other values are not kept."""
    told = {str(label): str(value) for label, value in values.items() if value is not None}
    return {**tags, "boundary": "administrative"} if is_high_boundary(path.stem, told) else tags


def _made(kind: int, parts: Sequence[Sequence[Spot]], tags: Mapping[str, str]) -> Iterator[Shape]:
    shape = shape_of(kind, parts, tags)
    if shape is not None:
        yield shape


# GeoJSON (RFC 7946, and the `crs` member of its forerunner)


def _geojson(path: Path, content: bytes) -> Iterator[Shape]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise refusals.damaged(path) from error
    if isinstance(document, dict) and document.get("type") == "Topology":
        raise UserError("“{name}”是 TopoJSON，没有加入。请转成 GeoJSON。", name=path.name)
    if isinstance(document, dict) and "osm3s" in document:
        raise UserError(
            "“{name}”是 Overpass 的 JSON，没有加入。请导出成 GeoJSON 或 OSM 数据（.osm）。", name=path.name
        )
    if not isinstance(document, dict) or "type" not in document:
        raise refusals.foreign(path)
    frame = _crs(path, document)
    things = document.get("features") if document["type"] == "FeatureCollection" else [document]
    for thing in things if isinstance(things, list) else ():
        is_feature = isinstance(thing, dict) and thing.get("type") == "Feature"
        geometry = thing.get("geometry") if is_feature else thing
        properties = thing.get("properties") if is_feature else None
        tags = _marked(path, properties, _named(properties)) if isinstance(properties, dict) else {}
        try:
            yield from _geometry(path, geometry, tags, frame)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, RecursionError) as error:
            raise refusals.damaged(path) from error


def _crs(path: Path, document: Mapping[str, Any]) -> Frame | None:
    told = document.get("crs")
    properties = told.get("properties") if isinstance(told, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if "CRS84" in name:
        return Frame(DEGREES)
    found = _CODE.search(name)
    return frame_of_code(path, int(found[1])) if found is not None else None


def _geometry(path: Path, geometry: Any, tags: Mapping[str, str], frame: Frame | None) -> Iterator[Shape]:
    if geometry is None:
        return
    kind, given = geometry["type"], geometry.get("coordinates")

    def spots(points: Any) -> list[Spot]:
        return _in_degrees(path, [(float(each[0]), float(each[1])) for each in points], frame)

    match kind:
        case "Point":
            yield from _made(POINT, [spots([given])] if given else [], tags)
        case "MultiPoint":
            yield from _made(POINT, [spots(given)], tags)
        case "LineString":
            yield from _made(LINE, [spots(given)], tags)
        case "MultiLineString":
            yield from _made(LINE, [spots(line) for line in given], tags)
        case "Polygon":
            yield from _made(SURFACE, [spots(ring) for ring in given], tags)
        case "MultiPolygon":
            yield from _polygons([[spots(ring) for ring in rings] for rings in given], tags)
        case "GeometryCollection":
            for each in geometry["geometries"]:
                yield from _geometry(path, each, tags, frame)
        case _:
            raise ValueError(kind)


def _polygons(polygons: Sequence[Sequence[Sequence[Spot]]], tags: Mapping[str, str]) -> Iterator[Shape]:
    """Each for itself; only the one with the longest outline bears the name, so that it is not written ten times."""
    sound = [rings for rings in polygons if rings]
    largest = max(sound, key=lambda rings: len(rings[0]), default=None)
    for rings in sound:
        bare = {label: value for label, value in tags.items() if label != "name"}
        yield from _made(SURFACE, rings, tags if rings is largest else bare)


def _in_degrees(path: Path, points: list[Spot], frame: Frame | None) -> list[Spot]:
    if frame is None and points and (abs(points[0][0]) > 181 or abs(points[0][1]) > 91):
        frame = frame_of_values(path, *points[0])
    if frame is None or frame.name == DEGREES:
        return points
    lons, lats = frame.to_degrees([x for x, _y in points], [y for _x, y in points])
    return list(zip(lons, lats, strict=True))


# XML: KML 2.2 with tracks, GPX 1.0 and 1.1


def _xml(path: Path, content: bytes) -> Iterator[Shape]:
    root = parsed(path, content)
    if local_name(root) == "gpx":
        yield from _gpx(path, root)
    elif any(local_name(each) == "Placemark" for each in root.iter()) or local_name(root) == "kml":
        yield from _kml(path, root)
    else:
        raise refusals.foreign(path)


def _kml(path: Path, root: etree._Element) -> Iterator[Shape]:
    for mark in root.iter():
        if local_name(mark) == "Placemark":
            name = text_of(mark, "name")
            tags = {"name": name[:_LONGEST_NAME]} if name else {}
            yield from _kml_shapes(path, mark, _marked(path, tags, tags))


def _kml_shapes(path: Path, element: etree._Element, tags: Mapping[str, str]) -> Iterator[Shape]:
    for each in element:
        match local_name(each):
            case "Point":
                yield from _made(POINT, [_kml_spots(path, text_of(each, "coordinates"))], tags)
            case "LineString" | "LinearRing":
                yield from _made(LINE, [_kml_spots(path, text_of(each, "coordinates"))], tags)
            case "Polygon":
                rings = {
                    side: [
                        _kml_spots(path, text_of(ring, "coordinates"))
                        for border in each
                        if local_name(border) == side
                        for ring in border
                        if local_name(ring) == "LinearRing"
                    ]
                    for side in ("outerBoundaryIs", "innerBoundaryIs")
                }
                yield from _made(SURFACE, [*rings["outerBoundaryIs"], *rings["innerBoundaryIs"]], tags)
            case "MultiGeometry" | "MultiTrack":
                yield from _kml_shapes(path, each, tags)
            case "Track":
                texts = [str(coord.text or "") for coord in each if local_name(coord) == "coord"]
                yield from _made(
                    LINE, [_kml_spots(path, " ".join(text.strip().replace(" ", ",") for text in texts))], tags
                )


def _kml_spots(path: Path, text: str) -> list[Spot]:
    try:
        tuples = [word.split(",") for word in re.sub(r"\s*,\s*", ",", text).split()]
        return [(float(each[0]), float(each[1])) for each in tuples]
    except (ValueError, IndexError) as error:
        raise refusals.damaged(path) from error


def _gpx(path: Path, root: etree._Element) -> Iterator[Shape]:
    for each in root:
        name = text_of(each, "name")[:_LONGEST_NAME]
        tags = {"name": name} if name else {}
        match local_name(each):
            case "wpt":
                yield from _made(POINT, [[_gpx_spot(path, each)]], tags)
            case "rte":
                yield from _made(
                    LINE, [[_gpx_spot(path, point) for point in each if local_name(point) == "rtept"]], tags
                )
            case "trk":
                runs = [
                    [_gpx_spot(path, point) for point in run if local_name(point) == "trkpt"]
                    for run in each
                    if local_name(run) == "trkseg"
                ]
                yield from _made(LINE, runs, tags)


def _gpx_spot(path: Path, point: etree._Element) -> Spot:
    try:
        return float(point.get("lon") or ""), float(point.get("lat") or "")
    except ValueError as error:
        raise refusals.damaged(path) from error


# Shapefiles


def _shapefile(path: Path) -> Iterator[Shape]:
    told = beside(path, ".prj")
    frame = (
        frame_of_text(path, told.read_text(encoding="utf-8", errors="replace")) if told is not None else None
    )
    table = beside(path, ".dbf")
    encoding = _encoding(table, beside(path, ".cpg")) if table is not None else "utf-8"
    _refuse_short(path)
    try:
        with (
            path.open("rb") as geometry,
            (table or path).open("rb") as values,
            _reader(geometry, values if table is not None else None, encoding) as reader,
        ):
            rows: Any = reader.iterShapes() if table is None else reader.iterShapeRecords()
            for row in rows:
                shape, record = (row, {}) if table is None else (row.shape, row.record.as_dict())
                yield from _geometry(path, _geo(shape), _marked(path, record, _record_tags(record)), frame)
    except (shapefile.ShapefileException, struct.error, ValueError, IndexError, EOFError, KeyError) as error:
        raise refusals.damaged(path) from error


def _refuse_short(path: Path) -> None:
    """A copy that ends between two shapes would otherwise pass for a smaller map."""
    with path.open("rb") as file:
        told = int.from_bytes(file.read(28)[24:28]) * 2
    if path.stat().st_size < max(told, 100):
        raise refusals.damaged(path)


def _reader(geometry: IO[bytes], values: IO[bytes] | None, encoding: str) -> Any:
    with warnings.catch_warnings():
        # A length in the head that is too small harms nothing.
        warnings.simplefilter("ignore", shapefile.PossiblyCorruptFileHeader)
        return shapefile.Reader(shp=geometry, dbf=values, encoding=encoding, encodingErrors="replace")


def _geo(shape: Any) -> Any:
    """The GeoJSON geometry of a shape of a shapefile; None for one without."""
    geometry = shape.__geo_interface__ if shape is not None and shape.shapeType else None
    return geometry if geometry and geometry.get("coordinates") else None


def _record_tags(record: Mapping[str, Any]) -> dict[str, str]:
    tags = _named(record)
    if tags:
        return tags
    # No column is called a name: the first text in Chinese is what it is called.
    texts = (value for value in record.values() if isinstance(value, str))
    name = next((text for text in map(clean_line, texts) if re.search(r"[\u4e00-\u9fff]", text)), "")
    return {"name": name[:_LONGEST_NAME]} if name else {}


def _encoding(table: Path, told: Path | None) -> str:
    """What the texts of a .dbf are written in: as told beside it, else by its mark, else as they can be read."""
    if told is not None:
        word = told.read_text(encoding="ascii", errors="ignore").strip()
        for name in (word, f"cp{word}", re.sub(r"(?i)^iso[-_ ]?8859[-_ ]?(\d+)$", r"iso8859-\1", word)):
            try:
                return "gb18030" if codecs.lookup(name).name in ("gbk", "gb2312") else name
            except LookupError:
                continue
    content = table.read_bytes()
    if len(content) > 32 and content[29] == _GBK_MARK:
        return "gb18030"
    start = int.from_bytes(content[8:10], "little")
    try:
        content[start:].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
