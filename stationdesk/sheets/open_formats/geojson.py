"""GeoJSON (RFC 7946): a feature a record, its texts as properties under the labels that people read.

RFC 7946 fixes the datum: longitude and latitude in WGS-84, in this order. A file that names another one by
the member `crs` of the older draft is refused rather than moved by hundreds of metres.
"""

from __future__ import annotations

import json
import math
from typing import Any

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.text import clean
from stationdesk.sheets.open_formats.listing import (
    LATITUDE,
    LONGITUDE,
    NAME,
    Item,
    Listing,
    OpenCell,
    OpenTable,
    degrees,
    tabled,
)
from stationdesk.sheets.open_formats.refusals import damaged, empty, no_degrees

KIND = "GeoJSON"
_SHAPE = "形状"
_ELEVATION = "海拔"
_SHAPES = {
    "MultiPoint": "多点",
    "LineString": "线",
    "MultiLineString": "多条线",
    "Polygon": "面",
    "MultiPolygon": "多个面",
    "GeometryCollection": "多种形状",
}
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
"""Names by which the older draft meant the same datum; CGCS2000 (4490) differs by decimetres."""


def write(listing: Listing) -> bytes:
    """The list as a feature collection; what has no place has a null geometry, as the standard wants it."""
    labels = {column.key: column.label for column in listing.columns}
    document = {
        "type": "FeatureCollection",
        "name": listing.title,
        "description": f"{listing.maker} {listing.made_on} 坐标：WGS-84".strip(),
        "features": [_feature(item, labels) for item in listing.items],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _feature(item: Item, labels: dict[str, str]) -> dict[str, Any]:
    place = item.place
    return {
        "type": "Feature",
        "id": item.key,
        "geometry": None
        if place is None
        else {"type": "Point", "coordinates": [degrees(place.lon), degrees(place.lat)]},
        "properties": {labels[key]: text for key, text in item.texts.items()},
    }


def is_geojson(document: object) -> bool:
    """Whether a parsed JSON document says that it is GeoJSON."""
    return isinstance(document, dict) and (
        document.get("type") in {"FeatureCollection", "Feature", "Point", *_SHAPES}
    )


def read(document: dict[str, Any]) -> OpenTable:
    """The features as rows; a shape that is no point keeps its texts, and what it is stands in a column.

    Raises:
        UserError: another datum is named, there is no feature, or the document is no GeoJSON after all.
    """
    _refuse_other_datum(document)
    match document.get("type"):
        case "FeatureCollection":
            features = document.get("features")
        case "Feature":
            features = [document]
        case _:
            features = [{"type": "Feature", "geometry": document, "properties": {}}]
    if not isinstance(features, list):
        raise damaged(KIND)
    records = [_record(feature) for feature in features]
    if not any(records):
        raise empty(KIND)
    shapes = sum(1 for record in records if _SHAPE in record)
    notes = (
        (_("{count} 个不是点的形状（线、面），只读了属性，没有位置。").format(count=shapes),)
        if shapes
        else ()
    )
    title = document.get("name")
    return tabled(title if isinstance(title, str) else "", records, notes)


def _refuse_other_datum(document: dict[str, Any]) -> None:
    told = document.get("crs")
    if not isinstance(told, dict):
        return
    properties = told.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not any(name.endswith(known) for known in _WGS84):
        raise UserError(
            "这个 GeoJSON 文件注明的坐标系是“{name}”，不是 WGS-84，没有读。请在制作它的软件里另存为 WGS-84。",
            name=name[:80],
        )


def _record(feature: object) -> dict[str, OpenCell]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise damaged(KIND)
    record: dict[str, OpenCell] = {}
    properties = feature.get("properties")
    if isinstance(properties, dict):
        _take(record, "", properties, 0)
    geometry = feature.get("geometry")
    if geometry is None:
        return record
    if not isinstance(geometry, dict):
        raise damaged(KIND)
    kind = geometry.get("type")
    if kind == "Point":
        point = geometry.get("coordinates")
        if point == []:  # RFC 7946 section 3.1: the empty array is a place that is not known
            return record
        lon, lat, height = _point(point)
        record |= {LATITUDE: lat, LONGITUDE: lon}
        if height is not None:
            record[_ELEVATION] = height
    elif isinstance(kind, str) and kind in _SHAPES:
        record[_SHAPE] = _SHAPES[kind]
    else:
        raise damaged(KIND)
    return record


def _point(point: object) -> tuple[float, float, float | None]:
    if not isinstance(point, list) or len(point) < 2:
        raise damaged(KIND)
    numbers = [each for each in point[:3] if type(each) in {int, float} and math.isfinite(each)]
    if len(numbers) != min(len(point), 3) or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        raise no_degrees(str(point))
    return float(numbers[0]), float(numbers[1]), float(numbers[2]) if len(numbers) > 2 else None


_DEEP = 3


def _take(record: dict[str, OpenCell], prefix: str, properties: dict[str, Any], depth: int) -> None:
    """Properties as cells; what lies deeper gets the labels joined by a stop."""
    for name, value in properties.items():
        label = clean(f"{prefix}{name}").strip() or NAME
        match value:
            case None | "":
                continue
            case bool():
                record[label] = "是" if value else "否"
            case int() | float():
                record[label] = repr(value) if isinstance(value, float) else str(value)
            case str():
                record[label] = clean(value)
            case dict() if depth < _DEEP:
                _take(record, f"{label}.", value, depth + 1)
            case list() if all(isinstance(each, str | int | float) for each in value):
                record[label] = "、".join(str(each) for each in value)
            case _:
                record[label] = json.dumps(value, ensure_ascii=False)
