"""KML 2.2 (OGC 07-147r2): a placemark a record, its texts as extended data. KML is WGS-84 by its standard."""

from __future__ import annotations

import math

from lxml import etree

from stationdesk.core.messages import _
from stationdesk.sheets.open_formats.listing import (
    LATITUDE,
    LONGITUDE,
    NAME,
    Listing,
    OpenCell,
    OpenTable,
    degrees,
    tabled,
    without_echo,
)
from stationdesk.sheets.open_formats.refusals import damaged, empty, no_degrees
from stationdesk.sheets.open_formats.xml import child, document_root, local, parsed, text_in, written

KIND = "KML"
_SPACE = "http://www.opengis.net/kml/2.2"
_FOLDER = "文件夹"
_SAID = "备注"
_ADDRESS = "地址"
_PHONE = "电话"
_SHAPE = "形状"
_ELEVATION = "海拔"
_SHAPES = {
    "LineString": "线",
    "LinearRing": "环",
    "Polygon": "面",
    "MultiGeometry": "多种形状",
    "Track": "轨迹",
    "MultiTrack": "轨迹",
}
_UNREAD = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay", "NetworkLink")


def write(listing: Listing) -> bytes:
    """The list as a document of placemarks."""
    root = document_root(_SPACE, "kml", {}, {})
    document = etree.SubElement(root, f"{{{_SPACE}}}Document")
    _said(document, "name", listing.title)
    _said(document, "description", f"{listing.maker} {listing.made_on} 坐标：WGS-84".strip())
    for item in listing.items:
        mark = etree.SubElement(document, f"{{{_SPACE}}}Placemark", id=f"k{item.key}")
        _said(mark, "name", listing.name_of(item))
        data = etree.SubElement(mark, f"{{{_SPACE}}}ExtendedData")
        for column in listing.columns:
            if text := item.texts.get(column.key):
                cell = etree.SubElement(data, f"{{{_SPACE}}}Data", name=column.label)
                _said(cell, "value", text)
        if item.place is not None:
            point = etree.SubElement(mark, f"{{{_SPACE}}}Point")
            _said(point, "coordinates", f"{degrees(item.place.lon)},{degrees(item.place.lat)}")
    return written(root)


def _said(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_SPACE}}}{name}").text = text


def read(content: bytes) -> OpenTable:
    """The placemarks as rows: name, description, folder, extended data by label, and the place of a point.

    Raises:
        UserError: it is damaged, brings entities along, or has no placemark.
    """
    root = parsed(content, KIND)
    records: list[dict[str, OpenCell]] = []
    unread = 0
    for element in root.iter():
        name = local(element)
        if name == "Placemark":
            records.append(_record(element))
        elif name in _UNREAD:
            unread += 1
    if not records:
        raise empty(KIND)
    notes = []
    if shapes := sum(1 for record in records if _SHAPE in record):
        notes.append(_("{count} 个不是点的形状（线、面、轨迹），只读了文字，没有位置。").format(count=shapes))
    if unread:
        notes.append(_("{count} 个贴图或网络链接没有读。").format(count=unread))
    document = child(root, "Document")
    title = text_in(child(document if document is not None else root, "name"))
    return without_echo(tabled(title, records, tuple(notes), (NAME,)), NAME)


def _record(mark: etree._Element) -> dict[str, OpenCell]:
    record: dict[str, OpenCell] = {NAME: text_in(child(mark, "name"))}
    folder = "/".join(_folders(mark))
    if folder:
        record[_FOLDER] = folder
    for name, label in (("address", _ADDRESS), ("phoneNumber", _PHONE), ("description", _SAID)):
        if text := text_in(child(mark, name)):
            record[label] = text.removeprefix("tel:")
    extended = child(mark, "ExtendedData")
    for cell in extended.iter() if extended is not None else ():
        label = (cell.get("name") or "").strip()
        if local(cell) == "Data" and label:
            record[label] = text_in(child(cell, "value"))
        elif local(cell) == "SimpleData" and label:
            record[label] = text_in(cell)
    _take_place(record, mark)
    return record


def _folders(mark: etree._Element) -> list[str]:
    found = []
    parent = mark.getparent()
    while parent is not None:
        if local(parent) == "Folder" and (name := text_in(child(parent, "name"))):
            found.append(name)
        parent = parent.getparent()
    return found[::-1]


def _take_place(record: dict[str, OpenCell], mark: etree._Element) -> None:
    point = child(mark, "Point")
    if point is None:
        shape = next((_SHAPES[local(each)] for each in mark if local(each) in _SHAPES), None)
        if shape is not None:
            record[_SHAPE] = shape
        return
    numbers = _numbers(text_in(child(point, "coordinates")))
    if numbers is None:
        return
    lon, lat, *height = numbers
    record |= {LATITUDE: lat, LONGITUDE: lon}
    if height and height[0]:
        record[_ELEVATION] = height[0]


def _numbers(text: str) -> list[float] | None:
    """The first tuple of a coordinates element; None for an empty one."""
    first = text.replace(", ", ",").split()
    if not first:
        return None
    try:
        numbers = [float(part) for part in first[0].split(",") if part]
    except ValueError as error:
        raise damaged(KIND) from error
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)):
        raise damaged(KIND)
    if abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        raise no_degrees(first[0])
    return numbers[:3]
